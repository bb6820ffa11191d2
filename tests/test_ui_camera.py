"""The document camera in the window: opened by a key, seen live, page after page to its paper, pulled in the middle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_hands import fill_intake, receive_all, visit
from PySide6.QtCore import Qt
from trade import application
from typing_hands import enter, open_window, type_into, wait_idle

from desktop.devices import camera as devices
from desktop.devices.practice_camera import PracticeCamera
from desktop.domain.material import Way
from desktop.errors import Trouble
from desktop.usecases import filing
from desktop.usecases.filing import files_of
from desktop.usecases.intake import accept


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> PracticeCamera:
    """The camera that stands at this counter."""
    from desktop.usecases import picturing

    made = PracticeCamera()
    monkeypatch.setattr(picturing, "open_camera", lambda _desk: devices.OpenCamera(made))
    return made


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


@pytest.fixture
def page(window: Any, qtbot: Any, hall: Any, device: PracticeCamera) -> Any:
    """The papers of a case that lacks two, the camera open by its key and its picture seen."""
    number = accept(hall, application(hall, lacking=("M03", "M06"), way=Way.MAY_FOLLOW)).case_number
    shown = visit(window, qtbot, "materials", f"{number}#M03")
    key(qtbot, shown, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: not shown.camera.preview.pixmap().isNull())
    return shown


def key(qtbot: Any, page: Any, pressed: Qt.Key) -> None:
    page.table.setFocus()
    qtbot.keyClick(page.table, pressed)


def shoot(qtbot: Any, window: Any, page: Any) -> None:
    key(qtbot, page, Qt.Key.Key_F8)
    wait_idle(qtbot, window)


def test_page_after_page_goes_to_its_paper_by_keys_alone(window: Any, qtbot: Any, hall: Any, page: Any) -> None:
    assert "产权（用地）证明" in page.camera._target.text()
    shoot(qtbot, window, page)
    shoot(qtbot, window, page)
    assert page.strip.count() == 2 and "已拍 2 份" in page.camera._said.text()
    enter(page.table, Qt.KeyboardModifier.ControlModifier)
    wait_idle(qtbot, window)
    key(qtbot, page, Qt.Key.Key_F9)
    assert page.table.code == "M06" and "用电设备清单" in page.camera._target.text()
    shoot(qtbot, window, page)
    assert [(file.slot, file.name) for file in files_of(hall, page.number)] == [
        (code, f"{page.number}-{code}-{place}.jpg") for code, place in (("M03", "01"), ("M03", "02"), ("M06", "01"))]
    assert next(sheet for sheet in page.sheets if sheet.code == "M03").state == "已收"


def test_what_is_seen_follows_what_lies_there(window: Any, qtbot: Any, page: Any, device: PracticeCamera) -> None:
    before = page.camera.preview.pixmap().toImage()
    device.page = 7
    qtbot.waitUntil(lambda: page.camera.preview.pixmap().toImage() != before)
    key(qtbot, page, Qt.Key.Key_F7)
    wait_idle(qtbot, window)
    assert not page.camera.running and not page.camera.isVisibleTo(page)


def test_a_camera_pulled_in_the_middle_is_told_and_what_was_taken_and_typed_stays(
        window: Any, qtbot: Any, hall: Any, page: Any, device: PracticeCamera) -> None:
    shoot(qtbot, window, page)
    type_into(page.form.editor("paper_number"), "QH-0001")
    device.unplugged = True
    shoot(qtbot, window, page)
    qtbot.waitUntil(lambda: not page.camera.running)
    assert "没有应答" in window.message_bar.text() and "检查连线" in window.message_bar.text()
    assert len(files_of(hall, page.number)) == 1 and page.form.answers()["paper_number"] == "QH-0001"
    device.unplugged = False
    key(qtbot, page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: page.camera.running)
    shoot(qtbot, window, page)
    assert len(files_of(hall, page.number)) == 2


def test_a_picture_that_finds_the_disk_full_is_held_and_kept_by_the_next_press(
        window: Any, qtbot: Any, hall: Any, page: Any, device: PracticeCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path, _content: bytes) -> str:
        raise Trouble("磁盘已满。", "请腾出空间后重试。")

    with monkeypatch.context() as disk:
        disk.setattr(filing, "put_content", full)
        shoot(qtbot, window, page)
    assert "磁盘已满" in window.message_bar.text() and "1 张还没有存上" in page.camera._said.text()
    key(qtbot, page, Qt.Key.Key_F9)  # another paper is shown meanwhile
    shoot(qtbot, window, page)
    assert [file.slot for file in files_of(hall, page.number)] == ["M03"] and device.page == 2


def test_without_a_camera_the_key_says_where_one_is_set(window: Any, qtbot: Any, hall: Any) -> None:
    number = accept(hall, application(hall, lacking=("M03",), way=Way.MAY_FOLLOW)).case_number
    shown = visit(window, qtbot, "materials", f"{number}#M03")
    key(qtbot, shown, Qt.Key.Key_F7)
    assert "没有设定高拍仪" in window.message_bar.text() and not shown.camera.isVisibleTo(shown)
    key(qtbot, shown, Qt.Key.Key_F8)
    assert "还没有打开" in window.message_bar.text()


def test_the_settings_keep_a_camera_and_show_what_lies_under_it(
        window: Any, qtbot: Any, hall: Any, device: PracticeCamera) -> None:
    from desktop.usecases.adjusting import machine

    panel = visit(window, qtbot, "system", "desk").panels["desk"].camera
    type_into(panel.driver, "nonsense")
    enter(panel.driver)
    assert "免驱的写 uvc" in window.message_bar.text()
    panel.driver.setText("practice")
    panel.keep_button.click()
    assert machine(hall.folder)["camera"] == "practice"
    panel.try_button.click()
    seen = panel.shown
    qtbot.waitUntil(lambda: not seen.preview.pixmap().isNull())
    window.go("reminders")
    wait_idle(qtbot, window)
    assert not seen.running and list((hall.folder / "files").glob("*")) == []


# --- beside the intake form


def test_the_camera_serves_the_form_before_there_is_a_case(
        window: Any, qtbot: Any, hall: Any, device: PracticeCamera) -> None:
    form = fill_intake(window, qtbot)
    receive_all(form)
    form.assess()
    wait_idle(qtbot, window)
    qtbot.keyClick(form.form.editor("customer_name"), Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: not form.camera.preview.pixmap().isNull())
    assert form.summary.materials.current == "M01"
    form.summary.materials.go_to("M03")
    assert "产权（用地）证明" in form.camera._target.text()
    for _page in range(2):
        qtbot.keyClick(form.summary.materials._lines["M03"][1], Qt.Key.Key_F6)
        wait_idle(qtbot, window)
    assert "已拍 2 份" in form.camera._said.text() and device.page == 3
    form.accept()
    wait_idle(qtbot, window)
    assert [(file.slot, file.name) for file in files_of(hall, form.accepted.number.text())] == [
        ("M03", "高拍仪-M03-01.jpg"), ("M03", "高拍仪-M03-02.jpg")]
    assert not form.camera.running
