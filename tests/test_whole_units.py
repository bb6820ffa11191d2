"""What may stand still: whole transformers, none of them twice, never all for good; how old a look at the bills is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from change_book import NUMBER, asked, done, filed, open_works, refused, sealed, suspend
from sqlalchemy import select

from db.customers import Account
from desktop.domain.equipment import contradicts, same, whole
from desktop.errors import Refusal
from desktop.usecases.acting import act
from desktop.usecases.intake import Application, accept, assess
from desktop.usecases.standing import account

FIRST, SECOND = "1#主变压器 SCB14-400/10", "2#主变压器 SCB14-400/10"


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


def lists(desk: Any, *sizes: int) -> None:
    """The account's file names its transformers."""
    with act(desk, "told") as doing:
        row = doing.session.scalars(select(Account).where(Account.number == NUMBER)).one()
        row.facts = {**row.facts, "transformers": [{"count": "1", "kva": str(size)} for size in sizes]}


def notices(desk: Any, application: Application) -> str:
    return "".join(each.sentence for each in assess(desk, application).notices)


# --- the words


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("2#主变压器 SCB14-400/10", "２＃ 主变", True),
    ("2#主变压器", "二号变压器", True),
    ("2#主变压器", "1#、2#主变", True),
    ("1#配电室2#主变", "2#主变", True),
    ("1#配电室2#主变", "2#配电室2#主变", False),
    ("1#主变压器", "2#主变压器", False),
    ("主变压器 SCB14-400/10", "主变压器SCB14-400/10", True),
    ("主变压器 SCB14-400/10", "主变压器 SCB14-630/10", False),
    ("", "", False),
])
def test_the_same_transformer_is_known_by_its_number(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is same(other, one) is alike


@pytest.mark.parametrize(("words", "kva", "wrong"), [
    ("2#主变压器 SCB14-400/10", 137, True), ("2#主变压器 SCB14-400/10", 400, False),
    ("2#主变压器 SCB14-400/10", 800, True), ("1#、2#主变 SCB14-400/10", 800, False),
    ("2台 SCB14-400/10", 800, False), ("2×400kVA", 800, False), ("全部变压器 S11-M-400/10", 137, True),
    ("1#主变 S13-400/10、2#主变 S13-630/10", 1030, False), ("1#主变 S13-400/10、2#主变 S13-630/10", 500, True),
    ("箱变 YB-12/0.4-630", 630, False), ("2#主变压器", 137, False), ("2#主变 400kVA", 137, True),
])
def test_the_rating_on_the_plate_and_the_figure_are_one(words: str, kva: int, wrong: bool) -> None:
    assert contradicts(words, Decimal(kva)) is wrong


def test_some_transformers_together_are_whole_and_a_part_of_one_is_not() -> None:
    units = ((2, Decimal(400)), (1, Decimal(630)))
    assert [kva for kva in range(1500) if kva and whole(Decimal(kva), units)] == [400, 630, 800, 1030, 1430]
    assert not whole(Decimal(137), ((10 ** 12, Decimal(400)),))


# --- the counter


def test_what_rests_already_is_not_suspended_again_on_the_same_days(works: Any, clock: Any) -> None:
    number = sealed(works, clock, "2026-12-01", "2027-02-28")
    said = refused(works, asked(works, "suspend", hold_from="2027-02-28", hold_until="2027-03-31", hold_kva="400",
                                hold_equipment="２＃主变压器"))
    assert f"自 2026-12-01 至 2027-02-28 已在暂停（400 kVA，工单 {number}），与本次停用的日子重叠" in said
    assert account(works, NUMBER).running_capacity == "400 kVA"
    assert suspend(works, "2027-03-01", "2027-03-31")


def test_the_other_transformer_may_rest_beside_it_and_then_nothing_more(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-02-28")
    number = suspend(works, "2026-12-10", "2027-01-31", hold_equipment=FIRST)
    clock.move(date(2026, 12, 10))
    done(works, number, "S18")
    filed(works, number)
    assert account(works, NUMBER).running_capacity == "0 kVA"
    said = refused(works, asked(works, "suspend", hold_from="2027-01-31", hold_until="2027-03-31", hold_kva="400",
                                hold_equipment="3#主变压器"))
    assert "大于停用期间的运行容量 0 kVA" in said


def test_no_day_of_a_hold_may_rest_more_than_the_contract_has_though_its_first_day_does_not(
        works: Any, clock: Any) -> None:
    later = suspend(works, "2026-12-20", "2027-02-28")
    clock.move(date(2026, 12, 20))
    done(works, later, "S18")
    filed(works, later)
    clock.move(date(2026, 12, 1))
    said = refused(works, asked(works, "suspend", hold_from="2026-12-08", hold_until="2026-12-31", hold_kva="800",
                                hold_equipment="全部变压器"))
    assert "停用容量 800 kVA 大于停用期间的运行容量 400 kVA" in said


def test_sealed_early_it_may_not_meet_the_days_of_the_hold_before(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2026-12-31")
    number = suspend(works, "2027-01-04", "2027-02-28")
    clock.move(date(2026, 12, 31))
    with pytest.raises(Refusal, match=r"自 2026-12-01 至 2026-12-31 已在暂停.*自加封那天起停用的日子重叠"):
        done(works, number, "S18", day_reason="客户提前停产")


def test_a_part_of_a_transformer_is_not_suspended(works: Any) -> None:
    assert "137 kVA 与停用设备“2#主变压器 SCB14-400/10”写的容量对不上" in refused(
        works, asked(works, "suspend", hold_kva="137"))
    lists(works, 500, 300)
    said = refused(works, asked(works, "suspend", hold_kva="400", hold_equipment="2#主变压器"))
    assert "档案的变压器是 500 kVA 1 台、300 kVA 1 台，凑不出这个容量" in said
    assert accept(works, asked(works, "suspend", hold_kva="300", hold_equipment="2#主变压器"))


def test_where_nobody_told_the_ratings_it_is_asked(works: Any) -> None:
    question = "请核对停用的 137 kVA 是整台（整组）变压器"
    unknown = asked(works, "suspend", hold_kva="137", hold_equipment="2#主变压器")
    assert question in notices(works, unknown)
    assert "整台" not in notices(works, asked(works, "suspend", hold_kva="800", hold_equipment="全部变压器"))
    assert "整台" not in notices(works, asked(works, "suspend", hold_kva="400", hold_equipment=SECOND))
    lists(works, 500)  # not all that the contract has: an older list
    assert question in notices(works, unknown)


def test_a_permanent_reduction_to_nothing_is_a_closing(works: Any) -> None:
    nothing = {"reduction": "永久性", "hold_kva": "800", "hold_from": "2026-12-01", "hold_until": "",
               "transformers": [{"count": "1", "kva": "0"}]}
    said = refused(works, asked(works, "reduce", **nothing))
    assert "永久性减容 800 kVA，合同容量 800 kVA 就一点不剩了" in said
    assert "请办销户" in said


def test_a_reduction_of_all_for_a_time_is_asked_about(works: Any) -> None:
    for kva, told in (("800", True), ("400", False)):
        said = notices(works, asked(works, "reduce", reduction="非永久性", hold_kva=kva, hold_equipment="全部变压器"))
        assert ("短期全停一般办暂停" in said) is told


@pytest.mark.parametrize("kind", ["transfer", "close"])
def test_a_look_at_the_bills_that_is_old_is_told(works: Any, kind: str) -> None:
    for days, old in ((730, True), (8, True), (7, False), (0, False)):
        on = str(works.today - timedelta(days=days))
        said = notices(works, asked(works, kind, arrears_on=on))
        assert (f"电费是 {on} 核查的，到申请日期 {works.today} 已 {days} 天" in said) is old
        assert "待核验" in said or not old


def test_of_a_group_that_runs_again_in_part_nobody_is_told_that_the_rest_is_the_same(works: Any, clock: Any) -> None:
    clock.move(date(2026, 12, 1))
    both = asked(works, "suspend", hold_from="2026-12-01", hold_until="2027-03-31", hold_kva="800",
                 hold_equipment="1#、2#主变压器 SCB14-400/10")
    number = accept(works, both).case_number
    done(works, number, "S18")
    filed(works, number)
    clock.move(date(2026, 12, 21))
    back = accept(works, asked(works, "resume", restore_kva="400", restore_on="2026-12-21")).case_number
    done(works, back, "S19")
    filed(works, back)
    again = {"hold_from": "2026-12-30", "hold_until": "2027-01-31", "hold_equipment": FIRST}
    assert "大于停用期间的运行容量 400 kVA" in refused(
        works, asked(works, "suspend", **{**again, "hold_equipment": "全部变压器"}, hold_kva="800"))
    assert accept(works, asked(works, "suspend", **again, hold_kva="400"))


def test_what_is_suspended_is_not_taken_away_for_good_beside_it(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-02-28")
    left = [{"count": "1", "kva": "400"}]
    reduced = {"reduction": "永久性", "hold_kva": "400", "hold_until": "", "transformers": left}
    said = refused(works, asked(works, "reduce", **reduced, hold_from="2026-12-10"))
    assert "自 2026-12-01 至 2027-02-28 已在暂停" in said
    assert accept(works, asked(works, "reduce", **reduced, hold_from="2027-03-01"))
