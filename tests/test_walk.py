"""One random walk through the program. After every step: the lists say what the log says, every open case has a due
date or a pause, what is kept on disk is what the desk shows, and every kept PDF still says what it was asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.cases import Case
from db.contracts import Contract, Paper
from db.engine import Database
from desktop.domain.case import Status, state
from desktop.errors import Refusal
from desktop.usecases import contracting, reminding, signing
from desktop.usecases.case_listing import case
from desktop.usecases.casework import log_of, process_for, record
from desktop.usecases.contract_keeping import contract
from desktop.usecases.desk import Desk
from desktop.usecases.papering import paper_bytes
from desktop.usecases.reminder_listing import reminders
from printing.raster import page_text
from tests.trade import accepted_case, stage_facts

STEPS = 120
CUSTOMER = {"signer": "才让多杰", "capacity": "法定代表人", "copies": "1"}
OURS = {"signer": "示范甲", "capacity": "法定代表人", "copies": "1"}
SHOWN = ("customer_name", "usage_address", "scheme_line", "boundary_point")


class Counter:
    """A clerk who does at random what can be done at a counter; what is refused must leave no trace."""

    def __init__(self, desk: Desk, clock: Any, luck: random.Random) -> None:
        self.desk, self.clock, self.luck = desk, clock, luck
        self.done: set[str] = set()

    def step(self) -> None:
        deed = self.luck.choice(DEEDS)
        before = self.entries()
        try:
            deed(self)
            self.done.add(deed.__name__)
        except Refusal:
            assert self.entries() == before, f"{deed.__name__} was refused and still wrote"

    def entries(self) -> list[Any]:
        with self.desk.db.read() as session:
            return session.execute(select(Case.number, Case.version)).all() + session.execute(
                select(Contract.key, Contract.version)).all()

    def a_case(self) -> str:
        """Mostly one that is still open, as at a counter; sometimes one that is not."""
        with self.desk.db.read() as session:
            every = session.scalars(select(Case.number)).all()
            still = session.scalars(select(Case.number).where(Case.closed_on.is_(None))).all()
        return self.luck.choice(still if still and self.luck.random() < 0.9 else every)

    def a_contract(self) -> str:
        with self.desk.db.read() as session:
            return self.luck.choice(session.scalars(select(Contract.key)).all() or ["HT000"])

    def accept(self) -> None:
        accepted_case(self.desk, customer_name=f"第{self.luck.randrange(9)}号铺面")

    def advance(self) -> None:
        number = self.a_case()
        current = case(self.desk, number).state.current
        stage = self.luck.choice([stage for stage in current if stage != "S12"] or ["S12"])
        account = f"63{self.luck.randrange(10**11):011d}"
        facts = stage_facts(self.desk, stage)
        if "yx_account" in facts:
            facts["yx_account"] = account
        record(self.desk, number, stage, "done", facts)

    def pause(self) -> None:
        until = (self.clock.today + timedelta(days=self.luck.randrange(1, 9))).isoformat()
        facts = {"reason": "客户补资料"} | ({"until": until} if self.luck.random() < 0.5 else {})
        record(self.desk, self.a_case(), "S04", "paused", facts)

    def resume(self) -> None:
        record(self.desk, self.a_case(), "S04", "resumed")

    def send_back(self) -> None:
        record(self.desk, self.a_case(), "S11", "sent_back", {"reason": "客户改变容量", "to": "S04"})

    def end(self) -> None:
        if self.luck.random() < 0.1:
            record(self.desk, self.a_case(), "S04", "ended", {"reason": "客户撤销"})

    def draw_up(self) -> None:
        contracting.draw_up(self.desk, self.a_case())

    def print_one(self) -> None:
        contracting.print_contract(self.desk, self.a_contract())

    def customer_signs(self) -> None:
        signing.sign_customer(self.desk, self.a_contract(), CUSTOMER, self.clock.today)

    def we_sign(self) -> None:
        signing.sign_ours(self.desk, self.a_contract(), OURS, self.clock.today)

    def file(self) -> None:
        signing.archive(self.desk, self.a_contract(), "A-01", 1)

    def void(self) -> None:
        if self.luck.random() < 0.3:
            signing.void(self.desk, self.a_contract(), "容量写错")

    def snooze(self) -> None:
        until = self.clock.today + timedelta(days=3)
        reminding.snooze(self.desk, reminding.CONTRACT, self.a_contract(), until, "再联系")

    def next_day(self) -> None:
        self.clock.forward(days=self.luck.randrange(1, 4))


DEEDS: tuple[Callable[[Counter], None], ...] = (
    Counter.accept, Counter.advance, Counter.advance, Counter.advance, Counter.pause, Counter.resume,
    Counter.send_back, Counter.end, Counter.draw_up, Counter.draw_up, Counter.print_one, Counter.print_one,
    Counter.customer_signs, Counter.customer_signs, Counter.we_sign, Counter.we_sign, Counter.file, Counter.void,
    Counter.snooze, Counter.next_day,
)


def the_lists_say_what_the_log_says(desk: Desk) -> None:
    with desk.db.read() as session:
        for kept in session.scalars(select(Case)):
            now = state(process_for(desk, kept), log_of(session, kept.id), desk.catalog.calendar, desk.today)
            assert kept.stage == ",".join(now.current)
            assert now.status in (Status.ARCHIVED, Status.ENDED) or now.due or now.pause, kept.number
            if not kept.paused:
                assert (kept.status, kept.due_on) == (now.status, now.due)


def what_is_kept_is_what_is_shown(desk: Desk) -> None:
    again = Database(desk.db.path)
    other = Desk(again, desk.catalog, desk.clock, desk.folder, desk.fonts, desk.clerk)
    with desk.db.read() as session:
        numbers, keys = session.scalars(select(Case.number)).all(), session.scalars(select(Contract.key)).all()
    assert [case(desk, n) for n in numbers] == [case(other, n) for n in numbers]
    assert [contract(desk, k) for k in keys] == [contract(other, k) for k in keys]
    assert reminders(desk) == reminders(other)
    again.engine.dispose()


def every_paper_says_what_it_was_asked(desk: Desk) -> None:
    with desk.db.read() as session:
        kept = session.execute(select(Paper.id, Paper.subject, Paper.answers)).all()
    for paper_id, subject, answers in kept:
        text = "".join("".join(page_text(paper_bytes(desk, paper_id))).split())
        for name in SHOWN if subject == "contract" else ():
            assert "".join(str(answers[name]).split()) in text, name


@pytest.mark.parametrize("seed", [1, 20261123, 7])
def test_whatever_a_counter_does_the_records_agree(hall: Desk, clock: Any, seed: int) -> None:
    contracting.approve_template(hall, "low_voltage", "示范乙", hall.today)
    counter = Counter(hall, clock, random.Random(seed))
    for _ in range(3):
        counter.accept()
    for _ in range(STEPS):
        counter.step()
        the_lists_say_what_the_log_says(hall)
    what_is_kept_is_what_is_shown(hall)
    every_paper_says_what_it_was_asked(hall)
    assert {"accept", "advance", "draw_up", "print_one"} <= counter.done
    assert clock.today > date(2026, 11, 23)
