"""Verbs for a case's papers and files: what is there, what was found of it, handed in, taken over; the files' check."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import Answer, Post, read_answers, table, texts, told_step, write_file
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.usecases.collecting import Sheet
    from desktop.usecases.evidencing import Proof
    from desktop.usecases.filing import Filed, FileView
    from desktop.usecases.papering import PaperView

HEADS, WIDTHS = ("编号", "资料", "要求", "状态", "补交期限", "文件"), (6, 30, 6, 6, 10)


def materials(post: Post, asked: Namespace) -> Answer:
    """All papers of a case, or the one that a notice's code names; numbers of papers are masked."""
    from desktop.domain.case_code import CaseCode, read_case_code
    from desktop.usecases.collecting import sheets
    from desktop.usecases.evidencing import proofs
    from desktop.usecases.filing import files_of

    number, part = read_case_code(asked.case) or CaseCode(asked.case)
    found, proven = sheets(post.desk, number), proofs(post.desk, number)
    files = files_of(post.desk, number)
    if part in {*(sheet.code for sheet in found), *(proof.code for proof in proven)}:
        found = tuple(sheet for sheet in found if sheet.code == part)
        proven = tuple(proof for proof in proven if proof.code == part)
    rows = [_row(sheet, [file for file in files if file.slot == sheet.code]) for sheet in found]
    rows += [_proof_row(proof, [file for file in files if file.slot == proof.code]) for proof in proven]
    cells = ((row["code"], row["name"], row["demand"], row["state"], row["due_on"], len(row["files"]))
             for row in rows)
    remarks = (*_remarks(found), *(f"请留意 {each.code}：{each.told}" for each in proven if each.told))
    return Answer([*table(HEADS, cells, WIDTHS), *remarks], each=rows)


def _proof_row(proof: Proof, files: list[FileView]) -> dict[str, Any]:
    return {"code": proof.code, "name": proof.name, "demand": "凭证", "stage": proof.stage, "least": proof.least,
            "state": "缺" if proof.told else "有" if files else "", "open": False, "due_on": None,
            "files": _files(files)}


def _files(files: list[FileView]) -> list[dict[str, Any]]:
    return [{"name": file.name, "kind": file.kind, "size": file.size, "sha256": file.sha256} for file in files]


def _row(sheet: Sheet, files: list[FileView]) -> dict[str, Any]:
    from desktop.domain.identity import mask_id

    item = sheet.item
    return {
        "code": sheet.code, "name": sheet.name, "demand": sheet.demand, "state": sheet.state, "open": sheet.open,
        "stage": sheet.stage, "supplier": sheet.supplier, "due_on": sheet.due_on, "supplied_on": sheet.supplied_on,
        "paper_kind": item.kind, "paper_number": mask_id(item.number) if item.number else "",
        "valid_until": item.valid_until, "seen": item.seen, "complete": item.complete, "true": item.true,
        "source": item.source, "from_case": item.from_case, "notices": sheet.notices,
        "offer": sheet.offer.told if sheet.offer else "",
        "files": _files(files),
    }


def _remarks(found: tuple[Sheet, ...]) -> Iterator[str]:
    for sheet in found:
        yield from (f"请留意 {sheet.code}：{each}" for each in sheet.notices)
        if sheet.offer:
            yield f"可沿用 {sheet.code}：{sheet.offer.told}"


def material(post: Post, asked: Namespace) -> Answer:
    """Note what was found of a paper; or that it is shared, taken over, or promised for another day."""
    from desktop.usecases import collecting

    if asked.again:
        offer = collecting.take_over(post.desk, asked.case, asked.code)
        told = f"{offer.name}沿用 {offer.from_case} 的。"
    elif asked.due:
        collecting.promise_anew(post.desk, asked.case, asked.code, asked.due, asked.reason or "")
        told = f"约定 {asked.due} 前补交。"
    elif asked.shared is not None:
        collecting.mark(post.desk, asked.case, asked.code, {"source": asked.shared}, state="免交", on=asked.on)
        told = "免交。"
    else:
        given = texts(read_answers(asked.answers)) if asked.answers else {}
        collecting.mark(post.desk, asked.case, asked.code, given, on=asked.on)
        told = "已收。"
    return Answer([f"工单 {asked.case} 的 {asked.code}：{told}"], {"case": asked.case, "material": asked.code})


def supply(post: Post, asked: Namespace) -> Answer:
    """补交: several papers at once, with the receipt."""
    from desktop.usecases.notifying import supplement

    paper = supplement(post.desk, asked.case, asked.codes, on=asked.on)
    where = _written(post, asked.out, paper)
    return Answer([f"已收到 {'、'.join(dict.fromkeys(asked.codes))}，回执“{paper.title}”。{where}"], {"paper": paper})


def notice(post: Post, asked: Namespace) -> Answer:
    """The 一次性告知书 as things stand now."""
    from desktop.usecases.notifying import make_notice

    paper = make_notice(post.desk, asked.case)
    return Answer([f"已生成“{paper.title}”。{_written(post, asked.out, paper)}"], {"paper": paper})


def _written(post: Post, out: str | None, paper: PaperView) -> str:
    from desktop.usecases.papering import handed_out

    return f"写到 {write_file(Path(out), handed_out(post.desk, paper.id))}" if out else ""


def attach(post: Post, asked: Namespace) -> Answer:
    """Attach files to a paper, or those of a folder whose names say case and paper."""
    from desktop.usecases.filing import file_in, place_named, read_file

    if asked.folder:
        return _filed(_from_folder(post, Path(asked.folder)))
    if not (asked.case and asked.code and asked.files):
        raise Refusal("请写明工单、资料编号和文件；或用 --folder 收高拍仪文件夹里写好名字的。", "file")
    place = place_named(post.desk, asked.case, asked.code)
    return _filed([file_in(post.desk, asked.case, place, read_file(path), path.name)
                   for path in map(Path, asked.files)])


def _from_folder(post: Post, folder: Path) -> list[Filed]:
    from desktop.usecases.filing import Filed, file_from, look_in

    done: list[Filed] = []
    for found in look_in(folder):
        try:
            done.append(file_from(post.desk, found))
        except Refusal as why:  # one that cannot be taken keeps no other out
            done.append(Filed("", found.path.name, False, str(why)))
    return done


def _filed(done: list[Filed]) -> Answer:
    added = sum(each.added for each in done)
    told = [f"  {each.name}：{each.told}" for each in done if each.told]
    return Answer([f"放入 {added} 份文件，共看过 {len(done)} 份。", *told], {"added": added, "files": done})


def camera(post: Post, asked: Namespace) -> Answer:
    """Which document camera this machine has; set where one is named; one picture where a paper is named."""
    from desktop.devices.camera import load_camera
    from desktop.usecases.adjusting import adjust, machine
    from desktop.usecases.filing import place_named
    from desktop.usecases.picturing import take_picture

    if asked.driver is not None:
        load_camera(asked.driver.strip())
        adjust(post.folder, "camera", asked.driver)
    if asked.case:
        if not asked.code:
            raise Refusal("请写明拍给哪一份资料，如 M03。", "code")
        return _filed([take_picture(post.desk, asked.case, place_named(post.desk, asked.case, asked.code))])
    driver = machine(post.folder)["camera"]
    return Answer([f"高拍仪：{driver or '没有，盯住文件夹或放入文件'}"], {"camera": driver})


def check_files(post: Post, asked: Namespace) -> Answer:
    """Read all files through; with --sweep remove contents that nothing names."""
    from desktop.usecases import filing

    gone = filing.drop_orphans(post.desk) if asked.sweep else 0
    found = filing.check_files(post.desk, told_step("检查文件"))
    lines = [f"检查了 {found.checked} 份文件：缺 {len(found.missing)}，损坏 {len(found.damaged)}，"
             f"无主 {len(found.orphans)}" + (f"，已清理 {gone}" if asked.sweep else "") + "。"]
    lines += [f"  缺：{each}" for each in found.missing] + [f"  损坏：{each}" for each in found.damaged]
    failed = "有文件缺失或损坏，请从备份里找回（备份在哪里见 yekuo where）。" if found.missing or found.damaged else ""
    return Answer(lines, {"checked": found.checked, "missing": found.missing, "damaged": found.damaged,
                          "orphans": found.orphans, "swept": gone}, failed=failed)
