"""A release of the catalogue as one file: a zip of its .toml and .json files, release.toml naming it.

release.toml may carry the `digest` of all the other files; one that does not agree with them was damaged or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from desktop.catalog.files import HEAD, Files

LARGEST, MOST = 5_000_000, 500  # bytes and files: a release has about three hundred thousand in fifty
STAMP = (2000, 1, 1, 0, 0, 0)  # the same release is the same file, whenever it was packed


def unpack(content: bytes) -> Files:
    """The files of a release file. ValueError says what is wrong with it."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            texts = dict(_texts(archive))
    except BadZipFile as error:
        raise ValueError("这不是规则目录的发布文件（应是一个 zip 文件）") from error
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
        place = PurePosixPath(info.filename)
        if place.suffix not in (".toml", ".json") or ".." in place.parts or place.is_absolute():
            raise ValueError(f"{info.filename}: 发布文件里只能有 .toml 和 .json 文件")
        try:
            yield place.as_posix(), archive.read(info).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"{info.filename}: 不是 UTF-8 文本") from error


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
