"""A synthetic export of cases in hand, as another system writes them: every stage, and every way to be wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEAD = ("序号", "申请编号", "户号", "户名", "业务类型", "当前环节", "受理时间", "环节开始时间", "用电地址", "申请容量",
        "供电电压", "联系电话", "证件号码", "当前处理人")
GOOD = (1, "632611220000000001", "", "演练商贸有限公司", "低压非居民新装", "供电方案答复", datetime(2026, 11, 18, 9, 5),
        datetime(2026, 11, 19, 16, 40), "演练县恰措镇团结路 8 号", "80kW", "380V", "139-9700-0001",
        "91632521MA00000A9H", "示范甲")


def changed(row: tuple[Any, ...], **said: Any) -> tuple[Any, ...]:
    places = {"number": 1, "account": 2, "name": 3, "kind": 4, "stage": 5, "accepted": 6, "arrived": 7, "address": 8,
              "capacity": 9, "voltage": 10, "phone": 11, "id": 12}
    cells = list(row)
    for name, value in said.items():
        cells[places[name]] = value
    return tuple(cells)


def export(path: Path, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> Path:
    """A workbook as such systems write them: a title, a head, rows, a line of sums."""
    book = Workbook()
    page = book.active
    page.title = "在办工单"
    page.append(["业扩报装在办工单清单"])
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    page.append(["合计", len(rows)])
    book.save(path)
    return path


def number_of(n: int) -> str:
    return f"6326112200000{n:05d}"


def whole_export(path: Path) -> Path:
    """Four rows that are plainly told, one with doubts, seven that are given back."""
    rows = [
        GOOD,
        changed(GOOD, number=number_of(2), name="扎西·示范", kind="低压居民新装", stage="装表接电",
                id="11010519491231002X", voltage="220V", capacity=8, address="演练县雪山乡一社 2 号"),
        changed(GOOD, number=number_of(3), stage="竣工验收", name="示范砂石料厂", kind="高压新装", voltage="10kV",
                capacity="630kVA", id="", address="演练县河湾村 5 号"),
        changed(GOOD, number=number_of(4), stage="信息归档", address="演练县河湾村 6 号", id=""),
        changed(GOOD, number=number_of(5), arrived="", phone="1234", id="110105194912310021", capacity="约80"),
        changed(GOOD, number=""),
        changed(GOOD, number=number_of(7), kind="光伏并网"),
        changed(GOOD, number=number_of(8), stage="并网验收"),
        changed(GOOD, number=number_of(9), accepted="2026-12-31"),
        changed(GOOD, number=number_of(10), accepted="", name=""),
        changed(GOOD, number=number_of(11), stage="已办结"),
        changed(GOOD, number=number_of(12), kind="暂停", account=""),
    ]
    return export(path, *rows)
