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
from db.inspections import Defect, Inspection
from desktop.domain.case import Status, state
from desktop.domain.contract import State
from desktop.domain.field import samples
from desktop.errors import Refusal
from desktop.usecases import (
    answering,
    charging,
    collecting,
    contracting,
    handing_over,
    inspecting,
    reminding,
    signing,
    timing,
)
from desktop.usecases.case_listing import case, rows_by_id
from desktop.usecases.casework import log_of, process_for, receipt_of, record
from desktop.usecases.contract_keeping import contract
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.intake import accept
from desktop.usecases.papering import paper_bytes
from desktop.usecases.reminder_listing import reminders
from printing.raster import page_text
from tests.change_book import asked, open_works
from tests.trade import accepted_case, agreed, own_meter

STEPS = 92
CUSTOMER = {"signer": "才让多杰", "capacity": "法定代表人", "copies": "1"}
OURS = {"signer": "示范甲", "capacity": "法定代表人", "copies": "1"}
FEES = ("high_reliability", "move_meter")  # the first of two sources only
SHOWN = ("customer_name", "usage_address", "scheme_line", "boundary_point")


class Counter:
    """A clerk who does at random what can be done at a counter; what is refused must leave no trace."""

    def __init__(self, desk: Desk, clock: Any, luck: random.Random) -> None:
        self.desk, self.clock, self.luck = desk, clock, luck
        self.other = desk.served_by(add_clerk(desk, "1002", "示范乙", "客户经理"))
        self.done: set[str] = set()
        self.deck: list[Callable[[Counter], None]] = []

    def step(self) -> None:
        """The next of a shuffled deck: in any order, but none waits longer than two decks."""
        self.deck = self.deck or self.luck.sample(DEEDS, len(DEEDS))
        deed = self.deck.pop()
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

    def fitting(self, asked: Any) -> str:
        """Mostly one that the deed fits, if there is one, as at a counter; sometimes one that it does not."""
        with self.desk.db.read() as session:
            there = session.scalars(asked).all()
        return self.luck.choice(there) if there and self.luck.random() < 0.9 else self.a_case()

    def at(self, stage: str) -> str:
        """A case that waits at the stage."""
        return self.fitting(select(Case.number).where(Case.stage.contains(stage), Case.closed_on.is_(None)))

    def a_stage(self, number: str) -> str:
        return self.luck.choice(case(self.desk, number).state.current or ("S04",))

    def a_contract(self, *states: State) -> str:
        """Mostly one that stands so."""
        with self.desk.db.read() as session:
            every = session.scalars(select(Contract.key)).all()
            there = session.scalars(select(Contract.key).where(Contract.state.in_(states))).all()
        return self.luck.choice(there if there and self.luck.random() < 0.9 else every)

    def accept(self) -> None:
        accepted_case(self.desk, customer_name=f"第{self.luck.randrange(9)}号铺面")

    def accept_change(self) -> None:
        kind = self.luck.choice(("rename", "suspend", "move_meter", "reclassify"))
        first = self.clock.today + timedelta(days=7)
        held = {"hold_from": str(first), "hold_until": str(first + timedelta(days=30)), "hold_kva": "400"}
        accept(self.desk, asked(self.desk, kind, **(held if kind == "suspend" else {})))

    def advance(self) -> None:
        number = self.fitting(select(Case.number).where(
            Case.closed_on.is_(None), Case.paused.is_(False), Case.stage != "S12"))  # that one is done by signing
        view = case(self.desk, number)
        stage = self.luck.choice([stage for stage in view.state.current if stage != "S12"] or ["S12"])
        fields = view.process.stage(stage).fields
        facts = {**samples(fields), **own_meter(dict.fromkeys(fields, ""), number)}
        facts |= {name: str(self.clock.today) for name in fields if name.endswith("_on")}
        if "yx_account" in facts:
            facts["yx_account"] = view.account_number or f"63{self.luck.randrange(10**11):011d}"
        if "customer_works" in facts:
            facts["customer_works"] = self.luck.choice(("有", "无"))
        if stage == "S04":
            agreed(self.desk, number, facts)
        back = timedelta(days=self.luck.choice((0, 0, 0, 1, 2)))
        record(self.desk, number, stage, "done", facts, claimed_on=self.clock.today - back)

    def pause(self) -> None:
        until = (self.clock.today + timedelta(days=self.luck.randrange(1, 4))).isoformat()
        facts = {"reason": "客户补资料"} | ({"until": until} if self.luck.random() < 0.5 else {})
        number = self.a_case()
        record(self.desk, number, self.a_stage(number), "paused", facts)

    def pause_before(self) -> None:
        """One that was forgotten, with its end."""
        since = self.clock.today - timedelta(days=self.luck.randrange(1, 4))
        until = since + timedelta(days=self.luck.randrange(1, 12))
        number, said = self.a_case(), {"reason": "客户缴费", "until": str(until)}
        record(self.desk, number, self.a_stage(number), "paused", said, claimed_on=since)

    def correct_pause(self) -> None:
        number = self.a_case()
        pause = self.luck.choice(timing.pauses_of(self.desk, number) or [None])
        since = self.clock.today - timedelta(days=self.luck.randrange(9))
        change = {"since": str(since), "until": str(since + timedelta(days=self.luck.randrange(12)))}
        said = self.luck.choice((change, {"withdrawn": "是"}, {"withdrawn": ""}, {"evidence": "客户书面说明"}))
        timing.correct_pause(self.desk, number, pause.seq if pause else 0, {**said, "why": "录错"})

    def promise(self) -> None:
        to = self.clock.today + timedelta(days=self.luck.randrange(12))
        timing.promise(self.desk, self.a_case(), "S14", to, "客户急用")

    def hand_over(self) -> None:
        handing_over.offer(self.desk, self.a_case(), self.luck.choice(("1001", "1002")), "调休")

    def take_over(self) -> None:
        who = self.luck.choice((self.desk, self.other))
        offered = self.luck.choice(handing_over.offers(who) or [None])
        handing_over.answer(who, offered.case if offered else self.a_case(), self.luck.random() < 0.7, "看过了")

    def recall(self) -> None:
        handing_over.recall(self.desk, self.a_case(), self.luck.choice(("S03", "S04", "S08", "S11", "S13")), "填错")

    def hand_in(self) -> None:
        inspecting.submit(self.desk, self.at(self.luck.choice(("S08", "S11"))), "final", {
            **samples(("builder_name", "builder_licence", "builder_level", "builder_scope", "submitted_by")),
            "builder_until": "2030-01-01"})

    def judge(self) -> None:
        result = self.luck.choice(("合格", "不合格"))
        defect = {"item": "接地不良", "responsible": "施工单位", "due_on": str(self.clock.today)}
        handed_in = select(Case.number).join(Inspection, Inspection.case_id == Case.id).where(Inspection.result == "")
        inspecting.conclude(self.desk, self.fitting(handed_in), "final", result, {"inspected_by": "李建军"},
                            [defect] if result == "不合格" else [])

    def mend(self) -> None:
        number = self.fitting(select(Case.number).join(Defect, Defect.case_id == Case.id).where(
            Defect.mended_on.is_(None)))
        open_ones = [each.id for row in inspecting.rounds(self.desk, number) for each in row.defects
                     if each.mended_on is None]
        inspecting.mend(self.desk, number, open_ones, "李建军")

    def change_scheme(self) -> None:
        answering.change_scheme(self.desk, self.a_case(), reason="客户改变容量", asked_by="客户", cost="不变",
                                days="不变")

    def charge(self) -> None:
        number, fee = self.a_case(), self.luck.choice(FEES)
        charging.set_tariff(self.desk, fee, "100", "演练文件", self.clock.today)
        charging.charge(self.desk, number, fee, "1")
        charging.pay(self.desk, number, (), self.clock.today, "现金", f"P{self.luck.randrange(10**6)}")

    def mark_paper(self) -> None:
        number = self.a_case()
        code = self.luck.choice([paper.code for paper in case(self.desk, number).materials])
        collecting.mark(self.desk, number, code, {})

    def resume(self) -> None:
        number = self.fitting(select(Case.number).where(Case.paused))
        record(self.desk, number, self.a_stage(number), "resumed")

    def send_back(self) -> None:
        number = self.a_case()
        stage = self.a_stage(number)
        to = self.luck.choice(("S04", stage))
        record(self.desk, number, stage, "sent_back", {"reason": "客户改变容量", "to": to})

    def end(self) -> None:
        if self.luck.random() < 0.1:
            record(self.desk, self.a_case(), "S04", "ended", {"reason": "客户撤销"})

    def draw_up(self) -> None:
        contracting.draw_up(self.desk, self.at("S12"))

    def print_one(self) -> None:
        contracting.print_contract(self.desk, self.a_contract(State.DRAFT))

    def customer_signs(self) -> None:
        signing.sign_customer(self.desk, self.a_contract(State.READY), CUSTOMER, self.clock.today)

    def we_sign(self) -> None:
        signing.sign_ours(self.desk, self.a_contract(State.CUSTOMER_SIGNED), OURS, self.clock.today)

    def file(self) -> None:
        signing.archive(self.desk, self.a_contract(State.SIGNED), "A-01", 1)

    def void(self) -> None:
        if self.luck.random() < 0.3:
            signing.void(self.desk, self.a_contract(State.DRAFT, State.READY, State.CUSTOMER_SIGNED), "容量写错")

    def snooze(self) -> None:
        until = self.clock.today + timedelta(days=3)
        reminding.snooze(self.desk, reminding.CONTRACT, self.a_contract(State.SIGNED, State.FILED), until, "再联系")

    def next_day(self) -> None:
        self.clock.forward(days=self.luck.randrange(1, 4))


DEEDS: tuple[Callable[[Counter], None], ...] = (
    *[Counter.accept] * 3, *[Counter.advance] * 8, Counter.accept_change, Counter.pause, Counter.pause_before,
    Counter.correct_pause, Counter.correct_pause, Counter.resume, Counter.promise, Counter.hand_over, Counter.take_over,
    Counter.recall, Counter.hand_in, Counter.judge, Counter.judge, Counter.mend, Counter.change_scheme, Counter.charge,
    Counter.mark_paper, Counter.send_back, Counter.end, Counter.draw_up, Counter.draw_up, Counter.print_one,
    Counter.print_one, Counter.customer_signs, Counter.customer_signs, Counter.we_sign, Counter.we_sign, Counter.file,
    Counter.void, Counter.snooze, Counter.next_day, Counter.next_day,
)


def the_lists_say_what_the_log_says(desk: Desk) -> None:
    """What stands beside a case, and what the list makes of it today, is what its log says today."""
    with desk.db.read() as session:
        every = session.scalars(select(Case)).all()
        logs = {kept.id: log_of(session, kept.id) for kept in every}
    listed = {row.id: row for row in rows_by_id(desk, [kept.id for kept in every])}
    for kept in every:
        process = process_for(desk, kept)
        now = state(process, logs[kept.id], desk.rules_of(kept.release).calendar, desk.today,
                    receipt=receipt_of(kept.way, kept.promises))
        row = listed[kept.id]
        assert kept.stage == ",".join(now.current)
        assert now.status in (Status.ARCHIVED, Status.ENDED) or now.due or now.pause, kept.number
        assert (row.status, row.due_on, row.level) == (now.status, now.due, now.level), kept.number
        assert row.stage == "、".join(process.stage(stage).name for stage in now.current)


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


@pytest.mark.parametrize("seed", range(1, 4))
def test_whatever_a_counter_does_the_records_agree(hall: Desk, clock: Any, seed: int) -> None:
    contracting.approve_template(hall, "low_voltage", "示范乙", hall.today)
    open_works(hall)
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
