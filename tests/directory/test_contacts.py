"""Contact persons: who gets an organisation's tasks; added, changed, ended; and who may."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import ContactPerson, Membership, Organisation, Person
from directory.permissions import speaks_for
from directory.services import contacts
from tests.cast import Cast
from tests.factories import GroupFactory, MembershipFactory, PersonFactory
from tests.meetings.pages import browser, text

ADD = "/directory/contacts/add/"


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


def edit(contact: ContactPerson) -> str:
    return reverse("directory:edit_contact", args=[contact.pk])


def page(one: Organisation | Person) -> str:
    return reverse(f"directory:{one._meta.model_name}", args=[one.pk])


def contact(cast: Cast, **more: object) -> ContactPerson:
    fields: dict[str, object] = {"person": cast.stranger, "group": cast.group, **more}
    return ContactPerson.objects.create(organisation=cast.omnia, **fields)


def form(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "organisation": cast.omnia.pk,
        "person": cast.stranger.pk,
        "group": cast.group.pk,
        **more,
    }


def test_one_is_added_from_the_organisations_page(client: Client, cast: Cast) -> None:
    address = client.get(page(cast.omnia)).context["may_add_url"]
    assert client.get(address).context["form"].initial["organisation"] == cast.omnia.pk
    answer = client.post(address, form(cast, purpose="kuljetukset", valid_to="2099-12-31"))
    assert answer["Location"] == page(cast.omnia)
    made = ContactPerson.objects.get()
    assert (made.organisation, made.person, made.group) == (cast.omnia, cast.stranger, cast.group)
    assert (made.purpose, made.valid_to) == ("kuljetukset", date(2099, 12, 31))
    assert speaks_for(cast.stranger).get() == made
    shown = text(client.get(page(cast.omnia)))
    for words in (cast.stranger.name, "kuljetukset", "until 31 December 2099", edit(made)):
        assert words in shown


def test_one_is_added_from_the_persons_page_for_all_groups(client: Client, cast: Cast) -> None:
    address = client.get(page(cast.stranger)).context["may_add_url"]
    answer = client.post(address, form(cast, group=""))
    assert answer["Location"] == page(cast.stranger)
    assert ContactPerson.objects.get().group is None
    assert "for all groups" in text(client.get(page(cast.stranger)))


def test_one_is_changed_and_ended(client: Client, cast: Cast) -> None:
    row = contact(cast)
    answer = client.post(edit(row), {"group": cast.group.pk, "purpose": "ruokailu"})
    assert answer["Location"] == page(cast.omnia)
    yesterday = timezone.localdate() - timedelta(days=1)
    there = f"{edit(row)}?person={cast.stranger.pk}"
    answer = client.post(there, {"group": cast.group.pk, "valid_to": yesterday})
    assert answer["Location"] == page(cast.stranger)
    assert not speaks_for(cast.stranger).exists()
    assert edit(row) not in text(client.get(page(cast.omnia)))
    assert "ended" in text(client.get(page(cast.stranger)))


def test_who_was_it_before_is_it_again(client: Client, cast: Cast) -> None:
    row = contact(cast, valid_to=timezone.localdate() - timedelta(days=9))
    assert client.post(ADD, form(cast)).status_code == 302
    assert speaks_for(cast.stranger).get() == row


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "This contact person is there already, for the same group and purpose."),
        ({"person": ""}, "This field is required."),
        ({"valid_to": "2020-01-01"}, "This day has passed. Choose today or a later day."),
        ({"valid_to": "huomenna"}, "Enter a valid date."),
        ({"valid_to": "0024-01-01"}, "The year can&#x27;t be right."),
        ({"purpose": "a\x00b"}, "Null characters are not allowed."),
        ({"organisation": "99999999999999999999"}, "Select a valid choice."),
    ],
)
def test_bad_input_is_answered_with_words(
    client: Client, cast: Cast, data: dict[str, object], said: str
) -> None:
    contact(cast)
    answer = client.post(f"{ADD}?person=99999999999999999999", form(cast, **data))
    assert answer.status_code == 400
    assert said in text(answer)
    assert ContactPerson.objects.count() == 1


def test_what_another_saved_meanwhile_is_shown_first(client: Client, cast: Cast) -> None:
    row = contact(cast)
    seen = client.get(edit(row)).context["form"].initial["seen"]
    ContactPerson.objects.update(purpose="toisen sana")
    data = {"group": cast.group.pk, "purpose": "oma sana", "seen": seen}
    answer = client.post(edit(row), data)
    assert answer.status_code == 400
    assert "toisen sana" in text(answer)
    assert "oma sana" in text(answer)
    data["seen"] = answer.context["form"]["seen"].value()
    assert client.post(edit(row), data).status_code == 302
    row.refresh_from_db()
    assert row.purpose == "oma sana"


def test_a_change_into_another_that_is_there(client: Client, cast: Cast) -> None:
    contact(cast, purpose="ruokailu")
    row = contact(cast)
    answer = client.post(edit(row), {"group": cast.group.pk, "purpose": "ruokailu"})
    assert answer.status_code == 400
    assert "This contact person is there already" in text(answer)


def test_what_was_merged_a_moment_ago(cast: Cast) -> None:
    double = PersonFactory(merged_into=cast.member)
    with pytest.raises(contacts.Merged):
        contacts.add(
            organisation=cast.omnia,
            person=double,
            group=cast.group,
            purpose="",
            valid_to=None,
            today=timezone.localdate(),
            by=cast.secretary,
        )


# -- Who may ---------------------------------------------------------------------------------------


def test_another_groups_are_neither_seen_nor_made(client: Client, cast: Cast) -> None:
    foreign = GroupFactory(name_fi="Vieras ryhmä")
    row = contact(cast, group=foreign)
    assert client.get(edit(row)).status_code == 404
    assert client.post(edit(row), {"group": cast.group.pk}).status_code == 404
    for one in (cast.omnia, cast.stranger):
        assert list(client.get(page(one)).context["contacts"]) == []
    for group in (foreign.pk, ""):  # for all groups only who keeps all
        answer = client.post(ADD, form(cast, group=group))
        assert answer.status_code == 400
        assert answer.context["form"].errors["group"]
    assert "All groups" not in text(client.get(ADD))
    administrator = browser(PersonFactory(is_administrator=True))
    assert administrator.post(ADD, form(cast, group="")).status_code == 302


def test_one_for_all_groups_is_seen_and_not_changed(client: Client, cast: Cast) -> None:
    row = contact(cast, group=None)
    assert edit(row) in text(client.get(page(cast.omnia)))
    GroupFactory()
    shown = client.get(page(cast.omnia))
    assert cast.stranger.name in text(shown)
    assert edit(row) not in text(shown)
    assert client.post(edit(row), {"group": cast.group.pk}).status_code == 403
    with pytest.raises(contacts.NotKept):
        contacts.end(contact=row, on=timezone.localdate(), by=cast.secretary)


def test_the_groups_where_one_only_takes_part_are_seen(client: Client, cast: Cast) -> None:
    other = MembershipFactory(person=cast.secretary, role=Membership.Role.MEMBER).group
    row = contact(cast, group=other)
    assert cast.stranger.name in text(client.get(page(cast.omnia)))
    assert client.get(edit(row)).status_code == 403
