"""Makes the working-day calendars of years that the State Council has not announced yet (暂定).

Only the thirteen statutory days of 《全国年节及纪念日放假办法》(2024-11-10) are off, besides weekends; the lunar ones
come from lunar-python. Days in lieu and shifted weekends are for the notice to say.

Run: python -m tests.tools.make_calendars
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from lunar_python import Lunar

FOLDER = Path(__file__).parents[2] / "desktop" / "catalog" / "calendars"
YEARS = range(2027, 2031)
PAPER = "《全国年节及纪念日放假办法》（2024年11月10日修订）第二条"
NOTE = "暂定：只列法定13天，补假和调休以国务院办公厅通知为准，通知发布后请导入当年文件"


def solar(lunar: Lunar) -> date:
    day = lunar.getSolar()
    return date(day.getYear(), day.getMonth(), day.getDay())


def statutory_days(year: int) -> list[tuple[str, date]]:
    """The thirteen days off of one year, in order."""
    spring = solar(Lunar.fromYmd(year, 1, 1))
    jieqi = Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]
    return [
        ("元旦", date(year, 1, 1)),
        *(("春节", spring + timedelta(days=n)) for n in range(-1, 3)),
        ("清明节", date(jieqi.getYear(), jieqi.getMonth(), jieqi.getDay())),
        *(("劳动节", date(year, 5, n)) for n in (1, 2)),
        ("端午节", solar(Lunar.fromYmd(year, 5, 5))),
        ("中秋节", solar(Lunar.fromYmd(year, 8, 15))),
        *(("国庆节", date(year, 10, n)) for n in (1, 2, 3)),
    ]


def named_days(year: int) -> dict[date, str]:
    """Each day off with its name; two festivals may fall on one day, as 国庆节 and 中秋节 in 2028."""
    names: dict[date, str] = {}
    for name, day in statutory_days(year):
        names[day] = f"{names[day]}、{name}" if day in names else name
    return names


def calendar_text(year: int) -> str:
    """The year's file, letter for letter."""
    days = [{"name": name, "date": day.isoformat(), "isOffDay": True} for day, name in sorted(named_days(year).items())]
    book = {"year": year, "provisional": True, "note": NOTE, "papers": [PAPER], "days": days}
    return json.dumps(book, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    for year in YEARS:
        (FOLDER / f"{year}.json").write_text(calendar_text(year), "utf-8")


if __name__ == "__main__":
    main()
