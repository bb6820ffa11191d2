"""What stands in a contract's blanks when nobody said it: one person's telephone, a listed price, a tax number."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.customers import Customer
from desktop.usecases.acting import act
from desktop.usecases.contracting import draw_up
from desktop.usecases.desk import Desk
from desktop.usecases.gathering import Facts, Term, of_account, whole
from tests.contract_book import account
from tests.trade import answered_case

COMPANY = {"customer_name": "示例县青禾商店", "customer_phone": "13997000001", "legal_person": "示范甲"}
AGENT = {"agent_name": "示范乙", "agent_phone": "13997000002"}


def gathered(desk: Desk, **said: Any) -> Facts:
    kind = desk.catalog.contract_kinds["low_voltage"]
    return whole({**COMPANY, **said}, {"supplier_code": "91630000MA00000B7C"}, kind, Term(date(2026, 11, 23), 3),
                 rules=desk.catalog.stand_ins)


def contact(facts: Facts) -> tuple[Any, Any]:
    return facts["contact_name"], facts["contact_phone"]


def test_who_is_to_be_called_and_the_telephone_belong_together(hall: Desk) -> None:
    assert contact(gathered(hall)) == ("示范甲", "13997000001")
    assert contact(gathered(hall, **AGENT)) == ("示范乙", "13997000002")
    assert contact(gathered(hall, **AGENT, contact_name="示范丙")) == ("示范丙", "13997000001")
    named = {"contact_name": "示范丙", "contact_phone": "13997000003"}
    assert contact(gathered(hall, **AGENT, **named)) == ("示范丙", "13997000003")


def test_farms_and_homes_pay_listed_prices_and_nobody_buys_power_for_them(hall: Desk) -> None:
    """依据：contracts.toml 的 stand_in 各行（待核验）。"""
    assert gathered(hall, price_class="农业生产")["market_mode"] == "执行目录电价"
    assert gathered(hall, price_class="居民生活")["market_mode"] == "执行目录电价"
    assert "market_mode" not in gathered(hall, price_class="工商业（单一制）")
    assert gathered(hall, price_class="农业生产", market_mode="直接参与市场交易")["market_mode"] == "直接参与市场交易"


def test_a_companys_code_is_its_tax_number_and_a_persons_card_is_none(hall: Desk) -> None:
    facts = gathered(hall, customer_id_kind="营业执照", customer_id="91632521MA00000A9H")
    assert (facts["tax_number"], facts["supplier_tax_number"]) == ("91632521MA00000A9H", "91630000MA00000B7C")
    assert "tax_number" not in gathered(hall, customer_id_kind="身份证", customer_id="11010519491231002X")


def test_what_an_unverified_row_says_in_a_blank_is_told_to_whoever_signs(hall: Desk) -> None:
    number = answered_case(hall, customer_id_kind="营业执照", customer_id="91632521MA00000A9H", tax_number="")
    told = dict(draw_up(hall, number).notices)
    assert told["tax_number"].startswith("“税号”按目录填写：税号即统一社会信用代码")
    assert told["tax_number"].endswith("待核验")


def test_a_renewal_calls_the_customers_telephone_of_today(hall: Desk) -> None:
    owner = account(hall, "6300000000017", "示例县青禾商店")
    with act(hall, "test_phone") as doing:
        doing.session.get_one(Customer, owner[0]).phone = "13997000009"

    def renewed(session: Session, **before: Any) -> tuple[Any, Any]:
        facts = of_account(session, *owner, {**COMPANY, **before})
        return contact(gathered(hall, **facts))

    with hall.db.read() as session:
        assert renewed(session, contact_name="示范甲", contact_phone="13997000001")[1] == "13997000009"
        assert renewed(session, **AGENT, contact_name="示范乙", contact_phone="13997000002") == (
            "示范甲", "13997000009")
        assert renewed(session, contact_name="示范丙", contact_phone="13997000003") == ("示范丙", "13997000003")
