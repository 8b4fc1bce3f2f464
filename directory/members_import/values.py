"""What the cells of a members' list say: names, addresses, roles, seats, days.

Each reader gives a value, or raises `Wrong` with what is wrong.
"""

import re
from datetime import date
from enum import StrEnum
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import translation

from directory.enums import Language
from directory.members_import.columns import plain
from directory.models import Affiliation, Membership, Person

_ROLES = {
    Membership.Role.CHAIR: "puheenjohtaja, pj, ordförande, ordf, chair, chairperson, chairman",
    Membership.Role.VICE_CHAIR: (
        "varapuheenjohtaja, varapj, vpj, vice ordförande, viceordförande, vice-chair, vice chair, "
        "deputy chair"
    ),
    Membership.Role.SECRETARY: "sihteeri, siht, sekreterare, secretary",
    Membership.Role.MEMBER: (
        "jäsen, varsinainen jäsen, varsinainen, medlem, ordinarie medlem, ordinarie, member"
    ),
    Membership.Role.DEPUTY: (
        "varajäsen, vara, varaedustaja, suppleant, ersättare, deputy, deputy member"
    ),
    Membership.Role.OBSERVER: "tarkkailija, observatör, observer",
}
_SEATS = {
    Membership.Seat.COUNTY: (
        "hyvinvointialue, hva, välfärdsområde, välfärdsområdet, county, wellbeing services county"
    ),
    Membership.Seat.MUNICIPALITY: "kunta, kaupunki, kommun, stad, municipality, city",
    Membership.Seat.PROVIDER: (
        "koulutuksen järjestäjä, koulutuksenjärjestäjä, järjestäjä, utbildningsanordnare, "
        "anordnare, education provider, provider"
    ),
    Membership.Seat.GUARDIANS: (
        "huoltajat, huoltaja, vanhemmat, vårdnadshavare, vårdnadshavarna, guardians, guardian"
    ),
    Membership.Seat.STUDENTS: (
        "opiskelijat, opiskelija, oppilaat, oppilas, opiskelijat ja oppilaat, studerande, "
        "studerandena, elever, eleverna, students, student, pupils"
    ),
    Membership.Seat.STAFF: (
        "opiskeluhuollon henkilöstö, opiskeluhuolto, henkilöstö, personal, personalen, "
        "studerandevårdspersonal, elevvårdspersonal, personal inom elevvården, "
        "student welfare staff, staff"
    ),
}
_FORMULA_SIGNS = ("=", "+", "-", "@")
_NOTHING = re.compile(r"[-–—.?]*")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_FINNISH = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?")
_NO_END = {"toistaiseksi", "tills vidare", "tillsvidare", "until further notice", "jatkuu"}
_ADDRESS = re.compile(r"(?:mailto:)?(\S+@\S+?)[,;]?|[^<>]*<(?:mailto:)?([^<>\s]+@[^<>\s]+)>")


class Fault(StrEnum):
    """What is wrong with a value."""

    MISSING_NAME = "missing_name"
    FORMULA_SIGN = "formula_sign"  # begins as a formula does
    NOT_A_NAME = "not_a_name"
    TOO_LONG = "too_long"
    EMAIL = "email"
    ROLE = "role"
    SEAT = "seat"
    DAY = "day"


class Wrong(Exception):
    """The cell cannot be read as what its column is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def is_nothing(text: str) -> bool:
    """Is the cell empty, or filled with a dash only?"""
    return _NOTHING.fullmatch(text) is not None


def name(text: str) -> str:
    """A person's name, the first name first ("Lampi, Veera" is turned round)."""
    if not text:
        raise Wrong(Fault.MISSING_NAME)
    _no_formula(text)
    if text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        text = f"{first} {last}".strip()
    if "@" in text or not any(sign.isalpha() for sign in text):
        raise Wrong(Fault.NOT_A_NAME)
    return _short(text, _longest(Person, "name"))


def email(text: str) -> str:
    """An address in lower case, also out of "Veera Lampi <veera.lampi@example.org>"."""
    found = _ADDRESS.fullmatch(text)
    if not found:
        raise Wrong(Fault.EMAIL)
    address = (found[1] or found[2]).lower()
    _no_formula(address)
    try:
        validate_email(address)
    except ValidationError as error:
        raise Wrong(Fault.EMAIL) from error
    return _short(address, _longest(Person, "email"))


def title(text: str) -> str:
    """A job title as typed."""
    _no_formula(text)
    return _short(text, _longest(Affiliation, "title"))


def role(text: str) -> str:
    """A role in the group, by its name in any of the languages."""
    found = _words("role").get(plain(text))
    if found is None:
        raise Wrong(Fault.ROLE)
    return found


def seat(text: str) -> str:
    """A seat at the table, by its name in any of the languages."""
    found = _words("seat").get(plain(text))
    if found is None:
        raise Wrong(Fault.SEAT)
    return found


def day(text: str) -> date:
    """A day as spreadsheets (2026-01-31) and people (31.1.2026) write it."""
    if iso := _ISO.fullmatch(text):
        year, month, number = iso.groups()
    elif finnish := _FINNISH.fullmatch(text):
        number, month, year = finnish.groups()
    else:
        raise Wrong(Fault.DAY)
    try:
        found = date(int(year), int(month), int(number))
    except ValueError as error:
        raise Wrong(Fault.DAY) from error
    if not date(1900, 1, 1) <= found <= date(2200, 1, 1):
        raise Wrong(Fault.DAY)
    return found


def last_day(text: str) -> date | None:
    """The same, or none where the words say that it goes on."""
    return None if plain(text) in _NO_END else day(text)


def name_key(text: str) -> tuple[str, ...]:
    """By which names are compared: their words in any order, capitals and signs aside."""
    return tuple(sorted(plain(text.replace("-", " ").replace(",", " ")).split()))


def _no_formula(text: str) -> None:
    if text.startswith(_FORMULA_SIGNS):
        raise Wrong(Fault.FORMULA_SIGN)


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(Fault.TOO_LONG)
    return text


@cache
def _longest(model: type[Person] | type[Affiliation], field: str) -> int:
    found = model._meta.get_field(field)
    assert isinstance(found, models.CharField)
    return found.max_length or 0


@cache
def _words(of: str) -> dict[str, str]:
    """Role or seat by what people and this house's own pages call it."""
    written: dict[str, str] = _ROLES if of == "role" else _SEATS  # type: ignore[assignment]
    found = {plain(word): value for value, words in written.items() for word in words.split(", ")}
    choices = Membership.Role if of == "role" else Membership.Seat
    for language in Language.values:
        with translation.override(language):
            found |= {plain(str(one.label)): one.value for one in choices}
    return found
