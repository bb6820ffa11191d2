"""受理: one page, no wizard. The form on the left, what follows from it on the right; drafts outlive a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.process import Subject
from desktop.errors import Refusal
from ui.accepted_card import AcceptedCard
from ui.account_card import AccountCard
from ui.actions import make_action
from ui.ask_card import AskCard, asked
from ui.draft_menu import offer_drafts
from ui.field_editors import DateEdit
from ui.field_form import FieldForm, grouped
from ui.intake_assistant import IntakeAssistant
from ui.intake_camera import intake_camera
from ui.intake_draft import DRAFT_KIND, IntakeDraft
from ui.intake_summary import IntakeSummary
from ui.kind_chooser import KindChooser
from ui.material_lines import choose_files, keep_files
from ui.messages import Step
from ui.page import Page, card, clear_box, head_row, label, page_box, scrolled, stacked
from ui.services import Services

if TYPE_CHECKING:
    from datetime import date

    from desktop.domain.kind import Value
    from desktop.domain.process import Process
    from desktop.usecases.drafting import DraftView
    from desktop.usecases.intake import Accepted, Application, Assessment
    from desktop.usecases.standing import AccountView

ASSESS_MS = 200
ASIDE_TOLD = 4  # of the answers that another kind does not ask, told by name
SUMMARY_WIDTH = 372


class IntakePage(Page):
    """The form is made once the catalogue is read; each application has its own draft and request."""

    place: ClassVar[str] = "intake"
    watches: ClassVar[frozenset[str]] = frozenset({"drafts", "releases"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.form: FieldForm | None = None
        self._process: Process | None = None
        self.summary = IntakeSummary()
        self.account = AccountCard(services)
        self.applied_on = DateEdit(asked("applied_on", "申请日期", "date"))
        self.kind = KindChooser()
        self.kept = label("", "muted")
        self.ask = AskCard()
        self.assistant = IntakeAssistant(services, self.ask, self)
        self._card_place = QVBoxLayout()
        self._offered = False
        self.draft = IntakeDraft(services, self._content, self)
        self.draft.changed.connect(self._tell_of_draft)
        self._assess_timer = QTimer(self, singleShot=True, interval=ASSESS_MS)
        self._assess_timer.timeout.connect(self.assess)
        self._lay_out()
        self._connect()
        self._begin()

    def _lay_out(self) -> None:
        self.drafts_button: QPushButton = self.deed("intake_drafts", lambda: offer_drafts(
            self.services.desk, DRAFT_KIND, self.drafts_button, self.take_draft))
        self.decline_button = self.deed("intake_decline", self.ask_decline)
        self.accept_button = self.deed("intake_accept", self.accept, "main")
        self.clear_button = self.deed("intake_clear", self.ask_clear)
        self.applied_on.setFixedWidth(170)
        place = QVBoxLayout()
        body = QWidget()
        body.setLayout(place)
        place.setContentsMargins(0, 0, 8, 0)
        place.addWidget(self.account)
        place.addLayout(self._card_place)
        self.camera = intake_camera(self, self.summary.materials)
        right = stacked(self.camera, scrolled(self.summary))
        right.setFixedWidth(SUMMARY_WIDTH)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(scrolled(body), 1)
        row.addWidget(right)
        self.accepted = AcceptedCard(self.services)
        self.stack = QStackedWidget()
        self.stack.addWidget(work)
        self.stack.addWidget(self.accepted)
        box = page_box(self)
        box.addLayout(head_row(label("受理"), self.drafts_button, self._tools()))
        box.addWidget(self.ask)
        box.addWidget(self.stack, 1)

    def _tools(self) -> QWidget:
        """What belongs to the form; hidden while an accepted case is shown."""
        self.tools = QWidget()
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.kept, self.kind, label("申请日期", "muted"), self.applied_on, self.clear_button,
                       self.decline_button, self.accept_button):
            row.addWidget(widget)
        self.stack.currentChanged.connect(lambda place: self.tools.setVisible(place == 0))
        return self.tools

    def _connect(self) -> None:
        self.summary.changed.connect(self._on_edited)
        self.summary.wanted.connect(self._follow)
        self.summary.materials.dropped.connect(partial(keep_files, self.services, self.summary.materials))
        self.applied_on.edited.connect(self._on_edited)
        self.applied_on.editingFinished.connect(self._offer_kinds)
        self.kind.chosen.connect(lambda _kind: self._change_kind())
        self.kind.left.connect(self._go_to_form)
        self.accepted.again.connect(self.clear)
        self.account.found.connect(self._use_view)
        self.assistant.filled.connect(self._on_edited)
        self.account.wanted.connect(lambda target: self.services.go.emit(*target.split(":", 1)))
        for name, do in (("intake_kind", self.kind.setFocus), ("intake_card", self.read_card),
                         ("intake_papers", self.receive_papers),
                         ("intake_over", self.take_over_papers), ("intake_known", self.use_first_known),
                         ("intake_agent", self.assistant.take_agent),
                         ("intake_file", partial(choose_files, self.services, self.summary.materials)),
                         ("intake_print", self.accepted.print_papers), ("intake_again", self.begin_again)):
            make_action(name, self, do, self.settings)

    def _begin(self) -> None:
        """A new application: its own draft and request."""
        self.draft.begin()
        self._aside: dict[str, Value] = {}  # typed for another kind; kept until acceptance
        self.account.clear()
        self.assistant.begin()

    def _tell_of_draft(self) -> None:
        self.is_kept = self.draft.is_kept
        self.kept.setText(self.draft.said)

    def reload(self) -> None:
        desk = self.services.desk
        self._offer_kinds()
        for button in (self.accept_button, self.decline_button):
            button.setEnabled(self.services.clerk is not None)

        def read(_step: object) -> tuple[DraftView, ...]:
            from desktop.usecases.drafting import drafts

            return drafts(desk, DRAFT_KIND)

        self.services.jobs.ask(self, "drafts", read, self._show_drafts)

    def _offer_kinds(self) -> None:
        """The kinds and rows of the application's own day: who came on the last day of a kind is still served."""
        kinds, chosen = self.services.desk.catalog.processes, self.kind.value()
        others = self.kind.offer_on(self.services.desk.catalog, self._day())
        if chosen and chosen != self.kind.value():
            self.services.messages.say("info", "原来选的业务现在不再受理，请另选业务；填过的都替您留着。")
        if others or kinds[chosen].on(self._day()) is not self._process:
            self._make_form()

    def _day(self) -> date:
        return self.applied_on.day() or self.services.desk.today

    def _show_drafts(self, found: tuple[DraftView, ...]) -> None:
        others = [draft for draft in found if draft.id != self.draft.id]
        self.drafts_button.setVisible(bool(others))
        self.drafts_button.setText(f"草稿 {len(others)}")
        if others and not self._offered:
            self._offered = True
            self.services.messages.say("info", f"有 {len(others)} 份没有填完的受理表。",
                                       Step("接着填最近的一份", lambda: self.take_draft(others[0])))

    def _make_form(self) -> None:
        """The form of the chosen kind, from the catalogue's fields."""
        process = self.services.desk.catalog.processes[self.kind.value()].on(self._day())
        said = {**self._aside, **self._said()}
        clear_box(self._card_place)
        self.form = FieldForm(grouped(process.fields), process.required_fields)
        self._process = process
        self.summary.begin()
        self.form.set_answers({**process.presets, **said})
        self._aside = {name: value for name, value in said.items() if not self.form.has(name)}
        self.form.changed.connect(lambda _name: self._on_edited())
        self.form.submitted.connect(self.accept)
        self.assistant.serve(self.form, process.presets)
        self.account.setVisible(process.subject == Subject.ACCOUNT)
        self.form.settled.connect(self._on_settled)
        self._card_place.addWidget(card(self.form))
        if not self.applied_on.value():
            self.applied_on.set_value(self.services.desk.today.isoformat())
        self.assess()
        self.first = self.form.editor(process.fields[0])

    def _said(self) -> dict[str, Value]:
        """What was typed, without what the former kind had put there itself."""
        if self.form is None or self._process is None:
            return {}
        usual = self._process.presets
        return {name: value for name, value in self.form.answers().items() if usual.get(name) != value}

    def _change_kind(self) -> None:
        if self._process is not None and self._process.id == self.kind.value():
            return
        self._make_form()
        if self._said() or self._aside:
            self._on_edited()
        if self._aside:
            from desktop.usecases.drafting import labels

            aside = labels(self._aside, ASIDE_TOLD)
            self.services.messages.say("info", f"这种业务不问的（{aside}）先替您留着，换回来还在。")
        self.kind.setFocus()

    def _go_to_form(self) -> None:
        if self.account.isVisible():
            self.account.finder.setFocus()
        elif self.form is not None:
            self.form.go_to(self.form.names[0])

    # what stands in the form

    def application(self) -> Application:
        from desktop.usecases.intake import Application

        assert self.form is not None
        marks = self.summary.materials.findings()
        return Application(self.kind.value(), self.assistant.answers(), marks, self.summary.chosen_way,
                           self.applied_on.day(), self.assistant.customer_id, self.assistant.card)

    def assess(self) -> None:
        """Show what follows from the form as it stands; the worker finds it, the latest form counts."""
        from desktop.usecases.intake import assess

        if self.form is None or not self.services.is_open:
            return
        desk, application = self.services.desk, self.application()
        self.services.jobs.ask(self, "assessment", lambda _step: assess(desk, application),
                               partial(self._show_assessment, application.way))

    def _assess_now(self) -> None:
        """What follows from the form, if that is still to come: a hand may be quicker than the worker."""
        from desktop.usecases.intake import assess

        if self._assess_timer.isActive() or self.services.jobs.is_asked("assessment"):
            self._assess_timer.stop()
            self.services.jobs.forget("assessment")
            application = self.application()
            self._show_assessment(application.way, assess(self.services.desk, application))

    def _show_assessment(self, way: str, found: Assessment) -> None:
        self.summary.show_assessment(found, self.form.under_hand() if self.form else "")
        if self.summary.chosen_way != way:  # another way of acceptance asks for other papers
            self.assess()

    def _on_edited(self) -> None:
        self._assess_timer.start()
        self.draft.touch()

    def _follow(self, target: str) -> None:
        kind, _colon, name = target.partition(":")
        if kind == "field" and self.form is not None and self.form.has(name):
            self.form.go_to(name)
        elif kind == "material":
            self.summary.materials.go_to(name)
        elif kind == "case":
            self.services.go.emit("case", name)
        elif kind == "customer":
            self.services.run(lambda: self.assistant.take_customer(int(name)))
        elif kind == "account":
            new_supply = self._process is not None and self._process.subject == Subject.NEW
            self.services.run(lambda: self.assistant.take_premises(int(name), new_supply=new_supply))

    def _use_view(self, view: AccountView) -> None:
        assert self.form is not None and self._process is not None
        self.assistant.take_account(self._process, view)
        if self.account.finder.hasFocus():
            self.form.go_in()

    def use_first_known(self) -> None:
        """Ctrl+I: the first known customer or premises of the right side fills the form."""
        if not self.stack.currentIndex() and self.summary.first_known:
            self._follow(self.summary.first_known)

    def _on_settled(self, name: str) -> None:
        self._assess_timer.start()
        if name == "yx_account" and self.account.isVisible() and self.form is not None:
            self.account.know(str(self.form.answers().get(name, "")))

    def read_card(self) -> None:
        if self.form is not None and not self.stack.currentIndex():
            self.assistant.read_card()

    def receive_papers(self) -> None:
        """F4: every paper that is asked for lies on the counter: those, too, that the last letters have asked for."""
        if not self.stack.currentIndex():
            self._assess_now()
            self.summary.materials.receive_all()

    def take_over_papers(self) -> None:
        """Ctrl+U: what the customer gave in earlier cases and is valid serves again."""
        if not self.stack.currentIndex():
            self._assess_now()
            self.summary.materials.take_over_all()

    def begin_again(self) -> None:
        if self.stack.currentIndex():
            self.clear()

    def show_for(self, what: object) -> None:
        """Begin with what another page knows: a case to be copied, or an account and what is to change of it."""
        if isinstance(what, Mapping) and what.get("copy"):
            self.begin_copy(str(what["copy"]))
        elif isinstance(what, Mapping) and what.get("account"):
            self.begin_change(str(what["kind"]), str(what["account"]))

    def begin_change(self, kind: str, number: str) -> None:
        """A new application of that kind about that account; what stands in the form is kept as its draft."""
        if self.form is None:
            self.reload()
        self.keep_draft()
        self._begin()
        self.kind.set_value(kind)
        self._make_form()
        self.stack.setCurrentIndex(0)
        self.account.take(number)

    def begin_copy(self, case_number: str) -> None:
        """用作新件: a new application with what lasts of a case; what stands in the form is kept as its draft."""
        from desktop.usecases.copying import copy_of

        copied = copy_of(self.services.desk, case_number)
        if self.form is None:
            self.reload()
        self.keep_draft()
        self._begin()
        self._begin_as(copied.kind, self.services.desk.today.isoformat(), dict(copied.answers))
        self.summary.set_marks({})
        self.assistant.go_on_with(copied.customer_id)
        self.stack.setCurrentIndex(0)
        self._on_edited()
        self.services.messages.say("info", f"照工单 {case_number} 起了一份新件：资料、日期和编号没有带过来，"
                                           "请核对后受理。")

    def _begin_as(self, kind: str, day: str, answers: dict[str, Value]) -> None:
        """The form of this kind for an application of that day (ISO; empty: today), with these answers."""
        self.applied_on.set_value(day)
        self._offer_kinds()
        self.kind.set_value(kind)
        self._make_form()
        assert self.form is not None
        self.form.set_answers(answers)

    # drafts

    def keep_draft(self) -> None:
        """Keep the form as it stands."""
        self.draft.keep()

    def _content(self) -> dict[str, Any] | None:
        """What the draft keeps."""
        if self.form is None:
            return None
        day = self.applied_on.day()
        return {"kind": self.kind.value(), "kind_name": self._process.name if self._process else "",
                "release": self.kind.release, "aside": self._aside,
                "answers": self.assistant.answers(), "card": self.assistant.card,
                "way": self.summary.chosen_way,
                "materials": self.summary.materials.marks(), **self.summary.materials.beside(),
                "customer_id": self.assistant.customer_id,
                "applied_on": day.isoformat() if day else "", "request_id": self.draft.request}

    def take_draft(self, draft: DraftView) -> None:
        """Go on with an unfinished form; what stands in this one is kept as its own draft. What no longer fits the
        rules of today is said, and stays."""
        from desktop.usecases.drafting import fit

        self.keep_draft()
        content = draft.content
        self._begin()
        self.draft.go_on(draft)
        fits = fit(self.services.desk, content)
        self._begin_as(fits.kind, content.get("applied_on", ""), content.get("answers", {}))
        self._aside = fits.aside
        self.assistant.begin(content.get("card"), content.get("customer_id"))
        self.summary.set_marks(content.get("materials", {}), content.get("way", ""))
        self.summary.materials.set_beside(content)
        self.assess()
        self.stack.setCurrentIndex(0)
        self.refresh()
        if fits.told:
            self.services.messages.say("care", fits.told)

    def leave(self) -> None:
        self.keep_draft()

    def ask_clear(self) -> None:
        self.ask.ask("清空这份受理表？", [], lambda _answers: self._clear_typed(), ok="清空",
                     about="已填的内容和它的草稿都会丢掉，不能找回。")

    def _clear_typed(self) -> None:
        self.draft.drop()
        self.clear()

    def clear(self) -> None:
        """An empty form for the next customer."""
        assert self.form is not None
        self._begin()
        self.form.set_answers(dict(self._process.presets) if self._process else {})
        self.summary.begin()
        self.summary.set_marks({})
        self.applied_on.set_value(self.services.desk.today.isoformat())
        self._offer_kinds()
        self.stack.setCurrentIndex(0)
        self.assess()
        self.form.go_to(self.form.names[0])

    # the act

    def accept(self) -> None:
        """Ctrl+Enter. What is missing is said beside its field; nothing is lost."""
        from desktop.usecases.intake import accept

        if not self.accept_button.isEnabled() or self.form is None or self.stack.currentIndex():
            return
        self.keep_draft()
        desk, application, request = self.services.desk, self.application(), self.draft.request
        self._work(lambda _step: accept(desk, application, request_id=request), declined=False)

    def ask_decline(self) -> None:
        reason = asked("reason", "原因", "note", hint="印在一次性告知书上", max_length=300)
        self.ask.ask("不予受理", [reason], lambda answers: self._decline(str(answers["reason"])), required=["reason"],
                     ok="不予受理并出告知书",
                     about="会记为一件已终止的工单，并当场生成一次性告知书，写明缺什么、向谁补。")

    def _decline(self, reason: str) -> None:
        from desktop.usecases.intake import decline

        desk, application, request = self.services.desk, self.application(), self.draft.request

        def refused(error: Exception) -> None:
            self.ask.remember("不予受理", {"reason": reason})
            self._on_failed(error)

        self._work(lambda _step: decline(desk, application, reason, request_id=request), declined=True, failed=refused)

    def _work(self, verb: Any, *, declined: bool, failed: Callable[[Exception], None] | None = None) -> None:
        self.accept_button.setEnabled(False)
        self.services.jobs.run(verb, lambda accepted: self._on_accepted(accepted, declined),
                               failed=failed or self._on_failed)

    def _on_accepted(self, accepted: Accepted, declined: bool) -> None:
        self.accept_button.setEnabled(True)
        self.services.run(self.draft.drop)
        self.services.messages.hush()
        self.accepted.show_accepted(accepted, declined=declined)
        self.stack.setCurrentIndex(1)
        word = "不予受理已登记" if declined else "已保存"
        said = f"{word}：工单 {accepted.case_number}。"
        if accepted.paper_trouble:
            self.services.messages.say("wrong", f"{said}文书没有做成：{accepted.paper_trouble}")
        else:
            self.services.messages.say("good", said)

    def _on_failed(self, error: Exception) -> None:
        self.accept_button.setEnabled(True)
        self.services.jobs.tell(error)
        if isinstance(error, Refusal) and self.form is not None:
            faults = {m.field: m.sentence for m in error.missing if self.form.has(m.field)}
            faults |= {error.field: error.sentence} if self.form.has(error.field) else {}
            self.form.show_faults(faults)  # type: ignore[arg-type]
            self.form.go_to_first(faults)  # type: ignore[arg-type]

