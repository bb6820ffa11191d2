"""Reading an identity card at the counter: what a device says fills the form and is vouched for, until a hand
changes it. Without a device the same words are typed or pasted, and vouched for by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.devices.id_reader import PRETENDED, IdReader, card_on, load_reader
from desktop.domain.card import CARD_FACT, CUSTOMER, answers_of, card_fault, card_of_text
from desktop.domain.caselog import LogEntry, What
from desktop.errors import Refusal
from desktop.usecases.adjusting import machine
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import is_practice

NO_READER = ("这台电脑没有设定身份证阅读器。请照证件填写，或粘贴读卡软件里的文字；"
             "装了阅读器的，先设定它的驱动。")


def has_reader(desk: Desk) -> bool:
    """Whether this machine has a card reader."""
    return bool(_setting(desk))


def _setting(desk: Desk) -> str:
    """The machine's own reader; a practice hall without one pretends."""
    return machine(desk.folder)["id_reader"] or (PRETENDED if is_practice(desk) else "")


def read_card(desk: Desk, holder: str = CUSTOMER, reader: IdReader | None = None) -> dict[str, str]:
    """What the card on the reader says, as the answers of `holder`'s fields; a device vouches for them.

    Refused without a reader, for a pretended one outside a practice hall, and for a card that is impossible or has
    run out; Trouble where the device has no card or does not answer.
    """
    setting = _setting(desk)
    if reader is None and setting == PRETENDED and not is_practice(desk):
        raise Refusal("演练读卡器只能在演练厅里用。请换成真的阅读器的驱动，或留空后手工填写。", "id_reader")
    device = reader or load_reader(setting)
    if device is None:
        raise Refusal(NO_READER, "id_reader")
    card = card_on(device)
    if wrong := card_fault(card, desk.today):
        raise Refusal(f"{wrong}。", "customer_id")
    return answers_of(card, holder)


def words_of_card(desk: Desk, text: str, holder: str = CUSTOMER) -> dict[str, str]:
    """What words copied from a reader's program say, as answers; nobody vouches for them. Refused as a card is."""
    card = card_of_text(text)
    if card is None:
        raise Refusal("这段文字里没有证件号码（身份证、居住证 18 位，永久居留证 15 或 18 位）。"
                      "请把姓名、住址、号码一起复制过来。", "text")
    if wrong := card_fault(card, desk.today):
        raise Refusal(f"{wrong}。", "text")
    return answers_of(card, holder)


def card_fields(log: Sequence[LogEntry]) -> tuple[str, ...]:
    """The fields of a case's application that a card vouches for."""
    taken = next((entry for entry in log if entry.what == What.ACCEPTED), None)
    return tuple(taken.facts.get(CARD_FACT, ())) if taken else ()
