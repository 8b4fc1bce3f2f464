"""Who is logged in: the person, and with the same query what every page's navigation asks."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from directory.models import Membership, Person


class PersonBackend(AuthenticationBackend):
    """allauth's ways in; the person comes with `coordinates`, whether they write in some group."""

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, if they may still log in."""
        coordinates = Membership.objects.filter(
            Membership.now(), person=OuterRef("pk"), role__in=Membership.COORDINATORS
        )
        found = Person.objects.annotate(coordinates=Exists(coordinates)).filter(pk=user_id)
        person: Person | None = found.first()
        return person if person and self.user_can_authenticate(person) else None
