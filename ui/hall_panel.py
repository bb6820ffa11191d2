"""The hall's own half of every contract, changed here; drawn-up contracts keep what they said."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.errors import Refusal
from ui.field_form import FieldForm
from ui.page import card, page_box, scrolled
from ui.services import Services


class HallPanel(QWidget):
    """The form of the set-up, filled."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._typed = False
        from ui.setup_form import HALL_FIELDS, HALL_REQUIRED

        self.form = FieldForm([("", HALL_FIELDS)], HALL_REQUIRED)
        self.form.changed.connect(self._on_changed)
        self.form.submitted.connect(self.save)
        self.save_button = QPushButton("保存")
        self.save_button.setProperty("role", "main")
        self.save_button.clicked.connect(self.save)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.addWidget(card(self.form))
        inner.addLayout(foot)
        inner.addStretch(1)
        page_box(self, 4).addWidget(scrolled(body))

    def _on_changed(self, _name: str) -> None:
        self._typed = True
        self.save_button.setEnabled(self._services.clerk is not None)

    def reload(self) -> None:
        from desktop.usecases.staffing import hall

        if not self._typed:
            self.form.set_answers(hall(self._services.desk))
            self.save_button.setEnabled(False)

    def save(self) -> None:
        from desktop.usecases.hall_keeping import set_hall
        from desktop.usecases.staffing import hall

        if faults := self.form.check_all():
            self.form.go_to_first(faults)
            return
        try:
            kept = hall(self._services.desk)
            others = {name: value for name, value in kept.items() if not self.form.has(name)}
            said = {name: str(value) for name, value in self.form.answers().items()}
            set_hall(self._services.desk, {**others, **said})
        except Refusal as refusal:
            self.form.show_faults({m.field: m.sentence for m in refusal.missing if m.field})
            self._services.messages.tell(refusal)
            return
        self._typed = False
        self._services.messages.say("good", "已保存：营业厅资料。以后起草的合同用新的资料。")
        self.reload()
