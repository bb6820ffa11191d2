"""Sending kept bytes to paper: the chosen printer by `lp` where there is one, by QPrinter elsewhere, else a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSettings, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.errors import Trouble

KEY = "machine/printer"
DPI = 300  # pictures of pages on a printer without a PDF road


def printers() -> list[str]:
    """The printers of this machine."""
    if sys.platform == "win32":
        return list(QPrinterInfo.availablePrinterNames())
    from desktop.devices.printer import printers

    return list(printers())


def printer_name(settings: QSettings) -> str:
    """The printer chosen for this machine; empty: none."""
    return str(settings.value(KEY) or "")


def is_printer_chosen(settings: QSettings) -> bool:
    """Whether somebody decided: a printer, or none and files instead."""
    return settings.contains(KEY)


def choose_printer(settings: QSettings, name: str) -> None:
    settings.setValue(KEY, name)


def send(pdf: bytes, title: str, name: str) -> None:
    """Print the bytes on the printer `name`. Raises Trouble with what to do; runs in a job."""
    if sys.platform == "win32":
        _paint(pdf, title, name)
        return
    from desktop.devices.printer import print_pdf

    print_pdf(pdf, title=title, printer=name)


def _paint(pdf: bytes, title: str, name: str) -> None:
    """Pictures of the pages on a QPrinter; Qt cannot send a PDF as it is."""
    printer = QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setResolution(DPI)
    sheet = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(QPageLayout(sheet, QPageLayout.Orientation.Portrait, QMarginsF()))
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble(f"打印机“{name}”打不开。", "请检查它是否开机、联机，或在“系统”里换一台；文书已存好，可随时补打。")
    for number, picture in enumerate(images(pdf, DPI)):
        if number and not printer.newPage():
            raise Trouble(f"打印机“{name}”在第 {number + 1} 页停了。", "请检查纸张后补打；文书已存好。")
        painter.drawImage(QRectF(printer.pageLayout().fullRectPixels(DPI)), picture)
    painter.end()


def images(pdf: bytes, dpi: float) -> Iterator[QImage]:
    """The pages as pictures, one after the other: a whole contract at 300 dpi would fill the memory."""
    from printing.raster import pages

    for page in pages(pdf, dpi):
        yield QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()


def ask_where(parent: QWidget, suggested: str, kind: str = "PDF 文件 (*.pdf)") -> Path | None:
    """The file that the clerk names, or None."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name, _kind = QFileDialog.getSaveFileName(parent, "另存为", str(Path(home) / suggested), kind)
    return Path(name) if name else None


def ask_file(parent: QWidget, kinds: str) -> Path | None:
    """The existing file that the clerk names, or None."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name, _kind = QFileDialog.getOpenFileName(parent, "选择文件", home, kinds)
    return Path(name) if name else None


def show_file(path: Path) -> None:
    """Open a file with whatever this machine opens it with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
