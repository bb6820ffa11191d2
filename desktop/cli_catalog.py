"""Verbs for the catalogue of rules: its releases listed, looked through, compared, taken and handed on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli_answer import Answer, Post, table, write_file
from desktop.errors import Refusal, Trouble

if TYPE_CHECKING:
    from desktop.catalog.comparing import RuleRow

WIDTHS = (14, 12, 8, 10, 8, 8)


def catalog(post: Post, asked: Namespace) -> Answer:
    """One of the deeds of the catalogue; the words after it are its own."""
    do, least, most = DEEDS[asked.deed]
    if not least <= len(asked.what) <= most:
        raise Refusal(f"用法：yekuo catalog {USES[asked.deed]}", "what")
    return do(post, asked)


def _list(post: Post, _asked: Namespace) -> Answer:
    from desktop.usecases.cataloguing import releases

    found = releases(post.desk)
    rows = ((each.id, each.effective, each.region, "随程序" if each.shipped else "导入",
             each.standing, each.cases, f"{each.kinds} 种业务，{each.unverified} 行待核验") for each in found)
    return Answer(table(("编号", "生效日", "地区", "来源", "", "工单", ""), rows, WIDTHS), each=found)


def _rules(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.cataloguing import rules

    found = rules(post.desk, next(iter(asked.what), ""), unverified=asked.unverified)
    return Answer(_rule_lines(found), each=found)


def _rule_lines(found: tuple[RuleRow, ...]) -> Iterator[str]:
    for each in found:
        mark = "已核验" if each.verified else "待核验"
        until = f" 至 {each.until}" if each.until else ""
        yield f"{each.title}（{each.file}）  {each.row or '—'}  {each.says}"
        yield f"    {mark}  {each.effective}{until}  {each.region}  {each.basis}"


def _compare(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.cataloguing import compare

    found = compare(post.desk, *asked.what)
    lines = [f"{each.title}（{each.file}）  {each.row or '—'}  {each.key}："
             f"{each.before or '（无）'} → {each.after or '（无）'}" for each in found]
    return Answer(lines or ["两版规则目录完全相同。"], each=found)


def _import(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.cataloguing import import_release

    taken = import_release(post.desk, _content(Path(asked.what[0])))
    now = taken.effective <= post.desk.today
    when = "即日起在用（已打开的窗口重新打开后生效）" if now else f"自 {taken.effective} 起在用"
    return Answer([f"规则目录 {taken.id}（{taken.name}）已收下，{when}。已受理的工单仍按受理时的目录办理。"], taken)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"读不到文件“{path.name}”。", "请核对路径和权限。") from error


def _export(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.cataloguing import export_release

    release = asked.what[0] if asked.what else post.desk.catalog.release
    place = write_file(Path(asked.out or f"规则目录-{release}.zip"), export_release(post.desk, release))
    return Answer([f"规则目录 {release} 在 {place}"], {"release": release, "file": place})


def _pack(_post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.cataloguing import pack_folder

    folder = Path(asked.what[0])
    if not folder.is_dir():
        raise Refusal(f"没有这个文件夹：{folder}。", "what")
    place = write_file(Path(asked.out or f"{folder.name}.zip"), pack_folder(folder))
    return Answer([f"已检查并打成发布文件：{place}"], {"file": place})


DEEDS: dict[str, tuple[Callable[[Post, Namespace], Answer], int, int]] = {
    "list": (_list, 0, 0), "rules": (_rules, 0, 1), "compare": (_compare, 2, 2), "import": (_import, 1, 1),
    "export": (_export, 0, 1), "pack": (_pack, 1, 1),
}
USES = {
    "list": "list", "rules": "rules [编号] [--unverified]", "compare": "compare 编号 编号", "import": "import FILE.zip",
    "export": "export [编号] --out FILE.zip", "pack": "pack 文件夹 --out FILE.zip",
}
