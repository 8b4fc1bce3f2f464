"""What was agreed, and who is to do what by when."""

import re
from dataclasses import dataclass, field
from datetime import date

from meetings.importing import phrases
from meetings.importing.dates import Due, find_due
from meetings.importing.doers import DoerReader, Doers, clause_starts
from meetings.importing.owners import WORD, Match, Owner, Owners
from meetings.importing.reading import (
    Action,
    AgendaItem,
    Alternative,
    Decision,
    Doubt,
    DoubtReason,
    Line,
)
from meetings.importing.tables import Row


@dataclass(slots=True)
class _Task:
    """A task found in a sentence."""

    text: str
    owners: list[Owner] = field(default_factory=list)
    recipient: str | None = None
    due: Due | None = None
    unsure: list[Match] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class OutcomeReader:
    """Reads decisions and tasks, item by item."""

    def __init__(
        self, language: str, owners: Owners, meeting: date | None, rows: dict[int, Row]
    ) -> None:
        self._rows = rows
        self.decisions: list[Decision] = []
        self.actions: list[Action] = []
        self.doubts: list[Doubt] = []
        self._language = language
        self._owners = owners
        self._doers = DoerReader(language, owners)
        self._list_follows = False
        self._meeting = meeting

    def read(self, number: int, item: AgendaItem) -> None:
        """Read one item: its heading, then its lines."""
        if item.title:
            self._read_text(number, None, item.title, item.sources[:1] or [0], "")
        section, section_level, in_list = "", 0, False
        for at, line in enumerate(item.lines):
            if row := self._rows.get(line.sources[0]):
                self._read_row(number, at, line, row)
                continue
            if section and at and self._section_ends(line, section_level, in_list):
                section = ""
            opened = self._opens_section(line.text)
            if opened is not None:
                section, section_level, in_list = opened, line.level, False
                continue
            self._list_follows = False
            self._read_text(number, at, line.text, line.sources, section, item)
            if self._list_follows:
                section, section_level, in_list = "decision", line.level, False
                continue
            if section != "proposal" and line.marker is None and line.level <= section_level:
                section = section if line.text.endswith(":") else ""
            in_list = in_list or line.level > section_level or line.marker is not None

    def _section_ends(self, line: Line, level: int, in_list: bool) -> bool:
        return in_list and line.marker is None and line.level <= level

    def _opens_section(self, text: str) -> str | None:
        """Whether a line is a label alone, for the lines below it: "Päätös:", "Sovittiin:"."""
        if phrases.DECISION_LABEL.fullmatch(text):
            return "decision"
        if phrases.ACTION_LABEL.fullmatch(text) and "(" not in text:
            return "action"
        plain = text.rstrip(": ").casefold()
        if plain in _PROPOSALS:
            return "proposal"
        return "" if plain in _OTHER_SECTIONS else None

    def _read_text(
        self,
        number: int,
        at: int | None,
        text: str,
        sources: list[int],
        section: str,
        item: AgendaItem | None = None,
    ) -> None:
        if section == "proposal" or text.partition(":")[0].casefold() in _PROPOSALS:
            return  # what somebody proposed is not agreed yet
        if match := phrases.DECISION_LABEL.match(text):
            rest = text[match.end() :].strip()
            if rest:
                self.decisions.append(Decision(number, at, rest))
                self._tasks_in(number, at, rest, sources, agreed=True)
            return
        if phrases.OWNER_ONLY_LABEL.match(text) and at:
            self._owner_line(number, at, text, sources, item)
            return
        if match := phrases.ACTION_LABEL.match(text):
            self._labelled_action(number, at, text, match, sources, item)
            return
        if section == "action":
            for task in self._forced(text):
                self._add(number, at, task, sources)
            return
        if section == "decision":
            self.decisions.append(Decision(number, at, text))
            self._tasks_in(number, at, text, sources, agreed=True)
            return
        self._tasks_in(number, at, text, sources, agreed=False)

    def _tasks_in(
        self, number: int, at: int | None, text: str, sources: list[int], *, agreed: bool
    ) -> None:
        for words in phrases.sentences(text):
            label = phrases.DECISION_LABEL.match(words)
            sentence = words[label.end() :] if label and label.end() < len(words) else words
            if label and not agreed:
                self.decisions.append(Decision(number, at, sentence))
                self._tasks_in(number, at, sentence, sources, agreed=True)
                continue
            end = phrases.agreement(sentence, self._language)
            if end is not None and not agreed and self._leads_to_list(sentence):
                continue
            if end is not None and not agreed:
                self.decisions.append(Decision(number, at, sentence))
            for task in self._find(sentence, end, agreed or end is not None):
                self._add(number, at, task, sources)

    def _leads_to_list(self, sentence: str) -> bool:
        """ "Vi kom överens om följande:" agrees on what the list below it says."""
        self._list_follows = sentence.endswith(":") and phrases.agrees_strongly(
            sentence, self._language
        )
        return self._list_follows

    def _read_row(self, number: int, at: int, line: Line, row: Row) -> None:
        """A row of a table of tasks."""
        task = self._owned(row.what, row.who)
        task.due = task.due or find_due(row.when, self._meeting)
        self._add(number, at, task, line.sources)

    # ---- Labels ------------------------------------------------------------------------------

    def _owner_line(
        self, number: int, at: int, text: str, sources: list[int], item: AgendaItem | None
    ) -> None:
        """ "Vastuu: TH, 15.3. mennessä" tells who does what the line before says."""
        match = phrases.OWNER_LABEL.match(text)
        if match is None or item is None:
            return
        before = item.lines[at - 1].text
        task = self._owned(before, match["owners"])
        if task.due is None:
            task.due = find_due(before, self._meeting)
        previous = self.actions[-1] if self.actions else None
        if previous and previous.item == number and previous.line == at - 1:
            self.actions.pop()
            task.text = previous.text
            task.recipient = previous.recipient
        self._add(number, at - 1, task, sources)

    def _labelled_action(
        self,
        number: int,
        at: int | None,
        text: str,
        match: re.Match[str],
        sources: list[int],
        item: AgendaItem | None,
    ) -> None:
        rest = text[match.end() :].strip()
        named = match["owner"] or match["owner2"]
        if named:
            task = self._owned(rest or (item.lines[at - 1].text if item and at else ""), named)
            task.due = task.due or find_due(rest, self._meeting)
            self._add(number, at, task, sources)
            return
        if not rest:
            return
        due = find_due(rest, self._meeting)
        only = rest if due is None else f"{rest[: due.start]} {rest[due.end :]}"
        words = WORD.findall(only)
        if at and item and self._only_owners(words):
            before = next(
                (
                    line.text
                    for line in reversed(item.lines[:at])
                    if not phrases.ACTION_LABEL.match(line.text)
                ),
                text,
            )
            self._add(number, at, self._owned(before, rest), sources)
            return
        for task in self._forced(rest):
            self._add(number, at, task, sources)

    def _only_owners(self, words: list[str]) -> bool:
        """Whether the words are names or initials and nothing else."""
        at = 0
        while at < len(words):
            word = words[at]
            initials = self._owners.initials(word) or (word.isupper() and len(word) <= 4)
            if initials or word.casefold() in phrases.AND_WORDS:
                at += 1
            elif match := self._owners.at(words, at):
                at += match.words
            else:
                return False
        return bool(words)

    def _owned(self, text: str, named: str) -> _Task:
        due = find_due(named, self._meeting)
        if due:
            named = f"{named[: due.start]} , {named[due.end :]}"
        named = phrases.DUE_LABEL.sub(" , ", named)
        owners, unsure, unknown = self._owners.listed(named)
        return _Task(text, owners, None, due, unsure, unknown)

    def _forced(self, text: str) -> list[_Task]:
        """Tasks because a label says so, whatever their words."""
        tasks = [task for task in self._find(text, None, agreed=True) if task.owners]
        if tasks:
            return tasks
        due = find_due(text, self._meeting)
        if match := phrases.OWNER_AT_START.fullmatch(text):
            owners, unsure, unknown = self._owners.listed(match["owner"])
            if owners and not unknown and all(owner.kind != "set" for owner in owners):
                return [_Task(match["rest"], owners, None, due, unsure)]
        return [_Task(text, due=due)]

    # ---- Sentences ---------------------------------------------------------------------------

    def _find(self, sentence: str, agreed_at: int | None, agreed: bool) -> list[_Task]:
        """The tasks that a sentence gives; `agreed_at` is where its words of agreeing end."""
        tail = max(0, len(sentence) - 160)
        match = phrases.OWNER_INSIDE.search(sentence, tail) if ":" in sentence[tail:] else None
        if match:
            task = self._owned(sentence[: match.start()].rstrip(" ,;(–-"), match["owners"])
            if task.text and task.owners:
                task.due = task.due or find_due(sentence, self._meeting)
                return [task]
        if marked := self._marked_at_end(sentence):
            return [marked]
        clause = sentence
        if agreed_at is not None:
            rest = sentence[agreed_at:]
            that = phrases.THAT[self._language].match(rest)
            clause = rest[that.end() :] if that else rest.lstrip(" :,–-")
            if self._language == "en" and not that:
                clause = sentence  # "Omnia agreed to share …"
        due = find_due(clause, self._meeting)
        if due is None and len(clause) < len(sentence):
            due = find_due(sentence, self._meeting)
        given = agreed or (due is not None and due.firm)
        tasks = []
        if given or phrases.may_give_task(sentence, self._language):
            tasks = self._clauses(sentence, clause, due, agreed)
        if tasks:
            return [] if not agreed and phrases.WISH.search(sentence) else tasks
        if agreed and (asked := self._asked(sentence, clause, due)):
            return [asked]
        if agreed and due is not None and due.firm and not phrases.WISH.search(sentence):
            return [_Task(sentence, [], self._doers.recipient(clause, 0, set()), due)]
        return []

    def _clauses(self, sentence: str, clause: str, due: Due | None, agreed: bool) -> list[_Task]:
        """Tasks of the clauses that begin with who does something."""
        found: list[tuple[int, Doers]] = []
        for start in clause_starts(clause):
            if found and start < found[-1][0] + found[-1][1].end:
                continue  # still among those who do the same thing
            if not self._doers.may_begin(clause, start):
                continue
            own_due = find_due(clause[start:], self._meeting) if start or due else None
            opening = start == 0 and clause == sentence
            subject = self._doers.at_start(clause[start:], own_due, agreed=agreed, opening=opening)
            clause_due = own_due if start else own_due or due
            if subject and self._gives_task(sentence, subject, clause_due, agreed):
                found.append((start, subject))
        tasks: list[_Task] = []
        if not found:
            return []
        ends = [start for start, _ in found[1:]] + [len(clause)]
        for (start, subject), end in zip(found, ends, strict=True):
            piece = (
                _AND_AT_END.sub("", clause[start:end].strip(" ,;")) if len(found) > 1 else clause
            )
            tasks.append(
                _Task(
                    sentence if len(found) == 1 else piece,
                    subject.owners,
                    self._doers.recipient(
                        piece, subject.end, {owner.name for owner in subject.owners}, subject.verb
                    ),
                    find_due(piece, self._meeting) if len(found) > 1 else due,
                    subject.unsure,
                )
            )
        return tasks

    def _gives_task(self, sentence: str, subject: Doers, due: Due | None, agreed: bool) -> bool:
        verb = subject.verb
        # What a group or "all" do is news, unless it was agreed or is due.
        given = agreed or (due is not None and due.firm)
        if not given and all(owner.kind in ("group", "set") for owner in subject.owners):
            return False
        if self._language == "fi":
            if agreed:
                return verb not in ("olla", "voida", "osallistua")
            if due is not None and due.firm:
                return verb not in phrases.NO_TASK_FI
            return verb in phrases.TASK_VERBS_FI and not phrases.PROGRESS.search(sentence)
        if self._language == "sv":
            if agreed or verb in phrases.WILL["sv"]:
                return verb not in ("är", "kan", "deltar")
            if due is not None and due.firm:
                return verb not in phrases.NO_TASK_SV
            return verb in phrases.TASK_VERBS_SV and not phrases.PROGRESS.search(sentence)
        # "The group agreed to …" is the group's agreement, not its task.
        if verb in phrases.AGREEING_EN and any(one.kind == "group" for one in subject.owners):
            return False
        return agreed or verb in phrases.WILL["en"] or (due is not None and due.firm)

    def _asked(self, sentence: str, clause: str, due: Due | None) -> _Task | None:
        """ "Päätettiin pyytää Omniaa toimittamaan …" gives Omnia a task."""
        match = re.search(
            r"\b(?:pyytää|pyydetään|velvoittaa|velvoitetaan|be|ber|uppmana|uppmanar|ask|request)\s+",
            clause,
        )
        if not match:
            return None
        words = WORD.findall(clause[match.end() :][:200])
        if not words or not (found := self._owners.at(words, 0)):
            return None
        unsure = [found] if found.several else []
        return _Task(sentence, [found.owner], None, due, unsure)

    def _marked_at_end(self, sentence: str) -> _Task | None:
        """ "Lähetetään kysely / TH": initials or a name set behind what is to be done."""
        match = phrases.OWNER_AT_END.search(sentence, max(0, len(sentence) - 80))
        if not match or not match.start() or not sentence[: match.start()].strip():
            return None
        named = match["bracket"] or match["plain"]
        due = find_due(named, self._meeting)
        rest = named if due is None else f"{named[: due.start]} {named[due.end :]}"
        pieces = [piece.strip(" .") for piece in re.split(r"[,/&+]|\sja\s|\soch\s|\sand\s", rest)]
        pieces = [piece for piece in pieces if piece]
        found = [self._owners.initials(piece) for piece in pieces if piece.isupper()]
        if not found or len(found) != len(pieces) or not all(found):
            return None
        matches = [one for one in found if one is not None]
        return _Task(
            sentence[: match.start()].rstrip(" ,;–-"),
            list(dict.fromkeys(one.owner for one in matches)),
            None,
            due or find_due(sentence, self._meeting),
            [one for one in matches if one.several],
        )

    # ---- Results -----------------------------------------------------------------------------

    def _add(self, number: int, at: int | None, task: _Task, sources: list[int]) -> None:
        line = sources[0]
        self.actions.append(
            Action(
                number,
                at,
                task.text,
                [owner.name for owner in task.owners],
                task.recipient,
                task.due.code if task.due else None,
            )
        )
        which = len(self.actions) - 1
        for match in task.unsure:
            self.doubts.append(
                Doubt(
                    DoubtReason.OWNER_AMBIGUOUS,
                    line,
                    task.text,
                    tuple(sources),
                    {"owner": match.owner.name, "action": which},
                    tuple(Alternative("action.owner", name) for name in match.several),
                )
            )
        for name in task.unknown:
            self.doubts.append(
                Doubt(
                    DoubtReason.OWNER_UNKNOWN,
                    line,
                    task.text,
                    tuple(sources),
                    {"owner": name, "action": which},
                )
            )
        if task.due and task.due.code is None:
            words = task.text[task.due.start : task.due.end]
            self.doubts.append(
                Doubt(
                    DoubtReason.DUE_UNCLEAR,
                    line,
                    task.text,
                    tuple(sources),
                    {"due": words, "action": which},
                )
            )


_AND_AT_END = re.compile(r"[,;]?\s+(?:ja|sekä|och|and)$")
_PROPOSALS = frozenset(
    "ehdotus|esitys|päätösehdotus|förslag|beslutsförslag|proposal|recommendation"
    "|esittelijän ehdotus|puheenjohtajan ehdotus|sivistysjohtajan ehdotus"
    "|föredragandens förslag".split("|")
)
_OTHER_SECTIONS = frozenset(
    "keskustelu käsittely tausta esittely diskussion bakgrund beredning behandling discussion"
    " background tiedoksi perustelut".split()
)
