"""The catalogue as shipped is whole, and a slip in it is found when it is made."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from desktop.catalog.release import FOLDER, Catalog, load_calendar, load_catalog
from desktop.catalog.whole import check_whole
from desktop.domain.basis import Basis
from desktop.domain.case import Phase, What
from desktop.domain.field import FIELDS
from desktop.domain.process import Process
from desktop.errors import Trouble
from tests.test_process import archived

CATALOG = load_catalog()
PROCESSES = list(CATALOG.processes.values())


def all_bases(process: Process) -> list[Basis]:
    rows = [*process.stages, *process.gates, *process.limits, process.total, *process.materials, *process.required_when]
    limits = [stage.limit for stage in process.stages if stage.limit]
    return [process.basis, *(row.basis for row in (*rows, *limits))]


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_every_row_says_on_what_it_stands_since_when_and_where(process: Process) -> None:
    for basis in all_bases(process):
        assert basis.text
        assert basis.region
        assert date(1990, 1, 1) < basis.effective <= date(2026, 11, 23)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_every_field_that_a_process_asks_is_in_the_dictionary(process: Process) -> None:
    asked = {*process.fields, *(name for stage in process.stages for name in stage.fields)}
    conditions = {m.when.field for m in process.materials if m.when} | {r.field for r in process.required_when}
    ruled = {rule.field for s in process.stages for rule in (*s.conditions, s.passes) if rule}
    assert asked | conditions | ruled <= set(FIELDS)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_every_condition_names_a_choice_that_the_form_offers(process: Process) -> None:
    for stage in process.stages:
        for rule in stage.conditions:
            assert not FIELDS[rule.field].choices or {*rule.values, *rule.unless} <= set(FIELDS[rule.field].choices)
            # the field is asked before it is needed
            askers = [s.id for s in process.stages if rule.field in s.fields]
            assert rule.field in process.fields or set(askers) & {stage.id, *process.ancestors(stage.id)}
    for material in process.materials:
        if material.when and FIELDS[material.when.field].choices:
            assert set(material.when.values) <= set(FIELDS[material.when.field].choices)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_the_reasons_of_pauses_and_ends_are_those_of_the_dictionary(process: Process) -> None:
    assert set(process.pause_reasons) <= set(FIELDS["paused_reason"].choices)
    assert set(process.end_reasons) <= set(FIELDS["ended_reason"].choices)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_every_stage_leads_from_the_first_and_to_the_last(process: Process) -> None:
    for stage in process.stages[1:]:
        assert process.first.id in process.ancestors(stage.id)
        assert stage.optional or process.last.id in (stage.id, *process.dependents(stage.id))


def test_every_stage_of_the_low_voltage_connection_is_reached_by_a_case() -> None:
    case = archived().at("2026-12-01")
    left = {stage.id for stage in case.stages if stage.state is not Phase.DONE}
    assert left == {"S03", "S05", "S08", "S16"}  # the optional ones: their own tests reach them


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_every_deed_that_a_process_names_is_a_word_of_the_log(process: Process) -> None:
    assert {gate.act for gate in process.gates} | {stage.done_by for stage in process.stages} <= set(What)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.id)
def test_a_checklist_has_one_identity_and_one_promise_and_a_term_for_what_may_follow(process: Process) -> None:
    assert [m.role for m in process.materials].count("identity") == 1
    assert [m.role for m in process.materials].count("promise") == 1
    for material in process.materials:
        follows = "容缺" in (material.demand, material.becomes) and not material.stage  # a stage is a term of its own
        assert (material.days > 0) == follows, material.name


def test_the_four_kinds_of_contract_are_there_with_their_caps() -> None:
    assert {k.name: k.cap_years for k in CATALOG.contract_kinds.values()} == {
        "居民": 10, "低压非居民": 10, "高压": 5, "临时": 3}
    assert CATALOG.kind_named("低压非居民") is CATALOG.kind_named("low_voltage")
    assert CATALOG.kind_named("趸售") is None


def test_what_is_remembered_only_is_marked_as_not_yet_verified() -> None:
    assert not any(kind.basis.verified for kind in CATALOG.contract_kinds.values())
    metering = next(limit for limit in CATALOG.processes["low_voltage_new"].limits if limit.label == "装表接电")
    assert metering.basis.mark == "待核验"


def test_a_basis_holds_from_its_day_to_its_last() -> None:
    basis = Basis("x", date(2024, 6, 1), date(2026, 12, 31))
    assert [basis.holds_on(d) for d in (date(2024, 5, 31), date(2024, 6, 1), date(2026, 12, 31), date(2027, 1, 1))] == [
        False, True, True, False]


# --- slips


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "catalog", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


LV, HV = "processes/low_voltage_new.toml", "processes/high_voltage_single.toml"
STAGES, PAPERS, GROUPS = "stages.toml", "materials.toml", "fields.toml"


@pytest.mark.parametrize(("name", "old", "new", "told"), [
    (STAGES, 'owner = "受理员"', 'owners = "受理员"', r"stage S01: 缺少 owner"),
    (STAGES, 'owner = "受理员"', 'owner = "受理员"\ncolour = "red"', r"stage S01: 不认识的项 colour"),
    (GROUPS, 'basis = "民法典第一百六十五条（授权委托书的内容）"', 'basis = ""', r"basis 应为文字"),
    (LV, 'needs = ["S04", "S08"]', 'needs = ["S04", "S99"]', r"stage S11 的 needs 里有不在它前面的环节"),
    (LV, "days = 6\n", "days = 7\n",
     r"low_voltage_new.toml limit 各环节合计（.*7 天）：各环节.*供电方案答复 3＋装表接电 2 ＝ 6 天，总时限写的是 7 天"),
    (PAPERS, 'demand = "必备"', 'demand = "必须"', r"material M01: demand 和 becomes 应为"),
    (LV, 'effective = "2022-01-01"', 'effective = "2022-13-01"', r"各环节合计.*: effective 应为日期"),
    (LV, 'optional = true', 'optional = true\nrequired = ["scheme_line"]', r"S03 的 required 里有 fields 没有的字段"),
    (LV, 'contract_kind = "low_voltage"', 'contract_kind = "wholesale"', r"contracts.toml 里没有合同种类 wholesale"),
    (LV, 'verified = true', 'verified = "ja"', r"verified 应为 true 或 false"),
    (LV, '"@客户"', '"@顾客"', r"fields.toml 里没有字段组“顾客”"),
    (LV, 'code = "M09"', 'code = "M99"', r"material M99: materials.toml 里没有这份资料"),
    (LV, '"loads", ', '"lodes", ', r"没有这样的字段 lodes"),
    (HV, 'value = "有"', 'value = "要"', r"stage S06：“客户受电工程”没有 要 这样的选项"),
    (HV, 'needs = ["S04", "S10"]', 'needs = ["S04"]', r"stage S06：“归档”不等这个环节"),
    (HV, 'important_level = "非重要"', 'important_level = "不重要"', r"presets.*重要等级"),
    ("processes/rename.toml", 'id = "rename"', 'id = "renamed"', r"id 应与文件名相同"),
    ("processes/transfer.toml", 'act = "终止并新签"', 'act = "作废"', r"act 应为 新签"),
    ("processes/high_voltage_dual.toml", 'like = "high_voltage_single"', 'like = "high"', r"like 应写另一种业务的编号"),
    ("fees.toml", 'quantity_of = ["scheme_capacity_kva"', 'quantity_of = ["backup_capacity_kw"',
     r"high_reliability: 按kVA计的费用，数量不能取自备用电源容量（kW）"),
    ("reminders.toml", 'unknown = "notice"', 'unknown = "loud"', r"reminders.toml: 没有这样的紧急程度：loud"),
    ("contracts.toml", 'renewal = "自动续展"', 'renewal = "自动续约"', r"kind .*renewal 应为 .*现为 自动续约"),
    ("calendars/2026.json", '"2026-05-09"', '"2025-05-09"', r"2026.json days 2025-05-09: date .*不在 2026 年"),
    ("calendars/2026.json", '"days": [', '"days": [,', r"2026.json: 格式不对"),
])
def test_a_slip_is_refused_with_its_file_and_row(copy: Path, name: str, old: str, new: str, told: str) -> None:
    spoil(copy, name, old, new)
    with pytest.raises(ValueError, match=told):
        check_whole(load_catalog(copy))


def test_an_untouched_copy_loads_the_same(copy: Path) -> None:
    again: Catalog = check_whole(load_catalog(copy))
    assert dict(again.processes) == dict(CATALOG.processes)
    assert again.contract_kinds == CATALOG.contract_kinds
    assert again.ladder == CATALOG.ladder


def test_a_province_changes_a_limit_in_its_file_and_the_promises_follow(copy: Path) -> None:
    spoil(copy, LV, 'label = "供电方案答复"\ndays = 3', 'label = "供电方案答复"\ndays = 2')
    spoil(copy, LV, "days = 6\n", "days = 5\n")
    assert check_whole(load_catalog(copy)).processes["low_voltage_new"].total.days == 5


def test_an_imported_year_replaces_the_provisional_one(tmp_path: Path) -> None:
    announced = json.loads((FOLDER / "calendars" / "2027.json").read_text("utf-8"))
    days = [*announced["days"], {"name": "春节", "date": "2027-02-20", "isOffDay": False}]
    (tmp_path / "2027.json").write_text(json.dumps({"year": 2027, "days": days}), "utf-8")
    calendar = load_catalog(calendars=tmp_path).calendar
    assert not calendar.provisional(date(2027, 6, 1))
    assert calendar.why(date(2027, 2, 20)) == "春节调休上班"


def test_a_halls_own_year_that_cannot_be_read_is_trouble_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_text('{"year": 2027, "days": [', "utf-8")
    with pytest.raises(Trouble, match=r"2027\.json 读不懂.*移出 calendars"):
        load_catalog(calendars=tmp_path)


def test_a_hall_without_a_folder_of_its_own_has_the_years_shipped(tmp_path: Path) -> None:
    assert load_catalog(calendars=tmp_path / "none").calendar.years == tuple(range(2024, 2031))


def test_an_empty_year_is_not_a_calendar(tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_text('{"year": 2027, "papers": [], "days": []}', "utf-8")
    with pytest.raises(ValueError, match="还没有公布"):
        load_calendar(tmp_path)


def test_loading_imports_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "reportlab", "openpyxl", "PySide6", "pypinyin", "lunar_python")
    code = ("import sys; from desktop.catalog.release import load_catalog; load_catalog(); "
            f"print([m for m in {heavy} if m in sys.modules])")
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=FOLDER.parents[1])
    assert done.stdout.strip() == "[]"


def test_a_kind_is_known_by_its_words_and_for_it_no_other_is_put_together() -> None:
    for process in PROCESSES:
        for word in filter(None, (process.id, process.name, process.short, process.pad)):
            found = CATALOG.processes.meant(word)
            assert found is not None and found.id == process.id, word
    assert CATALOG.processes.meant("热力新装") is None
    afresh, last = load_catalog().processes, PROCESSES[-1]
    assert afresh.meant(last.name) == last
    assert set(afresh._read) == {last.id}


def test_the_usual_kind_is_known_without_the_others() -> None:
    catalog = load_catalog()
    assert catalog.usual_kind(date(2026, 11, 23)) == catalog.first_kind
    assert set(catalog.processes._read) == {catalog.first_kind}
