"""The papers' page: real drops, the scanner's folder, a paper given before, the notice's code, the receipt."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import fill_intake, receive_all, visit
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from trade import accepted_case, application, full_survey
from typing_hands import enter, open_window, press, type_into, wait_idle

from desktop.domain.material import Way
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.collecting import mark, sheets
from desktop.usecases.drafting import drafts
from desktop.usecases.filing import files_of
from desktop.usecases.intake import accept
from desktop.usecases.notifying import make_notice
from desktop.usecases.papering import paper_bytes
from ui.pictures import as_png, thumbnail


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def picture(folder: Path, name: str, colour: str = "teal") -> Path:
    """A real picture, as a document camera writes it."""
    image = QImage(640, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    image.save(str(folder / name))
    return folder / name


def test_a_picture_from_the_clipboard_becomes_a_file_that_can_be_drawn() -> None:
    image = QImage(64, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    drawn = thumbnail(as_png(image), "image/png", 32)
    assert (drawn.width(), drawn.pixelColor(5, 5).name()) == (32, "#008080")


def drop(page: Any, *paths: Path) -> None:
    """A drag from the file manager that ends on the page."""
    said = QMimeData()
    said.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    come = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, said, buttons, keys)
    QApplication.sendEvent(page, come)
    assert come.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, said, buttons, keys))


def lacking(hall: Any, *codes: str) -> str:
    return accept(hall, application(hall, lacking=codes, way=Way.MAY_FOLLOW)).case_number


def test_a_dropped_picture_lies_with_its_paper_and_the_same_one_only_once(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    scan = picture(tmp_path, "扫描.png")
    drop(page, scan)
    wait_idle(qtbot, window)
    assert [(file.slot, file.name) for file in files_of(hall, number)] == [("M03", "扫描.png")]
    assert page.strip.count() == 1
    qtbot.waitUntil(lambda: page.strip.files[0].sha256 in page.strip._drawn)
    page.table.setCurrentCell(0, 0)
    drop(page, scan, picture(tmp_path, "另一张.png", "red"))
    wait_idle(qtbot, window)
    assert "已在本工单的“产权（用地）证明”里" in window.message_bar.text()
    assert len(files_of(hall, number)) == 2


def test_a_file_that_is_no_picture_is_told_and_keeps_no_other_out(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", number)
    book = tmp_path / "清单.docx"
    book.write_bytes(b"PK\x03\x04" + bytes(500))
    drop(page, book, picture(tmp_path, "好的.png"))
    wait_idle(qtbot, window)
    assert "请另存为 PDF" in window.message_bar.text() and "放入 1 份" in window.message_bar.text()


def test_a_file_is_looked_at_turned_and_taken_off_with_a_reason(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    drop(page, picture(tmp_path, "一.png"), picture(tmp_path, "二.png", "red"))
    wait_idle(qtbot, window)
    page.strip.setCurrentRow(0)
    enter(page.strip)
    shown = window.page("file")
    wait_idle(qtbot, window)
    assert len(shown.drawn) == 1 and shown.drawn[0].width() == 640
    shown.step(1)
    shown.turn()
    wait_idle(qtbot, window)
    shown.ask_off()
    type_into(shown.ask.form.editor("reason"), "放错工单")
    shown.ask.ok.click()
    wait_idle(qtbot, window)
    assert [file.name for file in files_of(hall, number)] == ["一.png"]
    assert case(hall, number).log[-1].facts["reason"] == "放错工单"


def test_a_content_that_is_gone_is_told_where_its_picture_would_be(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    from desktop.usecases.file_keeping import place_of

    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    drop(page, picture(tmp_path, "一.png"), picture(tmp_path, "二.png", "red"))
    wait_idle(qtbot, window)
    first, second = files_of(hall, number)
    place_of(hall.folder, first.sha256).unlink()
    place_of(hall.folder, second.sha256).write_bytes(b"spoilt")
    page.strip._drawn.clear()
    page.refresh()
    wait_idle(qtbot, window)
    assert "不在数据文件夹里" in page.strip.item(0).toolTip() and "已损坏" in page.strip.item(1).toolTip()
    window.go("file", (number, page.strip.files, 0))
    wait_idle(qtbot, window)
    assert window.page("file").drawn == []


def test_the_scanners_folder_is_watched_while_the_clerk_wants_it(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = lacking(hall, "M03", "M06")
    folder = tmp_path / "scans"
    folder.mkdir()
    picture(folder, "昨天的.png", "blue")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    page.watch.start(str(folder))
    wait_idle(qtbot, window)
    picture(folder, f"{number}-M06.png", "red")
    picture(folder, "IMG_0001.png")
    for _ in range(2):  # a file is taken once it has stopped growing
        page.watch.look()
        wait_idle(qtbot, window)
    assert sorted((file.slot, file.name) for file in files_of(hall, number)) == [
        ("M03", "IMG_0001.png"), ("M06", f"{number}-M06.png")]
    window.go("case", number)
    assert not page.watch.running


def test_what_was_found_of_a_paper_is_typed_and_kept_by_the_keyboard(window: Any, qtbot: Any, hall: Any) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    page.form.go_to("paper_number")
    type_into(page.form.editor("paper_number"), "QH-0001")
    page.form.fill({"paper_kind": "不动产权证书", "valid_until": "2026-11-01", "complete": "是"})
    enter(page.form.editor("paper_number"), Qt.KeyboardModifier.ControlModifier)
    assert "已于 2026-11-01 过期" in page.form.fault("valid_until")
    page.form.fill({"valid_until": "2027-11-01"})
    enter(page.form.editor("paper_number"), Qt.KeyboardModifier.ControlModifier)
    wait_idle(qtbot, window)
    found = next(sheet for sheet in sheets(hall, number) if sheet.code == "M03")
    assert (found.state, found.item.number, found.item.complete.answer) == ("已收", "QH-0001", "是")


def test_what_is_typed_of_a_paper_outlives_a_file_that_comes_in_and_a_look_at_another(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    page = visit(window, qtbot, "materials", f"{lacking(hall, 'M03')}#M03")
    type_into(page.form.editor("paper_number"), "QH-0001")
    drop(page, picture(tmp_path, "一.png"))
    wait_idle(qtbot, window)
    assert page.form.answers()["paper_number"] == "QH-0001"
    here = page.table.currentRow()
    page.table.setCurrentCell(0, 0)
    page.table.setCurrentCell(here, 0)
    assert page.form.answers()["paper_number"] == "QH-0001"


def test_what_is_typed_of_a_paper_outlives_the_window_and_goes_when_it_is_kept(
        qtbot: Any, hall: Any, font_folder: Path) -> None:
    place = f"{lacking(hall, 'M03')}#M03"
    first = open_window(qtbot, hall)
    type_into(visit(first, qtbot, "materials", place).form.editor("paper_number"), "QH-0001")
    first.close()
    wait_idle(qtbot, first)
    page = visit(open_window(qtbot, hall), qtbot, "materials", place)
    assert page.form.answers()["paper_number"] == "QH-0001" and len(drafts(hall, "paper")) == 1
    page.save()
    assert drafts(hall, "paper") == ()


def test_one_key_takes_over_what_was_given_before(window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    first = accepted_case(hall).case_number
    page = visit(window, qtbot, "materials", f"{first}#M03")
    page.table.setCurrentCell([sheet.code for sheet in page.sheets].index("M03"), 0)
    drop(page, picture(tmp_path, "产权证.png"))
    wait_idle(qtbot, window)
    mark(hall, first, "M03", {"paper_kind": "不动产权证书", "true": "是", "true_how": "联网"})
    second = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{second}#M03")
    assert first in page._offered.text() and page.offer.isVisibleTo(page)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    wait_idle(qtbot, window)
    assert [(file.slot, file.name) for file in files_of(hall, second)] == [("M03", "产权证.png")]
    assert not page.offer.isVisibleTo(page)


def test_scanning_the_notice_opens_what_is_missing_and_ticking_gives_a_receipt(
        window: Any, qtbot: Any, hall: Any) -> None:
    number = lacking(hall, "M03", "M06")
    visit(window, qtbot, "reminders")
    window.search.setFocus()
    type_into(window.search, f"yekuo:case/{number}#M06")
    enter(window.search)
    wait_idle(qtbot, window)
    page = window.page("materials")
    assert window.stack.currentWidget() is page and page.table.code == "M06"
    page.table.setFocus()
    press(page.table, Qt.Key.Key_Space, " ")
    assert page.table.ticked() == ["M06"]
    page.hand_in()
    wait_idle(qtbot, window)
    assert "资料补交回执" in window.page("paper")._title.text()
    receipt = case(hall, number).papers[-1]
    assert (receipt.kind, paper_bytes(hall, receipt.id)[:5]) == ("handed_in", b"%PDF-")


def test_the_case_leads_to_its_papers(window: Any, qtbot: Any, hall: Any) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "case", number)
    page.side.materials.linkActivated.emit("M03")
    wait_idle(qtbot, window)
    assert window.page("materials").table.code == "M03"
    window.page("materials").go_case()
    assert window.stack.currentWidget() is page


def test_the_check_of_scans_is_one_button_beside_the_backups(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    from desktop.usecases.file_keeping import place_of
    from desktop.usecases.filing import file_in
    from ui.backup_panel import BackupPanel

    number = lacking(hall, "M03")
    done = file_in(hall, number, "M03", picture(tmp_path, "一.png").read_bytes(), "一.png")
    panel = BackupPanel(window.services)
    qtbot.addWidget(panel)
    panel.check_button.click()
    wait_idle(qtbot, window)
    assert "都在、都完好" in window.message_bar.text()
    place_of(hall.folder, done.sha256).unlink()
    panel.check_button.click()
    wait_idle(qtbot, window)
    assert f"缺 工单 {number} 的“产权（用地）证明”" in window.message_bar.text()


# --- beside the intake form


def drop_on(lines: Any, code: str, *paths: Path) -> None:
    """A drag that ends on the line of a paper."""
    said = QMimeData()
    said.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at = QPointF(lines._lines[code][1].geometry().center())
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    come = QDragEnterEvent(at.toPoint(), Qt.DropAction.CopyAction, said, buttons, keys)
    QApplication.sendEvent(lines, come)
    assert come.isAccepted()
    QApplication.sendEvent(lines, QDropEvent(at, Qt.DropAction.CopyAction, said, buttons, keys))


def test_a_picture_dropped_on_a_paper_of_the_form_is_kept_with_the_draft_and_comes_with_the_case(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    from desktop.usecases.drafting import drafts
    from desktop.usecases.filing import check_files

    page = fill_intake(window, qtbot)
    receive_all(page)
    page.assess()
    wait_idle(qtbot, window)
    scan = picture(tmp_path, "产权证.png")
    drop_on(page.summary.materials, "M03", scan)
    wait_idle(qtbot, window)
    drop_on(page.summary.materials, "M01", scan)
    wait_idle(qtbot, window)
    assert "没有重复放入" in window.message_bar.text()
    page.keep_draft()
    (draft,) = drafts(hall, "intake")
    assert list(draft.content["files"]) == ["M03"] and check_files(hall).orphans == ()
    page.summary.materials.set_marks({})
    page.take_draft(draft)
    wait_idle(qtbot, window)
    page.accept()
    wait_idle(qtbot, window)
    number = page.accepted.number.text()
    assert [(file.slot, file.name) for file in files_of(hall, number)] == [("M03", "产权证.png")]


def test_one_key_takes_over_on_the_form_what_was_given_before(window: Any, qtbot: Any, hall: Any) -> None:
    page = fill_intake(window, qtbot)
    receive_all(page)
    page.assess()
    wait_idle(qtbot, window)
    page.accept()
    wait_idle(qtbot, window)
    first = page.accepted.number.text()
    page.accepted.next.click()
    page = fill_intake(window, qtbot)
    page.assess()
    wait_idle(qtbot, window)
    page.take_over_papers()
    wait_idle(qtbot, window)
    taken = {code: mark.from_case for code, mark in page.summary.materials.findings().items() if mark.from_case}
    assert taken == {"M01": first, "M03": first, "M04": first}
    assert f"沿用 {first}" in page.summary.materials._lines["M03"][0].text()


def test_photos_of_the_survey_lie_on_the_same_page_and_strip(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = accepted_case(hall).case_number
    page = visit(window, qtbot, "materials", f"{number}#P01")
    assert page.table.code == "P01" and "不少于 2 份" in page._odd.text()
    assert not page._own.isVisibleTo(page)
    drop(page, picture(tmp_path, "北侧.png"), picture(tmp_path, "南侧.png", "red"))
    wait_idle(qtbot, window)
    assert [file.slot for file in files_of(hall, number)] == ["P01", "P01"] and page.strip.count() == 2
    assert page.table.item(page.table.currentRow(), 2).text() == "✓ 已存" and not page._odd.isVisibleTo(page)
    page.table.setCurrentCell(0, 0)
    assert page._own.isVisibleTo(page)


def test_what_a_stage_should_have_leads_from_the_case_to_its_photos(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S03", "done", full_survey(hall, number))
    page = visit(window, qtbot, "case", number)
    assert "现场勘查照片不少于 2 份" in page.side.notices.text()
    page.side.notices.linkActivated.emit("material:P01")
    wait_idle(qtbot, window)
    assert window.page("materials").table.code == "P01"


def test_a_promise_that_has_run_out_stands_on_the_head_and_begins_the_pause(
        window: Any, qtbot: Any, hall: Any, clock: Any) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "case", number)
    assert "容缺 1 份，2026-11-30 前补" in page._about.text()
    clock.forward(days=9)
    page = visit(window, qtbot, "case", number)
    page.refresh()
    wait_idle(qtbot, window)
    assert "1 份逾期" in page._about.text() and "已逾期" in page.side.notices.text()
    page.ask_pause_or_resume()
    assert page.ask.form.answers()["reason"] == "客户补资料" and "逾期未补" in page.ask.form.answers()["evidence"]
    cases = visit(window, qtbot, "cases", {"chip": "promise"})
    assert [row.number for row in cases.table.pages.items] == [number]


def sheets_of(count: int, size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF of so many blank sheets, as a customer's scanner makes it."""
    import io

    from pypdfium2 import PdfDocument

    made, kept = PdfDocument.new(), io.BytesIO()
    for _ in range(count):
        made.new_page(*size)
    made.save(kept)
    return kept.getvalue()


def test_a_pdf_of_two_hundred_pages_is_kept_whole_and_says_how_many_are_not_drawn(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    (tmp_path / "可研报告.pdf").write_bytes(sheets_of(200))
    drop(page, tmp_path / "可研报告.pdf")
    wait_idle(qtbot, window)
    window.go("file", (number, page.strip.files, 0))
    wait_idle(qtbot, window)
    shown = window.page("file")
    assert len(shown.drawn) == 30 and shown.told == "后面还有 170 页，没有画在这里；原件完整存着。"


def test_a_sheet_as_large_as_a_house_is_drawn_no_wider_than_the_page() -> None:
    from ui.pictures import pages

    (drawn,) = pages(sheets_of(1, (14_400, 14_400)), "application/pdf", 400)
    assert abs(drawn.width() - 400) <= 1 and abs(drawn.height() - 400) <= 1
    (strip,) = pages(sheets_of(1, (100, 14_400)), "application/pdf", 400)
    assert strip.height() <= 2401


NOT_TAKEN = {
    "合同.exe.jpg": (b"MZ\x90\x00" + bytes(300), "不是图片，也不是 PDF"),
    "IMG_2031.HEIC": (b"\x00\x00\x00\x18ftypheic" + bytes(300), "HEIC"),
    "空.jpg": (b"", "空文件"), "半张.jpg": (b"\xff\xd8\xff\xe0" + bytes(300), "不完整"),
    "清单.docx": (b"PK\x03\x04" + bytes(300), "另存为 PDF"),
}


def test_fifty_files_dropped_at_once_are_kept_and_what_is_none_is_told_one_by_one(
        window: Any, qtbot: Any, hall: Any, tmp_path: Path) -> None:
    number = lacking(hall, "M03")
    page = visit(window, qtbot, "materials", f"{number}#M03")
    shades = [f"#{place * 5:02x}{255 - place * 5:02x}40" for place in range(45)]
    good = [picture(tmp_path, f"第{place:02d}页.png", shade) for place, shade in enumerate(shades)]
    for name, (content, _word) in NOT_TAKEN.items():
        (tmp_path / name).write_bytes(content)
    bad = [tmp_path / name for name in NOT_TAKEN]
    drop(page, *good[:20], *bad, *good[20:])
    wait_idle(qtbot, window)
    told = window.message_bar.text()
    assert len(files_of(hall, number)) == page.strip.count() == 45 and "放入 45 份" in told
    assert all(f"“{name}”" in told and word in told for name, (_content, word) in NOT_TAKEN.items())


def test_the_reminder_of_a_paper_that_is_late_pauses_the_case_with_everything_filled_in(
        window: Any, qtbot: Any, hall: Any, clock: Any) -> None:
    number = accept(hall, application(hall, lacking=("M03",), way=Way.MAY_FOLLOW)).case_number
    clock.move(date(2026, 12, 2))
    panel = visit(window, qtbot, "reminders")
    line = next(view for view in panel.table.pages.items if view.kind == "容缺到期")
    panel.do("暂停并通知客户", line)
    filled = panel.ask.form.answers()
    assert filled["reason"] == "客户补资料" and "产权" in filled["evidence"] and "已告知客户" in filled["told"]
    panel.ask.ok.click()
    wait_idle(qtbot, window)
    now = case(hall, number)
    assert now.state.pause.reason == "客户补资料" and now.log[-1].what == "contacted"


def test_the_notice_of_an_ended_case_opens_it_and_says_that_nothing_is_taken_in_any_more(
        window: Any, qtbot: Any, hall: Any) -> None:
    number = lacking(hall, "M03")
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    page = visit(window, qtbot, "materials", f"{number}#M03")
    assert page.sheet.code == "M03" and page._odd.isVisible()
    assert "已终止（2026-11-23），不再收资料" in page._odd.text() and not page._own.isEnabled()
    with pytest.raises(Refusal, match="终止，不能再补资料，不出告知书"):
        make_notice(hall, number)
