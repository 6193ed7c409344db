"""Every word can be read: the pairs of colours in use, in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
WASHES = ("primary-wash", "late-wash", "soon-wash", "good-wash")
TEXT_ON = {
    "ink": ("paper", "surface", "sunken", *WASHES),
    "quiet": ("paper", "surface", "sunken", *WASHES),
    "primary": ("paper", "surface", "sunken", "primary-wash"),
    "primary-strong": ("paper", "surface", "sunken", "primary-wash"),
    "on-primary": ("primary", "primary-strong"),
    "on-accent": ("accent", "accent-strong"),
    "late": ("paper", "surface", "sunken", "late-wash"),
    "soon": ("paper", "surface", "sunken", "soon-wash"),
    "good": ("paper", "surface", "sunken", "good-wash"),
}
BORDERS_ON = {"edge": ("paper", "surface", "sunken")}


def colours(theme: str) -> dict[str, str]:
    """Name -> #rrggbb of one theme; the dark sheet replaces what it names."""
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    if theme == "dark":
        text += (STATIC / "dark.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(theme: str, pairs: Mapping[str, tuple[str, ...]], least: float) -> list[str]:
    named = colours(theme)
    return [
        f"{front} on {back}"
        for front, backs in pairs.items()
        for back in backs
        if contrast(named[front], named[back]) < least
    ]


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_reads_at_four_and_a_half_to_one(theme: str) -> None:
    assert too_faint(theme, TEXT_ON, 4.5) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_field_has_a_visible_edge(theme: str) -> None:
    assert too_faint(theme, BORDERS_ON, 3) == []


def test_the_dark_sheet_names_every_colour_anew() -> None:
    light = colours("light")
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STATIC / "dark.css").read_text(encoding="utf-8")))
    assert set(dark) == set(light)
