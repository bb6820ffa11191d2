"""The accounts that samples of a change of use speak of: invented, one for each kind, and kept by every practice hall.

A sample can so be handed in as it stands where one practises: its 户号 is there, of the right voltage and state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stdnum.cn import uscc

from desktop.domain.process import Process

COUNTY = "青海省演练州演练县"


@dataclass(frozen=True)
class SampleAccount:
    """An account, its customer and its contract: `contract` is the kind's id, `capacity` in kVA at high voltage and in
    kW at low, written as a ledger writes it (2×400). `head`: who signs, an individual himself."""

    number: str
    customer: str
    customer_id: str
    phone: str
    address: str
    head: str
    contract: str
    voltage: str
    capacity: str
    industry: str
    nature: str = "工商业"
    price: str = "工商业（单一制）"

    @property
    def personal(self) -> bool:
        return not self.customer_id.startswith("9")

    @property
    def high(self) -> bool:
        return self.contract == "high_voltage"

    @property
    def whole(self) -> str:
        """The capacity as one figure."""
        count, _, each = self.capacity.rpartition("×")
        return str(int(count or 1) * int(each))

    @property
    def unit(self) -> str:
        return "kVA" if self.high else "kW"


def _code(serial: int) -> str:
    body = f"91632521M{970000 + serial:08d}"
    return body + str(uscc.calc_check_digit(body))


def works(serial: int, firm: str, capacity: str, industry: str) -> SampleAccount:
    """A works at 10 kV; two digits of `serial` make its numbers."""
    return SampleAccount(
        f"63999{serial:08d}", f"演练县{firm}", _code(serial), f"1399700{9700 + serial}",
        f"{COUNTY}示范工业园区纵一路{serial}号", "示范明", "high_voltage", "10kV", capacity, industry,
        price="工商业（两部制）")


def shop(serial: int, firm: str, capacity: str, industry: str) -> SampleAccount:
    """A business at 380 V."""
    return SampleAccount(
        f"63999{serial:08d}", f"演练县{firm}", _code(serial), f"1399700{9700 + serial}",
        f"{COUNTY}恰措镇团结路{serial}号", "例玉兰", "low_voltage", "380V", capacity, industry)


_HOME = SampleAccount(
    "6399900000021", "演永福", "632521197106159715", "13997009721", f"{COUNTY}牧民新村三区21号", "演永福", "resident",
    "220V", "8", "城镇居民", "居民生活", "居民生活")

ACCOUNTS: Mapping[str, SampleAccount] = {
    "suspend": works(34, "昆仑砂石料厂", "2×400", "建筑用石加工"),
    "resume": works(35, "玉珠水泥制品有限公司", "2×400", "水泥制品制造"),
    "reduce": works(36, "托素乳业有限公司", "2×400", "乳制品制造"),
    "restore": works(37, "阿尼藏毯织造有限公司", "2×400", "地毯、挂毯制造"),
    "high_voltage_more": works(23, "巴颜青稞酒业有限公司", "630", "酒的制造"),
    "high_voltage_more_dual": works(24, "可鲁冷链物流有限公司", "800", "低温仓储"),
    "rename": shop(31, "日月山商贸有限公司", "50", "零售业"),
    "transfer": shop(32, "拉脊山宾馆", "80", "住宿业"),
    "close": shop(33, "橡皮山汽车修理店", "30", "汽车修理"),
    "reclassify": shop(38, "河卡温室种植专业合作社", "50", "蔬菜种植"),
    "move_meter": shop(39, "龙羊青稞加工厂", "80", "谷物磨制"),
    "low_voltage_more": shop(22, "过马营冷饮店", "50", "零售业"),
    "resident_more": _HOME,
}
NEW_OWNER = replace(shop(40, "新哇玉宾馆", "80", "住宿业"), number="")  # who takes over in a sample 过户


def sample_account(process: Process) -> SampleAccount:
    """The account for samples of that kind; of one that a hall added itself the one of its class."""
    of_class = {"高压": "suspend", "低压居民": "resident_more"}
    return ACCOUNTS.get(process.id) or ACCOUNTS[of_class.get(process.customer_class, "rename")]
