"""A year's calendar in a hall: looked at, taken, given back; files that nobody here has seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from trade import accepted_case

from db.cases import Case
from db.entries import Entry
from desktop.catalog.release import FOLDER, load_calendar
from desktop.errors import Refusal, Trouble
from desktop.usecases.calendaring import (
    give_back,
    preview,
    preview_return,
    take,
    years,
)
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.recounting import recount, recount_if_changed
from desktop.usecases.timing import clock_notices, clock_views, days_of
from desktop.usecases.year_keeping import back_up_years, bring_years

STATUTORY = [(1, 1, "元旦"), (2, 5, "春节"), (2, 6, "春节"), (2, 7, "春节"), (2, 8, "春节"), (4, 5, "清明节"),
             (5, 1, "劳动节"), (5, 2, "劳动节"), (6, 9, "端午节"), (9, 15, "中秋节"), (10, 1, "国庆节"),
             (10, 2, "国庆节"), (10, 3, "国庆节")]


def d(text: str) -> date:
    return date.fromisoformat(text)


def year_file(folder: Path, *more: tuple[str, str, bool], **said: Any) -> Path:
    """The public form of a year 2027 with its statutory days and what is added."""
    days = [{"name": name, "date": f"2027-{month:02}-{day:02}", "isOffDay": True} for month, day, name in STATUTORY]
    days += [{"name": name, "date": day, "isOffDay": off} for day, name, off in more]
    path = folder / "2027.json"
    path.write_text(json.dumps({"year": 2027, "papers": ["通知"], "days": days, **said}, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def new_years_case(hall: Desk, clock: Any) -> str:
    clock.move(datetime(2026, 12, 30, 9))
    return accepted_case(hall).case_number


def test_a_years_file_is_looked_at_before_it_counts(hall: Desk, new_years_case: str, tmp_path: Path) -> None:
    file = year_file(tmp_path, ("2027-01-02", "元旦", False), ("2027-02-09", "春节", True))
    seen = preview(hall, file)
    assert (seen.instead_of, seen.faults, seen.off_days, seen.extra_days) == ("暂定日历", (), 14, 1)
    assert [(each.date, each.before, each.after) for each in seen.days] == [
        (d("2027-01-02"), "周末", "元旦调休上班"), (d("2027-02-09"), "工作日", "春节")]
    assert [(each.number, each.before, each.after) for each in seen.moves] == [
        (new_years_case, d("2027-01-06"), d("2027-01-05"))]
    assert case(hall, new_years_case).row.due_on == d("2027-01-06")  # nothing is changed yet


def test_a_year_that_is_taken_moves_every_clock_and_is_kept_as_it_came(
        hall: Desk, new_years_case: str, tmp_path: Path) -> None:
    file = year_file(tmp_path, ("2027-01-02", "元旦", False))
    taken = take(hall, file)
    assert (taken.year, taken.moved) == (2027, 1)
    assert (hall.folder / "calendars" / "2027.json").read_bytes() == file.read_bytes()
    now = case(taken.desk, new_years_case)
    assert now.row.due_on == now.state.due == d("2027-01-05")
    assert now.promises[1]["due"] == "2027-01-06"  # what was promised stands as it was told
    assert [(each.own, each.provisional) for each in years(taken.desk) if each.year == 2027] == [(True, False)]
    again = load_calendar(FOLDER / "calendars", hall.folder / "calendars")
    assert again.why(d("2027-01-02")) == "元旦调休上班"
    with hall.db.read() as session:
        assert session.scalars(select(Entry.subject_id).where(Entry.what == "calendar_taken")).all() == [2027]


def test_a_holiday_announced_after_the_receipt_was_printed_moves_the_limits_but_not_the_receipts_day(
        hall: Desk, new_years_case: str, tmp_path: Path) -> None:
    taken = take(hall, year_file(tmp_path, ("2027-01-04", "元旦", True)))
    now = case(taken.desk, new_years_case)
    answers = {each.clock.limit.source: each for each in now.state.clocks if "S04" in each.clock.limit.stages}
    assert {source: each.due for source, each in answers.items()} == {
        "公司": d("2027-01-07"), "法定": d("2027-01-07"), "承诺": d("2027-01-06")}
    assert (taken.moved, now.row.due_on) == (0, d("2027-01-06"))
    promised, = (each for each in clock_views(now) if each.label == "供电方案答复（回执）")
    assert promised.tightest
    assert "按现在的日历应到 2027-01-07" in promised.gap and "印在回执上的是 2027-01-06" in promised.gap
    assert any(promised.gap in each.sentence for each in clock_notices(taken.desk, now))
    counted = [day.date for day in days_of(taken.desk, now.process, now.state, promised.place) if day.n]
    assert counted == [d("2026-12-31"), d("2027-01-05"), d("2027-01-06")]


@pytest.mark.parametrize(("more", "said", "why"), [
    ((("2027-05-10", "劳动节", False),), {}, "不是周末"), ((), {"days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True}]},
     "缺少法定节日的放假日：劳动节 5 月 1 日、5 月 2 日；国庆节 10 月 1 日、10 月 2 日、10 月 3 日（"),
    ((), {"days": []}, "读不懂"),
    ((("2027-01-01", "元旦", False),), {}, "读不懂"), ((("2028-01-03", "元旦", True),), {}, "读不懂"),
    ((), {"year": "二〇二七"}, "读不懂")])
def test_a_file_that_cannot_be_a_year_is_refused(
        hall: Desk, tmp_path: Path, more: Any, said: dict[str, Any], why: str) -> None:
    with pytest.raises(Refusal) as refused:
        take(hall, year_file(tmp_path, *more, **said))
    assert why in str(refused.value) + "".join(each.sentence for each in refused.value.missing)
    assert not (hall.folder / "calendars").exists()


def test_a_year_that_was_announced_is_not_replaced_by_a_provisional_one(hall: Desk, tmp_path: Path) -> None:
    known = json.loads((FOLDER / "calendars" / "2026.json").read_text("utf-8"))
    file = tmp_path / "2026.json"
    file.write_text(json.dumps(known | {"provisional": True}), "utf-8")
    assert "不能用暂定的日历" in preview(hall, file).faults[0]


def test_december_days_of_the_year_before_are_pointed_out(hall: Desk, tmp_path: Path) -> None:
    seen = preview(hall, year_file(tmp_path, ("2026-12-31", "元旦", True)))
    assert any("改动上一年 12 月：2026-12-31" in remark for remark in seen.remarks)
    assert seen.days[0].date == d("2026-12-31")


def test_a_counter_clerk_looks_but_does_not_take(hall: Desk, tmp_path: Path) -> None:
    counter = hall.served_by(add_clerk(hall, "1002", "示范柜员", "受理员"))
    file = year_file(tmp_path)
    assert preview(counter, file).year == 2027
    with pytest.raises(Refusal, match="须由班长"):
        take(counter, file)


def test_a_year_put_into_the_folder_by_hand_is_counted_at_the_next_start(
        hall: Desk, new_years_case: str, tmp_path: Path, desk_at: Callable[[Path], Desk]) -> None:
    assert recount_if_changed(hall) == 0
    (hall.folder / "calendars").mkdir()
    shutil.copy(year_file(tmp_path, ("2027-01-02", "元旦", False)), hall.folder / "calendars")
    calendar = load_calendar(FOLDER / "calendars", hall.folder / "calendars")
    started = replace(hall, catalog=replace(hall.catalog, calendar=calendar))
    assert recount_if_changed(started) == 1
    assert recount_if_changed(started) == 0
    assert cases(started, CaseFilter()).rows[0].due_on == d("2027-01-05")


def test_counting_anew_can_be_stopped_and_changes_nothing_that_is_right(hall: Desk, new_years_case: str) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert (done, total) == (1, 1)
        raise Stopped

    with pytest.raises(Stopped):
        recount(hall, stop)
    with hall.db.read() as session:
        before = session.execute(select(Case.due_on, Case.version)).all()
    assert recount(hall) == 0
    with hall.db.read() as session:
        assert session.execute(select(Case.due_on, Case.version)).all() == before


# --- years that nobody here has seen


def bytes_file(folder: Path, content: bytes) -> Path:
    path = folder / "年度.json"
    path.write_bytes(content)
    return path


def as_json(folder: Path, **said: Any) -> bytes:
    return year_file(folder, **said).read_bytes()


@pytest.mark.parametrize(("content", "why"), [
    (b"[" * 100_000, "不是一年的放假安排"), (b"[]", "应是一个对象"), (b"{", "第 1 行"), (b"\xc4\xea", "不是 UTF-8"),
    (b'{"year": 99999999999999999999, "days": []}', "2000 至 2100"), (b'{"year": 2027}', "days 是空的"),
    (b'{"year": 2027, "papers": "x", "days": []}', "papers"), (b" " * 1_000_001, "太大")])
def test_what_is_no_year_is_refused_in_words(hall: Desk, tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        preview(hall, bytes_file(tmp_path, content))


@pytest.mark.parametrize(("day", "why"), [
    ({"date": "2027-05-01", "name": "劳动节", "isOffDay": "true"}, "true 或 false"),
    ({"date": "2027-05-01", "name": "劳动节"}, "缺少 isOffDay"),
    ({"date": "2027-05-01", "isOffDay": True}, "缺少 name"),
    ({"date": "2027-02-30", "name": "春节", "isOffDay": True}, "date 应为日期"),
    ({"date": "2028-01-01", "name": "元旦", "isOffDay": True}, "2028-01-01 不在 2027 年"),
    ({"date": "2026-11-30", "name": "元旦", "isOffDay": True}, "2026-11-30 不在 2027 年"),
    ({"date": "2027-10-01", "name": "国庆节", "isOffDay": False}, "2027-10-01 写了两次")])
def test_a_day_that_cannot_be_is_refused_and_named(hall: Desk, tmp_path: Path, day: dict[str, Any], why: str) -> None:
    table = json.loads(as_json(tmp_path))
    table["days"].append(day)
    with pytest.raises(Refusal, match=why):
        preview(hall, bytes_file(tmp_path, json.dumps(table).encode()))


def test_a_day_told_twice_alike_is_one_and_a_weekend_that_is_off_is_a_holiday(hall: Desk, tmp_path: Path) -> None:
    file = year_file(tmp_path, ("2027-10-01", "国庆节", True), ("2027-09-15", "国庆节", True),
                     ("2027-10-02", "国庆节", True))
    taken = take(hall, file).desk.catalog.calendar
    assert (taken.why(d("2027-10-02")), taken.why(d("2027-09-15"))) == ("国庆节", "中秋节、国庆节")


# Days off as the State Council's office announced them, first to last, and the weekends worked. 2013 has the most of
# both, 2020 a notice that lengthened 春节, 2012 and 2019 days of the December before.
ANNOUNCED = {
    2010: ("01-01 01-03 元旦, 02-13 02-19 春节, 04-03 04-05 清明节, 05-01 05-03 劳动节, 06-14 06-16 端午节, "
           "09-22 09-24 中秋节, 10-01 10-07 国庆节", "02-20 02-21 06-12 06-13 09-19 09-25 09-26 10-09"),
    2011: ("01-01 01-03 元旦, 02-02 02-08 春节, 04-03 04-05 清明节, 04-30 05-02 劳动节, 06-04 06-06 端午节, "
           "09-10 09-12 中秋节, 10-01 10-07 国庆节", "01-30 02-12 04-02 10-08 10-09"),
    2012: ("01-01 01-03 元旦, 01-22 01-28 春节, 04-02 04-04 清明节, 04-29 05-01 劳动节, 06-22 06-24 端午节, "
           "09-30 10-07 中秋节、国庆节", "2011-12-31 01-21 01-29 03-31 04-01 04-28 09-29"),
    2013: ("01-01 01-03 元旦, 02-09 02-15 春节, 04-04 04-06 清明节, 04-29 05-01 劳动节, 06-10 06-12 端午节, "
           "09-19 09-21 中秋节, 10-01 10-07 国庆节",
           "01-05 01-06 02-16 02-17 04-07 04-27 04-28 06-08 06-09 09-22 09-29 10-12"),
    2014: ("01-01 01-01 元旦, 01-31 02-06 春节, 04-05 04-07 清明节, 05-01 05-03 劳动节, 05-31 06-02 端午节, "
           "09-06 09-08 中秋节, 10-01 10-07 国庆节", "01-26 02-08 05-04 09-28 10-11"),
    2015: ("01-01 01-03 元旦, 02-18 02-24 春节, 04-04 04-06 清明节, 05-01 05-03 劳动节, 06-20 06-22 端午节, "
           "09-03 09-05 抗战胜利纪念日, 09-26 09-27 中秋节, 10-01 10-07 国庆节",
           "01-04 02-15 02-28 09-06 10-10"),
    2016: ("01-01 01-03 元旦, 02-07 02-13 春节, 04-02 04-04 清明节, 04-30 05-02 劳动节, 06-09 06-11 端午节, "
           "09-15 09-17 中秋节, 10-01 10-07 国庆节", "02-06 02-14 06-12 09-18 10-08 10-09"),
    2017: ("01-01 01-02 元旦, 01-27 02-02 春节, 04-02 04-04 清明节, 05-01 05-01 劳动节, 05-28 05-30 端午节, "
           "10-01 10-08 中秋节、国庆节", "01-22 02-04 04-01 05-27 09-30"),
    2018: ("01-01 01-01 元旦, 02-15 02-21 春节, 04-05 04-07 清明节, 04-29 05-01 劳动节, 06-16 06-18 端午节, "
           "09-22 09-24 中秋节, 10-01 10-07 国庆节", "02-11 02-24 04-08 04-28 09-29 09-30"),
    2019: ("2018-12-30 01-01 元旦, 02-04 02-10 春节, 04-05 04-05 清明节, 05-01 05-04 劳动节, 06-07 06-07 端午节, "
           "09-13 09-13 中秋节, 10-01 10-07 国庆节", "2018-12-29 02-02 02-03 04-28 05-05 09-29 10-12"),
    2020: ("01-01 01-01 元旦, 01-24 02-02 春节, 04-04 04-06 清明节, 05-01 05-05 劳动节, 06-25 06-27 端午节, "
           "10-01 10-08 国庆节、中秋节", "01-19 04-26 05-09 06-28 09-27 10-10"),
    2021: ("01-01 01-03 元旦, 02-11 02-17 春节, 04-03 04-05 清明节, 05-01 05-05 劳动节, 06-12 06-14 端午节, "
           "09-19 09-21 中秋节, 10-01 10-07 国庆节", "02-07 02-20 04-25 05-08 09-18 09-26 10-09"),
    2022: ("01-01 01-03 元旦, 01-31 02-06 春节, 04-03 04-05 清明节, 04-30 05-04 劳动节, 06-03 06-05 端午节, "
           "09-10 09-12 中秋节, 10-01 10-07 国庆节", "01-29 01-30 04-02 04-24 05-07 10-08 10-09"),
    2023: ("2022-12-31 01-02 元旦, 01-21 01-27 春节, 04-05 04-05 清明节, 04-29 05-03 劳动节, 06-22 06-24 端午节, "
           "09-29 10-06 中秋节、国庆节", "01-28 01-29 04-23 05-06 06-25 10-07 10-08"),
}


def announced(folder: Path, year: int) -> Path:
    def day(text: str) -> date:
        return d(text if len(text) > 5 else f"{year}-{text}")

    off, worked = ANNOUNCED[year]
    days = [{"name": "调休", "date": day(text).isoformat(), "isOffDay": False} for text in worked.split()]
    for first, last, name in (span.split() for span in off.split(", ")):
        days += [{"name": name, "date": (day(first) + timedelta(days=n)).isoformat(), "isOffDay": True}
                 for n in range((day(last) - day(first)).days + 1)]
    return bytes_file(folder, json.dumps({"year": year, "papers": ["通知"], "days": days}).encode())


@pytest.mark.parametrize("year", ANNOUNCED)
def test_a_year_as_it_was_announced_may_be_taken(hall: Desk, tmp_path: Path, year: int) -> None:
    assert preview(hall, announced(tmp_path, year)).faults == ()


def test_every_year_that_is_shipped_may_be_taken(hall: Desk) -> None:
    files = sorted((FOLDER / "calendars").glob("*.json"))
    assert len(files) >= 7
    assert [preview(hall, file).faults for file in files] == [()] * len(files)


def many_days(first: str, n: int, *, weekend: bool, off: bool, name: str = "节") -> list[tuple[str, str, bool]]:
    every = (d(first) + timedelta(days=k) for k in range(400))
    found = [day.isoformat() for day in every if (day.weekday() > 4) == weekend and day.month not in (10, 5, 2)]
    return [(day, name, off) for day in found[:n]]


@pytest.mark.parametrize(("more", "why"), [
    (many_days("2027-06-10", 45, weekend=False, off=True), "历年最多 23 天，超过 40 天不会是"),
    (many_days("2027-06-10", 25, weekend=False, off=True), "净放超过 28 天不会是"),
    (many_days("2027-06-12", 21, weekend=True, off=False), "周末调休上班 21 天"),
    (many_days("2027-06-10", 1, weekend=False, off=True, name="x"), "2027-06-10 放假，没有写明是什么节日"),
    (many_days("2027-06-10", 30, weekend=False, off=False), "2027-06-16、2027-06-17 等 30 天 不是周末，不能标为调休"),
    ([("2026-12-24", "元旦", True)], "2026-12-24 不是 2027 年的日子")])
def test_days_that_are_in_no_years_notice_forbid_it(hall: Desk, tmp_path: Path, more: Any, why: str) -> None:
    file = year_file(tmp_path, *more)
    assert any(why in fault for fault in preview(hall, file).faults), preview(hall, file).faults
    with pytest.raises(Refusal, match="不能采用"):
        take(hall, file)


def test_the_command_line_says_that_a_year_of_days_off_cannot_be_taken(opened: Any, tmp_path: Path) -> None:
    days = [{"name": "x", "date": (d("2027-01-01") + timedelta(days=n)).isoformat(), "isOffDay": True}
            for n in range(336)]
    file = bytes_file(tmp_path, json.dumps({"year": 2027, "papers": ["通知"], "days": days}).encode())
    told = opened("calendar", "check", file)
    assert "不能采用：周一至周五放假 240 天" in told.out and "等 240 天 放假，没有写明是什么节日" in told.out


def test_a_byte_order_mark_does_no_harm_now_nor_at_the_next_start(hall: Desk, tmp_path: Path) -> None:
    take(hall, bytes_file(tmp_path, b"\xef\xbb\xbf" + as_json(tmp_path)))
    assert load_calendar(FOLDER / "calendars", hall.folder / "calendars").papers(d("2027-01-01")) == ("通知",)


def test_a_year_of_the_old_law_needs_no_second_day_of_may(hall: Desk, tmp_path: Path) -> None:
    days = [{"date": f"2014-{day}", "name": "节", "isOffDay": True}
            for day in ("01-01", "05-01", "10-01", "10-02", "10-03")]
    file = bytes_file(tmp_path, json.dumps({"year": 2014, "papers": ["通知"], "days": days}).encode())
    assert preview(hall, file).faults == ()


def test_a_year_taken_twice_is_given_back_step_by_step_and_every_case_follows(
        hall: Desk, new_years_case: str, tmp_path: Path) -> None:
    first = take(hall, year_file(tmp_path, ("2027-01-02", "元旦", False)))
    second = take(first.desk, year_file(tmp_path, ("2027-01-02", "元旦", False), ("2027-01-03", "元旦", False)))
    assert cases(second.desk, CaseFilter()).rows[0].due_on == d("2027-01-04")
    seen = preview_return(second.desk, 2027)
    assert [(str(each.date), each.after) for each in seen.days] == [("2027-01-03", "周末")]
    assert [(move.before, move.after) for move in seen.moves] == [(d("2027-01-04"), d("2027-01-05"))]
    once = give_back(second.desk, 2027)
    twice = give_back(once.desk, 2027)
    assert (once.moved, twice.moved) == (1, 1)
    assert cases(twice.desk, CaseFilter()).rows[0].due_on == d("2027-01-06")
    assert [each.own for each in years(twice.desk) if each.year == 2027] == [False]
    assert load_calendar(FOLDER / "calendars", hall.folder / "calendars").why(d("2027-01-02")) == "周末"
    assert case(twice.desk, new_years_case).promises[1]["due"] == "2027-01-06"
    with pytest.raises(Refusal, match="不是本厅导入的"):
        give_back(twice.desk, 2027)


def test_a_year_that_only_this_hall_knew_is_missed_once_it_is_given_back(hall: Desk, tmp_path: Path) -> None:
    table = json.loads(as_json(tmp_path)) | {"year": 2035}
    table["days"] = [each | {"date": each["date"].replace("2027", "2035")} for each in table["days"]]
    taken = take(hall, bytes_file(tmp_path, json.dumps(table).encode()))
    assert "没有 2035 年的日历" in preview_return(taken.desk, 2035).remarks[0]
    assert not give_back(taken.desk, 2035).desk.catalog.calendar.covers(d("2035-06-01"))


def test_who_may_not_take_a_year_may_not_give_it_back(hall: Desk, tmp_path: Path) -> None:
    taken = take(hall, year_file(tmp_path))
    counter = taken.desk.served_by(add_clerk(hall, "1002", "示范柜员", "受理员"))
    with pytest.raises(Refusal, match="须由班长"):
        give_back(counter, 2027)


def test_the_years_of_a_hall_come_along_with_its_backup(hall: Desk, tmp_path: Path) -> None:
    take(hall, year_file(tmp_path, ("2027-01-04", "元旦", True)))
    back_up_years(hall.folder, tmp_path / "备份")
    bring_years(tmp_path / "备份", tmp_path / "新厅")
    assert load_calendar(FOLDER / "calendars", tmp_path / "新厅" / "calendars").why(d("2027-01-04")) == "元旦"
    give_back(hall, 2027)
    back_up_years(hall.folder, tmp_path / "备份")
    assert not list((tmp_path / "备份" / "calendars").glob("*.json"))


def test_the_command_line_gives_a_year_back(opened: Any, tmp_path: Path) -> None:
    file = year_file(tmp_path, ("2027-01-04", "元旦", True))
    assert opened("calendar", "import", file).code == 0
    assert "已撤回 2027 年的导入" in opened("calendar", "undo", "2027").out
    assert "不是本厅导入的" in opened("calendar", "undo", "2027").err
    assert "写明撤回哪一年" in opened("calendar", "undo").err


@pytest.mark.parametrize(("name", "days", "why"), [
    ("2027", many_days("2027-06-10", 45, weekend=False, off=True), "历年最多 23 天，超过 40 天不会是"),
    ("2028", [], "文件名写的不是 2027，里面是 2027 年")])
def test_a_file_that_was_laid_into_the_folder_by_hand_is_held_to_the_same(
        hall: Desk, tmp_path: Path, name: str, days: Any, why: str) -> None:
    own = tmp_path / "own"
    own.mkdir()
    year_file(tmp_path, *days).rename(own / f"{name}.json")
    with pytest.raises(Trouble, match=f"工作日历文件 {name}.json 不能用：.*{why}") as no:
        load_calendar(FOLDER / "calendars", own)
    assert "移出 calendars 文件夹" in no.value.advice


def test_a_good_file_that_was_laid_into_the_folder_by_hand_counts(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    announced(tmp_path, 2023).rename(own / "2023.json")
    year_file(own, provisional=True).rename(own / "2027.json")
    calendar = load_calendar(FOLDER / "calendars", own)
    assert (calendar.is_workday(d("2023-01-28")), calendar.is_workday(d("2023-01-27"))) == (True, False)


def test_what_was_announced_goes_before_a_halls_provisional_year(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    content = json.loads((FOLDER / "calendars" / "2026.json").read_text(encoding="utf-8"))
    days = [day for day in content["days"] if day["isOffDay"]]
    (own / "2026.json").write_text(json.dumps({"year": 2026, "days": days, "provisional": True}), encoding="utf-8")
    assert load_calendar(FOLDER / "calendars", own).is_workday(d("2026-01-04"))
