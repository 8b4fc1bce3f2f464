"""What looks like a person's name, and what does not."""

import re

from core import finnish
from meetings.importing.known import Known

ROLE = re.compile(
    r"(?:kokouksen |mötets |meeting |board )?(?:vara|vice-?\s?|deputy )?(?:puheenjohtaja|pj|vpj"
    r"|vara-?pj"
    r"|sihteeri|siht|muistio|muistiinpanot|ordförande|ordf|v\.?\s?ordf|sekreterare|sekr|chair|chairperson|chairman"
    r"|chairwoman|secretary|minutes|minute-?taker|note-?taker|clerk|treasurer)\.?"
    r"|jäsen|varajäsen|asiantuntija|esittelijä|osallistuja|tarkkailija|rahastonhoitaja|kirjuri"
    r"|pöytäkirjanpitäjä|kutsuttuna|vieras|ledamot|medlem|ersättare|suppleant|sakkunnig"
    r"|föredragande|protokollförare|observatör|kassör|gäst|member|deputy member|expert|observer"
    r"|guest|presenter|facilitator|rapporteur|ex officio|koollekutsuja|sammankallande|convener",
    re.IGNORECASE,
)


ORGANISATION_WORDS = re.compile(
    r"\b(?:ry|oy|oyj|ab|rf|sr|rs|ltd|inc|ky)\b|kaupunki|kaupungin|kunta|kunnan|kuntayhtymä|koulu"
    r"|lukio|opisto|oppilaitos|hyvinvointialue|yhdistys|seura|säätiö|virasto|ministeriö|keskus"
    r"|toimi\b|palvelut|ryhmä|lautakunta|hallitus|osasto|yliopisto|korkeakoulu|liitto|kattohallitus"
    r"|seurakunta|kerho|päiväkoti|perusopetus|opetus|kommun|stad\b|staden|skola|skolan|gymnasi"
    r"|institut|förening|stiftelse|välfärdsområde|yrkes|nämnd|styrelse|bildning|utbildning|sektion"
    r"|council|city|municipality|school|college|university|academy|association|trust|board"
    r"|department|services|county|agency|ministry|foundation|institute|office|centre|center"
    r"|society|union|ltd|limited|group|committee",
    re.IGNORECASE,
)


PERSON_TITLE = re.compile(
    r"^(?:prof|dr|mr|mrs|ms|miss|tri|tohtori|maist|professori|fil\.?\s?dr|sir|cllr|councillor)\.?\s+",
    re.IGNORECASE,
)


_PARTICLES = frozenset("von af de van der den la le di da du al el ter zu y".split())


_NAME_WORD = re.compile(
    r"(?:[A-ZÅÄÖÜÉÈØÆŠŽČŁÓÁÍ][\w’'`.]*|\b(?:O|D|Mc|Mac)['’]?[A-Z]\w+)(?:-[A-ZÅÄÖÜa-zåäö][\w’']*)*",
)


LEADING_MARK = re.compile(r"^\s*(?:[•●▪◦‣·○■□\uf0b7*+–—-]|o(?=\s)|\(?\d{1,3}[.)])\s+")


_AND_INSIDE = re.compile(r"\b(?:ja|och|and|sekä)\b", re.IGNORECASE)


AND = re.compile(r"\s+(?:ja|sekä|och|samt|and|&)\s+", re.IGNORECASE)


class Names:
    """Tells people's names from organisations', by the directory's names and by their looks."""

    def __init__(self, known: Known) -> None:
        self._seen: dict[str, bool] = {}
        self.persons = {plain_name(name) for name in known.persons}
        self.organisations = {
            plain_name(name)
            for organisation in known.organisations
            for name in (organisation.name, *organisation.aliases)
        }

    def is_person(self, text: str) -> bool:
        """Whether a field looks like a person's full name ("Lars-Erik Sundholm", "A. Berg")."""
        if len(text) > 80:
            return False
        if text not in self._seen:
            if len(self._seen) > 20_000:
                self._seen.clear()
            self._seen[text] = self._is_person(text)
        return self._seen[text]

    def _is_person(self, text: str) -> bool:
        text = PERSON_TITLE.sub("", text.strip()).strip(" .")
        if plain_name(text) in self.persons:
            return True
        if plain_name(text) in self.organisations or not text or len(text) > 60:
            return False
        words = text.split()
        if not 2 <= len(words) <= 5 or ROLE.fullmatch(text):
            return False
        # "Eskola Tapani" is no school.
        if ORGANISATION_WORDS.search(text) and not any(map(self.is_first_name, words)):
            return False
        for word in words:
            if word.casefold() not in _PARTICLES and not _NAME_WORD.fullmatch(word):
                return False
        if words[0].casefold() in _PARTICLES and not text[0].isupper():
            return False
        if all(len(word) > 1 and word.isupper() and len(word) <= 5 for word in words):
            return False
        if _AND_INSIDE.search(text) or _is_no_name(words[0]):
            return False
        return self.is_first_name(words[0]) or not _is_place_of(words[0], words[1])

    def is_first_name(self, text: str) -> bool:
        """Whether one word is a Finnish first name, as in a list of first names only."""
        return text.istitle() and any(form.word_class == "etunimi" for form in finnish.forms(text))

    def starts_with_person(self, text: str) -> bool:
        """Whether an entry begins with a person's name, after a bullet or a number."""
        text = LEADING_MARK.sub("", text, count=1).strip()
        head = re.split(r"[,;(\t:|]|\s{2,}|\s[–—-]\s|\s/\s", text, maxsplit=1)[0].strip()
        head = AND.split(head)[0]
        if self.is_person(head):
            return True
        role, _, rest = head.partition(" ")
        return bool(ROLE.fullmatch(role)) and self.is_person(rest)


def initials_of(name: str) -> set[str]:
    """The ways to write a person's initials: MK, MKS for "Mari Koski-Suomi"."""
    words = [word for word in re.split(r"[\s]+", name) if word and word[0].isalpha()]
    short = "".join(word[0] for word in words).upper()
    full = "".join(part[0] for word in words for part in word.split("-") if part).upper()
    return {short, full, "-".join([*short]), (words[0][0] + words[-1][0]).upper()}


def _is_no_name(word: str) -> bool:
    """Whether a word is none of a name: "Kokouksen", "Muut", "Lopuksi".

    Finnish surnames are ordinary words too (Virta, Salo), but in their base form.
    """
    readings = finnish.forms(word.title() if word.isupper() else word) if len(word) > 3 else ()
    if not readings or any(form.is_name for form in readings):
        return False
    return all(form.case != "nimento" or form.plural for form in readings)


def _is_place_of(first: str, second: str) -> bool:
    """ "Lohjan Lukio": a place's name in the genitive before an ordinary noun."""
    return any(
        form.word_class == "paikannimi" and form.case == "omanto" for form in finnish.forms(first)
    ) and any(form.word_class == "nimisana" for form in finnish.forms(second.lower()))


def plain_name(text: str) -> str:
    return " ".join(text.split()).casefold()
