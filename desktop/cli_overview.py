"""Verbs that show the work from above: the board, the morning's sheet, change of shift, progress, where days go."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli_answer import Answer, Post, table, told_step, write_file
from desktop.cli_words import by_flag
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.usecases.desk import Desk
    from desktop.usecases.relieving import ShiftView


def board(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.overseeing import board

    columns = board(post.desk, mine=asked.mine, post=asked.post)
    lines: list[str] = []
    for column in columns:
        late = f"，超期 {column.overdue}" if column.overdue else ""
        lines += [f"{column.name}：{column.count} 件{late}"]
        lines += [f"  {line}" for line in table(("编号", "到期", "时限", "户名"), (
            (row.number, row.due_on, row.level, row.customer) for row in column.cards), (16, 10, 8))]
    return Answer(lines or ["没有在办的工单。"], columns)


def morning(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.briefing import morning, morning_pdf

    told = morning(post.desk)
    words = (("今天到期", "today"), ("超期", "overdue"), ("等客户", "paused"), ("合同将到期、已过期", "ending"))
    lines = ["，".join(f"{word} {told.counts[name]}" for word, name in words) + "。"]
    lines += table(("姓名", "岗位", "在办", "今天到期", "超期", "等客户"), (
        (load.name, load.post, load.open, load.today, load.overdue, load.waiting) for load in told.loads),
        (10, 10, 6, 8, 6))
    if asked.out:
        lines.append(f"晨会单在 {write_file(Path(asked.out), morning_pdf(post.desk))}")
    return Answer(lines, told)


def shift(post: Post, asked: Namespace) -> Answer:
    """Hand over to the named clerk, confirm, look or print, or list; each record can be written to a file."""
    from desktop.usecases import relieving
    from desktop.usecases.staffing import clerk_by_number

    desk = post.desk
    if sum(map(bool, (asked.to, asked.confirm, asked.decline, asked.withdraw))) > 1:
        raise Refusal("交班（--to）、确认接班（--confirm）、退回（--decline）、撤回（--withdraw）请分几次登记。", "to")
    if asked.to:
        given = relieving.hand_over_shift(desk, clerk_by_number(desk, asked.to), asked.note or "")
        line = f"已交班给{given.receiver}（记录 {given.id}）：在办 {len(given.lines)} 件，待接班人确认。"
        return Answer([line, *_shift_file(post, given.id, asked.out)], given)
    if asked.confirm:
        kept = relieving.confirm_shift(desk, asked.confirm, asked.note or "")
        line = f"已确认接班：{kept.giver} 交来的 {len(kept.lines)} 件。"
        return Answer([line, *_shift_file(post, kept.id, asked.out)], kept)
    if asked.decline or asked.withdraw:
        kept = _declined(desk, asked) if asked.decline else relieving.withdraw_shift(desk, asked.withdraw)
        return Answer([f"已{kept.answer}：{kept.giver} 交给{kept.receiver}的班，在办 {len(kept.lines)} 件。",
                       *_shift_file(post, kept.id, asked.out)], kept)
    if asked.out and not asked.record:
        raise Refusal("请用 --record 写明打印哪一次交接班，编号见 yekuo shift。", "record")
    if asked.record:
        kept = relieving.shift(desk, asked.record)
        return Answer([*_shift_lines(kept), *_shift_file(post, kept.id, asked.out)], kept)
    rows = relieving.shifts(desk)
    return Answer(table(("记录", "交班时间", "交班", "接班", "在办", "确认"), (
        (row.id, f"{row.given_at:%Y-%m-%d %H:%M}", row.giver, row.receiver, len(row.lines),
         f"{row.confirmed_at:%Y-%m-%d %H:%M} {row.answer}" if row.confirmed_at else "待确认") for row in rows),
        (6, 16, 10, 10, 6)), rows)


def _declined(desk: Desk, asked: Namespace) -> ShiftView:
    from desktop.usecases.relieving import decline_shift

    try:
        return decline_shift(desk, asked.decline, asked.note or "")
    except Refusal as why:
        raise by_flag(why, {"remark": "--note"}) from why


def _shift_lines(kept: ShiftView) -> Iterator[str]:
    return table(("编号", "到期", "状态", "户名", "交接事项"), (
        (line["number"], line["due"], line["status"], line["customer"], line["note"]) for line in kept.lines),
        (16, 10, 6, 20))


def _shift_file(post: Post, record: int, out: str | None) -> list[str]:
    from desktop.usecases.relieving import shift_pdf

    return [f"交接班单在 {write_file(Path(out), shift_pdf(post.desk, record))}"] if out else []


def flow(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.overseeing import flow

    lines = flow(post.desk, asked.month)
    typical = ("" if each.typical is None else f"{each.typical:g}" for each in lines)
    return Answer(table(("业务", "环节", "次数", "中位工作日", "最长", "占全程", "退回", "退回原因"), (
        (each.process, each.stage, each.count, next(typical), each.longest, f"{each.share:.1f}%", each.backs,
         "；".join(f"{why} {n}" for why, n in each.reasons)) for each in lines),
        (16, 14, 6, 10, 6, 8, 6)), lines)


def progress(post: Post, asked: Namespace) -> Answer:
    """What the customer is told; where several cases may be meant, they are listed for the clerk to choose."""
    from desktop.usecases import telling

    rows = telling.asked_cases(post.desk, asked.said)
    if not rows:
        raise Refusal(f"没有查到“{asked.said}”的申请。请再问一项：申请编号、户名、证件或手机的后四位。", "said")
    if len(rows) > 1:
        head = "不止一件，请选定后再查，或再加一项（如“户名 后四位”）："
        return Answer([head, *table(("申请编号", "申请日期", "业务", "户名"), (
            (row.number, row.accepted_on, row.kind, row.customer) for row in rows), (16, 10, 16))], rows)
    told = telling.progress(post.desk, rows[0].number)
    lines = [told.summary, *table(("进度", "步骤", "日期"), (
        (line.state, line.word, line.done_on or line.due) for line in told.lines), (8, 30))]
    lines += [f"请您办：{ask}。" for ask in told.asks]
    if asked.out:
        lines.append(f"进度单在 {write_file(Path(asked.out), telling.progress_pdf(post.desk, told.number))}")
    return Answer(lines, told)


def check_search(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.indexing import check_search

    found = check_search(post.desk, mend=asked.mend, step=told_step("检查查找用的索引"))
    told = f"有 {found.wrong} 位客户的索引与档案不一致"
    if found.wrong and not found.mended:
        return Answer((), found, failed=f"{told}，用 yekuo check-search --mend 重建。")
    return Answer([f"{told}，已全部重建。" if found.wrong else "查找用的索引与档案一致。"], found)
