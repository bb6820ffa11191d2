"""The papers of a case: which are there, what was found of each, their files; dropped, scanned, given before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from desktop.domain.material import ABSENT
from ui.ask_card import AskCard, asked
from ui.camera_card import CameraCard
from ui.field_form import FieldForm, columns_for
from ui.file_strip import FileStrip, dropped_files
from ui.material_table import MaterialTable
from ui.page import Page, card, head_row, label, page_box, scrolled, stacked
from ui.part_drafts import PartDrafts
from ui.scanner_watch import ScannerWatch
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.collecting import Sheet
    from desktop.usecases.evidencing import Proof
    from desktop.usecases.filing import Filed, FileView, Found

LIST_WIDTH, AROUND_FORM = 580, 78  # the page's margins, the gap, the card's and the bar beside it
KINDS = "图片和 PDF (*.jpg *.jpeg *.png *.bmp *.pdf)"
PASTED = "剪贴板图片.png"
ANY = "*"  # whichever is missing


class MaterialPage(Page):
    """Shows the papers of `show_for`'s case, and the one behind the # first, else the first that is missing."""

    place: ClassVar[str] = "materials"
    watches: ClassVar[frozenset[str]] = frozenset({"case_materials", "entries", "attachments", "cases"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.number, self._wanted = "", ""
        self.sheets: tuple[Sheet, ...] = ()
        self.proofs: tuple[Proof, ...] = ()
        self.files: tuple[FileView, ...] = ()
        self.form: FieldForm | None = None
        self._shown = ("", "")
        self.drafts = PartDrafts(services, self, "paper")
        self._title, self.ask, self.table = QLabel(), AskCard(), MaterialTable()
        self._title.setWordWrap(True)
        self._name, self._about = label(role="head"), label(role="muted", wrap=True)
        self._closed = ""  # said of a case that takes no papers any more
        self._odd, self._offered = label(role="fault", wrap=True), label(wrap=True)
        self.strip, self.watch = FileStrip(services), ScannerWatch(services)
        self._lay_out()
        self.table.chosen.connect(self._show_sheet)
        self.strip.opened.connect(self._open_file)
        self.strip.unwanted.connect(self._open_file)
        self.watch.found.connect(self._on_found)
        self.setAcceptDrops(True)
        self.first = self.table

    def _lay_out(self) -> None:
        buttons = [self.deed(name, do) for name, do in (
            ("materials_case", self.go_case), ("materials_camera", lambda: self.camera.toggle()),
            ("materials_folder", self.watch_folder),
            ("materials_notice", self.make_notice), ("materials_hand_in", self.hand_in))]
        own, files = QHBoxLayout(), QHBoxLayout()
        for name, do, role in (("materials_save", self.save, "main"), ("materials_shared", self.share, ""),
                               ("materials_promise", self.ask_promise, "")):
            own.addWidget(self.deed(name, do, role))
        own.addStretch(1)
        self.offer = self.deed("materials_again", self.take_over)
        again = QHBoxLayout()
        again.addWidget(self._offered, 1)
        again.addWidget(self.offer)
        self._form_place = QVBoxLayout()
        paper = QVBoxLayout()
        paper.addLayout(self._form_place)
        paper.addLayout(own)
        files.addWidget(label("文件（拖到这里，或 Ctrl+V 粘贴）", "group"), 1)
        files.addWidget(self.deed("materials_file", self.choose_files))
        self._again, self._own = _within(again), _within(paper)
        self.camera: CameraCard = CameraCard(self.services, [
            self.deed("materials_shoot", self.shoot, "main"),
            self.deed("materials_next", self.go_next)])
        self.camera.shot.connect(self._file_shot)
        right = card(self._name, self._about, self._odd, self._again, self._own, _within(files), self.watch,
                     self.strip)
        if isinstance(laid := right.layout(), QVBoxLayout):
            laid.addStretch(1)  # what is left of the height parts nothing
        left = stacked(self.camera, self.table)
        left.setFixedWidth(LIST_WIDTH)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(left)
        middle.addWidget(scrolled(right), 1)
        box = page_box(self)
        box.addLayout(head_row(self._title, *buttons))
        box.addWidget(self.ask)
        box.addLayout(middle, 1)

    def show_for(self, what: Any) -> None:
        from desktop.domain.case_code import split_target

        number, part = split_target(str(what))
        self._wanted = part or (ANY if number != self.number else "")
        self.number = number
        self.watch.number = self.number
        self.ask.turn_to(number)
        self.refresh()

    def leave(self) -> None:
        self.watch.stop()
        self.drafts.keep()
        self.is_kept = self.drafts.is_kept

    def reload(self) -> None:
        from desktop.usecases.case_listing import case
        from desktop.usecases.collecting import sheets
        from desktop.usecases.evidencing import proofs
        from desktop.usecases.filing import files_of

        if not self.number:
            return
        self.sheets, self.proofs = sheets(self.services.desk, self.number), proofs(self.services.desk, self.number)
        self.files = files_of(self.services.desk, self.number)
        view = case(self.services.desk, self.number)
        closed = view.state.closed_on
        self._title.setText(f"资料    {self.number}    {view.row.customer}")
        self._closed = f"工单{view.row.status}（{closed.isoformat()}），不再收资料" if closed else ""
        self._own.setEnabled(closed is None)  # what was found stays to be read
        counts: dict[str, int] = {}
        for file in self.files:
            counts[file.slot] = counts.get(file.slot, 0) + 1
        self.table.show_sheets(self.sheets, self.proofs, counts, self._first())
        self._wanted = ""
        self._show_sheet(self.table.code)

    def _first(self) -> str:
        """The paper that was asked for while it is missing, else the first that is; else the one that is shown."""
        if self._wanted in {proof.code for proof in self.proofs}:
            return self._wanted
        missing = [sheet.code for sheet in self.sheets if sheet.state in ABSENT]
        if self._wanted:
            return self._wanted if self._wanted in missing or not missing else missing[0]
        return self.table.code or (missing or [sheet.code for sheet in self.sheets] or [""])[0]

    @property
    def sheet(self) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.code == self.table.code), None)

    @property
    def proof(self) -> Proof | None:
        return next((proof for proof in self.proofs if proof.code == self.table.code), None)

    # one paper

    def _show_sheet(self, code: str) -> None:
        sheet = self.sheet
        self._own.setVisible(sheet is not None)
        if sheet is not None:
            self._show_paper(sheet)
        elif (proof := self.proof) is not None:
            self._show_proof(proof)
        self.strip.show_files([file for file in self.files if file.slot == code])

    def _show_proof(self, proof: Proof) -> None:
        """What our own stage keeps: files alone, and how many there should be."""
        self._name.setText(f"{proof.code}  {proof.name}")
        hint = f"；{proof.hint}" if proof.hint else ""
        self._about.setText(f"“{proof.stage}”的凭证{hint}；依据：{proof.basis}")
        self._odd.setText(proof.told)
        self._odd.setVisible(bool(proof.told))
        self._again.hide()
        self._aim_at(proof.name)

    def _aim_at(self, name: str) -> None:
        """New pictures go there."""
        self.watch.name_target(name)
        self.camera.name_target(name)

    def _show_paper(self, sheet: Sheet) -> None:
        code = sheet.code
        self._name.setText(f"{sheet.code}  {sheet.name}")
        self._about.setText("；".join(part for part in (
            f"由{sheet.supplier}提供", sheet.examples,
            f"认可：{'、'.join(sheet.kinds)}" if sheet.kinds else "",
            f"可免交：{sheet.shared_from}" if sheet.shared_from else "",
            f"依据：{sheet.basis}" if sheet.basis else "") if part))
        odd = "；".join((*([self._closed] if self._closed else ()), *sheet.notices))
        self._odd.setText(odd)
        self._odd.setVisible(bool(odd))
        self._again.setVisible(sheet.offer is not None)
        self.offer.setEnabled(self.services.clerk is not None)
        self._offered.setText(sheet.offer.told if sheet.offer else "")
        if (self.number, code) != self._shown or self.drafts.typed(self.number, code) is None:
            self._make_form(sheet)
        self._aim_at(sheet.name)

    def _room(self) -> int:
        """How wide the form of a paper can be."""
        return self.width() - LIST_WIDTH - AROUND_FORM

    def _make_form(self, sheet: Sheet) -> None:
        from dataclasses import replace

        from desktop.domain.dossier import ASKED

        if self.form is not None:
            self._form_place.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        kind = ASKED["paper_kind"]
        fields = [replace(kind, kind="choice", choices=sheet.kinds) if sheet.kinds else kind,
                  *(field for name, field in ASKED.items() if name not in ("paper_kind", "source"))]
        self.form = FieldForm([("", fields)], (), columns=columns_for(self._room(), 3))
        self._shown = (self.number, sheet.code)
        typed = self.drafts.typed(*self._shown)
        self.form.set_answers(_answers(sheet) if typed is None else typed)
        self.form.changed.connect(lambda _name: self._keep_typed())
        self.form.submitted.connect(self.save)
        self._form_place.addWidget(self.form)

    def _keep_typed(self) -> None:
        """Another paper, or a file that comes in, takes nothing away that was typed."""
        assert self.form is not None
        self.drafts.take(*self._shown, dict(self.form.answers()))

    def save(self) -> None:
        """收到: the paper is here, with what is filled in; a refusal stands beside its field."""
        from desktop.errors import Refusal
        from desktop.usecases.collecting import mark

        sheet = self.sheet
        if sheet is None or self.form is None or self.services.clerk is None or self.form.check_all():
            return
        given = {name: str(value) for name, value in self.form.answers().items()}
        cleared = {name: "" for name, value in _answers(sheet).items() if value and name not in given}
        state = sheet.state if sheet.state == "免交" else "已收"
        try:
            mark(self.services.desk, self.number, sheet.code, {**given, **cleared}, state=state)
        except Refusal as refusal:
            if self.form.has(refusal.field):
                self.form.show_fault(str(refusal.field), refusal.sentence)
                self.form.go_to(str(refusal.field))
            self.services.messages.tell(refusal)
            return
        self._said(f"{sheet.name}已登记为{state}。")

    def _said(self, sentence: str) -> None:
        self.drafts.drop(self.number, self.table.code)
        self.services.messages.say("good", f"已保存：{sentence}")
        self.refresh()
        self.table.setFocus()

    def share(self) -> None:
        """免交: its data come from elsewhere."""
        sheet = self.sheet
        if sheet is None or self.services.clerk is None:
            return
        name, code = sheet.name, sheet.code

        def do(answers: dict[str, Any]) -> None:
            from desktop.usecases.collecting import mark

            mark(self.services.desk, self.number, code, {"source": str(answers["source"])}, state="免交")
            self._said(f"{name}免交，数据取自{answers['source']}。")

        self.ask.ask(f"免交：{name}", [asked("source", "数据来源", "text")], do, ok="免交", required=["source"],
                     answers={"source": sheet.shared_from}, about="由数据共享取得的不向客户要；写明从哪里取得。")

    def ask_promise(self) -> None:
        """Not here, or given back: promised for another day."""
        sheet = self.sheet
        if sheet is None or self.services.clerk is None:
            return
        name, code = sheet.name, sheet.code

        def do(answers: dict[str, Any]) -> None:
            from desktop.usecases.collecting import promise_anew

            due = date.fromisoformat(str(answers["due_on"]))
            promise_anew(self.services.desk, self.number, code, due, str(answers["reason"]))
            self._said(f"{name}约定 {due.isoformat()} 前补交。")

        self.ask.ask(f"改补交日期：{name}", [asked("due_on", "补交期限", "date"), asked("reason", "原因", "text")], do,
                     ok="约定", required=["due_on", "reason"], about="到期前进入“提醒”；补齐之前不能送电。")

    def take_over(self) -> None:
        """One key: what the customer gave in an earlier case serves again, with its marks and files."""
        from desktop.usecases.collecting import take_over

        sheet = self.sheet
        if sheet is None or sheet.offer is None or self.services.clerk is None:
            return
        code = sheet.code

        def do() -> None:
            offer = take_over(self.services.desk, self.number, code)
            self._said(f"{offer.name}沿用 {offer.from_case} 的。")

        self.services.run(do)

    # files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.table.code and (event.mimeData().hasUrls() or event.mimeData().hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take_mime(event.mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._take_mime(QGuiApplication.clipboard().mimeData())
        else:
            super().keyPressEvent(event)

    def _take_mime(self, said: Any) -> None:
        from PySide6.QtGui import QImage

        from ui.pictures import as_png

        if paths := dropped_files(said):
            self.take_files(paths)
        elif said.hasImage():
            picture = QImage(said.imageData())
            self._file([lambda: (as_png(picture), PASTED)])

    def choose_files(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, "放入文件", "", KINDS)
        self.take_files([Path(name) for name in names])

    def take_files(self, paths: Sequence[Path]) -> None:
        """Attach these files to the paper that is shown."""
        from desktop.usecases.filing import read_file

        self._file([lambda path=path: (read_file(path), path.name) for path in paths])  # type: ignore[misc]

    def _file(self, readers: Sequence[Callable[[], tuple[bytes, str]]]) -> None:
        if not readers or not self.table.code or self.services.clerk is None:
            return
        desk, number, code = self.services.desk, self.number, self.table.code

        def work(step: Callable[[int, int], None]) -> list[Filed | Exception]:
            return _filed(desk, number, code, readers, step)

        self.services.jobs.run(work, self._on_filed, title="正在放入文件")

    def _on_filed(self, done: Sequence[Filed | Exception]) -> None:
        added = [each for each in done if not isinstance(each, Exception) and each.added]
        told = [str(each) if isinstance(each, Exception) else f"{each.name}：{each.told}"
                for each in done if isinstance(each, Exception) or each.told]
        word = f"已保存：放入 {len(added)} 份文件。" if added else "没有放入新文件。"
        tone = "wrong" if any(isinstance(each, Exception) for each in done) else "care" if told else "good"
        self.services.messages.say(tone, " ".join([word, *told]))
        self.refresh()

    def go_next(self) -> None:
        """To the next paper that is not here yet, from the last on to the first."""
        self.table.go_next({sheet.code for sheet in self.sheets if sheet.state in ABSENT})

    def shoot(self) -> None:
        """One picture for the paper that is shown when the key is pressed."""
        if self.table.code and self.services.clerk is not None:
            self.camera.shoot((self.number, self.table.code))

    def _file_shot(self, aim: tuple[str, str], content: bytes) -> None:
        """A picture that cannot be kept now is held by the camera's card."""
        desk = self.services.desk

        def work(_step: object) -> Filed:
            from desktop.usecases.picturing import file_picture

            return file_picture(desk, *aim, content)

        def unfiled(error: Exception) -> None:
            self.camera.hold(aim, content)
            self.services.jobs.tell(error)

        self.services.jobs.run(work, self._on_shot, failed=unfiled)

    def _on_shot(self, done: Filed) -> None:
        self._on_filed([done])
        self.camera.filed(self.strip.count())

    def _open_file(self, place: int) -> None:
        self.services.go.emit("file", (self.number, self.strip.files, place))

    # the scanner's folder

    def watch_folder(self) -> None:
        """Watch the folder in which the document camera keeps its pictures; once more: stop."""
        if self.watch.running:
            self.watch.stop()
            return
        folder = self.watch.folder or QFileDialog.getExistingDirectory(self, "高拍仪存图片的文件夹")
        if folder:
            self.watch.start(folder)

    def _on_found(self, found: Sequence[Found]) -> None:
        """What is named after a case and paper goes there by itself, the rest to the paper that is shown."""
        if self.services.clerk is None or not self.table.code:
            return
        desk, number, code = self.services.desk, self.number, self.table.code
        self.services.jobs.run(lambda step: _filed_from(desk, number, code, found, step), self._on_filed)

    # papers to print

    def hand_in(self) -> None:
        """补交: the ticked papers are taken in at once, and the receipt is printed."""
        from desktop.usecases.notifying import supplement

        codes = self.table.ticked()
        if self.services.clerk is not None:
            self._print(lambda desk: supplement(desk, self.number, codes))

    def make_notice(self) -> None:
        from desktop.usecases.notifying import make_notice

        if self.services.clerk is not None:
            self._print(lambda desk: make_notice(desk, self.number))

    def _print(self, make: Callable[[Any], Any]) -> None:
        desk = self.services.desk

        def made(paper: Any) -> None:
            self.services.messages.say("good", f"已保存：{paper.title}已生成。")
            self.table.untick()
            self.refresh()
            self.services.go.emit("paper", paper)

        self.services.jobs.run(lambda _step: make(desk), made, title="正在生成文书")

    def go_case(self) -> None:
        self.services.go.emit("case", self.number)


def _within(box: QLayout) -> QWidget:
    """A widget around a layout, so that it can be shown and hidden as one."""
    box.setContentsMargins(0, 0, 0, 0)
    held = QWidget()
    held.setLayout(box)
    return held


def _answers(sheet: Sheet) -> dict[str, str]:
    """What was found so far, as the form shows it; a paper that is not here yet is expected complete."""
    item = sheet.item
    found = {"paper_kind": item.kind, "paper_number": item.number, "seen": item.seen, "note": item.note,
             "valid_until": item.valid_until.isoformat() if item.valid_until else "",
             "complete": item.complete.answer if item.complete else "",
             "true": item.true.answer if item.true else "", "true_how": item.true.how if item.true else ""}
    return {name: value for name, value in found.items() if value}


def _filed(desk: Any, number: str, code: str, readers: Sequence[Callable[[], tuple[bytes, str]]],
           step: Callable[[int, int], None]) -> list[Filed | Exception]:
    """Each file attached, or why it was not: one bad file keeps no other out."""
    from desktop.errors import Refusal, Trouble
    from desktop.usecases.filing import file_in

    done: list[Filed | Exception] = []
    for place, read in enumerate(readers):
        step(place, len(readers))
        try:
            content, name = read()
            done.append(file_in(desk, number, code, content, name))
        except (Refusal, Trouble) as error:
            done.append(error)
    return done


def _filed_from(desk: Any, number: str, code: str, found: Sequence[Found],
                step: Callable[[int, int], None]) -> list[Filed | Exception]:
    from desktop.errors import Refusal, Trouble
    from desktop.usecases.filing import file_from

    done: list[Filed | Exception] = []
    for place, each in enumerate(found):
        step(place, len(found))
        try:
            done.append(file_from(desk, each) if each.meant else file_from(desk, each, number, code))
        except (Refusal, Trouble) as error:
            done.append(error)
    return done
