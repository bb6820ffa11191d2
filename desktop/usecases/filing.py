"""Filing what the customer hands in: by drop, from the scanner's folder, from a camera; kept once, by content.

A content is on the disk before the database names it, and the database names it before the clerk is told: what a
crash leaves is at most a content that nothing names, which the check finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial
from db.clerks import Clerk, Draft
from db.files import Attachment, StoredFile
from desktop.domain.attachment import MOST_BYTES, SUFFIXES, Named, meant_by, refuse_unfit, shown_name
from desktop.domain.case import Status
from desktop.domain.deed import closed_told
from desktop.domain.dossier import FILED, UNFILED
from desktop.errors import Refusal, Trouble
from desktop.progress import Step, no_step
from desktop.usecases.acting import Act, act
from desktop.usecases.casework import case_row, process_for
from desktop.usecases.desk import Desk
from desktop.usecases.file_keeping import drop, get_content, is_sound, kept, named_aside, place_of, put_content
from desktop.usecases.likening import alike
from desktop.usecases.withholding import SUBJECT, proofs_asked

PAUSE_PROOF = "暂停凭据"
RECENT = timedelta(days=1)  # a content that nothing names yet may belong to a form that is being filled


@dataclass(frozen=True)
class FileView:
    """One attached file. `slot` is the paper's code, or what else of the case it proves."""

    id: int
    slot: str
    sha256: str
    name: str
    kind: str
    size: int
    added_at: datetime
    clerk: str


@dataclass(frozen=True)
class Filed:
    """What became of one file: attached or there already; `told` is what the clerk should know of it."""

    sha256: str
    name: str
    added: bool
    told: str = ""


@dataclass(frozen=True)
class Found:
    """A file in the scanner's folder; `meant` is what its name says, `fault` why it cannot be taken as it is."""

    path: Path
    meant: Named | None
    fault: str = ""


@dataclass(frozen=True)
class FileCheck:
    """What the check found: contents that are named and missing or damaged, with where; and contents nobody names."""

    checked: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    orphans: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return not (self.missing or self.damaged or self.orphans)


def read_file(path: Path) -> bytes:
    """The bytes of a file that a clerk chose; refused where it is too large, Trouble where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal(f"“{path.name}”超过 {MOST_BYTES // 1024 // 1024} MB。请降低扫描分辨率（200 至 300 dpi 即可）"
                          "后重新扫描。", "file")
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"“{path.name}”读不出来。", "请检查文件是否还在、是否正被别的程序占用。") from error


def keep_file(desk: Desk, content: bytes, name: str) -> tuple[str, str]:
    """Keep a content on the disk before its case exists, as while the form is filled; (digest, name as kept)."""
    refuse_unfit(content, shown_name(name))
    return put_content(desk.folder, content), shown_name(name)


def file_in(desk: Desk, number: str, slot: str, content: bytes, name: str) -> Filed:
    """Attach a file to a paper of the case. The same content a second time is not attached again but told of.

    slot: the paper's code; a word of another room (survey, pause) is taken as it is. Refusal for what is no picture or
    PDF, too large or cut off, and for an ended case; Trouble where the disk says no: nothing is attached then.
    """
    named = shown_name(name)
    kind = refuse_unfit(content, named)
    with desk.db.read() as session:  # before anything is put on the disk
        _refuse_ended(case_row(session, number), slot)
    sha256 = put_content(desk.folder, content)
    with act(desk, "file_in") as doing:
        case = case_row(doing.session, number)
        if told := _already(desk, doing.session, case, sha256):
            return Filed(sha256, named, False, told)
        told = _elsewhere(desk, doing.session, case, sha256) or _alike(desk, doing.session, case, sha256)
        attach(doing, case.id, slot, sha256, named, kind, len(content))
        return Filed(sha256, named, True, told)


def _refuse_ended(case: Case, slot: str) -> None:
    """An ended case takes nothing in any more but the proof of a pause, which may still be put right; a filed one is
    completed with scans of what lies in its box."""
    if case.status == Status.ENDED and not slot.startswith(PAUSE_PROOF):
        assert case.closed_on is not None  # it is ended
        told = closed_told(case.closed_on, ended=True, deed="再放入文件")
        raise Refusal(f"{told}：客户再来办的，请用“用作新件”起一件新的，放进新件；"
                      "放错工单的，请核对申请编号。", "case")


def attach(doing: Act, case_id: int, slot: str, sha256: str, name: str, kind: str, size: int) -> None:
    """Name a kept content at the case, within an act; the log has it, too."""
    if doing.session.get(StoredFile, sha256) is None:
        doing.session.execute(insert(StoredFile).values(
            sha256=sha256, size=size, kind=kind, added_at=doing.now, clerk_id=doing.clerk_id))
    doing.session.execute(insert(Attachment).values(
        subject=SUBJECT, subject_id=case_id, slot=slot, sha256=sha256, name=name, added_at=doing.now,
        clerk_id=doing.clerk_id))
    doing.note(SUBJECT, case_id, FILED, facts={"code": slot, "sha256": sha256, "name": name})


def attach_kept(desk: Desk, doing: Act, case_id: int, slot: str, files: Sequence[tuple[str, str]]) -> None:
    """Attach what was kept while the form was filled: (digest, name) each, every content once."""
    named: set[str] = set()
    for sha256, name in files:
        if sha256 not in named:
            named.add(sha256)
            content = get_content(desk.folder, sha256)
            attach(doing, case_id, slot, sha256, name, refuse_unfit(content, name), len(content))


def _already(desk: Desk, session: Session, case: Case, sha256: str) -> str:
    """Where in this very case the content is attached."""
    slot = session.scalar(select(Attachment.slot).where(
        Attachment.sha256 == sha256, Attachment.subject == SUBJECT, Attachment.subject_id == case.id))
    return f"已在本工单的“{_slot_name(desk, session, case, slot)}”里，没有重复放入。" if slot is not None else ""


def _alike(desk: Desk, session: Session, case: Case, sha256: str) -> str:
    """Which picture of this very case shows the same in other bytes."""
    found = alike(desk, session, case.id, sha256)
    if found is None:
        return ""
    slot, name, turn = found
    how = "只是转了方向" if turn else "只是重新压缩过"
    where = f"本工单“{_slot_name(desk, session, case, slot)}”里的“{name}”"
    return f"看起来与{where}是同一张，{how}；已放入，多余的请移出。"


def _elsewhere(desk: Desk, session: Session, case: Case, sha256: str) -> str:
    """Where else the content is attached: in a case of the same customer it is told, in a stranger's it is asked."""
    query = select(Case, Attachment.slot).join(
        Attachment, Attachment.subject_id == Case.id).where(
        Attachment.sha256 == sha256, Attachment.subject == SUBJECT, Case.id != case.id).order_by(Case.id.desc())
    found = session.execute(query.limit(1)).one_or_none()
    if found is None:
        return ""
    other, slot = found
    where = f"与工单 {other.number} 的“{_slot_name(desk, session, other, slot)}”是同一份"
    return f"{where}。" if other.customer_id == case.customer_id else f"{where}，那是另一位客户的：请核对是否放错。"


def _slot_name(desk: Desk, session: Session, case: Case, slot: str) -> str:
    """What a clerk calls the place of a file: the paper, or the proof of a stage."""
    name = session.scalar(select(CaseMaterial.name).where(CaseMaterial.case_id == case.id, CaseMaterial.code == slot))
    proofs = desk.rules_of(case.release).evidence
    return name or next((proof.name for proof in proofs if proof.code == slot), slot)


def place_named(desk: Desk, number: str, code: str) -> str:
    """The place of the case's files that this code means; refused where the case asks no such paper or proof."""
    wanted = code.strip().upper()
    with desk.db.read() as session:
        case = case_row(session, number)
        rows = session.execute(select(CaseMaterial.code, CaseMaterial.name).where(CaseMaterial.case_id == case.id))
        places = {each.code: each.name for each in rows}
        places |= {each.code: each.name for each in proofs_asked(desk, process_for(desk, case), case.answers)}
    if wanted not in places:
        known = "、".join(f"{each} {name}" for each, name in places.items())
        raise Refusal(f"这件工单没有“{code}”这一份。可以放入文件的有：{known}。", "material")
    return wanted


def files_of(desk: Desk, number: str) -> tuple[FileView, ...]:
    """All files of a case, by paper and in the order in which they came."""
    query = select(Attachment.id, Attachment.slot, Attachment.sha256, Attachment.name, StoredFile.kind,
                   StoredFile.size, Attachment.added_at, func.coalesce(Clerk.name, "").label("clerk"))
    query = query.join(StoredFile, StoredFile.sha256 == Attachment.sha256).outerjoin(
        Clerk, Clerk.id == Attachment.clerk_id).order_by(Attachment.slot, Attachment.id)
    with desk.db.read() as session:
        case = case_row(session, number)
        rows = session.execute(query.where(Attachment.subject == SUBJECT, Attachment.subject_id == case.id))
        return tuple(FileView(*row) for row in rows)


def file_bytes(desk: Desk, sha256: str) -> bytes:
    """The content of a file. Trouble where it is missing or damaged."""
    return get_content(desk.folder, sha256)


def take_off(desk: Desk, number: str, file_id: int, reason: str) -> None:
    """Take a file off its paper, with a reason; the log keeps that it was there, and the content stays."""
    if not reason.strip():
        raise Refusal("请写明移出的原因，如“放错工单”“扫描不清，重扫”。", "reason")
    with act(desk, "take_off") as doing:
        case = case_row(doing.session, number)
        row = doing.session.get(Attachment, file_id)
        if row is None or (row.subject, row.subject_id) != (SUBJECT, case.id):
            raise Refusal("这份文件已经不在这件工单里，请刷新后再看。", "file")
        doing.note(SUBJECT, case.id, UNFILED, facts={
            "code": row.slot, "sha256": row.sha256, "name": row.name, "reason": reason.strip()})
        doing.session.execute(delete(Attachment).where(Attachment.id == file_id))


def look_in(folder: Path, after: float = 0.0) -> tuple[Found, ...]:
    """The pictures and PDFs in the scanner's folder that were written after that moment (seconds since 1970), the
    oldest first. Trouble where the folder cannot be read."""
    try:
        files = [(path.stat().st_mtime, path) for path in folder.iterdir()
                 if path.suffix.lower() in SUFFIXES and path.is_file()]
    except OSError as error:
        raise Trouble(f"文件夹“{folder}”打不开。", "请在“选文件夹”里重新指定高拍仪存图片的文件夹。") from error
    return tuple(Found(path, meant_by(path.name)) for written, path in sorted(files) if written > after)


def file_from(desk: Desk, found: Found, number: str = "", slot: str = "") -> Filed:
    """Take a file of the scanner's folder in, where its name says or where the clerk says; it stays in the folder."""
    meant = found.meant
    if not (number and slot):
        if meant is None:
            raise Refusal(f"“{found.path.name}”的文件名没有写明申请编号和资料代码（如 YK202611230001-M03.jpg），"
                          "请选好资料后再放入。", "file")
        number, slot = meant.case_number, place_named(desk, meant.case_number, meant.code)
    return file_in(desk, number, slot, read_file(found.path), found.path.name)


def check_files(desk: Desk, step: Step = no_step) -> FileCheck:
    """Read every content through: what is named must be there and whole; what nobody names is an orphan."""
    with desk.db.read() as session:
        named = set(session.scalars(select(StoredFile.sha256)))
        waiting = _in_drafts(session)
        missing: list[str] = []
        damaged: list[str] = []
        for done, sha256 in enumerate(sorted(named)):
            step(done, len(named))
            path = place_of(desk.folder, sha256)
            if not is_sound(path):
                (damaged if path.exists() else missing).append(_where(desk, session, sha256))
    orphans = [path.name for path in kept(desk.folder) if path.name not in named and path.name not in waiting]
    return FileCheck(len(named), tuple(missing), tuple(damaged), tuple(orphans))


def _in_drafts(session: Session) -> set[str]:
    """Contents that an unfinished form names."""
    found: set[str] = set()
    for content in session.scalars(select(Draft.content)):
        for files in (content.get("files") or {}).values():
            found |= {str(each[0]) for each in files}
    return found


def _where(desk: Desk, session: Session, sha256: str) -> str:
    """Where a content belongs, for a sentence: case and paper."""
    query = select(Case, Attachment.slot).join(Attachment, Attachment.subject_id == Case.id).where(
        Attachment.sha256 == sha256, Attachment.subject == SUBJECT)
    row = session.execute(query.limit(1)).one_or_none()
    if row is None:
        return f"已移出的文件 {sha256[:8]}"
    case, slot = row
    return f"工单 {case.number} 的“{_slot_name(desk, session, case, slot)}”"


def drop_orphans(desk: Desk) -> int:
    """Remove the contents that nothing names and that were not put there just now; how many. Backups keep theirs, and
    so does the hall what a database names that was set aside at a restore."""
    oldest = (desk.now - RECENT).timestamp()
    old = {sha256 for sha256 in check_files(desk).orphans
           if place_of(desk.folder, sha256).stat().st_mtime < oldest}
    return drop(desk.folder, old - named_aside(desk.folder, old))
