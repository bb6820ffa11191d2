"""Addresses: when two of them mean the same place, and the part that neighbours have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from desktop.domain.ledger_dates import chinese_number
from desktop.domain.letter import simplified

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = re.compile(r"[\s\u3000,，.．。;；:：、()（）\[\]【】“”\"'—–_]")
_DASH = re.compile(r"[-－~～至]")
# 3号楼2单元501室, 3栋2单元501, 3-2-501: house, building, stair and room are told apart by their order
_STEP = re.compile(r"(?<=[0-9A-Z])(?:号楼|号院|号|#|栋|幢|座|单元|门|室)(?!牌)")
_FLOOR = re.compile(r"(?<=\d)楼")
_NUMBERED = re.compile(r"第?([零〇一二两三四五六七八九十]+)(?=号|#|栋|幢|座|楼|单元|门|室|层|弄|社|组|队|期|排)")
_ASIDE = re.compile(r"[(（]([^()（）]*)[)）]")
_TELLING = re.compile(r"[\d一二三四五六七八九十东西南北]|区|期|栋|幢|室|组|社")  # an aside that is part of the place
# what people leave out of their own county's addresses
_PROVINCE = re.compile(
    r"^(?:\D{2,8}?(?:省|自治区)|中国|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南(?!州|藏)"
    r"|四川|贵州|云南|陕西|甘肃|青海(?!湖)|台湾|内蒙古|广西|西藏|宁夏|新疆)(?=\D{1,9}(?:市|州|盟|地区|县)))")
_PREFECTURE = re.compile(r"^\D{2,9}?(?:自治州|地区|州|盟|市(?!场))")
_DISTRICT = r"(?<![园小社新片牧校库景发])区"  # no 园区, 小区, 社区 …
_WITHIN = r"(?:(?!小区|园区|社区|镇|乡|路|街|村|里|巷)\D)"  # what stands before a county's name holds no smaller place
_COUNTY = re.compile(rf"^{_WITHIN}{{2,11}}?(?:自治县|县(?!城)|旗|市(?!场)|{_DISTRICT})")
_UNIT = re.compile(rf"^.*(?:省|自治区|自治州|州|盟|市(?!场)|自治县|县(?!城)|旗|{_DISTRICT}|街道|镇|乡)")


def address_form(address: str) -> str:
    """The address for comparing: half-width, simple letters, no blanks, signs or asides, without province, prefecture
    and county, its numbers in figures and in their order (3号楼二单元501室 is 3-2-501)."""
    said = _ASIDE.sub(lambda found: found[1] if _TELLING.search(found[1]) else "", simplified(address))
    said = _SIGNS.sub("", said.translate(_WIDE)).upper()
    said = _NUMBERED.sub(lambda found: str(chinese_number(found[1])), said)
    said = _FLOOR.sub("层", _STEP.sub("-", _DASH.sub("-", said)))
    said = re.sub("-+", "-", said).strip("-")
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
