"""Rows that end or begin within a release: who applies on a day is held to what holds on it, and so to the end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from test_kinds import begun, finish
from test_releases import again, hall_on, release  # noqa: F401

from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER
from desktop.domain.case import Status
from desktop.domain.material import needed
from desktop.usecases.case_listing import case
from desktop.usecases.cataloguing import check_release, import_release, rules
from desktop.usecases.collecting import accepted_kinds, paper_of
from desktop.usecases.surveying import checklist_of

TEXTS = Files.of_folder(FOLDER).texts
KIND = "high_voltage_single"
LAST, NEXT = date(2026, 12, 31), date(2027, 1, 4)


def ended(text: str, row: str, day: str = "2026-12-31") -> str:
    """The file in which that row ends on the day."""
    before, found, after = text.partition(row)
    assert found, row
    return before + found + after.replace("effective = ", f'until = "{day}"\neffective = ', 1)


@pytest.fixture
def dated(hall_on: Any, clock: Any) -> Any:  # noqa: F811
    """A hall under a release of which a stage, a paper, a question, a kind of paper end with the year."""
    kind = ended(TEXTS[f"processes/{KIND}.toml"], 'source = "法定"\nincludes')
    kind += ('\n[[material]]\ncode = "M99"\nname = "新年起要的证明"\ndemand = "必备"\nsupplied_by = "用电人"\n'
             'basis = "示例省文件"\neffective = "2027-01-01"\nverified = false\n')
    import_release(hall_on, release(day="2026-11-23", **{
        f"processes/{KIND}.toml": kind,
        "stages.toml": ended(TEXTS["stages.toml"], 'id = "S03"\nname = "现场勘查"'),
        "materials.toml": ended(TEXTS["materials.toml"], 'code = "M09"'),
        "surveys.toml": ended(TEXTS["surveys.toml"], 'id = "V09"'),
        "paper_kinds.toml": ended(TEXTS["paper_kinds.toml"], '"临时身份证"')}))
    clock.move(LAST)
    return again(hall_on)


def told(desk: Any, number: str) -> tuple[bool, bool, set[str], set[str]]:
    """Whether the case has its survey, the law's limit of the answer; its papers; what the site is asked."""
    view = case(desk, number)
    laws = any(clock.source == "法定" and clock.label == "供电方案答复" for clock in view.process.clocks)
    papers = {paper.code for paper in needed(view.process.materials, view.answers)}
    return "S03" in view.process.stage_by_id, laws, papers & {"M09", "M99"}, {
        row["item"] for row in checklist_of(desk, number)} & {"V09"}


def test_a_row_counts_to_its_last_day_and_from_its_first(dated: Any, clock: Any) -> None:
    old = begun(dated, dated.catalog.processes[KIND].on(LAST))
    assert told(dated, old) == (True, True, {"M09"}, {"V09"})
    clock.move(NEXT)
    desk = again(dated)
    assert told(desk, old)[:3] == (True, True, {"M09"})  # as it was accepted, to its end
    new = begun(desk, desk.catalog.processes[KIND].on(NEXT))
    assert told(desk, new) == (False, False, {"M99"}, set())
    assert case(desk, new).process.stage("S04").needs == ("S01",)
    identity = paper_of(case(desk, new).process, "M01")
    assert "临时身份证" not in accepted_kinds(desk, case(desk, new).process, identity)


def test_a_case_without_the_stage_that_ended_goes_to_its_file(dated: Any, clock: Any) -> None:
    from desktop.usecases.contracting import approve_template

    approve_template(dated, "high_voltage", "示范法务", dated.today)
    clock.move(NEXT)
    desk = again(dated)
    number = begun(desk, desk.catalog.processes[KIND].on(NEXT))
    assert "S03" not in finish(desk, clock, number)
    assert case(desk, number).row.status == Status.ARCHIVED


@pytest.mark.parametrize(("name", "row"), [
    ("stages.toml", 'id = "S14"\nname = "送电"'), ("processes/low_voltage_new.toml", 'label = "各环节合计"')])
def test_what_no_kind_can_be_without_does_not_end_within_a_release(name: str, row: str) -> None:
    with pytest.raises(ValueError, match="没有它就不成业务，不能写 until"):
        check_release(Files({**TEXTS, name: ended(TEXTS[name], row, "2030-12-31")}))


def test_a_provinces_row_says_where_it_holds_and_the_national_one_beside_it_does_not(
        hall_on: Any, clock: Any) -> None:  # noqa: F811
    kind = f"processes/{KIND}.toml"
    own = TEXTS["fees.toml"].replace('name = "高可靠性供电费用"', 'name = "高可靠性供电费"', 1)
    import_release(hall_on, release(day="2026-11-23", **{"fees.toml": own, kind: TEXTS[kind] + (
        '\n[[limit]]\nstages = ["S11"]\nlabel = "竣工检验"\nsource = "法定"\ndays = 4\nmeasure = "环节"\n'
        'basis = "示例省优化营商环境办法"\neffective = "2026-11-01"\nverified = true\n').replace(
            'source = "法定"', 'source = "法定"\nleaves_out = ["暂停"]')}))
    desk = again(hall_on)
    view = case(desk, begun(desk, desk.catalog.processes[KIND]))
    told = [clock.basis.text for clock in view.process.clocks if clock.label == "竣工检验"]
    assert "示例省优化营商环境办法" in told  # it names its province itself
    assert view.process.stage("S04").basis.region == "全国"  # the dictionary's own row, from the base
    assert desk.catalog.fees.items[0].basis.text.endswith("（示例省）")
    assert desk.catalog.clock.basis.region == "全国"
    regions = {rule.file: rule.region for rule in rules(desk)}
    assert (regions["fees.toml"], regions["stages.toml"]) == ("示例省", "全国")
