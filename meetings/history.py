"""How the changes of meetings read, and on whose pages they stand."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from actions.models import ActionItem, Assignment, Origin, Owner
from core import history, vague
from core.history import Change, Place
from directory.models import Person
from directory.permissions import Verb, has_permission
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    DocumentVersion,
    ItemRevision,
    Mark,
    Meeting,
    PublicCopy,
    Redaction,
)

NEVER_CHANGES = "never changes; the thing's name says it"
_PAUSE = timedelta(hours=1)  # who has not written for this long begins anew
ORDER = _("%(who)s changed the order.")

history.house("import_minutes", _("import of old minutes"))
history.house("erase_web_copies", _("removal of web copies on their day"))
history.house("thin_revisions", _("thinning of old texts"))


def _meeting_name(meeting: Meeting) -> str:
    day = timezone.localtime(meeting.starts_at).date()
    return f"{meeting.title} {vague.day(day, translation.get_language() or 'fi')}"


history.named(Meeting, _meeting_name)
history.named(AgendaItem, lambda one: one.title, related=("meeting",))


# -- Whose pages ----------------------------------------------------------------------------------


def _meeting(person: Person, pk: int) -> Place:
    """A meeting's history is for those who write in its group: it tells of drafts too."""
    meetings = Meeting.objects.visible_to(person).select_related("group")
    meeting = get_object_or_404(meetings, pk=pk)
    if not has_permission(person, Verb.WRITE, meeting.group):
        raise PermissionDenied
    url = reverse("meetings:workspace", args=[pk])
    return Place(_meeting_name(meeting), url, [meeting.group_id])


history.page("meeting", Meeting, _meeting)


def _last_of_writing(of: Q) -> Q:
    """Texts are saved every few seconds; what one goes on writing in an item is told once."""
    soon = ExpressionWrapper(OuterRef("at") + _PAUSE, DateTimeField())
    later = ItemRevision.objects.filter(
        item=OuterRef("item"), by=OuterRef("by"), number__gt=OuterRef("number"), at__lte=soon
    )
    return of & Q(by__isnull=False) & ~Q(Exists(later))


# A task or a request is told of by its action.
_NO_ACTION = Q(action__isnull=True)
_TOLD_OF = Q(pgh_label="update", live_from__isnull=False)

history.on("meeting", Meeting, lambda page: Q(pgh_obj=page.pk))
history.on("meeting", Attendance, lambda page: Q(meeting=page.pk))
history.on("meeting", AgendaItem, lambda page: Q(meeting=page.pk))
history.on("meeting", ItemRevision, lambda page: _last_of_writing(Q(item__meeting=page.pk)))
history.on("meeting", Mark, lambda page: _NO_ACTION & Q(item__meeting=page.pk))
history.on("meeting", Attachment, lambda page: Q(item__meeting=page.pk))
history.on("meeting", DocumentVersion, lambda page: Q(meeting=page.pk))
history.on("meeting", PublicCopy, lambda page: Q(meeting=page.pk))
history.on("meeting", Redaction, lambda page: Q(meeting=page.pk))
history.on("meeting", ActionItem, lambda page: Q(pgh_obj__mark__item__meeting=page.pk))
history.on(
    "meeting", Origin, lambda page: _TOLD_OF & Q(pgh_obj__action__mark__item__meeting=page.pk)
)
history.on("meeting", Owner, lambda page: Q(action__mark__item__meeting=page.pk))
history.on("meeting", Assignment, lambda page: Q(owner__action__mark__item__meeting=page.pk))

history.on("group", Meeting, lambda page: Q(group=page.pk))
history.on("group", Attendance, lambda page: Q(meeting__group=page.pk))
history.on("group", AgendaItem, lambda page: Q(meeting__group=page.pk))
history.on("group", ItemRevision, lambda page: _last_of_writing(Q(item__meeting__group=page.pk)))
history.on("group", Mark, lambda page: _NO_ACTION & Q(item__meeting__group=page.pk))
history.on("group", Attachment, lambda page: Q(item__meeting__group=page.pk))
history.on("group", DocumentVersion, lambda page: Q(meeting__group=page.pk))
history.on("group", PublicCopy, lambda page: Q(meeting__group=page.pk))
history.on("group", Redaction, lambda page: Q(meeting__group=page.pk))


# -- The sentences --------------------------------------------------------------------------------

history.tell(
    Meeting,
    about=_("Meetings"),
    called=("title", "starts_at"),
    added=ngettext_lazy("%(who)s made a meeting.", "%(who)s made %(count)s meetings.", "count"),
    removed=ngettext_lazy(
        "%(who)s removed a meeting.", "%(who)s removed %(count)s meetings.", "count"
    ),
    fields={
        "state": Change(_("%(who)s changed the meeting's state: %(old)s → %(new)s.")),
        "title": Change(_("%(who)s renamed the meeting “%(old)s” to “%(new)s”.")),
        "language": Change(_("%(who)s changed the language of the meeting: %(old)s → %(new)s.")),
        "document_type": Change(_("%(who)s changed the kind of minutes: %(old)s → %(new)s.")),
        "starts_at": Change(_("%(who)s moved the beginning of the meeting: %(old)s → %(new)s.")),
        "ends_at": Change(
            changed=_("%(who)s moved the end of the meeting: %(old)s → %(new)s."),
            given=_("%(who)s set the end of the meeting: %(new)s."),
            cleared=_("%(who)s removed the end of the meeting, %(old)s."),
        ),
        "place": Change(
            changed=_("%(who)s changed the place of the meeting: %(old)s → %(new)s."),
            given=_("%(who)s set the place of the meeting: %(new)s."),
            cleared=_("%(who)s removed the place of the meeting (%(old)s)."),
        ),
        "remote_link": Change(
            changed=_("%(who)s changed the link for remote participation."),
            given=_("%(who)s added a link for remote participation."),
            cleared=_("%(who)s removed the link for remote participation."),
        ),
        "number": Change(
            changed=_("%(who)s changed the number of the meeting: %(old)s → %(new)s."),
            given=_("The meeting got the number %(new)s when %(who)s sent or shared its document."),
            cleared=_("%(who)s removed the number of the meeting (%(old)s)."),
        ),
        "correcting": Change(
            given=_("%(who)s began to correct the shared minutes."),
            cleared=_("%(who)s ended the correction of the shared minutes."),
        ),
        "publicity": Change(_("%(who)s changed the publicity: %(old)s → %(new)s.")),
        "secrecy": Change(
            changed=_("%(who)s changed the section of law for secrecy: %(old)s → %(new)s."),
            given=_("%(who)s named the section of law for secrecy: %(new)s."),
            cleared=_("%(who)s removed the section of law for secrecy (%(old)s)."),
        ),
        "record_number": Change(
            changed=_("%(who)s changed the record number: %(old)s → %(new)s."),
            given=_("%(who)s set the record number: %(new)s."),
            cleared=_("%(who)s removed the record number (%(old)s)."),
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
    unsaid={
        "group": NEVER_CHANGES,
        "year": "goes with the number",
        "created_at": "never changes; the entry of the making has the time",
    },
)

history.tell(
    Attendance,
    about=_("Attendance"),
    called=("name", "organisation_name", "meeting"),
    added=ngettext_lazy(
        "%(who)s put someone on the list of attendance.",
        "%(who)s put %(count)s people on the list of attendance.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s took someone off the list of attendance.",
        "%(who)s took %(count)s people off the list of attendance.",
        "count",
    ),
    fields={
        "person": Change(
            changed=_("%(who)s changed who it is in the directory: %(old)s → %(new)s."),
            given=_("%(who)s said who it is in the directory: %(new)s."),
            cleared=_("%(who)s removed the tie to the directory: %(old)s."),
        ),
        "organisation": Change(
            changed=_("%(who)s changed the organisation in the directory: %(old)s → %(new)s."),
            given=_("%(who)s set the organisation in the directory: %(new)s."),
            cleared=_("%(who)s removed the tie to the organisation: %(old)s."),
        ),
        "name": Change(_("%(who)s changed the name from “%(old)s” to “%(new)s”.")),
        "organisation_name": Change(
            changed=_("%(who)s changed the organisation's name from “%(old)s” to “%(new)s”."),
            given=_("%(who)s added the organisation's name “%(new)s”."),
            cleared=_("%(who)s removed the organisation's name “%(old)s”."),
        ),
        "role": Change(
            changed=_("%(who)s changed the role: %(old)s → %(new)s."),
            given=_("%(who)s set the role: %(new)s."),
            cleared=_("%(who)s removed the role (%(old)s)."),
        ),
        "mode": Change(_("%(who)s recorded the attendance: %(old)s → %(new)s.")),
        "is_guest": Change(
            given=_("%(who)s marked the person as a guest."),
            cleared=_("%(who)s marked the person as no guest."),
        ),
        "position": Change(ORDER),
    },
    unsaid={"meeting": NEVER_CHANGES},
)

history.tell(
    AgendaItem,
    about=_("Agenda"),
    called=("title", "meeting"),
    added=ngettext_lazy(
        "%(who)s added an item to the agenda.",
        "%(who)s added %(count)s items to the agenda.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s removed an item of the agenda for good.",
        "%(who)s removed %(count)s items of the agenda for good.",
        "count",
    ),
    fields={
        "parent": Change(
            changed=_("%(who)s moved the item under another: %(old)s → %(new)s."),
            given=_("%(who)s moved the item under another: %(new)s."),
            cleared=_("%(who)s moved the item out from under another: %(old)s."),
        ),
        "position": Change(ORDER),
        "title": Change(_("%(who)s changed the heading from “%(old)s” to “%(new)s”.")),
        "kind": Change(_("%(who)s changed the kind of item: %(old)s → %(new)s.")),
        "visibility": Change(_("%(who)s changed who may read the item: %(old)s → %(new)s.")),
        "secrecy": Change(
            changed=_("%(who)s changed the section of law for secrecy: %(old)s → %(new)s."),
            given=_("%(who)s named the section of law for secrecy: %(new)s."),
            cleared=_("%(who)s removed the section of law for secrecy (%(old)s)."),
        ),
        "language": Change(_("%(who)s changed the language of the item: %(old)s → %(new)s.")),
        "presenter": Change(
            changed=_("%(who)s changed the presenter: %(old)s → %(new)s."),
            given=_("%(who)s named the presenter: %(new)s."),
            cleared=_("%(who)s removed the presenter (%(old)s)."),
        ),
        "minutes": Change(
            changed=_("%(who)s changed the minutes reserved: %(old)s → %(new)s."),
            given=_("%(who)s reserved minutes for the item: %(new)s."),
            cleared=_("%(who)s removed the minutes reserved (%(old)s)."),
        ),
        "removed_at": Change(
            given=_("%(who)s took the item off the agenda."),
            cleared=_("%(who)s put the item back on the agenda."),
        ),
    },
    unsaid={"meeting": NEVER_CHANGES},
)

history.tell(
    Mark,
    about=_("Marks"),
    called=("kind", "text", "item.meeting"),
    added=ngettext_lazy(
        "%(who)s marked a line.", "%(who)s marked lines in %(count)s places.", "count"
    ),
    removed=ngettext_lazy("%(who)s removed a mark.", "%(who)s removed %(count)s marks.", "count"),
    fields={
        "kind": Change(_("%(who)s changed what a line is marked as: %(old)s → %(new)s.")),
        "item": Change(_("%(who)s moved a marked line to another item: %(old)s → %(new)s.")),
        "text": Change(_("%(who)s changed the text of a marked line.")),
        "data": Change(_("%(who)s changed the particulars of a mark.")),
        "hidden_at": Change(
            given=_("%(who)s took a mark off."), cleared=_("%(who)s put a mark back.")
        ),
    },
    unsaid={"line_id": "a code of our own", "action": "the task's own sentences tell of it"},
)

history.tell(
    Attachment,
    about=_("Attachments"),
    called=("title", "item", "item.meeting"),
    added=ngettext_lazy(
        "%(who)s attached a file or a link.",
        "%(who)s attached %(count)s files or links.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s took an attachment off.", "%(who)s took %(count)s attachments off.", "count"
    ),
    fields={
        "title": Change(_("%(who)s renamed the attachment “%(old)s” to “%(new)s”.")),
        "url": Change(_("%(who)s changed the link of an attachment.")),
        "file": Change(_("%(who)s changed the file of an attachment.")),
        "position": Change(ORDER),
        "checked_at": Change(
            given=_("%(who)s said that everyone can read the attachment."),
            cleared=_("%(who)s said that nobody has checked whether everyone can read it."),
        ),
    },
    unsaid={
        "item": NEVER_CHANGES,
        "filename": "goes with the file",
        "checked_by": "the entry of the checking names them",
    },
)

history.tell(
    PublicCopy,
    about=_("Web copies"),
    called=("meeting",),
    added=ngettext_lazy(
        "%(who)s put minutes on the web.",
        "%(who)s put the minutes of %(count)s meetings on the web.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s removed a web copy.", "%(who)s removed %(count)s web copies.", "count"
    ),
    fields={
        "version": Change(_("%(who)s put another version of the minutes on the web.")),
        "noindex": Change(
            given=_("%(who)s chose that search engines are asked not to list the web copy."),
            cleared=_("%(who)s chose that search engines may list the web copy."),
        ),
        "remove_on": Change(
            _("%(who)s changed the day on which the web copy is removed: %(old)s → %(new)s.")
        ),
        "withdrawn_at": Change(
            given=_("%(who)s took the web copy down."),
            cleared=_("%(who)s put the minutes on the web again."),
        ),
    },
    unsaid={
        "meeting": NEVER_CHANGES,
        "published_at": "the entry of the publishing has the time",
        "published_by": "the entry of the publishing names them",
        "withdrawn_by": "the entry of the taking down names them",
    },
)

history.fact(
    ItemRevision,
    about=_("Texts"),
    called=("item", "item.meeting"),
    added=ngettext_lazy("%(who)s wrote in the text.", "%(who)s wrote in %(count)s texts.", "count"),
    at="at",
    by="by",
)
history.fact(
    DocumentVersion,
    about=_("Versions"),
    called=("kind", "number", "change_note", "meeting"),
    added=ngettext_lazy(
        "%(who)s sent or shared a version.",
        "%(who)s sent or shared %(count)s versions.",
        "count",
    ),
    at="shared_at",
    by="shared_by",
)
history.fact(
    Redaction,
    about=_("Removals for good"),
    called=("kind", "reason", "meeting"),
    added=ngettext_lazy(
        "%(who)s removed something for good from every document.",
        "%(who)s removed something for good from every document.",
        "count",
    ),
    at="redacted_at",
    by="redacted_by",
)
