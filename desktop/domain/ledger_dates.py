"""Dates and terms as halls write them, and what the calendar says follows from them.

A cell is read as what it plainly says or not at all: a two-digit year, a day that no calendar has, or an order
of day and month that could be taken either way gives no date but the name of what is wrong with it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2199
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 109_574  # 1950-01-01 to 2199-12-31 as Excel counts days
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LONGEST_TERM_YEARS = 99
_LONGEST_BARE_TERM = 30  # a bare number above it is more likely months: not guessed

_SEP = r"\s*[-./\\年月·、,。—–_\s]\s*"
_WEEKDAY = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
_TIME = (r"(?:\s*T?\s*(?:[上下中]午|凌晨|早上|晚上)?\s*(?:\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?|"
         r"\d{1,2}[时点](?:\d{1,2}分(?:\d{1,2}秒)?)?)\s*(?:[AP]M|Z|[+-]\d\d:?\d\d)?)?")
_FULL = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})\s*[日号]?\.?{_WEEKDAY}{_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\.0+|\d{4}|\d{6})?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SHORT = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})\s*[日号]?{_WEEKDAY}{_TIME}", re.IGNORECASE)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}){_TIME}", re.IGNORECASE)
_SHORT_COMPACT = re.compile(r"(\d\d)(\d\d)(\d\d)")
_WRAPPING = re.compile(r"^(?:自|从|起于|至|到|截至|截止到?|止于)?\s*(.*?)\s*(?:起|止|为止|之日止)?$", re.DOTALL)
_IN_PERIOD = re.compile(rf"(?<!\d)\d\d(?:\d\d)?{_SEP}\d{{1,2}}{_SEP}\d{{1,2}}\s*[日号]?|(?<!\d)\d{{8}}(?!\d)")
_PERIOD_WORDS = re.compile(r"[\s自从由起至到止日期有效()~∼〜—–\-:,、;]*")

_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}
_NUMERAL = re.compile(f"[{''.join(_CHINESE)}十拾]+")
_TERM_YEARS = re.compile(
    r"(\d+(?:\.\d+)?)(?:\(\d+\))?(?:周?年|Y)(?:零|又|加)?(?:(\d+)个?月|(半))?(?:整|期)?", re.IGNORECASE)
_TERM_MONTHS = re.compile(r"(\d+)(?:\(\d+\))?个?月(?:整|期)?")
_TERM_BARE = re.compile(r"\d+(?:\.\d+)?")


class DateReading(NamedTuple):
    """What a cell says of a day: `day`, or in `fault` why there is none.

    fault: '' a day · 'blank' · 'bad' impossible or unreadable · 'two_digit' a year of two digits.
    """

    day: date | None
    fault: str = ""


BLANK = DateReading(None, "blank")
BAD = DateReading(None, "bad")
TWO_DIGIT = DateReading(None, "two_digit")


def fold(text: str) -> str:
    """Full-width to half-width, invisible marks gone, outer blanks trimmed: for reading, never for keeping."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "")
    return text.strip()


def read_date(cell: object, is_1904: bool = False) -> DateReading:
    """The day that a cell plainly says, whatever its shape: date, serial, 20261102, 2026年11月2日, text with time."""
    if cell is None or cell == "":
        return BLANK
    if isinstance(cell, str):
        return _date_of_text(cell, is_1904)
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_of_number(cell, is_1904)
    return BAD


def _plausible(day: date) -> DateReading:
    """Days of 1899 and 1900 are what Excel shows for the numbers 0 to 366: amounts, not dates."""
    return DateReading(day) if FIRST_YEAR < day.year <= LAST_YEAR else BAD


def _date_of_number(number: float, is_1904: bool) -> DateReading:
    if number != number or abs(number) > 1e9:  # not a number, or too long for any date
        return BAD
    whole = int(number)
    if whole == number and whole >= 10_000_000:
        return _date_of_text(str(whole), is_1904)
    return _date_of_serial(whole, is_1904)


def _date_of_serial(serial: int, is_1904: bool) -> DateReading:
    epoch = _EPOCH_1904 if is_1904 else _EPOCH_1900
    if not _FIRST_SERIAL <= serial + (epoch - _EPOCH_1900).days <= _LAST_SERIAL:
        return BAD
    return DateReading(epoch + timedelta(days=serial))


@lru_cache(maxsize=8192)
def _date_of_text(text: str, is_1904: bool) -> DateReading:
    said = fold(text).lstrip("'")
    if not said:
        return BLANK
    reading = _match_date(said, is_1904)
    if reading.fault != "bad" or not (found := _WRAPPING.match(said)):
        return reading
    return _match_date(_arabic_date(found[1]), is_1904)


def _match_date(said: str, is_1904: bool) -> DateReading:
    if found := _FULL.fullmatch(said) or _COMPACT.fullmatch(said):
        return _day(found[1], found[2], found[3])
    if found := _SERIAL.fullmatch(said):
        return _date_of_serial(int(found[1]), is_1904)
    if found := _YEAR_LAST.fullmatch(said):
        return _year_last(found[1], found[2], found[3])
    if _SHORT.fullmatch(said):
        return TWO_DIGIT
    if (found := _SHORT_COMPACT.fullmatch(said)) and _day("20" + found[1], found[2], found[3]).day:
        return TWO_DIGIT
    return BAD


def _day(year: str, month: str, day: str) -> DateReading:
    try:
        return _plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return BAD


def _year_last(first: str, second: str, year: str) -> DateReading:
    """2/11/2026 may be February or November: only a figure above twelve, or two equal ones, tell which is the day."""
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if month_first.day and day_first.day and month_first != day_first:
        return BAD
    return month_first if month_first.day else day_first


def _arabic_date(said: str) -> str:
    """二〇二六年十一月二日 → 2026年11月2日; other text unchanged."""
    return _NUMERAL.sub(lambda found: str(chinese_number(found[0])), said)


def chinese_number(word: str) -> int:
    """三 → 3, 十二 → 12, 二〇二六 → 2026, 叁拾 → 30. Only the digits and tens of `_CHINESE` are looked for."""
    word = word.replace("拾", "十")
    if "十" not in word:
        return int("".join(str(_CHINESE[c]) for c in word))
    tens, units = word.split("十", 1)
    return (chinese_number(tens) if tens else 1) * 10 + (chinese_number(units) if units else 0)


def read_period(text: str) -> tuple[DateReading, DateReading] | None:
    """2021.1.1-2026.1.1 or 自2021年1月1日起至2025年12月31日止: both days; None when the text is not a period."""
    said = fold(text)
    found = _IN_PERIOD.findall(said)
    if len(found) != 2 or not _PERIOD_WORDS.fullmatch(_IN_PERIOD.sub("", said)):
        return None
    return _date_of_text(found[0], False), _date_of_text(found[1], False)


def read_term(cell: object, unit: str = "") -> int | None:
    """A term in months: 3, 3年, 三年, 36个月, １０, 半年, 三年半. None when the cell does not plainly say one.

    `unit` is what the column's head says of bare numbers: 年, 月 or nothing (then years up to 30).
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        return _bare_term(cell, unit)
    return _term_of_text(cell, unit) if isinstance(cell, str) else None


@lru_cache(maxsize=1024)
def _term_of_text(text: str, unit: str) -> int | None:
    said = "".join(fold(text).split())
    if _TERM_BARE.fullmatch(said):
        return _bare_term(float(said), unit)
    said = re.sub("^半年", "6月", said)
    said = _NUMERAL.sub(lambda found: str(chinese_number(found[0])), said)
    if found := _TERM_MONTHS.fullmatch(said):
        return _bare_term(int(found[1]), "月")
    if not (found := _TERM_YEARS.fullmatch(said)):
        return None
    years = _bare_term(float(found[1]), "年")
    rest = 6 if found[3] else int(found[2] or 0)
    return None if years is None else years + rest


def _bare_term(number: float, unit: str) -> int | None:
    highest = {"月": _LONGEST_TERM_YEARS * 12, "年": _LONGEST_TERM_YEARS}.get(unit, _LONGEST_BARE_TERM)
    months = number if unit == "月" else number * 12
    return int(months) if 0 < number <= highest and months == int(months) else None


def anniversary(start: date, months: int) -> tuple[date, bool]:
    """The day with the same number `months` later; True when that month has no such day (then its last day)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day), False
    except ValueError:
        after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        return after - timedelta(days=1), True


def end_of_term(start: date, months: int) -> date:
    """The last day of a term of `months` from `start`: the day before the anniversary.

    29 February has no anniversary in a common year: the term ends on 28 February. 依据：民法典第二百零二条.
    """
    day, missing = anniversary(start, months)
    return day if missing else day - timedelta(days=1)


def agrees_with_term(start: date, months: int, end: date) -> bool:
    """Whether `end` is the day before the anniversary or the anniversary itself, by either way of counting a
    missing day (Excel's EDATE gives the month's last day, the calendar the first day after it)."""
    day, missing = anniversary(start, months)
    return day - timedelta(days=1) <= end <= day + timedelta(days=int(missing))
