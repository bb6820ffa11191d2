"""One case: its head, its stages, the form of the chosen stage, and what is missing before the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.domain.process import ContractAct
from desktop.errors import Refusal
from ui.actions import key_of, make_action
from ui.ask_card import AskCard, asked
from ui.case_correction import ask_correction
from ui.case_list import level_text
from ui.case_returns import can_recall, go_back
from ui.case_side import CaseSide
from ui.clock_panel import ClockBadge, ClockPanel, tightest_text
from ui.page import Page, badge, head_row, label, page_box, scrolled, stacked
from ui.part_drafts import PartDrafts
from ui.scheme_card import SchemeCard
from ui.services import Services
from ui.stage_form import FORM_PHASES, StageForm, halted
from ui.stage_line import StageLine
from ui.theme import LEVELS, mark

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView
    from ui.ladder_card import LadderCard

LINE_WIDTH, SIDE_WIDTH = 236, 316
FINISHING = ("done", "ended")
_HALTED = f"{LEVELS['暂停'][0]} 暂停"
STATUS_TONES = {"在办": "info", "暂停": "care", "已归档": "good", "已终止": "muted"}


class CasePage(Page):
    """Shows the case of `show_for`'s number; what is typed for a stage stays until it is recorded."""

    place: ClassVar[str] = "case"
    watches: ClassVar[frozenset[str]] = frozenset(
        {"cases", "case_materials", "contracts", "entries", "papers", "schemes", "approvals",
         "customers", "accounts", "fees",
         "inspections", "defects", "handovers"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.number = ""
        self.view: CaseView | None = None
        self._stage = ""
        self.drafts = PartDrafts(services, self, "stage")
        self._looked_at = ""  # a stage that is not open and was chosen by hand
        self._request_id = uuid4().hex
        self.line, self.stage_form, self.side, self.ask = StageLine(), StageForm(), CaseSide(services), AskCard()
        self.scheme = SchemeCard(services, self.ask, self.stage_form, self.refresh)
        self.scheme.bind(self)
        self._title, self._status = QLabel(), badge()
        self._title.setWordWrap(True)  # the longest names would else make the window wider than the screen
        self._clock = ClockBadge(f"逐日怎么数的（{key_of('case_clock', self.settings)}）")
        self.clocks, self._form_area = ClockPanel(services, self.ask), scrolled(self.stage_form)
        self._clock_area = scrolled(self.clocks)  # with a question above it there is less room than it needs
        self._clock_area.hide()
        self._about = label(role="muted", wrap=True)
        self._lay_out()
        self.line.chosen.connect(self.choose_stage)
        self.line.setFixedWidth(LINE_WIDTH)
        self.stage_form.submitted.connect(self.done)
        self.stage_form.changed.connect(self._keep_typed)
        self.side.wanted.connect(self._follow)
        self.side.supply.connect(self.go_materials)
        self.side.number.connect(self.ask_numbers)
        self.side.correct.connect(partial(ask_correction, self))
        make_action("case_correct", self, partial(ask_correction, self), self.settings)
        make_action("case_materials", self, self.go_materials, self.settings)
        make_action("case_numbers", self, self.ask_numbers, self.settings)
        make_action("case_works", self, self.go_works, self.settings)
        make_action("case_copy", self, self.copy, self.settings)
        make_action("case_ladder", self, self.climb, self.settings)
        self.ladder: LadderCard | None = None
        make_action("case_clock", self, self.toggle_clocks, self.settings)
        self._clock.asked.connect(self.toggle_clocks)
        self.clocks.put_away.connect(self._show_form)
        self.ask.put_away.connect(self._show_form)

    def _lay_out(self) -> None:
        self.done_button = self.deed("case_done", self.done, "main")
        self.contract_button = self.deed("case_contract", self.go_contract)
        self.back_button = self.deed("case_back", self.ask_back)
        self.pause_button = self.deed("case_pause", self.ask_pause_or_resume)
        self.end_button = self.deed("case_end", self.ask_end)
        head = head_row(self._title, self._clock, self.end_button, self.pause_button, self.back_button,
                        self.contract_button, self.done_button)
        head.insertWidget(1, self._status, 0, Qt.AlignmentFlag.AlignVCenter)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ask)
        column.addWidget(self._clock_area, 1)
        column.addWidget(self._form_area, 1)
        self._side_area = side = scrolled(stacked(self.scheme, self.side))
        side.setFixedWidth(SIDE_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.line)
        row.addWidget(middle, 1)
        row.addWidget(side)
        box = page_box(self)
        box.addLayout(head)
        box.addWidget(self._about)
        box.addLayout(row, 1)

    def show_for(self, what: Any) -> None:
        if what != self.number:
            self.number, self._stage, self._looked_at = str(what), "", ""
            self.ask.turn_to(self.number)
            self.clocks.leave()
            self._side_area.verticalScrollBar().setValue(0)  # another case is read from its beginning
        self.refresh()

    def reload(self) -> None:
        from desktop.usecases.case_listing import case

        if not self.number:
            return
        self.view = case(self.services.desk, self.number)
        self._show_head(self.view)
        self.side.show_case(self.view)
        current = self.view.state.current
        held = self._stage and (self._stage == self._looked_at or self.stage_form.typed)
        if self._stage not in current and not held:
            self._stage = self._first_stage(self.view)
        self.line.show_stages(self.view.state.stages, self._stage)
        self._show_stage()
        if self.clocks.isVisibleTo(self):
            self.clocks.show_case(self.view)

    def leave(self) -> None:
        self.drafts.keep()
        self.is_kept = self.drafts.is_kept

    def toggle_clocks(self) -> None:
        """All clocks of the case in the place of the form, or the form again."""
        if self.clocks.isVisibleTo(self):
            self.clocks.leave()
            return
        self._form_area.hide()
        self._clock_area.show()
        self.clocks.show()
        self.clocks.show_case(self.seen())
        self.clocks.clocks.setFocus()

    def _show_form(self) -> None:
        counted = self.clocks.isVisibleTo(self)
        self._clock_area.setVisible(counted)
        self._form_area.setVisible(not counted)

    def make_room(self) -> None:
        """A question with a list in it takes the form's place until it is put away."""
        self._form_area.hide()

    @staticmethod
    def _first_stage(view: CaseView) -> str:
        """The open stage to work on: one that is done by hand before one that another deed completes."""
        by_hand = [stage.id for stage in view.current if stage.done_by == "done"]
        return (by_hand or list(view.state.current) or [view.process.last.id])[0]

    def _show_head(self, view: CaseView) -> None:
        row = view.row
        self._title.setText(f"{row.number}    {row.customer}")
        self._status.setText(row.status)
        mark(self._status, "badge", STATUS_TONES.get(row.status, "muted"))
        self._show_clock(view)
        pause = view.state.pause
        told = f"；暂停自 {pause.since.isoformat()}：{pause.reason}" if pause else ""
        told += f"；{view.state.ended_reason}" if view.state.ended_reason else ""
        told += self._promised(view)
        told += f"；合同 {view.state.voided} 随之作废" if view.state.voided else ""
        self._about.setText(f"{row.kind} · {view.capacity} · {row.address} · {row.accepted_on.isoformat()} "
                            f"{_taken(view)} · 负责 {row.owner}{tightest_text(view)}{told}{view.state.trouble}")
        self._show_deeds(view)

    def _promised(self, view: CaseView) -> str:
        """How the promises of papers stand while the case is open."""
        from desktop.usecases.promising import promised

        stands = promised(self.services.desk, view.materials) if not view.state.closed_on else None
        return f"；{stands.told}" if stands else ""

    def _show_clock(self, view: CaseView) -> None:
        """The tightest clock, read at the minute; one that stands still or has ended leads to the clocks too."""
        level = str(view.state.level)
        text = level_text(view.row if level == "—" else replace(view.row, level=level))
        self._clock.setText({"—": "时限", _HALTED: "‖ 时限"}.get(text, text))  # 暂停 is said beside it
        mark(self._clock, "badge", LEVELS.get(level, LEVELS["—"])[1])
        self._clock.setVisible(bool(view.state.clocks))

    def _show_deeds(self, view: CaseView) -> None:
        """Only deeds that can be done now are offered."""
        served = self.services.clerk is not None
        open_case, paused = not view.state.closed_on, halted(view)
        for button in (self.back_button, self.pause_button, self.end_button):
            button.setVisible(open_case)
            button.setEnabled(served)
        self.pause_button.setText("恢复" if paused else "暂停")
        register = "登记合同" if _registering(view) else ""
        self.contract_button.setVisible(bool(view.contract_number) or (open_case and self._may_draw(view)))
        self.contract_button.setText("打开合同" if view.contract_number else register or _paper_of(view) or "起草合同")
        self.contract_button.setEnabled(served or bool(view.contract_number))

    def _may_draw(self, view: CaseView) -> bool:
        """Whether its contract, or the paper for it, can be made now: after the scheme, or at a change of use."""
        if stage := _registering(view):
            return view.state.stage(stage).state in FORM_PHASES
        open_now = [view.process.stage(stage.id).done_by for stage in view.state.stages if stage.state in FORM_PHASES]
        answered = any(stage.state == "完成" and self._is_scheme(view, stage.id) for stage in view.state.stages)
        return answered or bool(_paper_of(view)) or "contract_signed" in open_now

    @staticmethod
    def _is_scheme(view: CaseView, stage_id: str) -> bool:
        return any(name.startswith("scheme_") for name in view.process.stage(stage_id).fields)

    def choose_stage(self, stage_id: str) -> None:
        self._stage = stage_id
        self._looked_at = stage_id if stage_id not in self.seen().state.current else ""  # it stays when reloaded
        self.line.show_chosen(stage_id)
        self.clocks.leave()
        self._show_stage()

    def _show_stage(self) -> None:
        assert self.view is not None
        typed = self.drafts.typed(self.number, self._stage)
        begins = self.scheme.begins_with(self.view, self._stage)
        self.stage_form.show_stage(self.view, self._stage, self.services.desk.today, typed, begins)
        self.scheme.show_case(self.view, self._stage)
        self.side.show_missing(self.stage_form.answers())
        self.done_button.setVisible(self.stage_form.can_be_done)
        self.done_button.setEnabled(self.services.clerk is not None)
        back = can_recall(self.view, self._stage)
        self.back_button.setText("召回" if back else "退回")
        self.back_button.setVisible(back or self.view.state.closed_on is None)
        self.done_button.setText(f"完成{self.view.process.stage(self._stage).name}")

    def _keep_typed(self) -> None:
        answers = self.stage_form.answers()
        self.drafts.take(self.number, self._stage, answers)
        self.side.show_missing(answers)
        self.scheme.weigh()

    def _follow(self, name: str) -> None:
        """To the field that a missing thing names, on the form of the stage that asks it."""
        assert self.view is not None
        if name.startswith("material"):
            self.go_materials(name.partition(":")[2])
            return
        for stage in self.view.current:
            if name in stage.fields:
                self.choose_stage(stage.id)
                self.stage_form.go_to(name)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on the page, or on the line of stages, goes into the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (self.hasFocus() or self.line.hasFocus()):
            self.stage_form.go_in()
        else:
            super().keyPressEvent(event)

    # deeds

    def done(self) -> None:
        """The stage is done with what the form says; what is missing is said beside its field."""
        if not (self.stage_form.can_be_done and self.services.clerk) or self.stage_form.faults():
            return
        stage = self._stage
        try:
            self.record(stage, "done", self.stage_form.answers(), self.stage_form.claimed_on())
        except Refusal as refusal:
            self.stage_form.show_refusal(refusal)
            self.services.messages.tell(refusal)

    def record(self, stage: str, deed: str, facts: dict[str, Any], on: date | None) -> None:
        from desktop.usecases.casework import DEEDS, record

        record(self.services.desk, self.number, stage, deed, facts, claimed_on=on, request_id=self._request_id)
        self._request_id = uuid4().hex
        if deed in FINISHING:  # after a pause or a step back it is gone on with
            self.drafts.drop(self.number, stage)
        self.stage_form.typed = False
        self._stage = self._looked_at = ""
        held = QApplication.focusWidget()
        if held is not None and self.stage_form.isAncestorOf(held):
            self.setFocus()  # the form goes; the keyboard must not go with it
        assert self.view is not None
        name = self.view.process.stage(stage).name
        self.services.messages.say("good", f"已保存：{name}{DEEDS[deed]}。")
        self.refresh()

    def _ask(self, title: str, deed: str, fields: list[Any], required: list[str], *,
             known: Mapping[str, str] = MappingProxyType({}), **more: Any) -> None:
        today = self.services.desk.today.isoformat()
        stage = self._stage if deed != "ended" else self._first_stage(self.seen())
        fields = [*fields, asked("claimed_on", "办理日期", "date")]

        def do(answers: dict[str, Any]) -> None:
            on = date.fromisoformat(answers.pop("claimed_on", today))
            self.record(stage, deed, answers, on)

        self.ask.ask(title, fields, do, ok=title, required=[*required, "claimed_on"],
                     answers={**known, "claimed_on": today}, **more)

    def seen(self) -> CaseView:
        assert self.view is not None
        return self.view

    def ask_back(self) -> None:
        """退回, or 召回 where the chosen stage is finished."""
        if self.services.clerk is not None:
            go_back(self, self._stage)

    def go_works(self) -> None:
        """To the case's fees, inspections, meters and hand-over."""
        if self.number:
            self.services.go.emit("works", self.number)

    def ask_pause_or_resume(self) -> None:
        view = self.seen()
        if halted(view) and view.state.pause is not None:
            self._stage = view.state.pause.stage or self._stage
            self._ask("恢复", "resumed", [], [], about=f"暂停自 {view.state.pause.since.isoformat()}，"
                      "恢复之日起接着计时。")
            return
        from desktop.usecases.promising import pause_answers

        self._ask("暂停", "paused", [asked("reason", "原因", "choice", view.process.pause_reasons),
                                   asked("until", "预计恢复日期", "date"), asked("evidence", "凭据", "text"),
                                   asked("allowed_by", "批准人工号", "text")],
                  ["reason"], known=pause_answers(self.services.desk, view),
                  about="只有客户或外部的原因可以暂停计时；到预计恢复日期自动恢复。"
                  "批准人不填就是您自己；您的岗位不能批准的，要填批准人的工号。")

    def ask_end(self) -> None:
        view = self.seen()
        self._ask("终止", "ended", [asked("reason", "原因", "choice", view.process.end_reasons),
                                  asked("explanation", "说明", "text")], ["reason"],
                  about="终止后这件工单不能再办理，也不能撤回。" + _contract_told(view) + self._paid_told())

    def _paid_told(self) -> str:
        """What a case that comes to nothing has paid, before it is ended."""
        from desktop.usecases.charging import fees

        paid = fees(self.services.desk, self.number).sum.paid
        return f"已缴业务费 {paid:,.2f} 元，终止后请在“业务费”里办理退费。" if paid else ""

    def go_materials(self, code: str = "") -> None:
        """To the case's papers: the one that is named, else the first that is missing."""
        if self.number:
            self.services.go.emit("materials", f"{self.number}#{code}" if code else self.number)

    def ask_numbers(self) -> None:
        """The numbers that 营销2.0 gave after acceptance; what is emptied is taken away."""
        from desktop.usecases.casework import set_outside_numbers

        if self.services.clerk is None:
            return
        known = dict(self.seen().outside)

        def do(answers: dict[str, Any]) -> None:
            set_outside_numbers(self.services.desk, self.number, {name: answers.get(name, "") for name in known})
            self.services.messages.say("good", "已保存：营销2.0 编号已登记。")
            self.refresh()

        self.ask.ask("登记营销2.0 编号", list(known), do, ok="保存", answers=known,
                     about="受理之后营销2.0 给的编号在这里补记；都可以用来查找这件工单。")

    def copy(self) -> None:
        """用作新件: the intake page begins with what lasts of this case."""
        if self.number:
            self.services.go.emit("intake", {"copy": self.number})

    def climb(self) -> None:
        """照录: the card that copies this case field by field into the other system."""
        from desktop.usecases.transcribing import ladder_of
        from ui.ladder_card import LadderCard

        if not self.number:
            return
        if self.ladder is not None:
            self.ladder.close()
        self.ladder = LadderCard(self.services, ladder_of(self.services.desk, self.number))
        self.ladder.destroyed.connect(self._forget_ladder)
        self.destroyed.connect(self.ladder.close)
        self.ladder.show()
        self.ladder.activateWindow()

    def _forget_ladder(self) -> None:
        self.ladder = None

    def go_contract(self) -> None:
        """To the case's contract; drawn up first if there is none."""
        view = self.seen()
        if view.contract_number:
            self.services.go.emit("contract", view.contract_number)
        elif stage := _registering(view):
            self.choose_stage(stage)
            self.stage_form.go_in()
        elif _paper_of(view):
            self.services.run(self._make_paper)
        else:
            self.services.run(self._draw_up)

    def ask_paper_contract(self) -> None:
        """A contract of which this program has no text is signed on the company's own paper, and registered."""
        from desktop.usecases.contracting import PAPER_FACTS, register_paper

        def do(answers: dict[str, Any]) -> None:
            kept = register_paper(self.services.desk, self.number, answers)
            self.services.messages.say("good", f"已保存：合同 {kept.row.key} 已登记。")
            self.refresh()

        self.ask.ask("登记已签的合同", list(PAPER_FACTS), do, ok="登记", required=[PAPER_FACTS[0]],
                     answers={PAPER_FACTS[0]: self.services.desk.today.isoformat()},
                     about="这种合同的文本没有入库：用单位现行文本与客户签好之后，在这里登记。"
                           "居民合同不写截止日即不定期；写了截止日的，填续展方式。")

    def _make_paper(self) -> None:
        """The paper that a change of use asks for, made, kept and shown."""
        from desktop.usecases.confirming import make_change_paper

        paper = make_change_paper(self.services.desk, self.number)
        self.services.messages.say("good", f"已保存：{paper.title} 已生成，打印后由客户签署，再登记“变更文书签署”。")
        self.services.go.emit("paper", paper)

    def _draw_up(self) -> None:
        from desktop.usecases.contracting import draw_up, has_text

        if not has_text(self.services.desk, self.number):
            self.ask_paper_contract()
            return
        drawn = draw_up(self.services.desk, self.number)
        self.services.messages.say("good", "已保存：合同已起草，内容取自申请、供电方案和营业厅资料。")
        self.services.go.emit("contract", drawn.row.key)


def _paper_of(view: CaseView) -> str:
    """What the change's contract asks for, as a button says it; empty where a contract is drawn up, or nothing is."""
    due = view.process.consequence(view.answers)
    if due is None or not due.document or due.act in (ContractAct.NEW, ContractAct.RENEW, ContractAct.TRANSFER):
        return ""
    return f"生成{'终止协议' if due.act is ContractAct.END else due.act}"


def _registering(view: CaseView) -> str:
    """The stage at whose form a contract on the company's own paper is registered; empty where it is drawn up here."""
    from desktop.usecases.contract_registering import registers

    return next((stage.id for stage in view.process.stages if registers(stage)), "")


def _taken(view: CaseView) -> str:
    """How the case came: at this counter, or from another system's export."""
    return "受理" if not view.log or not view.log[0].facts.get("source") else f"受理（{view.way}）"


def _contract_told(view: CaseView) -> str:
    """What becomes of the contract, before the case is ended."""
    if not view.contract_number:
        return ""
    return f"合同 {view.contract_number} 没有签署的随之作废；已有一方签署的，请先在合同页作废或终止。"
