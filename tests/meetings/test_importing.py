"""Old minutes through the page and the command: nothing is saved before a person accepts."""

import json
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from actions.models import ActionItem
from directory.models import Organisation, Person
from meetings.enums import Mode
from meetings.integrity import drift
from meetings.models import AgendaItem, Attendance, ImportSource, Line, Mark, Meeting
from meetings.remarks import Code, remarks
from tests.cast import Cast
from tests.factories import MembershipFactory, PersonFactory

MEMO = """\
Yhteistyöryhmän kokous
12.3.2026
Aika ja paikka: klo 13.00-15.30, Omnia
Läsnä: Sanna Esimerkki (pj, Espoo), Otso Malli (sihteeri, Omnia), Vera Vieras (Kaukalo)
Etänä: Aino Etänen (Espoo)

1) Ajankohtaiset asiat
• Talousarvio
o Talousarvio julkaistaan lähipäivinä.
• Sovitaan, että Omnia jakaa Espooseen oman pohjansa tälle.

2) Muut asiat
Otso luonnostelee kirjeen ennen seuraavaa kokousta.
"""


@pytest.fixture
def secretary(cast: Cast, client: Client) -> Client:
    client.force_login(cast.secretary)
    Meeting.objects.all().delete()
    return client


def url(cast: Cast) -> str:
    return reverse("meetings:import", args=[cast.group.slug])


def accepted(client: Client, cast: Cast, text: str, **changes: str) -> object:
    """Send the review page's own fields back, some of them changed."""
    page = client.post(url(cast), {"text": text})
    assert page.status_code == 200
    fields = {"text": text, "accept": "1"}
    for form in (page.context["particulars"], page.context["people"].management_form):
        fields |= {bound.html_name: bound.value() or "" for bound in form}
    for row in page.context["people"]:
        fields |= {bound.html_name: bound.value() or "" for bound in row}
    fields["decision"] = [str(place) for place, _one, _on in page.context["decisions"]]
    fields["task"] = [str(row["place"]) for row in page.context["tasks"]]
    return client.post(url(cast), fields | changes)


def test_reading_saves_nothing(secretary: Client, cast: Cast) -> None:
    page = secretary.post(url(cast), {"text": MEMO})

    assert page.status_code == 200
    assert not Meeting.objects.exists()
    assert [item.title for item in page.context["reading"].agenda] == [
        "Ajankohtaiset asiat",
        "Muut asiat",
    ]


def test_what_was_accepted_is_a_draft_with_everything_in_it(secretary: Client, cast: Cast) -> None:
    otso = MembershipFactory(
        group=cast.group, person=PersonFactory(name="Otso Malli"), organisation=cast.omnia
    ).person
    people, organisations = Person.objects.count(), Organisation.objects.count()

    response = accepted(secretary, cast, MEMO)

    meeting = Meeting.objects.get()
    assert response.headers["Location"] == reverse("meetings:workspace", args=[meeting.pk])
    assert meeting.state == Meeting.State.DRAFT
    assert list(
        Attendance.objects.order_by("position").values_list(
            "name", "organisation_name", "organisation", "person", "role", "mode"
        )
    ) == [
        ("Sanna Esimerkki", "Espoo", cast.espoo.pk, None, "chair", "in_person"),
        ("Otso Malli", "Omnia", cast.omnia.pk, otso.pk, "secretary", "in_person"),
        ("Vera Vieras", "Kaukalo", None, None, "", "in_person"),
        ("Aino Etänen", "Espoo", cast.espoo.pk, None, "", "remote"),
    ]
    assert [
        (line.item.title, line.level, line.text)
        for line in Line.objects.select_related("item").order_by("item__position", "position")
    ] == [
        ("Ajankohtaiset asiat", 1, "Talousarvio"),
        ("Ajankohtaiset asiat", 2, "Talousarvio julkaistaan lähipäivinä."),
        ("Ajankohtaiset asiat", 1, "Sovitaan, että Omnia jakaa Espooseen oman pohjansa tälle."),
        ("Muut asiat", 0, "Otso luonnostelee kirjeen ennen seuraavaa kokousta."),
    ]
    assert sorted(Mark.objects.values_list("kind", "item__title")) == [
        ("agreed", "Ajankohtaiset asiat"),
        ("task", "Ajankohtaiset asiat"),
        ("task", "Muut asiat"),
    ]
    share, letter = ActionItem.objects.order_by("pk")
    assert (share.owners.get().organisation, share.recipient_organisation) == (
        cast.omnia,
        cast.espoo,
    )
    assert (letter.owners.get().person, letter.due) == (otso, "before_next_meeting")
    assert ImportSource.objects.get().text.splitlines() == MEMO.splitlines()
    assert list(drift()) == []
    # Nobody and nothing was added to the directory.
    assert (Person.objects.count(), Organisation.objects.count()) == (people, organisations)


def test_what_the_person_corrects_is_what_is_saved(secretary: Client, cast: Cast) -> None:
    accepted(
        secretary,
        cast,
        MEMO,
        **{"title": "Oma otsikko", "people-3-mode": "apologies", "people-2-keep": ""},
        decision="",
    )

    meeting = Meeting.objects.get()
    assert meeting.title == "Oma otsikko"
    assert meeting.attendances.get(name="Aino Etänen").mode == Mode.APOLOGIES
    assert not meeting.attendances.filter(name="Vera Vieras").exists()
    assert not Mark.objects.filter(kind="agreed").exists()


def test_a_wrong_field_is_said_and_nothing_chosen_is_lost(secretary: Client, cast: Cast) -> None:
    page = accepted(secretary, cast, MEMO, date="", title="Oma otsikko")

    assert page.status_code == 200
    assert page.context["particulars"].errors.keys() == {"date"}
    assert page.context["particulars"]["title"].value() == "Oma otsikko"
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"%PDF-1.7 x", "binary"),
        ("Läsnä: Åsa".encode("cp850") * 20, "encoding"),
        (b"x" * (20 * 1024 * 1024 + 1), "too_large"),
        (b"Once upon a time there was a fox who lived in a wood.\n" * 40, "unrecognised"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    secretary: Client, cast: Cast, content: bytes, code: str
) -> None:
    page = secretary.post(url(cast), {"file": SimpleUploadedFile("muistio.txt", content)})

    assert page.status_code == 422
    codes = [
        error.code for errors in page.context["form"].errors.as_data().values() for error in errors
    ]
    assert codes == [code]
    assert not Meeting.objects.exists()


def test_only_those_who_write_in_the_group_may_read_in(client: Client, cast: Cast) -> None:
    for person, status in ((cast.stranger, 404), (cast.member, 403), (cast.secretary, 200)):
        client.force_login(person)
        assert client.get(url(cast)).status_code == status


def test_the_command_prints_its_reading_and_saves_nothing(db: None, tmp_path: Path) -> None:
    file = tmp_path / "muistio.txt"
    file.write_text(MEMO, encoding="utf-8")
    out = StringIO()

    call_command("import_minutes", str(file), "--json", stdout=out)

    reading = json.loads(out.getvalue())
    assert [item["title"] for item in reading["agenda"]] == ["Ajankohtaiset asiat", "Muut asiat"]
    assert reading["actions"][0]["owners"] == ["Omnia"]
    assert not AgendaItem.objects.exists()


def test_the_command_saves_a_draft(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "muistio.txt"
    file.write_text(MEMO, encoding="utf-8")
    out = StringIO()

    call_command("import_minutes", str(file), "--group", cast.group.slug, stdout=out)

    meeting = Meeting.objects.get(pk=int(out.getvalue()))
    assert meeting.attendances.count() == 4
    assert meeting.items.count() == 2


def test_the_command_says_what_is_wrong(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "muistio.txt"
    file.write_bytes(b"")
    for arguments in (
        [str(file), "--json"],
        [str(tmp_path / "none.txt"), "--json"],
        [str(file), "--group", "nothing"],
    ):
        with pytest.raises(CommandError):
            call_command("import_minutes", *arguments)


def test_pressing_the_button_twice_reads_it_in_once(secretary: Client, cast: Cast) -> None:
    token = str(uuid4())
    first = accepted(secretary, cast, MEMO, token=token)
    again = accepted(secretary, cast, MEMO, token=token)
    assert Meeting.objects.count() == 1
    assert first.headers["Location"] == again.headers["Location"]


def test_a_person_who_has_gone_meanwhile_is_said(secretary: Client, cast: Cast) -> None:
    page = accepted(secretary, cast, MEMO, **{"people-0-person": "999999"})
    assert page.status_code == 200
    assert page.context["people"].errors[0].keys() == {"person"}
    assert not Meeting.objects.exists()


def test_kind_and_number_are_those_of_the_text(secretary: Client, cast: Cast) -> None:
    page = secretary.post(url(cast), {"text": "Pöytäkirja 5/2024\n" + MEMO})

    assert page.context["particulars"]["document_type"].value() == "minutes"
    above_the_fields = page.content.decode().split('id="meeting"')[1].split("<input")[0]
    assert "5/2024" in above_the_fields

    page = secretary.post(url(cast), {"text": MEMO})
    assert page.context["particulars"]["document_type"].value() == cast.group.document_type


TIGHT = """\
Yhteistyöryhmän kokous 12.3.2026 klo 13-15
Läsnä: Sanna Esimerkki (Espoo), Otso Malli (Omnia)

Ajankohtaista
Sanna kertoi tilanteesta.
Kyselyn tulokset
Sovittiin, että Omnia laatii koosteen.
Muut asiat
Sovittiin, että Espoo varaa tilan.
"""


def test_a_heading_that_is_none_is_joined_to_the_item_before(secretary: Client, cast: Cast) -> None:
    page = secretary.post(url(cast), {"text": TIGHT})
    places = {row["doubt"].text: row["place"] for row in page.context["doubts"]}

    accepted(secretary, cast, TIGHT, **{f"doubt-{places['Kyselyn tulokset']}": "0"})

    assert [
        (
            line.item.title,
            line.text,
            sorted(Mark.objects.filter(line_id=line.id).values_list("kind", flat=True)),
        )
        for line in Line.objects.select_related("item").order_by("item__position", "position")
    ] == [
        ("Ajankohtaista", "Sanna kertoi tilanteesta.", []),
        ("Ajankohtaista", "Kyselyn tulokset", []),
        ("Ajankohtaista", "Sovittiin, että Omnia laatii koosteen.", ["agreed", "task"]),
        ("Muut asiat", "Sovittiin, että Espoo varaa tilan.", ["agreed", "task"]),
    ]


def test_whom_the_directory_lacks_is_said_and_left_as_a_remark(
    secretary: Client, cast: Cast
) -> None:
    text = (
        "Yhteistyöryhmän kokous 12.3.2026 klo 13-15\n"
        "Läsnä: Vera Vieras (Omnia), Otso Outo\n\n1. Asiat\n"
        "Sovittiin, että Vera ja Omnia laativat koosteen 1.4.2026 mennessä.\n"
        "Sovittiin, että Otso lähettää muistion Kaukalolle.\n"
    )
    PersonFactory(name="Otso Outo")  # in the directory, but neither in the group nor chosen
    page = secretary.post(url(cast), {"text": text})
    assert [
        [(one.name, one.known) for one in (*row["owners"], row["recipient"]) if one]
        for row in page.context["tasks"]
    ] == [
        [("Vera Vieras", None), ("Omnia", "Omnia")],
        [("Otso Outo", "Otso Outo"), ("Kaukalo", None)],
    ]

    accepted(secretary, cast, text, **{"people-1-person": ""})

    tasks = Mark.objects.filter(kind="task").order_by("pk")
    assert [[owner["name"] for owner in mark.data["owners"]] for mark in tasks] == [["Omnia"], []]
    doubts = ImportSource.objects.get().doubts
    assert [(one["line"], one["reason"]) for one in doubts] == [
        (5, "owner_unknown"),
        (6, "owner_unknown"),
        (6, "owner_unknown"),
    ]
    for one, name in zip(doubts, ("Vera Vieras", "Otso Outo", "Kaukalo"), strict=True):
        assert name in one["text"].split(":")[0]
    said = [one.text for one in remarks(Meeting.objects.get()) if one.code is Code.DOUBTS]
    assert said == [one["text"] for one in doubts]
