"""A hall as it stands on a working day: its people, approved texts, and three customers who have their supply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from contract_book import account, file_facts, ledgered

from desktop.domain.field import FIELDS
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.contracting import approve_template
from desktop.usecases.desk import Desk
from desktop.usecases.gathering import OF_CUSTOMERS
from desktop.usecases.hall_keeping import add_clerk, set_hall

Said = Mapping[str, Any]
ME, CHIEF, GRID, DISPATCH = "1001", "1002", "1003", "1004"
CLERKS = ((CHIEF, "示范乙", "主管"), (GRID, "示范丁", "运检专责"), (DISPATCH, "示范戊", "调控专责"))
WORKS, SHOP, HOME = "6300000000018", "6300000000026", "6300000000034"
WORKS_NAME, SHOP_NAME, HOME_NAME = "示例县兴旺建材有限公司", "示例县湖畔餐饮服务部", "演卓玛"
METERED = {"metering_mode": "高供高计", "voltage": "10kV", "pt_ratio": "10000/100", "ct_ratio": "50/5",
           "multiplier": "1000", "scheme_capacity_kva": "800", "meter_number": "6300000000000000000018"}


def working_hall(folder: Path, catalog: Any, clock: Any, fonts: Path) -> None:
    """Four clerks, approved texts, and three supplied customers: a works of 800 kVA, a shop of 80 kW, a home."""
    from db.engine import Database

    database = Database(folder / "hall.db")
    desk = Desk(database, catalog, clock, folder, fonts)
    from conftest import synthetic_supplier

    set_hall(desk, synthetic_supplier())
    desk = desk.served_by(add_clerk(desk, ME, "示范员", "管理员"))
    for number, name, post in CLERKS:
        add_clerk(desk, number, name, post)
    for kind in ("low_voltage", "high_voltage"):
        approve_template(desk, kind, "示范法务", desk.today)
    _supplied(desk, WORKS, WORKS_NAME, "共和县恰卜恰镇绿洲南路 16 号", "high_voltage", 800, "kVA", "10kV", METERED)
    _supplied(desk, SHOP, SHOP_NAME, "共和县恰卜恰镇城北街 2 号", "low_voltage", 80, "kW", "380V", {})
    _supplied(desk, HOME, HOME_NAME, "共和县恰卜恰镇团结路 8 号", "resident", 5, "kW", "220V", {})
    database.close()


def _supplied(desk: Desk, number: str, name: str, place: str, kind: str, size: int, unit: str, voltage: str,
              metered: Said) -> None:
    nature, price = ("居民生活", "居民生活") if kind == "resident" else ("工商业", "工商业（单一制）")
    owner = account(desk, number, name, address=place, capacity=Decimal(size), capacity_unit=unit, voltage=voltage,
                    usage_nature=nature, status="在用", facts={"price_class": price})
    if kind != "resident":
        own = {n: v for n, v in file_facts(kind).items() if FIELDS[n].group not in OF_CUSTOMERS}
        supplement_account(desk, number, {**own, "usage_address": place, "voltage": voltage, **metered})
    ledgered(desk, f"HT-{number[-2:]}", owner=owner, kind=kind, kind_word=kind, capacity=Decimal(size),
             capacity_unit=unit, voltage=voltage, ends_on=date(2029, 11, 30))
