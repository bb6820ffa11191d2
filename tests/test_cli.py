"""The command line does the whole trade, tells refusals in sentences, and works beside an open window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from desktop import cli
from desktop.cli_answer import Answer
from desktop.usecases import practising, safekeeping
from printing.raster import page_text

ROOT = Path(__file__).parents[1]
LEDGER = ROOT / "tests/samples/合同台账样例.xlsx"
KEYS = ["number", "account", "name", "kind", "signed", "starts", "ends", "renewal", "state", "active", "doubts"]


# ---- usage

@pytest.mark.parametrize("verb", [verb.name for verb in cli.VERBS])
def test_every_verb_explains_itself_and_takes_the_common_options(yekuo, verb):
    said = yekuo(verb, "--help")
    assert said.code == 0
    for option in ("--data", "--clerk", "--today", "--json"):
        assert option in said.out


@pytest.mark.parametrize("wrong", [
    ["nonsense"], ["accept"], ["stage", "YK1", "S04"], ["stage", "YK1", "S04", "--done", "--paused"],
    ["report", "x"], ["where", "--today", "2026-02-30"], ["archive-contract", "1", "--box", "A", "--returned", "two"],
])
def test_wrong_usage_ends_with_2_and_touches_nothing(yekuo, tmp_path, wrong):
    said = yekuo(*wrong)
    assert said.code == 2
    assert said.err
    assert not (tmp_path / "hall").exists()


def test_where_tells_the_places_and_makes_nothing(yekuo, tmp_path):
    assert yekuo("where", "--json").data["database"] == str(tmp_path / "hall" / "hall.db")
    assert str(tmp_path / "hall") in yekuo("where").out
    assert "yekuo.log（还没有）" in yekuo("where").out
    assert not (tmp_path / "hall").exists()


def test_common_options_may_stand_before_or_after_the_verb(yekuo, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    assert yekuo("where", "--data", elsewhere, "--json").data["data"] == str(elsewhere)
    assert yekuo("--json", "where", data=elsewhere).data["data"] == str(elsewhere)


def test_the_module_is_the_program(tmp_path):
    run = subprocess.run([sys.executable, "-m", "desktop", "where", "--json"], cwd=ROOT, capture_output=True,
                         text=True, env={**os.environ, "YEKUO_DATA": str(tmp_path)}, timeout=60, check=True)
    assert json.loads(run.stdout)["data"] == str(tmp_path)


# ---- the trade

def test_from_an_empty_hall_to_a_signed_and_renewed_contract(opened, answers, tmp_path):
    yekuo = opened
    accepted = yekuo("accept", "--answers", answers("accept"), "--today", "2026-11-16", "--json").data
    case = accepted["case"]
    assert [promise["due"] for promise in accepted["promises"]] == ["2026-11-17", "2026-11-20", "2026-11-24"]
    early = yekuo("contract", case, "--out", tmp_path / "early.pdf", "--today", "2026-11-16")
    assert early.code == 1
    assert "供电方案" in early.err
    assert not (tmp_path / "early.pdf").exists()

    stage = answers("scheme", "--today", "2026-11-18")
    assert yekuo("stage", case, "S04", "--done", "--answers", stage, "--today", "2026-11-18").code == 0
    sample = yekuo("contract", case, "--out", tmp_path / "sample.pdf", "--today", "2026-11-18", "--json").data
    theirs = ("--side", "customer", "--answers", answers("sign", "customer"), "--today", "2026-11-18")
    assert "审定" in yekuo("sign", sample["number"], *theirs).err
    assert yekuo("approve-template", "low_voltage", "--name", "周文", "--today", "2026-11-18").code == 0
    assert "审定之前打印" in yekuo("sign", sample["number"], *theirs).err
    assert yekuo("void", sample["number"], "--reason", "文本审定前打印", "--today", "2026-11-18").code == 0
    made = yekuo("contract", case, "--out", tmp_path / "contract.pdf", "--today", "2026-11-18", "--json").data
    pdf = (tmp_path / "contract.pdf").read_bytes()
    assert made["number"] in "".join(page_text(pdf))
    again = yekuo("contract", case, "--out", tmp_path / "again.pdf", "--today", "2026-11-19")
    assert "取回的是当时的原件" in again.out and "后来改过" not in again.out
    assert (again.code, (tmp_path / "again.pdf").read_bytes()) == (0, pdf)

    number = made["number"]
    theirs = ("sign", number, "--side", "customer", "--answers", answers("sign", "customer"), "--today", "2026-11-19")
    signed = yekuo(*theirs)  # its day was left blank: today, and said
    assert (signed.code, "签署日期记为 2026-11-19" in signed.out) == (0, True)
    ours = answers("sign", "ours", on="2026-11-20")
    assert yekuo("sign", number, "--side", "ours", "--answers", ours, "--today", "2026-11-20").code == 0

    unchecked = yekuo("stage", case, "S14", "--done", "--today", "2026-11-23")
    assert unchecked.code == 1
    assert "检验" in unchecked.err
    def goes_by(stage):
        day = ("--today", "2026-11-24")
        return yekuo("stage", case, stage, "--done", "--answers", answers("stage", stage, *day), *day)

    assert [goes_by(stage).err for stage in ("S11", "S13", "S14")] == ["", "", ""]
    assert "供用电合同还没有归档" in goes_by("S15").err
    bare = yekuo("stage", case, "S15", "--done", "--today", "2026-11-24").err
    assert "供用电合同还没有归档" in bare and "户号（yx_account）" in bare  # all at once
    filed = yekuo("archive-contract", number, "--box", "A-1", "--returned", "2", "--today", "2026-11-24", "--json")
    assert goes_by("S15").code == 0
    contract = next(row for row in yekuo("contracts", "--json").each if row["number"] == number)
    assert list(contract) == KEYS
    assert (contract["number"], contract["state"]) == (number, filed.data["state"])

    month_before = str(date.fromisoformat(contract["ends"]) - timedelta(days=30))
    assert number in yekuo("reminders", "--today", month_before).out
    renewed = yekuo("renew", number, "--out", tmp_path / "renewed.pdf", "--today", month_before, "--json")
    assert renewed.code == 0, renewed.err
    assert renewed.data["number"] in "".join(page_text((tmp_path / "renewed.pdf").read_bytes()))
    report = yekuo("report", "业扩报装月报", "--month", "2026-11", "--out", tmp_path / "month.xlsx",
                   "--today", "2026-12-01", "--json")
    assert report.data["rows"] >= 1
    assert (tmp_path / "month.xlsx").stat().st_size > 2000


def test_a_hall_s_own_ledger_comes_in_and_the_same_file_twice_changes_nothing(opened, tmp_path):
    first = opened("import-contracts", LEDGER, "--returned", tmp_path / "back.xlsx", "--json")
    truth = json.loads(LEDGER.with_suffix(".truth.json").read_text("utf-8"))
    assert first.code == 0
    assert sum(first.data[word] for word in ("导入", "导入待核", "退回")) == len(_rows(truth))
    assert sum(first.data["本次"].values()) == len(_rows(truth))
    rows = opened("contracts", "--json").each
    assert len(rows) == first.data["导入"] + first.data["导入待核"]
    assert all(list(row) == KEYS for row in rows)
    second = opened("import-contracts", LEDGER, "--json")
    assert second.data == {**first.data, "未变": len(rows), "本次": {"新导入": 0, "待核": 0, "退回": 0}}
    assert "本次：新导入 0、待核 0、退回 0；与档案相同未变 1185" in opened("import-contracts", LEDGER).out
    assert opened("contracts", "--json").each == rows
    if sys.platform != "win32":
        assert (tmp_path / "back.xlsx").stat().st_mode & 0o777 == 0o600


def _rows(truth):
    return truth["rows"] if isinstance(truth, dict) else truth


@pytest.mark.parametrize("list_name", ["contracts", "cases", "reminders"])
def test_every_list_goes_to_a_workbook_whole(opened, tmp_path, list_name):
    opened("import-contracts", LEDGER)
    told = opened("export", list_name, "--out", tmp_path / "list.xlsx", "--json").data
    shown = opened(list_name, "--json").each
    assert told["rows"] == len(shown)


def test_a_list_shows_names_whole_and_a_case_hides_ids_and_phones(opened, answers):
    given = json.loads(answers("accept").read_text("utf-8"))["answers"]
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    for said in (opened("case", case).out, opened("case", case, "--json").out, opened("cases").out):
        assert given["customer_name"] in said
        assert given["customer_phone"] not in said
        assert given["agent_id"] not in said


def test_the_practice_hall_does_the_main_job_and_tells_where_its_papers_lie(yekuo, tmp_path, monkeypatch):
    monkeypatch.setattr(practising, "make_practice_hall", partial(practising.make_practice_hall, customers=60))
    told = yekuo("demo", "--out", tmp_path / "demo", "--today", "2026-11-23", "--json", data=None).data
    assert told["data"] == str(tmp_path / "demo" / "hall")
    assert {Path(file).suffix for file in told["files"]} == {".pdf", ".xlsx"}
    assert all(Path(file).stat().st_size > 1000 for file in told["files"])
    assert len(yekuo("contracts", "--json", data=told["data"]).each) > 40
    going_on = yekuo("cases", "--status", "在办", "--json", data=told["data"]).each[0]["number"]
    assert yekuo("numbers", going_on, "--application", "261123000007", data=told["data"]).code == 0


def test_a_real_hall_is_never_practised_in(opened, tmp_path):
    said = opened("demo", "--out", tmp_path / "demo", "--data", tmp_path / "hall")
    assert said.code == 1
    assert "正式的营业厅" in said.err


# ---- who does it

def test_without_a_clerk_nothing_is_written(yekuo, answers, tmp_path):
    yekuo("setup", "--answers", answers("setup", clerks=[]))
    said = yekuo("accept", "--answers", answers("accept"))
    assert said.code == 1
    assert "--clerk" in said.err
    assert yekuo("cases", "--json").each == []


def test_the_clerk_asked_for_stands_in_the_log(opened, answers):
    case = opened("accept", "--answers", answers("accept"), "--clerk", "1002", "--json").data["case"]
    assert {entry["clerk"] for entry in opened("case", case, "--json").data["log"]} == {"1002"}


def test_an_unknown_clerk_is_refused_by_number(opened, answers):
    said = opened("accept", "--answers", answers("accept"), "--clerk", "9999")
    assert said.code == 1
    assert "9999" in said.err


def test_a_clerk_is_added_and_made_this_machine_s_default(opened):
    told = opened("clerks", "--add", "2001", "示范丙", "班长", "--default", "2001", "--json").data
    assert told["default_clerk"] == "2001"
    assert [clerk["number"] for clerk in told["clerks"]] == [*map(str, range(1001, 1007)), "2001"]


# ---- refusals and troubles

@pytest.mark.parametrize(("content", "words"), [
    (b"{", "第 1 行"), (b"[1]", "JSON 对象"), ("{\"a\": \"中\"}".encode("gbk"), "UTF-8"), (None, "打不开"),
])
def test_a_spoilt_answers_file_is_refused_where_it_is_wrong(opened, tmp_path, content, words):
    path = tmp_path / "given.json"
    if content is not None:
        path.write_bytes(content)
    said = opened("accept", "--answers", path)
    assert said.code == 1
    assert words in said.err


def test_missing_and_malformed_answers_are_named_field_by_field(opened, answers):
    given = json.loads(answers("accept").read_text("utf-8"))["answers"]
    said = opened("accept", "--answers", answers("accept", answers={
        **given, "customer_name": "", "customer_phone": "12"}))
    assert said.code == 1
    assert "户名" in said.err or "客户名称" in said.err
    assert said.err.count("\n  ·") >= 2


def test_a_doubtful_contract_is_settled_and_another_ended_without_the_window(opened, tmp_path):
    opened("import-contracts", LEDGER)
    doubtful = [row for row in opened("contracts", "--json").each if row["doubts"] and not row["ends"]]
    first, second = (row["number"] or row["account"] for row in doubtful[:2])
    said = tmp_path / "settle.json"
    said.write_text(json.dumps({"starts": "2022-01-01", "ends": "2027-12-31", "signed": "2022-01-01"}), "utf-8")
    assert opened("settle", first, "--answers", said).code == 1  # nobody says on what it stands
    done = opened("settle", first, "--answers", said, "--note", "已查合同原件", "--json")
    assert (done.code, done.data["ends"]) == (0, "2027-12-31")
    assert opened("settle", second, "--note", "已查合同原件", "--json").data["doubts"] == []
    said.write_text(json.dumps({"end": "2027-12-31"}), "utf-8")
    assert "ends" in opened("settle", first, "--answers", said, "--note", "已查").err
    assert opened("terminate", first, "--reason", "客户销户", "--json").data["active"] is False


def test_a_contract_is_made_void_with_a_reason(opened, answers, tmp_path):
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    assert opened("stage", case, "S04", "--done", "--answers", answers("scheme")).code == 0
    for name in ("a.txt", "a.pdf"):
        opened("contract", case, "--out", tmp_path / name)
    (row,) = opened("contracts", "--json").each
    assert row["number"].endswith("000001")  # what was refused took no number
    assert opened("void", row["number"], "--reason", "容量写错", "--json").data["state"] == "作废"
    assert "已作废" in opened("void", row["number"], "--reason", "再来").err


def test_a_contract_that_cannot_be_written_where_asked_says_so(opened, answers, tmp_path):
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    opened("stage", case, "S04", "--done", "--answers", answers("scheme"))
    said = opened("contract", case, "--out", tmp_path / "nowhere" / "c.pdf")
    assert said.code == 1
    assert "不存在" in said.err
    assert opened("contract", case, "--out", tmp_path / "c.docx").code == 1


def test_a_bug_is_told_as_one_and_logged(opened, tmp_path, monkeypatch, expect_log):
    expect_log("bug in where: ZeroDivisionError")
    broken = cli.Verb("where", "x", lambda _post, _asked: Answer([str(1 // 0)]))
    monkeypatch.setattr(cli, "VERBS", (broken,))
    said = opened("where")
    assert said.code == 1
    assert "程序出了差错（ZeroDivisionError）" in said.err
    assert "ZeroDivisionError" in (tmp_path / "hall/logs/yekuo.log").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
def test_a_reader_that_has_read_enough_is_no_error(opened, tmp_path):
    opened("import-contracts", LEDGER)
    program = f"{sys.executable} -m desktop contracts --json --data {tmp_path / 'hall'}"
    run = subprocess.run(f"{program} | head -n 1; exit ${{PIPESTATUS[0]}}", shell=True, executable="/bin/bash",
                         cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


# ---- beside an open window

def test_verbs_work_beside_an_open_window(opened, answers, tmp_path, desk_at):
    with safekeeping.window_lock(tmp_path / "hall"):
        desk = desk_at(tmp_path / "hall")
        with desk.db.read() as session:
            session.connection()
            assert opened("accept", "--answers", answers("accept")).code == 0
        assert opened("backup").code == 0
        assert len(opened("cases", "--json").each) == 1


def test_a_restore_waits_until_the_window_is_closed(opened, answers, tmp_path, monkeypatch):
    monkeypatch.setattr(safekeeping, "GLANCE", 0.05)
    backup = opened("backup", "--json").data["path"]
    opened("accept", "--answers", answers("accept"))
    with safekeeping.window_lock(tmp_path / "hall"):
        refused = opened("restore", backup)
    assert refused.code == 1
    assert "已经在另一个窗口打开" in refused.err
    assert opened("restore", backup).code == 0
    assert opened("cases", "--json").each == []
    assert len(list((tmp_path / "hall").glob("hall-*.db"))) == 1


def test_a_declined_application_is_an_ended_case_and_its_notice_is_a_file(opened, answers, tmp_path):
    brought = answers("accept", way="不受理", reason="不在本营业区")
    said = opened("accept", "--answers", brought, "--out", tmp_path / "文书")
    assert (said.code, "不予受理已登记" in said.out) == (0, True)
    number = said.out.split("工单编号 ")[1].split()[0]
    assert [path.name for path in (tmp_path / "文书").iterdir()] == [f"一次性告知书 {number}.pdf"]
    assert "已终止" in opened("case", number).out
    assert opened("contract", number, "--out", tmp_path / "c.pdf").code == 1


@pytest.mark.parametrize(("wrong", "told"), [
    ({"answers": {"custmer_name": "甲"}}, "custmer_name"), ({"answers": {"loads": ["x"]}}, "loads"),
    ({"materials": "x"}, "materials"),
])
def test_answers_of_a_wrong_shape_are_refused_by_name(opened, answers, wrong, told):
    said = opened("accept", "--answers", answers("accept", **wrong))
    assert (said.code, told in said.err, "程序出了差错" in said.err) == (1, True, False)


def test_a_misspelt_field_of_the_hall_is_refused_by_name(yekuo, answers):
    said = yekuo("setup", "--answers", answers("setup", hall={"suplier_name": "甲"}))
    assert (said.code, "suplier_name" in said.err) == (1, True)
