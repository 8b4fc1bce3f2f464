"""The editor's texts: what its modules say is what the page gives them, translated."""

import re

from django.conf import settings
from django.utils import translation

from meetings.editor_strings import IN_CONTEXT, STRINGS, texts

_ASKED = re.compile(r'\b(?:t|gettext)\(\s*"((?:[^"\\]|\\.)*)"')


def test_each_text_that_the_modules_ask_for_is_there() -> None:
    modules = (settings.BASE_DIR / "static" / "js" / "editor").glob("*.js")
    asked = {msgid for module in modules for msgid in _ASKED.findall(module.read_text("utf-8"))}
    assert sorted(asked) == sorted({*STRINGS, *IN_CONTEXT})


def test_each_module_is_named_to_the_browser() -> None:
    """One that is not comes by its bare name: larger, and kept by caches after a release."""
    folder = settings.BASE_DIR / "static" / "js" / "editor"
    page = (settings.BASE_DIR / "templates" / "meetings" / "_editor.html").read_text("utf-8")
    named = set(re.findall(r"{% static 'js/editor/(\w+\.js)' %}", page))
    assert named == {module.name for module in folder.glob("*.js")}


def test_the_page_gets_them_in_the_readers_language() -> None:
    with translation.override("en"):
        assert texts() == {msgid: msgid for msgid in [*STRINGS, *IN_CONTEXT]}
    with translation.override("fi"):
        assert texts()["Task"] == "Tehtävä"
