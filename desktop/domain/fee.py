"""Business fees (业务费): what may be charged, at what price on which day, and what may no longer be charged at all.

Items and bans are dated rows of the catalogue. A local price is never shipped: the hall enters its own with the paper
that fixes it, and without one nothing is charged.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from desktop.domain.basis import Basis
from desktop.errors import Refusal

CENT = Decimal("0.01")
WAYS = ("现金", "刷卡", "扫码支付", "银行转账", "线上缴费")


@dataclass(frozen=True)
class FeeItem:
    """An item that may be charged. `price` in 元 a `unit`, None where the hall fills it in; `quantity_of` the facts,
    the first that is answered, that say how much of it; `expected_values` the answers of `expected_field` with which
    it is usually charged, where `only` so never with another."""

    id: str
    name: str
    unit: str
    price: Decimal | None
    basis: Basis
    quantity_of: tuple[str, ...] = ()
    expected_field: str = ""
    expected_values: tuple[str, ...] = ()
    only: bool = False

    def expected(self, answers: Mapping[str, object]) -> bool:
        """Whether a case with these answers usually pays it."""
        return bool(self.expected_field) and answers.get(self.expected_field) in self.expected_values

    def wrong_for(self, answers: Mapping[str, object]) -> bool:
        """Whether a case with these answers, or one that is not asked for them, may not be charged it."""
        return self.only and not self.expected(answers)

    def quantity(self, answers: Mapping[str, object]) -> str:
        """How much of it the answers say; empty where they say nothing."""
        return next((str(answers[name]) for name in self.quantity_of if answers.get(name)), "")


@dataclass(frozen=True)
class Ban:
    """A fee that was abolished: charging it from the day of the basis on is refused, whatever it is called.

    `words`: what gives it away; a … in one stands for anything between its parts.
    """

    name: str
    words: tuple[str, ...]
    basis: Basis

    def names(self, word: str) -> bool:
        """Whether somebody means this fee, full-width, spaced or with dashes as he may write it."""
        said = _letters(word)
        return any(_in_order(said, [_letters(part) for part in each.split("…")]) for each in (self.name, *self.words))


def _letters(text: str) -> str:
    """Only the letters and figures, half-width and low."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).lower() if each.isalnum())


def _in_order(said: str, parts: Iterable[str]) -> bool:
    at = 0
    for part in parts:
        found = said.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


@dataclass(frozen=True)
class RefundRule:
    """Who may allow that a paid fee is given back: one of these posts; anybody where none is named."""

    posts: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class HeldBack:
    """The deed that waits until what is due was paid, and the rule's sentence."""

    act: str
    sentence: str
    basis: Basis


@dataclass(frozen=True)
class FeeBook:
    """All that the catalogue says of fees."""

    items: tuple[FeeItem, ...]
    bans: tuple[Ban, ...]
    held_back: HeldBack
    refund: RefundRule | None = None

    def item(self, word: str, day: date) -> FeeItem:
        """The item of that id or name that is in force on `day`; refused with those there are, or as abolished."""
        self.refuse_banned(word, day)
        in_force = [each for each in self.items if each.basis.holds_on(day)]
        said = _letters(word)
        found = next((each for each in in_force if said in (_letters(each.id), _letters(each.name))), None)
        if found is None:
            known = "、".join(each.name for each in in_force)
            raise Refusal(f"收费目录里没有“{word}”。现有：{known}。目录里没有的费用不得收取。", "item")
        return found

    def refuse_banned(self, word: str, day: date) -> None:
        """Refuse a fee that was abolished by `day`, naming the paper that did it."""
        for ban in self.bans:
            if ban.basis.holds_on(day) and ban.names(word):
                since = ban.basis.effective.isoformat()
                why = f"依据：{ban.basis.text}（{ban.basis.mark}）。"
                raise Refusal(f"“{ban.name}”自 {since} 起已取消，不得收取。{why}", "item")


@dataclass(frozen=True)
class Sum:
    """What a case is to pay in all, what it has paid, and what is open; in 元."""

    due: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        return self.due - self.paid


def amount(price: Decimal, quantity: Decimal) -> Decimal:
    """Price times quantity in 元, to the cent, half up."""
    return (price * quantity).quantize(CENT, ROUND_HALF_UP)


def sum_of(lines: Iterable[tuple[Decimal, bool]]) -> Sum:
    """The sum of amounts, each with whether it was paid."""
    told = list(lines)
    return Sum(sum((each for each, _ in told), Decimal(0)), sum((each for each, paid in told if paid), Decimal(0)))
