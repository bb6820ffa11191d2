"""Business fees: what may be charged and at whose price, what was paid against which receipt, what is held back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from trade import accepted_case, done

from desktop.domain.fee import amount
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.charging import cancel, charge, fees, pay, set_tariff, tariffs
from desktop.usecases.desk import Desk
from desktop.usecases.settling import unsettled

MOVE, DOUBLE = "移表工料费", "高可靠性供电费用"


@pytest.fixture
def priced(hall: Desk) -> Desk:
    """A hall that entered its own price of moving a meter."""
    set_tariff(hall, MOVE, "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    return hall


def test_the_fee_for_a_temporary_connection_is_abolished_whatever_it_is_called(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    for called in ("临时接电费", "临时接电费用（押金）", "基建临时用电接电费"):
        with pytest.raises(Refusal, match=r"2017-12-01 起已取消.*1895号"):
            charge(hall, number, called)
    assert fees(hall, number).lines == ()


def test_a_fee_that_is_not_in_the_catalogue_is_not_charged(hall: Desk) -> None:
    with pytest.raises(Refusal, match="目录里没有的费用不得收取"):
        charge(hall, accepted_case(hall).case_number, "加急费")


def test_no_local_price_is_shipped_and_none_is_guessed(hall: Desk) -> None:
    assert {row.price for row in tariffs(hall)} == {None}
    with pytest.raises(Refusal, match="还没有单价"):
        charge(hall, accepted_case(hall).case_number, MOVE, "1")


def test_a_price_without_the_paper_that_fixes_it_is_refused(hall: Desk) -> None:
    with pytest.raises(Refusal, match="文号"):
        set_tariff(hall, MOVE, "85.50", " ", date(2026, 1, 1))
    with pytest.raises(Refusal, match="不是数字"):
        set_tariff(hall, MOVE, "八十五", "示例文件", date(2026, 1, 1))


def test_a_case_pays_the_price_of_its_day_and_a_later_price_changes_nothing(priced: Desk, clock) -> None:
    number = accepted_case(priced).case_number
    charge(priced, number, MOVE, "2")
    set_tariff(priced, MOVE, "90", "示例省价格文件〔2026〕9号", date(2026, 12, 1))
    clock.move(date(2026, 12, 2))
    (line,) = fees(priced, number).lines
    assert (line.price, line.amount, line.basis) == (Decimal("85.50"), Decimal("171.00"), "示例省价格文件〔2026〕1号")
    assert next(row.price for row in tariffs(priced) if row.name == MOVE) == Decimal("90")


def test_two_sources_usually_pay_for_high_reliability_by_their_capacity(hall: Desk) -> None:
    item = next(item for item in hall.catalog.fees.items if item.name == DOUBLE)
    assert item.expected({"source_kind": "双电源异站"}) and not item.expected({"source_kind": "单电源单回路"})
    assert item.quantity({"scheme_capacity_kva": "800"}) == "800" and item.unit == "kVA" and item.price is None


def test_no_connection_while_a_fee_is_open_and_the_sum_tells_how_much(priced: Desk) -> None:
    number = accepted_case(priced).case_number
    charge(priced, number, MOVE, "2")
    view = case(priced, number)
    with priced.db.read() as session:
        (held,) = unsettled(priced.catalog, session, view.row.id, view.process, view.process.stage("S14"), "done")
    assert "171.00 元" in held.sentence and "待核验" in held.sentence
    assert (fees(priced, number).sum.due, fees(priced, number).sum.open) == (Decimal("171.00"), Decimal("171.00"))
    pay(priced, number, [], priced.today, "扫码支付", "PJ0001")
    with priced.db.read() as session:
        assert unsettled(priced.catalog, session, view.row.id, view.process, view.process.stage("S14"), "done") == ()
    assert fees(priced, number).sum.open == 0


def test_the_stage_of_fees_is_done_with_the_last_payment(priced: Desk) -> None:
    number = accepted_case(priced).case_number
    done(priced, number, "S04")
    charge(priced, number, MOVE, "1")
    pay(priced, number, [], priced.today, "现金", "PJ0002")
    assert case(priced, number).state.stage("S05").state == "完成"
    told = [entry.what for entry in case(priced, number).log]
    assert told[-3:] == ["fee_charged", "fee_paid", "done"]


def test_a_payment_needs_a_receipt_that_no_other_case_has(priced: Desk) -> None:
    first, second = accepted_case(priced).case_number, accepted_case(priced, customer_name="另一户").case_number
    for number in (first, second):
        charge(priced, number, MOVE, "1")
    with pytest.raises(Refusal, match="票据号"):
        pay(priced, first, [], priced.today, "现金", "")
    pay(priced, first, [], priced.today, "现金", "PJ0003")
    with pytest.raises(Refusal, match=first):
        pay(priced, second, [], priced.today, "现金", "PJ0003")
    with pytest.raises(Refusal, match="缴费方式"):
        pay(priced, second, [], priced.today, "赊账", "PJ0004")
    with pytest.raises(Refusal, match="缴费日期"):
        pay(priced, second, [], date(2026, 12, 1), "现金", "PJ0004")


def test_a_line_is_cancelled_with_its_reason_and_stays_in_the_book(priced: Desk) -> None:
    number = accepted_case(priced).case_number
    line = charge(priced, number, MOVE, "1").lines[0]
    with pytest.raises(Refusal, match="已在这张工单的账上"):
        charge(priced, number, MOVE, "1")
    with pytest.raises(Refusal, match="为什么"):
        cancel(priced, number, line.id, "")
    (kept,) = cancel(priced, number, line.id, "因供电企业原因移表").lines
    assert kept.state == "已取消" and fees(priced, number).sum.due == 0
    with pytest.raises(Refusal, match="不在待缴之列"):
        pay(priced, number, [line.id], priced.today, "现金", "PJ0005")


def test_an_amount_is_rounded_to_the_cent_half_up() -> None:
    assert amount(Decimal("0.125"), Decimal("1")) == Decimal("0.13")
    assert amount(Decimal("210"), Decimal("800")) == Decimal("168000.00")


def test_pressing_twice_charges_once(priced: Desk) -> None:
    number = accepted_case(priced).case_number
    for _ in range(2):
        charge(priced, number, MOVE, "1", request_id="once")
    assert len(fees(priced, number).lines) == 1


def test_the_morning_page_reminds_of_a_fee_whose_day_comes(priced: Desk, clock) -> None:
    from desktop.usecases.reminder_listing import counts, reminders

    number = accepted_case(priced).case_number
    charge(priced, number, MOVE, "2", due_on=date(2026, 12, 10))
    assert counts(priced)["缴费到期"] == 0
    clock.move(date(2026, 12, 8))
    (due,) = [each for each in reminders(priced) if each.kind == "缴费到期"]
    assert (due.number, due.days_left) == (number, 2) and "171.00 元" in due.detail
    pay(priced, number, [], priced.today, "现金", "PJ0006")
    assert counts(priced)["缴费到期"] == 0
