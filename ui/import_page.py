"""导入: choose a workbook, see what would become of each row, then import; cancel keeps nothing.

One page serves both: the hall's own ledger of contracts, and another system's export of cases in hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.errors import Refusal
from ui.conflict_card import ConflictCard
from ui.filter_bar import Chips
from ui.messages import Step
from ui.page import Page, card, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.printing import ask_file, ask_where, show_file
from ui.services import Services

if TYPE_CHECKING:
    from desktop.progress import Step as StepCall
    from desktop.usecases.case_importing import CaseImport, CasePreview
    from desktop.usecases.desk import Desk
    from desktop.usecases.importing import ImportOutcome, Preview

KINDS = "工作簿 (*.xlsx *.xls *.csv);;所有文件 (*)"
KEPT = "已有不变"  # what becomes of a row that is here already, just so
RESULTS = ("导入", "导入待核", "退回", KEPT)
CHIPS = (("", "全部"), *((result, result) for result in RESULTS))
TONES = {"导入": "good", "导入待核": "care", "退回": "wrong"}
EMPTY = "选一个{what}（.xlsx、.xls、.csv），或把文件拖到这里。\n先看每一行会怎样，再决定导入；一行也不会丢。"


def _result(finding: Any) -> str:
    return KEPT if finding.unchanged else str(finding.result)


def _counts(findings: Iterable[Any]) -> dict[str, int]:
    """How many rows each result has; those that are here already, where there are any, are none of the others."""
    counted = Counter(map(_result, findings))
    return {result: counted[result] for result in RESULTS if counted[result] or result != KEPT}


def _said(counts: Mapping[str, int]) -> str:
    return "，".join(f"{result} {count:,} 行" for result, count in counts.items())


COLUMNS = (
    ColumnSpec("place", "工作表", 120, lambda f: f.row.sheet),
    ColumnSpec("row", "行", 56, lambda f: str(f.row.row), "integer"),
    ColumnSpec("result", "结果", 96, lambda f: _result(f), tone=lambda f: TONES.get(_result(f), "plain")),
    ColumnSpec("account", "户号", 136, lambda f: f.row.account, "identifier"),
    ColumnSpec("name", "户名", 240, lambda f: f.row.name),
    ColumnSpec("kind", "种类", 124, lambda f: f.row.kind_word),
    ColumnSpec("ends", "到期", 136, lambda f: f.row.ends, "date"),
    ColumnSpec("reasons", "原因", 320, lambda f: f.reasons, stretch=True),
)
CASE_COLUMNS = (
    *COLUMNS[:3],
    ColumnSpec("key", "申请编号", 168, lambda f: f.row.key, "identifier"),
    ColumnSpec("name", "户名", 200, lambda f: f.row.name),
    ColumnSpec("kind", "业务", 140, lambda f: f.row.kind_word),
    ColumnSpec("stage", "当前环节", 112, lambda f: f.row.stage_word),
    ColumnSpec("accepted", "受理", 136, lambda f: f.row.accepted, "date"),
    COLUMNS[-1],
)


def _preview_contracts(desk: Desk, path: Path, step: StepCall) -> Preview:
    from desktop.usecases.importing import preview

    return preview(desk, path, step)


def _take_contracts(desk: Desk, path: Path, book: Path | None, step: StepCall) -> ImportOutcome:
    from desktop.usecases.importing import import_contracts

    return import_contracts(desk, path, returned=book, step=step)


def _preview_cases(desk: Desk, path: Path, step: StepCall) -> CasePreview:
    from desktop.usecases.case_importing import preview_cases

    return preview_cases(desk, path, step)


def _take_cases(desk: Desk, path: Path, book: Path | None, step: StepCall) -> CaseImport:
    from desktop.usecases.case_importing import import_cases

    return import_cases(desk, path, returned=book, step=step)


@dataclass(frozen=True)
class Imported:
    """What a page imports: its words, its columns, how it is looked at and taken, and where to look afterwards."""

    title: str
    what: str
    columns: tuple[ColumnSpec, ...]
    preview: Callable[[Desk, Path, StepCall], Any]
    take: Callable[[Desk, Path, Path | None, StepCall], Any]
    after: tuple[str, str, Any]


CONTRACTS = Imported("导入合同台账", "合同台账", COLUMNS, _preview_contracts, _take_contracts,
                     ("看待核的合同", "contracts", {"chip": "doubtful"}))
CASES = Imported("导入在办工单", "在办工单导出表", CASE_COLUMNS, _preview_cases, _take_cases, ("看工单", "cases", None))


def _skipped(skipped: tuple[Any, ...]) -> str:
    """What was left out, in the sentence of the counts."""
    unread = sum(row.why == "缺栏" for row in skipped)
    plain = f"；另有 {len(skipped) - unread:,} 行是标题、小计或说明" if len(skipped) > unread else ""
    return plain + (f"；{unread:,} 行在缺“申请编号”或“当前环节”栏的表里，没有读" if unread else "")


class ImportPage(Page):
    """Preview first; nothing is written before 导入 is pressed."""

    place: ClassVar[str] = "import"
    watches: ClassVar[frozenset[str]] = frozenset({"import_rows", "contracts"})

    def __init__(self, services: Services, imported: Imported = CONTRACTS, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.setAcceptDrops(True)
        self.imported = imported
        self.path: Path | None = None
        self.preview: Any = None
        self._counts = label("", "muted", wrap=True)
        self.chips = Chips(CHIPS)
        self.chips.chosen.connect(lambda _value: self._show_rows())
        self.table = PagedTable("import" if imported is CONTRACTS else "import_cases", imported.columns, services)
        self.table.empty_text = EMPTY.format(what=imported.what)
        self.conflicts = ConflictCard(services)
        self._reasons = label("", "muted", wrap=True)
        self.table.chosen.connect(self._show_reasons)
        self.choose_button = self.deed("import_choose", self.choose)
        self.import_button = self.deed("import_take", lambda: self._take_if_ready(self.take_all), "main")
        self.returned_button = self.deed("import_returned", lambda: self._take_if_ready(self._take_with_book))
        filters = QHBoxLayout()
        filters.addWidget(self.chips)
        filters.addStretch(1)
        box = page_box(self)
        box.addLayout(head_row(label(imported.title), self.choose_button, self.returned_button, self.import_button))
        self._told = card(self._counts)
        self._told.hide()  # until a ledger is read
        box.addWidget(self._told)
        box.addWidget(self.conflicts)
        box.addLayout(filters)
        box.addWidget(self.table, 1)
        box.addWidget(self._reasons)
        self._reasons.hide()
        self._show_buttons()
        self.first = self.choose_button

    def reload(self) -> None:
        self._show_buttons()
        self.conflicts.look()

    def _show_buttons(self) -> None:
        ready = self.preview is not None and self.services.clerk is not None
        for button in (self.import_button, self.returned_button):
            button.setEnabled(ready)

    def choose(self) -> None:
        if path := ask_file(self, KINDS):
            self.look(path)

    def look(self, path: Path) -> None:
        """Read the file in the worker and show what would become of each row."""
        desk, look = self.services.desk, self.imported.preview
        self.path, self.preview = path, None
        self._show_buttons()
        self.services.jobs.run(lambda step: look(desk, path, step), self._show_preview, title=f"正在读 {path.name}",
                               failed=self._on_unread)

    def _on_unread(self, error: Exception) -> None:
        """What the file lacks stays on the page, below the sentence that says so; rows of an earlier file do not."""
        self._told.hide()
        self._show_rows()
        self.chips.set_counts({})
        if isinstance(error, Refusal) and error.missing:
            self._tell("\n".join(each.sentence for each in error.missing))
            error = Refusal(error.sentence, error.field)
        self.services.jobs.tell(error)

    def _show_preview(self, found: Any) -> None:
        self.preview = found
        counts = _counts(found.findings)
        self._tell(f"{found.file_name}：{_said(counts)}{_skipped(found.skipped)}。还没有写入任何内容。")
        self.chips.set_counts(counts)
        self._show_rows()
        self._show_buttons()

    def _tell(self, sentence: str) -> None:
        self._counts.setText(sentence)
        self._told.show()

    def _show_rows(self) -> None:
        wanted = self.chips.value()
        rows = tuple(f for f in (self.preview.findings if self.preview else ()) if wanted in ("", _result(f)))
        self.table.show_rows(rows)

    def _show_reasons(self, finding: Any) -> None:
        """The chosen row's reasons in full; in the table they may not fit."""
        said = f"第 {finding.row.row} 行：{finding.reasons}" if finding and finding.reasons else ""
        self._reasons.setText(said)
        self._reasons.setVisible(bool(said))

    def _take_if_ready(self, take: Callable[[], None]) -> None:
        """A key does nothing where its button is grey."""
        if self.import_button.isEnabled():
            take()

    def take_all(self) -> None:
        self.take(None)

    def _take_with_book(self) -> None:
        assert self.path is not None
        if book := ask_where(self, f"{self.path.stem}-导入结果.xlsx", "Excel 工作簿 (*.xlsx)"):
            self.take(book)

    def take(self, book: Path | None) -> None:
        """Import in the worker; 取消 keeps nothing."""
        desk, path, take = self.services.desk, self.path, self.imported.take
        assert path is not None
        self.import_button.setEnabled(False)
        self.services.jobs.run(lambda step: take(desk, path, book, step), self._on_taken,
                               title=f"正在导入 {path.name}", failed=self._on_failed)

    def _on_taken(self, outcome: Any) -> None:
        told = _said(_counts(outcome.findings))
        self._tell(f"{outcome.file_name}：{told}。已保存。")
        self.preview = None
        self._show_buttons()
        book = outcome.book
        word, page, what = self.imported.after
        step = Step("打开退回表", lambda: show_file(book)) if book else Step(
            word, lambda: self.services.go.emit(page, what))
        self.services.messages.say("good", f"已保存：{told}。", step)

    def _on_failed(self, error: Exception) -> None:
        self._show_buttons()
        self.services.jobs.tell(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if urls := event.mimeData().urls():
            self.look(Path(urls[0].toLocalFile()))
