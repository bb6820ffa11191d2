"""Releases of the catalogue: taken from one file after a look at the whole, listed, compared, handed on as a file.

A release is kept in the hall's own database: every backup has it, and a case finds its rules wherever it is restored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from db.cases import Case
from db.engine import Database
from db.releases import Release
from desktop.catalog.archive import LARGEST, digest_of, pack, unpack
from desktop.catalog.comparing import Difference, RuleRow, differences, rule_rows, title_of
from desktop.catalog.fault_words import in_words
from desktop.catalog.files import BASE_REGION, HEAD, KINDS, OWN, Files, Table
from desktop.catalog.release import FOLDER, Catalog, catalog_of, read_head
from desktop.catalog.whole import check_whole, first_of
from desktop.domain.process import Process
from desktop.errors import Refusal
from desktop.usecases.acting import act
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import APPROVING_POSTS, POSTS
from printing.form_paper import forms
from printing.template import templates


@dataclass(frozen=True)
class ReleaseView:
    """A release that this hall has. `in_force`: today's; `standing` the word for that; `cases`: how many began under
    it; `unverified`: rows that are 待核验."""

    id: str
    name: str
    region: str
    effective: date
    shipped: bool
    in_force: bool
    standing: str
    kept_at: datetime
    cases: int
    kinds: int
    unverified: int


def keep_shipped(database: Database, files: Files, taken: set[str], now: datetime) -> str:
    """Keep the rules that came with the program and return the id they are kept by. ValueError names what is wrong.

    Another text under an id that is `taken` was changed in place: it is kept beside it, under the id and its digest.
    """
    check_release(files)
    head = read_head(files.row(HEAD))
    release = head.id if head.id not in taken else f"{head.id}+{files.digest[:6]}"
    with database.write() as session:
        if session.get(Release, release) is None:  # another window may have kept it meanwhile
            session.execute(insert(Release).values(_columns(files, release, shipped=True) | {
                "kept_at": now, "clerk_id": None}))
    return release


def _columns(files: Files, release: str, *, shipped: bool) -> dict[str, Any]:
    head = read_head(files.row(HEAD))
    return {"id": release, "name": head.name, "region": head.region, "effective": head.effective,
            "digest": files.digest, "shipped": shipped, "texts": dict(files.texts), "tables": files.tables()}


def check_release(files: Files) -> Catalog:
    """The release looked at whole, its papers and posts too. ValueError names file and row of the first thing that is
    wrong."""
    catalog = check_whole(catalog_of(files))
    first_of(_strange_papers(catalog), _strange_posts(catalog))
    return catalog


def _strange_papers(catalog: Catalog) -> Iterator[str]:
    for process in catalog.processes.values():
        if strange := sorted(_papers(process) - set(forms())):
            yield f"{process.id}.toml：没有这样的文书 {'、'.join(strange)}"
    for kind in catalog.contract_kinds.values():
        if kind.template and kind.template not in templates():
            yield f"contracts.toml kind {kind.id}：没有合同文本 {kind.template}"
    for each in catalog.inspections.kinds:
        own = {*each.papers, f"{each.id}_submission", f"{each.id}_opinion"}
        if strange := sorted(own - set(forms())):
            yield f"inspections.toml kind {each.id}：没有这样的文书 {'、'.join(strange)}"


def _strange_posts(catalog: Catalog) -> Iterator[str]:
    """Posts that no clerk can have: what waits for them would wait for ever."""
    rules = catalog.approvals
    asked = [(f"route {route.id}", route.posts) for route in rules.routes]
    for where, posts in (*asked, ("stand_in", rules.stand_in), ("fallback", (rules.fallback,))):
        if strange := [post for post in posts if post not in POSTS]:
            yield f"approvals.toml {where}：没有这样的岗位 {'、'.join(strange)}"
    if strange := [post for post in catalog.clock.pause_posts if post not in POSTS]:
        yield f"clock.toml pause_posts：没有这样的岗位 {'、'.join(strange)}"


def _papers(process: Process) -> set[str]:
    told = {paper for stage in process.stages for paper in stage.papers}
    return told | {each.document for each in process.consequences if each.document}


def import_release(desk: Desk, content: bytes, *, request_id: str | None = None) -> ReleaseView:
    """Take a release from its file, to be in force from its day on; only 主管 or 管理员 may.

    One that names a `base` brings only its own files, laid over those of that release. Refused whole where anything
    in it is wrong, naming file and row, or where its id is that of another text.
    """
    if desk.clerk is not None and desk.clerk.post not in APPROVING_POSTS:
        raise Refusal(f"规则目录只能由{'或'.join(APPROVING_POSTS)}导入，您的岗位是{desk.clerk.post}。", "clerk")
    if len(content) > LARGEST:
        raise Refusal("这个文件太大，不像是规则目录的发布文件。", "file")
    texts: Mapping[str, str] = {}
    try:
        own = unpack(content)
        texts = own.texts
        files = _over_base(desk, own)
        texts = files.texts
        catalog = check_release(files)
    except ValueError as error:
        raise Refusal(f"这一版规则目录没有采用，请更正后重新导入：{in_words(texts, str(error))}。", "file") from error
    with act(desk, "import_release", request_id) as doing:
        kept = doing.session.get(Release, catalog.release)
        if kept is not None and kept.digest != files.digest:
            raise Refusal(f"编号 {catalog.release} 已经有另一版规则目录，新的一版请换编号。", "file")
        if kept is None:
            doing.session.execute(insert(Release).values(_columns(files, catalog.release, shipped=False) | {
                "kept_at": doing.now, "clerk_id": doing.clerk_id}))
            doing.note("catalog", 1, "release_imported", facts={"release": catalog.release, "digest": files.digest})
    return next(view for view in releases(desk) if view.id == catalog.release)


def _over_base(desk: Desk, own: Files) -> Files:
    """The release's files over those of its base, whose order of kinds it continues."""
    head = read_head(own.row(HEAD))
    if not head.base:
        return own
    base = files_of(desk, head.base)
    table: Table = {key: value for key, value in base.table(HEAD).items() if key in ("order", "first")}
    merged = own.over(base)
    told = {OWN: [name for name, text in own.texts.items() if base.texts.get(name) != text],
            BASE_REGION: base.region("stages.toml")}
    return Files(merged.texts, {HEAD: table | own.table(HEAD) | told})


def files_of(desk: Desk, release: str) -> Files:
    """The files of a release that the hall has; refused with those there are."""
    with desk.db.read() as session:
        kept = session.execute(select(Release.texts, Release.tables).where(Release.id == release)).one_or_none()
        known = session.scalars(select(Release.id).order_by(Release.effective)).all()
    if kept is not None:
        return Files(kept.texts, kept.tables)
    if release == desk.catalog.release:
        return desk.catalog.files
    raise Refusal(f"没有编号为 {release} 的规则目录，现有：{'、'.join(known) or desk.catalog.release}。", "release")


def releases(desk: Desk) -> tuple[ReleaseView, ...]:
    """All releases that the hall has, the latest first."""
    with desk.db.read() as session:
        rows = session.scalars(select(Release).order_by(Release.effective.desc(), Release.kept_at.desc())).all()
        counts = _cases(session)
    return tuple(_view(desk, row, counts) for row in rows)


def _cases(session: Session) -> dict[str, int]:
    rows = session.execute(select(Case.release, func.count().label("cases")).group_by(Case.release))
    return {row.release: row.cases for row in rows}


def _view(desk: Desk, row: Release, counts: Mapping[str, int]) -> ReleaseView:
    files = Files(row.texts, row.tables)
    unverified = sum(not rule.verified for rule in rule_rows(files))
    now = row.id == desk.catalog.release
    standing = "在用" if now else "待生效" if row.effective > desk.today else "备查"
    return ReleaseView(row.id, row.name, row.region, row.effective, row.shipped, now, standing, row.kept_at,
                       counts.get(row.id, 0), len(files.names("processes/")), unverified)


def rules(desk: Desk, release: str = "", *, unverified: bool = False) -> tuple[RuleRow, ...]:
    """The rows of a release (default: today's) with their 依据; `unverified`: only those that are 待核验."""
    files = files_of(desk, release or desk.catalog.release)
    rows = rule_rows(files)
    return tuple(row for row in rows if not (unverified and row.verified))


def compare(desk: Desk, before: str, after: str) -> tuple[Difference, ...]:
    """What differs between two releases, row by row; refused where one of them is not known."""
    old, new = files_of(desk, before), files_of(desk, after)
    return differences(old, new, {**_words_of(old), **_words_of(new)})


def _words_of(files: Files) -> dict[str, str]:
    """What kinds, contracts and papers are called, by their ids."""
    words = {name: form.title for name, form in forms().items()}
    for name in files.names(KINDS):
        words[name.removeprefix(KINDS).removesuffix(".toml")] = title_of(files, name)
    kinds = files.table("contracts.toml").get("kind", []) if "contracts.toml" in files else []
    return words | {str(row.get("id")): str(row.get("name")) for row in kinds}


def export_release(desk: Desk, release: str = "") -> bytes:
    """A release (default: today's) as a file, to be edited, packed anew and imported elsewhere."""
    return pack(files_of(desk, release or desk.catalog.release).texts)


def pack_folder(folder: Path) -> bytes:
    """A release file of the .toml and .json files in a folder, checked as far as it stands alone. Refused where one
    of them is wrong."""
    texts: Mapping[str, str] = {}
    try:
        files = Files.of_folder(folder)
        texts, head = files.texts, read_head(files.row(HEAD))
        check_release(files if not head.base else files.over(Files.of_folder(FOLDER)))
    except ValueError as error:
        raise Refusal(f"这个文件夹还不能打成发布文件：{in_words(texts, str(error))}。", "folder") from error
    table = files.texts[HEAD].rstrip()
    if "digest" not in files.table(HEAD):
        table = f'digest = "{digest_of(files.texts)}"\n{table}\n'
    return pack({**files.texts, HEAD: table})
