"""Verbs for the hall itself: where its data is, set-up, people, texts, backups, the practice hall."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from desktop.cli_answer import Answer, Post, day, program, read_answers, table, texts, told_step
from desktop.errors import Refusal


def where(post: Post, _asked: Namespace) -> Answer:
    from desktop.logbook import FILE, FOLDER
    from desktop.usecases.safekeeping import BACKUPS, HALL, backups
    from printing.fonts import default_cache

    newest = next(iter(backups(post.folder)), None)
    data = {"data": post.folder, "database": post.folder / HALL, "exists": (post.folder / HALL).exists(),
            "backups": post.folder / BACKUPS, "newest_backup": newest.path if newest else None,
            "log": post.folder / FOLDER / FILE, "fonts": default_cache()}
    made = f"{newest.made_at:%Y-%m-%d %H:%M}" if newest else "还没有"
    return Answer([
        f"数据文件夹  {post.folder}",
        f"数据文件    {data['database']}{'' if data['exists'] else '（还没有建立）'}",
        f"备份        {data['backups']}（最近一次：{made}）",
        f"日志        {data['log']}",
        f"字体缓存    {data['fonts']}",
    ], data)


def setup(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.adjusting import adjust, machine
    from desktop.usecases.staffing import add_clerk, clerks, set_hall

    given = read_answers(asked.answers)
    people = [texts(each) for each in given.get("clerks", []) if isinstance(each, dict)]
    set_hall(post.desk, texts(given.get("hall", {})))
    known = {clerk.number for clerk in clerks(post.desk, active_only=False)}
    desk = post.desk
    for each in people:
        if each.get("number") not in known:
            added = add_clerk(desk, each.get("number", ""), each.get("name", ""), each.get("post", ""))
            desk = desk if desk.clerk else desk.served_by(added)
    if desk.clerk and not machine(post.folder)["clerk"]:
        adjust(post.folder, "clerk", desk.clerk.number)
    told = clerks(desk)
    lines = ["营业厅资料已保存。", *(f"人员  {clerk.number}  {clerk.name}  {clerk.post}" for clerk in told)]
    return Answer(lines, {"hall": "saved", "clerks": told, "default_clerk": machine(post.folder)["clerk"]})


def people(post: Post, asked: Namespace) -> Answer:
    from desktop.usecases.adjusting import adjust, machine
    from desktop.usecases.staffing import add_clerk, clerk_by_number, clerks

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

    view = contracting.approve_template(post.desk, asked.kind, asked.name, day(asked.on or post.desk.today, "on"))
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

    out = Path(asked.out).absolute()
    place = Post(post.folder if asked.data else out / "hall", post.clock, post.clerk)
    out.mkdir(parents=True, exist_ok=True)
    try:
        if not is_set_up(place.desk):
            make_practice_hall(place.desk, told_step("建立演练营业厅"))
        if not is_practice(place.desk):
            raise Refusal("这个数据文件夹里是正式的营业厅，不能用来演练。请去掉 --data，或换一个空文件夹。")
        desk = place.desk if place.desk.clerk else place.desk.served_by(clerks(place.desk)[0])
        files = practise(desk, out, told_step("演练主要业务"))
    finally:
        place.close()
    return Answer(_demo_lines(files, place.folder), {"files": files, "data": place.folder})


def _demo_lines(files: tuple[Path, ...], folder: Path) -> list[str]:
    return ["演练完成（资料均为虚构）。做成的文书和报表：", *(f"  {path}" for path in files),
            f"演练营业厅的数据：{folder}", f"看看其中的合同：{program()} contracts --data {folder}"]


def example(_post: Post, asked: Namespace) -> Answer:
    """A filled-in answers file to start from. Its people and firms are invented."""
    made: Any = _EXAMPLES[asked.of](asked.which or "S04")
    import json

    return Answer([json.dumps(made, ensure_ascii=False, indent=2)], made)


def _accept_example(_stage: str) -> dict[str, Any]:
    from desktop.domain.field import samples
    from desktop.domain.material import Mark, Way, needed

    process = _process()
    own = ("yx_application", "yx_account", "yx_contract")
    answers = samples(tuple(name for name in process.fields if name not in own))
    return {"kind": process.id, "way": str(Way.NORMAL), "answers": answers,
            "materials": {paper.code: str(Mark.RECEIVED) for paper in needed(process.materials, answers)}}


def _stage_example(stage: str) -> dict[str, Any]:
    from desktop.domain.field import samples

    process = _process()
    found = next((each for each in process.stages if stage in (each.id, each.name)), None)
    if found is None:
        known = "、".join(f"{each.id} {each.name}" for each in process.stages)
        raise Refusal(f"没有“{stage}”这个环节。现有：{known}。", "stage")
    return dict(samples(found.fields))


def _sign_example(side: str) -> dict[str, Any]:
    """A signature by the legal person of one side; an empty `on` is today."""
    from desktop.domain.field import field

    name = "supplier_legal_person" if side == "ours" else "legal_person"
    return {"on": "", "signer": field(name).sample, "capacity": "法定代表人", "poa_number": "", "poa_from": "",
            "poa_until": "", "copies": "2"}


def _setup_example(_stage: str) -> dict[str, Any]:
    from desktop.domain.field import FIELDS, samples

    hall = samples(tuple(name for name in FIELDS if name.startswith(("supplier_", "hall_"))))
    return {"hall": hall, "clerks": [{"number": "1001", "name": "周文", "post": "管理员"},
                                     {"number": "1002", "name": "张明", "post": "受理员"}]}


def _process() -> Any:
    from desktop.catalog.release import load_catalog

    return next(iter(load_catalog().processes.values()))


_EXAMPLES = {"accept": _accept_example, "scheme": _stage_example, "stage": _stage_example, "sign": _sign_example,
             "setup": _setup_example}
