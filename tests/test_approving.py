"""Approving a 供电方案: by rule, or by every post that the rules name, side by side and joined."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from trade import (
    agreed,
    answered_case,
    colleague,
    high_case,
    high_scheme,
)

from desktop.domain.approval import Word
from desktop.errors import Refusal
from desktop.usecases.answering import story
from desktop.usecases.approving import (
    agree,
    disagree,
    recall_scheme,
    round_of,
    submit_scheme,
    unmanned,
    waiting_for,
)
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, change_clerk


def test_a_small_low_voltage_scheme_passes_by_rule_and_the_log_names_the_rule(hall: Desk) -> None:
    number = answered_case(hall)
    last = round_of(hall, number)
    assert last is not None and last.joined and "低压小容量方案免审" in last.asked[0].rule
    assert last.verdicts and last.scheme["scheme_line"] == "10kV 绿洲路线"
    assert waiting_for(hall) == ()


def test_a_high_voltage_scheme_is_answered_only_when_every_post_has_agreed(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    with pytest.raises(Refusal, match="由主管、运检专责、调控专责会签"):
        record(hall, number, "S04", "done", scheme)
    submit_scheme(hall, number, scheme)
    for post in ("调控专责", "主管"):
        agree(colleague(hall, post), number, "同意")
        assert waiting_for(colleague(hall, post)) == ()
        with pytest.raises(Refusal, match="还没有完成，等"):
            record(hall, number, "S04", "done", scheme)
    (waits,) = waiting_for(colleague(hall, "运检专责"))
    assert (waits.number, waits.due_on, waits.rule) == (number, date(2026, 11, 24), "高压方案会签")
    agree(colleague(hall, "运检专责"), number)
    record(hall, number, "S04", "done", scheme)
    assert case(hall, number).state.stage("S04").state == "完成"


def test_a_scheme_is_not_answered_on_a_day_before_the_last_post_agreed(hall: Desk, clock: Any) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    clock.move(date(2026, 11, 26))
    agreed(hall, number, scheme)
    clock.move(date(2026, 11, 27))
    with pytest.raises(Refusal, match="方案 2026-11-26 才审批通过，答复日期 2026-11-25 不能更早") as no:
        record(hall, number, "S04", "done", scheme, claimed_on=date(2026, 11, 25))
    assert no.value.field == "claimed_on"
    assert record(hall, number, "S04", "done", scheme, claimed_on=date(2026, 11, 26)).stage("S04").done_on


def test_a_refused_scheme_goes_back_with_the_reason_and_nobody_else_is_asked(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    submit_scheme(hall, number, scheme)
    with pytest.raises(Refusal, match="写明不同意的原因"):
        disagree(colleague(hall, "运检专责"), number, " ")
    last = disagree(colleague(hall, "运检专责"), number, "线路已满载")
    assert last.word == "退回" and {a.word for a in last.asked} == {"不同意", "不再审"}
    assert waiting_for(colleague(hall, "主管")) == ()
    with pytest.raises(Refusal, match="被运检专责退回：线路已满载"):
        record(hall, number, "S04", "done", scheme)
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", scheme)
    assert [r.word for r in story(hall, number).rounds] == ["退回", "已通过"]


def test_what_was_approved_is_what_is_answered(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    agreed(hall, number, scheme)
    with pytest.raises(Refusal, match="与审批通过的方案不一致：无功补偿容量"):
        record(hall, number, "S04", "done", scheme | {"reactive_kvar": "10"})
    record(hall, number, "S04", "done", scheme | {"scheme_receiver": "马海英", "note": "当面答复"})


def test_while_posts_are_waited_for_only_they_are_named_and_not_the_fields_that_lie_before_them(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    agree(colleague(hall, "主管"), number)
    with pytest.raises(Refusal) as no:
        record(hall, number, "S04", "done")
    assert [lack.sentence for lack in no.value.missing] == ["方案审批还没有完成，等运检专责、调控专责"]
    told = [lack.sentence for lack in case(hall, number).missing_next]
    assert "方案审批还没有完成，等运检专责、调控专责" in told and not any("必填" in sentence for sentence in told)


def test_what_was_agreed_to_is_answered_without_being_said_again(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", {"scheme_receiver": "马海英"})
    kept = case(hall, number).schemes[-1].facts
    assert (kept["scheme_receiver"], kept["reactive_kvar"]) == ("马海英", scheme["reactive_kvar"])


def test_a_submission_is_taken_back_with_a_reason_and_put_again(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    submit_scheme(hall, number, scheme)
    with pytest.raises(Refusal, match="正在审批"):
        submit_scheme(hall, number, scheme)
    with pytest.raises(Refusal, match="撤回的原因"):
        recall_scheme(hall, number, "")
    assert recall_scheme(hall, number, "补无功容量").word == "已撤回"
    assert waiting_for(colleague(hall, "主管")) == ()
    assert submit_scheme(hall, number, scheme).number == 2
    assert len(waiting_for(colleague(hall, "主管"))) == 1


def test_who_submits_does_not_approve_and_another_post_cannot(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    with pytest.raises(Refusal, match="提交人不能审批自己"):
        agree(hall, number)
    with pytest.raises(Refusal, match="等主管、运检专责、调控专责审批，您的岗位是受理员"):
        agree(colleague(hall, "受理员"), number)


def test_the_administrator_stands_in_and_the_log_says_so(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(colleague(hall, "客户经理"), number, high_scheme(hall))
    assert len(waiting_for(hall)) == 3
    last = agree(hall, number, post="调控专责")
    (asked,) = [a for a in last.asked if a.post == "调控专责"]
    assert asked.stands_in and asked.by == "示范员" and len(waiting_for(hall)) == 2


def test_special_load_important_customer_and_35_kv_each_ask_their_own_posts(hall: Desk) -> None:
    routes, day = hall.catalog.approvals, hall.today
    asked = lambda **known: {a.post for a in routes.asked(known, "通过", "x", day)}  # noqa: E731
    assert asked(voltage="380V", capacity_kw="80") == {""}
    assert asked(voltage="380V", capacity_kw="200") == {"主管", "运检专责"}
    assert asked(voltage="380V", capacity_kw="80", special_load="谐波") == {"运检专责"}
    assert asked(voltage="380V", capacity_kw="80", important_level="二级") == {"主管", "调控专责", "运检专责"}
    assert asked(voltage="35kV", capacity_kva="8000") == {"主管", "运检专责", "调控专责", "发展专责"}
    assert {a.post for a in routes.asked({"voltage": "380V", "capacity_kw": "80"}, "不符", "x", day)} == {"主管"}


def test_when_one_refuses_the_others_are_told_and_not_asked_any_more(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    agree(colleague(hall, "主管"), number)
    disagree(colleague(hall, "运检专责"), number, "无功不足")
    with pytest.raises(Refusal, match=r"已被运检专责（.*）退回：无功不足"):
        agree(colleague(hall, "调控专责"), number)
    again = submit_scheme(hall, number, high_scheme(hall, reactive_kvar="750"))
    assert (again.number, {each.word for each in again.asked}) == (2, {Word.WAITS})


def test_of_two_windows_that_answer_for_one_post_only_the_first_counts(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    leader = colleague(hall, "主管")

    def answer(verb: Any) -> str:
        try:
            verb(leader, number, "看过")
        except Refusal as refusal:
            return refusal.sentence
        return ""

    with ThreadPoolExecutor(2) as windows:
        told = list(windows.map(answer, (agree, disagree)))
    assert sorted(bool(each) for each in told) == [False, True]
    said = [entry.what for entry in case(hall, number).log if entry.what.startswith("approval_")]
    assert len(said) == 1


def test_a_post_that_has_nobody_is_told_and_who_may_stand_in(hall: Desk) -> None:
    number = high_case(hall)
    leader, manager = colleague(hall, "主管"), colleague(hall, "客户经理")
    colleague(hall, "运检专责")
    last = submit_scheme(manager, number, high_scheme(hall))
    assert unmanned(hall, hall.catalog.release, last).startswith("调控专责没有能审批的在岗人员：请由示范员代签")
    retire(hall, leader)
    assert unmanned(hall, hall.catalog.release, last).startswith("主管、调控专责没有")
    for number, post in (("9101", "调控专责"), ("9102", "主管")):
        add_clerk(hall, number, f"示范{post}", post)
    assert unmanned(hall, hall.catalog.release, last) == ""


def retire(desk: Desk, who: Desk) -> None:
    """The clerk leaves."""
    clerk = who.clerk
    assert clerk is not None
    change_clerk(desk, clerk.id, name=clerk.name, post=clerk.post, active=False, version=clerk.version)


def test_an_administrator_alone_cannot_approve_what_he_submitted_and_is_told_to_add_somebody(hall: Desk) -> None:
    last = submit_scheme(hall, high_case(hall), high_scheme(hall))
    told = unmanned(hall, hall.catalog.release, last)
    assert "没有能审批的在岗人员" in told and "代签" not in told and "人员”里添加" in told


def test_an_ended_case_leaves_nobody_an_approval(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    assert waiting_for(colleague(hall, "主管")) == ()


def test_of_an_ended_case_nobody_approves_or_takes_back_anything(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    chief = colleague(hall, "主管")
    for deed in (lambda: agree(chief, number), lambda: disagree(chief, number, "容量偏大"),
                 lambda: recall_scheme(hall, number, "填错了")):
        with pytest.raises(Refusal, match="终止"):
            deed()


def test_who_was_struck_off_approves_nothing_at_the_window_that_he_still_has_open(hall: Desk) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    chief = colleague(hall, "主管")
    retire(hall, chief)
    with pytest.raises(Refusal, match="已不在岗"):
        agree(chief, number)
    assert [each.word for each in round_of(hall, number).asked if each.post == "主管"] == ["待审"]
