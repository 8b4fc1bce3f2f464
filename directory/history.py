"""How the changes of the directory read, and on whose pages they stand."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core import history
from core.history import Change, Page, Place
from directory.models import (
    Affiliation,
    ContactPerson,
    Group,
    LoginInvitation,
    Membership,
    Organisation,
    Person,
    PupilCount,
    Topic,
)
from directory.permissions import Verb, coordinated_by, has_permission

NEVER_CHANGES = "never changes; the thing's name says it"

history.named(Organisation, lambda one: one.short_name)
history.named(Group, lambda one: one.name)
history.named(Membership, lambda one: one.person.name, related=("person",))

history.house("setup_region", _("setting up the region"))
history.house("close_logins", _("closing the logins of those who have left"))


# -- Whose pages ----------------------------------------------------------------------------------


def _group(person: Person, pk: int) -> Place:
    """A group's history is for those who write in it."""
    group = get_object_or_404(Group.objects.visible_to(person), pk=pk)
    if not has_permission(person, Verb.WRITE, group):
        raise PermissionDenied
    return Place(group.name, resolve_url(group), [group.pk])


def _coordinated(person: Person) -> list[int] | None:
    """The groups of whose matters one reads on the pages of people and organisations."""
    if person.is_administrator:
        return None
    groups = coordinated_by(person)
    if not groups:
        raise Http404
    return groups


def _organisation(person: Person, pk: int) -> Place:
    groups = _coordinated(person)
    organisation = get_object_or_404(Organisation, pk=pk)
    return Place(organisation.name, reverse("directory:organisations"), groups)


def _person(person: Person, pk: int) -> Place:
    groups = _coordinated(person)
    found = get_object_or_404(Person, pk=pk)
    return Place(found.name, reverse("directory:index"), groups)


history.page("group", Group, _group)
history.page("organisation", Organisation, _organisation)
history.page("person", Person, _person)


def in_groups(page: Page, column: str) -> Q:
    """The condition that a row is of a group whose matters the reader may see on this page."""
    groups = page.place.groups
    return Q() if groups is None else Q(**{f"{column}__in": groups})


def _also_without_group(page: Page, **of: Any) -> Q:
    """What is of no group is the directory's own; what is of a group is for that group."""
    return Q(**of) & (Q(group__isnull=True) | in_groups(page, "group"))


history.on("group", Group, lambda page: Q(pgh_obj=page.pk))
history.on("group", Membership, lambda page: Q(group=page.pk))
history.on("group", ContactPerson, lambda page: Q(group=page.pk))
history.on("group", Topic, lambda page: Q(group=page.pk))
history.on("group", LoginInvitation, lambda page: Q(group=page.pk))
# What was merged into it is told of here too: the double has no page of its own any more.
history.on("organisation", Organisation, lambda page: Q(pgh_obj=page.pk) | Q(merged_into=page.pk))
history.on("organisation", PupilCount, lambda page: Q(school=page.pk))
history.on("organisation", Affiliation, lambda page: Q(organisation=page.pk))
history.on(
    "organisation", ContactPerson, lambda page: _also_without_group(page, organisation=page.pk)
)
history.on(
    "organisation", Membership, lambda page: Q(organisation=page.pk) & in_groups(page, "group")
)
history.on("person", Person, lambda page: Q(pgh_obj=page.pk) | Q(merged_into=page.pk))
history.on("person", Affiliation, lambda page: Q(person=page.pk))
history.on("person", ContactPerson, lambda page: _also_without_group(page, person=page.pk))
history.on("person", LoginInvitation, lambda page: _also_without_group(page, person=page.pk))
history.on("person", Membership, lambda page: Q(person=page.pk) & in_groups(page, "group"))


# -- The sentences --------------------------------------------------------------------------------

_BEGINS = Change(
    changed=_("%(who)s changed the first day: %(old)s → %(new)s."),
    given=_("%(who)s set the first day: %(new)s."),
    cleared=_("%(who)s removed the first day, %(old)s."),
)
_ENDS = Change(
    changed=_("%(who)s changed the last day: %(old)s → %(new)s."),
    given=_("%(who)s set the last day: %(new)s."),
    cleared=_("%(who)s removed the last day, %(old)s."),
)
_MERGED = Change(
    given=_("%(who)s merged this into another: %(new)s."),
    cleared=_("%(who)s undid a merging into another: %(old)s."),
)
_NAME_FI = Change(_("%(who)s changed the Finnish name from “%(old)s” to “%(new)s”."))
_NAME_SV = Change(
    changed=_("%(who)s changed the Swedish name from “%(old)s” to “%(new)s”."),
    given=_("%(who)s gave the Swedish name “%(new)s”."),
    cleared=_("%(who)s removed the Swedish name “%(old)s”."),
)

history.tell(
    Organisation,
    about=_("Organisation"),
    called=("name_fi",),
    added=ngettext_lazy(
        "%(who)s added an organisation.", "%(who)s added %(count)s organisations.", "count"
    ),
    removed=ngettext_lazy(
        "%(who)s removed an organisation.", "%(who)s removed %(count)s organisations.", "count"
    ),
    fields={
        "kind": Change(_("%(who)s changed the kind of organisation: %(old)s → %(new)s.")),
        "is_provider": Change(
            given=_("%(who)s marked the organisation as an education provider."),
            cleared=_("%(who)s marked the organisation as no education provider."),
        ),
        "is_private": Change(
            given=_("%(who)s marked the organisation as private."),
            cleared=_("%(who)s marked the organisation as public."),
        ),
        "name_fi": _NAME_FI,
        "name_sv": _NAME_SV,
        "short_fi": Change(
            changed=_("%(who)s changed the Finnish short name from “%(old)s” to “%(new)s”."),
            given=_("%(who)s gave the Finnish short name “%(new)s”."),
            cleared=_("%(who)s removed the Finnish short name “%(old)s”."),
        ),
        "short_sv": Change(
            changed=_("%(who)s changed the Swedish short name from “%(old)s” to “%(new)s”."),
            given=_("%(who)s gave the Swedish short name “%(new)s”."),
            cleared=_("%(who)s removed the Swedish short name “%(old)s”."),
        ),
        "aliases": Change(
            changed=_("%(who)s changed the other names: %(old)s → %(new)s."),
            given=_("%(who)s added other names: %(new)s."),
            cleared=_("%(who)s removed the other names: %(old)s."),
        ),
        "inflections": Change(
            changed=_("%(who)s changed the inflected forms: %(old)s → %(new)s."),
            given=_("%(who)s added inflected forms: %(new)s."),
            cleared=_("%(who)s removed the inflected forms: %(old)s."),
        ),
        "language_status": Change(
            changed=_("%(who)s changed the language status: %(old)s → %(new)s."),
            given=_("%(who)s set the language status: %(new)s."),
            cleared=_("%(who)s removed the language status (%(old)s)."),
        ),
        "language": Change(
            changed=_("%(who)s changed the language of instruction: %(old)s → %(new)s."),
            given=_("%(who)s set the language of instruction: %(new)s."),
            cleared=_("%(who)s removed the language of instruction (%(old)s)."),
        ),
        "levels": Change(
            changed=_("%(who)s changed the levels of education: %(old)s → %(new)s."),
            given=_("%(who)s set the levels of education: %(new)s."),
            cleared=_("%(who)s removed the levels of education (%(old)s)."),
        ),
        "municipality": Change(
            changed=_("%(who)s changed the municipality: %(old)s → %(new)s."),
            given=_("%(who)s set the municipality: %(new)s."),
            cleared=_("%(who)s removed the municipality (%(old)s)."),
        ),
        "parent": Change(
            changed=_("%(who)s changed the provider: %(old)s → %(new)s."),
            given=_("%(who)s set the provider: %(new)s."),
            cleared=_("%(who)s removed the provider (%(old)s)."),
        ),
        "mailbox": Change(
            changed=_("%(who)s changed the mailbox: %(old)s → %(new)s."),
            given=_("%(who)s set the mailbox: %(new)s."),
            cleared=_("%(who)s removed the mailbox %(old)s."),
        ),
        "valid_from": _BEGINS,
        "valid_to": _ENDS,
        "merged_into": _MERGED,
    },
)

history.tell(
    PupilCount,
    about=_("Pupils"),
    called=("school", "counted_on", "count"),
    added=ngettext_lazy(
        "%(who)s added a number of pupils.",
        "%(who)s added %(count)s numbers of pupils.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s removed a number of pupils.",
        "%(who)s removed %(count)s numbers of pupils.",
        "count",
    ),
    fields={
        "counted_on": Change(_("%(who)s changed the day of the count: %(old)s → %(new)s.")),
        "count": Change(_("%(who)s corrected the number of pupils: %(old)s → %(new)s.")),
        "school": Change(
            _("%(who)s moved a number of pupils to another school: %(old)s → %(new)s.")
        ),
    },
)

history.tell(
    Person,
    about=_("Person"),
    called=("name",),
    added=ngettext_lazy("%(who)s added a person.", "%(who)s added %(count)s people.", "count"),
    removed=ngettext_lazy(
        "%(who)s removed a person.", "%(who)s removed %(count)s people.", "count"
    ),
    fields={
        "name": Change(_("%(who)s changed the name from “%(old)s” to “%(new)s”.")),
        "email": Change(
            changed=_("%(who)s changed the e-mail address: %(old)s → %(new)s."),
            given=_("%(who)s added the e-mail address %(new)s."),
            cleared=_("%(who)s removed the e-mail address %(old)s."),
        ),
        "language": Change(_("%(who)s changed the person's language: %(old)s → %(new)s.")),
        "is_administrator": Change(
            given=_("%(who)s made the person an administrator."),
            cleared=_("%(who)s removed the person's rights as an administrator."),
        ),
        "is_active": Change(
            given=_("%(who)s let the person log in."),
            cleared=_("%(who)s ended the person's right to log in."),
        ),
        "login_until": Change(
            changed=_("%(who)s changed until when the person may log in: %(old)s → %(new)s."),
            given=_("%(who)s set the last day on which the person may log in: %(new)s."),
            cleared=_("%(who)s removed the last day on which the person may log in, %(old)s."),
        ),
        "merged_into": _MERGED,
    },
    unsaid={"created_at": "never changes; the entry of the adding has the time"},
)

history.tell(
    LoginInvitation,
    about=_("Invitations"),
    called=("person", "email", "group"),
    added=ngettext_lazy(
        "%(who)s sent an invitation.", "%(who)s sent %(count)s invitations.", "count"
    ),
    removed=ngettext_lazy(
        "%(who)s removed an invitation.", "%(who)s removed %(count)s invitations.", "count"
    ),
    fields={
        "person": Change(_("%(who)s moved an invitation to another person: %(old)s → %(new)s.")),
        "email": Change(_("%(who)s changed the address of an invitation: %(old)s → %(new)s.")),
        "expires_at": Change(
            _("%(who)s changed how long an invitation is good: %(old)s → %(new)s.")
        ),
        "accepted_at": Change(_("%(who)s accepted the invitation.")),
        "revoked_at": Change(_("%(who)s withdrew an invitation.")),
    },
    unsaid={
        "group": NEVER_CHANGES,
        "sent_at": "the entry of the sending has the time",
        "sent_by": "the entry of the sending names them",
    },
)

history.tell(
    Affiliation,
    about=_("Work in an organisation"),
    called=("person", "organisation", "title"),
    added=ngettext_lazy(
        "%(who)s tied a person to an organisation.",
        "%(who)s tied %(count)s people to organisations.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s removed a person's tie to an organisation.",
        "%(who)s removed %(count)s people's ties to organisations.",
        "count",
    ),
    fields={
        "person": Change(_("%(who)s moved it from one person to another: %(old)s → %(new)s.")),
        "organisation": Change(_("%(who)s changed the organisation: %(old)s → %(new)s.")),
        "title": Change(
            changed=_("%(who)s changed the title from “%(old)s” to “%(new)s”."),
            given=_("%(who)s added the title “%(new)s”."),
            cleared=_("%(who)s removed the title “%(old)s”."),
        ),
        "valid_from": _BEGINS,
        "valid_to": _ENDS,
    },
)

history.tell(
    Group,
    about=_("Group"),
    called=("name_fi",),
    added=ngettext_lazy("%(who)s made a group.", "%(who)s made %(count)s groups.", "count"),
    removed=ngettext_lazy("%(who)s removed a group.", "%(who)s removed %(count)s groups.", "count"),
    fields={
        "kind": Change(_("%(who)s changed the kind of group: %(old)s → %(new)s.")),
        "slug": Change(_("%(who)s changed the group's address: %(old)s → %(new)s.")),
        "name_fi": _NAME_FI,
        "name_sv": _NAME_SV,
        "parent": Change(
            changed=_("%(who)s moved the group under another: %(old)s → %(new)s."),
            given=_("%(who)s put the group under another: %(new)s."),
            cleared=_("%(who)s took the group out from under another: %(old)s."),
        ),
        "host": Change(_("%(who)s changed whose documents the minutes are: %(old)s → %(new)s.")),
        "language": Change(_("%(who)s changed the language of the meetings: %(old)s → %(new)s.")),
        "document_type": Change(_("%(who)s changed the kind of minutes: %(old)s → %(new)s.")),
        "numbers_meetings": Change(
            given=_("%(who)s chose that meetings are numbered."),
            cleared=_("%(who)s chose that meetings are not numbered."),
        ),
        "ended_on": Change(
            changed=_("%(who)s changed the day on which the group ended: %(old)s → %(new)s."),
            given=_("%(who)s ended the group on %(new)s."),
            cleared=_("%(who)s took the group into use again; it had ended on %(old)s."),
        ),
        "publicity": Change(
            changed=_("%(who)s changed the publicity of new documents: %(old)s → %(new)s."),
            given=_("%(who)s chose the publicity of new documents: %(new)s."),
            cleared=_("%(who)s left the publicity of new documents open; it was: %(old)s."),
        ),
        "task_class": Change(
            changed=_("%(who)s changed the task class of documents: %(old)s → %(new)s."),
            given=_("%(who)s set the task class of documents: %(new)s."),
            cleared=_("%(who)s removed the task class of documents (%(old)s)."),
        ),
        "retention_years": Change(
            changed=_("%(who)s changed for how many years documents are kept: %(old)s → %(new)s."),
            given=_("%(who)s set for how many years documents are kept: %(new)s."),
            cleared=_("%(who)s removed for how many years documents are kept (%(old)s)."),
        ),
        "kept_permanently": Change(
            given=_("%(who)s chose that documents are kept permanently."),
            cleared=_("%(who)s chose that documents are not kept permanently."),
        ),
    },
)

history.tell(
    Membership,
    about=_("Members"),
    called=("person", "group", "organisation"),
    added=ngettext_lazy("%(who)s added a member.", "%(who)s added %(count)s members.", "count"),
    removed=ngettext_lazy(
        "%(who)s removed a member.", "%(who)s removed %(count)s members.", "count"
    ),
    fields={
        "person": Change(_("%(who)s moved a place to another person: %(old)s → %(new)s.")),
        "role": Change(_("%(who)s changed a member's role: %(old)s → %(new)s.")),
        "deputy_for": Change(
            changed=_("%(who)s changed whose deputy a member is: %(old)s → %(new)s."),
            given=_("%(who)s said whose deputy a member is: %(new)s."),
            cleared=_("%(who)s ended a member's being a deputy of: %(old)s."),
        ),
        "organisation": Change(
            changed=_(
                "%(who)s changed the organisation that a member represents: %(old)s → %(new)s."
            ),
            given=_("%(who)s set the organisation that a member represents: %(new)s."),
            cleared=_("%(who)s removed the organisation that a member represented: %(old)s."),
        ),
        "seat": Change(
            changed=_("%(who)s changed a member's seat: %(old)s → %(new)s."),
            given=_("%(who)s set a member's seat: %(new)s."),
            cleared=_("%(who)s removed a member's seat (%(old)s)."),
        ),
        "valid_from": Change(
            changed=_("%(who)s changed the first day of a membership: %(old)s → %(new)s."),
            given=_("%(who)s set the first day of a membership: %(new)s."),
            cleared=_("%(who)s removed the first day of a membership, %(old)s."),
        ),
        "valid_to": Change(
            changed=_("%(who)s changed the last day of a membership: %(old)s → %(new)s."),
            given=_("%(who)s set the last day of a membership: %(new)s."),
            cleared=_("%(who)s removed the last day of a membership, %(old)s."),
        ),
    },
    unsaid={"group": NEVER_CHANGES},
)

history.tell(
    ContactPerson,
    about=_("Contact persons"),
    called=("person", "organisation", "group", "purpose"),
    added=ngettext_lazy(
        "%(who)s added a contact person.", "%(who)s added %(count)s contact persons.", "count"
    ),
    removed=ngettext_lazy(
        "%(who)s removed a contact person.", "%(who)s removed %(count)s contact persons.", "count"
    ),
    fields={
        "organisation": Change(
            _("%(who)s changed the organisation of a contact person: %(old)s → %(new)s.")
        ),
        "person": Change(_("%(who)s changed a contact person: %(old)s → %(new)s.")),
        "group": Change(
            changed=_("%(who)s changed the group of a contact person: %(old)s → %(new)s."),
            given=_("%(who)s limited a contact person to one group: %(new)s."),
            cleared=_("%(who)s made a contact person one for all groups; it was one for: %(old)s."),
        ),
        "purpose": Change(
            changed=_("%(who)s changed a contact person's purpose from “%(old)s” to “%(new)s”."),
            given=_("%(who)s set a contact person's purpose: “%(new)s”."),
            cleared=_("%(who)s removed a contact person's purpose “%(old)s”."),
        ),
        "valid_to": Change(
            changed=_("%(who)s changed the last day of a contact person: %(old)s → %(new)s."),
            given=_("%(who)s set the last day of a contact person: %(new)s."),
            cleared=_("%(who)s removed the last day of a contact person, %(old)s."),
        ),
    },
)

history.tell(
    Topic,
    about=_("Topics"),
    called=("title", "group"),
    added=ngettext_lazy("%(who)s added a topic.", "%(who)s added %(count)s topics.", "count"),
    removed=ngettext_lazy("%(who)s removed a topic.", "%(who)s removed %(count)s topics.", "count"),
    fields={"title": Change(_("%(who)s renamed the topic “%(old)s” to “%(new)s”."))},
    unsaid={"group": NEVER_CHANGES},
)
