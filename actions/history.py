"""How the changes of tasks and requests read, and on whose pages they stand."""

from django.db.models import Min, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from actions.models import ActionItem, Assignment, Origin, Owner
from core import history, vague
from core.history import Change, Page, Place
from directory.models import Person
from directory.permissions import Verb, allows, role_in

DERIVED = "derived from what another sentence tells of"
NEVER_CHANGES = "never changes; the thing's name says it"

history.named(ActionItem, lambda one: one.text)
history.named(Owner, related=("action",))


def _when(code: str) -> str:
    return vague.label(code, translation.get_language() or "fi")


# -- Whose pages ----------------------------------------------------------------------------------


def _action(person: Person, pk: int) -> Place:
    """An action's history is for those of the group who see it.

    A contact person sees their organisation's part alone, and so no history of the whole.
    """
    actions = ActionItem.objects.visible_to(person).select_related("origin__group")
    action = get_object_or_404(actions, pk=pk)
    group = action.origin.group
    if person.is_administrator:
        return Place(action.text, resolve_url(group))
    role = role_in(person, group)
    if role is None:
        raise Http404
    return Place(action.text, resolve_url(group), [group.pk] if allows(role, Verb.WRITE) else [])


history.page("action", ActionItem, _action)


def _told(page: Page) -> Q:
    """To who does not write in the group the history begins when the group was told."""
    if page.place.groups != []:
        return Q()
    told = (
        Origin._meta.get_field("events")
        .related_model._base_manager.filter(live_from__isnull=False, pgh_obj__action=page.pk)
        .values("pgh_obj")
        .annotate(first=Min("pgh_created_at"))
        .values("first")
    )
    return Q(pgh_created_at__gt=told)


# An origin follows its action; that the group is told of it is its own news.
_TOLD_OF = Q(pgh_label="update", live_from__isnull=False)

history.on("action", ActionItem, lambda page: Q(pgh_obj=page.pk) & _told(page))
history.on("action", Origin, lambda page: _TOLD_OF & Q(pgh_obj__action=page.pk) & _told(page))
history.on("action", Owner, lambda page: Q(action=page.pk) & _told(page))
history.on("action", Assignment, lambda page: Q(owner__action=page.pk) & _told(page))
history.on("group", ActionItem, lambda page: Q(origin__group=page.pk))
history.on("group", Origin, lambda page: _TOLD_OF & Q(group=page.pk))
history.on("group", Owner, lambda page: Q(action__origin__group=page.pk))
history.on("group", Assignment, lambda page: Q(owner__action__origin__group=page.pk))


# -- The sentences --------------------------------------------------------------------------------

history.tell(
    Origin,
    about=_("Tasks made known"),
    called=("excerpt", "label"),
    added="",
    removed="",
    fields={"live_from": Change(_("%(who)s made it known to the group."))},
    unsaid={
        "kind": NEVER_CHANGES,
        "key": NEVER_CHANGES,
        "group": NEVER_CHANGES,
        "label": DERIVED,
        "occasion_on": DERIVED,
        "line_id": "a code of our own",
        "excerpt": DERIVED,
        "audience": DERIVED,
    },
)

history.tell(
    ActionItem,
    about=_("Tasks and requests"),
    called=("text", "origin.label"),
    added=ngettext_lazy(
        "%(who)s noted a task or a request.",
        "%(who)s noted %(count)s tasks or requests.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s removed a task or a request.",
        "%(who)s removed %(count)s tasks or requests.",
        "count",
    ),
    fields={
        "kind": Change(_("%(who)s changed what it is: %(old)s → %(new)s.")),
        "text": Change(_("%(who)s changed the wording of what is to be done.")),
        "recipient_organisation": Change(
            changed=_("%(who)s changed who waits for it: %(old)s → %(new)s."),
            given=_("%(who)s said who waits for it: %(new)s."),
            cleared=_("%(who)s removed who waits for it: %(old)s."),
        ),
        "recipient_person": Change(
            changed=_("%(who)s changed who waits for it: %(old)s → %(new)s."),
            given=_("%(who)s said who waits for it: %(new)s."),
            cleared=_("%(who)s removed who waits for it: %(old)s."),
        ),
        "recipient_group": Change(
            changed=_("%(who)s changed who waits for it: %(old)s → %(new)s."),
            given=_("%(who)s said who waits for it: %(new)s."),
            cleared=_("%(who)s removed who waits for it: %(old)s."),
        ),
        "due": Change(
            changed=_("%(who)s moved the due date from %(old)s to %(new)s."),
            given=_("%(who)s set the due date: %(new)s."),
            cleared=_("%(who)s removed the due date, %(old)s."),
            show=_when,
        ),
        "hidden_at": Change(
            given=_("%(who)s took it off: it no longer stands."),
            cleared=_("%(who)s brought it back."),
        ),
    },
    unsaid={
        "origin": NEVER_CHANGES,
        "due_on": DERIVED,
        "created_at": "never changes; the entry of the adding has the time",
    },
)

history.tell(
    Owner,
    about=_("Owners"),
    called=("person", "organisation", "group", "owner_set", "action"),
    added=ngettext_lazy(
        "%(who)s named an owner for a task.",
        "%(who)s named %(count)s owners for tasks.",
        "count",
    ),
    removed=ngettext_lazy(
        "%(who)s removed an owner of a task.",
        "%(who)s removed %(count)s owners of tasks.",
        "count",
    ),
    fields={
        "person": Change(_("%(who)s gave a task to another owner: %(old)s → %(new)s.")),
        "organisation": Change(_("%(who)s gave a task to another owner: %(old)s → %(new)s.")),
        "group": Change(_("%(who)s gave a task to another owner: %(old)s → %(new)s.")),
        "removed_at": Change(
            given=_("%(who)s took an owner off a task."),
            cleared=_("%(who)s put an owner back on a task."),
        ),
    },
    unsaid={
        "action": NEVER_CHANGES,
        "owner_set": NEVER_CHANGES,
        "position": "the order in which owners are listed says nothing of what they are to do",
    },
)

history.tell(
    Assignment,
    about=_("Answers"),
    called=("person", "organisation", "group", "owner.action"),
    added="",
    removed=ngettext_lazy(
        "%(who)s removed an owner's part of a task.",
        "%(who)s removed %(count)s owners' parts of tasks.",
        "count",
    ),
    fields={
        "person": Change(
            changed=_("%(who)s gave a part of a task to another: %(old)s → %(new)s."),
            given=_("%(who)s gave a part of a task to %(new)s."),
            cleared=_("%(who)s took a part of a task from %(old)s."),
        ),
        "organisation": Change(
            changed=_("%(who)s gave a part of a task to another: %(old)s → %(new)s."),
            given=_("%(who)s gave a part of a task to %(new)s."),
            cleared=_("%(who)s took a part of a task from %(old)s."),
        ),
        "group": Change(_("%(who)s gave a part of a task to another: %(old)s → %(new)s.")),
        "state": Change(_("%(who)s changed the answer: %(old)s → %(new)s.")),
        "reason": Change(
            changed=_("%(who)s changed the reason of the answer."),
            given=_("%(who)s gave a reason for the answer."),
            cleared=_("%(who)s removed the reason of the answer."),
        ),
    },
    unsaid={
        "owner": NEVER_CHANGES,
        "answered_at": "the entry of the answer has the time",
        "answered_by": "the entry of the answer names them",
    },
)
