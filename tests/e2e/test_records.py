"""A secretary makes minutes ready for the archive and puts them on the web, in a browser."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from meetings.models import Attachment, DocumentVersion, PublicCopy
from meetings.services import agenda
from tests import samples
from tests.cast import NOW, Cast, do_share, write
from tests.e2e.desk import login
from tests.factories import AttendanceFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_shared_minutes_to_the_archive_and_the_web(
    transactional_db: None,
    cast: Cast,
    browser: Browser,
    page: Page,
    live_server: LiveServer,
    settings: Any,
    tmp_path: Any,
    assert_accessible: Callable[[Page], None],
) -> None:
    options = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    student = MembershipFactory(
        group=cast.group, person__name="Venla Koivuharju", seat="students"
    ).person
    AttendanceFactory(meeting=cast.meeting, person=student, name=student.name, mode="in_person")
    AttendanceFactory(meeting=cast.meeting, name="Pekka Virkamies", mode="remote")
    write(
        cast,
        '<p data-line="aaaaaaaaaaaaaaa">Venla Koivuharjun aloite. Venlan mielestä on aika.</p>',
        {"aaaaaaaaaaaaaaa": [{"kind": "agreed", "effective": ""}]},
    )
    upload = ContentFile(samples.pdf(), name="ohje.pdf")
    agenda.attach_file(item=cast.item, title="Ohje", upload=upload, by=cast.secretary, now=NOW)
    do_share(cast)

    login(page.context, cast.secretary, live_server)
    page.goto(reverse("meetings:records", args=[cast.meeting.pk]))
    assert_accessible(page)
    page.locator("[name=publicity]").select_option("public")
    page.locator("[name=record_number]").fill("HVA/1/2026")
    page.locator("[name=task_class]").fill("00.01")
    page.locator("[name=kept_permanently]").check()
    page.locator("main form .btn-primary").click()
    page.goto(reverse("meetings:archive", args=[cast.meeting.pk]))
    assert_accessible(page)
    page.locator("main form button").click()
    expect(page.locator("main form button[name=undo]")).to_be_visible()
    with page.expect_download() as package:
        page.locator(".page-primary a").click()
    assert re.fullmatch(r"group-\d+-\d{4}-\d\d-\d\d-v1\.zip", package.value.suggested_filename)

    page.goto(reverse("meetings:publish", args=[cast.meeting.pk]))
    assert_accessible(page)
    page.locator("[name=attached]").check()
    page.locator("[name=checked]").check()
    page.locator("main form .btn-primary").click()
    expect(page.locator(".message.success a").first).to_be_visible()
    assert_accessible(page)

    anyone = browser.new_context(locale="fi-FI", base_url=live_server.url).new_page()
    anyone.goto(reverse("public:group", args=[cast.group.slug]))
    assert_accessible(anyone)
    anyone.locator("main li > a").click()
    expect(anyone.locator("article")).to_contain_text("Opiskelijoiden edustajan aloite.")
    assert "Koivuharju" not in anyone.content()
    assert_accessible(anyone)
    with anyone.expect_download() as file:
        anyone.locator("article .document-attachments a").click()
    assert file.value.suggested_filename == "ohje.pdf"

    page.locator("main form .btn-danger").click()
    answer = anyone.reload()
    assert answer
    assert answer.status == 410
    assert_accessible(anyone)
    assert DocumentVersion.objects.count() == 1
    assert Attachment.objects.get().checked_by == cast.secretary
    assert PublicCopy.objects.get().remove_on == timezone.localdate() + timedelta(days=365)
