"""Beside the form of survey and scheme: what the rules say while it is typed, who has agreed, versions, deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.actions import key_of, make_action
from ui.page import label
from ui.scheme_deeds import SchemeDeeds
from ui.services import Services
from ui.theme import MUTED, TONES

if TYPE_CHECKING:
    from desktop.usecases.answering import SchemeStory
    from desktop.usecases.case_listing import CaseView
    from ui.ask_card import AskCard
    from ui.stage_form import StageForm

SHAPES = {"通过": ("✓", "good"), "提示": ("!", "care"), "不符": ("✕", "wrong")}
COLUMNS = 2


class SchemeCard(QFrame):
    """Shown at the survey's and the scheme's stage, and where a scheme that ran out holds up what follows."""

    def __init__(self, services: Services, ask: AskCard, form: StageForm, refresh: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.services, self._form = services, form
        self.deeds = SchemeDeeds(services, ask, form, refresh)
        self.checks, self.approval, self.history = (_rich() for _ in range(3))
        self._title = label(role="group")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(6)
        self._buttons = QGridLayout()
        box.addWidget(self._title)
        box.addLayout(self._buttons)
        for widget in (self.approval, self.checks, self.history):
            box.addWidget(widget)
        self._made: dict[str, QPushButton] = {}
        for at, (name, text, do) in enumerate(self.deeds.table()):
            self._made[name] = self._button(name, text, do, at)
        self.view: CaseView | None = None
        self._stage = ""
        self.hide()

    def _button(self, name: str, text: str, do: Callable[[], object], at: int) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(lambda _checked=False: self.services.run(do))
        self._buttons.addWidget(button, at // COLUMNS, at % COLUMNS)
        return button

    def bind(self, page: QWidget) -> None:
        """The keys of the table of actions, for the page on which the card lies."""
        for name in ("scheme_propose", "scheme_submit", "scheme_agree", "scheme_disagree", "scheme_change"):
            make_action(name, page, self._made[name].click, self.services.settings)
            self._made[name].setToolTip(key_of(name, self.services.settings))

    def button(self, name: str) -> QPushButton:
        return self._made[name]

    def begins_with(self, view: CaseView, stage_id: str) -> dict[str, Any]:
        """What the form of this stage begins with: the checklist's questions, or the scheme as it was submitted."""
        return self.deeds.begins_with(view, stage_id)

    def show_case(self, view: CaseView, stage_id: str) -> None:
        """The card for the chosen stage of a case; hidden where it has nothing to say."""
        from desktop.usecases.answering import story_of
        from desktop.usecases.scheme_keeping import answered_of

        self.view, self._stage = view, stage_id
        voltage = str(answered_of(view.process, view.answers, view.log).get("voltage", ""))
        told = story_of(self.services.desk, view.process, view.log, voltage)
        place = self.deeds.show(view, stage_id, told)
        self.setVisible(bool(place))
        if not place:
            return
        self._title.setText({"survey": "勘查核对", "scheme": "校核、审批和版本"}.get(place, "供电方案已作废"))
        self._say(self.approval, _approval_html(told, self._unmanned(told)) if place == "scheme" else "")
        self._say(self.history, _history_html(told) if place != "survey" else "")
        for name, offered in self.deeds.offered().items():
            self._made[name].setVisible(offered)
            self._made[name].setEnabled(self.services.clerk is not None)
        if not self._made["scheme_agree"].isHidden():
            self._show_whether_asked()
        self._close_ranks()
        self.weigh()

    def _unmanned(self, told: SchemeStory | None) -> str:
        """The posts of the waiting round that have nobody."""
        from desktop.usecases.approving import unmanned

        assert self.view is not None
        last = told.rounds[-1] if told and told.rounds else None
        return unmanned(self.services.desk, self.view.process.release, last)

    def _show_whether_asked(self) -> None:
        """Who is not asked sees the buttons dull, and why."""
        why = self.deeds.cannot_answer()
        for name in ("scheme_agree", "scheme_disagree"):
            self._made[name].setEnabled(not why)
            self._made[name].setToolTip(why or key_of(name, self.services.settings))

    def _close_ranks(self) -> None:
        """The buttons that are offered stand side by side, without gaps."""
        shown = [button for button in self._made.values() if not button.isHidden()]
        for at, button in enumerate(shown):
            self._buttons.addWidget(button, at // COLUMNS, at % COLUMNS)

    def weigh(self) -> None:
        """Ask in the worker what the rules say of what is typed now; a closed stage shows what they said then."""
        if self.isHidden() or self.view is None:
            return
        if not self._form.can_be_done:
            self._say(self.checks, _verdicts_html(self.deeds.kept_verdicts()))
            return
        number, facts, desk = self.view.row.number, dict(self._form.answers()), self.services.desk
        if self.deeds.place == "survey":
            from desktop.usecases.weighing import survey_found

            self.services.jobs.ask(self, "scheme_weigh", lambda _step: survey_found(desk, number, facts),
                                   lambda found: self._say(self.checks, _survey_html(*found)))
            return
        from desktop.usecases.weighing import weigh

        self.services.jobs.ask(self, "scheme_weigh", lambda _step: weigh(desk, number, facts),
                               lambda found: self._say(self.checks, _verdicts_html([v.kept() for v in found])))

    @staticmethod
    def _say(where: QLabel, html: str) -> None:
        where.setText(html)
        where.setVisible(bool(html))


def _rich() -> QLabel:
    made = QLabel()
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.hide()
    return made


def _verdicts_html(found: Sequence[Mapping[str, str]]) -> str:
    """The gravest first, with reason and basis; what passed by name, so that it is seen to have been looked at."""
    order = list(SHAPES)[:0:-1]
    told = [_verdict_html(each) for result in order for each in found if each["result"] == result]
    passed = [f"{escape(each['name'])} <span style='color:{MUTED}'>{escape(each['why'])}</span>"
              for each in found if each["result"] == "通过"]
    good = TONES["good"][0]
    return "<br>".join([*told, *(f"<span style='color:{good}'>✓ 通过</span> {each}" for each in passed)])


def _verdict_html(verdict: Mapping[str, str]) -> str:
    shape, tone = SHAPES[verdict["result"]]
    basis = f"{verdict['basis']}，{verdict['mark']}"
    return (f"<span style='color:{TONES[tone][0]}'>{shape} {verdict['result']}</span> <b>{escape(verdict['name'])}</b> "
            f"{escape(verdict['why'])} <span style='color:{MUTED}'>（{escape(basis)}）</span>")


def _survey_html(differences: Sequence[Any], holes: Sequence[Any]) -> str:
    lines = [f"<span style='color:{TONES['care'][0]}'>! 设备</span> {escape(each.sentence)}" for each in differences]
    answered = "勘查清单没有空项" if not holes else f"还有 {len(holes)} 项没有填全"
    tone = "good" if not holes else "care"
    return "<br>".join([*lines, f"<span style='color:{TONES[tone][0]}'>{answered}</span>"])


def _approval_html(told: SchemeStory | None, unmanned: str) -> str:
    if told is None or not told.rounds:
        return ""
    last = told.rounds[-1]
    lines = [f"<b>审批（第 {last.number} 次提交）：{last.word}</b>"
             + (f" <span style='color:{MUTED}'>{escape(last.recalled)}</span>" if last.recalled else "")]
    for each in last.asked:
        who = f"{each.by}{'（代）' if each.stands_in else ''} {each.on.isoformat()} " if each.on else ""
        said = f"{who}{each.opinion}".strip()
        lines.append(f"{escape(each.post or '规则')}：{each.word}"
                     f" <span style='color:{MUTED}'>{escape(said)}　{escape(each.rule)}</span>")
    if unmanned:
        lines.append(f"<span style='color:{TONES['care'][0]}'>! {escape(unmanned)}</span>")
    return "<br>".join(lines)


def _history_html(told: SchemeStory | None) -> str:
    if told is None or not told.versions:
        return ""
    lines = [_version_html(version) for version in reversed(told.versions)]
    return "<br>".join([_term_html(told), *lines])


def _term_html(told: SchemeStory) -> str:
    if told.term is None:
        return "<b>方案没有写有效期</b>"
    if told.is_void:
        wrong = TONES["wrong"][0]
        return f"<b style='color:{wrong}'>✕ 方案有效期到 {told.term.until.isoformat()}，期内没有开工，已作废</b>"
    begun = f"，{told.term.started_on.isoformat()} 已开工" if told.term.started_on else ""
    longer = f"（原到 {told.term.first_until.isoformat()}，已延期）" if told.term.until != told.term.first_until else ""
    return f"<b>方案有效期到 {told.term.until.isoformat()}{longer}{begun}</b>"


def _version_html(version: Any) -> str:
    why = f"：{version.why}（{version.asked_by or '未写明由谁'}提出；费用：{version.cost or '未写'}；" \
          f"工期：{version.days or '未写'}）" if version.revision > 1 else ""
    changed = "".join(f"<br>　　{escape(c.label)}：{escape(c.before)} → {escape(c.after)}" for c in version.changes)
    said = version.opinion
    opinion = f"<br>　　客户{said.word}：{escape(f'{said.text} {said.signed_by}')} {said.signed_on}" if said else ""
    return (f"第 {version.revision} 版 {version.answered_on.isoformat()} 答复"
            f" <span style='color:{MUTED}'>{escape(version.clerk_name)}</span>{escape(why)}{changed}{opinion}")
