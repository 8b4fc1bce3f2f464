"""The colours hold the contrast that LOOK promises, in both themes (WCAG 2.2's measure)."""

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
GROUNDS = ("paper", "surface", "sunken")


def themes() -> dict[str, dict[str, str]]:
    """Name → value of each colour, light as it stands and dark laid over it."""
    light, dark = SHEET.read_text().split("@media (prefers-color-scheme: dark)")

    def colours(css: str) -> dict[str, str]:
        return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))

    return {"light": colours(light), "dark": colours(light) | colours(dark.split("@media")[0])}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """What stands on what, and the least contrast it needs."""
    wanted = [("ink", ground, 7.0) for ground in GROUNDS]
    wanted += [("ink-soft", ground, 4.5) for ground in GROUNDS]
    wanted += [("control", ground, 3.0) for ground in GROUNDS]
    for state in ("progress", "done", "late", "na"):
        wanted += [(state, ground, 4.5) for ground in (*GROUNDS, f"{state}-soft")]
        wanted.append(("ink", f"{state}-soft", 7.0))
    wanted += [("accent", ground, 4.5) for ground in (*GROUNDS, "accent-soft")]
    wanted += [("accent-strong", ground, 4.5) for ground in (*GROUNDS, "accent-soft")]
    wanted += [("ink", "accent-soft", 7.0), ("ink-soft", "accent-soft", 4.5)]
    return [*wanted, ("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), pairs())
def test_contrast(theme: str, text: str, ground: str, least: float) -> None:
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= least


def test_measure_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == 21
