"""The right side of a case: what is missing for the next step, the papers asked for, those made, what happened."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop.domain.caselog import UNDATED
from ui.account_card import account_html
from ui.case_correction import corrections_html
from ui.case_returns import works_html
from ui.intake_summary import LinkLabel, link
from ui.page import card, label
from ui.paper_list import PaperList
from ui.services import Services
from ui.theme import MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView

PAPER_SIGNS = {"未收": "—", "待核": "?"}  # else it is here
DEED_WORDS = {
    "accepted": "受理", "done": "完成", "sent_back": "退回", "paused": "暂停", "resumed": "恢复", "ended": "终止",
    "note": "备注", "contract_drawn": "合同起草", "contract_printed": "合同印制",
    "contract_customer_signed": "客户签署", "contract_signed": "合同签订", "contract_filed": "合同归档",
    "contract_void": "合同作废", "pause_corrected": "暂停更正", "answers_corrected": "申请更正", "promised": "承诺日期",
    "material_supplied": "资料补交", "numbers_set": "登记营销2.0 编号",
    "handed_over": "接收移交", "handover_offered": "移交", "handover_declined": "退回移交",
    "handover_withdrawn": "撤回移交", "recalled": "召回", "fee_charged": "登记业务费", "fee_paid": "缴费",
    "fee_cancelled": "取消业务费", "fee_refunded": "退费",
    "inspection_submitted": "报验", "inspection_concluded": "意见单",
    "defects_mended": "缺陷销号", "paper_issued": "出具文书", "paper_made": "生成文书",
    "material_marked": "资料核验", "material_due_moved": "改补交日期", "file_added": "放入文件",
    "file_removed": "移出文件", "survey_appointed": "预约",
    "scheme_submitted": "提交审批", "approval_agreed": "审批同意", "approval_refused": "审批退回",
    "approval_recalled": "撤回审批", "scheme_opinion": "客户意见",
    "copied_out": "照录到营销2.0", "revealed": "写出证件号码和电话", "scheme_extended": "延期",
    "works_started": "登记开工",
}


class CaseSide(QFrame):
    """`wanted` names a field to go to, `supply` a paper to look at (its code), `number` that one is to be noted,
    `correct` a group of the application's answers."""

    wanted = Signal(str)
    supply = Signal(str)
    number = Signal()
    correct = Signal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.missing, self.materials, self.numbers = LinkLabel(), LinkLabel(), LinkLabel()
        self.notices, self.account, self._log = LinkLabel(), LinkLabel(), QLabel()
        self.account.followed.connect(lambda target: services.go.emit(*target.split(":", 1)))
        self.works = LinkLabel()
        self.works.followed.connect(lambda number: services.go.emit("works", number))
        self.application = LinkLabel()
        self.application.followed.connect(lambda target: self.correct.emit(target.partition(":")[2]))
        self.papers = PaperList(services)
        self._lacks: Sequence[Any] = ()
        self.missing.followed.connect(self.wanted)
        self.materials.followed.connect(self.supply)
        self.numbers.followed.connect(lambda _name: self.number.emit())
        self.notices.followed.connect(self.wanted)
        self._log.setWordWrap(True)
        self._log.setTextFormat(Qt.TextFormat.RichText)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self._missing_card = card(label("下一步还缺", "group"), self.missing)
        self._notice_card = card(label("请留意", "group"), self.notices)
        self._account_card = card(label("用电户", "group"), self.account)
        self._application_card = card(label("申请内容", "group"), self.application)
        for widget in (self._missing_card, self._notice_card, self._application_card, self._account_card,
                       card(label("业务费、检验、计量、移交", "group"), self.works),
                       card(label("资料", "group"), self.materials), card(label("文书", "group"), self.papers),
                       card(label("编号", "group"), self.numbers), card(label("办理记录", "group"), self._log)):
            box.addWidget(widget)
        box.addStretch(1)

    def show_case(self, view: CaseView) -> None:
        self._lacks = view.missing_next
        self.show_missing(())
        self.materials.setText("<br>".join(_material_html(view, row) for row in view.materials))
        self.papers.show_papers(view.papers)
        served = self.services.clerk is not None
        self.numbers.setText(_numbers_html(view) + (f"<br>{link('numbers', '登记营销2.0 编号')}" if served else ""))
        self.works.setText(f"{works_html(self.services.desk, view)}<br>{link(view.row.number, '去办理')}")
        self._show_notices(view)
        self._show_application(view)
        self._show_account(view)
        self._log.setText("<br>".join(
            _entry_html(view, entry) + self._gap_html(view, entry) for entry in reversed(view.log)))

    def _show_application(self, view: CaseView) -> None:
        """What was corrected of the application, and what may be."""
        from desktop.usecases.correcting import correctness

        found = correctness(self.services.desk, view.row.number)
        text = corrections_html(found, self.services.clerk is not None)
        self.application.setText(text)
        self._application_card.setVisible(bool(text))

    def _show_account(self, view: CaseView) -> None:
        """How the account stands today, once it has its 户号."""
        about = bool(view.account_number)
        self._account_card.setVisible(about)
        if about:
            from desktop.usecases.standing import account

            self.account.setText(account_html(account(self.services.desk, view.account_number,
                                                      without_case=view.row.id)))

    def _show_notices(self, view: CaseView) -> None:
        from desktop.usecases.case_listing import case_notices
        from desktop.usecases.timing import clock_notices

        found = (*case_notices(self.services.desk, view), *clock_notices(self.services.desk, view))
        self.notices.setText("<br>".join(f"! {link(each.field or '', each.sentence)}" for each in found))
        self._notice_card.setVisible(bool(found) and not view.state.closed_on)

    def _gap_html(self, view: CaseView, entry: Any) -> str:
        """How many working days later than its day an entry was made; beyond what its rules allow it is amber."""
        from desktop.usecases.timing import gap_of, is_late_entry

        gap, desk = gap_of(self.services.desk, entry), self.services.desk
        ink = TONES["care"][0] if gap and is_late_entry(desk, view.process, entry) else MUTED
        return f" <span style='color:{ink}'>晚录 {gap} 个工作日</span>" if gap else ""

    def show_missing(self, filled: Container[str]) -> None:
        """What the next step lacks, without the fields that are filled in on the form already."""
        lines = [_lack_html(lack) for lack in self._lacks if lack.field not in filled]
        self.missing.setText("<br>".join(lines))
        self._missing_card.setVisible(bool(lines))


def _lack_html(lack: Any) -> str:
    text = _lack_text(lack)
    return "· " + (link(lack.field, text) if lack.field else escape(text))


def _lack_text(lack: Any) -> str:
    from desktop.domain.field import FIELDS

    if lack.field not in FIELDS:
        return str(lack.sentence)
    return f"{lack.sentence.removesuffix('缺少必填内容')}：{FIELDS[lack.field].label}"


def _material_html(view: CaseView, row: Any) -> str:
    if row.open:
        due = f"{row.due_on.isoformat()} 前" if row.due_on else ""
        return f'<span style="color:{TONES["care"][0]}">◇ {escape(row.name)} 待补 {due}</span> {link(row.code, "补交")}'
    later = f"（{escape(view.process.stage(row.stage).name)}前）" if row.stage and row.state == "未收" else ""
    return (f"{PAPER_SIGNS.get(row.state, '✓')} {link(row.code, row.name)} "
            f"<span style='color:{MUTED}'>{row.state}{later}</span>")


def _numbers_html(view: CaseView) -> str:
    rows = (("营销2.0 申请编号", view.outside.get("yx_application", "")),
            ("户号", view.account_number or view.outside.get("yx_account", "")),
            ("营销2.0 合同编号", view.outside.get("yx_contract", "")), ("合同编号", view.contract_number or ""))
    return "<br>".join(f"<span style='color:{MUTED}'>{name}</span> {escape(value) or '—'}" for name, value in rows)


def _entry_html(view: CaseView, entry: Any) -> str:
    stages = {stage.id: stage.name for stage in view.process.stages}
    stage = stages.get(entry.stage, "")
    word = DEED_WORDS.get(entry.what, entry.what)
    named = word if entry.what.startswith("contract_") else stage if entry.what == "accepted" else stage + word
    named += _proof(entry.facts)
    note = entry.facts.get({"note": "note", "revealed": "reason"}.get(entry.what, ""), "")
    said = f"<br><span style='color:{MUTED}'>{escape(str(note))}</span>" if note else ""
    return (f"{'至迟 ' if entry.facts.get(UNDATED) else ''}{entry.claimed_on.isoformat()} {escape(named)}"
            f" <span style='color:{MUTED}'>{escape(entry.clerk_name)}</span>{said}")


def _proof(facts: Mapping[str, Any]) -> str:
    """What stands behind an entry: the answers that a card vouches for, or that it came from elsewhere."""
    from desktop.domain.card import CARD_FACT, MARK
    from desktop.domain.field import field

    read = "、".join(field(name).label for name in facts.get(CARD_FACT, ()))
    return f"（{facts['source']}）" if facts.get("source") else f"（{MARK}：{read}）" if read else ""
