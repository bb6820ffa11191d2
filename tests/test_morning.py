"""The morning's sheet and the change of shift, on real paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest

from desktop.errors import Refusal
from desktop.usecases.briefing import morning, morning_pdf
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.relieving import (
    awaiting,
    confirm_shift,
    decline_shift,
    given,
    hand_over_shift,
    open_lines,
    shift_pdf,
    shifts,
    withdraw_shift,
)
from tests.contract_book import book
from tests.trade import accepted_case, done


def text_of(pdf: bytes) -> tuple[int, str]:
    """How many pages, and all that is said on them, without blanks."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return len(document), "".join(text.split())


def room_for_notes(pdf: bytes) -> float:
    """How much is left free between 会议记录 and the foot of the page, in points."""
    words = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    (notes, _), (foot, _) = words.search("会议记录").get_next(), words.search("打印时间").get_next()
    return float(words.get_charbox(notes)[1] - words.get_charbox(foot)[3])


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


def test_the_morning_sheet_writes_its_day_as_every_paper_does(hall: Desk, clock: Any) -> None:
    clock.move(date(2026, 12, 6))
    assert "2026年12月6日星期日" in text_of(morning_pdf(hall))[1]


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
    assert text.count("有限公司") + text.count("联合社") > 11  # as many lines as the page holds, not two of each list
    assert room_for_notes(morning_pdf(hall)) > 34  # points, for a line by hand


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


def test_who_does_not_take_a_shift_says_why_and_the_sheet_tells_it(hall: Desk, other: Desk, clock: Any) -> None:
    accepted_case(hall)
    told = hand_over_shift(hall, other.clerk)
    with pytest.raises(Refusal, match="退回的原因"):
        decline_shift(other, told.id, "  ")
    with pytest.raises(Refusal, match="示范乙 退回"):
        decline_shift(hall, told.id, "x")
    clock.forward(minutes=5)
    kept = decline_shift(other, told.id, "少列一件")
    assert (kept.answer, kept.remark, kept.told) == ("退回", "少列一件", "11-23 09:05 已退回")
    assert awaiting(other) == () and given(hall) == ()
    with pytest.raises(Refusal, match="09:05 退回过了"):
        confirm_shift(other, told.id)
    assert "示范乙已于2026-11-2309:05退回：少列一件" in text_of(shift_pdf(hall, told.id))[1]
    again = hand_over_shift(hall, other.clerk)  # mended and told anew
    assert [each.id for each in awaiting(other)] == [again.id]


def test_a_shift_told_twice_waits_once_and_the_first_list_can_no_longer_be_confirmed(hall: Desk, other: Desk) -> None:
    first = hand_over_shift(hall, other.clerk)
    number = accepted_case(hall).case_number
    second = hand_over_shift(hall, other.clerk)
    assert [each.id for each in awaiting(other)] == [second.id] == [each.id for each in given(hall)]
    assert [line["number"] for line in second.lines] == [number]
    with pytest.raises(Refusal, match="撤回过了"):
        confirm_shift(other, first.id)
    assert [(each.answer, each.remark) for each in shifts(hall)] == [("", ""), ("撤回", "已另行交班")]
    third = hall.served_by(add_clerk(hall, "1003", "示范丙", "受理员"))
    with pytest.raises(Refusal, match="11-23 09:00 交给示范乙的班还没有确认。请先撤回"):
        hand_over_shift(hall, third.clerk)
    assert confirm_shift(other, second.id).answer == "确认"
    assert hand_over_shift(hall, third.clerk).receiver == "示范丙"


def test_a_shift_given_to_the_wrong_person_is_taken_back_by_its_giver_or_a_leader(hall: Desk, other: Desk) -> None:
    third = hall.served_by(add_clerk(hall, "1003", "示范丙", "受理员"))
    told = hand_over_shift(other, third.clerk)
    with pytest.raises(Refusal, match="只有交班人"):
        withdraw_shift(third, told.id)
    assert withdraw_shift(other, told.id).answer == "撤回" and awaiting(third) == ()
    with pytest.raises(Refusal, match="撤回过了"):
        withdraw_shift(hall, told.id)
    assert "本次交班已于2026-11-2309:00撤回" in text_of(shift_pdf(hall, told.id))[1]
    assert withdraw_shift(hall, hand_over_shift(other, third.clerk).id).answer == "撤回"
