"""Merging two rows that are the same person or organisation (yhdistäminen).

The double's row stays, with `merged_into` set, since frozen documents point at it. What points at
it and is alive moves to the one that stays: `registry` knows what that is, `rules` who may merge
what, `outcome` what becomes of the two rows, `preview` says it in words before it is done,
`doubles` finds likely ones, `heirs` leads from an old id to the one that stays, and
`directory.services.merging` does it.
"""

from directory.models import Organisation, Person

type Mergeable = Person | Organisation
