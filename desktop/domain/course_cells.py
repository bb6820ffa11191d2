"""Reads the course of a case from the cells of its row: each told day is taken as it stands, or said why it is not.

A day before the acceptance, after today, of a stage that this kind has not or that cannot have been done yet is no
day of the case: it is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from desktop.domain.course import Course, latest_days, opened, settled_by, undated
from desktop.domain.ledger_cells import Cell
from desktop.domain.ledger_dates import read_date
from desktop.domain.process import Process
from desktop.domain.slip import far_told, is_far

DONE, PLANNED, PLEDGED, OWNER, SUBMITTED = "done", "planned", "pledged", "owner", "submitted"  # of a stage's columns


class RowCells(Protocol):
    """The cells of a row by the meaning of their columns."""

    @property
    def columns(self) -> Mapping[str, int]: ...
    @property
    def is_1904(self) -> bool: ...
    def cell(self, name: str) -> Cell: ...
    def text(self, name: str) -> str: ...


def stage_column(what: str, *stages: str) -> str:
    """The name of the column that tells `what` of these stages."""
    return " ".join((what, *stages))


@dataclass
class CourseReader:
    """Reads one row's course; what cannot be taken goes to `doubts`, what should be known to `remarks`.

    `instead` names, for a stage that a kind has not, those that stand for it there.
    """

    cells: RowCells
    process: Process
    instead: Mapping[str, Sequence[str]]
    today: date
    doubts: list[str]
    remarks: list[str] = field(default_factory=list)

    def course(self, at: tuple[str, ...], accepted: date, answers: Mapping[str, object]) -> Course:
        """The course of the case that now is `at` these stages."""
        done = self._in_order(self._days(DONE, at, accepted), accepted)
        submitted = self._days(SUBMITTED, (), accepted)
        done = self._beside(at, self._ended_by(submitted) | done, answers)
        course = Course(
            at=at, accepted=accepted, done=done, submitted=submitted, planned=self._ahead(PLANNED, accepted),
            pledged=self._ahead(PLEDGED, accepted), owners=self._owners(),
            settled=settled_by(self.process, (*at, *done), answers))
        course = self._paused(self._arrived(course, answers), accepted)
        course = replace(course, settled=settled_by(self.process, (*at, *course.done), answers))
        self._tell_undated(course, answers)
        return course

    # ---- cells

    def _told(self, what: str) -> Iterator[tuple[str, str]]:
        """Each filled column that tells `what`, with the stage of this kind that it means."""
        for column in self.cells.columns:
            kind, *stages = column.split(" ")
            if kind != what or not self.cells.text(column):
                continue
            own = tuple(dict.fromkeys(found for stage in stages if (found := self._stage(stage))))
            if not own:
                self.doubts.append(f"“{self.process.name}”没有“{column_word(column)}”所说的环节，这一格没有采用")
            yield from ((column, stage) for stage in own)

    def _stage(self, stage: str) -> str:
        """The stage itself, or the first of those that stand for it in this kind."""
        return next((each for each in (stage, *self.instead.get(stage, ())) if each in self.process.stage_by_id), "")

    def _day(self, column: str, stage: str, word: str) -> date | None:
        read = read_date(self.cells.cell(column), self.cells.is_1904)
        if read.day is None and read.fault != "blank":
            self.doubts.append(f"“{self._name(stage)}”的{word}不是明确的日期，没有采用")
        return read.day

    def _name(self, stage: str) -> str:
        return self.process.stage(stage).name

    def _owners(self) -> dict[str, str]:
        return {stage: self.cells.text(column) for column, stage in self._told(OWNER)}

    def _ahead(self, what: str, accepted: date) -> dict[str, date]:
        """Days planned or promised, which may lie ahead."""
        word = "承诺日期" if what == PLEDGED else "计划日期"
        days: dict[str, date] = {}
        for column, stage in self._told(what):
            day = self._day(column, stage, word)
            if day is not None and day < accepted:
                self.doubts.append(f"“{self._name(stage)}”的{word} {day} 早于受理日期，没有采用")
            elif day is not None:
                days[stage] = day
        return days

    def _days(self, what: str, at: tuple[str, ...], accepted: date) -> dict[str, date]:
        """Days on which something happened: between the acceptance and today, and not of what is still ahead."""
        word = "报送日期" if what == SUBMITTED else "完成日期"
        later = {each for stage in at for each in self.process.dependents(stage)}
        days: dict[str, date] = {}
        for column, stage in self._told(what):
            day = self._day(column, stage, word)
            if day is None or stage in days or stage == self.process.first.id:
                continue
            if why := self._impossible(day, accepted, stage, at, later):
                self.doubts.append(f"“{self._name(stage)}”的{word} {day} {why}，没有采用")
            else:
                days[stage] = day
        return days

    def _impossible(self, day: date, accepted: date, stage: str, at: tuple[str, ...], later: set[str]) -> str:
        if day < accepted:
            return "早于受理日期"
        if day > self.today:
            return "在今天之后"
        if stage in at:
            return "已有，而当前环节正是它，请核对是否已到下一环节"
        return "已有，而当前环节还没有到那一步" if stage in later else ""

    def _in_order(self, days: Mapping[str, date], accepted: date) -> dict[str, date]:
        """Without the days of stages that would be done before what they wait for."""
        kept: dict[str, date] = {}
        for stage in self.process.stages:
            if (day := days.get(stage.id)) is None:
                continue
            after = [each for each in self.process.ancestors(stage.id) if kept.get(each, accepted) > day]
            if after:
                before = f"“{self._name(after[-1])}”（{kept[after[-1]]}）"
                self.doubts.append(f"“{stage.name}”的完成日期 {day} 早于它前面的{before}，没有采用")
            else:
                kept[stage.id] = day
        return kept

    def _beside(self, at: tuple[str, ...], days: Mapping[str, date],
                answers: Mapping[str, object]) -> dict[str, date]:
        """Without the days of stages that do not take place where the open one does: 永久减容重签, 非永久的确认."""
        open_now = settled_by(self.process, at, answers)
        known = {**answers, **open_now}
        never = [stage for stage in days for when in self.process.stage(stage).conditions
                 if when.field in open_now and not when.holds(known)]
        self.doubts += [f"“{self._name(stage)}”的完成日期 {days[stage]} 与当前环节不属同一种办法，没有采用"
                        for stage in dict.fromkeys(never)]
        return {stage: day for stage, day in days.items() if stage not in never}

    def _ended_by(self, submitted: Mapping[str, date]) -> dict[str, date]:
        """What the customer hands in ends his own stage before it (施工到报验为止, 设计到送审为止)."""
        ended: dict[str, date] = {}
        for stage, day in submitted.items():
            needs = self.process.stage(stage).needs
            own = [each for each in needs if self.process.stage(each).timed_by_customer]
            ended |= {each: day for each in own if not set(self.process.dependents(each)) & set(needs)}
        return ended

    # ---- since when

    def _arrived(self, course: Course, answers: Mapping[str, object]) -> Course:
        """Since when the open stage is open: as told, else as the stages before it tell, else since acceptance."""
        read = read_date(self.cells.cell("arrived"), self.cells.is_1904)
        begun = opened(self.process, course, answers)
        accepted = course.accepted
        assert accepted is not None
        if read.day is None and read.fault == "blank" and begun:
            return replace(course, arrived=begun)
        if read.day is None:
            said = "没有到达当前环节的日期" if read.fault == "blank" else "到达当前环节的日期不明确"
            self.doubts.append(f"{said}，本环节的时限自受理日起算")
        elif not accepted <= read.day <= self.today:
            self.doubts.append(f"到达当前环节的日期 {read.day} 不在受理日与今天之间，时限自受理日起算")
        else:
            return self._agreeing(course, read.day)
        return replace(course, arrived=max((accepted, *course.done.values())))

    def _agreeing(self, course: Course, arrived: date) -> Course:
        """A stage that was done after the case is said to have left it has no day that could be trusted."""
        before = {each for at in course.at for each in self.process.ancestors(at)}
        late = [stage for stage, day in course.done.items() if stage in before and day > arrived]
        for stage in late:
            told = f"“{self._name(stage)}”的完成日期 {course.done[stage]}"
            self.doubts.append(f"{told} 晚于到达当前环节的日期 {arrived}，没有采用")
        done = {stage: day for stage, day in course.done.items() if stage not in late}
        return replace(course, arrived=arrived, done=done)

    def _paused(self, course: Course, accepted: date) -> Course:
        """A pause with its day; a case that is said to stand still without one is told of."""
        since, until = (read_date(self.cells.cell(name), self.cells.is_1904) for name in ("paused", "resumed"))
        reason = self.cells.text("pause_reason")
        if since.day is None:
            if since.fault != "blank" or until.fault != "blank" or reason:
                self.doubts.append("暂停没有明确的起始日期，没有采用，请在工单里补登记暂停")
            return course
        if not accepted <= since.day <= self.today or (until.day and until.day < since.day):
            self.doubts.append("暂停的起止日期不在受理日与今天之间，没有采用，请在工单里补登记暂停")
            return course
        if until.day and is_far(until.day, self.today):
            self.doubts.append(f"{far_told('暂停的恢复日期', until.day)}，没有采用，请在工单里补登记暂停")
            return course
        if not reason:
            self.doubts.append("暂停没有写原因，请在工单里补正")
        if until.day is None and until.fault != "blank":
            self.doubts.append("暂停的恢复日期不明确，按还在暂停记，请核对")
        taken = replace(course, paused=since.day, pause_reason=reason or "原系统未写原因")
        if until.day is not None and until.day > self.today:  # it still stands, and runs again by itself then
            return replace(taken, paused_until=until.day)
        return replace(taken, resumed=until.day)

    def _tell_undated(self, course: Course, answers: Mapping[str, object]) -> None:
        """Which days nobody told; where the customer's own time cannot be told from ours, that is a doubt."""
        open_ended = undated(self.process, course, answers)
        if not open_ended:
            return
        days = latest_days(self.process, course, answers)
        names = "、".join(f"“{stage.name}”（至迟 {days[stage.id]}）" for stage in open_ended)
        self.remarks.append(f"没有完成日期、按至迟日期记的环节：{names}")
        behind = {stage.id for stage in open_ended}
        customers = [each for each in (*course.done, *behind) if self.process.stage(each).timed_by_customer]
        if any(each in behind or behind & set(self.process.stage(each).needs) for each in customers):
            self.doubts.append("客户环节的起止日期不全，环节合计时限可能多计")


def column_word(column: str) -> str:
    """A stage's column in words, for a sentence."""
    what, *stages = column.split(" ")
    words = {DONE: "完成日期", PLANNED: "计划日期", PLEDGED: "承诺日期", OWNER: "办理人", SUBMITTED: "报送日期"}
    return f"{'、'.join(stages)} {words.get(what, what)}"
