"""Verbs for contracts: the list, drawing up, signing, renewal, reminders, reports and exports."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, day, read_answers, table, texts, told_step, write_file
from desktop.cli_words import end_told, for_the_line

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseRow
    from desktop.usecases.contract_keeping import ContractView
    from desktop.usecases.desk import Desk


def contracts(post: Post, _asked: Namespace) -> Answer:
    from desktop.usecases.contract_listing import all_contracts

    rows = all_contracts(post.desk)
    shown = ("number", "account", "kind", "ends", "renewal", "state", "name")
    cells = (tuple(row[name] if row["active"] or name != "renewal" else "—" for name in shown) for row in rows)
    heads = ("合同编号", "户号", "种类", "截止", "续展", "状态", "户名")
    return Answer(table(heads, cells, (24, 16, 12, 10, 8, 10)), each=rows)


def contract(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import contracting

    drawn = contracting.draw_up(post.desk, asked.case)
    made = _printed(post.desk, drawn, Path(asked.out), loads_checked=asked.loads_checked)
    other = contracting.outdated(post.desk, asked.case) if drawn.printed_on else ()
    if not other:
        return made
    told = (f"{'、'.join(other)}后来改过，这份原件上还是原来的：要按现在的资料签订，"
            f"先作废（yekuo void {drawn.row.key} --reason 原因），再用 yekuo contract 重新起草、印制")
    return replace(made, lines=[*made.lines, f"请留意：{told}"], data={**made.data, "outdated": other})


def _printed(desk: Desk, drawn: ContractView, out: Path, *, loads_checked: bool = False) -> Answer:
    """Print the contract, or send the kept bytes again, to the file; and say what a careful reader would ask."""
    from desktop.usecases import contracting
    from desktop.usecases.contract_keeping import contract as contract_of
    from desktop.usecases.papering import paper_bytes

    number = drawn.row.key
    paper = contracting.print_contract(desk, number, loads_checked=loads_checked)
    path = write_file(out, paper_bytes(desk, paper.id))
    odd = [for_the_line(sentence) for _, sentence in contract_of(desk, number).notices or drawn.notices]
    done = f"已于 {drawn.printed_on} 印制，取回的是当时的原件" if drawn.printed_on else "已印制"
    return Answer([f"合同 {number} {done}：{path}", f"摘要 {paper.sha256}", *(f"请留意：{each}" for each in odd)],
                  {"number": number, "file": path, "sha256": paper.sha256, "paper": paper.id, "notices": odd})


def renew(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import renewing

    answers = texts(read_answers(asked.answers)) if asked.answers else None
    drawn = renewing.renew(post.desk, asked.number, answers=answers, early=asked.early or "")
    return _printed(post.desk, drawn, Path(asked.out))


def sign(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import signing

    facts = texts(read_answers(asked.answers))
    on = day(facts.pop("on", None) or post.desk.today, "on")
    side = signing.sign_customer if asked.side == "customer" else signing.sign_ours
    stood = _stood(side(post.desk, asked.number, facts, on))
    return replace(stood, lines=[*stood.lines, f"签署日期记为 {on}。"])  # left blank it is today's


def archive(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import signing

    return _stood(signing.archive(post.desk, asked.number, asked.box, asked.returned))


def _stood(view: ContractView) -> Answer:
    row = view.row
    span = f"，{row.starts_on} 至 {end_told(row.ends_on, row.renewal)}" if row.starts_on else ""
    return Answer([f"合同 {row.key}：{row.state}{span}。"],
                  {"number": row.key, "state": row.state, "signed": row.signed_on, "starts": row.starts_on,
                   "ends": row.ends_on, "signing": view.signing})


def supplement(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.contract_amending import supplement_account

    answers = texts(read_answers(asked.answers))
    supplement_account(post.desk, asked.number, answers, fill_only=not asked.replace)
    return Answer([f"“{asked.number}”的档案已补录 {len(answers)} 项。"],
                  {"number": asked.number, "fields": sorted(answers)})


def reminders(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import reminder_listing

    rows = reminder_listing.reminders(post.desk, limit=asked.limit)
    lines = table(("程度", "事项", "期限", "编号", "户名", "说明"), (
        (row.urgency.word, row.word, row.due_on or "不明", row.number, row.title, row.detail) for row in rows),
        (6, 14, 10, 24, 30))
    return Answer([_reminders_told(post.desk), *(lines if rows else ())], each=rows)


def _reminders_told(desk: Desk) -> str:
    """How many matters wait; once by how urgent they are, and the same ones again by what they are."""
    from desktop.usecases.reminder_listing import counts

    counted = {word: count for word, count in counts(desk).items() if count}
    if not (whole := counted.pop("合计", 0)):
        return "今天没有要提醒的事项。"
    urgencies = {urgency.word for urgency in desk.catalog.ladder.urgencies.values()}
    ways = ([f"{word} {count}" for word, count in counted.items() if (word in urgencies) is urgent]
            for urgent in (True, False))
    by_urgency, by_kind = map("、".join, ways)
    return f"共 {whole} 项。按程度：{by_urgency}。按事项：{by_kind}。"


def report(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import reporting

    done = reporting.report(post.desk, asked.name, month=asked.month, out=Path(asked.out), step=told_step("生成报表"))
    return Answer([f"{done.title}：{done.rows} 行，已写到 {done.path.absolute()}"], done)


def export(post: Post, asked: Namespace) -> Answer:
    """A whole list as a workbook: names and 户号 as they are, IDs and phones never."""
    from desktop.usecases.reporting import export_rows

    title, columns, rows = _LISTS[asked.list](post.desk)
    done = export_rows(post.desk, title, columns, rows, Path(asked.out), step=told_step("导出"))
    return Answer([f"{done.title}：{done.rows} 行，已写到 {done.path.absolute()}"], done)


List = tuple[str, Sequence[Any], Iterator[tuple[Any, ...]]]


def _contract_list(desk: Desk) -> List:
    from datetime import date

    from desktop.usecases.contract_listing import all_contracts
    from desktop.usecases.reporting import Column

    columns = (Column("number", "合同编号", "identifier", 26), Column("account", "户号", "identifier", 18),
               Column("name", "户名", "text", 34), Column("kind", "种类", "text", 14),
               Column("signed", "签订日", "date", 12),
               Column("starts", "起始日", "date", 12), Column("ends", "截止日", "date", 12),
               Column("renewal", "续展方式", "text", 12), Column("state", "状态", "text", 12),
               Column("doubts", "待核", "text", 40))
    days = ("signed", "starts", "ends")
    rows = (tuple(date.fromisoformat(row[c.name]) if c.name in days and row[c.name] else
                  "；".join(row[c.name]) if c.name == "doubts" else row[c.name] for c in columns)
            for row in all_contracts(desk))
    return "合同清单", columns, rows


def _case_list(desk: Desk) -> List:
    from desktop.cli_cases import every_case
    from desktop.usecases.case_listing import CaseFilter
    from desktop.usecases.reporting import Column

    columns = (Column("number", "工单编号", "identifier", 18), Column("customer", "户名", "text", 34),
               Column("kind", "业务", "text", 18), Column("address", "用电地址", "text", 40),
               Column("capacity", "合同容量", "number", 10), Column("running", "运行容量", "number", 10),
               Column("unit", "单位", "text", 6), Column("stage", "环节", "text", 20),
               Column("status", "状态", "text", 10), Column("due_on", "到期", "date", 12),
               Column("owner", "经办人", "text", 10), Column("accepted_on", "受理日", "date", 12))
    rows = (tuple({**vars(row), **_figures(row)}[c.name] for c in columns) for row in every_case(desk, CaseFilter()))
    return "工单清单", columns, rows


def _figures(row: CaseRow) -> dict[str, Any]:
    """Both capacities as numbers, to be summed up, and the unit that they share."""
    return dict(zip(("capacity", "running", "unit"), row.figures, strict=True))


def _reminder_list(desk: Desk) -> List:
    from desktop.usecases.reminder_listing import reminders
    from desktop.usecases.reporting import Column

    columns = (Column("urgency", "程度", "text", 8), Column("word", "事项", "text", 16),
               Column("due_on", "期限", "date", 12),
               Column("number", "编号", "identifier", 26), Column("title", "户名", "text", 34),
               Column("detail", "说明", "text", 50), Column("handler", "经办人", "text", 10))
    rows = ((row.urgency.word, row.word, row.due_on, row.number, row.title, row.detail, row.handler)
            for row in reminders(desk))
    return "提醒清单", columns, rows


_LISTS = {"contracts": _contract_list, "cases": _case_list, "reminders": _reminder_list}
