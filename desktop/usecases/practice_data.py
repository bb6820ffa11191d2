"""Invented people, places and contracts for the practice hall: the same for the same seed and day.

Nobody here exists. The county is called 演练, surnames are 演, 示 or 例, phones are 139970xxxxx, 户号 begin with
6399; identity numbers keep the rule of the check digit, so that the forms take them, over a made-up sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
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
WORKS = ("镇区道路改造项目部", "牧道硬化工程项目部", "河道治理工程项目部", "安置点建设项目部")
# a place with the line and the public transformer that feed it
PLACES = {
    "恰措镇团结路": ("10kV 恰措线", "团结路 3 号公变"), "恰措镇草原路": ("10kV 恰措线", "草原路 1 号公变"),
    "雪山乡一社": ("10kV 雪山线", "雪山一社公变"), "河湾村二社": ("10kV 河湾线", "河湾二社公变"),
    "示范工业园区纵一路": ("10kV 示范园路线", "园区 2 号公变"), "牧民新村三区": ("10kV 恰措线", "新村三区公变"),
    "花海镇幸福街": ("10kV 花海线", "幸福街 4 号公变"),
}
FIRST_WORDS = ("青禾", "雪域", "金露梅", "高原红", "白河", "云杉", "格桑", "黑枸杞", "央宗", "长青", "圣湖", "草海",
               "雁鸣", "朝阳", "河源", "祁雪", "银滩", "红柳", "沙棘", "麦浪")
SECOND_WORDS = ("源", "泰", "盛", "瑞", "和", "丰", "祥", "安", "兴", "达", "隆", "嘉", "恒", "茂", "旺")
COUNTY = "青海省演练州演练县"
LEDGER_WORDS = {"resident": "居民", "low_voltage": "低压非居民", "high_voltage": "高压", "temporary": "临时用电"}
VOLTAGES = {"resident": "220V", "low_voltage": "380V", "high_voltage": "10kV", "temporary": "380V"}
CODES = {"resident": "JM", "low_voltage": "DY", "high_voltage": "GY", "temporary": "LS"}
TERMS = {"resident": (10,), "low_voltage": (3, 5, 10), "high_voltage": (3, 5), "temporary": (1, 2, 3)}
SHARES = (("resident", 24), ("low_voltage", 46), ("high_voltage", 18), ("temporary", 12))  # in a hundred
# days from today on which some contract of each kind ends, so that every step of the ladder has its example
NEAR = (-400, 2, -31, 15, -95, 6, 29, -8, 44, 0, 88, -1, 12, 24, 59, 73)


@dataclass(frozen=True)
class Trade:
    """What a customer does: its word in the name, its industry, what its supply is for and at what price, the
    machines that take most of its power."""

    word: str
    industry: str
    nature: str
    price: str
    machine: str

    @property
    def time_of_use(self) -> str:
        return "执行" if self.nature == "工商业" else "不执行"


SINGLE, FARM, HOME = ("工商业", "工商业（单一制）"), ("农业生产", "农业生产"), ("居民生活", "居民生活")
PERSONAL = (Trade("", "零售业", *SINGLE, "冷藏展示柜"), Trade("", "餐饮业", *SINGLE, "电炊具"),
            Trade("", "谷物磨制", *SINGLE, "磨面机"))
TRADES = (
    Trade("牧业专业合作社", "畜牧业", *FARM, "饲草加工机组"), Trade("青稞加工厂", "谷物磨制", *SINGLE, "磨面机组"),
    Trade("藏毯织造有限公司", "地毯、挂毯制造", *SINGLE, "织毯机"),
    Trade("冷链物流有限公司", "低温仓储", *SINGLE, "制冷机组"), Trade("商贸有限公司", "零售业", *SINGLE, "冷藏展示柜"),
    Trade("温室种植专业合作社", "蔬菜种植", *FARM, "温室水泵风机"), Trade("宾馆", "住宿业", *SINGLE, "电热水机组"),
    Trade("汽车修理店", "汽车修理", *SINGLE, "举升机和烤漆房"), Trade("小学", "教育", *HOME, "食堂电炊具"),
)
LARGE_TRADES = tuple(Trade(word, industry, "工商业", "工商业（两部制）", machine) for word, industry, machine in (
    ("砂石料厂", "建筑用石加工", "破碎机组"), ("水泥制品有限公司", "水泥制品制造", "搅拌机组"),
    ("青稞酒业有限公司", "酒的制造", "蒸煮机组"), ("乳业有限公司", "乳制品制造", "灭菌机组"),
    ("冷链物流有限公司", "低温仓储", "制冷机组"), ("藏毯织造有限公司", "地毯、挂毯制造", "织毯机组")))


@dataclass(frozen=True)
class Metering:
    """How so much capacity is metered: current transformers (none: direct), the multiplier, the meter."""

    ct_ratio: str
    multiplier: str
    meter: str = "三相四线 3×1.5(6)A 3×220/380V"


SIZES = {  # by capacity in kW
    "15": Metering("", "1", "三相四线 3×10(60)A 3×220/380V"), "30": Metering("75/5", "15"),
    "50": Metering("100/5", "20"), "80": Metering("150/5", "30"), "100": Metering("200/5", "40"),
}
HIGH_METER = "三相三线 3×100V 3×1.5(6)A"
HIGH_SIZES = {  # by capacity in kVA, behind 10000/100 voltage transformers
    "315": Metering("20/5", "400", HIGH_METER), "630": Metering("40/5", "800", HIGH_METER),
    "800": Metering("50/5", "1000", HIGH_METER), "1260": Metering("75/5", "1500", HIGH_METER),
    "2000": Metering("150/5", "3000", HIGH_METER),
}


@dataclass(frozen=True)
class Customer:
    """An invented customer: an individual with an identity card, or a company with its code, its head, and perhaps
    somebody whom it sends to the counter (`agent`)."""

    name: str
    id_kind: str
    id_number: str
    phone: str
    address: str
    trade: Trade
    head: str
    head_id: str
    agent: str = ""
    agent_id: str = ""
    agent_phone: str = ""

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
        return Customer(name, "身份证", number, self._phone(), self._address(), self.pick(PERSONAL), name, number)

    def company(self, trades: tuple[Trade, ...] = TRADES) -> Customer:
        self.count += 1
        trade = self.pick(trades)
        head, sends = self._name(), self.chance.random() < 0.5
        agent = (self._name(), self._id(), self._phone(1)) if sends else ("", "", "")
        return Customer(self._firm() + trade.word, "营业执照", self._code(), self._phone(), self._address(), trade,
                        head, self._id(), *agent)

    def works(self) -> Customer:
        """A builder's site, which is supplied for a time."""
        return self.company(tuple(Trade(f"建设公司{word}", "土木工程建筑", *SINGLE, "搅拌机和塔吊") for word in WORKS))

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

    def _firm(self) -> str:
        """A name that no other has, for as many firms as a practice hall has."""
        second, first = divmod(self.count, len(FIRST_WORDS))
        return f"演练县{FIRST_WORDS[first]}{SECOND_WORDS[second % len(SECOND_WORDS)]}"

    def _phone(self, whose: int = 0) -> str:
        return f"139970{whose}{self.count % 10_000:04d}"

    def _address(self) -> str:
        return f"{COUNTY}{self.pick(tuple(PLACES))}{self.chance.randrange(1, 200)}号"


def grid_of(address: str) -> tuple[str, str]:
    """The line and the public transformer that feed the place of an invented address."""
    return next(grid for place, grid in PLACES.items() if place in address)


def high_scheme(capacity: str, address: str) -> dict[str, Any]:
    """A scheme at 10 kV for so much capacity in kVA, written as a ledger writes it (2×400), at the place."""
    count, _, each = capacity.rpartition("×")
    whole, (feeder, _transformer) = str(int(count or 1) * int(each)), grid_of(address)
    metering = HIGH_SIZES[whole]
    return {
        "scheme_capacity_kva": whole, "running_capacity_kva": whole, "reactive_kvar": str(int(whole) * 3 // 10),
        "ct_ratio": metering.ct_ratio, "multiplier": metering.multiplier, "meter_spec": metering.meter,
        "meter_accuracy": "0.5S", "ct_accuracy": "0.2S", "pt_accuracy": "0.2",
        "boundary_point": f"{feeder} 27 号杆用户分支开关电源侧接线端子",
        "transformers": [{"point": "1#配电室", "model": f"SCB14-{each}/10", "count": count or "1", "kva": each,
                          "state": "运行"}],
        "sources": [{"number": "电源一", "nature": "主供", "station": "110kV 演练变", "line": feeder,
                     "voltage": "10kV", "pole": "27 号杆", "kva": whole, "line_kind": "公线", "laying": "电缆"}],
    }


def instruments(metering: Metering, serial: str) -> dict[str, str]:
    """The serials of the transformers behind the meter: one in each phase at low voltage, two of each kind at high."""
    high = metering.meter == HIGH_METER
    currents = range(1, 3 if high else 4) if metering.ct_ratio else ()
    return {"ct_numbers": "、".join(f"CT{serial}{n}" for n in currents),
            "pt_numbers": "、".join(f"PT{serial}{n}" for n in (1, 2)) if high else ""}


def loads(capacity: str, machine: str) -> list[dict[str, str]]:
    """An equipment list that makes up the capacity in kW: two machines, and a fifth for lights and offices."""
    lights = Decimal(capacity) / 5
    rows = ((machine, "动力", "2", (Decimal(capacity) - lights) / 2, "380V", "三相"),
            ("照明和办公设备", "照明", "1", lights, "220V", "单相"))
    return [{"name": name, "type": kind, "count": count, "unit_kw": _plain(each),
             "total_kw": _plain(each * int(count)), "voltage": voltage, "phases": phases}
            for name, kind, count, each, voltage, phases in rows]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


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
        return inventor.works()
    if kind == "high_voltage":
        return inventor.company(LARGE_TRADES)
    personal = kind == "resident" or (kind == "low_voltage" and inventor.chance.random() < 0.3)
    return inventor.person() if personal else inventor.company()


def _capacity(inventor: Inventor, kind: str) -> str:
    return str(inventor.pick({
        "resident": ("8", "10", "16"), "low_voltage": tuple(SIZES),
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
