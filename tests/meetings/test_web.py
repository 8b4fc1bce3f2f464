"""Minutes on the web: who stands in them by role, what stays out, until when, and how they go."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from actions.models import ActionItem
from directory.enums import Publicity
from directory.models import Affiliation, Organisation
from meetings.models import Attachment, Meeting, PublicCopy
from meetings.services import agenda, filing, publishing
from meetings.services.redaction import redact
from meetings.tasks import erase_web_copies
from tests import samples
from tests.cast import NOW, Cast, do_share, write
from tests.core.test_pdf import failures
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    MeetingFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)
from tests.meetings.pages import browser, text, url

STUDENT, GUARDIAN, SPEAKER = "Venla Koivuharju", "Ilmari Suoniemi", "Oona Rantapelto"
NEVER = ("Koivuharju", "Suonieme", "Suoniemi", "Rantapelto", "Rantapello", "koivuharju")


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Minutes in which representatives are named wherever a name can stand."""
    body = OrganisationFactory(
        kind=Organisation.Kind.STUDENTS, name_fi="Omnian opiskelijakunta", is_provider=False
    )
    people = [
        MembershipFactory(group=cast.group, person__name=STUDENT, seat="students").person,
        MembershipFactory(group=cast.group, person__name=GUARDIAN, seat="guardians").person,
        PersonFactory(name=SPEAKER),
    ]
    Affiliation.objects.create(person=people[2], organisation=body)
    for person in people:
        AttendanceFactory(
            meeting=cast.meeting, person=person, name=person.name, mode="in_person", role="member"
        )
    AttendanceFactory(
        meeting=cast.meeting, name="Vieno Vieras", organisation_name=body.name_fi, mode="remote"
    )
    AttendanceFactory(meeting=cast.meeting, name="Pekka Virkamies", mode="in_person")
    Meeting.objects.filter(pk=cast.meeting.pk).update(title=f"Kokous, alustaa {STUDENT}")
    cast.item.presenter, cast.item.title = GUARDIAN, "Oona Rantapellon esitys"
    cast.item.save()
    owner = {"type": "person", "id": str(people[0].pk), "name": STUDENT}
    write(
        cast,
        '<p data-line="aaaaaaaaaaaaaaa"><strong>Venla</strong> Koivuharjun aloite.</p>'
        '<p data-line="bbbbbbbbbbbbbbb">Kysy <a href="mailto:venla.koivuharju@omnia.example">'
        "Venlalta</a>. Pekka Virkamies vastaa.</p>"
        '<p data-line="ccccccccccccccc" lang="sv">Ilmari Suoniemis förslag.</p>',
        {"aaaaaaaaaaaaaaa": [{"kind": "task", "owners": [owner], "recipient": owner, "due": ""}]},
    )
    secret = AgendaItemFactory(
        meeting=cast.meeting, title="Salainen", visibility="secret", secrecy="JulkL 24 §"
    )
    write(cast, '<p data-line="ddddddddddddddd">Salattu sana.</p>', item=secret)
    members = AgendaItemFactory(meeting=cast.meeting, title="Jäsenille", visibility="members")
    write(cast, '<p data-line="eeeeeeeeeeeeeee">Sisäinen sana.</p>', item=members)
    return cast


def fresh(cast: Cast) -> Meeting:
    return Meeting.objects.select_related("group__host").get(pk=cast.meeting.pk)


def shared(cast: Cast, publicity: str = Publicity.PUBLIC) -> None:
    Meeting.objects.filter(pk=cast.meeting.pk).update(publicity=publicity)
    do_share(cast)


def post(cast: Cast, **fields: Any) -> HttpResponse:
    """Publish as the secretary does, on the form as it is shown."""
    client = browser(cast.secretary)
    page = client.get(url("publish", cast.meeting))
    fields = {
        "seen": page.context["form"].initial["seen"],
        "remove_on": timezone.localdate() + timedelta(days=100),
        "checked": "on",
    } | fields
    return client.post(url("publish", cast.meeting), fields)


def public(cast: Cast) -> HttpResponse:
    return Client().get(f"/public/minutes/{cast.meeting.pk}/")


def test_representatives_stand_by_role_in_page_and_pdf_and_what_is_not_public_is_not_there(
    written: Cast,
) -> None:
    shared(written)
    assert public(written).status_code == 404  # sharing is not publishing
    assert post(written).status_code == 302
    page = public(written)
    pdf = Client().get(f"/public/minutes/{written.meeting.pk}/pdf/").content
    reader = PdfReader(BytesIO(pdf))
    inside = "".join(one.extract_text() for one in reader.pages) + str(reader.metadata)
    xmp = bytes(reader.root_object["/Metadata"].get_data())  # type: ignore[attr-defined]
    for name in (*NEVER, "Salattu", "Salainen", "Sisäinen", "Jäsenille", "Vieras"):
        assert name not in page.content.decode()
        assert name not in inside
        assert name.encode() not in xmp
        assert name.encode() not in pdf
    words = text(page)
    for sentence in (
        "Kokous, alustaa opiskelijoiden edustaja",
        "Opiskelijoiden edustajan esitys",
        ": huoltajien edustaja</p>",  # the presenter
        "<strong>Opiskelijoiden edustajan</strong> aloite.",
        "Vårdnadshavarnas representants förslag.",
        "Vastuu: opiskelijoiden edustaja · Saaja: opiskelijoiden edustaja",
        "Pekka Virkamies vastaa.",
        'translate="no">Pekka Virkamies</span>',
    ):
        assert sentence in words
    assert words.count('translate="no">opiskelijoiden edustaja</span>') == 3
    assert words.count('translate="no">huoltajien edustaja</span>') == 1
    assert failures(pdf) == []


def test_doubtful_names_are_listed_and_somebody_must_have_read_it(written: Cast) -> None:
    shared(written)
    page = text(browser(written.secretary).get(url("publish", written.meeting)))
    assert "<strong>Venlalta</strong>" in page
    assert "2 items that are not for everyone are left out." in page
    refused = post(written, checked="")
    assert refused.status_code == 400
    assert "Read it through first, then tick this box." in text(refused)
    assert not PublicCopy.objects.exists()


@pytest.mark.parametrize(
    ("publicity", "why"),
    [
        (Publicity.UNTIL_APPROVED, "internal until the group has approved them"),
        (Publicity.MEMBERS, "They can’t be put on the web."),
        (Publicity.SECRET, "They can’t be put on the web."),
    ],
)
def test_only_what_the_class_allows_goes_on_the_web(
    cast: Cast, publicity: Publicity, why: str
) -> None:
    Meeting.objects.filter(pk=cast.meeting.pk).update(secrecy="JulkL 24 § 1 mom. 25 kohta")
    shared(cast, publicity)
    client = browser(cast.secretary)
    assert why in text(client.get(url("publish", cast.meeting)))
    assert client.post(url("publish", cast.meeting), {"checked": "on"}).status_code == 200
    assert not PublicCopy.objects.exists()


def test_approved_minutes_that_were_internal_until_then_go_on_the_web(cast: Cast) -> None:
    version = do_share(cast)
    publishing.approve(version=version, by=cast.secretary, now=NOW)
    assert post(cast).status_code == 302
    assert public(cast).status_code == 200


def test_on_its_day_it_is_gone_and_the_night_job_erases_it(cast: Cast) -> None:
    shared(cast)
    with time_machine.travel(datetime(2026, 11, 10, 12, tzinfo=UTC), tick=False):
        assert post(cast, remove_on="2026-11-11", noindex="on").status_code == 302
        assert public(cast)["X-Robots-Tag"] == "noindex"
    # 23.59 in Helsinki, and a minute later
    with time_machine.travel(datetime(2026, 11, 11, 21, 59, tzinfo=UTC), tick=False):
        assert public(cast).status_code == 200
        erase_web_copies(0)
        assert public(cast).status_code == 200
    with time_machine.travel(datetime(2026, 11, 11, 22, 0, tzinfo=UTC), tick=False):
        gone = public(cast)
        assert gone.status_code == 410
        assert cast.meeting.title not in gone.content.decode()
        assert Client().get(f"/public/minutes/{cast.meeting.pk}/pdf/").status_code == 410
        page = text(
            Client(headers={"accept-language": "en"}).get(f"/public/groups/{cast.group.slug}/")
        )
        assert "on the web now" in page
        assert f"/public/minutes/{cast.meeting.pk}/" not in page
        erase_web_copies(0)
    row = PublicCopy.objects.get()
    assert (row.html, bytes(row.pdf), row.withdrawn_by) == ("", b"", None)
    assert row.withdrawn_at is not None


def test_it_is_taken_down_at_once_by_a_button_and_may_come_back(cast: Cast) -> None:
    shared(cast)
    post(cast)
    assert browser(cast.member).post(url("withdraw", cast.meeting)).status_code == 403
    done = browser(cast.secretary).post(url("withdraw", cast.meeting), follow=True)
    assert "have been taken off the web" in text(done)
    assert public(cast).status_code == 410
    row = PublicCopy.objects.get()
    assert (row.html, bytes(row.pdf), row.withdrawn_by) == ("", b"", cast.secretary)
    post(cast)
    assert public(cast).status_code == 200


def test_what_becomes_closed_or_is_redacted_leaves_the_web_at_once(cast: Cast) -> None:
    write(cast, '<p data-line="aaaaaaaaaaaaaaa">Nimi Nimetön</p>')
    shared(cast)
    post(cast)
    redact(
        meeting=cast.meeting,
        needle="Nimi Nimetön",
        kind="name",
        reason="pyyntö",
        by=cast.secretary,
        now=NOW,
    )
    assert public(cast).status_code == 410
    post(cast)
    assert "Nimetön" not in text(public(cast))
    client, page = browser(cast.secretary), url("records", cast.meeting)
    before = client.get(page)
    assert "These minutes are on the web now." in text(before)
    fields = before.context["form"].initial | {"publicity": "members"}
    done = client.post(page, {k: v for k, v in fields.items() if v}, follow=True)
    assert "The minutes have been taken off the web." in text(done)
    assert public(cast).status_code == 410


@pytest.mark.parametrize("before", [True, False])
def test_an_observer_hears_nothing_of_closed_minutes_tasks(cast: Cast, before: bool) -> None:
    owner = {"type": "organisation", "id": str(cast.espoo.pk), "name": "Espoo"}
    task = {"kind": "task", "owners": [owner], "recipient": None, "due": ""}
    write(cast, '<p data-line="aaaaaaaaaaaaaaa">Espoo tekee.</p>', {"aaaaaaaaaaaaaaa": [task]})

    def note(publicity: str) -> None:
        meeting = fresh(cast)
        filing.set_record(meeting=meeting, by=cast.secretary, now=NOW, publicity=publicity)

    if before:
        note("members")
    do_share(cast)
    if not before:
        note("members")
    seen = ActionItem.objects.visible_to
    assert (seen(cast.observer).count(), seen(cast.member).count()) == (0, 1)
    note("public")
    assert (seen(cast.observer).count(), seen(cast.member).count()) == (1, 1)


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u200d"])
def test_a_sign_that_nobody_sees_hides_no_name(written: Cast, sign: str) -> None:
    hidden = f"Koivu{sign}harjulle annettiin <em>Oo{sign}na</em> Ranta{sign}pellon paikka."
    write(written, f'<p data-line="aaaaaaaaaaaaaaa">{hidden}</p>')
    shared(written)
    post(written)
    page = text(public(written)).replace(sign, "")
    assert [word for word in NEVER if word in page] == []
    assert "annettiin" in page


def test_a_newer_version_or_a_new_representative_asks_to_read_it_again(cast: Cast) -> None:
    write(cast, '<p data-line="aaaaaaaaaaaaaaa">Toini Uusi esitteli.</p>')
    shared(cast)
    before = browser(cast.secretary).get(url("publish", cast.meeting))
    MembershipFactory(group=cast.group, person__name="Toini Uusi", seat="students")
    refused = post(cast, seen=before.context["form"].initial["seen"])
    assert refused.status_code == 400
    assert "has changed since you read it" in text(refused)
    assert not PublicCopy.objects.exists()
    assert post(cast, seen=refused.context["form"]["seen"].value()).status_code == 302
    assert "Opiskelijoiden edustaja esitteli." in text(public(cast))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "This field is required."),
        ("2026-11-10", "Choose a day to come."),
        ("2050-01-01", "Choose a day before"),
        ("x", "Enter a valid date."),
    ],
)
@time_machine.travel(datetime(2026, 11, 10, 12, tzinfo=UTC), tick=False)
def test_it_has_a_day_on_which_it_goes(cast: Cast, day: str, said: str) -> None:
    shared(cast)
    refused = post(cast, remove_on=day)
    assert refused.status_code == 400
    assert said in text(refused)


def test_a_file_goes_with_it_when_it_was_checked_and_chosen_and_leaves_with_it(
    cast: Cast, settings: Any, tmp_path: Any
) -> None:
    options = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    MembershipFactory(group=cast.group, person__name=STUDENT, seat="students")
    for name in ("hyvä.pdf", "toinen.pdf", "Koivuharjun-kirje.pdf", "tarkistamaton.pdf"):
        upload = ContentFile(samples.pdf(note=name), name=name)
        agenda.attach_file(item=cast.item, title="", upload=upload, by=cast.secretary, now=NOW)
    rows = {row.filename: row for row in Attachment.objects.select_related("file", "item__meeting")}
    shared(cast)
    for name in ("hyvä.pdf", "toinen.pdf", "Koivuharjun-kirje.pdf"):
        filing.check_attachment(attachment=rows[name], checked=True, by=cast.secretary, now=NOW)
    page = browser(cast.secretary).get(url("publish", cast.meeting))
    choices = [title for _sum, title in page.context["form"].fields["attached"].choices]
    assert choices == ["hyvä.pdf", "toinen.pdf"]
    post(cast, attached=[rows["hyvä.pdf"].file.sha256])  # type: ignore[union-attr]
    shown = public(cast).content.decode()
    assert [name for name in rows if name in shown] == ["hyvä.pdf"]
    base = f"/files/public/{cast.meeting.pk}/"
    links = {name: f"{base}{row.file.sha256}/{name}" for name, row in rows.items()}  # type: ignore[union-attr]

    def status(link: str) -> int:
        answer = Client().get(link)
        b"".join(answer)  # read to its end, so that its file is closed
        return answer.status_code

    answers = {name: status(link) for name, link in links.items()}
    assert answers == dict.fromkeys(rows, 404) | {"hyvä.pdf": 200}
    browser(cast.secretary).post(url("withdraw", cast.meeting))
    assert status(links["hyvä.pdf"]) == 404


def test_only_groups_that_publish_have_a_public_page_of_few_queries(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    there = f"/public/groups/{cast.group.slug}/"
    assert Client().get(there).status_code == 404
    shared(cast)
    post(cast)
    with django_assert_num_queries(4):
        assert text(Client().get(there)).count("/pdf/") == 1
    for _number in range(2):
        meeting = MeetingFactory(group=cast.group, publicity=Publicity.PUBLIC)
        cast.meeting = meeting
        do_share(cast)
        post(cast)
    with django_assert_num_queries(4):
        assert text(Client().get(there)).count("/pdf/") == 3


def test_observers_do_not_see_what_is_for_members(cast: Cast) -> None:
    shared(cast, Publicity.MEMBERS)
    there = url("detail", cast.meeting)
    answers = [browser(who).get(there).status_code for who in (cast.member, cast.observer)]
    assert answers == [200, 404]
    for who in (cast.member, cast.observer, cast.secretary):
        seen = browser(who).get(there).status_code == 200
        assert Meeting.objects.visible_to(who).exists() == seen


def test_who_published_and_took_down_is_in_the_history(cast: Cast) -> None:
    shared(cast)
    post(cast)
    browser(cast.secretary).post(url("withdraw", cast.meeting))
    events = PublicCopy.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.pgh_context.metadata["actor"] for event in events] == [cast.secretary.pk] * len(
        events
    )
    assert not hasattr(events[0], "html")
