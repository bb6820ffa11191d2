"""提醒: the first page in the morning. One line a matter, the most urgent first, each with what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui import reminder_deeds
from ui.actions import make_action
from ui.ask_card import AskCard
from ui.exporting import export_list
from ui.filter_bar import Chips, WordsBox, filter_row
from ui.page import Page, clear_box, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.reminder_listing import ReminderView

MINE = {"待我审批": "方案待审批", "等我接收": "移交待接收"}  # chips for what waits for the word of the clerk here
KINDS = ("合同到期", "合同未返回", "环节到期", "容缺到期", "停用到期")
CHIPS = (("", "全部"), ("逾期", "逾期"), ("紧急", "紧急"), *((kind, kind) for kind in KINDS), ("期限不明", "期限不明"),
         *((chip, chip) for chip in MINE))
TONES = {"提示": "info", "关注": "care", "紧急": "urgent", "逾期": "wrong"}
EMPTY = "今天没有要提醒的事。\n合同快到期、环节快超时、容缺资料到期，都会列在这里。"


def urgency_text(view: ReminderView) -> str:
    return f"{view.urgency.shape} {view.urgency.word}"


def days_text(view: ReminderView) -> str:
    if view.days_left is None:
        return "期限不明"
    if view.days_left < 0:
        return f"过 {-view.days_left:,} 天"
    return "今天" if view.days_left == 0 else f"剩 {view.days_left:,} 天"


def _tone(view: ReminderView) -> str:
    return TONES.get(view.urgency.word, "plain")


COLUMNS = (
    ColumnSpec("urgency", "缓急", 84, urgency_text, tone=_tone),
    ColumnSpec("kind", "事项", 98, lambda view: view.kind),
    ColumnSpec("title", "客户", 260, lambda view: view.title, stretch=True),
    ColumnSpec("number", "合同或工单", 190, lambda view: view.number, "identifier"),
    ColumnSpec("due", "期限", 136, lambda view: view.due_on, "date"),
    ColumnSpec("left", "还剩", 92, days_text, tone=_tone),
    ColumnSpec("handler", "承办", 84, lambda view: view.handler),
)


class ReminderPanel(Page):
    """The list above, what it says and what can be done below."""

    place: ClassVar[str] = "reminders"
    watches: ClassVar[frozenset[str]] = frozenset(
        {"contracts", "cases", "case_materials", "entries", "accounts", "approvals", "handovers", "scheme_terms"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._all: tuple[ReminderView, ...] = ()
        self.chips, self.words = Chips(CHIPS), WordsBox("户名、编号")
        for chip in MINE:
            self.chips.offer(chip, False)
        self.table = PagedTable("reminders", COLUMNS, services)
        self.table.empty_text = "正在打开营业厅…"
        self.ask = AskCard()
        self._detail = label(wrap=True)
        self._deeds = QHBoxLayout()
        self._connect()
        box = page_box(self)
        box.addLayout(head_row(label("提醒"), self.deed("reminders_export", self.export)))
        box.addLayout(filter_row(self.chips, self.words))
        box.addWidget(self.ask)
        box.addWidget(self.table, 1)
        box.addWidget(self._foot())
        make_action("reminders_filter", self, self.words.setFocus, services.settings)
        make_action("reminder_open", self, self.open, services.settings)
        self.first = self.table

    def _connect(self) -> None:
        self.chips.chosen.connect(lambda _value: self._show())
        self.words.rested.connect(lambda _text: self._show())
        self.words.returnPressed.connect(self.table.setFocus)
        self.table.typed.connect(self.words.take)
        self.table.chosen.connect(self._show_detail)
        self.table.opened.connect(lambda view: reminder_deeds.go(self, view))

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("role", "card")
        box = QVBoxLayout(foot)
        box.setContentsMargins(16, 10, 16, 10)
        box.addWidget(self._detail)
        box.addLayout(self._deeds)
        self.foot = foot
        foot.hide()
        return foot

    def reload(self) -> None:
        from desktop.usecases.reminder_listing import counts_of, reminders

        desk = self.services.desk

        def read(_step: object) -> tuple[tuple[ReminderView, ...], dict[str, int]]:
            views = reminders(desk)
            return views, counts_of(desk, views)

        self.services.jobs.ask(self, "reminders", read, self._take)

    def _take(self, found: tuple[tuple[ReminderView, ...], dict[str, int]]) -> None:
        self._all, counted = found
        self.table.empty_text = EMPTY
        counted |= {chip: sum(self._is_mine(view, chip) for view in self._all) for chip in MINE}
        self.chips.set_counts(counted)
        for chip in MINE:
            self.chips.offer(chip, bool(counted[chip]))
        self._show()

    def _show(self) -> None:
        chip, words = self.chips.value(), self.words.text().strip().lower()
        rows = self._all if not chip else tuple(view for view in self._all if self._fits(view, chip))
        self.table.show_rows(tuple(view for view in rows if _says(view, words)) if words else rows)

    def _fits(self, view: ReminderView, chip: str) -> bool:
        if chip in MINE:
            return self._is_mine(view, chip)
        if chip == "期限不明":
            return view.due_on is None
        return chip in ("", view.kind, view.urgency.word)

    def _is_mine(self, view: ReminderView, chip: str) -> bool:
        """A scheme that waits for the post of the clerk at this window, or a case that is handed to him."""
        clerk = self.services.clerk
        return view.kind == MINE[chip] and clerk is not None and (
            view.taker == clerk.id if view.taker else view.handler == clerk.post)

    def _show_detail(self, view: ReminderView | None) -> None:
        """What the line says in full, and its actions as buttons."""
        self.foot.setVisible(view is not None)
        clear_box(self._deeds)
        if view is None:
            return
        self._detail.setText(f"{view.title}：{view.detail}")
        for place, word in enumerate([word for word in view.actions if word in reminder_deeds.DEEDS]):
            button = QPushButton(word)
            button.setObjectName(f"reminder_{word}")
            button.setProperty("role", "main" if place == 0 else "")
            button.setEnabled(self.services.clerk is not None)
            button.clicked.connect(lambda _checked=False, word=word: self.do(word, view))
            self._deeds.addWidget(button)
        self._deeds.addStretch(1)
        self._deeds.addWidget(self._open_button(view))

    def _open_button(self, view: ReminderView) -> QPushButton:
        button = QPushButton(f"打开{view.subject}")
        button.clicked.connect(lambda: reminder_deeds.go(self, view))
        return button

    def do(self, word: str, view: ReminderView) -> None:
        self.services.run(lambda: reminder_deeds.DEEDS[word](self, view))

    def open(self) -> None:
        if (view := self.table.current()) is not None:
            reminder_deeds.go(self, view)

    def export(self) -> None:
        rows = tuple(self.table.pages.items)
        export_list(self.services, "提醒", COLUMNS, lambda: rows, self)


def _says(view: ReminderView, words: str) -> bool:
    return words in f"{view.title} {view.number} {view.detail}".lower()
