"""交接班: what I have open is told to the next clerk, who confirms it at his own name or gives it back with why;
earlier ones can be printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.ask_card import AskCard, asked
from ui.days import day_text
from ui.page import Page, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services
from ui.sheet_page import SheetWanted

if TYPE_CHECKING:
    from desktop.usecases.relieving import ShiftView

MOST = 50
LINES = (
    ColumnSpec("number", "工单号", 140, lambda row: row["number"], "identifier"),
    ColumnSpec("customer", "客户", 230, lambda row: row["customer"], stretch=True),
    ColumnSpec("stage", "环节", 190, lambda row: row["stage"]),
    ColumnSpec("status", "状态", 70, lambda row: row["status"]),
    ColumnSpec("due", "到期", 110, lambda row: row["due"]),
    ColumnSpec("note", "交接事项（回车填写）", 330, lambda row: row["note"]),
)
PAST = (
    ColumnSpec("given", "交班时间", 190, lambda row: f"{day_text(row.given_at.date())} {row.given_at:%H:%M}"),
    ColumnSpec("giver", "交班", 90, lambda row: row.giver),
    ColumnSpec("receiver", "接班", 90, lambda row: row.receiver),
    ColumnSpec("count", "在办", 60, lambda row: f"{len(row.lines):,}", "integer"),
    ColumnSpec("confirmed", "确认", 160,
               lambda row: row.told or "◇ 待确认", tone=lambda row: "good" if row.answer == "确认" else "care"),
    ColumnSpec("note", "其他事项", 240, lambda row: row.note, stretch=True),
)


class WaitCard(QFrame):
    """A shift that waits for its answer, with what can be done about it: each button does its deed with that shift."""

    def __init__(self, *deeds: tuple[str, Callable[[ShiftView], object]]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.shift: ShiftView | None = None
        self._told = label(wrap=True)
        self.buttons = [self._button(word, do) for word, do in deeds]
        row = QHBoxLayout()
        row.addWidget(self._told, 1)
        for button in self.buttons:
            row.addWidget(button)
        QVBoxLayout(self).addLayout(row)
        self.hide()

    def _button(self, word: str, do: Callable[[ShiftView], object]) -> QPushButton:
        button = QPushButton(word)
        button.clicked.connect(lambda: self.shift is not None and do(self.shift))
        return button

    def show_first(self, shifts: Sequence[ShiftView], told: Callable[[ShiftView], str]) -> None:
        """Show the first of them, with how many more there are; hidden where there is none."""
        self.shift = shifts[0] if shifts else None
        if self.shift is not None:
            more = f"另有 {len(shifts) - 1} 次。" if len(shifts) > 1 else ""
            self._told.setText(told(self.shift) + more)
        self.setVisible(self.shift is not None)


class ShiftPage(Page):
    """Above what is open of the clerk at the window, below the latest shifts."""

    place: ClassVar[str] = "shift"
    watches: ClassVar[frozenset[str]] = frozenset({"shifts", "cases", "entries"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._notes: dict[str, str] = {}
        self.lines = PagedTable("shift_lines", LINES, services)
        self.lines.empty_text = "您现在没有在办的工单。"
        self.lines.opened.connect(self._ask_note)
        self.past = PagedTable("shifts", PAST, services)
        self.past.empty_text = "还没有交接班的记录。"
        self.past.opened.connect(self._open)
        self.past.setMaximumHeight(210)
        self.ask = AskCard()
        look = ("看交接班单", self._open)
        self.waiting = WaitCard(look, ("退回", self.ask_decline), ("核对后确认接班", self.ask_confirm))
        self.mine = WaitCard(look, ("撤回交班", self.withdraw))
        box = page_box(self)
        box.addLayout(head_row(label("交接班"), self.deed("shift_print", self.print),
                               self.deed("shift_give", self.ask_give, "main")))
        head = label("最近的交接班（回车查看）", "group")
        for widget in (self.waiting, self.mine, self.ask, self.lines, head, self.past):
            box.addWidget(widget, 1 if widget is self.lines else 0)
        self.first = self.lines

    def reload(self) -> None:
        desk = self.services.desk

        def read(_step: object) -> tuple[Any, ...]:
            from desktop.usecases.relieving import awaiting, given, open_lines, shifts

            return open_lines(desk) if desk.clerk else (), shifts(desk, MOST), awaiting(desk), given(desk)

        self.services.jobs.ask(self, "shift", read, self._show)

    def _show(self, found: tuple[Any, ...]) -> None:
        lines, past, waiting, given = found
        open_numbers = {line["number"] for line in lines}
        self._notes = {number: note for number, note in self._notes.items() if number in open_numbers}
        self.lines.show_rows([line | {"note": self._notes.get(line["number"], "")} for line in lines])
        self.past.show_rows(past)
        self.waiting.show_first(waiting, lambda told: (
            f"{told.giver} 于 {told.given_at:%m-%d %H:%M} 交班给您：在办 {len(told.lines)} 件。"
            f"{told.note or '没有其他事项。'}"))
        self.mine.show_first(given, lambda told: (
            f"您 {told.given_at:%m-%d %H:%M} 交班给 {told.receiver}，在办 {len(told.lines)} 件，还没有确认。"))

    def _ask_note(self, line: dict[str, str]) -> None:
        def keep(answers: dict[str, Any]) -> None:
            self._notes[line["number"]] = str(answers.get("note", "")).strip()
            self.refresh()

        self.ask.ask(f"{line['number']} {line['customer']}", [asked("note", "交接事项")], keep, ok="记下",
                     answers={"note": self._notes.get(line["number"], "")})

    def ask_give(self) -> None:
        """To whom, and what else he must know."""
        from desktop.usecases.staffing import clerks

        me = self.services.clerk
        people = {clerk.named: clerk for clerk in clerks(self.services.desk)
                  if me is None or clerk.id != me.id}

        def give(answers: dict[str, Any]) -> None:
            from desktop.usecases.relieving import hand_over_shift

            notes = {number: note for number, note in self._notes.items() if note}
            hand_over_shift(self.services.desk, people[answers["receiver"]], str(answers.get("note", "")), notes)
            self._notes = {}
            self.services.messages.say("good", f"已交班给{answers['receiver']}，请他登录后确认。")

        self.ask.ask("交班", [asked("receiver", "接班人", "choice", tuple(people)), asked("note", "其他事项")], give,
                     ok="交班", required=["receiver"], columns=2, about="交出的是下面的在办清单和各件的交接事项。")

    def ask_confirm(self, told: ShiftView) -> None:
        """The receiver has read it."""

        def confirm(answers: dict[str, Any]) -> None:
            from desktop.usecases.relieving import confirm_shift

            confirm_shift(self.services.desk, told.id, str(answers.get("remark", "")))
            self.services.messages.say("good", f"已确认接班：{told.giver} 交来的 {len(told.lines)} 件。")

        self.ask.ask("确认接班", [asked("remark", "意见")], confirm, ok="确认",
                     about=f"{told.giver} 交班，在办 {len(told.lines)} 件。请先看交接班单再确认。")

    def ask_decline(self, told: ShiftView) -> None:
        """The receiver does not take it so: why."""

        def decline(answers: dict[str, Any]) -> None:
            from desktop.usecases.relieving import decline_shift

            decline_shift(self.services.desk, told.id, str(answers.get("remark", "")))
            self.services.messages.say("good", f"已退回 {told.giver}，他改好以后再交。")

        self.ask.ask("退回交班", [asked("remark", "原因")], decline, ok="退回", required=["remark"])

    def withdraw(self, told: ShiftView) -> None:
        """The giver takes back what nobody has confirmed."""
        from desktop.usecases.relieving import withdraw_shift

        self.services.run(lambda: withdraw_shift(self.services.desk, told.id))

    def print(self) -> None:
        """The sheet of the shift under the cursor, else of the latest."""
        row = self.past.current() or next(iter(self.past.pages.items), None)
        self._open(row)

    def _open(self, row: ShiftView | None) -> None:
        if row is None:
            return
        from desktop.usecases.relieving import shift_pdf

        desk, number = self.services.desk, row.id
        self.services.go.emit("sheet", SheetWanted(
            f"交接班单 {row.given_at:%Y-%m-%d %H:%M}", f"交接班单-{row.given_at:%Y%m%d-%H%M}.pdf",
            lambda: shift_pdf(desk, number)))
