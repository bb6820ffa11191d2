"""Verbs for time: the clocks of a case, its pauses and promises, and the years of the calendar."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, read_answers, table, texts, told_step, write_file
from desktop.errors import Missing, Refusal

if TYPE_CHECKING:
    from desktop.usecases.calendaring import Preview
    from desktop.usecases.case_listing import CaseView
    from desktop.usecases.timing import ClockView, DayView, PauseView


def clock(post: Post, asked: Namespace) -> Answer:
    """Every clock of a case, and the days of one of them."""
    from desktop.usecases import timing
    from desktop.usecases.case_listing import case

    view = case(post.desk, asked.case)
    clocks, pauses = timing.clock_views(view), timing.pauses_of(post.desk, view.row.number)
    chosen = _chosen(clocks, asked.which)
    days = timing.days_of(post.desk, view.process, view.state, chosen.place)
    lines = [*_clock_lines(view, clocks), *_day_lines(chosen, days), *_pause_lines(pauses)]
    if asked.out:
        lines.append(_printed(post, view.row.number, chosen, Path(asked.out)))
    return Answer(lines, {"case": view.row.number, "clocks": clocks, "clock": chosen.place, "days": days,
                          "pauses": pauses, "notices": timing.clock_notices(post.desk, view)})


def _chosen(clocks: tuple[ClockView, ...], which: int | None) -> ClockView:
    """The clock that was asked for, else the tightest."""
    found = next((each for each in clocks if which in (None, each.place)), None)
    if found is None:
        places = "、".join(map(str, sorted(each.place for each in clocks)))
        raise Refusal(f"没有第 {which} 个时限，现有：{places}。", "which")
    return found


def _clock_lines(view: CaseView, clocks: tuple[ClockView, ...]) -> Iterator[str]:
    yield f"{view.row.number}  {view.row.kind}  {view.row.status}（◎ 最紧的一个）"
    rows = ((f"{'◎' if each.tightest else ''}{each.place}", each.source, each.label, each.measure,
             f"{each.used}/{each.allowed} {each.unit}", _due(each), each.level, each.mark)
            for each in sorted(clocks, key=lambda each: each.place))
    heads = ("", "来源", "时限", "口径", "已用/时限", "到期", "状态", "核验")
    yield from table(heads, rows, (4, 6, 18, 10, 14, 18, 10))


def _due(each: ClockView) -> str:
    if each.due_at is not None:
        return f"{each.due_at:%Y-%m-%d %H:%M}"
    return each.due.isoformat() if each.due else each.trouble or "停着，未定"


def _day_lines(clock: ClockView, days: tuple[DayView, ...]) -> Iterator[str]:
    yield f"第 {clock.place} 个时限“{clock.label}”逐日（依据：{clock.basis}，{clock.mark}）："
    rows = ((each.date, each.counted, each.why, _mark(each)) for each in days)
    yield from table(("日期", "计数", "怎么读", ""), rows, (12, 10, 24))
    for reading in dict.fromkeys(each.reading for each in days):
        rule = next(each for each in days if each.reading == reading)
        yield f"  {reading}：{rule.rule}（{rule.basis}，{rule.mark}）"


def _mark(each: DayView) -> str:
    marks = (("今天", each.today), ("到期", each.is_due), ("超期", each.late and each.n))
    return " ".join(word for word, holds in marks if holds)


def _pause_lines(pauses: tuple[PauseView, ...]) -> Iterator[str]:
    for each in pauses:
        state = "（已撤销）" if each.withdrawn else "（已更正）" if each.corrected else ""
        yield (f"暂停 {each.seq}：{each.since} 至 {each.end or '未恢复'}  {each.reason}  "
               f"批准 {each.allowed_by or '未写'}  凭据 {each.evidence or '未写'}{state}")


def _printed(post: Post, number: str, chosen: ClockView, out: Path) -> str:
    from desktop.usecases.papering import handed_out
    from desktop.usecases.timing import clock_paper

    post.prepare_fonts()
    write_file(out, handed_out(post.desk, clock_paper(post.desk, number, chosen.place).id))
    return f"时限说明已写到 {out}"


def correct_pause(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import timing

    given = texts(read_answers(asked.answers))
    timing.correct_pause(post.desk, asked.case, asked.pause, {name: str(value) for name, value in given.items()})
    pauses = timing.pauses_of(post.desk, asked.case)
    return Answer(["暂停已更正，各个时限随之重算。", *_pause_lines(pauses)], {"case": asked.case, "pauses": pauses})


def promise(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import timing

    try:
        timing.promise(post.desk, asked.case, asked.stage, asked.by, asked.reason)
    except Refusal as why:  # the log's name of the day, to, is elsewhere the stage that a case goes back to
        lacks = tuple(Missing(each.sentence, "by" if each.field == "to" else each.field) for each in why.missing)
        raise Refusal(why.sentence, why.field, lacks) from why
    line = f"工单 {asked.case}：已登记承诺，{asked.by} 前完成 {asked.stage}。"
    return Answer([line], {"case": asked.case, "stage": asked.stage, "by": asked.by})


def calendar(post: Post, asked: Namespace) -> Answer:
    """The years there are; what a year's file would bring; that year taken; its taking undone."""
    if asked.deed == "list":
        return _years(post)
    if asked.deed == "undo":
        return _undo(post, asked.file or "")
    if not asked.file:
        raise Refusal("请写明年度放假安排文件，如 yekuo calendar import 2027.json。", "file")
    return (_check if asked.deed == "check" else _import)(post, Path(asked.file))


def _years(post: Post) -> Answer:
    from desktop.usecases.calendaring import years

    found = years(post.desk)
    rows = ((each.year, each.off_days, each.extra_days, "暂定" if each.provisional else "已公布",
             "本厅导入" if each.own else "随程序", "；".join(each.papers)) for each in found)
    return Answer(table(("年", "放假", "调休上班", "安排", "来处", "依据"), rows, (6, 6, 10, 8, 10)), found)


def _check(post: Post, file: Path) -> Answer:
    from desktop.usecases.calendaring import preview

    seen = preview(post.desk, file, told_step("核对在办工单"))
    failed = f"{seen.year} 年的安排不能采用：{'；'.join(seen.faults)}。" if seen.faults else ""
    return Answer(_preview_lines(seen), seen, failed=failed)


def _preview_lines(seen: Preview) -> Iterator[str]:
    yield f"{seen.year} 年：放假 {seen.off_days} 天，调休上班 {seen.extra_days} 天；现在用的是{seen.instead_of}。"
    yield from (f"依据：{paper}" for paper in seen.papers)
    yield from (f"  不能采用：{fault}" for fault in seen.faults)
    yield from (f"  请核对：{remark}" for remark in seen.remarks)
    if seen.days:
        yield f"改动 {len(seen.days)} 天："
        changed = ((each.date, each.before, each.after) for each in seen.days)
        yield from table(("日期", "现在", "改为"), changed, (12, 14))
    yield f"到期日随之变动的在办工单：{len(seen.moves)} 张"
    moved: Iterator[tuple[Any, ...]] = ((each.number, each.before, each.after, each.customer) for each in seen.moves)
    yield from table(("工单", "现在", "改为", "户名"), moved, (18, 12, 12)) if seen.moves else ()


def _import(post: Post, file: Path) -> Answer:
    from desktop.usecases.calendaring import preview, take

    seen = preview(post.desk, file)
    done = take(post.desk, file, step=told_step("重算在办工单"))
    lines = [*_preview_lines(seen), f"已采用 {done.year} 年的工作日历，重算了 {done.moved} 张在办工单的到期日。"]
    return Answer(lines, {"year": done.year, "moved": done.moved, "kept": done.path, "preview": seen})


def _undo(post: Post, year: str) -> Answer:
    from desktop.usecases.calendaring import give_back, preview_return

    if not year.isdecimal():
        raise Refusal("请写明撤回哪一年的日历，如 yekuo calendar undo 2027。", "file")
    seen = preview_return(post.desk, int(year))
    done = give_back(post.desk, int(year), step=told_step("重算在办工单"))
    lines = [*_preview_lines(seen), f"已撤回 {done.year} 年的导入，重算了 {done.moved} 张在办工单的到期日。"]
    return Answer(lines, {"year": done.year, "moved": done.moved, "preview": seen})
