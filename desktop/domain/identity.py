"""Numbers that name a person, a company, an account or a telephone: are they possible, and how are they masked.

Check digits come from python-stdnum. Every check answers one Chinese sentence, or None when all is well; a
sentence never repeats the number, so that it may stand in a log.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

RESIDENCE, FOREIGNER = "港澳台居民居住证", "外国人永久居留证"
RESIDENT = ("身份证", "临时身份证", RESIDENCE)  # whose numbers follow GB 11643
COMPANY = ("营业执照", "组织机构代码证", "事业单位法人证书", "社会团体法人登记证", "宗教活动场所登记证")
OTHER_PAPERS = ("户口簿", "军官证", "士兵证", "台胞证", "港澳通行证", "护照", FOREIGNER, "户籍证明",
                "军队武警用电证明")
ID_KINDS = ("营业执照", "身份证", *COMPANY[1:], "临时身份证", RESIDENCE, *OTHER_PAPERS)
OF_NOBODY = (*COMPANY, "军队武警用电证明")  # papers of a body, not of a person

SERVICE = "服务热线"  # as the choice of a phone field that may be one
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")
_MOBILE_WRITTEN = re.compile(r"(?:\+?86-?)?(1[3-9]\d)-?(\d{4})-?(\d{4})")
_LANDLINE_WRITTEN = re.compile(r"\(?(010|02\d|0[3-9]\d{2})\)?-?(\d{7,8})(-\d{1,6})?")
_SERVICE = re.compile(r"[48]00-?\d{3}-?\d{4}|95598|12398|12345")
_OLD_RESIDENT = re.compile(r"\d{15}")
_RESIDENT = re.compile(r"\d{17}[\dX]")
_PAPER = re.compile(r"[A-Z0-9〔〕（）()\-]{5,30}|[\u4e00-\u9fff][\u4e00-\u9fffA-Z0-9〔〕（）()\-第号]{4,29}")
_ACCOUNT_LENGTHS = (10, 13, 16)
_LONGEST_LIFE = 150


def check_id(text: str, today: date | None = None) -> str | None:
    """Resident identity number, GB 11643: 18 characters, a real birthday, the check digit.

    With `today` the birthday must lie within the last 150 years. A 15-digit number is old and is refused with
    advice; `to_18` converts it. 依据：GB 11643.
    """
    number = text.upper()
    if _OLD_RESIDENT.fullmatch(number):
        return "这是 15 位旧身份证号，请核对现行证件后填 18 位号码"
    if not _RESIDENT.fullmatch(number):
        return "身份证号应为 18 位：前 17 位数字，末位数字或 X，请核对证件"
    return _birthday_fault(number, today) or _check_digit_fault(number)


def _birthday_fault(number: str, today: date | None) -> str | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "身份证号第 7 至 14 位不是真实的出生日期，请核对证件"
    if today and not (born <= today and today.year - born.year <= _LONGEST_LIFE):
        return "身份证号中的出生日期不在合理范围内，请核对证件"
    return None


def _check_digit_fault(number: str) -> str | None:
    if number[-1] == _resident_digit(number):
        return None
    return "身份证号的校验位不对，可能有一位输错，请对照证件逐位核对"


def to_18(old: str) -> str:
    """The 18-character form of a 15-digit resident number; ValueError for anything else."""
    if not _OLD_RESIDENT.fullmatch(old):
        raise ValueError("not a 15-digit resident number")
    body = f"{old[:6]}19{old[6:]}"
    return body + _resident_digit(body + "0")


def _resident_digit(number: str) -> str:
    """The check digit that the first 17 digits ask for."""
    from stdnum.cn import ric  # draws in ssl and pydoc: the first window does not wait for them

    return str(ric.calc_check_digit(number))


def check_uscc(text: str) -> str | None:
    """Unified social credit code, GB 32100: 18 characters without I O S V Z, and the check character."""
    code = text.upper()
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请对照证照核对"
    from stdnum.cn import uscc  # late, as in _resident_digit

    if uscc.is_valid(code):
        return None
    if set(code) & set("IOSVZ"):
        return "统一社会信用代码中没有字母 I、O、S、V、Z，可能是数字 1、0、5、2，请对照证照核对"
    return "统一社会信用代码的校验位不对，可能有一位输错，请对照证照逐位核对"


def check_account(text: str) -> str | None:
    """户号: 10 digits (older numbering), 13 (营销2.0) or 16 (southern grid)."""
    if text.isascii() and text.isdigit() and len(text) in _ACCOUNT_LENGTHS:
        return None
    if not (text.isascii() and text.isdigit()):
        return "户号只含数字，请核对"
    return f"户号应为 10 位、13 位或 16 位数字，现为 {len(text)} 位，请核对"


def phone_form(text: str) -> str:
    """A telephone as it is kept, however it was written: 13800001234, 0974-8512345, 0971-8123456-801; anything else
    as it is."""
    if found := _MOBILE_WRITTEN.fullmatch(text):
        return "".join(found.groups())
    found = _LANDLINE_WRITTEN.fullmatch(text)
    return f"{found[1]}-{found[2]}{found[3] or ''}" if found else text


def check_phone(text: str, *, service: bool = True) -> str | None:
    """A mobile of the mainland or a landline with area code; where `service`, a 400/800 or service number, too."""
    forms = (_MOBILE, _LANDLINE, _SERVICE) if service else (_MOBILE, _LANDLINE)
    if any(form.fullmatch(text) for form in forms):
        return None
    if _SERVICE.fullmatch(text):
        return "这是服务热线，联系不到本人，请填 11 位手机号，或带区号的固定电话（如 0974-8512345）"
    if text.isdigit() and text.startswith("1"):
        return f"手机号应为 11 位、以 13 至 19 开头，现为 {len(text)} 位，请核对"
    return "电话应为 11 位手机号，或带区号的固定电话（如 0974-8512345），请核对"


def check_paper(text: str) -> str | None:
    """A number of any other paper (passport, officer's card): its form is not ours to judge, only its length."""
    if _PAPER.fullmatch(text.upper()):
        return None
    return "证件号码应为 5 至 30 个字母、数字或汉字，请核对证件"


def check_any_id(text: str) -> str | None:
    """The number of a paper whose kind is not told: 18 characters must be a person's or a company's number."""
    if len(text) != 18 and not _OLD_RESIDENT.fullmatch(text):
        return check_paper(text)
    as_person = check_id(text)
    as_company = check_uscc(text) if as_person else None
    if as_company is None:
        return None
    return as_person if _RESIDENT.fullmatch(text.upper()) or len(text) == 15 else as_company


def id_faults(kind: str, text: str, today: date | None = None) -> str | None:
    """What is wrong with the number `text` on a paper of `kind` (one of ID_KINDS; '' when not told)."""
    if not text:
        return None
    if kind in RESIDENT:
        return check_id(text, today)
    checks: dict[str, Callable[[str], str | None]] = {
        "营业执照": check_uscc, "统一社会信用代码": check_uscc, "": check_any_id,
    }
    if kind in COMPANY:
        return checks.get(kind, _check_company_paper)(text)
    return checks.get(kind, check_paper)(text)


def _check_company_paper(text: str) -> str | None:
    """Older certificates carry a number of their own; 18 characters are a credit code."""
    return check_uscc(text) if len(text) == 18 else check_paper(text)


def paper_of(text: str) -> str:
    """The paper that a number tells by its own check digit: a person's card or 营业执照; '' where it tells none.

    Which card a person has is told by the first figures, as they are remembered (81 香港, 82 澳门, 83 台湾 of a 居住证,
    9 of a foreigner's new card): that offers a kind and refuses nothing.
    """
    if len(text) != 18:
        return ""
    if check_id(text) is None:
        return RESIDENCE if text[:2] in ("81", "82", "83") else FOREIGNER if text[0] == "9" else "身份证"
    return "营业执照" if check_uscc(text) is None else ""


def is_personal(kind: str) -> bool:
    """Whether a paper of this kind (one of ID_KINDS) is a person's own; not where no kind is told."""
    return kind in ID_KINDS and kind not in OF_NOBODY


def mask_id(text: str) -> str:
    """330106********123X. A company's code is public and stays whole; a short number keeps its ends."""
    if len(text) == 18 and check_uscc(text) is None and check_id(text) is not None:
        return text
    head, tail = (6, 4) if len(text) >= 15 else (1, 1)
    return _mask(text, head, tail)


def mask_phone(text: str) -> str:
    """138****1234; a landline keeps its area code and its last two digits; service numbers stay whole."""
    if _SERVICE.fullmatch(text):
        return text
    if "-" in text:
        area, rest = text.split("-", 1)
        return f"{area}-{_mask(rest, 0, 2)}"
    return _mask(text, 3, 4)


def _mask(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
