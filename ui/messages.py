"""The one door through which the program speaks to the clerk: a bar under the top bar, never a dialog.

`Messages.say` is the door; `MessageBar` shows what was said last, and a test listens at `Messages.said`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desktop.errors import Refusal, Trouble
from ui.theme import mark

KINDS = {"good": "✓", "info": "ℹ", "care": "!", "wrong": "✕"}
SOON_MS = 200  # what is done sooner needs no progress
STAY_MS, STAY_WITH_STEP_MS = 8000, 20_000  # good news leaves by itself; what needs the clerk stays


@dataclass(frozen=True)
class Step:
    """The next step that a message offers as a button."""

    label: str
    do: Callable[[], object]


@dataclass(frozen=True)
class Message:
    kind: str
    sentence: str
    step: Step | None = None


class Messages(QObject):
    """Where every part of the window says what happened."""

    said = Signal(object)
    hushed = Signal()

    def say(self, kind: str, sentence: str, step: Step | None = None) -> None:
        """Say one sentence; `kind` is good, info, care or wrong."""
        self.said.emit(Message(kind, sentence, step))

    def hush(self) -> None:
        self.hushed.emit()

    def tell(self, error: Refusal | Trouble, step: Step | None = None) -> None:
        """Say why something did not happen: a rule's no, or the world's."""
        self.say("care" if isinstance(error, Refusal) else "wrong", sentence_of(error), step)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Run a verb directly: its refusal or trouble is told, anything else is our bug and goes on up."""
        try:
            yield
        except (Refusal, Trouble) as error:
            self.tell(error)


def sentence_of(error: Refusal | Trouble) -> str:
    """The error in one line: at most three missing things by name, the rest by count."""
    if isinstance(error, Trouble) or not error.missing:
        return str(error)
    head = error.sentence.rstrip("。：")
    named = "；".join(m.sentence.rstrip("。") for m in error.missing[:3])
    more = f"；另有 {len(error.missing) - 3} 项" if len(error.missing) > 3 else ""
    return f"{head}：{named}{more}。"


class MessageBar(QFrame):
    """One line: sign, sentence, the next step as a button, close. A long job shows its progress here too."""

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._sign, self._text = QLabel(), QLabel()
        self._text.setWordWrap(True)
        self._text.setProperty("textInteractionFlags", "TextSelectableByMouse")
        self._button = QPushButton()
        self._button.clicked.connect(self._take_step)
        self._close = QPushButton("关闭")
        self._close.setProperty("role", "quiet")
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(8)
        for widget in (self._sign, self._text, self._button, self._close):
            row.addWidget(widget, 1 if widget is self._text else 0)
        self._leave = QTimer(self, singleShot=True)
        self._leave.timeout.connect(self.clear)
        self._message: Message | None = None
        messages.said.connect(self.show_message)
        messages.hushed.connect(self.clear)
        self.hide()

    def show_message(self, message: Message) -> None:
        self._message = message
        mark(self, "tone", message.kind)
        for label in (self._sign, self._text):
            mark(label, "ink", message.kind)
        self._sign.setText(KINDS[message.kind])
        self._text.setText(message.sentence)
        self._button.setVisible(message.step is not None)
        self._button.setText(message.step.label if message.step else "")
        self.show()
        self._leave.stop()
        if message.kind == "good":
            self._leave.start(STAY_WITH_STEP_MS if message.step else STAY_MS)

    def clear(self) -> None:
        self._message = None
        self._leave.stop()
        self.hide()

    def text(self) -> str:
        return self._text.text() if self.isVisible() else ""

    def _take_step(self) -> None:
        step = self._message.step if self._message else None
        self.clear()
        if step:
            step.do()


class ProgressBar(QFrame):
    """The running long job: its name, how far it is, and a way to stop it."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tone", "info")
        self._title, self._count, self._bar = QLabel(), QLabel(), QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = QPushButton("取消")
        self._stop.clicked.connect(self._on_stop)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.show)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(12)
        for widget in (self._title, self._bar, self._count, self._stop):
            row.addWidget(widget, 1 if widget is self._bar else 0)
        self.hide()

    def begin(self, title: str, *, can_stop: bool = True) -> None:
        self._title.setText(title)
        self._count.setText("")
        self._stop.setEnabled(True)
        self._stop.setVisible(can_stop)
        self._bar.setRange(0, 0)
        self._soon.start()

    def end(self) -> None:
        self._soon.stop()
        self.hide()

    def show_step(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(f"{done:,} / {total:,}" if total else "")

    def _on_stop(self) -> None:
        self._stop.setEnabled(False)
        self.stopped.emit()
