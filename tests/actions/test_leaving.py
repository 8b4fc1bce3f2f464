"""The tasks of one who leaves go to another, or back to the organisation, with their answers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.integrity import drift
from actions.models import ActionItem, Assignment
from actions.services import Party, put_action
from directory.models import Affiliation, Membership, Person
from tests.cast import NOW, Cast
from tests.core.test_history import said
from tests.factories import (
    AssignmentFactory,
    GroupFactory,
    MembershipFactory,
    OriginFactory,
    OwnerFactory,
    PersonFactory,
)
from tests.meetings.pages import browser, text


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


@pytest.fixture
def colleague(cast: Cast) -> Person:
    return MembershipFactory(group=cast.group, person__name="Kollega Kaisa").person


def task(cast: Cast, text: str = "Tilataan kirjeet", **more: object) -> Assignment:
    """An open part of a live task that is the member's own."""
    fields = {
        "owner__action__origin__group": cast.group,
        "owner__action__text": text,
        "owner__organisation": None,
        "owner__person": cast.member,
        "organisation": None,
        "person": cast.member,
        **more,
    }
    return AssignmentFactory(**fields)


def address(cast: Cast) -> str:
    return reverse("directory:leave", args=[cast.member.pk])


def form(cast: Cast, to: str, **more: object) -> dict[str, object]:
    row = Membership.objects.get(person=cast.member)
    return {
        "on": timezone.localdate(),
        f"ends-membership-{row.pk}": "on",
        f"work-tasks-{cast.group.pk}": to,
        **more,
    }


def hand_over(client: Client, cast: Cast, data: dict[str, object]) -> list[str]:
    """What of the tasks was shown, and then happened."""
    shown = client.post(address(cast), data)
    assert shown.status_code == 200, text(shown)
    outcome = shown.context["outcome"]
    answer = client.post(address(cast), {**data, "step": "confirm", "seen": outcome.digest})
    assert answer.status_code == 302
    passes: list[str] = outcome.passes
    return passes


def test_they_go_to_another_with_their_answers(
    client: Client, cast: Cast, colleague: Person
) -> None:
    begun = task(cast, state=Assignment.State.IN_PROGRESS, answered_at=NOW, answered_by=cast.member)
    asked = task(cast, "Kutsutaan", state=Assignment.State.REQUESTED)
    done = task(cast, "Valmis", state=Assignment.State.DONE)
    page = text(client.get(address(cast)))
    assert f"{cast.group.name}: 2 open tasks" in page
    assert "Valmis" not in page
    assert hand_over(client, cast, form(cast, f"person-{colleague.pk}")) == [
        "“Tilataan kirjeet” goes to Kollega Kaisa",
        "“Kutsutaan” goes to Kollega Kaisa",
    ]
    for row in (begun, asked, done):
        row.refresh_from_db()
    assert (begun.person, asked.person, done.person) == (colleague, colleague, cast.member)
    assert (begun.state, begun.answered_by) == (Assignment.State.IN_PROGRESS, cast.member)
    assert asked.state == Assignment.State.REQUESTED
    assert set(Assignment.objects.own_to(colleague)) == {begun, asked}
    assert list(drift()) == []
    name = f"{cast.secretary.name} gave a part of a task to another"
    told = f"{name}: {cast.member.name} → Kollega Kaisa. | Kollega Kaisa"
    assert told in said("action", begun.owner.action_id)


def test_they_go_back_to_the_organisation(client: Client, cast: Cast) -> None:
    row = task(cast)
    field = client.get(address(cast)).context["form"].fields[f"work-tasks-{cast.group.pk}"]
    assert field.initial == f"organisation-{cast.espoo.pk}"  # of the place in the group
    hand_over(client, cast, form(cast, field.initial))
    row.refresh_from_db()
    assert (row.person, row.organisation) == (None, cast.espoo)
    deputy = MembershipFactory(group=cast.group, organisation=cast.espoo).person
    assert row in Assignment.objects.own_to(deputy)
    assert list(drift()) == []
    name = cast.secretary.name
    gave = f"{name} took a part of a task from {cast.member.name}. {name} gave a part of a task to"
    assert f"{gave} Espoo. | Espoo" in said("action", row.owner.action_id)


def test_they_go_to_who_takes_over_the_place(client: Client, cast: Cast) -> None:
    row, successor = task(cast), PersonFactory()
    place = Membership.objects.get(person=cast.member)
    nobody = client.post(address(cast), form(cast, "taker"))
    assert nobody.status_code == 400
    assert "Nobody takes over the place in the group." in text(nobody)
    data = form(cast, "taker", **{f"taker-membership-{place.pk}": successor.pk})
    hand_over(client, cast, data)
    row.refresh_from_db()
    assert row.person == successor


def test_one_who_has_a_part_already_gets_no_second(
    client: Client, cast: Cast, colleague: Person
) -> None:
    row = task(cast)
    action = row.owner.action
    theirs = AssignmentFactory(
        owner=OwnerFactory(action=action, organisation=None, person=colleague, position=1),
        organisation=None,
        person=colleague,
    )
    assert hand_over(client, cast, form(cast, f"person-{colleague.pk}")) == [
        "“Tilataan kirjeet”: Kollega Kaisa has a part of it already"
    ]
    row.owner.refresh_from_db()
    assert row.owner.removed_at is not None
    assert list(Assignment.objects.own_to(colleague)) == [theirs]


def test_a_correction_of_the_minutes_does_not_take_them_back(
    client: Client, cast: Cast, colleague: Person
) -> None:
    row = task(cast)
    hand_over(client, cast, form(cast, f"person-{colleague.pk}"))
    origin = row.owner.action.origin
    put_action(
        source=(origin.kind, origin.key),
        group=cast.group,
        label="Kokous",
        occasion_on=None,
        line_id="",
        audience="all",
        kind=ActionItem.Kind.TASK,
        text="Tilataan kirjeet heti",
        owners=[Party("person", str(cast.member.pk))],
        recipient=None,
        due="",
        sharing=True,
        by=cast.secretary,
        now=NOW,
    )
    assert [one.person for one in Assignment.objects.all()] == [colleague]


def test_they_stay_where_that_is_chosen(client: Client, cast: Cast) -> None:
    row = task(cast)
    shown = client.post(address(cast), form(cast, "")).context["outcome"]
    words = f"{cast.group.name}: 1 open task, with {cast.member.name}"
    assert shown.stays == [words]
    hand_over(client, cast, form(cast, ""))
    row.refresh_from_db()
    assert row.person == cast.member


def test_a_task_answered_meanwhile_is_shown_first(
    client: Client, cast: Cast, colleague: Person
) -> None:
    row, _other = task(cast), task(cast, "Toinen")
    data = form(cast, f"person-{colleague.pk}")
    seen = client.post(address(cast), data).context["outcome"].digest
    Assignment.objects.filter(pk=row.pk).update(state=Assignment.State.DONE)
    answer = client.post(address(cast), {**data, "step": "confirm", "seen": seen})
    assert answer.status_code == 409
    assert not Assignment.objects.filter(person=colleague).exists()


def test_who_would_not_see_it_cannot_take_it(client: Client, cast: Cast, colleague: Person) -> None:
    task(cast, owner__action__origin__audience="secret")
    Affiliation.objects.create(person=cast.member, organisation=cast.omnia)
    for to in (f"person-{colleague.pk}", f"organisation-{cast.espoo.pk}"):
        answer = client.post(address(cast), form(cast, to))
        assert answer.status_code == 400
        assert "Some of these tasks come from a secret item." in text(answer)
    for to in (f"person-{cast.observer.pk}", f"person-{cast.stranger.pk}", "organisation-x"):
        answer = client.post(address(cast), form(cast, to))
        assert answer.status_code == 400
        assert "Select a valid choice." in text(answer)
    hand_over(client, cast, form(cast, f"person-{cast.secretary.pk}"))
    assert Assignment.objects.get().person == cast.secretary


def test_other_groups_tasks_are_neither_told_nor_moved(
    client: Client, cast: Cast, colleague: Person
) -> None:
    own = task(cast)
    foreign = task(cast, "Vieras", owner__action__origin__group=GroupFactory())
    draft = task(cast, "Luonnos", owner__action__origin=OriginFactory(group=cast.group))
    type(draft.owner.action.origin).objects.filter(pk=draft.owner.action.origin_id).update(
        live_from=None
    )
    other = MembershipFactory(person=cast.secretary, role=Membership.Role.MEMBER).group
    only_seen = task(cast, "Nähty", owner__action__origin__group=other)
    page = text(client.get(address(cast)))
    for words in ("Vieras", "Luonnos", "Nähty"):
        assert words not in page
    hand_over(client, cast, form(cast, f"person-{colleague.pk}"))
    assert list(Assignment.objects.filter(person=colleague)) == [own]
    assert set(Assignment.objects.filter(person=cast.member)) == {foreign, draft, only_seen}


def test_a_drift_of_an_organisations_part_is_found(cast: Cast) -> None:

    row = task(cast, owner__person=None, owner__organisation=cast.omnia)
    assert list(drift()) == [f"assignment {row.pk}: is not its owner's"]
