"""The window's life: painted first, then the hall opened in the worker; at the end a backup of what changed."""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from desktop.errors import Refusal, Trouble
from ui.icons import pixmap
from ui.jobs import tell_bug
from ui.main_window import MainWindow
from ui.messages import Step
from ui.services import Services
from ui.theme import ACCENT, CJK_FAMILIES, STYLE_NAME, dress

Clock = Callable[[], datetime]
NAME = "yekuo"
FONTS = "正在准备打印字体（只需一次）"
log = logging.getLogger(NAME)


def make_application() -> QApplication:
    """The application with our language, fonts and dress."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([*sys.argv[:1], "-style", STYLE_NAME])
    elif app.objectName() != NAME:  # made by another, as by a test
        app.setStyle(STYLE_NAME)
    if app.objectName() == NAME:  # dressing again would style every widget there is anew
        return app
    app.setObjectName(NAME)
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("业扩一窗")
    app.setDesktopFileName(NAME)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    dress(app, chinese_families())
    app.setWindowIcon(QIcon(pixmap("app", ACCENT, size=64)))
    return app


def chinese_families() -> list[str]:
    """The system's Chinese family if it has one, else the one we bring; it is named outright."""
    known = set(QFontDatabase.families())
    found = [family for family in CJK_FAMILIES if family in known]
    return found[:1] or _bring_family()


def _bring_family() -> list[str]:
    import pylopdf_fonts_zh_cn as bundled

    number = QFontDatabase.addApplicationFont(str(bundled.sans_path()))
    return QFontDatabase.applicationFontFamilies(number)


def run(folder: Path, clock: Clock, clerk_number: str = "") -> int:
    """Open the window over the hall in `folder` and serve until it is closed; 0 when all went well."""
    gc.disable()  # until the hall is open: all that start-up makes stays, and looking through it costs a tenth
    app = make_application()
    qInstallMessageHandler(_log_qt)
    services = Services(folder)
    _catch_bugs(services)
    window = MainWindow(services)
    house = _Hall(services, window, clock, clerk_number)
    window.closing = house.close
    window.show()
    app.processEvents()  # the frame is painted here; all that follows is done behind it
    import_module("ui.reminder_panel")
    app.processEvents()  # a turn between reading the first page's module and making it: neither holds the window up
    window.start()
    app.processEvents()  # and here the first page, empty: beside a busy worker both would take three times as long
    house.open()
    code = app.exec()
    house.let_go()
    return code


class _Hall:
    """Opens and closes the hall behind the window."""

    def __init__(self, services: Services, window: MainWindow, clock: Clock, clerk_number: str) -> None:
        self._services, self._window, self._clock, self._clerk_number = services, window, clock, clerk_number
        self._held = contextlib.ExitStack()

    def open(self) -> None:
        """Open in the worker; the window is already painted."""
        self._services.jobs.run(self._open, self._on_open, failed=self._on_trouble)

    def _open(self, _step: object) -> object:
        _read_modules("reminder_listing")  # for the first page
        from desktop.usecases.safekeeping import open_desk, window_lock
        from desktop.usecases.staffing import clerk_by_number
        self._held.enter_context(window_lock(self._services.folder))
        desk = open_desk(self._services.folder, self._clock, alone=True)
        if self._clerk_number:
            desk = desk.served_by(clerk_by_number(desk, self._clerk_number))
        return desk

    def _on_open(self, desk: object) -> None:
        self._services.jobs.idle.connect(self._go_on)  # once the first page has its rows
        self._services.open(desk)  # type: ignore[arg-type]

    def _go_on(self) -> None:
        """What is done behind the first page."""
        self._services.jobs.idle.disconnect(self._go_on)
        QApplication.sendPostedEvents()  # its rows are painted here
        _collect_again()
        self._services.jobs.run(self._back_up, lambda _made: self._window.status.refresh())
        self._prepare_fonts()

    def _back_up(self, _step: object) -> object:
        """The backup of the start, and what the other pages will need, behind the first page."""
        from desktop.usecases.recounting import recount_if_changed
        from desktop.usecases.safekeeping import back_up_changes

        _read_modules("case_listing", "contract_listing", "finding", "intake")
        recount_if_changed(self._services.desk)
        return back_up_changes(self._services.folder, "start", self._clock())

    def _prepare_fonts(self) -> None:
        """The paper's faces are built once, while the clerk already works."""
        folder = self._services.desk.fonts

        def prepare(step: Callable[[int, int], None]) -> None:
            from printing import fonts

            fonts.prepare(folder, step)

        self._services.jobs.run(prepare, title=FONTS)

    def _on_trouble(self, error: Exception) -> None:
        _collect_again()
        self._held.close()
        again = Step("再试一次", self.open)
        if isinstance(error, Refusal | Trouble):
            self._services.messages.tell(error, again)
        else:
            tell_bug(self._services.messages, error)
        self._window.status.show_part("data", "营业厅没有打开", str(error))

    def close(self) -> bool:
        """At closing: wait for the running job, then back up what changed. False keeps the window open."""
        self._services.jobs.cancel()
        self._services.jobs.wait()
        return True

    def let_go(self) -> None:
        """After the window is gone: back up, fold the log into the file, free the folder."""
        if self._services.is_open:
            from desktop.usecases.safekeeping import close_hall

            try:
                close_hall(self._services.desk.db, self._services.folder, self._clock())
            except Trouble as trouble:
                log.warning("closing: %s", trouble.sentence)
        self._held.close()


def _collect_again() -> None:
    """Collect garbage from now on, leaving alone what start-up made."""
    gc.freeze()
    gc.enable()


def _read_modules(*names: str) -> None:
    """Import use-cases in the worker, so that the first click on their page does not wait for it."""
    for name in names:
        import_module(f"desktop.usecases.{name}")


def _catch_bugs(services: Services) -> None:
    """A bug in a slot is told and logged; the window goes on."""
    before = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Refusal | Trouble):
            services.messages.tell(error)
        elif isinstance(error, Exception):
            tell_bug(services.messages, error)
        else:
            before(kind, error, trace)

    sys.excepthook = tell


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    log.log(logging.INFO if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING, "Qt: %s", text)
