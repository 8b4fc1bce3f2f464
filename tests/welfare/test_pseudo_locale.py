"""Nothing that a person reads is left untranslated: a walk through the house in a pseudo-locale.

Every address of `tests/addresses.py` is opened by who sees different things there, and its forms
are sent, empty and filled in; then what has no address of its own, the mails, and the documents.
Whatever stands there has to be a translation, in the language that its element says, or what the
scene planted. New pages are walked by themselves once they stand in the table.
"""

import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from core import history, site_pages
from core.models import OutgoingMail, SitePage
from directory.models import Organisation, Person
from directory.services.invitations import invite
from meetings import export, rendering
from meetings.models import DocumentVersion, PublicCopy
from tests.addresses import FEW, TABLE, address, places
from tests.cast import Cast
from tests.directory.members_lists import Desk as ListReader
from tests.directory.members_lists import csv
from tests.factories import PASSWORD
from tests.meetings.documents import maximal
from tests.meetings.test_importing import MEMO, accepted
from tests.pseudo import BRACKETS, Fault, Known, faults, lacking, pseudo, said
from tests.scene import STATES, Role, Scene, Word, build
from tests.test_access import undone

TEMPLATES = settings.BASE_DIR / "templates"
# Says what broke without asking anything of the house, in three languages; its own test reads it.
_BY_ITSELF = {"500.html", "error.html"}


@dataclass
class Walk:
    """What was found on the way, and which templates were on it."""

    scene: Scene
    known: Known = field(default_factory=Known)
    wrong: dict[Fault, set[str]] = field(default_factory=lambda: defaultdict(set))
    templates: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    seen: int = 0

    def look(self, answer: HttpResponse, where: str) -> None:
        """Read an answer: a page, or JSON for a script."""
        if answer.streaming:
            b"".join(answer.streaming_content)  # a file is closed when it has been read
            return
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/csv"):
            for cell in answer.content.decode("utf-8-sig").replace("\r\n", ";").split(";"):
                self.note(said(cell, self.known, "en", "a heading of CSV"), where)
        if kind.startswith("text/html") and answer.content:
            self.note(faults(answer.content.decode(), self.known), where)
        elif kind == "application/json":
            self.note(self._json(json.loads(answer.content), ""), where)

    def note(self, found: list[Fault], where: str) -> None:
        """Keep what is wrong."""
        self.seen += 1
        for one in found:
            self.wrong[one].add(where)

    def _json(self, value: Any, key: str) -> list[Fault]:
        """Words in JSON: parts of a page, and what a script says."""
        if isinstance(value, dict):
            return [one for name, part in value.items() for one in self._json(part, name)]
        if isinstance(value, list):
            return [one for part in value for one in self._json(part, key)]
        if not isinstance(value, str) or key in _CODES or not value.strip():
            return []
        if "<" in value:
            return faults(value, self.known, language="en")
        return said(value, self.known, "fi" if key in _OF_THE_DOCUMENT else "en", f"JSON: {key}")

    def report(self) -> str:
        """Each fault once, with an example of where it is met."""
        return "\n".join(
            f"{one.what}: {one.text[:200]!r} in {one.where} ({len(where)} ×, {min(where)})"
            for one, where in self.wrong.items()
        )


# Keys in JSON whose values no person reads, and those whose words go into the minutes.
_CODES = {"agenda", "at", "csrf", "due", "effective", "id", "key", "kind", "language", "location"}
_CODES |= {"saved_at", "state", "type", "url"}
_OF_THE_DOCUMENT = {"name"}


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Walk]:
    """A scene that was built in pseudo-locales, so that its mails and documents are in them."""
    with django_db_blocker.unblock(), pseudo() as asked:  # type: ignore[attr-defined]
        with transaction.atomic():
            found = Walk(build(), asked=asked)

            def note(sender: object, template: Any, **more: object) -> None:
                found.templates.add(str(template.origin.name))

            template_rendered.connect(note)
            found.known.add_rows()
            found.known.add(planted(found.scene))
            yield found
            template_rendered.disconnect(note)
            transaction.set_rollback(True)
        connection.close()


def planted(scene: Scene) -> Iterator[str]:
    """Words of the scene that stand in no column of texts, and the house's own prose."""
    yield from (f"Viesti {word}" for word in Word)
    yield from (circle.passkey.wrap().name for circle in scene.circles.values())
    yield from re.split(r"[\n,:()•]|\bo ", MEMO)
    yield from (MEMO, "o")  # a list's marker in it
    yield "tab, item"  # to who writes the script, not to who uses it
    county = Organisation.objects.filter(kind=Organisation.Kind.COUNTY).earliest("pk")
    for key in SitePage.Key:
        for language in BRACKETS:
            for name in (county.name_fi, county.name_sv):
                prose = site_pages.initial(key, language, controller=name)
                yield prose
                yield site_pages.as_html(prose)


def visit(walk: Walk, role: Role, states: tuple[str, ...] = FEW) -> None:
    """Open every address of the own group as that role."""
    client = walk.scene.browser(role)
    for name, page in TABLE.items():
        if "GET" not in page.methods.split():
            continue
        for own, state, place in places(page, walk.scene, states):
            if own:
                with undone(client):
                    walk.look(client.get(address(name, place)), f"{role} {name} {state}")


def send(walk: Walk, role: Role, *, filled: bool, script: bool = False) -> None:
    """Send every form of the own group as that role, and read what comes of it.

    Empty, to see its errors; filled in, where it is taken and where the meeting has gone too far.
    """
    client = walk.scene.browser(role)
    asked: dict[str, Any] = {"headers": {"accept": "application/json"}} if script else {}
    for name, page in TABLE.items():
        if "POST" not in page.methods.split() or (script and page.of != "meeting"):
            continue
        tried = set()
        for own, state, place in places(page, walk.scene, FEW):
            status = page.answer(role, "POST", state=state)
            if own and status not in (403, 404, *tried):
                tried.add(status if filled else 302)
                with undone(client):
                    data: Any = page.data(walk.scene, place) if filled else {}
                    walk.known.add([*data.values()])
                    there = address(name, place)
                    if page.content_type:
                        data = json.dumps(data)
                        answer = client.post(there, data, page.content_type, **asked)
                    else:
                        answer = client.post(there, data, follow=not script, **asked)
                    walk.look(answer, f"{role} sends {name} {state} {answer.status_code}")


# -- What has no address of its own ----------------------------------------------------------------


def too_late(walk: Walk) -> None:
    """A form that came after its time, or from elsewhere; and one sent while looking as another."""
    account = reverse("account")
    client = Client(enforce_csrf_checks=True)
    client.cookies = walk.scene.browser(Role.MEMBER).cookies
    walk.look(client.post(account, {"name": "Uusi Nimi"}), "a stale form")
    strange = client.post(account, headers={"origin": "https://example.org"})
    walk.look(strange, "a form of another site")
    client = walk.scene.browser(Role.COORDINATOR)
    client.post(reverse("directory:look", args=[walk.scene.own.slug]), {"part": "member"})
    walk.look(client.get("/"), "looking")
    settings_page = address("meetings:settings", walk.scene.places["draft"])
    walk.look(client.post(settings_page, {"title": "Uusi kunta"}), "refused while looking")
    client.post(reverse("directory:stop_looking"))
    walk.look(client.get(reverse("resume")), "sent again after looking")


def codes(walk: Walk) -> None:
    """In by a code and a second step; a forgotten password; an address that nobody has."""
    client, member = walk.scene.browser(Role.ANONYMOUS), walk.scene.people[Role.MEMBER]
    asked, confirm = reverse("account_request_login_code"), reverse("account_confirm_login_code")
    walk.look(client.post(asked, {"email": member.email}, follow=True), "a code was sent")
    walk.look(client.post(confirm, {"code": "XXXX-XXXX"}), "a wrong code")
    [code] = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", newest_mail().text)
    walk.known.add([code])
    walk.look(client.post(confirm, {"code": code}, follow=True), "the second step")
    walk.look(client.post(reverse("mfa_authenticate"), {"code": "000000"}), "a wrong second step")
    other = walk.scene.browser(Role.ANONYMOUS)
    for email in (member.email, "nobody@example.org"):
        for name in ("account_reset_password", "account_request_login_code"):
            walk.look(other.post(reverse(name), {"email": email}, follow=True), name)
    mails = OutgoingMail.objects.filter(to=member.email).order_by("-pk")
    [link] = re.findall(
        r"http://\S+(/account/password/reset/key/\S+)", "".join(m.text for m in mails)
    )
    walk.look(other.get(link, follow=True), "another password")
    cache.clear()
    for _try in range(40):
        answer = other.post(reverse("account_login"), {"login": "a@example.org", "password": "x"})
        walk.look(answer, f"a wrong password {answer.status_code}")
        if answer.status_code == 429:
            break
    else:
        raise AssertionError("one may try for ever")
    cache.clear()


def passwords(walk: Walk) -> None:
    """A password is changed, and one is chosen where there was none."""
    new = "another passphrase that is long"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client = walk.scene.browser(Role.STRANGER)
    walk.look(client.post(reverse("account_change_password"), typed, follow=True), "changed")
    person = walk.scene.people[Role.STRANGER]
    Person.objects.filter(pk=person.pk).update(password="!")
    person.refresh_from_db()
    client = walk.scene.browser(Role.STRANGER)
    there = reverse("account_set_password")
    walk.look(client.get(there), "choosing")
    walk.look(client.post(there, {"password1": "short", "password2": "other"}), "too short")
    walk.look(client.post(there, typed, follow=True), "chosen")


def closed_doors(walk: Walk) -> None:
    """Invitations that are not good, or not any more; minutes that are not on the web any more."""
    client = walk.scene.browser(Role.ANONYMOUS)
    walk.look(client.get(reverse("invitation", args=["broken"])), "a broken link")
    circle = walk.scene.circles[walk.scene.own]
    link = reverse("invitation", args=[circle.token])
    client.post(link, {"way": "code", "language": "fi"})
    walk.look(walk.scene.browser(Role.ANONYMOUS).get(link), "a used link")
    PublicCopy.objects.update(withdrawn_at=timezone.now(), html="", pdf=b"", files=[])
    gone = client.get(address("public:minutes", walk.scene.places["approved"]))
    walk.look(gone, "gone from the web")


def old_minutes(walk: Walk) -> None:
    """Old minutes are read, and the review comes back with errors."""
    client = walk.scene.browser(Role.COORDINATOR)
    there = reverse("meetings:import", args=[walk.scene.own.slug])
    for text in ("", MEMO):
        walk.look(client.post(there, {"text": text}), "old minutes, read")
    group = cast(Cast, SimpleNamespace(group=walk.scene.own))
    answer = accepted(client, group, MEMO, title="", date="32.3.2026")
    walk.look(cast(HttpResponse, answer), "old minutes, refused")


def members_lists(walk: Walk) -> None:
    """A list of members is read: questions, what is wrong, what it did."""
    reader = ListReader(walk.scene.browser(Role.COORDINATOR), walk.scene.own)
    head = ("Nimi", "Sähköposti", "Organisaatio", "Rooli", "Alkaen", "Jokin muu")
    good = ("Aarni Pohjonen", "aarni@example.org", "Espoo", "jäsen", "1.8.2026", "")
    wrong = [
        ("Vilho Virta", "vilho@example.org", "Kaukala", "jäsen", "", ""),
        ("Veera Lampi", "ei osoite", "Kaukala", "Kuningatar", "32.8.2026", "131052-308T"),
        (walk.scene.people[Role.MEMBER].name, "", "Espoo", "", "", ""),
        ("", "", "", "", "", ""),
    ]
    walk.known.add(
        ["Ei otsikoita", "Luettelo", *head, *good, *(cell for row in wrong for cell in row)]
    )
    walk.look(reader.give("Ei otsikoita\n"), "a list without headings")
    walk.look(reader.give(csv(head, good, *wrong)), "a list with mistakes")
    page = reader.give(csv(("Luettelo",), head, good))
    walk.look(page, "a list")
    done = reader.client.get(reader.accept(page)["Location"])
    walk.look(done, "a list that was read in")


def histories(walk: Walk) -> None:
    """What was done to one of each kind."""
    client = walk.scene.browser(Role.ADMINISTRATOR)
    for name, kind in history.kinds.items():
        for pk in kind.model._base_manager.order_by("pk").values_list("pk", flat=True)[:5]:
            walk.look(client.get(reverse("history", args=[name, pk])), f"history of {name}")


def sentences(walk: Walk) -> None:
    """Every sentence that a history can say, and each part of the house that acts by itself."""
    with translation.override("en"):
        for story in history.registry.stories.values():
            texts = [story.about, story.added, story.removed]
            texts += [
                text
                for change in story.fields.values()
                for text in (change.changed, change.given, change.cleared)
            ]
            for text in filter(None, texts):
                filled = {"who": "Yhteispöytä", "old": 1, "new": 2, "count": 2}
                walk.note(said(str(text % filled), walk.known, "en", story.label), "history")
        for part in history.registry.houses.values():
            walk.note(said(str(part), walk.known, "en", "house"), "history")


def letters(walk: Walk) -> None:
    """Invitations, and the mails that tell of a change."""
    circle = walk.scene.circles[walk.scene.own]
    for language in BRACKETS:
        for group in (walk.scene.own, None):
            Person.objects.filter(pk=circle.invited.pk).update(language=language)
            circle.invited.refresh_from_db()
            by = walk.scene.people[Role.ADMINISTRATOR]
            invite(person=circle.invited, group=group, by=by, now=timezone.now())
    for change in CHANGES:
        get_adapter().send_notification_mail(f"x/{change}", walk.scene.people[Role.MEMBER])


def read_mails(walk: Walk) -> None:
    """Every mail that has been written so far, each in its receiver's language."""
    for mail in OutgoingMail.objects.exclude(template="test"):
        where = f"mail {mail.template} {mail.language}"
        walk.note(said(mail.subject, walk.known, mail.language, "subject"), where)
        walk.note(said(mail.text, walk.known, mail.language, "text"), where)
        walk.note(faults(mail.html, walk.known), where)


CHANGES = (
    "password_changed password_reset password_set webauthn_added webauthn_removed totp_activated "
    "totp_deactivated recovery_codes_generated"
).split()


def newest_mail() -> OutgoingMail:
    return OutgoingMail.objects.latest("pk")


def messages(walk: Walk) -> None:
    """What allauth says in passing."""
    with translation.override("en"):
        for path in TEMPLATES.glob("*/messages/*.txt"):
            text = render_to_string(str(path.relative_to(TEMPLATES)))
            walk.note(said(text, walk.known, "en", path.name), "messages")


def documents(walk: Walk) -> None:
    """Minutes and agendas, for the web and for print, of each type, in each language."""
    data = maximal()
    walk.known.add([data])
    for language in BRACKETS:
        for kind, type in (("minutes", "memo"), ("minutes", "minutes"), ("agenda", "memo")):
            made = data | {
                "language": language,
                "kind": kind,
                "type": type,
                "items": [item | {"language": ""} for item in data["items"]],
            }
            where = f"{kind} {type} {language}"
            with translation.override("fi" if language == "en" else "en"):  # a reader's, of another
                title = rendering.document_title(made)
                walk.note(said(title, walk.known, language, "title"), where)
                for for_print in (False, True):
                    html = rendering.document_html(made, for_print=for_print)
                    walk.note(faults(html, walk.known, language=language), where)
    for place in walk.scene.places.values():
        for kind in DocumentVersion.Kind.values:
            html = export.draft(
                place.meeting, format="html", audience="coordinators", kind=kind
            ).decode()
            whole = export.standalone_html(html, meeting=place.meeting)
            walk.note(faults(whole, walk.known), f"draft {kind}")


WAYS = (
    too_late,
    codes,
    passwords,
    closed_doors,
    old_minutes,
    members_lists,
    letters,
    histories,
    sentences,
    messages,
    documents,
)


# What Django says of an object that is not there, to its own log.
_UNSEEN = {"No %s matches the given query."}


# -- The walk itself -------------------------------------------------------------------------------


def test_all_that_a_person_reads_is_translated(
    walk: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL, logger="django.request"):
        visit(walk, Role.COORDINATOR, STATES)
        for role in (Role.ADMINISTRATOR, Role.MEMBER, Role.CONTACT, Role.ANONYMOUS):
            visit(walk, role)
        for role in (Role.ADMINISTRATOR, Role.MEMBER, Role.ANONYMOUS):
            send(walk, role, filled=False)
            send(walk, role, filled=True)
        for filled in (False, True):
            send(walk, Role.ADMINISTRATOR, filled=filled, script=True)
        for way in WAYS:
            with transaction.atomic():
                way(walk)
                read_mails(walk)
                transaction.set_rollback(True)
    assert walk.wrong == {}, walk.report()
    assert walk.seen > 1000
    # Django's texts and allauth's have to be there too, in each language.
    asked = walk.asked - _UNSEEN
    missing = {language: lacking(asked, language) for language in ("fi", "sv")}
    assert missing == {"fi": [], "sv": []}
    all_templates = {path for path in TEMPLATES.rglob("*.*") if path.name not in _BY_ITSELF}
    assert all_templates - {Path(name) for name in walk.templates} == set()


PLANTED = [
    ("<p>⟦Saved⟧ meanwhile</p>", ["plain: meanwhile"]),
    ("<p>⟦Saved ⟨yesterday⟩⟧</p>", ["plain: yesterday"]),
    ("<p>⟦Saved ⟨⟦by ⟨Kati⟩⟧⟩⟧ 9.15, <b>Kati</b>: 3 December 2026 https://example.org/a</p>", []),
    ("<p>⟦Read <a href='x'>the minutes</a> there⟧</p>", []),
    ("<p>⟦Saved</p><p>there⟧</p>", ["unclosed: ⟦", "plain: there"]),
    ("<p>⟪Saved⟫</p><p lang='fi'>⟪Saved⟫</p>", ["language: fi in en: ⟪Saved⟫"]),
    ("<p lang='fi'>⟦Saved⟧</p>", ["language: en in fi: ⟦Saved⟧"]),
    ("<p>3 joulukuu 2026</p>", ["plain: 3 joulukuu 2026"]),
    ("<p>Katinka</p>", ["plain: Katinka"]),
    ("<img alt='A table' title='⟦Table⟧'>", ["plain: A table"]),
    ("<a aria-label='Open'>⟦Open⟧</a>", ["plain: Open"]),
    ("<input placeholder='Name' value='anything'>", ["plain: Name"]),
    ("<input type='submit' value='Send'>", ["plain: Send"]),
    ("<select><optgroup label='All'><option>Both</select>", ["plain: Both", "plain: All"]),
    ("<textarea>Text</textarea>", ["plain: Text"]),
    ("<meta name='description' content='A page'>", ["plain: A page"]),
    ('<script id="strings">{"Bold": "Bold", "%(a)s": "⟦⟨%(a)s⟩⟧"}</script>', ["plain: Bold"]),
    ("<script>var text = 1</script><style>p { color: red }</style>", []),
]


@pytest.mark.parametrize(("html", "found"), PLANTED)
def test_a_planted_plain_text_is_caught(html: str, found: list[str]) -> None:
    known = Known()
    known.add(["Kati", "planned"])
    wrong = faults(f"<html lang='en'><body>{html}</body></html>", known)
    assert [f"{one.what}: {one.text}" for one in wrong] == found
    assert known.texts == {"Kati"}  # a code is nobody's word


def test_what_lacks_a_translation_is_caught() -> None:
    with pseudo() as asked:
        gettext("Save")
        gettext("Nobody has said this")
        pgettext("nobody", "Save")
        ngettext("%(count)d member", "%(count)d members", 2)
        ngettext("%(n)d unknown", "%(n)d unknowns", 2)
    assert lacking(asked, "fi") == ["%(n)d unknown", "Nobody has said this", "nobody\x04Save"]


def test_translations_are_in_brackets_meanwhile() -> None:
    page = Template(
        "{% translate 'Save' %} {% blocktranslate count n=2 %}{{ n }} mail{% plural %}{{ n }} mails"
        "{% endblocktranslate %} {% translate 'May' context 'verb' %} {{ yes|yesno:_('yes,no') }}"
    )
    with translation.override("sv"):
        plain = page.render(Context({"yes": True}))
        with pseudo():
            said = page.render(Context({"yes": True}))
            with translation.override("fi"):
                assert str(gettext_lazy("%(day)s at %(hours)s")) == "⟪⟨%(day)s⟩ at ⟨%(hours)s⟩⟫"
        assert page.render(Context({"yes": True})) == plain
    assert said == "⦅Save⦆ ⦅⟨2⟩ mails⦆ ⦅May⦆ ⦅yes⦆"
