"""From the id of a merged row to the one that stays.

Ids also stand in texts' marks, in their old revisions and in a browser that was opened before the
merging. Nothing of that is rewritten: who reads an id there asks here.
"""

from collections.abc import Iterable

from directory.models import Organisation, Person

MODELS = {"person": Person, "organisation": Organisation}


def heirs(kind: str, ids: Iterable[int | str]) -> dict[str, str]:
    """Those of the ids that are merged, each with the id of the one that stays; one query.

    `kind` is that of a party of marks; groups and sets are never merged.
    """
    wanted = [int(one) for one in ids]
    model = MODELS.get(kind)
    if model is None or not wanted:
        return {}
    rows = model._default_manager.filter(pk__in=wanted, merged_into__isnull=False)
    return {str(old): str(new) for old, new in rows.values_list("pk", "merged_into")}
