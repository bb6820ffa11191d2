"""The clocks of a case for those who ask: side by side, day by day with the rule of each day, and as a page to print.

Pauses are corrected and days promised here, each by a further entry of the log; everything else is computed from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from desktop.domain.caselog import Halt, LogEntry, What, fold
from desktop.domain.clock import Clock, ClockRules, ClockState, DayLine, Reading, entry_gap
from desktop.domain.deadline import Level
from desktop.domain.deed import may, stands_longer
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import AlreadyDone, act, entry_moment
from desktop.usecases.allowing import pause_facts
from desktop.usecases.casework import append, case_row, log_of, process_for, stage_named
from desktop.usecases.desk import Desk
from desktop.usecases.filing import PAUSE_PROOF, files_of
from desktop.usecases.papering import PaperView, keep_paper, same_paper
from desktop.usecases.staffing import hall, is_practice

if TYPE_CHECKING:
    from desktop.catalog.release import Catalog
    from desktop.domain.case import CaseState
    from desktop.domain.process import Process
    from desktop.usecases.case_listing import CaseView

WEEKDAYS = "一二三四五六日"
FORM = "clock"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
PAGE_DAYS = 30  # lines that a page has room for, one a day


@dataclass(frozen=True)
class ClockView:
    """One clock as it stands. `unit` is 工作日 or 小时; `gap` how a date on the receipt and the calendar of today
    disagree, if they do."""

    place: int
    source: str
    label: str
    measure: str
    unit: str
    allowed: int
    used: int
    began: date
    due: date | None
    due_at: datetime | None
    ended: date | None
    level: str
    tightest: bool
    gap: str
    basis: str
    mark: str
    trouble: str


@dataclass(frozen=True)
class DayView:
    """One day of a clock: `n` as which it counted (0: not) and that in words, how it was read and why, and the rule
    with its basis."""

    date: date
    n: int
    counted: str
    reading: str
    why: str
    rule: str
    basis: str
    mark: str
    is_due: bool
    late: bool
    today: bool


@dataclass(frozen=True)
class PauseView:
    """A pause as it stands after its corrections. `seq` names its entry; `end` is the day the clock ran again, `files`
    how many files prove it."""

    seq: int
    reason: str
    since: date
    end: date | None
    evidence: str
    allowed_by: str
    corrected: bool
    withdrawn: bool
    files: int = 0

    @property
    def is_proved(self) -> bool:
        return bool(self.evidence or self.files or self.withdrawn)


def clock_views(view: CaseView) -> tuple[ClockView, ...]:
    """Every clock of the case that has begun, those that run first, the nearest first."""
    nearest = view.state.tightest
    made = [ClockView(
        place, str(each.clock.limit.source), each.clock.limit.label, each.clock.limit.measure,
        "小时" if each.clock.limit.hours else "工作日", each.clock.allowed, each.used, each.clock.began, each.due,
        each.clock.due_at, each.clock.ended, str(each.level), nearest is not None and each is nearest,
        _gap(each.clock),
        _basis(view.process, each.clock), each.clock.limit.basis.mark, each.trouble,
    ) for place, each in enumerate(view.state.clocks, 1)]
    return tuple(sorted(made, key=lambda each: (each.ended is not None, not each.tightest, each.due or date.max)))


def _gap(clock: Clock) -> str:
    if clock.recounted is None or clock.promised is None:
        return ""
    return (f"工作日历后来有变：按现在的日历应到 {day_text(clock.recounted)}，"
            f"印在回执上的是 {day_text(clock.promised)}，对客户仍以回执为准")


def _basis(process: Process, clock: Clock) -> str:
    """The limit's basis, and why it allows more days than the basis names."""
    more = 0 if clock.limit.hours else clock.allowed - clock.limit.days
    if more <= 0:
        return clock.limit.basis.text
    if clock.limit.agreed:
        return f"{clock.limit.basis.text}；与客户约定的日期在 {clock.limit.days} 个工作日之后，计到约定的那一天"
    names = "、".join(process.stage(stage).name for stage in clock.limit.includes)
    return f"{clock.limit.basis.text}；{names}当日办结，没用的 {more} 个工作日并入，共 {clock.allowed} 个"


def days_of(desk: Desk, process: Process, now: CaseState, place: int) -> tuple[DayView, ...]:
    """Every day of the clock at `place`, up to its due day or today, as far as there is a calendar; refused where there
    is no such clock."""
    if not 1 <= place <= len(now.clocks):
        raise Refusal(f"没有第 {place} 个时限。这张工单现在有 {len(now.clocks)} 个。", "clock")
    rules = desk.rules_of(process.release)
    return tuple(_day(desk, rules, line) for line in _lines(desk, rules, now.clocks[place - 1]))


def _lines(desk: Desk, rules: Catalog, state: ClockState) -> Iterator[DayLine]:
    """Days to come are told only where it is known when the clock runs on."""
    for line in state.clock.explain(desk.today, rules.calendar, desk.now):
        if state.due is not None:
            yield line
        elif line.date <= desk.today:
            yield replace(line, is_due=False, late=False)


def _day(desk: Desk, rules: Catalog, line: DayLine) -> DayView:
    rule = rules.clock.rules[line.reading]
    papers = rules.calendar.papers(line.date) if line.reading in (Reading.HOLIDAY, Reading.SHIFTED) else ()
    basis = "；".join((*papers, rule.basis.text))
    return DayView(line.date, line.n, _counted(line), str(line.reading), line.why, rule.text, basis, rule.basis.mark,
                   line.is_due, line.late, line.date == desk.today)


def _counted(line: DayLine) -> str:
    """第 3 日, 7 小时 20 分 or 不计."""
    hours, minutes = divmod(line.minutes, 60)
    told = " ".join(f"{n} {unit}" for n, unit in ((hours, "小时"), (minutes, "分")) if n)
    return f"第 {line.n} 日" if line.n else told or "不计"


def pauses_of(desk: Desk, number: str) -> tuple[PauseView, ...]:
    """The pauses of a case as they stand, the first one first."""
    with desk.db.read() as session:
        case = case_row(session, number)
        log, process = log_of(session, case.id), process_for(desk, case)
    files = Counter(each.slot for each in files_of(desk, number))
    return tuple(
        PauseView(halt.seq, halt.pause.reason, halt.pause.since, halt.end, halt.pause.evidence,
                  halt.pause.allowed_by, halt.corrected, halt.withdrawn, files[slot_of(halt.seq)])
        for halt in fold(process, log).halts)


def slot_of(seq: int) -> str:
    """Where the files lie that prove the pause of that number."""
    return f"{PAUSE_PROOF} {seq}"


CORRECTIONS = ("since", "until", "reason", "evidence", "allowed_by", "withdrawn", "why")
WITHDRAWN = ("是", "否")


def correct_pause(desk: Desk, number: str, seq: int, change: Mapping[str, str], *,
                  request_id: str | None = None) -> None:
    """Correct a pause by a further entry; all clocks follow.

    change: since and until (the day the clock ran again; empty: it still stands), reason, evidence, allowed_by (工号),
    withdrawn (是: there was no such pause; 否: there was), why (required). What is not named stays. Refused with what
    is impossible, and where the clock would stand on a day on which it ran, without one whose post may allow a pause:
    he answers for the pause from then on. 依据: clock.toml, pause_posts.
    """
    strange = [name for name in change if name not in CORRECTIONS]
    if strange:
        raise Refusal(f"更正暂停不需要填“{'、'.join(strange)}”。可以填：{'、'.join(CORRECTIONS)}。", strange[0])
    given: dict[str, Any] = {"of": seq, **{name: value.strip() for name, value in change.items()}}
    if given.get("withdrawn") not in (None, "", *WITHDRAWN):
        raise Refusal(f"withdrawn（撤销这次暂停）应填：{'、'.join(WITHDRAWN)}。", "withdrawn")
    if "withdrawn" in given:
        given["withdrawn"] = given["withdrawn"] if given["withdrawn"] == WITHDRAWN[0] else ""
    rules, halt = _clock_rules(desk, number, seq)
    if given.get("allowed_by") or stands_longer(halt, given):
        allowed = pause_facts(desk, rules, {"evidence": "—", "allowed_by": given.get("allowed_by", "")})
        given["allowed_by"] = allowed["allowed_by"]
    _append(desk, number, What.PAUSE_CORRECTED, given, "correct_pause", request_id)


def _clock_rules(desk: Desk, number: str, seq: int) -> tuple[ClockRules, Halt | None]:
    """The rules of the case's clocks, and its pause of that number as it stands."""
    with desk.db.read() as session:
        case = case_row(session, number)
        halt = fold(process_for(desk, case), log_of(session, case.id)).halt(seq)
        return desk.rules_of(case.release).clock, halt


def promise(desk: Desk, number: str, stage: str, to: date, reason: str, *, request_id: str | None = None) -> None:
    """Keep a day promised to this customer for the end of a stage; it is a clock beside the others from then on.
    Refused for a day that is past, a stage that is done, or without the reason."""
    _append(desk, number, What.PROMISED, {"to": to.isoformat(), "reason": reason.strip()}, "promise", request_id, stage)


def _append(desk: Desk, number: str, what: What, facts: dict[str, Any], verb: str, request_id: str | None,
            stage: str = "") -> None:
    with suppress(AlreadyDone), act(desk, verb, request_id) as doing:
        case = case_row(doing.session, number)
        process, log = process_for(desk, case), log_of(doing.session, case.id)
        place = stage_named(process, stage) if stage else process.stage(_stage_of(log, facts) or process.first.id)
        lacks = may(process, log, place.id, what, on=doing.today, today=doing.today, facts=facts)
        if lacks:
            raise Refusal("现在还不能这样登记：", lacks[0].field, lacks)
        append(doing, desk, case, process, what, stage=place.id, facts=facts)
        doing.result = case.number


def _stage_of(log: tuple[LogEntry, ...], facts: Mapping[str, Any]) -> str:
    return next((entry.stage for entry in log if entry.seq == facts.get("of")), "")


def gap_of(desk: Desk, entry: LogEntry) -> int:
    """Working days by which an entry came after the day it is claimed for; 0 for one that came over with its case from
    the other system, where it had been entered in its time."""
    if entry.facts.get("source"):
        return 0
    return entry_gap(entry.claimed_on, entry.entered_at.date(), desk.catalog.calendar)


def is_late_entry(desk: Desk, process: Process, entry: LogEntry) -> bool:
    """Whether the gap is one that counts (防体外流转)."""
    return gap_of(desk, entry) > desk.rules_of(process.release).clock.late_entry_days


def clock_notices(desk: Desk, view: CaseView) -> tuple[Missing, ...]:
    """What the clocks want looked at: late entries, a receipt whose dates the calendar left, pauses
    without evidence."""
    late = [entry for entry in view.log if is_late_entry(desk, view.process, entry)]
    days = desk.rules_of(view.process.release).clock.late_entry_days
    found = [Missing(f"有 {len(late)} 笔登记比实际办理晚了 {days} 个工作日以上，请说明")] if late else []
    gaps = [Missing(f"{each.clock.limit.label}：{_gap(each.clock)}") for each in view.state.clocks
            if each.running and each.clock.recounted]
    pauses = pauses_of(desk, view.row.number) if any(each.what == What.PAUSED for each in view.log) else ()
    return (*found, *gaps, *(Missing(f"{each.since.isoformat()} 起的暂停（{each.reason}）没有写明凭据")
                      for each in pauses if not each.is_proved))


# ---- on paper


def clock_paper(desk: Desk, number: str, place: int, *, request_id: str | None = None) -> PaperView:
    """The clock at `place` as one page, kept with the case; days that are read alike share a line."""
    from desktop.usecases.case_listing import case
    from printing.fonts import faces
    from printing.form_paper import form_digest, form_pdf, forms

    view = case(desk, number)
    clock = next((each for each in clock_views(view) if each.place == place), None)
    days = days_of(desk, view.process, view.state, place)
    assert clock is not None
    facts = _paper_facts(desk, view, clock, days)
    content = form_pdf(FORM, facts, faces(desk.fonts), entry_moment(desk))
    with act(desk, "clock_paper", request_id) as doing:
        title = f"{forms()[FORM].title}（{clock.label}）"
        subject_id = case_row(doing.session, number).id
        if kept := same_paper(doing, FORM, "case", subject_id, facts, form_digest(FORM)):
            return kept
        return keep_paper(doing, kind=FORM, subject="case", subject_id=subject_id, title=title, answers=facts,
                          digest=form_digest(FORM), content=content)


def _paper_facts(desk: Desk, view: CaseView, clock: ClockView, days: tuple[DayView, ...]) -> dict[str, Any]:
    own = hall(desk)
    unit = f"个{clock.unit}" if clock.unit == "工作日" else clock.unit
    state = f"已用 {clock.used} {unit}" + (f"，{clock.ended.isoformat()} 办结" if clock.ended else "")
    late = next((f"自 {day.date.isoformat()} 起" for day in days if day.late), "")
    level = f"{late}{clock.level}" if clock.level == Level.OVERDUE else clock.level
    return {
        "hall_name": own.get("hall_name") or own["supplier_name"], "practice": "演练" if is_practice(desk) else "",
        "case_number": view.row.number, "printed_at": f"{entry_moment(desk):%Y-%m-%d %H:%M}",
        "kind_name": view.row.kind, "customer_name": view.row.customer, "label": clock.label,
        "source": f"{clock.source}（{clock.measure}）", "limit": f"{clock.allowed} {unit}",
        "began": _on_paper(day_text(clock.began)),
        "due": _on_paper(_due_text(clock)),
        "state": _on_paper(state if clock.level == Level.NONE else f"{state}，{level}"),
        "basis": _on_paper("；".join(filter(None, (f"{clock.basis}（{clock.mark}）", clock.gap)))),
        "days": [{**line, "date": _on_paper(line["date"])} for line in _grouped(days)], "rules": [*_rules(days)],
    }


def _on_paper(text: str) -> str:
    """The days in it as papers write them: 2026年11月23日."""
    return _DAY.sub(lambda found: "{}年{}月{}日".format(*map(int, found.groups())), text)


def _due_text(clock: ClockView) -> str:
    """The end of the clock; empty while it stands still, or why it is not known."""
    if clock.due_at is not None:
        return f"{clock.due_at:%Y-%m-%d %H:%M}"
    return day_text(clock.due) if clock.due else clock.trouble


def _grouped(days: tuple[DayView, ...]) -> Iterator[dict[str, str]]:
    """Counted days one a line; days not counted for the same reason share one. Of many days the counted ones that
    follow one another share a line too, and all that are over the limit: it is one page."""
    many = len(days) > PAGE_DAYS
    late = tuple(day for day in days if day.late) if many else ()
    yield from _lines_of(days[:len(days) - len(late)], many)
    if late:
        counted = [day for day in late if day.n]
        first, last = (counted[0].n, counted[-1].n) if counted else (0, 0)
        told = f"计入 {len(counted)} 天，不计 {len(late) - len(counted)} 天"
        yield {"n": f"第 {first} 至 {last} 日" if counted else late[0].counted,
               "date": f"{day_text(late[0].date)} 至 {day_text(late[-1].date)}",
               "why": f"连续计时（{len(late)} 天）" if late[0].reading == Reading.HOURS else told,
               "word": str(Level.OVERDUE)}


def _lines_of(days: tuple[DayView, ...], many: bool) -> Iterator[dict[str, str]]:
    told = zip(days, _causes(days) if many else (day.why for day in days), strict=True)
    for _, group in groupby(told, key=lambda each: (each[1], each[0].is_due, each[0].late, not many and each[0].n,
                                                    "" if each[0].n else each[0].counted)):
        run = [day for day, _ in group]
        first, last = run[0], run[-1]
        dates = day_text(first.date) + (f" 至 {day_text(last.date)}" if len(run) > 1 else "")
        counted = first.counted if first.n == last.n else f"第 {first.n} 至 {last.n} 日"
        whys = Counter(day.why for day in run)
        why = "、".join(f"{each}（{times} 天）" for each, times in whys.items()) if len(run) > 1 else first.why
        word = "到期" if last.is_due else str(Level.OVERDUE) if last.late else ""
        yield {"n": counted, "date": dates, "why": why, "word": word}


def _causes(days: tuple[DayView, ...]) -> Iterator[str]:
    """Why each day was read as it was; days of rest within a pause or a stage of the customer's are part of it."""
    cause = ""
    for day in days:
        rests = day.reading in (Reading.WEEKEND, Reading.HOLIDAY)
        cause = cause if rests and cause else ("" if day.n or day.reading == Reading.START else day.why)
        yield cause or day.why


def _rules(days: tuple[DayView, ...]) -> Iterator[dict[str, str]]:
    for reading in dict.fromkeys(day.reading for day in days):
        day = next(day for day in days if day.reading == reading)
        yield {"reading": reading, "rule": day.rule, "basis": f"{day.basis}（{day.mark}）"}


def day_text(day: date) -> str:
    return f"{day.isoformat()} 周{WEEKDAYS[day.weekday()]}"

