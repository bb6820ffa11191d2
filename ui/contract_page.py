"""One contract: its blanks by clause on the left, the real pages on the right, and the one next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QWidget

from ui import contract_deeds as deeds
from ui.ask_card import AskCard
from ui.conflict_card import ConflictCard
from ui.contract_text import ContractText
from ui.page import Page, badge, head_row, page_box
from ui.paper_list import print_paper, save_paper
from ui.pdf_view import PdfView
from ui.services import Services
from ui.theme import mark

if TYPE_CHECKING:
    from desktop.usecases.contract_keeping import ContractView
    from desktop.usecases.papering import PaperView

STATE_TONES = {"草稿": "info", "待签": "care", "客户已签": "care", "我方已签用印": "good", "已归档": "good",
               "作废": "wrong"}
NEXT = {
    "草稿": ("检查并印制", deeds.print_draft), "待签": ("登记客户签署", deeds.ask_customer),
    "客户已签": ("登记我方签署用印", deeds.ask_ours), "我方已签用印": ("归档", deeds.ask_archive),
}
RENEWABLE = ("我方已签用印", "已归档")


class ContractPage(Page):
    """Shows the contract of `show_for`'s key; `{"key", "deed"}` opens a deed's question at once."""

    place: ClassVar[str] = "contract"
    watches: ClassVar[frozenset[str]] = frozenset(
        {"contracts", "papers", "entries", "customers", "accounts", "template_approvals", "settings", "import_rows"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.key = ""
        self.view: ContractView | None = None
        self._drawn: object = None
        self._title, self._state, self._practice = QLabel(), badge(), badge("演练", "care")
        self.text, self.pdf, self.ask = ContractText(), PdfView(services), AskCard()
        self.conflicts = ConflictCard(services)
        self.text.wanted.connect(self._follow)
        self._lay_out()

    def _lay_out(self) -> None:
        self.next_button = self.deed("contract_next", self.next_step, "main")
        self.print_button = self.deed("contract_print", self.print_again)
        self.save_button = self.deed("contract_save", self.save)
        self.renew_button = self.deed("contract_renew", lambda: self._question(deeds.ask_renew))
        self.void_button = self.deed("contract_void", lambda: self._question(deeds.ask_void))
        head = head_row(self._title, self.void_button, self.renew_button, self.save_button, self.print_button,
                        self.next_button)
        head.insertWidget(1, self._state, 0, Qt.AlignmentFlag.AlignVCenter)
        head.insertWidget(2, self._practice, 0, Qt.AlignmentFlag.AlignVCenter)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self.text)
        halves.addWidget(self.pdf)
        halves.setSizes([560, 690])
        halves.setChildrenCollapsible(False)
        box = page_box(self)
        box.addLayout(head)
        box.addWidget(self.ask)
        box.addWidget(self.conflicts)
        box.addWidget(halves, 1)

    def show_for(self, what: Any) -> None:
        key, deed = (what["key"], what.get("deed", "")) if isinstance(what, dict) else (str(what), "")
        if key != self.key:
            self.key, self._drawn = key, None
            self.ask.turn_to(key)
        self.refresh()
        if deed and self.services.is_open:
            self.services.run(self.reload)
            deeds.BY_NAME[deed](self)

    def reload(self) -> None:
        from desktop.usecases.contract_keeping import contract

        if not self.key:
            return
        self.view = contract(self.services.desk, self.key)
        self.key = self.view.row.key
        self._show_head(self.view)
        self.text.show_contract(self.view)
        self.conflicts.look(self.key)
        self._show_pages(self.view)

    def _show_head(self, view: ContractView) -> None:
        row = view.row
        self._title.setText(f"{row.number or row.key}    {row.customer}")
        self._state.setText(row.state if row.active or row.state == "作废" else f"{row.state}（已失效）")
        mark(self._state, "badge", STATE_TONES.get(row.state, "muted"))
        self._practice.setVisible(view.practice)
        served, step = self.services.clerk is not None, NEXT.get(row.state)
        self.next_button.setVisible(step is not None and row.source != "ledger")
        self.next_button.setText(step[0] if step else "")
        self.next_button.setEnabled(served and not (row.state == "草稿" and view.faults))
        printed = bool(view.papers) and row.state != "草稿"
        for button in (self.print_button, self.save_button):
            button.setVisible(printed)
        self.renew_button.setVisible(row.state in RENEWABLE and row.active and row.kind != "temporary")
        self.renew_button.setText("打开后续合同" if view.successor else "续签")
        self.renew_button.setEnabled(served or bool(view.successor))
        self.void_button.setVisible(row.state in NEXT and row.source != "ledger")
        self.void_button.setEnabled(served)

    def _show_pages(self, view: ContractView) -> None:
        """The pages are drawn again only when what stands on them changed."""
        printed = bool(view.papers) and view.row.state != "草稿"
        if not printed and (view.faults or not view.answers or not view.row.has_template):
            self._drawn = None
            self.pdf.say(self._why_no_pages(view))
            return
        shown = (self.key, view.row.state == "草稿", view.version, str(view.answers))
        if shown != self._drawn:
            self._drawn = shown
            self._draw()

    @staticmethod
    def _why_no_pages(view: ContractView) -> str:
        if view.faults:
            return f"还有 {len(view.faults)} 处空白或矛盾，补齐后这里显示将要印制的合同。"
        if not view.row.has_template:
            return f"{view.row.kind_name}合同还没有文本，只登记和提醒。"
        return "这份合同由台账导入，本程序没有它的文本。\n到期时按“续签”，会从档案起草后续合同。"

    def _draw(self) -> None:
        from desktop.usecases.contracting import preview

        desk, key = self.services.desk, self.key
        self.services.jobs.run(lambda _step: preview(desk, key), self.pdf.show_pdf)

    def paper(self) -> PaperView | None:
        return self.view.papers[-1] if self.view and self.view.papers else None

    def _follow(self, target: str) -> None:
        kind, _colon, name = target.partition(":")
        if kind in ("contract", "case", "account"):
            self.services.go.emit(kind, name)
        elif kind == "field":
            self._question(lambda page: deeds.ask_supplement(page, [name]))
        elif kind == "deed":
            self._question(deeds.BY_NAME[name])

    def _question(self, ask: Any) -> None:
        if self.view is not None and self.services.clerk is not None:
            self.services.run(lambda: ask(self))
        elif self.services.clerk is None:
            self.services.messages.say("care", "还没有选择经办人，不能登记。请按 F12 选择。")

    def next_step(self) -> None:
        """Ctrl+Enter: the one step that this state allows."""
        if self.view is not None and self.next_button.isVisible() and self.next_button.isEnabled():
            self._question(NEXT[self.view.row.state][1])

    def print_again(self) -> None:
        if paper := self.paper():
            print_paper(self.services, paper, self)

    def save(self) -> None:
        if paper := self.paper():
            save_paper(self.services, paper, self)
