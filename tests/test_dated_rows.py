"""Rows that end or begin within a release: who applies on a day is held to what holds on it, and so to the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from case_export import GOOD, changed, export, number_of
from clerk_hands import visit
from test_kinds import advance, application, begun, finish
from test_releases import again, hall_on, release  # noqa: F401
from typing_hands import enter, open_window, type_into, wait_idle

from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER
from desktop.domain.case import Status
from desktop.domain.material import needed
from desktop.errors import Refusal
from desktop.usecases.case_importing import preview_cases
from desktop.usecases.case_listing import case
from desktop.usecases.cataloguing import check_release, import_release, rules
from desktop.usecases.collecting import accepted_kinds, paper_of
from desktop.usecases.drafting import drafts, fit
from desktop.usecases.intake import accept, assess, decline, process_of
from desktop.usecases.surveying import checklist_of

TEXTS = Files.of_folder(FOLDER).texts
KIND = "high_voltage_single"
LAST, NEXT = date(2026, 12, 31), date(2027, 1, 4)


def ended(text: str, row: str, day: str = "2026-12-31") -> str:
    """The file in which that row ends on the day."""
    before, found, after = text.partition(row)
    assert found, row
    return before + found + after.replace("effective = ", f'until = "{day}"\neffective = ', 1)


@pytest.fixture
def dated(hall_on: Any, clock: Any) -> Any:  # noqa: F811
    """A hall under a release of which a stage, a paper, a question, a kind of paper end with the year."""
    kind = ended(TEXTS[f"processes/{KIND}.toml"], 'source = "法定"\nincludes')
    kind += ('\n[[material]]\ncode = "M99"\nname = "新年起要的证明"\ndemand = "必备"\nsupplied_by = "用电人"\n'
             'basis = "示例省文件"\neffective = "2027-01-01"\nverified = false\n')
    import_release(hall_on, release(day="2026-11-23", **{
        f"processes/{KIND}.toml": kind,
        "stages.toml": ended(TEXTS["stages.toml"], 'id = "S03"\nname = "现场勘查"'),
        "materials.toml": ended(TEXTS["materials.toml"], 'code = "M09"'),
        "surveys.toml": ended(TEXTS["surveys.toml"], 'id = "V09"'),
        "paper_kinds.toml": ended(TEXTS["paper_kinds.toml"], '"临时身份证"')}))
    clock.move(LAST)
    return again(hall_on)


def told(desk: Any, number: str) -> tuple[bool, bool, set[str], set[str]]:
    """Whether the case has its survey, the law's limit of the answer; its papers; what the site is asked."""
    view = case(desk, number)
    laws = any(clock.source == "法定" and clock.label == "供电方案答复" for clock in view.process.clocks)
    papers = {paper.code for paper in needed(view.process.materials, view.answers)}
    return "S03" in view.process.stage_by_id, laws, papers & {"M09", "M99"}, {
        row["item"] for row in checklist_of(desk, number)} & {"V09"}


def test_a_row_counts_to_its_last_day_and_from_its_first(dated: Any, clock: Any) -> None:
    old = begun(dated, dated.catalog.processes[KIND].on(LAST))
    assert told(dated, old) == (True, True, {"M09"}, {"V09"})
    clock.move(NEXT)
    desk = again(dated)
    assert told(desk, old)[:3] == (True, True, {"M09"})  # as it was accepted, to its end
    new = begun(desk, desk.catalog.processes[KIND].on(NEXT))
    assert told(desk, new) == (False, False, {"M99"}, set())
    assert case(desk, new).process.stage("S04").needs == ("S01",)
    identity = paper_of(case(desk, new).process, "M01")
    assert "临时身份证" not in accepted_kinds(desk, case(desk, new).process, identity)


def test_a_case_without_the_stage_that_ended_goes_to_its_file(dated: Any, clock: Any) -> None:
    from desktop.usecases.contracting import approve_template

    approve_template(dated, "high_voltage", "示范法务", dated.today)
    clock.move(NEXT)
    desk = again(dated)
    number = begun(desk, desk.catalog.processes[KIND].on(NEXT))
    assert "S03" not in finish(desk, clock, number)
    assert case(desk, number).row.status == Status.ARCHIVED


@pytest.mark.parametrize(("name", "row"), [
    ("stages.toml", 'id = "S14"\nname = "送电"'), ("processes/low_voltage_new.toml", 'label = "各环节合计"')])
def test_what_no_kind_can_be_without_does_not_end_within_a_release(name: str, row: str) -> None:
    with pytest.raises(ValueError, match="没有它就不成业务，不能写 until"):
        check_release(Files({**TEXTS, name: ended(TEXTS[name], row, "2030-12-31")}))


def test_a_provinces_row_says_where_it_holds_and_the_national_one_beside_it_does_not(
        hall_on: Any, clock: Any) -> None:  # noqa: F811
    kind = f"processes/{KIND}.toml"
    own = TEXTS["fees.toml"].replace('name = "高可靠性供电费用"', 'name = "高可靠性供电费"', 1)
    import_release(hall_on, release(day="2026-11-23", **{"fees.toml": own, kind: TEXTS[kind] + (
        '\n[[limit]]\nstages = ["S11"]\nlabel = "竣工检验"\nsource = "法定"\ndays = 4\nmeasure = "环节"\n'
        'basis = "示例省优化营商环境办法"\neffective = "2026-11-01"\nverified = true\n').replace(
            'source = "法定"', 'source = "法定"\nleaves_out = ["暂停"]')}))
    desk = again(hall_on)
    view = case(desk, begun(desk, desk.catalog.processes[KIND]))
    told = [clock.basis.text for clock in view.process.clocks if clock.label == "竣工检验"]
    assert "示例省优化营商环境办法" in told  # it names its province itself
    assert view.process.stage("S04").basis.region == "全国"  # the dictionary's own row, from the base
    assert desk.catalog.fees.items[0].basis.text.endswith("（示例省）")
    assert desk.catalog.clock.basis.region == "全国"
    regions = {rule.file: rule.region for rule in rules(desk)}
    assert (regions["fees.toml"], regions["stages.toml"]) == ("示例省", "全国")


# ---- a limit that changes on a day


ANSWER = '\n[[limit]]\nstages = ["S03", "S04"]\nlabel = "供电方案答复"\nincludes = ["S01"]\nmeasure = "环节"\n'
SUM = '\n[[limit]]\nstages = []\nlabel = "各环节合计"\nmeasure = "环节合计"\n'
OF_HALL = 'basis = "示例省压减办电时间通知"\nverified = false\n'
UNTIL, FROM = 'effective = "2026-11-01"\nuntil = "2026-12-31"\n', 'effective = "2027-01-01"\n'
CHANGED = (f"{ANSWER}days = 15\n{UNTIL}{OF_HALL}{ANSWER}days = 12\n{FROM}{OF_HALL}"
           f"{SUM}days = 27\n{UNTIL}{OF_HALL}{SUM}days = 24\n{FROM}{OF_HALL}")
NAMED = 'like = "high_voltage_single"\nid = "quick"\nname = "高压提速新装"\nshort = "高压提速"\npad = "43"\n'
NAMED += f'effective = "2026-11-01"\n{OF_HALL}'


def in_full(rows: str = CHANGED) -> dict[str, str]:
    """The shipped file with the company's answer and sum taken out and these rows in their place."""
    head, *limits = TEXTS[f"processes/{KIND}.toml"].split("[[limit]]")
    kept = [limit for limit in limits if "法定" in limit or not any(
        f'label = "{label}"' in limit for label in ("供电方案答复", "各环节合计"))]
    return {f"processes/{KIND}.toml": "[[limit]]".join((head, *kept)) + rows}


def like_another(rows: str = CHANGED, drop: str = "") -> dict[str, str]:
    return {"processes/quick.toml": f"{NAMED}{drop}{rows}"}


DROPPED = '[drop]\nlimit = ["供电方案答复", "各环节合计"]\n'
LAW = f'{ANSWER}source = "法定"\ndays = 10\neffective = "2024-06-01"\nbasis = "规则"\nverified = true\n'
FORMS = {"in full": in_full, "like another": like_another,
         "like another, dropped": lambda rows=CHANGED: like_another(rows, DROPPED)}


def promised(desk: Any, kind: str) -> tuple[int, int]:
    view = case(desk, begun(desk, desk.catalog.processes[kind].on(desk.today)))
    return next(each["days"] for each in view.promises if each["label"] == "供电方案答复"), view.process.total.days


@pytest.mark.parametrize("form", FORMS)
def test_a_limit_that_changes_on_a_day_is_promised_as_it_is_on_the_day_of_the_application(
        hall_on: Any, clock: Any, form: str) -> None:  # noqa: F811
    files = FORMS[form]()
    import_release(hall_on, release(day="2026-11-23", **files))
    kind = next(iter(files)).removeprefix("processes/").removesuffix(".toml")
    clock.move(date(2026, 12, 2))
    desk = again(hall_on)
    assert promised(desk, kind) == (15, 27)
    old = desk.catalog.processes[kind].on(date(2026, 12, 31))
    clock.move(date(2027, 1, 4))
    desk = again(hall_on)
    assert promised(desk, kind) == (12, 24)
    assert (old.total.days, old.stage("S04").limit.days, old.stage("S15").limit.days) == (27, 15, 3)


def test_a_kind_like_one_whose_limit_changes_follows_it_or_says_otherwise() -> None:
    texts = {**TEXTS, **in_full()}
    dual = check_release(Files(texts)).processes["high_voltage_dual"]  # one row of its own, for good
    assert {dual.on(day).total.days for day in (LAST, NEXT)} == {32}
    texts |= like_another('\n[[limit]]\nlabel = "供电方案答复"\nmeasure = "环节"\nleaves_out = ["—"]\n')
    quick = check_release(Files(texts)).processes["quick"]  # a key of its own, over each of them
    answers = [quick.on(day).stage("S04").limit for day in (LAST, NEXT)]
    assert [(each.days, each.leaves_out) for each in answers if each] == [(15, ()), (12, ())]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("old", "new", "told"), [
    ('until = "2026-12-31"', 'until = "2027-01-31"',
     r"limit 供电方案答复（公司，2026-11-01 至 2027-01-31，15 天）与 limit 供电方案答复（公司，2027-01-01 起，12 天）："
     "S03 现场勘查、S04 供电方案答复在 2027-01-01 至 2027-01-31 有两个时限"),
    ('until = "2026-12-31"\n', "", "12 天）：S03 现场勘查、S04 供电方案答复自 2027-01-01 起有两个时限"),
    ('effective = "2027-01-01"', 'effective = "2027-02-01"',
     "limit 各环节合计（公司，2027-01-01 起，24 天）：自 2027-01-01 起各环节时限之和与总时限不等：.* ＝ 12 天，"),
    ("days = 24", "days = 25",
     "自 2027-01-01 起各环节时限之和与总时限不等：.*供电方案答复 12.* ＝ 24 天，总时限写的是 25 天"),
    (f"{SUM}days = 24\n{FROM}{OF_HALL}", "", "没有它就不成业务，不能写 until.*2027-01-01 没有总时限"),
    (f"{SUM}days = 24\n{FROM}", f"{SUM}days = 24\n" + 'effective = "2026-12-31"\n',
     "总时限在 2026-12-31 至 2026-12-31 有两个"),
])
def test_limits_that_overlap_or_leave_a_day_out_are_refused_with_their_rows_and_days(
        form: str, old: str, new: str, told: str) -> None:
    files = FORMS[form](CHANGED.replace(old, new, 1))
    with pytest.raises(ValueError, match=told) as no:
        check_release(Files({**TEXTS, **files}))
    assert str(no.value).startswith(next(iter(files)).removeprefix("processes/"))


def test_the_laws_limit_too_changes_on_a_day_and_does_not_stand_there_twice() -> None:
    later = LAW.replace('effective = "2024-06-01"', 'effective = "2027-01-01"').replace("days = 10", "days = 8")
    first = LAW.replace("verified", 'until = "2026-12-31"\nverified')
    check_release(Files({**TEXTS, **in_full(CHANGED + first + later)}))
    with pytest.raises(ValueError, match="“供电方案答复”自 2027-01-01 起有两个时限"):
        check_release(Files({**TEXTS, **in_full(CHANGED + LAW + later)}))


# ---- a kind that ends on a day


ENDING = f'{NAMED}until = "2027-03-31"\n'
DAY_BEFORE, DAY_AFTER = date(2027, 3, 31), date(2027, 4, 1)


@pytest.fixture
def ending(hall_on: Any, clock: Any) -> Any:  # noqa: F811
    """A hall on the last day of a kind that ends."""
    import_release(hall_on, release(day="2026-11-23", **{"processes/quick.toml": ENDING}))
    clock.move(DAY_BEFORE)
    return again(hall_on)


def test_a_kind_is_taken_to_its_last_day_and_what_began_goes_on(ending: Any, clock: Any) -> None:
    old = begun(ending, ending.catalog.processes["quick"].on(DAY_BEFORE))
    clock.move(DAY_AFTER)
    desk = again(ending)
    asked = application(desk.catalog.processes["quick"], desk.today)
    for deed in (accept, assess, lambda desk, asked: decline(desk, asked, "不合条件")):
        with pytest.raises(Refusal, match="“高压提速新装”的失效日是 2027-03-31，2027-04-01 的申请不再受理") as no:
            deed(desk, asked)
        assert "43" not in no.value.sentence.partition("现在能受理的有")[2]
    for stage in ("S03", "S04"):
        advance(desk, case(desk, old), stage)
    assert "S04" not in case(desk, old).state.current
    late = accept(desk, replace(asked, applied_on=DAY_BEFORE)).case_number  # he came on the last day
    assert case(desk, late).process.id == "quick"


def test_a_kind_that_has_not_begun_is_not_yet_taken(hall_on: Any) -> None:  # noqa: F811
    later = NAMED.replace("2026-11-01", "2027-01-01")
    import_release(hall_on, release(day="2026-11-23", **{"processes/quick.toml": later}))
    with pytest.raises(Refusal, match="“高压提速新装”自 2027-01-01 起才受理，2026-11-23 的申请还不能办"):
        process_of(again(hall_on), "43")
    assert process_of(again(hall_on), "43", date(2027, 1, 1)).id == "quick"


def test_a_kept_form_of_a_kind_that_ended_opens_as_another_and_says_so(ending: Any, clock: Any) -> None:
    kept = {"kind": "quick", "kind_name": "高压提速新装", "answers": {"customer_name": "示范公司"}}
    assert fit(ending, kept).kind == "quick"
    clock.move(DAY_AFTER)
    desk = again(ending)
    assert fit(desk, kept).kind == desk.catalog.first_kind
    assert "“高压提速新装”现在不再受理" in fit(desk, kept).told


def test_where_the_usual_kind_ended_the_next_one_is_meant(hall_on: Any) -> None:  # noqa: F811
    kind = "processes/low_voltage_new.toml"
    import_release(hall_on, release(day="2026-11-23", **{kind: ended(TEXTS[kind], "energised_by", "2026-11-30")}))
    catalog = again(hall_on).catalog
    assert catalog.usual_kind(date(2026, 11, 30)) == "low_voltage_new" != catalog.usual_kind(date(2026, 12, 1))


def test_a_case_in_hand_of_a_kind_that_had_ended_comes_in_only_where_it_began_before(
        hall_on: Any, tmp_path: Path) -> None:  # noqa: F811
    kind = "processes/low_voltage_new.toml"
    import_release(hall_on, release(day="2026-11-23", **{kind: ended(TEXTS[kind], "energised_by", "2026-11-19")}))
    file = export(tmp_path / "在办.xlsx", changed(GOOD, accepted="2026-11-19", arrived="2026-11-19"),
                  changed(GOOD, number=number_of(2), accepted="2026-11-20", arrived="2026-11-20"))
    before, after = preview_cases(again(hall_on), file).findings
    assert (before.result, after.result) == ("导入", "退回")
    assert "“低压非居民新装”的失效日是 2026-11-19，2026-11-20 的申请不再受理" in after.reasons


def test_the_window_offers_the_kinds_of_the_day_of_the_application(
        ending: Any, clock: Any, qtbot: Any, font_folder: Path) -> None:
    clock.move(DAY_AFTER)
    window = open_window(qtbot, again(ending))
    page = visit(window, qtbot, "intake")
    assert page.kind.findData("quick") < 0
    page.form.fill({"customer_name": "示范公司"})
    page.applied_on.setFocus()
    page.applied_on.selectAll()
    type_into(page.applied_on, str(DAY_BEFORE))
    enter(page.applied_on)
    page.kind.set_value("quick")
    page.kind.chosen.emit("quick")
    assert page.form.answers()["customer_name"] == "示范公司"
    page.keep_draft()
    page.clear()  # the next customer comes today
    assert page.kind.findData("quick") < 0 and page.kind.value() != "quick"
    kept, = drafts(window.services.desk, "intake")
    page.take_draft(kept)
    assert (page.kind.value(), page.applied_on.day()) == ("quick", DAY_BEFORE)
    wait_idle(qtbot, window)
