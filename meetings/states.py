"""How a meeting goes from planned to approved: one table of what may follow what."""

from meetings.models import Meeting

S = Meeting.State

# Sharing may skip "in session": many take the minutes after the meeting, or read old ones in.
TRANSITIONS: dict[str, frozenset[str]] = {
    S.PLANNED: frozenset({S.AGENDA_SENT, S.IN_SESSION, S.DRAFT, S.SHARED, S.CANCELLED}),
    S.AGENDA_SENT: frozenset({S.AGENDA_SENT, S.IN_SESSION, S.DRAFT, S.SHARED, S.CANCELLED}),
    S.IN_SESSION: frozenset({S.DRAFT, S.SHARED}),
    S.DRAFT: frozenset({S.COMMENTS, S.SHARED, S.IN_SESSION}),
    S.COMMENTS: frozenset({S.DRAFT, S.SHARED}),
    S.SHARED: frozenset({S.SHARED, S.APPROVED}),
    S.APPROVED: frozenset({S.SHARED}),
    S.CANCELLED: frozenset({S.PLANNED}),
}


class WrongState(Exception):
    """The meeting is not in a state from which this may be done."""

    def __init__(self, meeting: Meeting, wanted: str = "") -> None:
        super().__init__(f"{meeting.state} → {wanted or 'edit'}")
        self.state = meeting.state
        self.wanted = wanted


def may_become(meeting: Meeting, state: str) -> bool:
    """Does the table allow it?"""
    return state in TRANSITIONS[meeting.state]


def advance(meeting: Meeting, state: str) -> None:
    """Set the next state (the caller saves), or raise `WrongState`."""
    if not may_become(meeting, state):
        raise WrongState(meeting, state)
    meeting.state = state


def become(meeting: Meeting, state: str) -> Meeting:
    """Bring the meeting, as it is now, to the state and save it; raises `WrongState`."""
    meeting = locked(meeting)
    advance(meeting, state)
    meeting.save(update_fields=["state"])
    return meeting


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now, with its group and host, locked until the transaction ends."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("group__host")
    return rows.get(pk=meeting.pk)


def lock_open(meeting: Meeting) -> Meeting:
    """The meeting as it is now, locked until the transaction ends; raises `WrongState`.

    Whoever changes its agenda or attendance waits here for a sharing that is under way, and the
    other way round.
    """
    meeting = locked(meeting)
    require_open(meeting)
    return meeting


def require_open(meeting: Meeting) -> None:
    """Raise `WrongState` where agenda and minutes may not be edited now."""
    if not meeting.is_open:
        raise WrongState(meeting)
