"""A province's release as a 主管 takes it: stricter limits, a limit that another follows on a day, a kind that comes
and one that goes; compared row by row; what began before keeps its own rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from change_book import asked, done, open_works, refused, suspend
from test_dated_rows import TEXTS
from test_releases import SHIPPED, STORAGE, again, hall_on, release  # noqa: F401

from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.cataloguing import compare, import_release
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.intake import accept, assess, process_of

DAY = "2026-12-01"
TEN = '''
[[limit]]
stages = []
label = "全过程"
days = 3
measure = "全过程"
basis = "示例省优化营商环境办法第九条"
effective = "2027-01-01"
verified = true
'''


def within(text: str, row: str, old: str, new: str) -> str:
    """The file with one thing changed in the row that begins so."""
    before, found, after = text.partition(row)
    assert found and old in after, (row, old)
    return before + found + after.replace(old, new, 1)


def province(id: str = "SL-1", **more: str) -> bytes:
    rules = within(TEXTS["rules.toml"], 'id = "R12"', "least_days = 15", "least_days = 30")
    rules = within(rules, 'id = "R13"', "most_months = 6", "most_months = 3")
    transfer = within(TEXTS["processes/transfer.toml"], 'label = "全过程"', 'effective = "2024-06-01"',
                      'effective = "2024-06-01"\nuntil = "2026-12-31"') + TEN
    moved = within(TEXTS["processes/move_meter.toml"], 'pad = "39"', 'effective = "2024-06-01"',
                   'effective = "2024-06-01"\nuntil = "2026-12-15"')
    files = {"rules.toml": rules, "processes/transfer.toml": transfer, "processes/move_meter.toml": moved,
             "storage": STORAGE}
    return release(id=id, day=DAY, **files | more)


@pytest.fixture
def works(hall_on: Any) -> Any:  # noqa: F811
    """A works in a hall that took the province's release before its day."""
    leader = hall_on.served_by(add_clerk(hall_on, "1002", "示范主管", "主管"))
    open_works(leader)
    import_release(leader, province())
    return again(leader)


def test_the_leader_sees_row_by_row_what_will_change_and_from_when(works: Any) -> None:
    told = {(each.row, each.key): (each.before, each.after) for each in compare(works, SHIPPED, "SL-1")
            if each.file != "release.toml" and "storage" not in each.file}
    assert told == {
        ("规则 R12 span_length", "至少（日）"): ("15", "30"), ("规则 R13 year_sum 暂停", "最长（月）"): ("6", "3"),
        ("时限 全过程 全过程", "失效日"): ("", "2026-12-31"),
        ("时限 全过程 全过程", "新增"): ("", "名称：全过程；工作日：3；口径：全过程；自 2027-01-01 起；"
                                       "依据：示例省优化营商环境办法第九条"),
        ("", "失效日"): ("", "2026-12-15")}


def test_the_head_of_a_release_is_compared_in_words(works: Any) -> None:
    told = {each.key for each in compare(works, SHIPPED, "SL-1") if each.file == "release.toml"}
    assert told == {"编号", "名称", "地区", "生效日", "底本"}


def test_what_began_before_keeps_its_limits_and_what_comes_after_is_held_to_the_provinces(
        works: Any, clock: Any) -> None:
    before = suspend(works, "2026-12-01", "2026-12-15")
    clock.move(date(2026, 12, 1))
    desk = again(works)
    assert (desk.catalog.release, case(desk, before).process.release) == ("SL-1", SHIPPED)
    done(desk, before, "S18")  # fifteen days, as was promised
    other = {"hold_equipment": "1#主变压器 SCB14-400/10"}
    said = refused(desk, asked(desk, "suspend", hold_from="2026-12-10", hold_until="2026-12-31", **other))
    assert "共 22 天，少于 30 天" in said and "（示例省）" in said
    assert "超过 3 个月" in refused(desk, asked(desk, "suspend", hold_from="2027-01-04", hold_until="2027-04-05"))


def test_a_limit_that_another_follows_is_promised_by_the_day_of_the_application(works: Any, clock: Any) -> None:
    clock.move(date(2026, 12, 1))
    desk = again(works)
    assert process_of(desk, "transfer", date(2026, 12, 31)).total.days == 5
    assert process_of(desk, "transfer", date(2027, 1, 1)).total.days == 3


def test_a_kind_that_goes_is_taken_to_its_day_and_one_that_comes_from_the_releases_own(works: Any, clock: Any) -> None:
    assert "storage" not in works.catalog.processes
    clock.move(date(2026, 12, 15))
    desk = again(works)
    assert process_of(desk, "41").id == "storage"
    moving = accept(desk, asked(desk, "move_meter")).case_number
    clock.move(date(2026, 12, 16))
    desk = again(works)
    with pytest.raises(Refusal, match="“移表”的失效日是 2026-12-15，2026-12-16 的申请不再受理"):
        assess(desk, asked(desk, "move_meter"))
    done(desk, moving, "S03")
    done(desk, moving, "S22")
    assert case(desk, moving).state.current == ("S21",)


@pytest.mark.parametrize(("day", "told"), [
    ("2027-01-02", "2027-01-01 没有总时限"), ("2026-12-31", "在 2026-12-31 至 2026-12-31 有两个时限")])
def test_a_successor_that_leaves_a_day_out_or_comes_too_early_is_refused_with_row_and_day(
        works: Any, day: str, told: str) -> None:
    content = province("SL-2", **{"processes/transfer.toml": within(
        TEXTS["processes/transfer.toml"], 'label = "全过程"', 'effective = "2024-06-01"',
        'effective = "2024-06-01"\nuntil = "2026-12-31"') + TEN.replace("2027-01-01", day)})
    with pytest.raises(Refusal) as no:
        import_release(works, content)
    assert "transfer.toml" in str(no.value) and "全过程" in str(no.value) and told in str(no.value)
