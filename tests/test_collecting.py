"""Papers handed in: what the clerk finds of each, what is asked again, what was given before and serves again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from trade import accepted_case, application, done

from desktop.domain.case_code import case_code, read_case_code
from desktop.domain.dossier import dossier
from desktop.domain.material import Demand, Mark, Way, When
from desktop.errors import Refusal
from desktop.usecases.case_listing import CaseFilter, case, case_notices, cases, worklist_counts
from desktop.usecases.casework import record
from desktop.usecases.collecting import hand_in, mark, promise_anew, sheets, take_over
from desktop.usecases.desk import Desk
from desktop.usecases.intake import MaterialMark, accept, assess, decline
from desktop.usecases.notifying import make_notice, supplement
from desktop.usecases.papering import paper_bytes
from desktop.usecases.promising import pause_answers, promised
from printing.raster import page_text

DEED = {"paper_kind": "不动产权证书", "paper_number": "青(2024)示范县不动产权第0000001号", "seen": "原件",
        "complete": "是", "true": "是", "true_how": "联网"}


def lacking(hall: Desk, *codes: str, **said: Any) -> str:
    """A case taken against a promise for these papers."""
    return accept(hall, application(hall, lacking=codes, way=Way.MAY_FOLLOW, **said)).case_number


def sheet(hall: Desk, number: str, code: str) -> Any:
    return next(each for each in sheets(hall, number) if each.code == code)


def printed(hall: Desk, paper: Any) -> str:
    return "".join("".join(page_text(paper_bytes(hall, paper.id))).split())


def test_complete_and_true_are_two_marks_with_how_by_whom_and_when(hall: Desk, clock: Any) -> None:
    number = lacking(hall, "M03")
    mark(hall, number, "M03", {**DEED, "true": "", "true_how": ""})
    clock.forward(days=1)
    mark(hall, number, "M03", {"true": "是", "true_how": "联网"})
    found = sheet(hall, number, "M03").item
    assert (found.complete.answer, found.complete.clerk, found.complete.on) == ("是", "示范员", date(2026, 11, 23))
    assert (found.true.how, found.true.on, found.kind) == ("联网", date(2026, 11, 24), "不动产权证书")


def test_a_promised_paper_that_comes_is_no_longer_open(hall: Desk) -> None:
    number = lacking(hall, "M03")
    mark(hall, number, "M03", DEED)
    came = sheet(hall, number, "M03")
    assert (came.state, came.open, came.supplied_on) == ("已收", False, hall.today)
    assert [entry.what for entry in case(hall, number).log][-1] == "material_supplied"


@pytest.mark.parametrize(("given", "word", "field"), [
    ({"paper_kind": "不动产权证书", "valid_until": "2026-11-22"}, "已于 2026-11-22 过期", "valid_until"),
    ({"paper_kind": "驾驶证"}, "不在“产权（用地）证明”认可的种类里", "paper_kind"),
    ({"true": "是"}, "怎样核验", "true_how"),
    ({"seen": "照片"}, "原件或复印件", "seen"),
    ({"colour": "红"}, "没有“colour”这一项", "colour"),
])
def test_what_cannot_be_taken_is_refused_with_what_to_do(
        hall: Desk, given: dict[str, str], word: str, field: str) -> None:
    number = lacking(hall, "M03")
    with pytest.raises(Refusal, match=word) as no:
        mark(hall, number, "M03", given)
    assert no.value.field == field
    assert sheet(hall, number, "M03").state == "未收"


def test_a_paper_that_is_no_proof_of_identity_says_why(hall: Desk) -> None:
    marks = application(hall).materials | {"M01": MaterialMark(Mark.RECEIVED, facts={"paper_kind": "驾驶证"})}
    with pytest.raises(Refusal) as no:
        accept(hall, replace(application(hall), materials=marks))
    assert any(lack.field == "material:M01" and "不是身份证明" in lack.sentence for lack in no.value.missing)


def test_a_shared_paper_names_where_its_data_come_from(hall: Desk) -> None:
    number = lacking(hall, "M03", "M06")
    mark(hall, number, "M03", {}, state=Mark.SHARED)
    assert sheet(hall, number, "M03").item.source == "不动产登记信息共享"
    with pytest.raises(Refusal, match="从哪里取得"):
        mark(hall, number, "M06", {}, state=Mark.SHARED)


def test_a_paper_given_back_is_promised_anew_with_the_reason(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    promise_anew(hall, number, "M03", date(2026, 11, 30), "证件过期，换证中")
    back = sheet(hall, number, "M03")
    assert (back.state, back.open, back.due_on, back.item.supplied_on) == ("未收", True, date(2026, 11, 30), None)
    with pytest.raises(Refusal, match="不能后补"):
        promise_anew(hall, number, "M01", date(2026, 12, 10), "外出")
    with pytest.raises(Refusal, match="今天之后"):
        promise_anew(hall, number, "M03", hall.today, "外出")


def test_a_paper_is_promised_anew_for_no_longer_than_its_own_term(hall: Desk) -> None:
    number = lacking(hall, "M03")
    with pytest.raises(Refusal, match="最晚改约到 2026-11-30 补交：一次最多 5 个工作日") as no:
        promise_anew(hall, number, "M03", date(2026, 12, 1), "客户外出")
    assert no.value.field == "due_on" and "待核验" in str(no.value)
    with pytest.raises(Refusal, match="补交日期 2206-11-30 在两年以后"):
        promise_anew(hall, number, "M03", date(2206, 11, 30), "客户外出")
    assert sheet(hall, number, "M03").item.moved == ()
    promise_anew(hall, number, "M03", date(2026, 11, 30), "客户外出")


def test_no_power_while_a_promised_paper_is_open(hall: Desk) -> None:
    number = lacking(hall, "M03")
    done(hall, number, "S04")
    with pytest.raises(Refusal) as no:
        record(hall, number, "S14", "done", {"energised_by": "示范丙"})
    told = " ".join(lack.sentence for lack in no.value.missing)
    assert "承诺补交的资料没有齐" in told and "产权" in told and "待核验" in told
    mark(hall, number, "M03", {})
    with pytest.raises(Refusal) as still:
        record(hall, number, "S14", "done", {"energised_by": "示范丙"})
    assert not any("承诺补交" in lack.sentence for lack in still.value.missing)


def test_several_papers_are_handed_in_together_or_none(hall: Desk) -> None:
    number = lacking(hall, "M03", "M06")
    with pytest.raises(Refusal, match="已于"):
        hand_in(hall, number, ["M03", "M01"])
    assert sheet(hall, number, "M03").state == "未收"
    assert hand_in(hall, number, ["m03", "M06"]) == ("产权（用地）证明", "用电设备清单")


def test_what_is_handed_in_gets_a_receipt_that_says_what_is_still_missing(hall: Desk, clock: Any) -> None:
    number = lacking(hall, "M03", "M06")
    clock.move(date(2026, 12, 3))
    text = printed(hall, supplement(hall, number, ["M03"]))
    assert "资料补交回执" in text and "逾期补交" in text
    assert text.index("产权（用地）证明") < text.index("还缺") < text.index("用电设备清单")


def test_the_notice_counts_working_days_and_names_who_supplies(hall: Desk) -> None:
    number = lacking(hall, "M03")
    paper = next(each for each in case(hall, number).papers if each.kind == "notice")
    text = printed(hall, paper)
    assert "2026年11月30日（还有5个工作日）" in text and "用电人或产权人" in text and "第1次" in text


def test_a_notice_made_again_tells_what_changed(hall: Desk) -> None:
    number = lacking(hall, "M03", "M06")
    mark(hall, number, "M06", {})
    promise_anew(hall, number, "M04", date(2026, 11, 30), "证件过期")
    text = printed(hall, make_notice(hall, number))
    assert "第2次（上次2026-11-2309:00）" in text
    assert "仍缺" in text and "新增" in text and "已交11-23" in text and "已交1份，新增1份，仍缺1份" in text


def test_a_case_without_missing_papers_needs_no_notice(hall: Desk) -> None:
    with pytest.raises(Refusal, match="没有缺的资料"):
        make_notice(hall, accepted_case(hall).case_number)


@pytest.mark.parametrize("scanned", [
    "yekuo:case/YK202611230001#M03", "YEKUO:CASE/YK202611230001#m03", " yekuo：case／YK202611230001＃M03\r"])
def test_a_scanner_may_send_the_code_in_its_own_letters(scanned: str) -> None:
    assert read_case_code(scanned) == ("YK202611230001", "M03")


def test_the_code_is_read_back_as_it_was_written() -> None:
    assert read_case_code(case_code("YK202611230001")) == ("YK202611230001", "")
    assert read_case_code("YK202611230001") is None


# --- given before


def known_deed(hall: Desk) -> str:
    """An earlier case whose ownership paper was looked up."""
    number = accepted_case(hall).case_number
    mark(hall, number, "M03", {**DEED, "valid_until": "2027-01-31"})
    return number


def test_a_paper_given_once_is_offered_in_the_next_case_with_its_marks(hall: Desk, clock: Any) -> None:
    first = known_deed(hall)
    clock.forward(days=3)
    second = lacking(hall, "M03")
    offer = sheet(hall, second, "M03").offer
    assert (offer.from_case, offer.kind) == (first, "不动产权证书") and "示范员 2026-11-23 核验" in offer.told
    take_over(hall, second, "M03")
    taken = sheet(hall, second, "M03")
    assert (taken.state, taken.item.from_case, taken.item.true.case_number) == ("已收", first, first)
    assert taken.item.true.on == date(2026, 11, 23) and taken.item.supplied_on == date(2026, 11, 26)


def test_what_has_expired_since_is_not_offered(hall: Desk, clock: Any) -> None:
    known_deed(hall)
    clock.move(date(2027, 2, 1))
    second = lacking(hall, "M03")
    assert sheet(hall, second, "M03").offer is None
    with pytest.raises(Refusal, match="没有可以沿用的"):
        take_over(hall, second, "M03")


def test_what_came_with_an_application_that_was_refused_is_not_offered(hall: Desk) -> None:
    decline(hall, application(hall), "产权有争议")
    assert all(each.offer is None for each in sheets(hall, lacking(hall, "M03")))


def test_an_ownership_paper_serves_only_the_same_premises(hall: Desk) -> None:
    known_deed(hall)
    other = lacking(hall, "M03", "M04", usage_address="共和县恰卜恰镇城北新区 3 号")
    assert sheet(hall, other, "M03").offer is None
    assert sheet(hall, other, "M04").offer is not None


def test_an_application_form_serves_one_case_only(hall: Desk) -> None:
    known_deed(hall)
    second = accept(hall, application(hall, lacking=("M02",), way=Way.ONE_PAPER)).case_number
    assert sheet(hall, second, "M02").offer is None


def test_another_customers_papers_are_nobodys_business(hall: Desk) -> None:
    known_deed(hall)
    other = lacking(hall, "M03", customer_name="演练丁", customer_id_kind="身份证",
                    customer_id="11010519491231002X")
    assert sheet(hall, other, "M03").offer is None


def test_the_form_takes_a_paper_over_before_the_case_exists(hall: Desk) -> None:
    first = known_deed(hall)
    form = application(hall, lacking=("M03",))
    offered = {line.code: line.offer for line in assess(hall, form).materials}
    assert offered["M03"].from_case == first
    marks = dict(form.materials) | {"M03": MaterialMark(Mark.RECEIVED, from_case=first)}
    number = accept(hall, replace(form, materials=marks)).case_number
    assert sheet(hall, number, "M03").item.from_case == first


def test_the_log_of_an_acceptance_says_what_each_paper_was(hall: Desk) -> None:
    items = dossier(case(hall, accepted_case(hall).case_number).log)
    assert (items["M01"].kind, items["M01"].supplied_on) == ("营业执照", hall.today)


def test_a_paper_that_expires_while_the_case_goes_on_is_asked_about(hall: Desk, clock: Any) -> None:
    number = known_deed(hall)
    assert not any("产权" in each.sentence for each in case_notices(hall, case(hall, number)))
    clock.move(date(2027, 1, 10))
    (soon,) = [each for each in case_notices(hall, case(hall, number)) if "产权" in each.sentence]
    assert "2027-01-31 到期" in soon.sentence and soon.field == "material:M03"
    clock.move(date(2027, 2, 2))
    assert any("已于 2027-01-31 过期" in each.sentence for each in case_notices(hall, case(hall, number)))


def test_a_closed_case_takes_no_more_papers(hall: Desk) -> None:
    number = lacking(hall, "M03")
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    with pytest.raises(Refusal, match="，不能再登记资料"):
        mark(hall, number, "M03", {})


# --- papers of a later stage, and papers that are spared


def with_papers(hall: Desk, **changed: dict[str, Any]) -> Desk:
    """The hall under a catalogue whose papers say otherwise."""
    low = hall.catalog.processes["low_voltage_new"]
    papers = tuple(replace(m, **changed.get(m.code, {})) for m in low.materials)
    catalog = replace(hall.catalog)  # reads its kinds anew
    catalog.processes._read[low.id] = replace(low, materials=papers)
    return replace(hall, catalog=catalog)


def test_a_paper_of_a_later_stage_is_not_asked_at_acceptance_and_holds_that_stage(hall: Desk) -> None:
    later = with_papers(hall, M06={"stage": "S11", "demand": Demand.REQUIRED})
    number = accept(later, application(later, lacking=("M06",))).case_number
    paper = sheet(later, number, "M06")
    assert (paper.state, paper.stage, paper.open) == ("未收", "S11", False)
    done(later, number, "S04")
    with pytest.raises(Refusal) as no:
        record(later, number, "S11", "done", {"inspection_result": "合格"})
    assert any("竣工检验前须收到用电设备清单，由用电人提供" in lack.sentence for lack in no.value.missing)
    assert any(lack.field == "material:M06" for lack in case(later, number).missing_next)
    mark(later, number, "M06", {})
    assert not any(lack.field == "material:M06" for lack in case(later, number).missing_next)


def test_a_paper_of_a_later_stage_stands_on_the_notice_with_its_stage(hall: Desk) -> None:
    later = with_papers(hall, M06={"stage": "S11"})
    number = accept(later, application(later, lacking=("M03", "M06"), way=Way.MAY_FOLLOW)).case_number
    text = printed(later, next(each for each in case(later, number).papers if each.kind == "notice"))
    assert text.index("产权（用地）证明") < text.index("用电设备清单") and "竣工检验前" in text


def test_a_spared_paper_is_asked_of_nobody_and_says_where_its_data_come_from(hall: Desk) -> None:
    spared = with_papers(hall, M03={"shared_when": When("customer_id_kind", ("营业执照",))})
    lines = {line.code: line for line in assess(spared, application(spared, lacking=("M03",))).materials}
    assert (lines["M03"].demand, lines["M03"].state, lines["M03"].why) == ("免交", "免交", "")
    number = accept(spared, application(spared, lacking=("M03",))).case_number
    assert sheet(spared, number, "M03").item.source == "不动产登记信息共享"


# --- who he is, not how he is spelt; whose the premises are now


def test_a_paper_is_offered_to_the_same_person_however_his_name_was_spelt_then(hall: Desk) -> None:
    known_deed(hall)
    said = application(hall).answers
    other = lacking(hall, "M03", customer_name=f"{said['customer_name']}（原名）",
                    usage_address=f" {said['usage_address']} ")
    assert sheet(hall, other, "M03").offer is not None


def test_after_the_premises_were_sold_their_old_owners_paper_serves_no_more(hall: Desk) -> None:
    from sqlalchemy import select, update

    from db.cases import Case
    from db.customers import Account

    first = known_deed(hall)
    buyer = accepted_case(hall, customer_name="演练丁", customer_id_kind="身份证",
                          customer_id="11010519491231002X", usage_address="共和县恰卜恰镇城北新区 3 号").case_number
    second = lacking(hall, "M03")
    assert sheet(hall, second, "M03").offer is not None
    with hall.db.write() as session:  # as 过户 leaves it: the account is the buyer's, and the seller has none there
        new = session.scalar(select(Case.customer_id).where(Case.number == buyer))
        accounts = select(Case.account_id).where(Case.number.in_((first, second)))
        session.execute(update(Account).where(Account.id.in_(accounts)).values(customer_id=new))
    assert sheet(hall, second, "M03").offer is None
    assert sheet(hall, second, "M03").state == "未收"


# --- the agent's power of attorney (民法典第一百六十五条)


AGENT = {"agent_name": "马海英", "agent_id": "11010519491231002X", "agent_phone": "13900005678",
         "poa_number": "SQ-2026-001", "poa_matter": "办理用电申请", "poa_scope": "代为提交资料、签订合同",
         "poa_from": "2026-11-01", "poa_until": "2026-12-20", "poa_signed": "签名并盖章"}


@pytest.mark.parametrize("blank", ["poa_matter", "poa_scope", "poa_from", "poa_until", "poa_signed"])
def test_a_power_of_attorney_says_matter_scope_period_and_bears_its_givers_sign(hall: Desk, blank: str) -> None:
    with pytest.raises(Refusal) as no:
        accept(hall, application(hall, **{**AGENT, blank: ""}))
    assert blank in [lack.field for lack in no.value.missing]


def test_a_power_of_attorney_that_runs_out_while_the_case_goes_on_is_told(hall: Desk, clock: Any) -> None:
    number = accept(hall, application(hall, **AGENT)).case_number
    item = sheet(hall, number, "M05").item
    assert (item.number, item.valid_until) == ("SQ-2026-001", date(2026, 12, 20))
    clock.move(date(2026, 12, 21))
    odd = [each.sentence for each in case_notices(hall, case(hall, number)) if each.field == "material:M05"]
    assert odd == ["授权委托书和经办人身份证件：已于 2026-12-20 过期"]


def test_a_high_energy_project_is_asked_for_its_approval_as_an_important_user_is(hall: Desk) -> None:
    from desktop.domain.material import needed

    papers = hall.catalog.processes["high_voltage_single"].materials
    asked = {said: {m.code for m in needed(papers, answers)} for said, answers in {
        "plain": {"important_level": "非重要", "high_energy": "否"},
        "important": {"important_level": "一级", "high_energy": "否"},
        "energy": {"important_level": "非重要", "high_energy": "是"}}.items()}
    assert "M10" not in asked["plain"] and "M10" in asked["important"] and "M10" in asked["energy"]
    assert {"M12", "M13"} <= asked["energy"] and "M14" in asked["important"]
    assert "M15" in {m.code for m in needed(hall.catalog.processes["high_voltage_dual"].materials, {})}


# --- 容缺: its own clock


def head(hall: Desk, number: str) -> str:
    stands = promised(hall, case(hall, number).materials)
    return stands.told if stands else ""


def test_a_promise_counts_its_own_working_days_and_a_pause_of_ours_does_not_move_it(hall: Desk, clock: Any) -> None:
    number = lacking(hall, "M03", "M06")
    assert head(hall, number) == "容缺 2 份，2026-11-30 前补（5 个工作日）"
    record(hall, number, "S04", "paused", {"reason": "客户要求暂缓", "evidence": "书面说明"})
    clock.move(date(2026, 11, 27))
    assert head(hall, number) == "容缺 2 份，2026-11-30 前补（1 个工作日）"
    mark(hall, number, "M06", {})
    clock.move(date(2026, 12, 2))
    assert head(hall, number) == "容缺 1 份，1 份逾期（2 个工作日）"
    mark(hall, number, "M03", {})
    assert head(hall, number) == ""


def test_when_a_promise_has_run_out_the_case_says_what_may_be_done_and_the_pause_is_begun_with_its_evidence(
        hall: Desk, clock: Any) -> None:
    number = lacking(hall, "M03")
    assert not any("逾期" in each.sentence for each in case_notices(hall, case(hall, number)))
    clock.move(date(2026, 12, 1))
    (told,) = [each for each in case_notices(hall, case(hall, number)) if "逾期" in each.sentence]
    assert told.field == "material:M03" and "改约补交日期" in told.sentence and "补齐前不能送电" in told.sentence
    known = pause_answers(hall, case(hall, number))
    assert known["reason"] == "客户补资料" and "应于 2026-11-30 前补交" in known["evidence"]
    record(hall, number, "S04", "paused", known)
    assert not any("逾期" in each.sentence for each in case_notices(hall, case(hall, number)))
    mark(hall, number, "M03", {})
    assert any("请恢复计时" in each.sentence for each in case_notices(hall, case(hall, number)))


def test_a_promise_made_anew_begins_its_clock_again(hall: Desk, clock: Any) -> None:
    number = lacking(hall, "M03")
    clock.move(date(2026, 12, 1))
    promise_anew(hall, number, "M03", date(2026, 12, 8), "客户外出")
    assert head(hall, number) == "容缺 1 份，2026-12-08 前补（5 个工作日）"
    assert pause_answers(hall, case(hall, number)) == {}


def test_the_worklist_shows_what_waits_for_a_promised_paper_by_its_first_day(hall: Desk, clock: Any) -> None:
    later = lacking(hall, "M03", "M06")
    accepted_case(hall)
    first = lacking(hall, "M03", usage_address="共和县恰卜恰镇城北新区 3 号")
    clock.move(date(2026, 11, 24))
    promise_anew(hall, later, "M03", date(2026, 12, 1), "客户外出")
    promise_anew(hall, later, "M06", date(2026, 12, 1), "客户外出")
    assert [row.number for row in cases(hall, CaseFilter(waits="promise")).rows] == [first, later]
    assert worklist_counts(hall)["promise"] == 2


def test_a_paper_that_was_valid_on_the_day_it_came_may_be_entered_later(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    came = clock.today
    clock.forward(days=4)
    given = {"paper_kind": "身份证", "valid_until": str(came + timedelta(days=1))}
    with pytest.raises(Refusal, match="过期"):
        mark(hall, number, "M01", given)
    mark(hall, number, "M01", given, on=came)
    assert any("过期" in notice.sentence for notice in case_notices(hall, case(hall, number)))  # and has expired since


def test_the_paper_of_another_person_is_told_and_a_number_that_cannot_be_is_refused(hall: Desk) -> None:
    own = "11010519491231002X"
    number = accepted_case(hall, customer_name="扎西顿珠", customer_id_kind="身份证", customer_id=own).case_number
    with pytest.raises(Refusal, match="身份证的号码有误") as refused:
        mark(hall, number, "M01", {"paper_kind": "身份证", "paper_number": "110105194912310021"})
    assert refused.value.field == "paper_number"
    mark(hall, number, "M01", {"paper_kind": "身份证", "paper_number": "632521198503124027"})
    told = [notice.sentence for notice in case_notices(hall, case(hall, number))]
    assert any("与用电人的不一致" in sentence for sentence in told)
    assert "与用电人的不一致" in "".join(next(sheet for sheet in sheets(hall, number) if sheet.code == "M01").notices)
    mark(hall, number, "M01", {"paper_kind": "身份证", "paper_number": own})
    assert not any("不一致" in notice.sentence for notice in case_notices(hall, case(hall, number)))


@pytest.mark.parametrize(("due", "why"), [
    (date(2026, 12, 1), "最晚约定到 2026-11-30 补交.*待核验"), (date(2026, 11, 23), "应在申请之日")])
def test_a_paper_is_promised_within_its_term_and_after_the_day_of_the_application(
        hall: Desk, due: date, why: str) -> None:
    whole = application(hall, lacking=("M03",), way=Way.MAY_FOLLOW)

    def promising(day: date) -> Any:
        return replace(whole, materials={**whole.materials, "M03": MaterialMark(Mark.MISSING, day)})

    with pytest.raises(Refusal) as refused:
        accept(hall, promising(due))
    (lack,) = refused.value.missing
    assert lack.field == "material:M03" and re.search(why, lack.sentence)
    number = accept(hall, promising(date(2026, 11, 26))).case_number
    assert next(row.due_on for row in case(hall, number).materials if row.code == "M03") == date(2026, 11, 26)
