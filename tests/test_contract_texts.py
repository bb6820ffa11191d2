"""The contract texts themselves: every head and blank that the trade asks for, in words that bind."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from desktop.catalog.release import load_catalog
from desktop.domain import clause
from desktop.domain.accord import VAGUE
from desktop.domain.clause import FilledContract, FilledParagraph, FilledTable, Paragraph, Template, Words
from desktop.domain.field import FIELDS, Value, field, show
from desktop.errors import Refusal
from printing.template import CONTRACTS, load, templates

LOW, HIGH = templates()["low_voltage"], templates()["high_voltage"]
BOTH = pytest.mark.parametrize("template", [LOW, HIGH], ids=["low_voltage", "high_voltage"])

# the heads of each kind, and under each head the blanks that must stand in that clause
LOW_HEADS: dict[str, str] = {
    "用电地址、性质和容量": "usage_address industry usage_nature shift rest_day scheme_capacity_kw",
    "电源和供电方式": "scheme_line scheme_transformer scheme_pole voltage",
    "供电质量和供电时间": "voltage_quality frequency_quality supply_time",
    "备用电源和自备电源": "backup_source backup_capacity_kw own_generator own_generator_kw own_interlock",
    "接线附图": "boundary_drawing",
    "用电计量": "metering_mode metering_point meter_spec ct_ratio multiplier",
    "抄表和计量异议": "reading_day reading_cycle meter_answer_days refund_basis",
    "电价和电费结算": "price_class market_mode time_of_use settlement_mode payment_way payment_days",
    "维护责任分界": "boundary_point",
    "中止供电和恢复供电": "planned_outage_days dunning_days stop_notice_days restore_hours",
    "用电约定": "notice_days",
    "供电人的违约责任": "outage_multiple",
    "用电人的违约责任": "late_fee class_multiple over_rate sealed_rate tamper_fee source_rate theft_multiple",
    "合同有效期": "contract_from contract_until renewal_mode objection_days",
    "争议解决": "dispute_way arbitration_body",
    "合同份数和附件": "copies_original copies_duplicate",
}
HIGH_HEADS: dict[str, str] = {
    "用电地址": "usage_address", "用电性质": "industry usage_nature load_grade load_timing special_load",
    "用电容量": "receiving_points transformers hv_motor_kw scheme_capacity_kva running_capacity_kva",
    "供电方式": "source_kind voltage sources source_link source_interlock source_switch",
    "自备应急电源及非电保安": "own_generator own_generator_kw ups_kva own_interlock emergency_load_kw "
                       "nonelectric_measures",
    "无功补偿": "reactive_kvar power_factor_target", "产权分界点及责任": "boundary_point boundary_drawing",
    "用电计量": "metering_mode metering_point meter_spec meter_accuracy multiplier ct_ratio pt_ratio "
            "reactive_metering loss_of_voltage meters",
    "电量抄录与计算": "reading_day transformer_loss line_loss fixed_ratio fixed_quantity",
    "计量失准及争议": "refund_basis meter_answer_days",
    "电价与电费": "price_class time_of_use power_factor_standard basic_charge market_mode contract_demand_kw",
    "支付与结算": "settlement_mode settlement_times settlement_dates payment_way payment_days prepaid_amount",
    "电能质量": "frequency_quality voltage_quality harmonic_quality",
    "连续供电": "planned_outage_days urgent_outage_hours restore_hours",
    "中止供电程序": "dunning_days stop_notice_days stop_notice_minutes", "越界操作": "", "事故抢修": "service_phone",
    "信息提供": "notice_days", "信息保密": "", "交费": "payment_days", "保安措施": "notice_days",
    "受电设施合格": "test_period", "设施及自备电源管理": "", "保护整定配合": "", "无功管理": "power_factor_standard",
    "电能质量共担": "special_load", "有关事项通知": "notice_days", "配合": "", "禁止行为": "notice_days",
    "减少损失": "",
    "合同变更、转让、终止": "change_notice_days termination_days suspend_days suspend_months",
    "供电人违约责任": "outage_multiple",
    "用电人违约责任": "late_fee late_fee_over class_multiple over_multiple over_rate sealed_multiple sealed_rate "
                "tamper_fee source_rate theft_multiple",
    "供电时间": "supply_time", "合同效力": "contract_from contract_until renewal_mode objection_days",
    "调度通讯": "dispatch_number dispatch_contact dispatch_phone", "争议解决": "dispute_way arbitration_body",
    "通知与同意": "delivery_address", "文本和附件": "copies_original copies_duplicate", "提示与说明": "",
    "特别约定": "special_terms",
}
ANNEXES = {
    "low_voltage": ("供电接线及产权分界示意图", "用电设备清单", "授权委托书"),
    "high_voltage": ("术语定义", "供电接线及产权分界示意图", "电费结算协议", "调度协议", "授权委托书", "用电设备清单",
                     "变更和补充协议"),
}
PARTIES = ("supplier_name", "supplier_code", "supplier_address", "supplier_legal_person", "supplier_agent",
           "supplier_phone", "supplier_postcode", "supplier_bank", "supplier_account", "supplier_tax_number",
           "supplier_contact", "supplier_fax", "customer_name", "customer_id_kind", "customer_id",
           "customer_address", "legal_person", "agent_name", "contact_phone", "postcode", "bank_name",
           "bank_account", "tax_number", "contact_name", "customer_fax")
# 电力供应与使用条例第三十三条：a contract has these seven; each is shown by a blank that must be filled
SEVEN = (("voltage", "boundary_point"), ("usage_address", "usage_nature"), ("metering_mode", "price_class"),
         ("boundary_point",), ("contract_from", "contract_until"))


def filled(template: Template, **more: Value) -> FilledContract:
    answers = {**clause.sample_answers(template), **more}
    return clause.fill(template, answers, number="GH-XX-2026-000001", practice=False, cap_years=10)


def texts(part: clause.FilledClause) -> list[str]:
    return [block.text for block in part.blocks if isinstance(block, FilledParagraph)]


def printed(part: clause.FilledClause) -> str:
    tables = [block for block in part.blocks if isinstance(block, FilledTable)]
    return "\n".join([part.head, *texts(part), *(cell for t in tables for row in t.rows for cell in row)])


def expected(template: Template, name: str) -> list[str]:
    """What the paper must show of a field's sample value."""
    value = clause.sample_answers(template).get(name) or template.blanks[name].default
    if isinstance(value, list):
        return [cell for row in value for cell in row.values() if cell]
    return [show(name, value) if value else template.blanks[name].empty]


def test_there_is_a_text_for_low_voltage_and_one_for_high() -> None:
    assert set(templates()) == {"low_voltage", "high_voltage"}


@pytest.mark.parametrize(("template", "heads"), [(LOW, LOW_HEADS), (HIGH, HIGH_HEADS)], ids=["low", "high"])
def test_every_head_of_the_trade_and_every_blank_under_it_is_in_the_text(template: Template,
                                                                         heads: dict[str, str]) -> None:
    parts = filled(template).clauses
    for head, names in heads.items():
        standing = [part for part in parts if head in part.head]
        assert standing, head
        blanks = {name for c in template.clauses if head in c.head for name in clause.slots(c.blocks)}
        assert set(names.split()) <= blanks, head
        for value in (value for name in names.split() for value in expected(template, name)):
            assert any(value in printed(part) for part in standing), (head, value)


def test_the_high_voltage_contract_has_forty_one_clauses_in_the_order_of_the_trade() -> None:
    assert len(HIGH.clauses) == len(HIGH_HEADS) == 41
    assert all(head in c.head for head, c in zip(HIGH_HEADS, HIGH.clauses, strict=True))


@BOTH
def test_the_annexes_are_there_with_a_frame_for_the_drawing(template: Template) -> None:
    annexes = filled(template).annexes
    assert tuple(annex.head for annex in annexes) == ANNEXES[template.kind]
    drawing = next(annex for annex in annexes if "示意图" in annex.head)
    assert any(isinstance(block, clause.Frame) and block.height_mm >= 80 for block in drawing.blocks)


def test_annexes_that_are_not_used_say_so() -> None:
    annexes = {annex.id: printed(annex) for annex in filled(HIGH, dispatch_use="不适用", supplements=[]).annexes}
    assert "不适用" in annexes["dispatch_sheet"]
    assert annexes["supplement_list"].endswith("无\n\n")


@BOTH
def test_the_parties_block_holds_both_halves(template: Template) -> None:
    names = [name for pair in template.party_fields for name in pair if name]
    assert set(PARTIES) <= set(names)
    contract = filled(template)
    lines = dict(contract.supplier) | dict(contract.customer)
    assert lines["户名"] == FIELDS["customer_name"].sample and lines["供电人名称"] == FIELDS["supplier_name"].sample
    assert len(contract.supplier) == len(contract.customer)
    assert contract.signature[0][0].startswith("供电人")


@BOTH
def test_the_seven_items_of_the_law_can_not_stay_empty(template: Template) -> None:
    for names in SEVEN:
        assert all(template.blanks[name].need == "required" for name in names)
    capacity = "scheme_capacity_kw" if template is LOW else "scheme_capacity_kva"
    assert template.blanks[capacity].need == "required"
    assert {"supply_time", "late_fee", "special_terms"} <= set(template.blanks)


@BOTH
def test_every_hole_is_refused_by_name(template: Template) -> None:
    required = [name for name, blank in template.blanks.items() if blank.need == "required"]
    whole = clause.sample_answers(template)
    for name in required:
        with pytest.raises(Refusal) as caught:
            clause.fill(template, {**whole, name: ""}, number="X", practice=False)
        assert name in {missing.field for missing in caught.value.missing}


@BOTH
def test_nothing_but_the_required_blanks_is_needed(template: Template) -> None:
    whole = clause.sample_answers(template)
    bare = {name: whole[name] for name, blank in template.blanks.items() if blank.need == "required"}
    bare |= {name: whole[name] for name in ("ct_ratio", "pt_ratio", "multiplier") if name in whole}
    contract = clause.fill(template, bare, number="X", practice=False)
    runs = [run for part in (*contract.clauses, *contract.annexes) for b in part.blocks
            if isinstance(b, FilledParagraph) for run in b.runs]
    assert all(run.text.strip() for run in runs)


@BOTH
def test_no_clause_is_a_one_liner(template: Template) -> None:
    for part in template.clauses:
        paragraphs = [block for block in part.blocks if isinstance(block, Paragraph)]
        words = "".join(run.text for block in paragraphs for run in block.runs if isinstance(run, Words))
        assert len(paragraphs) >= 2 or len(words) >= 80, part.head
        assert len(words) >= 60, part.head


@BOTH
def test_the_text_itself_is_not_vague_and_leaves_no_mark_behind(template: Template) -> None:
    for part in (*template.clauses, *template.annexes):
        words = "".join(run.text for block in part.blocks if isinstance(block, Paragraph)
                        for run in block.runs if isinstance(run, Words))
        assert [word for word in VAGUE if word in words] == [], part.head
        assert not re.search(r"[{}#|\[\]]|TODO|。。|，，|[a-z_]{5,}", words), part.head


@BOTH
def test_items_are_numbered_without_a_gap(template: Template) -> None:
    for part in (*template.clauses, *template.annexes):
        count = {1: 0, 2: 0}
        for block in part.blocks:
            level = block.level if isinstance(block, Paragraph) else 1
            if level and isinstance(block, Paragraph):
                count[level] += 1
                first = block.runs[0]
                assert isinstance(first, Words)
                mark = f"（{clause.ordinal(count[1])}）" if level == 1 else f"{count[2]}. "
                if first.text.startswith("（一）"):
                    count[1], mark = 1, "（一）"
                assert first.text.startswith(mark), (part.head, first.text)


@BOTH
def test_pointers_to_clauses_and_annexes_point_at_what_is_there(template: Template) -> None:
    heads = {f"第{clause.ordinal(n)}条" for n in range(1, len(template.clauses) + 1)}
    annexes = {f"附件{clause.ordinal(n)}" for n in range(1, len(template.annexes) + 1)}
    contract = filled(template)
    whole = "\n".join(printed(part) for part in (*contract.clauses, *contract.annexes))
    own = whole.replace("《电力供应与使用条例》第三十九条", "")
    assert set(re.findall(r"第[一二三四五六七八九十]+条", own)) <= heads
    assert set(re.findall(r"附件[一二三四五六七八九十]+", own)) <= annexes


def test_annexes_are_called_by_their_right_names() -> None:
    for number, head in enumerate(ANNEXES["high_voltage"], start=1):
        assert f"附件{clause.ordinal(number)}{head}" in printed(filled(HIGH).clauses[38])
    low = "\n".join(printed(part) for part in filled(LOW).clauses)
    assert all(words in low for words in ("见附件一", "附件二所列用电设备", "授权委托书，见附件三"))


@BOTH
def test_every_default_has_a_basis_and_every_required_blank_too(template: Template) -> None:
    for blank in template.blanks.values():
        assert blank.need == "optional" or blank.basis, blank.name
        assert blank.verified or blank.default, blank.name


@BOTH
def test_figures_that_are_not_verified_are_marked_in_the_margin(template: Template) -> None:
    contract = clause.fill(template, clause.sample_answers(template), number="X", practice=False)
    marked = {run.text for part in contract.clauses for b in part.blocks if isinstance(b, FilledParagraph)
              for run in b.runs if run.mark}
    assert "500.00元（人民币伍佰元整）" in marked and marked >= {"4", "24", "30"}
    assert {name for name in ("outage_multiple", "tamper_fee", "source_rate", "stop_notice_days", "objection_days")
            if template.blanks[name].verified} == set()
    assert template.blanks["planned_outage_days"].verified and template.blanks["dunning_days"].verified


@BOTH
def test_figures_of_law_lie_in_the_laws_range(template: Template) -> None:
    whole = clause.sample_answers(template)
    for name, value in (("late_fee", "3.5"), ("planned_outage_days", "6"), ("dunning_days", "29"),
                        ("urgent_outage_hours", "23")):
        with pytest.raises(Refusal, match=field(name).label):
            clause.fill(template, {**whole, name: value}, number="X", practice=False)


@BOTH
def test_the_notice_says_that_a_lawyer_must_approve(template: Template) -> None:
    assert filled(template).notice == "示范文本，须经法务审定"


def test_every_kind_of_the_catalogue_names_a_text_that_is_there_or_none() -> None:
    kinds = load_catalog().contract_kinds
    found = {each.id: each for each in (kinds.values() if hasattr(kinds, "values") else kinds)}
    assert set(found) == {"resident", "low_voltage", "high_voltage", "temporary"}
    assert {each.template for each in found.values()} - {""} == set(templates())
    assert all(templates()[each.template].title == each.title for each in found.values() if each.template)
    assert [found[kind].cap_years for kind in ("low_voltage", "high_voltage", "temporary")] == [10, 5, 3]


def broken(tmp_path: Path, *, text: tuple[str, str] = ("", ""), blanks: tuple[str, str] = ("", "")) -> Path:
    folder = tmp_path / "low_voltage"
    shutil.copytree(CONTRACTS / "low_voltage", folder)
    for name, (old, new) in (("text.txt", text), ("blanks.toml", blanks)):
        content = (folder / name).read_text("utf-8")
        assert old in content
        (folder / name).write_text(content.replace(old, new, 1) if old else content + new, "utf-8")
    return folder


@pytest.mark.parametrize(("change", "said"), [
    ({"text": ("{voltage}", "{colour}")}, "colour is not in field.py"),
    ({"text": ("{voltage}", "{own_interlock}")}, "voltage does not stand"),
    ({"text": ("{shift}", "{meter_seal}")}, "meter_seal has no need declared"),
    ({"text": ("{shift}", "{loads}")}, "loads is a list"),
    ({"text": ("| loads", "| shift")}, "shift is no list"),
    ({"text": ("= count total_kw", "= count phases")}, "no number phases to add up"),
    ({"text": ("_ agent_name", "_ nobody")}, "lines to sign hang on nobody"),
    ({"text": ("{#change}", "{#nowhere}")}, "nowhere"),
    ({"text": ("", "## usage 又一条\n甲乙。\n")}, "two clauses"),
    ({"blanks": ('default = "7", basis = "电力供应与使用条例第二十八条（一）"', 'default = "7"')}, "needs its basis"),
    ({"blanks": ('default = "7", basis', 'default = "3", basis')}, "planned_outage_days"),
    ({"blanks": ('shift = { need = "optional"', 'shift = { need = "perhaps"')}, "shift has no need"),
    ({"blanks": ('shift = { need = "optional"', 'shift = { need = "default"')}, "belong together"),
    ({"blanks": ("notice = ", 'colour = "red"\nnotice = ')}, "unknown key colour"),
])
def test_a_text_that_disagrees_with_itself_is_refused_as_our_bug(tmp_path: Path, change: dict[str, tuple[str, str]],
                                                                 said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        load(broken(tmp_path, **change))


def test_the_digest_changes_with_a_single_letter(tmp_path: Path) -> None:
    assert load(CONTRACTS / "low_voltage").digest == LOW.digest
    assert load(broken(tmp_path, text=("用电人", "用户人"))).digest != LOW.digest
    assert re.fullmatch(r"[0-9a-f]{64}", LOW.digest)


@BOTH
def test_the_equipment_list_is_added_up(template: Template) -> None:
    loads = [{"name": "烤箱", "count": "2", "unit_kw": "7.5", "total_kw": "15"},
             {"name": "照明", "count": "10", "unit_kw": "0.5", "total_kw": "5"}]
    (table,) = [block for annex in filled(template, loads=loads, scheme_capacity_kw="20").annexes
                for block in annex.blocks if isinstance(block, FilledTable) and block.title == "用电设备清单"]
    assert table.total == ("合计", "", "12", "", "20", "", "")


def test_a_list_with_a_gap_has_no_sum_in_that_column() -> None:
    loads = [{"name": "烤箱", "count": "2", "total_kw": "15"}, {"name": "照明", "count": "", "total_kw": "5"}]
    (table,) = [block for annex in filled(LOW, loads=loads).annexes
                for block in annex.blocks if isinstance(block, FilledTable)]
    assert table.total == ("合计", "", "", "", "20", "", "")


def test_a_low_voltage_contract_without_its_equipment_or_multiplier_asks_for_them() -> None:
    """依据：第一条以附件二核定约定容量；倍率关系到每一度电，不能替双方假定为 1。"""
    for name, empty in (("loads", []), ("multiplier", "")):
        with pytest.raises(Refusal) as caught:
            filled(LOW, **{name: empty})
        assert name in {missing.field for missing in caught.value.missing}


@BOTH
def test_the_power_of_attorney_is_signed_by_its_giver_only_where_there_is_one(template: Template) -> None:
    nobody = {name: "" for name in template.blanks if name.startswith(("agent_", "poa_"))}
    for answers, signed in (({}, True), (nobody, False)):
        (annex,) = [part for part in filled(template, **answers).annexes if part.head == "授权委托书"]
        lines = [line for block in annex.blocks if isinstance(block, clause.Signing) for line in block.lines]
        assert (("委托人（盖章或者签名）", "受托人（签名）") in lines and ("签署日期", "签署日期") in lines) is signed
        assert signed or ("／" not in printed(annex) and "委托起始日：无；委托截止日：无" in printed(annex))


@BOTH
def test_one_person_is_to_be_called_and_on_one_telephone(template: Template) -> None:
    contract = filled(template, contact_name="示范丁", contact_phone="13997000009", customer_phone="13997000001")
    whole = "\n".join(printed(part) for part in contract.clauses)
    assert dict(contract.customer)["联系人电话"] == "13997000009"
    assert "联系人：示范丁；联系电话：13997000009" in whole and "13997000001" not in whole


@BOTH
def test_the_parties_block_says_nothing_in_one_way_only(template: Template) -> None:
    required = {name: value for name, value in clause.sample_answers(template).items()
                if template.blanks[name].need == "required" or name in ("ct_ratio", "pt_ratio")}
    contract = clause.fill(template, required, number="X", practice=False)
    assert {value for _, value in (*contract.supplier, *contract.customer)} >= {"无"}
    assert "／" not in {value for _, value in (*contract.supplier, *contract.customer)}
