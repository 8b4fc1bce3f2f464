"""What tests are made of: a valid object of each kind, with only what the test cares about given.

Nothing here calls a service, so a test of a service starts from plain rows.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import factory
from django.db.models import Model
from django.utils import timezone

from actions.models import ActionItem, Assignment, Origin, Owner
from directory.models import Group, Membership, Organisation, Person
from meetings.models import AgendaItem, Attendance, DocumentVersion, Meeting

# Everyone made here logs in with it.
PASSWORD = "a long enough passphrase"


class Factory[M: Model](factory.django.DjangoModelFactory[M]):
    """Calling a factory makes its model, which factory-boy's types don't say."""

    if TYPE_CHECKING:

        def __new__(cls, **fields: Any) -> M: ...  # type: ignore[misc]


class PersonFactory(Factory[Person]):
    """Someone with an account. `email=None` makes a person who only has a name."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Testi Henkilö {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(Factory[Organisation]):
    """A municipality, and so an education provider too."""

    class Meta:
        model = Organisation

    kind = Organisation.Kind.MUNICIPALITY
    is_provider = True
    name_fi = factory.Sequence(lambda n: f"Kunta {n}")
    name_sv = factory.Sequence(lambda n: f"Kommun {n}")


class GroupFactory(Factory[Group]):
    """A cooperation group, hosted by a county."""

    class Meta:
        model = Group

    kind = Group.Kind.COOPERATION
    slug = factory.Sequence(lambda n: f"group-{n}")
    name_fi = factory.Sequence(lambda n: f"Yhteistyöryhmä {n}")
    name_sv = factory.Sequence(lambda n: f"Samarbetsgrupp {n}")
    host = factory.SubFactory(
        OrganisationFactory,
        kind=Organisation.Kind.COUNTY,
        is_provider=False,
        name_fi="Esimerkin hyvinvointialue",
        name_sv="Exemplets välfärdsområde",
    )


class MembershipFactory(Factory[Membership]):
    """A municipality's member. `role=Membership.Role.SECRETARY` makes a coordinator."""

    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.MEMBER
    seat = Membership.Seat.MUNICIPALITY


class MeetingFactory(Factory[Meeting]):
    """A planned meeting of two and a half hours; each new one a week after the last."""

    class Meta:
        model = Meeting

    group = factory.SubFactory(GroupFactory)
    title = factory.Sequence(lambda n: f"Kokous {n}")
    document_type = Group.DocumentType.MEMO
    starts_at = factory.Sequence(
        lambda n: datetime(2024, 10, 22, 10, 0, tzinfo=UTC) + timedelta(weeks=n)
    )
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + timedelta(hours=2.5))
    place = "Kaupungintalo"
    created_at = factory.LazyFunction(timezone.now)


class AgendaItemFactory(Factory[AgendaItem]):
    """An item of the agenda, after those made before it."""

    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Asia {n}")


class AttendanceFactory(Factory[Attendance]):
    """Someone on a meeting's list, of whom nothing is recorded yet."""

    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence(lambda n: f"Testi Osallistuja {n}")
    organisation_name = "Kunta"
    position = factory.Sequence(lambda n: n)


class DocumentVersionFactory(Factory[DocumentVersion]):
    """That minutes (or with `kind` the agenda) have been shared; its data is empty."""

    class Meta:
        model = DocumentVersion

    meeting = factory.SubFactory(MeetingFactory)
    kind = DocumentVersion.Kind.MINUTES
    number = 1
    data = factory.LazyFunction(dict)
    shared_at = factory.LazyFunction(timezone.now)
    shared_by = factory.SubFactory(PersonFactory)


class OriginFactory(Factory[Origin]):
    """Where an action comes from, known to the group since yesterday."""

    class Meta:
        model = Origin

    kind = "test"
    key = factory.Sequence(str)
    group = factory.SubFactory(GroupFactory)
    label = "Kokous"
    live_from = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class ActionItemFactory(Factory[ActionItem]):
    """A task without a due date."""

    class Meta:
        model = ActionItem

    origin = factory.SubFactory(OriginFactory)
    kind = ActionItem.Kind.TASK
    text = factory.Sequence(lambda n: f"Tehtävä {n}")
    created_at = factory.LazyFunction(timezone.now)


class OwnerFactory(Factory[Owner]):
    """An organisation as a task's owner."""

    class Meta:
        model = Owner

    action = factory.SubFactory(ActionItemFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    position = 0


class AssignmentFactory(Factory[Assignment]):
    """An owner's part of a task, not answered."""

    class Meta:
        model = Assignment

    owner = factory.SubFactory(OwnerFactory, organisation=factory.SelfAttribute("..organisation"))
    organisation = factory.SubFactory(OrganisationFactory)
