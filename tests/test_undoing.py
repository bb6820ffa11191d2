"""What is recalled never was, and what is sent back is to be done again: account, customer, contract and meters stand
as before, and the log says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from change_book import NAME, NUMBER, asked, done, filed, open_works, sealed, suspend
from contract_book import account as account_row
from sqlalchemy import select
from trade import accepted_case, approved, stage_facts

from db.cases import Scheme
from db.entries import Entry
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record, state_of
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.contract_keeping import contract
from desktop.usecases.finding import find
from desktop.usecases.handing_over import recall, would_undo
from desktop.usecases.intake import accept
from desktop.usecases.metering import meter_history, meters_of
from desktop.usecases.standing import account


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


def back(desk: Any, number: str, stage: str, to: str) -> None:
    record(desk, number, stage, "sent_back", {"to": to, "reason": "登记有误"})


def moved(desk: Any) -> str:
    """The serial of the works' meter, hung up by a 移表 that is filed."""
    number = accept(desk, asked(desk, "move_meter")).case_number
    for stage in ("S03", "S22"):
        done(desk, number, stage)
    filed(desk, number)
    return str(meters_of(desk, number)[0].serial)


def told(desk: Any) -> list[str]:
    """What the log says of the account."""
    with desk.db.read() as session:
        return list(session.scalars(select(Entry.what).where(Entry.subject == "account").order_by(Entry.id)))


def test_a_recalled_sealing_gives_the_capacity_back(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    recall(works, number, "S18", "封错了变压器")
    assert account(works, NUMBER).running_capacity == "800 kVA"
    assert account(works, NUMBER).standing.holds == ()
    assert told(works)[-2:] == ["change_hold", "change_taken_back"]
    done(works, number, "S18")
    filed(works, number)
    assert account(works, NUMBER).running_capacity == "400 kVA"


def test_a_sealing_that_is_sent_back_holds_nothing_until_it_is_done_again(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    assert "已登记的停用一并撤销" in would_undo(works, number, "S18").sentence
    back(works, number, "S21", "S18")
    assert account(works, NUMBER).standing.holds == ()
    record(works, number, "S18", "ended", {"reason": "客户撤销"})
    assert account(works, NUMBER).running_capacity == "800 kVA"


def test_a_permanent_reduction_that_is_recalled_leaves_the_contracts_capacity(works: Any, clock: Any) -> None:
    left = [{"point": "1#配电室", "model": "SCB14-500/10", "count": "1", "kva": "500", "state": "运行"}]
    number = accept(works, asked(works, "reduce", reduction="永久性", hold_kva="300", hold_from="2026-12-01",
                                 hold_until="", transformers=left)).case_number
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    assert account(works, NUMBER).contract_capacity == "500 kVA"
    recall(works, number, "S18", "封错了变压器")
    assert account(works, NUMBER).contract_capacity == "800 kVA"
    assert "transformers" not in account(works, NUMBER).standing.known


def test_a_recalled_unsealing_lets_all_rest_again_as_one(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-02-28")
    number = accept(works, asked(works, "resume", restore_kva="150", restore_on="2026-12-20")).case_number
    clock.move(date(2026, 12, 20))
    done(works, number, "S19")
    assert account(works, NUMBER).running_capacity == "550 kVA"
    recall(works, number, "S19", "还没有启封")
    hold, = account(works, NUMBER).standing.holds
    assert (hold.kva, hold.restored_on) == (400, None)
    done(works, number, "S19")
    assert account(works, NUMBER).running_capacity == "550 kVA"


def test_a_new_name_that_is_recalled_is_the_old_one_again_and_is_found_by_it(works: Any) -> None:
    number = accept(works, asked(works, "rename", new_name="示例县永旺建材有限公司")).case_number
    make_change_paper(works, number)
    done(works, number, "S21")
    assert account(works, NUMBER).customer == "示例县永旺建材有限公司"
    recall(works, number, "S21", "客户没有签字")
    assert account(works, NUMBER).customer == NAME
    assert [hit.title for hit in find(works, "兴旺", 5) if hit.kind == "客户"] == [NAME]
    assert [entry.what for entry in contract(works, "GY-1").log][-2:] == ["supplemented", "change_taken_back"]


def test_a_class_that_is_sent_back_is_the_old_one_until_it_is_done_again(works: Any) -> None:
    number = accept(works, asked(works, "reclassify")).case_number
    done(works, number, "S03")
    done(works, number, "S23")
    assert account(works, NUMBER).standing.known["price_class"] == "农业生产"
    back(works, number, "S21", "S03")
    assert account(works, NUMBER).standing.known["price_class"] == "工商业（两部制）"
    assert account(works, NUMBER).standing.known["usage_nature"] == "工商业"


def test_a_moved_meter_that_is_recalled_hangs_where_it_hung(works: Any) -> None:
    number = accept(works, asked(works, "move_meter")).case_number
    done(works, number, "S03")
    done(works, number, "S22", meter_number="MV1")
    recall(works, number, "S22", "写错了表号")
    assert account(works, NUMBER).standing.known["metering_point"] == "1#配电室"
    assert [meter.removal_reason for meter in meter_history(works, "MV1")] == ["召回装表登记"]
    done(works, number, "S22", meter_number="MV2")
    assert [meter.serial for meter in meters_of(works, number) if meter.removed_on is None] == ["MV2"]


def test_a_recalled_closing_opens_the_account_its_contract_and_its_meters_again(works: Any) -> None:
    hung = moved(works)
    number = accept(works, asked(works, "close")).case_number
    for stage in ("S20", "S17"):
        done(works, number, stage)
    assert meter_history(works, hung)[-1].end_reading is not None
    make_change_paper(works, number)
    done(works, number, "S21")
    assert not contract(works, "GY-1").row.active
    recall(works, number, "S21", "客户没有签字")
    assert account(works, NUMBER).standing.status == "在用"
    assert contract(works, "GY-1").row.active
    recall(works, number, "S17", "凭证号写错")
    recall(works, number, "S20", "还没有拆表")
    assert meter_history(works, hung)[-1].removed_on is None


def test_a_last_reading_that_is_said_anew_stands_in_the_register(works: Any) -> None:
    hung = moved(works)
    number = accept(works, asked(works, "close")).case_number
    done(works, number, "S20", final_reading="20000")
    back(works, number, "S17", "S20")
    done(works, number, "S20", final_reading="20100")
    assert meter_history(works, hung)[-1].end_reading == 20100
    back(works, number, "S17", "S20")
    record(works, number, "S20", "ended", {"reason": "客户撤销"})
    assert meter_history(works, hung)[-1].removed_on is None


def test_what_a_recall_hangs_up_again_must_be_free(works: Any) -> None:
    hung = moved(works)
    number = accept(works, asked(works, "reclassify")).case_number
    done(works, number, "S03")
    done(works, number, "S23", meter_number="NEW1",
         mountings=[{"act": "拆", "number": hung, "reading": "20000"}])
    assert [meter.serial for meter in meters_of(works, number) if meter.removed_on is None] == ["NEW1"]
    recall(works, number, "S23", "换错了表")
    assert [meter.serial for meter in meters_of(works, number) if meter.removed_on is None] == [hung]
    done(works, number, "S23", meter_number="NEW2", mountings=[{"act": "拆", "number": hung, "reading": "20000"}])
    other = {"yx_account": "6300000000026", "customer_name": "乙户", "usage_address": "乙路 1 号"}
    account_row(works, "6300000000026", "乙户", address="乙路 1 号", voltage="10kV", status="在用")
    theirs = accept(works, asked(works, "move_meter", **other)).case_number
    done(works, theirs, "S03")
    done(works, theirs, "S22", meter_number=hung)
    with pytest.raises(Refusal, match=f"表号 {hung} 拆下后已挂在“乙户”.*不能召回"):
        recall(works, number, "S23", "换错了表")


def test_a_recalled_scheme_leaves_no_version_behind(hall: Any) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "done", stage_facts(hall, "S04"))
    recall(hall, number, "S04", "填错了线路")
    with hall.db.read() as session:
        assert session.scalars(select(Scheme)).all() == []
    assert case(hall, number).schemes == ()
    record(hall, number, "S04", "done", {**stage_facts(hall, "S04"), "scheme_line": "10kV 湖东路线"})
    again, = case(hall, number).schemes
    assert (again.revision, again.facts["scheme_line"]) == (1, "10kV 湖东路线")
    record(hall, number, "S11", "sent_back", {"to": "S04", "reason": "客户改线路"})
    assert len(case(hall, number).schemes) == 1  # what was answered to the customer stays a version
    assert state_of(hall, number).current == ("S04",)


def test_a_recalled_connections_meter_is_free_for_another_place(hall: Any) -> None:
    from test_metering import hang, ready

    approved(hall)
    first, second = ready(hall, "甲户"), ready(hall, "乙户")
    hang(hall, first, "FREE1")
    recall(hall, first, "S13", "挂错了地方")
    hang(hall, second, "FREE1")
    assert [(each.case, each.removal_reason) for each in meter_history(hall, "FREE1")] == [
        (first, "召回装表登记"), (second, "")]
