"""A release of the catalogue as one file: a zip of its .toml and .json files, release.toml naming it.

release.toml may carry the `digest` of all the other files; one that does not agree with them was damaged or changed.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from desktop.catalog.files import HEAD, Files

LARGEST, MOST = 5_000_000, 500  # bytes and files: a release has about three hundred thousand in fifty
ENCRYPTED = 0x1  # flag of a file in a zip
STAMP = (2000, 1, 1, 0, 0, 0)  # the same release is the same file, whenever it was packed


def unpack(content: bytes) -> Files:
    """The files of a release file. ValueError says what is wrong with it."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            texts = _without_root(list(_texts(archive)))
    except BadZipFile as error:
        raise ValueError("这不是规则目录的发布文件（应是一个完好的 zip 文件），或在途中损坏") from error
    if HEAD not in texts:
        raise ValueError(f"发布文件里没有 {HEAD}")
    files = Files(texts)
    said = files.table(HEAD).get("digest", "")
    if said and said != digest_of(texts):
        raise ValueError(f"{HEAD}: digest 与其余文件对不上，发布文件在途中被改动或损坏")
    return files


def _texts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST or sum(info.file_size for info in infos) > LARGEST:
        raise ValueError("发布文件太大，不像是一份规则目录")
    for info in infos:
        name = info.filename.replace("\\", "/")  # as some packers of Windows write it
        place = PurePosixPath(name)
        if place.suffix not in (".toml", ".json") or ".." in place.parts or place.is_absolute() or ":" in name:
            raise ValueError(f"{name}: 发布文件里只能有 .toml 和 .json 文件")
        try:
            yield place.as_posix(), _read(archive, info).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{name}: 不是 UTF-8 文本") from error


def _read(archive: ZipFile, info: ZipInfo) -> bytes:
    """The content of one file, never more than it says. ValueError where it is locked or was damaged."""
    if info.flag_bits & ENCRYPTED:
        raise ValueError(f"{info.filename}: 加了密码，读不出来；请不加密重新打包")
    try:
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
    except (NotImplementedError, RuntimeError, zlib.error, EOFError, OSError) as error:
        raise ValueError(f"{info.filename}: 压缩包里的这个文件已损坏，或是用少见的方法压缩的") from error
    if len(content) > info.file_size:
        raise ValueError(f"{info.filename}: 比压缩包里写的大，不像是一份规则目录")
    return content


def _without_root(told: list[tuple[str, str]]) -> dict[str, str]:
    """The files by name, without the folder in which all of them lie where somebody packed that. ValueError for a name
    that is there twice."""
    texts = dict(told)
    if len(texts) != len(told):
        twice = next(name for name, times in Counter(name for name, _ in told).items() if times > 1)
        raise ValueError(f"{twice}: 压缩包里有两个同名的文件")
    roots = {name.partition("/")[0] for name in texts}
    if HEAD not in texts and len(roots) == 1 and f"{(root := roots.pop())}/{HEAD}" in texts:
        return {name.removeprefix(f"{root}/"): text for name, text in texts.items()}
    return texts


def digest_of(texts: Mapping[str, str]) -> str:
    """What the files other than release.toml are known by."""
    return Files({name: text for name, text in texts.items() if name != HEAD}).digest


def pack(texts: Mapping[str, str]) -> bytes:
    """One release file of these files."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in sorted(texts, key=lambda name: (name != HEAD, name)):
            archive.writestr(ZipInfo(name, STAMP), texts[name].encode(), ZIP_DEFLATED)
    return made.getvalue()
