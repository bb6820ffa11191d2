"""A ledger's row at odds with a kept contract is settled by a person: 采用新值 or 保留原值, with old and new logged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_importing import HEAD, ROW, changed, count, ledger

from db.contracts import Contract
from db.customers import Account, Customer
from desktop.errors import Refusal
from desktop.usecases.adopting import Difference, adopt_row, conflicts, decline_row
from desktop.usecases.contract_amending import settle_doubts
from desktop.usecases.contract_keeping import contract
from desktop.usecases.finding import find
from desktop.usecases.importing import import_contracts, waiting_rows


def at_odds(hall: Any, folder: Path, **cells: Any) -> Any:
    """The contract DY-1 imported, then said otherwise by a second ledger."""
    import_contracts(hall, ledger(folder, ROW))
    import_contracts(hall, ledger(folder, changed(ROW, **cells), name="二.xlsx"))
    return conflicts(hall)[0]


def test_both_values_stand_side_by_side(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 到期日="2031-05-24", 容量="100")
    assert (row.number, row.file_name, row.row) == ("DY-1", "二.xlsx", 2)
    assert row.differences == (Difference("capacity", "容量", "80", "100"),
                               Difference("ends", "到期日", "2031-05-23", "2031-05-24"))
    assert conflicts(hall, "DY-1") == (row,)
    assert conflicts(hall, after=row.id) == ()


def test_an_adopted_row_changes_the_contract_and_is_logged_with_old_and_new(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 到期日="2031-05-24", 容量="100")
    view = adopt_row(hall, row.id, "已查合同原件")
    assert (view.row.ends_on, view.row.capacity) == (date(2031, 5, 24), "100 kW")
    assert view.log[-1].what == "row_adopted"
    assert view.log[-1].facts["before"] == {"capacity": "80", "ends": "2031-05-23"}
    assert view.log[-1].facts["after"] == {"capacity": "100", "ends": "2031-05-24"}
    assert (view.log[-1].facts["note"], view.log[-1].clerk) == ("已查合同原件", hall.clerk.number)
    assert waiting_rows(hall) == conflicts(hall) == ()
    assert import_contracts(hall, tmp_path / "二.xlsx").unchanged == 1


def test_a_declined_row_leaves_the_contract_and_is_logged_too(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 到期日="2031-05-24")
    view = decline_row(hall, row.id, "台账笔误")
    assert view.row.ends_on == date(2031, 5, 23)
    assert view.log[-1].facts["declined"] == {"ends": "2031-05-24"}
    assert waiting_rows(hall) == ()
    import_contracts(hall, tmp_path / "二.xlsx")
    assert waiting_rows(hall) == ()


def test_a_doubtful_end_that_is_adopted_leaves_the_end_empty_and_the_contract_doubtful(
        hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 到期日="2031-02-30")
    assert [d.said for d in row.differences if d.name == "ends"] == ["（空，须核定）"]
    view = adopt_row(hall, row.id, "已查合同原件")
    assert (view.row.ends_on, view.row.signed_on) == (None, date(2021, 5, 24))
    assert view.row.doubts


def test_settling_a_contracts_own_doubts_leaves_the_row_that_contradicts_it(hall: Any, tmp_path: Path) -> None:
    import_contracts(hall, ledger(tmp_path, changed(ROW, 到期日="2031-02-30")))
    import_contracts(hall, ledger(tmp_path, changed(ROW, 容量="100"), name="二.xlsx"))
    settle_doubts(hall, "DY-1", "已查合同原件")
    assert [row.number for row in conflicts(hall)] == ["DY-1"]


def test_another_name_is_another_customer_and_the_old_one_keeps_his(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 户名="别的合作社")
    view = adopt_row(hall, row.id, "已过户，见申请")
    assert view.row.customer == "别的合作社"
    assert count(hall, Customer) == 2
    assert [hit.title for hit in find(hall, "示范合作社") if hit.kind == "客户"] == ["示范合作社"]


def test_another_account_number_moves_the_contract_only(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 户号="5699252753")
    assert adopt_row(hall, row.id, "户号已核对").row.account == "5699252753"
    assert count(hall, Account) == 2
    assert count(hall, Contract) == 1


def test_a_blank_cell_takes_nothing_away(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 容量="", 到期日="2031-05-24")
    assert [d.name for d in row.differences] == ["ends"]
    assert adopt_row(hall, row.id, "已查").row.capacity == "80 kW"


def test_a_telephone_that_is_only_written_otherwise_is_no_difference(hall: Any, tmp_path: Path) -> None:
    head = (*HEAD, "联系电话")
    import_contracts(hall, ledger(tmp_path, (*ROW, "09748512345"), head=head))
    import_contracts(hall, ledger(tmp_path, (*changed(ROW, 容量="100"), "0974-8512345"), name="二.xlsx", head=head))
    assert [d.name for d in conflicts(hall)[0].differences] == ["capacity"]


def test_a_row_is_settled_once_and_never_without_a_ground(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 容量="100")
    for verb in (adopt_row, decline_row):
        with pytest.raises(Refusal, match="依据"):
            verb(hall, row.id, " ")
    adopt_row(hall, row.id, "已查", request_id="r1")
    adopt_row(hall, row.id, "已查", request_id="r1")
    with pytest.raises(Refusal, match="已经核定"):
        decline_row(hall, row.id, "再来一次")


def test_a_row_that_was_given_back_has_nothing_to_adopt(hall: Any, tmp_path: Path) -> None:
    import_contracts(hall, ledger(tmp_path, changed(ROW, 户号="12")))
    with pytest.raises(Refusal, match="没有可采用"):
        adopt_row(hall, waiting_rows(hall)[0].id, "已查")


def test_an_end_before_the_kept_beginning_is_not_adopted(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 签订日期="", **{"有效期（年）": ""}, 到期日="2020-01-01")
    with pytest.raises(Refusal, match="不晚于起始日"):
        adopt_row(hall, row.id, "已查")
    assert contract(hall, "DY-1").row.ends_on == date(2031, 5, 23)


def test_adopting_needs_a_clerk(hall: Any, tmp_path: Path) -> None:
    row = at_odds(hall, tmp_path, 容量="100")
    with pytest.raises(Refusal, match="经办人"):
        adopt_row(hall.served_by(None), row.id, "已查")
