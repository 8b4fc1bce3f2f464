"""Inviting people, and the one page on which an invitation is accepted."""

from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from directory.access import for_coordinators
from directory.forms.account import InvitationForm
from directory.models import Group, LoginInvitation, Person
from directory.permissions import may_invite, may_keep_members
from directory.services import invitations


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """For one who holds the mail's link: language, a way in, and in.

    A link that is not good any more says so, and nothing of anybody's account.
    """
    try:
        found = invitations.find(token)
        invitations.check_open(found, now=timezone.now())
    except invitations.NoSuchInvitation:
        return render(request, "directory/invitation_closed.html", {"is_broken": True}, status=404)
    except invitations.ClosedInvitation:
        return _closed(request)
    if request.user.is_authenticated and request.user != found.person:
        return render(request, "directory/invitation_other.html", status=409)
    _speak(request, found.person)
    return _accept(request, found)


def _accept(request: HttpRequest, found: LoginInvitation) -> HttpResponse:
    person = found.person
    form = InvitationForm(
        request.POST or None, person=person, initial={"language": translation.get_language()}
    )
    if request.method == "POST" and form.is_valid():
        way = form.cleaned_data["way"]
        try:
            person = invitations.accept(
                invitation=found,
                language=form.cleaned_data["language"],
                password=form.cleaned_data["password"] if way == form.PASSWORD else "",
                credential=form.cleaned_data["credential"] if way == form.PASSKEY else None,
                passkey_name=_("Passkey %(number)d") % {"number": 1},
                by=person,
                now=timezone.now(),
            )
        except invitations.ClosedInvitation:  # somebody was quicker, in another window perhaps
            return _closed(request)
        record_authentication(request, person, "invitation")
        response = perform_login(request, person, redirect_url="/")
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:  # what was just chosen counts
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    membership = (
        person.memberships.filter(organisation__isnull=False)
        .order_by("group_id" if found.group_id is None else "pk")
        .select_related("organisation")
    )
    if found.group_id:
        membership = membership.filter(group=found.group_id)
    context = {
        "form": form,
        "invitation": found,
        "membership": membership.first(),
        "creation": auth.begin_registration(person, True),
    }
    return render(request, "directory/invitation.html", context)


@require_POST
@for_coordinators
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a person an invitation, the first or another; `next` says where to go then."""
    by = cast(Person, request.user)
    person = get_object_or_404(Person.objects.current(), pk=pk)
    if not may_invite(by, person):
        raise PermissionDenied
    if limited := ratelimit.consume_or_429(request, action="invite"):
        return limited
    try:
        sent = invitations.invite(
            person=person, group=_group_of_both(by, person), by=by, now=timezone.now()
        )
    except invitations.CannotInvite:
        messages.error(
            request,
            _("No invitation was sent: there is no address, or the person has logged in already."),
        )
    else:
        messages.success(
            request, _("An invitation is on its way to %(email)s.") % {"email": sent.email}
        )
    return _back(request)


@require_POST
@for_coordinators
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a person's invitation."""
    by = cast(Person, request.user)
    person = get_object_or_404(Person.objects.current(), pk=pk)
    if not may_invite(by, person):
        raise PermissionDenied
    if invitations.revoke(person=person, by=by, now=timezone.now()):
        messages.success(request, _("The invitation is withdrawn: its link is dead."))
    else:
        messages.info(request, _("There is no open invitation."))
    return _back(request)


@require_POST
@for_coordinators
def invite_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite all of a group who have not been invited."""
    by = cast(Person, request.user)
    group = get_object_or_404(Group, slug=slug)
    if not may_keep_members(by, group):
        raise PermissionDenied
    if limited := ratelimit.consume_or_429(request, action="invite"):
        return limited
    count = len(invitations.invite_all(group=group, by=by, now=timezone.now()))
    if count:
        text = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Everyone with an address has been invited or is in already."))
    return _back(request)


def _group_of_both(by: Person, person: Person) -> Group | None:
    """The group that the mail names: one in which both are, the inviter's first."""
    groups = Group.objects.filter(memberships__person=person, ended_on=None)
    if not by.is_administrator:
        groups = groups.filter(memberships__person=by)
    return groups.order_by("pk").first()


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/invitation_closed.html", status=410)


def _speak(request: HttpRequest, person: Person) -> None:
    """The invited person's language, unless another was chosen in this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    return redirect(target)
