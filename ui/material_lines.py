"""The checklist beside the intake form: each paper with its state, files dropped on it, what was given before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QWidget

from ui.file_strip import dropped_files
from ui.filter_bar import PickBox
from ui.theme import ACCENT, MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.intake import MaterialMark, MaterialView
    from ui.services import Services

STATES = (("未收", "未收"), ("已收", "已收"), ("免交", "免交"))
MISSING, HERE = STATES[0][0], STATES[1][0]
Files = list[tuple[str, str]]


class MaterialLines(QWidget):
    """Lines stay in place, so that the hand does not lose them. `dropped` tells a paper and the files for it."""

    marked = Signal()
    dropped = Signal(str, object)
    aimed = Signal(str)  # the paper whose box has got the keyboard

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._lines: dict[str, tuple[QLabel, PickBox]] = {}
        self._kept: Mapping[str, str] = {}  # of a draft, until its lines are there
        self._views: dict[str, MaterialView] = {}
        self._files: dict[str, Files] = {}
        self._taken: dict[str, str] = {}  # papers taken over, each with the case in which it was given
        self.setAcceptDrops(True)

    def show_lines(self, views: Sequence[MaterialView]) -> None:
        self._views = {view.code: view for view in views}
        for view in views:
            if view.code not in self._lines:
                self._add(view)
            name, state = self._lines[view.code]
            name.setVisible(view.demand != "不需")
            state.setVisible(view.demand not in ("不需", "免交"))
            self._paint(view)
        for code in set(self._lines) - set(self._views):  # of the kind that was chosen before
            for widget in self._lines[code]:
                widget.hide()
        self._kept = {}

    def _paint(self, view: MaterialView) -> None:
        self._lines[view.code][0].setText(_material_html(
            view, len(self._files.get(view.code, ())), self._taken.get(view.code, "")))

    def _add(self, view: MaterialView) -> None:
        name = QLabel()
        name.setTextFormat(Qt.TextFormat.RichText)
        name.setWordWrap(True)
        name.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse
                                     | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        name.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the box beside it is the stop; a key takes over
        name.linkActivated.connect(self.take_over)
        state = PickBox(f"material_{view.code}", STATES)
        state.setAccessibleName(view.name)
        state.set_value(self._kept.get(view.code, MISSING))
        state.activated.connect(lambda _place, code=view.code: self._on_state(code))
        state.installEventFilter(self)
        row = len(self._lines)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(state, row, 1)
        self._lines[view.code] = (name, state)

    def _on_state(self, code: str) -> None:
        self._taken.pop(code, None)
        self.marked.emit()

    def marks(self) -> dict[str, str]:
        return {**self._kept, **{code: state.value() for code, (_name, state) in self._lines.items()}}

    def findings(self) -> dict[str, MaterialMark]:
        """What stands in the lines, as the application says it."""
        from desktop.usecases.intake import MaterialMark

        return {code: MaterialMark(state, files=tuple(self._files.get(code, ())), from_case=self._taken.get(code, ""))
                for code, state in self.marks().items()}

    def set_marks(self, marks: Mapping[str, str]) -> None:
        self._kept, self._files, self._taken = dict(marks), {}, {}
        for code, (_name, state) in self._lines.items():
            state.set_value(marks.get(code, MISSING))

    def beside(self) -> dict[str, Any]:
        """What a draft keeps beside the states: files and papers taken over."""
        return {"files": {code: [list(each) for each in files] for code, files in self._files.items()},
                "taken": dict(self._taken)}

    def set_beside(self, content: Mapping[str, Any]) -> None:
        """Take a draft's files and papers taken over."""
        said = content.get("files") or {}
        self._files = {code: [(str(sha), str(name)) for sha, name in files] for code, files in said.items()}
        self._taken = dict(content.get("taken") or {})

    def receive_all(self) -> None:
        """Mark as had every paper that is asked for at acceptance and not had yet."""
        for code, (_name, state) in self._lines.items():
            view = self._views.get(code)
            if not state.isHidden() and state.value() == MISSING and not (view and view.stage):
                state.set_value(HERE)
        self.marked.emit()

    def take_over(self, code: str) -> None:
        """What was given in an earlier case serves in this one."""
        view = self._views.get(code)
        if view is not None and view.offer is not None:
            self._taken[code] = view.offer.from_case
            self._lines[code][1].set_value(HERE)
            self._paint(view)
            self.marked.emit()

    def take_over_all(self) -> None:
        """One key for all that can be taken over and is not here yet."""
        for code, view in self._views.items():
            if view.offer is not None and self._lines[code][1].value() == MISSING:
                self.take_over(code)

    def add_files(self, code: str, files: Sequence[tuple[str, str]]) -> str:
        """Files kept for a paper; what is there already is told. A paper whose picture is here is here."""
        known = {sha: paper for paper, each in self._files.items() for sha, _name in each}
        told = [f"{name}已在“{self._views[known[sha]].name}”里，没有重复放入。" for sha, name in files if sha in known]
        fresh = [each for each in files if each[0] not in known]
        if fresh:
            self._files.setdefault(code, []).extend(fresh)
            if self._lines[code][1].value() == MISSING:
                self._lines[code][1].set_value(HERE)
            self._paint(self._views[code])
            self.marked.emit()
        return " ".join(told)

    @property
    def current(self) -> str:
        """The paper whose box has the keyboard; empty: none."""
        held = QApplication.focusWidget()
        return next((code for code, (_name, state) in self._lines.items() if state is held), "")

    @property
    def next_wanted(self) -> str:
        """The paper whose box has the keyboard, else the first that is asked for and has no file; empty: none."""
        shown = (code for code, (_name, state) in self._lines.items() if not state.isHidden())
        return self.current or next((code for code in shown if not self._files.get(code)), "")

    def name_of(self, code: str) -> str:
        return self._views[code].name if code in self._views else ""

    def count_of(self, code: str) -> int:
        """How many files are kept for a paper."""
        return len(self._files.get(code, ()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and self.current:
            self.aimed.emit(self.current)
        return super().eventFilter(watched, event)

    def go_to(self, code: str) -> None:
        if code in self._lines:
            self._lines[code][1].setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        shown = [(code, name) for code, (name, state) in self._lines.items() if state.isVisible()]
        paths: list[Path] = dropped_files(event.mimeData())
        if shown and paths:
            event.acceptProposedAction()
            y = event.position().y()
            nearest = min(shown, key=lambda line: abs(line[1].geometry().center().y() - y))
            self.dropped.emit(nearest[0], paths)


def choose_files(services: Services, lines: MaterialLines) -> None:
    """Ctrl+O: a file for the paper whose box has the keyboard."""
    from ui.material_page import KINDS
    from ui.printing import ask_file

    code = lines.current
    if code and (path := ask_file(lines, KINDS)):
        keep_files(services, lines, code, [path])


def keep_files(services: Services, lines: MaterialLines, code: str, paths: Sequence[Path]) -> None:
    """Keep files for a paper while the form is filled; they are attached when the case is there."""
    desk = services.desk

    def work(_step: object) -> Files:
        from desktop.usecases.filing import keep_file, read_file

        return [keep_file(desk, read_file(path), path.name) for path in paths]

    def kept(files: Files) -> None:
        told = lines.add_files(code, files)
        services.messages.say("care" if told else "good", told or f"放入 {len(files)} 份文件，受理时一并保存。")

    services.jobs.run(work, kept, title="正在放入文件")


def _material_html(view: MaterialView, files: int, taken: str) -> str:
    colour = TONES["wrong"][0] if view.demand == "必备" else MUTED
    when = f"；{view.due_on.isoformat()} 前补" if view.due_on else f"；{view.why}" if view.stage and view.why else ""
    source = f"；取自{view.shared_from}" if view.state == "免交" and view.shared_from else ""
    more = f"；{files} 份文件" if files else ""
    return (f'{escape(view.name)}<br><span style="color:{colour}">{view.demand}</span>'
            f'<span style="color:{MUTED}"> · {escape(view.supplier)}{escape(when + source + more)}</span>'
            f'{_again_html(view, taken)}')


def _again_html(view: MaterialView, taken: str) -> str:
    if taken:
        return f'<br><span style="color:{TONES["good"][0]}">✓ 沿用 {escape(taken)} 的</span>'
    if view.offer is None or view.state != MISSING:
        return ""
    return (f'<br><span style="color:{MUTED}">{escape(view.offer.told)}</span> '
            f'<a href="{view.code}" style="color:{ACCENT};text-decoration:none">沿用</a>')
