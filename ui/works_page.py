"""What happens to a case between scheme and file: its fees, its rounds of inspection, its meters, and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import works_deeds as deeds
from ui.ask_card import AskCard
from ui.filter_bar import PickBox
from ui.page import Page, card, head_row, label, page_box, scrolled
from ui.paged_table import ColumnSpec, PagedTable
from ui.paper_list import PaperList
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView
    from desktop.usecases.charging import FeesView
    from desktop.usecases.inspecting import DefectRow, RoundRow

RIGHT_WIDTH = 520
MOST_ROWS = 4  # of a table that are seen without scrolling
STATE_TONES = {"待缴": "care", "已缴": "plain", "已取消": "muted", "已退": "muted",
               "合格": "plain", "不合格": "wrong", "待判": "care"}

@dataclass(frozen=True)
class Found:
    """A defect with the round that found it."""

    round: str
    defect: DefectRow


FEE_COLUMNS = (
    ColumnSpec("name", "项目", 150, lambda row: row.name, stretch=True),
    ColumnSpec("quantity", "数量", 90, lambda row: f"{row.quantity.normalize():f} {row.unit}"),
    ColumnSpec("amount", "金额（元）", 100, lambda row: f"{row.amount:,.2f}", "number"),
    ColumnSpec("state", "状态", 66, lambda row: row.state, tone=lambda row: STATE_TONES[row.state]),
    ColumnSpec("receipt", "票据号", 190, lambda row: (row.refund.receipt if row.refund else row.receipt)
               or row.cancelled or "—"),
)
ROUND_COLUMNS = (
    ColumnSpec("name", "检验", 110, lambda row: f"{row.name} 第 {row.round} 轮", stretch=True),
    ColumnSpec("submitted", "报验", 122, lambda row: row.submitted_on, "date"),
    ColumnSpec("concluded", "意见单", 122, lambda row: row.concluded_on, "date"),
    ColumnSpec("result", "结论", 70, lambda row: row.result or "待判",
               tone=lambda row: STATE_TONES[row.result or "待判"]),
)
DEFECT_COLUMNS = (
    ColumnSpec("item", "缺陷", 140, lambda row: row.defect.item, stretch=True),
    ColumnSpec("round", "轮次", 92, lambda row: row.round),
    ColumnSpec("responsible", "责任单位（人）", 172, lambda row: row.defect.responsible),
    ColumnSpec("due", "整改期限", 122, lambda row: row.defect.due_on, "date"),
    ColumnSpec("state", "状态", 70, lambda row: "已销号" if row.defect.mended_on else "待整改",
               tone=lambda row: "muted" if row.defect.mended_on else "care"),
)
METER_COLUMNS = (
    ColumnSpec("serial", "表号", 190, lambda row: row.serial, stretch=True),
    ColumnSpec("multiplier", "倍率", 60, lambda row: f"{row.multiplier.normalize():f}", "number"),
    ColumnSpec("reading", "起度", 76, lambda row: f"{row.start_reading.normalize():f}", "number"),
    ColumnSpec("state", "状态", 110, lambda row: "在装" if row.removed_on is None else f"{row.removal_reason}",
               tone=lambda row: "plain" if row.removed_on is None else "muted"),
)


class WorksPage(Page):
    """Shows the works of `show_for`'s case."""

    place: ClassVar[str] = "works"
    watches: ClassVar[frozenset[str]] = frozenset(
        {"cases", "fees", "tariffs", "inspections", "defects", "meters", "handovers", "papers", "entries"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.number = ""
        self.view: CaseView | None = None
        self.bill: FeesView | None = None
        self.rounds: tuple[RoundRow, ...] = ()
        self.ask, self._title = AskCard(), QLabel()
        self._title.setWordWrap(True)
        self._about = label(role="muted", wrap=True)
        self.fees = PagedTable("works_fees", FEE_COLUMNS, services)
        self.round_table = PagedTable("works_rounds", ROUND_COLUMNS, services)
        self.defects = PagedTable("works_defects", DEFECT_COLUMNS, services)
        self.meters = PagedTable("works_meters", METER_COLUMNS, services)
        self.sum, self.meter_notes = label(wrap=True), label(role="muted", wrap=True)
        self.round_notes, self.holder = label(role="muted", wrap=True), label(wrap=True)
        self.kind, self.paper = PickBox("works_kind", ()), PickBox("works_paper", ())
        self.kind.setAccessibleName("检验种类")
        self.paper.setAccessibleName("文书")
        self.papers = PaperList(services)
        self._lay_out()
        self.first = self.fees

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        for widget, cards in ((left, (self._fee_card(), self._round_card())),
                              (right, (self._hand_card(), self._meter_card(), self._paper_card()))):
            column = QVBoxLayout(widget)
            column.setContentsMargins(0, 0, 0, 0)
            for each in cards:
                column.addWidget(each)
            column.addStretch(1)
        side = scrolled(right)
        side.setFixedWidth(RIGHT_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(scrolled(left), 1)
        row.addWidget(side)
        box = page_box(self)
        box.addLayout(head_row(self._title, self.deed("works_photos", self.go_photos),
                               self.deed("works_case", self.go_case)))
        box.addWidget(self._about)
        box.addWidget(self.ask)
        box.addLayout(row, 1)

    def _fee_card(self) -> QFrame:
        (self.charge_button, self.pay_button, self.cancel_button, self.refund_button,
         self.tariff_button) = self._deeds(
            "works_charge", "works_pay", "works_cancel", "works_refund", "works_tariff")
        return card(label("业务费", "group"), self.fees, self.sum, _row(
            self.charge_button, self.pay_button, self.cancel_button, self.refund_button, self.tariff_button))

    def _round_card(self) -> QFrame:
        self.submit_button, self.conclude_button, self.mend_button = self._deeds(
            "works_submit", "works_conclude", "works_mend")
        self._round_deeds = _row(self.kind, self.submit_button, self.conclude_button, self.mend_button)
        return card(label("审查、检查和检验", "group"), self.round_table, self.defects, self.round_notes,
                    self._round_deeds)

    def _hand_card(self) -> QFrame:
        self.hand_button, self.take_button, self.decline_button, self.withdraw_button = self._deeds(
            "works_hand", "works_take", "works_decline", "works_withdraw")
        return card(label("谁受理、谁负责", "group"), self.holder, _row(
            self.hand_button, self.take_button, self.decline_button, self.withdraw_button))

    def _meter_card(self) -> QFrame:
        return card(label("计量装置（在装表环节登记）", "group"), self.meters, self.meter_notes)

    def _paper_card(self) -> QFrame:
        (self.issue_button,) = self._deeds("works_issue")
        return card(label("文书", "group"), _row(self.paper, self.issue_button), self.papers)

    def _deeds(self, *names: str) -> list[QPushButton]:
        return [self.deed(name, partial(deeds.BY_NAME[name], self)) for name in names]

    def show_for(self, what: Any) -> None:
        if what != self.number:
            self.number = str(what)
            self.ask.turn_to(self.number)
        self.refresh()

    def reload(self) -> None:
        from desktop.usecases.case_listing import case
        from desktop.usecases.charging import fees
        from desktop.usecases.inspecting import rounds

        if not self.number:
            return
        desk = self.services.desk
        self.view = case(desk, self.number)
        self.bill, self.rounds = fees(desk, self.number), rounds(desk, self.number)
        row = self.view.row
        self._title.setText(f"业务费、检验、计量、移交    {row.number}")
        self._about.setText(f"{row.customer} · {row.kind} · {self.view.capacity} · {row.address} · {row.status}")
        self._show_fees(self.bill)
        self._show_rounds()
        self._show_meters()
        self._show_holder()
        self._show_papers()
        self._enable()

    def _show_fees(self, bill: FeesView) -> None:
        _fill(self.fees, bill.lines)
        told = f"应缴 {bill.sum.due:,.2f} 元，已缴 {bill.sum.paid:,.2f} 元，待缴 {bill.sum.open:,.2f} 元。"
        if bill.ended:
            owed = f"应退还客户 {bill.to_refund:,.2f} 元" if bill.to_refund else "没有要退的费用"
            told = f"工单已终止，{owed}。"
        if bill.refunded:
            told += f"已退 {bill.refunded:,.2f} 元。"
        if not bill.lines:
            told = "没有登记业务费。目录里没有的费用不得收取；单价由本省核定。"
        usual = "".join(f"这类工单通常还收“{item.name}”（{item.basis.mark}）。" for item in bill.expected)
        self.sum.setText(told + usual)

    def _show_rounds(self) -> None:
        assert self.view is not None
        _fill(self.round_table, self.rounds[::-1])
        self.round_table.setVisible(bool(self.rounds))
        from desktop.usecases.inspecting import inspection_kinds

        chosen = self.kind.value()
        own = {stage.id for stage in self.view.process.stages
               if self.view.state.stage(stage.id).state not in ("不适用", "待定")}
        kinds = inspection_kinds(self.services.desk, self.view.process)
        self.kind.offer([(kind.id, kind.name) for kind in kinds if own & set(kind.stages)])
        self.kind.set_value(chosen)
        self._show_defects()
        self._round_deeds.setVisible(self.kind.count() > 0 or bool(self.rounds))
        self.round_notes.setText("还没有报验。报验之日起计算我方时限；不合格的，时钟停在意见单签发日。"
                                 if self.kind.count() else "这件工单没有要审查、检查或检验的。")
        self.round_notes.setVisible(not self.rounds)

    def _show_defects(self) -> None:
        """Those of all rounds, what is still to be mended first."""
        every = [Found(f"{row.name} {row.round}", each) for row in self.rounds for each in row.defects]
        found = sorted(every, key=lambda each: (each.defect.mended_on is not None, each.defect.due_on))
        _fill(self.defects, found)
        self.defects.setVisible(bool(found))

    def open_defects(self) -> list[DefectRow]:
        """The defects that nobody saw mended, of all rounds."""
        return [each for row in self.rounds for each in row.defects if each.mended_on is None]

    def _show_meters(self) -> None:
        from desktop.usecases.metering import meters_of, still_hanging

        found = meters_of(self.services.desk, self.number)
        _fill(self.meters, found)
        self.meters.setVisible(bool(found))
        notes = still_hanging(self.services.desk, self.number) if found else ("本户还没有登记过电能表。",)
        self.meter_notes.setText("".join(notes))
        self.meter_notes.setVisible(bool(notes))

    def _show_holder(self) -> None:
        from desktop.usecases.handing_over import offer_of

        assert self.view is not None
        self.offer = offer_of(self.services.desk, self.number)
        waits = (f"<br>{self.offer.from_whom} 移交给 {self.offer.receiver}（{self.offer.reason}），等对方接收。"
                 if self.offer else "")
        self.holder.setText(f"受理：{self.view.acceptor}（始终具名）　现在负责：{self.view.row.owner}{waits}")

    def _show_papers(self) -> None:
        from desktop.usecases.issuing import PAPERS, issuable

        assert self.view is not None
        chosen = self.paper.value()
        self.paper.offer(issuable(self.services.desk, self.number))
        self.paper.set_value(chosen)
        self.papers.show_papers([paper for paper in self.view.papers if paper.kind in PAPERS])

    def _enable(self) -> None:
        """Only deeds that can be done now are offered."""
        assert self.view is not None and self.bill is not None
        clerk = self.services.clerk
        going = clerk is not None and self.view.state.closed_on is None
        to_me = going and self.offer is not None and self.offer.receiver == clerk.name  # type: ignore[union-attr]
        for button, holds in (
                (self.charge_button, going), (self.pay_button, going and bool(self.bill.sum.open)),
                (self.cancel_button, going and bool(self.bill.sum.open)), (self.tariff_button, clerk is not None),
                (self.refund_button, clerk is not None and any(line.state == "已缴" for line in self.bill.lines)),
                (self.submit_button, going and self.kind.count() > 0),
                (self.conclude_button, going and any(not row.result for row in self.rounds)),
                (self.mend_button, going and bool(self.open_defects())),
                (self.hand_button, going and self.offer is None), (self.take_button, to_me),
                (self.decline_button, to_me), (self.withdraw_button, going and self.offer is not None and not to_me),
                (self.issue_button, clerk is not None)):
            button.setEnabled(holds)
        for button in (self.take_button, self.decline_button, self.withdraw_button):
            button.setVisible(button.isEnabled())

    def go_photos(self) -> None:
        """To the photos of the inspection that is chosen: its defects before and after."""
        from desktop.usecases.evidencing import proofs

        if self.view is None:
            return
        held = self.services.desk.rules_of(self.view.process.release).inspections
        wanted = held.kind(self.kind.value()).stages if self.kind.value() else ()
        code = next((proof.code for proof in proofs(self.services.desk, self.number) if proof.stage_id in wanted), "")
        self.services.go.emit("materials", f"{self.number}#{code}" if code else self.number)

    def go_case(self) -> None:
        self.services.go.emit("case", self.number)


def _fill(table: PagedTable, rows: Any) -> None:
    """Show the rows in a table as high as they need."""
    table.show_rows(tuple(rows))
    seen, head = min(max(len(rows), 1), MOST_ROWS), table.horizontalHeader()
    table.setFixedHeight(max(head.sizeHint().height(), head.height()) + 30 * seen + 4)
    table.updateGeometry()


def _row(*widgets: QWidget) -> QWidget:
    made = QWidget()
    box = QHBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        box.addWidget(widget)
    box.addStretch(1)
    return made
