"""Every kind of new supply and of more capacity, from the counter to the archive, through the real window.

Each test is one customer's matter as the trade tells it. At its end account, contract list, reminders and the month's
report must say what the case's log says.
"""

from __future__ import annotations

import sys

import pytest
from counter import Counter
from working_hall import CHIEF, DISPATCH, GRID, HOME, HOME_NAME, SHOP, SHOP_NAME, WORKS, WORKS_NAME

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there QPrinter prints, without lp")
NEW, METER = "6300000000091", "6300000000000000000001"
PERSON = {"customer_name": "才让多杰", "customer_id": "11010519491231002X", "customer_phone": "13997000012",
          "usage_address": "演练县恰措镇团结路18号"}
FIRM = {"customer_name": "青海湖畔藏毯有限公司", "customer_id_kind": "营业执照", "customer_id": "91632521MA00000A9H",
        "customer_phone": "13800001234", "customer_address": "演练县恰措镇团结路88号",
        "usage_address": "演练县恰措镇绿洲南路16号", "industry": "地毯制造"}
LOOMS = [{"name": "织机", "type": "动力", "count": "2", "unit_kw": "40"}]
FURNACE = [{"name": "烘干炉", "type": "动力", "count": "2", "unit_kw": "300"}]
LOW = {"scheme_line": "10kV 恰城线", "scheme_pole": "15 号杆", "scheme_transformer": "绿洲南路 3 号公变",
       "boundary_point": "计量箱内用户侧出线开关下桩头", "metering_point": "用户围墙外计量箱",
       "meter_spec": "三相四线 3×1.5(6)A", "price_class": "工商业（单一制）"}
MAIN = {"number": "电源一", "nature": "主供", "station": "110kV 恰卜恰变", "line": "10kV 青海湖路线", "voltage": "10kV",
        "pole": "27 号杆", "kva": "800", "line_kind": "公线", "laying": "电缆"}
SPARE = {**MAIN, "number": "电源二", "nature": "备用", "station": "35kV 倒淌河变", "line": "10kV 湖东路线",
         "pole": "9 号杆"}
HIGH = {"boundary_point": "用户分支开关电源侧接线端子", "metering_point": "10kV 高压计量柜",
        "meter_spec": "三相三线 3×100V 3×1.5(6)A", "reactive_kvar": "240", "price_class": "工商业（两部制）",
        "basic_charge": "按变压器容量"}
BUILDER = {"builder_name": "示例电力工程有限公司", "builder_licence": "4-1-00012-2024", "builder_level": "四级",
           "builder_scope": "承装、承修、承试", "builder_until": "20281031", "submitted_by": "马海英"}
DEFECT = {"item": "进线电缆没有标识", "remedy": "悬挂标识牌", "responsible": "示例电力工程有限公司",
          "due_on": "20261201"}
PAID = {"identity_check": "核对原件", "arrears": "已结清", "arrears_by": "示范丙", "arrears_on": "20261123"}
NO_SURVEY = "答复方案时已到现场核对"
DOUBLE = "高可靠性供电费用"


def is_connected_and_filed(counter: Counter, **said: str) -> None:
    """The meter hangs, the power is on, the papers are in their box; a new account has its number then."""
    counter.does("S13", meter_number=METER, meter_reading="0")
    counter.does("S14", energised_by="示范丙")
    counter.does("S15", **said)


def test_a_resident_gets_power(counter: Counter) -> None:
    counter.takes_in("11", **PERSON, capacity_kw="8")
    counter.answers_the_scheme(scheme_capacity_kw="8", metering_point="楼道计量箱", price_class="居民生活")
    counter.registers_the_contract()
    is_connected_and_filed(counter, yx_account=NEW)
    counter.books_agree(NEW, customer="才让多杰", capacity="8 kW")


def test_a_resident_gets_a_charging_pile_at_his_own_parking_place(counter: Counter) -> None:
    counter.takes_in("18", **PERSON, capacity_kw="7", parking_place="团结苑地下车库 B-018")
    counter.surveys()
    counter.answers_the_scheme(scheme_capacity_kw="7", metering_point="车位旁表箱", price_class="居民生活")
    counter.registers_the_contract()
    is_connected_and_filed(counter, yx_account=NEW)
    counter.books_agree(NEW, customer="才让多杰", capacity="7 kW")


def test_a_small_firm_pays_nothing_and_signs_nobodys_approval(counter: Counter) -> None:
    counter.takes_in("12", **FIRM, capacity_kw="80", loads=LOOMS)
    counter.answers_the_scheme(**LOW, scheme_capacity_kw="80", customer_works="无")
    counter.does("S11", inspection_result="合格")
    counter.signs_the_contract("示范丁")
    is_connected_and_filed(counter, yx_account=NEW, left_undone=NO_SURVEY)
    counter.books_agree(NEW, customer=FIRM["customer_name"], capacity="80 kW")


def test_a_low_voltage_shop_whose_works_fail_once(counter: Counter) -> None:
    counter.takes_in("13", **FIRM, usage_nature="工商业", capacity_kw="80", voltage="380V", loads=LOOMS)
    counter.answers_the_scheme(**LOW, scheme_capacity_kw="80", customer_works="有")
    counter.hands_in("竣工检验", **BUILDER)
    counter.judges("不合格", review_opinion="进线标识不全", defects=[DEFECT])
    counter.sees_it_mended()
    counter.hands_in("竣工检验")
    counter.judges("合格")
    counter.signs_the_contract("示范丁")
    is_connected_and_filed(counter, yx_account=NEW, left_undone=NO_SURVEY)
    counter.books_agree(NEW, customer=FIRM["customer_name"], capacity="80 kW")


def test_a_works_at_ten_kilovolts_of_one_source(counter: Counter) -> None:
    counter.takes_in("14", **FIRM, capacity_kva="1000", loads=FURNACE)
    counter.surveys()
    counter.answers_the_scheme(CHIEF, GRID, DISPATCH, **HIGH, sources=[MAIN], customer_works="有")
    counter.does("S06")
    counter.hands_in("竣工检验", **BUILDER)
    counter.judges("合格")
    counter.signs_the_contract("示范丁")
    is_connected_and_filed(counter, yx_account=NEW)
    counter.books_agree(NEW, customer=FIRM["customer_name"], capacity="1000 kVA")


def test_an_important_works_of_two_sources_whose_design_and_hidden_works_are_looked_at(counter: Counter) -> None:
    counter.takes_in("15", **FIRM, capacity_kva="1000", important_level="二级", emergency_load_kw="100", loads=FURNACE)
    counter.surveys()
    counter.has_a_price(DOUBLE, "120")
    counter.answers_the_scheme(CHIEF, GRID, DISPATCH, **HIGH, sources=[MAIN, SPARE], source_interlock="机械和电气",
                               customer_works="有", concealed_works="有")
    counter.pays(DOUBLE, "1000")
    counter.hands_in("设计文件审查", designer_name="示例电力设计院", designer_licence="A132000123",
                     designer_level="乙级", designer_until="20281031", submitted_by="马海英")
    counter.receives("M31")
    counter.judges("不合格", review_opinion="没有联锁图", defects=[{**DEFECT, "item": "缺少两路电源的联锁图"}])
    counter.sees_it_mended()
    counter.hands_in("设计文件审查")
    counter.judges("合格")
    counter.hands_in("中间检查", **BUILDER)
    counter.receives("M34")
    counter.judges("合格")
    counter.hands_in("竣工检验")
    counter.judges("合格")
    counter.signs_the_contract("示范丁")
    is_connected_and_filed(counter, yx_account=NEW)
    counter.books_agree(NEW, customer=FIRM["customer_name"], capacity="1000 kVA")


def test_a_building_site_at_low_voltage_for_ten_months(counter: Counter) -> None:
    counter.takes_in("16", **FIRM, capacity_kw="80", voltage="380V", loads=LOOMS, temporary_purpose="厂房施工",
                     temporary_until="20270930")
    counter.answers_the_scheme(**LOW, scheme_capacity_kw="80", customer_works="无")
    counter.does("S11", inspection_result="合格")
    counter.registers_the_contract()
    is_connected_and_filed(counter, yx_account=NEW, left_undone=NO_SURVEY)
    counter.books_agree(NEW, customer=FIRM["customer_name"], capacity="80 kW")


def test_a_building_site_at_ten_kilovolts(counter: Counter) -> None:
    counter.takes_in("17", **FIRM, capacity_kva="1000", loads=FURNACE, temporary_purpose="隧道施工",
                     temporary_until="20270930")
    counter.surveys()
    counter.answers_the_scheme(CHIEF, GRID, DISPATCH, **HIGH, sources=[MAIN], customer_works="有")
    counter.does("S06")
    counter.hands_in("竣工检验", **BUILDER)
    counter.judges("合格")
    counter.registers_the_contract()
    is_connected_and_filed(counter, yx_account=NEW)
    counter.books_agree(NEW, customer=FIRM["customer_name"], capacity="1000 kVA")


# ---- more capacity, from the account

SAID = {"customer_id_kind": "营业执照", "customer_id": "91632521MA00000A9H", "customer_phone": "13800001234",
        "customer_address": "演练县恰措镇团结路88号"}


def test_a_home_takes_more_capacity(counter: Counter) -> None:
    counter.takes_in("21", HOME, customer_id="11010519491231002X", customer_phone="13997000012", capacity_kw="10",
                     **PAID)
    counter.answers_the_scheme(scheme_capacity_kw="10", metering_point="楼道计量箱", price_class="居民生活")
    counter.registers_the_contract()
    is_connected_and_filed(counter)
    counter.books_agree(HOME, customer=HOME_NAME, capacity="10 kW")


def test_a_shop_takes_more_capacity_and_signs_again(counter: Counter) -> None:
    counter.takes_in("22", "hpcy", **SAID, **PAID, industry="餐饮", capacity_kw="100",
                     loads=[{**LOOMS[0], "name": "烤箱", "unit_kw": "50"}])
    counter.answers_the_scheme(**LOW, scheme_capacity_kw="100", customer_works="无")
    counter.does("S11", inspection_result="合格")
    counter.signs_the_contract("示范丁")
    is_connected_and_filed(counter, left_undone=NO_SURVEY)
    counter.books_agree(SHOP, customer=SHOP_NAME, capacity="100 kW")


@pytest.mark.parametrize(("pad", "more"), [("23", {}), ("24", {"source_kind": "双电源异站",
                                                                          "emergency_load_kw": "100"})])
def test_a_works_takes_more_capacity_over_one_or_two_sources(counter: Counter, pad: str, more: dict[str, str]) -> None:
    counter.takes_in(pad, WORKS, **SAID, **PAID, industry="建材", capacity_kva="1000", loads=FURNACE, **more)
    counter.surveys()
    sources = {"sources": [MAIN, SPARE], "source_interlock": "机械和电气"} if more else {"sources": [MAIN]}
    counter.answers_the_scheme(CHIEF, GRID, DISPATCH, **HIGH, **sources, customer_works="有")
    counter.does("S06")
    counter.hands_in("竣工检验", **BUILDER)
    counter.judges("合格")
    counter.signs_the_contract("示范丁")
    is_connected_and_filed(counter, **({"left_undone": "本省对该行业免收高可靠性供电费用"} if more else {}))
    counter.books_agree(WORKS, customer=WORKS_NAME, capacity="1000 kVA")
