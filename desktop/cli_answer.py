"""What a verb is given and what it answers: the post it is done from, and its words for people and for programs."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import sys
import unicodedata
from argparse import Namespace
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_words import label_of
from desktop.domain.kind import tidied
from desktop.errors import Refusal, Trouble

if TYPE_CHECKING:
    from desktop.usecases.desk import Desk

LARGEST_ANSWERS = 4_000_000  # bytes: a form's answers are a few thousand
MEASURED_ROWS = 1000
HALF_PAIRS = re.compile("[\ud800-\udfff]")  # JSON can name half a character, which no database keeps


class Post:
    """Where a verb is done: the data folder, the clock and the clerk asked for. The hall is opened when first used;
    a folder without one is refused unless the verb `may_begin` one there."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], clerk: str, *, may_begin: bool = False) -> None:
        self.folder, self.clock, self.clerk, self.may_begin = folder, clock, clerk, may_begin

    @cached_property
    def desk(self) -> Desk:
        """The hall's desk with the clerk at it: the one asked for, else this machine's, else nobody."""
        from desktop.usecases.adjusting import machine
        from desktop.usecases.safekeeping import open_desk
        from desktop.usecases.staffing import clerk_by_number

        if not self.may_begin:
            refuse_no_hall(self.folder)
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


def refuse_no_hall(folder: Path) -> None:
    """A mistyped folder must not become a hall of its own: refused, with how a hall is begun."""
    from desktop.usecases.safekeeping import HALL, backups

    if (folder / HALL).exists():
        return
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"“{folder}”是一个文件，不是数据文件夹。请核对 --data。")
    if kept := backups(folder):
        raise Refusal(f"这个文件夹里没有营业厅的数据文件，但有备份：{folder}。"
                      f"可以恢复最近的一份：yekuo restore {kept[0].path.name} --data {folder}")
    raise Refusal(f"这个文件夹里还没有营业厅：{folder}。请核对 --data（yekuo where 告诉数据在哪里）；"
                  "新的营业厅先用 yekuo setup 建立，演练用 yekuo demo。")


@dataclass(frozen=True)
class Answer:
    """A verb's answer: `lines` for people, `data` for --json. With `each`, every item is printed as one object a
    line. `failed`: what was looked at is not as it should be, in a sentence; the verb then ends as one refused."""

    lines: Iterable[str] = ()
    data: Any = None
    each: Iterable[Any] | None = None
    failed: str = ""

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
    name = "标准输入" if path == "-" else f"“{Path(path).name}”"
    try:
        raw = sys.stdin.buffer.read(LARGEST_ANSWERS + 1) if path == "-" else _read(Path(path))
    except (OSError, ValueError) as error:  # a path with a NUL in it is a ValueError
        raise Refusal(f"打不开答案文件{name}。请核对路径。", "answers") from error
    answers = _parsed(raw, name)
    if not isinstance(answers, dict):
        raise Refusal(f"答案文件{name}应是一个 JSON 对象（花括号括起的“字段: 值”）；样例见 yekuo example。", "answers")
    return answers


def _parsed(raw: bytes, name: str) -> Any:
    if not raw.removeprefix(BOM_UTF8).strip():
        raise Refusal(f"答案文件{name}是空的；样例见 yekuo example。", "answers")
    if len(raw) > LARGEST_ANSWERS:
        raise _too_large(name)
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_float=_plain_number, parse_int=_plain_number,
                          parse_constant=_plain_number, object_pairs_hook=_each_once)
    except UnicodeDecodeError as error:
        raise Refusal(f"答案文件{name}不是 UTF-8 编码的文本（可能是 GBK），请另存为 UTF-8。", "answers") from error
    except json.JSONDecodeError as error:
        raise Refusal(f"答案文件{name}的第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON，请改正；"
                      "样例见 yekuo example。", "answers") from error
    except RecursionError as error:
        raise Refusal(f"答案文件{name}的括号套得太深，不像一份答案。请核对。", "answers") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON as it is, if it says everything once: of two answers to one question none would be the one."""
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        word = f"{label_of(twice)}（{twice}）" if label_of(twice) else f"“{twice}”"
        raise Refusal(f"答案文件里{word}写了两次，请只留一处。", twice)
    return dict(pairs)


def _plain_number(text: str) -> str:
    """A number of JSON stays as it was written: answers are texts, and 1e400 or NaN is for the field to refuse."""
    return text


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise Refusal(f"“{path.name}”是文件夹，不是答案文件。请核对路径。", "answers")
    if path.stat().st_size > LARGEST_ANSWERS:
        raise _too_large(f"“{path.name}”")
    return path.read_bytes()


def _too_large(name: str) -> Refusal:
    return Refusal(f"答案文件{name}太大，不像一份答案。请核对路径。", "answers")


def word_of(given: Mapping[str, Any], name: str) -> str:
    """A single word in an answers file, as `kind`; empty where it is not there, refused in another shape."""
    said = given.get(name)
    return "" if said is None else _word(name, said)


def rows_of(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects in an answers file, as `clerks`; empty where it is not there, refused in another shape."""
    rows = given.get(name)
    rows = [] if rows is None else rows
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refusal(f"{label_of(name)}（{name}）应逐个写在方括号里，各用花括号；样例见 yekuo example setup。", name)
    return [texts(row) for row in rows]


def part_of(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object within an answers file, as `hall`; empty where it is not there, refused in another shape."""
    part = given.get(name)
    part = {} if part is None else part
    if not isinstance(part, dict):
        raise Refusal(f"{label_of(name)}（{name}）应写在花括号里；样例见 yekuo example。", name)
    return texts(part)


def texts(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as forms keep them: numbers and booleans become text, lists of rows keep their shape. Refused where
    a value is of another shape, naming the field."""
    return {name: _text(name, value) for name, value in answers.items() if value is not None}


def _text(name: str, value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return [{column: _word(name, cell) for column, cell in row.items() if cell is not None} for row in value]
    return _word(name, value)


def _word(name: str, value: Any) -> str:
    if isinstance(value, list | Mapping) or (isinstance(value, bool) and not _is_yes_or_no(name)):
        word = f"{label_of(name)}（{name}）" if label_of(name) else f"“{name}”"
        raise Refusal(f"{word}的写法不对：应填文字；清单应逐行用花括号写明各栏，请对照 yekuo example。", name)
    if isinstance(value, bool):
        return "是" if value else "否"
    return HALF_PAIRS.sub("\ufffd", value if isinstance(value, str) else str(value))


def _is_yes_or_no(name: str) -> bool:
    """Whether true can be an answer to it; where the dictionary does not know it, the verb says."""
    from desktop.domain.field import FIELDS

    return name not in FIELDS or "是" in FIELDS[name].choices


def day(text: str | date, name: str) -> date:
    """A date of an answers file or an argument; refused with how to write it. Full-width digits are folded."""
    try:
        return date.fromisoformat(tidied("date", str(text)))
    except ValueError as error:
        word = f"{label_of(name) or '日期'}（{name}）"
        raise Refusal(f"{word}“{text}”不是日期，请写成 2026-11-23 的样子。", name) from error


def write_file(path: Path, content: bytes) -> Path:
    """Write a paper where the clerk said: whole or not at all, readable by him alone."""
    from printing.writing import atomic_write

    refuse_file(path)
    atomic_write(path, content, private=True)
    return path.absolute()


def refuse_file(path: Path, ending: str = "") -> None:
    """Trouble where no file can be written at that place, Refusal where its name does not end as it should; asked
    before a deed, so that none is done whose paper then has no place."""
    if ending and path.suffix.lower() != ending:
        raise Refusal(f"文件名“{path.name}”请以 {ending} 结尾。", "out")
    place = path.absolute()
    if place.is_dir():
        raise Trouble(f"“{place}”是文件夹，文件没有写成。", "请写明文件名。", None)
    if not place.parent.is_dir():
        raise Trouble(f"文件夹“{place.parent}”不存在，文件没有写成。", "请先建立文件夹，或换一个位置。", None)
    if not os.access(place.parent, os.W_OK):
        raise Trouble(f"文件夹“{place.parent}”没有写入的权限，文件没有写成。", "请换一个位置。", None)


def refuse_folder(place: Path) -> None:
    """Trouble where the folder is not there and cannot be made; asked before a deed."""
    there = next(each for each in (place.absolute(), *place.absolute().parents) if each.exists())
    if not there.is_dir():
        raise Trouble(f"文件夹“{place.absolute()}”建不成：“{there}”是一个文件。", "请换一个位置。", None)
    if not os.access(there, os.W_OK):
        raise Trouble(f"文件夹“{place.absolute()}”建不成：没有权限。", "请换一个位置。", None)


def out_folder(said: str) -> Path:
    """The folder for papers, made if need be; Trouble where it cannot be."""
    place = Path(said).absolute()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "已有一个同名的文件" if place.is_file() else "没有权限，或上级不是文件夹"
        raise Trouble(f"文件夹“{place}”建不成：{why}。", "请换一个位置。", None) from error
    return place


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int]) -> Iterator[str]:
    """Lines of a table in which a Chinese character is two columns wide; nothing is ever cut.

    `widths` are the least ones of all columns but the last; the first rows may widen them, so that columns stand in
    line though a long list is still printed as it is read.
    """
    lines = ([_one_line(cell) for cell in row] for row in rows)
    first = list(islice(lines, MEASURED_ROWS))
    fitting = [max(least, *(columns(row[at]) for row in (heads, *first))) for at, least in enumerate(widths)]
    for cells in chain((heads,), first, lines):
        yield _line(cells, fitting)


def _one_line(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    *most, last = cells
    padded = (text + " " * (width - columns(text)) for text, width in zip(most, widths, strict=True))
    return "  ".join([*padded, last]).rstrip()


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text if not unicodedata.combining(ch))
