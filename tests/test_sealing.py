"""Sealing and unsealing on another day than applied for: what is refused, what is told, what counts from then on."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from change_book import NUMBER, asked, done, filed, open_works, sealed, suspend

from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.confirming import change_facts, make_change_paper
from desktop.usecases.intake import accept, assess
from desktop.usecases.papering import paper_bytes
from desktop.usecases.standing import account
from printing.raster import page_text

WHY = "客户提前停产，当面约定"


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


def test_a_sealing_on_another_day_wants_its_reason_and_says_from_when_the_charge_runs(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-10", "2027-01-31")
    clock.move(date(2026, 12, 8))
    with pytest.raises(Refusal, match=r"加封日期 2026-12-08 比申请的停用日期 2026-12-10 早 2 天：.*自加封之日起计"):
        done(works, number, "S18")
    done(works, number, "S18", day_reason=WHY)
    hold, = account(works, NUMBER).standing.holds
    assert (hold.since, hold.until) == (date(2026, 12, 8), date(2027, 1, 31))


def test_account_and_confirmation_say_the_days_on_which_it_really_rests(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-10", "2027-01-31")
    clock.move(date(2026, 12, 14))
    done(works, number, "S18", day_reason=WHY)
    facts = change_facts(works, case(works, number))
    rows = {row["item"]: row for row in facts["changes"]}
    assert facts["effective_on"] == "2026年12月14日"
    assert rows["暂停期间"]["after"] == "2026年12月14日至2027年1月31日，共49天"
    assert rows["加封日期"] == {"item": "加封日期", "before": "申请2026年12月10日",
                                 "after": f"实际2026年12月14日：{WHY}"}


def test_a_sealing_on_its_day_needs_no_reason_and_its_confirmation_no_line_for_it(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    assert "加封日期" not in [row["item"] for row in change_facts(works, case(works, number))["changes"]]


def test_a_late_sealing_that_leaves_fourteen_days_is_refused(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 18))
    with pytest.raises(Refusal, match=r"自加封日期 2026-12-18 到停用截止日期 2026-12-31 只有 14 天，少于 15 天"):
        done(works, number, "S18", day_reason=WHY)
    done(works, number, "S18", sealed_on="2026-12-17", day_reason=WHY)


def test_an_early_sealing_may_not_make_the_year_longer_than_six_months(works: Any, clock: Any) -> None:
    clock.move(date(2026, 5, 18))
    number = suspend(works, "2026-06-01", "2026-11-30")
    clock.move(date(2026, 5, 28))
    with pytest.raises(Refusal, match=r"2026 年已暂停 0 天，加本次 6 个月 3 天，累计 6 个月 3 天，超过 6 个月"):
        done(works, number, "S18", day_reason=WHY)
    clock.move(date(2026, 6, 1))
    done(works, number, "S18")


def test_a_sealing_is_never_older_than_the_application(works: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    with pytest.raises(Refusal, match="加封日期 2026-11-20 早于受理日期 2026-11-23"):
        done(works, number, "S18", sealed_on="2026-11-20", day_reason=WHY)


def test_a_reduction_sealed_late_keeps_its_fifteen_days_and_sealed_early_its_two_years(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "reduce", hold_from="2026-12-01", hold_until="2028-11-30", hold_kva="300",
                                 reduction="非永久性")).case_number
    with pytest.raises(Refusal, match="最长 24 个月"):
        done(works, number, "S18", day_reason=WHY)
    clock.move(date(2028, 11, 20))
    with pytest.raises(Refusal, match="共 11 天"):
        done(works, number, "S18", day_reason=WHY)


def test_what_this_very_case_sealed_does_not_count_against_its_own_second_sealing(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2027-04-30", hold_equipment="全部变压器")
    clock.move(date(2026, 12, 2))
    done(works, number, "S18", sealed_on="2026-12-01")
    make_change_paper(works, number)
    record(works, number, "S21", "sent_back", {"to": "S18", "reason": "加封日期写错"})
    done(works, number, "S18", sealed_on="2026-12-02", day_reason=WHY)
    assert account(works, NUMBER).running_capacity == "400 kVA"


def test_a_confirmation_that_names_another_day_than_the_sealing_is_made_anew(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    make_change_paper(works, number)
    clock.move(date(2026, 12, 3))
    done(works, number, "S18", day_reason=WHY)
    with pytest.raises(Refusal, match="生效日期不是登记的2026年12月3日：请重新生成"):
        done(works, number, "S21")
    filed(works, number)


def test_the_confirmation_is_signed_after_the_sealing(works: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    make_change_paper(works, number)
    with pytest.raises(Refusal, match="现场封停尚未完成"):
        done(works, number, "S21")


def test_no_day_before_the_sealing_is_taken_for_the_signing_of_its_confirmation(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 3))
    done(works, number, "S18", day_reason=WHY)
    make_change_paper(works, number)
    for early in ("2026-12-02", "2025-01-01"):
        with pytest.raises(Refusal, match=rf"签署日期 {early} 早于加封（启封）日期 2026-12-03"):
            done(works, number, "S21", change_signed_on=early)
    done(works, number, "S21", change_signed_on="2026-12-03")


def test_an_agreement_is_not_signed_before_it_was_applied_for(works: Any) -> None:
    number = accept(works, asked(works, "rename", new_name="示例县绿洲藏毯有限公司")).case_number
    make_change_paper(works, number)
    with pytest.raises(Refusal, match="签署日期 2026-01-05 早于受理日期"):
        done(works, number, "S21", change_signed_on="2026-01-05")


def test_an_unsealing_on_another_day_wants_its_reason(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-02-28")
    back = accept(works, asked(works, "resume", restore_kva="400", restore_on="2026-12-20")).case_number
    clock.move(date(2026, 12, 22))
    with pytest.raises(Refusal, match=r"启封日期 2026-12-22 比申请的恢复日期 2026-12-20 晚 2 天"):
        done(works, back, "S19")
    with pytest.raises(Refusal, match="早于受理日期 2026-12-01"):
        done(works, back, "S19", unsealed_on="2026-11-30", day_reason=WHY)
    done(works, back, "S19", day_reason="客户推迟开工")
    assert account(works, NUMBER).standing.holds[0].restored_on == date(2026, 12, 22)
    rows = {row["item"]: row["after"] for row in change_facts(works, case(works, back))["changes"]}
    assert rows["启封日期"] == "实际2026年12月22日：客户推迟开工"


def test_who_restores_within_fifteen_days_is_told_that_nothing_is_saved(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-02-28")
    told = assess(works, asked(works, "resume", restore_kva="400", restore_on="2026-12-10"))
    assert any("只停了 9 天，不足 15 天：这一次不减收容（需）量电费" in each.sentence for each in told.notices)
    assert not told.faults


def test_the_confirmation_of_a_restoring_names_what_runs_again_and_says_nothing_of_sealing(works: Any,
                                                                                            clock: Any) -> None:
    held = sealed(works, clock, "2026-12-01", "2027-02-28")
    assert "由供电企业加封" in confirmation(works, held)
    back = accept(works, asked(works, "resume", restore_kva="150", restore_on="2026-12-20",
                               hold_equipment="")).case_number
    clock.move(date(2026, 12, 20))
    done(works, back, "S19")
    said = confirmation(works, back)
    assert "恢复的设备／2#主变压器SCB14-400/10（其中150kVA）" in said
    assert "运行容量400kVA550kVA" in said and said.count("运行容量") == 1  # before and after; the head names no other
    assert "加封" not in said and "提前恢复" not in said


def confirmation(desk: Any, number: str) -> str:
    paper = make_change_paper(desk, number)
    return re.sub(r"\s", "", "".join(page_text(paper_bytes(desk, paper.id))))
