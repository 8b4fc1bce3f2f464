"""A browser's name for itself, in words: "Firefox, Windows"."""

import re

_BROWSERS = [
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|Chromium|CriOS)/"),
    ("Safari", r"Safari/"),
]
_SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
]


def in_words(user_agent: str) -> str:
    """The browser's and the system's names, those that are known; else nothing."""
    found = (
        next((name for name, pattern in known if re.search(pattern, user_agent)), None)
        for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))
