"""What saves keys on the intake page: addresses begun as the hall's usually begin, what an ID tells by itself, what is
known of a customer or of premises, and the identity card with its mark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.domain.card import AGENT, CUSTOMER, FIELDS_OF, LEGAL_PERSON, MARK, vouched
from desktop.errors import Trouble
from ui.ask_card import AskCard, asked
from ui.field_form import FieldForm
from ui.messages import Step
from ui.services import Services

if TYPE_CHECKING:
    from desktop.domain.kind import Value
    from desktop.domain.process import Process
    from desktop.usecases.recognising import AgentBefore
    from desktop.usecases.standing import AccountView

ADDRESSES = ("customer_address", "usage_address")
AGENTS = "代理人"
PERSON = ("customer_name", "customer_id")  # who he is
PASTED = "没有读卡器时，把读卡软件里的文字粘贴在这里；也可以关掉这张卡片，照证件手工填写。手工填的不标“读卡”。"


class IntakeAssistant(QObject):
    """Serves one form at a time. `filled`: it has put something in, as if typed."""

    filled = Signal()

    def __init__(self, services: Services, ask: AskCard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ask = ask
        self.form: FieldForm | None = None
        self.card: dict[str, str] = {}
        self.customer_id: int | None = None  # the known customer whose application it is
        self._prefix = ""
        self._put: dict[str, Value] = {}  # what stands in the form without having been typed, as it was put there
        self._lent: dict[str, Value] = {}  # of that what came from a known customer's or account's record
        self._is_for_him = True  # whoever stands in the form is to be the one the record is of

    def serve(self, form: FieldForm, presets: Mapping[str, Value] | None = None) -> None:
        """From now on help with this form, in which the kind's presets stand already."""
        self.form = form
        self._put |= presets or {}
        form.entered.connect(self._on_entered)
        form.settled.connect(self._on_settled)
        form.changed.connect(lambda _name: self.show_marks())
        self._learn_prefix()
        self.show_marks()

    def begin(self, card: Mapping[str, str] | None = None, customer_id: int | None = None) -> None:
        """Another application: what was read before is of no use, but what its own draft kept is."""
        self.card, self._put = dict(card or {}), {}
        self.go_on_with(customer_id)
        self.show_marks()
        self._learn_prefix()

    def go_on_with(self, customer_id: int | None) -> None:
        """What stands in the form is that known customer's, as a copy or a draft brought it."""
        from desktop.usecases.registering import known_answers

        self.customer_id, self._is_for_him = customer_id, True
        self._lent = dict(known_answers(self._services.desk, customer_id)) if customer_id is not None else {}

    def _learn_prefix(self) -> None:
        if not self._services.is_open:
            return
        desk = self._services.desk

        def read(_step: object) -> str:
            from desktop.usecases.recognising import hall_prefix

            return hall_prefix(desk)

        self._services.jobs.ask(self, "prefix", read, self._take_prefix)

    def _take_prefix(self, prefix: str) -> None:
        self._prefix = prefix

    def answers(self) -> dict[str, Value]:
        """What the form says, without the mere beginning of an address."""
        assert self.form is not None
        return {name: value for name, value in self.form.answers().items()
                if name not in ADDRESSES or value != self._prefix}

    # what the hall knows

    def take_customer(self, customer_id: int) -> None:
        """Take over what is known of a customer; what is already typed stays."""
        from desktop.usecases.registering import known_answers

        known = known_answers(self._services.desk, customer_id)
        if self.customer_id != customer_id:
            self._give_back(known)
        self.customer_id, self._is_for_him = customer_id, True
        self._take_known(known, "此客户")

    def take_premises(self, account_id: int, *, new_supply: bool) -> None:
        """Take over what is known of an account's premises and customer; a new supply gets a number of its own."""
        from desktop.usecases.recognising import premises_answers

        known = premises_answers(self._services.desk, account_id)
        if new_supply:
            known.pop("yx_account", None)
        if self._is_anothers(known):  # these premises are somebody else's than the customer chosen before
            self._give_back(known)
            self.customer_id = None
        self._is_for_him = new_supply
        self._take_known(known, "这一户")
        self._part()

    def take_account(self, process: Process, view: AccountView) -> None:
        """The account of a change is known: the form begins with what the change leaves as it is."""
        from desktop.usecases.changing import first_answers

        known = first_answers(process, view)
        self._give_back(known)
        self._is_for_him = False
        self._take_known(known, "这一户")

    def _give_back(self, known: Collection[str], among: Collection[str] = ()) -> list[str]:
        """Take out what another record had lent, where no hand has changed it and `known` has nothing of its own; only
        what is `among` these fields, if any are named. What was taken out."""
        if self.form is None:
            return []
        said = self.form.answers()
        gone = [name for name, value in self._lent.items() if self.form.has(name) and said.get(name) == value
                and name not in known and (not among or name in among)]
        self._lent = {}
        self.form.empty(gone)
        return gone

    def _part(self) -> None:
        """Where neither name nor number is the known customer's any more it is another's application: his phone, his
        bank and the like do not stay in it, and his record is not touched."""
        from desktop.usecases.registering import CUSTOMER_FACTS

        if self.form is None or not self._is_anothers(self.form.answers()):
            return
        whose = self._lent["customer_name"]
        gone = self._give_back(self.card, ("customer_phone", "customer_address", *CUSTOMER_FACTS))
        self.customer_id = None
        taken = f"从他的档案带来的{_labels(gone)}已清空，请照实填写。" if gone else ""
        self._services.messages.say(
            "care", f"户名和证件号码都不是{whose}的了，按另一位客户受理。{taken}")

    def _is_anothers(self, said: Mapping[str, Value]) -> bool:
        """Whether these answers are another customer's than the one whose record lent what stands in the form."""
        from desktop.domain.likeness import is_another

        if not self._is_for_him or "customer_name" not in self._lent:
            return False
        return is_another(*(str(each.get(name, "")) for each in (said, self._lent) for name in PERSON))

    def _take_known(self, known: Mapping[str, Value], whose: str) -> None:
        """Put in what is known, beside what was typed: that stays, and where it differs it is said. What was put in
        before and not touched since gives way, as when another customer is chosen."""
        assert self.form is not None
        said = self.answers()
        typed = {name for name, value in said.items() if self._put.get(name) != value}
        if _is_asked_for(str(said.get("customer_name", "")), str(known.get("customer_name", ""))):
            typed.discard("customer_name")
        fresh = {name: value for name, value in known.items()
                 if value and self.form.has(name) and name not in typed and said.get(name) != value}
        kept = [name for name in known if name in typed and known[name] and known[name] != said[name]]
        self._put |= fresh
        if whose != AGENTS:
            self._lent |= {name: value for name, value in known.items() if name in fresh or name in PERSON}
        self.form.fill(fresh)
        self.show_marks()
        self.filled.emit()
        self._services.messages.say("info", _told(whose, fresh, kept))

    # the agent of the case before

    def _offer_agent(self) -> None:
        """Whoever came with several customers' matters is offered from the one just accepted."""
        desk, form = self._services.desk, self.form

        def read(_step: object) -> AgentBefore | None:
            from desktop.usecases.recognising import agent_before

            return agent_before(desk)

        def offer(found: AgentBefore | None) -> None:
            line = self._line("agent_name")
            if found is not None and form is self.form and line is not None and not line.text():
                self._services.messages.say("info", found.told, Step("沿用", self.take_agent))

        self._services.jobs.ask(self, "agent", read, offer)

    def take_agent(self) -> None:
        """Name, card and phone of the agent of the case before; his authority is this customer's to give, and asked."""
        from desktop.usecases.recognising import agent_before

        found = agent_before(self._services.desk)
        if found is None:
            self._services.messages.say("info", "您今天上一件受理的工单没有代理人，请填写代理人，或请他出示证件。")
        else:
            self._take_known(found.answers, AGENTS)

    # addresses and what an ID tells

    def _line(self, name: str) -> QLineEdit | None:
        editor = self.form.editor(name) if self.form is not None and self.form.has(name) else None
        return editor if isinstance(editor, QLineEdit) else None

    def _on_entered(self, name: str) -> None:
        """An empty address begins as most do; the place of use is offered as the customer's own address."""
        if name == "agent_name":
            self._offer_agent()
        line = self._line(name) if name in ADDRESSES else None
        if line is None or line.text() or self.form is None:
            return
        own = self._line("customer_address") if name == "usage_address" else None
        if own is not None and own.text() not in ("", self._prefix):
            self.form.fill({name: own.text()})
            line.selectAll()
        else:
            line.setText(self._prefix)

    def _on_settled(self, name: str) -> None:
        line = self._line(name) if name in ADDRESSES else None
        if line is not None and line.text() == self._prefix:
            line.clear()
        if name == "customer_id":
            self._tell_paper()
        if name in PERSON:
            self._part()

    def _tell_paper(self) -> None:
        """A number that is a person's or a company's by its check digit says of which paper it is."""
        from desktop.domain.identity import id_faults, paper_of

        assert self.form is not None
        said = self.form.answers()
        number, kind = str(said.get("customer_id", "")), str(said.get("customer_id_kind", ""))
        told = paper_of(number)
        if told and self.form.has("customer_id_kind") and (not kind or id_faults(kind, number)):
            self.form.fill({"customer_id_kind": told})
            self.form.show_fault("customer_id", "")

    # the card

    def show_marks(self) -> None:
        if self.form is not None:
            self.form.show_marks(dict.fromkeys(vouched(self.form.answers(), self.card), MARK))

    def holder(self) -> str:
        """Whose card is read: by the field under the cursor, the customer's where it is elsewhere."""
        at = QApplication.focusWidget()
        name = at.objectName() if at is not None else ""
        return next((who for who in (AGENT, LEGAL_PERSON) if name in FIELDS_OF[who]), CUSTOMER)

    def read_card(self) -> None:
        """F2: read the card that lies on the reader; without a reader, or where it fails, its words can be given."""
        from desktop.usecases.vouching import has_reader, read_card

        desk, holder = self._services.desk, self.holder()
        if not has_reader(desk):
            self._ask_words(holder)
            return
        form = self.form
        self._services.jobs.run(lambda _step: read_card(desk, holder), lambda read: self._take_card(read, form),
                                title="正在读身份证", failed=lambda error: self._tell_unread(error, holder))

    def _tell_unread(self, error: Exception, holder: str) -> None:
        """What was typed stays; where it is the reader's fault the way by hand is offered."""
        if isinstance(error, Trouble):
            self._services.messages.tell(error, Step("粘贴或手填", lambda: self._ask_words(holder)))
        else:
            self._services.jobs.tell(error)

    def _take_card(self, read: Mapping[str, str], asked_by: FieldForm | None = None) -> None:
        if asked_by is not None and asked_by is not self.form:
            self._services.messages.say("care", "读卡时换了一张申请，读到的证件没有填入；是这位客户的，请再读一次。")
            return
        told = self._fill(read, self.card)
        self.card |= read
        self.show_marks()
        self._part()
        self._services.messages.say("care" if told else "good",
                                    f"已读卡：姓名、号码已填入，标有“读卡”。{told or '改动过的不再算读卡。'}")

    def _ask_words(self, holder: str) -> None:
        from desktop.usecases.vouching import words_of_card

        desk = self._services.desk

        def take(answers: dict[str, Any]) -> None:
            told = self._fill(words_of_card(desk, str(answers["text"]), holder))
            if told:
                self._services.messages.say("care", f"已填入。{told}")
            self._part()

        self._ask.ask("身份证", [asked("text", "读卡软件里的文字", "note", max_length=1000)], take, required=["text"],
                      ok="填入", about=PASTED)

    def _fill(self, answers: Mapping[str, str], before: Mapping[str, str] = MappingProxyType({})) -> str:
        """Put in what stands on a card: its name and number count before what was typed, but where he lives now a hand
        knows better than the card. What stays, and what gave way, in a sentence; `before`: an earlier card's words."""
        assert self.form is not None
        said = self.answers()
        typed = {name for name, value in said.items() if name in answers and value not in (
            answers[name], before.get(name), self._put.get(name))}
        kept = [name for name in ADDRESSES if name in typed]
        if "customer_name" in typed and _is_asked_for(str(said["customer_name"]), answers["customer_name"]):
            typed.discard("customer_name")
        gone = [name for name in answers if name in typed and name not in (*ADDRESSES, "customer_id_kind")]
        self.form.fill({name: value for name, value in answers.items() if name not in kept})
        self.show_marks()
        self.filled.emit()
        told = f"您填的{_labels(gone)}与证件不同，已换成证件上的，请核对是不是这一位。" if gone else ""
        return told + (f"您填的{_labels(kept)}与证件不同，没有改动。" if kept else "")


def _is_asked_for(typed: str, name: str) -> bool:
    """Whether the name is only how the customer was looked for: its beginning, its initials, the end of a number."""
    from desktop.domain.name import name_form

    return bool(name) and (typed.isascii() or name_form(name).startswith(name_form(typed)))


def _told(whose: str, fresh: Collection[str], kept: Collection[str]) -> str:
    """What was put in, and what was typed otherwise and stays."""
    put = f"已从档案填入{whose}的{_labels(fresh)}。" if fresh else f"{whose}的档案里没有可再填的内容。"
    return put + (f"您填的{_labels(kept)}与档案不同，没有改动，请核对。" if kept else "")


def _labels(names: Collection[str]) -> str:
    from desktop.domain.field import field

    return "、".join(dict.fromkeys(field(name).label for name in names))
