"""系统 → 规则目录: its releases, every row with its 依据 and 核验状态, and what differs between two of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from desktop.errors import Trouble
from ui.filter_bar import Chips, PickBox, WordsBox
from ui.page import label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.printing import ask_file, ask_where
from ui.services import Services

if TYPE_CHECKING:
    from desktop.catalog.comparing import Difference, RuleRow
    from desktop.usecases.cataloguing import ReleaseView

ABOUT = ("每件工单按受理时的那一版办到底。省公司发来的一版是一个文件：导入时整体检查，错在哪个文件哪一行会写明，"
         "到生效日自动起用。")
RELEASES = (
    ColumnSpec("id", "编号", 120, lambda each: each.id, "identifier"),
    ColumnSpec("name", "名称", 180, lambda each: each.name, stretch=True),
    ColumnSpec("effective", "生效日", 140, lambda each: each.effective, "date"),
    ColumnSpec("region", "地区", 90, lambda each: each.region),
    ColumnSpec("state", "状态", 100, lambda each: f"{'●' if each.in_force else '○'} {each.standing}",
               tone=lambda each: "good" if each.in_force else "plain"),
    ColumnSpec("source", "来处", 80, lambda each: "随程序" if each.shipped else "导入"),
    ColumnSpec("kinds", "业务", 60, lambda each: str(each.kinds), "integer"),
    ColumnSpec("cases", "工单", 70, lambda each: f"{each.cases:,}", "integer"),
    ColumnSpec("unverified", "待核验", 70, lambda each: str(each.unverified), "integer",
               tone=lambda each: "care" if each.unverified else "plain"),
)
RULES = (
    ColumnSpec("file", "在哪里", 150, lambda each: each.title),
    ColumnSpec("row", "哪一行", 150, lambda each: each.row),
    ColumnSpec("says", "内容", 230, lambda each: each.says, stretch=True),
    ColumnSpec("basis", "依据", 260, lambda each: each.basis, stretch=True),
    ColumnSpec("verified", "核验", 90, lambda each: "✓ 已核验" if each.verified else "◆ 待核验",
               tone=lambda each: "good" if each.verified else "care"),
    ColumnSpec("effective", "生效", 100, lambda each: each.effective, "identifier"),
    ColumnSpec("region", "地区", 60, lambda each: each.region),
)
DIFFERENCES = (
    ColumnSpec("file", "在哪里", 170, lambda each: each.title),
    ColumnSpec("row", "哪一行", 230, lambda each: each.row),
    ColumnSpec("key", "哪一项", 180, lambda each: each.key),
    ColumnSpec("before", "前一版", 220, lambda each: each.before or "（无）", stretch=True),
    ColumnSpec("after", "后一版", 220, lambda each: each.after or "（无）", stretch=True),
)

NO_DIFFERENCE = "两版目录没有不同。"
ITSELF = "选中的就是 {release} 这一版。请在上面选另一版，或换一版来比较。"


class CatalogPanel(QWidget):
    """Above the releases, below what the chosen one says, or how it differs from another."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._rules: tuple[RuleRow, ...] = ()
        self._differences: tuple[Difference, ...] = ()
        self._wanted = ""
        self.releases = PagedTable("catalog_releases", RELEASES, services)
        self.rules = PagedTable("catalog_rules", RULES, services)
        self.differences = PagedTable("catalog_differences", DIFFERENCES, services)
        self.differences.empty_text = NO_DIFFERENCE
        self.chips = Chips([("", "全部"), ("unverified", "待核验")])
        self.words = WordsBox("按业务、环节、资料、依据查找")
        self.against = PickBox("against", [])
        self.take_button, self.save_button = QPushButton("导入一版…"), QPushButton("导出选中的一版…")
        self.below = QStackedWidget()
        self.whole = label("", "muted", wrap=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        above, between = QHBoxLayout(), QHBoxLayout()
        above.addWidget(label(ABOUT, "muted", wrap=True), 1)
        for button in (self.take_button, self.save_button):
            above.addWidget(button)
        for widget in (self.chips, self.words, label("与另一版比较", "muted"), self.against):
            between.addWidget(widget)
        between.addStretch(1)
        self.below.addWidget(self.rules)
        self.below.addWidget(self.differences)
        self.releases.setMaximumHeight(140)
        box = page_box(self, 12)
        box.addLayout(above)
        box.addWidget(self.releases)
        box.addLayout(between)
        box.addWidget(self.below, 1)
        box.addWidget(self.whole)

    def _connect(self) -> None:
        self.take_button.clicked.connect(self._choose)
        self.save_button.clicked.connect(self._save)
        self.chips.chosen.connect(lambda _value: self._show_rules())
        self.words.rested.connect(lambda _text: self._show_found())
        self.against.activated.connect(lambda _place: self.look())
        for table in (self.rules, self.differences):
            table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_whole())
        self.releases.selectionModel().currentRowChanged.connect(lambda _now, _before: self.look())

    def reload(self) -> None:
        desk = self._services.desk

        def read(_step: object) -> tuple[ReleaseView, ...]:
            from desktop.usecases.cataloguing import releases

            return releases(desk)

        self.take_button.setEnabled(self._services.clerk is not None)
        self._services.jobs.ask(self, "releases", read, self._show_releases)

    def _show_releases(self, found: tuple[ReleaseView, ...]) -> None:
        self.releases.show_rows(found)
        chosen = self.against.value()
        self.against.offer([("", "不比较"), *((each.id, each.id) for each in found)])
        self.against.set_value(chosen)
        wanted = self._wanted or self._services.desk.catalog.release
        self.releases.selectRow(next((n for n, each in enumerate(found) if each.id == wanted), 0))
        self._wanted = ""
        self.look()

    def look(self) -> None:
        """Read the rows of the chosen release, or how it differs from the other."""
        release, other, desk = self._chosen(), self.against.value(), self._services.desk
        self.differences.empty_text = ITSELF.format(release=release) if other == release else NO_DIFFERENCE

        def read(_step: object) -> tuple[Any, ...]:
            from desktop.usecases.cataloguing import compare, rules

            return compare(desk, other, release) if other else rules(desk, release)

        self._services.jobs.ask(self, "rules", read, partial(self._show, bool(other)))

    def _chosen(self) -> str:
        row = self.releases.current()
        return str(row.id) if row is not None else self._services.desk.catalog.release

    def _show(self, compared: bool, found: tuple[Any, ...]) -> None:
        if compared:
            self._differences = found
        else:
            self._rules = found
        self.below.setCurrentIndex(int(compared))
        self.chips.setEnabled(not compared)
        self._show_found()

    def _show_found(self) -> None:
        """The rows or the differences, as far as they hold the words that are looked for."""
        if self.below.currentIndex():
            self._show_differences()
        else:
            self._show_rules()
        self._show_whole()

    def _show_differences(self) -> None:
        words = self.words.text().split()
        self.differences.show_rows(tuple(
            each for each in self._differences
            if all(word in f"{each.title}{each.row}{each.key}{each.before}{each.after}" for word in words)))

    def _show_rules(self) -> None:
        words, waiting = self.words.text().split(), self.chips.value() == "unverified"
        self.rules.show_rows(tuple(
            rule for rule in self._rules if not (waiting and rule.verified)
            and all(word in f"{rule.title}{rule.row}{rule.says}{rule.basis}" for word in words)))

    def _show_whole(self) -> None:
        """The chosen row, or what differs, without a word left out."""
        if self.below.currentIndex():
            self.whole.setText(_told(self.differences.current(), len(self._differences)))
            return
        rule: RuleRow | None = self.rules.current()
        until = f"，{rule.until} 失效" if rule and rule.until else ""
        self.whole.setText("" if rule is None else (
            f"{rule.title} {rule.row}：{rule.says}\n依据：{rule.basis}"
            f"（{rule.region}，{rule.effective} 起{until}，{'已核验' if rule.verified else '待核验'}）"))

    def _choose(self) -> None:
        if path := ask_file(self, "规则目录发布文件 (*.zip)"):
            self.take(path)

    def take(self, path: Path) -> None:
        """Take a release from its file; where it is in force already, the window goes on under it."""
        desk = self._services.desk

        def work(_step: object) -> ReleaseView:
            from desktop.usecases.cataloguing import import_release

            try:
                content = path.read_bytes()
            except OSError as error:
                raise Trouble(f"读不到文件 {path.name}（{error.strerror}）。", "请核对路径和权限。") from error
            return import_release(desk, content)

        self._services.jobs.run(work, self._on_taken, title=f"正在检查 {path.name}", can_stop=False)

    def _on_taken(self, taken: ReleaseView) -> None:
        from desktop.usecases.ruling import with_rules_of_today

        desk = self._services.desk
        self._services.replace_desk(with_rules_of_today(desk))
        when = "现在起用" if taken.effective <= desk.today else f"{taken.effective} 起用"
        self._wanted = taken.id
        self._services.messages.say("good", f"规则目录 {taken.id} 已保存，{when}；已受理的工单仍按受理时的目录办理。")
        self.reload()

    def _save(self) -> None:
        from desktop.usecases.cataloguing import export_release
        from printing.writing import atomic_write

        release = self._chosen()
        if path := ask_where(self, f"规则目录-{release}.zip", "规则目录发布文件 (*.zip)"):
            desk = self._services.desk
            self._services.jobs.run(lambda _step: atomic_write(path, export_release(desk, release)),
                                    lambda _done: self._services.messages.say("good", f"已保存到 {path}。"),
                                    title=f"正在导出 {release}", can_stop=False)


def _told(each: Difference | None, many: int) -> str:
    """One difference whole, and how many there are in all."""
    if each is None:
        return ""
    where = f"{each.title} {each.row}".strip()
    return f"共 {many} 处不同。{where}，{each.key}\n前一版：{each.before or '（无）'}\n后一版：{each.after or '（无）'}"
