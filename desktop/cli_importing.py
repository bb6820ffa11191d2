"""Verbs for a hall's own ledger: bringing it in, and settling the rows that wait for a person."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, told_step

if TYPE_CHECKING:
    from desktop.usecases.adopting import Conflict
    from desktop.usecases.contract_keeping import ContractView
    from desktop.usecases.importing import ImportOutcome, WaitingRow

PAGE = 200


def import_contracts(post: Post, asked: Namespace) -> Answer:
    """The counts are the whole file's, then what this run changed. With --json: 导入, 导入待核, 退回 (every data row is
    one of them), 未变 (kept already, just so), and 本次: what this run brought in, set aside and gave back anew."""
    from desktop.usecases import importing

    returned = Path(asked.returned).absolute() if asked.returned else None
    done = importing.import_contracts(
        post.desk, Path(asked.file), returned=returned, step=told_step("导入合同台账"))
    lines = list(_count_lines(done))
    lines += [f"退回与待核的行已写到 {returned}"] if returned else []
    return Answer(lines, {**done.counts, "未变": done.unchanged, "本次": done.fresh})


def _count_lines(done: ImportOutcome) -> Iterator[str]:
    total = sum(done.counts.values())
    yield f"台账共 {total} 行：" + "，".join(f"{word} {count}" for word, count in done.counts.items()) + "。"
    told = "、".join(f"{word} {count}" for word, count in done.fresh.items())
    yield f"本次：{told}；与档案相同未变 {done.unchanged}。"
    waiting = total - done.unchanged - sum(done.fresh.values())
    if waiting:
        yield f"另有 {waiting} 行以前已经交人核定或退回，或与本文件上面的行相同。"
    if done.doubtful or done.returned:
        yield "等人核定的行：yekuo rows；合同的待核：yekuo contracts --json"


def import_cases(post: Post, asked: Namespace) -> Answer:
    """The counts are the whole file's. With --json: 导入, 导入待核, 退回, 未变 (every row is one of the four),
    `cases`: 申请编号 → 工单编号, and `skipped`: the rows that are none of a case, and why."""
    from desktop.usecases import case_importing

    returned = Path(asked.returned).absolute() if asked.returned else None
    done = case_importing.import_cases(
        post.desk, Path(asked.file), returned=returned, step=told_step("导入在办工单"))
    told = "，".join(f"{word} {count}" for word, count in done.counts.items())
    lines = [f"在办工单共 {sum(done.counts.values()) + done.unchanged} 行：{told}，已有不变 {done.unchanged}。"]
    lines += case_importing.skipped_lines(done.skipped)
    lines += [f"  {there} → {here}" for there, here in done.numbers.items()]
    lines += [f"退回与待核的行已写到 {returned}"] if returned else []
    return Answer(lines, {**done.counts, "未变": done.unchanged, "cases": dict(done.numbers),
                          "skipped": [{"sheet": row.sheet, "line": row.row, "why": row.why} for row in done.skipped]})


def rows(post: Post, asked: Namespace) -> Answer:
    """Rows that wait, oldest first; those at odds with a kept contract show both values."""
    found = list(_waiting(post, asked.limit))
    if not found:
        return Answer(["没有等人核定的行。"], each=())
    return Answer(_row_lines(found), each=(_row_data(*each) for each in found))


def _waiting(post: Post, limit: int | None) -> Iterator[tuple[WaitingRow, Conflict | None]]:
    from desktop.usecases.adopting import conflicts
    from desktop.usecases.importing import waiting_rows

    after = given = 0
    while page := waiting_rows(post.desk, after=after, limit=min(PAGE, (limit or PAGE + given) - given)):
        against = {each.id: each for each in conflicts(post.desk, after=after, limit=len(page))}
        yield from ((row, against.get(row.id)) for row in page)
        after, given = page[-1].id, given + len(page)
        if limit and given >= limit:
            return


def _row_lines(found: list[tuple[WaitingRow, Conflict | None]]) -> Iterator[str]:
    for row, conflict in found:
        yield f"{row.id}  {row.file_name} {row.sheet} 第 {row.row} 行  {row.result}  {row.key}"
        yield from (f"    {reason}" for reason in row.reasons)
        if conflict is not None:
            yield from (f"    {each.label}：档案 {each.kept}；台账 {each.said}" for each in conflict.differences)
            yield f"    采用新值：yekuo adopt-row {row.id} --note 依据；保留原值：yekuo keep-row {row.id} --note 依据"


def _row_data(row: WaitingRow, conflict: Conflict | None) -> dict[str, Any]:
    return {"row": row.id, "file": row.file_name, "sheet": row.sheet, "line": row.row, "key": row.key,
            "result": row.result, "reasons": row.reasons,
            "differences": conflict.differences if conflict else ()}


def adopt(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.adopting import adopt_row

    return _settled(adopt_row(post.desk, asked.row, asked.note), "已采用台账的新值")


def decline(post: Post, asked: Namespace) -> Answer:
    """A conflict is declined with both values logged; any other row is simply seen to."""
    from desktop.usecases.adopting import decline_row, is_conflict
    from desktop.usecases.importing import settle_row

    if is_conflict(post.desk, asked.row):
        return _settled(decline_row(post.desk, asked.row, asked.note), "已保留原值")
    settle_row(post.desk, asked.row, asked.note)
    return Answer([f"第 {asked.row} 号待核行已核销。"], {"row": asked.row})


def _settled(view: ContractView, word: str) -> Answer:
    row = view.row
    left = f"待核：{'；'.join(row.doubts)}" if row.doubts else "没有待核"
    return Answer([f"合同 {row.key}：{word}。截止 {row.ends_on or '不明'}，{left}。"],
                  {"number": row.key, "signed": row.signed_on, "starts": row.starts_on, "ends": row.ends_on,
                   "doubts": row.doubts})
