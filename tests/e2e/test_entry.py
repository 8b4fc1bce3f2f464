"""From an invitation to the first task: mail, passkey, out, and in again."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from directory.models import Membership, Person
from directory.services.invitations import invite
from tests.factories import (
    ActionItemFactory,
    AssignmentFactory,
    GroupFactory,
    MembershipFactory,
    OriginFactory,
    OwnerFactory,
)
from tests.post import Post, text

pytestmark = pytest.mark.django_db(transaction=True)

HOME = re.compile(r"^http://[^/]+/$")


@pytest.fixture(autouse=True)
def _no_limits_reached() -> None:
    cache.clear()


@pytest.fixture
def key(page: Page) -> Iterator[CDPSession]:
    """A machine with a lock (a finger, say) that makes and keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    session.authenticator = made["authenticatorId"]  # type: ignore[attr-defined]
    yield session
    session.send("WebAuthn.disable")


@pytest.fixture
def invited() -> Membership:
    """A member of Espoo's, which has been asked for something."""
    group = GroupFactory(name_fi="Yhteistyöryhmä")
    membership = MembershipFactory(
        group=group,
        organisation__name_fi="Espoo",
        person__name="Aino Esimerkki",
        person__email="aino@example.org",
    )
    membership.person.set_unusable_password()
    membership.person.save()
    action = ActionItemFactory(
        origin=OriginFactory(group=group), text="Toimittakaa koulukuraattorien ajat"
    )
    owner = OwnerFactory(action=action, organisation=membership.organisation)
    AssignmentFactory(owner=owner, organisation=membership.organisation)
    return membership


@pytest.fixture
def link(invited: Membership, live_server: LiveServer, post: Post, settings: Settings) -> str:
    """The address in the mail that came."""
    settings.SITE_URL = live_server.url
    secretary = MembershipFactory(
        group=invited.group, role=Membership.Role.SECRETARY, person__name="Kati Koordinaattori"
    )
    invite(person=invited.person, group=invited.group, by=secretary.person, now=timezone.now())
    [letter] = post.letters()
    return re.findall(rf"^{live_server.url}/invitation/\S+$", text(letter), re.M)[0]


def open_menu(page: Page) -> None:
    page.locator(".user-menu-button").click()


def test_from_the_invitation_to_the_first_task_and_in_again(
    page: Page, key: CDPSession, link: str, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aino Esimerkki")
    expect(page.locator("dl")).to_contain_text("Espoo")
    assert_accessible(page)
    expect(page.locator("#id_password")).to_be_hidden()
    page.locator('[name="way"][value="password"]').focus()
    page.keyboard.press("Space")
    expect(page.locator("#id_password")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#id_password")).to_be_hidden()
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Toimittakaa koulukuraattorien ajat")).to_be_visible()
    assert_accessible(page)
    assert Authenticator.objects.get().type == Authenticator.Type.WEBAUTHN

    page.goto("/account/")
    expect(page.locator("#passkeys + .rows li")).to_have_count(1)
    assert_accessible(page)
    open_menu(page)
    page.locator(".user-menu form button").click()
    page.wait_for_url("**/account/login/**")
    page.goto("/account/login/")
    assert_accessible(page)
    page.locator('form[data-passkey="get"] button').click()
    expect(page.get_by_text("Toimittakaa koulukuraattorien ajat")).to_be_visible()

    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Aino")
    assert_accessible(page)


def test_another_passkey_is_added_renamed_and_removed(
    page: Page, key: CDPSession, link: str, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto(link)
    page.locator('[name="way"][value="code"]').check()
    page.locator("main button[type=submit]").click()
    page.wait_for_url(HOME)
    page.goto("/account/passkeys/add/")
    assert_accessible(page)
    page.locator("#id_name").fill("Työkone")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/account/")
    expect(page.get_by_text("Työkone").first).to_be_visible()
    page.locator('a[href*="/edit/"]').click()
    # One shows once more who one is, now that there is something to show.
    assert_accessible(page)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/edit/")
    assert_accessible(page)
    page.locator("#id_name").fill("Vanha kone")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/account/")
    page.locator('a[href*="/remove/"]').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vanha kone")
    assert_accessible(page)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/account/")
    assert not Authenticator.objects.exists()


def test_a_machine_that_does_not_open_says_so_and_loses_nothing(
    page: Page, key: CDPSession, link: str, assert_accessible: Callable[[Page], None]
) -> None:
    key.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": key.authenticator, "isUserVerified": False},  # type: ignore[attr-defined]
    )
    page.goto(link)
    page.locator("#id_language").select_option("sv")
    page.locator("main button[type=submit]").click()
    expect(page.locator("[data-passkey-failure]")).to_be_visible()
    assert_accessible(page)
    assert not Authenticator.objects.exists()
    page.locator('[name="way"][value="code"]').check()
    page.locator("main button[type=submit]").click()
    page.wait_for_url(HOME)
    assert Person.objects.get(email="aino@example.org").language == "sv"


def test_a_signature_that_is_not_the_passkeys_opens_nothing(
    page: Page, key: CDPSession, link: str
) -> None:
    page.goto(link)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(HOME)
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.evaluate(
        """() => {
            const send = HTMLFormElement.prototype.submit
            HTMLFormElement.prototype.submit = function () {
                const made = JSON.parse(this.elements.credential.value)
                made.response.signature = made.response.signature.split("").reverse().join("")
                this.elements.credential.value = JSON.stringify(made)
                send.call(this)
            }
        }"""
    )
    page.locator('form[data-passkey="get"] button').click()
    expect(page.locator(".messages")).to_be_visible()
    assert page.goto("/").url.endswith("/account/login/?next=/")  # type: ignore[union-attr]
