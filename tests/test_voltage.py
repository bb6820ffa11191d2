"""What a ledger calls a voltage is read as one of the dictionary's, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.choice import VOLTAGES
from desktop.domain.voltage import voltage_named

WIDE = str.maketrans("0123456789kvV", "０１２３４５６７８９ｋｖＶ")


@pytest.mark.parametrize(("written", "meant"), [
    ("10KV", "10kV"), ("AC10kV", "10kV"), ("交流10千伏", "10kV"), ("10000V", "10kV"), ("10.0kV", "10kV"),
    ("高压10kV", "10kV"), ("35千伏", "35kV"), ("220kV", "220kV"), ("0.4kV", "380V"), ("交流380V", "380V"),
    ("380/220V", "380V"), ("220V/380V", "380V"), ("400V", "380V"), ("三相380V", "380V"), ("0.22kV", "220V"),
    ("单相220V", "220V"), ("低压 380 V", "380V"), ("～220V", "220V"), ("３８０Ｖ", "380V"),
])
def test_a_voltage_is_known_in_whatever_way_a_ledger_writes_it(written: str, meant: str) -> None:
    assert voltage_named(written) == meant


@pytest.mark.parametrize("written", [
    "", "10", "220", "低压", "6kV", "10kVA", "10kV/0.4kV", "10(6)kV", "三相220V", "单相380V", "低压10kV", "高压380V",
    "10kV及以下", "220伏千",
])
def test_a_voltage_that_is_not_certain_is_asked_for(written: str) -> None:
    assert voltage_named(written) is None


@given(st.sampled_from(VOLTAGES), st.sampled_from(["", "交流", "AC", "ac ", "~"]), st.booleans(), st.booleans(),
       st.sampled_from(["", " ", "　"]))
def test_a_choice_stays_itself_however_it_is_dressed(choice: str, before: str, upper: bool, wide: bool,
                                                    blank: str) -> None:
    number = choice.rstrip("kV")
    text = before + number + blank + choice[len(number):]
    text = text.upper() if upper else text
    assert voltage_named(text.translate(WIDE) if wide else text) == choice


@given(st.text("0123456789./kKvV千伏交流三相单高低压AC ", max_size=12))
def test_nothing_is_read_as_a_voltage_whose_figures_were_not_written(text: str) -> None:
    found = voltage_named(text)
    if found:
        written = {"380V": ("380", "38", "400", "4"), "220V": ("220", "22")}.get(found, (found.removesuffix("kV"),))
        assert any(figures in text for figures in written) and ("v" in text.lower() or "伏" in text)
