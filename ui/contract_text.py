"""The left side of a contract: its facts, its doubts and faults, and every blank of its text by clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop.domain.field import FIELDS, show
from ui.days import day_text
from ui.theme import ACCENT, ACCENT_DARK, MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.contract_keeping import ContractView
    from desktop.usecases.contract_listing import ContractRow

WORDS = {
    "contract_drawn": "起草", "contract_printed": "印制", "contract_customer_signed": "客户签署",
    "contract_signed": "我方签署用印", "contract_filed": "归档", "contract_void": "作废", "reprinted": "补打",
    "renewal_set": "设续展方式", "imported": "台账导入", "dates_set": "核定日期",
    "kind_set": "核定种类", "doubts_settled": "存疑已核对", "contacted": "联系客户", "snoozed": "稍后提醒",
    "handed_over": "移交", "settled": "关闭并说明", "renewed": "续签", "extended": "延期", "converted": "转正式",
    "terminated": "终止", "replaced": "被后续合同接替", "succeeds": "接续前一份合同", "stands_again": "恢复有效",
    "row_adopted": "采用台账新值", "row_declined": "保留原值",
}
IN_FORCE = ("我方已签用印", "已归档")
SIGNING = {"signed_on": "签署日期", "signer": "签署人", "capacity": "身份", "poa_number": "委托书编号",
           "poa_from": "委托自", "poa_until": "委托至", "copies": "份数", "doubt": "存疑",
           "box": "档案盒号", "returned": "收回份数"}


class ContractText(QTextBrowser):
    """`wanted` names a link's target: field:NAME or a deed of the page (deed:NAME), contract:KEY, case:NUMBER."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.document().setDocumentMargin(12)

    def show_contract(self, view: ContractView) -> None:
        kept = self.verticalScrollBar().value()
        self.setHtml("".join(_body(view)))
        self.verticalScrollBar().setValue(kept)

    def _follow(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith("#"):
            self.scrollToAnchor(target[1:])
        else:
            self.wanted.emit(target)


def _body(view: ContractView) -> Iterator[str]:
    yield _facts(view)
    yield from _asked(view)
    yield from _faults(view)
    yield from _notices(view)
    yield from _clauses(view)
    yield _log(view)


def _link(target: str, text: str) -> str:
    return f'<a href="{escape(target)}" style="color:{ACCENT};text-decoration:none">{escape(text)}</a>'


def _links(*links: tuple[str, str]) -> str:
    return "<div>" + "&nbsp;&nbsp;·&nbsp;&nbsp;".join(_link(target, text) for target, text in links) + "</div>"


def _head(text: str, tone: str = "") -> str:
    colour = TONES[tone][0] if tone else ACCENT_DARK
    return f'<p style="margin:10px 0 2px 0;color:{colour};font-weight:600">{escape(text)}</p>'


def _table(rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> str:
    cells = "".join(f'<tr><td style="color:{MUTED};padding:1px 12px 1px 0" width="132">{escape(name)}</td>'
                    f'<td style="padding:1px 0">{value}</td></tr>' for name, value in rows)
    return f'<table width="100%">{cells}</table>'


def _facts(view: ContractView) -> str:
    row = view.row
    begins = day_text(view.effective_on or row.starts_on)
    account = _link(f"account:{row.account}", row.account) if row.account else "归档后才有"
    rows = [("种类", escape(row.kind_name)), ("户号", account),
            ("容量", escape(row.capacity)), ("签订", day_text(row.signed_on) or "—"),
            ("有效期", f"{begins or '—'} 至 {day_text(row.ends_on) or '—'}{_rolled(row)}"),
            ("续展方式", escape(row.renewal))]
    rows += [("不再履行", f"自 {day_text(view.ended_on)} 起")] if view.ended_on else []
    rows += [("工单", _link(f"case:{view.case_number}", view.case_number))] if view.case_number else []
    rows += [("上一份合同", _link(f"contract:{view.predecessor}", view.predecessor))] if view.predecessor else []
    rows += [("后续合同", _link(f"contract:{view.successor}", view.successor))] if view.successor else []
    for side, name in (("customer", "客户签署"), ("ours", "我方签署"), ("filed", "归档")):
        if told := view.signing.get(side):
            rows.append((name, escape("，".join(f"{SIGNING.get(k, k)} {v}" for k, v in told.items() if v))))
    for name, value in (("档案盒号", view.box), ("作废原因", view.void_reason), ("备注", view.note),
                        ("关闭说明", view.settled_note), ("承办", view.handler)):
        rows += [(name, escape(value))] if value else []
    in_force = row.active and row.state in IN_FORCE
    return _table(rows) + (_links(("deed:terminate", "终止本合同")) if in_force else "")


def _rolled(row: ContractRow) -> str:
    """A contract that went on by itself says until when."""
    return f"，已自动续展至 {day_text(row.term_end)}" if row.term_end and row.term_end != row.ends_on else ""


def _asked(view: ContractView) -> Iterator[str]:
    """Doubts of an imported contract, and a successor to be confirmed."""
    if view.row.doubts:
        yield _head(f"待核 {len(view.row.doubts)} 项", "care")
        yield "".join(f'<div>◇ {escape(doubt)}</div>' for doubt in view.row.doubts)
        yield _links(("deed:dates", "核定日期"), ("deed:kind", "核定种类"), ("deed:doubts", "已核对，无误"))
    if view.successor_offer:
        yield _head("同一户号还有更新的合同", "care")
        yield _links((f"contract:{view.successor_offer}", view.successor_offer), ("deed:successor", "确认它接续本合同"))


def _faults(view: ContractView) -> Iterator[str]:
    if not view.faults:
        return
    yield _head(f"还不能印制：{len(view.faults)} 处", "wrong")
    for fault in view.faults:
        where = _link(f"#{fault.clause_id}", fault.head) if fault.clause_id else FIELDS[fault.field].group
        yield f'<div>■ {where}：{_link(f"field:{fault.field}", fault.sentence)}</div>'
    yield f'<div style="margin-top:4px">{_link("deed:supplement", "补录这些内容")}</div>'


def _notices(view: ContractView) -> Iterator[str]:
    """What whoever signs should be asked about; it keeps nothing from being printed."""
    if view.notices:
        yield _head(f"请留意 {len(view.notices)} 处", "care")
        yield "".join(f"<div>◇ {escape(sentence)}</div>" for _, sentence in view.notices)


def _clauses(view: ContractView) -> Iterator[str]:
    """Every blank by clause: its value, or what is printed in its place."""
    from printing.template import templates

    template = templates().get(view.row.kind)
    if template is None or not view.answers:
        return
    from desktop.domain.clause import slots

    wrong = {fault.field for fault in view.faults}
    for section in (*template.clauses, *template.annexes):
        names = [name for name in dict.fromkeys(slots(section.blocks)) if name in template.blanks]
        if names:
            yield f'<a name="{section.id}"></a>{_head(section.head)}'
            yield _table([(FIELDS[name].label, _value(name, view.answers, template.blanks[name], name in wrong))
                          for name in names])


def _value(name: str, answers: Mapping[str, Any], blank: Any, wrong: bool) -> str:
    value, unit = answers.get(name), FIELDS[name].unit
    if wrong:
        shown = escape(show(name, value or "", masked=True)) or "空白"
        return f'<span style="color:{TONES["wrong"][0]}">{shown}</span>'
    if value:
        return escape(show(name, value, masked=True) + unit)
    if blank.default:
        return f'{escape(show(name, blank.default) + unit)} <span style="color:{MUTED}">默认</span>'
    return f'<span style="color:{MUTED}">{escape(blank.empty)}</span>'


def _log(view: ContractView) -> str:
    lines = "".join(
        f'<div>{entry.claimed_on.isoformat()} {WORDS.get(entry.what, entry.what)} <span style="color:{MUTED}">'
        f'{escape(entry.clerk_name or "")} {escape(_note(entry.facts))}</span></div>' for entry in reversed(view.log))
    return f'{_head("记录")}{lines}' if lines else ""


def _note(facts: Mapping[str, Any]) -> str:
    return str(facts.get("note") or facts.get("reason") or facts.get("mode") or "")
