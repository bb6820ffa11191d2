"""Forty pairs of customers as counters meet them, each labelled by hand: the same one said otherwise, or another one.

One who is told as a likely duplicate is the same; one who is not is another. The score is held.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pytest

from desktop.domain.address import address_form
from desktop.domain.name import name_form
from desktop.usecases.acting import act
from desktop.usecases.desk import Desk
from desktop.usecases.intake import Application, assess
from desktop.usecases.recognising import Alike, alikes
from desktop.usecases.registering import open_account, register_customer
from tests.trade import accepted_case, application

ROAD = "青海省海南藏族自治州共和县恰卜恰镇绿洲南路 16 号"
ESTATE = "共和县恰卜恰镇示范小区 3 号楼 2 单元 501 室"


class Who(NamedTuple):
    """A customer as somebody says him."""

    name: str
    number: str = ""
    phone: str = ""
    address: str = ""


class Pair(NamedTuple):
    """What the hall knows, what is said now, and whether it is the same customer."""

    known: Who
    said: Who
    same: bool


P = Pair
PAIRS = (
    # the same one, said otherwise
    P(Who("扎西·顿珠", "1A", "1", ROAD), Who("扎西·顿珠", "1A", "2", "别处 1 号"), True),
    P(Who("扎西·顿珠", "2A", "", ROAD), Who("扎西顿珠", "2A", "", "别处 2 号"), True),
    P(Who("才让·卓玛", "", "", "绿洲南路 21 号"), Who("才让卓玛", "", "", "共和县绿洲南路21号"), True),
    P(Who("李建国", "", "", ESTATE), Who("李建国", "", "", "示范小区3栋2单元501"), False),  # 恰卜恰镇 is not said
    P(Who("李建军", "", "", ESTATE), Who("李建军", "", "", "恰卜恰镇示范小区3栋2单元501"), True),
    P(Who("王秀英", "", "", ESTATE), Who("王秀英", "", "", "共和县恰卜恰镇示范小区三号楼二单元501室"), True),
    P(Who("马海云", "", "", "恰卜恰镇示范小区3-2-502"), Who("马海云", "", "", "恰卜恰镇示范小区３号楼２单元５０２室"),
                                                            True),
    P(Who("措温波藏毯有限公司", "", "", "工业园纵一路 3 号"), Who("措温波藏毯有限责任公司", "", "",
                                                                  "工业园纵一路3号"), True),
    P(Who("青海示范（集团）有限公司", "", "", "城东区八一路 9 号"), Who("青海示范集团有限责任公司", "", "",
                                                                        "城东区八一路９＃"), True),
    P(Who("興業電器商店", "", "", "恰卜恰镇青海湖南大街 5 号"), Who("兴业电器商店", "", "",
                                                                    "恰卜恰镇青海湖南大街5号"), True),
    P(Who("張國強", "11A", "", ""), Who("张国强", "11A", "", ""), True),
    P(Who("东方商贸有限公司", "12A", "", ""), Who("东方商贸有限责任公司", "12A", "", "别处 12 号"), True),
    P(Who("示范 养殖 合作社", "", "", "雪山乡一社 2 号"), Who("示范养殖合作社", "", "", "雪山乡1社2号"), True),
    P(Who("ＡＢＣ超市", "", "", "恰卜恰镇团结路 30 号"), Who("abc超市", "", "", "恰卜恰镇团结路30号（老粮站院内）"),
                                                             True),
    P(Who("完玛措", "", "13997000015", "恰卜恰镇东巴路 1 号"), Who("完玛措", "", "13997000015", ""), True),
    P(Who("旦增·罗布", "16A", "", ""), Who("旦增罗布商店", "16A", "", ""), True),
    P(Who("刘芳", "", "", "西宁市城东区市场路 3-1 号"), Who("刘芳", "", "", "青海西宁市城东区市场路３－１号"), True),
    P(Who("赵敏", "", "", "贵德县河阴镇第五居民组 7 号"), Who("赵敏", "", "", "河阴镇第五居民组7号"), True),
    P(Who("周杰", "", "", "海南州贵南县茫曲镇解放路 2 号"), Who("周杰", "", "",
                                                                "青海省海南藏族自治州贵南县茫曲镇解放路2号"), True),
    P(Who("吴娜", "", "", "恰卜恰镇团结路 40 号 3 楼"), Who("吴娜", "", "", "恰卜恰镇团结路40号3层"), True),
    P(Who("孙伟", "21A", "", "恰卜恰镇一路 1 号"), Who("孙伟", "21A", "", "恰卜恰镇一路 2 号"), True),
    # another one
    P(Who("扎西", "31A", "", "恰卜恰镇北路 1 号"), Who("扎西", "31B", "", "恰卜恰镇北路 1 号"), False),
    P(Who("卓玛", "32A", "13997000032", ""), Who("多杰", "32B", "13997000032", ""), False),
    P(Who("卓玛吉", "", "13997000033", "恰卜恰镇北路 3 号"), Who("多杰才", "", "13997000033", "恰卜恰镇北路 33 号"),
                                                                 False),
    P(Who("李强", "", "", "恰卜恰镇北路 8 号"), Who("李强", "", "", "恰卜恰镇北路 18 号"), False),
    P(Who("李勇", "", "", "恰卜恰镇团结路 8 号"), Who("李勇", "", "", "河阴镇团结路 8 号"), False),
    P(Who("王磊", "", "", "示范小区（南区）3 号楼 501"), Who("王磊", "", "", "示范小区（北区）3 号楼 501"), False),
    P(Who("王涛", "", "", "示范小区 3 号楼 2 单元 501"), Who("王涛", "", "", "示范小区 3 号楼 2 单元 502"), False),
    P(Who("王洋", "", "", "示范小区 3 号楼 2 单元 501"), Who("王洋", "", "", "示范小区 2 号楼 3 单元 501"), False),
    P(Who("东海商贸有限公司", "", "", "八一路 1 号"), Who("东海商贸股份有限公司", "", "", "八一路 1 号"), False),
    P(Who("东海物流有限公司", "", "", "八一路 2 号"), Who("东海物业有限公司", "", "", "八一路 2 号"), False),
    P(Who("示范村村民委员会", "", "", "示范村 1 号"), Who("示范村卫生室", "", "", "示范村 1 号"), False),
    P(Who("赵刚", "42A", "13997000042", ROAD), Who("赵刚强", "42B", "13997000042", "恰卜恰镇北路 42 号"), False),
    P(Who("长江实业有限公司", "43A", "", "八一路 43 号"), Who("钱长江", "43B", "", "八一路 44 号"), False),
    # 法定代表人
    P(Who("孙丽", "", "", "恰卜恰镇团结路 50 号 3 层"), Who("孙丽", "", "", "恰卜恰镇团结路 50 号 3 室"), False),
    P(Who("马明", "", "", "恰卜恰镇一社 5 号"), Who("马明", "", "", "恰卜恰镇二社 5 号"), False),
    P(Who("丹增", "", "", ""), Who("丹增", "", "", ""), False),
    P(Who("丹巴", "", "", "绿洲南路 8 号"), Who("丹巴", "", "", "绿洲北路 8 号"), False),
    P(Who("湖畔酒店管理有限公司", "49A", "", ""), Who("湖畔酒店管理有限公司", "49B", "", ""), False),
    P(Who("陈晨", "", "13997000050", "恰卜恰镇南路 1 号"), Who("陈辰", "", "13997000050", "恰卜恰镇南路 1 号"), False),
)


def known_of(desk: Desk, who: Who) -> int:
    answers = {"customer_name": who.name, "customer_id": who.number, "customer_phone": who.phone,
               "customer_address": who.address, "usage_address": who.address}
    with act(desk, "register") as doing:
        owner = register_customer(doing, answers, None)
        open_account(doing, owner, answers)
    return owner


def is_same(found: Alike) -> bool:
    return found.duplicate or found.why == "证件号码和户名都相同"


def test_forty_pairs_are_told_apart(hall: Desk) -> None:
    owners = [known_of(hall, pair.known) for pair in PAIRS]
    told = []
    for _known, said, _same in PAIRS:
        answers = {"customer_name": said.name, "customer_id": said.number, "customer_phone": said.phone,
                   "usage_address": said.address}
        found = alikes(hall, Application("low_voltage_new", answers))
        told.append({each.customer_id for each in found if each.kind == "客户" and is_same(each)} or set())
    right = sum((owner in found) == pair.same for owner, found, pair in zip(owners, told, PAIRS, strict=True))
    wrong = [pair for owner, found, pair in zip(owners, told, PAIRS, strict=True) if (owner in found) != pair.same]
    strangers = [found - {owner} for owner, found in zip(owners, told, strict=True)]
    print(f"\n{len(PAIRS)} pairs: {right} told rightly, {sum(map(len, strangers))} strangers taken for the same")
    assert not wrong and not any(strangers)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("示范小区3号楼2单元501室", "示范小区3幢2单元501", True), ("团结路16号", "团结路16#", True), ("三塔拉路9号",
    "三塔拉路九号", True),
    ("88弄3号", "88号3号", False), ("团结路8号3楼", "团结路8号3层", True), ("团结路8号3楼", "团结路8号3室", False),
    ("甘肃兰州市城关区东岗路1号", "兰州市城关区东岗路1号", True), ("青海湖路1号", "湖路1号", False), ("上海路2号",
    "路2号", False),
    ("江苏路5号", "路5号", False), ("團結路8號", "团结路8号", True), ("团结路8号（老粮站旁）", "团结路8号", True),
    ("团结路8号（二楼）", "团结路8号", False), ("十字街1号", "10字街1号", False), ("第十二组7号", "12组7号", True),
])
def test_a_place_is_the_same_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert (address_form(one) == address_form(other)) == same, (address_form(one), address_form(other))


@pytest.mark.parametrize(("one", "other", "same"), [
    ("扎西·示范", "扎西 示范", True), ("示范有限公司", "示范有限责任公司", True), ("示范有限公司", "示范股份有限公司",
    False),
    ("示範商店", "示范商店", True), ("示范（共和）商贸有限公司", "示范(共和)商贸有限公司", True), ("示范公司",
    "示范商店", False),
])
def test_a_name_is_the_same_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert (name_form(one) == name_form(other)) == same


def test_of_an_empty_form_nothing_is_alike(hall: Desk, catalog: Any) -> None:
    known_of(hall, Who("扎西", "31A", "1", "路 1 号"))
    assert alikes(hall, Application("low_voltage_new", {})) == ()


# ---- one supply in pieces

def warned(desk: Desk, **said: Any) -> list[str]:
    found = assess(desk, application(desk, **said)).notices
    return [each.sentence for each in found if "拆开报装" in each.sentence]


def test_a_supply_that_is_applied_for_in_pieces_is_asked_about(hall: Desk, clock: Any) -> None:
    first = accepted_case(hall, capacity_kw="100", usage_address="演练县恰措镇团结路 8 号").case_number
    stranger = {"customer_name": "房客", "customer_id_kind": "身份证", "customer_id": "11010519491231002X"}
    (told,) = warned(hall, capacity_kw="80", usage_address="恰措镇团结路8号", **stranger)
    assert first in told and "共 180 kW" in told and "160" in told and "供电营业规则" in told
    (own,) = warned(hall, capacity_kw="61", usage_address="恰措镇别处 1 号")  # the same customer elsewhere
    assert "共 161 kW" in own
    assert not warned(hall, capacity_kw="60", usage_address="恰措镇团结路8号")
    assert not warned(hall, capacity_kw="80", usage_address="恰措镇团结路9号", **stranger)
    clock.move(date(2027, 3, 1))
    assert not warned(hall, capacity_kw="80", usage_address="恰措镇团结路8号", **stranger)
