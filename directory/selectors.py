"""What pages of the directory read across models."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from directory.models import Person


def open_sessions(person: Person, *, now: datetime) -> QuerySet[UserSession]:
    """Where the person is logged in, the newest first; those that ran out are left out."""
    running = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    found = UserSession.objects.filter(Exists(running), user=person)
    return found.order_by("-created_at", "-pk")
