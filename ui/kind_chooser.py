"""The chooser of an application's kind: grouped, each kind with two digits that choose it from the number pad."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from ui.filter_bar import PickBox

if TYPE_CHECKING:
    from datetime import date

    from desktop.catalog.release import Catalog
    from desktop.domain.process import Process

REST_MS = 400  # between the two digits of a kind; after the second it is chosen at once


class KindChooser(PickBox):
    """`chosen` is told once a kind stands (by mouse, list, arrows or its digits), `left` when Enter goes on from it."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("kind", [], parent)
        self.setToolTip("业务种类：按两位编号选，如 11 低压居民")
        self.setMaxVisibleItems(30)
        self._digits = ""
        self._offered: tuple[str, ...] = ("",)  # the release, then its kinds
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._tell)
        self.activated.connect(lambda _place: self._tell())

    @property
    def release(self) -> str:
        """The release of the kinds that are offered; empty before any are."""
        return self._offered[0]

    def offer_on(self, catalog: Catalog, day: date) -> bool:
        """Offer the kinds that who applies on that day may choose; whether they are others than before, as under
        another release or on the other side of the day on which a kind ends."""
        kinds = {kind.id: kind for kind in catalog.processes.taken_on(day)}
        if self._offered == (offered := (catalog.release, *kinds)):
            return False
        chosen, self._offered = self.value(), offered
        self.offer_kinds(kinds.values(), chosen if chosen in kinds else catalog.usual_kind(day))
        return True

    def offer_kinds(self, kinds: Iterable[Process], usual: str) -> None:
        """The kinds under the heads of their groups, in the catalogue's order; `usual` stands first."""
        with QSignalBlocker(self):
            self.clear()
            group = None
            for kind in kinds:
                if kind.group != group:
                    group = kind.group
                    self._head(group or "其他")
                self.addItem(f"{kind.pad} {kind.short or kind.name}".strip(), kind.id)
            self.set_value(usual)

    def _head(self, text: str) -> None:
        head = QStandardItem(text)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.appendRow(head)

    def set_value(self, value: str) -> None:
        """Choose the kind; one that is not known leaves what stands."""
        place = self.findData(value) if value else -1
        if place >= 0:
            self.setCurrentIndex(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell()
            self.left.emit()
        elif event.text().isdigit():
            self._take_digit(event.text())
        else:
            super().keyPressEvent(event)

    def _take_digit(self, digit: str) -> None:
        """Two digits name a kind; the first alone goes to the first of its group and waits for the second."""
        said = (self._digits + digit)[-2:] if self._rest.isActive() else digit
        place = next((n for n in range(self.count()) if self.itemText(n).startswith(said)), -1)
        if place < 0:
            return
        self._digits = said
        self.setCurrentIndex(place)
        if len(said) == 2:
            self._digits = ""
            self._rest.stop()
            self._tell()
        else:
            self._rest.start()

    def _tell(self) -> None:
        self._rest.stop()
        if self.value():
            self.chosen.emit(self.value())
