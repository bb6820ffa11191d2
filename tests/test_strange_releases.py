"""Releases from strangers: a good one loads however it was packed; a faulty one is refused whole by file and row."""

from __future__ import annotations

import copy
import random
import re
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from test_releases import SHIPPED, hall_on, release  # noqa: F401

from desktop.catalog.archive import unpack
from desktop.catalog.fault_words import in_words
from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER
from desktop.errors import Refusal
from desktop.usecases.cataloguing import check_release, import_release, pack_folder, releases

TEXTS = dict(Files.of_folder(FOLDER).texts)
TABLES = Files.of_folder(FOLDER).tables()
KIND = "processes/move_meter.toml"


def zipped(files: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def packed(root: str = "", mark: str = "", line: str = "\n", slash: str = "/") -> bytes:
    """The whole shipped catalogue under another id, as another hand and program would pack it."""
    texts = TEXTS | {"release.toml": TEXTS["release.toml"].replace(SHIPPED, "QH-7")}
    return zipped({(root + name).replace("/", slash): (mark + text.replace("\n", line)).encode()
                   for name, text in texts.items()})


# ---- what is well said is taken, however it was packed


@pytest.mark.parametrize("content", [
    packed(), packed(root="规则目录/"), packed(mark="\ufeff", line="\r\n"), packed(slash="\\"),
], ids=["as packed here", "within a folder", "with a mark and other line ends", "packed on Windows"])
def test_a_good_release_of_a_stranger_is_taken(hall_on: Any, content: bytes) -> None:  # noqa: F811
    assert import_release(hall_on, content).id == "QH-7"


# ---- what is no release


def scrambled() -> bytes:
    """A file within was damaged on the way: its check sum is wrong."""
    content = bytearray(zipped({"release.toml": TEXTS["release.toml"].encode()}, ZIP_STORED))
    content[60] ^= 0xFF
    return bytes(content)


def torn() -> bytes:
    content = bytearray(zipped({"release.toml": TEXTS["release.toml"].encode()}))
    content[50:90] = bytes(40)
    return bytes(content)


def locked() -> bytes:
    content = bytearray(zipped({"release.toml": TEXTS["release.toml"].encode()}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def boasting() -> bytes:
    """It says that a file is small, and is not."""
    content = bytearray(zipped({"release.toml": b"#" * 3_000_000}))
    place = content.index(b"PK\x01\x02") + 24
    content[place:place + 4] = struct.pack("<I", 10)
    return bytes(content)


def named_in_gbk() -> bytes:
    content = zipped({"release.toml": TEXTS["release.toml"].encode(), "processes/AAAA.toml": b""})
    return content.replace(b"AAAA", "光伏".encode("gbk"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("made", "told"), [
    (lambda: b"", "不是规则目录的发布文件"), (lambda: b"MZ" * 500, "不是规则目录的发布文件"),
    (lambda: packed()[:5000], "不是规则目录的发布文件"), (scrambled, "损坏"), (torn, "损坏"),
    (locked, "加了密码"), (boasting, "损坏|比压缩包里写的大"),
    (lambda: zipped({"a/release.toml": b"", "b/x.toml": b""}), "没有 release.toml"),
    (lambda: zipped({"release.toml": b"", "inner.zip": zipped({"x.toml": b""})}), "inner.zip: 发布文件里只能有"),
    (lambda: zipped({"release.toml": b"", "../../x.toml": b""}), "只能有"),
    (lambda: zipped({"release.toml": b"", "C:\\x.toml": b""}), "只能有"),
    (lambda: zipped({"release.toml": b"\xff\xfe\x00"}), "release.toml: 不是 UTF-8 文本"),
    (lambda: zipped({f"processes/k{n}.toml": b"" for n in range(501)}), "太大"),
    (lambda: zipped({"release.toml": b"#" * 5_000_001}), "太大"),
    (named_in_gbk, "processes/"),
])
def test_what_is_no_release_is_refused_with_the_reason(
        hall_on: Any, made: Callable[[], bytes], told: str) -> None:  # noqa: F811
    with pytest.raises(Refusal, match=told):
        import_release(hall_on, made())
    assert [each.id for each in releases(hall_on)] == [SHIPPED]


def test_a_name_that_is_packed_twice_is_refused(hall_on: Any) -> None:  # noqa: F811
    content = zipped({"release.toml": TEXTS["release.toml"].encode(), "fees.tomm": b"", "fees.toml": b""})
    with pytest.raises(Refusal, match=r"fees\.toml: 压缩包里有两个同名的文件"):
        import_release(hall_on, content.replace(b"fees.tomm", b"fees.toml"))


# ---- what is wrong in a file


def put(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)
    return change


def more(rows: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{rows}\n"


BASIS = 'basis = "示例"\neffective = "2026-11-01"\nverified = false\n'
PAPER = f'[[material]]\ncode = "{{code}}"\nname = "某文件"\ndemand = "必备"\nsupplied_by = "用电人"\n{{more}}\n{BASIS}'
SMALL = "processes/low_voltage_new.toml"
FAULTS: list[tuple[str, Callable[[str], str], str]] = [
    (KIND, put('id = "move_meter"', 'id = move_meter'), r"move_meter\.toml: 格式不对（第 \d+ 行第 \d+ 列读不下去）"),
    (KIND, more("[[stage]"), r"move_meter\.toml: 格式不对"),
    (KIND, put("pad = ", 'pad = "34" # '), r"选号“34”与 .*\.toml 相同"),
    (KIND, put('name = "移表"', 'name = "暂停"'), "名称“暂停”与 .*相同"),
    (KIND, put('id = "S15"', 'id = "S77"'), r"move_meter\.toml stage S77: 缺少 name"),
    (KIND, put('needs = ["S01"]', 'needs = ["S15"]'), "stage .* 的 needs 里有不在它前面的环节"),
    (KIND, put("verified = false", ""), r"move_meter\.toml.*: 缺少 verified"),
    (KIND, put("effective = ", "until = \"2020-01-01\"\neffective = "), "until 不能早于它"),
    (KIND, put("days = 1", "days = 0"), "days 和 hours 写一个"),
    (KIND, put("days = 1", "days = -1"), r"move_meter\.toml limit 业务受理: days 应为 0 或正整数"),
    (KIND, put("days = 1", 'days = "一天"'), "days 应为 0 或正整数"),
    (KIND, put("days = 1", "hours = 99999999"), r"move_meter\.toml limit 业务受理: hours 现为 99999999，最大 8784"),
    ("materials.toml", put("days = 5", "days = 5000000"), "promise_gate: days 现为 5000000，最大 3660"),
    ("rules.toml", put("most_days = 90", "most_days = 9e9"), "rule together：most_days 现为 .*最大 3660"),
    (KIND, put('deed = "移表"', 'deed = "移表"\nstage = "S05"'), "effect 移表：stage S05 不能是受理环节，也不能是可"),
    (KIND, put('deed = "移表"', 'deed = "移表"\nstage = "S01"'), "effect 移表：stage S01 不能是受理环节"),
    (KIND, put('stages = ["S01"]', 'stages = ["S02"]'),
     r"move_meter\.toml: limit 业务受理（.*1 天）：stages 或 includes 里写了没有的环节 S02"),
    (KIND, put('id = "S15"', 'id = "S15"\nafterwards = true'), "afterwards 只用于 optional 的环节"),
    (KIND, more(f'[[limit]]\nstages = ["S01"]\nlabel = "当场受理"\ndays = 2\nmeasure = "环节"\n{BASIS}'),
     r"move_meter\.toml limit 业务受理（.*1 天）与 limit 当场受理（公司，2026-11-01 起，2 天）："
     "S01 业务受理自 2026-11-01 起有两个时限"),
    (KIND, more(f'[[gate]]\nstage = "S99"\nact = "done"\nneeds = "S01"\nsentence = "先办"\n{BASIS}'),
     "gate S99 S01：没有这样的环节"),
    (KIND, more(f'[[gate]]\nstage = "S15"\nact = "dance"\nneeds = "S01"\nsentence = "先办"\n{BASIS}'),
     "没有这样的动作 dance"),
    (KIND, more(f'[[gate]]\nstage = "S15"\nact = "done"\nneeds = "S01"\ndeed = "done"\nsentence = "先办"\n{BASIS}'),
     "gate S15：deed 只能写 contract_filed"),
    (KIND, more(f'[[gate]]\nstage = "S15"\nact = "done"\nneeds = "S01"\nunless = "solar"\nsentence = "先办"\n{BASIS}'),
     "gate S15：unless 的 solar 这个环节不填"),
    (KIND, more('[[material]]\ncode = "M99"\n'), r"move_meter\.toml material M99: materials\.toml 里没有这份资料"),
    (KIND, more('[[material]]\ncode = "M01"\n'), "material M01：写了两次"),
    (KIND, more('[[rule]]\nid = "R99"\n'), r"rule R99: rules\.toml 里没有这条规则"),
    (KIND, more(f'[[rule]]\ncheck = "number"\nfield = "yx_account"\nsentence = "{{moon}}"\n{BASIS}'), "填不出来"),
    (KIND, more(f'[[rule]]\ncheck = "spell"\nsentence = "不行"\n{BASIS}'), "没有这样的检查 spell"),
    (KIND, more(f'[[rule]]\ncheck = "filled"\nfield = "solar"\nsentence = "不行"\n{BASIS}'), "这种业务没有填 solar"),
    (KIND, more(f'[[contract]]\nact = "终止"\ndocument = "farewell"\n{BASIS}'), "没有这样的文书 farewell"),
    (KIND, more(f'[[contract]]\nact = "再见"\n{BASIS}'), "act 应为"),
    (KIND, more('[[effect]]\ndeed = "停用"\nkind = "暂停"\n'), r"effect 停用：这种业务没有填"),
    (KIND, more('[[effect]]\ndeed = "飞走"\n'), "deed 应为"),
    (KIND, put('energised_by = "', 'energised_by = "X'), "energised_by 不是环节"),
    (KIND, put('fields = [', 'fields = ["@没有的组", '), r"fields\.toml 里没有字段组“没有的组”"),
    (KIND, put("short = ", "colour = 1\nshort = "), r"move_meter\.toml: 不认识的项 colour"),
    (KIND, put("short = ", 'like = "move_meter"\nshort = '), r"like 应写另一种业务的编号"),
    (KIND, put("short = ", "warn_percent = 900\nshort = "), "warn_percent 应在 1 和 100 之间"),
    # a case of it would be stuck, or surprise whoever works on it
    (KIND, more(f'[[gate]]\nstage = "S01"\nact = "done"\nneeds = "S15"\nsentence = "先归档"\n{BASIS}'),
     "gate S01：要等的 S15 自己要在 S01 之后才能办"),
    (KIND, more(f'[[required_when]]\nfield = "yx_account"\nfields = ["builder_name"]\n{BASIS}'),
     "required_when yx_account：申请表里没有填 builder_name"),
    (KIND, put('customer_class = "不限"', 'customer_class = "太空"'), r"move_meter\.toml customer_class 应以"),
    (KIND, put("short = ", "end_reasons = []\nshort = "), "end_reasons：要写明可以因为什么终止"),
    (KIND, put('id = "S15"', 'id = "S15"\noptional = true'), "stage S15：最后一个环节不能是可不办的"),
    (KIND, put('energised_by = "', 'energised_by = "S01" # "'), "energised_by：不能是受理环节 S01"),
    (KIND, put('id = "S15"', 'id = "S15"\nname = "业务受理"'), "名称“业务受理”写了两次"),
    (KIND, put('id = "S01"', 'id = "S01"\nfields = ["note"]\nrequired = ["note"]'), "stage S01：受理时做完的环节"),
    (KIND, more(PAPER.format(code="x1", more="")), "material x1：编号应为大写字母开头"),
    (KIND, more(PAPER.format(code="X1", more='stage = "S01"')), "material X1：受理时要的资料不写 stage"),
    (KIND, more(PAPER.format(code="X1", more='role = "identity"')), 'role = "identity" 只能有一份资料'),
    (SMALL, more(PAPER.format(code="X1", more='when = { field = "metering_mode", value = "高供高计" }').replace(
        "必备", "条件")), "material X1：“计量方式”受理时还没有问"),
    ("materials.toml", lambda text: text.replace("days = 5", "days = 0"), "material M.*：容缺的资料要写明 days"),
    (SMALL, put('id = "S13"', 'id = "S12B"\nname = "又一份合同"\nowner = "客户经理"\ndone_by = "contract_signed"\n'
                f'needs = ["S04"]\noptional = true\n{BASIS}\n[[stage]]\nid = "S13"'), "S12 已随合同签署完成"),
    (SMALL, put('id = "S11"', 'id = "S11"\nrequired = []'), "stage S11：passes 的 inspection_result 要写进 required"),
    (SMALL, put("short = ", 'pause_reasons = ["客户缴费"]\nshort = '), "要有带“整改”的一条"),
    (SMALL, put('"customer_name", ', ""), "required_fields：要有 customer_name（户名）"),
    ("evidence.toml", put('stage = "S03"', 'stage = "S99"'), r"evidence\.toml evidence .*没有一种业务有环节 S99"),
    ("stages.toml", more('[[stage]]\nid = "S01"\n'), r"stages\.toml stage S01: 写了两次"),
    ("stages.toml", put('done_by = "contract_signed"', 'done_by = "wishes"'), "done_by 应为"),
    ("stages.toml", put('id = "S01"', 'id = 1'), r"stages\.toml stage .*: id 应为文字"),
    ("materials.toml", put('role = "identity"', 'role = "friend"'), "role 应为 identity"),
    ("corrections.toml", put('"contact_name", ', '"contact_name", "customer_name", '),
     r"corrections\.toml item contact: .*户名 不能更正"),
    ("fees.toml", put('"scheme_capacity_kva"', '"scheme_capacity_mva"'),
     r"fees\.toml item high_reliability: 没有这样的字段"),
    ("inspections.toml", put('stages = ["S11"]', 'stages = ["S98"]'),
     r"inspections\.toml kind final: 没有一种业务有环节 S98"),
    ("inspections.toml", put('"final_opinion"', '"last_opinion"'), "没有这样的文书 last_opinion"),
    ("inspections.toml", put('id = "final"', 'id = "end"'), "没有这样的文书 end_opinion"),
    ("approvals.toml", put('posts = ["主管", "运检专责", "调控专责"]', 'posts = ["村长"]'), "没有这样的岗位 村长"),
    ("clock.toml", put('"班长", ', '"村长", '), "没有这样的岗位 村长"),
    ("clock.toml", put('opening = "08:30"', 'opening = "25:30"'), r"clock\.toml: opening 应写成 08:30 的样子"),
    ("schemes.toml", put('value = "0.9"', 'value = "NaN"'), r"schemes\.toml threshold computed_cos: NaN 不是数"),
    ("voltages.toml", put('"10kV"', '"12kV"'), "没有 12kV 这样的选项"),
    ("contracts.toml", put("cap_years = 5", "cap_years = 0"),
     r"contracts\.toml kind high_voltage: .*cap_years 至少为 1"),
    ("contracts.toml", put('code = "GY"', 'code = "DY"'), r"contracts\.toml: code DY: 写了两次"),
    ("contracts.toml", put('effective = "', 'until = "2025-01-01"\neffective = "'), "没有一天有效|until 不能早于它"),
    ("contracts.toml", put('values = ["执行目录电价"]', 'values = ["白送"]'),
     r"contracts\.toml pairing .*: values 应是能填进 market_mode 的值"),
    ("reminders.toml", put('urgency = "watch"', 'urgency = "panic"'), "没有这样的紧急程度：panic"),
    ("progress.toml", put('done = "申请已受理"', ""), r"progress\.toml stage S01: 没有写明怎么对客户说"),
    ("ladder.toml", put('field = "customer_name"', 'field = "customer_shoe"'),
     r"ladder\.toml .*没有这样的字段 customer_shoe"),
    ("ladder.toml", put('"35kV" = "10"', '"34kV" = "10"'), r"ladder\.toml .*voltage 没有这样的选项：34kV"),
    ("ledger.toml", put("[heads]", "[heads]\ncolour = ['颜色']"), r"ledger\.toml heads: 没有这样的栏 colour"),
    ("case_ledger.toml", put("[heads]", "[heads]\ncolour = ['颜色']"), r"case_ledger\.toml heads: 没有这样的栏 colour"),
    ("calendars/2027.json", put('"year": 2027', '"year": "2027"'), r"2027\.json: year 应为"),
    ("release.toml", put('first = "low_voltage_new"', 'first = "solar"'),
     r"release\.toml: order 或 first 里的业务 solar"),
    ("release.toml", put('id = "', 'id = "../../'), r"release\.toml: id 应为"),
    ("release.toml", put('effective = "', 'effective = "2026-13-'), r"release\.toml: effective 应为日期"),
]


@pytest.mark.parametrize(("name", "change", "told"), FAULTS, ids=[f"{n.rpartition('/')[2]}-{i}" for i, (n, *_) in
                                                                  enumerate(FAULTS)])
def test_every_fault_is_named_with_its_file_and_row(name: str, change: Callable[[str], str], told: str) -> None:
    with pytest.raises(ValueError, match=told) as no:
        check_release(Files(TEXTS | {name: change(TEXTS[name])}, {
            other: table for other, table in TABLES.items() if other != name}))
    assert re.search(r"[\u4e00-\u9fff]", str(no.value)) and re.search(r"\.(toml|json)", str(no.value))


@pytest.mark.parametrize("name", ["approval.toml", "processes/sub/x.toml", "notes.json"])
def test_a_file_that_nobody_would_read_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{re.escape(name)}: 规则目录里没有这个文件"):
        check_release(Files(TEXTS | {name: "" if name.endswith("toml") else "{}"}))


# ---- whatever else a hand may slip into


JUNK: list[Any] = ["", "没有这样的", 0, -1, 3.5, True, [], ["x"], [1], {}, {"x": 1}, [{}], "2026-99-99", "{", 10**30]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a table, however deep."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from places(each, (*path, key))


def slipped(chance: random.Random) -> tuple[str, Any, dict[str, Any]]:
    """A file with one thing dropped, doubled, replaced, renamed or of another type."""
    name = chance.choice(sorted(name for name in TABLES))
    table = copy.deepcopy(TABLES[name])
    *way, last = path = chance.choice(list(places(table)))
    parent = table
    for key in way:
        parent = parent[key]
    how = chance.choice(("drop", "double", "replace", "rename", "retype"))
    if how == "drop":
        del parent[last]
    elif how == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[last]))
    elif how == "rename" and isinstance(parent, dict):
        parent["改名"] = parent.pop(last)
    elif how == "retype":
        parent[last] = [parent[last]] if chance.random() < 0.5 else str(parent[last])
    else:
        parent[last] = chance.choice(JUNK)
    return name, (how, path), table


@pytest.mark.parametrize("seed", range(4))
def test_a_slip_of_the_hand_is_taken_whole_or_refused_by_name(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(16):
        name, what, table = slipped(chance)
        try:
            check_release(Files(TEXTS, TABLES | {name: table}))
        except ValueError as error:
            assert type(error) is ValueError, (name, what)
            assert re.search(r"\.(toml|json)", str(error)) and re.search(r"[\u4e00-\u9fff]", str(error)), (name, what)


def test_what_is_wrong_is_told_by_the_names_of_what_the_clerk_reads_and_by_the_line(hall_on: Any) -> None:  # noqa: F811
    text = put("days = 1", 'days = "一天"')(TEXTS[KIND])
    line = text[:text.index('days = "一天"')].count("\n") + 1
    with pytest.raises(Refusal) as no:
        import_release(hall_on, release(**{KIND: text}))
    assert f"移表（move_meter.toml 第 {line} 行）时限（limit）业务受理：工作日（days）应为" in str(no.value)


@pytest.mark.parametrize(("fault", "told"), [
    ("stages.toml stage S99: 缺少 name", "环节字典（stages.toml）环节（stage）S99：缺少 名称（name）"),
    ("contracts.toml pairing 第 900 行: 不对", "合同种类（contracts.toml）相配（pairing）第 900 行：不对"),
    ("calendars/2027.json", "calendars/2027.json"), ("release.toml: 空的", "目录（release.toml）：空的"),
    ("没有文件", "没有文件"), ("", ""),
])
def test_a_place_that_is_not_in_the_file_is_told_without_a_line(fault: str, told: str) -> None:
    assert in_words({"release.toml": "", "stages.toml": "[[stage]]\nid = 'x'"}, fault) == told


def test_a_folder_with_a_slip_is_not_packed(tmp_path: Any) -> None:
    for name, text in unpack(release(**{KIND: TEXTS[KIND] + "colour = 1"})).texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(Refusal, match=r"还不能打成发布文件.*move_meter\.toml"):
        pack_folder(tmp_path)
