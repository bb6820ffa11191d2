"""Every kind of the catalogue, from the form to the archive: what is declared can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from contract_book import account, file_facts, ledgered
from test_morning import text_of
from trade import CUSTOMER, OURS, agreed, full_survey, own_meter

from desktop.catalog.release import load_catalog
from desktop.domain.case import LogEntry, Status, What, state
from desktop.domain.field import FIELDS
from desktop.domain.material import Mark, needed, needed_later
from desktop.domain.process import Process, Subject
from desktop.domain.specimen import specimen, stage_specimen
from desktop.domain.stage_day import OF_PARTIES, work_days
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record, set_outside_numbers
from desktop.usecases.changing import BY_CONTRACT
from desktop.usecases.collecting import mark
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.contracting import approve_template, draw_up, print_contract
from desktop.usecases.gathering import OF_CUSTOMERS
from desktop.usecases.handing_over import recall
from desktop.usecases.intake import Application, MaterialMark, accept
from desktop.usecases.issuing import issue
from desktop.usecases.papering import paper_bytes
from desktop.usecases.signing import archive, sign_customer, sign_ours

CATALOG = load_catalog()
KINDS = list(CATALOG.processes.values())
MONDAY = date(2026, 11, 23)
NUMBER = "6300000000018"
OWNER = "示例县兴旺建材有限公司"


def application(process: Process, today: date, **said: Any) -> Application:
    """A complete application of this kind with all its papers."""
    answers = specimen(process, today, **said)
    papers = needed(process.materials, answers)
    return Application(process.id, answers, {paper.code: MaterialMark(Mark.RECEIVED) for paper in papers})


@pytest.mark.parametrize("process", [kind for kind in KINDS if "S04" in kind.stage_by_id], ids=lambda kind: kind.id)
def test_the_scheme_is_due_from_the_acceptance_on_whether_a_survey_comes_first_or_not(process: Process) -> None:
    """The survey's time is the answer's: domain rule 勘查计入方案答复."""
    accepted = LogEntry(1, What.ACCEPTED, "S01", MONDAY, datetime.combine(MONDAY, time(9)), "1001", "示范甲")
    now = state(process, (accepted,), CATALOG.calendar, MONDAY)
    limited = [limit for limit in process.clocks if "S04" in limit.stages]
    assert {(each.clock.limit.source, each.clock.began) for each in now.clocks if "S04" in each.clock.limit.stages} == {
        (limit.source, MONDAY) for limit in limited}
    assert not limited or now.due < now.total_due or process.total.measure == "全过程"


# ---- a case of any kind, walked by what its catalogue declares


def supplied(desk: Any, process: Process) -> None:
    """An account under a filed contract, as an application of this kind begins from; resting where it is restored."""
    high = process.customer_class == "高压"
    unit, size, voltage = ("kVA", Decimal(800), "10kV") if high else ("kW", Decimal(5), "220V")
    nature = "居民生活" if process.customer_class == "低压居民" else "工商业"
    owner = account(desk, NUMBER, OWNER, address="共和县绿洲南路 16 号", capacity=size, capacity_unit=unit,
                    voltage=voltage, usage_nature=nature, status="在用",
                    facts={"price_class": "工商业（单一制）", "metering_point": "1#配电室"})
    kind = "high_voltage" if high else "resident" if nature == "居民生活" else "low_voltage"
    ledgered(desk, "OLD-1", owner=owner, kind=kind, capacity=size, capacity_unit=unit, voltage=voltage,
             ends_on=date(2029, 11, 30))
    if process.id == "transfer":
        own = {name: value for name, value in file_facts(kind).items()
               if FIELDS[name].group not in OF_CUSTOMERS and name != "usage_address"}
        direct = {"voltage": voltage, "phases": "单相", "ct_ratio": "", "multiplier": "1"}
        supplement_account(desk, NUMBER, own | direct)


def of_the_account(process: Process, today: date) -> dict[str, str]:
    """What an application says of the account that it begins from."""
    said = {"yx_account": NUMBER, "old_name": OWNER, "usage_address": "共和县绿洲南路 16 号",
            "capacity_kva": "1600", "capacity_kw": "12" if process.customer_class == "低压居民" else "100",
            "voltage": "10kV" if process.customer_class == "高压" else "220V"}
    if process.id == "low_voltage_more":
        said |= {"voltage": "380V"}
    said |= {"legal_person": "才让多杰", "customer_id": "91632521MA00000A9H", "customer_id_kind": "营业执照",
             "hold_from": str(today), "hold_until": str(today + timedelta(days=60)), "restore_on": str(today)}
    if process.id not in ("transfer",):
        said |= {"customer_name": OWNER}
    return {name: value for name, value in said.items() if name in process.fields}


def begun(desk: Any, process: Process, **said: Any) -> str:
    """A case of this kind that was accepted today: its number."""
    if process.subject is Subject.ACCOUNT:
        said = of_the_account(process, desk.today) | said
    return accept(desk, application(process, desk.today, **said)).case_number


def finish(desk: Any, clock: Any, number: str, ask: Callable[[Any, str], None] | None = None) -> list[str]:
    """Do whatever is open until nothing is: the stages in the order in which they were done. `ask`: what is tried
    before each, which then has a day of its own."""
    done: list[str] = []
    while not (view := case(desk, number)).state.closed_on:
        stage = view.process.stage(view.state.current[0])
        paper = view.process.consequence(view.answers)
        if stage.id in ("S21", "S15") and paper and paper.document and paper.act not in BY_CONTRACT:
            make_change_paper(desk, number)
        if ask is not None:
            clock.move(desk.today + timedelta(days=1))
            ask(view, stage.id)
        if stage.done_by == "contract_signed":
            signed(desk, number)
        else:
            advance(desk, view, stage.id)
        assert done[-2:] != [stage.id, stage.id], f"{view.process.id} goes round in {stage.id}"
        done.append(stage.id)
    return done


def advance(desk: Any, view: Any, stage: str) -> None:
    process, number = view.process, view.row.number
    later = [paper.code for paper in needed_later(process.materials, view.answers) if paper.stage == stage]
    for code in later:
        mark(desk, number, code, {"complete": "是", "true": "是", "true_how": "人工"})
    facts = facts_of(desk, view, stage)
    if stage == "S04":
        agreed(desk, number, facts)
    record(desk, number, stage, "done", facts)


def facts_of(desk: Any, view: Any, stage: str) -> dict[str, Any]:
    """What the stage is told when it is done today."""
    process, number = view.process, view.row.number
    facts = stage_specimen(process, stage, desk.today, **({"yx_account": NUMBER} if stage == "S15" else {}))
    if process.subject is Subject.ACCOUNT:
        facts |= {name: value for name, value in of_the_account(process, desk.today).items() if name in facts}
    if "survey_items" in facts or stage == "S03":
        facts = full_survey(desk, number)
    if {view.answers.get("hold_from"), view.answers.get("restore_on")} - {None, str(desk.today)}:
        facts |= {"day_reason": "客户另约的日子"} if "day_reason" in process.stage(stage).fields else {}
    return facts | own_meter(facts, number)


def signed(desk: Any, number: str) -> None:
    key = draw_up(desk, number).row.key
    print_contract(desk, key, loads_checked=True)
    sign_customer(desk, key, CUSTOMER, desk.today)
    sign_ours(desk, key, OURS, desk.today)
    archive(desk, key, "H-012", 2)


@pytest.fixture
def trading(hall: Any) -> Any:
    for kind in ("low_voltage", "high_voltage"):
        approve_template(hall, kind, "示范法务", hall.today)
    return hall


def begun_after_what_it_needs(desk: Any, clock: Any, process: Process) -> str:
    """A case of this kind with its account; where capacity is restored it was held first."""
    if process.subject is Subject.ACCOUNT:
        supplied(desk, process)
    rests = {"resume": "suspend", "restore": "reduce"}.get(process.id)
    if rests:
        later = desk.today + timedelta(days=10)
        number = begun(desk, CATALOG.processes[rests], hold_from=str(later))
        clock.move(later)
        finish(desk, clock, number)
    return begun(desk, process)


@pytest.mark.parametrize("process", KINDS, ids=lambda p: p.id)
def test_no_stage_of_any_kind_is_dated_before_what_it_follows(trading: Any, clock: Any, process: Process) -> None:
    asked: list[str] = []

    def too_early(view: Any, stage: str) -> None:
        for name in set(work_days(view.process.stage(stage))) - set(OF_PARTIES):
            before = str(max(run.done_on for run in view.state.stages if run.done_on and run.id in
                             view.process.ancestors(stage)) - timedelta(days=1))
            facts = facts_of(trading, view, stage)
            with pytest.raises(Refusal) as no:
                record(trading, view.row.number, stage, "done", {**facts, name: before})
            told = [lack.sentence for lack in no.value.missing if lack.field == name]
            assert any(f"{FIELDS[name].label} {before} 早于" in each for each in told), no.value
            asked.append(name)

    finish(trading, clock, begun_after_what_it_needs(trading, clock, process), too_early)
    assert asked or process.id == "transfer"  # what is read and settled there may lie before they came


@pytest.mark.parametrize("process", KINDS, ids=lambda p: p.id)
def test_a_case_of_every_kind_goes_from_the_counter_to_the_archive(trading: Any, clock: Any, process: Process) -> None:
    number = begun_after_what_it_needs(trading, clock, process)
    done = finish(trading, clock, number)
    assert case(trading, number).row.status == Status.ARCHIVED
    assert process.energised_by in done
    assert done[-1] == process.last.id


@pytest.mark.parametrize("kind", ["resident_new", "temporary_low", "high_voltage_dual", "resident_more", "transfer",
                                  "resume"])
def test_the_samples_do_not_age(hall: Any, clock: Any, kind: str) -> None:
    """A leap day years after the program was made: what the examples say still goes together."""
    clock.move(date(2028, 2, 29))
    for text in ("low_voltage", "high_voltage"):
        approve_template(hall, text, "示范法务", hall.today)
    number = begun_after_what_it_needs(hall, clock, CATALOG.processes[kind])
    finish(hall, clock, number)
    assert case(hall, number).row.status == Status.ARCHIVED


def test_who_was_supplied_is_called_back_when_the_case_is_filed_already(trading: Any, clock: Any) -> None:
    number = begun(trading, CATALOG.processes["low_voltage_new"])
    finish(trading, clock, number)
    view = case(trading, number)
    assert view.state.stage("S16").state == "可办"
    called = {"visited_by": "周文", "satisfaction": "满意"}
    clock.move(trading.today + timedelta(days=2))
    with pytest.raises(Refusal, match="回访日期 2026-11-22 早于"):
        record(trading, number, "S16", "done", {**called, "visited_on": "2026-11-22"})
    now = record(trading, number, "S16", "done", {**called, "visited_on": str(trading.today)})
    assert (now.status, now.closed_on, now.stage("S16").state) == (Status.ARCHIVED, MONDAY, "完成")
    recall(trading, number, "S16", "满意度记错")
    now = record(trading, number, "S16", "done", {**called, "visited_on": str(trading.today)})
    assert (now.status, now.stage("S16").state) == (Status.ARCHIVED, "完成")
    with pytest.raises(Refusal, match="归档，不能召回"):
        recall(trading, number, "S14", "记错")
    with pytest.raises(Refusal, match="归档，不能再登记"):
        record(trading, number, "S14", "done", {"energised_by": "示范丙"})


def test_of_a_case_that_came_to_nothing_nobody_is_called_back(trading: Any) -> None:
    number = begun(trading, CATALOG.processes["low_voltage_new"])
    record(trading, number, "S04", "ended", {"reason": "客户撤销"})
    assert case(trading, number).state.stage("S16").state == "未办"
    with pytest.raises(Refusal, match="终止，不能再登记"):
        record(trading, number, "S16", "done", {"satisfaction": "满意"})


def test_what_may_be_left_out_is_not_dated_before_what_it_follows(trading: Any, clock: Any) -> None:
    number = begun(trading, CATALOG.processes["high_voltage_single"])
    advance(trading, case(trading, number), "S03")
    clock.move(MONDAY + timedelta(days=2))
    advance(trading, case(trading, number), "S04")
    with pytest.raises(Refusal, match="确定费用和收费自 2026-11-25 开始，办理日期不能更早"):
        record(trading, number, "S05", "done", {"note": "不收费"}, claimed_on=MONDAY)


def test_a_number_that_was_noted_before_is_not_asked_again_at_the_end(hall: Any) -> None:
    process = hall.catalog.processes["resident_new"]
    number = begun(hall, process)
    for stage in ("S04", "S12", "S13", "S14"):
        advance(hall, case(hall, number), stage)
    told = [lack.field for lack in case(hall, number).missing_next]
    assert "yx_account" in told  # at once with whatever else is missing
    set_outside_numbers(hall, number, {"yx_account": NUMBER})
    assert "yx_account" not in [lack.field for lack in case(hall, number).missing_next]
    assert NUMBER in text_of(paper_bytes(hall, issue(hall, number, "archive_list").id))[1]
    record(hall, number, "S15", "done", {"archive_number": "DA-1", "archive_box": "A-1"})
    assert case(hall, number).account_number == NUMBER
