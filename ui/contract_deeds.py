"""What can be done with a contract, each as a question on its page and one verb of the use-cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.domain.field import FIELDS
from desktop.domain.kind import Field
from desktop.errors import Refusal
from ui.ask_card import asked
from ui.messages import Step

if TYPE_CHECKING:
    from ui.contract_page import ContractPage

Answers = dict[str, Any]
OWN_GROUPS = ("供电人", "营销系统")  # the hall's own half, and numbers that another system gives


def _today(page: ContractPage) -> str:
    return page.services.desk.today.isoformat()


def _said(page: ContractPage, sentence: str) -> None:
    page.services.messages.say("good", f"已保存：{sentence}")
    page.refresh()


def print_draft(page: ContractPage) -> None:
    """Check, make and keep the paper; then offer it to the printer. What the clerk is asked to look at stands on the
    page, so printing says that he did."""
    from desktop.usecases.contracting import print_contract

    desk, key = page.services.desk, page.key

    def done(_paper: Any) -> None:
        page.refresh()
        page.services.messages.say(*_printed(page), Step("打印", page.print_again))

    page.next_button.setEnabled(False)
    page.services.jobs.run(lambda _step: print_contract(desk, key, loads_checked=True), done, title="正在生成合同",
                           failed=lambda error: _print_failed(page, error))


def _printed(page: ContractPage) -> tuple[str, str]:
    """What is told of the paper just made: one of a text that nobody answers for is only to be looked at."""
    if page.view is not None and not (page.view.template_approved or page.view.practice):
        return "care", "合同已印制成样张：文本尚未审定，只供核对，不能签订。审定以后请作废这一份，重新起草、打印。"
    return "good", "已保存：合同已印制成 PDF，状态为待签。"


def _print_failed(page: ContractPage, error: Exception) -> None:
    page.refresh()
    page.services.jobs.tell(error)


def _sign(page: ContractPage, title: str, verb: Callable[..., Any], known: Answers) -> None:
    from desktop.usecases.signing import CAPACITIES

    fields: list[Field | str] = [
        asked("signer", "签署人", "name"), asked("capacity", "签署身份", "choice", CAPACITIES),
        asked("on", "签署日期", "date"), asked("copies", "交付份数", "integer", unit="份", least="1", most="20"),
        "poa_number", "poa_from", "poa_until"]

    def do(answers: Answers) -> None:
        on = date.fromisoformat(answers.pop("on"))
        verb(page.services.desk, page.key, answers, on)
        _said(page, f"{title}。")

    page.ask.ask(title, fields, do, ok=title, required=["signer", "capacity", "on"], columns=4,
                 answers={"on": _today(page), **known},
                 about="授权代理人签署的，要填授权委托书编号和期间，签署日期应在期间内。")


def ask_customer(page: ContractPage) -> None:
    from desktop.usecases.signing import sign_customer

    assert page.view is not None
    said = page.view.answers
    agent = str(said.get("agent_name") or "")
    known = {"signer": agent or str(said.get("legal_person") or said.get("customer_name") or ""),
             "capacity": "授权代理人" if agent else "法定代表人", "copies": "1",
             **({name: str(said.get(name) or "") for name in ("poa_number", "poa_from", "poa_until")} if agent else {})}
    _sign(page, "登记客户签署", sign_customer, known)


def ask_ours(page: ContractPage) -> None:
    from desktop.usecases.signing import sign_ours

    assert page.view is not None
    legal = str(page.view.answers.get("supplier_legal_person") or "")
    _sign(page, "登记我方签署用印", sign_ours, {"signer": legal, "capacity": "负责人" if legal else "", "copies": "1"})


def ask_archive(page: ContractPage) -> None:
    from desktop.usecases.signing import archive, copies_given

    assert page.view is not None
    given = copies_given(page.view.signing, page.view.answers)
    def do(answers: Answers) -> None:
        archive(page.services.desk, page.key, answers["box"], int(answers["returned"]))
        _said(page, "合同已归档。")

    fields = [asked("box", "档案盒号", "code"),
              asked("returned", "收回份数", "integer", unit="份", least="1", most=str(given or 20))]
    page.ask.ask("归档", fields, do, ok="归档", required=["box", "returned"], answers={"returned": str(given or 1)},
                 about=f"交付了 {given} 份。" if given else "")


def ask_void(page: ContractPage) -> None:
    from desktop.usecases.signing import void

    def do(answers: Answers) -> None:
        void(page.services.desk, page.key, answers["reason"])
        _said(page, "合同已作废。")

    page.ask.ask("作废", [asked("reason", "原因", "text")], do, ok="作废", required=["reason"],
                 about="作废不能撤回，编号不再使用；已印的一份仍存档。要改内容的，作废后从工单重新起草。")


def ask_renew(page: ContractPage) -> None:
    """续签: at once where the file has every fact, else the missing ones are asked."""
    assert page.view is not None
    if page.view.successor:
        page.services.go.emit("contract", page.view.successor)
        return
    try:
        _renew(page, {})
    except Refusal as refusal:
        _ask_missing(page, refusal)


def _ask_missing(page: ContractPage, refusal: Refusal) -> None:
    """What the file lacks for a renewal, and why it comes so early, on one card."""
    lacks = {str(lack.field): lack.sentence for lack in refusal.missing if lack.field in (*FIELDS, "early")}
    if not lacks:
        raise refusal
    fields: list[Field | str] = [name for name in lacks if name in FIELDS]
    early = [asked("early", "提前续签的原因", "text")] if "early" in lacks else []
    title = "续签：补录档案里缺的内容" if fields else "提前续签"
    page.ask.ask(title, [*fields, *early], lambda answers: _renew(page, answers), ok="续签", required=list(lacks),
                 about="".join((refusal.sentence, lacks.get("early", ""))))


def _renew(page: ContractPage, answers: Answers) -> None:
    from desktop.usecases.renewing import renew

    early = answers.pop("early", "")
    drawn = renew(page.services.desk, page.key, answers=answers or None, early=early)
    page.services.messages.say("good", "已保存：后续合同已从原合同起草。")
    page.services.go.emit("contract", drawn.row.key)


def ask_supplement(page: ContractPage, names: Sequence[str] = ()) -> None:
    """档案补录: what the draft lacks goes into the file, and the draft is drawn up anew from it."""
    assert page.view is not None
    wanted = list(dict.fromkeys(names or [fault.field for fault in page.view.faults]))
    ours = [name for name in wanted if name in FIELDS and FIELDS[name].group in OWN_GROUPS]
    theirs = [name for name in wanted if name in FIELDS and name not in ours]
    if not theirs:
        page.services.messages.say("care", "这一项是供电人一方的资料，请在“系统 → 营业厅”里填写。",
                                   Step("去填写", lambda: page.services.go.emit("system", "hall")))
        return
    theirs = [name for name in theirs if name not in _said_in_case(page)]
    if not theirs:
        number = page.view.case_number
        page.services.messages.say("care", "这里的内容取自申请和供电方案：请在工单里把供电方案退回，更正后重新登记。",
                                   Step("打开工单", lambda: page.services.go.emit("case", number)))
        return
    known = {name: page.view.answers[name] for name in theirs if page.view.answers.get(name)}

    def do(answers: Answers) -> None:
        _supplement(page, answers)

    page.ask.ask("补录", theirs, do, ok="保存并重新起草", answers=known,
                 about="补录的内容记入这一户的档案，合同从档案重新起草，不直接改合同。")


def _said_in_case(page: ContractPage) -> frozenset[str]:
    """What application and scheme say of a case's contract: it goes before anything in the file."""
    from desktop.usecases.case_listing import case

    assert page.view is not None
    if not page.view.case_number:
        return frozenset()
    view = case(page.services.desk, page.view.case_number)
    scheme = view.schemes[-1].facts if view.schemes else {}
    return frozenset(name for name, value in {**view.answers, **scheme}.items() if value)


def _supplement(page: ContractPage, answers: Answers) -> None:
    from desktop.usecases.contract_amending import supplement_account
    from desktop.usecases.contracting import draw_up
    from desktop.usecases.renewing import renew

    assert page.view is not None
    desk, view = page.services.desk, page.view
    if view.predecessor and not view.case_number:
        renew(desk, view.predecessor, answers=answers)
    else:
        supplement_account(desk, page.key, answers)
        if view.case_number:
            draw_up(desk, view.case_number)
    _said(page, "档案已补录，合同已重新起草。")


def ask_dates(page: ContractPage) -> None:
    from desktop.usecases.contract_amending import set_dates

    assert page.view is not None
    row = page.view.row
    names = {"signed": row.signed_on, "starts": row.starts_on, "ends": row.ends_on}
    fields = [asked("signed", "签订日期", "date"), asked("starts", "起始日", "date"), asked("ends", "截止日", "date"),
              asked("reason", "依据", "text", hint="例如：已查合同原件")]

    def do(answers: Answers) -> None:
        signed, starts, ends = (date.fromisoformat(answers[name]) if name in answers else None for name in names)
        set_dates(page.services.desk, page.key, signed, starts, ends, answers["reason"])
        _said(page, "合同日期已核定。")

    page.ask.ask("核定日期", fields, do, ok="保存", required=["reason"], columns=4,
                 answers={name: day.isoformat() for name, day in names.items() if day})


def ask_kind(page: ContractPage) -> None:
    from desktop.usecases.contract_amending import set_kind

    kinds = {kind.name: kind.id for kind in page.services.desk.catalog.contract_kinds.values()}

    def do(answers: Answers) -> None:
        set_kind(page.services.desk, page.key, kinds[answers["kind"]], answers["reason"])
        _said(page, "合同种类已核定。")

    page.ask.ask("核定种类", [asked("kind", "种类", "choice", tuple(kinds)), asked("reason", "依据", "text")], do,
                 ok="保存", required=["kind", "reason"])


def ask_doubts(page: ContractPage) -> None:
    from desktop.usecases.contract_amending import settle_doubts

    def do(answers: Answers) -> None:
        settle_doubts(page.services.desk, page.key, answers["reason"])
        _said(page, "存疑已核对。")

    page.ask.ask("已核对，无误", [asked("reason", "依据", "text", hint="例如：已查合同原件")], do, ok="保存",
                 required=["reason"], about="确认后这些存疑不再列出。")


def ask_successor(page: ContractPage) -> None:
    from desktop.usecases.contract_amending import confirm_successor

    assert page.view is not None and page.view.successor_offer
    offer = page.view.successor_offer

    def do(_answers: Answers) -> None:
        confirm_successor(page.services.desk, page.key, offer)
        _said(page, "两份合同已接续，旧的一份不再提醒。")

    page.ask.ask(f"由 {offer} 接续本合同？", [], do, ok="确认接续", about="接续后本合同不再有效、不再提醒。")


def ask_extend(page: ContractPage) -> None:
    from desktop.usecases.renewing import extend

    def do(answers: Answers) -> None:
        extend(page.services.desk, page.key, date.fromisoformat(answers["until"]), answers["reason"])
        _said(page, "临时用电已延期。")

    page.ask.ask("延期", [asked("until", "延至", "date"), asked("reason", "原因", "text")], do, ok="延期",
                 required=["until", "reason"], about="只能在到期前延期，合计不超过合同种类的上限。")


def ask_convert(page: ContractPage) -> None:
    from desktop.usecases.renewing import convert

    def do(answers: Answers) -> None:
        convert(page.services.desk, page.key, answers["note"], case_number=answers.get("case", ""))
        _said(page, "已登记转正式用电。")

    page.ask.ask("转正式", [asked("case", "正式用电工单号", "code"), asked("note", "说明", "text")], do, ok="登记",
                 required=["note"], about="正式用电另行受理；已有工单的填上工单号。")


def ask_terminate(page: ContractPage) -> None:
    from desktop.usecases.renewing import terminate

    def do(answers: Answers) -> None:
        removed = date.fromisoformat(answers["removed_on"]) if answers.get("removed_on") else None
        terminate(page.services.desk, page.key, answers["reason"], removed_on=removed)
        _said(page, "合同已终止。")

    assert page.view is not None
    lent, wrong = page.view.row.kind == "temporary", page.view.case_open  # of an open case: registered wrongly
    fields = [*([asked("removed_on", "拆表日期", "date")] if lent else []), asked("reason", "原因", "text")]
    page.ask.ask("终止拆表" if lent else "终止合同", fields, do, ok="终止", required=["reason"],
                 about="终止后工单退回合同环节，在那里重新登记或终止工单；没有拆表的不填拆表日期。" if wrong else
                 "终止后合同不再有效、不再提醒，不能撤回；还在用电的户请随即重签。",
                 answers={"removed_on": _today(page)} if lent and not wrong else {})


BY_NAME: dict[str, Callable[[ContractPage], None]] = {
    "renew": ask_renew, "supplement": ask_supplement, "dates": ask_dates, "kind": ask_kind, "doubts": ask_doubts,
    "successor": ask_successor, "extend": ask_extend, "convert": ask_convert, "terminate": ask_terminate,
}
