"""The counter's identity card reader: what a device must offer, one that only pretends, and how a maker's is loaded.

Whatever a driver raises or gives becomes a sentence (`card_on`, `driver.py`), and the clerk goes on by hand.

A maker's own library (a DLL on most counters) is reached through a class of the hall's: the machine setting
`id_reader` names it as `module:Class`. The class takes no argument and has `name` and `read`, as `IdReader` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol, cast, runtime_checkable

from desktop.devices.driver import Device, asked, driver_named
from desktop.domain.card import Card
from desktop.domain.identity import FOREIGNER, RESIDENCE
from desktop.errors import Trouble

PRETENDED = "practice"
BY_HAND = "已填写的内容都在，也可以照证件手工填写。"
READER = Device("读卡器", "id_reader", f"应写成“模块:类名”，演练写 {PRETENDED}，没有读卡器时留空", ("name", "read"),
                "照常可以手工填写证件内容。")
NO_CARD = Trouble("读卡器上没有身份证。", "请把身份证放稳后再读；读不出时可照证件手工填写。")
TAKEN_EARLY = Trouble("证件没有读完就拿开了，没有填入。", f"请把证件放稳，读完再拿开。{BY_HAND}")
LONGEST = 200  # characters of what a chip says in one place
PRACTICE_CARDS = (
    Card("示范·卓玛", "630121199003070027", "青海省演练州演练县恰措镇团结路 8 号"),
    Card("演建国", "630121198512120016", "青海省演练州演练县雪山乡一社 15 号"),
    Card("示范·家明", "830000199003070027", "青海省演练州演练县恰措镇团结路 9 号", date(2035, 12, 31), RESIDENCE),
    Card("SHIFAN EXAMPLE", "911124198808030033", "", date(2033, 6, 30), FOREIGNER),
)


@runtime_checkable
class IdReader(Protocol):
    """A reader. `read` gives the card that lies on it; NO_CARD where there is none, TAKEN_EARLY where it was taken away
    before all was read, OSError where the device does not answer."""

    name: str

    def read(self) -> Card: ...


class PretendedReader:
    """A reader without a device, for practice and tests: it gives the cards laid on it, one after the other, and fails
    as it is told to."""

    name = "演练读卡器"

    def __init__(self, cards: Sequence[Card] = PRACTICE_CARDS) -> None:
        self._cards = list(cards)
        self._comes: list[Any] = []

    def lay(self, card: Card) -> None:
        """Put a card on top of the others."""
        self._cards.insert(0, card)

    def next_comes(self, what: Any) -> None:
        """The next reading comes to this: an exception is raised, anything else given as it is."""
        self._comes.append(what)

    def read(self) -> Card:
        if self._comes:
            return cast(Card, _come_to(self._comes.pop(0)))
        if not self._cards:
            raise NO_CARD
        card = self._cards.pop(0)
        self._cards.append(card)
        return card


def _come_to(what: Any) -> Any:
    if isinstance(what, BaseException):
        raise what
    return what


def card_on(reader: IdReader) -> Card:
    """The card that lies on the reader, its words without blanks around them. Trouble where none can be had: no card,
    taken away early, the device gone, or a driver that fails or gives what is no card."""
    found = asked(reader.read,
                  Trouble("读卡器没有应答，可能松了线或被拔掉了。", f"请插好读卡器再读。{BY_HAND}"),
                  lambda kind: Trouble(f"读卡器的驱动出了差错（{kind}），没有读出证件。",
                                       f"请再读一次；总是这样的，请找驱动的提供者。{BY_HAND}"))
    return _whole(_tidied(found))


def _tidied(found: Any) -> Card:
    """A card as the driver gave it, padding taken off; Trouble for what is no card."""
    texts = [getattr(found, part, None) for part in ("name", "number", "address", "kind")]
    until = getattr(found, "valid_until", None)
    if not (until is None or isinstance(until, date)):
        raise _rubbish()
    name, number, address, kind = map(_words, texts)
    return Card(name, number, address, until.date() if isinstance(until, datetime) else until, kind)


def _words(text: Any) -> str:
    said = text.replace("\0", " ").strip() if isinstance(text, str) else "\ufffd"
    if len(said) > LONGEST or not said.isprintable() or "\ufffd" in said:
        raise _rubbish()
    return said


def _rubbish() -> Trouble:
    return Trouble("读卡器的驱动给出的不是证件内容，没有填入。",
                   f"请再读一次；总是这样的，请找驱动的提供者。{BY_HAND}")


def _whole(card: Card) -> Card:
    if not (card.name or card.number):
        raise NO_CARD
    if not (card.name and card.number):
        raise TAKEN_EARLY
    return card


def load_reader(setting: str) -> IdReader | None:
    """The reader that the machine's setting names, None where none is set.

    Refusal for a setting that is no `module:Class`; Trouble where the class or its library cannot be loaded.
    """
    if not setting:
        return None
    if setting == PRETENDED:
        return PretendedReader()
    return cast(IdReader, driver_named(READER, setting))
