"""The dictionary of fields: what each takes, how it is tidied, checked and shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.field import FIELDS, check, field, samples, show, tidy

KINDS = {"text", "note", "name", "code", "id", "phone", "date", "number", "integer", "money", "choice", "account",
         "rows"}
PROMISED = (
    "customer_name", "customer_id_kind", "customer_id", "legal_person", "legal_person_id", "customer_phone",
    "contact_name", "customer_address", "postcode", "bank_name", "bank_account", "tax_number", "usage_address",
    "usage_nature", "industry", "capacity_kw", "voltage", "shift", "important_level", "agent_name", "agent_id",
    "agent_phone", "poa_number", "poa_matter", "poa_scope", "poa_from", "poa_until", "poa_signed", "loads",
    "yx_application", "yx_account",
    "yx_contract", "note", "scheme_source", "scheme_line", "scheme_pole", "scheme_transformer",
    "scheme_capacity_kw", "boundary_point", "metering_mode", "metering_point", "meter_spec", "ct_ratio",
    "pt_ratio", "multiplier", "price_class", "supplier_name", "supplier_code", "supplier_address",
    "supplier_legal_person", "supplier_bank", "supplier_account", "supplier_phone", "supplier_postcode",
    "hall_name", "contract_number", "contract_from", "contract_until", "contract_years", "renewal_mode",
    "objection_days", "copies_original", "copies_duplicate", "sign_place",
)


@pytest.mark.parametrize("name", PROMISED)
def test_the_names_that_other_rooms_use_are_there(name: str) -> None:
    assert field(name).name == name


@pytest.mark.parametrize("each", FIELDS.values(), ids=lambda each: each.name)
def test_every_field_is_whole_and_takes_its_own_sample(each) -> None:
    assert each.kind in KINDS and each.label and each.group
    assert (each.kind == "rows") == bool(each.columns)
    assert each.kind != "choice" or each.choices
    assert not each.pattern or each.hint
    for name, value in samples((each.name,)).items():
        assert check(name, value) is None
        assert isinstance(value, list) or tidy(name, value) == value


def test_a_field_that_is_not_in_the_dictionary_is_our_bug() -> None:
    with pytest.raises(KeyError):
        field("no_such_field")


@pytest.mark.parametrize("typed", ["2026-11-02", "2026.11.2", "20261102", "2026年11月2日", "2026/11/2",
                                   "２０２６．１１．２", " 2026 年 11 月 2 日 "])
def test_dates_are_understood_however_the_clerk_types_them(typed: str) -> None:
    assert tidy("contract_from", typed) == "2026-11-02"


def test_an_impossible_date_stays_as_typed_and_is_refused() -> None:
    assert tidy("contract_from", "长期") == "长期"
    assert check("contract_from", tidy("contract_from", "2026-02-30"))
    assert check("contract_from", "26-1-1")
    assert check("contract_from", "0202-01-01")


def test_codes_are_folded_to_half_width_and_names_are_not() -> None:
    assert tidy("customer_id", "１１０１０５１９４９１２３１００２ｘ") == "11010519491231002X"
    assert tidy("yx_account", " 6300 0000 00017 ") == "6300000000017"
    assert tidy("scheme_capacity_kw", "１，２００．５") == "1200.5"
    assert tidy("scheme_capacity_kw", "12,00") == "12,00"
    assert tidy("customer_name", "\u3000才让·卓玛 ") == "才让·卓玛"
    assert tidy("customer_name", "ＡＢＣ商贸 ") == "ＡＢＣ商贸"


@pytest.mark.parametrize(("name", "value", "word"), [
    ("scheme_capacity_kw", "80kW", "数字"), ("scheme_capacity_kw", "0", "之间"), ("reading_day", "32", "之间"),
    ("reading_day", "1.5", "整数"), ("late_fee", "5", "第三十九条"), ("tamper_fee", "1.005", "两位小数"),
    ("ct_ratio", "150:5", "150/5"), ("postcode", "81300", "6 位"), ("customer_name", "才让??", "未能显示"),
    ("usage_address", "甲\n乙", "换行"), ("usage_address", "甲" * 201, "缩短"), ("voltage", "400V", "下列之一"),
    ("yx_account", "123", "10 位"), ("customer_phone", "110", "手机号"),
    ("supplier_code", "11010519491231002X", "信用代码"),
    ("loads", "80", "清单"), ("capacity_kw", "1e3", "数字"), ("multiplier", "1.23456", "小数"),
])
def test_what_is_wrong_is_told_in_one_sentence(name: str, value: str, word: str) -> None:
    said = check(name, value)
    assert said and word in said and "\n" not in said


def test_a_list_names_the_line_and_the_cell_that_are_wrong() -> None:
    said = check("loads", [{"name": "水泵", "count": "2"}, {"name": "烘干机", "count": "两"}])
    assert said and "第 2 行" in said and "数量" in said
    assert check("loads", [{"name": "水泵", "count": "2"}]) is None
    assert check("customer_name", [{"name": "x"}])


def test_an_empty_value_is_nobodys_fault() -> None:
    assert all(check(name, "") is None for name in FIELDS)


def test_paper_shows_long_dates_and_two_decimals_and_the_screen_masks() -> None:
    assert show("contract_from", "2026-11-22") == "2026年11月22日"
    assert show("tamper_fee", "5000") == "5000.00"
    assert show("customer_id", "33010619900101123X") == "33010619900101123X"
    assert show("customer_id", "33010619900101123X", masked=True) == "330106********123X"
    assert show("customer_phone", "13800001234", masked=True) == "138****1234"
    assert show("customer_name", "才让·卓玛", masked=True) == "才让·卓玛"
    assert show("yx_account", "6300000000017", masked=True) == "6300000000017"
    assert show("bank_account", "6300000000000000019", masked=True) == "630000*********0019"
    assert show("tax_number", "91632521MA00000A9H", masked=True) == "91632521MA00000A9H", "a company's is public"
    assert show("tax_number", "33010619900101123X", masked=True) == "330106********123X"
    assert show("loads", [{"name": "水泵"}]) == "1 项"


@pytest.mark.parametrize(("written", "kept"), [
    ("09708612345", "0970-8612345"), ("（0970）8612345", "0970-8612345"), ("010 12345678", "010-12345678"),
    ("0971-8123456-801", "0971-8123456-801"), ("139-7000-0001", "13970000001"), ("+86 13970000001", "13970000001"),
    ("95598", "95598"), ("400-800-1234", "400-800-1234"), ("8612345", "8612345"),
])
def test_a_telephone_is_kept_in_one_form(written: str, kept: str) -> None:
    assert tidy("supplier_phone", written) == kept


def test_ids_and_phones_of_persons_are_marked_as_masked() -> None:
    persons = [each for each in FIELDS.values() if each.group in ("客户", "经办人") and each.kind in ("id", "phone")]
    assert {each.name for each in persons if not each.masked} == {"customer_fax"}


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=40))
def test_tidying_twice_is_tidying_once_and_no_text_breaks_a_check(name: str, text: str) -> None:
    once = tidy(name, text)
    assert tidy(name, once) == once
    said = check(name, once)
    assert said is None or said


def test_only_a_hall_may_be_called_at_a_service_number() -> None:
    assert check("supplier_phone", "95598") is None
    assert check("service_phone", "12345") is None
    for name in ("customer_phone", "agent_phone", "contact_phone", "dispatch_phone"):
        assert "服务热线" in (check(name, "12345") or "")


def test_a_list_with_a_cell_that_nobody_asked_for_is_told_which_there_are() -> None:
    said = check("loads", [{"name": "水泵", "power": "3"}])
    assert said and "“power”" in said and "单台容量（unit_kw）" in said
    assert check("loads", ["水泵"])  # type: ignore[list-item]


def test_each_choice_is_told_in_quotation_marks_as_some_hold_the_comma() -> None:
    assert "“承试”、“承装、承试”、“承装、承修、承试”" in str(check("builder_scope", "承修"))
