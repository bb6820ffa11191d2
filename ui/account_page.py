"""One supply account on a page: who, where, both capacities, what rests, contracts, cases, meters, what is owed; and
each change of use that can begin now, or why it cannot."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.account_card import AccountCard
from ui.ask_card import AskCard
from ui.days import day_text
from ui.intake_summary import LinkLabel, link
from ui.page import Page, card, head_row, label, page_box, scrolled
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services
from ui.theme import MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.account_viewing import AccountFile, Possible
    from desktop.usecases.metering import MeterRow
    from desktop.usecases.standing import AccountView

COLUMNS = (
    ColumnSpec("pad", "编号", 56, lambda row: row.pad, "identifier"),
    ColumnSpec("name", "业务", 150, lambda row: row.name),
    ColumnSpec("now", "现在", 110, lambda row: "× 不能办" if row.reason else "● 可以办",
               tone=lambda row: "muted" if row.reason else "good", stretch=True),
)
TRANSFORMERS = "transformers:"  # what the link to tell of them names
CARDS = (("identity", "客户"), ("holds", "停用"), ("transformers", "受电变压器"), ("contracts", "合同"),
         ("cases", "工单"), ("meters", "计量装置"), ("owed", "业务费"))


class AccountPage(Page):
    """The account is looked for at the top; below it all there is of it, beside it what can be begun."""

    place: ClassVar[str] = "account"
    watches: ClassVar[frozenset[str]] = frozenset(
        {"accounts", "customers", "cases", "contracts", "holdings", "meters", "fees", "entries"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.number = ""
        self.finder = AccountCard(services)
        self.finder.found.connect(self._take)
        self.finder.wanted.connect(self._go)
        self.parts = {name: LinkLabel() for name, _head in CARDS}
        for part in self.parts.values():
            part.followed.connect(self._go)
        self.changes = PagedTable("account_changes", COLUMNS, services)
        self.changes.chosen.connect(self._tell)
        self.changes.opened.connect(lambda _row: self.begin())
        self.reason = label(role="muted", wrap=True)
        self.begin_button = self.deed("account_begin", self.begin, "main")
        self._chosen: Possible | None = None
        self._told: AccountFile | None = None
        self.ask = AskCard()
        box = page_box(self)
        box.addLayout(head_row(label("用电户"), self.begin_button))
        box.addWidget(self.finder)
        box.addWidget(self.ask)
        self._found = self._columns()
        self._found.hide()  # until there is an account; the card above says how to find it
        box.addWidget(self._found, 1)
        box.addStretch(0)
        self.first = self.finder.finder
        self._tell(None)

    def _columns(self) -> QWidget:
        whole = QWidget()
        left = QWidget()
        stack = QVBoxLayout(left)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(8)
        for name, head in CARDS:
            stack.addWidget(card(label(head, "group"), self.parts[name]))
        stack.addStretch(1)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(scrolled(left), 1)
        side = card(label("可以办理的变更（Enter 开始）", "group"), self.changes, self.reason)
        side.setFixedWidth(400)
        row.addWidget(side)
        return whole

    def show_for(self, what: Any) -> None:
        """The account of that 户号."""
        if str(what) != self.number:  # nothing of another account stands under this number
            self._found.hide()
            self._tell(None)
        self.number = str(what)
        self.finder.take(self.number)
        self.refresh()

    def reload(self) -> None:
        from desktop.usecases.account_viewing import account_file

        desk, number = self.services.desk, self.number
        if number:
            self.services.jobs.ask(self, "account file", lambda _step: account_file(desk, number), self._show)

    def _take(self, view: AccountView) -> None:
        if view.number != self.number:
            self.number = view.number
            self.refresh()

    def _show(self, found: AccountFile) -> None:
        self._told = found
        for name, _head in CARDS:
            self.parts[name].setText(_TELLERS[name](found) or f'<span style="color:{MUTED}">没有</span>')
        self.changes.show_rows(found.possible)
        self._found.show()

    def _tell(self, row: Possible | None) -> None:
        """Why the chosen change cannot begin now, in full."""
        self._chosen = row
        self.begin_button.setEnabled(row is not None and not row.reason and self.services.clerk is not None)
        ready = f"受理“{row.name}”：户号、客户、地址和容量由档案带出。" if row else "先选一种业务。"
        self.reason.setText(row.reason if row and row.reason else ready)

    def begin(self) -> None:
        """受理 the chosen change of this account; refused with the reason where it cannot begin."""
        if self._chosen is not None and not self._chosen.reason:
            self.services.go.emit("intake", {"kind": self._chosen.process, "account": self.number})
        elif self._chosen is not None:
            self.services.messages.say("care", self._chosen.reason)

    def _go(self, target: str) -> None:
        if target == TRANSFORMERS:
            self.ask_transformers()
        else:
            self.services.go.emit(*target.split(":", 1))

    def ask_transformers(self) -> None:
        """登记受电变压器: those that hung before the program came, or that are listed wrongly."""
        if self._told is None or self.services.clerk is None:
            self.services.messages.say("care", "还没有选择经办人，不能登记。请按 F12 选择。")
            return
        from desktop.usecases.contract_amending import supplement_account

        number = self.number
        self.ask.ask("受电变压器", ["transformers"], lambda said: supplement_account(
            self.services.desk, number, {"transformers": said["transformers"]}), ok="保存", columns=1,
            answers={"transformers": list(self._told.transformers.rows)}, required=["transformers"],
            about="照铭牌逐台（同型号可合写台数）登记，合计应等于合同容量；暂停、减容按它核对是不是整台。")


def _lines(lines: Iterable[str]) -> str:
    return "<br>".join(line for line in lines if line)


def _muted(text: str) -> str:
    return f'<span style="color:{MUTED}">{escape(text)}</span>'


def _identity(found: AccountFile) -> str:
    known = found.view.standing.known
    rows = (("证件", f"{found.id_kind} {found.id_number}".strip()), ("电话", found.phone),
            ("原名", "、".join(found.former_names)), ("用电性质", known.get("usage_nature", "")),
            ("电价类别", known.get("price_class", "")), ("计量装置位置", known.get("metering_point", "")))
    return _lines(f"{_muted(name)} {escape(value)}" for name, value in rows if value)


def _holds(found: AccountFile) -> str:
    """Each hold with its case, and how long they last in a year."""
    told = []
    for hold in reversed(found.view.standing.holds):
        ends = f"{day_text(hold.restored_on)} 恢复" if hold.restored_on else f"至 {day_text(hold.until) or '恢复'}"
        told.append(f"{hold.kind} {hold.kva.normalize():f} kVA　{day_text(hold.since)} 起，{ends}　"
                    f"{link(f'case:{hold.case}', hold.case)}")
    return _lines((*told, *(f"{_muted(f'{each.year} 年{each.kind}累计')} {each.total}" for each in found.years)))


def _transformers(found: AccountFile) -> str:
    """Each with its rating, and the way to tell of them; of a low-voltage account nothing."""
    if not found.transformers.asked:
        return _muted("低压用户，没有受电变压器")
    told = [f"{escape(each.get('point', ''))}　{escape(each.get('model', ''))}　{each.get('kva', '')} kVA"
            f" × {each.get('count', '')} 台　{escape(each.get('state', ''))}" for each in found.transformers.rows]
    told += [f"其中 {found.view.resting} 停用中"] if found.view.resting and told else []
    doubt = [f'<span style="color:{TONES["care"][0]}">{escape(found.transformers.doubt)}</span>']
    way = link(TRANSFORMERS, "更正" if told else "登记")
    return _lines((*told, *(doubt if found.transformers.doubt else ()), *([] if told else ["没有登记"]), way))


def _contracts(found: AccountFile) -> str:
    return _lines(f"{link(f'contract:{each.key}', each.key)} {escape(each.kind)}　{escape(each.state)}　"
                  f"{day_text(each.starts_on) or '—'} 至 {day_text(each.ends_on) or '—'}" for each in found.contracts)


def _cases(found: AccountFile) -> str:
    return _lines(f"{link(f'case:{each.number}', each.number)} {escape(each.kind)}　{escape(each.status)}　"
                  f"{day_text(each.accepted_on)} 受理" for each in found.cases)


def _meters(found: AccountFile) -> str:
    return _lines(_meter(each) for each in reversed(found.meters))


def _meter(each: MeterRow) -> str:
    where = f"{each.serial}　{escape(each.point)}　综合倍率 {each.multiplier.normalize():f}"
    if each.removed_on is None:
        return f"{where}　{day_text(each.installed_on)} 装，挂着"
    gone = f"{day_text(each.installed_on)} 装，{day_text(each.removed_on)} {each.removal_reason}"
    return _muted(f"{where}　{gone}")


def _owed(found: AccountFile) -> str:
    return f"待缴 {found.owed:,.2f} 元" if found.owed else "没有待缴的业务费"


_TELLERS = {"identity": _identity, "holds": _holds, "transformers": _transformers, "contracts": _contracts,
            "cases": _cases, "meters": _meters, "owed": _owed}
