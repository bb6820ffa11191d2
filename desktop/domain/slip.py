"""Slips of the hand in a day to come: a year typed wrong, which nobody would notice before it came.

What is promised, stood still for or to be paid within a case lies within months; a day years ahead is 2206 for 2026.
"""

from __future__ import annotations

from datetime import date, timedelta

from desktop.errors import Refusal

FARTHEST = timedelta(days=731)  # two years, one of them a leap year


def is_far(day: date, today: date) -> bool:
    """Whether the day lies so far ahead that its year was typed wrong."""
    return day - today > FARTHEST


def far_told(label: str, day: date) -> str:
    """What is said of it."""
    return f"{label} {day} 在两年以后，请核对年份"


def refuse_far(day: date, today: date, label: str, field: str) -> None:
    """Refused where the day lies years ahead."""
    if is_far(day, today):
        raise Refusal(f"{far_told(label, day)}。", field)
