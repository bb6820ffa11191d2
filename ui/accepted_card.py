"""After an acceptance: the number to tell the customer, the promised dates, the papers to hand over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.actions import BY_NAME, key_of
from ui.intake_summary import promises_html
from ui.page import card, label
from ui.paper_list import PaperList, print_paper
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.intake import Accepted
    from desktop.usecases.papering import PaperView


class AcceptedCard(QWidget):
    """Shown in the form's place until the next application."""

    again = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._head, self.number, self._promises = label(role="head"), label(role="big"), QLabel()
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number.setObjectName("accepted_number")
        self.papers = PaperList(services)
        self.open_case, self.next = QPushButton("打开工单"), QPushButton("再受理一件")
        self.check_papers = QPushButton("资料核验和文件")
        self.check_papers.clicked.connect(lambda: services.go.emit("materials", self.number.text()))
        self.next.setProperty("role", "main")
        self.open_case.clicked.connect(lambda: services.go.emit("case", self.number.text()))
        self.next.clicked.connect(self.again)
        self._shown: Sequence[PaperView] = ()
        self.print = QPushButton("打印文书")
        self.print.setToolTip(f"{BY_NAME['intake_print'].label}（{key_of('intake_print', services.settings)}）")
        self.print.clicked.connect(self.print_papers)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(self.next)
        row.addWidget(self.print)
        row.addWidget(self.open_case)
        row.addWidget(self.check_papers)
        row.addStretch(1)
        self._promise_head = label("承诺时限（除写明的外，不含客户环节）", "group")
        frame = card(self._head, self.number, self._promise_head, self._promises, label("文书", "group"),
                     self.papers, buttons)
        frame.setFixedWidth(640)
        box = QVBoxLayout(self)
        box.addSpacing(24)
        box.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)

    def show_accepted(self, accepted: Accepted, *, declined: bool) -> None:
        self._head.setText("不予受理，告知书已生成" if declined else "✓ 已受理，已保存")
        self.number.setText(accepted.case_number)
        for widget in (self._promise_head, self._promises):
            widget.setVisible(not declined)
        self._promises.setText(promises_html(accepted.promises))
        self.papers.show_papers(accepted.papers)
        self._shown = accepted.papers
        self.next.setFocus()

    def print_papers(self) -> None:
        """F8: every paper of this acceptance to the printer; without a printer each is asked where it goes."""
        if self.isVisible():
            for paper in self._shown:
                print_paper(self._services, paper, self)
