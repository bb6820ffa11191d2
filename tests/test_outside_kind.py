"""光伏 comes from outside the program: taken as a file, and carried from the counter to the archive by every way there
is, without a line of the program knowing of it."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from counter import Counter
from photovoltaic import KIND, PAD, photovoltaic
from test_kinds import begun, finish, supplied
from test_releases import again, hall_on, release  # noqa: F401

from desktop.catalog.archive import unpack
from desktop.catalog.release import catalog_of, load_catalog
from desktop.domain.case import Status
from desktop.domain.material import needed
from desktop.domain.specimen import specimen, stage_specimen
from desktop.usecases.case_listing import case
from desktop.usecases.cataloguing import import_release
from desktop.usecases.confirming import application_papers, make_change_paper
from desktop.usecases.papering import paper_bytes
from printing.raster import page_text

ROOF = {"customer_name": "才让多杰", "customer_id": "11010519491231002X", "customer_phone": "13997000012",
        "usage_address": "演练县恰措镇团结路18号", "capacity_kw": "20", "own_generator_kw": "20"}
ACCOUNT = "6300000000091"


def _written(folder: Path, name: str, said: dict[str, Any]) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    return path


def test_it_goes_to_the_archive_by_what_its_file_declares(hall_on: Any, clock: Any) -> None:  # noqa: F811
    import_release(hall_on, photovoltaic())
    desk = again(hall_on)
    number = begun(desk, desk.catalog.processes[KIND], own_generator_kw="80", usage_nature="居民生活")
    assert finish(desk, clock, number)[-1] == "S15"
    view = case(desk, number)
    assert (view.row.status, view.row.kind) == (Status.ARCHIVED, "自然人户用光伏并网")
    assert [promise["days"] for promise in view.promises] == [1, 20, 10]


def test_it_is_taken_and_carried_out_on_the_command_line(opened: Any, tmp_path: Path) -> None:
    file, today = tmp_path / "光伏.zip", "2026-11-23"
    file.write_bytes(photovoltaic())

    def done(*words: Any) -> Any:
        told = opened(*words, "--today", today, "--json")
        assert told.code == 0, (words, told.err)
        return told.data

    done("catalog", "import", file)
    process = catalog_of(unpack(file.read_bytes()).over(load_catalog().files)).processes[KIND]
    said = specimen(process, date.fromisoformat(today), own_generator_kw="20", capacity_kw="10")
    papers = {paper.code: "已收" for paper in needed(process.materials, said)}
    whole = {**said, "kind": "户用光伏", "materials": papers}
    number = done("accept", "--answers", _written(tmp_path, "受理", whole))["case"]
    for stage in [each.id for each in process.stages if not each.optional and each.id != "S01"]:
        facts = stage_specimen(process, stage, date.fromisoformat(today))
        if stage == "S03":
            rows = [{**row, "answer": "符合"} for row in done("survey", number)["survey_items"]]
            facts = {"survey_on": today, "survey_by": "李建军", "survey_ready": "具备供电条件",
                     "survey_result": "可以供电", "survey_items": rows}
        if stage == "S04":
            facts = {"scheme_capacity_kw": "10", "metering_point": "屋顶并网箱", "price_class": "居民生活"}
        if stage == "S11":
            done("material", number, "G01")
        done("stage", number, stage, "--done", "--answers", _written(tmp_path, stage, facts))
    assert done("case", number)["case"]["status"] == "已归档"


def test_its_examples_are_printed_where_it_is_in_force_and_nowhere_else(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "光伏.zip"
    file.write_bytes(photovoltaic())
    assert opened("example", "accept", "--kind", PAD).code == 1
    assert opened("catalog", "import", file).code == 0
    for word in (PAD, "户用光伏", KIND):
        assert opened("example", "accept", "--kind", word).data["kind"] == KIND
    assert "contract_signed_on" in opened("example", "stage", "S12", "--kind", PAD).data
    assert opened("accept", "--answers", _written(
        tmp_path, "样例", opened("example", "accept", "--kind", PAD).data)).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there QPrinter prints, without lp")
def test_it_is_taken_and_carried_out_in_the_window_by_keys(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "光伏.zip"
    file.write_bytes(photovoltaic())
    panel = visit(counter.window, counter.qtbot, "system", "catalog").panels["catalog"]
    counter.wait()
    panel.take(file)
    counter.wait()
    counter.takes_in(PAD, **ROOF)
    counter.surveys()
    counter.answers_the_scheme(scheme_capacity_kw="20", metering_point="屋顶并网箱", price_class="居民生活")
    counter.does("S08")
    counter.receives("G01")
    counter.does("S11", inspection_result="合格")
    counter.registers_the_contract()
    counter.does("S13", meter_number="6300000000000000000002", meter_reading="0")
    counter.does("S14", energised_by="示范丙")
    counter.does("S15", yx_account=ACCOUNT)
    view = case(counter.window.services.desk, counter.number)
    assert (view.row.status, view.process.stage("S14").name) == (Status.ARCHIVED, "并网")


TAKEN_DOWN = """
like = "close"
id = "take_down"
name = "暂拆"
short = "暂拆"
pad = "51"
energised_by = "S20"
basis = "《供电营业规则》：暂拆不超过六个月（原文条款待核）"
effective = "2026-11-01"
verified = false
also_fields = ["hold_from", "hold_until"]
also_required_fields = ["hold_from", "hold_until"]

[drop]
effect = ["销户"]
contract = ["终止"]
rule = ["R72"]

[[contract]]
act = "确认单"
document = "change_confirmation"
basis = "公司内部合同管理规定"
effective = "2026-11-01"
verified = false
"""


def test_a_change_that_does_nothing_the_program_knows_says_on_its_papers_what_was_asked(
        hall_on: Any) -> None:  # noqa: F811
    import_release(hall_on, release("QH-TD", "2026-11-23", **{"processes/take_down.toml": TAKEN_DOWN}))
    desk = again(hall_on)
    process = desk.catalog.processes["take_down"]
    supplied(desk, process)
    number = begun(desk, process, hold_from="2026-12-01", hold_until="2027-03-01")
    application_papers(desk, case(desk, number))
    paper = make_change_paper(desk, number)
    said = "".join("".join(page_text(paper_bytes(desk, paper.id))).split())
    assert "暂拆" in said and "2026年12月1日" in said and "2027年3月1日" in said
