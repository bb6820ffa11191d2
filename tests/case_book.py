"""A hall with many customers and cases, as rows: for lists, counts and search at any size. Nobody in it exists.

Written straight by the driver, its indexes made at the end: 200,000 cases of 1,000,000 customers take a minute and a
half.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as driver

from db.engine import Database
from db.schema import ensure
from desktop.domain.pinyin import initials, search_form, search_keys

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰建国文华志玉春梅海燕红金生宝珍福德"
TIBETAN = ("才让", "卓玛", "多杰", "扎西", "索南", "仁青", "达瓦", "尼玛", "拉毛", "措姆", "旦增", "次仁", "桑杰",
           "吉先", "南加", "东智")
PLACES = ("示例县", "演练镇", "湖东乡", "河西镇", "南山乡", "北岭镇")
TRADES = ("养殖专业合作社", "餐饮服务部", "建材有限公司", "农机服务站", "藏毯厂", "商贸有限公司", "民宿", "冷库")
STAGES = ("S04", "S08", "S11", "S12", "S13", "S14", "S15", "S11,S12")
CLERKS = (("1001", "示范员", "受理员"), ("1002", "示范甲", "客户经理"), ("1003", "示范乙", "班长"),
          ("1004", "示范丙", "合同管理"))
MARKS = (1, "2024-01-01 09:00:00.000000", 1, "2024-01-01 09:00:00.000000", 1)
_MARKS = "version, created_at, created_by, changed_at, changed_by"
OPEN_SHARE = 10  # one case in so many is open


def fill_hall(path: Path, customers: int, cases: int, today: date, seed: int = 1) -> None:
    """A new hall's file at `path` with four clerks (ids 1 to 4), so many customers with an account each as there are
    cases, and their cases up to `today`."""
    database = Database(path)
    ensure(database)
    database.close()
    connection = driver.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
        connection.execute("PRAGMA " + pragma)
    connection.execute("BEGIN")
    indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''").fetchall()
    for name, _sql in indexes:
        connection.execute(f"DROP INDEX {name}")
    _write(connection, customers, cases, today, random.Random(seed))
    for _name, sql in indexes:
        connection.execute(sql)
    connection.execute("ANALYZE")
    connection.execute("COMMIT")
    connection.close()


def names(chance: random.Random) -> Iterator[str]:
    """Invented names: of persons in both ways of the country, and of every tenth a firm's."""
    while True:
        draw = chance.random()
        if draw < 0.1:
            yield f"{chance.choice(PLACES)}{chance.choice(GIVEN)}{chance.choice(GIVEN)}{chance.choice(TRADES)}"
        elif draw < 0.4:
            yield f"{chance.choice(TIBETAN)}{chance.choice(('', '·'))}{chance.choice(TIBETAN)}"
        else:
            yield chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def _write(connection: Any, customers: int, cases: int, today: date, chance: random.Random) -> None:
    _insert(connection, "clerks", "id, number, name, post, active, version",
            ((n, *who, 1, 1) for n, who in enumerate(CLERKS, 1)))
    connection.execute("CREATE TEMP TABLE told (key, owner)")
    people = names(chance)
    columns = f"id, name, name_form, initials, id_kind, id_number, phone, phone_tail, address, facts, {_MARKS}"
    for first in range(1, customers + 1, 50_000):
        rows = [_customer(n, name, chance) for n, name in
                zip(range(first, min(first + 50_000, customers + 1)), people, strict=False)]
        _insert(connection, "customers", columns, rows)
        connection.executemany("INSERT INTO told VALUES (?, ?)", (
            (key, row[0]) for row in rows for key in search_keys(row[1], row[5])))
    connection.execute("INSERT INTO search_keys SELECT key, owner FROM told ORDER BY key, owner")
    connection.execute("DROP TABLE told")
    _insert(connection, "accounts", "id, number, customer_id, address, capacity, capacity_unit, voltage, usage_nature,"
            f" facts, status, {_MARKS}", (_account(n, customers) for n in range(1, cases + 1)))
    _insert(connection, "cases", "id, number, process, release, customer_id, account_id, answers, promises, way,"
            " applied_on, accepted_at, acceptor_id, owner_id, status, stage, due_on, paused, paused_until, closed_on,"
            f" yx_application, yx_account, yx_contract, {_MARKS}",
            (_case(n, cases, customers, today, chance) for n in range(1, cases + 1)))


def _insert(connection: Any, table: str, columns: str, rows: Any) -> None:
    known = {row[1]: row for row in connection.execute(f"PRAGMA table_info({table})")}
    named = [name.strip() for name in columns.split(",")]
    blank = {"JSON": "{}", "INTEGER": 0, "BOOLEAN": 0}
    rest = {name: blank.get(row[2], "") for name, row in known.items()
            if name not in named and row[3] and row[4] is None}  # what later tables ask
    sql = f"INSERT INTO {table} ({', '.join([*named, *rest])}) VALUES ({', '.join('?' * (len(named) + len(rest)))})"
    more = tuple(rest.values())
    connection.executemany(sql, ((*row, *more) for row in rows))


def _customer(n: int, name: str, chance: random.Random) -> tuple[Any, ...]:
    phone = f"139{chance.randrange(10**8):08d}"
    return (n, name, search_form(name), initials(name), "居民身份证", f"6325{n:014d}", phone, phone[::-1],
            f"{PLACES[n % 6]}{n % 97}号", "{}", *MARKS)


def _account(n: int, customers: int) -> tuple[Any, ...]:
    return (n, f"63{n:011d}", _holder(n, customers), f"{PLACES[n % 6]}{n % 97}号", "80", "kW", "交流220V", "居民", "{}",
            "在用", *MARKS)


def _holder(n: int, customers: int) -> int:
    return n * 7919 % customers + 1


def _case(n: int, cases: int, customers: int, today: date, chance: random.Random) -> tuple[Any, ...]:
    days = (cases - n) * 1500 // cases
    at = datetime(today.year, today.month, today.day, 8) - timedelta(days=days) + timedelta(seconds=n % 30_000)
    is_open = n % OPEN_SHARE == 0
    paused = is_open and n % 70 == 0
    due = today + timedelta(days=chance.randrange(-5, 25)) if is_open and not paused else None
    closed = None if is_open else min(at.date() + timedelta(days=20), today)
    status = "暂停" if paused else "在办" if is_open else "已归档"
    stage = chance.choice(STAGES) if is_open else ""
    return (n, f"YK{at:%Y%m%d}{n % 10_000:04d}", "low_voltage_new", "r", _holder(n, customers), n, "{}", "[]", "普通",
            at.date().isoformat(), f"{at:%Y-%m-%d %H:%M:%S}.000000", 1, n // OPEN_SHARE % 4 + 1, status, stage,
            due and due.isoformat(), int(paused), None, closed and closed.isoformat(), f"12{n:010d}", "", "", *MARKS)
