"""A complete application of any kind, and what its stages are told: invented people and firms, facts that go together.

Examples on the command line and the tests that walk every kind of the catalogue begin from it. What is asked of an
account that there is already is one of `sample_account.py`, which a practice hall keeps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from desktop.domain.accord import rows_in
from desktop.domain.field import samples
from desktop.domain.kind import Value
from desktop.domain.process import ContractAct, Process, Subject
from desktop.domain.sample_account import NEW_OWNER, SampleAccount, sample_account

Said = dict[str, Value]
AGENT = ("agent_name", "agent_id", "agent_phone", "poa_number", "poa_scope", "poa_from", "poa_until")
NOBODY_SENT = dict.fromkeys(AGENT, "")
AGENT_ID = "632521198503124027"  # of who is sent: another than the head who sends him
PERSON = {"customer_name": "才让多杰", "customer_id_kind": "身份证", "customer_id": "11010519491231002X",
          "owner_name": "才让多杰", "contact_name": "才让多杰", "contact_phone": "13800001234", **NOBODY_SENT}
RESIDENT = {"capacity_kw": "8", "scheme_capacity_kw": "8", "voltage": "220V", "phases": "单相",
            "price_class": "居民生活", "meter_spec": "单相 220V 5(60)A", "usage_nature": "居民生活",
            "industry": "城镇居民", "ct_numbers": "", "renewal_mode": "不定期", "contract_until": ""}
LOW = {"power_factor_standard": "不考核", "ct_numbers": "CT20260001、CT20260002、CT20260003",
       "pt_numbers": ""}  # 80 kW behind a current transformer in each phase
HIGH = {"voltage": "10kV", "metering_mode": "高供高计", "metering_point": "10kV 高压计量柜",
        "meter_spec": "三相三线 3×100V 3×1.5(6)A", "meter_accuracy": "0.5S", "ct_ratio": "50/5", "ct_accuracy": "0.2S",
        "pt_ratio": "10000/100", "multiplier": "1000", "price_class": "工商业（两部制）",
        "basic_charge": "按变压器容量", "power_factor_standard": "0.90", "terminal": "计量柜内采集终端",
        "transformer_loss": "高供高计，不计变压器损耗",
        "boundary_point": "10kV 青海湖路线 27 号杆用户分支开关电源侧接线端子",
        "source_link": "", "source_interlock": "", "source_switch": ""}
SECOND = {"number": "电源二", "nature": "备用", "station": "35kV 倒淌河变", "line": "10kV 湖东路线", "pole": "9 号杆"}
OF_TWO = ("source_link", "source_interlock", "source_switch")  # what only two sources have
CTS = {"1260": ("75/5", "1500"), "1600": ("100/5", "2000")}  # kVA of the works that grow, at 10 kV: ratio, multiplier
OUTSIDE = ("yx_application", "yx_contract")
OWN_PEOPLE = {  # who does it for the customer, the first that his application names
    "change_signer": ("legal_person", "customer_name"), "submitted_by": ("contact_name", "agent_name", "customer_name"),
    "scheme_receiver": ("agent_name", "contact_name", "customer_name")}
ONCE = ("meter_number", "ct_numbers", "pt_numbers", "meter_seal", "seal_numbers", "yx_account")
AS_AGREED = ("day_reason",)  # said only where a day was not kept
# which days from today an application of today can name; the first day of a hold lies beyond any holidays' week
DAYS = {"wanted_on": 20, "wanted_done_on": 20, "poa_from": -20, "poa_until": 340, "temporary_until": 300,
        "hold_from": 20, "hold_until": 80, "restore_on": 20, "arrears_on": 0, "scheme_valid_until": 80,
        "builder_until": 700, "designer_until": 700,
        "contract_from": 0, "contract_until": 300}  # a contract signed on paper begins the day it is signed
HOME_GROWN = "10"  # kW
GROWN = {"kVA": Decimal(2), "kW": Decimal("1.6")}  # how many times its capacity an account of the samples asks for
DEMAND = {"kVA": Decimal("0.7"), "kW": Decimal(1)}  # how much of that its equipment makes up
# what the customer of a kind says of why he comes
REASONS = {
    "rename": "市场主体名称变更", "transfer": "房屋转让，用电主体变更", "close": "停业，不再用电",
    "suspend": "淡季停产一台主变", "resume": "恢复生产", "reduce": "缩减产能，停用一台主变", "restore": "恢复产能",
    "reclassify": "改种蔬菜，用电性质改变", "move_meter": "临街墙面改造，表箱移位",
}


def specimen(process: Process, today: date, account: SampleAccount | None = None, **said: Value) -> Said:
    """An application of this kind that is brought today, with what is said otherwise.

    `account`: which one a change of use is about; by default that of the kind's own sample.
    """
    hidden = (*OUTSIDE, *(("yx_account",) if process.subject is Subject.NEW else ()))
    names = tuple(name for name in process.fields if name not in hidden)
    own = _of_account(process, account or sample_account(process)) if process.subject is Subject.ACCOUNT else {}
    known = {**_suited(process, names, today), **{name: own[name] for name in own if name in names}}
    return {**{name: value for name, value in known.items() if value}, **process.presets, **said}


def stage_specimen(process: Process, stage: str, today: date, **said: Value) -> Said:
    """What the stage is told when it is done today."""
    fields = tuple(name for name in process.stage(stage).fields if name not in AS_AGREED)
    done = {name: str(today) for name in fields if name.endswith("_on") and name not in DAYS}
    grown = _grown(process) if process.subject is Subject.ACCOUNT and "scheme_receiver" in fields else {}
    own = {name: value for name, value in grown.items() if name in fields}
    return {name: value for name, value in {**_suited(process, fields, today), **own, **done, **said}.items() if value}


def numbered(told: Said, case_number: str, account: str) -> Said:
    """The same with the numbers that stand in one place only (meter, transformers, seals, contract) made of the
    case's own, and its 户号 where it has one: two cases can be told by the same samples."""
    serial = re.sub(r"\D", "", case_number)
    made = {**told}
    for name in told.keys() & set(ONCE):
        made[name] = re.sub(r"\d{4,}", lambda held: _serial(held[0], serial), str(told[name]))
    if "contract_number" in told:
        made["contract_number"] = f"ZZ-{serial}"  # one on paper: the program's own are GH-
    if account and "yx_account" in told:
        made["yx_account"] = account
    return made


def with_own_people(told: Said, known: Mapping[str, object]) -> Said:
    """The same with the people of a case's own customer, as far as what is `known` of it names them."""
    own = {name: next((str(known[each]) for each in OWN_PEOPLE[name] if known.get(each)), told[name])
           for name in OWN_PEOPLE if name in told}
    return {**told, **own}


def _serial(held: str, serial: str) -> str:
    """A number of a long series keeps its length and head; of a short one the last figure tells the pieces apart."""
    return held[:-len(serial)] + serial if len(held) > len(serial) else serial + held[-1]


def _grown(process: Process) -> Said:
    """The scheme of an account of the samples that asks for more; at high voltage the same transformer a second
    time."""
    its = sample_account(process)
    if its.personal:
        return {"scheme_capacity_kw": HOME_GROWN}
    whole = _plain(Decimal(its.whole) * GROWN[its.unit])
    if not its.high:
        return {"scheme_capacity_kw": whole}
    (ratio, times), source = CTS[whole], {**rows_in(samples(("sources",)), "sources")[0], "kva": whole}
    rows = [source]
    rows += [{**source, **SECOND}] if process.presets.get("source_kind", "").startswith("双电源") else []
    return {
        "scheme_capacity_kva": whole, "running_capacity_kva": whole, "ct_ratio": ratio, "multiplier": times,
        "reactive_kvar": _plain(Decimal(whole) * 3 / 10), "sources": rows, "transformers": [
            {"point": "1#配电室", "model": f"SCB14-{its.whole}/10", "count": "2", "kva": its.whole, "state": "运行"}],
    }


def _suited(process: Process, names: tuple[str, ...], today: date) -> Said:
    """The dictionary's samples, of which those that the kind's class rules out are told otherwise."""
    known: Said = {**samples(names), "agent_id": AGENT_ID, "voltage_reason": "", "survey_loads": [],
                   **{name: str(today + timedelta(days=days)) for name, days in DAYS.items()}}
    for suits, facts in ((process.customer_class.startswith("低压"), LOW),
                         (process.customer_class == "低压居民", PERSON | RESIDENT),
                         (process.customer_class == "高压", HIGH | {"loads": _machines(Decimal(800) * DEMAND["kVA"])})):
        if suits:
            known |= facts
    if process.presets.get("source_kind", "").startswith("双电源"):
        _add_source(known, process.presets["source_kind"])
    return {name: value for name, value in known.items() if name in names}


def _add_source(known: Said, kind: str) -> None:
    """A second source beside the dictionary's one, from another station."""
    known |= {"source_kind": kind, **samples(OF_TWO)}
    sources = known.get("sources")
    if isinstance(sources, list):
        known["sources"] = [*sources, {**sources[0], **SECOND}]


# --- what an application says of the account that it is about


def _of_account(process: Process, its: SampleAccount) -> Said:
    due = process.consequence({})
    transfers = due is not None and due.act is ContractAct.TRANSFER
    who = NEW_OWNER if transfers else its
    return {
        **_customer(who), "yx_account": its.number, "usage_address": its.address, "voltage": its.voltage,
        "usage_nature": its.nature, "industry": its.industry, "old_name": its.customer,
        "new_name": f"{its.customer.removesuffix('有限公司')}（集团）有限公司",
        "change_reason": REASONS.get(process.id, "用电人申请变更"), **_size(its), **NOBODY_SENT,
    }


def _customer(who: SampleAccount) -> Said:
    return {
        "customer_name": who.customer, "customer_id_kind": "身份证" if who.personal else "营业执照",
        "customer_id": who.customer_id, "customer_phone": who.phone, "customer_address": who.address,
        "legal_person": "" if who.personal else who.head, "legal_person_id": "", "contact_name": who.head,
        "contact_phone": who.phone, "delivery_address": who.address, "customer_email": "",
        "tax_number": "" if who.personal else who.customer_id, "owner_name": who.customer,
        "bank_name": "演练银行演练县支行", "bank_account": f"6299{who.phone}001", "industry_code": "",
        "ownership_number": f"青(2024)演练县不动产权第{who.phone[-7:]}号",
    }


def _size(its: SampleAccount) -> Said:
    """What is asked for in capacity: of a bigger supply the whole, with equipment that makes it up; of one that is
    held, one of its transformers."""
    each = its.capacity.rpartition("×")[2]
    if its.personal:
        return {"capacity_kw": HOME_GROWN}
    asked = Decimal(its.whole) * GROWN[its.unit]
    return {
        f"capacity_{its.unit.lower()}": _plain(asked), "small_business": "" if its.high else "是",
        "loads": _machines(asked * DEMAND[its.unit]),
        "hold_equipment": f"2#主变压器 SCB14-{each}/10", "hold_kva": each, "restore_kva": each, "transformers": [],
    }


def _machines(kw: Decimal) -> list[dict[str, str]]:
    """Equipment that makes up so many kW."""
    return [{"name": "生产设备", "type": "动力", "count": "2", "unit_kw": _plain(kw / 2), "total_kw": _plain(kw),
             "voltage": "380V", "phases": "三相"}]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
