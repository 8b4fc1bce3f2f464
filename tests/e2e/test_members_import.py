"""A list of members pasted, looked through, decided on and saved, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Membership
from tests.cast import Cast
from tests.e2e.desk import login
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory

LIST = """Jäsenluettelo
Nimi\tSähköposti\tOrganisaatio\tRooli\tVarajäsen kenelle\tAlkaen\tPuhelin
Aarni Pohjonen\taarni@example.org\tEspoo\tjäsen\t\t1.8.2026\t040 123
Veera Lampi\tveera@example.org\tOmnia\tsihteeri\t\t\t
Eeva Vara\teeva@example.org\tOmnia\t\tVeera Lampi\t\t
Kirsi Kaksonen\t\tEspoo\t\t\t\t
Olli Outo\tolli@\tEspoo\tkuningas\t\t31.2.2026\t
Matti Muu\tmatti@example.org\tHangon kaupunki\t\t\t\t
Ville Entinen\t\t\t\t\t\t
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_a_list_is_pasted_decided_on_and_saved(
    live_server: LiveServer,
    cast: Cast,
    new_context: Callable[..., BrowserContext],
    assert_accessible: Callable[[Page], None],
    width: int,
) -> None:
    MembershipFactory(group=cast.group, person__name="Ville Entinen")
    OrganisationFactory(name_fi="Hanko", name_sv="Hangö", inflections=["Hangon"])
    PersonFactory(name="Veera Lampi", email=None)
    for address in ("kirsi1@example.org", "kirsi2@example.org"):
        PersonFactory(name="Kirsi Kaksonen", email=address)
    context = new_context(viewport={"width": width, "height": 900})
    login(context, cast.secretary, live_server)
    page = context.new_page()

    def is_fit() -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_accessible(page)

    page.goto(f"/directory/groups/{cast.group.slug}/")
    page.get_by_role("link", name="Read in a list of members").click()
    is_fit()
    page.get_by_label("or paste the cells here").fill(LIST)
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_text("3 rows change something")).to_be_visible()
    is_fit()
    page.get_by_label("“Hangon kaupunki” is not in the directory.").select_option(label="Hanko")
    page.get_by_label("kirsi2@example.org").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Someone else of this name?").first.click()
    page.get_by_text("Which column is what").click()
    is_fit()
    page.get_by_label("Leave out: Matti Muu").check()
    page.get_by_role("button", name="Save 5 rows").click()
    expect(page.get_by_role("heading", name="The list is in")).to_be_visible()
    is_fit()
    expect(page.get_by_text("Rows 7, 8 of the list.")).to_be_visible()
    deputy = Membership.objects.get(person__name="Eeva Vara")
    assert deputy.deputy_for
    assert deputy.deputy_for.person.name == "Veera Lampi"
    assert not Membership.objects.filter(person__name="Matti Muu").exists()
    page.goto("about:blank")
