"""Ledger rows at odds with a kept contract, one at a time: both values side by side, and the clerk says which holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.errors import Refusal
from ui.messages import sentence_of
from ui.page import clear_box, label
from ui.services import Services
from ui.theme import mark

if TYPE_CHECKING:
    from desktop.usecases.adopting import Conflict

MOST = 50  # rows read at once
ABOUT = "同一份合同，台账里的值与已有的不同。请对照合同原件，写明依据后选一个；两个值都会留在记录里。"


class ConflictCard(QFrame):
    """Hidden while nothing waits. `look` reads what does: all rows, or those of one contract."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._services = services
        self._number: str | None = None
        self._rows: tuple[Conflict, ...] = ()
        self._place = 0
        self._title, self._fault = label(role="head"), label(role="fault", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self.note = QLineEdit()
        self.note.setObjectName("conflict_note")
        self.note.setAccessibleName("依据")
        self.note.setPlaceholderText("依据，例如：已查合同原件")
        self.adopt_button, self.keep_button = QPushButton("采用新值"), QPushButton("保留原值")
        self.open_button, self.next_button = QPushButton("打开合同"), QPushButton("看下一行")
        self.adopt_button.clicked.connect(self.adopt)
        self.keep_button.clicked.connect(self.keep)
        self.open_button.clicked.connect(self._open)
        self.next_button.clicked.connect(self._go_on)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        for button in (self.keep_button, self.adopt_button, self.open_button, self.next_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.addWidget(self._title)
        box.addWidget(label(ABOUT, "muted", wrap=True))
        box.addLayout(self._grid)
        box.addLayout(foot)
        box.addWidget(self._fault)

    def look(self, number: str | None = None) -> None:
        """Show what waits, of the contract with this key or of all; read in the worker."""
        desk, self._number = self._services.desk, number
        self.open_button.setVisible(number is None)

        def read(_step: object) -> tuple[Conflict, ...]:
            from desktop.usecases.adopting import conflicts

            return conflicts(desk, number, limit=MOST)

        self._services.jobs.ask(self, f"conflicts {id(self)}", read, self._take)

    def current(self) -> Conflict | None:
        """The row that is shown, or None."""
        return self._rows[self._place] if self._rows else None

    def _take(self, rows: tuple[Conflict, ...]) -> None:
        shown = self.current()
        self._rows = rows
        self._place = next((place for place, row in enumerate(rows) if shown and row.id == shown.id),
                           min(self._place, max(len(rows) - 1, 0)))
        self._show()

    def _show(self) -> None:
        row = self.current()
        self._say("")
        self.setVisible(row is not None)
        if row is None:
            return
        count = f"{len(self._rows)} 行" if len(self._rows) < MOST else f"{MOST} 行以上"
        self._title.setText(f"与已有合同不一致：还有 {count}")
        self._show_values(row)
        for button in (self.adopt_button, self.keep_button):
            button.setEnabled(self._services.clerk is not None)
        self.next_button.setVisible(len(self._rows) > 1)

    def _show_values(self, row: Conflict) -> None:
        clear_box(self._grid)
        where = f"{row.file_name}  {row.sheet}  第 {row.row} 行"
        heads = (f"合同 {row.number}", "已有的值（保留原值）", f"台账里的值（采用新值）：{where}")
        for column, head in enumerate(heads):
            self._grid.addWidget(label(head, "muted", wrap=column > 0), 0, column)
            self._grid.setColumnStretch(column, 0 if column == 0 else 1)
        for place, found in enumerate(row.differences, 1):
            self._grid.addWidget(label(found.label), place, 0)
            self._grid.addWidget(_value(found.kept, "plain"), place, 1)
            self._grid.addWidget(_value(found.said, "care"), place, 2)

    def _go_on(self) -> None:
        self._place = (self._place + 1) % len(self._rows)
        self._show()

    def _open(self) -> None:
        if (row := self.current()) is not None:
            self._services.go.emit("contract", row.number)

    def adopt(self) -> None:
        """采用新值."""
        from desktop.usecases.adopting import adopt_row

        self._decide(lambda row: adopt_row(self._services.desk, row.id, self.note.text()), "采用新值")

    def keep(self) -> None:
        """保留原值."""
        from desktop.usecases.adopting import decline_row

        self._decide(lambda row: decline_row(self._services.desk, row.id, self.note.text()), "保留原值")

    def _decide(self, verb: Callable[[Conflict], object], word: str) -> None:
        row = self.current()
        if row is None:
            return
        try:
            verb(row)
        except Refusal as refusal:
            self._say(sentence_of(refusal))
            self.note.setFocus()
            return
        self._services.messages.say("good", f"已保存：合同 {row.number} {word}。")
        self.look(self._number)

    def _say(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        mark(self.note, "fault", bool(sentence))


def _value(text: str, tone: str) -> QWidget:
    made = label(text, wrap=True)
    made.setProperty("ink", tone)
    return made
