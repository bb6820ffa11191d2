"""The right kind at the counter: an application that belongs to another kind is told so, with its name and basis."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from change_book import NUMBER
from contract_book import account

from desktop.catalog.release import load_catalog
from desktop.domain.material import Mark, needed
from desktop.domain.specimen import specimen
from desktop.errors import Refusal
from desktop.usecases.changing import first_answers
from desktop.usecases.correcting import correct
from desktop.usecases.intake import Application, MaterialMark, accept, assess
from desktop.usecases.standing import account as account_of

CATALOG = load_catalog()
SINGLE, DUAL = ("单电源单回路", "单电源双回路"), ("双电源同站", "双电源异站")


def asked(desk: Any, kind: str, **said: Any) -> Application:
    process = CATALOG.processes[kind]
    answers = specimen(process, desk.today, **said)
    papers = needed(process.materials, answers)
    return Application(kind, answers, {paper.code: MaterialMark(Mark.RECEIVED) for paper in papers})


def refused(desk: Any, kind: str, **said: Any) -> Refusal:
    with pytest.raises(Refusal) as no:
        accept(desk, asked(desk, kind, **said))
    return no.value


def growing(desk: Any, **facts: str) -> None:
    """The works that asks for more, whose file tells of its sources what `facts` say."""
    account(desk, NUMBER, "示例县兴旺建材有限公司", address="共和县绿洲南路 16 号", capacity=Decimal(800),
            capacity_unit="kVA", voltage="10kV", usage_nature="工商业", status="在用", facts=facts)


OF_WORKS = {"yx_account": NUMBER, "customer_name": "示例县兴旺建材有限公司", "customer_id": "91632521MA00000A9H",
            "usage_address": "共和县绿洲南路 16 号", "capacity_kva": "1600"}


@pytest.mark.parametrize("source", DUAL)
@pytest.mark.parametrize(("kind", "right", "more"), [
    ("high_voltage_single", "“高压双（多）电源新装”", {}), ("high_voltage_more", "“高压增容（双、多电源）”", OF_WORKS)])
def test_two_sources_are_no_matter_of_the_kind_with_one(
        hall: Any, kind: str, right: str, more: dict[str, str], source: str) -> None:
    growing(hall)
    no = refused(hall, kind, **more, source_kind=source)
    assert right in str(no) and "双电源 20 个工作日" in str(no)
    assert "source_kind" in [each.field for each in no.missing]


@pytest.mark.parametrize("source", SINGLE)
@pytest.mark.parametrize(("kind", "right", "more"), [
    ("high_voltage_dual", "“高压单电源新装”", {}), ("high_voltage_more_dual", "“高压增容（单电源）”", OF_WORKS)])
def test_one_source_is_no_matter_of_the_kind_with_two(
        hall: Any, kind: str, right: str, more: dict[str, str], source: str) -> None:
    growing(hall)
    no = refused(hall, kind, **more, source_kind=source)
    assert right in str(no)
    assert "source_kind" in [each.field for each in no.missing]


def test_an_accepted_application_is_not_corrected_into_another_kind(hall: Any) -> None:
    number = accept(hall, asked(hall, "high_voltage_single")).case_number
    with pytest.raises(Refusal, match="高压双（多）电源新装"):
        correct(hall, number, {"source_kind": "双电源异站"}, reason="客户要第二路", asked_by="客户")


def test_a_works_of_one_source_that_asks_for_a_second_keeps_the_kinds_own_two(hall: Any) -> None:
    growing(hall, source_kind="单电源单回路")
    view = account_of(hall, NUMBER)
    filled = first_answers(CATALOG.processes["high_voltage_more_dual"], view)
    assert "source_kind" not in filled  # what stands in the form is the kind's own 双电源异站
    assert filled["voltage"] == "10kV"
    assert first_answers(CATALOG.processes["high_voltage_more"], view)["source_kind"] == "单电源单回路"


def test_a_works_of_two_sources_does_not_grow_as_one_of_one(hall: Any) -> None:
    growing(hall, source_kind="双电源异站")
    no = refused(hall, "high_voltage_more", **OF_WORKS)
    assert "这一户的档案是“双电源异站”" in str(no) and "高压增容（双、多电源）" in str(no)


@pytest.mark.parametrize("kind", [kind for kind in CATALOG.processes.values() if kind.presets], ids=lambda k: k.id)
def test_what_a_kind_presets_is_what_its_own_rules_allow(hall: Any, kind: Any) -> None:
    found = assess(hall, asked(hall, kind.id))
    assert not set(found.faults) & set(kind.presets)
    assert not {each.field for each in found.notices} & set(kind.presets)


@pytest.mark.parametrize(("kind", "said", "right"), [
    ("resident_new", {"usage_nature": "工商业"}, "低压非居民"),
    ("charging_pile", {"usage_nature": "工商业"}, "经营性充电桩"),
    ("small_business_new", {"small_business": "否"}, "“低压非居民新装”"),
    ("high_voltage_single", {"voltage": "380V"}, "低压业务"),
    ("temporary_high", {"voltage": "380V"}, "低压业务"),
])
def test_another_class_is_refused_with_the_kind_that_takes_it(
        hall: Any, kind: str, said: dict[str, str], right: str) -> None:
    assert right in str(refused(hall, kind, **said))


@pytest.mark.parametrize(("kind", "said", "told"), [
    ("low_voltage_new", {"usage_nature": "居民生活"}, "居民住宅用电请改办低压居民业务"),
    ("temporary_high", {"source_kind": "双电源异站"}, "临时用电的时限按单电源计"),
])
def test_what_may_be_right_is_only_asked_about(hall: Any, kind: str, said: dict[str, str], told: str) -> None:
    found = assess(hall, asked(hall, kind, **said))
    assert any(told in each.sentence for each in found.notices)
    assert not found.faults


LAMPS = {"name": "照明", "count": "1", "unit_kw": "800", "total_kw": "800", "phases": "单相"}


@pytest.mark.parametrize(("kind", "more"), [
    ("resident_new", {}), ("charging_pile", {}), ("low_voltage_new", {"loads": [LAMPS], "phases": "单相"})])
def test_more_than_twelve_kilowatts_are_not_taken_at_220_volts(hall: Any, kind: str, more: dict[str, Any]) -> None:
    said, unlisted = {"voltage": "220V", "capacity_kw": "800", **more}, {"loads": []} if more else {}
    no = refused(hall, kind, **said)
    assert "不超过 12 kW" in str(no) and "800 kW" in str(no) and "380V" in str(no) and "第九条" in str(no)
    assert accept(hall, asked(hall, kind, **said | {"capacity_kw": "12"} | unlisted)).case_number
    three = asked(hall, kind, **said | {"voltage": "380V", "phases": "三相", "capacity_kw": "30"} | unlisted)
    assert accept(hall, three).case_number
