"""A case goes to its file by the rules it began under, whatever release comes meanwhile; a new one goes by the new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from test_kinds import advance, begun, finish
from test_releases import again, hall_on, release  # noqa: F401
from trade import colleague

from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER
from desktop.domain.case import Status
from desktop.domain.scheme import later
from desktop.domain.specimen import stage_specimen
from desktop.errors import Refusal
from desktop.usecases.answering import story
from desktop.usecases.approving import agree, submit_scheme
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.cataloguing import import_release
from desktop.usecases.charging import charge, fees, set_tariff
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contracting import approve_template
from desktop.usecases.inspecting import inspection_kinds
from desktop.usecases.papering import paper_bytes
from desktop.usecases.placing import Asked, count
from desktop.usecases.safekeeping import back_up, open_desk, restore
from desktop.usecases.scheme_papers import make_reply, make_survey_sheet
from desktop.usecases.surveying import checklist_of
from desktop.usecases.telling import progress
from desktop.usecases.timing import days_of
from desktop.usecases.weighing import weigh
from printing.raster import page_text

KIND = "high_voltage_dual"
EVENING = datetime(2026, 11, 23, 18, 30)
NEXT_EVENING = datetime(2026, 12, 1, 18, 30)
# what the second release says otherwise: (file, as it was, as it will be)
CHANGES = (
    ("schemes.toml", 'id = "high"\nmonths = 12', 'id = "high"\nmonths = 6'),
    ("schemes.toml", 'value = "315"\nunit = "kVA"\nbasis = "10 千伏高',
     'value = "1000"\nunit = "kVA"\nbasis = "10 千伏高'),
    ("surveys.toml", "就近线路、变电站有可开放容量（线路和主变负载率）", "新版问法：线路和主变都有余量"),
    ("approvals.toml", 'posts = ["主管", "运检专责", "调控专责"]\nbasis = "环节字典：高压',
     'posts = ["主管", "发展专责"]\nbasis = "环节字典：高压'),
    ("clock.toml", "late_starts_next_day = false", "late_starts_next_day = true"),
    ("clock.toml", "evidence_required = false", "evidence_required = true"),
    ("clock.toml", "late_entry_days = 3", "late_entry_days = 30"),
    ("clock.toml", "不计入，自下一日起算", "不计入，自下一日起算（新版）"),
    ("fees.toml", 'name = "高可靠性供电费用"', 'name = "高可靠性费（新版）"'),
    ("inspections.toml", 'name = "竣工检验"', 'name = "竣工验收（新版）"'),
    ("contracts.toml", "cap_years = 5", "cap_years = 4"),
    ("stages.toml", 'name = "供电方案答复"', 'name = "方案答复（新版）"'),
    ("progress.toml", 'later = "为您制定供电方案"', 'later = "为您做方案（新版）"'),
    ("paper_kinds.toml", 'names = ["', 'names = ["新版证件", "'),
)


def second_release() -> bytes:
    texts = dict(Files.of_folder(FOLDER).texts)
    for name, old, new in CHANGES:
        assert old in texts[name], (name, old)
        texts[name] = texts[name].replace(old, new, 1)
    return release("QH-2", "2026-12-01", **{name: texts[name] for name in dict.fromkeys(c[0] for c in CHANGES)})


def restarted(desk: Any, clock: Any, _place: Path) -> Any:
    folder, clerk = desk.folder, desk.clerk
    desk.db.close()
    return open_desk(folder, clock).served_by(clerk)


def restored(desk: Any, clock: Any, place: Path) -> Any:
    kept, clerk = back_up(desk.folder, "asked", clock()), desk.clerk
    desk.db.close()
    restore(kept.path, place / "elsewhere", clock())
    return open_desk(place / "elsewhere", clock).served_by(clerk)


@pytest.fixture(params=[lambda desk, _clock, _place: again(desk), restarted, restored],
                ids=["live", "after a restart", "after a restore"])
def meanwhile(request: pytest.FixtureRequest, hall_on: Any, clock: Any, tmp_path: Path,  # noqa: F811
              font_folder: Path) -> Any:
    """A hall in which a case was accepted under the first release, and the second took effect since."""
    approve_template(hall_on, "high_voltage", "示范法务", hall_on.today)
    clock.move(EVENING)
    number = begun(hall_on, hall_on.catalog.processes[KIND])
    import_release(hall_on, second_release())
    clock.move(NEXT_EVENING)
    go: Callable[[Any, Any, Path], Any] = request.param
    desk = go(hall_on, clock, tmp_path)
    yield desk, number
    desk.db.close()


def words(desk: Any, paper: Any) -> str:
    return "".join("".join(page_text(paper_bytes(desk, paper.id))).split())


def walked(desk: Any, clock: Any, number: str) -> dict[str, Any]:
    """What a case was held to on its way to the file."""
    found: dict[str, Any] = {}
    view = case(desk, number)
    found["stage"] = view.process.stage("S04").name
    found["told"] = next(line.word for line in progress(desk, number).lines if "方案" in line.word)
    found["asked on site"] = [row["question"] for row in checklist_of(desk, number)]
    found["on the sheet"] = "新版问法" in words(desk, make_survey_sheet(desk, number))
    found["first day"] = days_of(desk, view.process, view.state, 1)[0].rule
    found["counted from"] = max(each.clock.start for each in view.state.clocks)
    advance(desk, case(desk, number), "S03")
    facts = stage_specimen(view.process, "S04", desk.today) | {"scheme_valid_until": "", "contract_years": ""}
    low = facts | {"metering_mode": "高供低计"}
    found["metering"] = next(v.result for v in weigh(desk, number, low) if v.rule == "metering_mode")
    asked = submit_scheme(desk, number, facts)
    found["approved by"] = {each.post for each in asked.asked}
    for post in found["approved by"]:
        agree(colleague(desk, post), number)
    record(desk, number, "S04", "done", facts)
    told = story(desk, number)
    assert told is not None and told.term is not None and told.validity is not None
    found["scheme stands"] = (told.validity.months, told.term.until)
    assert told.term.until == later(desk.today, told.validity.months)
    assert told.term.until.strftime("%Y年%-m月%-d日") in words(desk, make_reply(desk, number))
    found["fees"] = [item.name for item in fees(desk, number).expected]
    found["inspected as"] = inspection_kinds(desk, view.process)[-1].name
    found["rests without evidence"] = rests(desk, number)
    finish(desk, clock, number)
    assert case(desk, number).row.status == Status.ARCHIVED
    number_of_contract = case(desk, number).contract_number
    assert number_of_contract is not None
    made = contract(desk, number_of_contract)
    assert made.row.starts_on is not None and made.row.ends_on is not None
    found["contract years"] = round((made.row.ends_on - made.row.starts_on).days / 365.25)
    assert f"{made.row.ends_on:%Y年%-m月%-d日}" in words(desk, made.papers[-1])
    return found


def rests(desk: Any, number: str) -> bool:
    """Whether the case may stand still without evidence."""
    stage = case(desk, number).state.current[0]
    try:
        record(desk, number, stage, "paused", {"reason": "客户要求暂缓"})
    except Refusal as no:
        assert no.field == "evidence"
        return False
    record(desk, number, stage, "resumed", {})
    return True


def test_a_case_goes_to_its_file_by_the_release_it_began_under(meanwhile: Any, clock: Any) -> None:
    desk, number = meanwhile
    old = walked(desk, clock, number)
    assert old["stage"] == "供电方案答复" and old["told"] == "为您制定供电方案"
    assert "就近线路、变电站有可开放容量（线路和主变负载率）" in old["asked on site"] and not old["on the sheet"]
    assert "新版" not in old["first day"] and old["counted from"] == date(2026, 11, 23)
    assert old["metering"] == "不符"
    assert old["approved by"] == {"主管", "运检专责", "调控专责"}
    assert old["scheme stands"] == (12, date(2027, 12, 1))
    assert old["fees"] == ["高可靠性供电费用"] and old["inspected as"] == "竣工检验"
    assert old["rests without evidence"] and old["contract years"] == 5


def test_a_new_case_goes_by_the_new_release(meanwhile: Any, clock: Any) -> None:
    desk, _number = meanwhile
    new = walked(desk, clock, begun(desk, desk.catalog.processes[KIND]))
    assert new["stage"] == "方案答复（新版）" and new["told"] == "为您做方案（新版）"
    assert "新版问法：线路和主变都有余量" in new["asked on site"] and new["on the sheet"]
    assert "新版" in new["first day"] and new["counted from"] == date(2026, 12, 2)
    assert new["metering"] == "通过"
    assert new["approved by"] == {"主管", "发展专责"}
    assert new["scheme stands"] == (6, date(2027, 6, 1))
    assert new["fees"] == ["高可靠性费（新版）"] and new["inspected as"] == "竣工验收（新版）"
    assert not new["rests without evidence"] and new["contract years"] == 4


def test_what_waits_for_a_post_is_asked_of_the_release_it_began_under(hall_on: Any, clock: Any) -> None:  # noqa: F811
    surveyor = colleague(hall_on, "客户经理")
    begun(hall_on, hall_on.catalog.processes[KIND])
    waits = count(surveyor, Asked(post=True))
    texts = Files.of_folder(FOLDER).texts["stages.toml"].replace('owner = "客户经理"', 'owner = "勘查员"')
    import_release(hall_on, release("QH-3", "2026-11-24", **{"stages.toml": texts}))
    clock.move(date(2026, 11, 24))
    assert waits == count(again(surveyor), Asked(post=True)) == 1


def test_a_fee_that_was_abolished_since_is_charged_to_nobody(hall_on: Any, clock: Any) -> None:  # noqa: F811
    number = begun(hall_on, hall_on.catalog.processes[KIND])
    set_tariff(hall_on, "high_reliability", "100", "示例省价格文件", date(2026, 1, 1))
    ban = '''\n[[ban]]\nname = "高可靠性供电费用"\nbasis = "示例省取消收费的文件"\neffective = "2026-11-24"
verified = false\n\n[held_back]'''
    text = Files.of_folder(FOLDER).texts["fees.toml"].replace("\n[held_back]", ban)
    import_release(hall_on, release("QH-4", "2026-11-24", **{"fees.toml": text}))
    clock.move(date(2026, 11, 24))
    with pytest.raises(Refusal, match="自 2026-11-24 起已取消，不得收取"):
        charge(again(hall_on), number, "高可靠性供电费用", "500")
