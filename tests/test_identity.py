"""Numbers of people, companies, accounts and telephones."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import identity as number

RESIDENT = "11010519491231002X"
COMPANY = "91350100M000100Y43"


@pytest.mark.parametrize("good", [RESIDENT, RESIDENT.lower(), "440524188001010014"])
def test_the_samples_of_the_standard_are_residents(good: str) -> None:
    assert number.check_id(good) is None


@pytest.mark.parametrize(("bad", "word"), [
    ("110105194912310021", "校验位"), ("11010519490231002X", "出生日期"), ("1101051949123100", "18 位"),
    ("11010519491231002A", "18 位"), ("110105491231002", "旧"), ("", "18 位"),
])
def test_a_wrong_resident_number_is_told_what_is_wrong(bad: str, word: str) -> None:
    assert word in (number.check_id(bad) or "")


def test_nobody_is_born_tomorrow_or_two_hundred_years_ago() -> None:
    assert number.check_id(RESIDENT, date(2026, 11, 22)) is None
    assert "合理" in (number.check_id(RESIDENT, date(1949, 12, 30)) or "")
    assert "合理" in (number.check_id(RESIDENT, date(2150, 1, 1)) or "")


def test_an_old_number_of_fifteen_digits_has_a_new_form() -> None:
    assert number.to_18("110105491231002") == RESIDENT
    with pytest.raises(ValueError, match="15-digit"):
        number.to_18(RESIDENT)


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_of_a_resident_number_is_seen(place: int, digit: str) -> None:
    changed = RESIDENT[:place] + digit + RESIDENT[place + 1:]
    assert (number.check_id(changed) is None) == (changed == RESIDENT)


def test_a_company_is_known_by_its_check_character() -> None:
    assert number.check_uscc(COMPANY) is None
    assert number.check_uscc(COMPANY.lower()) is None
    assert "校验位" in (number.check_uscc("91350100M000100Y44") or "")
    assert "17 位" in (number.check_uscc(COMPANY[:-1]) or "")
    assert "I、O" in (number.check_uscc("9135O100M000100Y43") or "")


@pytest.mark.parametrize(("account", "good"), [
    ("5699252753", True), ("6308633139480", True), ("1234567890123456", True), ("12345678901", False),
    ("569925275X", False), ("５６９９２５２７５３", False), ("", False),
])
def test_an_account_has_ten_thirteen_or_sixteen_digits(account: str, good: bool) -> None:
    assert (number.check_account(account) is None) == good


@pytest.mark.parametrize(("phone", "good"), [
    ("13800001234", True), ("16600001234", True), ("0974-8512345", True), ("09748512345", True),
    ("010-12345678-801", True), ("400-810-8888", True), ("95598", True), ("12800001234", False),
    ("1380000123", False), ("8512345", False), ("abc", False),
])
def test_phones_are_mobiles_landlines_or_service_numbers(phone: str, good: bool) -> None:
    assert (number.check_phone(phone) is None) == good


@pytest.mark.parametrize(("kind", "text", "good"), [
    ("身份证", RESIDENT, True), ("身份证", COMPANY, False), ("营业执照", COMPANY, True), ("营业执照", RESIDENT, False),
    ("护照", "E12345678", True), ("军官证", "军字第0012345号", True), ("护照", "E1", False),
    ("事业单位法人证书", "12100000000000001X"[:17] + "Z", False), ("组织机构代码证", "12345678-9", True),
    ("港澳台居民居住证", "830000199003070027", True), ("港澳台居民居住证", "830000199003070028", False),
    ("外国人永久居留证", "CAN110180010110", True), ("外国人永久居留证", "911124198808030033", True),
    ("", "CAN110180010110", True), ("", "110105491231002", False),
    ("", RESIDENT, True), ("", COMPANY, True), ("", "110105194912310021", False), ("身份证", "", True),
])
def test_a_number_is_judged_by_the_paper_it_stands_on(kind: str, text: str, good: bool) -> None:
    assert (number.id_faults(kind, text) is None) == good


@pytest.mark.parametrize(("text", "paper"), [
    (RESIDENT, "身份证"), ("830000199003070027", "港澳台居民居住证"), ("810000198502160010", "港澳台居民居住证"),
    ("911124198808030033", "外国人永久居留证"), (COMPANY, "营业执照"), ("830000199003070028", "")])
def test_a_number_tells_which_card_a_person_has(text: str, paper: str) -> None:
    assert number.paper_of(text) == paper


def test_whose_own_a_paper_is() -> None:
    assert all(number.is_personal(kind) for kind in ("身份证", "港澳台居民居住证", "外国人永久居留证", "护照"))
    assert not any(number.is_personal(kind) for kind in ("营业执照", "军队武警用电证明", "事业单位法人证书", ""))


def test_masks_hide_the_person_and_leave_the_company() -> None:
    assert number.mask_id("33010619900101123X") == "330106********123X"
    assert number.mask_id(COMPANY) == COMPANY
    assert number.mask_id("E12345678") == "E*******8"
    assert number.mask_phone("13800001234") == "138****1234"
    assert number.mask_phone("0974-8512345") == "0974-*****45"
    assert number.mask_phone("95598") == "95598"
    assert number.mask_phone("123") == "***"


@given(st.text("0123456789X", min_size=15, max_size=18))
def test_no_sentence_repeats_the_number(text: str) -> None:
    for sentence in (number.check_id(text), number.check_uscc(text), number.check_phone(text)):
        assert sentence is None or text not in sentence
