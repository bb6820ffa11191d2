"""Changes of use through the use-cases: what is refused with its figures, what becomes of account and contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from change_book import NAME, NUMBER, anew, asked, done, filed, open_works, refused, sealed, suspend, transferred
from contract_book import account, ledgered
from sqlalchemy import select

from db.contracts import Contract
from db.customers import Account, Customer
from desktop.domain.standing import CLOSED
from desktop.errors import Refusal
from desktop.usecases.acting import act
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contract_listing import contracts
from desktop.usecases.contracting import approve_template, draw_up, print_contract, register_paper
from desktop.usecases.finding import find
from desktop.usecases.indexing import check_search
from desktop.usecases.intake import accept, assess
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.reminding import snooze
from desktop.usecases.signing import archive, sign_customer, sign_ours, void
from desktop.usecases.standing import account as account_of


@pytest.fixture
def works(hall: Any) -> Any:
    """A hall with a works supplied at 10 kV with 800 kVA, under a filed contract."""
    return open_works(hall)


def test_a_suspension_of_fourteen_days_is_refused_with_its_days_and_its_basis(works: Any) -> None:
    said = refused(works, asked(works, "suspend", hold_from="2026-12-01", hold_until="2026-12-14"))
    assert "共 14 天，少于 15 天" in said
    assert "国网暂停用电告知书（2022）" in said


def test_a_suspension_of_fifteen_days_is_taken(works: Any) -> None:
    assert suspend(works, "2026-12-01", "2026-12-15")


def test_six_months_in_the_year_are_counted_over_all_cases_of_the_account(works: Any, clock: Any) -> None:
    clock.move(date(2026, 1, 5))
    sealed(works, clock, "2026-02-01", "2026-04-30")
    sealed(works, clock, "2026-06-01", "2026-07-15")
    said = refused(works, asked(works, "suspend", hold_from="2026-09-01", hold_until="2026-10-31"))
    assert "2026 年已暂停 4 个月 15 天，加本次 2 个月，累计 6 个月 15 天，超过 6 个月" in said
    assert suspend(works, "2026-09-01", "2026-10-15")  # exactly six months in all


def test_a_suspension_over_new_year_counts_in_each_year_by_its_own_part(works: Any, clock: Any) -> None:
    clock.move(date(2026, 5, 6))
    sealed(works, clock, "2026-06-01", "2026-10-31")
    said = refused(works, asked(works, "suspend", hold_from="2026-11-16", hold_until="2027-04-30"))
    assert "2026 年已暂停 5 个月，加本次 1 个月 16 天，累计 6 个月 16 天" in said
    assert suspend(works, "2026-12-01", "2027-06-30")  # one month of this year, six of the next


def test_low_voltage_is_told_to_take_down_instead_of_suspending(hall: Any) -> None:
    account(hall, NUMBER, NAME, capacity=Decimal(80), capacity_unit="kW", voltage="380V", status="在用")
    said = refused(hall, asked(hall, "suspend", usage_address="", voltage="380V"))
    assert "供电电压为 380V" in said
    assert "低压用户的暂拆这里没有这项业务" in said


def test_short_notice_is_asked_about_and_not_refused(works: Any) -> None:
    found = assess(works, asked(works, "suspend", hold_from="2026-11-26", hold_until="2026-12-31"))
    assert any("只有 3 个工作日，应提前 5 个工作日" in each.sentence for each in found.notices)
    assert not found.faults


def test_no_more_is_suspended_than_runs(works: Any) -> None:
    assert "大于停用期间的运行容量 800 kVA" in refused(works, asked(works, "suspend", hold_kva="1000"))


def test_an_account_in_arrears_or_unknown_or_with_an_open_case_is_refused(works: Any) -> None:
    assert "电费结清情况为“有欠费”" in refused(works, asked(works, "suspend", arrears="有欠费"))
    assert "没有户号为“6300000000099”" in refused(works, asked(works, "suspend", yx_account="6300000000099"))
    number = suspend(works, "2026-12-01", "2026-12-31")
    assert f"{number}（暂停）" in refused(works, asked(works, "move_meter"))


def test_a_temporary_user_may_only_be_renamed_transferred_or_closed(hall: Any) -> None:
    owner = account(hall, NUMBER, NAME, capacity=Decimal(100), capacity_unit="kVA", voltage="10kV", status="在用")
    ledgered(hall, "LS-1", owner=owner, kind="temporary", kind_word="临时")
    assert "临时用电" in refused(hall, asked(hall, "suspend", hold_kva="50"))
    assert accept(hall, asked(hall, "rename", usage_address="临时工地")).case_number


def test_sealing_lowers_the_running_capacity_and_unsealing_gives_it_back(works: Any, clock: Any) -> None:
    number = sealed(works, clock, "2026-12-01", "2027-02-28")
    stands = account_of(works, NUMBER)
    assert (stands.contract_capacity, stands.running_capacity) == ("800 kVA", "400 kVA")
    listed, = contracts(works).rows
    assert listed.capacity == contract(works, "GY-1").row.capacity == "800 kVA（运行 400 kVA）"
    assert case(works, number).capacity == "800 kVA（运行 400 kVA）"
    assert "大于暂停中的 400 kVA" in refused(works, asked(works, "resume", restore_kva="500", restore_on="2026-12-20"))
    back = accept(works, asked(works, "resume", restore_kva="400", restore_on="2026-12-20")).case_number
    clock.move(date(2026, 12, 20))
    done(works, back, "S19")
    assert account_of(works, NUMBER).running_capacity == case(works, back).capacity == "800 kVA"
    hold, = account_of(works, NUMBER).standing.holds
    assert (hold.case, hold.restored_on) == (number, date(2026, 12, 20))
    filed(works, back)


def test_a_suspension_that_ends_soon_is_reminded_of_with_the_sum_of_its_year(works: Any, clock: Any) -> None:
    clock.move(date(2026, 1, 5))
    sealed(works, clock, "2026-02-02", "2026-04-30")
    number = sealed(works, clock, "2026-06-01", "2026-08-31")
    clock.move(date(2026, 8, 20))
    assert of_holds(works)[-1:] == []  # eleven days before
    clock.move(date(2026, 8, 22))
    view = of_holds(works)[-1]
    assert (view.number, view.due_on, view.days_left) == (number, date(2026, 8, 31), 9)
    assert "2026 年累计 5 个月 29 天，上限 6 个月" in view.detail
    clock.move(date(2026, 9, 2))
    assert "已期满，还没有办理恢复" in of_holds(works)[-1].detail
    snooze(works, "工单", number, date(2026, 9, 10))
    assert number not in [view.number for view in of_holds(works)]


def of_holds(desk: Any) -> list[Any]:
    found = [view for view in reminders(desk) if view.kind == "停用到期"]
    return [view for view in found if view.due_on.month == 8]


def test_a_part_of_what_rests_can_be_restored(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-02-28")
    back = accept(works, asked(works, "resume", restore_kva="150", restore_on="2026-12-20")).case_number
    clock.move(date(2026, 12, 20))
    done(works, back, "S19")
    assert account_of(works, NUMBER).running_capacity == "550 kVA"


def test_a_suspension_lapses_with_its_term_and_a_reduction_goes_on_until_it_is_restored(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2026-12-31")
    clock.move(date(2027, 1, 1))
    assert account_of(works, NUMBER).running_capacity == "800 kVA"
    number = accept(works, asked(works, "reduce", hold_from="2027-01-11", hold_until="2027-03-31", hold_kva="300",
                                 reduction="非永久性")).case_number
    clock.move(date(2027, 1, 11))
    done(works, number, "S18")
    filed(works, number)
    clock.move(date(2027, 5, 1))
    assert account_of(works, NUMBER).running_capacity == "500 kVA"


def test_nothing_is_restored_where_nothing_rests(works: Any) -> None:
    assert "没有暂停中的容量" in refused(works, asked(works, "resume"))


@pytest.mark.parametrize(("first", "last", "told"), [
    ("2026-12-01", "2026-12-10", "共 10 天"), ("2026-12-01", "2029-01-31", "26 个月"),
    ("2026-12-01", "", "请填写停用截止日期")])
def test_a_reduction_lasts_fifteen_days_to_two_years(works: Any, first: str, last: str, told: str) -> None:
    assert told in refused(works, asked(works, "reduce", hold_from=first, hold_until=last, reduction="非永久性"))


def test_a_reduction_of_more_than_two_years_is_no_longer_restored(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "reduce", hold_from="2026-12-01", hold_until="2028-11-30", hold_kva="300",
                                 reduction="非永久性")).case_number
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    filed(works, number)
    clock.move(date(2028, 12, 20))
    said = refused(works, asked(works, "restore", restore_kva="300", restore_on="2028-12-29"))
    assert "请按新装或增容办理" in said
    assert "2026-12-01" in said


def test_sealing_is_recorded_on_its_day_and_within_the_span_asked_for(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    with pytest.raises(Refusal, match="加封日期 2026-12-01 晚于今天"):
        done(works, number, "S18", sealed_on="2026-12-01")
    clock.move(date(2027, 1, 4))
    with pytest.raises(Refusal, match="已过停用截止日期"):
        done(works, number, "S18")
    assert account_of(works, NUMBER).standing.holds == ()


def test_a_change_is_not_filed_before_its_confirmation_is_made_and_signed(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    assert any("请先生成并打印变更文书（确认单）" in lack.sentence for lack in case(works, number).missing_next)
    with pytest.raises(Refusal, match="确认单"):
        done(works, number, "S21")
    make_change_paper(works, number)
    done(works, number, "S21")
    done(works, number, "S15", yx_account=NUMBER)
    with works.db.read() as session:
        kept = session.scalars(select(Contract)).one()
        assert kept.active


def test_a_renamed_customer_has_the_new_name_and_a_supplement(works: Any) -> None:
    number = accept(works, asked(works, "rename", new_name="示例县兴旺绿色建材有限公司")).case_number
    filed(works, number)
    with works.db.read() as session:
        assert session.scalars(select(Customer.name)).one() == "示例县兴旺绿色建材有限公司"
    assert "supplemented" in [entry.what for entry in contract(works, "GY-1").log]
    assert [hit.title for hit in find(works, "绿色建材")] == ["示例县兴旺绿色建材有限公司"]
    (by_old_name,) = [hit for hit in find(works, NAME) if hit.kind == "客户"]
    assert by_old_name.title == "示例县兴旺绿色建材有限公司" and f"曾用名 {NAME}" in by_old_name.detail
    assert "曾用名" not in find(works, "绿色建材")[0].detail
    assert check_search(works).wrong == 0


def test_a_class_is_changed_with_a_supplement(works: Any) -> None:
    number = accept(works, asked(works, "reclassify", new_nature="农业生产", new_price_class="农业生产")).case_number
    done(works, number, "S03")
    done(works, number, "S23")
    filed(works, number)
    assert account_of(works, NUMBER).standing.known["price_class"] == "农业生产"
    assert "电价类别已是“农业生产”" in refused(works, asked(works, "reclassify", new_price_class="农业生产"))


def test_a_meter_is_moved_with_a_supplement(works: Any) -> None:
    number = accept(works, asked(works, "move_meter")).case_number
    done(works, number, "S03")
    done(works, number, "S22")
    filed(works, number)
    assert account_of(works, NUMBER).standing.known["metering_point"] == "用户围墙外新建计量箱"


def test_closing_ends_the_contract_with_its_settlement_and_closes_the_account(works: Any) -> None:
    number = accept(works, asked(works, "close")).case_number
    done(works, number, "S20")
    done(works, number, "S17")
    filed(works, number)
    with works.db.read() as session:
        assert session.scalars(select(Account.status)).one() == CLOSED
        kept = session.scalars(select(Contract)).one()
    assert not kept.active
    ended = next(entry for entry in contract(works, "GY-1").log if entry.what == "terminated")
    assert ended.facts["settlement"]["settled_by"]
    assert "现为“已销户”" in refused(works, asked(works, "rename"))


def test_a_bill_is_not_settled_before_the_meter_was_read_for_the_last_time(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "close")).case_number
    clock.move(date(2026, 11, 25))
    done(works, number, "S20")
    with pytest.raises(Refusal, match="电费结清日期 2026-11-24 早于拆表日期 2026-11-25"):
        done(works, number, "S17", settled_on="2026-11-24")
    done(works, number, "S17")


@pytest.mark.parametrize(("name", "said", "told"), [
    ("customer_name", "示例县另一家公司", "户名与这一户的档案不一致"), ("usage_address", "别处 1 号", "迁址另行办理")])
def test_more_capacity_is_for_the_accounts_own_customer_at_its_own_place(
        works: Any, name: str, said: str, told: str) -> None:
    assert told in refused(works, asked(works, "high_voltage_more", capacity_kva="1200", **{name: said}))


def test_what_is_done_again_after_it_was_sent_back_counts_once(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 2))
    done(works, number, "S18", sealed_on="2026-12-01")
    make_change_paper(works, number)
    done(works, number, "S21")
    record(works, number, "S15", "sent_back", {"to": "S18", "reason": "加封日期写错"})
    done(works, number, "S18", sealed_on="2026-12-02", day_reason="客户推迟一天停产")
    hold, = account_of(works, NUMBER).standing.holds
    assert hold.since == date(2026, 12, 2)


def test_more_capacity_is_asked_for_as_the_sum_and_signed_anew(works: Any, clock: Any) -> None:
    said = refused(works, asked(works, "high_voltage_more", capacity_kva="630"))
    assert "申请容量 630 kVA 不大于现在的合同容量 800 kVA" in said


@pytest.mark.parametrize("kind", ["resident_more", "low_voltage_more", "high_voltage_more", "high_voltage_more_dual"])
def test_a_bigger_supply_asks_for_the_bill_and_the_identity_as_every_change_does(works: Any, kind: str) -> None:
    given = asked(works, kind, **dict.fromkeys(("arrears", "arrears_by", "arrears_on", "identity_check"), ""))
    said = refused(works, given)
    assert all(label in said for label in ("电费结清情况", "电费核查人", "电费核查日期", "实名核验方式"))
    assert "请先结清电费或达成清偿协议，再办理增容" in refused(works, asked(works, kind, arrears="有欠费"))
    assert "电费核查日期 2026-12-01 晚于申请日期" in refused(works, asked(works, kind, arrears_on="2026-12-01"))
    about_arrears = [rule for rule in works.catalog.processes[kind].rules if "arrears" in str(rule.settings)]
    assert len(about_arrears) == 3
    assert all("增容比照变更用电" in rule.basis.text and not rule.basis.verified for rule in about_arrears)


def test_a_permanent_reduction_is_signed_anew_for_what_is_left(works: Any, clock: Any) -> None:
    reduced = {"reduction": "永久性", "hold_kva": "300", "hold_from": "2026-12-01", "hold_until": ""}
    assert "请填写减容后的受电变压器" in refused(works, asked(works, "reduce", **reduced, transformers=[]))
    left = [{"point": "1#配电室", "model": "SCB14-500/10", "count": "1", "kva": "500", "state": "运行"}]
    number = accept(works, asked(works, "reduce", **reduced, transformers=left)).case_number
    with pytest.raises(Refusal, match="重签供用电合同"):
        make_change_paper(works, number)
    key = anew(works, number, "才让多杰", legal_person="才让多杰")
    assert contract(works, key).row.capacity == "500 kVA"
    assert not contract(works, "GY-1").row.active
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    assert account_of(works, NUMBER).contract_capacity == account_of(works, NUMBER).running_capacity == "500 kVA"
    with pytest.raises(Refusal, match="还没有归档"):
        done(works, number, "S15", yx_account=NUMBER)
    archive(works, key, "H-012", 2)
    done(works, number, "S15", yx_account=NUMBER)


def test_what_is_left_of_a_permanent_reduction_is_told_at_the_counter_and_not_first_at_the_contract(works: Any) -> None:
    reduced = {"reduction": "永久性", "hold_kva": "300", "hold_from": "2026-12-01", "hold_until": ""}
    left = [{"point": "1#配电室", "model": "SCB14-630/10", "count": "1", "kva": "630", "state": "运行"}]
    said = refused(works, asked(works, "reduce", **reduced, transformers=left))
    assert "合计 630 kVA，与合同容量 800 kVA 减去停用的 300 kVA 余下的 500 kVA 不一致" in said
    right = [{**left[0], "model": "SCB14-250/10", "count": "2", "kva": "250"}]
    assert "法定地址" in refused(works, asked(works, "reduce", **reduced, transformers=right, customer_address=""))
    assert accept(works, asked(works, "reduce", **reduced, transformers=right)).case_number


def test_the_address_on_file_need_not_be_said_again_for_a_reduction(works: Any) -> None:
    with act(works, "moved") as doing:
        doing.session.scalars(select(Customer)).one().address = "示例县恰卜恰镇绿洲南路 16 号"
    reduced = {"reduction": "永久性", "hold_kva": "300", "hold_from": "2026-12-01", "hold_until": "",
               "transformers": [{"count": "1", "kva": "500"}]}
    assert accept(works, asked(works, "reduce", **reduced, customer_address="")).case_number


def test_the_new_customer_of_a_transfer_says_where_he_lives(works: Any) -> None:
    said = refused(works, asked(works, "transfer", customer_name="示例县新兴建材厂", customer_address=""))
    assert "法定（通讯）地址" in said and "民法典第四百七十条" in said


def test_more_capacity_at_low_voltage_from_the_account_to_a_contract_that_follows_the_old_one(hall: Any) -> None:
    owner = account(hall, NUMBER, NAME, address="共和县绿洲南路 16 号", capacity=Decimal(80), capacity_unit="kW",
                    voltage="380V", usage_nature="工商业", status="在用")
    ledgered(hall, "DY-1", owner=owner, ends_on=date(2029, 11, 30))
    more = {"voltage": "380V", "wanted_on": ""}
    assert "不大于现在的合同容量 80 kW" in refused(hall, asked(hall, "low_voltage_more", capacity_kw="80", **more))
    number = accept(hall, asked(hall, "low_voltage_more", capacity_kw="120", **more)).case_number
    done(hall, number, "S04", scheme_capacity_kw="120", customer_works="无", voltage="380V", ct_ratio="250/5",
         multiplier="50", backup_source="", backup_capacity_kw="", own_generator="", own_generator_kw="",
         own_interlock="", emergency_load_kw="", meters=[], loads=[])
    done(hall, number, "S11", inspection_result="合格", inspection_defects="")
    approve_template(hall, "low_voltage", "示范法务", hall.today)
    key = draw_up(hall, number).row.key
    print_contract(hall, key)
    sign_customer(hall, key, {"signer": "才让多杰", "capacity": "法定代表人", "copies": "2"}, hall.today)
    sign_ours(hall, key, {"signer": "示范甲", "capacity": "负责人"}, hall.today)
    assert (contract(hall, key).row.capacity, contract(hall, key).predecessor) == ("120 kW", "DY-1")
    for stage in ("S13", "S14"):
        done(hall, number, stage)
    assert account_of(hall, NUMBER).contract_capacity == "120 kW"
    archive(hall, key, "H-012", 2)
    done(hall, number, "S15", yx_account=NUMBER)
    assert not contract(hall, "DY-1").row.active


def test_a_transfer_ends_the_old_contract_with_its_settlement_and_signs_a_new_one(works: Any, clock: Any) -> None:
    new = {"customer_name": "示例县新兴建材厂", "customer_id": "91632521MA00000B7C", "legal_person": "示范丁",
           "customer_phone": "13900001111"}
    number = accept(works, asked(works, "transfer", **new)).case_number
    done(works, number, "S17")
    with pytest.raises(Refusal, match="供用电合同"):
        done(works, number, "S15", yx_account=NUMBER)
    key = transferred(works, number)
    with works.db.read() as session:
        owner = session.scalars(select(Customer.name).join(Account, Account.customer_id == Customer.id)).one()
        assert owner == "示例县新兴建材厂"
    old = contract(works, "GY-1")
    assert (old.row.active, old.successor) == (False, key)
    ended = next(entry for entry in old.log if entry.what == "terminated")
    assert ended.facts["settlement"]["settled_by"] == "李建军"
    assert contract(works, key).answers["customer_name"] == "示例县新兴建材厂"
    (theirs,) = [hit for hit in find(works, NAME) if hit.kind == "户号"]
    assert (theirs.number, theirs.title) == (NUMBER, "示例县新兴建材厂") and f"原户名 {NAME}，已过户" in theirs.detail
    archive(works, key, "H-012", 2)
    done(works, number, "S15", yx_account=NUMBER)
    assert case(works, number).row.status == "已归档"


def test_a_void_new_contract_gives_the_account_back_until_another_is_signed(works: Any) -> None:
    new = {"customer_name": "示例县新兴建材厂", "customer_id": "91632521MA00000B7C", "legal_person": "示范丁"}
    number = accept(works, asked(works, "transfer", **new)).case_number
    done(works, number, "S17")
    void(works, transferred(works, number), "签署人写错")
    assert account_of(works, NUMBER).customer == NAME
    assert not [hit for hit in find(works, NAME) if "已过户" in hit.detail]
    assert contract(works, "GY-1").row.active
    transferred(works, number)
    assert account_of(works, NUMBER).customer == "示例县新兴建材厂"


def test_a_residents_account_is_transferred_on_the_companys_own_paper(hall: Any) -> None:
    owner = account(hall, NUMBER, NAME, address="共和县绿洲南路 16 号", capacity=Decimal(8), capacity_unit="kW",
                    voltage="220V", usage_nature="居民生活", status="在用")
    ledgered(hall, "JM-1", owner=owner, kind="resident", kind_word="居民", capacity=Decimal(8))
    new = {"customer_name": "示范戊", "customer_id_kind": "身份证", "customer_id": "11010519491231002X",
           "usage_nature": "居民生活", "voltage": "220V"}
    number = accept(hall, asked(hall, "transfer", **new)).case_number
    done(hall, number, "S17")
    with pytest.raises(Refusal, match="文本尚未入库"):
        draw_up(hall, number)
    with pytest.raises(Refusal, match="请填写合同签订日期"):
        register_paper(hall, number, {"contract_number": "JM-2"})
    kept = register_paper(hall, number, {"contract_signed_on": str(hall.today), "contract_number": "JM-2"})
    assert (kept.row.capacity, kept.predecessor, kept.row.customer) == ("8 kW", "JM-1", "示范戊")
    assert (account_of(hall, NUMBER).customer, contract(hall, "JM-1").row.active) == ("示范戊", False)
    assert "terminated" in [entry.what for entry in contract(hall, "JM-1").log]
    done(hall, number, "S15", yx_account=NUMBER)


def test_a_contract_whose_text_is_here_is_not_registered_on_paper(works: Any) -> None:
    new = {"customer_name": "示例县新兴建材厂", "customer_id": "91632521MA00000B7C"}
    number = accept(works, asked(works, "transfer", **new)).case_number
    done(works, number, "S17")
    with pytest.raises(Refusal, match="的文本在本程序里"):
        register_paper(works, number, {"contract_signed_on": str(works.today)})


def test_the_new_contract_of_a_transfer_waits_for_the_settled_bill_and_says_so(works: Any) -> None:
    new = {"customer_name": "示例县新兴建材厂", "customer_id": "91632521MA00000B7C"}
    number = accept(works, asked(works, "transfer", **new)).case_number
    with pytest.raises(Refusal) as no:
        draw_up(works, number)
    assert [lack.sentence for lack in no.value.missing] == ["电费结清核查尚未完成，不能登记供用电合同"]
    assert case(works, number).contract_number is None


def test_a_stage_that_is_not_open_says_what_it_waits_for_and_not_what_its_form_lacks(works: Any) -> None:
    number = accept(works, asked(works, "close")).case_number
    with pytest.raises(Refusal) as no:
        record(works, number, "S21", "done", {})
    assert [lack.sentence for lack in no.value.missing] == ["电费结清核查尚未完成，不能登记变更文书签署"]


def test_what_the_form_and_the_rules_lack_of_a_stage_is_told_at_once(works: Any) -> None:
    number = accept(works, asked(works, "rename")).case_number
    with pytest.raises(Refusal) as no:
        record(works, number, "S21", "done", {})
    told = [lack.sentence for lack in no.value.missing]
    assert any("必填内容" in each for each in told) and any("请先生成并打印变更文书" in each for each in told)
