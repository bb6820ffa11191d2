"""Verbs for cases: acceptance, stages, the list and one case whole."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, day, out_folder, read_answers, table, texts, word_of, write_file
from desktop.cli_application import application, unread, with_ways
from desktop.cli_words import by_flag, label_of, lack_lines, named
from desktop.errors import Missing, Refusal

if TYPE_CHECKING:
    from desktop.domain.case import CaseState
    from desktop.usecases.case_listing import CaseFilter, CaseRow, CaseView
    from desktop.usecases.desk import Desk
    from desktop.usecases.papering import PaperView

# The chips of the window's list, by the names that a filter has for them.
DUE = {"今天到期": "today", "超期": "overdue", "等客户": "paused"}
WAITS = {"待我审批": "approval", "等我接收": "handover", "容缺": "promise"}
DEEDS = ("done", "sent_back", "paused", "resumed", "ended")


def accept(post: Post, asked: Namespace) -> Answer:
    from desktop.domain.material import Way
    from desktop.usecases import intake, recognising

    given = read_answers(asked.answers) | ({"applied_on": asked.on.isoformat()} if asked.on else {})
    brought = application(post.desk, given)
    refused = brought.way == Way.REFUSED
    twice = recognising.duplicates(post.desk, brought)
    try:
        done = intake.decline(post.desk, brought, word_of(given, "reason")) if refused else intake.accept(
            post.desk, brought)
    except Refusal as why:
        raise with_ways(post.desk, brought, why) from why
    promised = [f"  {each.due:%Y-%m-%d}  {each.label}（{each.days} 个工作日，{each.note}"
                f"{'，' + each.mark if each.mark == '待核验' else ''}）" for each in done.promises]
    papers = [f"  {each.title}" for each in done.papers]
    data = {"case": done.case_number, "promises": done.promises, "papers": done.papers, "notices": done.notices,
            "duplicates": twice}
    word = "不予受理已登记" if refused else "已受理"
    told = [f"{word}，工单编号 {done.case_number}", *(() if refused else ("承诺时限：", *promised))]
    told += ["已生成文书：", *papers] if papers else []
    told += [f"文书没有做成：{done.paper_trouble}"] if done.paper_trouble else []
    told += [] if refused else _promised_papers(post.desk, done.case_number)
    told += ["请留意：", *lack_lines(done.notices)] if done.notices else []
    told += [f"这份申请用不到、没有登记的资料：{'、'.join(spare)}"] if (spare := unread(post.desk, brought)) else []
    told += ["可能重复，请核对：", *(f"  {each.kind} {each.number}：{each.why}" for each in twice)] if twice else []
    return Answer([*told, *_written(post.desk, done.papers, asked.out)], data)


def _promised_papers(desk: Desk, number: str) -> list[str]:
    """What the customer still has to bring, and until when."""
    from desktop.usecases.collecting import sheets

    waits = [sheet for sheet in sheets(desk, number) if sheet.open]
    told = [f"  {sheet.code} {sheet.name}，{sheet.due_on} 前，由{sheet.supplier}提供" for sheet in waits]
    return ["客户待补的资料（补交用 yekuo supply）：", *told] if told else []


def copy(post: Post, asked: Namespace) -> Answer:
    """The answers of a new application that begins as a copy, to be completed and given to `yekuo accept`. Numbers of
    papers and phones are hidden; whole only for a reason, which the case's log keeps."""
    from desktop.usecases.copying import copy_of
    from desktop.usecases.transcribing import note_reveal

    begun = copy_of(post.desk, asked.case, asked.kind)
    answers = masked(begun.answers)
    if asked.reason is not None:
        note_reveal(post.desk, asked.case, asked.reason)
        answers = dict(begun.answers)
    elif hidden := [name for name, value in begun.answers.items() if answers[name] != value]:
        fields = "、".join(named(label_of(name), name) for name in hidden)
        print(f"已遮住：{fields}。填全以后才能受理；要照原样写出，请加 --reason 原因（记入办理记录）。",
              file=sys.stderr)
    data = {"kind": begun.kind, "customer_id": begun.customer_id, "answers": answers}
    return Answer([json.dumps(data, ensure_ascii=False, indent=2)], data)


def ladder(post: Post, asked: Namespace) -> Answer:
    """What the other system asks of a case, in its order. Whole only for a reason, which the case's log keeps."""
    from desktop.usecases.transcribing import ladder_of, note_copying

    found = ladder_of(post.desk, asked.case)
    if asked.reason is not None:
        if not asked.reason.strip():
            raise Refusal("请写明为什么要写全，如“营销2.0 在另一台电脑上录入”。", "reason")
        note_copying(post.desk, asked.case, asked.reason.strip())
    whole = asked.reason is not None
    rows = [{"field": step.field, "label": step.label, "value": step.value if whole or not step.masked else step.shown,
             "code": step.code} for step in found.steps]
    lines = [f"工单 {found.case_number}  {found.customer}  照录到{found.system}"
             f"{'' if found.verified else '（次序待核验）'}", *_rungs(rows)]
    lines += [] if whole or not any(step.masked for step in found.steps) else [
        "证件号码、电话已遮住；要写全请加 --reason 原因（记入办理记录）。"]
    lines += [f"{found.number_label}：{found.noted or '还没有登记，录好后用 yekuo numbers 登记'}"]
    return Answer(lines, {"case": found.case_number, "system": found.system, "steps": rows, "noted": found.noted})


def _rungs(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """A list of several rows stands below its label, as it is pasted."""
    for at, row in enumerate(rows, start=1):
        code = f"（代码 {row['code']}）" if row["code"] else ""
        told = "\n      ".join(["", *row["value"].split("\n")]) if "\t" in row["value"] else row["value"]
        yield f"{at:>4}  {row['label']}：{told}{code}"


def _written(desk: Desk, papers: Sequence[PaperView], folder: str | None) -> list[str]:
    """The papers as files in `folder`, where one was named."""
    from desktop.usecases.papering import handed_out

    if folder is None:
        return []
    place = out_folder(folder)
    for paper in papers:
        write_file(place / f"{paper.title}.pdf", handed_out(desk, paper.id))
    return [f"文书在 {place}"]


def stage(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.casework import DEEDS as WORDS
    from desktop.usecases.casework import record

    facts = texts(read_answers(asked.answers)) if asked.answers else {}
    said = {name: getattr(asked, name) for name in (
        "reason", "explanation", "to", "evidence", "allowed_by", "until")}
    facts |= {name: str(value) for name, value in said.items() if value is not None}
    written = facts.pop("claimed_on", None)
    claimed = asked.on or written
    try:
        now = record(post.desk, asked.case, asked.stage, asked.deed, facts,
                     claimed_on=day(claimed, "claimed_on") if claimed else None)
    except Refusal as why:
        raise _with_example(post.desk, asked.case, asked.stage, why) from why
    due = f"，应于 {now.due:%Y-%m-%d} 前完成" if now.due else ""
    going = "、".join(each.name for each in now.stages if each.id in now.current)
    line = f"工单 {asked.case}：{asked.stage} 已登记为{WORDS[asked.deed]}。"
    line += f"现在{_standing(post.desk, asked.case, now)}{due}。"
    line += f"合同 {now.voided} 没有签署，已随工单作废。" if now.voided else ""
    data = {"case": asked.case, "stage": asked.stage, "deed": asked.deed, "status": now.status,
            "current": now.current, "due": now.due, "void": now.voided}
    return Answer([line, *([f"进行中的环节：{going}"] if going else [])], data)


def _standing(desk: Desk, number: str, now: CaseState) -> str:
    """The case's status; where it waits in a stage of the customer's own, that nobody paused it."""
    from desktop.usecases.case_listing import case

    own = case(desk, number).process.stage(now.pause.stage) if now.pause else None
    if now.pause is None or own is None or not own.timed_by_customer or now.pause.allowed_by:
        return str(now.status)
    return f"等客户：“{own.name}”由客户自己办，不算我方时限，不用登记恢复"


def _with_example(desk: Desk, number: str, stage: str, why: Refusal) -> Refusal:
    """A refusal for what the stage's form lacks, with where its example is to be had."""
    from desktop.usecases.case_listing import case
    from desktop.usecases.casework import stage_named

    if any(lack.field == "survey_items" for lack in why.missing):
        told = f"这张工单的勘查清单见 yekuo survey {number}；合它的样例见 yekuo example stage {stage} --case {number}"
        return Refusal(why.sentence, why.field, (*why.missing, Missing(told)))
    if not any("缺少必填内容" in lack.sentence for lack in why.missing):
        return why
    process = case(desk, number).process
    told = f"样例见 yekuo example stage {stage_named(process, stage).id} --case {number}"
    return Refusal(why.sentence, why.field, (*why.missing, Missing(told)))


def numbers(post: Post, asked: Namespace) -> Answer:
    """Note what 营销2.0 gave; a number that is not told stays."""
    from desktop.usecases.casework import set_outside_numbers

    given = texts(read_answers(asked.answers)) if asked.answers else {}
    flags = {"yx_application": asked.application, "yx_account": asked.account, "yx_contract": asked.contract}
    said = {name: value for name, value in flags.items() if value is not None}
    try:
        kept = set_outside_numbers(post.desk, asked.case, {**given, **said})
    except Refusal as why:
        raise by_flag(why, {name: f"--{name.removeprefix('yx_')}" for name in said}) from why
    words = {"yx_application": "申请编号", "yx_account": "户号", "yx_contract": "合同编号"}
    told = "，".join(f"{word} {kept[name] or '—'}" for name, word in words.items())
    return Answer([f"工单 {asked.case} 的营销2.0 编号：{told}。"], {"case": asked.case, **kept})


def cases(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.case_listing import CaseFilter

    chosen = CaseFilter(text=asked.text or "", status=asked.status or "", due=DUE.get(asked.due, ""), mine=asked.mine,
                        open_only=asked.open, post=asked.post, stage=(asked.stage or "").upper(),
                        waits=WAITS.get(asked.waits, ""))
    rows = every_case(post.desk, chosen)
    limited = islice(rows, asked.limit) if asked.limit else rows
    heads = ("编号", "业务", "状态", "到期", "环节", "户名")
    return Answer(table(heads, _case_cells(limited), (16, 14, 6, 10, 24)), each=limited)


def every_case(desk: Desk, chosen: CaseFilter) -> Iterator[CaseRow]:
    """All cases of a filter, page by page."""
    from desktop.usecases.case_listing import cases

    after = None
    while True:
        page = cases(desk, chosen, after, 500)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def _case_cells(rows: Iterable[CaseRow]) -> Iterator[tuple[object, ...]]:
    return ((row.number, row.kind, row.status, row.due_on, row.stage, row.customer) for row in rows)


def case(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import case_listing

    view = case_listing.case(post.desk, asked.case)
    notices = case_listing.case_notices(post.desk, view)
    verbs = (*_next_verbs(view), *_inspection_verbs(post.desk, view))
    return Answer(_case_lines(view, verbs, notices), _case_data(view) | {"notices": notices})


def _case_data(view: CaseView) -> dict[str, Any]:
    return {
        "case": view.row, "answers": masked(view.answers), "promises": view.promises, "stages": view.state.stages,
        "log": view.log, "materials": view.materials, "scheme": view.schemes[-1].facts if view.schemes else None,
        "contract": view.contract_number, "papers": view.papers, "missing_next": view.missing_next,
    }


def masked(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are shown: IDs and phones hidden but for their ends."""
    from desktop.domain.field import FIELDS, show

    return {name: show(name, value, masked=True) if name in FIELDS and FIELDS[name].masked else value
            for name, value in answers.items()}


def _next_verbs(view: CaseView) -> Iterator[str]:
    """How what is going is carried on from here."""
    number = view.row.number
    for stage in (view.process.stage(each) for each in view.state.current):
        if stage.done_by == "done":
            file = f"{stage.id}.json"
            fill = f"yekuo example stage {stage.id} --case {number} > {file}，照着改好，再 " if stage.required else ""
            given = f" --answers {file}" if stage.required else ""
            yield f"办理{stage.name}：{fill}yekuo stage {number} {stage.id} --done{given}"
        elif view.contract_number and not _is_draft(view):
            yield (f"办理{stage.name}：yekuo sign {view.contract_number} --side customer（再 ours）"
                   "--answers 签署.json，样例见 yekuo example sign customer")
        else:
            yield f"办理{stage.name}：yekuo contract {number} --out 合同.pdf"


def _is_draft(view: CaseView) -> bool:
    """Whether the case's contract was drawn up and not printed, as where its printing was refused."""
    from desktop.domain.caselog import What

    return next((each.what for each in reversed(view.log) if each.what.startswith("contract_")), "") == (
        What.CONTRACT_DRAWN)


def _inspection_verbs(desk: Desk, view: CaseView) -> Iterator[str]:
    """The rounds of what is to be inspected now: handed in by the customer, then judged."""
    from desktop.domain.case import Phase
    from desktop.usecases.inspecting import rounds

    number = view.row.number
    here = {stage.id for stage in view.process.stages
            if view.state.stage(stage.id).state not in (Phase.NOT_HERE, Phase.UNDECIDED)}
    for kind in desk.rules_of(view.process.release).inspections.kinds:
        if here & set(kind.stages) and set(view.state.current) & {*kind.stages, *kind.customer}:
            waits = next((row for row in rounds(desk, number, kind.id) if not row.result), None)
            told, verb, of, file = (
                (f"出{kind.name}第 {waits.round} 轮意见单", "conclude", "conclusion", "意见单.json") if waits else
                (f"登记{kind.submission}", "submit", f"submission {kind.id} --case {number}", "报验.json"))
            yield (f"{told}：yekuo example {of} > {file}，照着改好，再 "
                   f"yekuo {verb} {number} {kind.id} --answers {file}")


def _case_lines(view: CaseView, verbs: Sequence[str], notices: tuple[Missing, ...]) -> Iterator[str]:
    row = view.row
    yield f"{row.number}  {row.kind}  {row.customer}  {view.capacity}  {row.status}"
    yield f"受理 {row.accepted_on}  到期 {row.due_on or '—'}  {row.level}  合同 {view.contract_number or '—'}"
    yield from table(("环节", "名称", "状态", "到期", "完成"), (
        (each.id, each.name, each.state, each.due, f"{'至迟 ' if each.undated else ''}{each.done_on or ''}")
        for each in view.state.stages), (6, 20, 8, 10))
    if view.missing_next:
        yield "下一步还缺："
        yield from lack_lines(view.missing_next)
    yield from verbs
    if notices:
        yield "请留意："
        yield from lack_lines(notices)
    for paper in view.papers:
        yield f"文书：{paper.title}（{paper.made_at:%Y-%m-%d %H:%M}）"
