"""Changes of use on the command line: the account is told, and answers for itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

LEDGER = Path(__file__).parent / "samples" / "合同台账样例.xlsx"
SAID = {"process": "rename",
        "identity_check": "核对原件", "customer_phone": "13800001234", "change_reason": "更名登记",
        "new_name": "示例县更名后建材有限公司", "name_proof": "准予变更登记通知书", "arrears": "已结清",
        "arrears_by": "示范丙"}


@pytest.fixture
def imported(opened: Any) -> Any:
    assert opened("import-contracts", LEDGER).code == 0
    return opened


def of_low_voltage(yekuo: Any) -> dict[str, Any]:
    """A contract of the ledger whose account has its 户号 and whose customer is alone with it."""
    return next(row for row in yekuo("contracts", "--json").each
                if row["account"] and row["kind"] == "低压非居民" and not row["doubts"])


def test_an_account_tells_how_it_stands_and_is_renamed_to_the_end(imported: Any, tmp_path: Path) -> None:
    row = of_low_voltage(imported)
    told = imported("account", row["account"], "--json").data
    assert (told["number"], told["contract"]["key"], told["open_cases"]) == (row["account"], row["number"], [])
    today = "2026-11-23"
    file = tmp_path / "更名.json"
    papers = dict.fromkeys(("M01", "M20", "M21"), "已收")
    said = {**SAID, "legal_person": "示范丁", "yx_account": row["account"], "arrears_on": today, "voltage": "380V",
            "materials": papers,
            "usage_address": told["address"] or "演练县示范路 9 号"}
    file.write_text(json.dumps(said), "utf-8")
    accepted = imported("accept", "--answers", file, "--today", today, "--json")
    assert accepted.code == 0, accepted.err
    case = accepted.data["case"]
    early = imported("stage", case, "S21", "--done", "--today", today)
    assert early.code == 1 and "请先用 yekuo change-paper" in imported("case", case, "--today", today).out
    paper = imported("change-paper", case, "--out", tmp_path / "补充协议.pdf", "--today", today)
    assert paper.code == 0, paper.err
    assert (tmp_path / "补充协议.pdf").read_bytes().startswith(b"%PDF")
    signed = tmp_path / "签署.json"
    signed.write_text(json.dumps({"change_signed_on": today, "change_signer": "示范庚"}), "utf-8")
    another = imported("stage", case, "S21", "--done", "--answers", signed, "--today", today)
    assert another.code == 1 and "“示范庚”不是法定代表人（负责人）“示范丁”：由他人代签的" in another.err
    signed.write_text(json.dumps({"change_signed_on": today, "change_signer": "示范丁"}), "utf-8")
    assert imported("stage", case, "S21", "--done", "--answers", signed, "--today", today).code == 0
    assert imported("stage", case, "S15", "--done", "--today", today).code == 0
    assert imported("account", row["account"], "--json").data["customer"] == "示例县更名后建材有限公司"
    assert imported("account", "更名后建材").code == 0


def test_an_account_tells_all_that_its_page_shows(imported: Any) -> None:
    row = of_low_voltage(imported)
    data = imported("account", row["account"], "--json").data
    page = {"contracts", "cases", "meters", "owed", "possible", "years", "id_number", "phone", "former_names"}
    assert page <= set(data)
    assert [each["key"] for each in data["contracts"]] == [row["number"]]
    refused = {each["pad"]: each["reason"] for each in data["possible"]}
    assert "低压用户的暂拆这里没有这项业务" in refused["34"]
    told = imported("account", row["account"]).out
    assert "没有待缴的业务费" in told and "低压用户的暂拆这里没有这项业务" in told
    may, may_not = told.split("可以办理的变更：")[1].split("现在不能办理的变更：")
    assert "  31 更名\n" in may and "  32 过户\n" in may and "34 暂停" not in may
    assert "  34 暂停：" in may_not and "31 更名" not in may_not


def test_an_unknown_account_and_one_of_low_voltage_are_refused_in_words(imported: Any, tmp_path: Path) -> None:
    assert "“6399999999999”的用电户" in imported("account", "6399999999999").err
    row = of_low_voltage(imported)
    file = tmp_path / "暂停.json"
    file.write_text(json.dumps({"process": "suspend", "yx_account": row["account"], "voltage": "380V"}), "utf-8")
    said = imported("accept", "--answers", file)
    assert said.code == 1
    assert "低压用户的暂拆这里没有这项业务" in said.err


def test_the_day_a_supply_was_taken_down_is_named_by_its_option(imported: Any) -> None:
    number = of_low_voltage(imported)["number"]
    said = imported("terminate", number, "--reason", "工程完工", "--removed", "2099-01-01").err
    assert "拆表日期（--removed）不能晚于今天" in said and "removed_on" not in said
