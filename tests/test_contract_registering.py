"""A contract signed on the company's own paper: its dates and its way of renewal may not contradict one another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from change_book import asked, done
from contract_book import account, ledgered
from test_kinds import advance, begun

from desktop.catalog.release import load_catalog
from desktop.domain.specimen import stage_specimen
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contract_registering import _term
from desktop.usecases.contracting import draw_up, register_paper
from desktop.usecases.handing_over import recall
from desktop.usecases.intake import accept
from desktop.usecases.renewing import terminate

NUMBER = "6300000000018"
SIGNED = "2026-11-23"


@pytest.fixture
def resident(hall: Any) -> str:
    """A 过户 of a resident whose bill is settled: what is left is his contract."""
    owner = account(hall, NUMBER, "示例甲", address="共和县绿洲南路 16 号", capacity=Decimal(8), capacity_unit="kW",
                    voltage="220V", usage_nature="居民生活", status="在用")
    ledgered(hall, "JM-1", owner=owner, kind="resident", kind_word="居民", capacity=Decimal(8))
    new = {"customer_name": "示范戊", "customer_id_kind": "身份证", "customer_id": "11010519491231002X",
           "usage_nature": "居民生活", "voltage": "220V", "old_name": "示例甲"}
    number = accept(hall, asked(hall, "transfer", **new)).case_number
    done(hall, number, "S17")
    return number


@pytest.mark.parametrize(("said", "told"), [
    ({"contract_until": "2031-11-22"}, "写了截止日 2031-11-22 的合同不是不定期：请填续展方式"),
    ({"contract_until": "2031-11-22", "renewal_mode": "不定期"}, "的合同不是不定期"),
    ({"renewal_mode": "到期重签"}, "有期限的合同请填写合同截止日"),
    ({"contract_until": "2026-11-01", "renewal_mode": "到期重签"}, "合同截止日 2026-11-01 早于生效日 2026-11-23"),
    ({"contract_until": "2036-11-23", "renewal_mode": "到期重签"},
     r"超过“居民”合同的上限 10 年（最晚到 2036-11-22，依据：公司内部合同管理规定"),
    ({"contract_until": "2031-11-22", "renewal_mode": "自动续展"}, "没有续展的异议期，不能自动续展"),
    ({"contract_from": "2026-11-20"}, "合同生效日 2026-11-20 早于签订日期 2026-11-23"),
    ({"contract_signed_on": "2026-11-24"}, "合同签订日期 2026-11-24 晚于今天"),
    ({"contract_signed_on": "2026-11-22"}, "合同签订日期 2026-11-22 早于受理日期"),
])
def test_a_residents_contract_that_contradicts_itself_is_refused(
        hall: Any, resident: str, said: dict[str, str], told: str) -> None:
    with pytest.raises(Refusal, match=told):
        register_paper(hall, resident, {"contract_signed_on": SIGNED, "contract_number": "JM-2", **said})
    assert contract(hall, "JM-1").row.active


def test_a_residents_contract_is_without_end_or_has_an_end_and_says_what_follows(hall: Any, resident: str) -> None:
    kept = register_paper(hall, resident, {"contract_signed_on": SIGNED, "contract_number": "JM-2"}).row
    assert (kept.renewal, kept.ends_on) == ("不定期", None)


def test_a_residents_contract_with_an_end_is_renewed_as_its_paper_says(hall: Any, resident: str) -> None:
    kept = register_paper(hall, resident, {"contract_signed_on": SIGNED, "contract_number": "JM-2",
                                           "contract_until": "2036-11-22", "renewal_mode": "到期重签"}).row
    assert (kept.renewal, kept.ends_on) == ("到期重签", date(2036, 11, 22))


def test_who_wants_no_end_for_what_always_has_one_is_refused_and_the_applications_end_stands_in() -> None:
    kind = load_catalog().contract_kinds["temporary"]
    doing = SimpleNamespace(today=date(2026, 11, 23))
    asked_for = SimpleNamespace(applied_on=date(2026, 11, 20), answers={"temporary_until": "2027-10-31"})
    assert _term(doing, asked_for, kind, {}, date(2026, 11, 23)).ends == date(2027, 10, 31)
    with pytest.raises(Refusal, match="“临时”合同都有期限（最长 3 年"):
        _term(doing, asked_for, kind, {"renewal_mode": "不定期"}, date(2026, 11, 23))
    asked_for.answers = {}
    with pytest.raises(Refusal, match="有期限的合同请填写合同截止日"):
        _term(doing, asked_for, kind, {}, date(2026, 11, 23))


def test_a_registered_contract_is_not_recalled_with_its_stage(hall: Any) -> None:
    process = hall.catalog.processes["resident_new"]
    number = begun(hall, process)
    record(hall, number, "S12", "done", stage_specimen(process, "S12", hall.today))
    with pytest.raises(Refusal, match="已登记，这一环节不能召回"):
        recall(hall, number, "S12", "写错了")


def test_what_the_contract_waits_for_is_told_before_what_its_form_lacks(hall: Any) -> None:
    account(hall, NUMBER, "示例甲", address="共和县绿洲南路 16 号", capacity=Decimal(8), capacity_unit="kW",
            voltage="220V", usage_nature="居民生活", status="在用")
    new = {"customer_name": "示范戊", "customer_id_kind": "身份证", "customer_id": "11010519491231002X",
           "usage_nature": "居民生活", "voltage": "220V", "old_name": "示例甲"}
    number = accept(hall, asked(hall, "transfer", **new)).case_number
    with pytest.raises(Refusal, match="电费结清核查尚未完成"):
        register_paper(hall, number, {})


def test_a_contract_registered_wrongly_by_its_stage_is_ended_and_registered_anew(hall: Any) -> None:
    process = hall.catalog.processes["resident_new"]
    number = begun(hall, process)
    first = register_paper(hall, number, {"contract_signed_on": SIGNED, "contract_number": "JM-8"}).row
    with pytest.raises(Refusal, match=r"请在合同页登记“终止”.*yekuo terminate JM-8 --reason"):
        recall(hall, number, "S12", "登错")
    assert not terminate(hall, first.key, "登错").row.active
    assert "S12" in case(hall, number).state.current
    again = register_paper(hall, number, {"contract_signed_on": SIGNED, "contract_number": "JM-9"}).row
    assert (again.active, again.state) == (True, "已归档")
    assert "S12" not in case(hall, number).state.current


def test_a_temporary_contract_registered_wrongly_is_ended_before_any_meter_hangs(hall: Any) -> None:
    process = hall.catalog.processes["temporary_low"]
    number = begun(hall, process)
    with pytest.raises(Refusal, match=r"供电方案答复尚未完成"):
        register_paper(hall, number, {"contract_signed_on": SIGNED})
    for stage in ("S03", "S04"):
        if stage in case(hall, number).state.current:
            advance(hall, case(hall, number), stage)
    key = register_paper(hall, number, {"contract_signed_on": SIGNED}).row.key
    assert not terminate(hall, key, "登错").row.active
    assert register_paper(hall, number, {"contract_signed_on": SIGNED}).row.active


def test_who_would_draw_up_what_has_no_text_is_told_the_verb(hall: Any) -> None:
    number = begun(hall, hall.catalog.processes["resident_new"])
    with pytest.raises(Refusal, match=f"yekuo register-contract {number} --answers"):
        draw_up(hall, number)
