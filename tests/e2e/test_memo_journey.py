"""The main job on the real memo: read in, checked, edited, shared, and a PDF that holds it all.

The memo lies beside the repository; elsewhere than in the continuous integration it may be absent.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from actions.models import ActionItem
from directory.models import Group, Organisation
from meetings.integrity import drift
from meetings.models import Meeting
from tests import pdf_structure
from tests.cast import Cast
from tests.e2e.desk import Desk, login

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "minutes"
MEMO = FOLDER / "2024-10-22.txt"

pytestmark = [
    pytest.mark.skipif(
        not MEMO.exists() and os.environ.get("CI") != "true", reason="the memo is not here"
    ),
    pytest.mark.django_db(transaction=True),
]


def squeezed(text: str) -> str:
    """Letters and figures only: a PDF breaks words where its lines end."""
    return re.sub(r"[\W_]+", "", text.replace("\u00ad", ""))


def test_the_real_memo_from_text_to_pdf(
    live_server: LiveServer,
    cast: Cast,
    new_context: Callable[..., BrowserContext],
    assert_accessible: Callable[[Page], None],
) -> None:
    expected = json.loads((FOLDER / "2024-10-22.expected.json").read_text())
    Organisation.objects.create(
        kind="county", name_fi="Länsi-Uudenmaan hyvinvointialue", name_sv="", short_fi="LUVN"
    )
    Group.objects.create(
        kind="subgroup",
        slug="alatyoryhma",
        name_fi="Suunnitelmien alatyöryhmä",
        parent=cast.group,
        host=cast.group.host,
    )
    Meeting.objects.all().delete()
    context = new_context()
    login(context, cast.secretary, live_server)
    page = context.new_page()

    # Read in: nothing is saved, every doubt is settled by a click.
    page.goto(f"/meetings/group/{cast.group.slug}/import/")
    page.get_by_label("text file").set_input_files(MEMO)
    page.get_by_role("button", name="Read the text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what was read")
    assert not Meeting.objects.exists()
    assert_accessible(page)
    doubts = page.get_by_label("It is right as read")
    assert 0 < doubts.count() <= 10
    for place in range(doubts.count()):
        doubts.nth(place).check()
    page.get_by_role("button", name="Accept and save as a draft").click()

    # Edit: one more line by hand.
    expect(page).to_have_url(re.compile(r"/meetings/\d+/edit/"))
    meeting = Meeting.objects.get()
    desk = Desk(page, meeting.items.order_by("position").last())
    desk.write().type("<Enter>Seuraava tapaaminen sovitaan sähköpostilla.")
    desk.settled()

    # Share: remarks inform, none blocks.
    page.get_by_role("link", name="Share minutes…").click()
    page.get_by_role("button", name="Share with the group").click()
    expect(page).to_have_url(re.compile(rf"/meetings/{meeting.pk}/$"))
    assert_accessible(page)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.SHARED
    assert list(drift()) == []

    answer = page.request.get(f"/meetings/{meeting.pk}/pdf/")
    assert answer.headers["content-type"] == "application/pdf"
    in_pdf = squeezed(pdf_structure.read(answer.body()).text())
    on_page = squeezed(page.locator("main").inner_text())
    wanted = [person["name"] for person in expected["attendees"]]
    nodes = list(expected["agenda"])
    while nodes:
        node = nodes.pop()
        wanted.append(node["text"])
        nodes += node.get("children", [])
    wanted.append("Seuraava tapaaminen sovitaan sähköpostilla.")
    for text in wanted:
        assert squeezed(text) in on_page, text
        assert squeezed(text) in in_pdf, text
    hrefs = page.locator("article a").evaluate_all("links => links.map((a) => a.href)")
    assert {link["url"] for link in expected["links"]} <= set(hrefs)

    live = ActionItem.objects.live().prefetch_related("owners")
    owners = sorted(
        (
            action.due,
            sorted(
                str(o.organisation or o.group or o.owner_set or o.person)
                for o in action.owners.all()
            ),
        )
        for action in live
    )
    assert ("", ["Omnia"]) in owners
    assert ("next_meeting", ["providers"]) in owners
    assert ("before_next_meeting", ["Suunnitelmien alatyöryhmä"]) in owners
