"""The morning's sheet and the change of shift, on real paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from desktop.errors import Refusal
from desktop.usecases.briefing import morning, morning_pdf
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.relieving import awaiting, confirm_shift, hand_over_shift, open_lines, shift_pdf, shifts
from tests.contract_book import book
from tests.trade import accepted_case, done


def text_of(pdf: bytes) -> tuple[int, str]:
    """How many pages, and all that is said on them, without blanks."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return len(document), "".join(text.split())


@pytest.fixture
def other(hall: Desk) -> Desk:
    """A second clerk at another desk of the hall."""
    return hall.served_by(add_clerk(hall, "1002", "示范乙", "客户经理"))


def test_the_morning_sheet_tells_what_is_due_overdue_waiting_and_who_has_it(
        hall: Desk, other: Desk, clock: Any) -> None:
    late = accepted_case(hall, customer_name="示例甲").case_number
    clock.forward(days=5)
    standing = accepted_case(other, customer_name="示例乙").case_number
    record(other, standing, "S04", "paused", {"reason": "客户补资料", "evidence": "电话记录"})
    told = morning(hall)
    assert [row.number for row in told.overdue] == [late] and [row.number for row in told.waiting] == [standing]
    assert told.counts["overdue"] == told.counts["paused"] == 1 and told.counts["open"] == 2
    loads = {load.name: (load.open, load.overdue, load.waiting) for load in told.loads}
    assert loads == {"示范员": (1, 1, 0), "示范乙": (1, 0, 1)}
    pages, text = text_of(morning_pdf(hall))
    assert pages == 1
    for word in ("晨会单", late, standing, "示例甲", "已超期1件", "等客户1件", "示范乙", "演练县城区供电营业厅"):
        assert word in text, word


def test_the_morning_sheet_stays_one_page_on_the_worst_day_and_says_how_much_more_there_is(
        hall: Desk, clock: Any) -> None:
    for n in range(30):
        number = accepted_case(hall, customer_name=f"示例县第{n}高原特色农畜产品加工专业合作社联合社",
                               customer_id_kind="护照", customer_id=f"E{n:08d}").case_number
        if n % 2:
            record(hall, number, "S04", "paused", {"reason": "客户补资料", "evidence": "电话记录"})
    book(hall, 40, lambda n: {"ends_on": clock.today + timedelta(days=n % 20), "renewal": "到期重签"})
    clock.forward(days=9)
    pages, text = text_of(morning_pdf(hall))
    assert pages == 1 and "已超期15件" in text and "另有" in text and "会议记录" in text
    assert text.count("有限公司") + text.count("联合社") > 14  # as many lines as the page holds, not two of each list


def test_a_quiet_morning_has_its_sheet_too(hall: Desk) -> None:
    pages, text = text_of(morning_pdf(hall))
    assert pages == 1 and "今天到期0件" in text and "没有在办的工单" in text


def test_the_receiver_confirms_a_shift_as_it_was_told(hall: Desk, other: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    accepted_case(other, customer_name="别人的客户")
    assert [line["number"] for line in open_lines(hall)] == [number]
    given = hand_over_shift(hall, other.clerk, "钥匙在抽屉", {number: "客户下午来签字"})
    done(hall, number, "S04")  # what was told stays as it was told
    assert [each.id for each in awaiting(other)] == [given.id] and awaiting(hall) == ()
    with pytest.raises(Refusal, match="示范乙 确认"):
        confirm_shift(hall, given.id)
    clock.forward(minutes=10)
    kept = confirm_shift(other, given.id, "已核对")
    assert kept.confirmed_at == clock.at and kept.remark == "已核对" and awaiting(other) == ()
    assert kept.lines[0]["stage"] == "供电方案答复" and kept.lines[0]["note"] == "客户下午来签字"
    with pytest.raises(Refusal, match="确认过了"):
        confirm_shift(other, given.id)
    assert [each.id for each in shifts(hall)] == [given.id]
    pages, text = text_of(shift_pdf(hall, given.id))
    assert pages == 1
    for word in ("交接班单", number, "钥匙在抽屉", "客户下午来签字", "示范乙已于2026-11-2309:10确认", "已核对"):
        assert word in text, word


def test_a_shift_is_handed_to_somebody_else_who_is_there_and_pressed_twice_once(hall: Desk, other: Desk) -> None:
    with pytest.raises(Refusal, match="自己"):
        hand_over_shift(hall, hall.clerk)
    with pytest.raises(Refusal, match="不在您的在办清单"):
        hand_over_shift(hall, other.clerk, notes={"YK209901010001": "?"})
    first = hand_over_shift(hall, other.clerk, request_id="once")
    assert hand_over_shift(hall, other.clerk, request_id="once").id == first.id and len(shifts(hall)) == 1
