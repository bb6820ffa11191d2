"""A hall's ledger comes in through the use-case: kept whole or not at all, once, and answerable."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from db.contracts import Contract
from db.customers import Account, Customer
from db.entries import Entry
from db.imports import ImportBatch, ImportRow
from desktop.errors import Refusal, Trouble
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contract_listing import all_contracts
from desktop.usecases.importing import import_contracts, preview, settle_row, waiting_rows
from desktop.usecases.staffing import clerks

SAMPLES = Path(__file__).parent / "samples"
LARGE = SAMPLES / "合同台账样例.xlsx"
SMALL = SAMPLES / "各供电所合同台账.csv"
HEAD = ("户号", "户名", "合同类型", "容量", "合同编号", "签订日期", "有效期（年）", "到期日", "备注")
ROW = ("6308633139480", "示范合作社", "低压非居民", "80", "DY-1", "2021-05-24", "10", "2031-05-23", "")


def ledger(folder: Path, *rows: tuple[Any, ...], name: str = "台账.xlsx", head: tuple[str, ...] = HEAD) -> Path:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(folder / name)
    return folder / name


def changed(row: tuple[Any, ...], **cells: Any) -> tuple[Any, ...]:
    """The row with other cells; the names are those of HEAD."""
    return tuple(cells.get(name, value) for name, value in zip(HEAD, row, strict=True))


def everything(desk: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All that an import can write, to be compared letter for letter."""
    with desk.db.read() as session:
        return {model.__tablename__: [tuple(row) for row in session.execute(
                    select(model.__table__).order_by(model.__table__.c.id))]
                for model in (Contract, Account, Customer, Entry, ImportBatch, ImportRow)}


def count(desk: Any, model: Any) -> int:
    with desk.db.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_sample_comes_in_with_every_row_accounted_for(hall: Any) -> None:
    outcome = import_contracts(hall, LARGE)
    assert outcome.counts == {"导入": 1027, "导入待核": 158, "退回": 15}
    kept = {row["number"]: row for row in all_contracts(hall)}
    assert len(kept) == 1185
    assert kept["DY-2026-00001"] | {"doubts": ()} == {
        "number": "DY-2026-00001", "account": "5699252753", "name": "共和娜犇酒店管理有限公司", "kind": "低压非居民",
        "signed": "2026-05-24", "starts": None, "ends": "2036-05-23", "renewal": "未知", "state": "已归档",
        "active": True, "doubts": ()}
    assert kept["DY-2020-00002"]["ends"] is None and len(kept["DY-2020-00002"]["doubts"]) == 1
    assert {kept[row.row.number]["renewal"] for row in outcome.findings if row.row.indefinite} == {"不定期"}


def test_the_same_file_twice_changes_nothing(hall: Any) -> None:
    import_contracts(hall, LARGE)
    before = everything(hall)
    again = import_contracts(hall, LARGE)
    assert everything(hall) == before
    assert (again.counts, again.unchanged) == ({"导入": 1027, "导入待核": 158, "退回": 15}, 1185)


def test_the_same_ledger_in_another_form_changes_nothing(hall: Any) -> None:
    import_contracts(hall, SAMPLES / "各供电所合同台账.xlsx")
    before = count(hall, Contract)
    again = import_contracts(hall, SMALL)
    assert (count(hall, Contract), again.unchanged) == (before, 299)
    assert import_contracts(hall, SAMPLES / "各供电所合同台账.xls").unchanged == 299


def test_a_preview_says_what_an_import_will_do_and_writes_nothing(hall: Any) -> None:
    before = everything(hall)
    shown = preview(hall, LARGE)
    assert everything(hall) == before
    outcome = import_contracts(hall, LARGE)
    assert shown.counts == outcome.counts
    assert [(f.row.row, f.result, f.reasons) for f in shown.findings] == [
        (f.row.row, f.result, f.reasons) for f in outcome.findings]
    assert preview(hall, LARGE).unchanged == 1185


def test_the_same_key_with_other_values_waits_and_the_old_contract_stays(hall: Any, tmp_path: Path) -> None:
    import_contracts(hall, ledger(tmp_path, ROW))
    other = ledger(tmp_path, changed(ROW, 到期日="2031-05-24", 户名="别的合作社"), name="二.xlsx")
    outcome = import_contracts(hall, other)
    assert outcome.counts == {"导入": 0, "导入待核": 1, "退回": 0}
    assert "户名、到期日不同" in outcome.findings[0].reasons
    assert [row["ends"] for row in all_contracts(hall)] == ["2031-05-23"]
    assert [(row.key, row.result) for row in waiting_rows(hall)] == [("DY-1", "导入待核")]
    import_contracts(hall, other)
    assert len(waiting_rows(hall)) == 1


def test_what_a_person_has_decided_since_is_not_asked_again(hall: Any, tmp_path: Path) -> None:
    path = ledger(tmp_path, ROW)
    import_contracts(hall, path)
    with hall.db.write() as session:
        session.scalars(select(Contract)).one().ends_on = date(2029, 1, 1)
    assert import_contracts(hall, path).unchanged == 1
    assert [row["ends"] for row in all_contracts(hall)] == ["2029-01-01"]


def test_one_key_twice_in_a_file_keeps_the_first_row(hall: Any, tmp_path: Path) -> None:
    outcome = import_contracts(hall, ledger(tmp_path, ROW, ROW, changed(ROW, 容量="90")))
    assert outcome.counts == {"导入": 2, "导入待核": 1, "退回": 0}
    assert count(hall, Contract) == 1
    assert contract(hall, "DY-1").row.capacity == "80 kW"


def test_without_a_number_the_key_is_account_and_signing_date(hall: Any, tmp_path: Path) -> None:
    nameless = changed(ROW, 合同编号="")
    later = changed(nameless, 签订日期="2022-05-24", 到期日="2032-05-23")
    import_contracts(hall, ledger(tmp_path, nameless, later))
    assert count(hall, Contract) == 2
    assert contract(hall, "6308633139480@2021-05-24").row.signed_on == date(2021, 5, 24)


def test_an_account_with_two_contracts_keeps_both_and_offers_the_newer(hall: Any, tmp_path: Path) -> None:
    newer = changed(ROW, 合同编号="DY-2", 签订日期="2025-01-01", 到期日="2034-12-31", 容量="100")
    import_contracts(hall, ledger(tmp_path, newer, ROW))
    assert contract(hall, "DY-1").successor_offer == "DY-2"
    assert contract(hall, "DY-2").successor_offer is None
    assert (count(hall, Account), count(hall, Customer)) == (1, 1)
    with hall.db.read() as session:
        assert session.scalars(select(Account)).one().capacity == 100


def test_a_customer_known_by_paper_and_name_is_not_opened_again(hall: Any, tmp_path: Path) -> None:
    import_contracts(hall, LARGE)
    customers = count(hall, Customer)
    head = (*HEAD, "证件号码")
    book = openpyxl.Workbook()
    book.active.append(head)
    book.active.append((*changed(ROW, 户号="1234567890", 户名="共和娜犇酒店管理有限公司"), "91632524D272HD1T9R"))
    book.save(tmp_path / "a.xlsx")
    import_contracts(hall, tmp_path / "a.xlsx")
    assert count(hall, Customer) == customers


def test_every_contract_names_who_brought_it_in_and_its_log_whence(hall: Any, tmp_path: Path) -> None:
    import_contracts(hall, ledger(tmp_path, ROW))
    (entry,) = contract(hall, "DY-1").log
    assert (entry.what, entry.clerk, entry.facts["row"]) == ("imported", "1001", 2)
    with hall.db.read() as session:
        row = session.scalars(select(Contract)).one()
        assert row.created_by == row.changed_by == hall.clerk.id


def test_the_commit_announces_the_tables_that_changed(hall: Any, tmp_path: Path) -> None:
    heard: list[frozenset[str]] = []
    hall.db.listen(heard.append)
    import_contracts(hall, ledger(tmp_path, ROW))
    assert {"contracts", "customers", "accounts"} <= heard[-1]


def test_the_returned_workbook_holds_the_halls_own_cells_and_the_reasons(hall: Any, tmp_path: Path) -> None:
    path = ledger(tmp_path, ROW, changed(ROW, 户号="", 户名="=cmd|'/C calc'!A0", 容量=80),
                  changed(ROW, 合同编号="DY-2", 签订日期=date(2021, 5, 24), 到期日="2026-02-30"))
    target = tmp_path / "退回.xlsx"
    outcome = import_contracts(hall, path, returned=target)
    assert outcome.book == target
    rows = list(openpyxl.load_workbook(target).active.iter_rows())
    assert [cell.value for cell in rows[0]][-2:] == ["结果", "原因"]
    assert [cell.value for cell in rows[0]][:len(HEAD)] == list(HEAD)
    told = [(row[-2].value, row[-1].value[:7]) for row in rows[1:]]
    assert told == [("退回", "原表第 3 行"), ("导入待核", "原表第 4 行")]
    assert {len(row) for row in rows} == {len(HEAD) + 2}
    assert "没有户号" in rows[1][-1].value and "2026-02-30" in rows[2][-1].value
    name = rows[1][1]
    assert (name.value, name.data_type, name.number_format) == ("=cmd|'/C calc'!A0", "s", "@")
    assert rows[1][3].value == 80 and rows[2][5].value.date() == date(2021, 5, 24)


@pytest.mark.skipif(os.name != "posix", reason="file rights are POSIX")
def test_the_returned_workbook_is_for_the_clerks_eyes_only(hall: Any, tmp_path: Path) -> None:
    target = tmp_path / "退回.xlsx"
    import_contracts(hall, LARGE, returned=target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_no_cell_of_the_returned_workbook_is_a_formula(hall: Any, tmp_path: Path) -> None:
    evil = [changed(ROW, 户号="", 户名=mark + "1+1", 备注=f"{mark}\x07铃") for mark in "=+-@\t"]
    target = tmp_path / "退回.xlsx"
    import_contracts(hall, _csv(tmp_path, evil), returned=target)
    cells = [cell for row in openpyxl.load_workbook(target).active.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert {cell.value for cell in cells} >= {mark + "1+1" for mark in "=+-@"}


def _csv(folder: Path, rows: list[tuple[Any, ...]]) -> Path:
    path = folder / "台账.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in (HEAD, *rows)), "utf-8")
    return path


def test_a_returned_workbook_that_cannot_be_written_says_that_the_import_is_saved(hall: Any, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        import_contracts(hall, ledger(tmp_path, ROW), returned=tmp_path / "没有" / "退回.xlsx")
    assert told.value.saved is True and "台账已导入" in str(told.value)
    assert count(hall, Contract) == 1


def test_the_returned_workbook_may_not_replace_the_ledger(hall: Any, tmp_path: Path) -> None:
    path = ledger(tmp_path, ROW)
    with pytest.raises(Refusal, match="原台账"):
        import_contracts(hall, path, returned=path)
    with pytest.raises(Refusal, match="xlsx"):
        import_contracts(hall, path, returned=tmp_path / "退回.pdf")
    assert count(hall, Contract) == 0


@pytest.mark.parametrize("at", [10, 55, 70])
def test_a_cancelled_import_keeps_nothing(hall: Any, at: int) -> None:
    before = everything(hall)

    def stop(done: int, _total: int) -> None:
        if done >= at:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        import_contracts(hall, LARGE, step=stop)
    assert everything(hall) == before


def test_progress_goes_forward_to_the_end(hall: Any, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    import_contracts(hall, LARGE, returned=tmp_path / "退回.xlsx", step=lambda *at: told.append(at))
    assert told == sorted(told) and told[-1] == (100, 100)


def test_without_a_clerk_nothing_comes_in(hall: Any, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="经办人"):
        import_contracts(hall.served_by(None), ledger(tmp_path, ROW))
    assert count(hall, Contract) == 0


def test_a_workbook_without_a_ledger_is_refused(hall: Any, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(Refusal, match="认得出的合同台账"):
        import_contracts(hall, tmp_path / "空.xlsx")


def test_a_waiting_row_is_settled_by_a_person_with_a_word(hall: Any, tmp_path: Path) -> None:
    import_contracts(hall, ledger(tmp_path, changed(ROW, 户号="12345")))
    (row,) = waiting_rows(hall)
    assert row.cells[1] == "示范合作社" and "5 位" in row.reasons[0]
    with pytest.raises(Refusal):
        settle_row(hall, row.id, " ")
    settle_row(hall, row.id, "已在原台账补上户号")
    assert waiting_rows(hall) == ()
    with pytest.raises(Refusal):
        settle_row(hall, row.id, "再来一次")


def test_a_row_settled_is_not_asked_again_by_the_same_file(hall: Any, tmp_path: Path) -> None:
    path = ledger(tmp_path, changed(ROW, 户号="12345"))
    import_contracts(hall, path)
    settle_row(hall, waiting_rows(hall)[0].id, "作废")
    import_contracts(hall, path)
    assert waiting_rows(hall) == ()


WRITTEN = st.tuples(
    st.sampled_from(["6308633139480", "5699252753", "123", ""]), st.sampled_from(["甲", "乙 ", "=1+1"]),
    st.sampled_from(["居民", "高压", "不知"]), st.sampled_from(["80", "2×400", ""]),
    st.sampled_from(["DY-1", "DY-2", ""]),
    st.sampled_from(["2021-05-24", "20210524", "21.5.24", ""]), st.sampled_from(["10", "三年", ""]),
    st.sampled_from(["2031-05-23", "长期", "2026-02-30", ""]), st.sampled_from(["", "已销户"]))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WRITTEN, min_size=1, max_size=8))
def test_any_ledger_is_counted_whole_and_imported_once(hall: Any, tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    path = _csv(tmp_path, rows)
    first = import_contracts(hall, path)
    assert sum(first.counts.values()) == len(rows)
    before = everything(hall)
    second = import_contracts(hall, path)
    assert sum(second.counts.values()) == len(rows)
    assert everything(hall) == before
    assert second.unchanged >= first.unchanged


def test_only_the_clerks_of_the_hall_are_named(hall: Any) -> None:
    import_contracts(hall, SMALL)
    with hall.db.read() as session:
        named = set(session.scalars(select(Contract.created_by).distinct()))
    assert named == {clerk.id for clerk in clerks(hall)}
