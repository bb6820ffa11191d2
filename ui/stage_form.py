"""The middle of a case: the form of the chosen stage, or what was recorded of it, or what it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.domain.field import FIELDS, show
from desktop.domain.kind import Value
from desktop.errors import Refusal
from ui.ask_card import asked
from ui.field_editors import DateEdit
from ui.field_form import FieldForm, grouped
from ui.page import label
from ui.theme import MUTED

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView

KEPT_FORMS = 4  # a form of sixty fields takes a tenth of a second to make
FORM_PHASES = ("进行", "退回", "可办")
# what the application says already under another name
FROM_ANSWERS = {"scheme_capacity_kw": "capacity_kw", "scheme_capacity_kva": "capacity_kva",
                "running_capacity_kva": "capacity_kva"}
OWN = ("note",)  # of the application and of each stage its own
WORDS = {"paused_reason": "原因", "reason": "原因", "explanation": "说明", "to": "退回到", "until": "预计恢复",
         "evidence": "凭据", "allowed_by": "批准人", "asked_by": "由谁提出", "cost": "费用影响", "days": "工期影响",
         "warned": "重复变更告警"}


class StageForm(QFrame):
    """`can_be_done` tells whether the stage can be finished here; `typed` whether something was typed."""

    submitted = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.form: FieldForm | None = None
        self._kept: dict[Any, FieldForm] = {}  # by what they ask: one goes from case to case at the same stage
        self.can_be_done = False
        self.typed = False
        self._shown: tuple[str, str] = ("", "")
        self._day = ""
        self._head, self._about = label(role="head"), label(role="muted", wrap=True)
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.on = DateEdit(asked("claimed_on", "办理日期", "date"))
        self.on.setFixedWidth(180)
        self._on_label = label("办理日期", "muted")
        head = QHBoxLayout()
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._on_label)
        head.addWidget(self.on)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 12, 16, 12)
        self._box.addLayout(head)
        for widget in (self._about, self._facts):
            self._box.addWidget(widget)
        self._box.addStretch(1)

    def show_stage(self, view: CaseView, stage_id: str, today: date, typed: Mapping[str, Any] | None,
                   begins: Mapping[str, Any]) -> None:
        """Show a stage. The form that is being typed in is left alone when the same stage is shown again.

        begins: what the form begins with beside what the case itself says.
        """
        stage, now = view.process.stage(stage_id), view.state.stage(stage_id)
        self.can_be_done = not halted(view) and now.state in FORM_PHASES and stage.done_by == "done"
        self._head.setText(stage.name)
        self._about.setText(self._why(view, stage, now))
        for widget in (self._on_label, self.on):
            widget.setVisible(self.can_be_done)
        self._facts.setText(facts_html(view, stage_id))
        self._facts.setVisible(bool(self._facts.text()))
        same = self._shown == (view.row.number, stage_id)
        self._shown = (view.row.number, stage_id)
        if self.can_be_done and not (same and self.form is not None):
            self._make_form(stage, {**_prefilled(view, stage), **begins, **(typed or {})}, bool(typed))
            self.on.set_value(today.isoformat())
        elif not self.can_be_done:
            self._put_away()
        elif self.on.value() == self._day:  # left open over night; a day that the clerk chose stays
            self.on.set_value(today.isoformat())
        self._day = today.isoformat()

    def _make_form(self, stage: Any, answers: Mapping[str, Value], typed: bool) -> None:
        self._put_away()
        asked = stage.fields, stage.required
        form = self._kept.pop(asked, None) or self._new_form(*asked)
        self._kept[asked] = form  # as the one used last
        form.set_answers(answers)
        form.show()
        self.form, self.typed = form, typed
        while len(self._kept) > KEPT_FORMS:
            old = self._kept.pop(next(iter(self._kept)))
            self._box.removeWidget(old)
            old.deleteLater()

    def _new_form(self, fields: Sequence[str], required: Iterable[str]) -> FieldForm:
        form = FieldForm(grouped(fields), required, columns=2)
        form.changed.connect(self._on_changed)
        form.submitted.connect(self.submitted)
        self._box.insertWidget(self._box.count() - 1, form)
        return form

    def _put_away(self) -> None:
        """Take the form out of sight, without a word of what that does to its fields."""
        if self.form is not None:
            self.form.blockSignals(True)
            self.form.hide()
            self.form.blockSignals(False)
        self.form, self.typed = None, False

    def _on_changed(self, _name: str) -> None:
        self.typed = True
        self.changed.emit()

    def _why(self, view: CaseView, stage: Any, now: Any) -> str:
        """One line: where the stage stands and on what it rests."""
        basis = f"依据：{stage.basis.text}"
        if stage.done_by != "done" and now.state in FORM_PHASES:
            return f"双方在合同页登记签署后，这个环节自动完成。{basis}"
        if now.state == "待定":
            return f"这个环节办不办，看前面环节登记的情况。{basis}"
        if now.state == "未到":
            waits = "、".join(view.process.stage(need).name for need in stage.needs
                             if view.state.stage(need).state not in ("完成", "不适用", "待定"))
            return f"要先完成：{waits}。{basis}" if waits else basis
        return f"{now.state}。{_used(now) if now.began else ''}{basis}"

    def answers(self) -> dict[str, Value]:
        return self.form.answers() if self.form else {}

    def claimed_on(self) -> date | None:
        return self.on.day()

    def faults(self) -> dict[str, str]:
        """Check the form and go to the first fault."""
        found = self.form.check_all() if self.form else {}
        if found and self.form:
            self.form.go_to_first(found)
        return found

    def show_refusal(self, refusal: Refusal) -> None:
        if self.form is not None:
            faults = {m.field: m.sentence for m in refusal.missing if self.form.has(m.field)}
            self.form.show_faults(faults)  # type: ignore[arg-type]

    def go_in(self) -> None:
        """Enter on the page: the cursor into the form, where something is to be filled in."""
        if self.form is not None:
            self.form.go_in()

    def go_to(self, name: str) -> None:
        if self.form is not None and self.form.has(name):
            self.form.go_to(name)


def halted(view: CaseView) -> bool:
    """Whether somebody paused the case. A case that only waits for the customer's own stage rests, too, and yet that
    stage is to be finished."""
    return any(stage.state == "暂停" for stage in view.state.stages)


def _prefilled(view: CaseView, stage: Any) -> dict[str, Value]:
    """What is known already: the last version of the scheme, else what the application or 营销2.0 says."""
    if view.schemes and any(name.startswith("scheme_") for name in stage.fields):
        return {name: value for name, value in view.schemes[-1].facts.items() if name in stage.fields}
    known = {**view.outside, **{name: value for name, value in view.answers.items() if value}}
    said = ((name, known.get(FROM_ANSWERS.get(name, name))) for name in stage.fields if name not in OWN)
    return {name: value for name, value in said if value}


def facts_html(view: CaseView, stage_id: str) -> str:
    """What the log holds of a stage, the latest first."""
    from desktop.usecases.casework import DEEDS

    parts = []
    for entry in reversed(view.log):
        if entry.stage == stage_id and entry.what in DEEDS:
            told = "".join(_fact(view, name, value) for name, value in entry.facts.items() if value)
            who = f"{escape(entry.clerk_name)}，{entry.entered_at:%m-%d %H:%M} 登记"
            parts.append(f"<b>{entry.claimed_on.isoformat()} {DEEDS[entry.what]}</b> "
                         f"<span style='color:{MUTED}'>{who}</span>"
                         f"<table>{told}</table>")
    return "<br>".join(parts)


def _fact(view: CaseView, name: str, value: Any) -> str:
    if name == "to":
        value = view.process.stage(str(value)).name
    if name in FIELDS:
        each = FIELDS[name]
        if each.columns and isinstance(value, list):
            return _line(each.label, "\n".join(_row_told(each.columns, row) for row in value))
        return _line(each.label, f"{show(name, value, masked=True)} {each.unit}")
    return _line(WORDS.get(name, name), str(value))


def _row_told(columns: Sequence[Any], row: Mapping[str, str]) -> str:
    """A row of a list on one line; of a checklist its question, answer and note."""
    from desktop.domain.field import show_cell

    return " ".join(f"{show_cell(each, row[each.name])} {each.unit}".strip() for each in columns if row.get(each.name))


def _line(name: str, value: str) -> str:
    return (f"<tr><td style='color:{MUTED};padding-right:16px'>{escape(name)}</td>"
            f"<td>{escape(value.strip()).replace(chr(10), '<br>')}</td></tr>")


def _used(now: Any) -> str:
    """How much of the stage's tightest limit is used; of a sum, that it is one."""
    unit = "小时" if now.in_hours else "个工作日"
    since = "自受理起合计已用" if now.summed else "已用"
    return f"{since} {now.days_used} {unit}" + (f"，时限 {now.allowed} {unit}。" if now.allowed else "。")
