"""How a day is shown everywhere: 2026-11-22 周日."""

from __future__ import annotations

from datetime import date

WEEKDAYS = "一二三四五六日"


def day_text(day: date | None) -> str:
    """A day as lists show it: 2026-11-22 周日."""
    return f"{day.isoformat()} 周{WEEKDAYS[day.weekday()]}" if day else ""
