"""Minutes as anyone may read them: what is not public left out, representatives by role.

From a version's frozen data, as everything that is read. Student and guardian representatives are
private persons who speak for others: in what stands on the open web they have a role and no name,
in the list of attendance, in texts, marks, titles and metadata alike. Officials keep theirs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from lxml import html as lxml_html
from lxml.html import HtmlElement

from directory.models import Affiliation, Membership, Organisation, Person
from meetings import mentions
from meetings.document import Data, for_audience, sha256_of
from meetings.enums import Audience
from meetings.mentions import Named
from meetings.models import Attendance, DocumentVersion, Meeting

_SEATS = {
    Membership.Seat.STUDENTS: mentions.STUDENTS,
    Membership.Seat.GUARDIANS: mentions.GUARDIANS,
}
_KINDS = {
    Organisation.Kind.STUDENTS: mentions.STUDENTS,
    Organisation.Kind.GUARDIANS: mentions.GUARDIANS,
}


@dataclass(frozen=True)
class Mention:
    """A place that a person looks at: it may name a representative, and was left as it is."""

    number: str
    text: str
    word: str
    language: str


@dataclass(frozen=True)
class WebCopy:
    """What would stand on the web."""

    data: Data
    doubts: list[Mention]
    left_out: list[str]  # titles of attachments that do not go with it
    items_left_out: int
    replaced: int


def representatives(meeting: Meeting) -> list[Named]:
    """Who stands by role in the meeting's web copy: those who speak for students and guardians.

    By the seat in the group or its upper group, whenever held; by the organisation represented; by
    an affiliation; by the organisation's name on the list of attendance, for guests.
    """
    roles: dict[int, str] = {}
    groups = Q(group=meeting.group_id) | Q(group=meeting.group.parent_id)
    for affiliation in Affiliation.objects.filter(organisation__kind__in=_KINDS).select_related(
        "organisation"
    ):
        roles[affiliation.person_id] = _KINDS[Organisation.Kind(affiliation.organisation.kind)]
    seats = Membership.objects.filter(groups | Q(group__parent=meeting.group_id)).filter(
        Q(seat__in=_SEATS) | Q(organisation__kind__in=_KINDS)
    )
    for member in seats.select_related("organisation").order_by("pk"):
        roles[member.person_id] = (
            _SEATS[Membership.Seat(member.seat)]
            if member.seat in _SEATS
            else _KINDS[Organisation.Kind(member.organisation.kind)]  # type: ignore[union-attr]
        )
    bodies = {
        name.casefold(): _KINDS[Organisation.Kind(kind)]
        for kind, *names in Organisation.objects.filter(kind__in=_KINDS).values_list(
            "kind", "name_fi", "name_sv", "short_fi", "short_sv"
        )
        for name in names
        if name
    }
    found: dict[tuple[int | None, str], tuple[set[str], str]] = {}
    for row in Attendance.objects.filter(meeting=meeting).select_related("organisation"):
        role = roles.get(row.person_id or 0) or bodies.get(row.organisation_name.casefold())
        if not role and row.organisation:
            role = _KINDS.get(Organisation.Kind(row.organisation.kind))
        if role:
            key = (row.person_id, "" if row.person_id else row.name)
            found.setdefault(key, (set(), role))[0].add(row.name)
    # Under the name of a double that was merged, too: texts may have either.
    rows = Person.objects.filter(Q(pk__in=roles) | Q(merged_into__in=roles))
    for pk, into, name in rows.values_list("pk", "merged_into", "name"):
        found.setdefault((into or pk, ""), (set(), roles[into or pk]))[0].add(name)
    return [Named(tuple(sorted(names)), role) for names, role in found.values()]


def web_copy(
    version: DocumentVersion,
    data: Data,
    *,
    people: list[Named],
    chosen: set[str] | None = None,
    remove_on: date | None = None,
) -> WebCopy:
    """What of a version may stand on the web: `data` is its printable data.

    `chosen` are the sums of the files that go with it, of those that may; with None all of them.
    """
    public = for_audience(data, Audience.ALL)
    writer = _Writer(people, public)
    items = [writer.item(item, chosen) for item in public["items"]]
    own = public["language"]
    made = public | {
        "items": items,
        "title": writer.text(public["title"], own),
        "place": writer.text(public["place"], own),
        "remote_link": "",
        "change_note": writer.text(public["change_note"], own),
        "attendance": [row | {"name": writer.name(row["name"])} for row in public["attendance"]],
        "web": {"remove_on": remove_on.isoformat() if remove_on else None},
    }
    for officer in ("chair", "secretary", "prepared_by"):
        if public[officer]:
            made[officer] = public[officer] | {"name": writer.name(public[officer]["name"])}
    if public["next_meeting"]:
        place = writer.text(public["next_meeting"]["place"], own)
        made["next_meeting"] = public["next_meeting"] | {"place": place}
    return WebCopy(
        data=made,
        doubts=writer.doubts,
        left_out=writer.left_out,
        items_left_out=len(version.data["items"]) - len(items),
        replaced=writer.replaced,
    )


def may_go(attachment: Data, people: list[Named]) -> bool:
    """May it stand on the web: its accessibility checked, no representative in its name?"""
    texts = (attachment["title"], attachment["filename"].replace("_", " "), attachment["url"])
    if any(mentions.mentions(mentions.visible(text), people) for text in texts):
        return False
    return not attachment["filename"] or bool(attachment.get("checked"))


class _Writer:
    """Writes texts anew without the names, and notes what it did and what it was not sure of."""

    def __init__(self, people: list[Named], data: Data) -> None:
        self.people = people
        self.own = data["language"]
        self.roles = {name.casefold(): one.role for one in people for name in one.names}
        self.others = [
            row["name"] for row in data["attendance"] if row["name"].casefold() not in self.roles
        ]
        self.doubts: list[Mention] = []
        self.left_out: list[str] = []
        self.replaced = 0
        self.number = ""

    def name(self, name: str) -> str:
        """A name that stands alone: in the list of attendance, of the chair."""
        name = mentions.visible(name)
        role = self.roles.get(name.casefold())
        if not role:
            return self.text(name, self.own, begins=False)
        self.replaced += 1
        return mentions.role_words(role, self.own)

    def text(self, text: str, language: str, *, begins: bool = True) -> str:
        text = mentions.visible(text)
        for start, end, words in reversed(self._places(text, language, begins=begins)):
            text = text[:start] + words + text[end:]
        return text

    def _places(
        self, text: str, language: str, *, begins: bool = True
    ) -> list[tuple[int, int, str]]:
        found = mentions.mentions(text, self.people, others=self.others)
        self.doubts += [
            Mention(self.number, text, text[one.start : one.end], language)
            for one in found
            if not one.is_sure
        ]
        places = mentions.replaced(text, found, language, begins=begins)
        self.replaced += len(places)
        return places

    def item(self, item: Data, chosen: set[str] | None) -> Data:
        language = item["language"] or self.own
        self.number = item["number"]
        attachments = []
        for row in item["attachments"]:
            if may_go(row, self.people) and (
                not row["filename"] or chosen is None or sha256_of(row) in chosen
            ):
                attachments.append(row)
            else:
                self.left_out.append(row["title"])
        made = item | {
            "title": self.text(item["title"], language),
            "presenter": self.name(item["presenter"]),
            "html": self._html(item["html"], language),
            "marks": {
                line: [self._mark(mark) for mark in marks] for line, marks in item["marks"].items()
            },
            "attachments": attachments,
        }
        self.number = ""
        return made

    def _mark(self, mark: Data) -> Data:
        def party(one: Data) -> Data:
            return one | {"name": self.name(one["name"])} if one["type"] == "person" else one

        made = dict(mark)
        if "owners" in mark:
            made["owners"] = [party(one) for one in mark["owners"]]
        if mark.get("recipient"):
            made["recipient"] = party(mark["recipient"])
        return made

    def _html(self, html: str, language: str) -> str:
        if not html.strip():
            return html
        root = lxml_html.fragment_fromstring(html, create_parent="div")
        for link in list(root.iter("a")):
            address = link.get("href", "")
            if any(_names(address, name) for one in self.people for name in one.names):
                link.drop_tag()
        for line in root.iterfind(".//*[@data-line]"):
            self._line(line, line.get("lang") or language)
        return "".join(
            lxml_html.tostring(child, encoding="unicode") for child in root.iterchildren()
        )

    def _line(self, line: HtmlElement, language: str) -> None:
        """Names that stand across emphasis or a link count too: the first piece gets the role."""
        for text, put in _pieces(line):
            put(mentions.visible(text))
        pieces = list(_pieces(line))
        whole = "".join(text for text, _put in pieces)
        for start, end, words in reversed(self._places(whole, language)):
            at = 0
            for index, (text, put) in enumerate(pieces):
                left, right = max(start - at, 0), min(end - at, len(text))
                at += len(text)
                if left < right:
                    text = text[:left] + words + text[right:]
                    words = ""
                    pieces[index] = (text, put)
                    put(text)


def _names(address: str, name: str) -> bool:
    """Does an address hold the whole name, as addresses are written?"""
    parts = [mentions.folded(part) for part in name.split()]
    return len(parts) > 1 and all(
        part in mentions.folded(address) for part in (parts[0], parts[-1])
    )


def _pieces(line: HtmlElement) -> Iterator[tuple[str, Callable[[str], Any]]]:
    """The pieces of text of a line in order, each with what puts another in its place."""

    def of(element: HtmlElement, attribute: str) -> tuple[str, Callable[[str], Any]]:
        text = getattr(element, attribute) or ""
        return text, lambda new: setattr(element, attribute, new)

    yield of(line, "text")
    for child in line.iterchildren():
        yield from _pieces(child)
        if child.tag == "br":  # a name does not run over it
            yield "\n", lambda _new: None
        yield of(child, "tail")
