"""The work from above on the command line."""

from __future__ import annotations

import json

from printing.raster import page_text


def a_case(yekuo, answers):
    return yekuo("--clerk", "1001", "accept", "--answers", answers("accept"), "--json").data["case"]


def test_board_morning_flow_and_progress_are_told_and_written(opened, answers, tmp_path):
    number = a_case(opened, answers)
    told = opened("board", "--json").data
    assert [card["number"] for column in told for card in column["cards"]] == [number]
    said = opened("morning", "--out", tmp_path / "晨会单.pdf")
    assert said.code == 0 and "在办" in said.out and (tmp_path / "晨会单.pdf").read_bytes()[:5] == b"%PDF-"
    assert "合同将到期、已过期 0" in said.out
    assert "五、合同将到期、已过期" in "".join(page_text((tmp_path / "晨会单.pdf").read_bytes()))
    assert "业务受理" in opened("flow").out and opened("flow", "--month", "2026-13").code == 1
    said = opened("progress", number, "--out", tmp_path / "进度单.pdf")
    assert "我们正在为您制定供电方案" in said.out and (tmp_path / "进度单.pdf").exists()
    refused = opened("progress", "查无此人")
    assert refused.code == 1 and "没有查到" in refused.err
    assert [row["number"] for row in opened("cases", "--stage", "s04", "--json").each] == [number]
    assert opened("cases", "--stage", "S14", "--json").each == []


def test_a_shift_is_handed_over_confirmed_and_printed(opened, answers, tmp_path):
    a_case(opened, answers)
    given = opened("--clerk", "1001", "shift", "--to", "1002", "--note", "钥匙在抽屉", "--json").data
    assert len(given["lines"]) == 1 and given["confirmed_at"] is None
    assert "请先撤回" in opened("--clerk", "1001", "shift", "--to", "1003").err
    again = opened("--clerk", "1001", "shift", "--to", "1002", "--out", tmp_path / "交班.pdf")
    assert "交接班单在" in again.out and (tmp_path / "交班.pdf").read_bytes()[:5] == b"%PDF-"
    assert opened("--clerk", "1001", "shift", "--to", "1003", "--confirm", "1").code == 1
    assert "待确认" in opened("shift").out and "撤回" in opened("shift").out
    assert "撤回过了" in opened("--clerk", "1002", "shift", "--confirm", given["id"]).err
    assert "退回的原因（--note）" in opened("--clerk", "1002", "shift", "--decline", "2").err
    assert "已退回" in opened("--clerk", "1002", "shift", "--decline", "2", "--note", "少一件").out
    given = opened("--clerk", "1001", "shift", "--to", "1003", "--json").data
    assert "已撤回" in opened("--clerk", "1001", "shift", "--withdraw", given["id"]).out
    given = opened("--clerk", "1001", "shift", "--to", "1002", "--json").data
    assert opened("--clerk", "1001", "shift", "--confirm", given["id"]).code == 1
    assert opened("--clerk", "1002", "shift", "--confirm", given["id"], "--note", "已核对").code == 0
    said = opened("shift", "--record", given["id"], "--out", tmp_path / "交接班单.pdf")
    assert said.code == 0 and (tmp_path / "交接班单.pdf").exists()


def test_the_search_is_checked_and_mended(opened, answers, tmp_path):
    from pysqlite3 import dbapi2 as driver

    a_case(opened, answers)
    assert "一致" in opened("check-search").out
    connection = driver.connect(str(tmp_path / "hall" / "hall.db"))
    connection.execute("DELETE FROM search_keys")
    connection.commit()
    connection.close()
    found = opened("check-search", "--json")
    assert (found.code, json.loads(found.out)["wrong"]) == (1, 1)
    assert "yekuo check-search --mend" in found.err
    assert "已全部重建" in opened("--clerk", "1001", "check-search", "--mend").out
    assert "与档案一致" in opened("check-search").out


def test_a_shift_that_there_is_not_is_told_as_a_record(opened):
    said = opened("shift", "--confirm", "9").err
    assert said.startswith("没有编号为 9 的交接班记录") and "生产班次" not in said


def test_the_list_of_cases_takes_the_filters_of_the_window_by_their_names(opened, answers):
    case = opened("--clerk", "1001", "accept", "--answers", answers("accept"), "--on", "2026-11-16",
                  "--today", "2026-11-16", "--json").data["case"]
    found = {words: [row["number"] for row in opened("--clerk", "1001", "cases", *words, "--today", "2026-12-20",
                                                     "--json").each]
             for words in (("--due", "超期"), ("--due", "overdue"), ("--due", "今天到期"), ("--due", "等客户"),
                           ("--open",), ("--post", "--due", "超期"), ("--post", "--due", "今天到期"),
                           ("--stage", "S04", "--status", "已归档"), ("--waits", "容缺"), ("--waits", "待我审批"))}
    assert [words for words, numbers in found.items() if numbers == [case]] == [
        ("--due", "超期"), ("--due", "overdue"), ("--open",), ("--post", "--due", "超期")]
    assert all(numbers in ([], [case]) for numbers in found.values())


def test_a_list_that_there_is_not_is_told_with_those_there_are(opened):
    said = opened("cases", "--due", "明天")
    assert said.code == 2 and "没有“明天”，请从这些里选：今天到期、超期、等客户" in said.err
    said = opened("cases", "--overdue")
    assert said.code == 2 and "不认识 --overdue。用 yekuo cases --help 看说明" in said.err


def test_a_case_whose_customer_promised_a_paper_is_listed_as_such(opened, answers):
    case = opened("--clerk", "1001", "accept", "--answers", answers("accept", "容缺受理"), "--json").data["case"]
    opened("--clerk", "1001", "accept", "--answers", answers("accept"))
    assert [row["number"] for row in opened("--clerk", "1001", "cases", "--waits", "容缺", "--json").each] == [case]


def test_the_calendar_and_the_catalogue_alone_are_listed(opened):
    assert opened("calendar").out == opened("calendar", "list").out and "2026" in opened("calendar").out
    assert opened("catalog").out == opened("catalog", "list").out and "随程序" in opened("catalog").out


def test_a_demonstration_without_a_folder_takes_one_of_its_own_and_names_it(yekuo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "业扩一窗演练").write_text("")
    said = yekuo("demo", data=None)
    assert (said.code, f"“{tmp_path / '业扩一窗演练'}”建不成" in said.err) == (1, True), said.err


def test_how_much_is_to_be_done_today_is_told_once_and_by_what_it_is(opened, answers):
    assert opened("reminders").out == "今天没有要提醒的事项。\n"
    opened("--clerk", "1001", "accept", "--answers", answers("accept", "容缺受理"), "--today", "2026-11-16")
    first = opened("reminders", "--today", "2026-12-20").out.splitlines()[0]
    assert first == "共 5 项。按程度：逾期 5。按事项：环节到期 1、容缺到期 4。"


def test_the_clocks_that_there_are_are_told_in_order(opened, answers):
    case = opened("--clerk", "1001", "accept", "--answers", answers("accept"), "--json").data["case"]
    there = opened("clock", case, "--which", "99").err.partition("现有：")[2].rstrip("。\n").split("、")
    assert len(there) > 2 and there == sorted(there, key=int)
