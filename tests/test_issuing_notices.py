"""停（复）电通知书 and 客户回访单: the papers that the catalogue gives to stages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from change_book import NUMBER, asked, done, filed, open_works, suspend
from test_kinds import advance, begun

from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.intake import accept
from desktop.usecases.issuing import issuable, issue
from desktop.usecases.papering import handed_out, paper_bytes
from printing.raster import page_text


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


def text_of(desk: Any, number: str, paper: str) -> str:
    return re.sub(r"\s", "", "".join(page_text(paper_bytes(desk, issue(desk, number, paper).id))))


def names(desk: Any, number: str) -> list[str]:
    return [name for name, _ in issuable(desk, number)]


def test_who_suspends_is_told_in_advance_what_is_cut_when_and_how_long(works: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    assert "outage_notice" in names(works, number)
    said = text_of(works, number, "停（复）电通知书")
    for each in (number, "停电加封日期2026年12月1日（约定）", "停用截止日期2026年12月31日，共31天", "2#主变压器",
                 "停用容量400kVA", "由800kVA变为400kVA", "合同容量800kVA", "提前五个工作日", "未经供电企业启封"):
        assert each in said, each
    assert "复电日期" not in said and "拆表" not in said


def test_once_it_is_sealed_the_notice_says_the_real_day_who_sealed_and_with_what(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 2))
    done(works, number, "S18", day_reason="客户要求推迟一天")
    said = text_of(works, number, "outage_notice")
    for each in ("停电加封日期2026年12月2日", "2026年12月31日，共30天", "加封人李建军", "SB000001"):
        assert each in said, each
    assert "约定）" not in said
    filed(works, number)
    assert "outage_notice" in names(works, number)
    assert "停（复）电通知书" in text_of(works, number, "archive_list")


def test_what_is_reduced_for_good_is_told_so_and_nobody_is_told_how_to_get_it_back(works: Any) -> None:
    left = [{"point": "1#配电室", "model": "SCB14-400/10", "count": "1", "kva": "400", "state": "运行"}]
    number = accept(works, asked(works, "reduce", reduction="永久性", hold_kva="400", hold_from="2026-12-01",
                                 hold_until="", transformers=left)).case_number
    said = text_of(works, number, "outage_notice")
    assert "永久停用，不再恢复" in said and "提前恢复用电" not in said


def test_a_resumption_is_told_as_power_coming_back(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    filed(works, number)
    again = accept(works, asked(works, "resume", restore_kva="400", restore_on="2026-12-20")).case_number
    said = text_of(works, again, "outage_notice")
    for each in ("启封复电日期2026年12月20日（约定）", "恢复容量400kVA", "由400kVA变为800kVA", "接地线"):
        assert each in said, each
    assert "加封日期" not in said


def test_who_closes_his_account_is_told_that_all_is_cut_and_the_meter_read(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "close")).case_number
    said = text_of(works, number, "outage_notice")
    assert "停止全部用电，拆除计量装置" in said and "以现场办理之日为准" in said
    clock.move(date(2026, 12, 2))
    done(works, number, "S20", mountings=[])
    told = text_of(works, number, "outage_notice")
    assert "停电拆表日期2026年12月2日" in told and "表计止度12345kWh" in told


def test_who_changes_his_use_is_told_beforehand_what_binds_it(works: Any) -> None:
    number = accept(works, asked(works, "suspend", hold_from="2026-12-10", hold_until="2027-02-10",
                                 hold_kva="400")).case_number
    said = text_of(works, number, "guide")
    assert "每次不少于15天国网暂停用电告知书（2022）" in said and "提前5个工作日申请" in said
    assert "电费应先结清" in said and "承装（修、试）" not in said and "申请容量" not in said


def test_who_names_the_day_on_which_he_gives_up_reads_it_as_agreed(works: Any) -> None:
    number = accept(works, asked(works, "close", wanted_done_on="2026-12-10")).case_number
    assert "2026年12月10日（约定）" in text_of(works, number, "outage_notice")


@pytest.mark.parametrize(("kind", "paper", "said"), [
    ("rename", "停（复）电通知书", "“更名”没有用“停（复）电通知书”的环节"),
    ("suspend", "客户回访单", "“暂停”没有用“客户回访单”的环节")])
def test_a_kind_without_the_stage_has_not_its_paper(works: Any, kind: str, paper: str, said: str) -> None:
    number = accept(works, asked(works, kind)).case_number
    with pytest.raises(Refusal, match=said):
        issue(works, number, paper)


def test_nobody_is_called_back_before_he_has_power(hall: Any) -> None:
    number = begun(hall, hall.catalog.processes["low_voltage_new"])
    assert "revisit" not in names(hall, number)
    with pytest.raises(Refusal, match="还没有办到“回访”，不能出具“客户回访单”"):
        issue(hall, number, "revisit")


def test_the_call_back_goes_out_as_a_questionnaire_and_comes_back_with_what_was_said(hall: Any) -> None:
    number = begun(hall, hall.catalog.processes["resident_new"])
    while "revisit" not in names(hall, number):
        view = case(hall, number)
        advance(hall, view, view.state.current[0])
    blank = text_of(hall, number, "revisit")
    for each in (number, "□非常满意□满意□一般□不满意□未接通", "有没有人另外收取费用", "送电日期2026年"):
        assert each in blank, each
    phone = case(hall, number).answers["customer_phone"]
    assert phone not in blank and phone[-4:] in blank
    record(hall, number, "S16", "done", {"visited_on": str(hall.today), "visited_by": "周文", "satisfaction": "一般",
                                         "note": "希望装表前再打一次电话"})
    answered = issue(hall, number, "revisit")
    said = re.sub(r"\s", "", "".join(page_text(paper_bytes(hall, answered.id))))
    assert "总体满意度一般" in said and "希望装表前再打一次电话" in said and "回访人周文" in said
    handed_out(hall, answered.id)
    assert "补打第2次打印" in re.sub(r"\s", "", "".join(page_text(handed_out(hall, answered.id))))


def test_a_notice_is_of_the_account_it_cuts(works: Any) -> None:
    assert f"户号{NUMBER}" in text_of(works, suspend(works, "2026-12-01", "2026-12-31"), "outage_notice")


@pytest.mark.parametrize(("kind", "asked_for"), [("suspend", "申请容量400kVA"), ("rename", "")])
def test_a_change_is_not_told_as_an_application_for_the_whole_capacity(works: Any, kind: str, asked_for: str) -> None:
    number = accept(works, asked(works, kind)).case_number
    receipt = re.sub(r"\s", "", "".join(page_text(paper_bytes(works, case(works, number).papers[0].id))))
    for said in (receipt, text_of(works, number, "archive_list")):
        assert "合同容量800kVA" in said and asked_for in said and "申请容量800kVA" not in said


def test_who_asks_for_more_is_told_the_whole_that_he_asked_for(works: Any) -> None:
    number = accept(works, asked(works, "high_voltage_more", capacity_kva="1600")).case_number
    receipt = re.sub(r"\s", "", "".join(page_text(paper_bytes(works, case(works, number).papers[0].id))))
    assert "申请容量1600kVA" in receipt
    for paper in ("guide", "load_list", "archive_list"):
        assert "申请容量1600kVA" in text_of(works, number, paper)
