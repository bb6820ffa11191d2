"""Business fees: what may be charged and at whose price, what was paid against which receipt, what is held back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from trade import accepted_case, colleague, done, high_case

from desktop.domain.fee import amount
from desktop.domain.field import FIELDS
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import case_row, record
from desktop.usecases.charging import cancel, charge, fees, pay, refund, set_tariff, tariffs
from desktop.usecases.desk import Desk
from desktop.usecases.settling import uncharged, unsettled

MOVE, DOUBLE = "移表工料费", "高可靠性供电费用"


@pytest.fixture
def priced(hall: Desk) -> Desk:
    """A hall that entered its own price of moving a meter."""
    set_tariff(hall, MOVE, "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    return hall


def test_the_fee_for_a_temporary_connection_is_abolished_whatever_it_is_called(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    for called in ("临时接电费", "临时接电费用（押金）", "基建临时用电接电费", "临时用电接电费", " 临 时 接 电 费 ",
                   "临时　接电费", "临时-接电费", "【临时接电费】", "临时用电的接电费用", "临时电源接电押金"):
        with pytest.raises(Refusal, match=r"2017-12-01 起已取消.*1895号"):
            charge(hall, number, called)
    assert fees(hall, number).lines == ()


def test_a_fee_that_is_not_in_the_catalogue_is_not_charged(hall: Desk) -> None:
    with pytest.raises(Refusal, match="目录里没有的费用不得收取"):
        charge(hall, accepted_case(hall).case_number, "加急费")


def two_sources(desk: Desk) -> str:
    return high_case(desk, kind="high_voltage_dual", source_kind="双电源异站", emergency_load_kw="100")


def test_no_local_price_is_shipped_and_none_is_guessed(hall: Desk) -> None:
    assert {row.price for row in tariffs(hall)} == {None}
    with pytest.raises(Refusal, match="还没有单价"):
        charge(hall, accepted_case(hall).case_number, MOVE, "1")


def test_a_price_without_the_paper_that_fixes_it_is_refused(hall: Desk) -> None:
    with pytest.raises(Refusal, match="文号"):
        set_tariff(hall, MOVE, "85.50", " ", date(2026, 1, 1))
    for price in ("八十五", "1e5"):
        with pytest.raises(Refusal, match=f"“{price}”不是数字"):
            set_tariff(hall, MOVE, price, "示例文件", date(2026, 1, 1))


@pytest.mark.parametrize("nothing", ["0", "0.00", "-1"])
def test_a_price_of_nothing_is_no_price(hall: Desk, nothing: str) -> None:
    with pytest.raises(Refusal):
        set_tariff(hall, MOVE, nothing, "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    assert {row.price for row in tariffs(hall)} == {None}


def test_a_year_typed_wrong_is_told_where_a_price_begins_and_where_a_bill_is_due(priced: Desk) -> None:
    with pytest.raises(Refusal, match="生效日期 2206-12-01 在两年以后，请核对年份"):
        set_tariff(priced, MOVE, "90", "示例省价格文件〔2026〕9号", date(2206, 12, 1))
    with pytest.raises(Refusal, match="缴费期限 2206-12-01 在两年以后"):
        charge(priced, accepted_case(priced).case_number, MOVE, "2", due_on=date(2206, 12, 1))


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
    assert item.quantity({"backup_capacity_kw": "30", "capacity_kva": "800"}) == "800"  # kW are no kVA
    assert {FIELDS[name].unit for name in item.quantity_of} == {item.unit}


def test_high_reliability_is_not_charged_where_there_is_one_source_or_nobody_asks_for_sources(hall: Desk) -> None:
    set_tariff(hall, DOUBLE, "210", "示例省价格文件〔2026〕2号", date(2026, 1, 1))
    shop = accepted_case(hall).case_number
    with pytest.raises(Refusal, match="“双电源同站”、“双电源异站”的时候收取，这张工单没有这种情形"):
        charge(hall, shop, DOUBLE, "80")
    item = next(item for item in hall.catalog.fees.items if item.name == DOUBLE)
    assert item.wrong_for({"source_kind": "单电源单回路"}) and not item.wrong_for({"source_kind": "双电源同站"})
    assert not next(item for item in hall.catalog.fees.items if item.name == MOVE).wrong_for({})


def test_what_counts_by_capacity_is_not_charged_as_one_while_nobody_said_any(hall: Desk) -> None:
    set_tariff(hall, DOUBLE, "120", "示例省价格文件〔2026〕2号", hall.today)
    number = two_sources(hall)
    with hall.db.write() as session:  # a case of the other system may come without
        row = case_row(session, number)
        row.answers = {**row.answers, "capacity_kva": ""}
    with pytest.raises(Refusal, match=r"按kVA计.*请填写数量"):
        charge(hall, number, DOUBLE)
    assert charge(hall, number, DOUBLE, "800").lines[0].quantity == Decimal(800)


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


def filing_lacks(desk: Desk, number: str, **facts: str) -> list[str]:
    view = case(desk, number)
    with desk.db.read() as session:
        row = case_row(session, number)
        return [lack.sentence for lack in uncharged(
            desk.catalog, session, row, view.process, view.process.last, view.log, facts, desk.today)]


def test_a_case_with_a_bill_is_not_filed_before_the_fees_stage_is_done(priced: Desk) -> None:
    number = accepted_case(priced).case_number
    assert filing_lacks(priced, number) == []  # nothing to pay: nobody has to tick that
    charge(priced, number, MOVE, "1")
    pay(priced, number, [], priced.today, "现金", "PJ0009")  # before the scheme: the stage was not open yet
    (told,) = filing_lacks(priced, number)
    assert MOVE in told and "“确定费用和收费”却没有办" in told and "待核验" in told
    assert filing_lacks(priced, number, left_undone="答复方案前已收清") == []
    done(priced, number, "S04", "S05")
    assert filing_lacks(priced, number) == []


def test_two_sources_without_the_usual_fee_are_filed_only_with_the_reason(hall: Desk) -> None:
    number = two_sources(hall)
    (told,) = filing_lacks(hall, number)
    assert f"通常收取{DOUBLE}" in told and "免收的在“未办环节的说明”里写明依据" in told
    assert filing_lacks(hall, number, left_undone="本省对该行业免收") == []
    set_tariff(hall, DOUBLE, "120", "示例省价格文件〔2026〕2号", hall.today)
    charge(hall, number, DOUBLE)
    with hall.db.read() as session:
        view = case(hall, number)
        held = unsettled(hall.catalog, session, view.row.id, view.process, view.process.last, "done")
    assert "尚未缴清" in held[0].sentence


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


@pytest.fixture
def paid(priced: Desk) -> tuple[Desk, str, int]:
    """A case that has paid for two meters moved: desk, number, line."""
    number = accepted_case(priced).case_number
    charge(priced, number, MOVE, "2")
    (line,) = pay(priced, number, [], priced.today, "现金", "PJ0100").lines
    return priced, number, line.id


def give_back(desk: Desk, number: str, line: int, **said: object):
    return refund(desk, number, line, **{"reason": "数量登错", "on": desk.today, "way": "现金", "receipt": "TF0001",
                                         **said})


def test_a_paid_line_is_given_back_with_reason_receipt_and_who_allowed_it(paid) -> None:
    desk, number, line = paid
    view = give_back(colleague(desk, "班长"), number, line)
    (kept,) = view.lines
    assert (kept.state, view.sum.due, view.sum.paid, view.sum.open) == ("已退", 0, 0, 0)
    assert view.refunded == Decimal("171.00")
    assert (kept.receipt, kept.refund.receipt, kept.refund.reason) == ("PJ0100", "TF0001", "数量登错")
    assert kept.refund.allowed_by.startswith("示范")
    told = case(desk, number).log[-1]
    assert told.what == "fee_refunded" and told.facts["amount"] == "171.00"


def test_what_was_given_back_may_be_charged_again_and_then_holds_the_connection_back(paid) -> None:
    desk, number, line = paid
    give_back(colleague(desk, "班长"), number, line)
    charge(desk, number, MOVE, "1")
    view = case(desk, number)
    with desk.db.read() as session:
        held = unsettled(desk.catalog, session, view.row.id, view.process, view.process.stage("S14"), "done")
    assert [lack.sentence[:20] for lack in held] == ["业务费尚未缴清，不能送电：移表工料费 8"]
    pay(desk, number, [], desk.today, "现金", "PJ0101")
    assert fees(desk, number).sum.open == 0 and fees(desk, number).sum.paid == Decimal("85.50")


def test_a_refund_needs_a_post_that_may_allow_it(paid) -> None:
    desk, number, line = paid
    leader = colleague(desk, "主管").clerk
    with pytest.raises(Refusal, match=r"不能批准退费.*班长、主管、管理员"):
        give_back(colleague(desk, "受理员"), number, line)
    assert give_back(colleague(desk, "受理员"), number, line, allowed_by=leader.number).lines[0].state == "已退"


@pytest.mark.parametrize(("said", "why"), [
    ({"reason": " "}, "为什么退费"), ({"receipt": ""}, "退费凭证号"), ({"receipt": "PJ0100"}, "已用于工单 .* 的缴费"),
    ({"way": "赊账"}, "退费方式"), ({"on": date(2026, 12, 1)}, "退费日期"), ({"on": date(2026, 1, 1)}, "退费日期"),
    ({"line": 99}, "不是已缴"),
])
def test_a_refund_that_cannot_be_is_refused(paid, said, why) -> None:
    desk, number, line = paid
    with pytest.raises(Refusal, match=why):
        give_back(colleague(desk, "班长"), number, **{"line": line, **said})
    assert fees(desk, number).lines[0].state == "已缴"


def test_nothing_is_given_back_twice(paid) -> None:
    desk, number, line = paid
    give_back(colleague(desk, "班长"), number, line)
    with pytest.raises(Refusal, match="不是已缴"):
        give_back(colleague(desk, "班长"), number, line, receipt="TF0002")


def test_the_number_of_a_payment_or_a_refund_is_used_once_in_all_cases(paid) -> None:
    desk, number, line = paid
    leader = colleague(desk, "班长")
    give_back(leader, number, line)
    other = accepted_case(desk, customer_name="另一户").case_number
    again = charge(desk, other, MOVE, "1").lines[0]
    for used, where in (("TF0001", "退费"), ("ＴＦ０００１", "退费"), (" tf0001", "退费"), ("PJ0100", "缴费")):
        with pytest.raises(Refusal, match=f"已用于工单 {number} 的{where}，一个号码只能用一次"):
            pay(desk, other, [], desk.today, "现金", used)
    pay(desk, other, [], desk.today, "现金", "PJ0103")
    with pytest.raises(Refusal, match=f"退费凭证号 TF0001 已用于工单 {number} 的退费"):
        give_back(leader, other, again.id)
    charge(desk, number, MOVE, "3")
    with pytest.raises(Refusal, match=f"票据号 PJ0100 已用于工单 {number} 的缴费"):  # twice in one case
        pay(desk, number, [], desk.today, "现金", "PJ0100")


def test_an_ended_case_owes_nothing_more_and_shows_what_it_must_get_back(priced: Desk) -> None:
    set_tariff(priced, DOUBLE, "210", "示例省价格文件〔2026〕2号", date(2026, 1, 1))
    number = two_sources(priced)
    line = charge(priced, number, MOVE, "2").lines[0]
    pay(priced, number, [line.id], priced.today, "现金", "PJ0102")
    charge(priced, number, DOUBLE, "800")
    record(priced, number, "S04", "ended", {"reason": case(priced, number).process.end_reasons[0]})
    view = fees(priced, number)
    assert [each.state for each in view.lines] == ["已缴", "已取消"]
    assert (view.sum.open, view.to_refund) == (0, Decimal("171.00"))
    assert give_back(colleague(priced, "班长"), number, line.id).to_refund == 0


def test_a_fee_is_not_due_on_a_day_that_is_over(priced: Desk) -> None:
    number = two_sources(priced)
    with pytest.raises(Refusal, match="缴费期限 2026-11-22 早于今天"):
        charge(priced, number, "high_reliability", "800", due_on=date(2026, 11, 22))
    assert fees(priced, number).lines == ()


def test_a_price_is_allowed_by_a_post_that_may_allow_a_refund(hall: Desk) -> None:
    counter = colleague(hall, "受理员")
    with pytest.raises(Refusal, match=r"示范受的岗位是受理员，不能批准登记单价.*岗位须是：班长、主管、管理员"):
        set_tariff(counter, MOVE, "85.50", "示例省价格文件〔2026〕1号", counter.today)
    assert {row.price for row in tariffs(hall)} == {None}
    set_tariff(counter, MOVE, "85.50", "示例省价格文件〔2026〕1号", counter.today, allowed_by="1001")
    assert {row.name: row.price for row in tariffs(hall)}[MOVE] == Decimal("85.50")
