"""From hand to hand: handed over and accepted, recalled as if it had never been, sent back with what that undoes."""

from __future__ import annotations

from datetime import date

import pytest
from trade import accepted_case, answered_case, done, stage_facts

from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record, state_of
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.handing_over import answer, loads, offer, offer_of, offers, recall, withdraw, would_undo
from desktop.usecases.reminder_listing import reminders


@pytest.fixture
def other(hall: Desk) -> Desk:
    return hall.served_by(add_clerk(hall, "1002", "示范乙", "客户经理"))


def test_a_case_is_the_givers_until_the_receiver_accepts_it(hall: Desk, other: Desk) -> None:
    number = accepted_case(hall).case_number
    offer(hall, number, "1002", "调岗")
    assert case(hall, number).row.owner == "示范员"
    (waiting,) = offers(other)
    assert (waiting.case, waiting.giver, waiting.reason) == (number, "示范员", "调岗")
    assert offers(hall) == ()
    answer(other, number, True)
    seen = case(hall, number)
    assert (seen.row.owner, seen.acceptor) == ("示范乙", "示范员")
    assert [entry.what for entry in seen.log][-2:] == ["handover_offered", "handed_over"]
    assert offers(other) == ()


def test_who_does_not_accept_says_why_and_the_case_stays(hall: Desk, other: Desk) -> None:
    number = accepted_case(hall).case_number
    offer(hall, number, "1002", "调岗")
    with pytest.raises(Refusal, match="原因"):
        answer(other, number, False)
    answer(other, number, False, "不是本片区")
    assert case(hall, number).row.owner == "示范员" and offer_of(hall, number) is None


def test_only_the_receiver_answers_and_only_the_giver_withdraws(hall: Desk, other: Desk) -> None:
    number = accepted_case(other).case_number
    offer(other, number, "1001", "轮休")
    with pytest.raises(Refusal, match="没有等您接收"):
        answer(other, number, True)
    with pytest.raises(Refusal, match="等对方接收"):
        offer(other, number, "1001", "再来一次")
    third = hall.served_by(add_clerk(hall, "1003", "示范丙", "受理员"))
    with pytest.raises(Refusal, match="只有移交人"):
        withdraw(third, number)
    withdraw(other, number)
    assert offers(hall) == ()


def test_the_morning_page_shows_who_has_not_yet_taken_over_what(hall: Desk, other: Desk, clock) -> None:
    number = accepted_case(hall).case_number
    offer(hall, number, "1002", "调岗")
    (waiting,) = [each for each in reminders(other) if each.kind == "移交待接收"]
    assert (waiting.number, waiting.handler) == (number, "示范乙") and "调岗" in waiting.detail
    clock.move(date(2026, 11, 25))
    assert [each.days_left for each in reminders(other) if each.kind == "移交待接收"] == [-2]
    answer(other, number, True)
    assert not [each for each in reminders(other) if each.kind == "移交待接收"]


def test_a_hand_over_needs_a_reason_and_somebody_else(hall: Desk, other: Desk) -> None:
    number = accepted_case(hall).case_number
    for to, why in (("1002", ""), ("1001", "无"), ("9999", "调岗")):
        with pytest.raises(Refusal):
            offer(hall, number, to, why)


def test_each_clerk_sees_how_much_he_carries(hall: Desk, other: Desk, clock) -> None:
    first = accepted_case(hall).case_number
    accepted_case(hall, customer_name="另一户")
    offer(hall, first, "1002", "调岗")
    assert [(load.number, load.open, load.offered) for load in loads(hall)] == [("1001", 2, 0), ("1002", 0, 1)]
    answer(other, first, True)
    clock.move(date(2026, 11, 28))
    assert [(load.open, load.overdue) for load in loads(hall)] == [(1, 1), (1, 1)]


def test_what_is_recalled_never_counted(hall: Desk, clock) -> None:
    number = accepted_case(hall).case_number
    before = state_of(hall, number).stage("S04")
    done(hall, number, "S04")
    clock.move(date(2026, 11, 24))
    with pytest.raises(Refusal, match="召回的原因"):
        recall(hall, number, "S04", "")
    recall(hall, number, "S04", "填错了线路")
    now = state_of(hall, number).stage("S04")
    assert (now.state, now.began, now.due, now.rounds) == ("进行", before.began, before.due, 1)
    assert "S12" not in state_of(hall, number).current
    done(hall, number, "S04", on=date(2026, 11, 24))
    assert state_of(hall, number).stage("S04").done_on == date(2026, 11, 24)


def test_what_the_next_stage_was_built_on_cannot_be_recalled(hall: Desk) -> None:
    number = answered_case(hall)
    print_contract(hall, draw_up(hall, number).row.key)
    with pytest.raises(Refusal, match="之后已登记“供用电合同”，不能召回；请改用退回"):
        recall(hall, number, "S04", "填错了")


def test_a_stage_is_recalled_by_who_submitted_it_or_by_a_leader(hall: Desk, other: Desk) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "done", stage_facts(hall, "S04"))
    with pytest.raises(Refusal, match="示范员提交"):
        recall(other, number, "S04", "填错了")
    second = accepted_case(hall, customer_name="另一户").case_number
    record(other, second, "S04", "done", stage_facts(hall, "S04"))
    recall(hall, second, "S04", "班长复核发现填错")
    assert state_of(hall, second).stage("S04").state == "进行"


def test_acceptance_and_the_contract_are_not_recalled(hall: Desk) -> None:
    number = answered_case(hall)
    for stage in ("S01", "S12"):
        with pytest.raises(Refusal, match="不能召回"):
            recall(hall, number, stage, "填错了")
    with pytest.raises(Refusal, match="还没有完成"):
        recall(hall, number, "S11", "填错了")


def test_a_recalled_inspection_is_not_judged_any_more(hall: Desk) -> None:
    from desktop.usecases.inspecting import rounds

    number = answered_case(hall)
    done(hall, number, "S11")
    assert [each.result for each in rounds(hall, number)] == ["合格"]
    recall(hall, number, "S11", "结论填错")
    assert rounds(hall, number) == ()  # no 报验 began it: it never was


def test_what_sending_back_undoes_is_told_before_it_is_done(hall: Desk) -> None:
    number = answered_case(hall)
    done(hall, number, "S11")
    key = draw_up(hall, number).row.key
    told = would_undo(hall, number, "S04")
    assert [each.stage for each in told.stages] == ["S04", "S11", "S12"]
    assert "供电方案答复（2026-11-23 完成）" in told.sentence and key in told.sentence
    record(hall, number, "S12", "sent_back", {"to": "S04", "reason": "客户改变容量"})
    now = state_of(hall, number)
    assert now.current == ("S04",) and now.stage("S11").done_on is None


def test_a_case_that_ended_meanwhile_waits_for_nobody(hall: Desk, other: Desk) -> None:
    number = accepted_case(hall).case_number
    offer(hall, number, "1002", "调岗")
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    assert offers(other) == () and {load.offered for load in loads(hall)} == {0}
    with pytest.raises(Refusal, match="终止，不能再移交"):
        answer(other, number, True)
    assert case(hall, number).row.owner == "示范员"
