"""The window's thread reads nothing of a list: pages, counts and reminders are asked in the worker, and hits that take
longer than a frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from contract_book import account, book, hearing, ledgered
from PySide6.QtCore import QObject, Qt, QThread
from PySide6.QtWidgets import QApplication
from trade import accepted_case
from typing_hands import enter, open_window, press, told, type_into, wait_idle

from db import engine
from ui import jobs
from ui.jobs import Jobs
from ui.main_window import RAIL
from ui.messages import Messages
from ui.paged_table import PAGE, SORTED_AT_MOST, PagedTable
from ui.search_box import ASKED, FIRST, FURTHER, MORE, TYPING_MS


@contextmanager
def asked_on_the_windows_thread(desk: Any) -> Iterator[list[str]]:
    """The statements that the window's own thread sends meanwhile."""
    sent: list[str] = []

    def note(statement: str, _values: object) -> None:
        if QThread.currentThread() is QApplication.instance().thread():
            sent.append(statement)

    with hearing(desk, note):
        yield sent


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    book(hall, 3 * PAGE, lambda n: {"ends_on": hall.today + timedelta(days=n % 80), "number": f"N{n * 7 % 150:03d}"})
    made = open_window(qtbot, hall)
    wait_idle(qtbot, made)
    yield made
    wait_idle(qtbot, made)


def test_the_morning_page_and_the_counts_are_read_by_a_job(window: Any, qtbot: Any, hall: Any, clock: Any) -> None:
    window.go("reminders")
    wait_idle(qtbot, window)
    page = window.page("reminders")
    before = len(page.table.pages.items)
    with asked_on_the_windows_thread(hall) as sent:
        clock.forward(days=20)
        window.services.look_at_the_day()
        wait_idle(qtbot, window)
    assert sent == []
    assert 0 < before == len(page.table.pages.items) == window.rail._buttons["reminders"].count


@pytest.mark.parametrize("name", ["import", *(name for name, *_ in RAIL)])
def test_no_page_of_the_rail_reads_on_the_windows_thread_when_it_is_opened(qtbot: Any, hall: Any, font_folder: Path,
                                                                          name: str) -> None:
    accepted_case(hall)
    ledgered(hall, "ONE", ends_on=hall.today + timedelta(days=5))
    window = open_window(qtbot, hall)
    wait_idle(qtbot, window)
    with asked_on_the_windows_thread(hall) as sent:
        visit(window, qtbot, name)
        window.page(name).refresh()
        wait_idle(qtbot, window)
    assert sent == []
    if name in ("cases", "contracts", "reminders"):
        assert window.page(name).findChild(PagedTable, name).pages.items


def test_a_list_is_scrolled_on_to_its_end_by_jobs(window: Any, qtbot: Any, hall: Any) -> None:
    table = visit(window, qtbot, "contracts").table
    with asked_on_the_windows_thread(hall) as sent:
        for _ in range(3):
            table.scrollToBottom()
            wait_idle(qtbot, window)
    assert sent == []
    assert len({row.number for row in table.pages.items}) == 3 * PAGE


def test_a_filter_chosen_while_a_list_is_read_is_what_is_shown(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "contracts")
    for text in ("N001", "N002", "N003"):
        page.words.setText(text)
        page.refresh()
    wait_idle(qtbot, window)
    assert [row.number for row in page.table.pages.items] == ["N003"]


def test_what_the_search_finds_within_a_frame_is_shown_at_once(window: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    type_into(window.search, number)
    window.search.look()
    assert not window.services.jobs.is_asked(ASKED)
    assert window.search.hits.isVisible()
    assert window.search.hits.current().number == number


def test_further_hits_come_as_one_goes_down_the_list_each_once(window: Any, qtbot: Any, hall: Any) -> None:
    for number in range(FIRST + 8):
        account(hall, f"63000000001{number:02}", f"才让措{number}")
    wait_idle(qtbot, window)
    type_into(window.search, "才让")
    window.search.look()
    hits = window.search.hits
    assert hits.count() == FIRST
    for _ in range(FIRST + 7):
        press(window.search, Qt.Key.Key_Down)
    names = [hits.item(row).data(Qt.ItemDataRole.UserRole).title for row in range(hits.count())]
    assert hits.currentRow() == FIRST + 7 and len(set(names)) == len(names) == FIRST + 8


def test_a_list_of_hits_that_ends_before_they_do_says_so(window: Any, hall: Any) -> None:
    for number in range(FURTHER + 1):
        account(hall, f"63000000001{number:02}", f"才让措{number}")
    type_into(window.search, "才让")
    window.search.look()
    hits = window.search.hits
    hits.setCurrentRow(FIRST - 1)
    assert hits.count() == FURTHER + 1 and hits.item(FURTHER).text() == MORE


def test_a_search_that_takes_longer_than_a_frame_is_ended_and_asked_of_the_worker(
        window: Any, qtbot: Any, hall: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number = accepted_case(hall).case_number
    wait_idle(qtbot, window)
    monkeypatch.setattr(jobs, "FRAME_MS", -1)
    monkeypatch.setattr(engine, "STEP_EVERY", 1)
    type_into(window.search, number)
    window.search.look()
    assert window.services.jobs.is_asked(ASKED)
    qtbot.waitUntil(lambda: window.search.hits is not None and window.search.hits.isVisible())
    assert window.search.hits.current().number == number


def test_a_scanner_that_sends_enter_at_once_opens_what_the_whole_burst_finds(window: Any, qtbot: Any,
                                                                            hall: Any) -> None:
    numbers = [accepted_case(hall).case_number for _ in range(2)]
    type_into(window.search, numbers[0])
    qtbot.waitUntil(lambda: window.search.hits is not None and window.search.hits.isVisible())
    window.search.selectAll()
    type_into(window.search, numbers[1])
    enter(window.search)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.pages.get("case"))
    assert window.page("case").number == numbers[1]
    assert window.search.text() == ""


def test_hits_do_not_open_over_a_page_that_the_clerk_went_to_meanwhile(window: Any, qtbot: Any) -> None:
    type_into(window.search, "N001")
    visit(window, qtbot, "cases")
    assert window.search.hits is None or window.search.hits.isHidden()


def test_hits_never_hang_over_a_locked_window(window: Any, qtbot: Any, hall: Any) -> None:
    type_into(window.search, accepted_case(hall).case_number)
    window.lock()
    qtbot.wait(2 * TYPING_MS)
    wait_idle(qtbot, window)
    assert window.search.hits is None or window.search.hits.isHidden()
    assert window.search.text() == ""


def test_what_follows_from_a_form_is_found_in_the_worker(window: Any, qtbot: Any, hall: Any) -> None:
    page = visit(window, qtbot, "intake")
    assert "请填写户名" in page.summary.missing.text()
    with asked_on_the_windows_thread(hall) as sent:
        type_into(page.form.editor("customer_name"), "青海湖畔藏毯有限公司")
        qtbot.waitUntil(lambda: "请填写户名" not in page.summary.missing.text())
    assert sent == []


def test_a_commit_is_counted_by_a_job(window: Any, qtbot: Any, hall: Any) -> None:
    before = window.rail._buttons["reminders"].count
    ledgered(hall, "ONE-MORE", ends_on=hall.today + timedelta(days=5))
    window.go("reports")
    with asked_on_the_windows_thread(hall) as sent:
        wait_idle(qtbot, window)
        qtbot.waitUntil(lambda: window.rail._buttons["reminders"].count == before + 1)
    assert sent == []


def test_a_list_longer_than_a_page_is_sorted_by_a_job(window: Any, qtbot: Any, hall: Any) -> None:
    window.go("contracts")
    wait_idle(qtbot, window)
    table = window.page("contracts").table
    assert len(table.pages.items) == PAGE
    with asked_on_the_windows_thread(hall) as sent:
        table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
        wait_idle(qtbot, window)
    assert sent == []
    assert [row.number for row in table.pages.items] == sorted((f"N{n:03d}" for n in range(150)), reverse=True)
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    wait_idle(qtbot, window)
    assert [row.ends_on for row in table.pages.items] == sorted(row.ends_on for row in table.pages.items)


def test_a_list_too_long_to_sort_says_how_much_of_it_was_sorted(window: Any, qtbot: Any, hall: Any,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.paged_table.SORTED_AT_MOST", 2 * PAGE)
    heard = told(window)
    window.go("contracts")
    window.page("contracts").table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    wait_idle(qtbot, window)
    assert heard[-1].sentence == f"只排了前 {2 * PAGE} 行。请先筛选，再按表头排序。"
    assert SORTED_AT_MOST > 2 * PAGE


def test_of_two_questions_under_one_name_the_latest_is_answered(qtbot: Any) -> None:
    jobs, asker, answers = Jobs(Messages()), QObject(), []
    for number in range(5):
        jobs.ask(asker, "the same", lambda _step, number=number: number, answers.append)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert answers == [4]


def test_nobody_is_answered_who_is_gone(qtbot: Any) -> None:
    import shiboken6

    jobs, asker, answers = Jobs(Messages()), QObject(), []
    jobs.ask(asker, "late", lambda _step: date.min, answers.append)
    shiboken6.delete(asker)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert answers == []
