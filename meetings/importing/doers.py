"""Who does something in a sentence of minutes, and to whom."""

import re
from dataclasses import dataclass

from core import finnish
from meetings.importing import phrases
from meetings.importing.dates import MONTH, Due
from meetings.importing.owners import WORD, Match, Owner, Owners, base_name, goes_to


@dataclass(slots=True)
class Doers:
    """Those who do something, and what: the verb that follows them."""

    owners: list[Owner]
    unsure: list[Match]
    verb: str  # base form in Finnish, else as written
    end: int  # position of the word after the verb


class DoerReader:
    """Finds who does something at the start of a clause, and who gets it."""

    def __init__(self, language: str, owners: Owners) -> None:
        self._language = language
        self._owners = owners

    def at_start(
        self, clause: str, due: Due | None, *, agreed: bool, opening: bool
    ) -> Doers | None:
        """Who does something, if the clause begins with that: "Omnia jakaa", "Veera ja ryhmä"."""
        clause = clause[:300]
        if due is not None:
            clause = clause[: due.start] + " " * (due.end - due.start) + clause[due.end :]
        tokens = list(WORD.finditer(clause))
        words = [token[0] for token in tokens]
        at = 0
        while at < len(words) and words[at].casefold() in phrases.LEADING[self._language]:
            at += 1
        owners: list[Owner] = []
        unsure: list[Match] = []
        expecting = True
        while at < len(words):
            if words[at].casefold() in phrases.AND_WORDS and owners:
                expecting, at = True, at + 1
                continue
            match = self._owners.initials(words[at]) if words[at].isupper() else None
            match = match or self._owners.at(words, at)
            if match and match.owner.kind == "group":
                match = self._owners.with_name(match, words, at)
            if match is None and expecting and words[at][0].isupper():
                match = self._owners.unknown_name(words, at, opening=opening and at == 0)
            if match is None:
                break
            if not match.nominative or not expecting:
                # "Omnian Veera …", "Veera Lampi Luksiasta", "Lampi (Kirkkonummi)".
                at += match.words
                continue
            owners.append(match.owner)
            if match.several:
                unsure.append(match)
            at += match.words
            expecting = at < len(words) and "," in clause[tokens[at - 1].end() : tokens[at].start()]
        # "gymnasierna och ska …": the word before "och" was one of a pair, not the doer.
        dangling = at > 0 and words[at - 1].casefold() in phrases.AND_WORDS
        if not owners or dangling:
            return None
        verb = self._verb(words, at, agreed=agreed)
        if verb is None:
            return None
        return Doers(list(dict.fromkeys(owners)), unsure, verb[0], tokens[verb[1]].end())

    def may_begin(self, clause: str, start: int) -> bool:
        """A quick look whether who does something may be named at `start`."""
        for word in WORD.finditer(clause, start, start + 200):
            if word[0].casefold() not in phrases.LEADING[self._language]:
                # When it is due may come first: "Seuraavalla kerralla järjestäjät …".
                return self._owners.may_begin(word[0]) or bool(
                    _DUE_FIRST.match(clause, word.start())
                )
        return False

    def _verb(self, words: list[str], at: int, *, agreed: bool) -> tuple[str, int] | None:
        """The verb that must follow whoever does something, and its position."""
        if self._language == "fi":
            while at < len(words) and words[at].casefold() in phrases.BETWEEN_FI:
                at += 1
            if at >= len(words):
                return None
            for form in finnish.forms(words[at]):
                if not form.is_finite_verb or form.person != "3" or form.mood != "indicative":
                    continue
                if form.tense == "present_simple" or form.base in phrases.PROMISES_FI:
                    return form.base, at
            return None
        if at >= len(words):
            return None
        word = words[at].casefold()
        if self._language == "sv":
            present = word.endswith("r") and words[at].islower() and word not in phrases.NO_VERB_SV
            return (word, at) if present or word in phrases.WILL["sv"] else None
        if word in ("is", "are", "was", "were") and words[at + 1 : at + 2] == ["to"]:
            return "to", at + 1
        if word in phrases.WILL["en"]:
            return word, at
        if agreed and words[at].islower() and word not in phrases.NO_VERB_EN:
            return word, at
        return (word, at) if word in phrases.TASK_VERBS_EN else None

    def recipient(self, clause: str, start: int, owners: set[str], verb: str = "") -> str | None:
        """Who gets it: "Espooseen", "sihteerille", "till Esbo", "to the secretary"."""
        main = phrases.CLAUSE_END.split(clause[:400], maxsplit=1)[0]
        if self._language != "fi":
            for preposition in phrases.TO_WHOM[self._language].finditer(main, start):
                words = WORD.findall(main[preposition.end() :])
                found = self._owners.at(words, 0) if words else None
                if found is None and words and preposition[0].casefold().startswith(("till", "to")):
                    found = self._owners.unknown_name(words, 0)
                if found and found.owner.name not in owners:
                    return found.owner.name
            return None
        tokens = [token for token in WORD.finditer(main) if token.start() >= start]
        words = [token[0] for token in tokens]
        for at, word in enumerate(words):
            found = self._owners.at(words, at)
            if found is None:
                if verb in phrases.TRANSFER_FI and word[0].isupper() and goes_to(word):
                    name = base_name(word)
                    if name.casefold() != word.casefold():
                        return name
                continue
            last = words[at + found.words - 1]
            if found.owner.name in owners or not goes_to(last) or found.nominative:
                continue
            if found.owner.kind in ("organisation", "person") or last.casefold().endswith("lle"):
                return found.owner.name
        return None


_DUE_FIRST = re.compile(
    r"(?:\d|seuraav|ennen |ensi |viimeistään|senast|vid |före |till |nästa|by |before |at |in |i )"
    rf"|{MONTH}",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(
    r"[,;]\s+(?:ja\s|sekä\s|och\s|and\s|jonka\s|jota\s|jotka\s|som\s|which\s|that\s)?"
    r"|\s(?:ja|sekä|och|and)\s|(?:->|=>|→)\s*",
    re.IGNORECASE,
)


def clause_starts(clause: str) -> list[int]:
    """Where a clause with its own doer may begin: at the start, after a comma, after "ja"."""
    cuts = _CLAUSE_START.finditer(clause[:1000])
    return [0, *(match.end() for match in cuts)][:12]
