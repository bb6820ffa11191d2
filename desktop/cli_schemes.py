"""Verbs for survey and scheme: the checklist, weighing, approval, versions, opinion, extension, works, papers."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, read_answers, table, texts, write_file
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.domain.approval import Round
    from desktop.usecases.answering import SchemeStory
    from desktop.usecases.correcting import Correctness

PAPERS = ("survey", "reply", "extension", "review")


def survey(post: Post, asked: Namespace) -> Answer:
    """Appoint the survey where a day is named; else the checklist as the answers of its stage."""
    from desktop.usecases.surveying import appoint_survey, checklist_of

    if bool(asked.on) != bool(asked.by):
        raise Refusal("预约勘查要同时写日期（--on）和勘查人（--by）。", "by")
    if asked.on:
        appoint_survey(post.desk, asked.case, asked.on, asked.by, note=asked.note or "")
        return Answer([f"工单 {asked.case}：勘查约在 {asked.on.isoformat()}，勘查人 {asked.by}。"],
                      {"case": asked.case, "on": asked.on, "by": asked.by})
    rows = checklist_of(post.desk, asked.case)
    cells = ((row["item"], row["question"], row["answer"], row["note"]) for row in rows)
    return Answer(table(("编号", "项目", "结论", "情况"), cells, (6, 60, 8)), {"survey_items": rows})


def correct(post: Post, asked: Namespace) -> Answer:
    """Correct the application; without a reason, what may be corrected and what was."""
    from desktop.usecases import correcting

    if asked.reason is None:
        return _correctness(asked.case, correcting.correctness(post.desk, asked.case))
    change = texts(read_answers(asked.answers)) if asked.answers else {}
    if asked.surveyed:
        change = {**change, "loads": list(correcting.correctness(post.desk, asked.case).found)}
    made = correcting.correct(post.desk, asked.case, change, reason=asked.reason, asked_by=asked.by or "",
                              claimed_on=asked.on)
    lines = [f"工单 {asked.case}：申请已更正，原来的内容保留在办理记录里。",
             *(f"  {each.label}：{each.before} → {each.after}" for each in made.correction.changes),
             *(f"  另须资料：{name}" for name in made.papers), *(f"  承诺日期 {told}" for told in made.dates),
             *(f"  请留意：{each.sentence}" for each in made.notices)]
    return Answer(lines, {"case": asked.case, "changes": made.correction.changes, "papers": made.papers,
                          "dates": made.dates, "notices": made.notices})


def _correctness(case: str, found: Correctness) -> Answer:
    may = "、".join(f"{_label(name)}（{name}）" for name in found.fields)
    lines = [f"工单 {case} 现在可以更正：{may or '没有'}"]
    lines += ["写法：答案文件里要更正的各项和新的值，如 " + json.dumps({found.fields[0]: "新的值"}, ensure_ascii=False)
              + f"；样例见 yekuo example correct --case {case}；再加 --reason、--by 登记"] if may else []
    for each in found.made:
        lines += [f"{each.on} {each.asked_by}：{each.reason}（{each.clerk}）",
                  *(f"  {change.label}：{change.before} → {change.after}" for change in each.changes)]
    return Answer(lines, {"case": case, "fields": found.fields, "corrections": found.made, "first": found.first})


def weigh(post: Post, asked: Namespace) -> Answer:
    """What the rules say of a scheme, and what the load proposes."""
    from desktop.usecases import weighing

    facts = weighing.stated(texts(read_answers(asked.answers)) if asked.answers else {})
    faults = weighing.unanswerable(post.desk, asked.case, facts)
    found = weighing.weigh(post.desk, asked.case, facts)
    proposed = weighing.propose(post.desk, asked.case, facts)
    lines = [f"{v.result}  {v.name}：{v.why}（{v.basis}，{v.mark}）" for v in found]
    lines += [f"不能答复：{each.sentence}" for each in faults]
    lines += ["按负荷的建议值："] if proposed else []
    lines += [f"  {_label(p.field)} {_told(p.value)}（{p.why}）" for p in proposed]
    return Answer(lines, {"verdicts": [v.kept() for v in found], "faults": faults,
                          "proposal": {p.field: p.value for p in proposed}})


def _label(name: str) -> str:
    from desktop.domain.field import field

    return field(name).label


def _told(value: Any) -> str:
    return value if isinstance(value, str) else "；".join(" ".join(row.values()) for row in value)


def submit(post: Post, asked: Namespace) -> Answer:
    from desktop.cli_words import for_the_line
    from desktop.usecases.approving import submit_scheme, unmanned

    last = submit_scheme(post.desk, asked.case, texts(read_answers(asked.answers)), on=asked.on)
    told = _round(asked.case, last)
    missing = unmanned(post.desk, post.desk.catalog.release, last)
    return Answer([*told.lines, *([for_the_line(missing)] if missing else [])], told.data)


def _round(case: str, last: Round) -> Answer:
    from desktop.domain.verdict import Result

    rows = ((each.post or "规则", each.word, each.by, each.opinion, each.rule) for each in last.asked)
    lines = [f"工单 {case} 的方案第 {last.number} 次提交：{last.word}",
             *table(("岗位", "意见", "审批人", "说明", "路由"), rows, (10, 8, 10, 20))]
    lines += [f"不符：{v['name']}，{v['why']}（{v['basis']}，{v['mark']}）" for v in last.verdicts
              if v["result"] == Result.FAILED]
    if last.waits:
        lines += [f"待审的岗位各自办理：yekuo --clerk 工号 approve {case} --opinion 同意（不同意的写 --refuse 原因）"]
    return Answer(lines, {"case": case, "round": last.number, "state": last.word, "asked": last.asked})


def approvals(post: Post, asked: Namespace) -> Answer:
    """待我审批: what waits for the post of the clerk."""
    from desktop.usecases.approving import waiting_for

    rows = waiting_for(post.desk, limit=asked.limit)
    cells = ((row.number, row.post, row.due_on, row.asked_by, row.customer, row.rule) for row in rows)
    return Answer(table(("工单", "岗位", "期限", "提交", "户名", "路由"), cells, (16, 10, 12, 10, 24)), each=rows)


def approve(post: Post, asked: Namespace) -> Answer:
    """Agree, refuse with a reason, or take the submission back."""
    from desktop.usecases.approving import agree, disagree, recall_scheme

    if asked.recall is not None:
        return _round(asked.case, recall_scheme(post.desk, asked.case, asked.recall))
    if asked.refuse is not None:
        return _round(asked.case, disagree(post.desk, asked.case, asked.refuse, post=asked.post or "", on=asked.on))
    return _round(asked.case, agree(post.desk, asked.case, asked.opinion or "", post=asked.post or "", on=asked.on))


def scheme(post: Post, asked: Namespace) -> Answer:
    """The versions of a case's scheme, its term and its approval."""
    from desktop.usecases.answering import story

    told = story(post.desk, asked.case)
    if told is None:
        raise Refusal("这种业务没有供电方案。", "case")
    rounds = [{"round": each.number, "state": each.word, "asked": each.asked} for each in told.rounds]
    return Answer(_story(asked.case, told), {
        "case": asked.case, "versions": told.versions, "term": told.term, "void": told.is_void,
        "warning": told.warning, "rounds": rounds})


def _story(case: str, told: SchemeStory) -> Iterator[str]:
    yield f"工单 {case} 的供电方案：{len(told.versions)} 版" + ("，已作废" if told.is_void else "")
    if told.term is not None:
        begun = f"，{told.term.started_on} 开工" if told.term.started_on else ""
        yield f"有效期到 {told.term.until}{begun}"
    for version in told.versions:
        why = f"：{version.why}（{version.asked_by}；费用 {version.cost}；工期 {version.days}）" if version.why else ""
        yield f"第 {version.revision} 版 {version.answered_on} 答复{why}"
        yield from (f"  {each.label}：{each.before} → {each.after}" for each in version.changes)
        if version.opinion:
            yield f"  客户{version.opinion.word} {version.opinion.text} {version.opinion.signed_by}"
    for last in told.rounds[-1:]:
        yield f"审批：{last.word}"
    if told.warning:
        yield told.warning


def change(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.answering import change_scheme

    warning = change_scheme(post.desk, asked.case, reason=asked.reason, asked_by=asked.by, cost=asked.cost,
                            days=asked.days, claimed_on=asked.on)
    lines = [f"工单 {asked.case}：方案可以修改后重新答复，原来的版本保留。", *([warning] if warning else [])]
    return Answer(lines, {"case": asked.case, "warning": warning})


def opinion(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.answering import note_opinion

    note_opinion(post.desk, asked.case, asked.word, signed_by=asked.signed_by, text=asked.text or "",
                 signed_on=asked.on)
    return Answer([f"工单 {asked.case}：已登记客户{asked.word}，{asked.signed_by} 签收。"],
                  {"case": asked.case, "opinion": asked.word})


def extend(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.answering import extend_scheme

    now = extend_scheme(post.desk, asked.case, asked.until, reason=asked.reason, asked_on=asked.on)
    return Answer([f"工单 {asked.case}：方案有效期延到 {now.until.isoformat()}。"], {"case": asked.case, "term": now})


def works(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.answering import note_works

    now = note_works(post.desk, asked.case, asked.on)
    told = f"工单 {asked.case}：{asked.on.isoformat()} 开工，方案持续有效。"
    return Answer([told], {"case": asked.case, "term": now})


def paper(post: Post, asked: Namespace) -> Answer:
    """One of the papers of survey and scheme, kept with the case and written to a file."""
    from desktop.usecases import scheme_papers
    from desktop.usecases.papering import handed_out

    make = {"survey": scheme_papers.make_survey_sheet, "reply": scheme_papers.make_reply,
            "extension": scheme_papers.make_extension, "review": scheme_papers.make_review}[asked.which]
    made = make(post.desk, asked.case)
    path = write_file(Path(asked.out), handed_out(post.desk, made.id))
    return Answer([f"{made.title} 已写到 {path}"], {"case": asked.case, "paper": made, "file": str(path)})
