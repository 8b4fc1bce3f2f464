"""A frozen document as HTML: the same article on the web and in print, from its data alone.

`data` is what a version holds frozen (or a draft's data of the same shape): JSON, in which every
text is in the document's language already and times are ISO 8601 with an offset. What a reader may
not see is not in it. All other words come from gettext in the document's own language.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from lxml import html as lxml_html

from core import pdf
from core.hyphenation import hyphenate_tree
from core.templatetags.house import clock, day
from directory.enums import Publicity
from directory.models import Membership
from meetings import bodies
from meetings.enums import Mode

Data = Mapping[str, Any]


def document_html(data: Data, *, for_print: bool) -> str:
    """The document as an `<article>`, or for print as a whole page with words that may break."""
    with translation.override(data["language"]):
        context = _context(data, for_print=for_print)
        if not for_print:
            return render_to_string("meetings/document/article.html", context)
        page = render_to_string("meetings/document/print.html", context)
    root = lxml_html.document_fromstring(page)
    hyphenate_tree(root, data["language"])
    return "<!DOCTYPE html>" + lxml_html.tostring(root, encoding="unicode")


def document_pdf(data: Data, *, created: datetime) -> bytes:
    """The document as a PDF, dated `created`: when it was frozen, or a draft's last change.

    Links to the house itself (attached files) lead to settings.SITE_URL.
    """
    return pdf.render_pdf(
        document_html(data, for_print=True),
        title=document_title(data),
        language=data["language"],
        author=data["organisation"] or data["body"],
        created=created,
        base_url=settings.SITE_URL,
    )


def document_title(data: Data) -> str:
    """What the document is called in a list, a window's title or a file's metadata."""
    with translation.override(data["language"]):
        parts = [_kind(data), data["title"], day(_time(data["starts_at"]))]
        if data["draft"]:
            parts.append(_("Draft"))
    return ", ".join(part for part in parts if part)


def _context(data: Data, *, for_print: bool) -> dict[str, Any]:
    is_minutes = data["kind"] == "minutes"
    items = [_item(data, item, for_print=for_print) for item in data["items"]]
    marked = [line for item in items for line in item["marked"]] if is_minutes else []
    agreements = [line for line in marked if line["agreed"]]
    starts_at = _time(data["starts_at"])
    return {
        "data": data,
        "kind": _kind(data),
        "title": document_title(data),
        "day": day(starts_at),
        "supersedes": _supersedes(data),
        "facts": _facts(data),
        "attendance": _attendance(data) if is_minutes else [],
        "attendance_missing": is_minutes and not data["attendance_taken"],
        "items": items,
        "agreements": agreements,
        "any_effective": any(line["effective"] for line in agreements),
        "tasks": [line | action for line in marked for action in line["actions"]],
        "attachments": [
            {"number": item["number"], **attachment}
            for item in items
            for attachment in item["attachments"]
        ],
        "any_files": any(row["filename"] for item in items for row in item["attachments"]),
        "next_meeting": _next_meeting(data),
        "signatures": _signatures(data),
        "prepared_by": "" if _signatures(data) else _person(data["prepared_by"]),
        "shared": day(_time(data["shared_at"])),
        "approved": day(_time(data["approved_at"])),
        "web": _web(data),
        "for_print": for_print,
    }


def _web(data: Data) -> str:
    """What a copy on the web says of itself."""
    if not data.get("web"):
        return ""
    text = _(
        "This is a copy for the web. Representatives of students and guardians stand in it by "
        "role, and parts that are not public have been left out."
    )
    if remove_on := data["web"]["remove_on"]:
        text += " " + _("It stands on the web until %(day)s.") % {
            "day": day(date.fromisoformat(remove_on))
        }
    return text


def _kind(data: Data) -> str:
    if data["kind"] == "agenda":
        return _("Agenda")
    if data["type"] == "minutes":
        return pgettext("document", "Minutes")
    return pgettext("document", "Memo")


def _time(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def period(starts_at: datetime | None, ends_at: datetime | None = None) -> str:
    """A day and its hours as they are written: "22.10.2024 klo 13.00–15.30"."""
    if starts_at is None:
        return ""
    hours = clock(starts_at)
    if ends_at is not None:
        hours += f"\N{EN DASH}{clock(ends_at)}"
    # Translators: Finnish "%(day)s klo %(hours)s", Swedish "%(day)s kl. %(hours)s".
    return _("%(day)s at %(hours)s") % {"day": day(starts_at), "hours": hours}


def _facts(data: Data) -> list[tuple[str, str]]:
    """The heading data, as pairs of label and text; an address stands as such."""
    when = period(_time(data["starts_at"]), _time(data["ends_at"]))
    facts = [(_("Time and place"), ", ".join(part for part in (when, data["place"]) if part))]
    if data["kind"] == "agenda":
        facts.append((_("Remote connection"), data["remote_link"]))
    facts.append((_("Chair"), _person(data["chair"])))
    facts.append((_("Secretary"), _person(data["secretary"])))
    record = data.get("record") or {}
    facts.append((_("Record number"), record.get("record_number", "")))
    facts.append((_("Publicity"), _publicity(data, record)))
    return [(label, text) for label, text in facts if text]


def _publicity(data: Data, record: Data) -> str:
    """Who may read it, as section 25 of the act 621/1999 wants it said of what is secret."""
    if not record:
        return ""
    publicity = Publicity(record["publicity"])
    if publicity == Publicity.SECRET:
        return _("Secret: %(section)s") % {"section": record["secrecy"]}
    if publicity == Publicity.UNTIL_APPROVED and data["approved_at"]:
        publicity = Publicity.PUBLIC
    return capfirst(str(publicity.label))


def _person(person: Data | None) -> str:
    if person is None:
        return ""
    return ", ".join(part for part in (person["name"], person["organisation"]) if part)


def _role(code: str) -> str:
    """A role in words, in lower case as titles are; a plain member's is not worth saying."""
    if code == Membership.Role.MEMBER:
        return ""
    return str(Membership.Role(code).label) if code in Membership.Role.values else code


def _attendance(data: Data) -> list[dict[str, Any]]:
    """Who was there and how, in the order of the modes."""
    people = sorted(data["attendance"], key=lambda one: Mode.values.index(one["mode"]))
    labels = {
        Mode.IN_PERSON: _("Present"),
        Mode.REMOTE: _("Present remotely"),
        Mode.APOLOGIES: _("Apologies"),
        Mode.ABSENT: _("Absent"),
        Mode.UNSPECIFIED: _("Participants"),
    }
    groups = []
    for mode, ones in groupby(people, key=lambda one: one["mode"]):
        rows = [
            {
                "name": one["name"],
                "organisation": one["organisation"],
                "role": _role(one["role"]) or (pgettext("role", "guest") if one["guest"] else ""),
            }
            for one in ones
        ]
        groups.append({"label": labels[Mode(mode)], "people": rows})
    present = [one for one in people if Mode(one["mode"]).is_present]
    remote = sum(one["mode"] == Mode.REMOTE for one in present)
    if remote and remote < len(present):
        groups[0]["count"] = ngettext(
            "%(count)s, of whom %(remote)s remotely",
            "%(count)s, of whom %(remote)s remotely",
            len(present),
        ) % {"count": len(present), "remote": remote}
    return groups


def _item(data: Data, item: Data, *, for_print: bool) -> dict[str, Any]:
    """One item, ready for the template, and its marked lines for the summary."""
    formal = data["type"] == "minutes"
    language = item["language"] or data["language"]
    body = bodies.Body(
        item["html"], item["marks"], formal=formal, language=language, for_print=for_print
    )
    number = item["number"]
    if formal and not item["depth"]:
        number = f"{number}\N{NO-BREAK SPACE}§"
    return {
        **item,
        "language": language if language != data["language"] else "",
        "number": number,
        "facts": list(_item_facts(data, item)),
        "attachments": [
            row | {"unchecked": bool(row["filename"]) and not row.get("checked")}
            for row in item["attachments"]
        ],
        "body": body.html,
        "marked": [
            {"number": item["number"], "item": item["title"], **line} for line in body.marked_lines
        ],
    }


def _item_facts(data: Data, item: Data) -> Iterator[str]:
    if item["visibility"] == "members":
        yield _("Only for members of the group")
    elif item["visibility"] == "secret":
        yield _("Secret: %(section)s") % {"section": item["secrecy"]}
    if item["presenter"]:
        yield _("Presented by %(name)s") % {"name": item["presenter"]}
    if data["kind"] == "agenda" and item["minutes"]:
        yield _("%(minutes)s min") % {"minutes": item["minutes"]}


def _supersedes(data: Data) -> str:
    """Which version this is and what it replaces; nothing about a first one."""
    if not data["supersedes"]:
        return ""
    text = _("Version %(version)s. Replaces version %(old)s.") % {
        "version": data["version"],
        "old": data["supersedes"],
    }
    changed = data.get("changed_items", [])
    if changed:
        text += " " + ngettext(
            "Changed item: %(numbers)s.", "Changed items: %(numbers)s.", len(changed)
        ) % {"numbers": ", ".join(changed)}
    return f"{text} {data['change_note']}".strip()


def _next_meeting(data: Data) -> str:
    upcoming = data["next_meeting"]
    if not upcoming:
        return ""
    when = period(_time(upcoming["starts_at"]))
    return ", ".join(part for part in (when, upcoming["place"]) if part)


def _signatures(data: Data) -> list[dict[str, str]]:
    """Who signs formal minutes; a memo is not signed."""
    if data["kind"] != "minutes" or data["type"] != "minutes":
        return []
    signing = (
        (data["chair"], Membership.Role.CHAIR),
        (data["secretary"], Membership.Role.SECRETARY),
    )
    return [{"name": person["name"], "role": str(role.label)} for person, role in signing if person]
