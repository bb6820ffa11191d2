"""受理变更用电: the account first. Found by its 户号 or by what the customer says, it tells how it stands and fills
the form."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from ui.intake_summary import LinkLabel, link
from ui.page import label
from ui.services import Services
from ui.theme import MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.standing import AccountHit, AccountView

TYPING_MS = 150
LONGEST_NUMBER = 16


class AccountFinder(QLineEdit):
    """The line in which the account is looked for; Enter takes the only one, or the first, that is shown. `scanned`
    tells a 户号 that a gun read."""

    taken = Signal()
    scanned = Signal(str)

    def fits_scan(self, text: str) -> bool:
        from desktop.domain.identity import check_account

        return check_account(text) is None

    def take_scan(self, text: str) -> None:
        self.setText(text)
        self.scanned.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)


class AccountCard(QFrame):
    """`found` tells the account that was taken; `wanted` a case or a contract that is to be opened."""

    found = Signal(object)
    wanted = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.view: AccountView | None = None
        self._hits: tuple[AccountHit, ...] = ()
        self._sought = ""  # the text whose accounts are shown
        self.setProperty("role", "card")
        self.finder = AccountFinder()
        self.finder.setObjectName("account_finder")
        self.finder.setAccessibleName("查找用电户")
        self.finder.setPlaceholderText("户号、户名、拼音首字母、电话或证件尾号")
        self.told = LinkLabel()
        self.told.followed.connect(self._follow)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("用电户", "group"))
        row.addWidget(self.finder, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(6)
        box.addLayout(row)
        box.addWidget(self.told)
        self._soon = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._soon.timeout.connect(self._look)
        self.finder.textEdited.connect(lambda _text: self._soon.start())
        self.finder.taken.connect(self._take_first)
        self.finder.scanned.connect(self.take)
        self.clear()

    def clear(self) -> None:
        """No account yet."""
        self.view, self._hits = None, ()
        self.finder.clear()
        self.told.setText(f'<span style="color:{MUTED}">先找到要变更的用电户：客户、地址、容量由档案带出，'
                          '并显示它的合同和在办工单。</span>')

    def take(self, number: str) -> None:
        """Take the account of that 户号: read in the worker, then told."""
        from desktop.usecases.standing import account

        desk = self.services.desk
        self._soon.stop()
        self.services.jobs.ask(self, "account", lambda _step: account(desk, number), self._show)

    def know(self, number: str) -> None:
        """The 户号 was typed in the form itself: taken, where it is another one."""
        if number and (self.view is None or self.view.number != number):
            self.take(number)

    def _look(self) -> None:
        from desktop.usecases.standing import accounts_like

        text, desk = self.finder.text().strip(), self.services.desk
        if len(text) > 1:
            self.services.jobs.ask(self, "accounts", lambda _step: accounts_like(desk, text),
                                   lambda hits: self._offer(text, hits))

    def _offer(self, text: str, hits: tuple[AccountHit, ...]) -> None:
        self._hits, self._sought = hits, text
        lines = [f'{link(f"account:{hit.number}", hit.number)} {escape(hit.customer)} '
                 f'<span style="color:{MUTED}">{escape(hit.address)}</span>' for hit in hits]
        none = f'<span style="color:{MUTED}">没有找到。请换个说法，或直接输入户号后回车。</span>'
        self.told.setText("<br>".join(lines) or none)

    def _take_first(self) -> None:
        typed = self.finder.text().strip()
        if self._sought != typed:  # what is shown answers an older text
            self._hits = ()
        exact = next((hit.number for hit in self._hits if hit.number == typed), "")
        if number := exact or (self._hits[0].number if self._hits else typed if typed.isdigit() else ""):
            self.take(number)

    def _follow(self, target: str) -> None:
        kind, _colon, name = target.partition(":")
        if kind == "account":
            self.take(name)
        else:
            self.wanted.emit(target)

    def _show(self, view: AccountView) -> None:
        self.view = view
        self.finder.setText(view.number)
        self.told.setText(account_html(view))
        self.found.emit(view)


def account_html(view: AccountView) -> str:
    """Who, where, both capacities, what rests, the contract and the open cases."""
    stands = view.standing
    rests = "；".join(f"{hold.kind} {hold.kva.normalize():f} kVA（{hold.since} 至 {hold.until or '恢复'}）"
                     for hold in stands.holds if hold.restored_on is None)
    contract = view.contract
    signed = (f'{link(f"contract:{contract.key}", contract.key)} {escape(contract.kind)} '
              f'至 {contract.ends_on or "期限不明"}' if contract else "没有履行中的合同")
    care = TONES["care"][0]
    waiting = "、".join(link(f"case:{case.number}", f"{case.number} {case.kind}") for case in stands.open_cases)
    lines = [
        f'<b>{escape(view.customer)}</b> {link(f"account:{view.number}", view.number)} {escape(view.address)}',
        f'{_muted("合同容量")} {view.contract_capacity or "—"}　{_muted("运行容量")} '
        f'{view.running_capacity or "—"}　{_muted("电压")} {escape(stands.voltage) or "—"}　'
        f'{_muted("状态")} {escape(stands.status)}',
        f'{_muted("停用中")} {rests}' if rests else "",
        f'{_muted("合同")} {signed}',
        f'<span style="color:{care}">! 在办工单</span> {waiting}' if waiting else "",
    ]
    return "<br>".join(line for line in lines if line)


def _muted(text: str) -> str:
    return f'<span style="color:{MUTED}">{text}</span>'
