"""The command line's manners: it names the field, speaks Chinese, begins no hall by a slip and calls no slip a bug."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from test_importing import ROW, changed, ledger

from desktop import cli
from desktop.cli_answer import columns
from desktop.cli_words import for_the_line, named

ROOT = Path(__file__).parents[1]
ENGLISH = re.compile(r"\b(usage|positional|optional|options|arguments?|required|invalid|expected|choose|show this)\b")
WINDOW = re.compile(r"“系统|F12|在“工单”里|在“合同”里|合同页|表单|刷新|重新打开|档案补录|勾选|卡片")


def given(answers, **other):
    """The example application with other answers."""
    path = answers("accept")
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**content, "answers": {**content["answers"], **other}}, ensure_ascii=False), "utf-8")
    return path


# ---- fields

def test_every_wrong_number_is_told_with_its_owner_and_its_field(opened, answers):
    said = opened("accept", "--answers", given(
        answers, agent_id="12", legal_person_id="110105194912310021", customer_id="91632521MA00000A9X",
        agent_phone="12345", customer_phone="1380000"))
    assert said.code == 1
    for words in ("“代理人证件号码”（agent_id）有误：", "“法定代表人证件号码”（legal_person_id）有误：",
                  "用电人“证件号码”（customer_id）有误：", "“代理人电话”（agent_phone）有误：",
                  "“联系电话”（customer_phone）有误："):
        assert words in said.err


def test_a_missing_field_is_told_with_the_name_to_type(opened, answers):
    said = opened("accept", "--answers", given(answers, customer_name="", capacity_kw=""))
    assert "请填写户名（customer_name）" in said.err
    assert "请填写申请容量（capacity_kw）" in said.err


def test_a_misspelt_field_is_told_with_the_one_that_is_meant(opened, answers):
    assert "poastcode 或许是 postcode" in opened("accept", "--answers", given(answers, poastcode="1")).err


def test_a_case_says_once_which_fields_the_next_step_lacks(opened, answers):
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    said = opened("case", case).out
    assert said.count("供电方案答复缺少必填内容") == 1
    assert "核定容量（scheme_capacity_kw）" in said


def test_a_date_of_the_wrong_shape_or_day_is_told_in_words(opened, answers, tmp_path):
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"claimed_on": "昨天"}), "utf-8")
    told = opened("stage", case, "S04", "--done", "--answers", facts).err
    assert "办理日期（claimed_on）“昨天”不是日期" in told
    facts.write_text(json.dumps({"claimed_on": "2020-01-01"}), "utf-8")
    assert "办理日期（--on） 2020-01-01 早于受理日期" in opened(
        "stage", case, "S04", "--done", "--answers", facts).err


@pytest.mark.parametrize(("sentence", "field", "told"), [
    ("请填写户名", "customer_name", "请填写户名（customer_name）"),
    ("户名：不对", "customer_name", "户名（customer_name）：不对"),
    ("不对", "customer_name", "户名（customer_name）：不对"),
    ("“custmer”不需要", "custmer", "“custmer”不需要"), ("什么都缺", None, "什么都缺"),
])
def test_a_field_s_name_stands_behind_its_label(sentence, field, told):
    assert named(sentence, field) == told


# ---- Chinese, and verbs instead of pages

@pytest.mark.parametrize("verb", ["", *(verb.name for verb in cli.VERBS)])
def test_help_and_wrong_usage_have_no_word_of_english(yekuo, verb):
    start = [verb] if verb else []
    for said in (yekuo(*start, "--help"), yekuo(*start, "--nonsense"), yekuo(*start, "--today")):
        assert not ENGLISH.search(said.out + said.err), said
        assert said.code in (0, 2)
    assert "用法：" in yekuo(*start, "--help").out


@pytest.mark.parametrize(("wrong", "told"), [
    (["nonsense"], "没有“nonsense”这条命令。用"), (["contarct"], "像它的有：contract、contracts"),
    (["cases", "--status", "nonsense"], "没有“nonsense”，请从这些里选"), (["accept"], "缺少 --answers"),
    (["accept", "--answers"], "要跟一个值"), (["stage", "YK1", "S04"], "请从这些里选一个：--done"),
    (["stage", "YK1", "S04", "--done", "--paused"], "只能选一个"),
    (["clerks", "--add", "1"], "要跟 3 个值"), (["reminders", "--limit", "-1"], "“-1”不是 1 以上的整数"),
    (["reminders", "--limit", "9" * 30], "不是 1 以上的整数"), (["cases", "--today", "9999-12-31"], "年份不合理"),
    (["where", "x"], "不认识 x"), (["archive-contract", "1", "--box", "A", "--returned", "two"], "“two”不是"),
])
def test_wrong_usage_is_told_in_chinese(yekuo, wrong, told):
    said = yekuo(*wrong)
    assert (said.code, told in said.err) == (2, True), said.err


def test_no_sentence_told_on_the_command_line_leads_to_a_page_of_the_window():
    sources = [path for folder in ("usecases", "domain") for path in (ROOT / "desktop" / folder).glob("*.py")]
    texts = [(path.name, node.value) for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value]
    assert any(WINDOW.search(text) for _, text in texts)
    assert not [(name, text) for name, text in texts if WINDOW.search(for_the_line(text))]


def test_no_sentence_of_the_catalogue_leads_to_a_page_of_the_window_either():
    books = (ROOT / "desktop/catalog").glob("**/*.toml")
    told = {line for book in books if "past" not in book.parts
            for line in re.findall(r'(?m)^sentence = "(.+)"$', book.read_text("utf-8"))}
    assert len(told) > 50
    assert not [line for line in told if WINDOW.search(for_the_line(line))]


# ---- halls

@pytest.mark.parametrize("verb", [
    ["contracts"], ["cases"], ["reminders"], ["backup"], ["templates"], ["clerks"], ["rows"],
    ["import-contracts", str(ROOT / "tests/samples/合同台账样例.xlsx")], ["clerks", "--add", "1", "甲", "管理员"],
])
def test_a_mistyped_folder_is_refused_and_not_made(yekuo, tmp_path, verb):
    said = yekuo(*verb, data=tmp_path / "nowhere")
    assert said.code == 1
    assert "还没有营业厅" in said.err
    assert "yekuo setup" in said.err
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_a_file_is_refused(yekuo, tmp_path):
    (tmp_path / "x").write_text("")
    assert "是一个文件" in yekuo("contracts", data=tmp_path / "x").err


def test_a_hall_whose_file_is_gone_is_led_to_its_backup(opened, tmp_path):
    opened("backup")
    for left in (tmp_path / "hall").glob("hall.db*"):
        left.unlink()
    said = opened("contracts")
    assert (said.code, "yekuo restore hall-" in said.err) == (1, True)
    name = re.search(r"restore (\S+)", said.err)[1]
    assert opened("restore", name).code == 0
    assert opened("contracts").code == 0


def test_a_set_up_with_misshapen_people_keeps_nothing_and_names_each(yekuo, answers, tmp_path):
    people = [{"number": "1", "name": "甲", "post": "经理"}, {"name": "乙", "post": "班长", "sex": "女"}]
    said = yekuo("setup", "--answers", answers("setup", clerks=people))
    assert said.code == 1
    assert "第 1 位人员的岗位（post）应为" in said.err
    assert "第 2 位人员缺工号（number）" in said.err
    assert "sex" in said.err
    assert "已保存" not in said.out
    assert not (tmp_path / "hall/hall.db").exists()
    assert yekuo("setup", "--answers", answers("setup", clerks="甲")).code == 1


def test_all_that_is_wrong_with_a_set_up_is_told_at_once(yekuo, answers, tmp_path):
    path = answers("setup", clerks=[{"number": "1", "name": "甲", "post": "经理"}], colour="红")
    given = json.loads(path.read_text("utf-8"))
    given["hall"] |= {"supplier_nmae": "某公司", "supplier_phone": "12"}
    path.write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    said = yekuo("setup", "--answers", path)
    assert said.code == 1 and not (tmp_path / "hall/hall.db").exists()
    for words in ("colour", "第 1 位人员的岗位（post）应为", "supplier_nmae 或许是 supplier_name",
                  "（supplier_phone）"):
        assert words in said.err, said.err


def test_a_page_of_help_breaks_no_word_and_no_date(yekuo, monkeypatch):
    for wide in range(50, 100):
        monkeypatch.setenv("COLUMNS", str(wide))
        told = yekuo("example", "--help").out
        assert "2026-11-23" in told and "material" in told
        lines = told[told.index("参数"):].splitlines()
        assert max(columns(line) for line in lines) <= wide
        assert not [line for line in lines if line.strip()[:1] in "，。；：、）" and line.strip()]


@pytest.mark.parametrize("place", ["taken", "taken/below"])
def test_a_demonstration_into_a_file_is_refused_in_words(yekuo, tmp_path, place):
    (tmp_path / "taken").write_text("")
    said = yekuo("demo", "--out", tmp_path / place, data=None)
    assert said.code == 1
    assert "建不成" in said.err


# ---- ledgers

def test_a_second_import_says_what_it_did_and_not_what_the_first_did(opened, tmp_path):
    book = ledger(tmp_path, ROW, changed(ROW, 合同编号="DY-2", 到期日="2031-02-30"), changed(ROW, 户号="12"))
    first = opened("import-contracts", book)
    assert "本次：新导入 1、待核 1、退回 1；与档案相同未变 0" in first.out
    second = opened("import-contracts", book)
    assert "台账共 3 行：导入 1，导入待核 1，退回 1" in second.out
    assert "本次：新导入 0、待核 0、退回 0；与档案相同未变 2" in second.out
    assert "另有 1 行以前已经" in second.out


def test_a_conflict_is_seen_with_both_values_and_adopted_or_declined(opened, tmp_path):
    opened("import-contracts", ledger(tmp_path, ROW, changed(ROW, 合同编号="DY-2", 户号="5699252753")))
    opened("import-contracts", ledger(tmp_path, changed(ROW, 到期日="2031-05-24"), changed(
        ROW, 合同编号="DY-2", 户号="5699252753", 容量="90"), name="二.xlsx"))
    shown = opened("rows").out
    assert "到期日：档案 2031-05-23；台账 2031-05-24" in shown
    first, second = (row["row"] for row in opened("rows", "--json").each)
    assert opened("adopt-row", first, "--note", " ").code == 1
    assert "截止 2031-05-24" in opened("adopt-row", first, "--note", "已查合同原件").out
    assert "已保留原值" in opened("keep-row", second, "--note", "台账笔误").out
    assert "没有等人核定的行" in opened("rows").out


def test_a_row_given_back_is_seen_to(opened, tmp_path):
    opened("import-contracts", ledger(tmp_path, changed(ROW, 户号="12")))
    (row,) = opened("rows", "--json", "--limit", "5").each
    assert opened("adopt-row", row["row"], "--note", "x").code == 1
    assert "已核销" in opened("keep-row", row["row"], "--note", "已在原台账补上户号").out


def test_a_ledger_that_is_not_there_is_named(opened, tmp_path):
    assert "“没有的.xlsx”" in opened("import-contracts", tmp_path / "没有的.xlsx").err
    assert "是文件夹" in opened("import-contracts", tmp_path).err


# ---- answers

@pytest.mark.parametrize(("content", "words"), [
    (b"", "是空的"), (b"\xef\xbb\xbf ", "是空的"), ("\ufeff{}".encode("utf-16"), "不是 UTF-8"),
    (b'{"answers": {"customer_name": true}}', "户名（customer_name）的写法不对"),
    (b'{"answers": {"capacity_kw": 1e999}}', "（capacity_kw）应为数字"),
    (b'{"answers": {"capacity_kw": ' + b"9" * 5000 + b"}}", "应在 0.1 至"),
    (b"null", "JSON 对象"), ("{\"户名\": \"甲\"}".encode("gbk"), "UTF-8"), (b"[" * 9999, "括号"),
    (b'{"answers": {"customer_name": {"a": 1}}}', "（customer_name）的写法不对"),
    (b'{"answers": {"loads": [["x"]]}}', "（loads）的写法不对"), (b'{"kind": ["x"]}', "（kind）的写法不对"),
    (b'{"way": "x"}', "没有“x”这种受理方式"), (b'{"answers": {}, "customer_id": 999999}', "请填写"),
])
def test_a_strange_answers_file_is_refused_in_words(opened, tmp_path, content, words):
    (tmp_path / "given.json").write_bytes(content)
    said = opened("accept", "--answers", tmp_path / "given.json")
    assert (said.code, words in said.err) == (1, True), said.err
    assert "差错" not in said.err
    assert "是文件夹" in opened("accept", "--answers", tmp_path).err


def test_a_file_with_a_byte_order_mark_and_dos_line_ends_is_read(opened, answers):
    path = answers("accept")
    text = json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False, indent=1)
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert opened("accept", "--answers", path).code == 0


def test_a_customer_who_is_not_there_cannot_be_chosen(opened, answers):
    said = opened("accept", "--answers", answers("accept", customer_id=999999))
    assert (said.code, "没有序号为 999999 的客户" in said.err) == (1, True)


@pytest.mark.parametrize("meters", [["x"], [["x"]], [{"point": ["x"]}], [{"nonsense": "1"}], "x", {"a": 1}])
def test_a_list_of_the_wrong_shape_is_refused_by_its_field(opened, answers, meters):
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    said = opened("stage", case, "S04", "--done", "--answers", answers("scheme", meters=meters))
    assert (said.code, "差错" in said.err) == (1, False)
    assert "meters" in said.err or "其他计量点" in said.err or "nonsense" in said.err


@pytest.mark.parametrize(("of", "which"), [
    ("supplement", None), ("supplement", "high_voltage"), ("numbers", None), ("settle", None), ("sign", "ours")])
def test_every_answers_file_has_an_example(yekuo, of, which):
    assert yekuo("example", of, *([which] if which else [])).data


def test_an_example_for_nobody_is_refused(yekuo):
    said = yekuo("example", "sign", "谁")
    assert (said.code, "customer（客户）或 ours（我方）" in said.err) == (1, True)


# ---- the sense of an application

@pytest.mark.parametrize(("field", "value", "words"), [
    ("poa_until", "2020-01-01", "早于委托起始日"), ("wanted_on", "2020-01-01", "早于申请日期"),
    ("poa_from", "2099-01-01", "委托截止日"), ("voltage", "10kV", "请按高压业务办理"),
    ("customer_phone", "12345", "服务热线"),
])
def test_what_cannot_be_on_that_day_is_refused_at_its_field(opened, answers, field, value, words):
    said = opened("accept", "--answers", given(answers, **{field: value}))
    assert said.code == 1
    assert words in said.err


def test_an_expired_power_of_attorney_is_refused(opened, answers):
    said = opened("accept", "--answers", given(answers, poa_from="2020-01-01", poa_until="2021-01-01"))
    assert "授权委托已于委托截止日（poa_until） 2021-01-01 到期" in said.err


def test_what_looks_odd_is_accepted_and_told(opened, answers):
    said = opened("accept", "--answers", given(answers, voltage="380V", capacity_kw=500))
    assert said.code == 0, said.err
    assert "超过 380V 供电通常的上限" in said.out
    number = said.out.split("工单编号 ")[1].split()[0]
    assert "超过 380V" in opened("case", number).out
    assert {each["field"] for each in opened("case", number, "--json").data["notices"]} >= {"capacity_kw", "loads"}


# ---- numbers of the other system

def test_the_other_system_s_numbers_are_noted_one_by_one(opened, answers):
    case = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    assert "261123000007" in opened("numbers", case, "--application", "261123000007").out
    kept = opened("numbers", case, "--account", "6300000000017", "--json").data
    assert kept == {"case": case, "yx_application": "261123000007", "yx_account": "6300000000017", "yx_contract": ""}
    wrong = opened("numbers", case, "--account", "12")
    assert (wrong.code, "户号（--account）" in wrong.err) == (1, True)
    assert opened("numbers", case).code == 1


def test_columns_of_a_list_stand_in_line_whatever_is_in_them():
    from desktop.cli_answer import table

    rows = [("6308633139480@2021-05-24", "才让", "甲"), ("1", "措温波藏毯", "乙")]
    lines = list(table(("户号", "户名", "说明"), rows, (4, 4)))
    starts = {sum(2 if ord(ch) > 0x2E7F else 1 for ch in line[:line.index(last)])
              for line, last in zip(lines, ("说明", "甲", "乙"), strict=True)}
    assert len(starts) == 1


def test_readme_names_every_verb_and_none_that_there_is_not() -> None:
    readme = (ROOT / "README.md").read_text("utf-8").split("| 命令 | 作用 |")[1].split("## ")[0]
    firsts = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    named_there = {words.split()[0] for cell in firsts for words in re.findall(r"`([^`]+)`", cell)}
    assert named_there == {verb.name for verb in cli.VERBS}


# ---- places and months

@pytest.mark.parametrize("verb", [
    ["setup", "--answers", "."], ["import-contracts", "."], ["restore", "."], ["calendar", "check", "."],
    ["catalog", "import", "."], ["export", "cases", "--out", "."],
])
def test_the_folder_where_one_stands_is_told_by_its_name(opened, monkeypatch, tmp_path, verb):
    (tmp_path / "某处").mkdir()
    monkeypatch.chdir(tmp_path / "某处")
    said = opened(*verb)
    assert (said.code, "某处" in said.err, ENGLISH.search(said.err)) == (1, True, None), said.err


def test_a_month_that_is_none_is_told_as_a_month(opened):
    for verb in (["first-pass"], ["flow"]):
        assert "月份“2026-13”看不懂，请写成 2" in opened(*verb, "--month", "2026-13").err


def test_an_account_that_is_not_found_is_told_by_what_was_said(opened):
    said = opened("account", "1").err
    assert "电话尾号为“1”的用电户" in said and "yx_account" not in said
