"""Who may merge what with what."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from directory.merging import Mergeable, registry
from directory.models import ContactPerson, Membership, Organisation, Person, lasting
from directory.permissions import (
    coordinated_by,
    is_coordinator,
    kept_groups,
    may_keep_contacts,
)


class Refused(Exception):
    """These two cannot be merged; `words` say why to a reader."""

    words: Any = ""


class Itself(Refused):
    """Both are the same."""

    words = _("One cannot be merged with itself.")


class Oneself(Refused):
    """The double is who is merging, who would log themselves out for good."""

    words = _("You are logged in as the one that would go. Choose that the other one goes.")


class OtherKind(Refused):
    """A municipality and a school, say, are not the same organisation."""

    words = _("They are of different kinds. If they are the same all the same, edit one first.")


class Related(Refused):
    """One is the other's provider or municipality."""

    words = _(
        "One belongs to the other, so they are not the same. If that is wrong, edit it first."
    )


class NotYours(Refused):
    """Whoever acts may not merge these."""


class NotYourPeople(NotYours):
    """A person has a part in a group that is another's, or is an administrator."""

    words = _(
        "One of them has a part in a group that is not yours, or is an administrator. Ask an "
        "administrator to do it."
    )


class NotYourOrganisations(NotYours):
    """An organisation takes part in a group whose members another keeps."""

    words = _(
        "One of them takes part in a group whose members you do not keep. Ask an administrator to "
        "do it."
    )


def check(kept: Mergeable, double: Mergeable, by: Person) -> None:
    """Raise a `Refused` unless `by` may merge `double` into `kept`."""
    if kept.pk == double.pk:
        raise Itself
    if isinstance(kept, Person) and isinstance(double, Person):
        if double.pk == by.pk:
            raise Oneself
        if mergeable_people(by).filter(pk__in=[kept.pk, double.pk]).count() != 2:
            raise NotYourPeople
    elif isinstance(kept, Organisation) and isinstance(double, Organisation):
        if mergeable_organisations(by).filter(pk__in=[kept.pk, double.pk]).count() != 2:
            raise NotYourOrganisations
        if kept.kind != double.kind:
            raise OtherKind
        if double.pk in _above(kept) or kept.pk in _above(double):
            raise Related


def mergeable_organisations(by: Person) -> QuerySet[Organisation]:
    """The current organisations that the person may merge.

    An administrator may merge all; a coordinator those that have no part in a group whose members
    another keeps. What is merged changes whose tasks a contact person sees and whom a member stands
    for: only who could say that by hand may say it by merging.
    """
    found = Organisation.objects.current()
    if by.is_administrator:
        return found
    if not is_coordinator(by):
        return found.none()
    mine = kept_groups(by).values("pk")
    for one in registry.moving(Organisation):
        if one.group:
            rows = one.model._base_manager.filter(**{one.field: OuterRef("pk")})
            elsewhere = rows.exclude(**{f"{one.group}__isnull": True}).exclude(
                **{f"{one.group}__in": mine}
            )
            found = found.exclude(Exists(elsewhere))
    if not may_keep_contacts(by, None):
        for_all = ContactPerson.objects.filter(organisation=OuterRef("pk"), group=None)
        found = found.exclude(Exists(for_all))
    return found


def mergeable_people(by: Person) -> QuerySet[Person]:
    """The current people whom the person may merge: those of `may_manage`, as a query."""
    found = Person.objects.current()
    if by.is_administrator:
        return found
    mine = coordinated_by(by)
    if not mine:
        return found.none()
    places = Membership.objects.filter(lasting(), person=OuterRef("pk"))
    speaks = ContactPerson.objects.filter(ContactPerson.now(), person=OuterRef("pk"))
    speaks = speaks.exclude(group__in=mine)
    if may_keep_contacts(by, None):
        speaks = speaks.exclude(group=None)
    return found.filter(is_administrator=False).exclude(
        Exists(places.exclude(group__in=mine)) | Exists(speaks)
    )


def _above(organisation: Organisation) -> set[int]:
    """The organisations that this one belongs to or is in, by their ids."""
    found = {organisation.municipality_id} - {None}
    parent = organisation.parent
    while parent and parent.pk not in found:
        found.add(parent.pk)
        parent = parent.parent
    return {pk for pk in found if pk}
