"""A contract's beginning: drawn up from the case, checked, and printed once for all."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from db.contracts import Contract
from desktop.errors import Refusal
from desktop.usecases.case_listing import case, case_notices
from desktop.usecases.casework import log_of as case_log
from desktop.usecases.casework import record
from desktop.usecases.contract_amending import set_renewal
from desktop.usecases.contract_keeping import ContractView, contract
from desktop.usecases.contract_listing import contracts
from desktop.usecases.contracting import approve_template, draw_up, preview, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from desktop.usecases.papering import paper_bytes
from desktop.usecases.signing import void
from desktop.usecases.staffing import hall as hall_answers
from printing.raster import page_text
from tests.contract_book import ledgered
from tests.trade import accepted_case, answered_case, done, printed, signed

TODAY = date(2026, 11, 23)


def test_no_contract_before_the_scheme_was_answered(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal) as no:
        draw_up(hall, number)
    assert "供电方案尚未答复" in str(no.value)
    assert contracts(hall).rows == ()


def test_a_contract_takes_its_blanks_from_case_scheme_and_hall(hall: Desk) -> None:
    view = draw_up(hall, answered_case(hall, customer_name="示例县𬭼堃藏毯有限公司"))
    assert view.faults == () and view.row.state == "草稿"
    said = {name: view.answers[name] for name in ("customer_name", "scheme_line", "supplier_name", "boundary_point")}
    assert said == {"customer_name": "示例县𬭼堃藏毯有限公司", "scheme_line": "10kV 绿洲路线",
                    "supplier_name": "演练县供电公司", "boundary_point": "计量箱内用户侧出线开关下桩头"}
    assert (view.row.capacity, view.answers["contract_from"]) == ("80 kW", "2026-11-23")
    assert view.row.key == "630000-DY-2026-000001" and view.case_number is not None


def test_drawn_up_again_a_draft_takes_the_newest_facts_and_keeps_its_number(hall: Desk) -> None:
    number = answered_case(hall)
    first = draw_up(hall, number)
    record(hall, number, "S11", "sent_back", {"reason": "客户改线路", "to": "S04"})
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线"})
    again = draw_up(hall, number)
    assert again.row.key == first.row.key and again.answers["scheme_line"] == "10kV 城东线"
    assert len(contracts(hall).rows) == 1


def test_a_repeated_request_draws_up_one_contract(hall: Desk) -> None:
    number = answered_case(hall)
    keys = {draw_up(hall, number, request_id="once").row.key for _ in range(2)}
    assert len(keys) == 1 and len(contract(hall, keys.pop()).log) == 1


def test_a_hall_without_its_own_half_draws_up_nothing(empty_hall: Desk) -> None:
    desk = empty_hall.served_by(add_clerk(empty_hall, "1001", "示范员", "管理员"))
    with pytest.raises(Refusal, match="营业厅资料"):
        draw_up(desk, "YK202611230001")


def test_a_contract_with_a_hole_is_neither_shown_nor_printed(hall: Desk) -> None:
    key = draw_up(hall, answered_case(hall)).row.key
    _lose(hall, key, "metering_point")
    assert [fault.field for fault in contract(hall, key).faults] == ["metering_point"]
    for verb in (preview, print_contract):
        with pytest.raises(Refusal) as no:
            verb(hall, key)
        assert [lack.field for lack in no.value.missing] == ["metering_point"]
    assert contract(hall, key).papers == ()


def _lose(desk: Desk, key: str, *names: str) -> None:
    kept = {name: value for name, value in contract(desk, key).answers.items() if name not in names}
    with desk.db.write() as session:
        session.execute(update(Contract).where(Contract.key == key).values(answers=kept))


def test_what_is_printed_is_what_was_answered(hall: Desk) -> None:
    key = printed(hall)
    view = contract(hall, key)
    text = "".join("".join(page_text(paper_bytes(hall, view.papers[0].id))).split())
    for name in ("customer_name", "supplier_name", "usage_address", "boundary_point", "scheme_line", "meter_spec"):
        assert "".join(str(view.answers[name]).split()) in text
    assert view.answers["late_fee"] == "2" and key in text  # a default that was printed is kept as an answer


def test_printing_again_sends_the_same_bytes_and_is_noted_as_such(hall: Desk) -> None:
    number = answered_case(hall)
    key = draw_up(hall, number).row.key
    first = print_contract(hall, key)
    kept = paper_bytes(hall, first.id)
    half = hall_answers(hall)
    set_hall(hall, half | {"supplier_name": "改名后的供电公司"})
    assert print_contract(hall, key) == first and paper_bytes(hall, first.id) == kept == preview(hall, key)
    assert hashlib.sha256(kept).hexdigest() == first.sha256
    assert [entry.what for entry in contract(hall, key).log] == ["contract_drawn", "contract_printed", "reprinted"]


def test_a_printed_contract_waits_to_be_signed_and_is_told_to_its_case(hall: Desk) -> None:
    key = printed(hall)
    view = contract(hall, key)
    assert (view.row.state, view.printed_on) == ("待签", TODAY)
    with hall.db.read() as session:
        told = [entry.what for entry in case_log(session, 1)]
    assert told[-2:] == ["contract_drawn", "contract_printed"]


def test_a_printed_contract_stays_as_it_is_and_a_changed_one_is_drawn_up_anew(hall: Desk) -> None:
    number = answered_case(hall)
    key = draw_up(hall, number).row.key
    print_contract(hall, key)
    record(hall, number, "S11", "sent_back", {"reason": "客户改期限", "to": "S04"})
    done(hall, number, "S04", facts={"contract_years": "5"})
    assert draw_up(hall, number).row.ends_on == date(2029, 11, 22)
    void(hall, key, "客户改期限")
    again = draw_up(hall, number)
    assert (again.row.key == key, again.row.ends_on) == (False, date(2031, 11, 22))
    assert len(contract(hall, key).papers) == 1


def test_a_term_beyond_the_cap_of_its_kind_is_not_printed(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"contract_years": "11"})
    key = draw_up(hall, number).row.key
    with pytest.raises(Refusal) as no:
        print_contract(hall, key)
    assert "10 年" in str(no.value)


def test_a_contract_changed_at_another_counter_is_not_printed_over(hall: Desk, monkeypatch: Any) -> None:
    key = draw_up(hall, answered_case(hall)).row.key
    from desktop.usecases import contracting

    real = contracting.contract_pdf

    def meanwhile(*args: Any) -> bytes:
        void(hall, key, "另一柜台作废")
        return real(*args)

    monkeypatch.setattr(contracting, "contract_pdf", meanwhile)
    with pytest.raises(Refusal, match="别的柜台"):
        print_contract(hall, key)
    assert contract(hall, key).papers == ()


def test_a_ledgers_contract_has_no_paper_of_ours(hall: Desk) -> None:
    ledgered(hall, "甲-1")
    with pytest.raises(Refusal, match="台账导入"):
        print_contract(hall, "甲-1")


def test_nobody_at_the_desk_writes_nothing(hall: Desk) -> None:
    number = answered_case(hall)
    alone = hall.served_by(None)
    for verb in (lambda: draw_up(alone, number), lambda: set_renewal(
            alone, kind="low_voltage", mode="到期重签", confirmed_by="示范甲")):
        with pytest.raises(Refusal, match="经办人"):
            verb()
    assert contracts(hall).rows == ()

def test_a_view_names_all_that_hangs_together(hall: Desk) -> None:
    view: ContractView = contract(hall, signed(hall))
    assert view.template_approved and view.row.has_template and view.papers[0].kind == "供用电合同"
    assert view.predecessor is view.successor is view.successor_offer is None

def test_an_approved_text_is_printed_without_the_notice_that_it_must_be_approved(hall: Desk) -> None:
    number = answered_case(hall)
    approve_template(hall, "low_voltage", "示范法务", hall.today)
    paper = print_contract(hall, draw_up(hall, number).row.key)
    assert "须经法务审定" not in "".join(page_text(paper_bytes(hall, paper.id)))


def test_a_refused_drawing_up_takes_no_number(hall: Desk) -> None:
    early = accepted_case(hall).case_number
    for _ in range(3):
        with pytest.raises(Refusal):
            draw_up(hall, early)
    number = answered_case(hall)
    keys = {draw_up(hall, number).row.key for _ in range(3)}
    assert keys == {"630000-DY-2026-000001"}


def test_a_scheme_that_is_answered_anew_forgets_what_the_first_one_said(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"backup_source": "城东 2 号公变"})
    record(hall, number, "S11", "sent_back", {"reason": "客户取消备用电源", "to": "S04"})
    done(hall, number, "S04", facts={"backup_source": ""})
    assert "backup_source" not in draw_up(hall, number).answers


SMALL = [{"name": "水泵", "count": "1", "unit_kw": "12", "total_kw": "12"}]


def test_a_scheme_corrects_the_voltage_that_was_applied_for(hall: Desk) -> None:
    number = accepted_case(hall, voltage="220V", phases="三相", capacity_kw="12", loads=SMALL).case_number
    assert "phases" in {lack.field for lack in case_notices(hall, case(hall, number))}
    done(hall, number, "S04", facts={"voltage": "220V", "phases": "三相", "scheme_capacity_kw": "12"})
    assert "phases" in [fault.field for fault in draw_up(hall, number).faults]
    record(hall, number, "S11", "sent_back", {"reason": "更正电压", "to": "S04"})
    done(hall, number, "S04", facts={"scheme_capacity_kw": "12"})
    view = draw_up(hall, number)
    assert view.faults == () and view.answers["voltage"] == "380V"


def test_a_second_metering_point_stands_in_a_low_voltage_contract(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    row = {"point": "2 号照明表", "mode": "低供低计", "ct_ratio": "100/5", "multiplier": "20", "purpose": "照明"}
    done(hall, number, "S04", facts={"meters": [row]})
    paper = print_contract(hall, draw_up(hall, number).row.key)
    assert "2号照明表" in "".join("".join(page_text(paper_bytes(hall, paper.id))).split())


def test_a_second_metering_point_that_low_voltage_rules_out_keeps_the_contract_from_print(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"meters": [{"point": "2 号表", "mode": "高供低计"}]})
    assert [lack.field for lack in case_notices(hall, case(hall, number))] == ["meters"]
    with pytest.raises(Refusal, match="高供低计"):
        print_contract(hall, draw_up(hall, number).row.key)


def test_a_voltage_transformer_is_not_asked_of_a_low_voltage_scheme(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal, match="pt_ratio"):
        done(hall, number, "S04", facts={"pt_ratio": "10000/100"})


def test_more_equipment_than_was_applied_for_is_told_before_the_contract(hall: Desk) -> None:
    view = draw_up(hall, answered_case(hall, loads=[{"name": "水泵", "count": "1", "unit_kw": "20", "total_kw": "20"}]))
    assert view.faults == () and any("小于容量 80 kW" in sentence for _, sentence in view.notices)
