"""One test over all catalogue files, shipped or from outside: what is declared is reached, known, printed, dated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from photovoltaic import files as photovoltaic

from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER
from desktop.domain.basis import Basis
from desktop.domain.field import FIELDS, check
from desktop.domain.process import Process
from desktop.domain.rule import CHECKS
from desktop.usecases.cataloguing import check_release
from printing.form_paper import form_pdf, forms
from printing.raster import page_text
from printing.template import templates

SHIPPED = Files.of_folder(FOLDER)
OUTSIDE = Files(SHIPPED.texts | photovoltaic())
CATALOG = check_release(OUTSIDE)
KINDS = list(CATALOG.processes.values())
BY_KIND = pytest.mark.parametrize("process", KINDS, ids=lambda process: process.id)
DAY = date(2026, 11, 23)


def papers() -> list[str]:
    """Every form that any row of the catalogue prints."""
    told = {paper for kind in KINDS for stage in kind.stages for paper in stage.papers}
    told |= {each.document for kind in KINDS for each in kind.consequences if each.document}
    told |= {paper for kind in CATALOG.inspections.kinds for paper in kind.papers}
    return sorted(told)


def rows_of(process: Process) -> Iterator[tuple[str, Basis]]:
    yield "kind", process.basis
    for name in ("stages", "clocks", "gates", "materials", "rules", "consequences", "required_when"):
        yield from ((f"{name} {n}", row.basis) for n, row in enumerate(getattr(process, name)))


@BY_KIND
def test_every_stage_is_come_to_and_leads_to_the_end(process: Process) -> None:
    for stage in process.stages[1:]:
        assert process.first.id in process.ancestors(stage.id), stage.id
        assert stage.optional or stage is process.last or process.last.id in process.dependents(stage.id), stage.id
    assert process.energised_by in process.stage_by_id


@BY_KIND
def test_every_field_is_in_the_dictionary_and_what_must_be_filled_is_asked(process: Process) -> None:
    asked = {*process.fields, *(name for stage in process.stages for name in stage.fields)}
    assert asked <= set(FIELDS)
    assert set(process.required_fields) <= set(process.fields)
    assert all(set(stage.required) <= set(stage.fields) for stage in process.stages)
    assert all(not check(name, value) for name, value in process.presets.items())


@BY_KIND
def test_every_limit_is_of_a_length_a_measure_a_source_and_stands_on_a_paper(process: Process) -> None:
    for limit in process.clocks:
        assert (limit.days > 0) != (limit.hours > 0), limit.label
        assert limit.measure in ("环节", "环节合计", "全过程", "内部")
        assert limit.source in ("法定", "公司")
        assert limit.basis.text.strip() and limit.basis.holds_on(DAY)
    assert process.total in process.clocks


@BY_KIND
def test_every_row_says_on_what_it_stands_since_when_and_where(process: Process) -> None:
    for where, basis in rows_of(process):
        assert basis.text.strip() and basis.region, where
        assert basis.until is None or basis.until >= basis.effective, where


@BY_KIND
def test_every_rule_has_its_check_and_its_sentence_can_be_said(process: Process) -> None:
    for rule in process.rules:
        told = {**dict.fromkeys(CHECKS[rule.check].tells, "…"), **dict.fromkeys(rule.settings, "…")}
        assert "{" not in rule.sentence.format_map(told)


@pytest.mark.parametrize("name", papers())
def test_every_paper_that_a_row_names_is_really_printed(name: str, fonts: Any) -> None:
    form = forms()[name]
    pdf = form_pdf(name, {fact: each.sample for fact, each in form.facts.items()}, fonts, datetime(2026, 11, 23, 9))
    assert "".join(form.title.split()) in "".join("".join(page_text(pdf)).split())


def test_every_contract_text_that_a_kind_names_is_there() -> None:
    named = {kind.template for kind in CATALOG.contract_kinds.values() if kind.template}
    assert named and named <= set(templates())


def test_the_kind_from_outside_is_held_to_the_same() -> None:
    assert {kind.id for kind in KINDS} - {kind.id for kind in check_release(SHIPPED).processes.values()} == {
        "photovoltaic_home"}
