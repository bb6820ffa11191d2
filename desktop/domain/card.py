"""An identity card with a chip (身份证, 港澳台居民居住证, 外国人永久居留证) as a device reads it, and the answers of a
form that it vouches for.

A reader vouches for what its chip says; words pasted or typed by a person fill the same fields and vouch for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.domain.identity import FOREIGNER, RESIDENCE, id_faults, paper_of

CUSTOMER, AGENT, LEGAL_PERSON = "customer", "agent", "legal_person"
MARK = "读卡"
CARD_FACT = "card_fields"  # of a case's acceptance: the fields that a card vouches for
LASTING = "长期"
PAPER = "身份证"
CARDS = (PAPER, RESIDENCE, FOREIGNER)
# which fields a card fills, by whose card it is
FIELDS_OF: Mapping[str, Mapping[str, str]] = {
    CUSTOMER: {"customer_name": "name", "customer_id": "number", "customer_address": "address"},
    AGENT: {"agent_name": "name", "agent_id": "number"},
    LEGAL_PERSON: {"legal_person": "name", "legal_person_id": "number"},
}
_NAMED = {
    "name": ("姓名",), "number": ("公民身份号码", "身份证号码", "身份证号", "证件号码", "号码"),
    "address": ("住址", "地址"), "valid_until": ("有效期限", "有效期"),
}
_NUMBER = re.compile(r"(?<![\dA-Za-z])(?:\d{17}[\dXx]|[A-Z]{3}\d{12})(?!\d)")  # the latter: a foreigner's older card
_DAY = re.compile(r"(\d{4})[.\-/年]?(\d{1,2})[.\-/月]?(\d{1,2})日?")


@dataclass(frozen=True)
class Card:
    """What stands on a card. `valid_until`: the last day, None for 长期 or where nobody told; `kind` one of CARDS."""

    name: str
    number: str
    address: str = ""
    valid_until: date | None = None
    kind: str = PAPER


def answers_of(card: Card, holder: str = CUSTOMER) -> dict[str, str]:
    """The answers that a card gives a form, with the kind of paper where it is the customer's own."""
    found = {name: str(getattr(card, part)) for name, part in FIELDS_OF[holder].items()}
    if holder == CUSTOMER:
        found["customer_id_kind"] = card.kind
    return {name: value for name, value in found.items() if value}


def vouched(answers: Mapping[str, object], read: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that still say what the card said; whatever a hand has changed since is not among them.

    A name or number alone proves nobody: where the card's number was changed, none of that holder's fields counts.
    """
    same = {name for name, value in read.items() if value and answers.get(name) == value}
    for fields in FIELDS_OF.values():
        number = next(name for name, part in fields.items() if part == "number")
        if number not in same:
            same -= {*fields, *(("customer_id_kind",) if number == "customer_id" else ())}
    return tuple(name for name in read if name in same)


def card_fault(card: Card, today: date) -> str | None:
    """Why this card cannot be taken, or None: not read whole, of a kind that has no chip, its number impossible, or it
    has run out."""
    if card.kind not in CARDS:
        return f"读到的不是能读的证件，能读的有：{'、'.join(CARDS)}；别的证件请照着手工填写"
    if not (card.name and card.number):
        return f"没有读到{'证件号码' if card.name else '姓名'}，请重新放卡再读"
    if wrong := id_faults(card.kind, card.number, today):
        return wrong
    if card.valid_until is not None and card.valid_until < today:
        return f"这张{card.kind}已于 {card.valid_until.isoformat()} 到期，请换用有效的证件"
    return None


def card_of_text(text: str) -> Card | None:
    """The card in words copied from a reader's own program, such as “姓名：…公民身份号码：…”; None without a number."""
    number = _NUMBER.search(text)
    if number is None:
        return None
    return Card(_named(text, "name"), number[0].upper(), _named(text, "address"), _until(_named(text, "valid_until")),
                _kind(text, number[0].upper()))


def _kind(text: str, number: str) -> str:
    """The kind of card that words or, where they say nothing, its number tell."""
    if "永久居留" in text or len(number) != 18:
        return FOREIGNER
    told = paper_of(number)
    return RESIDENCE if "居民居住证" in text else told if told in CARDS else PAPER


def _named(text: str, part: str) -> str:
    """What stands after a label, up to the next line or the next label."""
    labels = "|".join(word for words in _NAMED.values() for word in words)
    others = f"{labels}|性别|民族|出生|签发机关"
    for word in _NAMED[part]:
        if found := re.search(rf"{word}\s*[:：]?\s*(.+?)\s*(?=(?:{others})\s*[:：]?|[\r\n]|$)", text):
            return found[1].strip(" ,，;；\t")
    return ""


def _until(span: str) -> date | None:
    days = _DAY.findall(span)
    try:
        return date(*map(int, days[-1])) if days and LASTING not in span else None
    except ValueError:
        return None
