"""What can be done on a case's page of works, each as a question on the page and one verb of the use-cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from ui.ask_card import asked

if TYPE_CHECKING:
    from desktop.domain.fee import RefundRule
    from desktop.domain.kind import Field
    from ui.works_page import WorksPage

Answers = dict[str, Any]


def _today(page: WorksPage) -> str:
    return page.services.desk.today.isoformat()


def _said(page: WorksPage, sentence: str) -> None:
    page.services.messages.say("good", f"已保存：{sentence}")
    page.refresh()


def _day(answers: Answers, name: str) -> date | None:
    return date.fromisoformat(answers[name]) if answers.get(name) else None


def ask_charge(page: WorksPage) -> None:
    from desktop.usecases.charging import charge, tariffs

    desk = page.services.desk
    prices = {row.name: "未登记单价" if row.price is None else f"{row.price:.2f} 元/{row.unit}"
              for row in tariffs(desk)}

    def do(answers: Answers) -> None:
        charge(desk, page.number, answers["item"], answers.get("quantity", ""), due_on=_day(answers, "due_on"))
        _said(page, f"{answers['item']}已登记。")

    fields = [asked("item", "收费项目", "choice", tuple(prices)), asked("quantity", "数量", "number"),
              asked("due_on", "缴费期限", "date")]
    told = "；".join(f"{name} {price}" for name, price in prices.items())
    page.ask.ask("登记业务费", fields, do, ok="登记", required=["item"],
                 about=f"{told}。数量空着的取申请和方案里的容量。")


def ask_pay(page: WorksPage) -> None:
    from desktop.domain.fee import WAYS
    from desktop.usecases.charging import pay

    assert page.bill is not None
    due = page.bill.sum.open
    lines = _lines(page, "待缴")
    every = f"全部待缴 {due:,.2f} 元"
    choices = (every, *lines) if len(lines) > 1 else tuple(lines)

    def do(answers: Answers) -> None:
        chosen = [] if answers["line"] == every else [lines[answers["line"]]]
        pay(page.services.desk, page.number, chosen, date.fromisoformat(answers["on"]), answers["pay_way"],
            answers["receipt"])
        _said(page, f"{answers['line']}的缴费已登记。")

    fields = [asked("line", "缴哪一行", "choice", choices), asked("pay_way", "缴费方式", "choice", WAYS),
              asked("receipt", "票据号", "code"), asked("on", "缴费日期", "date")]
    page.ask.ask("登记缴费", fields, do, ok="登记缴费", required=["line", "pay_way", "receipt", "on"], columns=4,
                 answers={"on": _today(page), "line": choices[0]})


def _lines(page: WorksPage, state: str) -> dict[str, int]:
    """The lines of the bill that stand so, by what the clerk calls them."""
    assert page.bill is not None
    return {f"{line.name} {line.amount:,.2f} 元": line.id for line in page.bill.lines if line.state == state}


def ask_refund(page: WorksPage) -> None:
    """A paid fee is given back."""
    from desktop.domain.fee import WAYS
    from desktop.usecases.charging import refund

    assert page.view is not None
    lines = _lines(page, "已缴")
    rule = page.services.desk.rules_of(page.view.process.release).fees.refund

    def do(answers: Answers) -> None:
        refund(page.services.desk, page.number, lines[answers["line"]], answers["reason"],
               on=date.fromisoformat(answers["on"]), way=answers["pay_way"], receipt=answers["receipt"],
               allowed_by=answers.get("allowed_by", ""))
        _said(page, f"{answers['line']}已登记退费。")

    fields = [asked("line", "退哪一行", "choice", tuple(lines)), asked("reason", "退费原因", "text", max_length=300),
              asked("pay_way", "退费方式", "choice", WAYS), asked("receipt", "退费凭证号", "code"),
              asked("on", "退费日期", "date"), asked("allowed_by", "批准人工号", "text")]
    page.ask.ask("退费", fields, do, ok="登记退费", required=["line", "reason", "pay_way", "receipt", "on"],
                 columns=4, answers={"on": _today(page), "line": next(iter(lines))},
                 about=f"整行退还；金额收错的，退费后按正确的数量重新登记。{_allowing(rule)}")


def _allowing(rule: RefundRule | None, why: str = "") -> str:
    """Who may allow a deed with money, and why, else by what the rule rests on."""
    if rule is None or not rule.posts:
        return ""
    return f"由{'、'.join(rule.posts)}批准（{why or rule.basis.text}，{rule.basis.mark}）。批准人不填就是您自己。"


def ask_cancel(page: WorksPage) -> None:
    from desktop.usecases.charging import cancel

    lines = _lines(page, "待缴")

    def do(answers: Answers) -> None:
        cancel(page.services.desk, page.number, lines[answers["line"]], answers["reason"])
        _said(page, "这一行不再收取。")

    page.ask.ask("取消费用", [asked("line", "哪一行", "choice", tuple(lines)), asked("reason", "原因", "text")], do,
                 ok="取消这一行", required=["line", "reason"], answers={"line": next(iter(lines))})


def ask_tariff(page: WorksPage) -> None:
    from desktop.usecases.charging import set_tariff, tariffs

    desk = page.services.desk
    rows = {row.name: row for row in tariffs(desk)}

    def do(answers: Answers) -> None:
        set_tariff(desk, answers["item"], answers["price"], answers["basis"], date.fromisoformat(answers["effective"]),
                   _day(answers, "until"), allowed_by=answers.get("allowed_by", ""))
        _said(page, f"{answers['item']}的单价已登记。")

    fields = [asked("item", "收费项目", "choice", tuple(rows)), asked("price", "单价", "money", unit="元"),
              asked("basis", "文件和文号", "text"), asked("effective", "生效日期", "date"),
              asked("until", "失效日期", "date"), asked("allowed_by", "批准人工号", "text")]
    page.ask.ask("登记单价", fields, do, ok="登记单价", required=["item", "price", "basis", "effective"],
                 answers={"effective": _today(page)},
                 about="单价由本省价格主管部门核定，程序不带任何地方单价；已登记的费用不随新单价变动。"
                 + _allowing(desk.catalog.fees.refund, "与退费的批准人相同"))


def ask_submit(page: WorksPage) -> None:
    from desktop.usecases.inspecting import brought_about, inspection_kinds, submit

    assert page.view is not None
    wanted = page.kind.value()
    kind = next(each for each in inspection_kinds(page.services.desk, page.view.process) if each.id == wanted)
    before = {name: value for row in page.rounds for name, value in row.submission.items() if name in kind.asks}
    answers = page.view.answers
    known = {"submitted_by": str(answers.get("agent_name") or answers.get("contact_name") or ""), **before}

    def do(given: Answers) -> None:
        on = date.fromisoformat(given.pop("on"))
        made = submit(page.services.desk, page.number, kind.id, given, on=on)
        besides = "".join(f"{each}。" for each in brought_about(page.services.desk, page.number, made))
        _said(page, f"{kind.name}第 {made.round} 轮已报验，我方时限自 {on.isoformat()} 起算。{besides}")

    page.ask.ask(kind.submission, [*kind.asks, asked("on", "报送日期", "date")], do, ok="登记", required=["on"],
                 answers={**known, "on": _today(page)}, columns=4,
                 about=f"依据：{kind.basis.text}（{kind.basis.mark}）。客户没有受电工程的，资质不用填。")


def ask_conclude(page: WorksPage) -> None:
    from desktop.domain.inspection import CONCLUDED, FAILED, PASSED
    from desktop.usecases.inspecting import conclude

    row = next(each for each in reversed(page.rounds) if not each.result)
    clerk = page.services.clerk

    def do(given: Answers) -> None:
        on, result = date.fromisoformat(given.pop("on")), given.pop("result")
        conclude(page.services.desk, page.number, row.kind, result, given, given.pop("defects", []), on=on)
        stopped = "" if result == PASSED else "时钟停在意见单签发日，重新报验之日另起一轮。"
        _said(page, f"{row.name}第 {row.round} 轮{result}。{stopped}")

    fields: list[Field | str] = [
        asked("result", "结论", "choice", (PASSED, FAILED)), *CONCLUDED, asked("on", "意见单日期", "date"),
        "defects"]
    page.ask.ask(
        f"{row.name}第 {row.round} 轮意见单", fields, do, ok="登记意见单", columns=4,
        required=["result", "inspected_by", "on"],
        answers={"on": _today(page), "inspected_by": clerk.name if clerk else ""},
        about="判不合格的，逐项写明缺陷、责任单位和整改期限；以前各轮的缺陷都销号了才能判合格。")


def ask_mend(page: WorksPage) -> None:
    from desktop.usecases.inspecting import mend

    lines = {f"{place}. {each.item}": each.id for place, each in enumerate(page.open_defects(), 1)}
    every = "全部待整改的"
    choices = (every, *lines) if len(lines) > 1 else tuple(lines)

    def do(answers: Answers) -> None:
        chosen = list(lines.values()) if answers["defect"] == every else [lines[answers["defect"]]]
        mend(page.services.desk, page.number, chosen, answers["seen_by"], on=date.fromisoformat(answers["on"]))
        _said(page, f"{len(chosen)} 项缺陷已销号。")

    page.ask.ask("缺陷销号", [asked("defect", "缺陷", "choice", choices), asked("seen_by", "复核人", "name"),
                          asked("on", "复核日期", "date")], do, ok="销号", required=["defect", "seen_by", "on"],
                 answers={"defect": choices[0], "on": _today(page)}, about="到现场看过、确已整改的才销号。")


def ask_hand(page: WorksPage) -> None:
    from desktop.usecases.handing_over import offer
    from desktop.usecases.staffing import clerks

    assert page.view is not None
    others = {f"{clerk.number} {clerk.name}（{clerk.post}）": clerk.number for clerk in clerks(page.services.desk)
              if clerk.name != page.view.row.owner}

    def do(answers: Answers) -> None:
        offer(page.services.desk, page.number, others[answers["to_clerk"]], answers["reason"])
        _said(page, "已移交，等对方接收；接收之前仍由原来的人负责。")

    page.ask.ask("移交", [asked("to_clerk", "移交给", "choice", tuple(others)), asked("reason", "原因", "text")], do,
                 ok="移交", required=["to_clerk", "reason"], about="第一受理人始终具名；对方接收后才由对方负责。")


def take(page: WorksPage) -> None:
    from desktop.usecases.handing_over import answer

    def do() -> None:
        answer(page.services.desk, page.number, True)
        _said(page, "已接收，这张工单现在由您负责。")

    page.services.run(do)


def ask_decline(page: WorksPage) -> None:
    from desktop.usecases.handing_over import answer

    def do(answers: Answers) -> None:
        answer(page.services.desk, page.number, False, answers["remark"])
        _said(page, "已退回移交人。")

    page.ask.ask("退回移交", [asked("remark", "原因", "text")], do, ok="退回移交", required=["remark"])


def withdraw(page: WorksPage) -> None:
    from desktop.usecases import handing_over

    def do() -> None:
        handing_over.withdraw(page.services.desk, page.number)
        _said(page, "移交已撤回。")

    page.services.run(do)


def issue(page: WorksPage) -> None:
    """Make the chosen paper in the worker, keep it, and show it."""
    from desktop.usecases import issuing

    desk, number, paper = page.services.desk, page.number, page.paper.value()
    if not paper:
        return

    def done(made: Any) -> None:
        _said(page, f"{made.title}已出具。")
        page.services.go.emit("paper", made)

    page.services.jobs.run(lambda _step: issuing.issue(desk, number, paper), done, title="正在出具文书")


BY_NAME: dict[str, Callable[[WorksPage], None]] = {
    "works_charge": ask_charge, "works_pay": ask_pay, "works_cancel": ask_cancel,
    "works_refund": ask_refund, "works_tariff": ask_tariff,
    "works_submit": ask_submit, "works_conclude": ask_conclude, "works_mend": ask_mend, "works_hand": ask_hand,
    "works_take": take, "works_decline": ask_decline, "works_withdraw": withdraw, "works_issue": issue,
}
