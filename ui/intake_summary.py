"""The right side of the intake page: what is missing, the papers, the promised dates, who looks alike; all live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.days import day_text
from ui.filter_bar import PickBox
from ui.material_lines import MaterialLines
from ui.page import card, label
from ui.theme import ACCENT, MUTED, TONES

if TYPE_CHECKING:
    from desktop.errors import Missing
    from desktop.usecases.intake import Assessment
    from desktop.usecases.recognising import Alike

SHOWN_MISSING, SHOWN_ALIKE = 8, 4
UNFOLD = "unfold:"
NOBODY = "没有认得的；户名处也认首字母、尾号和户号。"
READY = f'<span style="color:{TONES["good"][0]}">✓ 资料齐全，按 Ctrl+Enter 受理。</span>'


def link(target: str, text: str) -> str:
    return f'<a href="{escape(target)}" style="color:{ACCENT};text-decoration:none">{escape(text)}</a>'


def _muted(text: str) -> str:
    return f'<span style="color:{MUTED}">{escape(text)}</span>'


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

    def setText(self, text: str) -> None:
        """Words without a link are no stop of Tab: there would be nothing to see or to do."""
        super().setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if "<a " in text else Qt.FocusPolicy.NoFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By Tab the keyboard comes to a link, not to the words around it, which would not show it."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            super().focusNextPrevChild(event.reason() == Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, next: bool) -> bool:
        """To the next link or out of the label; Qt alone would never go back past the first link."""
        at = self.selectionStart()
        moved = super().focusNextPrevChild(next)
        if not next and self.hasFocus() and self.selectionStart() == at:
            self._leave_backwards()
        return moved

    def _leave_backwards(self) -> None:
        before = self.previousInFocusChain()
        while before is not None and before is not self and not _is_stop(before, self.window()):
            before = before.previousInFocusChain()
        if before is not None:
            before.setFocus(Qt.FocusReason.BacktabFocusReason)


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    """Whether Tab stops at it."""
    wanted = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(wanted) and widget.isVisible() and widget.isEnabled() and widget.window() is window



class SteadyLabel(LinkLabel):
    """Keeps the height that it once had, so that nothing below moves while somebody types."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def tell(self, text: str) -> None:
        self.setText(text)
        if self.isVisible():
            self.setMinimumHeight(max(self.minimumHeight(), self.heightForWidth(self.width())))

    def begin(self) -> None:
        self.setMinimumHeight(0)


class IntakeSummary(QFrame):
    """Tells `wanted` when a link is followed: field:NAME, material:CODE, customer:ID, account:ID or
    case:NUMBER."""

    wanted = Signal(str)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.missing, self.promises, self.similar = SteadyLabel(), QLabel(), SteadyLabel()
        self.promises.setTextFormat(Qt.TextFormat.RichText)
        self.promises.setWordWrap(True)
        self.materials = MaterialLines()
        self.materials.marked.connect(self.changed)
        self.way = PickBox("way", [("正常受理", "正常受理")])
        self.way.activated.connect(self._on_way)
        self._wished = ""
        self.first_known = ""  # the link of the first who can fill the form
        self._missing_head = label("还缺", "group")
        self._alikes: Sequence[Alike] = ()
        self._unfolded = False
        self.notices = SteadyLabel()  # odd, and yet no reason to refuse
        self._notice_card = card(label("请留意", "group"), self.notices)
        for links in (self.missing, self.similar, self.notices):
            links.followed.connect(self._on_followed)
        self._similar_card = card(label("已有的客户、用电户和工单", "group"), self.similar)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for widget in (card(self._missing_head, self.missing),
                       card(label("承诺时限（除写明的外，不含客户环节）", "group"), self.promises),
                       self._similar_card, self._notice_card,
                       card(label("受理方式和资料", "group"), self.way, self.materials)):
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

    def begin(self) -> None:
        """Another application, or another kind: nothing has its place yet, what was unfolded is folded."""
        self._unfolded = False
        self._notice_card.hide()
        for steady in (self.missing, self.similar, self.notices):
            steady.begin()

    def _on_way(self, _place: int) -> None:
        self._wished = ""
        self.changed.emit()

    def _on_followed(self, target: str) -> None:
        if target == UNFOLD:
            self._unfolded = True
            self._show_alikes()
        else:
            self.wanted.emit(target)

    def show_assessment(self, found: Assessment, typing: str = "") -> None:
        """`typing`: the field in which somebody types just now; it is not called wrong before it is left."""
        self._show_missing(found, typing)
        self._show_ways(found.ways)
        self.materials.show_lines(found.materials)
        self.promises.setText(f"{promises_html(found.promises)}<div>{_muted(found.counting)}</div>")
        self._alikes = found.similar
        self._show_alikes()
        self.first_known = next((target_of(each) for each in found.similar if each.kind != "工单"), "")
        self._notice_card.setVisible(bool(found.notices) or not self._notice_card.isHidden())
        told = "<br>".join(f"! {link(_target(m.field or ''), m.sentence)}" for m in found.notices)
        self.notices.tell(told or _muted("没有要留意的了。"))

    def _show_alikes(self) -> None:
        from desktop.usecases.recognising import MOST

        shown = self._alikes if self._unfolded else self._alikes[:SHOWN_ALIKE]
        lines = list(map(_alike_html, shown))
        if more := len(self._alikes) - len(shown):
            lines.append(link(UNFOLD, f"还有 {more} 条"))
        elif len(shown) >= MOST:
            lines.append(_muted(f"只列最像的 {MOST} 条，多填几项就更准。"))
        self.similar.tell("<br>".join(lines) or _muted(NOBODY))

    def _show_missing(self, found: Assessment, typing: str) -> None:
        faults = [link(f"field:{name}", sentence) for name, sentence in found.faults.items() if name != typing]
        lacks = [link(_target(m.field or ""), _short(m)) for m in (*found.missing, *found.blocking)]
        lines = [f"· {line}" for line in (*faults, *lacks)]
        self._missing_head.setText(f"还缺 {len(lines)} 项" if lines else "可以受理" if found.can_accept else "正在填写")
        if len(lines) > SHOWN_MISSING:
            lines[SHOWN_MISSING:] = [_muted(f"另有 {len(lines) - SHOWN_MISSING} 项")]
        self.missing.tell("<br>".join(lines) or (READY if found.can_accept else _muted("离开这一格后再核对。")))

    def _show_ways(self, ways: Sequence[str]) -> None:
        """The ways that the papers allow; what was chosen stays chosen while it is possible."""
        offered = [way for way in ways if way != "不受理"] or ["正常受理"]
        now, self._wished = self.chosen_way, ""
        if [self.way.itemData(i) for i in range(self.way.count())] != offered:
            self.way.clear()
            for way in offered:
                self.way.addItem(way, way)
        self.way.set_value(now if now in offered else offered[0])


def _short(lack: Missing) -> str:
    """A paper's lack without who brings it, which the list of papers tells."""
    return lack.sentence.partition("：由")[0] if (lack.field or "").startswith("material:") else lack.sentence


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
    detail = ("<br>" if found.duplicate else " · ") + _muted(found.detail) if found.detail else ""
    return (f'{found.kind} <b>{escape(found.title)}</b>{escape(number)} {link(target_of(found), what)}'
            f'<br><span style="color:{tone}">{sign}{escape(found.why)}</span>{detail}')
