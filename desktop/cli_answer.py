"""What a verb is given and what it answers: the post it is done from, and its words for people and for programs."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
import unicodedata
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.errors import Refusal, Trouble

if TYPE_CHECKING:
    from desktop.usecases.desk import Desk

LARGEST_ANSWERS = 4_000_000  # bytes: a form's answers are a few thousand


class Post:
    """Where a verb is done: the data folder, the clock and the clerk asked for. The hall is opened when first used."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], clerk: str) -> None:
        self.folder, self.clock, self.clerk = folder, clock, clerk

    @cached_property
    def desk(self) -> Desk:
        """The hall's desk with the clerk at it: the one asked for, else this machine's, else nobody."""
        from desktop.usecases.adjusting import machine
        from desktop.usecases.safekeeping import open_desk
        from desktop.usecases.staffing import clerk_by_number

        desk = open_desk(self.folder, self.clock)
        number = self.clerk or machine(self.folder)["clerk"]
        return desk.served_by(clerk_by_number(desk, number)) if number else desk

    def prepare_fonts(self) -> None:
        """Convert the paper's faces where nobody did yet, with a line of progress."""
        from printing.fonts import default_cache, prepare

        prepare(default_cache(), told_step("准备打印字体（只需一次）"))

    def close(self) -> None:
        """Let the hall go, if it was opened."""
        if "desk" in self.__dict__:
            self.desk.db.close()


@dataclass(frozen=True)
class Answer:
    """A verb's answer: `lines` for people, `data` for --json. With `each`, every item is printed as one object a
    line."""

    lines: Iterable[str] = ()
    data: Any = None
    each: Iterable[Any] | None = None

    def print(self, as_json: bool) -> None:
        if as_json and self.each is not None:
            for item in self.each:
                print(json.dumps(plain(item), ensure_ascii=False))
        elif as_json:
            print(json.dumps(plain(self.data), ensure_ascii=False, indent=2))
        else:
            for line in self.lines:
                print(line)


Do = Callable[[Post, Namespace], Answer]


def plain(value: Any) -> Any:
    """A value as JSON has it: dates as YYYY-MM-DD, decimals as text, dataclasses and named tuples as objects."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()
    return str(value) if isinstance(value, Decimal | Path) else value


def program() -> str:
    """How the clerk calls this program from where he stands: by its name where that is found, else by its place."""
    beside = Path(sys.executable).with_name("yekuo")
    found = shutil.which("yekuo")
    if found and Path(found).resolve() == beside.resolve():
        return "yekuo"
    return os.path.relpath(beside) if beside.exists() else f"{Path(sys.executable).name} -m desktop"


def told_step(title: str) -> Callable[[int, int], None]:
    """A `step` that tells its progress on standard error: one line that is written over, or just the title where
    nobody watches."""
    told = [-1]

    def step(done: int, total: int) -> None:
        share = 100 * done // total if total else 100
        if told[0] < 0 and not sys.stderr.isatty():
            print(f"{title}……", file=sys.stderr)
        elif share != told[0] and sys.stderr.isatty():
            print(f"\r{title}：{share}%", end="\n" if share >= 100 else "", file=sys.stderr, flush=True)
        told[0] = share

    return step


def read_answers(path: str) -> dict[str, Any]:
    """The answers in a JSON file, or from standard input for '-'. Refused with where it is wrong."""
    try:
        raw = sys.stdin.buffer.read(LARGEST_ANSWERS + 1) if path == "-" else _read(Path(path))
    except OSError as error:
        raise Refusal(f"打不开答案文件“{Path(path).name}”。请核对路径。", "answers") from error
    try:
        answers = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refusal("答案文件不是 UTF-8 编码的文本，请另存为 UTF-8。", "answers") from error
    except ValueError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列" if isinstance(error, json.JSONDecodeError) else "某处"
        raise Refusal(f"答案文件的{place}不是正确的 JSON，请改正；样例见 yekuo example。", "answers") from error
    if not isinstance(answers, dict):
        raise Refusal("答案文件应是一个 JSON 对象（花括号括起的“字段: 值”）；样例见 yekuo example。", "answers")
    return answers


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_ANSWERS:
        raise Refusal(f"答案文件“{path.name}”太大，不像一份答案。请核对路径。", "answers")
    return path.read_bytes()


def texts(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as forms keep them: numbers and booleans become text, lists of rows keep their shape."""
    return {name: _text(value) for name, value in answers.items() if value is not None}


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [texts(row) if isinstance(row, Mapping) else _text(row) for row in value]
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else str(value)


def day(text: str | date, name: str) -> date:
    """A date of an answers file or an argument; refused with how to write it."""
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Refusal(f"“{name}”的日期“{text}”看不懂，请写成 2026-11-23 的样子。", name) from error


def write_file(path: Path, content: bytes) -> Path:
    """Write a paper where the clerk said: whole or not at all, readable by him alone."""
    from printing.writing import atomic_write

    if not path.absolute().parent.is_dir():
        raise Trouble(f"文件夹“{path.absolute().parent}”不存在，文件没有写成。", "请先建立文件夹，或换一个位置。", None)
    atomic_write(path, content, private=True)
    return path.absolute()


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int]) -> Iterable[str]:
    """Lines of a table in which a Chinese character is two columns wide; the last column is never cut."""
    yield _line(heads, widths)
    for row in rows:
        yield _line(["" if cell is None else str(cell) for cell in row], widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    *most, last = cells
    return "  ".join([*(_padded(cell, width) for cell, width in zip(most, widths, strict=False)), last]).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text))
