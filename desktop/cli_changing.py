"""Verbs for changes of use: an account as it stands, and the paper that a change's contract asks for."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, read_answers, table, texts, write_file
from desktop.cli_words import end_told
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.usecases.account_viewing import AccountFile
    from desktop.usecases.desk import Desk
    from desktop.usecases.metering import MeterRow


def account(post: Post, asked: Namespace) -> Answer:
    """One account whole by its 户号, as its page shows it; else those that answer to what was said."""
    from desktop.usecases import account_viewing, standing

    hits = standing.accounts_like(post.desk, asked.text, 20)
    exact = asked.text.strip() in [hit.number for hit in hits]
    if not hits:
        raise Refusal(f"没有户号、户名、拼音首字母或电话尾号为“{asked.text}”的用电户。请核对；"
                      "本程序里还没有的户，先导入合同台账建档（yekuo import-contracts）。", "text")
    if len(hits) < 2 or exact:
        found = account_viewing.account_file(post.desk, asked.text if exact else hits[0].number)
        return Answer(list(_lines(found)), _data(found))
    return Answer(table(("户号", "户名", "用电地址"), ((h.number, h.customer, h.address) for h in hits), (16, 30)),
                  {"accounts": hits})


def _lines(found: AccountFile) -> Iterator[str]:
    view = found.view
    yield f"{view.number}  {view.customer}  {view.address}  {view.standing.status}"
    yield (f"合同容量 {view.contract_capacity or '—'}  运行容量 {view.running_capacity or '—'}"
           f"  电压 {view.standing.voltage or '—'}")
    yield from _identity(found)
    yield from _holds(found)
    kept = view.contract
    yield f"合同 {kept.key}  {kept.kind}  至 {end_told(kept.ends_on, kept.renewal)}" if kept else "没有履行中的合同"
    for each in found.contracts:
        if kept is None or each.key != kept.key:
            yield f"其他合同 {each.key}  {each.kind}  {each.state}  {each.starts_on or '—'} 至 {each.ends_on or '—'}"
    for case in found.cases:
        word = "工单" if case.closed_on else "在办工单"
        yield f"{word} {case.number}（{case.kind}）{case.status}，{case.accepted_on} 受理"
    yield from map(_transformer, found.transformers.rows)
    yield from [found.transformers.doubt] * bool(found.transformers.doubt)
    yield from map(_meter, found.meters)
    yield f"待缴业务费 {found.owed:,.2f} 元" if found.owed else "没有待缴的业务费"
    for head, changes in (("可以办理的变更：", [each for each in found.possible if not each.reason]),
                          ("现在不能办理的变更：", [each for each in found.possible if each.reason])):
        yield from (head,) if changes else ()
        yield from (f"  {each.pad} {each.name}{'：' if each.reason else ''}{each.reason}" for each in changes)


def _identity(found: AccountFile) -> Iterator[str]:
    known = found.view.standing.known
    told = (("证件", f"{found.id_kind} {found.id_number}".strip()), ("电话", found.phone),
            ("原名", "、".join(found.former_names)), ("用电性质", known.get("usage_nature", "")),
            ("电价类别", known.get("price_class", "")), ("计量装置位置", known.get("metering_point", "")))
    if line := "  ".join(f"{name} {value}" for name, value in told if value):
        yield line


def _holds(found: AccountFile) -> Iterator[str]:
    for hold in found.view.standing.holds:
        ends = f"，{hold.restored_on} 恢复" if hold.restored_on else f" 至 {hold.until or '恢复'}"
        yield f"{hold.kind} {hold.kva.normalize():f} kVA：{hold.since} 起{ends}（工单 {hold.case}）"
    for each in found.years:
        yield f"{each.year} 年{each.kind}累计 {each.total}"


def _transformer(each: Mapping[str, str]) -> str:
    place = " ".join(filter(None, (each.get("point"), each.get("model"))))
    return f"受电变压器 {place}  {each.get('kva', '')} kVA × {each.get('count', '')} 台".replace("  ", " ")


def _meter(each: MeterRow) -> str:
    gone = f"，{each.removed_on} {each.removal_reason}" if each.removed_on else "，挂着"
    return f"表计 {each.serial}  {each.point}  综合倍率 {each.multiplier.normalize():f}  {each.installed_on} 装{gone}"


def _data(found: AccountFile) -> dict[str, Any]:
    view, stands = found.view, found.view.standing
    return {
        "number": view.number, "customer": view.customer, "address": view.address, "status": stands.status,
        "voltage": stands.voltage, "contract_capacity": view.contract_capacity,
        "running_capacity": view.running_capacity, "holds": stands.holds, "contract": view.contract,
        "open_cases": stands.open_cases, "id_kind": found.id_kind, "id_number": found.id_number, "phone": found.phone,
        "former_names": found.former_names, "years": [
            {"year": each.year, "kind": each.kind, "months": each.total.months, "days": each.total.days}
            for each in found.years],
        "contracts": found.contracts, "cases": found.cases, "meters": found.meters,
        "transformers": found.transformers.rows, "owed": found.owed,
        "possible": found.possible,
    }


def change_paper(post: Post, asked: Namespace) -> Answer:
    """The 确认单, 补充协议 or 终止协议 of a change, made and kept, and written to a file."""
    from desktop.usecases import confirming
    from desktop.usecases.papering import handed_out

    paper = confirming.make_change_paper(post.desk, asked.case)
    path = write_file(Path(asked.out), handed_out(post.desk, paper.id))
    return Answer([f"{paper.title} 已生成，写到 {path}；客户签署后登记“变更文书签署”环节。"],
                  {"case": asked.case, "paper": paper})


def register_contract(post: Post, asked: Namespace) -> Answer:
    """A contract that was signed on the company's own paper, as there is no text of its kind here."""
    from desktop.usecases import contracting

    view = contracting.register_paper(post.desk, asked.case, texts(read_answers(asked.answers)))
    row = view.row
    return Answer([f"合同 {row.key} 已登记：{row.kind_name}，{row.starts_on} 至 {row.ends_on or '不定期'}。"],
                  {"case": asked.case, "number": row.key, "kind": row.kind_name, "starts": row.starts_on,
                   "ends": row.ends_on, "predecessor": view.predecessor})


def with_what_is_known(desk: Desk, kind: str, answers: dict[str, Any], came: date | None = None) -> dict[str, Any]:
    """The answers to a change of use of that day (None: today), with what its account answers by itself: nobody types
    it again."""
    from desktop.usecases import changing
    from desktop.usecases.intake import process_of
    from desktop.usecases.standing import account as account_of

    process = process_of(desk, kind, came)
    number = str(answers.get("yx_account") or "")
    if not (number and changing.begins_from_account(process)):
        return answers
    try:
        known = changing.first_answers(process, account_of(desk, number))
    except Refusal:
        return answers  # what is wrong with the 户号 is told with all else that is wrong
    return {**known, **answers}
