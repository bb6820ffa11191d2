"""A case that ends takes its unsigned contract with it; one that somebody signed must be undone first."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.errors import Refusal
from desktop.usecases.answering import extend_scheme, note_opinion, note_works
from desktop.usecases.approving import agree, recall_scheme
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.charging import charge
from desktop.usecases.collecting import promise_anew
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.correcting import correct
from desktop.usecases.desk import Desk
from desktop.usecases.handing_over import offer, recall
from desktop.usecases.renewing import terminate
from desktop.usecases.signing import archive, sign_customer, void
from desktop.usecases.surveying import appoint_survey
from tests.trade import CUSTOMER, answered_case, approved, printed, signed

TODAY = date(2026, 11, 23)


def end(desk: Desk, number: str) -> None:
    record(desk, number, "S11", "ended", {"reason": "客户撤销"})


def case_of(desk: Desk, key: str) -> str:
    number = contract(desk, key).case_number
    assert number is not None
    return number


@pytest.mark.parametrize("is_printed", [False, True])
def test_a_contract_that_nobody_signed_becomes_void_with_its_case(hall: Desk, is_printed: bool) -> None:
    number = answered_case(hall)
    key = draw_up(hall, number).row.key
    if is_printed:
        print_contract(hall, key)
    end(hall, number)
    view = contract(hall, key)
    assert (view.row.state, view.row.active, view.void_reason) == ("作废", False, "工单终止：客户撤销")
    assert view.log[-1].what == "contract_void" and view.log[-1].clerk == "1001"
    assert case(hall, number).log[-1].facts["void"] == key
    assert case(hall, number).contract_number is None


def test_a_case_whose_contract_is_signed_by_the_customer_ends_only_after_it_was_voided(hall: Desk) -> None:
    approved(hall)
    key = printed(hall)
    sign_customer(hall, key, CUSTOMER, TODAY)
    number = case_of(hall, key)
    with pytest.raises(Refusal) as no:
        end(hall, number)
    assert key in str(no.value) and "作废" in str(no.value)
    assert case(hall, number).row.status == "在办" and contract(hall, key).row.state == "客户已签"
    void(hall, key, "客户撤销")
    end(hall, number)
    assert case(hall, number).row.status == "已终止"


def test_a_filed_contract_is_dissolved_before_its_case_ends(hall: Desk) -> None:
    key = signed(hall)
    archive(hall, key, "H-012", 2)
    with pytest.raises(Refusal, match="终止"):
        end(hall, case_of(hall, key))
    terminate(hall, key, "客户撤销用电")
    end(hall, case_of(hall, key))
    assert contract(hall, key).row.state == "已归档" and not contract(hall, key).row.active


def test_a_closed_case_offers_nothing_more_to_do(hall: Desk) -> None:
    number = answered_case(hall)
    end(hall, number)
    stages = {stage.id: str(stage.state) for stage in case(hall, number).state.stages}
    assert stages["S03"] == stages["S11"] == "未办" and stages["S04"] == "完成"
    assert all(stage.due is None for stage in case(hall, number).state.stages if stage.state == "未办")


REFUSED_WHEN_CLOSED = {
    "再登记": lambda desk, number: record(desk, number, "S11", "paused", {"reason": "客户要求暂缓"}),
    "再登记客户意见": lambda desk, number: note_opinion(desk, number, "同意", signed_by="马海英"),
    "再延期供电方案": lambda desk, number: extend_scheme(desk, number, date(2027, 11, 23), reason="设计未完"),
    "再登记开工": lambda desk, number: note_works(desk, number, TODAY),
    "再审批": agree,
    "再撤回审批": lambda desk, number: recall_scheme(desk, number, "填错"),
    "再登记业务费": lambda desk, number: charge(desk, number, "high_reliability"),
    "再登记资料": lambda desk, number: promise_anew(desk, number, "M01", date(2026, 11, 30), "外出"),
    "再更正申请": lambda desk, number: correct(desk, number, {"phone": "13900000000"}, reason="换号", asked_by="客户"),
    "再移交": lambda desk, number: offer(desk, number, "1001", "轮休"),
    "再预约勘查": lambda desk, number: appoint_survey(desk, number, TODAY, "李建军"),
    "召回": lambda desk, number: recall(desk, number, "S04", "填错"),
}


def test_every_verb_refuses_an_ended_case_in_the_same_words(hall: Desk) -> None:
    number = answered_case(hall)
    end(hall, number)
    for deed, verb in REFUSED_WHEN_CLOSED.items():
        with pytest.raises(Refusal) as said:
            verb(hall, number)
        assert f"工单已于 2026-11-23 终止，不能{deed}" in str(said.value), deed
