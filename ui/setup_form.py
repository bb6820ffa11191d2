"""First start: the hall (the supplier's half of every contract), its first clerks, the printer; or a practice hall."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.errors import Refusal, Trouble
from ui.field_form import FieldForm
from ui.filter_bar import PickBox
from ui.messages import sentence_of
from ui.page import card, label, page_box, scrolled
from ui.services import Services

HALL_FIELDS = (
    "supplier_name", "supplier_code", "supplier_legal_person", "supplier_address", "supplier_postcode",
    "supplier_bank", "supplier_account", "supplier_tax_number", "supplier_phone", "supplier_agent",
    "hall_name", "service_phone",
)
HALL_REQUIRED = ("supplier_name", "supplier_code", "supplier_address", "supplier_bank", "supplier_account")
CLERK_ROWS = 3


class SetupForm(QWidget):
    """One page, saved with one button."""

    finished = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from desktop.usecases.staffing import POSTS

        self._services = services
        self.form = FieldForm([("营业厅（合同的供电人一方）", HALL_FIELDS)], HALL_REQUIRED)
        self.form.submitted.connect(self.save)
        self.clerks = [_ClerkLine(POSTS, number) for number in range(CLERK_ROWS)]
        self.printer = printer_box(services)
        self._fault = label(role="fault", wrap=True)
        self.save_button = QPushButton("保存并开始")
        self.save_button.setProperty("role", "main")
        self.save_button.clicked.connect(self.save)
        self.practice_button = QPushButton("先用演练厅看看")
        self.practice_button.clicked.connect(self.practise)
        body = QWidget()
        box = page_box(body, 24)
        for widget in (self._intro(), card(self.form), self._staff(), self._foot()):
            box.addWidget(widget)
        box.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(body))

    def _intro(self) -> QWidget:
        intro = QWidget()
        row = QHBoxLayout(intro)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.addWidget(label("开始使用业扩一窗", "big"))
        words.addWidget(label("填一次营业厅资料和经办人，以后每份合同、每张回执都用它。带 * 的必填。", "muted"))
        row.addLayout(words)
        row.addStretch(1)
        row.addWidget(self.practice_button, 0, Qt.AlignmentFlag.AlignVCenter)
        return intro

    def _staff(self) -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for column, text in enumerate(("工号", "姓名", "岗位")):
            grid.addWidget(label(text, "muted"), 0, column)
            grid.setColumnStretch(column, 1)
        for row, line in enumerate(self.clerks, 1):
            for column, widget in enumerate((line.number, line.name, line.post)):
                grid.addWidget(widget, row, column)
        names = QWidget()
        names.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        return card(label("经办人（至少一位，以后可在“系统”里添加）", "group"), names,
                    label("打印机", "group"), self.printer)

    def _foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._fault, 1)
        row.addWidget(self.save_button)
        return foot

    def save(self) -> None:
        """Keep the hall and its clerks; whatever is wrong is said beside its field."""
        from desktop.usecases.hall_keeping import add_clerk, set_hall

        faults = self.form.check_all()
        filled = [line for line in self.clerks if line.filled]
        if faults or not filled:
            self._say("请补齐标红的内容。" if faults else "请至少填一位经办人的工号和姓名。")
            self.form.go_to_first(faults)
            return
        try:
            said = {name: str(value) for name, value in self.form.answers().items()}
            set_hall(self._services.desk, said)
            for line in filled:
                clerk = add_clerk(self._services.desk, *line.values())
                if self._services.clerk is None:
                    self._services.seat(clerk)
        except (Refusal, Trouble) as error:
            self._say(sentence_of(error))
            return
        from ui.printing import choose_printer

        choose_printer(self._services.settings, self.printer.value())
        self.finished.emit()

    def practise(self) -> None:
        """Fill the empty folder with a synthetic hall, plainly marked 演练."""
        from desktop.usecases.practising import make_practice_hall

        self._allow(False)
        desk = self._services.desk
        self._services.jobs.run(lambda step: make_practice_hall(desk, step), lambda _counts: self.finished.emit(),
                                title="正在布置演练厅", failed=self._on_failed, can_stop=False)

    def _allow(self, allowed: bool) -> None:
        for button in (self.practice_button, self.save_button):
            button.setEnabled(allowed)

    def _on_failed(self, error: Exception) -> None:
        self._allow(True)
        self._say(sentence_of(error) if isinstance(error, Refusal | Trouble) else "演练厅没有布置好，请再试一次。")
        if not isinstance(error, Refusal | Trouble):
            self._services.jobs.tell(error)

    def _say(self, sentence: str) -> None:
        self._fault.setText(sentence)


class _ClerkLine:
    """The three boxes of one clerk."""

    def __init__(self, posts: tuple[str, ...], place: int) -> None:
        self.number, self.name, self.post = QLineEdit(), QLineEdit(), PickBox(f"post_{place}", [(p, p) for p in posts])
        self.number.setObjectName(f"clerk_number_{place}")
        self.name.setObjectName(f"clerk_name_{place}")
        self.number.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if place == 0:
            self.post.set_value(posts[-1])

    @property
    def filled(self) -> bool:
        return bool(self.number.text().strip() or self.name.text().strip())

    def values(self) -> tuple[str, str, str]:
        return self.number.text(), self.name.text(), self.post.value()


def printer_box(services: Services) -> PickBox:
    """The printers to choose from; the spooler is asked in the worker, for one that hangs answers late or never."""
    from ui.printing import printer_name, printers

    none = ("", "不用打印机，存为 PDF")
    now = printer_name(services.settings)
    box = PickBox("printer", [none, *([(now, now)] if now else [])])
    box.set_value(now)

    def offer(names: list[str]) -> None:
        chosen = box.value()
        kept = [chosen] if chosen and chosen not in names else []
        box.offer([none, *((name, name) for name in (*names, *kept))])
        box.set_value(chosen)

    services.jobs.ask(box, f"printers {id(box)}", lambda _step: printers(), offer)
    return box
