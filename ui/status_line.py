"""The status bar: where the data lies, the last backup, the printer, the calendars. Amber where it needs care."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QStatusBar

from ui.services import Services
from ui.theme import mark

if TYPE_CHECKING:
    from desktop.usecases.desk import Desk

CARE_BACKUP = timedelta(hours=24)
LOOK_AHEAD = timedelta(days=60)  # promised dates reach about so far ahead


class StatusLine(QStatusBar):
    """Each part is computed again after a commit and when the clerk changes."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._services = services
        self._parts: dict[str, QLabel] = {}
        for name in ("data", "backup", "printer", "calendar", "saved"):
            self._parts[name] = QLabel()
            self._parts[name].setObjectName(f"status_{name}")
            (self.addPermanentWidget if name == "saved" else self.addWidget)(self._parts[name])
        self.show_part("data", "正在打开营业厅…")
        services.opened.connect(self.refresh)
        services.day_changed.connect(self.refresh)
        services.bridge.changed.connect(lambda _tables: self.refresh())

    def show_part(self, name: str, text: str, care: str = "") -> None:
        """One part's text; `care` is the reason why it is amber."""
        self._parts[name].setText(text)
        self._parts[name].setToolTip(care)
        mark(self._parts[name], "tone", "care" if care else "")

    def text(self, name: str) -> str:
        return self._parts[name].text()

    def refresh(self) -> None:
        desk = self._services.desk
        for name, read in PARTS.items():
            self.show_part(name, *read(self._services, desk))


def _data(services: Services, _desk: Desk) -> tuple[str, str]:
    return "本机数据", ""


def _backup(services: Services, desk: Desk) -> tuple[str, str]:
    from desktop.usecases.safekeeping import backups

    newest = next(iter(backups(services.folder)), None)
    if newest is None:
        return "尚无备份", "还没有一份备份。请在“系统 → 备份”里按“立即备份”。"
    age = desk.now - newest.made_at
    text = f"上次备份 {newest.made_at:%m-%d %H:%M}"
    return text, "距上次备份已超过一天，请在“系统 → 备份”里立即备份。" if age > CARE_BACKUP else ""


def _printer(services: Services, _desk: Desk) -> tuple[str, str]:
    from ui.printing import is_printer_chosen, printer_name

    if name := printer_name(services.settings):
        return f"打印机 {name}", ""
    if is_printer_chosen(services.settings):
        return "文书存为 PDF", ""
    return "未设打印机", "没有选打印机：文书会存为 PDF。请在“系统 → 打印与快捷键”里选择。"


def _calendar(_services: Services, desk: Desk) -> tuple[str, str]:
    """Care is needed only if a date promised today may fall in days without a calendar, or with a provisional one."""
    calendar, today = desk.catalog.calendar, desk.today
    ahead = today + LOOK_AHEAD
    last = max(calendar.years)
    if not calendar.covers(ahead):
        return f"节假日到 {last} 年", f"{ahead.year} 年还没有节假日表，到时不能承诺日期。请在“系统 → 工作日历”里导入。"
    for day in (today, ahead):
        if calendar.provisional(day):
            return (f"{day.year} 年节假日暂定",
                    f"{day.year} 年的节假日是推算的，办结期限可能落在其中。"
                    "国务院办公厅通知公布后请在“系统 → 工作日历”里导入。")
    return f"节假日到 {last} 年", ""


PARTS: dict[str, Callable[[Services, Desk], tuple[str, str]]] = {
    "data": _data, "backup": _backup, "printer": _printer, "calendar": _calendar,
}


