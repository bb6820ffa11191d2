"""The samples of every kind: in a practice hall each is taken as it stands, and what it tells goes together; and the
changes of use that such a hall has on their way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from practice_hall import NOW
from trade import colleague

from desktop.catalog.release import load_catalog
from desktop.cli_hall import EXAMPLES, NAMES
from desktop.domain.accord import contradictions
from desktop.domain.field import FIELDS
from desktop.domain.material import Mark, needed
from desktop.domain.process import Process, Subject
from desktop.domain.sample_account import ACCOUNTS
from desktop.domain.scheme_specimen import scheme_specimen
from desktop.domain.specimen import specimen, stage_specimen, with_own_people
from desktop.domain.verdict import verdicts
from desktop.usecases.approving import agree, submit_scheme
from desktop.usecases.case_listing import CaseFilter, case, case_notices, cases
from desktop.usecases.casework import record
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.intake import Application, MaterialMark, accept, assess
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.signing import archive, sign_customer, sign_ours
from desktop.usecases.staffing import clerks
from desktop.usecases.standing import account
from desktop.usecases.weighing import weigh

KINDS = list(load_catalog().processes.values())
CHANGES = [kind for kind in KINDS if kind.subject is Subject.ACCOUNT]
MONDAY = NOW.date()


@pytest.fixture
def practice(practice_folder: Path, desk_at: Callable[[Path], Any], clock: Any, tmp_path: Path) -> Desk:
    clock.at = NOW
    desk = desk_at(Path(shutil.copytree(practice_folder, tmp_path / "practice")))
    return desk.served_by(clerks(desk)[0])


def test_every_kinds_sample_is_taken_as_it_stands_where_one_practises(
        yekuo: Callable[..., Any], practice_folder: Path, tmp_path: Path) -> None:
    place = shutil.copytree(practice_folder, tmp_path / "practice")
    asked, given = ("--today", str(MONDAY)), tmp_path / "sample.json"
    for kind in KINDS:
        given.write_text(yekuo("example", "accept", "--kind", kind.name, *asked).out, encoding="utf-8")
        taken = yekuo("accept", "--answers", given, "--clerk", "1001", *asked, data=place)
        assert taken.code == 0, (kind.name, taken.err)


@pytest.mark.parametrize("kind", CHANGES, ids=lambda kind: kind.id)
def test_a_change_of_use_has_a_sample_that_nothing_is_asked_about(practice: Desk, kind: Process) -> None:
    said = specimen(kind, MONDAY)
    marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(kind.materials, said)}
    found = assess(practice, Application(kind.id, said, marks))
    assert (found.missing, found.faults, found.blocking, found.notices) == ((), {}, (), ())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "S04" in kind.stage_by_id], ids=lambda kind: kind.id)
def test_every_example_that_is_printed_passes_the_programs_own_checks(
        practice: Desk, yekuo: Callable[..., Any], kind: Process) -> None:
    """From acceptance to filing with nothing but what `yekuo example` prints: no check has a word to say."""
    def example(*words: str) -> dict[str, Any]:
        return dict(yekuo("example", *words, "--kind", kind.id, "--today", str(MONDAY), "--json").data)

    said = example("accept")
    marks = {code: MaterialMark(mark) for code, mark in said["materials"].items()}
    number = accept(practice, Application(kind.id, said["answers"], marks, said["way"])).case_number
    while not (view := case(practice, number)).state.closed_on:
        stage = kind.stage(view.state.current[0])
        assert asked_about(practice, number) == []
        if stage.done_by == "contract_signed":
            is_signed(practice, number)
            continue
        facts = example("stage", stage.id)
        if stage.id == "S04":
            assert [verdict.why for verdict in weigh(practice, number, facts) if verdict.result != "通过"] == []
            for each in submit_scheme(practice, number, facts).asked:
                if each.post:
                    agree(colleague(practice, each.post), number)
        record(practice, number, stage.id, "done", facts)
    assert view.row.status == "已归档"


def asked_about(desk: Desk, number: str) -> list[str]:
    """What the case page tells the clerk to look at, but for the files that no example can hold."""
    return [each.sentence for each in case_notices(desk, case(desk, number))
            if not str(each.field).startswith("material")]


def is_signed(desk: Desk, number: str) -> None:
    drawn = draw_up(desk, number)
    assert drawn.faults == ()
    odd = [sentence for name, sentence in drawn.notices if FIELDS[name].group != "供电人"]
    assert odd == []
    print_contract(desk, drawn.row.key)
    theirs = {"signer": drawn.answers["legal_person"], "capacity": "法定代表人", "copies": "2"}
    sign_customer(desk, drawn.row.key, theirs, desk.today)
    sign_ours(desk, drawn.row.key, {"signer": "示范甲", "capacity": "授权代理人", "poa_number": "SQ-1",
                                    "poa_from": "2026-01-01", "poa_until": "2027-12-31"}, desk.today)
    archive(desk, drawn.row.key, "H-012", 2)


@pytest.mark.parametrize("kind", ["high_voltage_single", "high_voltage_dual"])
def test_the_contract_of_a_sample_says_the_same_of_its_sources_in_every_clause(practice: Desk, kind: str) -> None:
    scheme = stage_specimen(load_catalog().processes[kind], "S04", MONDAY)
    main = scheme["sources"][0]
    assert isinstance(main, dict) and main["line"] in str(scheme["boundary_point"])
    assert main["pole"] in str(scheme["boundary_point"]) and main["kva"] == scheme["scheme_capacity_kva"]
    linked = [name for name in ("source_link", "source_interlock", "source_switch") if scheme.get(name)]
    assert len(linked) == (3 if kind == "high_voltage_dual" else 0)


def test_the_sample_hall_has_every_post_that_a_supply_plan_waits_for(yekuo: Callable[..., Any]) -> None:
    held = {clerk["post"] for clerk in yekuo("example", "setup", "--json").data["clerks"]}
    assert held >= {post for route in load_catalog().approvals.routes for post in route.posts}


def test_a_sample_conclusion_says_in_words_what_it_concludes(yekuo: Callable[..., Any]) -> None:
    made = yekuo("example", "conclusion", "--json").data
    assert (made["result"], len(made["defects"])) == ("不合格", 1) and "符合" not in made["review_opinion"]


@pytest.mark.parametrize("day", [date(2026, 9, 24), date(2027, 1, 29), date(2026, 11, 22)], ids=str)
def test_a_sample_keeps_the_notice_of_five_working_days_also_before_long_holidays(day: date) -> None:
    calendar, kinds = load_catalog().calendar, load_catalog().processes
    for kind, name in (("suspend", "hold_from"), ("reduce", "hold_from"), ("resume", "restore_on")):
        asked = date.fromisoformat(str(specimen(kinds[kind], day)[name]))
        assert calendar.add_workdays(day, 5) <= asked, kind


def test_who_takes_over_is_another_than_whom_he_follows_and_owns_what_he_takes() -> None:
    said = specimen(load_catalog().processes["transfer"], MONDAY)
    assert said["customer_name"] != said["old_name"]
    assert said["owner_name"] == said["customer_name"]
    assert said["customer_id"] != ACCOUNTS["transfer"].customer_id


def test_nobody_sends_himself_with_his_own_power_of_attorney() -> None:
    for kind in KINDS:
        said = specimen(kind, MONDAY)
        if said.get("agent_id"):
            assert said["agent_id"] not in (said.get("legal_person_id"), said["customer_id"]), kind.name


# ---- what the practice hall has on its way


def test_the_practice_hall_has_changes_of_use_open_and_filed(practice: Desk) -> None:
    rows = cases(practice, CaseFilter(), limit=200).rows
    stand = {(row.kind, row.stage or row.status) for row in rows}
    assert stand >= {("过户", "电费结清核查"), ("暂停", "现场封停"), ("销户", "电费结清核查"), ("更名", "已归档"),
                     ("改类", "已归档"), ("减容", "已归档")}, stand


def test_a_suspension_of_it_runs_out_within_ten_days_and_is_reminded_of(practice: Desk) -> None:
    due = [each for each in reminders(practice) if each.kind == "停用到期"]
    assert [each.due_on for each in due] == [MONDAY + timedelta(days=8)]


def test_a_reduction_of_it_is_a_year_and_a_half_old_and_can_be_restored(practice: Desk) -> None:
    hold, = account(practice, ACCOUNTS["restore"].number).standing.holds
    assert 520 <= (MONDAY - hold.since).days <= 580
    assert account(practice, ACCOUNTS["restore"].number).running_capacity == "400 kVA"


def test_a_renamed_customer_of_it_has_his_supplement(practice: Desk) -> None:
    row = next(row for row in cases(practice, CaseFilter(), limit=200).rows if row.kind == "更名")
    kept = account(practice, "6399900000054").contract
    assert kept is not None
    assert "supplemented" in [entry.what for entry in contract(practice, kept.key).log]
    assert row.customer == "演练县青海南山商贸（集团）有限公司"


# ---- the scheme of a case that is not as the sample is

SIZES = {"低压居民": ("5", "8"), "高压": ("160", "315", "630", "2000", "5000")}
WITH_SCHEME = [kind for kind in KINDS if "S04" in kind.stage_by_id]


@pytest.mark.parametrize("kind", WITH_SCHEME, ids=lambda kind: kind.id)
def test_a_sample_scheme_suits_a_case_of_any_size(kind: Process) -> None:
    catalog = load_catalog()
    rules, unit = catalog.schemes.on(MONDAY), "kva" if kind.customer_class == "高压" else "kw"
    for size in SIZES.get(kind.customer_class, ("6", "30", "100", "150")):
        known = {**specimen(kind, MONDAY), f"capacity_{unit}": size, "loads": []}
        made = scheme_specimen(kind, MONDAY, known, rules, catalog.voltages)
        assert made[f"scheme_capacity_{unit}"] == size
        whole = {**known, **made}
        assert [each.why for each in verdicts(whole, rules, catalog.voltages) if each.result != "通过"] == [], size
        assert contradictions(whole, pairings=catalog.pairings) == (), size
        assert all(made.get(name) for name in kind.stage("S04").required), size


@pytest.mark.parametrize(("level", "sources", "stations"), [("二级", 2, 1), ("一级", 2, 2), ("特级", 3, 2)])
def test_a_sample_scheme_gives_an_important_customer_his_sources(level: str, sources: int, stations: int) -> None:
    catalog = load_catalog()
    kind, rules = catalog.processes["high_voltage_dual"], catalog.schemes.on(MONDAY)
    known = {**specimen(kind, MONDAY), "voltage": "35kV", "capacity_kva": "6300", "loads": [],
             "important_level": level, "emergency_load_kw": "", "own_generator_kw": ""}
    made = scheme_specimen(kind, MONDAY, known, rules, catalog.voltages)
    rows = [row for row in made["sources"] if isinstance(row, dict)]
    assert (len(rows), {row["voltage"] for row in rows}) == (sources, {"35kV"})
    assert len({row["station"] for row in rows}) >= stations and rows[0]["line"].startswith("35kV")
    assert [each.why for each in verdicts({**known, **made}, rules, catalog.voltages) if each.result != "通过"] == []


@pytest.mark.parametrize(("kind", "unit", "size", "kw"), [("低压非居民新装", "kw", "25", "25"),
                                                          ("高压单电源新装", "kva", "250", "170")])
def test_the_sample_scheme_of_a_case_is_answered_as_it_is_printed(
        opened: Callable[..., Any], answers: Callable[..., Path], tmp_path: Path, kind: str, unit: str, size: str,
        kw: str) -> None:
    brought = json.loads(answers("accept", "--kind", kind).read_text("utf-8"))
    (load, *_others) = brought["answers"]["loads"]
    brought["answers"] |= {f"capacity_{unit}": size, "loads": [{**load, "count": "1", "unit_kw": kw, "total_kw": kw}]}
    file = tmp_path / "brought.json"
    file.write_text(json.dumps(brought, ensure_ascii=False), "utf-8")
    taken = opened("accept", "--answers", file, "--json")
    assert taken.code == 0, taken.err
    case_number = taken.data["case"]
    for stage in ("S03", "S04"):
        given = answers("stage", stage, "--case", case_number)
        if stage == "S04":
            weighed = opened("weigh", case_number, "--answers", given, "--json").data["verdicts"]
            assert {each["result"] for each in weighed} == {"通过"}
            sent = opened("submit-scheme", case_number, "--answers", given, "--json")
            posts = [each["post"] for each in sent.data["asked"] if each["post"]]
            held = {clerk["post"]: clerk["number"] for clerk in opened("clerks", "--json").data["clerks"]}
            for post in posts:
                agreed = opened("--clerk", held[post], "approve", case_number, "--opinion", "同意")
                assert agreed.code == 0, agreed.err
        done = opened("stage", case_number, stage, "--done", "--answers", given)
        assert done.code == 0, done.err


def test_two_cases_of_a_kind_are_told_by_their_own_samples(
        opened: Callable[..., Any], answers: Callable[..., Path]) -> None:
    """A meter, its seal and a contract on paper are each of one case alone."""
    for _customer in range(2):
        taken = opened("accept", "--answers", answers("accept", "--kind", "居民充电桩新装"), "--json")
        case_number = taken.data["case"]
        for stage in ("S03", "S04", "S12", "S13"):
            done = opened("stage", case_number, stage, "--done", "--answers",
                          answers("stage", stage, "--case", case_number))
            assert done.code == 0, (case_number, done.err)


def test_what_is_handed_in_for_a_sample_is_what_there_is_by_then(yekuo: Callable[..., Any]) -> None:
    papers = {kind: str(yekuo("example", "submission", kind, "--json").data["submitted_papers"])
              for kind in ("design", "mid", "final")}
    assert "设计文件" in papers["design"] and "隐蔽工程记录" in papers["mid"]
    assert [kind for kind, told in papers.items() if "竣工图" in told or "试验" in told] == ["final"]


def test_a_sample_scheme_of_a_plain_shop_has_no_source_and_no_meter_of_another(yekuo: Callable[..., Any]) -> None:
    made = yekuo("example", "scheme", "--kind", "small_business_new", "--json").data
    assert made["scheme_capacity_kw"] and made["voltage"] == "380V"
    assert not set(made) & {"backup_source", "backup_capacity_kw", "own_generator", "own_generator_kw", "meters",
                            "own_interlock", "fixed_ratio", "scheme_attachments"}


def test_a_sample_of_a_case_names_its_own_people(opened: Callable[..., Any], answers: Callable[..., Path]) -> None:
    brought = json.loads(answers("accept").read_text("utf-8"))
    brought["answers"] |= {"contact_name": "扎西卓玛"}
    file = answers("accept", answers=brought["answers"])
    case_number = opened("accept", "--answers", file, "--json").data["case"]
    for word in ("报验", "submission"):
        assert opened("example", word, "mid", "--case", case_number, "--json").data["submitted_by"] == "扎西卓玛"
    assert with_own_people({"change_signer": "才让多杰", "note": "x"}, {"legal_person": "扎西卓玛"}) == {
        "change_signer": "扎西卓玛", "note": "x"}
    refused = opened("example", "sign", "--case", case_number).err
    assert "合某张工单的有：环节、方案、登记合同、更正、暂停、报验" in refused
    help_page = "".join(opened("example", "--help").out.split())
    assert "环节、方案、登记合同、更正、暂停、报验" in help_page


def test_a_correction_has_its_sample_of_what_may_be_corrected(
        opened: Callable[..., Any], answers: Callable[..., Path]) -> None:
    case_number = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    may = opened("correct", case_number, "--json").data["fields"]
    sample = json.loads(answers("更正", "--case", case_number).read_text("utf-8"))
    assert set(sample) <= set(may) and {"capacity_kw", "loads"} <= set(sample) and "contact_phone" not in sample
    given = answers("correct", contact_name="扎西卓玛")
    done = opened("correct", case_number, "--answers", given, "--reason", "联系人换了", "--by", "客户")
    assert done.code == 0, done.err


def test_the_samples_that_there_are_are_the_same_in_help_and_in_refusal(yekuo: Callable[..., Any]) -> None:
    told, page = yekuo("example", "foo").err, "".join(yekuo("example", "--help").out.split())
    for word in (*EXAMPLES, *NAMES):
        assert word in told and word in page
