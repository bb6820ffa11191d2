"""Releases of the catalogue: one file, looked at whole, in force from its day on; a case keeps its own to the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_kinds import application, begun, finish, signed
from trade import accepted_case, done

from desktop.catalog.archive import digest_of, pack, unpack
from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER, load_catalog
from desktop.domain.case import Status
from desktop.errors import Refusal, Trouble
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.cataloguing import (
    compare,
    export_release,
    import_release,
    pack_folder,
    releases,
    rules,
)
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.intake import accept
from desktop.usecases.ruling import with_rules_of_today
from desktop.usecases.safekeeping import back_up, open_desk, restore
from desktop.usecases.staffing import clerk_by_number

SHIPPED = load_catalog().release
HEAD = 'id = "{id}"\nname = "示例省规则目录"\neffective = "{day}"\nregion = "示例省"\nbase = "{base}"\n'
STORAGE = '''
like = "low_voltage_new"
id = "storage"
name = "用户侧储能并网"
short = "储能"
group = "新能源"
pad = "41"
customer_class = "低压非居民"
basis = "示例省储能并网管理办法"
effective = "2026-11-20"
verified = false
also_required_fields = ["own_generator_kw"]
also_fields = ["own_generator_kw"]

[[stage]]
id = "S11"
name = "涉网验收"

[[material]]
code = "A01"
name = "安全评估报告"
demand = "必备"
supplied_by = "用电人"
basis = "示例省储能并网管理办法"
effective = "2026-11-20"
verified = false
'''


def release(id: str = "QH-1", day: str = "2026-11-23", base: str = SHIPPED, **files: str) -> bytes:
    """A release that brings only what is its own."""
    named = {f"processes/{name}.toml" if "/" not in name and "." not in name else name: text
             for name, text in files.items()}
    return pack({"release.toml": HEAD.format(id=id, day=day, base=base), **named})


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """A shipped file with one thing changed, under its place."""
    text = Files.of_folder(FOLDER).texts[name]
    assert old in text
    return {name: text.replace(old, new, 1)}


@pytest.fixture
def hall_on(_ruled_hall: Path, clock: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """A hall opened as the program opens it, with clerk 1001 (管理员) at it."""
    desk = open_desk(Path(shutil.copytree(_ruled_hall, tmp_path / "folder")), clock)
    request.addfinalizer(desk.db.close)
    return desk.served_by(clerk_by_number(desk, "1001"))


def again(desk: Any) -> Any:
    return with_rules_of_today(desk)


def test_the_rules_that_came_with_the_program_are_kept_with_the_hall(hall_on: Any) -> None:
    (only,) = releases(hall_on)
    assert (only.id, only.shipped, only.in_force) == (SHIPPED, True, True)
    assert only.kinds == len(hall_on.catalog.processes)
    assert dict(again(hall_on).catalog.processes) == dict(hall_on.catalog.processes)


def test_a_kind_from_outside_the_program_is_carried_from_the_counter_to_the_archive(hall_on: Any, clock: Any) -> None:
    import_release(hall_on, release(storage=STORAGE))
    desk = again(hall_on)
    kind = desk.catalog.processes["storage"]
    assert (kind.group, kind.release, kind.stage("S11").name) == ("新能源", "QH-1", "涉网验收")
    number = begun(desk, kind)
    finish(desk, clock, number)
    assert case(desk, number).row.status == Status.ARCHIVED
    assert cases(desk, CaseFilter()).rows[0].kind == "用户侧储能并网"


def test_an_outside_kind_asks_for_its_own_papers_and_fields(hall_on: Any) -> None:
    import_release(hall_on, release(storage=STORAGE))
    desk = again(hall_on)
    asked = application(desk.catalog.processes["storage"], desk.today, own_generator_kw="")
    asked.materials.pop("A01")  # type: ignore[attr-defined]
    with pytest.raises(Refusal) as no:
        accept(desk, asked)
    assert {lack.field for lack in no.value.missing} >= {"own_generator_kw", "material:A01"}


def test_a_release_takes_effect_on_its_day_and_not_before(hall_on: Any, clock: Any) -> None:
    name = "processes/low_voltage_new.toml"
    limits = {name: changed(name, "days = 2\n", "days = 1\n")[name].replace("days = 6\n", "days = 5\n")}
    taken = import_release(hall_on, release(day="2026-12-01", **limits))
    assert not taken.in_force
    assert again(hall_on).catalog.release == SHIPPED
    clock.move(date(2026, 12, 1))
    assert again(hall_on).catalog.release == "QH-1"


def test_a_case_is_read_with_the_release_that_it_began_under(hall_on: Any, clock: Any) -> None:
    number = accepted_case(hall_on).case_number
    before = case(hall_on, number).state.due
    renamed = changed("stages.toml", 'name = "供电方案答复"', 'name = "方案答复（新）"')
    import_release(hall_on, release(**renamed))
    desk = again(hall_on)
    assert desk.catalog.processes["low_voltage_new"].stage("S04").name == "方案答复（新）"
    kept = case(desk, number)
    assert (kept.process.stage("S04").name, kept.state.due) == ("供电方案答复", before)
    assert cases(desk, CaseFilter()).rows[0].stage == "供电方案答复"
    done(desk, number, "S04")
    signed(desk, number)
    newer = accept(desk, application(desk.catalog.processes["low_voltage_new"], desk.today)).case_number
    assert case(desk, newer).process.stage("S04").name == "方案答复（新）"


def test_a_case_of_a_release_that_is_not_here_is_read_with_todays(hall: Any) -> None:
    assert hall.process("low_voltage_new", "1999.1").id == "low_voltage_new"
    with pytest.raises(Trouble, match=r"规则目录 1999\.1 不在这里"):
        hall.process("never", "1999.1")


def test_a_case_of_the_first_program_is_read_with_the_rules_of_its_time(hall_on: Any) -> None:
    then = hall_on.process("low_voltage_new", "2026.11")
    assert (then.release, then.total.days) == ("2026.11", 6)
    assert [stage.id for stage in then.stages] == ["S01", "S03", "S04", "S08", "S11", "S12", "S13", "S14", "S15"]


def test_a_backup_brings_the_release_along(hall_on: Any, clock: Any, tmp_path: Path) -> None:
    import_release(hall_on, release(storage=STORAGE))
    desk = again(hall_on)
    number = begun(desk, desk.catalog.processes["storage"])
    kept = back_up(desk.folder, "asked", clock())
    desk.db.close()
    elsewhere = tmp_path / "elsewhere"
    restore(kept.path, elsewhere, clock())
    other = open_desk(elsewhere, clock)
    try:
        assert other.catalog.release == "QH-1"
        assert case(other, number).row.kind == "用户侧储能并网"
    finally:
        other.db.close()


@pytest.mark.parametrize(("content", "told"), [
    (lambda: b"PK nothing", r"这不是规则目录的发布文件"),
    (lambda: pack({"stages.toml": ""}), r"发布文件里没有 release.toml"),
    (lambda: pack({"release.toml": "", "../x.toml": ""}), r"只能有 .toml 和 .json"),
    (lambda: pack({"release.toml": "", "x.py": ""}), r"只能有 .toml 和 .json"),
    (lambda: release(storage=STORAGE.replace('"S11"', '"S99"')),
     r"storage.toml 第 15 行）环节（stage）S99：缺少 责任岗位（owner）"),
    (lambda: release(storage=STORAGE.replace("own_generator_kw", "own_storage_kw")), r"没有这样的字段 own_storage_kw"),
    (lambda: release(storage=STORAGE.replace("effective", "effektive")), r"storage.toml"),
    (lambda: release(base="2001.1", storage=STORAGE), r"没有编号为 2001.1 的规则目录"),
    (lambda: release(**changed("stages.toml", '["receipt"]', '["recipe"]')), r"没有这样的文书 recipe"),
    (lambda: release(**changed("contracts.toml", 'template = "low_voltage"', 'template = "low"')), r"没有合同文本 low"),
])
def test_a_wrong_release_is_refused_whole_with_file_and_row(
        hall_on: Any, content: Callable[[], bytes], told: str) -> None:
    with pytest.raises(Refusal, match=told):
        import_release(hall_on, content())
    assert [each.id for each in releases(hall_on)] == [SHIPPED]


def test_a_release_that_was_changed_on_its_way_is_noticed(hall_on: Any) -> None:
    texts = dict(unpack(release(storage=STORAGE)).texts)
    texts["release.toml"] += f'digest = "{digest_of(texts)}"\n'
    import_release(hall_on, pack(texts))
    texts["processes/storage.toml"] += "# 途中多出一行\n"
    texts["release.toml"] = texts["release.toml"].replace("QH-1", "QH-2")
    with pytest.raises(Refusal, match="digest 与其余文件对不上"):
        import_release(hall_on, pack(texts))


def test_an_id_is_given_to_one_text_only_and_the_same_text_may_come_twice(hall_on: Any) -> None:
    import_release(hall_on, release(storage=STORAGE))
    import_release(hall_on, release(storage=STORAGE))
    with pytest.raises(Refusal, match="编号 QH-1 已经有另一版"):
        import_release(hall_on, release(storage=STORAGE + "# 改动\n"))
    assert len(releases(hall_on)) == 2


def test_only_a_manager_takes_a_release(hall_on: Any) -> None:
    clerk = hall_on.served_by(add_clerk(hall_on, "1002", "示范乙", "受理员"))
    with pytest.raises(Refusal, match="只能由主管或管理员导入"):
        import_release(clerk, release(storage=STORAGE))


def test_two_releases_are_compared_row_by_row(hall_on: Any) -> None:
    import_release(hall_on, release(storage=STORAGE, **changed("contracts.toml", "cap_years = 5", "cap_years = 4")))
    found = compare(hall_on, SHIPPED, "QH-1")
    told = {(each.file, each.row, each.key): (each.before, each.after) for each in found}
    assert told["contracts.toml", "种类 high_voltage GY 高压", "上限（年）"] == ("5", "4")
    assert "名称：用户侧储能并网" in told["processes/storage.toml", "", "新增"][1]
    assert told["release.toml", "", "地区"] == ("全国", "示例省")
    assert not compare(hall_on, SHIPPED, SHIPPED)


def test_what_is_not_yet_verified_can_be_listed(hall_on: Any) -> None:
    waiting = rules(hall_on, unverified=True)
    assert waiting
    assert not any(rule.verified for rule in waiting)
    assert len(waiting) < len(rules(hall_on))
    metering = next(rule for rule in waiting if "装表接电" in rule.row and "low_voltage_new" in rule.file)
    assert metering.effective
    assert "推算" in metering.basis


def test_a_release_is_handed_on_as_a_file_and_packed_from_a_folder(hall_on: Any, tmp_path: Path) -> None:
    for name, text in unpack(export_release(hall_on)).texts.items():
        (tmp_path / "edit" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "edit" / name).write_text(text, "utf-8")
    head = tmp_path / "edit/release.toml"
    head.write_text(head.read_text("utf-8").replace(SHIPPED, "QH-9").replace("2026-11-01", "2026-11-22"), "utf-8")
    import_release(hall_on, pack_folder(tmp_path / "edit"))
    assert again(hall_on).catalog.release == "QH-9"
    head.write_text("id = 1", "utf-8")
    with pytest.raises(Refusal, match="还不能打成发布文件"):
        pack_folder(tmp_path / "edit")


def test_a_row_that_was_renamed_is_the_same_row_and_a_new_one_is_one_line(hall_on: Any) -> None:
    progress = changed("progress.toml", 'now = "正在登记您的申请"', 'now = "您的申请正在登记"')
    renamed = changed("fees.toml", 'name = "高可靠性供电费用"', 'name = "高可靠性费"')
    import_release(hall_on, release(**progress, **renamed, storage=STORAGE))
    told = compare(hall_on, SHIPPED, "QH-1")
    assert [(each.title, each.row, each.key, each.before, each.after) for each in told if "toml" in each.file[:9]
            and each.file != "release.toml"] == [
        ("费用", "项目 high_reliability 高可靠性费", "名称", "高可靠性供电费用", "高可靠性费")]
    assert ("环节 S01", "办理中说", "您的申请正在登记") in {(each.row, each.key, each.after) for each in told}
    paper = next(each for each in told if each.row.startswith("资料 A01"))
    assert (paper.key, paper.before) == ("新增", "") and "安全评估报告" in paper.after
