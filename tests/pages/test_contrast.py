"""Every pair of colors that lies on each other can be told apart, by day and by night."""

import re

import pytest
from django.conf import settings

from portal.pages.screens.style_guide import COLORS

CSS = settings.BASE_DIR / "static" / "css"
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TOKENS = {name: (day, night) for name, day, night in TOKEN.findall((CSS / "tokens.css").read_text())}

GROUNDS = ("ground", "surface", "tint", "accent-tint")
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-strong", "closing", "stop") for ground in GROUNDS],
    *[(tone, f"{tone}-tint") for tone in ("good", "wait", "stop", "closing")],
    *[(ink, f"{tone}-tint") for tone in ("good", "wait", "stop", "closing") for ink in ("ink", "ink-soft", "accent")],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ground", "stop"),
    ("ink", "mark"),
]
DRAWN = [
    *[(edge, ground) for edge in ("edge", "accent", "focus", "stop", "closing", "good") for ground in GROUNDS],
    *[("focus", f"{tone}-tint") for tone in ("good", "wait", "stop", "closing")],
    ("accent", "line"),
]
DECORATION = {"line"}
"""Says nothing that space and words do not say too."""


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("drawn", "ground"), DRAWN)
def test_edges_and_shapes_can_be_seen(drawn: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[drawn][theme], TOKENS[ground][theme]) >= 3


def test_every_color_is_judged() -> None:
    assert {name for pair in TEXT + DRAWN for name in pair} | DECORATION == set(TOKENS)


def test_every_color_is_a_token() -> None:
    """No color is written outside tokens.css, but for the sheet of paper and the veil behind a dialog."""
    css = (CSS / "portal.css").read_text()
    screen = css[: css.index("@layer print")]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", screen)) <= {"#13201e66", "#000000a6"}


def test_the_style_guide_shows_every_color() -> None:
    assert {*COLORS} | {"focus", "on-accent"} == set(TOKENS)


def test_every_token_exists_that_is_used() -> None:
    css = (CSS / "portal.css").read_text()
    defined = set(re.findall(r"(--[a-z0-9-]+):", (CSS / "tokens.css").read_text() + css))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", css)) <= defined
