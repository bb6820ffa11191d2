"""Acceptance: what the counter takes, what it refuses, and what the customer is promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from db.cases import Case, CaseMaterial
from db.customers import Account, Customer
from db.entries import Entry
from desktop.domain.material import Way
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.desk import Desk
from desktop.usecases.drafting import Fit, drafts, drop_draft, fit, save_draft
from desktop.usecases.finding import find
from desktop.usecases.intake import accept, assess, decline
from desktop.usecases.papering import paper_bytes
from printing.raster import page_count, page_text
from tests.trade import accepted_case, application, high_case


def count(desk: Desk, table: type) -> int:
    with desk.db.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_accepted_application_gets_the_days_number_and_its_promised_dates(hall: Desk) -> None:
    taken = accepted_case(hall)
    assert taken.case_number == "YK202611230001"
    assert [p.due for p in taken.promises] == [date(2026, 11, 24), date(2026, 11, 27), date(2026, 12, 1)]
    assert [p.days for p in taken.promises] == [1, 3, 2]
    assert {p.note for p in taken.promises} == {"不含客户环节"}
    assert accepted_case(hall, customer_name="另一户").case_number == "YK202611230002"


def test_the_receipt_is_printed_there_and_then(hall: Desk) -> None:
    taken = accepted_case(hall)
    assert [paper.kind for paper in taken.papers] == ["receipt"]
    assert paper_bytes(hall, taken.papers[0].id).startswith(b"%PDF")


def test_customer_account_case_papers_and_log_are_written_together(hall: Desk) -> None:
    accepted_case(hall)
    assert [count(hall, table) for table in (Customer, Account, Case)] == [1, 1, 1]
    assert count(hall, CaseMaterial) > 3
    with hall.db.read() as session:
        entry = session.scalars(select(Entry).where(Entry.subject == "case")).one()
        assert (entry.what, entry.claimed_on, entry.clerk_id) == ("accepted", hall.today, hall.clerk.id)


def test_nothing_is_written_when_something_is_missing(hall: Desk) -> None:
    with pytest.raises(Refusal) as no:
        accept(hall, application(hall, customer_name="", usage_address=""))
    assert {missing.field for missing in no.value.missing} == {"customer_name", "usage_address"}
    assert count(hall, Customer) == count(hall, Case) == 0


def test_a_wrong_id_is_refused_beside_its_field(hall: Desk) -> None:
    with pytest.raises(Refusal) as no:
        accept(hall, application(hall, customer_id_kind="身份证", customer_id="110105194912310021"))
    assert [missing.field for missing in no.value.missing] == ["customer_id"]


def test_pressing_accept_twice_makes_one_case(hall: Desk) -> None:
    first = accept(hall, application(hall), request_id="one-press")
    again = accept(hall, application(hall), request_id="one-press")
    assert again.case_number == first.case_number
    assert count(hall, Case) == 1


def test_a_customer_who_comes_again_is_the_same_customer(hall: Desk) -> None:
    accepted_case(hall)
    accepted_case(hall, usage_address="共和县恰卜恰镇城北新区 3 号", customer_phone="13997000009")
    assert count(hall, Customer) == 1
    assert count(hall, Account) == 2
    assert [hit.kind for hit in find(hall, "0009")] == ["客户"]


def test_without_a_paper_that_may_follow_the_case_is_taken_against_a_promise(hall: Desk) -> None:
    whole = application(hall)
    code = next(m.code for m in assess(hall, whole).materials if m.demand == "容缺")
    with pytest.raises(Refusal):
        accept(hall, application(hall, lacking=(code,)))
    taken = accept(hall, application(hall, lacking=(code,), way=Way.MAY_FOLLOW))
    assert sorted(paper.kind for paper in taken.papers) == ["notice", "promise", "receipt"]
    awaited = [m for m in case(hall, taken.case_number).materials if m.open]
    assert [(m.code, m.due_on is not None) for m in awaited] == [(code, True)]


def test_with_the_identity_alone_the_case_is_taken_against_a_promise(hall: Desk) -> None:
    papers = assess(hall, application(hall)).materials
    identity = next(m.code for m in papers if m.demand == "必备")
    others = tuple(m.code for m in papers if m.code not in (identity, "M05") and m.demand in ("必备", "容缺"))
    found = assess(hall, application(hall, lacking=others))
    assert Way.ONE_PAPER in found.ways and Way.NORMAL not in found.ways
    taken = accept(hall, application(hall, lacking=others, way=Way.ONE_PAPER))
    assert "notice" in {paper.kind for paper in taken.papers}
    with pytest.raises(Refusal):
        accept(hall, application(hall, lacking=(identity, *others), way=Way.ONE_PAPER))


def test_an_application_that_cannot_be_taken_is_declined_with_a_notice(hall: Desk) -> None:
    identity = next(m.code for m in assess(hall, application(hall)).materials if m.demand == "必备")
    refused = decline(hall, application(hall, lacking=(identity,)), "未带主体证明")
    assert {paper.kind for paper in refused.papers} == {"notice"}
    seen = case(hall, refused.case_number)
    assert (seen.state.status, seen.state.ended_reason) == ("已终止", "不予受理")


def test_what_no_paper_can_print_is_told_before_anything_is_kept(hall: Desk) -> None:
    with pytest.raises(Refusal, match=r"“户名”中有表情符号.*印不出来"):
        accepted_case(hall, customer_name="示例😀商店")
    with pytest.raises(Refusal, match="不受理的原因里有表情符号"):
        decline(hall, application(hall), "资料不全 🙏")
    assert count(hall, Case) == 0
    assert accepted_case(hall, customer_name="示例𠮷商店").case_number  # rare, and in the faces


def test_an_application_dated_tomorrow_is_refused(hall: Desk) -> None:
    with pytest.raises(Refusal) as no:
        accept(hall, replace(application(hall), applied_on=date(2026, 11, 24)))
    assert no.value.field == "applied_on"


def test_an_application_of_last_friday_counts_from_last_friday(hall: Desk) -> None:
    taken = accept(hall, application(hall, applied_on=date(2026, 11, 20)))
    assert taken.promises[-1].due == date(2026, 11, 30)


def test_where_no_calendar_reaches_the_promise_is_refused_in_words(hall: Desk, clock) -> None:
    clock.move(date(2030, 12, 30))
    with pytest.raises(Refusal, match="2031"):
        assess(hall, application(hall))


def test_a_name_that_no_font_can_print_is_kept_and_the_paper_told_of(hall: Desk) -> None:
    taken = accept(hall, application(hall, customer_name="\U0002fa1d氏商行"))
    assert "U+2FA1D" in taken.paper_trouble
    assert case(hall, taken.case_number).row.customer == "\U0002fa1d氏商行"


def test_without_a_clerk_nothing_is_taken(hall: Desk) -> None:
    with pytest.raises(Refusal, match="经办人"):
        accept(hall.served_by(None), application(hall))


def test_a_draft_of_a_kind_that_is_gone_or_of_other_rules_says_what_no_longer_fits_and_keeps_all(hall: Desk) -> None:
    kept = {"kind": "low_voltage_new", "release": hall.catalog.release, "answers": {"customer_name": "扎西"}}
    assert fit(hall, kept) == Fit("low_voltage_new", {})
    gone = fit(hall, {**kept, "kind": "no_more", "kind_name": "热力新装", "answers": {
        "customer_name": "扎西", "capacity_kva": "630"}, "aside": {"hold_kva": "100"}})
    assert gone.kind == hall.catalog.first_kind and gone.aside == {"capacity_kva": "630", "hold_kva": "100"}
    assert "“热力新装”现在不再受理" in gone.told and "申请容量" in gone.told
    other = fit(hall, {**kept, "release": "2025.01", "answers": {
        "customer_name": "扎西", "customer_phone": "12", "never_known": "x"}})
    assert "按规则目录 2025.01 填的" in other.told and "never_known" in other.told and "不合现在填法" in other.told
    assert other.aside == {"never_known": "x"}


def test_a_draft_comes_back_as_it_was_typed(hall: Desk) -> None:
    save_draft(hall, "d1", "intake", {"answers": {"customer_name": "扎西·顿珠"}})
    save_draft(hall, "d1", "intake", {"answers": {"customer_name": "扎西·顿珠", "capacity_kw": "30"}})
    (kept,) = drafts(hall, "intake")
    assert kept.content["answers"] == {"customer_name": "扎西·顿珠", "capacity_kw": "30"}
    drop_draft(hall, "d1")
    assert drafts(hall, "intake") == ()


@pytest.mark.parametrize("said", ["扎西", "扎西•顿珠", "扎西．顿珠", "顿珠", "zx", "zxdz", "9012", "13997009012"])
def test_a_customer_is_found_by_what_he_says(hall: Desk, said: str) -> None:
    accepted_case(hall, customer_name="扎西·顿珠", customer_phone="13997009012")
    assert [hit.title for hit in find(hall, said) if hit.kind == "客户"] == ["扎西·顿珠"]


def test_a_case_is_found_by_each_of_its_numbers(hall: Desk) -> None:
    taken = accepted_case(hall, yx_application="261123000001")
    for said in (taken.case_number, "261123000001", taken.case_number.lower()):
        assert (find(hall, said)[0].kind, find(hall, said)[0].number) == ("工单", taken.case_number)


def test_search_never_shows_a_whole_phone_or_id(hall: Desk) -> None:
    accepted_case(hall, customer_name="扎西·顿珠", customer_phone="13997009012")
    assert all("13997009012" not in hit.detail for hit in find(hall, "扎西"))


def test_a_receipt_with_every_paper_and_long_names_fits_one_page(hall: Desk) -> None:
    taken = accepted_case(
        hall, customer_name="演练州演练县恰措镇草原生态畜牧业专业合作社联合社第一分社",
        usage_address="青海省演练州演练县恰措镇青海湖南大街延长线东侧绿洲小区临街商铺一层一百二十三号附一号")
    (receipt,) = taken.papers
    assert page_count(paper_bytes(hall, receipt.id)) == 1


def test_a_sum_that_more_stages_may_join_has_no_date_that_is_not_its_own(hall: Desk) -> None:
    view = case(hall, high_case(hall))
    total = view.process.total
    assert sum(each["days"] for each in view.promises) < total.days  # design review and mid inspection may come
    receipt = next(paper for paper in view.papers if paper.kind == "receipt")
    told = "".join("".join(page_text(paper_bytes(hall, receipt.id))).split())
    assert f"{total.label}最多{total.days}按实际经过的环节" in told


def test_a_paper_that_a_later_stage_asks_for_says_on_the_receipt_before_which(hall: Desk) -> None:
    view = case(hall, high_case(hall))
    receipt = next(paper for paper in view.papers if paper.kind == "receipt")
    told = "".join("".join(page_text(paper_bytes(hall, receipt.id))).split())
    later = [row for row in view.materials if row.stage]
    assert later
    for row in later:
        assert f"{row.name}{row.state}{view.process.stage(row.stage).name}前" in told


def test_a_promise_whose_basis_nobody_checked_says_so_on_the_receipt(hall: Desk) -> None:
    done = accepted_case(hall)
    unsure = [each.label for each in done.promises if each.mark == "待核验"]
    assert unsure
    receipt = next(paper for paper in case(hall, done.case_number).papers if paper.kind == "receipt")
    told = "".join("".join(page_text(paper_bytes(hall, receipt.id))).split())
    assert f"所列时限中，{'、'.join(unsure)}的依据待核验。" in told
