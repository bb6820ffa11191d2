"""The clocks of a hall's cases: pauses allowed and corrected, days promised, late entries counted, calendars taken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from trade import accepted_case, done

from db.cases import Case
from db.entries import Entry
from desktop.catalog.release import FOLDER, load_calendar
from desktop.errors import Refusal
from desktop.usecases.calendaring import (
    give_back,
    preview,
    preview_return,
    take,
    years,
)
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.papering import paper_bytes
from desktop.usecases.recounting import recount, recount_if_changed
from desktop.usecases.reporting import report
from desktop.usecases.timing import (
    clock_notices,
    clock_paper,
    clock_views,
    correct_pause,
    days_of,
    gap_of,
    pauses_of,
    promise,
)
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


def paused_case(hall: Desk, clock: Any) -> tuple[str, int]:
    """A case paused on its second day; its number and the pause's."""
    number = accepted_case(hall).case_number
    clock.forward(days=1)
    record(hall, number, "S04", "paused", {"reason": "客户补资料"})
    return number, pauses_of(hall, number)[0].seq


# --- who may let a clock stand


def test_a_post_that_may_not_allow_a_pause_names_one_that_may(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    counter = hall.served_by(add_clerk(hall, "1002", "示范柜员", "受理员"))
    with pytest.raises(Refusal, match="岗位是受理员，不能批准暂停"):
        record(counter, number, "S04", "paused", {"reason": "客户补资料"})
    with pytest.raises(Refusal, match="没有工号或姓名为“9999”"):
        record(counter, number, "S04", "paused", {"reason": "客户补资料", "allowed_by": "9999"})
    record(counter, number, "S04", "paused", {"reason": "客户补资料", "allowed_by": "1001"})
    assert pauses_of(hall, number)[0].allowed_by == "示范员（1001）"


def test_a_pause_without_evidence_is_pointed_out(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    assert "没有写明凭据" in clock_notices(hall, case(hall, number))[0].sentence
    correct_pause(hall, number, seq, {"evidence": "客户 11 月 24 日书面说明", "why": "补写凭据"})
    assert clock_notices(hall, case(hall, number)) == ()
    assert pauses_of(hall, number)[0].since == d("2026-11-24")  # what is not named stays


# --- corrections


def test_a_corrected_pause_moves_the_due_day_of_the_list_and_keeps_the_first_entry(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    clock.forward(days=7)
    record(hall, number, "S04", "resumed", {})
    assert case(hall, number).row.due_on == d("2026-12-04")
    correct_pause(hall, number, seq, {"until": "2026-11-26", "why": "客户 26 日已补齐"})
    assert cases(hall, CaseFilter()).rows[0].due_on == d("2026-12-01")
    pause = pauses_of(hall, number)[0]
    assert (pause.end, pause.corrected, pause.withdrawn) == (d("2026-11-26"), True, False)
    with hall.db.read() as session:
        kept = session.scalars(select(Entry).where(Entry.id == seq)).one()
    assert (kept.what, kept.facts["reason"]) == ("paused", "客户补资料")


def test_a_withdrawn_pause_sets_the_case_going_again(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    correct_pause(hall, number, seq, {"withdrawn": "是", "why": "录错了工单"})
    assert (case(hall, number).row.status, case(hall, number).row.due_on) == ("在办", d("2026-11-27"))


def test_a_pause_is_corrected_after_the_case_is_closed_too(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    with pytest.raises(Refusal, match="写明恢复日期"):
        correct_pause(hall, number, seq, {"until": "", "why": "错录"})
    correct_pause(hall, number, seq, {"until": "2026-11-24", "why": "当日即恢复"})
    assert pauses_of(hall, number)[0].end == d("2026-11-24")


def test_a_correction_says_why_and_only_what_a_pause_has(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    with pytest.raises(Refusal) as refused:
        correct_pause(hall, number, seq, {"since": "2026-11-23"})
    assert [lack.field for lack in refused.value.missing] == ["why"]
    with pytest.raises(Refusal, match="不需要填“days”"):
        correct_pause(hall, number, seq, {"days": "3", "why": "错"})


def test_a_correction_asked_twice_is_written_once(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    for _ in range(2):
        correct_pause(hall, number, seq, {"since": "2026-11-23", "why": "错录"}, request_id="once")
    assert [entry.what for entry in case(hall, number).log].count("pause_corrected") == 1


# --- promises and the panel's values


def test_a_promised_day_is_the_tightest_when_it_is_nearest(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    promise(hall, number, "S04", d("2026-11-25"), "客户急用")
    first = clock_views(case(hall, number))[0]
    assert (first.source, first.due, first.tightest) == ("承诺", d("2026-11-25"), True)
    assert case(hall, number).row.due_on == d("2026-11-25")
    with pytest.raises(Refusal, match="承诺原因"):
        promise(hall, number, "S04", d("2026-11-26"), " ")


def test_the_companys_clock_names_the_receipts_date_and_every_clock_its_basis(hall: Desk) -> None:
    views = clock_views(case(hall, accepted_case(hall).case_number))
    told = {each.label: each.told for each in views if each.source == "公司" and each.told}
    assert told["供电方案答复"] == d("2026-11-27")
    assert {each.source for each in views} >= {"法定", "公司"}
    assert all(each.basis and each.mark in ("已核验", "待核验") for each in views)


def test_a_limit_that_allows_more_days_than_its_basis_names_says_why(hall: Desk) -> None:
    views = clock_views(case(hall, accepted_case(hall).case_number))
    basis, = {each.basis for each in views if each.label == "供电方案答复" and each.source == "法定"}
    assert basis.endswith("3 个工作日（条文号待核）；业务受理当日办结，没用的 1 个工作日并入，共 4 个")


def test_a_holiday_names_the_years_notice(hall: Desk, clock: Any) -> None:
    clock.move(d("2026-09-30"))
    view = case(hall, accepted_case(hall).case_number)
    place = next(each.place for each in clock_views(view) if each.tightest)
    days = {day.date: day for day in days_of(hall, view.process, view.state, place)}
    assert (days[d("2026-10-01")].reading, days[d("2026-10-01")].why) == ("节假日", "国庆节")
    assert "国务院办公厅关于2026年部分节假日安排的通知" in days[d("2026-10-01")].basis
    assert days[d("2026-10-10")].reading == "调休上班"


def test_days_to_come_are_not_told_while_nobody_knows_when_it_goes_on(hall: Desk, clock: Any) -> None:
    number, _seq = paused_case(hall, clock)
    clock.forward(days=3)
    view = case(hall, number)
    place = next(each.place for each in clock_views(view) if each.label == "供电方案答复")
    days = days_of(hall, view.process, view.state, place)
    assert days[-1].today
    assert not any(day.is_due for day in days)
    with pytest.raises(Refusal, match="没有第 99 个时限"):
        days_of(hall, view.process, view.state, 99)


def test_a_clock_is_printed_on_one_page_however_long_it_runs(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    clock.move(d("2027-03-01"))
    view = case(hall, number)
    place = next(each.place for each in clock_views(view) if each.tightest)
    assert len(days_of(hall, view.process, view.state, place)) > 90
    document = pypdfium2.PdfDocument(paper_bytes(hall, clock_paper(hall, number, place).id))
    try:
        text = document[0].get_textpage().get_text_range()
        assert len(document) == 1
    finally:
        document.close()
    for word in ("办理时限说明", "开始当日不计入", "到期", "民法典第二百零一条"):
        assert word in text


# --- late entries


def test_how_late_things_are_entered_is_told_and_counted_by_clerk_and_kind(
        hall: Desk, clock: Any, tmp_path: Path) -> None:
    number = accepted_case(hall).case_number
    clock.forward(days=8)
    done(hall, number, "S04", on=d("2026-11-24"))
    view = case(hall, number)
    assert [gap_of(hall, entry) for entry in view.log if entry.what in ("accepted", "done")] == [0, 5]
    assert "晚了 3 个工作日以上" in clock_notices(hall, view)[0].sentence
    report(hall, "gaps", month="2026-12", out=tmp_path / "gaps.xlsx")
    rows = list(load_workbook(tmp_path / "gaps.xlsx").active.values)
    clerk, kind, entries, same_day, late, share, most = next(row for row in rows if row[0] == "示范员")
    assert (clerk, kind, same_day, share, most) == ("示范员", "低压非居民新装", 0, 100, 5)
    assert entries == late >= 1
    report(hall, "录入时差", month="2026-11", out=tmp_path / "before.xlsx")
    rows = list(load_workbook(tmp_path / "before.xlsx").active.values)
    assert next(row[2:] for row in rows if row[0] == "合计") == (1, 1, 0, 0, 0)


# --- a year's calendar


@pytest.fixture
def new_years_case(hall: Desk, clock: Any) -> str:
    clock.move(datetime(2026, 12, 30, 9))
    return accepted_case(hall).case_number


def test_a_years_file_is_looked_at_before_it_counts(hall: Desk, new_years_case: str, tmp_path: Path) -> None:
    file = year_file(tmp_path, ("2027-01-04", "元旦", True), ("2027-02-20", "春节", False))
    seen = preview(hall, file)
    assert (seen.instead_of, seen.faults, seen.off_days, seen.extra_days) == ("暂定日历", (), 14, 1)
    assert [(each.date, each.before, each.after) for each in seen.days] == [
        (d("2027-01-04"), "工作日", "元旦"), (d("2027-02-20"), "周末", "春节调休上班")]
    assert [(each.number, each.before, each.after) for each in seen.moves] == [
        (new_years_case, d("2027-01-06"), d("2027-01-07"))]
    assert case(hall, new_years_case).row.due_on == d("2027-01-06")  # nothing is changed yet


def test_a_year_that_is_taken_moves_every_clock_and_is_kept_as_it_came(
        hall: Desk, new_years_case: str, tmp_path: Path) -> None:
    file = year_file(tmp_path, ("2027-01-04", "元旦", True))
    taken = take(hall, file)
    assert (taken.year, taken.moved) == (2027, 1)
    assert (hall.folder / "calendars" / "2027.json").read_bytes() == file.read_bytes()
    now = case(taken.desk, new_years_case)
    assert now.row.due_on == now.state.due == d("2027-01-07")
    assert now.promises[1]["due"] == "2027-01-06"  # what was promised stands as it was told
    assert [(each.own, each.provisional) for each in years(taken.desk) if each.year == 2027] == [(True, False)]
    again = load_calendar(FOLDER / "calendars", hall.folder / "calendars")
    assert again.why(d("2027-01-04")) == "元旦"
    with hall.db.read() as session:
        assert session.scalars(select(Entry.subject_id).where(Entry.what == "calendar_taken")).all() == [2027]


@pytest.mark.parametrize(("more", "said", "why"), [
    ((("2027-05-10", "劳动节", False),), {}, "不是周末"), ((), {"days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}, "缺少法定节日"), ((), {"days": []}, "读不懂"),
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
    shutil.copy(year_file(tmp_path, ("2027-01-04", "元旦", True)), hall.folder / "calendars")
    calendar = load_calendar(FOLDER / "calendars", hall.folder / "calendars")
    started = replace(hall, catalog=replace(hall.catalog, calendar=calendar))
    assert recount_if_changed(started) == 1
    assert recount_if_changed(started) == 0
    assert cases(started, CaseFilter()).rows[0].due_on == d("2027-01-07")


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


# --- the command line


def test_the_command_line_tells_clocks_and_corrects_promises_and_takes_a_year(
        opened: Any, answers: Any, tmp_path: Path) -> None:
    number = opened("accept", "--answers", answers("accept"), "--today", "2026-11-23", "--json").data["case"]
    day = ("--today", "2026-11-24")
    told = opened("clock", number, *day)
    assert "第 1 日" in told.out
    assert "民法典第二百零一条" in told.out
    assert opened("promise", number, "S04", "--by", "2026-11-25", "--reason", "客户急用", *day).code == 0
    assert opened("clock", number, *day, "--json").data["clocks"][0]["source"] == "承诺"
    opened("stage", number, "S04", "--paused", "--answers", _json(tmp_path, {"reason": "客户补资料"}), *day)
    pause = opened("clock", number, *day, "--json").data["pauses"][0]["seq"]
    said = _json(tmp_path, {"withdrawn": "是", "why": "录错"})
    fixed = opened("correct-pause", number, pause, "--answers", said, *day)
    assert (fixed.code, "已撤销" in fixed.out) == (0, True)
    file = year_file(tmp_path, ("2027-01-04", "元旦", True))
    assert "改动 1 天" in opened("calendar", "check", file, *day).out
    assert opened("calendar", "import", file, *day).code == 0
    assert "本厅导入" in opened("calendar", "list", *day).out
    page = tmp_path / "clock.pdf"
    assert opened("clock", number, "--which", "1", "--out", page, *day).code == 0
    assert page.read_bytes().startswith(b"%PDF")


def _json(folder: Path, said: dict[str, str]) -> Path:
    path = folder / "said.json"
    path.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    return path


def test_a_year_without_a_file_is_refused_in_words(opened: Any, tmp_path: Path) -> None:
    assert "请写明年度放假安排文件" in opened("calendar", "import").err
    assert "打不开" in opened("calendar", "check", tmp_path / "none.json").err


def test_a_month_has_many_days_but_a_clock_counts_only_its_own(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    clock.forward(days=30)
    late = next(each for each in clock_views(case(hall, number)) if each.tightest)
    assert (late.level, late.used > late.allowed) == ("超期", True)
    assert case(hall, number).row.days_left == (late.due - clock.today) // timedelta(days=1)


# --- amber by the share of days used


def test_a_long_limit_is_amber_at_eighty_percent_in_list_reminders_and_head(
        hall: Desk, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number = accepted_case(hall).case_number
    process = hall.process("low_voltage_new", hall.catalog.release)
    only = replace(process.limits[1], days=20, includes=())
    monkeypatch.setitem(process.__dict__, "clocks", (only,))  # as in a release that has this one limit
    recount(hall)
    amber = d("2026-12-15")  # the sixteenth of twenty working days
    clock.move(amber - timedelta(days=1))
    assert (_listed(hall), _reminded(hall), case(hall, number).state.level) == ("正常", [], "正常")
    clock.move(amber)
    assert (_listed(hall), _reminded(hall), case(hall, number).state.level) == ("临期", [number], "临期")
    record(hall, number, "S04", "paused", {"reason": "客户补资料"})
    assert _reminded(hall) == []


def _listed(hall: Desk) -> str:
    return cases(hall, CaseFilter()).rows[0].level


def _reminded(hall: Desk) -> list[str]:
    from desktop.usecases.reminder_listing import reminders

    return [each.number for each in reminders(hall) if each.kind == "环节到期"]


def test_what_came_over_from_the_other_system_is_not_late(hall: Desk, clock: Any) -> None:
    view = case(hall, accepted_case(hall).case_number)
    entry = replace(view.log[0], claimed_on=d("2026-11-02"))
    assert gap_of(hall, entry) == 15
    assert gap_of(hall, replace(entry, facts={"source": "外部导入"})) == 0


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
    first = take(hall, year_file(tmp_path, ("2027-01-04", "元旦", True)))
    second = take(first.desk, year_file(tmp_path, ("2027-01-04", "元旦", True), ("2027-01-05", "元旦", True)))
    assert cases(second.desk, CaseFilter()).rows[0].due_on == d("2027-01-08")
    seen = preview_return(second.desk, 2027)
    assert [(str(each.date), each.after) for each in seen.days] == [("2027-01-05", "工作日")]
    assert [(move.before, move.after) for move in seen.moves] == [(d("2027-01-08"), d("2027-01-07"))]
    once = give_back(second.desk, 2027)
    twice = give_back(once.desk, 2027)
    assert (once.moved, twice.moved) == (1, 1)
    assert cases(twice.desk, CaseFilter()).rows[0].due_on == d("2027-01-06")
    assert [each.own for each in years(twice.desk) if each.year == 2027] == [False]
    assert load_calendar(FOLDER / "calendars", hall.folder / "calendars").why(d("2027-01-04")) == "工作日"
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
