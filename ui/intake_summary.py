"""The right side of the intake page: what is missing, the papers, the promised dates, who looks alike; all live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.days import day_text
from ui.filter_bar import PickBox
from ui.material_lines import MaterialLines
from ui.page import card, label
from ui.theme import ACCENT, MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.intake import Assessment
    from desktop.usecases.recognising import Alike

SHOWN_MISSING = 8


def link(target: str, text: str) -> str:
    return f'<a href="{escape(target)}" style="color:{ACCENT};text-decoration:none">{escape(text)}</a>'


class LinkLabel(QLabel):
    """Rich words with links that can be reached by Tab, too."""

    followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse
                                     | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.linkActivated.connect(self.followed)


class IntakeSummary(QFrame):
    """Tells `wanted` when a link is followed: field:NAME, material:CODE, customer:ID, account:ID or
    case:NUMBER."""

    wanted = Signal(str)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.missing, self.promises, self.similar = LinkLabel(), QLabel(), LinkLabel()
        self.promises.setTextFormat(Qt.TextFormat.RichText)
        self.promises.setWordWrap(True)
        self.materials = MaterialLines()
        self.materials.marked.connect(self.changed)
        self.way = PickBox("way", [("正常受理", "正常受理")])
        self.way.activated.connect(self._on_way)
        self._wished = ""
        self.first_known = ""  # the link of the first who can fill the form
        self._missing_head = label("还缺", "group")
        self.notices = LinkLabel()  # odd, and yet no reason to refuse
        self._notice_card = card(label("请留意", "group"), self.notices)
        for links in (self.missing, self.similar, self.notices):
            links.followed.connect(self.wanted)
        self._similar_card = card(label("已有的客户、用电户和工单", "group"), self.similar)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for widget in (card(self._missing_head, self.missing), self._notice_card, self._similar_card,
                       card(label("受理方式和资料", "group"), self.way, self.materials),
                       card(label("承诺时限（不含客户环节）", "group"), self.promises)):
            box.addWidget(widget)
        box.addStretch(1)

    @property
    def chosen_way(self) -> str:
        """The way of acceptance that was chosen; a draft's, before its papers are assessed."""
        return self._wished or self.way.value() or "正常受理"

    def set_marks(self, marks: Mapping[str, str], way: str = "") -> None:
        """Take over a draft's papers and its way of acceptance, or begin without any."""
        self.materials.set_marks(marks)
        self._wished = way

    def _on_way(self, _place: int) -> None:
        self._wished = ""
        self.changed.emit()

    def show_assessment(self, found: Assessment) -> None:
        self._show_missing(found)
        self._show_ways(found.ways)
        self.materials.show_lines(found.materials)
        self.promises.setText(promises_html(found.promises))
        self._similar_card.setVisible(bool(found.similar))
        self.similar.setText("<br>".join(map(_alike_html, found.similar)))
        self.first_known = next((target_of(each) for each in found.similar if each.kind != "工单"), "")
        self._notice_card.setVisible(bool(found.notices))
        self.notices.setText("<br>".join(f"! {link(_target(m.field or ''), m.sentence)}" for m in found.notices))

    def _show_missing(self, found: Assessment) -> None:
        faults = [link(f"field:{name}", sentence) for name, sentence in found.faults.items()]
        lacks = [link(_target(m.field or ""), m.sentence) for m in (*found.missing, *found.blocking)]
        lines = [*faults, *lacks]
        more = f'<br><span style="color:{MUTED}">另有 {len(lines) - SHOWN_MISSING} 项</span>'
        self._missing_head.setText(f"还缺 {len(lines)} 项" if lines else "可以受理")
        ready = f'<span style="color:{TONES["good"][0]}">✓ 资料齐全，按 Ctrl+Enter 受理。</span>'
        shown = "<br>".join(f"· {line}" for line in lines[:SHOWN_MISSING])
        self.missing.setText((shown + (more if len(lines) > SHOWN_MISSING else "")) if lines else ready)

    def _show_ways(self, ways: Sequence[str]) -> None:
        """The ways that the papers allow; what was chosen stays chosen while it is possible."""
        offered = [way for way in ways if way != "不受理"] or ["正常受理"]
        now, self._wished = self.chosen_way, ""
        if [self.way.itemData(i) for i in range(self.way.count())] != offered:
            self.way.clear()
            for way in offered:
                self.way.addItem(way, way)
        self.way.set_value(now if now in offered else offered[0])


def _target(name: str) -> str:
    return name if name.startswith("material:") else f"field:{name}"


def promises_html(promises: Sequence[Any]) -> str:
    """Stage, days and date; a date counted through a provisional calendar says so."""
    rows = "".join(
        f'<tr><td style="padding-right:14px">{escape(p.told)}</td>'
        f'<td style="padding-right:14px;color:{MUTED}">{p.days} 个工作日</td>'
        f'<td>{_due(p.due)}{"（暂定）" if p.provisional else ""}</td></tr>' for p in promises)
    unsure = "、".join(escape(p.label) for p in promises if p.mark == "待核验")
    return f"<table>{rows}</table>" + (f'<span style="color:{MUTED}">◆ 依据待核验：{unsure}</span>' if unsure else "")


def _due(due: date | str) -> str:
    return day_text(due if isinstance(due, date) else date.fromisoformat(due))


def target_of(found: Alike) -> str:
    """Where the link of something known leads."""
    return {"工单": f"case:{found.number}", "户号": f"account:{found.account_id}"}.get(
        found.kind, f"customer:{found.customer_id}")


def _alike_html(found: Alike) -> str:
    """What is known, what to do with it, and why it is shown; what may be a duplicate is marked by sign and word."""
    what = {"工单": "打开", "户号": "用此户"}.get(found.kind, "用此客户")
    number = f" {found.number}" if found.number not in ("", found.title) else ""
    sign, tone = ("▲ 可能重复：", TONES["care"][0]) if found.duplicate else ("", MUTED)
    return (f'{found.kind} <b>{escape(found.title)}</b>{escape(number)} {link(target_of(found), what)}'
            f'<br><span style="color:{tone}">{sign}{escape(found.why)}</span>'
            f'<br><span style="color:{MUTED}">{escape(found.detail)}</span>')
