"""The frame: messages, jobs, the bridge from commits, keys, the clerk at the window, search."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSemaphore, QThread
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from shiboken6 import delete
from typing_hands import enter, open_window, told, type_into, wait_idle

from desktop.errors import Missing, Refusal, Trouble
from ui.actions import DEEDS, keys_of, make_action
from ui.jobs import Jobs
from ui.main_window import MAKERS, RAIL
from ui.messages import MessageBar, Messages, ProgressBar, Step, sentence_of
from ui.page import Page
from ui.services import Services


@pytest.fixture
def messages() -> Messages:
    return Messages()


def test_a_refusal_names_what_is_missing_and_counts_the_rest() -> None:
    missing = tuple(Missing(f"请填写{name}") for name in ("户名", "证件", "电话", "地址", "容量"))
    assert sentence_of(Refusal("还不能受理，请先补齐：", missing=missing)) == (
        "还不能受理，请先补齐：请填写户名；请填写证件；请填写电话；另有 2 项。")


def test_the_bar_says_the_sentence_and_offers_the_next_step(qtbot: Any, messages: Messages) -> None:
    bar = MessageBar(messages)
    qtbot.addWidget(bar)
    done: list[str] = []
    messages.say("wrong", "打印机没有联机。", Step("再试一次", lambda: done.append("again")))
    assert (bar._text.text(), bar._button.text()) == ("打印机没有联机。", "再试一次")
    bar._button.click()
    assert done == ["again"]
    assert bar.isHidden()


def test_a_job_works_on_another_thread_and_answers_on_the_windows(qtbot: Any, messages: Messages) -> None:
    jobs = Jobs(messages)
    answers: list[Any] = []
    jobs.run(lambda _step: QThread.currentThread(), lambda thread: answers.append((thread, QThread.currentThread())))
    qtbot.waitUntil(lambda: bool(answers))
    (worker, here), = answers
    assert here is QApplication.instance().thread()
    assert worker is not here


def test_a_long_job_shows_its_progress_and_can_be_cancelled(qtbot: Any, messages: Messages) -> None:
    progress = ProgressBar()
    qtbot.addWidget(progress)
    jobs, said, reached = Jobs(messages, progress), [], []
    messages.said.connect(said.append)

    def endless(step: Any) -> None:
        done = 0
        while True:
            done += 1
            step(done, 10**9)
            reached.append(done)
            QThread.msleep(1)

    jobs.run(endless, title="正在导出")
    qtbot.waitUntil(lambda: progress._bar.value() > 0)
    assert progress._title.text() == "正在导出"
    progress._stop.click()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert [message.sentence for message in said] == ["已取消，没有改动任何数据。"]
    assert progress.isHidden()


def test_a_job_that_ends_after_its_window_went_troubles_nobody(qtbot: Any, messages: Messages) -> None:
    progress, go = ProgressBar(), QSemaphore()
    jobs, done = Jobs(messages, progress), []
    jobs.run(lambda _step: go.acquire(), lambda _result: done.append("done"), title="正在备份")
    delete(progress)
    go.release()
    qtbot.waitUntil(lambda: done == ["done"])
    assert not jobs.busy


@pytest.mark.parametrize(("error", "kind", "part"), [
    (Refusal("没有这张报表。"), "care", "没有这张报表。"),
    (Trouble("磁盘已满。", "请腾出空间。", saved=False), "wrong", "本次未保存"),
])
def test_what_ends_a_job_is_told_in_a_sentence(qtbot: Any, messages: Messages, error: Exception, kind: str,
                                               part: str) -> None:
    jobs, said = Jobs(messages), []
    messages.said.connect(said.append)

    def fail(_step: Any) -> None:
        raise error

    jobs.run(fail)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].kind == kind
    assert part in said[0].sentence


def test_a_bug_in_a_job_is_logged_and_told_as_a_bug(qtbot: Any, messages: Messages, expect_log: Any) -> None:
    expect_log("bug: ZeroDivisionError")
    jobs, said = Jobs(messages), []
    messages.said.connect(said.append)
    jobs.run(lambda _step: 1 // 0)
    qtbot.waitUntil(lambda: bool(said))
    assert "程序出了差错" in said[0].sentence


def test_a_commit_is_told_once_with_the_tables_it_changed(qtbot: Any, hall: Any, tmp_path: Path) -> None:
    from desktop.usecases.hall_keeping import add_clerk

    services = Services(tmp_path)
    services.open(hall)
    with qtbot.waitSignal(services.bridge.changed) as heard:
        add_clerk(hall, "1002", "示范乙", "受理员")
    assert {"clerks", "entries", "requests"} <= heard.args[0]


class Counting(Page):
    watches = frozenset({"clerks"})
    read = 0

    def reload(self) -> None:
        self.read += 1


def test_a_page_reads_a_commit_once_whether_a_deed_of_its_own_read_it_again_or_the_bridge_told_it(
        qtbot: Any, hall: Any, tmp_path: Path) -> None:
    from desktop.usecases.hall_keeping import add_clerk

    services = Services(tmp_path)
    services.open(hall)
    page = Counting(services)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(services.bridge.changed):
        add_clerk(hall, "1002", "示范乙", "受理员")
        page.refresh()
    assert page.read == 2  # when it was shown, and by its deed
    with qtbot.waitSignal(services.bridge.changed):
        page.refresh()
        add_clerk(hall, "1003", "示范丙", "受理员")
    assert page.read == 4  # what came after it had read is read, too


def test_no_two_actions_that_work_at_once_have_the_same_key() -> None:
    rivals = [(a, b) for a, b in combinations(DEEDS, 2) if not a.place or not b.place or a.place == b.place]
    assert [(a.name, b.name) for a, b in rivals if a.key == b.key] == []


def test_every_action_of_the_table_is_on_its_page(qtbot: Any, hall: Any) -> None:
    from PySide6.QtGui import QAction

    window = open_window(qtbot, hall)
    for name in MAKERS:
        window.page(name)
    made = {action.objectName() for action in window.findChildren(QAction) if action.objectName()}
    assert {deed.name for deed in DEEDS} <= made


def test_the_card_of_keys_tells_every_key_of_its_page(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall)
    for name in MAKERS:
        place = window.page(name).place
        rows = keys_of(place, window.services.settings)
        assert len({key for key, _label in rows}) == len(rows), name
        assert {deed.label for deed in DEEDS if deed.place == place} <= {text for _key, text in rows}
    window.go("import_cases")
    window.show_keys()
    assert "导入并存退回表" in {each.text() for each in window.findChild(QWidget, "keys_card").findChildren(QLabel)}


def test_an_action_takes_the_key_that_the_clerk_chose(qtbot: Any, tmp_path: Path) -> None:
    services = Services(tmp_path)
    services.settings.setValue("keys/backup", "Ctrl+B")
    from PySide6.QtWidgets import QWidget

    owner = QWidget()
    qtbot.addWidget(owner)
    assert make_action("backup", owner, lambda: None, services.settings).shortcut().toString() == "Ctrl+B"


def test_without_a_clerk_the_window_asks_for_one_first(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall.served_by(None))
    assert window.shell.currentWidget() is window.chooser
    type_into(window.chooser.number, "1001")
    enter(window.chooser.number)
    assert window.services.clerk.number == "1001"
    assert window.shell.currentIndex() == 0


def test_an_unknown_clerk_is_told_beside_the_field(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall.served_by(None))
    type_into(window.chooser.number, "9999")
    enter(window.chooser.number)
    assert "9999" in window.chooser._fault.text()
    assert window.services.clerk is None


def test_a_locked_window_has_no_clerk_and_goes_nowhere(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall)
    window.lock()
    assert window.services.clerk is None
    window.go("cases")
    assert window.shell.currentWidget() is window.chooser


def test_the_rail_opens_every_page(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall)
    heard = told(window)
    for name, *_ in RAIL:
        window.rail._buttons[name].click()
        assert window.stack.currentWidget() is window.pages[name]
    wait_idle(qtbot, window)
    assert [message.sentence for message in heard if message.kind == "wrong"] == []


def test_a_letter_that_no_page_wants_goes_to_the_search_box(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall)
    window.go("reports")
    type_into(window, "Y")
    assert window.search.text() == "Y"


def test_on_an_empty_folder_the_window_asks_for_the_hall_and_then_opens(qtbot: Any, empty_hall: Any) -> None:
    from conftest import synthetic_supplier

    window = open_window(qtbot, empty_hall)
    form = window.shell.currentWidget()
    form.form.set_answers({name: value for name, value in synthetic_supplier().items() if form.form.has(name)})
    type_into(form.clerks[0].number, "2001")
    type_into(form.clerks[0].name, "示范丙")
    form.save_button.click()
    assert form._fault.text() == ""
    assert window.shell.currentIndex() == 0
    assert window.services.clerk.name == "示范丙"
    assert window.hall_name.text() == "演练县城区供电营业厅"


def test_the_set_up_says_what_is_missing_beside_its_field(qtbot: Any, empty_hall: Any) -> None:
    window = open_window(qtbot, empty_hall)
    form = window.shell.currentWidget()
    form.save_button.click()
    assert form.form.fault("supplier_name") == "请填写供电人名称"
    assert window.services.clerk is None
