"""The words of ledgers as data: read strictly, so that a slip in the file is named and not believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.catalog.ledger_words import load_words
from desktop.domain.ledger_heads import FIELDS

SHIPPED = Path(__file__).parent.parent / "desktop" / "catalog" / "ledger.toml"


def test_every_field_has_column_names_and_no_name_means_two_fields() -> None:
    heads = load_words({}).heads
    assert set(heads) == set(FIELDS)
    names = [name for words in heads.values() for name in words]
    assert len(names) == len(set(names))


def test_the_kinds_are_those_of_the_catalogue(catalog: Any) -> None:
    units = {kind.id: kind.unit for kind in catalog.contract_kinds.values()}
    words = load_words(units)
    assert set(words.kinds.values()) == set(units)
    assert words.indefinite_kind in units


@pytest.mark.parametrize(("old", "new", "complaint"), [
    ("[heads]", "[heads]\ncolour = ['颜色']", "unknown field"),
    ("[kinds]", "[kinds]\nsolar = ['光伏']", "unknown kind"),
    ('"高压专变"', '"居民"', "means two kinds"),
    ("effective =", "since =", "effective"),
])
def test_a_slip_in_the_file_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path = tmp_path / "ledger.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ValueError, match=complaint):
        load_words({"resident": "kW", "low_voltage": "kW", "high_voltage": "kVA", "temporary": "kW"}, path)
