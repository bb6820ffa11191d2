"""What waits each morning: computed from facts and the day, lost by nobody's absence, silenced only by a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from db.contracts import Contract
from desktop.domain.contract import current_end
from desktop.domain.material import Way
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import case_row, record, supply_material
from desktop.usecases.contract_keeping import contract
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.intake import accept
from desktop.usecases.promising import pause_answers, pause_for_papers, words_to_customer
from desktop.usecases.reminder_listing import CASE, CONTRACT, ReminderView, counts, reminders, shifted
from desktop.usecases.reminding import contacted, hand_over, settle, snooze
from desktop.usecases.withholding import held_back
from tests.contract_book import account, book, ledgered, plans, slow_steps
from tests.trade import accepted_case, application

TODAY = date(2026, 11, 23)


def only(desk: Desk) -> ReminderView:
    (view,) = reminders(desk)
    return view


@pytest.mark.parametrize(("days", "word", "urgency"), [
    (90, "90 天内", "提示"), (60, "60 天内", "提示"), (31, "60 天内", "提示"), (30, "30 天内", "关注"),
    (15, "15 天内", "关注"), (7, "7 天内", "紧急"), (1, "7 天内", "紧急"), (0, "今天到期", "紧急"),
    (-1, "过期", "逾期"), (-900, "过期", "逾期"),
])
def test_a_contract_is_told_of_by_the_nearness_of_its_end(hall: Desk, days: int, word: str, urgency: str) -> None:
    ledgered(hall, "甲-1", ends_on=TODAY + timedelta(days=days))
    view = only(hall)
    assert (view.word, view.urgency.word, view.days_left) == (word, urgency, days)
    assert (view.kind, view.subject, view.number, view.due_on) == ("合同到期", "合同", "甲-1", TODAY + timedelta(days))


def test_an_end_farther_than_ninety_days_waits_in_silence(hall: Desk) -> None:
    ledgered(hall, "甲-1", ends_on=TODAY + timedelta(days=91))
    assert reminders(hall) == ()


def test_a_reminder_that_nobody_saw_on_its_day_is_still_there_a_year_later(hall: Desk, clock: Any) -> None:
    ledgered(hall, "甲-1", ends_on=date(2026, 12, 1))
    clock.move(date(2027, 12, 1))
    assert only(hall).days_left == -365


def test_an_unknown_end_is_asked_about_once_and_last_of_all(hall: Desk) -> None:
    doubt = {"code": "no_term", "sentence": "没有期限"}
    ledgered(hall, "甲-1", ends_on=None, term_months=None, doubts=[doubt])
    ledgered(hall, "甲-2", ends_on=TODAY + timedelta(days=80))
    first, last = reminders(hall)
    assert (first.number, last.number) == ("甲-2", "甲-1")
    assert (last.word, last.urgency.word, last.due_on) == ("期限不明", "提示", None)


def test_a_contract_of_no_fixed_term_is_never_told_of(hall: Desk) -> None:
    ledgered(hall, "甲-1", kind="resident", ends_on=None, renewal="不定期")
    assert reminders(hall) == ()


def test_a_customer_who_is_gone_is_asked_about_and_never_alarmed_of(hall: Desk) -> None:
    ledgered(hall, "甲-1", gone=True, ends_on=TODAY - timedelta(days=400))
    ledgered(hall, "甲-2", gone=True, ends_on=TODAY + timedelta(days=4000))
    assert {(view.word, view.urgency.word) for view in reminders(hall)} == {("已过户或已销户", "提示")}
    assert len(reminders(hall)) == 2


def test_a_contract_that_goes_on_by_itself_is_told_of_before_the_objection_term(hall: Desk) -> None:
    ledgered(hall, "甲-1", renewal="自动续展", objection_days=30, ends_on=TODAY + timedelta(days=40))
    view = only(hall)
    assert (view.due_on, view.days_left) == (TODAY + timedelta(days=10), 10)


def test_a_contract_that_goes_on_by_itself_is_never_overdue_and_comes_again_each_term(hall: Desk, clock: Any) -> None:
    ledgered(hall, "甲-1", renewal="自动续展", objection_days=30, signed_on=date(2016, 12, 1), term_months=36,
             starts_on=date(2016, 12, 1), ends_on=date(2019, 11, 30))
    for day in range(0, 3 * 366, 20):
        clock.move(TODAY + timedelta(days=day))
        assert all(view.days_left is not None and view.days_left >= 0 for view in reminders(hall))
    told = {}
    for day in (date(2028, 8, 1), date(2028, 8, 2), date(2028, 10, 31), date(2028, 11, 1), date(2031, 8, 2)):
        clock.move(day)
        told[day] = [view.due_on for view in reminders(hall)]
    assert list(told.values()) == [[], [date(2028, 10, 31)], [date(2028, 10, 31)], [], [date(2031, 10, 31)]]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(st.tuples(
    st.dates(date(1998, 1, 1), date(2031, 1, 1)), st.sampled_from([6, 12, 18, 36, 60, 120]),
    st.sampled_from([1, 30, 45, 60])), max_size=12), today=st.dates(date(2024, 1, 1), date(2030, 12, 1)))
def test_the_windows_find_the_very_contracts_that_a_slow_walk_finds(
        hall: Desk, clock: Any, data: list[tuple[date, int, int]], today: date) -> None:
    with hall.db.write() as session:
        session.query(Contract).delete()
    book(hall.served_by(hall.clerk), len(data), lambda n: {
        "renewal": "自动续展", "ends_on": data[n][0], "term_months": data[n][1], "objection_days": data[n][2]})
    clock.move(today)
    expected = set()
    for number, (ends, months, objection) in enumerate(data):
        running = current_end(ends, "自动续展", months, today)
        assert running is not None
        if 0 <= (running - timedelta(days=objection) - today).days <= 90:
            expected.add(f"K{number:06d}")
    assert {view.number for view in reminders(hall)} == expected
    with hall.db.write() as session:
        session.query(Contract).delete()


@pytest.mark.parametrize(("day", "months", "then"), [
    (date(2026, 3, 31), -1, date(2026, 2, 28)), (date(2028, 2, 29), -12, date(2027, 2, 28)),
    (date(2026, 1, 15), -13, date(2024, 12, 15)), (date(2026, 11, 30), 3, date(2027, 2, 28)),
])
def test_a_month_earlier_ends_with_the_month_where_it_has_no_such_day(day: date, months: int, then: date) -> None:
    assert shifted(day, months) == then


def test_temporary_supply_offers_extension_conversion_or_removal(hall: Desk) -> None:
    ledgered(hall, "甲-1", kind="temporary", ends_on=TODAY + timedelta(days=5))
    ledgered(hall, "甲-2", kind="temporary", ends_on=TODAY - timedelta(days=5))
    late, near = reminders(hall)
    assert near.actions[:3] == ("延期", "转正式", "终止拆表")
    assert "延期" not in late.actions and "续签" not in (*late.actions, *near.actions)


def test_renewal_is_offered_only_where_there_is_a_text(hall: Desk) -> None:
    ledgered(hall, "甲-1", kind="resident")
    ledgered(hall, "甲-2", kind="high_voltage")
    offered = {view.number: "续签" in view.actions for view in reminders(hall)}
    assert offered == {"甲-1": False, "甲-2": True}


def test_void_replaced_and_unsigned_contracts_raise_no_alarm(hall: Desk) -> None:
    ledgered(hall, "甲-1", active=False)
    ledgered(hall, "甲-2", state="草稿")
    ledgered(hall, "甲-3", state="作废", active=False)
    assert reminders(hall) == ()


def test_a_contract_printed_ten_days_ago_and_not_returned_is_told_of(hall: Desk, clock: Any) -> None:
    ledgered(hall, "甲-1", state="待签", ends_on=date(2036, 1, 1), printed_on=TODAY - timedelta(days=9))
    assert reminders(hall) == ()
    clock.forward(days=1)
    assert (only(hall).kind, only(hall).word) == ("合同未返回", "10 天未返回")


def test_a_stage_is_told_of_when_it_is_near_due_and_not_while_it_is_paused(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    assert reminders(hall) == ()
    clock.move(date(2026, 11, 27))
    assert (only(hall).kind, only(hall).number, only(hall).word) == ("环节到期", number, "今天到期")
    clock.move(date(2026, 11, 30))
    assert (only(hall).urgency.word, only(hall).days_left) == ("逾期", -3)
    record(hall, number, "S04", "paused", {"reason": "客户补资料"})
    assert reminders(hall) == ()


def test_promised_papers_are_told_of_and_may_be_put_off(hall: Desk, clock: Any) -> None:
    case = accept(hall, application(hall, lacking=("M03",), way=Way.MAY_FOLLOW)).case_number
    clock.move(date(2026, 11, 30))
    paper = papers_due(hall)[0]
    assert (paper.subject, paper.number) == (CASE, case) and "产权" in paper.detail
    snooze(hall, CASE, case, date(2026, 12, 2), "客户周三送来")
    assert papers_due(hall) == []
    clock.move(date(2026, 12, 2))
    assert papers_due(hall)[0].urgency.word == "逾期"


def papers_due(desk: Desk) -> list[ReminderView]:
    return [view for view in reminders(desk) if view.kind == "容缺到期"]


@pytest.fixture
def late_paper(hall: Desk, clock: Any) -> str:
    """A case whose proof of ownership was promised and did not come in time."""
    number = accept(hall, application(hall, lacking=("M03",), way=Way.MAY_FOLLOW)).case_number
    clock.move(date(2026, 12, 2))
    return number


def test_a_promise_that_ran_out_offers_to_pause_and_tell_the_customer_by_one_act(hall: Desk, late_paper: str,
                                                                                  clock: Any) -> None:
    paper, = papers_due(hall)
    assert "暂停并通知客户" in paper.actions
    view = case(hall, late_paper)
    filled, words = pause_answers(hall, view), words_to_customer(hall, view)
    assert filled["reason"] == "客户补资料" and "产权" in filled["evidence"] and "产权" in words
    for _ in range(2):
        pause_for_papers(hall, late_paper, filled, words, request_id="once")
    view = case(hall, late_paper)
    assert [entry.what for entry in view.log[1:]] == ["paused", "contacted"]
    assert view.state.pause.evidence == filled["evidence"] and view.log[-1].facts["note"] == words


def test_nobody_pauses_for_papers_that_are_not_late_or_without_a_word_to_the_customer(hall: Desk, clock: Any) -> None:
    number = accept(hall, application(hall, lacking=("M03",), way=Way.MAY_FOLLOW)).case_number
    clock.move(date(2026, 11, 30))
    assert "暂停并通知客户" not in papers_due(hall)[0].actions
    assert words_to_customer(hall, case(hall, number)) == ""
    with pytest.raises(Refusal, match="没有逾期未补"):
        pause_for_papers(hall, number, {"reason": "客户补资料"}, "电话告知")
    with pytest.raises(Refusal, match="怎样通知"):
        pause_for_papers(hall, number, {"reason": "客户补资料"}, " ")
    assert [entry.what for entry in case(hall, number).log] == ["accepted"]


def test_a_counter_clerk_needs_one_who_may_let_it_stand_and_then_nothing_is_half_done(hall: Desk,
                                                                                       late_paper: str) -> None:
    counter = hall.served_by(add_clerk(hall, "1002", "示范柜员", "受理员"))
    with pytest.raises(Refusal, match="不能批准暂停"):
        pause_for_papers(counter, late_paper, {"reason": "客户补资料", "evidence": "承诺书"}, "电话告知")
    assert [entry.what for entry in case(hall, late_paper).log] == ["accepted"]
    allowed = {"reason": "客户补资料", "evidence": "承诺书", "allowed_by": "1001"}
    pause_for_papers(counter, late_paper, allowed, "电话告知")
    assert case(hall, late_paper).state.pause.allowed_by.endswith("（1001）")


def test_no_connection_while_a_promised_paper_is_open(hall: Desk, late_paper: str) -> None:
    view = case(hall, late_paper)
    with hall.db.read() as session:
        row = case_row(session, late_paper)
        gate = [held_back(hall, session, view.process, row, stage.id).lacks for stage in view.process.stages]
    held = {stage.id: lacks for stage, lacks in zip(view.process.stages, gate, strict=True) if lacks}
    assert "承诺补交的资料没有齐，不能送电：还缺" in held["S14"][0].sentence
    supply_material(hall, late_paper, "M03", hall.today)
    with hall.db.read() as session:
        lacks = held_back(hall, session, view.process, case_row(session, late_paper), "S14").lacks
    assert not any("承诺补交" in each.sentence for each in lacks)


def test_snoozing_hides_a_reminder_until_its_day(hall: Desk, clock: Any) -> None:
    ledgered(hall, "甲-1", ends_on=TODAY + timedelta(days=20))
    snooze(hall, CONTRACT, "甲-1", TODAY + timedelta(days=5))
    assert reminders(hall) == ()
    clock.forward(days=5)
    assert only(hall).snoozed_until == TODAY + timedelta(days=5)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_reminder_is_put_off_from_one_day_to_ninety(hall: Desk, days: int) -> None:
    ledgered(hall, "甲-1")
    with pytest.raises(Refusal, match="关闭并说明"):
        snooze(hall, CONTRACT, "甲-1", TODAY + timedelta(days=days))


def test_a_closed_reminder_stays_closed_and_says_why(hall: Desk, clock: Any) -> None:
    ledgered(hall, "甲-1")
    with pytest.raises(Refusal, match="理由"):
        settle(hall, CONTRACT, "甲-1", "  ")
    settle(hall, CONTRACT, "甲-1", "客户已搬离，另行销户")
    clock.forward(days=400)
    assert reminders(hall) == ()
    assert contract(hall, "甲-1").settled_note == "客户已搬离，另行销户"


def test_closing_the_reminder_of_one_term_leaves_the_next_terms(hall: Desk, clock: Any) -> None:
    ledgered(hall, "甲-1", renewal="自动续展", objection_days=30, ends_on=TODAY + timedelta(days=60), term_months=12)
    settle(hall, CONTRACT, "甲-1", "客户同意续展")
    assert reminders(hall) == ()
    clock.forward(days=60 + 366 - 100)
    assert only(hall).number == "甲-1"


def test_what_was_decided_is_logged_with_its_clerk(hall: Desk) -> None:
    ledgered(hall, "甲-1")
    add_clerk(hall, "1002", "示范乙", "合同管理")
    contacted(hall, CONTRACT, "甲-1", "电话联系，客户下周来签")
    hand_over(hall, CONTRACT, "甲-1", "1002", "片区调整")
    log = contract(hall, "甲-1").log
    assert [(entry.what, entry.clerk) for entry in log] == [("contacted", "1001"), ("handed_over", "1001")]
    assert only(hall).handler == "示范乙"
    with pytest.raises(Refusal, match="9999"):
        hand_over(hall, CONTRACT, "甲-1", "9999", "片区调整")


def test_nobody_at_the_desk_decides_nothing(hall: Desk) -> None:
    ledgered(hall, "甲-1")
    with pytest.raises(Refusal, match="经办人"):
        settle(hall.served_by(None), CONTRACT, "甲-1", "不办了")
    assert only(hall).number == "甲-1"


def test_a_repeated_decision_changes_nothing(hall: Desk) -> None:
    ledgered(hall, "甲-1")
    for _ in range(2):
        contacted(hall, CONTRACT, "甲-1", "电话联系", request_id="same")
    assert len(contract(hall, "甲-1").log) == 1


def test_the_counts_agree_with_the_list(hall: Desk) -> None:
    for number, days in enumerate((-3, 0, 5, 25, 80)):
        ledgered(hall, f"甲-{number}", ends_on=TODAY + timedelta(days=days))
    ledgered(hall, "甲-9", ends_on=None)
    told = counts(hall)
    assert (told["逾期"], told["紧急"], told["关注"], told["提示"]) == (1, 2, 1, 2)
    assert (told["合同到期"], told["期限不明"], told["合计"]) == (6, 1, 6)


def test_a_limit_takes_the_most_urgent_first(hall: Desk) -> None:
    book(hall, 40, lambda n: {"ends_on": TODAY + timedelta(days=n - 5)})
    whole = reminders(hall)
    assert reminders(hall, limit=10) == whole[:10]
    assert [view.days_left for view in whole[:7]] == [-5, -4, -3, -2, -1, 0, 1]


@pytest.mark.parametrize("analysed", [False, True])
def test_no_reminder_reads_a_whole_table(hall: Desk, analysed: bool) -> None:
    modes = ("未知", "自动续展", "到期重签", "不定期")
    book(hall, 400, lambda n: {
        "ends_on": None if n % 9 == 0 else TODAY + timedelta(days=n * 7 - 900), "renewal": modes[n % 4],
        "objection_days": 30 if n % 4 == 1 else None, "term_months": (12, 36, 60)[n % 3], "gone": n % 50 == 0,
        "printed_on": TODAY - timedelta(days=n) if n % 7 == 0 else None,
        "state": "待签" if n % 7 == 0 else "已归档"}, customers=60)
    with hall.db.write() as session:
        session.execute(update(Contract).values(customer_signed_on=None))
        if analysed:
            session.connection().exec_driver_sql("ANALYZE")
    with plans(hall) as steps:
        assert reminders(hall)
    assert steps and slow_steps(steps) == []


def test_a_customer_is_named_with_his_account(hall: Desk) -> None:
    ledgered(hall, "甲-1", owner=account(hall, "6300000000025", "才让·卓玛"))
    assert "才让·卓玛" in only(hall).title and "6300000000025" in only(hall).title
