"""Which papers are needed, which are missing, and in which way an application can be taken without them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.material import Demand, Mark, MissingPaper, Way, missing, needed, ways

CATALOG = load_catalog()
PAPERS = CATALOG.processes["low_voltage_new"].materials
COMPANY = {"customer_id_kind": "营业执照"}
PERSON = {"customer_id_kind": "身份证"}
DAY = date(2026, 11, 23)
ALL = {paper.code: Mark.RECEIVED for paper in PAPERS}


def codes(answers: dict[str, str]) -> dict[str, str]:
    return {paper.code: str(paper.demand) for paper in needed(PAPERS, answers)}


def lacking(marks: dict[str, str], way: Way, answers: dict[str, str] = COMPANY) -> tuple[MissingPaper, ...]:
    return missing(PAPERS, answers, marks, way, DAY, CATALOG.calendar)


def test_a_company_brings_four_papers_a_person_three() -> None:
    assert codes(COMPANY) == {"M01": "必备", "M02": "必备", "M03": "容缺", "M04": "容缺", "M06": "容缺"}
    assert codes(PERSON) == {"M01": "必备", "M02": "必备", "M03": "容缺", "M06": "容缺"}


def test_an_agent_must_bring_his_authority() -> None:
    assert codes({**PERSON, "agent_name": "示范乙"})["M05"] == "必备"


def test_bank_papers_are_asked_only_of_who_pays_by_bank() -> None:
    assert codes({**PERSON, "bank_account": "6300"})["M07"] == "容缺"
    assert "M07" not in codes(PERSON)


def test_what_is_not_needed_is_listed_but_never_asked() -> None:
    unneeded = {paper.code for paper in PAPERS if paper.demand is Demand.NOT_NEEDED}
    assert unneeded
    assert not unneeded & set(codes({**COMPANY, "agent_name": "示范乙", "bank_account": "1"}))


def test_with_all_papers_the_application_is_taken_as_usual() -> None:
    assert ways(PAPERS, COMPANY, ALL) == (Way.NORMAL,)
    assert lacking(ALL, Way.NORMAL) == ()


def test_a_missing_paper_that_may_follow_can_be_promised() -> None:
    marks = {**ALL, "M03": Mark.MISSING}
    assert ways(PAPERS, COMPANY, marks) == (Way.MAY_FOLLOW, Way.ONE_PAPER, Way.REFUSED)
    found = lacking(marks, Way.MAY_FOLLOW)
    assert [(m.material.code, m.due, m.blocks) for m in found] == [("M03", date(2026, 11, 30), False)]
    assert found[0].sentence == "待补产权（用地）证明：由用电人或产权人于 2026-11-30 前补交"


def test_the_same_paper_blocks_the_usual_way_and_the_sentence_says_who_brings_it() -> None:
    found = lacking({**ALL, "M03": Mark.MISSING}, Way.NORMAL)
    assert [(m.blocks, m.due) for m in found] == [(True, None)]
    assert found[0].sentence == "缺产权（用地）证明：由用电人或产权人提供，收到后受理；或容缺受理，5 个工作日内补交"
    must, = lacking({**ALL, "M01": Mark.MISSING}, Way.NORMAL)
    assert must.sentence.endswith("，收到后方可受理")


def test_no_promise_without_the_signed_paper() -> None:
    marks = {**ALL, "M03": Mark.MISSING, "M08": Mark.MISSING}
    blocking = [m for m in lacking(marks, Way.MAY_FOLLOW) if m.blocks]
    assert [m.material.code for m in blocking] == ["M08"]
    assert "须先签客户承诺书" in blocking[0].sentence


def test_a_required_paper_cannot_follow_but_one_paper_is_enough_for_yi_zheng_shou_li() -> None:
    marks = {**ALL, "M02": Mark.MISSING}
    assert ways(PAPERS, COMPANY, marks) == (Way.ONE_PAPER, Way.REFUSED)
    assert [m.material.code for m in lacking(marks, Way.MAY_FOLLOW) if m.blocks] == ["M02"]
    only_identity = {"M01": Mark.RECEIVED, "M08": Mark.RECEIVED}
    assert not any(m.blocks for m in lacking(only_identity, Way.ONE_PAPER))


def test_without_identity_there_is_no_way_at_all() -> None:
    assert ways(PAPERS, COMPANY, {**ALL, "M01": Mark.MISSING}) == (Way.REFUSED,)
    assert any(m.blocks for m in lacking({"M08": Mark.RECEIVED}, Way.ONE_PAPER))


def test_what_is_shared_by_other_offices_counts_as_there() -> None:
    assert ways(PAPERS, COMPANY, {**ALL, "M03": Mark.SHARED}) == (Way.NORMAL,)


answer_sets = st.fixed_dictionaries(
    {"customer_id_kind": st.sampled_from(["营业执照", "身份证", ""])},
    optional={"agent_name": st.sampled_from(["", "示范乙"]), "bank_account": st.sampled_from(["", "63"])})
mark_sets = st.dictionaries(st.sampled_from([paper.code for paper in PAPERS]), st.sampled_from(list(Mark)))


@given(answer_sets, mark_sets, st.sampled_from([Way.NORMAL, Way.MAY_FOLLOW, Way.ONE_PAPER]))
def test_with_the_promise_signed_the_ways_offered_are_those_that_nothing_blocks(
    answers: dict[str, str], marks: dict[str, str], way: Way
) -> None:
    signed = {**marks, "M08": Mark.RECEIVED}
    offered = ways(PAPERS, answers, signed)
    blocked = any(m.blocks for m in lacking(signed, way, answers))
    if offered == (Way.NORMAL,):  # nothing is missing: no other way need be offered
        assert not blocked
    else:
        assert blocked == (way not in offered)


@pytest.mark.parametrize("way", list(Way))
def test_each_missing_paper_is_named_once(way: Way) -> None:
    found = [m.material.code for m in lacking({}, way)]
    assert len(found) == len(set(found))


def test_under_one_paper_a_required_paper_gets_a_term_too() -> None:
    found = {m.material.code: m.due for m in missing(
        PAPERS, COMPANY, {"M01": Mark.RECEIVED, "M08": Mark.RECEIVED}, Way.ONE_PAPER, DAY, CATALOG.calendar, 5)}
    assert found["M02"] == found["M03"] == date(2026, 11, 30)


def test_an_agent_without_authority_cannot_promise_for_another() -> None:
    only_identity = {"M01": Mark.RECEIVED, "M08": Mark.RECEIVED}
    agent = {**PERSON, "agent_name": "示范乙"}
    assert [m.material.code for m in lacking(only_identity, Way.ONE_PAPER, agent) if m.blocks] == ["M05"]
    assert ways(PAPERS, agent, only_identity) == (Way.REFUSED,)
