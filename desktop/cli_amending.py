"""Verbs by which a person sets a contract right: a doubtful one settled, one made void, one ended."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, day, read_answers, texts
from desktop.cli_words import by_flag, end_told
from desktop.domain.contract import state_told
from desktop.domain.kind import refuse_strange
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.usecases.contract_keeping import ContractView
    from desktop.usecases.desk import Desk

SETTLED = ("kind", "signed", "starts", "ends", "gone", "note")
YES, NO = "是", "否"


def settle(post: Post, asked: Namespace) -> Answer:
    """What was read in the original, or a note alone: every doubt was looked into and is none."""
    from desktop.usecases.contract_amending import Dates, Settlement
    from desktop.usecases.contract_amending import settle as settled

    said = texts(read_answers(asked.answers)) if asked.answers else {}
    refuse_strange(SETTLED, said)
    if said.get("gone", "") not in ("", YES, NO):
        raise Refusal(f"“gone”请写“{YES}”（确已过户或销户）或“{NO}”（仍在用电）。", "gone")
    dates = Dates(*(_day(said, name) for name in ("signed", "starts", "ends")))
    kind = str(said.get("kind") or "")
    whole = bool(said.get("gone")) or not (kind or dates != Dates())
    found = Settlement(kind, dates, whole, gone=said.get("gone") == YES)
    return _stands(settled(post.desk, asked.number, found, str(asked.note or said.get("note") or "")))


def _day(said: dict[str, Any], name: str) -> date | None:
    return day(said[name], name) if said.get(name) else None


def void(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import signing

    return _stands(signing.void(post.desk, asked.number, asked.reason))


def terminate(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import renewing

    try:
        ended = renewing.terminate(post.desk, asked.number, asked.reason, removed_on=asked.removed)
    except Refusal as why:
        raise by_flag(why, {"removed_on": "--removed"}) from why
    told = _stands(ended)
    return replace(told, lines=[*told.lines, *_left_without(post.desk, ended.row.account)])


def _left_without(desk: Desk, number: str) -> Iterator[str]:
    """An account that goes on being supplied under no contract at all."""
    from desktop.domain.standing import IN_USE
    from desktop.usecases.standing import account

    if number and (left := account(desk, number)).contract is None and left.standing.status == IN_USE:
        yield (f"请留意：户号 {number} 还在用电，现在没有履行中的合同：请尽快重签，不再用电的办理销户"
               "（《电力供应与使用条例》第三十二条：供电前应当签订供用电合同）。")


def _stands(view: ContractView) -> Answer:
    row, stands = view.row, state_told(view.row.state, view.row.active, view.ended_on)
    lines = [f"合同 {row.key}：{stands}，{row.kind_name}，{row.starts_on or '起始不明'} 至"
             f" {end_told(row.ends_on, row.renewal)}。", *(f"还待核：{doubt}" for doubt in row.doubts)]
    return Answer(lines, {"number": row.key, "state": row.state, "active": row.active, "kind": row.kind_name,
                          "signed": row.signed_on, "starts": row.starts_on, "ends": row.ends_on,
                          "doubts": row.doubts})
