"""Changes of use in the tests' hands: a works at 10 kV, its applications, and its cases done step by step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from contract_book import account, file_facts, ledgered

from desktop.domain.field import FIELDS, samples
from desktop.domain.material import Mark, needed
from desktop.domain.survey import blank, checklist
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.contracting import approve_template, draw_up, print_contract
from desktop.usecases.gathering import OF_CUSTOMERS
from desktop.usecases.intake import Application, MaterialMark, accept, process_of
from desktop.usecases.signing import sign_customer, sign_ours

NUMBER = "6300000000018"
NAME = "示例县兴旺建材有限公司"
ID = "91632521MA00000A9H"


def open_works(hall: Any) -> Any:
    """A hall with a works supplied at 10 kV with 800 kVA, under a filed contract."""
    owner = account(hall, NUMBER, NAME, address="共和县绿洲南路 16 号", capacity=Decimal(800), capacity_unit="kVA",
                    voltage="10kV", usage_nature="工商业", status="在用",
                    facts={"price_class": "工商业（两部制）", "metering_point": "1#配电室"})
    ledgered(hall, "GY-1", owner=owner, kind="high_voltage", kind_word="高压", capacity=Decimal(800),
             capacity_unit="kVA", voltage="10kV", ends_on=date(2029, 11, 30))
    return hall


def asked(desk: Any, kind: str, **said: Any) -> Application:
    """A complete application of that kind for the works, with what this one says otherwise."""
    process = process_of(desk, kind)
    known = {name: value for name, value in samples(process.fields).items()
             if name not in ("yx_application", "agent_name", "agent_id", "agent_phone", "poa_number", "poa_matter",
                             "poa_scope", "poa_from", "poa_until", "poa_signed", "wanted_on", "wanted_done_on",
                             "capacity_kw", "capacity_kva")}
    own = {"yx_account": NUMBER, "customer_name": NAME, "usage_address": "共和县绿洲南路 16 号", "voltage": "10kV",
           "arrears_on": str(desk.today), "old_name": NAME, "usage_nature": "工商业"}
    answers = {**known, **{name: value for name, value in own.items() if name in process.fields}, **said}
    marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(process.materials, answers)}
    return Application(kind, {name: value for name, value in answers.items() if value}, marks)


def suspend(desk: Any, first: str, last: str, **said: Any) -> str:
    return accept(desk, asked(desk, "suspend", hold_from=first, hold_until=last, hold_kva="400", **said)).case_number


def done(desk: Any, number: str, stage: str, on: date | None = None, **said: Any) -> None:
    view = case(desk, number)
    place = view.process.stage(stage)
    if "survey_items" in place.fields:
        rows = blank(checklist(desk.catalog.surveys, view.process.group, view.answers))
        said = {"survey_items": [{**row, "answer": "符合"} for row in rows], **said}
    days = {name: str(on or desk.today) for name in place.fields if name.endswith("_on")}
    record(desk, number, stage, "done", {**samples(_told(place.fields)), **days, **said}, claimed_on=on)


def _told(names: tuple[str, ...]) -> tuple[str, ...]:
    """A stage that went as agreed has no reason to tell why it did not."""
    return tuple(name for name in names if name != "day_reason")


def sealed(desk: Any, clock: Any, first: str, last: str) -> str:
    """A suspension that was sealed on its day, signed and filed: its number."""
    number = suspend(desk, first, last)
    clock.move(date.fromisoformat(first))
    done(desk, number, "S18")
    filed(desk, number)
    return number


def filed(desk: Any, number: str) -> None:
    make_change_paper(desk, number)
    done(desk, number, "S21")
    done(desk, number, "S15", yx_account=NUMBER)
    assert case(desk, number).row.status == "已归档"


def transferred(desk: Any, number: str) -> str:
    return anew(desk, number, "示范丁")


def anew(desk: Any, number: str, signer: str, **more: str) -> str:
    """The new contract drawn up from the old one's facts and signed by both: its key."""
    key = drawn(desk, number, **more)
    sign_customer(desk, key, {"signer": signer, "capacity": "法定代表人", "copies": "2"}, desk.today)
    sign_ours(desk, key, {"signer": "示范甲", "capacity": "负责人"}, desk.today)
    return key


def drawn(desk: Any, number: str, **more: str) -> str:
    """The new contract as it is printed, to be signed; somebody answers for its text."""
    own = {name: value for name, value in file_facts("high_voltage").items() if FIELDS[name].group not in OF_CUSTOMERS}
    supplement_account(desk, NUMBER, {**own, "metering_mode": "高供高计", "voltage": "10kV",
                                      "pt_ratio": "10000/100", "ct_ratio": "50/5", "multiplier": "1000", **more})
    key = draw_up(desk, number).row.key
    approve_template(desk, "high_voltage", "示范法务", desk.today)
    print_contract(desk, key, loads_checked=True)
    return key


def refused(desk: Any, application: Application) -> str:
    with pytest.raises(Refusal) as no:
        accept(desk, application)
    return str(no.value)
