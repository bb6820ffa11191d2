"""Addresses: when two of them mean the same place, and the part that neighbours have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = re.compile(r"[\s\u3000,，.．。;；:：、()（）\[\]【】“”\"'—–_]")
_DASH = re.compile(r"[-－~～至]")
# what people leave out of their own county's addresses
_PROVINCE = re.compile(r"^\D{2,8}?(?:省|自治区)")
_PREFECTURE = re.compile(r"^\D{2,9}?(?:自治州|地区|州|盟|市(?!场))")
_DISTRICT = r"(?<![园小社新片牧校库景发])区"  # no 园区, 小区, 社区 …
_COUNTY = re.compile(rf"^\D{{2,11}}?(?:自治县|县(?!城)|旗|市(?!场)|{_DISTRICT})")
_UNIT = re.compile(rf"^.*(?:省|自治区|自治州|州|盟|市(?!场)|自治县|县(?!城)|旗|{_DISTRICT}|街道|镇|乡)")


def address_form(address: str) -> str:
    """The address for comparing: half-width, no blanks or signs, without province, prefecture and county."""
    said = _SIGNS.sub("", address.translate(_WIDE)).upper().replace("#", "号")
    said = _DASH.sub("-", said)
    for unit in (_PROVINCE, _PREFECTURE, _COUNTY):
        said = unit.sub("", said, count=1) or said
    return said


def address_prefix(address: str) -> str:
    """The address down to its 镇, 乡 or 街道, or what is known of it above; '' where no such unit is named."""
    found = _UNIT.match(address.strip())
    return found[0] if found else ""


def usual_prefix(addresses: Iterable[str]) -> str:
    """The beginning that most of these addresses have; '' where none comes twice."""
    counted = Counter(prefix for address in addresses if (prefix := address_prefix(address)))
    prefix, times = next(iter(counted.most_common(1)), ("", 0))
    return prefix if times > 1 else ""
