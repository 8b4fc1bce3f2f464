"""Whom a sentence of minutes names: people, organisations, groups, sets, in whatever form.

Names come from the list of attendance and from the directory; a few words that minutes use for
roles, groups and sets are always known. A name that none of these knows is put into its base form
by Finnish's own endings: "Axxellista" → Axxell, "LUVN:lle" → LUVN.
"""

import re
from dataclasses import dataclass

from core import finnish
from meetings.importing.known import Known
from meetings.importing.names import initials_of
from meetings.importing.reading import Attendee

WORD = re.compile(r"[^\W_]+(?:[-:'’][^\W_]+)*")

_SETS = {
    "fi": "koulutuksen järjestäjät|opetuksen järjestäjät|järjestäjät|kunnat|jäsenkunnat|kaupungit"
    "|jäsenet|kaikki|oppilaitokset|koulut|lukiot|yksiköt|edustajat|osallistujat|rehtorit"
    "|hallituksen jäsenet|työryhmän jäsenet|kuraattorit|psykologit|kaikki jäsenet|verkostot"
    "|koulutuksen järjestäjien edustajat|kuntien edustajat|yksityiset koulut|huoltajat|opiskelijat"
    "|vanhemmat|ohjausryhmän jäsenet|ryhmän jäsenet",
    "sv": "utbildningsanordnarna|utbildningsanordnare|alla utbildningsanordnare|kommunerna"
    "|kommuner|alla kommuner|medlemmarna|medlemmar|alla medlemmar|alla|deltagarna"
    "|deltagare|skolorna|skolor"
    "|rektorerna|läroanstalterna|enheterna|representanterna|gymnasierna|föräldrarna|kuratorerna",
    "en": "education providers|all education providers|providers|all providers|municipalities"
    "|all municipalities|members|all members|all|everyone|schools|all schools|participants"
    "|representatives|principals|trustees|volunteers|the members|staff",
}
_ALL = {"fi": "kaikki", "sv": "alla", "en": "all"}
_ROLES = {
    "fi": "sihteeri|puheenjohtaja|varapuheenjohtaja|rahastonhoitaja|koordinaattori|rehtori"
    "|toiminnanjohtaja|esittelijä|sivistysjohtaja|hyvinvointikoordinaattori|opetusjohtaja"
    "|tiedottaja|kuraattori|psykologi|projektipäällikkö|hallintojohtaja",
    "sv": "sekreteraren|ordföranden|vice ordföranden|kassören|koordinatorn|rektorn|rektor"
    "|föredraganden|bildningsdirektören|verksamhetsledaren|projektledaren|sekreterare|ordförande",
    "en": "secretary|chair|vice-chair|vice chair|treasurer|coordinator|principal|headteacher|clerk"
    "|director|project manager|chairperson|chairman|manager|convener",
}
_GROUPS = {
    "fi": "työryhmä|alatyöryhmä|ohjausryhmä|yhteistyöryhmä|ryhmä|hallitus|lautakunta|valiokunta"
    "|työvaliokunta|toimikunta|johtoryhmä|opiskelijakunta|oppilaskunta|hyvinvointialue|kaupunki"
    "|kunta|jaosto|tiimi|valtuusto|johtokunta|seurakunta|yhdistys",
    "sv": "arbetsgruppen|undergruppen|underarbetsgruppen|styrgruppen|styrelsen|nämnden|gruppen"
    "|samarbetsgruppen|elevkåren|studerandekåren|välfärdsområdet|staden|kommunen|föreningen"
    "|sektionen|kansliet|ledningsgruppen|utskottet",
    "en": "working group|sub-group|subgroup|steering group|board|committee|council|office"
    "|subcommittee|sub-committee|team|group|secretariat|association|wellbeing services county",
}
_GROUP_HEADS = frozenset(_GROUPS["fi"].split("|"))
_GROUP_HINT = re.compile("|".join(sorted({head[:4] for head in _GROUP_HEADS})))
_GROUP_ENDINGS = tuple(_GROUP_HEADS)
_CASES_TO = frozenset({"sisatulento", "ulkotulento"})
_TO_ENDING = re.compile(
    r"(?:lle|:lle|(?P<v>[aeiouyäö])(?P=v)n|h[aeiouyäö]n|seen|siin)$", re.IGNORECASE
)
_ENDINGS = (
    ":lle", ":lta", ":ltä", ":lla", ":llä", ":sta", ":stä", ":ssa", ":ssä", ":hen", ":hon", ":iin",
    ":een", ":n", ":a", ":ä", ":s", "’s", "'s", "lle", "lta", "ltä", "lla", "llä", "sta", "stä",
    "ssa", "ssä", "seen", "siin", "n",
)  # fmt: skip
_CONSONANT_I = re.compile(r"[bcdfghjklmnpqrstvwxzåäö]i$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Owner:
    """Someone named in a text, in base form; `kind` is person, organisation, role, group or set."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Match:
    """An owner found at a word: how many words it takes, and whether it stands in its base form.

    `several` are the people that a first name or initials fit, where more than one does.
    """

    owner: Owner
    words: int
    nominative: bool
    several: tuple[str, ...] = ()


class Owners:
    """Finds owners among the words of a sentence."""

    def __init__(
        self,
        language: str,
        people: list[Attendee],
        known: Known,
        initials: dict[str, str],
        chair: str | None = None,
        secretary: str | None = None,
    ) -> None:
        self.language = language
        self.people = people
        self._names: dict[tuple[str, ...], Owner] = {}
        self._lengths: dict[str, list[int]] = {}  # first word → lengths of names, longest first
        self._nicknames: dict[str, list[str]] = {}
        self._initials: dict[str, list[str]] = {}
        self._forms: dict[str, Owner] = {}
        self._bases_of: dict[str, list[tuple[str, bool]]] = {}
        self._leaders = {"chair": chair, "secretary": secretary}
        for table, kind in ((_SETS, "set"), (_ROLES, "role"), (_GROUPS, "group")):
            for words in table[language].split("|"):
                self._add(words, Owner(words, kind))
                if kind == "set":
                    everyone = f"{_ALL[language]} {words}"
                    self._add(everyone, Owner(everyone, kind))
        for name in known.sets:
            self._add(name, Owner(name, "set"))
        for name in known.groups:
            self._add(name, Owner(name, "group"))
        for organisation in known.organisations:
            owner = Owner(organisation.name, "organisation")
            for name in (organisation.name, *organisation.aliases):
                self._add(name, owner)
            for form in organisation.forms:
                self._forms[form.casefold()] = owner
        for written, spelling in _spellings(people).items():
            self._add(written, Owner(spelling, "organisation"))
        present = {person.name for person in people}
        for name in dict.fromkeys([*(person.name for person in people), *known.persons]):
            self._add_person(name, present=name in present)
        self._roles = [
            (role.strip(" .").casefold(), person.name)
            for person in people
            for role in (person.role or "").split(",")
            if role.strip(" .")
        ]
        for short, name in initials.items():
            self._initials[short] = [name]

    def _add(self, words: str, owner: Owner) -> None:
        key = tuple(word.casefold() for word in WORD.findall(words))
        if not key:
            return
        if key in self._names:
            return
        self._names[key] = owner
        lengths = self._lengths.setdefault(key[0], [])
        if len(key) not in lengths:
            lengths.append(len(key))
            lengths.sort(reverse=True)

    def _add_person(self, name: str, *, present: bool) -> None:
        self._add(name, Owner(name, "person"))
        if not present:
            return
        words = name.split()
        for nickname in {words[0], words[-1]} if len(words) > 1 else {words[0]}:
            self._nicknames.setdefault(nickname.casefold(), []).append(name)
        for short in initials_of(name):
            if len(short) > 1:
                self._initials.setdefault(short, []).append(name)

    # ---- Finding -----------------------------------------------------------------------------

    def at(self, words: list[str], start: int) -> Match | None:
        """The owner that is named at a word, in any form; longest names first."""
        first = words[start]
        for length in self._lengths.get(first.casefold(), ()):
            if length > 1 and (match := self._longer(words, start, length)):
                return match
        for base, nominative in self._bases(first):
            owner = self._names.get((base,))
            if owner and (owner.kind != "person" or first[0].isupper()):
                return Match(self._resolved(owner), 1, nominative)
            if first[0].isupper() and (people := self._nicknames.get(base)):
                # The word that follows may be the surname of someone who was not there.
                full = len(words) > start + 1 and f"{base} {words[start + 1].casefold()}"
                chosen = [name for name in people if full and name.casefold() == full] or people
                several = tuple(chosen) if len(chosen) > 1 else ()
                person = Owner(first if several else chosen[0], "person")
                return Match(person, 1, nominative, several)
        if owner_of_form := self._forms.get(first.casefold()):
            return Match(owner_of_form, 1, False)
        return self._compound_group(words, start)

    def with_name(self, group: Match, words: list[str], start: int) -> Match:
        """A group with its name behind it: "opiskelijakunta Kide"."""
        after = start + group.words
        if not group.nominative or after >= len(words) or not words[after].istitle():
            return group
        if self.at(words, after) or not self.unknown_name(words, after):
            return group
        name = f"{group.owner.name} {words[after]}"
        return Match(Owner(name, "group"), group.words + 1, group.nominative)

    def initials(self, text: str) -> Match | None:
        """The person whose initials these are; `several` where they fit more than one."""
        people = list(dict.fromkeys(self._initials.get(text.upper(), ())))
        if not people:
            return None
        return Match(
            Owner(people[0] if len(people) == 1 else text, "person"),
            1,
            True,
            tuple(people) if len(people) > 1 else (),
        )

    def unknown_name(self, words: list[str], start: int, *, opening: bool = False) -> Match | None:
        """A name that nothing knows: capital words that are no ordinary words of the language.

        At a sentence's `opening` every word has a capital, and in Swedish and English nothing
        tells a name from another word there but a second capital.
        """
        taken = []
        for word in words[start : start + 4]:
            if not word[0].isupper() or (self.language == "fi" and _is_common(word)):
                break
            taken.append(word)
        if not taken or (
            self.language != "fi" and len(taken) == 1 and taken[0].casefold() in _SMALL
        ):
            return None
        paired = words[start + len(taken) : start + len(taken) + 1] in (["och"], ["and"])
        sure = paired or self.language == "fi" or len(taken) > 1 or taken[0].isupper()
        if opening and not sure:
            return None
        name = " ".join(taken)
        kind = "person" if len(taken) > 1 else "organisation"
        if self.language == "fi" and any(
            form.word_class == "etunimi" for form in finnish.forms(taken[0])
        ):
            kind = "person"
        return Match(Owner(name, kind), len(taken), True)

    def listed(self, text: str) -> tuple[list[Owner], list[Match], list[str]]:
        """The owners in a phrase that holds nothing else: "TH, MM / Omnia".

        Returns them, those that fit several people, and the words that nothing explains.
        """
        owners: list[Owner] = []
        unsure: list[Match] = []
        unknown: list[str] = []
        for piece in re.split(r"[,;/&+]|\s(?:ja|sekä|och|samt|and|yhdessä)\s", text):
            words = WORD.findall(piece)
            if not words:
                continue
            name = " ".join(words)
            match = self.initials(name) or self._first_in(words)
            if match:
                if match.several:
                    unsure.append(match)
                owners.append(match.owner)
            elif len(words) <= 4:
                owner = Owner(name, "person")
                owners.append(owner)
                if name.isupper() or not any(word[0].isupper() for word in words):
                    unknown.append(name)
        return list(dict.fromkeys(owners)), unsure, unknown

    def _first_in(self, words: list[str]) -> Match | None:
        for start in range(len(words)):
            if match := self.at(words, start):
                return match
        return None

    def _resolved(self, owner: Owner) -> Owner:
        """Who holds a role by name, where the minutes tell who does."""
        if owner.kind != "role":
            return owner
        for role, name in self._leaders.items():
            if name and owner.name in _LEADER_WORDS[role]:
                return Owner(name, "person")
        holders = [
            name
            for role, name in self._roles
            if owner.name == role or owner.name in (f"{role}en", f"{role}n")
        ]
        return Owner(holders[0], "person") if len(holders) == 1 else owner

    def _longer(self, words: list[str], start: int, length: int) -> Match | None:
        """A name of several words: only its last word changes its form."""
        if start + length > len(words):
            return None
        opening = tuple(word.casefold() for word in words[start : start + length - 1])
        for base, nominative in self._bases(words[start + length - 1]):
            if owner := self._names.get((*opening, base)):
                return Match(self._resolved(owner), length, nominative)
        return None

    def may_begin(self, word: str) -> bool:
        """Whether who does something may be named by this word: a quick look before a slow one."""
        lower = word.casefold()
        return word[0].isupper() or lower in self._lengths or lower.endswith(_GROUP_ENDINGS)

    def _bases(self, word: str) -> list[tuple[str, bool]]:
        """The forms that a word may be in its base form, likeliest first, each with whether
        it is the word as it stands."""
        if (cached := self._bases_of.get(word)) is not None:
            return cached
        lower = word.casefold()
        found: dict[str, bool] = {lower: True}
        if lower.endswith(("'s", "’s")):
            found.setdefault(lower[:-2], False)
        if self.language == "fi":
            for form in finnish.forms(word):
                if form.word_class != "teonsana":
                    base = form.base.casefold()
                    # Sets are named in the plural: "kunnille" is kunnat.
                    if form.plural:
                        found.setdefault(_plural(base), False)
                    found.setdefault(base, False)
            for base in _stripped(lower):
                found.setdefault(base, False)
            # The partitive, which only a name that is known can be told by: "Omniaa", "LUVNia".
            if lower.endswith(("a", "ä")) and len(lower) > 4:
                found.setdefault(lower[:-1], False)
                found.setdefault(lower[:-2], False)
        elif self.language == "sv" and len(lower) > 4 and lower.endswith("s"):
            found.setdefault(lower[:-1], False)
        if len(self._bases_of) > 20_000:
            self._bases_of.clear()
        self._bases_of[word] = list(found.items())
        return self._bases_of[word]

    def _compound_group(self, words: list[str], start: int) -> Match | None:
        """A group by its compound: "hyvinvointiryhmä" is a group though nothing lists it."""
        word = words[start]
        if self.language != "fi" or not _GROUP_HINT.search(word):
            return None
        for form in finnish.forms(word):
            compound = len(form.parts) > 1 and form.word_class == "nimisana" and not form.plural
            if compound and form.base.endswith(_GROUP_ENDINGS):
                return Match(Owner(form.base, "group"), 1, form.case == "nimento")
        return None


def goes_to(word: str) -> bool:
    """Whether a Finnish word stands in the form that says to whom or where: "Espooseen"."""
    readings = [form for form in finnish.forms(word) if form.case]
    if any(form.case in _CASES_TO for form in readings):
        return True
    # A name that Voikko doesn't know may look like some form of another word.
    guessed = not readings or (word[0].isupper() and not any(form.is_name for form in readings))
    return guessed and bool(_TO_ENDING.search(word))


def base_name(word: str) -> str:
    """A name in base form, for names that only endings tell about: "Axxellista" → Axxell."""
    for form in finnish.forms(word):
        if form.is_name and form.base:
            return form.base
    stripped = _stripped(word)
    return stripped[0] if stripped else word


_SMALL = frozenset(
    "the a an it this that there we they he she in on at for if when after before all no"
    " det den de vi man en ett i på för om när efter före alla ingen detta dessa".split()
)
_LEADER_WORDS = {
    "chair": frozenset("puheenjohtaja ordföranden ordförande chair chairperson chairman".split()),
    "secretary": frozenset("sihteeri sekreteraren sekreterare secretary clerk".split()),
}


def _plural(base: str) -> str:
    """The plural of the words that name sets; enough for those, no more."""
    plurals = {
        "kunta": "kunnat", "jäsenkunta": "jäsenkunnat", "koulu": "koulut", "lukio": "lukiot",
        "jäsen": "jäsenet", "oppilaitos": "oppilaitokset", "järjestäjä": "järjestäjät",
        "edustaja": "edustajat", "osallistuja": "osallistujat", "rehtori": "rehtorit",
        "yksikkö": "yksiköt", "kaupunki": "kaupungit", "kuraattori": "kuraattorit",
        "psykologi": "psykologit", "huoltaja": "huoltajat", "vanhempi": "vanhemmat",
        "opiskelija": "opiskelijat", "verkosto": "verkostot",
    }  # fmt: skip
    return plurals.get(base, f"{base}t")


def _stripped(word: str) -> list[str]:
    """What a name may be without its case ending, likeliest first.

    A name that ends in a consonant takes an i before its endings (Axxellista, LUVNin); a letter
    doubled before a foreign name's i tells that the i is no part of it.
    """
    found: list[str] = []
    for ending in _ENDINGS:
        if word.casefold().endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: -len(ending)]
            if _CONSONANT_I.search(stem):
                bare = stem[:-1]
                doubled = len(bare) > 2 and bare[-1] == bare[-2]
                found += [bare, stem] if doubled or bare.isupper() else [stem, bare]
            else:
                found.append(stem)
            break
    # "Omniaan", "Luksiaan", "Axxelliin": the last vowel doubled and an n.
    lower = word.casefold()
    if len(word) > 4 and lower[-1] == "n" and lower[-2] == lower[-3] and lower[-2] in "aeiouyäö":
        stem = word[:-2]
        found = (
            [stem[:-1], stem]
            if stem[-1:].casefold() == "i" and _CONSONANT_I.search(stem)
            else [stem]
        )
    return found


def _spellings(people: list[Attendee]) -> dict[str, str]:
    """Organisations in small letters, each with its spelling: "LUVN" where "Luvn" stands too."""
    found: dict[str, str] = {}
    for person in people:
        written = person.organisation or ""
        if written and (written.casefold() not in found or written.isupper()):
            found[written.casefold()] = written
    return found


def _is_common(word: str) -> bool:
    """Whether a word that begins with a capital is an ordinary word, at a sentence's start."""
    readings = finnish.forms(word)
    return bool(readings) and not any(form.is_name for form in readings)
