"""Names for comparing: when two spellings are one person or one company. Names are kept letter for letter elsewhere.

Dots and blanks are left out of names and typed in many ways, a company's form is said long and short, an old paper has
the traditional letters. None of these makes another customer.
"""

from __future__ import annotations

import re

from desktop.domain.letter import simplified
from desktop.domain.pinyin import search_form

_FORM = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|公司)$")
_SIGNS = re.compile(r"[·\-—_.,，。、()（）\[\]【】“”\"'《》\s]")
_FEWEST = 2  # letters that are left of a name


def name_form(name: str) -> str:
    """The name for comparing: simple letters, no dots, blanks or brackets, 有限责任公司 and 有限公司 the same."""
    return _FORM.sub(_same_form, _SIGNS.sub("", search_form(simplified(name))))


def _same_form(found: re.Match[str]) -> str:
    """A company limited by shares (股份) is another than one limited by quotas."""
    return "股份公司" if found[0].startswith("股份") else "公司"


def name_core(name: str) -> str:
    """What a name begins with however its form is said: to look for its other spellings."""
    plain = search_form(simplified(name))
    core = _FORM.sub("", plain)
    return core if len(core) >= _FEWEST else plain
