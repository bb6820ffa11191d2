"""The printed contracts read back from their PDF: every head of the trade, and under it every blank as answered."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from test_contract_texts import ANNEXES, HIGH_HEADS, LOW_HEADS, expected, filled

from desktop.domain import clause
from printing.contract_paper import contract_pdf
from printing.raster import page_text
from printing.template import templates

MADE = datetime(2026, 11, 23, 9, 5)
KINDS = {"low_voltage": LOW_HEADS, "high_voltage": HIGH_HEADS}
AROUND = re.compile(r"待核验|演练|第\d+页共\d+页|示范文本，须经法务审定|合同编号：\S*|^\S*供用电合同\S*$")


def body(pdf: bytes) -> str:
    """The text without what stands around each page and in its margin, and without a single blank."""
    lines = [re.sub(r"\s", "", line) for page in page_text(pdf) for line in page.splitlines()]
    return "".join(AROUND.sub("", line) for line in lines)


def parts(text: str, contract: clause.FilledContract) -> dict[str, str]:
    """The printed words of each clause, cut at the heads."""
    heads = [f"第{clause.ordinal(part.number)}条{re.sub(r'[ 　]', '', part.head)}" for part in contract.clauses]
    starts = [text.index(head) for head in heads]
    assert starts == sorted(starts), "the clauses stand in their order"
    return {part.head: text[start:end] for part, start, end in
            zip(contract.clauses, starts, [*starts[1:], len(text)], strict=True)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_head_and_every_blank_of_the_trade_stands_in_the_printed_text(kind: str, fonts: Any) -> None:
    template = templates()[kind]
    contract = filled(template)
    found = parts(body(contract_pdf(contract, fonts, MADE)), contract)
    for head, names in KINDS[kind].items():
        standing = [words for name, words in found.items() if head in name]
        assert standing, head
        for name in names.split():
            for value in expected(template, name):
                squeezed = re.sub(r"\s", "", value)
                assert any(squeezed in words for words in standing), (head, name, value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_annex_and_the_signature_page_are_printed(kind: str, fonts: Any) -> None:
    text = body(contract_pdf(filled(templates()[kind]), fonts, MADE))
    for annex in ANNEXES[kind]:
        assert annex in text
    assert "签署页" in text and "供电人（盖章）" in text


@pytest.mark.parametrize("kind", KINDS)
def test_no_printed_clause_is_a_one_liner(kind: str, fonts: Any) -> None:
    contract = filled(templates()[kind])
    short = {head: len(words) for head, words in parts(body(contract_pdf(contract, fonts, MADE)), contract).items()
             if len(words) < 80}
    assert short == {}
