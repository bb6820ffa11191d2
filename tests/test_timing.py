"""The clocks of a hall's cases: pauses allowed and corrected, days promised, late entries counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from test_calendaring import d, year_file
from trade import accepted_case, done

from db.cases import Case
from db.entries import Entry
from desktop.errors import Refusal
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.papering import paper_bytes
from desktop.usecases.recounting import recount
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


def test_who_may_not_allow_a_pause_may_not_make_one_longer_by_correcting_it(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)  # from 11-24, allowed by 1001
    add_clerk(hall, "1003", "示范班长", "班长")
    counter = hall.served_by(add_clerk(hall, "1002", "示范柜员", "受理员"))
    clock.forward(days=4)
    record(counter, number, "S04", "resumed", {}, claimed_on=d("2026-11-26"))
    for longer in ({"until": "2026-11-27"}, {"since": "2026-11-23"}):
        with pytest.raises(Refusal, match="岗位是受理员，不能批准暂停") as no:
            correct_pause(counter, number, seq, {**longer, "why": "录错"})
        assert no.value.field == "allowed_by"
    correct_pause(counter, number, seq, {"until": "2026-11-25", "why": "录错"})  # shorter: nobody lets more days pass
    assert pauses_of(hall, number)[0].allowed_by == "示范员（1001）"
    correct_pause(counter, number, seq, {"until": "2026-11-27", "why": "录错", "allowed_by": "1003"})
    assert (pauses_of(hall, number)[0].end, pauses_of(hall, number)[0].allowed_by) == (
        d("2026-11-27"), "示范班长（1003）")
    correct_pause(counter, number, seq, {"withdrawn": "是", "why": "录错了工单"})
    with pytest.raises(Refusal, match="不能批准暂停"):
        correct_pause(counter, number, seq, {"withdrawn": "", "why": "没有录错"})


def test_a_day_on_which_the_case_rested_is_told_with_both_ends_of_the_pause(hall: Desk, clock: Any) -> None:
    number, _ = paused_case(hall, clock)  # from 11-24
    with pytest.raises(Refusal, match="起暂停（客户补资料），请先登记恢复"):
        record(hall, number, "S04", "sent_back", {"reason": "重办"})
    clock.forward(days=2)
    record(hall, number, "S04", "resumed", {})
    with pytest.raises(Refusal, match="2026-11-25 工单停着（2026-11-24 起暂停，2026-11-26 恢复，客户补资料）"):
        record(hall, number, "S04", "sent_back", {"reason": "重办"}, claimed_on=d("2026-11-25"))


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


def test_a_correction_may_not_share_a_day_with_another_pause_any_more_than_an_entry_may(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)  # from 11-24
    clock.forward(days=2)
    record(hall, number, "S04", "resumed", {})
    clock.forward(days=4)
    record(hall, number, "S04", "paused", {"reason": "客户补资料", "allowed_by": "1001"})
    second = pauses_of(hall, number)[-1].seq
    first = pauses_of(hall, number)[0]
    assert first.end is not None
    with pytest.raises(Refusal, match="重叠") as refused:
        correct_pause(hall, number, second, {"since": str(first.since), "why": "错录"})
    assert refused.value.missing[0].field == "since" and first.since.isoformat() in str(refused.value)
    with pytest.raises(Refusal, match="重叠"):
        correct_pause(hall, number, seq, {"until": str(clock.today + timedelta(days=1)), "why": "错录"})
    correct_pause(hall, number, second, {"since": str(first.end), "why": "接着停"})  # that day ran again till then
    assert pauses_of(hall, number)[-1].since == first.end


def test_a_withdrawn_pause_has_no_days_to_correct_until_it_stands_again(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    correct_pause(hall, number, seq, {"withdrawn": "是", "why": "录错了工单"})
    with pytest.raises(Refusal, match="已经撤销，没有日期可更正"):
        correct_pause(hall, number, seq, {"since": "2026-11-23", "why": "错录"})
    correct_pause(hall, number, seq, {"withdrawn": "", "since": "2026-11-23", "why": "没有录错"})
    assert (pauses_of(hall, number)[0].since, case(hall, number).row.status) == (d("2026-11-23"), "暂停")


def test_a_correction_asked_twice_is_written_once(hall: Desk, clock: Any) -> None:
    number, seq = paused_case(hall, clock)
    for _ in range(2):
        correct_pause(hall, number, seq, {"since": "2026-11-23", "why": "错录"}, request_id="once")
    assert [entry.what for entry in case(hall, number).log].count("pause_corrected") == 1


# --- promises and the panel's values


def test_a_day_years_ahead_is_a_year_typed_wrong(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal, match="承诺日期 2206-11-25 在两年以后，请核对年份"):
        promise(hall, number, "S04", d("2206-11-25"), "客户急用")
    with pytest.raises(Refusal, match="预计恢复日期 2062-12-01 在两年以后"):
        record(hall, number, "S04", "paused", {"reason": "客户补资料", "until": "2062-12-01"})


def test_a_promised_day_is_the_tightest_when_it_is_nearest(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    promise(hall, number, "S04", d("2026-11-25"), "客户急用")
    first = clock_views(case(hall, number))[0]
    assert (first.source, first.due, first.tightest) == ("承诺", d("2026-11-25"), True)
    assert case(hall, number).row.due_on == d("2026-11-25")
    with pytest.raises(Refusal, match="承诺原因"):
        promise(hall, number, "S04", d("2026-11-26"), " ")


def test_what_the_receipt_printed_is_a_clock_beside_the_laws_and_the_companys(hall: Desk) -> None:
    taken = accepted_case(hall)
    views = clock_views(case(hall, taken.case_number))
    assert {each.source for each in views} == {"法定", "公司", "承诺"}
    printed = {each.label: (each.due, each.ended) for each in views if each.source == "承诺"}
    assert printed == {f"{each.label}（回执）": (each.due, d("2026-11-23") if each.label == "业务受理" else None)
                       for each in taken.promises}
    assert all(not each.gap for each in views)
    assert all(each.basis and each.mark in ("已核验", "待核验") for each in views)


def test_a_limit_that_allows_more_days_than_its_basis_names_says_why(hall: Desk) -> None:
    views = clock_views(case(hall, accepted_case(hall).case_number))
    basis, = {each.basis for each in views if each.label == "供电方案答复" and each.source == "法定"}
    assert basis.endswith("3 个工作日（条文号和受理当日的 1 日是否另计待核）；"
                          "业务受理当日办结，没用的 1 个工作日并入，共 4 个")


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
    paper = clock_paper(hall, number, place)
    assert clock_paper(hall, number, place) == paper  # unchanged: the kept one, printed again
    document = pypdfium2.PdfDocument(paper_bytes(hall, paper.id))
    try:
        text = document[0].get_textpage().get_text_range()
        assert len(document) == 1
    finally:
        document.close()
    said = re.sub(r"\s", "", text)
    assert "2026年11月23日周一" in said and len(re.findall(r"\d{4}-\d\d-\d\d", said)) == 1  # that of its printing
    assert "个工作日" in said
    for word in ("办理时限说明", "开始当日不计入", "到期", "民法典第二百零一条"):
        assert word in text


def test_a_clock_that_is_late_says_since_which_day(hall: Desk, clock: Any) -> None:
    clock.move(d("2026-11-30"))
    number = accepted_case(hall).case_number
    found = next(each for each in clock_views(case(hall, number)) if each.label == "供电方案答复")
    assert found.due == d("2026-12-04")  # a Friday: of the weekend after it no day counts, and each is late
    clock.move(d("2026-12-05"))
    document = pypdfium2.PdfDocument(paper_bytes(hall, clock_paper(hall, number, found.place).id))
    try:
        said = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
    finally:
        document.close()
    assert "，自2026年12月5日起超期" in said and "不计2026年12月5日周六周末超期" in said


def test_weekends_within_a_long_pause_share_its_line_so_that_it_stays_one_page(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    clock.move(d("2026-11-25"))
    record(hall, number, "S04", "paused", {"reason": "客户要求暂缓", "evidence": "客户来函"})
    clock.move(d("2027-03-01"))
    place = next(each.place for each in clock_views(case(hall, number)) if each.measure == "环节合计")
    document = pypdfium2.PdfDocument(paper_bytes(hall, clock_paper(hall, number, place).id))
    try:
        said = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
        assert len(document) == 1
    finally:
        document.close()
    assert "2026年11月25日周三至2027年3月1日周一" in said and "已用1个工作日，—" not in said
    assert re.search(r"客户要求暂缓（\d+天）、周末（\d+天）", said)


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
    assert (clerk, kind, same_day, share, most) == ("示范员", "低压非居民新装", 0, 1, 5)
    assert entries == late >= 1
    report(hall, "录入时差", month="2026-11", out=tmp_path / "before.xlsx")
    rows = list(load_workbook(tmp_path / "before.xlsx").active.values)
    assert next(row[2:] for row in rows if row[0] == "合计") == (1, 1, 0, 0, 0)


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
    nothing_printed(hall)
    monkeypatch.setitem(process.__dict__, "clocks", (only,))  # as in a release that has this one limit
    recount(hall)
    amber = d("2026-12-15")  # the sixteenth of twenty working days
    clock.move(amber - timedelta(days=1))
    assert (_listed(hall), _reminded(hall), case(hall, number).state.level) == ("正常", [], "正常")
    clock.move(amber)
    assert (_listed(hall), _reminded(hall), case(hall, number).state.level) == ("临期", [number], "临期")
    record(hall, number, "S04", "paused", {"reason": "客户补资料"})
    assert _reminded(hall) == []


def nothing_printed(hall: Desk) -> None:
    """As of a case for which no dates were put on paper."""
    with hall.db.write() as session:
        session.execute(update(Case).values(promises=[]))


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
