"""The clocks of a case side by side, and every day of the chosen one with the rule by which it was read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.ask_card import AskCard, asked
from ui.intake_summary import LinkLabel, link
from ui.page import label
from ui.paged_table import ColumnSpec, PagedTable
from ui.paper_list import print_paper
from ui.services import Services
from ui.theme import LEVELS, MUTED

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView
    from desktop.usecases.timing import ClockView, DayView, PauseView

CLOCK_ROWS = 6  # as many clocks as are seen without scrolling
LEAST_DAYS = 130  # three days and their head
DAY_TONES = {"计入": "plain", "调休上班": "info", "暂停": "care", "客户环节": "care"}


def _level(clock: ClockView) -> str:
    shape, _tone = LEVELS.get(clock.level, LEVELS["—"])
    word = "停着" if clock.due is None else clock.level
    if clock.ended is not None:
        word = "逾期办结" if clock.level == "超期" else "按期办结"
    return f"{'◎ ' if clock.tightest else ''}{shape} {word}"


def _due(clock: ClockView) -> str:
    """Without its weekday, which the days below tell: the limits' names need the room."""
    if clock.due_at or clock.due is None:
        return f"{clock.due_at:%m-%d %H:%M}" if clock.due_at else clock.trouble or "停着，未定"
    return clock.due.isoformat()


CLOCK_COLUMNS = (
    ColumnSpec("source", "来源", 50, lambda each: each.source),
    ColumnSpec("label", "时限", 110, lambda each: each.label, stretch=True),
    ColumnSpec("measure", "口径", 76, lambda each: each.measure),
    ColumnSpec("used", "已用/时限", 95, lambda each: f"{each.used}/{each.allowed} {each.unit}"),
    ColumnSpec("due", "到期", 92, _due),
    ColumnSpec("level", "状态", 100, _level, tone=lambda each: LEVELS.get(each.level, LEVELS["—"])[1]),
    ColumnSpec("mark", "核验", 63, lambda each: each.mark,
               tone=lambda each: "care" if each.mark == "待核验" else "muted"),
)


def _why(day: DayView) -> str:
    marks = [word for word, holds in (("今天", day.today), ("到期", day.is_due), ("超期", day.late and day.n)) if holds]
    return day.why + (f" · {'，'.join(marks)}" if marks else "")


DAY_COLUMNS = (
    ColumnSpec("date", "日期", 122, lambda day: day.date, "date"),
    ColumnSpec("n", "计数", 100, lambda day: day.counted, tone=lambda day: DAY_TONES.get(day.reading, "muted")),
    ColumnSpec("why", "怎么读", 180, _why, tone=lambda day: "wrong" if day.late and day.n else "plain", stretch=True),
)


def tightest_text(view: CaseView) -> str:
    """Which clock it is that the case's head shows."""
    nearest = view.state.tightest
    if nearest is None:
        return ""
    limit = nearest.clock.limit
    return f" · 最紧的时限：{limit.source}“{limit.label}”"


class ClockBadge(QLabel):
    """The tightest clock in the head of a case: a click, or Enter on it, shows all clocks."""

    asked = Signal()

    def __init__(self, tip: str) -> None:
        super().__init__()
        self.setProperty("badge", "muted")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class ClockPanel(QFrame):
    """Hidden until it is asked for; Esc puts it away. `put_away` tells that the page's own form is wanted again."""

    put_away = Signal()

    def __init__(self, services: Services, ask: AskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._services, self._ask = services, ask
        self.view: CaseView | None = None
        self._pauses: dict[str, PauseView] = {}
        self.clocks = PagedTable("clocks", CLOCK_COLUMNS, services)
        self.days = PagedTable("clock_days", DAY_COLUMNS, services)
        self.pauses = LinkLabel()
        self._basis, self.rule = label(role="muted", wrap=True), label(role="muted", wrap=True)
        self.days.setMinimumHeight(LEAST_DAYS)
        self.clocks.chosen.connect(self._show_days)
        self.days.chosen.connect(self._show_rule)
        self.pauses.followed.connect(self._follow)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self.promise_button = self._button("承诺日期", self.ask_promise)
        self.print_button = self._button("打印这个时限", self.print_clock)
        head = QHBoxLayout()
        head.addWidget(label("时限怎么数的（◎ 最紧的一个）", "head"))
        head.addStretch(1)
        for button in (self.promise_button, self.print_button, self._button("收起", self.leave)):
            head.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.addLayout(head)
        for widget, stretch in ((self.clocks, 0), (self._basis, 0), (self.days, 1), (self.rule, 0), (self.pauses, 0)):
            box.addWidget(widget, stretch)

    @staticmethod
    def _button(text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda _checked=False: do())
        return button

    def show_case(self, view: CaseView) -> None:
        """The case's clocks, the nearest first; the one that was chosen stays chosen."""
        from desktop.usecases.timing import clock_views, pauses_of

        self.view = view
        found = clock_views(view)
        self.clocks.show_rows(found)
        rows = min(max(len(found), 1), CLOCK_ROWS)
        self.clocks.setFixedHeight(self.clocks.horizontalHeader().sizeHint().height() + 30 * rows + 4)
        pauses = pauses_of(self._services.desk, view.row.number)
        self._pauses = {str(each.seq): each for each in pauses}
        self.pauses.setText("<br>".join(_pause_html(each, self._services.clerk is not None) for each in pauses))
        self.pauses.setVisible(bool(pauses))
        self.promise_button.setEnabled(self._services.clerk is not None and view.state.closed_on is None)
        self.print_button.setEnabled(self._services.clerk is not None and bool(found))
        self._show_days(self.clocks.current())

    def _show_days(self, clock: ClockView | None) -> None:
        from desktop.errors import Refusal
        from desktop.usecases.timing import days_of

        if clock is None or self.view is None:
            return
        more = "".join(f"；{each}" for each in (clock.gap, clock.trouble) if each)
        self._basis.setText(f"依据：{clock.basis}（{clock.mark}）{more}")
        try:
            self._show_lines(days_of(self._services.desk, self.view.process, self.view.state, clock.place))
        except Refusal as refusal:
            self.days.show_rows(())
            self._basis.setText(refusal.sentence)

    def _show_lines(self, days: tuple[DayView, ...]) -> None:
        """The days, today's the chosen one."""
        self.days.show_rows(days)
        today = next((place for place, day in enumerate(days) if day.today), 0)
        self.days.selectRow(today)
        self.days.scrollTo(self.days.model().index(today, 0))

    def _show_rule(self, day: DayView | None) -> None:
        self.rule.setText(f"{day.reading}：{day.rule}。依据：{day.basis}（{day.mark}）" if day else "")

    def leave(self) -> None:
        self.hide()
        self.put_away.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    # deeds

    def print_clock(self) -> None:
        """The chosen clock as a page, kept with the case and sent to the printer."""
        from desktop.usecases.timing import clock_paper

        clock, services = self.clocks.current(), self._services
        if clock is None or self.view is None:
            return
        desk, number = services.desk, self.view.row.number
        services.jobs.run(lambda _step: clock_paper(desk, number, clock.place),
                          lambda paper: print_paper(services, paper, self), title="正在制作时限说明")

    def ask_promise(self) -> None:
        """A day that is promised to this customer: a clock of its own from then on."""
        from desktop.usecases.timing import promise

        assert self.view is not None
        view, desk = self.view, self._services.desk
        stages = {stage.name: stage.id for stage in view.process.stages
                  if view.state.stage(stage.id).done_on is None}

        def do(answers: dict[str, Any]) -> None:
            promise(desk, view.row.number, stages[answers["stage"]], date.fromisoformat(answers["to"]),
                    answers["reason"])
            self._services.messages.say("good", f"已保存：承诺 {answers['to']} 前完成{answers['stage']}。")

        energised = view.process.stage(view.process.energised_by).name
        self._ask.ask("登记对客户的承诺", [
            asked("stage", "完成哪个环节", "choice", tuple(stages)), asked("to", "承诺日期", "date"),
            asked("reason", "原因", "text")], do, ok="登记承诺", required=["stage", "to", "reason"],
            answers={"stage": energised} if energised in stages else {},
            about="承诺的日期与法定、公司的时限并列，哪个最紧按哪个提醒。")

    def _follow(self, target: str) -> None:
        """`4` corrects that pause, `file:4` proves it by a file."""
        if target.startswith("file:"):
            self._choose_proof(int(target.removeprefix("file:")))
        else:
            self.ask_correction(target)

    def _choose_proof(self, seq: int) -> None:
        from ui.printing import ask_file

        if path := ask_file(self, "图片或 PDF (*.jpg *.jpeg *.png *.pdf)"):
            self.prove(seq, path)

    def prove(self, seq: int, path: Path) -> None:
        """Keep a file that proves the pause with the case."""
        from desktop.usecases.filing import file_in, read_file
        from desktop.usecases.timing import slot_of

        assert self.view is not None
        desk, number, services = self._services.desk, self.view.row.number, self._services
        services.jobs.run(lambda _step: file_in(desk, number, slot_of(seq), read_file(path), path.name),
                          lambda filed: services.messages.say("good" if filed.added else "info",
                                                              filed.told or f"已保存：凭据 {filed.name}。"))

    def ask_correction(self, seq: str) -> None:
        """A pause as it should have been entered; the log keeps both."""
        from desktop.usecases.timing import correct_pause

        assert self.view is not None
        pause, number, desk = self._pauses[seq], self.view.row.number, self._services.desk
        known = {"since": pause.since.isoformat(), "until": pause.end.isoformat() if pause.end else "",
                 "reason": pause.reason, "evidence": pause.evidence, "withdrawn": "是" if pause.withdrawn else ""}

        def do(answers: dict[str, Any]) -> None:
            given = {"until": "", "evidence": "", "withdrawn": "", **answers}
            correct_pause(desk, number, int(seq), {name: value for name, value in given.items()
                                                   if name == "why" or value != known.get(name, "")})
            self._services.messages.say("good", "已保存：暂停已更正，各个时限随之重算。")

        self._ask.ask("更正暂停", [
            asked("since", "暂停起始日", "date"), asked("until", "恢复日期", "date"),
            asked("reason", "原因", "choice", self.view.process.pause_reasons),
            asked("evidence", "凭据", "text", sample=pause.evidence),
            asked("withdrawn", "撤销这次暂停", "choice", ("是",)), asked("why", "更正原因", "text"),
            asked("allowed_by", "批准人工号", "text")],
            do, ok="更正", required=["since", "reason", "why"], answers=known,
            about="原来的登记不改，另记一笔更正；所有时限按更正后的重新计算。停得更久的和暂停一样要有人批准。")


def _pause_html(pause: PauseView, may_correct: bool) -> str:
    end = pause.end.isoformat() if pause.end else "未恢复"
    told = f"暂停 {pause.since.isoformat()} 至 {end} {escape(pause.reason)}"
    told = f"<s>{told}</s> 已撤销" if pause.withdrawn else told
    files = f"{pause.files} 个文件" if pause.files else ""
    more = f"批准 {pause.allowed_by or '未写'} · 凭据 {'，'.join(filter(None, (pause.evidence, files))) or '未写'}"
    more += " · 已更正" if pause.corrected else ""
    deeds = f" {link(str(pause.seq), '更正')} {link(f'file:{pause.seq}', '附凭据')}" if may_correct else ""
    return f"{told} <span style='color:{MUTED}'>{escape(more)}</span>{deeds}"
