"""Which page is looked at in which setting: all pairs for every run, everything for `bin/sweep`.

The pages come from `tests/addresses.py`, which `tests/test_access.py` holds to the URL resolver.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tests.addresses import TABLE, Access
from tests.scene import STATES, Role

VOLUMES = (0, 3, 300)  # rows in each list


class Setting(NamedTuple):
    """How the reader's browser is set."""

    scheme: str
    width: int  # CSS pixels
    language: str


# Any three that follow each other, and any two that lie two apart, have both schemes and both
# widths; each language meets each scheme and each width.
SETTINGS = (
    Setting("light", 390, "fi"),
    Setting("light", 1280, "sv"),
    Setting("dark", 1280, "fi"),
    Setting("dark", 390, "sv"),
)
SCHEMES, WIDTHS = ("light", "dark"), (390, 1280)


@dataclass(frozen=True)
class Stop:
    """One look at one page; with `refused`, at what it says to an empty form too."""

    name: str
    role: Role
    state: str  # of the meeting, where it is a meeting's page
    volume: int
    setting: Setting
    refused: bool = False


@cache
def readers(name: str) -> dict[Role, list[str]]:
    """Who looks at the page, each with the states in which it opens; none where it never does.

    Whoever sees most of all comes first: on pages of one's own account that is the member, who has
    a passkey, an app and codes. Members see other pages than writers do, and anyone what is public.
    """
    page = TABLE[name]
    if "GET" not in page.methods.split():
        return {}
    states = STATES if page.of == "meeting" else ("",)
    opens = {
        role: [state for state in states if page.answer(role, "GET", state=state) == 200]
        for role in Role
    }
    opens = {role: states for role, states in opens.items() if states}
    most = next(iter(opens), None)
    wanted = {most, Role.ANONYMOUS}
    if page.access in (Access.READ, Access.LOGGED_IN, Access.PUBLISHED):
        wanted.add(Role.MEMBER)
    return {role: states for role, states in opens.items() if role in wanted}


def takes_forms(name: str, role: Role) -> bool:
    """Whether the page takes a form from the role."""
    page = TABLE[name]
    return "POST" in page.methods.split() and page.allows(role)


def pages() -> list[str]:
    """All that open for someone."""
    return [name for name in TABLE if readers(name)]


def pairwise() -> Iterator[Stop]:
    """Each page with each volume, scheme and width; each of these with each other, all three.

    Three stops a page are the fewest, since there are three volumes. Readers and states take turns.
    """
    for number, name in enumerate(pages()):
        by_role = readers(name)
        for turn, volume in enumerate(VOLUMES):
            role = list(by_role)[(number + turn) % len(by_role)]
            states = by_role[role]
            yield Stop(
                name,
                role,
                states[(number + turn) % len(states)],
                volume,
                SETTINGS[(number + turn) % len(SETTINGS)],
                refused=takes_forms(name, role) and turn != 1,
            )


def everything(volume: int, setting: Setting) -> Iterator[Stop]:
    """Each page so full in this setting, for each of its readers; the states take turns."""
    turn = VOLUMES.index(volume) * len(SETTINGS) + SETTINGS.index(setting)
    for name in pages():
        for role, states in readers(name).items():
            state = states[turn % len(states)]
            yield Stop(name, role, state, volume, setting, takes_forms(name, role))
