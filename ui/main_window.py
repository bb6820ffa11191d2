"""The frame: rail, top bar, message bar, pages, status bar. Painted before the hall is open.

The frame is painted first; actions, pages and the clerk chooser are made when they are first wanted, and nothing
heavy is imported before the paint. Nor is all of Qt light: the first touch of `Qt` makes a hundred enumerations, a
seventh of the time to the first paint, so what stands before it does without them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.actions import key_of, make_action
from ui.messages import MessageBar, Step
from ui.overview_pages import OVERVIEW, RAIL_OF_OVERVIEW
from ui.page_stack import PageStack
from ui.rail import Rail
from ui.search_box import SearchBox
from ui.services import Services
from ui.status_line import StatusLine

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from desktop.usecases.desk import Desk
    from ui.clerk_chooser import ClerkChooser
    from ui.keys_card import KeysCard
    from ui.page import Page

SIZE = QSize(1366, 768)
START = "reminders"
DAY_MS = 60_000
UNKEPT = ("填写的内容没能存下来，窗口没有关。请先看看磁盘是否已满、数据文件是否还在，再关一次；"
          "不要这些内容了，也再关一次。")
TORN_SCAN = "扫码时输入法正开着，只收到一部分，没有填入任何一格。输入法已暂时关上，请再扫一次。"
RAIL = (
    ("intake", "受理", "intake"), ("cases", "工单", "cases"), ("contracts", "合同", "contracts"),
    ("reminders", "提醒", "reminders"), ("reports", "报表", "reports"), ("system", "系统", "system"),
)
# where a page below the rail belongs
RAIL_OF = {"case": "cases", "works": "cases", "materials": "cases", "file": "cases", "contract": "contracts",
           "import": "contracts", "import_cases": "cases",
           **RAIL_OF_OVERVIEW}


def _intake(services: Services) -> Page:
    from ui.intake_form import IntakePage

    return IntakePage(services)


def _cases(services: Services) -> Page:
    from ui.case_list import CaseList

    return CaseList(services)


def _case(services: Services) -> Page:
    from ui.case_page import CasePage

    return CasePage(services)


def _contracts(services: Services) -> Page:
    from ui.contract_list import ContractList

    return ContractList(services)


def _contract(services: Services) -> Page:
    from ui.contract_page import ContractPage

    return ContractPage(services)


def _import(services: Services) -> Page:
    from ui.import_page import ImportPage

    return ImportPage(services)


def _materials(services: Services) -> Page:
    from ui.material_page import MaterialPage

    return MaterialPage(services)


def _file(services: Services) -> Page:
    from ui.file_page import FilePage

    return FilePage(services)


def _import_cases(services: Services) -> Page:
    from ui.import_page import CASES, ImportPage

    return ImportPage(services, CASES)


def _works(services: Services) -> Page:
    from ui.works_page import WorksPage

    return WorksPage(services)


def _paper(services: Services) -> Page:
    from ui.paper_page import PaperPage

    return PaperPage(services)


def _reminders(services: Services) -> Page:
    from ui.reminder_panel import ReminderPanel

    return ReminderPanel(services)


def _reports(services: Services) -> Page:
    from ui.report_page import ReportPage

    return ReportPage(services)


def _system(services: Services) -> Page:
    from ui.system_page import SystemPage

    return SystemPage(services)


MAKERS: dict[str, Callable[[Services], Page]] = {
    "intake": _intake, "cases": _cases, "case": _case, "contracts": _contracts, "contract": _contract,
    "import": _import, "import_cases": _import_cases,
    "paper": _paper, "works": _works, "materials": _materials, "file": _file, "reminders": _reminders,
    "reports": _reports, "system": _system,
    **OVERVIEW,
}


def _counts(desk: Desk) -> dict[str, int]:
    """What waits on the pages of the rail; in the worker, where its modules are imported too."""
    from desktop.usecases.case_listing import worklist_counts
    from desktop.usecases.reminder_listing import counts

    waiting = worklist_counts(desk)
    return {"cases": waiting["today"] + waiting["overdue"], "reminders": counts(desk)["合计"]}


def _shift_given(desk: Desk) -> str:
    from desktop.usecases.awaiting import shift_told

    return shift_told(desk)


class MainWindow(QMainWindow):
    """One hall's window."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.setWindowTitle("业扩一窗")
        self.resize(SIZE)
        self.pages: dict[str, Page] = {}
        self.closing: Callable[[], bool] = lambda: True
        self._keys: KeysCard | None = None
        self._warned = False
        self._trail: list[tuple[str, Any]] = []
        self._here: tuple[str, Any] = (START, None)
        self._make_frame()
        services.opened.connect(self._on_opened)
        services.clerk_changed.connect(self._show_clerk)
        services.bridge.changed.connect(lambda _tables: self._show_counts())
        services.day_changed.connect(self._show_counts)
        services.go.connect(self.go)
        self._night = QTimer(self, interval=DAY_MS)
        self._night.timeout.connect(services.look_at_the_day)
        self._night.start()

    def start(self) -> None:
        """Open the first page; called once the frame is painted, or the hall is open."""
        if not self.pages:
            self._make_actions()
            self._open(START, None)
            self._listen_to_scanner()

    def _listen_to_scanner(self) -> None:
        from ui.scan_filter import ScanFilter

        self.scanner = ScanFilter(self)
        self.scanner.scanned.connect(self._take_scan)
        self.scanner.torn.connect(lambda: self.services.messages.say("care", TORN_SCAN))
        self.scanner.wanted = lambda: not self.is_gated and QApplication.activeModalWidget() is None
        self.scanner.follow_keyboard(QApplication.instance())  # type: ignore[arg-type]

    def _take_scan(self, text: str, at: object) -> None:
        """A scanner's burst goes to the code field that it fits or the page that asks for it, else to the search."""
        from ui.scan_filter import takes_scan

        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        page = None if at is self.search else self.pages.get(self._here[0])
        if taker := next((each for each in (at, page) if takes_scan(each, text)), None):
            taker.take_scan(text)  # type: ignore[attr-defined]
        else:
            self.search.take_scan(text)

    def _make_frame(self) -> None:
        self.rail = Rail([(name, word, picture, key_of(f"go_{name}", self.services.settings))
                          for name, word, picture in RAIL])
        self.rail.chosen.connect(self.go)
        self.stack = PageStack()
        self.message_bar = MessageBar(self.services.messages)
        self.status = StatusLine(self.services)
        self.setStatusBar(self.status)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget in (self._make_top(), self.message_bar, self.stack):
            box.addWidget(widget, 1 if widget is self.stack else 0)
        self._shell(inner)

    def _shell(self, inner: QWidget) -> None:
        """The pages, or over them the clerk chooser and the set-up, which show nothing else."""
        self.shell = QStackedWidget()
        self.shell.addWidget(inner)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        right = QVBoxLayout()
        right.addWidget(self.services.progress)
        right.addWidget(self.shell, 1)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)

    @cached_property
    def chooser(self) -> ClerkChooser:
        from ui.clerk_chooser import ClerkChooser

        made = ClerkChooser(self.services)
        made.chosen.connect(self.show_pages)
        self.shell.addWidget(made)
        return made

    def _make_top(self) -> QFrame:
        top = QFrame()
        top.setObjectName("top")
        top.setFixedHeight(52)
        self.search = SearchBox(self.services)
        self.hall_name = QLabel()
        self.hall_name.setWordWrap(True)  # a long name must not make the window wider than the screen
        self.practice = QLabel("演练")
        self.practice.setProperty("badge", "care")
        self.practice.hide()
        self.clerk_button = QPushButton("选择经办人")
        self.clerk_button.setToolTip(f"更换经办人（{key_of('clerk', self.services.settings)}）")
        self.clerk_button.clicked.connect(self.choose_clerk)
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        row.addWidget(self.search)
        row.addStretch(1)
        for widget in (self.practice, self.hall_name, self.clerk_button):
            row.addWidget(widget)
        return top

    def _make_actions(self) -> None:
        settings = self.services.settings
        for name, *_ in RAIL:
            make_action(f"go_{name}", self, partial(self.go, name), settings)
        for name, do in (("search", self._go_search), ("progress", partial(self.go, "progress")),
                         ("account", partial(self.go, "account")),
                         ("clerk", self.choose_clerk), ("lock", self.lock),
                         ("keys", self.show_keys), ("back", self.back), ("reload", self._reload)):
            make_action(name, self, do, settings)

    def page(self, name: str) -> Page:
        """The page of that name, made when it is first wanted."""
        if name not in self.pages:
            self.pages[name] = MAKERS[name](self.services)
            self.stack.addWidget(self.pages[name])
        return self.pages[name]

    def go(self, name: str, what: Any = None) -> None:
        """Open a page, for something if it has a subject; `hit` opens what the search found."""
        if self.is_gated:
            return
        if name == "hit":
            name, what = self._place_of(what)
        if self.pages:
            self._trail = [*self._trail[-30:], self._here]
            self._leave()
        self._open(name, what)

    def _leave(self) -> None:
        if self._here[0] in self.pages:
            self.pages[self._here[0]].leave()

    @property
    def is_gated(self) -> bool:
        """The clerk chooser or the set-up stands before the pages."""
        return self.shell.currentIndex() != 0

    def _open(self, name: str, what: Any) -> None:
        self.services.look_at_the_day()
        self.search.close_hits()
        page = self.page(name)
        self._here = (name, what)
        self.rail.mark(RAIL_OF.get(name, name))
        if what is not None:
            self.services.run(lambda: page.show_for(what))
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def back(self) -> None:
        """To where the clerk came from."""
        if self._trail:
            self._leave()
            self._open(*self._trail.pop())

    def _place_of(self, hit: Any) -> tuple[str, Any]:
        if hit.kind == "工单":
            return "materials" if "#" in hit.number else "case", hit.number  # a scanned code may name a paper
        if hit.kind in ("合同", "户号"):
            return "contract" if hit.kind == "合同" else "account", hit.number
        from desktop.usecases.case_listing import CaseFilter, cases

        has_case = cases(self.services.desk, CaseFilter(text=hit.title), limit=1).rows
        name = "cases" if has_case else "contracts"
        return name, {"text": hit.title}

    def _on_opened(self) -> None:
        from desktop.usecases.staffing import is_set_up

        self.start()
        if is_set_up(self.services.desk):
            self._show_hall()
            if self.services.clerk is None:
                self.choose_clerk()
            # behind the first page's rows
            self.services.jobs.idle.connect(self._show_counts, QtCore.Qt.ConnectionType.SingleShotConnection)
        else:
            self.set_up()

    def set_up(self) -> None:
        """First start: the hall, its clerks, the printer; or a practice hall."""
        from ui.setup_form import SetupForm

        form = SetupForm(self.services)
        form.finished.connect(self._on_set_up)
        self.shell.addWidget(form)
        self._gate(form)
        form.form.go_to(form.form.names[0])

    def _gate(self, widget: QWidget) -> None:
        if self._keys is not None:
            self._keys.close()
        self.search.clear()
        self.search.close_hits()
        self.rail.sleep()
        self.shell.setCurrentWidget(widget)

    def _on_set_up(self) -> None:
        form = self.shell.currentWidget()
        self._show_hall()
        self._show_counts()
        self.shell.setCurrentIndex(0)
        if form is not None:
            self.shell.removeWidget(form)
            form.deleteLater()
        if self.services.clerk is None:
            self.choose_clerk()
        else:
            self.show_pages()

    def show_pages(self) -> None:
        self.rail.setEnabled(True)
        self.shell.setCurrentIndex(0)
        self.pages[self._here[0]].setFocus()

    def choose_clerk(self) -> None:
        """F12: another clerk. What is typed stays in its form and as a draft."""
        if self.services.is_open and not self._is_setting_up():
            self._leave()
            self._gate(self.chooser)
            self.services.run(self.chooser.show_clerks)

    def _is_setting_up(self) -> bool:
        return self.is_gated and self.shell.currentWidget() is not self.chooser

    def lock(self) -> None:
        """Nobody serves: nothing of a customer is seen until a clerk is chosen."""
        if self.services.is_open and not self._is_setting_up():
            self.choose_clerk()
            self.services.seat(None)

    def _show_hall(self) -> None:
        from desktop.usecases.staffing import hall, is_practice

        said = hall(self.services.desk)
        self.hall_name.setText(said.get("hall_name") or said.get("supplier_name", ""))
        self.practice.setVisible(is_practice(self.services.desk))

    def _show_clerk(self) -> None:
        clerk = self.services.clerk
        self.clerk_button.setText(f"{clerk.name}  {clerk.post}" if clerk else "选择经办人")
        if clerk is not None:
            desk = self.services.desk
            self.services.jobs.ask(self, "shift_given", lambda _step: _shift_given(desk), self._tell_shift)

    def _tell_shift(self, told: str) -> None:
        """Who sits down is told of the shift that was given to him."""
        if told:
            self.services.messages.say("info", told, Step("去确认", lambda: self.go("shift")))

    def _show_counts(self) -> None:
        if self.services.is_open:
            self.services.run(self._count)

    def _count(self) -> None:
        desk = self.services.desk
        self.services.jobs.ask(self, "counts", lambda _step: _counts(desk), self._mark_counts)

    def _mark_counts(self, counted: dict[str, int]) -> None:
        for name, number in counted.items():
            self.rail.set_count(name, number)

    def _go_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _reload(self) -> None:
        self.pages[self._here[0]].refresh()

    def show_keys(self) -> None:
        """F1: the keys of this page."""
        from ui.keys_card import KeysCard

        if self._keys is not None:
            self._keys.close()
        page = self.pages.get(self._here[0])
        self._keys = KeysCard(page.place if page else "", self.services.settings, self)
        self._keys.destroyed.connect(self._forget_keys)
        self._keys.open_over(self)

    def _forget_keys(self) -> None:
        self._keys = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the message away; a letter that nobody wanted, as from a scanner, goes to the search box."""
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.services.messages.hush()
        elif self._is_stray(event):
            self._go_search()
            self.search.setText(event.text())
            self.search.textEdited.emit(self.search.text())
        else:
            super().keyPressEvent(event)

    def _is_stray(self, event: QKeyEvent) -> bool:
        held = QtCore.Qt.KeyboardModifier
        plain = not event.modifiers() & ~(held.ShiftModifier | held.KeypadModifier)
        return plain and bool(event.text().strip()) and event.text().isprintable() and self.shell.currentIndex() == 0

    def _holds_back(self) -> bool:
        """Typing that cannot be kept even as a draft holds the window open, once; the second time it may go."""
        unkept = self.services.is_open and not all(page.is_kept for page in self.pages.values())
        held, self._warned = unkept and not self._warned, unkept
        if held:
            self.services.messages.say("wrong", UNKEPT)
        return held

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        if self._holds_back():
            event.ignore()
        elif self.closing():
            event.accept()
        else:
            event.ignore()
