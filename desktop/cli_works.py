"""Verbs for what happens between scheme and file: fees, inspections, meters, papers, and cases from hand to hand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, plain, read_answers, rows_of, table, texts, word_of, write_file
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.usecases.charging import FeesView
    from desktop.usecases.inspecting import RoundRow

IN_A_FORTNIGHT = timedelta(days=14)


def fees(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import charging

    return _bill(asked.case, charging.fees(post.desk, asked.case))


def charge(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import charging

    return _bill(asked.case, charging.charge(post.desk, asked.case, asked.item, asked.quantity or "",
                                             due_on=asked.due))


def pay(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import charging

    return _bill(asked.case, charging.pay(post.desk, asked.case, asked.lines, asked.on or post.desk.today, asked.way,
                                          asked.receipt))


def cancel_fee(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import charging

    return _bill(asked.case, charging.cancel(post.desk, asked.case, asked.line, asked.reason))


def refund(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import charging

    return _bill(asked.case, charging.refund(
        post.desk, asked.case, asked.line, asked.reason, on=asked.on or post.desk.today, way=asked.way,
        receipt=asked.receipt, allowed_by=asked.allowed_by or ""))


def _bill(number: str, view: FeesView) -> Answer:
    cells = ((line.id, line.state, f"{line.amount:.2f}", line.receipt or "—", f"{line.name}（{line.basis}）")
             for line in view.lines)
    told = [f"应缴 {view.sum.due:.2f} 元，已缴 {view.sum.paid:.2f} 元，待缴 {view.sum.open:.2f} 元。"]
    told += [f"已退 {view.refunded:.2f} 元。"] if view.refunded else []
    told += [f"工单已终止，应退还 {view.to_refund:.2f} 元。"] if view.to_refund else []
    told += [f"这类工单通常还收：{item.name}（{item.basis.text}，{item.basis.mark}）" for item in view.expected]
    lines = [*(table(("行", "状态", "金额", "票据号", "项目"), cells, (4, 6, 12, 12)) if view.lines else ()), *told]
    return Answer(lines, {"case": number, "lines": view.lines, "due": view.sum.due, "paid": view.sum.paid,
                          "open": view.sum.open, "refunded": view.refunded, "to_refund": view.to_refund,
                          "expected": [item.name for item in view.expected]})


def tariff(post: Post, asked: Namespace) -> Answer:
    """The hall's prices; with an item and a price, enter one."""
    from desktop.usecases import charging

    if asked.item:
        if not asked.price or not asked.basis:
            raise Refusal("请同时写明单价和依据：yekuo tariff 项目 单价 --basis 文号。", "price")
        charging.set_tariff(post.desk, asked.item, asked.price, asked.basis, asked.effective or post.desk.today,
                            asked.until, allowed_by=asked.allowed_by or "")
    rows = charging.tariffs(post.desk)
    cells = ((row.name, row.unit, f"{row.price:.2f}" if row.price is not None else "未登记", row.effective or "—",
              row.basis or row.rule) for row in rows)
    since = asked.effective or post.desk.today
    done = [f"“{asked.item}”的单价已登记：{asked.price} 元，{since} 起。"] if asked.item else []
    lines = table(("项目", "单位", "单价（元）", "生效", "依据"), cells, (18, 6, 10, 10))
    return Answer([*done, *lines], {"tariffs": rows})


def submit(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import inspecting

    made = inspecting.submit(post.desk, asked.case, asked.kind, texts(read_answers(asked.answers)), on=asked.on)
    besides = inspecting.brought_about(post.desk, asked.case, made)
    return Answer([f"工单 {asked.case}：{made.name}第 {made.round} 轮已报验（{made.submitted_on}）。",
                   *(f"请留意：{each}" for each in besides)], {**plain(made), "notices": besides})


def conclude(post: Post, asked: Namespace) -> Answer:
    """The answers hold inspected_by, reviewed_by, review_opinion and, of a failure, `defects`."""
    from desktop.usecases import inspecting

    given = read_answers(asked.answers)
    defects = rows_of(given, "defects")
    said = texts({name: value for name, value in given.items() if name not in ("defects", "result")})
    result = asked.result or word_of(given, "result")
    made = inspecting.conclude(post.desk, asked.case, asked.kind, result, said, defects, on=asked.on)
    return Answer([f"工单 {asked.case}：{made.name}第 {made.round} 轮{made.result}。", *_defect_lines([made])], made)


def mend(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import inspecting

    found = inspecting.mend(post.desk, asked.case, asked.defects, asked.seen_by, on=asked.on)
    return Answer([f"工单 {asked.case}：已销号。", *_defect_lines(found)], {"rounds": found})


def rounds(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import inspecting

    found = inspecting.rounds(post.desk, asked.case)
    cells = ((row.name, row.round, row.submitted_on, row.result or "未判", row.concluded_on) for row in found)
    lines = [*table(("检验", "轮次", "报验", "结论", "意见单"), cells, (12, 4, 10, 6)), *_defect_lines(found)]
    return Answer(lines if found else ["还没有报验。"], {"rounds": found})


def _defect_lines(found: Iterable[RoundRow]) -> Iterator[str]:
    for row in found:
        for each in row.defects:
            state = f"{each.mended_on} 销号（{each.seen_by}）" if each.mended_on else f"{each.due_on} 前整改"
            yield f"  缺陷 {each.id}  {each.item}：{each.remedy or '—'}，{each.responsible}，{state}"


def defects(post: Post, asked: Namespace) -> Answer:
    """Every defect whose time is over."""
    from desktop.usecases import inspecting

    found = inspecting.overdue_defects(post.desk)
    cells = ((row.case, row.due_on, row.responsible, row.item, row.customer) for row in found)
    lines = table(("工单", "期限", "责任单位", "缺陷", "户名"), cells, (16, 10, 16, 16))
    return Answer(lines if found else ["没有逾期未整改的缺陷。"], each=found)


def first_pass(post: Post, asked: Namespace) -> Answer:
    """一次通过 of each kind of inspection in a month."""
    from desktop.usecases import inspecting
    from desktop.usecases.reporting import a_month

    month = a_month(asked.month or f"{post.desk.today:%Y-%m}", post.desk.today)
    found = inspecting.first_pass(post.desk, month.first, month.last)
    cells = ((row.kind, row.judged, row.at_once, "—" if row.percent is None else f"{row.percent}%") for row in found)
    lines = table(("检验", "首轮", "一次通过", "通过率"), cells, (12, 4, 8))
    return Answer(lines, {"month": f"{month.first:%Y-%m}", "kinds": found})


def meter(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import metering

    found = metering.meter_history(post.desk, asked.serial)
    cells = ((row.installed_on, row.removed_on or "在装", f"{row.multiplier:f}", f"{row.start_reading:f}",
              f"{row.customer}  {row.account or row.case}  {row.address}") for row in found)
    return Answer(table(("装上", "拆下", "倍率", "起度", "挂在"), cells, (10, 10, 6, 8)), {"places": found})


def issue(post: Post, asked: Namespace) -> Answer:
    """Make a paper of the case into a file; without one named, the papers that can be made."""
    from desktop.usecases import issuing
    from desktop.usecases.papering import handed_out

    if not asked.paper:
        found = issuing.issuable(post.desk, asked.case)
        kept = issuing.kept_only(post.desk, asked.case)
        return Answer(["现在可以出具：", *(f"  {name}  {title}" for name, title in found),
                       *(["已经存有、可以补打："] if kept else []), *(f"  {title}" for title in kept)],
                      {"papers": [name for name, _ in found], "kept": kept})
    if not asked.out:
        raise Refusal("请写明文件名：--out FILE.pdf。", "out")
    made = issuing.issue(post.desk, asked.case, asked.paper)
    place = write_file(Path(asked.out), handed_out(post.desk, made.id))
    return Answer([f"{made.title} 已出具：{place}"], {"paper": made, "file": place})


def handover(post: Post, asked: Namespace) -> Answer:
    """Offer a case, or answer or withdraw an offer; without a case, the offers that wait for the clerk."""
    from desktop.usecases import handing_over

    if not asked.case:
        found = handing_over.offers(post.desk)
        cells = ((row.case, row.from_whom, row.reason, row.customer) for row in found)
        lines = table(("工单", "移交人", "原因", "户名"), cells, (16, 8, 20))
        return Answer(lines if found else ["没有等您接收的移交。"], each=found)
    if asked.to:
        handing_over.offer(post.desk, asked.case, asked.to, asked.reason or "")
        made = handing_over.offer_of(post.desk, asked.case)
        giver, by = (made.giver, made.by) if made else ("", "")
        for_whom = f"（代 {giver} 移交）" if by else ""
        return Answer([f"工单 {asked.case} 已移交给 {asked.to}，等对方接收{for_whom}。"],
                      {"case": asked.case, "to": asked.to, "from": giver, "by": by or None})
    if asked.withdraw:
        handing_over.withdraw(post.desk, asked.case)
        return Answer([f"工单 {asked.case} 的移交已撤回。"], {"case": asked.case})
    if not (asked.accept or asked.decline):
        raise Refusal("请写明 --to 工号、--accept、--decline 原因或 --withdraw。", "to")
    handing_over.answer(post.desk, asked.case, asked.accept, asked.decline or "")
    return Answer([f"工单 {asked.case} {'已接收' if asked.accept else '已退回移交人'}。"], {"case": asked.case})


def owners(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import handing_over

    found = handing_over.loads(post.desk)
    cells = ((row.number, row.name, row.open, row.today, row.overdue, row.offered, row.post) for row in found)
    return Answer(table(("工号", "姓名", "在办", "今天到期", "超期", "待接收", "岗位"), cells, (6, 10, 4, 8, 4, 6)),
                  {"clerks": found})


def recall(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import handing_over

    handing_over.recall(post.desk, asked.case, asked.stage, asked.reason)
    return Answer([f"工单 {asked.case}：{asked.stage} 已召回，时限照原来的起点计算。"], {"case": asked.case})


def undone(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import handing_over

    found = handing_over.would_undo(post.desk, asked.case, asked.stage)
    return Answer([f"退回到 {asked.stage}：{found.sentence}"], {"stages": found.stages, "beside": found.beside})


HANDED_IN = {"design": "设计单位资质证书、受电工程设计文件及说明、主要设备资料",
             "mid": "施工单位许可证、隐蔽工程记录、主要设备资料"}
"""What is handed in before the works are finished; the dictionary's sample is that of the final inspection."""


def submission_example(which: str | None, _today: date, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What is handed in for an inspection; brought by the customer's own man where a case is `known`."""
    from desktop.catalog.release import load_catalog
    from desktop.domain.field import samples
    from desktop.domain.specimen import with_own_people

    kind = load_catalog().inspections.kind(which or "final")
    made: dict[str, Any] = dict(samples(kind.asks))
    return with_own_people({**made, "submitted_papers": HANDED_IN.get(kind.id, made["submitted_papers"])}, known or {})


def conclusion_example(_which: str | None, today: date) -> dict[str, Any]:
    from desktop.domain.field import samples
    from desktop.domain.inspection import CONCLUDED

    made: dict[str, Any] = dict(samples((*CONCLUDED, "defects")))
    for row in made["defects"]:
        row["due_on"] = (today + IN_A_FORTNIGHT).isoformat()
    return {"result": "不合格", **made, "review_opinion": "受电装置有缺陷，见缺陷清单，整改后复验"}
