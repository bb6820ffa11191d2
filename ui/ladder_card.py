"""照录: a small card above all windows that copies one field after the other, each by one key, into another system.

The clerk presses the space bar, goes to the other system and pastes; the card shows what comes next. At the end it
takes the number that the other system gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.domain.field import field
from desktop.errors import Refusal, Trouble
from ui.field_editors import CodeEdit
from ui.messages import sentence_of
from ui.page import label
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.transcribing import Ladder

WIDTH = 340
ONWARD = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Backspace)
KEYS = "空格 复制并到下一项 · ← 上一项 · → 跳过 · C 复制代码 · Esc 收起"
CLEAR_MS = 30_000  # how long a customer's data may lie on the clipboard


class LadderCard(QWidget):
    """`at` is the step that the next key copies. A window of its own: one that belongs to the main window would be
    minimised with it."""

    def __init__(self, services: Services, ladder: Ladder) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint
                         | Qt.WindowType.WindowTitleHint | Qt.WindowType.WindowCloseButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)  # the program ends with its main window
        self.setWindowTitle(f"照录到{ladder.system}：{ladder.case_number}")
        self.setFixedWidth(WIDTH)
        self._services, self.ladder = services, ladder
        self.at = 0
        self._copied = ""
        self._noted = False  # the case's log says already that its data were copied
        self.clearing = QTimer(self, singleShot=True, interval=CLEAR_MS)
        self.clearing.timeout.connect(self._clear)
        services.clerk_changed.connect(self.close)
        QGuiApplication.instance().aboutToQuit.connect(self.close)  # type: ignore[union-attr]
        self.done, self.now, self.value = label("", "muted", wrap=True), label("", "head"), label("", wrap=True)
        self.next = label("", "muted", wrap=True)
        self.number = CodeEdit(field("yx_application"))
        self.number.setPlaceholderText(f"{ladder.system} 给的{ladder.number_label}")
        self.fault = label("", "fault", wrap=True)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(6)
        unsure = "" if self.ladder.verified else "次序待核验，可在规则目录里改。"
        for widget in (self.done, self.now, self.value, self.number, self.fault, self.next,
                       label(f"{KEYS}{'。' if unsure else ''}{unsure}", "muted", wrap=True)):
            box.addWidget(widget)
        row = QHBoxLayout()
        self.copy_button, self.back_button, self.skip_button = (
            QPushButton("复制"), QPushButton("上一项"), QPushButton("跳过"))
        for button, do in ((self.copy_button, self.copy), (self.back_button, self.back), (self.skip_button, self.skip)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(do)
            row.addWidget(button)
        box.addLayout(row)

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self.ladder.steps)

    def copy(self) -> None:
        """The present step to the clipboard, and on to the next."""
        if self.is_at_end:
            self.keep_number()
        else:
            self._give(self.ladder.steps[self.at].value)

    def copy_code(self) -> None:
        """The present step's code, where the other system has one for it."""
        if not self.is_at_end and (code := self.ladder.steps[self.at].code):
            self._give(code)

    def _give(self, text: str) -> None:
        step = self.ladder.steps[self.at]
        if step.masked and not self._noted and not self._note():
            return
        self._copied = text
        QGuiApplication.clipboard().setText(text)
        self.clearing.start()
        self.at += 1
        self._show(f"✓ 已复制：{step.label}，请到{self.ladder.system}里粘贴。")

    def _note(self) -> bool:
        """What the screen masks leaves the program whole: the case's log says so, once for this card."""
        from desktop.usecases.transcribing import note_copying

        try:
            note_copying(self._services.desk, self.ladder.case_number)
        except (Refusal, Trouble) as error:
            self._say(sentence_of(error))
            return False
        self._noted = True
        return True

    def _clear(self) -> None:
        """What was copied last is a customer's: it does not stay behind, unless it is not ours any more."""
        clipboard = QGuiApplication.clipboard()
        if self._copied and clipboard.text() == self._copied:
            clipboard.clear()
        self._copied = ""

    def back(self) -> None:
        self.at = max(self.at - 1, 0)
        self._show()

    def skip(self) -> None:
        self.at = min(self.at + 1, len(self.ladder.steps))
        self._show()

    def _show(self, done: str = "") -> None:
        steps, end = self.ladder.steps, self.is_at_end
        self.done.setText(done)
        self.done.setVisible(bool(done))
        self.now.setText(f"登记{self.ladder.number_label}" if end
                         else f"{self.at + 1}/{len(steps)}  {steps[self.at].label}")
        self.value.setText("" if end else steps[self.at].shown)
        self.value.setVisible(not end)
        after = steps[self.at + 1].label if self.at + 1 < len(steps) else f"登记{self.ladder.number_label}"
        self.next.setText(f"下一项：{after}")
        self.next.setVisible(not end)
        self.copy_button.setText("登记" if end else "复制")
        self.skip_button.setEnabled(not end)
        self.fault.hide()
        self.number.setVisible(end)
        if end:
            self.number.set_value(self.number.value() or self.ladder.noted)
            self.number.setFocus()
        else:
            self.setFocus()
        self._fit()

    def _fit(self) -> None:
        """As high as its words, wrapped to its width."""
        if (box := self.layout()) is not None:
            box.activate()
            self.setFixedHeight(box.totalHeightForWidth(WIDTH))

    def keep_number(self) -> None:
        """Note what the other system gave; a refusal is said here, where the clerk looks."""
        from desktop.usecases.transcribing import note_number

        number = self.number.value()
        if not number:
            self._say(f"请填写{self.ladder.system} 给的{self.ladder.number_label}；还没有的，按 Esc 收起，以后再登记。")
            return
        try:
            note_number(self._services.desk, self.ladder.case_number, number)
        except (Refusal, Trouble) as error:
            self._say(sentence_of(error))
            return
        said = f"已保存：工单 {self.ladder.case_number} 的{self.ladder.system}编号已登记。"
        self._services.messages.say("good", said)
        self.close()

    def _say(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.show()
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in ONWARD:
            self.copy()
        elif event.key() in BACK:
            self.back()
        elif event.key() == Qt.Key.Key_Right:
            self.skip()
        elif event.key() == Qt.Key.Key_C:
            self.copy_code()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._clear()
