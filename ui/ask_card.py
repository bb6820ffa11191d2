"""A short question asked on the page itself: a few fields, one button to do it, Esc to leave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.errors import Refusal, Trouble
from ui.messages import sentence_of
from ui.page import give_back, label

if TYPE_CHECKING:
    from desktop.domain.kind import Field, Value
    from ui.field_form import FieldForm

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST_ROOM = 4000
KEYPAD = Qt.KeyboardModifier.KeypadModifier
Do = Callable[[dict[str, Any]], object]


class AskCard(QFrame):
    """Hidden until `ask` is called; `do` gets the answers, and its refusal is said on the card.

    The form's modules are read with the first question: the first page has one of these, and it must be painted soon.
    """

    put_away = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("ask")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 12, 16, 12)
        self._title = label(role="head")
        self._about = label(role="muted", wrap=True)
        self._fault = label(role="fault", wrap=True)
        self.form: FieldForm | None = None
        self._before: QWidget | None = None  # where the keyboard was
        self._do: Do = lambda _answers: None
        self.subject = ""  # whom the page shows
        self._unfinished: dict[tuple[str, str], Mapping[str, Value]] = {}  # by subject and title
        self.ok, leave = QPushButton(), QPushButton("取消")
        self.ok.setProperty("role", "main")
        self.ok.setObjectName("ask_ok")
        self.ok.clicked.connect(self.submit)
        leave.clicked.connect(self.hide)
        foot = QHBoxLayout()
        foot.addWidget(self._fault, 1)
        foot.addWidget(leave)
        foot.addWidget(self.ok)
        for widget in (self._title, self._about):
            self._box.addWidget(widget)
        self._box.addLayout(foot)
        self._box.addStretch(1)  # alone on a page it is higher than it needs: its button stays under its fields
        self.hide()

    def ask(self, title: str, fields: Sequence[Field | str], do: Do, *, ok: str, about: str = "",
            required: Sequence[str] = (), answers: Mapping[str, Value] | None = None, columns: int = 3) -> None:
        """Ask; with no fields it is a plain confirmation."""
        from ui.field_form import FieldForm, columns_for

        if self.isHidden():
            self._before = QApplication.focusWidget()
        else:
            self._put_aside()
        begun = self._unfinished.pop((self.subject, title), {})
        self._title.setText(title)
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._say("")
        self.ok.setText(ok)
        self._do = do
        columns = columns_for(self._room(), columns)
        self._replace_form(FieldForm([("", list(fields))], required, columns), {**(answers or {}), **begun})
        self.show()
        if self.form is not None and self.form.names:
            self.form.go_to(self.form.names[0])
        else:
            self.ok.setFocus()

    def _room(self) -> int:
        """How wide the form can be; a page that was never shown is as wide as any."""
        above = self.parentWidget()
        laid = above.layout() if above is not None and above.isVisible() else None
        if above is None or laid is None:
            return MOST_ROOM
        around, own = laid.contentsMargins(), self._box.contentsMargins()
        return above.width() - around.left() - around.right() - own.left() - own.right()

    def _replace_form(self, form: FieldForm, answers: Mapping[str, Value]) -> None:
        if self.form is not None:
            self._box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.form = form
        form.submitted.connect(self.submit)
        form.set_answers(answers)
        self._box.insertWidget(2, form)
        form.setVisible(bool(form.names))  # only now: a widget without a parent would show as a window

    def turn_to(self, subject: str) -> None:
        """The page shows another subject: what was asked of the former is put away. Half an answer is kept, and stands
        there when the same is asked again; only Esc and 取消 give it up."""
        if subject != self.subject:
            if not self.isHidden():
                self._put_aside()
            self.subject = subject
            self.hide()

    def remember(self, title: str, answers: Mapping[str, Value]) -> None:
        """What was answered came to nothing after the card was put away: it stands there when the same is asked
        again."""
        self._unfinished[self.subject, title] = answers

    def _put_aside(self) -> None:
        if self.form is not None and self.form.names:
            self._unfinished[self.subject, self._title.text()] = self.form.answers()

    def submit(self) -> None:
        """Do it with what is filled in; a refusal stays on the card, so that nothing typed is lost."""
        assert self.form is not None
        self._say("")
        if faults := self.form.check_all():
            self.form.go_to_first(faults)
            return
        try:
            self._do(self.form.answers())
        except (Refusal, Trouble) as error:
            self._tell(error)
            return
        self.hide()

    def _tell(self, error: Refusal | Trouble) -> None:
        """Once: beside the fields that it is about; what is about none of them beside the button, whole."""
        assert self.form is not None
        said = [(error.field, error.sentence)] if isinstance(error, Refusal) else []
        if isinstance(error, Refusal) and error.missing:
            said = [(each.field, each.sentence) for each in error.missing]
        beside = {name: sentence for name, sentence in said if name is not None and self.form.has(name)}
        self.form.show_faults(beside)
        if beside:
            self.form.go_to_first(beside)
        whole = not said or any(not self.form.has(name) for name, _sentence in said)
        self._say(sentence_of(error) if whole else "")

    def tell_about(self, text: str) -> None:
        """Another explanation under the title, as when an answer changed what the deed would do."""
        self._about.setText(text)
        self._about.setVisible(bool(text))

    def _say(self, sentence: str) -> None:
        self._fault.setText(sentence)

    def minimumSizeHint(self) -> QSize:
        """All of it, with its words broken to its width: where the page is small it scrolls, no field is squeezed."""
        least = super().minimumSizeHint()
        return least.expandedTo(QSize(0, self._box.totalHeightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.put_away.emit()
        give_back(self, self._before)

    def event(self, event: QEvent) -> bool:
        """While the question is answered its Ctrl+Enter is its own, whatever the page's does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _does(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif _does(event) or (event.key() in ENTERS and self.ok.hasFocus()):
            self.submit()
        else:
            super().keyPressEvent(event)


def _does(event: QKeyEvent) -> bool:
    return event.key() in ENTERS and event.modifiers() & ~KEYPAD == Qt.KeyboardModifier.ControlModifier


def asked(name: str, text: str, kind: str = "text", choices: tuple[str, ...] = (), **more: object) -> Field:
    """A field that only a question needs; it is no row of the dictionary."""
    from desktop.domain.kind import Field

    return Field(name, text, kind, choices=choices, **more)  # type: ignore[arg-type]
