"""Which mails came through and which did not, for coordinators."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.mail import CannotRetry
from core.models import OutgoingMail
from directory.access import for_coordinators
from directory.models import Group, Person
from directory.permissions import coordinated_by
from directory.services.mail import retry_mail

PAGE = 50
# The words of these are nobody else's to read, not even their subject.
SECRET = {
    "account/email/login_code": gettext_lazy("A code to log in"),
    "account/email/password_reset_key": gettext_lazy("A link to a new password"),
    "directory/mail/invitation": gettext_lazy("An invitation"),
}
UNSENT = [OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN]


@require_safe
@for_coordinators
def mail(request: HttpRequest) -> HttpResponse:
    """The mails about one's groups, the newest first; `?unsent` leaves those that came through."""
    found = _visible_to(cast(Person, request.user))
    only_unsent = "unsent" in request.GET
    if only_unsent:
        found = found.filter(state__in=UNSENT)
    page = Paginator(found.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    groups = Group.objects.in_bulk({one.group for one in page if one.group})
    now = timezone.now()
    rows = [
        {
            "mail": one,
            "what": SECRET.get(one.template, one.subject) if one.is_secret else one.subject,
            "group": groups.get(one.group),
            "is_late": one.expires_at is not None and one.expires_at <= now,
        }
        for one in page
    ]
    context = {"rows": rows, "page": page, "only_unsent": only_unsent}
    return render(request, "directory/mail.html", context)


@require_POST
@for_coordinators
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more to send a mail that failed."""
    person = cast(Person, request.user)
    one = get_object_or_404(_visible_to(person), pk=pk)
    try:
        retry_mail(mail=one, by=person, now=timezone.now())
    except CannotRetry:
        messages.error(request, _("This mail cannot be sent any more. Nothing was changed."))
    else:
        messages.success(request, _("It is tried again."))
    return redirect("directory:mail")


def _visible_to(person: Person) -> QuerySet[OutgoingMail]:
    if person.is_administrator:
        return OutgoingMail.objects.all()
    return OutgoingMail.objects.filter(group__in=coordinated_by(person))
