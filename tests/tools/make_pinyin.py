"""Makes the table of pinyin initials in desktop/domain/pinyin.py from pypinyin, one letter for each of U+4E00–9FFF.

pypinyin itself is too heavy for the window's start; its table is not. Run: python -m tests.tools.make_pinyin
"""

from __future__ import annotations

from pathlib import Path

from pypinyin import Style, pinyin

TARGET = Path(__file__).parents[2] / "desktop" / "domain" / "pinyin.py"
FIRST, LAST = 0x4E00, 0x9FFF
WIDTH = 104
BEGIN, END = "TABLE = (\n", ")\n"


def letter(char: str) -> str:
    """The initial of the commonest reading; '-' for a character that has none."""
    reading = pinyin(char, style=Style.NORMAL, errors="ignore")
    text = reading[0][0] if reading else ""
    return text[0] if text and "a" <= text[0] <= "z" else "-"


def table() -> str:
    """All letters in the order of the code points."""
    return "".join(letter(chr(code)) for code in range(FIRST, LAST + 1))


def table_source() -> str:
    """The table as it stands in the module."""
    letters = table()
    lines = [f'    "{letters[n:n + WIDTH]}"\n' for n in range(0, len(letters), WIDTH)]
    return BEGIN + "".join(lines) + END


def main() -> None:
    text = TARGET.read_text("utf-8")
    head, rest = text.split(BEGIN, 1)
    TARGET.write_text(head + table_source() + rest.split("\n" + END, 1)[1], "utf-8")


if __name__ == "__main__":
    main()
