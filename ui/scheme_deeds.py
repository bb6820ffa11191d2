"""What a clerk does with survey and scheme on the case's page: each deed asks on the page's card and calls its verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ui.ask_card import AskCard, asked
from ui.services import Services
from ui.stage_form import StageForm

if TYPE_CHECKING:
    from desktop.usecases.answering import SchemeStory
    from desktop.usecases.case_listing import CaseView
    from desktop.usecases.papering import PaperView

Deed = tuple[str, str, Callable[[], object]]


class SchemeDeeds:
    """The deeds at the stage that `show` told of; `place` is survey, scheme, void or ''."""

    def __init__(self, services: Services, ask: AskCard, form: StageForm, refresh: Callable[[], object]) -> None:
        self.services, self.ask, self._form, self._refresh = services, ask, form, refresh
        self.place = ""
        self._view: CaseView | None = None
        self._told: SchemeStory | None = None

    def table(self) -> Sequence[Deed]:
        return (
            ("survey_appoint", "预约勘查", self.appoint), ("survey_sheet", "勘查工作单", self.survey_sheet),
            ("scheme_propose", "按负荷填建议值", self.propose), ("scheme_submit", "提交审批", self.submit),
            ("scheme_agree", "同意", self.agree), ("scheme_disagree", "不同意", self.disagree),
            ("scheme_recall", "撤回审批", self.recall), ("scheme_change", "变更方案", self.change),
            ("scheme_opinion", "客户意见", self.opinion), ("scheme_extend", "方案延期", self.extend),
            ("scheme_works", "登记开工", self.works), ("scheme_reply", "方案答复单", self.reply),
            ("scheme_review", "校核审批单", self.review),
        )

    def show(self, view: CaseView, stage_id: str, told: SchemeStory | None) -> str:
        """Where the chosen stage stands to survey and scheme."""
        from desktop.domain.survey import survey_stage

        self._view, self._told = view, told
        place = survey_stage(view.process)
        if place is not None and place.id == stage_id:
            self.place = "survey"
        elif told is not None and told.stage == stage_id:
            self.place = "scheme"
        else:
            self.place = "void" if told is not None and told.is_void and not view.state.closed_on else ""
        return self.place

    def begins_with(self, view: CaseView, stage_id: str) -> dict[str, Any]:
        from desktop.domain.approval import last_round
        from desktop.domain.scheme import scheme_stage
        from desktop.domain.survey import survey_stage
        from desktop.usecases.surveying import appointment, checklist_of

        survey, scheme = survey_stage(view.process), scheme_stage(view.process)
        if survey is not None and survey.id == stage_id:
            agreed = appointment(view.log)
            return {"survey_items": checklist_of(self.services.desk, view.row.number),
                    **({"survey_by": agreed["by"], "survey_on": agreed["on"]} if agreed else {})}
        if scheme is not None and scheme.id == stage_id:
            last = last_round(view.process, view.log, stage_id)
            return dict(last.scheme) if last else {}
        return {}

    def offered(self) -> dict[str, bool]:
        """Which deeds can be done now."""
        view, told, here = self._seen(), self._told, self.place
        open_case = view.state.closed_on is None
        last = told.rounds[-1] if told and told.rounds and not told.rounds[-1].over else None
        waits, drafting = bool(last and last.waits), here == "scheme" and self._form.can_be_done
        answered = bool(told and told.versions) and here in ("scheme", "void") and not self._form.can_be_done
        begun = bool(told and told.term and told.term.started_on)
        return {
            "survey_appoint": here == "survey" and self._form.can_be_done, "survey_sheet": here == "survey",
            "scheme_propose": drafting and not waits, "scheme_submit": drafting and not waits,
            "scheme_agree": waits, "scheme_disagree": waits,
            "scheme_recall": drafting and bool(last and (last.waits or last.joined)),
            "scheme_change": answered and open_case, "scheme_opinion": answered and open_case,
            "scheme_extend": answered and open_case and not begun and not (told and told.is_void),
            "scheme_works": answered and open_case and not begun,
            "scheme_reply": answered, "scheme_review": here == "scheme" and bool(told and told.rounds),
        }

    def cannot_answer(self) -> str:
        """Why the clerk at this window cannot answer the submission; '' if he can."""
        from desktop.usecases.approving import may_answer

        told = self._told
        lacks = may_answer(self.services.desk, self._seen().process, told.rounds[-1] if told and told.rounds else None)
        return "；".join(lack.sentence for lack in lacks)

    def kept_verdicts(self) -> Sequence[Mapping[str, str]]:
        """What the rules said of the scheme when it was submitted last."""
        told = self._told
        return told.rounds[-1].verdicts if self.place == "scheme" and told and told.rounds else ()

    def _seen(self) -> CaseView:
        assert self._view is not None
        return self._view

    @property
    def _number(self) -> str:
        return self._seen().row.number

    def _say(self, sentence: str) -> None:
        self.services.messages.say("good", f"已保存：{sentence}")
        self._refresh()

    @property
    def _today(self) -> str:
        return self.services.desk.today.isoformat()

    # survey

    def appoint(self) -> None:
        from desktop.usecases.surveying import appoint_survey

        def do(said: dict[str, Any]) -> None:
            appoint_survey(self.services.desk, self._number, date.fromisoformat(said["on"]), said["by"],
                           note=said.get("note", ""))
            self._say("勘查已预约。")

        self.ask.ask("预约勘查", [asked("on", "勘查日期", "date"), asked("by", "勘查人", "name"),
                              asked("note", "与客户约定的事项")], do, ok="预约", required=["on", "by"],
                     answers={"on": self._today})

    def survey_sheet(self) -> None:
        from desktop.usecases.scheme_papers import make_survey_sheet

        self._paper(make_survey_sheet)

    def _paper(self, make: Callable[[Any, str], PaperView]) -> None:
        """A paper is set in the worker and then looked at."""
        desk, number = self.services.desk, self._number
        self.services.jobs.run(lambda _step: make(desk, number),
                               lambda paper: self.services.go.emit("paper", paper), title="正在生成文书")

    # scheme

    def propose(self) -> None:
        """Fill what follows from the load, over what stands there; the reasons are told."""
        from desktop.usecases.weighing import propose

        found = propose(self.services.desk, self._number, self._form.answers())
        form = self._form.form
        fitting = [each for each in found if form is not None and form.has(each.field)]
        if form is None or not fitting:
            self.services.messages.say("care", "没有设备清单也没有申请容量，提不出建议值。")
            return
        form.fill({each.field: each.value for each in fitting})
        why = dict.fromkeys(each.why for each in fitting)
        said = "；".join(list(why)[:3])
        self.services.messages.say("info", f"已按负荷填入 {len(fitting)} 项建议值，请核对：{said}。")

    def submit(self) -> None:
        from desktop.errors import Refusal
        from desktop.usecases.approving import submit_scheme

        if self._form.faults():
            return
        try:
            last = submit_scheme(self.services.desk, self._number, self._form.answers(), on=self._form.claimed_on())
        except Refusal as refusal:
            self._form.show_refusal(refusal)
            raise
        waits = "、".join(each.post for each in last.asked if each.word == "待审")
        self._say(f"方案已提交，等{waits}会签。" if waits else f"方案按规则自动通过：{last.asked[0].rule}。")

    def agree(self) -> None:
        from desktop.usecases.approving import agree

        self._answer("同意方案", "同意", agree, [])

    def disagree(self) -> None:
        from desktop.usecases.approving import disagree

        self._answer("不同意，退回修改", "退回", disagree, ["opinion"])

    def _answer(self, title: str, ok: str, verb: Callable[..., Any], required: list[str]) -> None:
        def do(said: dict[str, Any]) -> None:
            last = verb(self.services.desk, self._number, said.get("opinion", ""), on=date.fromisoformat(said["on"]))
            self._say(f"{ok}。现在{last.word}。")

        self.ask.ask(title, [asked("opinion", "意见", max_length=300), asked("on", "审批日期", "date")], do, ok=ok,
                     required=[*required, "on"], answers={"on": self._today}, columns=1)

    def recall(self) -> None:
        from desktop.usecases.approving import recall_scheme

        def do(said: dict[str, Any]) -> None:
            recall_scheme(self.services.desk, self._number, said["reason"])
            self._say("审批已撤回，可以修改后重新提交。")

        self.ask.ask("撤回审批", [asked("reason", "原因")], do, ok="撤回", required=["reason"], columns=1)

    def change(self) -> None:
        from desktop.domain.scheme import ASKERS
        from desktop.usecases.answering import change_scheme

        fields = [asked("reason", "变更原因", max_length=300), asked("asked_by", "由谁提出", "choice", ASKERS),
                  asked("cost", "对费用的影响"), asked("days", "对工期的影响"), asked("on", "办理日期", "date")]

        def do(said: dict[str, Any]) -> None:
            change_scheme(self.services.desk, self._number, reason=said["reason"], asked_by=said["asked_by"],
                          cost=said["cost"], days=said["days"], claimed_on=date.fromisoformat(said["on"]))
            self._form.typed = False
            self._say("方案可以修改后重新答复；原来的版本保留。")

        warning = self._told.warning if self._told else ""
        self.ask.ask("变更方案", fields, do, ok="变更", required=["reason", "asked_by", "cost", "days", "on"],
                     answers={"on": self._today}, columns=2,
                     about=f"{warning}{'。' if warning else ''}没有影响的写“无”。方案之后已办的环节要重做。")

    def opinion(self) -> None:
        from desktop.domain.scheme import OPINIONS
        from desktop.usecases.answering import note_opinion

        def do(said: dict[str, Any]) -> None:
            note_opinion(self.services.desk, self._number, said["opinion"], text=said.get("text", ""),
                         signed_by=said["signed_by"], signed_on=date.fromisoformat(said["on"]))
            self._say("客户意见已登记。")

        fields = [asked("opinion", "意见", "choice", OPINIONS), asked("signed_by", "签收人", "name"),
                  asked("on", "签收日期", "date"), asked("text", "异议内容", max_length=300)]
        self.ask.ask("客户对方案的意见", fields, do, ok="登记",
                     required=["opinion", "signed_by", "on"], answers={"on": self._today})

    def extend(self) -> None:
        from desktop.usecases.answering import extend_scheme

        told = self._told
        rule = told.validity if told else None

        def do(said: dict[str, Any]) -> None:
            now = extend_scheme(self.services.desk, self._number, date.fromisoformat(said["until"]),
                                reason=said["reason"], asked_on=date.fromisoformat(said["asked_on"]))
            self._say(f"方案有效期延到 {now.until.isoformat()}。")
            self.extension()

        about = (f"须在到期 {rule.extend_before} 日前申请，延长不超过 {rule.months} 个月（{rule.basis.text}）"
                 if rule else "")
        self.ask.ask("方案延期", [asked("until", "延到", "date"), asked("asked_on", "申请日期", "date"),
                              asked("reason", "原因")], do, ok="延期", required=["until", "asked_on", "reason"],
                     answers={"asked_on": self._today, "until": self._longest()}, about=about)

    def _longest(self) -> str:
        from desktop.domain.scheme import later

        told = self._told
        if told is None or told.term is None or told.validity is None:
            return ""
        return later(told.term.first_until, told.validity.months).isoformat()

    def works(self) -> None:
        from desktop.usecases.answering import note_works

        def do(said: dict[str, Any]) -> None:
            note_works(self.services.desk, self._number, date.fromisoformat(said["on"]))
            self._say("开工日期已登记，方案持续有效。")

        self.ask.ask("登记开工", [asked("on", "开工日期", "date")], do, ok="登记", required=["on"],
                     answers={"on": self._today})

    def reply(self) -> None:
        from desktop.usecases.scheme_papers import make_reply

        self._paper(make_reply)

    def extension(self) -> None:
        from desktop.usecases.scheme_papers import make_extension

        self._paper(make_extension)

    def review(self) -> None:
        from desktop.usecases.scheme_papers import make_review

        self._paper(make_review)
