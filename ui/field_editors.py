"""One editor for each kind of field. Each has `value()`, `set_value(text)` and the signal `edited`.

Code editors (numbers, IDs, phones, dates) turn the input method off and fold full-width to half-width as one types.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.domain.case_code import names_case
from desktop.domain.identity import mask_id, mask_phone
from desktop.domain.kind import Field, fault, tidied
from ui.days import WEEKDAYS
from ui.icons import icon, paint_arrow
from ui.theme import FAINT, tone_ink

SCANNED_KINDS = ("id", "account", "code")
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


CONTROLS: dict[int, str | None] = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
ONE_LINE = CONTROLS | {ord(letter): " " for letter in "\t\n\r\x0b\x0c\u2028\u2029"}
LINES = CONTROLS | {ord("\n"): "\n", ord("\t"): " "}


def one_line(text: str) -> str:
    """Without what no paper can show: a line end or tab, as of a pasted table, is a space; control and direction
    signs go."""
    return text.translate(ONE_LINE)


def fold(text: str) -> str:
    """Full-width letters, digits and signs as their half-width twins."""
    return text.translate(FOLD)


class TextEdit(QLineEdit):
    """Plain words, kept letter for letter. `entered`: the keyboard came here, and what stands here is chosen by now."""

    edited = Signal()
    entered = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.textEdited.connect(self._on_typed)
        self.editingFinished.connect(self._tidy)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def _on_typed(self, text: str) -> None:
        self._keep_place(one_line(text))
        self.edited.emit()

    def _keep_place(self, text: str) -> None:
        """Show this text instead, the cursor where it was."""
        if text != self.text():
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(place)

    def value(self) -> str:
        """As it is kept, even while the cursor is still here: Ctrl+Enter may come right after the last letter."""
        return tidied(self.field.kind, self.text())

    def set_value(self, value: str) -> None:
        self.setText(value)
        self.setCursorPosition(0)

    def _tidy(self) -> None:
        kept = tidied(self.field.kind, self.text())
        if kept != self.text():
            self.setText(kept)
            self.edited.emit()


class CodeEdit(TextEdit):
    """A code or a figure: no input method, half-width only, its unit painted at the end."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        # a code such as 青(2024)… has characters in it: its sample tells
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, not field.sample.isascii())
        if field.unit:
            self.setTextMargins(0, 0, self.fontMetrics().horizontalAdvance(field.unit) + 8, 0)

    def _on_typed(self, text: str) -> None:
        super()._on_typed(fold(text))

    def fits_scan(self, text: str) -> bool:
        """Whether a scanner's burst is the number of a paper or an account that is asked here; never a figure, nor one
        of our cases."""
        if self.isReadOnly() or self.field.kind not in SCANNED_KINDS or ":" in text or names_case(text):
            return False
        return len(text) <= self.field.max_length and fault(self.field, tidied(self.field.kind, text)) is None

    def take_scan(self, text: str) -> None:
        """What a scanner read instead of what stands here, as if typed and left by Enter."""
        self.set_value(tidied(self.field.kind, text))
        self.edited.emit()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r"))

    def ending(self) -> str:
        return self.field.unit

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.ending():
            painter = QPainter(self)
            painter.setPen(tone_ink("muted"))
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self._ending_place(), side, self.ending())

    def _ending_place(self) -> QRect:
        return self.rect().adjusted(0, 0, -8, 0)


class SecretEdit(CodeEdit):
    """An ID or a phone: shown whole while it is being typed or revealed, else masked.

    A mask is as long as its value, so what is typed, pasted or dropped into the mask changes the value at that place.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._value = ""
        self._masked = False
        self._eye = self.addAction(icon("eye", FAINT), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip("显示或遮盖")
        self._eye.triggered.connect(self._toggle)

    def value(self) -> str:
        return self._value if self._masked else super().value()

    def set_value(self, value: str) -> None:
        self._masked, self._value = False, value
        super().set_value(value)
        if not self.hasFocus():
            self._mask()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._unmask()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._mask()

    def _on_typed(self, text: str) -> None:
        if self._masked:
            self._masked = False
            self._keep_place(_edited_under(self._hidden(), self._value, text, _letters(text, self.cursorPosition())))
        super()._on_typed(self.text())
        if not self.hasFocus():  # dropped here, or sent by a device, while the clerk is elsewhere
            self._mask()

    def _tidy(self) -> None:
        if not self._masked:
            super()._tidy()

    def _mask(self) -> None:
        if self._masked:
            return
        self._value = tidied(self.field.kind, self.text())
        self._masked = True
        self.setText(self._hidden())

    def _hidden(self) -> str:
        hide = mask_phone if self.field.kind == "phone" else mask_id
        return hide(self._value) if self._value else ""

    def _unmask(self) -> None:
        if self._masked:
            self._masked = False
            self._keep_place(self._value)

    def _toggle(self) -> None:
        if self._masked:
            self._unmask()
        else:
            self._mask()


def _letters(text: str, place: int) -> int:
    """How many letters stand before Qt's `place`, which counts a rare character such as 𬭼 twice."""
    return len(text.encode("utf-16-le")[:2 * place].decode("utf-16-le", "ignore"))


def _edited_under(hidden: str, value: str, text: str, cursor: int) -> str:
    """`value` with the change made that turned its mask `hidden` into `text` and left the cursor behind it."""
    kept_end = min(len(text) - cursor, len(hidden))
    most = min(cursor, len(hidden) - kept_end)
    kept = next((n for n in range(most) if hidden[n] != text[n]), most)
    return value[:kept] + text[kept:cursor] + value[len(hidden) - kept_end:]


class DateEdit(CodeEdit):
    """A day: typed in any usual shape, or picked; its weekday stands beside it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.setTextMargins(0, 0, self.fontMetrics().horizontalAdvance("周日") + 8, 0)
        pick = self.addAction(icon("calendar", FAINT), QLineEdit.ActionPosition.TrailingPosition)
        pick.setToolTip("从日历里选")
        pick.triggered.connect(self.pick)

    def day(self) -> date | None:
        try:
            return date.fromisoformat(tidied(self.field.kind, self.text()))
        except ValueError:
            return None

    def ending(self) -> str:
        day = self.day()
        return f"周{WEEKDAYS[day.weekday()]}" if day else ""

    def _ending_place(self) -> QRect:
        return self.rect().adjusted(0, 0, -32, 0)

    def pick(self) -> None:
        popup = _CalendarPopup(self)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        popup.show()


class _CalendarPopup(QFrame):
    """A month to pick a day from; it closes itself once a day is picked."""

    def __init__(self, edit: DateEdit) -> None:
        super().__init__(edit, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._edit = edit
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if day := edit.day():
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        calendar.clicked.connect(self._take)
        calendar.activated.connect(self._take)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(calendar)

    def _take(self, day: QDate) -> None:
        self._edit.set_value(day.toString(Qt.DateFormat.ISODate))
        self._edit.edited.emit()
        self.close()
        self._edit.setFocus()


class ChoiceBox(QComboBox):
    """One of a few: by arrow keys, by the number of its place, or by mouse. The wheel only scrolls the page."""

    edited = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        self.addItems(["", *field.choices])
        self.activated.connect(lambda _place: self.edited.emit())

    def value(self) -> str:
        return self.currentText()

    def set_value(self, value: str) -> None:
        place = self.findText(value, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        if place < 0:  # a value of an older release is shown as it is, never dropped
            self.addItem(value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text()
        if key.isdigit() and 0 < int(key) < self.count():
            self.setCurrentIndex(int(key))
            self.edited.emit()
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.edited.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrow(self)


class NoteEdit(QPlainTextEdit):
    """A few lines of words. Enter goes on to the next field as everywhere; Ctrl+Enter is not a line break."""

    edited = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 2 + 16)
        self.textChanged.connect(self.edited)

    def value(self) -> str:
        return self.toPlainText().translate(LINES).strip()

    def set_value(self, value: str) -> None:
        self.setPlainText(value)


def make_editor(field: Field) -> TextEdit | ChoiceBox | NoteEdit:
    """The editor for a field that holds one value; rows have their own (ui/rows_editor.py)."""
    if field.kind == "choice" and field.choices:
        return ChoiceBox(field)
    if field.kind == "note":
        return NoteEdit(field)
    if field.kind == "date":
        return DateEdit(field)
    if field.masked:
        return SecretEdit(field)
    return CodeEdit(field) if field.is_code else TextEdit(field)


