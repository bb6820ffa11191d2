"""The two schemes of the window: the same names, and every ink readable on its ground."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from desktop.errors import Refusal
from desktop.settings import DARK as DARK_LOOK
from desktop.usecases.adjusting import adjust, machine
from ui import theme

READABLE, LARGE = 4.5, 3.0  # WCAG 2.1: words, and what is large or only a hint
SCHEMES = {"light": (theme.LIGHT, theme.LIGHT_TONES), "dark": (theme.DARK, theme.DARK_TONES)}
WORDS = (("INK", "PAPER"), ("INK", "GROUND"), ("INK", "STRIPE"), ("INK", "ACCENT_SOFT"), ("MUTED", "PAPER"),
         ("MUTED", "GROUND"), ("MUTED", "STRIPE"), ("ACCENT", "PAPER"), ("ACCENT_DARK", "PAPER"),
         ("ACCENT_DARK", "GROUND"), ("ACCENT_DARK", "ACCENT_SOFT"), ("ON_ACCENT", "ACCENT"),
         ("ON_ACCENT", "ACCENT_DARK"))


def light_of(colour: str) -> float:
    """Relative luminance."""
    parts = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
             for part in QColor(colour).getRgbF()[:3])
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((light_of(one), light_of(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_word_is_readable_on_its_ground(name: str) -> None:
    colours, tones = SCHEMES[name]
    faint = [(ink, ground) for ink, ground in WORDS if contrast(colours[ink], colours[ground]) < READABLE]
    faint += [(tone, "its own") for tone, (ink, ground) in tones.items() if contrast(ink, ground) < READABLE]
    faint += [(tone, ground) for tone, (ink, _own) in tones.items() for ground in ("PAPER", "GROUND", "ACCENT_SOFT")
              if contrast(ink, colours[ground]) < READABLE]
    assert not faint
    assert all(contrast(colours[name], colours["PAPER"]) >= LARGE for name in ("HINT", "FAINT"))
    assert contrast(colours["LINE_DARK"], colours["PAPER"]) > contrast(colours["LINE"], colours["PAPER"]) > 1.2


def test_both_schemes_have_the_same_colours_and_each_is_one() -> None:
    for colours, tones in SCHEMES.values():
        assert all(QColor.isValidColorName(colour) for colour in (*colours.values(), *sum(tones.values(), ())))
    assert theme.LIGHT.keys() == theme.DARK.keys() and theme.LIGHT_TONES.keys() == theme.DARK_TONES.keys()


def test_the_look_is_a_setting_of_the_machine_and_nothing_but_light_or_dark(tmp_path: Path) -> None:
    adjust(tmp_path, "look", DARK_LOOK)
    assert machine(tmp_path)["look"] == DARK_LOOK
    with pytest.raises(Refusal, match="只能是浅色或深色"):
        adjust(tmp_path, "look", "粉色")


def test_a_window_that_is_to_be_dark_is_dark_from_its_first_paint(tmp_path: Path) -> None:
    adjust(tmp_path, "look", DARK_LOOK)
    told = subprocess.run([sys.executable, "-c", f"""
from pathlib import Path
from ui import scheme
from desktop.main import _wears_dark
scheme.dark = _wears_dark(Path({str(tmp_path)!r}))
from ui import theme
import json
print(json.dumps([theme.PAPER, theme.TONES["wrong"][0], theme.PAPER in theme.STYLE]))
"""], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert json.loads(told.stdout) == [theme.DARK["PAPER"], theme.DARK_TONES["wrong"][0], True]
