"""Progress for a customer who asks: found by what he says, told in his words, printable, and of his case alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desktop.catalog.progress_words import ProgressWords
from desktop.domain.address import address_form
from desktop.domain.case import CaseState, Phase, StageState, Status
from desktop.domain.field import show
from desktop.domain.pinyin import search_form
from desktop.usecases.acting import entry_moment
from desktop.usecases.case_listing import MOST_FOUND, CaseFilter, CaseRow, CaseView, case, cases
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import hall, is_practice
from printing.fonts import faces
from printing.hall_paper import Part, Table, Told, Words, hall_pdf

DONE, NOW, LATER = "已完成", "正在办理", "还没到"
ORDER = (DONE, NOW, LATER)
OPEN = (Phase.OPEN, Phase.PAUSED, Phase.BACK)
NOT_TOLD = (Phase.NOT_HERE, Phase.UNDECIDED, Phase.OPTIONAL, Phase.LEFT)  # what may be left out is told once begun
MOST = MOST_FOUND  # cases that may be meant; of more he is asked for another word
HOTLINES = "供电服务热线 95598，能源监管热线 12398"


@dataclass(frozen=True)
class ProgressLine:
    """One step in the customer's words: 已完成, 正在办理 or 还没到, when it was done, by when it is promised."""

    word: str
    state: str
    done_on: date | None
    due: date | None

    def by(self, today: date, day: str) -> str:
        """The promised day as it is told on `today`, `day` being its words; empty where there is none."""
        if self.due is None:
            return ""
        return f"原定 {day}，正在加紧办理" if self.due < today else f"最晚 {day}"


@dataclass(frozen=True)
class Progress:
    """A case as its customer is told it. `summary` is one sentence; `asks` what he himself has to do, and by when."""

    number: str
    customer: str
    kind: str
    address: str
    accepted_on: date
    summary: str
    lines: tuple[ProgressLine, ...]
    asks: tuple[str, ...]


def asked_cases(desk: Desk, said: str) -> tuple[CaseRow, ...]:
    """The cases that may be meant: by number, by the code on a receipt, by name, by the end of an ID or a phone.
    Several words narrow each other: a name and the end of an ID, an end and a part of the address. At most `MOST`.

    For the clerk to choose from; what he then tells or prints is one case alone.
    """
    scanned = re.search(r"YK\d{8,}", said.upper())
    found = _found(desk, scanned[0] if scanned else said)
    words = sorted(said.split(), key=lambda word: not any(map(str.isdigit, word)))  # the end of a number tells more
    if found or len(words) < 2:
        return found
    first, *others = words
    rows = _found(desk, first)
    for word in others:
        known = {row.number for row in _found(desk, word)}
        rows = tuple(row for row in rows if row.number in known or _names(row, word))
    return rows


def _found(desk: Desk, text: str) -> tuple[CaseRow, ...]:
    return cases(desk, CaseFilter(text=text), limit=MOST).rows if text.strip() else ()


def _names(row: CaseRow, word: str) -> bool:
    """Whether the word is a part of the customer's name or of the place."""
    return search_form(word) in search_form(row.customer) or address_form(word) in address_form(row.address)


def progress(desk: Desk, number: str) -> Progress:
    """How far the case has come, in the customer's words; refused if there is none of that number."""
    view = case(desk, number)
    words = desk.rules_of(view.process.release).progress
    lines = tuple(sorted(_lines(view.state, words), key=lambda line: ORDER.index(line.state)))  # done is done
    return Progress(
        view.row.number, view.row.customer, view.row.kind, view.row.address, view.row.accepted_on,
        _summary(view.state, lines, words, desk.today), lines, tuple(_asks(view)))


def _lines(now: CaseState, words: ProgressWords) -> Iterator[ProgressLine]:
    for stage in now.stages:
        said = words.of(stage.id, stage.name)
        if said.hidden or stage.state in NOT_TOLD or (stage.optional and stage.state == Phase.WAITING):
            continue
        if stage.state == Phase.DONE:
            yield ProgressLine(said.done, DONE, stage.told_on, None)
        else:
            runs = stage.state in OPEN
            yield ProgressLine(said.now if runs else said.later, NOW if runs else LATER, None,
                               _promised(now, stage) if runs else None)


def _promised(now: CaseState, stage: StageState) -> date | None:
    """The day that he was told himself, on his receipt or since: for this stage, else for the whole. A day that counts
    in the house alone is told only where he was told none."""
    named = [each for each in now.clocks if each.clock.promised and each.clock.ended is None and each.due]
    own = [each.due for each in named if stage.id in each.clock.limit.stages]
    whole = [each.due for each in named if not each.clock.limit.stages]
    return stage.due and next(iter((*own[::-1], *whole[::-1])), stage.due)



def _summary(now: CaseState, lines: tuple[ProgressLine, ...], words: ProgressWords, today: date) -> str:
    if now.status == Status.ENDED:
        return "这件申请已经终止。需要时可以随时再来办理。"
    if now.status == Status.ARCHIVED or all(line.state == DONE for line in lines):
        return "您的申请已经办结。"
    if now.pause is not None:
        why = words.pauses.get(now.pause.reason, f"暂停办理：{now.pause.reason}")
        return f"目前{why}。这段时间不计入我们的办理时限。"
    going = [line for line in lines if line.state == NOW]
    place = next((n for n, line in enumerate(lines, 1) if line.state == NOW), len(lines))
    told = "；".join(line.word for line in going) or "我们正在安排下一步"
    due = min((line.due for line in going if line.due), default=None)
    return f"您的申请办到第 {place} 步（共 {len(lines)} 步）：{told}{_by(due, today)}。"


def _by(due: date | None, today: date) -> str:
    """By when he may expect it; a day that is past is owned to, not promised again."""
    if due is None:
        return ""
    if due < today:
        return f"，比原定的 {_day(due)}晚了，我们正在加紧办理"
    return f"，最晚 {_day(due)}办好这一步"


def _asks(view: CaseView) -> Iterator[str]:
    """The papers that he still owes, with their day."""
    for paper in view.materials:
        if paper.open:
            due = f"，请在 {show('wanted_on', paper.due_on.isoformat())}前交来" if paper.due_on else ""
            yield f"还差{paper.name}{due}"


def progress_pdf(desk: Desk, number: str) -> bytes:
    """What the customer may take along: one page about his own case."""
    told, own = progress(desk, number), hall(desk)
    rows = [[str(n), line.word, line.state, _day(line.done_on) or line.by(desk.today, _day(line.due))]
            for n, line in enumerate(told.lines, 1)]
    parts: tuple[Part, ...] = (
        Words(f"{told.customer}：您好！您于 {_day(told.accepted_on)}申请的“{told.kind}”（{told.address}），"
              "办理进度如下。"),
        Words(told.summary, strong=True),
        Table("办理步骤", (("序", "right"), ("步骤", "left"), ("进度", "left"), ("日期", "left")), rows),
        *(Words(f"请您办：{ask}。") for ask in told.asks),
        Words(f"查询请报申请编号 {told.number}，或致电本厅 {own.get('hall_phone') or own.get('supplier_phone', '')}；"
              f"{HOTLINES}。"),
    )
    paper = Told("用电申请进度", f"申请编号：{told.number}", parts,
                 own.get("hall_name") or own.get("supplier_name", ""), is_practice(desk), told.number)
    return hall_pdf(paper, faces(desk.fonts), entry_moment(desk))


def _day(day: date | None) -> str:
    return show("wanted_on", day.isoformat()) if day else ""
