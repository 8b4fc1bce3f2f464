"""Not visible is 404, visible but not allowed 403, and only POST changes anything."""

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from directory.models import Membership, Person
from directory.permissions import Verb, role_in
from meetings import urls
from meetings.enums import Audience
from meetings.fetching import meeting_and_role, stored
from meetings.models import AgendaItem, Meeting, Rendition
from tests.cast import Cast
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    DocumentVersionFactory,
    GroupFactory,
    MeetingFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.meetings.pages import browser, sent, shared, url

READ = {"detail", "version", "versions", "pdf", "version_pdf", "file"}
POST_ONLY = {
    "revive",
    "add_item",
    "rename_item",
    "move_item",
    "delete_item",
    "restore_item",
    "save_item",
    "attach",
    "detach",
    "check_attachment",
    "withdraw",
    "everyone_present",
    "set_mode",
    "add_guest",
    "remove_guest",
    "start",
    "end",
    "approve",
    "close_correction",
}
GET_ONLY = READ | {"archive", "archive_package", "workspace", "item_text", "pickable"}
PATTERNS = {pattern.name: pattern for pattern in urls.urlpatterns if pattern.name}
OF_MEETING = sorted(name for name, p in PATTERNS.items() if str(p.pattern).startswith("<int:pk>"))


def address(name: str, cast: Cast) -> str:
    """An address of the cast's meeting under that name, of its own item and attachment."""
    item = cast.item
    link = item.attachments.create(title="x", url="https://example.org", position=0)
    row = AttendanceFactory(meeting=cast.meeting)
    values = {
        "pk": cast.meeting.pk,
        "item": item.pk,
        "attachment": link.pk,
        "attendance": row.pk,
        "kind": "agenda",
        "number": 1,
        "sha256": "0" * 64,
        "filename": "a.pdf",
    }
    pattern = PATTERNS[name].pattern
    return reverse(
        f"meetings:{name}", kwargs={key: values[key] for key in pattern.regex.groupindex}
    )


@pytest.mark.parametrize("pattern", urls.urlpatterns, ids=lambda pattern: pattern.name)
def test_every_page_declares_who_may_open_it(pattern: URLPattern) -> None:
    expected = Verb.READ if pattern.name in READ else Verb.WRITE
    assert pattern.callback.verb == expected


def answers(person: Person, cast: Cast) -> dict[str, tuple[int, int]]:
    """What each page answers to the person's GET and POST."""
    client = browser(person)
    return {
        name: (client.get(there).status_code, client.post(there).status_code)
        for name in OF_MEETING
        for there in [address(name, cast)]
    }


def expected(read: int, write: int) -> dict[str, tuple[int, int]]:
    """Each page's answer where reading and writing are answered so."""
    return {
        name: (
            405 if name in POST_ONLY else (read if name in READ else write),
            405 if name in GET_ONLY else write,
        )
        for name in OF_MEETING
    }


def test_a_meeting_that_one_may_not_see_does_not_exist(cast: Cast) -> None:
    assert answers(cast.member, cast) == expected(404, 404)  # nothing has been sent yet
    sent(cast)
    assert answers(cast.stranger, cast) == expected(404, 404)
    assert Client().get(url("detail", cast.meeting)).status_code == 302


def test_a_member_reads_but_may_not_write(cast: Cast) -> None:
    sent(cast)
    before = AgendaItem.objects.values().get(pk=cast.item.pk)
    no_such_file = {"file": (302, 405)}  # to where files are now
    for person in (cast.member, cast.observer):
        assert answers(person, cast) == expected(200, 403) | no_such_file
    assert AgendaItem.objects.values().get(pk=cast.item.pk) == before


def test_only_post_changes(cast: Cast) -> None:
    client = browser(cast.secretary)
    assert {client.get(address(name, cast)).status_code for name in POST_ONLY} == {405}


def test_an_item_of_another_meeting_is_not_found(cast: Cast) -> None:
    other = AgendaItemFactory(meeting=MeetingFactory(group=cast.group))
    client = browser(cast.secretary)
    assert client.get(url("edit_item", cast.meeting, other.pk)).status_code == 404
    assert client.post(url("delete_item", cast.meeting, other.pk)).status_code == 404


def test_groups_pages_are_for_those_who_write_there(cast: Cast) -> None:
    there = reverse("meetings:create", args=[cast.group.slug])
    answers = {
        person: browser(person).get(there).status_code
        for person in (cast.secretary, cast.member, cast.stranger)
    }
    assert answers == {cast.secretary: 200, cast.member: 403, cast.stranger: 404}


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
