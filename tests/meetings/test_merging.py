"""Merging persons and organisations that meetings name: lists, texts, old pages, shared minutes."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from actions.models import Assignment, Owner
from core.richtext import mint
from directory.merging.preview import digest
from directory.models import ContactPerson, Membership, Organisation, Person
from directory.services import merging
from meetings import webcopy
from meetings.intake import Directory
from meetings.models import AgendaItem, Attendance, DocumentVersion, Meeting
from meetings.selectors import pickable
from meetings.services import earlier
from meetings.services.minutes import save_item
from tests.cast import NOW, Cast, do_share, write
from tests.factories import AttendanceFactory, MembershipFactory, OrganisationFactory, PersonFactory

LINE = mint()
HTML = f'<p data-line="{LINE}">Tilataan kirjeet</p>'


def marks(*owners: Any) -> dict[str, Any]:
    """A task with these owners, the first its recipient too, as a browser sends it."""
    parties = [
        {"type": "person" if isinstance(one, Person) else "organisation", "id": str(one.pk)}
        for one in owners
    ]
    task = {"kind": "task", "owners": parties, "recipient": parties[0] if parties else None}
    return {LINE: [{**task, "due": ""}]}


def merge(kept: Any, double: Any, cast: Cast) -> None:
    service: Any = merging.merge_people
    if isinstance(kept, Organisation):
        service = merging.merge_organisations
    service(kept=kept, double=double, seen=digest(kept, double), by=cast.secretary, now=NOW)


def owners_of(item: AgendaItem) -> list[tuple[str, str]]:
    item.refresh_from_db()
    return [(one["id"], one["name"]) for one in item.marks[LINE][0]["owners"]]


@pytest.fixture
def pair(cast: Cast) -> tuple[Person, Person]:
    """Two members who are one: the one that stays, the double."""
    names = ("Aino Virta", "Aino Wirta")
    kept, double = (MembershipFactory(group=cast.group, person__name=one).person for one in names)
    return kept, double


@pytest.mark.parametrize(
    ("kept", "double", "after"),
    [
        ("unspecified", "in_person", "in_person"),
        ("remote", "apologies", "remote"),
        ("absent", "apologies", "apologies"),
        ("in_person", "unspecified", "in_person"),
    ],
)
def test_who_stands_on_a_list_twice_stands_there_once(
    kept: str, double: str, after: str, cast: Cast, pair: tuple[Person, Person]
) -> None:
    for person, mode, name in zip(pair, (kept, double), ("Aino Virta", "A. Wirta"), strict=True):
        AttendanceFactory(meeting=cast.meeting, person=person, mode=mode, name=name)
    alone = AttendanceFactory(person=pair[1], name="A. Wirta")
    merge(*pair, cast)
    row = Attendance.objects.get(meeting=cast.meeting)
    assert (row.person, row.name, row.mode) == (pair[0], "Aino Virta", after)
    alone.refresh_from_db()
    assert (alone.person, alone.name) == (pair[0], "A. Wirta")


def test_nobody_picks_one_who_is_merged(cast: Cast, pair: tuple[Person, Person]) -> None:
    double = OrganisationFactory(name_fi="Omniia", kind="provider")
    merge(*pair, cast)
    merge(cast.omnia, double, cast)
    offered = pickable(cast.meeting)
    assert str(pair[1].pk) not in {one["id"] for one in offered["persons"]}
    assert str(pair[0].pk) in {one["id"] for one in offered["persons"]}
    ids = {one["id"] for one in offered["organisations"]}
    assert (str(cast.omnia.pk) in ids, str(double.pk) in ids) == (True, False)


def test_an_open_browser_that_still_names_the_double_names_the_other(
    cast: Cast, pair: tuple[Person, Person]
) -> None:
    kept, double = pair
    other = OrganisationFactory(name_fi="Omniia", kind="provider")
    merge(kept, double, cast)
    merge(cast.omnia, other, cast)
    write(cast, HTML, marks(double, kept, other))
    omnia = (str(cast.omnia.pk), "Omnia")
    assert owners_of(cast.item) == [(str(kept.pk), "Aino Virta"), omnia]
    owners = Owner.objects.order_by("position").values_list("person", "organisation")
    assert list(owners) == [(kept.pk, None), (None, cast.omnia.pk)]


def test_a_text_from_before_the_merging_is_shared_and_taken_back_with_the_one_that_stays(
    cast: Cast, pair: tuple[Person, Person]
) -> None:
    kept, double = pair
    write(cast, HTML, marks(double))
    number = AgendaItem.objects.get(pk=cast.item.pk).revision
    merge(kept, double, cast)
    assert list(Owner.objects.values_list("person", flat=True)) == [kept.pk]
    # Saved on, with the id that stands in the text.
    write(cast, HTML.replace("kirjeet", "kutsut"), marks(double))
    owner = Owner.objects.get()
    assert (owner.person, owner.removed_at) == (kept, None)
    # Taken off, and the old text taken back into use.
    write(cast, HTML, {})
    cast.item.refresh_from_db()
    earlier.restore(item=cast.item, number=number, by=cast.secretary, now=NOW)
    assert owners_of(cast.item)[0][0] in {str(kept.pk), str(double.pk)}
    do_share(cast)
    owner = Owner.objects.get()
    assert (owner.person, owner.removed_at) == (kept, None)
    assert Assignment.objects.get().person == kept


def test_a_save_on_an_older_text_merges(cast: Cast, pair: tuple[Person, Person]) -> None:
    kept, double = pair
    write(cast, HTML, marks(double))
    cast.item.refresh_from_db()
    base = cast.item.revision
    merge(kept, double, cast)
    write(cast, HTML + "<p>Lisäys</p>", marks(double))
    save_item(
        item=cast.item,
        base=base,
        token=uuid4(),
        html=HTML,
        marks=marks(double, cast.omnia),
        by=cast.secretary,
        now=NOW,
    )
    owners = Owner.objects.filter(removed_at=None).order_by("position")
    found = list(owners.values_list("person", "organisation"))
    assert found == [(kept.pk, None), (None, cast.omnia.pk)]


def test_shared_minutes_stay_as_they_are(cast: Cast, pair: tuple[Person, Person]) -> None:
    kept, double = pair
    administrator = PersonFactory(is_administrator=True)
    AttendanceFactory(meeting=cast.meeting, person=double, name="Aino Wirta", mode="in_person")
    write(cast, HTML, marks(double))
    version = do_share(cast)
    before = DocumentVersion.objects.filter(pk=version.pk).values("data", "shared_by").get()
    merge(kept, double, cast)
    merging.merge_people(
        kept=kept,
        double=cast.secretary,
        seen=digest(kept, cast.secretary),
        by=administrator,
        now=NOW,
    )
    after = DocumentVersion.objects.filter(pk=version.pk).values("data", "shared_by").get()
    assert after == before
    assert "Aino Wirta" in str(after["data"])


def test_a_web_copy_knows_a_students_representative_by_both_names(
    cast: Cast, pair: tuple[Person, Person]
) -> None:
    kept, double = pair
    Membership.objects.filter(person=kept).update(seat=Membership.Seat.STUDENTS)
    meeting = Meeting.objects.select_related("group").get(pk=cast.meeting.pk)
    merge(kept, double, cast)
    names = [set(one.names) for one in webcopy.representatives(meeting)]
    assert names == [{"Aino Virta", "Aino Wirta"}]


def test_old_minutes_that_name_the_double_find_the_one_that_stays(
    cast: Cast, pair: tuple[Person, Person]
) -> None:
    kept, double = pair
    merge(kept, double, cast)
    other = OrganisationFactory(name_fi="Omniia", name_sv="", kind="provider")
    merge(cast.omnia, other, cast)
    directory = Directory.of(cast.group)
    assert (directory.person("Aino Wirta"), directory.person("Aino Virta")) == (kept, kept)
    assert directory.organisation("Omniia") == cast.omnia


def test_whoever_looks_as_a_merged_organisations_contact_looks_no_more(
    cast: Cast, client: Client
) -> None:
    double = OrganisationFactory(name_fi="Omniia", kind="provider")
    ContactPerson.objects.create(organisation=double, person=cast.stranger, group=cast.group)
    client.force_login(cast.secretary)
    look = f"/directory/groups/{cast.group.slug}/look/"
    client.post(look, {"part": "contact", "organisation": double.pk})
    assert client.get("/").context["request"].looking is not None
    merge(cast.omnia, double, cast)
    assert client.get("/").context["request"].looking is None
