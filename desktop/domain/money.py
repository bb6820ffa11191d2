"""Amounts in capital words, as contracts and vouchers carry them so that no digit can be altered.

依据：《正确填写票据和结算凭证的基本规定》（人民币大写）.
"""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
SECTIONS = ("亿", "万", "")
LIMIT = Decimal(10) ** 12
CENT = Decimal("0.01")


def in_words(amount: Decimal) -> str:
    """The amount in words, beginning 人民币: 1005.60 is 人民币壹仟零伍元陆角整.

    At most 12 digits before the point and 2 after. ValueError for more, and for what is no finite number.
    """
    if not amount.is_finite() or abs(amount) >= LIMIT or amount != amount.quantize(CENT):
        raise ValueError("an amount has at most 12 digits before the point and 2 after")
    cents = int(abs(amount) * 100)
    sign = "负" if amount < 0 else ""
    return f"人民币{sign}{_yuan(cents // 100)}{_small(cents)}"


def _yuan(yuan: int) -> str:
    return f"{_whole(yuan)}元" if yuan else ""


def _small(cents: int) -> str:
    """角 and 分 after `cents // 100` yuan, with the 零 that bridges an empty place and the 整 that closes."""
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    if not jiao and not fen:
        return "整" if yuan else "零元整"
    bridge = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    return bridge + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(yuan: int) -> str:
    words = ""
    for section, name in zip(_sections(yuan), SECTIONS, strict=True):
        if section:
            bridge = "零" if words and (section < 1000 or words.endswith("零")) else ""
            words = words.rstrip("零") + bridge + _section(section) + name
        elif words:
            words = words.rstrip("零") + "零"
    return words.rstrip("零")


def _sections(yuan: int) -> tuple[int, int, int]:
    return yuan // 10**8, yuan // 10**4 % 10**4, yuan % 10**4


def _section(number: int) -> str:
    """Four digits in words: runs of zeros read once, none at either end."""
    digits = f"{number:04d}"
    words = "".join(
        DIGITS[int(d)] + place if d != "0" else "零" for d, place in zip(digits, PLACES, strict=True)
    )
    while "零零" in words:
        words = words.replace("零零", "零")
    return words.strip("零")
