"""What is asked for as a file has its place before anything is done, and what was looked at and is bad ends with 1."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop import cli


@pytest.fixture
def case(opened: Any, answers: Any) -> str:
    return str(opened("accept", "--answers", answers("accept"), "--json").data["case"])


@pytest.mark.parametrize("verb", [
    ["shift", "--to", "1002"], ["notice", "{case}"], ["morning"], ["report", "工单明细"], ["export", "cases"],
    ["supply", "{case}", "M01"], ["clock", "{case}"], ["progress", "{case}"], ["contract", "{case}"],
])
def test_a_folder_that_is_not_there_is_named_and_nothing_is_done(
        opened: Any, case: str, tmp_path: Path, verb: list[str]) -> None:
    ending = "xlsx" if verb[0] in ("report", "export") else "pdf"
    said = opened(*(word.format(case=case) for word in verb), "--out", tmp_path / "没有" / f"a.{ending}")
    assert (said.code, f"文件夹“{tmp_path / '没有'}”不存在，文件没有写成" in said.err) == (1, True), said.err
    assert opened("shift", "--json").data == []


def test_every_paper_s_file_is_named_as_what_it_is(opened: Any, case: str, tmp_path: Path) -> None:
    for verb in cli.VERBS:
        kinds = [str(arg.options.get("metavar")) for arg in verb.args if arg.flags == ("--out",)]
        assert all(Path(kind).suffix in (".pdf", ".xlsx", ".zip") or kind == "DIR" for kind in kinds), verb.name
    assert "请以 .pdf 结尾" in opened("notice", case, "--out", tmp_path / "a.txt").err
    assert "请以 .xlsx 结尾" in opened("export", "cases", "--out", tmp_path / "a.pdf").err


def test_papers_without_a_possible_folder_keep_the_application_out(opened: Any, answers: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    said = opened("accept", "--answers", answers("accept"), "--out", tmp_path / "taken/文书")
    assert (said.code, "建不成" in said.err) == (1, True)
    assert opened("cases", "--json").each == []


def test_a_year_that_cannot_be_taken_ends_with_1(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "2027.json"
    days = [{"name": "x", "date": str(date(2027, 1, 1) + timedelta(days=n)), "isOffDay": True} for n in range(336)]
    file.write_text(json.dumps({"year": 2027, "papers": ["通知"], "days": days}), "utf-8")
    said = opened("calendar", "check", file)
    assert said.code == 1
    assert "  不能采用：" in said.out and "2027 年的安排不能采用" in said.err
