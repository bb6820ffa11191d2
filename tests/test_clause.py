"""A contract's text with blanks: filled whole, or refused with every hole named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain import clause
from desktop.domain.accord import contradictions, vague_words
from desktop.domain.clause import (
    Blank,
    Clause,
    FilledParagraph,
    FilledTable,
    Paragraph,
    Slot,
    TableBlock,
    Template,
    Words,
)
from desktop.errors import Refusal

BLANKS = (
    Blank("usage_address", "required"),
    Blank("late_fee", "default", "2", "条例第三十九条"),
    Blank("tamper_fee", "default", "5000.00", "营业规则", verified=False),
    Blank("backup_source", "optional", empty="／"),
    Blank("special_terms", "optional"),
    Blank("contract_from", "required"),
    Blank("contract_until", "required"),
    Blank("loads", "optional"),
    Blank("supplier_name", "required"),
    Blank("customer_name", "required"),
)
ANSWERS: dict[str, str | list[dict[str, str]]] = {
    "supplier_name": "示例供电公司", "customer_name": "才让·卓玛", "usage_address": "绿洲南路 16 号",
    "contract_from": "2026-12-01", "contract_until": "2029-11-30",
}


def _paragraph(*pieces: str | Slot) -> Paragraph:
    return Paragraph(tuple(Words(piece) if isinstance(piece, str) else piece for piece in pieces))


TEMPLATE = Template(
    kind="tiny", title="小合同", notice="示范文本", digest="0", annexes=(),
    clauses=(
        Clause("where", "用电地址", (
            _paragraph("地址：", Slot("usage_address"), "；备用：", Slot("backup_source"), "。"),
        )),
        Clause("pay", "违约", (
            _paragraph("每日", Slot("late_fee"), "‰；每次", Slot("tamper_fee"), "。"),
            TableBlock("loads", "设备"),
        )),
        Clause("term", "有效期", (
            _paragraph("自", Slot("contract_from"), "至", Slot("contract_until"), "。", Slot("special_terms"), "。"),
        )),
    ),
    blanks={blank.name: blank for blank in BLANKS},
    party_fields=(("supplier_name", "customer_name"),), signature_fields=(("供电人（盖章）", "用电人（盖章）"),),
)


def fill(answers: dict[str, str | list[dict[str, str]]], cap_years: int | None = 10) -> clause.FilledContract:
    return clause.fill(TEMPLATE, answers, number="X-1", practice=False, cap_years=cap_years)


def text_of(filled: clause.FilledContract, number: int) -> str:
    return "".join(b.text for b in filled.clauses[number].blocks if isinstance(b, FilledParagraph))


def test_values_stand_in_their_blanks_and_defaults_where_nobody_answered() -> None:
    filled = fill(ANSWERS)
    assert text_of(filled, 0) == "地址：绿洲南路 16 号；备用：／。"
    assert text_of(filled, 1) == "每日2‰；每次5000.00元（人民币伍仟元整）。"
    assert text_of(filled, 2) == "自2026年12月1日至2029年11月30日。无。"
    assert (filled.number, filled.qr) == ("X-1", "X-1")
    assert filled.supplier == (("供电人名称", "示例供电公司"),) and filled.customer == (("户名", "才让·卓玛"),)
    assert [c.number for c in filled.clauses] == [1, 2, 3]


def test_a_default_that_no_lawyer_has_checked_is_marked_and_the_halls_own_figure_is_not() -> None:
    def marks(answers: dict[str, str | list[dict[str, str]]]) -> list[str]:
        block = fill(answers).clauses[1].blocks[0]
        assert isinstance(block, FilledParagraph)
        return [run.mark for run in block.runs if run.filled]

    assert marks(ANSWERS) == ["", "待核验"]
    assert marks({**ANSWERS, "tamper_fee": "6000.00"}) == ["", ""]


def test_a_hole_is_refused_and_named_with_its_clause() -> None:
    with pytest.raises(Refusal) as caught:
        fill({**ANSWERS, "usage_address": " ", "contract_until": ""})
    assert {missing.field for missing in caught.value.missing} == {"usage_address", "contract_until"}
    assert "用电地址" in str(caught.value) and "2 处" in caught.value.sentence
    assert caught.value.field == "usage_address"


def test_faults_come_in_the_order_of_the_text_and_say_their_kind() -> None:
    wrong = {**ANSWERS, "customer_name": "才让??", "usage_address": "", "special_terms": "电费另行协商",
             "contract_until": "2026-11-30", "late_fee": "9"}
    found = clause.faults(TEMPLATE, wrong)
    assert [(f.field, f.kind, f.clause_id) for f in found] == [
        ("customer_name", "格式", ""), ("usage_address", "空白", "where"), ("late_fee", "格式", "pay"),
        ("contract_until", "矛盾", "term"), ("special_terms", "含糊", "term"),
    ]


def test_a_list_prints_as_a_table_and_an_empty_one_says_so() -> None:
    table = fill({**ANSWERS, "loads": [{"name": "水泵", "count": "2", "unit_kw": "7.5", "total_kw": "15"}]})
    block = table.clauses[1].blocks[1]
    assert isinstance(block, FilledTable)
    assert block.heads[:4] == ("设备名称", "类型", "数量（台）", "单台容量（kW）")
    assert block.rows == (("水泵", "", "2", "7.5", "15", "", ""),)
    assert block.numeric[:4] == (False, False, True, True)
    empty = fill(ANSWERS).clauses[1].blocks[1]
    assert isinstance(empty, FilledTable) and empty.rows[0][0] == "无"
    assert len(empty.rows[0]) == len(empty.heads) == len(empty.numeric)


def test_a_closing_mark_of_the_answer_is_not_doubled() -> None:
    assert text_of(fill({**ANSWERS, "special_terms": "冷库错峰运行。"}), 2).endswith("冷库错峰运行。")
    assert "。。" not in text_of(fill({**ANSWERS, "special_terms": "冷库错峰运行。"}), 2)


def test_the_form_asks_what_the_text_asks_in_its_order() -> None:
    assert [(c.id, names) for c, names in clause.asked(TEMPLATE)] == [
        ("where", ("usage_address", "backup_source")), ("pay", ("late_fee", "tamper_fee", "loads")),
        ("term", ("contract_from", "contract_until", "special_terms")),
    ]


def test_what_is_kept_beside_the_paper_holds_the_defaults() -> None:
    kept = clause.effective(TEMPLATE, ANSWERS)
    assert kept["late_fee"] == "2" and "backup_source" not in kept


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (41, "四十一"),
                                              (99, "九十九")])
def test_clauses_are_numbered_in_words(number: int, said: str) -> None:
    assert clause.ordinal(number) == said


def test_there_is_no_clause_zero() -> None:
    with pytest.raises(ValueError, match="0"):
        clause.ordinal(0)


@pytest.mark.parametrize(("field", "facts"), [
    ("multiplier", {"ct_ratio": "150/5", "multiplier": "20"}),
    ("multiplier", {"multiplier": "20"}),
    ("multiplier", {"metering_mode": "高供高计", "ct_ratio": "50/5", "pt_ratio": "10000/100", "multiplier": "10"}),
    ("pt_ratio", {"metering_mode": "高供高计"}),
    ("pt_ratio", {"metering_mode": "低供低计", "pt_ratio": "10000/100"}),
    ("metering_mode", {"metering_mode": "低供低计", "voltage": "10kV"}),
    ("metering_mode", {"metering_mode": "高供低计", "voltage": "380V"}),
    ("transformer_loss", {"metering_mode": "高供低计", "transformer_loss": "不计"}),
    ("meters", {"meters": [{"mode": "低供低计", "ct_ratio": "400/5", "multiplier": "8"}]}),
    ("scheme_capacity_kw", {"capacity_kw": "80", "scheme_capacity_kw": "100"}),
    ("scheme_capacity_kw", {"scheme_capacity_kw": "20", "loads": [{"total_kw": "15"}, {"total_kw": "10"}]}),
    ("loads", {"loads": [{"count": "2", "unit_kw": "7.5", "total_kw": "14"}]}),
    ("scheme_capacity_kva", {"scheme_capacity_kva": "800", "transformers": [{"count": "1", "kva": "400"}]}),
    ("running_capacity_kva", {"scheme_capacity_kva": "800", "running_capacity_kva": "1000"}),
    ("contract_until", {"contract_from": "2026-12-01", "contract_until": "2026-12-01"}),
    ("contract_until", {"contract_from": "2026-12-01", "contract_until": "2028-11-30", "contract_years": "3"}),
    ("poa_number", {"agent_name": "马海英", "poa_scope": "签约", "poa_from": "2026-01-01", "poa_until": "2026-12-31"}),
    ("poa_until", {"agent_name": "马海英", "poa_number": "1", "poa_scope": "签约", "poa_from": "2026-12-01",
                   "poa_until": "2026-01-01"}),
    ("arbitration_body", {"dispute_way": "申请仲裁"}),
    ("arbitration_body", {"dispute_way": "提起诉讼", "arbitration_body": "示例仲裁委员会"}),
    ("basic_charge", {"price_class": "工商业（两部制）", "basic_charge": "不执行"}),
    ("basic_charge", {"price_class": "工商业（单一制）", "basic_charge": "按变压器容量"}),
    ("contract_demand_kw", {"price_class": "工商业（两部制）", "basic_charge": "按合同最大需量"}),
    ("prepaid_amount", {"settlement_mode": "预付电费"}),
    ("settlement_dates", {"settlement_mode": "分次结算"}),
    ("own_interlock", {"own_generator_kw": "120"}),
    ("sources", {"source_kind": "双电源异站", "sources": [{"line": "甲"}]}),
    ("source_interlock", {"source_kind": "双电源异站", "sources": [{"line": "甲"}, {"line": "乙"}]}),
    ("dispatch_unit", {"dispatch_use": "适用"}),
])
def test_two_facts_that_cannot_both_be_true_are_told(field: str, facts: dict[str, str]) -> None:
    found = dict(contradictions(facts))
    assert field in found and found[field].strip()


@pytest.mark.parametrize("facts", [
    {}, {"ct_ratio": "150/5", "multiplier": "30"}, {"multiplier": "1"},
    {"metering_mode": "高供高计", "voltage": "10kV", "ct_ratio": "50/5", "pt_ratio": "10000/100", "multiplier": "1000"},
    {"metering_mode": "高供低计", "voltage": "10kV", "transformer_loss": "查表", "ct_ratio": "400/5",
     "multiplier": "80"},
    {"capacity_kw": "80", "scheme_capacity_kw": "60"},
    {"scheme_capacity_kw": "20", "demand_factor": "0.8", "loads": [{"total_kw": "15"}, {"total_kw": "10"}]},
    {"contract_from": "2026-12-01", "contract_until": "2029-12-01", "contract_years": "3"},
    {"contract_from": "2024-02-29", "contract_until": "2027-02-28", "contract_years": "3"},
    {"scheme_capacity_kva": "800", "transformers": [{"count": "2", "kva": "400"}]},
    {"scheme_capacity_kva": "1050", "hv_motor_kw": "250", "transformers": [{"count": "2", "kva": "400"}]},
    {"source_kind": "单电源单回路", "sources": [{"line": "甲"}]},
    {"price_class": "农业生产", "market_mode": "电网企业代理购电", "dispatch_use": "不适用"},  # no rule asks it
])
def test_facts_that_agree_are_left_in_peace(facts: dict[str, str]) -> None:
    assert contradictions(facts) == ()


@pytest.mark.parametrize(("price", "market", "fits"), [
    ("农业生产", "执行目录电价", True), ("农业生产", "电网企业代理购电", False),
    ("居民生活", "直接参与市场交易", False), ("工商业（两部制）", "执行目录电价", False),
    ("工商业（单一制）", "电网企业代理购电", True), ("", "执行目录电价", True), ("工商业（单一制）", "", True)])
def test_price_and_way_of_buying_fit_as_the_catalogue_says(price: str, market: str, fits: bool) -> None:
    told = contradictions({"price_class": price, "market_mode": market}, pairings=load_catalog().pairings)
    assert (told == ()) == fits
    assert fits or (told[0][0] == "market_mode" and "不相配" in told[0][1] and "待核验" in told[0][1])


def test_a_term_longer_than_its_kind_may_last_is_refused() -> None:
    facts = {"contract_from": "2026-12-01", "contract_until": "2036-12-01"}
    assert "上限 10 年" in contradictions(facts, cap_years=10)[0][1]
    assert contradictions({**facts, "contract_until": "2036-11-30"}, cap_years=10) == ()
    assert contradictions(facts) == ()


def test_vague_words_are_found_in_texts_and_not_in_addresses() -> None:
    assert vague_words("special_terms", "费用另行协商，大约 80 元") == ("另行协商", "大约")
    assert vague_words("special_terms", "按有关规定办理") == ("按有关规定",)
    assert vague_words("usage_address", "邮局左右两侧") == ()
    assert vague_words("customer_name", "若干商贸有限公司") == ()


SINGLE = [blank.name for blank in BLANKS if blank.name != "loads"]


@given(st.dictionaries(st.sampled_from(SINGLE), st.text(max_size=12)))
def test_whatever_is_typed_a_contract_is_whole_or_refused(typed: dict[str, str]) -> None:
    answers = {**ANSWERS, **typed}
    try:
        filled = fill(answers)
    except Refusal as refused:
        assert refused.missing
        return
    runs = [run for c in filled.clauses for b in c.blocks if isinstance(b, FilledParagraph) for run in b.runs]
    assert all(run.text for run in runs)
