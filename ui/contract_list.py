"""合同: all contracts by nearness of their end; ledgers come in here, and renewal modes are set here in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QWidget

from ui.actions import make_action
from ui.ask_card import AskCard, asked
from ui.exporting import export_list
from ui.filter_bar import Chips, PickBox, WordsBox, filter_row
from ui.page import Page, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.contract_listing import ContractFilter, ContractRow

CHIPS = (("", "全部"), ("90", "90 天内"), ("30", "30 天内"), ("7", "7 天内"), ("overdue", "已过期"),
         ("unknown", "期限不明"), ("doubtful", "待核"))
EMPTY = "这里会列出供用电合同。\n按 Ctrl+I 导入营业厅的合同台账，或在工单里起草。"
STATES = ("草稿", "待签", "客户已签", "我方已签用印", "已归档", "作废")
MODES = ("自动续展", "到期重签", "到期终止", "不定期")


def days_text(row: ContractRow) -> str:
    """Shape and days to the written end; ↻ and the running term's end where the contract has followed itself."""
    if row.days_left is None:
        return "—" if row.renewal == "不定期" else "○ 期限不明"
    if row.days_left < 0:
        return f"■ 过期 {-row.days_left:,} 天"
    if row.term_end is not None and row.term_end != row.ends_on:
        return f"↻ 续至 {row.term_end.isoformat()}"
    return f"{_shape(row.days_left)} 剩 {row.days_left:,} 天"


def _shape(days: int) -> str:
    return "▲" if days <= 7 else "◆" if days <= 30 else "○"


def days_tone(row: ContractRow) -> str:
    days = row.days_left
    if days is None:
        return "muted"
    return "wrong" if days < 0 else "urgent" if days <= 7 else "care" if days <= 30 else "muted"


COLUMNS = (
    ColumnSpec("key", "合同编号", 186, lambda row: row.number or row.key, "identifier"),
    ColumnSpec("account", "户号", 130, lambda row: row.account, "identifier"),
    ColumnSpec("customer", "客户", 240, lambda row: row.customer, stretch=True),
    ColumnSpec("kind", "种类", 92, lambda row: row.kind_name),
    ColumnSpec("state", "状态", 108, lambda row: row.state),
    ColumnSpec("renewal", "续展", 82, lambda row: row.renewal),
    ColumnSpec("ends", "到期", 136, lambda row: row.ends_on, "date"),
    ColumnSpec("left", "剩余", 150, days_text, tone=days_tone),
    ColumnSpec("doubts", "待核", 64, lambda row: f"{len(row.doubts)} 项" if row.doubts else "",
               tone=lambda _row: "care"),
)


class ContractList(Page):
    """The list, its filters, import and bulk setting of renewal."""

    place: ClassVar[str] = "contracts"
    watches: ClassVar[frozenset[str]] = frozenset({"contracts", "customers", "accounts"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.chips = Chips(CHIPS)
        self.kind = PickBox("contract_kind", [("", "所有种类")])
        self.state = PickBox("contract_state", [("", "所有状态"), *((state, state) for state in STATES)])
        self.past = QCheckBox("含已失效")
        self.words = WordsBox("户名、户号、合同编号")
        self.table = PagedTable("contracts", COLUMNS, services)
        self.table.empty_text = EMPTY
        self.ask = AskCard()
        self._connect()
        box = page_box(self)
        box.addLayout(head_row(label("合同"), self.deed("contracts_renewal", self.ask_renewal),
                               self.deed("contracts_export", self.export),
                               self.deed("contracts_import", lambda: services.go.emit("import", None))))
        box.addLayout(filter_row(self.chips, self.kind, self.state, self.past, self.words))
        box.addWidget(self.ask)
        box.addWidget(self.table, 1)
        make_action("contracts_filter", self, self.words.setFocus, services.settings)
        self.first = self.table

    def _connect(self) -> None:
        for changed in (self.chips.chosen, self.kind.activated, self.state.activated, self.words.rested,
                        self.past.toggled):
            changed.connect(lambda _value: self.refresh())
        self.table.typed.connect(self.words.take)
        self.table.opened.connect(lambda row: self.services.go.emit("contract", row.key))
        self.words.returnPressed.connect(self.table.setFocus)

    def show_for(self, what: Any) -> None:
        self.words.setText(what.get("text", ""))
        self.chips.set_value(what.get("chip", ""))
        self.refresh()

    def filter(self) -> ContractFilter:
        from desktop.usecases.contract_listing import ContractFilter

        chip = self.chips.value()
        return ContractFilter(
            text=self.words.text().strip(), kind=self.kind.value(), state=self.state.value(),
            ending="" if chip == "doubtful" else chip, doubtful=chip == "doubtful", active=not self.past.isChecked())

    def reload(self) -> None:
        from desktop.usecases.contract_listing import contracts

        desk, chosen = self.services.desk, self.filter()
        if self.kind.count() == 1:
            for kind in desk.catalog.contract_kinds.values():
                self.kind.addItem(kind.name, kind.id)
        self.table.load(lambda after: contracts(desk, chosen, after))

    def export(self) -> None:
        export_list(self.services, "合同", COLUMNS, self.table.pages.all_rows, self)

    def ask_renewal(self) -> None:
        """续展方式 in bulk: for the selected rows, or for all of a kind that are still 未知."""
        kinds = {kind.name: kind.id for kind in self.services.desk.catalog.contract_kinds.values()}
        rows = self.table.selected()
        chosen = f"选中的 {len(rows)} 份" if len(rows) > 1 else ""
        scopes = (*((chosen,) if chosen else ()), *(f"所有{name}中未知的" for name in kinds))
        fields = [asked("scope", "范围", "choice", scopes), asked("mode", "续展方式", "choice", MODES),
                  asked("objection_days", "异议期", "integer", unit="日", hint="自动续展要填，合同文本里有"),
                  asked("confirmed_by", "确认人", "name")]

        def do(answers: dict[str, Any]) -> None:
            scope = answers["scope"]
            kind = None if scope == chosen else kinds[scope.removeprefix("所有").removesuffix("中未知的")]
            self._set_renewal(kind, [row.key for row in rows] if kind is None else [], answers)

        self.ask.ask("批量设续展方式", fields, do, ok="设定", required=["scope", "mode", "confirmed_by"], columns=4,
                     about="导入的合同续展方式都是“未知”。请对照合同文本确认后再设；设定会记下确认人。",
                     answers={"scope": scopes[0]})

    def _set_renewal(self, kind: str | None, numbers: list[str], answers: dict[str, Any]) -> None:
        from desktop.usecases.contract_amending import set_renewal

        days = answers.get("objection_days")
        count = set_renewal(self.services.desk, kind=kind, numbers=tuple(numbers), mode=answers["mode"],
                            objection_days=int(days) if days else None, confirmed_by=answers["confirmed_by"])
        self.services.messages.say("good", f"已保存：{count:,} 份合同的续展方式设为{answers['mode']}。")
