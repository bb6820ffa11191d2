"""Invented people, places and contracts for the practice hall: the same for the same seed and day.

Nobody here exists. The county is called 演练, surnames are 演, 示 or 例, phones are 1399700xxxx, 户号 begin with
6399; identity numbers keep the rule of the check digit, so that the forms take them, over a made-up sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum.cn import ric, uscc

from desktop.domain.contract import end_of

SURNAMES = ("演", "示", "例")
GIVEN = ("建国", "玉兰", "海青", "秀英", "永福", "措毛", "雪莲", "德吉", "成林",
         "𬭼", "㛃", "䶮", "堃", "喆", "犇", "龘")
TIBETAN = ("扎西", "才让", "卓玛", "多杰", "尕藏", "拉毛", "旦增", "央金", "索南", "格桑", "仁青", "措姆")
TIBETAN_ENDS = ("演措", "示加", "例吉", "演本", "示智", "例太")
DOTS = ("·", "·", "·", "•", "．")
TRADES = (("牧业专业合作社", "畜牧业"), ("青稞加工厂", "谷物磨制"), ("藏毯织造有限公司", "地毯、挂毯制造"),
          ("冷链物流有限公司", "低温仓储"), ("商贸有限公司", "零售业"), ("砂石料厂", "建筑用石加工"),
          ("温室种植专业合作社", "蔬菜种植"), ("宾馆", "住宿业"), ("汽车修理店", "汽车修理"), ("小学", "教育"))
WORKS = ("镇区道路改造项目部", "牧道硬化工程项目部", "河道治理工程项目部", "安置点建设项目部")
PLACES = ("恰措镇团结路", "恰措镇草原路", "雪山乡一社", "河湾村二社", "示范工业园区纵一路", "牧民新村三区",
          "花海镇幸福街")
FIRST_WORDS = ("青禾", "雪域", "金露梅", "高原红", "白河", "云杉", "格桑", "黑枸杞", "央宗", "长青")
COUNTY = "青海省演练州演练县"
LEDGER_WORDS = {"resident": "居民", "low_voltage": "低压非居民", "high_voltage": "高压", "temporary": "临时用电"}
VOLTAGES = {"resident": "220V", "low_voltage": "380V", "high_voltage": "10kV", "temporary": "380V"}
CODES = {"resident": "JM", "low_voltage": "DY", "high_voltage": "GY", "temporary": "LS"}
TERMS = {"resident": (10,), "low_voltage": (3, 5, 10), "high_voltage": (3, 5), "temporary": (1, 2, 3)}
SHARES = (("resident", 24), ("low_voltage", 46), ("high_voltage", 18), ("temporary", 12))  # in a hundred
# days from today on which some contract of each kind ends, so that every step of the ladder has its example
NEAR = (-400, 2, -31, 15, -95, 6, 29, -8, 44, 0, 88, -1, 12, 24, 59, 73)


@dataclass(frozen=True)
class Customer:
    """An invented customer: an individual with an identity card, or a company with its code, its head, and perhaps
    somebody whom it sends to the counter (`agent`)."""

    name: str
    id_kind: str
    id_number: str
    phone: str
    address: str
    industry: str
    head: str
    head_id: str
    agent: str = ""
    agent_id: str = ""

    @property
    def personal(self) -> bool:
        return self.id_kind == "身份证"


@dataclass(frozen=True)
class LedgerLine:
    """One line of the invented ledger, its cells as a hall writes them."""

    customer: Customer
    kind: str
    number: str
    account: str
    capacity: str
    signed: Any
    starts: Any
    term: str
    ends: Any
    note: str = ""


class Inventor:
    """Invents one customer after another. Numbers run on from `start`, so that none is given twice."""

    def __init__(self, seed: int, start: int = 0) -> None:
        self.chance = Random(seed + start)
        self.count = start

    def pick(self, choices: tuple[Any, ...]) -> Any:
        return self.chance.choice(choices)

    def person(self) -> Customer:
        self.count += 1
        name, number = self._name(), self._id()
        return Customer(name, "身份证", number, self._phone(), self._address(), "居民服务", name, number)

    def company(self, *, works: bool = False) -> Customer:
        self.count += 1
        trade, industry = (self.pick(WORKS), "土木工程建筑") if works else self.pick(TRADES)
        name = f"演练县{self.pick(FIRST_WORDS)}{self.count}{'' if works else '号'}{trade}"
        sends = self.chance.random() < 0.5
        return Customer(
            name, "营业执照", self._code(), self._phone(), self._address(), industry, self._name(), self._id(),
            self._name() if sends else "", self._id() if sends else "")

    def account(self) -> str:
        """A 户号 of 13 digits."""
        self.count += 1
        return f"6399{self.count:09d}"

    def _name(self) -> str:
        if self.chance.random() < 0.45:
            return f"{self.pick(TIBETAN)}{self.pick(DOTS)}{self.pick(TIBETAN_ENDS)}"
        return f"{self.pick(SURNAMES)}{self.pick(GIVEN)}"

    def _id(self) -> str:
        born = date(1955, 1, 1) + timedelta(days=self.chance.randrange(18_000))
        body = f"632521{born:%Y%m%d}{self.count % 1000:03d}"
        return body + str(ric.calc_check_digit(body + "0"))

    def _code(self) -> str:
        body = f"91632521M{self.count:08d}"
        return body + str(uscc.calc_check_digit(body))

    def _phone(self) -> str:
        return f"1399700{self.count % 10_000:04d}"

    def _address(self) -> str:
        return f"{COUNTY}{self.pick(PLACES)}{self.chance.randrange(1, 200)}号"


def ledger(inventor: Inventor, today: date, customers: int) -> tuple[LedgerLine, ...]:
    """Contracts of every kind and age for so many customers, with the flaws that real ledgers have."""
    lines = list(_sound(inventor, today, customers - len(FLAWS)))
    lines += [_flawed(inventor, today, flaw) for flaw in FLAWS]
    inventor.chance.shuffle(lines)
    return tuple(lines)


def _sound(inventor: Inventor, today: date, customers: int) -> Iterator[LedgerLine]:
    kinds = [kind for kind, share in SHARES for _ in range(max(1, customers * share // 100))]
    for n in range(customers):
        kind = kinds[n % len(kinds)]
        yield line(inventor, today, kind, _end(inventor, today, kind, n))


def _end(inventor: Inventor, today: date, kind: str, n: int) -> date:
    """Every third contract ends on a step of the ladder, the others anywhere within the kind's longest term."""
    if n % 3 == 0:
        return today + timedelta(days=NEAR[n // 3 % len(NEAR)])
    return today + timedelta(days=inventor.chance.randrange(91, 365 * TERMS[kind][-1] - 60))


def line(inventor: Inventor, today: date, kind: str, ends: date) -> LedgerLine:
    """A sound line whose contract ends on `ends`, a whole number of years after it was signed."""
    years = _years(inventor, today, kind, ends)
    signed = _begin(ends, years)
    customer = _holder(inventor, kind)
    indefinite = kind == "resident" and inventor.chance.random() < 0.7
    number = f"YL-{CODES[kind]}-{signed.year}-{inventor.count:05d}"
    return LedgerLine(
        customer, kind, number, inventor.account(), _capacity(inventor, kind), signed, signed,
        "长期" if indefinite else f"{years}年", "长期" if indefinite else ends)


def _years(inventor: Inventor, today: date, kind: str, ends: date) -> int:
    """A usual term under which the contract was signed before today."""
    return int(inventor.pick(tuple(years for years in TERMS[kind] if _begin(ends, years) < today)))


def _begin(ends: date, years: int) -> date:
    """The day whose term of so many years ends on `ends`; 28 February where there is no 29th."""
    after = ends + timedelta(days=1)
    day = min(after.day, 28) if after.month == 2 else after.day
    return date(after.year - years, after.month, day)


def _holder(inventor: Inventor, kind: str) -> Customer:
    if kind == "temporary":
        return inventor.company(works=True)
    personal = kind == "resident" or (kind == "low_voltage" and inventor.chance.random() < 0.3)
    return inventor.person() if personal else inventor.company()


def _capacity(inventor: Inventor, kind: str) -> str:
    return str(inventor.pick({
        "resident": ("8", "10", "16"), "low_voltage": ("15", "30", "50", "80", "100"),
        "high_voltage": ("2×400", "630", "800", "2×1000", "315"), "temporary": ("50", "80", "100", "160"),
    }[kind]))


# what is wrong with a flawed line: the cells that stand otherwise
FLAWS: tuple[dict[str, Any], ...] = (
    {"term": "", "ends": ""},
    {"term": "长期", "ends": "长期"},
    {"term": "", "ends": "至拆除"},
    {"ends": "2026-02-30"},
    {"ends": "27.6.30"},
    {"ends": "flipped"},
    {"ends": "later"},
    {"note": "已过户，待新户主重签"},
    {"note": "已销户"},
    {"note": "已过户（原户主迁出）"},
    {"account": ""},
    {"account": "63990012"},
)


def _flawed(inventor: Inventor, today: date, flaw: dict[str, Any]) -> LedgerLine:
    ends = today + timedelta(days=inventor.chance.randrange(100, 1200))
    sound = line(inventor, today, "low_voltage", ends)
    changed = dict(flaw)
    if changed.get("ends") == "flipped":
        changed["ends"] = sound.signed - timedelta(days=200)
    elif changed.get("ends") == "later":
        changed["ends"] = end_of(sound.signed, 7) + timedelta(days=45)
    return LedgerLine(**{**vars(sound), **changed})
