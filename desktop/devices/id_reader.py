"""The counter's identity card reader: what a device must offer, one that only pretends, and how a maker's is loaded.

A maker's own library (a DLL on most counters) is reached through a class of the hall's: the machine setting
`id_reader` names it as `module:Class`. The class takes no argument and has `name` and `read`, as `IdReader` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, runtime_checkable

from desktop.domain.card import Card
from desktop.errors import Refusal, Trouble

PRETENDED = "practice"
NO_CARD = Trouble("读卡器上没有身份证。", "请把身份证放稳后再读；读不出时可照证件手工填写。")
PRACTICE_CARDS = (
    Card("示范·卓玛", "630121199003070027", "青海省演练州演练县恰措镇团结路 8 号"),
    Card("演建国", "630121198512120016", "青海省演练州演练县雪山乡一社 15 号"),
)


@runtime_checkable
class IdReader(Protocol):
    """A reader. `read` gives the card that lies on it; Trouble where there is none or the device does not answer."""

    name: str

    def read(self) -> Card: ...


class PretendedReader:
    """A reader without a device, for practice and tests: it gives the cards laid on it, one after the other."""

    name = "演练读卡器"

    def __init__(self, cards: Sequence[Card] = PRACTICE_CARDS) -> None:
        self._cards = list(cards)

    def lay(self, card: Card) -> None:
        """Put a card on top of the others."""
        self._cards.insert(0, card)

    def read(self) -> Card:
        if not self._cards:
            raise NO_CARD
        card = self._cards.pop(0)
        self._cards.append(card)
        return card


def load_reader(setting: str) -> IdReader | None:
    """The reader that the machine's setting names, None where none is set.

    Refusal for a setting that is no `module:Class`; Trouble where the class or its library cannot be loaded.
    """
    if not setting:
        return None
    if setting == PRETENDED:
        return PretendedReader()
    module, colon, name = setting.partition(":")
    if not (module and colon and name):
        raise Refusal(f"读卡器的设置“{setting}”不对，应写成“模块:类名”，演练写 {PRETENDED}，没有读卡器时留空。",
                      "id_reader")
    try:
        made = getattr(import_module(module), name)()
    except (ImportError, AttributeError, OSError, TypeError) as error:
        raise Trouble(f"读卡器的驱动“{setting}”装不上。", "请核对驱动是否已安装；照常可以手工填写证件内容。") from error
    if not isinstance(made, IdReader):
        raise Trouble(f"“{setting}”不是读卡器的驱动：它要有 name 和 read。", "请向驱动的提供者核对类名。")
    return made
