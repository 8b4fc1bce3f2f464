"""What is measured: a meeting of 40 items, and shared minutes as long as a real memo."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from core.richtext import mint
from directory.models import Group, Membership, Organisation, Person
from meetings.models import AgendaItem, Meeting
from meetings.services.agenda import add_item
from meetings.services.attendance import everyone_present
from meetings.services.minutes import save_item
from meetings.services.planning import create_meeting
from meetings.services.publishing import share

NOW = datetime(2026, 11, 10, 13, 0, tzinfo=UTC)
SENTENCE = (
    "Työryhmä keskusteli siitä, miten oppilaitosten yhteisöllistä opiskeluhuoltotyötä "
    "kehitetään kunnissa ja hyvinvointialueella."
)


@dataclass(frozen=True)
class Scene:
    """Ids and the cookie that the benchmarks need."""

    session: str
    workspace: int  # a meeting of 40 items
    item: int  # one of them, of 9 kB
    shared: int  # minutes as long as a real memo
    draft: int  # the same, not shared
    rows: int  # an item of 50 lines, for the read floor


def body(lines: int) -> str:
    """`lines` lines of text: paragraphs, each with lists down to five levels."""
    parts = []
    while lines > 0:
        parts.append(f'<p data-line="{mint()}">{SENTENCE}</p>')
        depth = min(5, lines - 1)
        for level in range(depth):
            tag = ("ul", "ol", 'ol type="a"', 'ol type="i"', "ul")[level]
            parts.append(f'<{tag}><li><p data-line="{mint()}">{SENTENCE}</p>')
        parts += [f"</li></{tag}>" for tag in ("ul", "ol", "ol", "ol", "ul")[:depth][::-1]]
        lines -= depth + 1
    return "".join(parts)


def build() -> Scene:
    """Fill the empty database."""
    county = Organisation.objects.create(
        kind="county", name_fi="Länsi-Uudenmaan hyvinvointialue", name_sv="", short_fi="LUVN"
    )
    group = Group.objects.create(
        kind="cooperation", slug="bench", name_fi="Alueellinen yhteistyöryhmä", host=county
    )
    writer = Person.objects.create(name="Kirjo Sihteeri", email="bench@example.org")
    Membership.objects.create(group=group, person=writer, role="secretary", organisation=county)
    for number in range(15):
        Membership.objects.create(
            group=group,
            person=Person.objects.create(name=f"Jäsen Numero{number}"),
            organisation=Organisation.objects.create(
                kind="municipality", is_provider=True, name_fi=f"Kunta {number}"
            ),
        )
    workspace = _meeting(group, writer, items=[8] * 39 + [60])
    # The real memo: three items, 51 lines, sixteen people.
    shared = _meeting(group, writer, items=[33, 11, 7])
    draft = _meeting(group, writer, items=[33, 11, 7])
    share(meeting=shared, by=writer, now=NOW)
    rows = AgendaItem.objects.filter(meeting=workspace).order_by("-position")[0]
    return Scene(
        session=_log_in(writer),
        workspace=workspace.pk,
        item=rows.pk,
        shared=shared.pk,
        draft=draft.pk,
        rows=rows.pk,
    )


def typing_meetings() -> tuple[tuple[int, int], tuple[int, int]]:
    """A meeting of 100 items with 5,000 lines and an empty one: each with an item to write in."""
    group = Group.objects.get(slug="bench")
    writer = Person.objects.get(email="bench@example.org")
    long = _meeting(group, writer, items=[50] * 100)
    empty = _meeting(group, writer, items=[])
    item = add_item(meeting=empty, title="Asia", by=writer)
    return (long.pk, long.items.order_by("position")[50].pk), (empty.pk, item.pk)


def _meeting(group: Group, by: Person, *, items: list[int]) -> Meeting:
    meeting = create_meeting(
        group=group,
        title="Opiskeluhuollon yhteistyöryhmän kokous",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=2),
        place="Omnia",
        by=by,
        now=NOW,
    )
    everyone_present(meeting=meeting, by=by)
    for number, lines in enumerate(items, start=1):
        item = add_item(meeting=meeting, title=f"Asia {number}", minutes=10, by=by)
        html = body(lines)
        first = html.split('data-line="')[1][:15]
        save_item(
            item=item,
            base=0,
            token=uuid4(),
            html=html,
            marks={
                first: [
                    {"kind": "agreed"},
                    {
                        "kind": "task",
                        "owners": [{"type": "organisation", "id": str(group.host_id)}],
                        "due": "next_meeting",
                    },
                ]
            },
            by=by,
            now=NOW,
        )
    return meeting


def _log_in(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key or ""
