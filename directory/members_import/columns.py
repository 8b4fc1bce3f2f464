"""Which column of a list is what, by headings as people write them in three languages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.members_import.table import Row, Table

_IGNORED = re.compile(r"\([^)]*\)|[^\w\s]|_")


class Column(models.TextChoices):
    """What a column of a members' list tells."""

    NAME = "name", _("Name")
    FIRST = "first", _("First name")
    LAST = "last", _("Last name")
    EMAIL = "email", _("E-mail")
    ORGANISATION = "organisation", _("Organisation")
    TITLE = "title", _("Job title")
    ROLE = "role", _("Role")
    SEAT = "seat", _("Seat")
    DEPUTY_FOR = "deputy_for", _("Deputy of")
    VALID_FROM = "valid_from", pgettext_lazy("first day", "From")
    VALID_TO = "valid_to", pgettext_lazy("last day", "Until")


# Columns of the file to download; a name in one column is what most lists have.
TEMPLATE = tuple(one for one in Column if one not in (Column.FIRST, Column.LAST))

_HEADINGS = {
    Column.NAME: (
        "nimi, henkilö, henkilön nimi, koko nimi, jäsen, jäsenen nimi, edustaja, edustajan nimi, "
        "namn, person, hela namnet, medlem, medlemmens namn, representant, representantens namn, "
        "name, full name, member, member name, representative"
    ),
    Column.FIRST: "etunimi, etunimet, kutsumanimi, förnamn, tilltalsnamn, first name, given name",
    Column.LAST: "sukunimi, efternamn, släktnamn, last name, surname, family name",
    Column.EMAIL: (
        "sähköposti, sähköpostiosoite, s-posti, sposti, meili, e-post, e-postadress, epostadress, "
        "mejl, mail, email, e-mail, email address, e-mail address"
    ),
    Column.ORGANISATION: (
        "organisaatio, edustettu organisaatio, edustettava organisaatio, taho, edustettu taho, "
        "edustettava taho, edustaa, yhteisö, kunta, koulutuksen järjestäjä, työnantaja, "
        "organisation, representerar, företräder, instans, kommun, utbildningsanordnare, "
        "arbetsgivare, organization, organisation represented, represents, municipality, employer"
    ),
    Column.TITLE: (
        "nimike, ammattinimike, tehtävänimike, virkanimike, virka, titel, yrkestitel, "
        "tjänstebeteckning, tjänstetitel, tjänst, title, job title, position"
    ),
    Column.ROLE: (
        "rooli, rooli ryhmässä, asema, asema ryhmässä, tehtävä ryhmässä, roll, roll i gruppen, "
        "uppgift i gruppen, role, role in the group"
    ),
    Column.SEAT: (
        "paikka, paikka ryhmässä, edustus, kiintiö, plats, plats i gruppen, mandat, "
        "representation, seat, seat in the group"
    ),
    Column.DEPUTY_FOR: (
        "varajäsen kenelle, kenen varajäsen, kenelle varajäsen, varajäsenenä kenelle, sijaistaa, "
        "suppleant för, ersättare för, vems suppleant, ersätter, deputy of, deputy for, "
        "stands in for"
    ),
    Column.VALID_FROM: (
        "alkaen, alku, alkaa, alkupäivä, alkamispäivä, jäsenyys alkaa, kausi alkaa, mistä alkaen, "
        "från och med, fr.o.m., fr o m, fom, från, börjar, startdatum, from, start, start date, "
        "since, valid from"
    ),
    Column.VALID_TO: (
        "asti, saakka, loppu, päättyy, loppupäivä, päättymispäivä, jäsenyys päättyy, "
        "kausi päättyy, mihin asti, till och med, t.o.m., t o m, till, upphör, slutar, slutdatum, "
        "until, to, end, end date, valid until"
    ),
}


def plain(words: str) -> str:
    """Words as they are compared: in lower case, without signs and what stands in parentheses."""
    return " ".join(_IGNORED.sub("", words).casefold().split())


_COLUMNS = {
    plain(heading): column
    for column, headings in _HEADINGS.items()
    for heading in headings.split(", ")
}


def recognised(headings: Iterable[str]) -> int:
    """How many different columns these headings name."""
    return len({_COLUMNS.get(plain(heading)) for heading in headings} - {None})


@dataclass(frozen=True)
class Layout:
    """A table taken apart: its headings, its data, and what each column is.

    `columns` has the place of each column that is read (from 0). Where one is named twice, the
    first is read, and `doubled` tells. `meanings` has what each place is said to be.
    """

    heading: Row | None
    above: tuple[Row, ...]
    data: tuple[Row, ...]
    columns: Mapping[Column, int] = field(default_factory=dict)
    doubled: tuple[Column, ...] = ()
    meanings: tuple[str, ...] = ()

    @property
    def has_names(self) -> bool:
        """Is there a column with names, or one with first and one with last names?"""
        return Column.NAME in self.columns or {Column.FIRST, Column.LAST} <= set(self.columns)

    def caption(self, place: int) -> str:
        """The heading of the column at this place, as typed."""
        cells = self.heading.cells if self.heading else ()
        return cells[place].text if place < len(cells) else ""


def heading_rows(table: Table) -> tuple[Row, ...]:
    """The rows among which the headings are looked for."""
    return table.rows[:10]


def find_heading(table: Table) -> int:
    """The number of the row that names most columns; 0 where none does so for certain."""
    best, found = 1, 0
    for row in heading_rows(table):
        words = [one.text for one in row.cells]
        count = recognised(words)
        alone = count == 1 and _COLUMNS.get(plain(words[0])) == Column.NAME
        if count > best or (alone and not found):
            best, found = count, row.number
    return found


def lay_out(
    table: Table, *, heading: int | None = None, columns: Sequence[str] | None = None
) -> Layout:
    """Take the table apart: as its headings say, or as a person corrected them.

    `heading` is the number of the row with the headings, 0 for none; `columns` has a `Column` or
    nothing for each place.
    """
    if heading is None:
        heading = find_heading(table)
    rows = table.rows
    at = next((place for place, row in enumerate(rows) if row.number == heading), None)
    top = rows[at] if at is not None else None
    data = rows if at is None else rows[at + 1 :]
    if columns is None:
        columns = _guessed(top, data, table.width)
    found: dict[Column, int] = {}
    doubled = []
    for place, name in enumerate(columns[: table.width]):
        if name not in Column.values:
            continue
        if (column := Column(name)) in found:
            doubled.append(column)
        else:
            found[column] = place
    return Layout(top, rows[: at or 0], data, found, tuple(doubled), tuple(columns))


def _guessed(top: Row | None, data: Sequence[Row], width: int) -> list[str]:
    if top:
        columns = [str(_COLUMNS.get(plain(one.text), "")) for one in top.cells]
        return [one if one not in columns[:at] else "" for at, one in enumerate(columns)]
    columns = [""] * width
    for place in range(width):
        cells = [row.cells[place].text for row in data if place < len(row.cells)]
        filled = [text for text in cells if text]
        if filled and sum("@" in text for text in filled) * 2 > len(filled):
            columns[place] = Column.EMAIL
            break
    if width == 1 and not columns[0]:
        columns[0] = Column.NAME
    return columns
