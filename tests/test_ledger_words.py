"""The words of ledgers as data: read strictly, so that a slip in the file is named and not believed."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from desktop.catalog.ledger_words import read_ledger_words
from desktop.catalog.row import Row
from desktop.domain.ledger_heads import FIELDS


def test_every_field_has_column_names_and_no_name_means_two_fields(catalog: Any) -> None:
    heads = catalog.ledger_words.heads
    assert set(heads) == set(FIELDS)
    names = [name for words in heads.values() for name in words]
    assert len(names) == len(set(names))


def test_the_kinds_are_those_of_the_catalogue(catalog: Any) -> None:
    units = {kind.id: kind.unit for kind in catalog.contract_kinds.values()}
    words = catalog.ledger_words
    assert set(words.kinds.values()) == set(units)
    assert words.indefinite_kind in units


@pytest.mark.parametrize(("old", "new", "complaint"), [
    ("[heads]", "[heads]\ncolour = ['颜色']", "没有这样的栏 colour"),
    ("[kinds]", "[kinds]\nsolar = ['光伏']", "没有合同种类 solar"),
    ('"高压专变"', '"居民"', "有两个意思"),
    ("effective =", "since =", "缺少 effective"),
])
def test_a_slip_in_the_file_is_named(catalog: Any, old: str, new: str, complaint: str) -> None:
    text = catalog.files.texts["ledger.toml"]
    assert old in text
    changed = Row(tomllib.loads(text.replace(old, new, 1)), "ledger.toml")
    with pytest.raises(ValueError, match=f"^ledger.toml.*{complaint}"):
        read_ledger_words(changed, {kind.id: kind.unit for kind in catalog.contract_kinds.values()})
