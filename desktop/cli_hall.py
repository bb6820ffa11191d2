"""Verbs for the hall itself: where its data is, set-up, people, texts, backups, the practice hall."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import (
    Answer,
    Post,
    out_folder,
    part_of,
    program,
    read_answers,
    rows_of,
    table,
    told_step,
)
from desktop.cli_works import IN_A_FORTNIGHT, conclusion_example, submission_example
from desktop.errors import Missing, Refusal

if TYPE_CHECKING:
    from desktop.catalog.release import Catalog
    from desktop.domain.process import Process
    from desktop.usecases.desk import Desk

PERSON = {"number": "工号", "name": "姓名", "post": "岗位"}
PRACTICE = "业扩一窗演练"
"""The folder that a demonstration makes where it stands, when nobody named another."""
SIDES = ("customer", "ours")
AGREEING = (("李永福", "主管"), ("王海", "运检专责"), ("赵明德", "调控专责"), ("陈志强", "发展专责"))
"""Who answers a supply plan at high voltage: without each of these posts nobody could."""


def where(post: Post, _asked: Namespace) -> Answer:
    from desktop.logbook import FILE, FOLDER
    from desktop.usecases.safekeeping import BACKUPS, HALL, backups
    from printing.fonts import default_cache

    newest, log = next(iter(backups(post.folder)), None), post.folder / FOLDER / FILE
    data = {"data": post.folder, "database": post.folder / HALL, "exists": (post.folder / HALL).exists(),
            "backups": post.folder / BACKUPS, "newest_backup": newest.path if newest else None,
            "log": log, "fonts": default_cache()}
    made = f"{newest.made_at:%Y-%m-%d %H:%M}" if newest else "还没有"
    return Answer([
        f"数据文件夹  {post.folder}",
        f"数据文件    {data['database']}{'' if data['exists'] else '（还没有建立）'}",
        f"备份        {data['backups']}（最近一次：{made}）",
        f"日志        {data['log']}{'' if log.exists() else '（还没有）'}",
        f"字体缓存    {data['fonts']}",
    ], data)


def setup(post: Post, asked: Namespace) -> Answer:
    """The hall and its people. Everything is looked at before anything is kept, so that 已保存 is said of all."""
    from desktop.usecases.adjusting import adjust, machine
    from desktop.usecases.hall_keeping import hall_faults, set_hall
    from desktop.usecases.staffing import clerks

    given = read_answers(asked.answers)
    hall, people = part_of(given, "hall"), rows_of(given, "clerks")
    if wrong := (*_strange_parts(given), *_people_faults(people), *hall_faults(hall)):
        raise Refusal("答案有误，什么都没有保存：", missing=wrong)
    set_hall(post.desk, hall)
    desk = _with_people(post.desk, people)
    if desk.clerk and not machine(post.folder)["clerk"]:
        adjust(post.folder, "clerk", desk.clerk.number)
    told = clerks(desk)
    lines = ["营业厅资料已保存。", *(f"人员  {clerk.number}  {clerk.name}  {clerk.post}" for clerk in told)]
    lines += [] if told else ["还没有人员，不能登记业务。添加第一位：yekuo clerks --add 工号 姓名 岗位"]
    return Answer(lines, {"hall": "saved", "clerks": told, "default_clerk": machine(post.folder)["clerk"]})


def _strange_parts(given: Mapping[str, Any]) -> Iterator[Missing]:
    """What a hall's answers have beside the hall and its people."""
    if strange := [name for name in given if name not in ("hall", "clerks")]:
        yield Missing(f"这里不需要填“{'、'.join(strange)}”，只有 hall 和 clerks；样例见 yekuo example setup")


def _people_faults(people: list[dict[str, Any]]) -> Iterator[Missing]:
    """Each clerk that could not be kept, before the first is."""
    from desktop.usecases.staffing import NOT_OF_THE_COUNTER, POSTS

    wrong = []
    for at, each in enumerate(people, start=1):
        strange = [name for name in each if name not in ("number", "name", "post")]
        wrong += [f"第 {at} 位人员不需要填“{'、'.join(strange)}”"] if strange else []
        blank = [f"{word}（{name}）" for name, word in PERSON.items() if not _is_word(each.get(name))]
        wrong += [f"第 {at} 位人员缺{'、'.join(blank)}"] if blank else []
        if each.get("post") and each["post"] not in POSTS:
            wrong.append(f"第 {at} 位人员的岗位（post）应为：{'、'.join(POSTS)}。{NOT_OF_THE_COUNTER}")
    numbers = [str(each.get("number")).strip() for each in people]
    wrong += [f"工号 {number} 写了两次" for number in sorted({n for n in numbers if numbers.count(n) > 1})]
    return map(Missing, wrong)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _with_people(desk: Desk, people: list[dict[str, Any]]) -> Desk:
    """The desk after those who were not known are added; the hall's first clerk then stands at it."""
    from desktop.usecases.hall_keeping import add_clerk
    from desktop.usecases.staffing import clerks

    known = {clerk.number for clerk in clerks(desk, active_only=False)}
    for each in people:
        if each["number"].strip() not in known:
            added = add_clerk(desk, each["number"], each["name"], each["post"])
            desk = desk if desk.clerk else desk.served_by(added)
    return desk


def reader(post: Post, asked: Namespace) -> Answer:
    """Which identity card reader this machine has; set where one is named."""
    from desktop.devices.id_reader import load_reader
    from desktop.usecases.adjusting import adjust, machine

    if asked.driver is not None:
        load_reader(asked.driver.strip())
        adjust(post.folder, "id_reader", asked.driver)
    driver = machine(post.folder)["id_reader"]
    return Answer([f"身份证阅读器：{driver or '没有，照证件手工填写'}"], {"id_reader": driver})


def people(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.adjusting import adjust, machine
    from desktop.usecases.hall_keeping import add_clerk
    from desktop.usecases.staffing import clerk_by_number, clerks

    if asked.add:
        add_clerk(post.desk, *asked.add)
    if asked.default:
        adjust(post.folder, "clerk", clerk_by_number(post.desk, asked.default).number)
    default = machine(post.folder)["clerk"]
    told = clerks(post.desk, active_only=False)
    rows = ((each.number, each.name, each.post, _remark(each.active, each.number == default)) for each in told)
    return Answer(table(("工号", "姓名", "岗位", ""), rows, (8, 10, 10)), {"clerks": told, "default_clerk": default})


def _remark(active: bool, default: bool) -> str:
    return "已离岗" if not active else "本机默认" if default else ""


def templates(post: Post, _asked: Namespace) -> Answer:
    from desktop.usecases import contracting

    told = contracting.templates(post.desk)
    rows = ((each.kind, each.digest[:12], f"{each.name}  {_approval(each.approved_by, each.approved_on)}")
            for each in told)
    return Answer(table(("种类", "摘要", "名称与审定"), rows, (14, 14)), told)


def _approval(name: str, on: object) -> str:
    return f"{name} 于 {on} 审定" if name else "未审定，不能签订"


def approve_template(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import contracting

    view = contracting.approve_template(post.desk, asked.kind, asked.name, asked.on or post.desk.today)
    return Answer([f"“{view.name}”的文本已由{view.approved_by}于 {view.approved_on} 审定，可以签订。"], view)


def backup(post: Post, _asked: Namespace) -> Answer:
    from desktop.usecases.safekeeping import back_up

    assert post.desk  # a folder that is no hall's, or a newer program's, is told before it is copied
    made = back_up(post.folder, "asked", post.clock())
    return Answer([f"已备份并通过检查：{made.path}（{made.size // 1024} KB）"], made)


def restore(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases import safekeeping

    with safekeeping.window_lock(post.folder):
        done = safekeeping.restore(Path(asked.file), post.folder, post.clock())
    kept = f"原来的数据文件保留为 {done.kept.name}。" if done.kept else "原来没有数据文件。"
    return Answer([f"已恢复到 {done.path}，并通过检查。", kept], done)


def prepare(post: Post, _asked: Namespace) -> Answer:
    from printing.fonts import default_cache

    post.prepare_fonts()
    return Answer([f"打印字体已备好：{default_cache()}"], {"fonts": default_cache()})


def demo(post: Post, asked: Namespace) -> Answer:
    """The whole main job in a practice hall of its own, made in the out folder unless --data names another."""
    from desktop.usecases.practising import demo as practise
    from desktop.usecases.practising import make_practice_hall
    from desktop.usecases.staffing import clerks, is_practice, is_set_up

    out = out_folder(asked.out)
    place = Post(post.folder if asked.data else out / "hall", post.clock, post.clerk, may_begin=True)
    try:
        if not is_set_up(place.desk):
            make_practice_hall(place.desk, told_step("建立演练营业厅"))
        if not is_practice(place.desk):
            raise Refusal("这个数据文件夹里是正式的营业厅，不能用来演练。请去掉 --data，或换一个空文件夹。")
        desk = place.desk if place.desk.clerk else place.desk.served_by(clerks(place.desk)[0])
        files = practise(desk, out, told_step("演练主要业务"))
        _stay(desk, place.folder)
    finally:
        place.close()
    return Answer(_demo_lines(files, place.folder), {"files": files, "data": place.folder})


def _stay(desk: Desk, folder: Path) -> None:
    """Whoever goes on in the practice hall needs not say first who he is."""
    from desktop.usecases.adjusting import adjust, machine

    if desk.clerk and not machine(folder)["clerk"]:
        adjust(folder, "clerk", desk.clerk.number)


def _demo_lines(files: tuple[Path, ...], folder: Path) -> list[str]:
    return ["演练完成（资料均为虚构）。做成的文书和报表：", *(f"  {path}" for path in files),
            f"演练营业厅的数据：{folder}", f"看看其中的合同：{program()} contracts --data {folder}"]


def example(post: Post, asked: Namespace) -> Answer:
    """A filled-in answers file to start from. Its people and firms are invented; its dates suit an application that
    is brought today."""
    today = post.clock().date()
    say: dict[str, Any] = {}
    if asked.case:
        say = _of_case(post, asked)
    elif asked.of in OF_KIND:
        say = {"process": _process(post, asked, today)}
    if asked.of in ("stage", "scheme") and not asked.case:
        say["rules"] = _catalog(post)
    make: Callable[..., dict[str, Any]] = EXAMPLES[asked.of]
    made = make(asked.which, today, **say)
    import json

    return Answer([json.dumps(made, ensure_ascii=False, indent=2)], made)


def _of_case(post: Post, asked: Namespace) -> dict[str, Any]:
    """What an example is to suit: the kind of that case and, of a stage's, its rules and what is known of it."""
    from desktop.usecases.allowing import may_allow
    from desktop.usecases.case_listing import case
    from desktop.usecases.weighing import weighed_by

    if asked.of not in OF_CASE:
        raise Refusal(f"这份样例不分工单，请去掉 --case。合某张工单的有：{OF_CASE_TOLD}。", "case")
    if asked.kind:
        raise Refusal("--case 和 --kind 只写一样：工单是哪种业务，它自己知道。", "kind")
    view = case(post.desk, asked.case)
    if asked.of == "register-contract":
        return {"process": view.process}
    if asked.of == "pause":
        allows = may_allow(post.desk, post.desk.rules_of(view.process.release).clock)
        return {"process": view.process, "allowed_by": next((each.number for each in allows), "")}
    if asked.of in ("submission", "correct"):
        return {"known": view.answers if asked.of == "submission" else _correctable(post.desk, asked.case)}
    rules, known = weighed_by(post.desk, asked.case, {})
    return {"process": view.process, "rules": rules, "known": known,
            "of": (view.row.number, view.account_number or view.outside["yx_account"])}


def _correctable(desk: Desk, number: str) -> dict[str, Any]:
    """What may be corrected of a case now, as it stands; numbers and phones, which are hidden, are not written out."""
    from desktop.domain.field import field
    from desktop.usecases.correcting import correctness

    found = correctness(desk, number)
    said = {name: found.said[name] for name in found.fields if found.said.get(name) and not field(name).masked}
    if not said:
        raise Refusal(f"工单 {number} 现在没有可以照着更正的内容；可以更正哪些见 yekuo correct {number}。", "case")
    return said


def _correct_example(_which: str | None, _today: date, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Only what is to be corrected, with its new value; of a case what there is, to be reduced to that."""
    from desktop.domain.field import samples

    return dict(known or samples(("contact_name", "contact_phone", "delivery_address")))


def _accept_example(which: str | None, today: date, process: Process) -> dict[str, Any]:
    """An application with all its papers; or, of the named way, with those that are lacking then."""
    from desktop.cli_application import way_named
    from desktop.domain.material import Way
    from desktop.domain.specimen import specimen

    answers, way = specimen(process, today), way_named(which or Way.NORMAL)
    marks, why = _marks_of(process, answers, way)
    return {"kind": process.id, "way": way, **({"reason": why} if way == Way.REFUSED else {}), "answers": answers,
            "materials": marks}


def _marks_of(process: Process, answers: Mapping[str, Any], way: str) -> tuple[dict[str, str], str]:
    """The papers as they can stand under that way of acceptance, and what is then lacking."""
    from desktop.domain.material import PROMISED, Demand, Mark, Way, needed, promise_paper

    papers, promise = needed(process.materials, answers), promise_paper(process.materials)
    lacks = [] if way == Way.NORMAL else [
        paper for paper in papers if paper.role not in ("identity", "authority")
        and (way != Way.MAY_FOLLOW or paper.demand is Demand.MAY_FOLLOW)]
    if (way != Way.NORMAL and not lacks) or (way in PROMISED and promise is None):
        raise Refusal(f"“{process.name}”的这份样例没有可以{way}的资料。请换一种业务，如 --kind 13。", "which")
    signed = {promise.code: str(Mark.RECEIVED)} if promise and way in PROMISED else {}
    marks = {paper.code: str(Mark.MISSING if paper in lacks else Mark.RECEIVED) for paper in papers}
    return {**marks, **signed}, f"缺{'、'.join(paper.name for paper in lacks)}"


def _stage_example(which: str | None, today: date, process: Process, rules: Catalog,
                   known: Mapping[str, Any] | None = None, of: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """What a stage is told; its checklist and scheme suit what is `known` of a case (`of`: its number and 户号), else
    the kind's own sample."""
    from desktop.domain.scheme import scheme_stage
    from desktop.domain.scheme_specimen import scheme_specimen
    from desktop.domain.specimen import numbered, specimen, stage_specimen, with_own_people
    from desktop.domain.survey import all_fits, checklist

    stage = which or "S04"
    found = next((each for each in process.stages if stage in (each.id, each.name)), None)
    if found is None:
        there = "、".join(f"{each.id} {each.name}" for each in process.stages)
        raise Refusal(f"没有“{stage}”这个环节。现有：{there}。", "stage")
    if found == scheme_stage(process):
        return scheme_specimen(process, today, known or specimen(process, today), rules.schemes.on(today),
                               rules.voltages)
    made = with_own_people(stage_specimen(process, found.id, today), known or {})
    made = numbered(made, *of) if of[0] else made
    if "survey_items" in made:
        made["survey_items"] = all_fits(checklist(rules.surveys, process.group, known or specimen(process, today)))
    return made


def _sign_example(which: str | None, _today: date) -> dict[str, Any]:
    """A signature by the legal person of one side; an empty `on` is today."""
    from desktop.domain.field import field

    side = which or SIDES[0]
    if side not in SIDES:
        raise Refusal(f"没有“{side}”这一方，请写 customer（客户）或 ours（我方）。", "which")
    name = "supplier_legal_person" if side == "ours" else "legal_person"
    return {"on": "", "signer": field(name).sample, "capacity": "法定代表人", "poa_number": "", "poa_from": "",
            "poa_until": "", "copies": "2"}


def _setup_example(_which: str | None, _today: date) -> dict[str, Any]:
    from desktop.domain.field import FIELDS, samples

    hall = samples(tuple(name for name in FIELDS if name.startswith(("supplier_", "hall_"))))
    return {"hall": hall, "clerks": [{"number": "1001", "name": "周文", "post": "管理员"},
                                     {"number": "1002", "name": "张明", "post": "受理员"},
                                     *({"number": str(1003 + n), "name": name, "post": post}
                                       for n, (name, post) in enumerate(AGREEING))]}


def _process(post: Post, asked: Namespace, today: date) -> Process:
    """The kind of that id, name or pad number as the hall takes it today, or, before there is a hall, as this program
    brings it; without one, the usual. Of a kind that has ended the stages are still carried out."""
    catalog = _catalog(post)
    begun = catalog.processes.meant(asked.kind) if asked.kind and asked.of != "accept" else None
    return (begun or catalog.kind_taken(asked.kind or "", today)).on(today)


def _catalog(post: Post) -> Catalog:
    """The hall's, or before there is a hall the program's own."""
    from desktop.catalog.release import load_catalog
    from desktop.usecases.safekeeping import HALL

    return post.desk.catalog if (post.folder / HALL).exists() else load_catalog()


def _settle_example(_which: str | None, _today: date) -> dict[str, Any]:
    """Only what was read in the original need be given; 说明 always."""
    return {"kind": "低压非居民", "signed": "2021-05-24", "starts": "2021-05-24", "ends": "2031-05-23", "gone": "否",
            "note": "已查合同原件"}


def _numbers_example(_which: str | None, _today: date) -> dict[str, Any]:
    from desktop.domain.field import samples

    return dict(samples(("yx_application", "yx_account", "yx_contract")))


def _supplement_example(which: str | None, _today: date) -> dict[str, Any]:
    """What a contract's text of that kind asks of the file; only what is lacking need be given."""
    from desktop.domain.clause import sample_answers
    from desktop.usecases.contract_amending import OF_ONE_CONTRACT, OWN_GROUPS
    from printing.template import templates

    texts = templates()
    kind = which or next(iter(texts))
    if kind not in texts:
        raise Refusal(f"没有“{kind}”的合同文本。现有：{'、'.join(texts)}。", "which")
    from desktop.domain.field import field

    known = sample_answers(texts[kind])
    return {name: known[name] for name, blank in texts[kind].blanks.items()
            if blank.need == "required" and known.get(name) and name not in OF_ONE_CONTRACT
            and field(name).group not in (*OWN_GROUPS, "合同")}


def _material_example(_which: str | None, today: date) -> dict[str, Any]:
    """What can be found of a paper, as `yekuo material` takes it."""
    from desktop.domain.dossier import ASKED

    said = {"paper_kind": "不动产权证书", "valid_until": ""}
    return {name: said.get(name, each.sample) for name, each in ASKED.items() if name != "source"}


def _pause_example(_which: str | None, today: date, process: Process, allowed_by: str = "1003") -> dict[str, Any]:
    """A pause with all that can be said of it; until empty it stands till it is resumed, allowed_by empty by the clerk
    himself."""
    return {"reason": process.pause_reasons[0], "evidence": f"客户 {today.month} 月 {today.day} 日书面说明",
            "allowed_by": allowed_by, "until": (today + IN_A_FORTNIGHT).isoformat()}


def _corrected_pause_example(_which: str | None, today: date) -> dict[str, Any]:
    """What is put right of a pause; what is not named stays, the reason why always. withdrawn 是: there was none."""
    return {"since": today.isoformat(), "evidence": "客户书面说明原件", "withdrawn": "否", "why": "登记时日期写错"}


def _registered_example(_which: str | None, today: date, process: Process) -> dict[str, Any]:
    """A resident's contract without an end; with one, `renewal_mode` says what follows it. A kind that registers its
    contract at a stage is told only what that asks: a temporary one always ends."""
    said = {"contract_signed_on": today.isoformat(), "contract_number": f"JM-{today.year}-0001", "contract_from": "",
            "contract_until": "", "renewal_mode": "不定期"}
    asked = next((stage.fields for stage in process.stages if "contract_signed_on" in stage.fields), tuple(said))
    return {name: value for name, value in said.items() if name in asked}


EXAMPLES: dict[str, Callable[..., dict[str, Any]]] = {
    "accept": _accept_example, "scheme": _stage_example, "stage": _stage_example, "sign": _sign_example,
    "setup": _setup_example, "supplement": _supplement_example, "settle": _settle_example,
    "numbers": _numbers_example, "material": _material_example, "submission": submission_example,
    "conclusion": conclusion_example, "register-contract": _registered_example, "pause": _pause_example,
    "correct-pause": _corrected_pause_example, "correct": _correct_example,
}
OF_KIND = ("accept", "stage", "scheme", "pause", "register-contract")  # whose example depends on the kind
NAMES = {"受理": "accept", "环节": "stage", "方案": "scheme", "签署": "sign", "建厅": "setup", "补充": "supplement",
         "登记合同": "register-contract", "更正": "correct", "暂停": "pause", "更正暂停": "correct-pause",
         "资料": "material", "报验": "submission", "意见单": "conclusion", "核定": "settle", "编号": "numbers"}

OF_CASE = ("stage", "scheme", "submission", "correct", "pause", "register-contract")
OF_CASE_TOLD = "、".join(name for name, of in NAMES.items() if of in OF_CASE)


def example_named(word: str) -> str:
    """The example that is meant, by its name or in Chinese."""
    return NAMES.get(word, word)
