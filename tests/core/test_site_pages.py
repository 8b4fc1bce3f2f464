"""Accessibility statement, privacy notice, feedback: there from the start, worded by the region."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core import site_pages
from core.models import SitePage
from directory.models import Organisation
from tests.factories import OrganisationFactory, PersonFactory

PAGES = list(SitePage.Key)


def visitor(language: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def county(db: None) -> Organisation:
    return OrganisationFactory(
        kind="county",
        name_fi="Esimerkin hyvinvointialue",
        name_sv="Exemplets välfärdsområde",
        is_provider=False,
    )


@pytest.fixture
def administrator(db: None) -> Client:
    client = visitor("en")
    client.force_login(PersonFactory(is_administrator=True))
    return client


@pytest.mark.parametrize("key", PAGES)
@pytest.mark.parametrize("language", site_pages.LANGUAGES)
def test_each_is_there_for_anyone_in_each_language(
    county: Organisation, key: str, language: str
) -> None:
    page = text(visitor(language).get(f"/pages/{key}/"))
    name = county.name_sv if language == "sv" else county.name_fi
    assert name in page
    assert "{controller}" not in page
    assert f'<html lang="{language}">' in page
    assert "# " not in page


def test_the_statement_names_who_watches_over_it_and_every_page_leads_there(
    county: Organisation,
) -> None:
    page = text(visitor("fi").get("/pages/accessibility/"))
    assert "Liikenne- ja viestintävirasto Traficom" in page
    assert '<a href="https://www.saavutettavuusvaatimukset.fi"' in page
    assert '<a href="mailto:saavutettavuus@traficom.fi">' in page
    login = text(Client().get("/account/login/"))
    for key in PAGES:
        assert f'href="/pages/{key}/"' in login
    assert Client().get("/pages/other/").status_code == 404


def test_without_a_county_it_is_there_all_the_same(db: None) -> None:
    assert visitor("fi").get("/pages/privacy/").status_code == 200


def test_an_administrator_words_it_and_what_is_not_translated_is_shown_in_finnish(
    county: Organisation, administrator: Client
) -> None:
    form = administrator.get("/pages/feedback/edit/").context["form"]
    assert "Exemplets välfärdsområde" in form["text_sv"].value()
    assert "square brackets" in text(administrator.get("/pages/feedback/"))
    typed = {
        "seen": form["seen"].value(),
        "text_fi": "# Oma otsikko\r\n- <script>alert(1)</script>\r\n- toinen\r\n\r\nloppu",
        "text_sv": "",
        "text_en": "Own words",
    }
    assert administrator.post("/pages/feedback/edit/", typed).status_code == 302
    finnish = text(visitor("fi").get("/pages/feedback/"))
    assert "<h2>Oma otsikko</h2>" in finnish
    assert (
        "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li><li>toinen</li></ul> <p>loppu</p>" in finnish
    )
    swedish = text(visitor("sv").get("/pages/feedback/"))
    assert '<div class="site-page" lang="fi"> <h2>Oma otsikko</h2>' in swedish
    english = text(visitor("en").get("/pages/feedback/"))
    assert '<div class="site-page"> <p>Own words</p>' in english
    assert "square brackets" not in text(administrator.get("/pages/feedback/"))


def test_two_administrators_overwrite_each_other_only_on_purpose(
    county: Organisation, administrator: Client
) -> None:
    there = "/pages/privacy/edit/"
    seen = administrator.get(there).context["form"]["seen"].value()
    first = {"seen": seen, "text_fi": "ensin", "text_sv": "", "text_en": ""}
    administrator.post(there, first)
    refused = administrator.post(there, first | {"text_fi": "sitten"})
    assert refused.status_code == 400
    assert "Someone else has changed this page meanwhile." in text(refused)
    assert "sitten</textarea>" in text(refused)
    assert '<p lang="fi">ensin</p>' in text(refused)
    again = refused.context["form"]["seen"].value()
    administrator.post(there, first | {"text_fi": "sitten", "seen": again})
    assert SitePage.objects.get().text_fi == "sitten"


@pytest.mark.parametrize(
    ("typed", "said"), [("", "This field is required."), ("x" * 40_001, "at most 40000 characters")]
)
def test_what_can_not_be_saved_is_said(administrator: Client, typed: str, said: str) -> None:
    refused = administrator.post("/pages/privacy/edit/", {"text_fi": typed, "text_sv": "sv"})
    assert refused.status_code == 400
    assert said in text(refused)
    assert "sv</textarea>" in text(refused)
    assert not SitePage.objects.exists()


def test_only_administrators_word_it(db: None) -> None:
    client = Client()
    assert client.get("/pages/privacy/edit/")["Location"].startswith("/account/login/")
    client.force_login(PersonFactory())
    assert client.get("/pages/privacy/edit/").status_code == 403
    assert client.post("/pages/privacy/edit/", {"text_fi": "x"}).status_code == 403
