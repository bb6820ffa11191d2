"""How the command line explains itself: argparse's own words in Chinese, and arguments that are checked when read."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from desktop.cli_answer import columns

WRONG_USAGE = 2
# What argparse says of a wrong argument, in the wordings of Python 3.11 to 3.13, and how a clerk reads it.
SAID = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"one of the arguments (.+) is required", r"请从这些里选一个：\1"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 说得不全，可能是：\2"),
    (r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"\1 没有“\2”，请从这些里选：\3"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 和 \2 只能选一个"),
    (r"argument (.+?): invalid \w+ value: '?(.*?)'?", r"\1 应填数字，不能是“\2”"),
    (r"argument (.+?): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (.+?): expected at (?:least|most) one argument", r"\1 后面要跟一个值"),
    (r"argument (.+?): expected (\d+) arguments", r"\1 后面要跟 \2 个值"),
    (r"argument (.+?): ignored explicit argument '?(.*?)'?", r"\1 后面不要写“\2”"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)
NO_SUCH_VERB = r"argument 命令: invalid choice: '?(.*?)'? \(choose from (.+)\)"
EARLIEST, LATEST = 1950, 2150
LARGEST_COUNT = 10_000_000


PIECE = re.compile(r"[（“]*(?:[!-~]+|.)[，。；：、！？）”]*")
"""What a line of help is not broken within: a word or date, a character, each with the marks that belong to it."""


class Formatter(argparse.HelpFormatter):
    """The help page with 用法 at its head, and room for the longest verb; a Chinese character is two columns wide."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Any,
                  prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if action.help is not argparse.SUPPRESS:
            wide = columns(self._format_action_invocation(action)) + self._current_indent
            self._action_max_length = max(self._action_max_length, wide)

    def _format_action(self, action: argparse.Action) -> str:
        """The help of an argument begins in the same column whatever it is called."""
        told, head = super()._format_action(action), self._format_action_invocation(action)
        wider = " " * (columns(head) - len(head))
        return told.replace(f"{head}{wider}  ", f"{head}  ", 1) if wider else told

    def _split_lines(self, text: str, width: int) -> list[str]:
        lines = [""]
        for piece in PIECE.findall(" ".join(text.split())):
            if columns(lines[-1] + piece.rstrip()) > width:
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
        return [line.rstrip() for line in lines]

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in self._split_lines(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that speaks Chinese; wrong usage ends with 2."""

    def __init__(self, **options: Any) -> None:
        explains = options.get("add_help", True)
        super().__init__(**{"formatter_class": Formatter, **options, "parents": (), "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        for parent in options.get("parents", ()):
            self._add_container_actions(parent)  # now that both name their groups alike
        if explains:
            self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the usage, and how it is."""
        self.exit(WRONG_USAGE, f"{self.format_usage()}用法不对：{chinese(message)}。用 {self.prog} --help 看说明。\n")


class LateParser(Parser):
    """A verb's parser that is made when its verb is read: of ninety one is asked for, and making all takes longer than
    most verbs do."""

    def __init__(self, fill: Callable[[Parser], None], shared: Parser, **options: Any) -> None:
        self._fill, self._options = fill, {**options, "parents": [shared]}

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What is left over is told by the verb itself, whose own help page tells what there is."""
        made = Parser(**self._options)
        self._fill(made)
        read, strange = made.parse_known_args(args, namespace)
        if strange:
            made.error(f"unrecognized arguments: {' '.join(strange)}")
        return read, strange


def chinese(message: str) -> str:
    """What argparse says, as the clerk reads it; what is unknown stays as it is."""
    if verb := re.fullmatch(NO_SUCH_VERB, message, re.DOTALL):  # of eighty verbs those that look like it
        from difflib import get_close_matches

        near = get_close_matches(verb[1], re.findall(r"[\w-]+", verb[2]))
        return f"没有“{verb[1]}”这条命令" + (f"，像它的有：{'、'.join(near)}" if near else "")
    for said, read in SAID:
        if match := re.fullmatch(said, message, re.DOTALL):
            return match.expand(read).replace("', '", "、").replace("'", "").replace(", ", "、").rstrip("。")
    return message


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """What reads an argument that is one of these words; said in the program's own short form, it is its word too."""
    of = {short: word for word, short in words.items()}
    return lambda text: of.get(text, text)


def a_date(text: str) -> date:
    """A date as an argument: 2026-11-23, of a year that a hall can have."""
    try:
        said = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-11-23 的样子") from error
    if not EARLIEST <= said.year <= LATEST:
        raise argparse.ArgumentTypeError(f"“{text}”的年份不合理，请核对")
    return said


def a_file(text: str) -> str:
    """A path as an argument; one without a name of its own, as “.”, is written out, so that it can be told."""
    return text if Path(text).name else str(Path(text).resolve())


def a_count(text: str) -> int:
    """A number of lines or copies as an argument: 1 or more."""
    if not re.fullmatch(r"[0-9]{1,8}", text) or not 1 <= int(text) <= LARGEST_COUNT:
        raise argparse.ArgumentTypeError(f"“{text}”不是 1 以上的整数")
    return int(text)


def a_copies(text: str) -> int:
    """A number of copies as an argument: 0 or more."""
    return 0 if text == "0" else a_count(text)
