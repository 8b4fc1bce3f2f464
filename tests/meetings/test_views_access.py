"""One rule for one meeting and for lists; `tests/addresses.py` says who may open which page."""

from directory.models import Membership
from directory.permissions import role_in
from meetings.enums import Audience
from meetings.fetching import meeting_and_role, stored
from meetings.models import AgendaItem, Meeting, Rendition
from tests.cast import Cast
from tests.factories import (
    AgendaItemFactory,
    DocumentVersionFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.meetings.pages import browser, sent, shared, url


def test_an_item_of_another_meeting_is_not_found(cast: Cast) -> None:
    other = AgendaItemFactory(meeting=MeetingFactory(group=cast.group))
    client = browser(cast.secretary)
    assert client.get(url("edit_item", cast.meeting, other.pk)).status_code == 404
    assert client.post(url("delete_item", cast.meeting, other.pk)).status_code == 404


def test_the_rule_for_one_meeting_is_the_rule_for_lists(cast: Cast) -> None:
    """`visible_to` and the pages' own statement agree on every person and meeting."""
    elsewhere = GroupFactory()
    meetings = [
        cast.meeting,
        MeetingFactory(group=cast.group),
        MeetingFactory(group=elsewhere),
        MeetingFactory(group=elsewhere),
    ]
    DocumentVersionFactory(meeting=meetings[1], kind="agenda")
    DocumentVersionFactory(meeting=meetings[2], kind="minutes")
    left = MembershipFactory(group=cast.group, valid_to="2020-01-01").person
    coming = MembershipFactory(group=cast.group, valid_from="2099-01-01", role="chair").person
    both = MembershipFactory(group=cast.group).person
    MembershipFactory(group=cast.group, person=both, role=Membership.Role.VICE_CHAIR)
    people = [
        cast.secretary,
        cast.member,
        cast.observer,
        cast.stranger,
        left,
        coming,
        both,
        PersonFactory(is_administrator=True),
    ]
    for person in people:
        client = browser(person)
        seen = set(Meeting.objects.visible_to(person))
        opened = {m for m in meetings if client.get(url("versions", m)).status_code == 200}
        assert opened == seen & set(meetings)
        for meeting in meetings:
            assert meeting_and_role(meeting.pk, person) == (
                meeting,
                role_in(person, meeting.group),
            )
    assert meeting_and_role(0, cast.member) == (None, None)


def test_the_fetched_meeting_is_the_whole_meeting(cast: Cast) -> None:
    meeting, _role = meeting_and_role(cast.meeting.pk, cast.member)
    plain = Meeting.objects.select_related("group").get(pk=cast.meeting.pk)
    assert meeting is not None
    for fetched, expected in ((meeting, plain), (meeting.group, plain.group)):
        names = [field.attname for field in expected._meta.concrete_fields]
        assert [getattr(fetched, n) for n in names] == [getattr(expected, n) for n in names]


WIDER = [Audience.ALL, Audience.MEMBERS, Audience.COORDINATORS]


def newest_and_widest(
    meeting: Meeting, *, audience: str, kind: str, number: int
) -> Rendition | None:
    """The rule, said once more and plainly."""
    rows = Rendition.objects.filter(version__meeting=meeting, format="html")
    mine = WIDER[: WIDER.index(Audience(audience)) + 1]
    fit = [
        row
        for row in rows.select_related("version")
        if row.audience in mine
        and kind in ("", row.version.kind)
        and number in (0, row.version.number)
    ]
    return max(
        fit,
        key=lambda row: (
            row.version.kind == "minutes",
            row.version.number,
            mine.index(Audience(row.audience)),
            row.pk,
        ),
        default=None,
    )


def test_the_stored_output_is_the_newest_and_widest(cast: Cast) -> None:
    cast.item.visibility = AgendaItem.Visibility.MEMBERS
    cast.item.save()
    AgendaItemFactory(
        meeting=cast.meeting, visibility=AgendaItem.Visibility.SECRET, secrecy="621/1999 24 §"
    )
    sent(cast)
    shared(cast)
    for audience in Audience:
        for kind in ("", "agenda", "minutes"):
            for number in (0, 1, 2):
                found = stored(
                    cast.meeting, audience=audience, format="html", kind=kind, number=number
                )
                expected = newest_and_widest(
                    cast.meeting, audience=audience, kind=kind, number=number
                )
                assert (found and found.sha256) == (expected and expected.sha256)
                assert (found is None) == (number == 2)
