"""After a redaction the text is found nowhere: rows, history, files, renditions."""

from io import BytesIO
from uuid import uuid4

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from pypdf import PdfReader

from core import pdf
from core.models import StoredFile
from core.richtext import mint
from meetings.integrity import drift
from meetings.models import Attachment, DocumentVersion, Redaction, Rendition
from meetings.services.agenda import attach_file, update_item
from meetings.services.minutes import Redacted, save_item
from meetings.services.planning import update_meeting
from meetings.services.redaction import CannotRedact, redact
from tests import samples
from tests.cast import NOW, Cast, do_share, write
from tests.factories import AgendaItemFactory, MeetingFactory

A, B = mint(), mint()
CODE = "131052-308T"  # the authority's own example of an identity code
SPLIT = CODE[:7] + "<strong>" + CODE[7:] + "</strong>"


def everything_in_the_database() -> str:
    """Every row of every table as text, binary columns included."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    for rendition in Rendition.objects.all():
        content = bytes(rendition.content)
        if rendition.format == "pdf":
            found += [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
        else:
            found.append(content.decode())
    return "\n".join(found)


def do_redact(
    cast: Cast, needle: str, kind: str = "identity_code", reason: str = "GDPR"
) -> Redaction:
    return redact(
        meeting=cast.meeting, needle=needle, kind=kind, reason=reason, by=cast.secretary, now=NOW
    )


def test_a_code_is_found_nowhere_after_it_was_redacted(cast: Cast) -> None:
    mark = [{"kind": "task", "owners": [{"type": "organisation", "id": str(cast.omnia.pk)}]}]
    update_item(item=cast.item, by=cast.secretary, title=f"Asia {CODE}")
    write(cast, f'<p data-line="{A}">Tunnus {CODE.lower()} ja muuta</p>', {A: mark})
    write(cast, f'<p data-line="{A}">Tunnus {SPLIT} ja muuta &amp; lisää</p>', {A: mark})
    version = do_share(cast, confirmed_codes=True)
    elsewhere = AgendaItemFactory(meeting=MeetingFactory(group=cast.group))
    write(cast, f'<p data-line="{B}">Sama {CODE} toisaalla</p>', item=elsewhere)
    assert CODE in everything_in_the_database().upper()

    redaction = do_redact(cast, CODE)

    assert redaction.places > 5
    text = everything_in_the_database()
    assert CODE not in text.upper()
    assert CODE[7:] not in text.upper()
    assert "ja muuta" in text
    cast.item.refresh_from_db()
    assert "<strong></strong>" in cast.item.body or "[poistettu]" in cast.item.body
    assert (
        DocumentVersion.objects.get(pk=version.pk).data["items"][0]["title"] == "Asia [poistettu]"
    )
    assert version.renditions.count() == 3


def test_a_name_is_removed_from_this_meeting_only(cast: Cast) -> None:
    other = AgendaItemFactory(meeting=MeetingFactory(group=cast.group))
    write(cast, f'<p data-line="{A}">Oppilas Ville Esimerkki &amp; äiti</p>')
    write(cast, f'<p data-line="{B}">Ville Esimerkki</p>', item=other)
    do_share(cast, confirmed_codes=True)

    do_redact(cast, "Ville Esimerkki & äiti", kind="name")

    cast.item.refresh_from_db()
    assert cast.item.body == f'<p data-line="{A}">Oppilas [poistettu]</p>'
    other.refresh_from_db()
    assert "Ville Esimerkki" in other.body


def render_pdf(text: str) -> bytes:
    page = f"<!DOCTYPE html><html lang='fi'><title>x</title><p>{text}</p></html>"
    return pdf.render_pdf(page, title="x", language="fi", author="x", created=NOW)


def test_files_that_hold_the_code_are_removed(cast: Cast) -> None:
    words = f"<w:t>{CODE[:5]}</w:t><w:t>{CODE[5:]}</w:t>"
    for name, content in (
        ("muistio.txt", f"tunnus {CODE}".encode()),
        ("lomake.docx", samples.office(**{"word/document.xml": words})),
        ("lomake.pdf", render_pdf(CODE)),
        ("puhdas.txt", b"ei mitaan"),
    ):
        attach_file(
            item=cast.item,
            title="",
            upload=ContentFile(content, name=name),
            by=cast.secretary,
            now=NOW,
        )

    do_redact(cast, CODE)

    left = Attachment.objects.order_by("pk").values_list("filename", flat=True)
    assert list(left) == ["puhdas.txt"]
    assert StoredFile.objects.count() == 1


def test_a_meetings_own_fields_and_their_history_are_cleaned(cast: Cast) -> None:
    update_meeting(meeting=cast.meeting, by=cast.secretary, place="Maija Meikäläisen koti")
    update_meeting(meeting=cast.meeting, by=cast.secretary, place="Omnia")

    do_redact(cast, "Maija Meikäläisen", kind="other")

    assert "Meikäläisen" not in everything_in_the_database()


@pytest.mark.parametrize(
    ("needle", "kind", "reason", "code"),
    [
        ("ab", "other", "syy", "too_short"),
        ("131052-308X", "identity_code", "syy", "not_a_code"),
        ("Ville", "name", "poistetaan Ville", "in_reason"),
        ("ei missään", "other", "syy", "not_found"),
    ],
)
def test_what_cannot_be_redacted_is_said(
    cast: Cast, needle: str, kind: str, reason: str, code: str
) -> None:
    with pytest.raises(CannotRedact) as caught:
        do_redact(cast, needle, kind, reason)
    assert caught.value.code == code
    assert not Redaction.objects.exists()


def test_the_log_has_an_actor_and_the_history_too(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}">Tunnus {CODE}</p>')
    update_item(item=cast.item, by=cast.secretary, title=f"Asia {CODE}")

    redaction = do_redact(cast, CODE)

    assert redaction.redacted_by == cast.secretary
    event = cast.item.pgh_event_model.objects.order_by("-pgh_id").select_related("pgh_context")[0]
    assert event.title == "Asia [poistettu]"
    assert event.pgh_context.metadata["actor"] == cast.secretary.pk


@pytest.mark.django_db(transaction=True)
def test_the_apps_role_may_redact_but_only_by_the_procedure(
    cast: Cast, app_role: psycopg.Connection
) -> None:
    write(cast, f'<p data-line="{A}">Tunnus {CODE}</p>')
    do_share(cast, confirmed_codes=True)

    app_role.execute(
        "CALL meetings_redact(%s, %s, '[poistettu]', 'identity_code', 'r', now(), %s, NULL, NULL)",
        [cast.meeting.pk, CODE, cast.secretary.pk],
    )
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        app_role.execute(
            "CALL meetings_redact(%s, %s, 'oma teksti', 'name', 'r', now(), %s, NULL, NULL)",
            [cast.meeting.pk, "Tunnus", cast.secretary.pk],
        )


@pytest.mark.parametrize("needle", ["Mark", "Ali", "Due", "strong", "Ida"])
def test_a_name_is_removed_as_a_word_and_never_out_of_a_key_or_a_tag(
    cast: Cast, needle: str
) -> None:
    task = [{"kind": "task", "owners": [], "due": "2025-01"}]
    text = f"<strong>{needle}</strong> oli realistinen, markka, idaho, duet"
    write(cast, f'<p data-line="{A}">{text}</p>', {A: task})
    version = do_share(cast, confirmed_codes=True)

    do_redact(cast, needle, kind="name")

    cast.item.refresh_from_db()
    assert cast.item.body == (
        f'<p data-line="{A}"><strong>[poistettu]</strong> oli realistinen, markka, idaho, duet</p>'
    )
    assert cast.item.marks[A][0]["due"] == "2025-01"
    frozen = DocumentVersion.objects.get(pk=version.pk).data
    assert frozen["items"][0]["html"] == cast.item.body
    assert frozen.keys() == version.data.keys()


def test_a_browser_with_the_old_text_cannot_bring_it_back(cast: Cast) -> None:
    html = f'<p data-line="{A}">Tunnus {CODE}</p>'
    write(cast, html)
    do_redact(cast, CODE)
    with pytest.raises(Redacted):
        save_item(
            item=cast.item,
            base=1,
            token=uuid4(),
            html=html.replace("Tunnus", "Tunnus on"),
            marks={},
            by=cast.secretary,
            now=NOW,
        )
    write(cast, f'<p data-line="{A}">Tunnus poistettiin</p>')
    assert list(drift()) == []


@pytest.mark.parametrize("hyphen", ["\u2011", "\u2013"])
def test_a_code_with_another_hyphen_is_removed_too(cast: Cast, hyphen: str) -> None:
    write(cast, f'<p data-line="{A}">Tunnus {CODE.replace("-", hyphen)}</p>')
    do_redact(cast, CODE.replace("-", hyphen))
    cast.item.refresh_from_db()
    assert cast.item.body == f'<p data-line="{A}">Tunnus [poistettu]</p>'


def test_a_code_in_an_address_is_removed(cast: Cast) -> None:
    write(cast, f'<p data-line="{A}"><a href="https://example.org/{CODE}">linkki</a></p>')
    do_redact(cast, CODE)
    assert CODE not in everything_in_the_database()
