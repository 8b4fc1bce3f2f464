"""Contact persons: the list on the pages of organisations, people and groups, and its forms."""

from copy import copy
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, Case, Exists, OuterRef, Value, When
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.sorting import alphabetical
from directory import selectors
from directory.access import Request, for_coordinators, posted
from directory.forms.contacts import AddContactForm, ContactForm
from directory.models import Group, Organisation, Person, lasting
from directory.models.naming import name_in_language
from directory.permissions import kept_groups, known_groups, may_keep_contacts
from directory.services import contacts

FORM = ["GET", "HEAD", "POST"]
_SUBJECTS: dict[str, type[Organisation] | type[Person] | type[Group]] = {
    "organisation": Organisation,
    "person": Person,
    "group": Group,
}


def shown(by: Person, *, today: date, **of: Organisation | Person | Group) -> dict[str, Any]:
    """What `directory/_contacts.html` needs on the page of one organisation, person or group.

    On a person's page those that have ended stand, too. Takes four queries, for an administrator
    one.
    """
    ((subject, one),) = of.items()
    found = selectors.contacts_of(known_groups(by), **of)
    if subject != "person":
        found = found.filter(lasting(today))
    kept: Case | Value = Value(value=True)
    if not by.is_administrator:
        kept = Case(
            When(group=None, then=Value(may_keep_contacts(by, None))),
            default=Exists(kept_groups(by).filter(pk=OuterRef("group"))),
            output_field=BooleanField(),
        )
    may_add = not isinstance(one, Group) or may_keep_contacts(by, one)
    query = urlencode({subject: one.pk})
    return {
        "contacts": found.annotate(is_kept=kept).order_by(*_order(subject), "pk"),
        "contacts_of": subject,
        "contacts_query": query,
        "may_add_url": f"{reverse('directory:add_contact')}?{query}" if may_add else "",
        "today": today,
    }


def _order(subject: str) -> list[Any]:
    by_organisation: Any = alphabetical(name_in_language("organisation__"))
    by_person = alphabetical("person__name")
    orders: dict[str, list[Any]] = {
        "organisation": [by_person],
        "person": [selectors.LASTING_FIRST, by_organisation],
        "group": [by_organisation, by_person],
    }
    return orders[subject]


def _subject(request: Request) -> Organisation | Person | Group | None:
    """Whose page one came from, by `?organisation=`, `?person=` or `?group=`."""
    for name, model in _SUBJECTS.items():
        pk = request.GET.get(name, "")
        if pk.isascii() and pk.isdigit() and len(pk) < 10:
            found = known_groups(request.user) if model is Group else model._default_manager.all()
            if one := found.filter(pk=pk).first():
                return one
    return None


def _page(one: Organisation | Person | Group) -> str:
    if isinstance(one, Group):
        return reverse("directory:group", args=[one.slug])
    return reverse(f"directory:{one._meta.model_name}", args=[one.pk])


@require_http_methods(FORM)
@for_coordinators
def add(request: Request) -> HttpResponse:
    """A new contact person; begun from the page of an organisation, a person or a group."""
    subject = _subject(request)
    initial = {subject._meta.model_name: subject.pk} if subject else {}
    today = timezone.localdate()
    form = AddContactForm(posted(request), by=request.user, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = contacts.add(**form.cleaned_data, today=today, by=request.user)
        except contacts.AlreadyContact:
            form.add_error(None, _already())
        except contacts.Merged:
            form.add_error(
                None,
                _("The person or the organisation was just merged into another. Choose again."),
            )
        except contacts.NotKept as error:  # since a moment ago
            raise PermissionDenied from error
        else:
            words = _("%(person)s is a contact person of %(organisation)s.")
            messages.success(
                request,
                words % {"person": made.person.name, "organisation": made.organisation.name},
            )
            return redirect(_page(subject or made.organisation))
    return _form(request, form, subject, heading=_("Add a contact person"), save=_("Add"))


@require_http_methods(FORM)
@for_coordinators
def edit(request: Request, pk: int) -> HttpResponse:
    """Change or end what one is contact person for."""
    found = selectors.contacts_of(known_groups(request.user))
    # Whoever saves second waits here, and then sees what the first has saved.
    with transaction.atomic():
        if request.method == "POST":
            found = found.select_for_update(of=("self",))
        contact = get_object_or_404(found, pk=pk)
        if not may_keep_contacts(request.user, contact.group):
            raise PermissionDenied
        form = ContactForm(posted(request), instance=copy(contact), by=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                contacts.change(contact=contact, values=form.cleaned_data, by=request.user)
            except contacts.AlreadyContact:
                form.add_error(None, _already())
            else:
                messages.success(request, _("Saved."))
                return redirect(_page(_subject(request) or contact.organisation))
    names = {"person": contact.person.name, "organisation": contact.organisation.name}
    heading = _("%(person)s, contact person of %(organisation)s") % names
    return _form(request, form, _subject(request) or contact.organisation, heading=heading)


def _already() -> str:
    return _("This contact person is there already, for the same group and purpose.")


def _form(
    request: Request,
    form: BaseForm,
    subject: Organisation | Person | Group | None,
    *,
    heading: str,
    save: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "subject": subject,
        "back": _page(subject) if subject else reverse("directory:organisations"),
        "save": save or _("Save"),
    }
    status = 400 if form.errors else 200
    return render(request, "directory/contact_form.html", context, status=status)
