"""Getting started: what an administrator's home shows while something basic is missing.

Each step is computed from what there is and checks itself off; nothing is stored but, in the
browser, that the note at the end was hidden.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.models import OutgoingMail, SitePage
from directory import composition
from directory.models import Group, Membership, Person, lasting
from directory.services.invitations import uninvited
from directory.services.mail import TEST, send_test_mail
from meetings.models import Meeting

# Set while the note that all is done is hidden in this browser.
HIDDEN = "getting_started_hidden"
# A mail that nobody has tried to send by then tells of a worker that does not run.
_PATIENCE = timedelta(minutes=2)
_LISTED = 3  # of many things that are missing; the page that one is led to lists all


@dataclass(frozen=True)
class Way:
    """A page on which a step is taken."""

    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """One step: what for, what is missing of it, and where it is taken; the first way is the main.

    `mail` is the administrator's test mail, in the step on mail.
    """

    title: str
    is_done: bool
    why: str = ""
    missing: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    is_mail: bool = False
    mail: OutgoingMail | None = None
    is_stuck: bool = False


@dataclass(frozen=True)
class Start:
    """All steps, and the first that is not done."""

    steps: list[Step]
    is_running: bool  # a meeting has been planned, so the house is in use

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The step to take now; None when all are done."""
        return next((step for step in self.steps if not step.is_done), None)


def start(person: Person, *, now: datetime) -> Start:
    """The steps for an administrator, in as many queries whatever there is."""
    today = timezone.localdate(now)
    groups = Group.objects.filter(kind=Group.Kind.COOPERATION, ended_on=None)
    group = groups.order_by("pk").first()
    steps = [_login(person), _mail(person, now)]
    is_running = False
    if group is None:
        way = Way(_("Add a group"), reverse("directory:add_group"))
        why = _("The law wants one in each wellbeing services county (1287/2013, 14 a §).")
        steps += [Step(_("Add the cooperation group"), False, why, ways=[way]), _pages()]
    else:
        members = list(group.memberships.filter(lasting(today)).values_list("person", flat=True))
        is_running = group.meetings.exclude(state=Meeting.State.CANCELLED).exists()
        steps += [
            _members(group, len(set(members))),
            _leaders(group, today),
            _composition(group, bool(members), today),
            _pages(),
            _meeting(group, is_running),
            _invitations(group, bool(members), now),
        ]
    return Start(steps, is_running)


def _login(person: Person) -> Step:
    types = [Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP]
    return Step(
        _("Secure your own login"),
        Authenticator.objects.filter(user=person, type__in=types).exists(),
        _(
            "You can change everything here. Log in with a passkey, or turn on two-step "
            "verification by an authenticator app."
        ),
        ways=[Way(_("Log-in and security"), reverse("account"))],
    )


def _mail(person: Person, now: datetime) -> Step:
    """By the last test mail to oneself; without one, by whether any mail has come through."""
    tests = Q(template=TEST, to=person.email or "")
    sent = Q(state=OutgoingMail.State.SENT)
    mails = OutgoingMail.objects.filter(tests | sent)
    last = mails.alias(is_test=tests).order_by("-is_test", "-created_at", "-pk").first()
    test = last if last and last.template == TEST and last.to == person.email else None
    return Step(
        _("See that mail works"),
        last is not None and last.state == OutgoingMail.State.SENT,
        _("Invitations and codes to log in go by mail. Send a mail to yourself."),
        is_mail=True,
        mail=test,
        is_stuck=test is not None and not test.attempts and test.created_at < now - _PATIENCE,
    )


def _members(group: Group, count: int) -> Step:
    return Step(
        _("Add the members"),
        count > 0,
        _("One by one, or all at once from a list in Excel or CSV."),
        ways=[
            Way(_("Add a member"), reverse("directory:add_member", args=[group.slug])),
            Way(_("Read a list in"), reverse("directory:import_members", args=[group.slug])),
        ],
    )


def _leaders(group: Group, today: date) -> Step:
    vacant = composition.vacant(group, on=today)
    roles: dict[str, Any] = {
        Membership.Role.CHAIR: _("Add a chair"),
        Membership.Role.SECRETARY: _("Add a secretary"),
    }
    add = reverse("directory:add_member", args=[group.slug])
    return Step(
        _("Name the chair and the secretary"),
        not vacant,
        _("They prepare meetings, write the minutes and share them."),
        [str(one.words) for one in vacant],
        [Way(roles[one.place["role"]], f"{add}?{one.query}") for one in vacant],
    )


def _composition(group: Group, has_members: bool, today: date) -> Step:
    """What is missing is listed once there is somebody; before, it is everything."""
    found = composition.gaps(group, today=today)
    missing = [str(one.words) for one in composition.missing(found)]
    if count := len(found.organisations):
        names = ", ".join(str(one) for one in found.organisations[:_LISTED])
        words = ngettext(
            "%(count)d municipality or education provider has nobody in the group: %(names)s.",
            "%(count)d municipalities and education providers have nobody in the group: "
            "%(names)s and so on.",
            count,
        )
        if 1 < count <= _LISTED:
            words = _(
                "%(count)d municipalities and education providers have nobody in the group: "
                "%(names)s."
            )
        missing.append(words % {"count": count, "names": names})
    return Step(
        _("Fill the seats that the law wants"),
        not missing,
        _("County, providers, guardians, students and staff, in both languages (14 a §)."),
        missing if has_members else [],
        [Way(_("See who is missing"), reverse("directory:group", args=[group.slug]))],
    )


def _pages() -> Step:
    """Those not worded yet, or worded with a place in brackets left."""
    pages = {page.key: page for page in SitePage.objects.all()}
    left = [key for key in SitePage.Key if _has_brackets(pages.get(key))]
    return Step(
        _("Fill in the pages of the site"),
        not left,
        _("What only you know stands in brackets in them, such as who answers for personal data."),
        ways=[Way(str(key.label), reverse("edit_site_page", args=[key])) for key in left],
    )


def _has_brackets(page: SitePage | None) -> bool:
    return page is None or "[" in page.text_fi + page.text_sv + page.text_en


def _meeting(group: Group, is_planned: bool) -> Step:
    return Step(
        _("Plan the first meeting"),
        is_planned,
        _("With a day and an agenda; nobody is told before you send it."),
        ways=[Way(_("New meeting"), reverse("meetings:create", args=[group.slug]))],
    )


def _invitations(group: Group, has_members: bool, now: datetime) -> Step:
    count = uninvited(group, now=now).count()
    words = ngettext(
        "%(count)d member has not been invited.", "%(count)d members have not been invited.", count
    )
    return Step(
        _("Invite the members"),
        has_members and not count,
        _("Each gets a link by mail and chooses how to log in."),
        [words % {"count": count}] if count else [],
        [Way(_("To the members"), f"{reverse('group', args=[group.slug])}#members")],
    )


# -- What is done here -----------------------------------------------------------------------------


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the page to administrators; to others it does not exist."""

    @wraps(view)
    def call(request: HttpRequest) -> HttpResponse:
        if not request.user.is_administrator:  # type: ignore[union-attr]  # who is logged in
            raise Http404
        return view(request)

    return call


@require_POST
@for_administrators
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send a mail to oneself."""
    person = request.user
    assert isinstance(person, Person)
    if person.email:
        send_test_mail(by=person, now=timezone.now())
        words = _("A mail to %(email)s is on its way.")
        messages.success(request, words % {"email": person.email})
    else:
        messages.error(request, _("You have no e-mail address."))
    return redirect("home")


@require_POST
@for_administrators
def hide(request: HttpRequest) -> HttpResponse:
    """Hide the note that all is done, in this browser; steps that are missing show all the same."""
    response = redirect("home")
    response.set_cookie(
        HIDDEN,
        "yes",
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
