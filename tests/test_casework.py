"""A case on its way: what each stage leaves behind, what the gates hold back, what the lists show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.cases import Case
from db.customers import Account
from desktop.domain.case import state
from desktop.domain.field import FIELDS
from desktop.domain.material import Way
from desktop.errors import Refusal
from desktop.usecases.case_listing import CaseFilter, case, cases, worklist_counts
from desktop.usecases.casework import (
    log_of,
    process_for,
    record,
    set_outside_numbers,
    state_of,
    supply_material,
)
from desktop.usecases.desk import Desk
from desktop.usecases.finding import find
from desktop.usecases.intake import accept, assess
from tests.trade import accepted_case, application, done, full_survey, stage_facts


def test_a_new_case_waits_for_its_scheme_within_the_promised_days(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    row = cases(hall, CaseFilter()).rows[0]
    assert (row.number, row.status, row.due_on) == (number, "在办", date(2026, 11, 27))
    assert "供电方案" in row.stage


def test_the_scheme_is_a_record_of_its_own(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"scheme_line": "10kV 恰城线"})
    seen = case(hall, number)
    assert [(s.revision, s.facts["scheme_line"]) for s in seen.schemes] == [(1, "10kV 恰城线")]
    record(hall, number, "S11", "sent_back", {"reason": "客户改变容量", "to": "S04"})
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线"})
    assert [s.revision for s in case(hall, number).schemes] == [1, 2]


def test_a_scheme_with_holes_is_refused_naming_each(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal) as no:
        record(hall, number, "S04", "done", {"scheme_line": "10kV 恰城线"})
    assert "boundary_point" in {missing.field for missing in no.value.missing}
    assert case(hall, number).schemes == ()


def test_no_power_before_the_contract_is_signed_and_the_works_are_checked(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04")
    with pytest.raises(Refusal) as no:
        done(hall, number, "S14")
    told = str(no.value)
    assert "合同" in told and "检验" in told


def test_all_that_power_waits_for_is_told_at_once(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04")
    with pytest.raises(Refusal) as no:
        record(hall, number, "S14", "done", {})
    told = [lack.sentence for lack in no.value.missing]
    assert len(told) == 4
    for word in ("合同尚未双方签署", "竣工检验尚未合格", "尚未装表", "送电缺少必填内容：送电人"):
        assert sum(word in each for each in told) == 1, told


def test_the_contract_stage_is_never_ticked_by_hand(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04")
    with pytest.raises(Refusal, match="签署"):
        record(hall, number, "S12", "done", {})


def test_a_paused_case_has_no_due_date_until_it_goes_on(hall: Desk, clock) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "paused", {"reason": "客户补资料"})
    assert worklist_counts(hall)["paused"] == 1
    clock.move(date(2026, 12, 7))
    assert cases(hall, CaseFilter(due="overdue")).rows == ()
    record(hall, number, "S04", "resumed")
    assert cases(hall, CaseFilter()).rows[0].due_on == date(2026, 12, 10)


def test_a_pause_that_named_its_end_runs_out_by_itself(hall: Desk, clock) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "paused", {"reason": "客户补资料", "until": "2026-11-30"})
    assert [row.number for row in cases(hall, CaseFilter(due="paused")).rows] == [number]
    clock.move(date(2026, 12, 31))
    assert cases(hall, CaseFilter(due="paused")).rows == ()
    assert [row.number for row in cases(hall, CaseFilter(due="overdue")).rows] == [number]
    assert state_of(hall, number).due == cases(hall, CaseFilter()).rows[0].due_on


def test_both_the_claimed_day_and_the_day_of_entry_are_kept(hall: Desk, clock) -> None:
    number = accepted_case(hall).case_number
    clock.move(date(2026, 11, 26))
    record(hall, number, "S04", "done", stage_facts(hall, "S04"), claimed_on=date(2026, 11, 24))
    entry = case(hall, number).log[-1]
    assert (entry.claimed_on, entry.entered_at.date()) == (date(2026, 11, 24), date(2026, 11, 26))


def test_a_day_in_the_future_is_refused(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal) as no:
        record(hall, number, "S04", "done", stage_facts(hall, "S04"), claimed_on=date(2026, 11, 25))
    assert no.value.field == "claimed_on"


def test_an_ended_case_keeps_its_reason_and_takes_nothing_more(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    assert case(hall, number).row.status == "已终止"
    with pytest.raises(Refusal, match="终止"):
        done(hall, number, "S04")


def test_an_unknown_stage_is_answered_with_those_there_are(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal, match="S04 供电方案"):
        record(hall, number, "S99", "done", {})


def test_a_repeated_request_writes_one_entry(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    for _ in range(2):
        record(hall, number, "S04", "done", stage_facts(hall, "S04"), request_id="once")
    assert [entry.what for entry in case(hall, number).log] == ["accepted", "scheme_submitted", "done"]


def test_a_promised_paper_that_came_is_awaited_no_longer(hall: Desk) -> None:
    code = next(m.code for m in assess(hall, application(hall)).materials if m.demand == "容缺")
    number = accept(hall, application(hall, lacking=(code,), way=Way.MAY_FOLLOW)).case_number
    supply_material(hall, number, code, hall.today)
    assert [m for m in case(hall, number).materials if m.open] == []
    with pytest.raises(Refusal):
        supply_material(hall, number, code, hall.today)


def test_the_lists_reading_is_the_logs_reading_whatever_happened(hall: Desk, clock) -> None:
    first, second = accepted_case(hall).case_number, accepted_case(hall, customer_name="另一户").case_number
    done(hall, first, "S04", "S11")
    clock.move(date(2026, 11, 25))
    record(hall, second, "S04", "paused", {"reason": "客户要求暂缓"})
    with hall.db.read() as session:
        for kept in session.scalars(select(Case)):
            now = state(process_for(hall, kept), log_of(session, kept.id), hall.catalog.calendar, hall.today)
            assert (kept.status, kept.stage, kept.due_on) == (now.status, ",".join(now.current), now.due)


def test_the_worklist_goes_on_from_page_to_page(hall: Desk) -> None:
    numbers = [accepted_case(hall, customer_name=f"第{i}户").case_number for i in range(5)]
    page, seen = cases(hall, CaseFilter(), limit=2), []
    while True:
        seen += [row.number for row in page.rows]
        if page.next is None:
            break
        page = cases(hall, CaseFilter(), page.next, limit=2)
    assert seen == numbers[::-1]


def test_my_cases_are_those_that_i_took(hall: Desk) -> None:
    from desktop.usecases.hall_keeping import add_clerk

    number = accepted_case(hall).case_number
    other = hall.served_by(add_clerk(hall, "1002", "乙", "受理员"))
    assert [row.number for row in cases(hall, CaseFilter(mine=True)).rows] == [number]
    assert cases(other, CaseFilter(mine=True)).rows == ()


def test_the_numbers_of_the_other_system_are_kept_apart_and_found(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    set_outside_numbers(hall, number, {"yx_application": "261123000007", "yx_contract": "630000000001"})
    set_outside_numbers(hall, number, {"yx_account": "6300000000017"})
    assert case(hall, number).outside == {
        "yx_application": "261123000007", "yx_account": "6300000000017", "yx_contract": "630000000001"}
    assert [hit.number for hit in find(hall, "261123000007")] == [number]
    assert case(hall, number).log[-1].facts == {"yx_account": "6300000000017"}
    with pytest.raises(Refusal, match="有误"):
        set_outside_numbers(hall, number, {"yx_account": "12"})
    for nothing in ({}, {"yx_acount": "6300000000017"}):
        with pytest.raises(Refusal):
            set_outside_numbers(hall, number, nothing)


def test_the_account_number_of_an_archived_case_stays_what_the_file_says(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with hall.db.write() as session:
        session.get_one(Account, case(hall, number).account_id).number = "6300000000017"
    with pytest.raises(Refusal, match="已是 6300000000017"):
        set_outside_numbers(hall, number, {"yx_account": "5699252753"})
    other = accepted_case(hall).case_number
    with pytest.raises(Refusal, match="另一个用电户"):
        set_outside_numbers(hall, other, {"yx_account": "6300000000017"})


def test_an_account_has_no_number_before_its_case_is_archived(hall: Desk) -> None:
    accepted_case(hall)
    with hall.db.read() as session:
        account = session.scalars(select(Account)).one()
        assert (account.number, account.status) == (None, "待归档")


def test_a_pause_that_ends_while_the_customer_still_builds_goes_on_as_his(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"customer_works": "有"})
    record(hall, number, "S08", "paused", {"reason": "客户补资料", "until": "2026-11-30"})
    clock.move(date(2026, 12, 1))
    row = case(hall, number).row
    assert (row.status, row.due_on, state_of(hall, number).status) == ("暂停", None, "暂停")


@pytest.mark.parametrize(("stage", "name"), [("S03", "survey_on"), ("S11", "inspected_on")])
def test_what_a_stage_says_was_done_was_not_done_on_a_day_to_come(hall: Desk, stage: str, name: str) -> None:
    number = accepted_case(hall).case_number
    facts = full_survey(hall, number) if stage == "S03" else stage_facts(hall, stage)
    if stage != "S03":
        done(hall, number, "S04", facts={"customer_works": "无"})
    with pytest.raises(Refusal) as refused:
        record(hall, number, stage, "done", facts | {name: "2026-11-24"})
    assert [(lack.field, lack.sentence[-30:]) for lack in refused.value.missing if "晚于今天" in lack.sentence] == [
        (name, f"{FIELDS[name].label} 2026-11-24 晚于今天，请改为实际日期"[-30:])]
    record(hall, number, stage, "done", facts | {name: "2026-11-23"})
    assert state_of(hall, number).stage(stage).state == "完成"


def test_what_another_reason_was_is_told_wherever_the_end_is(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "ended", {"reason": "其他", "explanation": "房屋已拆除"})
    assert case(hall, number).state.ended_reason == "其他：房屋已拆除"
