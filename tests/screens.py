"""A walk through every page of the window in a practice hall: for the screenshots, and to see that nothing is cut.

    python -m tests.screens             writes into docs/pictures the pictures that README and guide show
    python -m tests.screens FOLDER      writes a picture of every screen there
    python -m tests.screens FOLDER dark     the same in the dark scheme
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.domain.field import samples

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
LEDGER = ROOT / "tests" / "samples" / "合同台账样例.xlsx"
CASES = ROOT / "tests" / "samples" / "在办工单样例.xlsx"
MOMENT = datetime(2026, 11, 23, 9, 0)
DARK = "-dark"  # the ending of a picture of the dark look
OWN = {"agent_id": "632521199003071218", "power_factor_standard": "不考核", "voltage_reason": ""}
"""What a sample of its own says that does not fit the others: the agent is not the legal person, and 80 kW at 380 V is
held to no power factor, nor supplied at a higher voltage than it needs."""
Settle = Callable[[], None]


def walk(window: Any, settle: Settle) -> Iterator[str]:
    """Open one screen after another, each filled with the longest sample values, and name it."""
    for screens in (_lists, _intake, _case, _contract, _system, _frame):
        for name in screens(window, settle):
            settle()
            yield name


def _lists(window: Any, settle: Settle) -> Iterator[str]:
    window.go("reminders")
    yield "reminders"
    panel = window.page("reminders")
    panel.do("稍后提醒", next(view for view in panel.table.pages.items if "稍后提醒" in view.actions))
    yield "reminder-later"
    panel.ask.hide()
    for name in ("cases", "contracts", "reports"):
        window.go(name)
        yield name
    yield from _overview(window, settle)
    window.page("contracts").ask_renewal()
    window.go("contracts")
    yield "contracts-renewal"
    window.page("contracts").ask.hide()
    window.go("import")
    page = window.page("import")
    page.look(LEDGER)
    yield "import"
    settle()
    page.conflicts._take((_at_odds(1), _at_odds(2)))
    page.conflicts.adopt_button.click()  # without a ground
    yield "import-conflict"
    page.conflicts._take(())
    window.go("import_cases")
    window.page("import_cases").look(CASES)
    yield "import-cases"


def _overview(window: Any, settle: Settle) -> Iterator[str]:
    from desktop.usecases.case_listing import CaseFilter, cases

    window.go("board", {})
    yield "board"
    window.go("shift")
    yield "shift"
    window.page("shift").ask_give()
    yield "shift-give"
    window.page("shift").ask.hide()
    window.go("flow")
    yield "flow"
    window.go("progress", cases(window.services.desk, CaseFilter(open_only=True)).rows[0].number)
    yield "progress"
    yield from _account(window, settle)
    window.go("cases")
    window.page("cases").show_morning()
    yield "morning"


def _account(window: Any, settle: Settle) -> Iterator[str]:
    """An account with a hold, a contract, its cases; and one at low voltage, which may do less."""
    from desktop.domain.sample_account import ACCOUNTS

    window.go("account", ACCOUNTS["resume"].number)
    settle()
    page = window.page("account")
    page.changes.selectRow(len(page.changes.pages.items) - 1)
    yield "account"
    window.go("account", ACCOUNTS["move_meter"].number)
    settle()
    page.changes.selectRow(next(n for n, row in enumerate(page.changes.pages.items) if row.reason))
    yield "account-low"


def _at_odds(number: int) -> Any:
    from desktop.usecases.adopting import Conflict, Difference

    said = (("name", "户名", "青海湖畔·藏毯有限公司", "青海湖畔·藏毯（集团）有限责任公司共和分公司"),
            ("address", "用电地址", "共和县恰卜恰镇团结北路 88 号",
             "共和县恰卜恰镇绿洲南路 16 号院内东侧第二排 3 号厂房"),
            ("ends", "到期日", "2031-05-23", "（空，须核定）"))
    return Conflict(number, "GD-2021-0000386", "各供电所合同台账（2026年第三季度）.xlsx", "恰卜恰供电所", 386, (),
                    tuple(Difference(*each) for each in said))


def _told(names: Any) -> dict[str, Any]:
    """The sample values of these fields, as they fit one another."""
    return {**samples(tuple(names)), **{name: value for name, value in OWN.items() if name in names}}


def _intake(window: Any, settle: Settle) -> Iterator[str]:
    window.go("intake")
    page = window.page("intake")
    settle()
    page.form.set_answers(_told(page.form.names))
    page.assess()
    yield "intake"
    page.kind.showPopup()
    yield "intake-kinds"
    page.kind.hidePopup()
    yield from _kinds(window, page)
    page.form.show_faults({"customer_id": "统一社会信用代码校验码不对，请对照证件核对",
                           "postcode": "邮政编码格式不对：6 位数字"})
    page.form.go_to("loads")
    yield "intake-loads"
    page.ask_decline()
    yield "intake-decline"
    page.ask.hide()
    for _name, state in page.summary.materials._lines.values():
        state.set_value("已收")
    page.form.set_answers(samples(tuple(page.form.names)))
    page.accept()
    yield "accepted"
    window.services.messages.hush()
    page.clear()


def _kinds(window: Any, page: Any) -> Iterator[str]:
    """The form of every kind, full; and back to the one that stood there."""
    from desktop.domain.specimen import specimen

    stood, desk = page.kind.value(), window.services.desk
    for kind in desk.catalog.processes.values():
        _choose(page, kind.id)
        page.form.set_answers(specimen(kind, desk.today))
        page.assess()
        yield f"intake-{kind.id}"
    _choose(page, stood)
    page.form.set_answers(samples(tuple(page.form.names)))


def _choose(page: Any, kind: str) -> None:
    page.kind.set_value(kind)
    page.kind.chosen.emit(kind)


def _case(window: Any, settle: Settle) -> Iterator[str]:
    from desktop.usecases.case_listing import CaseFilter, case, cases

    desk = window.services.desk
    rows = cases(desk, CaseFilter(), limit=200).rows
    views = [case(desk, row.number) for row in rows]
    answered = next(v for v in views if "S04" in v.state.current and v.row.status == "在办")
    window.go("case", answered.row.number)
    page = window.page("case")
    page.choose_stage("S04")
    page.stage_form.form.fill(_told(page.stage_form.form.names))
    yield "case"
    asks = ((page.ask_back, "case-back"), (page.ask_pause_or_resume, "case-pause"), (page.ask_end, "case-end"))
    for ask, name in asks:
        ask()
        yield name
    page.ask.hide()
    page.toggle_clocks()
    yield "case-clock"
    page.clocks.leave()
    yield from _paused(window, page, answered.row.number)
    window.show_keys()
    yield "case-keys"
    window._keys.close()
    yield from _stages(window, page, views)
    yield from _materials(window, settle, next(v for v in views if any(paper.open for paper in v.materials)).row.number)
    yield from _works(window, settle, next(v for v in views if "S11" in v.state.current).row.number)
    yield from _refund(window, next(v for v in views if v.row.status == "已终止" and v.row.short == "移表").row.number)
    done = next(v for v in views if v.row.status == "已归档" and "S04" in v.process.stage_by_id)
    window.go("case", done.row.number)
    page.choose_stage("S04")
    yield "case-done"
    window.go("paper", done.papers[0])
    yield "paper"


def _stages(window: Any, page: Any, views: list[Any]) -> Iterator[str]:
    """The panels of stages that are short or seldom, each filled, at a case that stands there."""
    for stage in ("S05", "S06", "S07", "S09", "S10", "S16", "S18", "S19", "S20", "S22", "S23"):
        stands = (v for v in views if not v.state.closed_on and _is_open(v, stage))
        if (view := next(stands, None)) is not None:
            window.go("case", view.row.number)
            page.choose_stage(stage)
            if page.stage_form.form is not None:
                page.stage_form.form.fill(samples(tuple(page.stage_form.form.names)))
            yield f"stage-{stage}"


def _is_open(view: Any, stage: str) -> bool:
    return stage in view.process.stage_by_id and view.state.stage(stage).state in ("进行", "可办")


def _refund(window: Any, number: str) -> Iterator[str]:
    """A case that came to nothing after its fee was paid, which is given back."""
    window.go("works", number)
    page = window.page("works")
    page.refund_button.click()
    yield "works-refund"
    page.ask.hide()


def _paused(window: Any, page: Any, number: str) -> Iterator[str]:
    """A case that stands still: how long, since when, and the pause corrected beside its clocks."""
    from desktop.usecases.casework import record
    from ui.case_correction import ask_correction

    desk = window.services.desk
    evidence = "电话记录 0974-8600001：客户要求推迟到下周再来"
    record(desk, number, "S04", "paused", {"reason": page.view.process.pause_reasons[0], "evidence": evidence})
    page.refresh()
    yield "case-paused"
    page.toggle_clocks()
    page.clocks.ask_correction(next(iter(page.clocks._pauses)))
    yield "case-pause-correction"
    page.ask.hide()
    page.clocks.leave()
    record(desk, number, "S04", "resumed", {})
    page.refresh()
    ask_correction(page)
    yield "case-correction"
    page.ask.hide()


def _works(window: Any, settle: Settle, number: str) -> Iterator[str]:
    from desktop.usecases.charging import charge, set_tariff
    from desktop.usecases.inspecting import conclude, submit
    from desktop.usecases.staffing import clerks

    desk = window.services.desk
    handed_in = samples(desk.catalog.inspections.kind("final").asks)
    defects = [{**samples(("defects",))["defects"][0], "due_on": str(desk.today)}]  # type: ignore[dict-item]
    set_tariff(desk, "移表工料费", "185.50", "示例省发展改革委价格文件〔2026〕第 118 号", desk.today,
               allowed_by=next(each.number for each in clerks(desk) if each.post in ("班长", "主管", "管理员")))
    charge(desk, number, "移表工料费", "2")
    submit(desk, number, "final", handed_in)
    conclude(desk, number, "final", "不合格", samples(("inspected_by", "reviewed_by", "review_opinion")), defects)
    submit(desk, number, "final", handed_in)
    window.go("works", number)
    page = window.page("works")
    yield "works"
    for button, name in ((page.charge_button, "works-charge"), (page.conclude_button, "works-opinion"),
                         (page.mend_button, "works-mend"), (page.hand_button, "works-hand")):
        button.click()
        yield name
    page.ask.hide()


def _materials(window: Any, settle: Settle, number: str) -> Iterator[str]:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    from ui.pictures import as_png

    window.go("materials", number)
    page = window.page("materials")
    settle()
    scan = QImage(480, 640, QImage.Format.Format_RGB32)
    scan.fill(QColor("#e8efe9"))
    painter = QPainter(scan)
    font = painter.font()
    font.setPixelSize(56)
    painter.setFont(font)
    painter.drawText(scan.rect(), Qt.AlignmentFlag.AlignCenter, "不动产权证书\n（样例）")
    painter.end()
    page._file([lambda: (as_png(scan), "不动产权证书.png")])
    settle()
    window.services.messages.hush()
    yield "materials"
    page.camera.toggle()
    yield "materials-camera"
    page.camera.stop()
    page.ask_promise()
    yield "materials-promise"
    page.ask.hide()
    window.go("file", (number, page.files, 0))
    settle()
    yield "file"


def _contract(window: Any, settle: Settle) -> Iterator[str]:
    from desktop.usecases.contract_listing import ContractFilter, contracts

    desk = window.services.desk
    page = window.page("contract")
    for state in ("草稿", "待签", "客户已签", "我方已签用印"):
        row = next(iter(contracts(desk, ContractFilter(state=state)).rows), None)
        if row is not None:
            window.go("contract", row.key)
            settle()
            yield f"contract-{('草稿', '待签', '客户已签', '我方已签用印').index(state) + 1}"
            if state != "草稿":
                page.next_step()
                yield f"contract-{('草稿', '待签', '客户已签', '我方已签用印').index(state) + 1}-ask"
                page.ask.hide()
    doubtful = next(iter(contracts(desk, ContractFilter(doubtful=True)).rows))
    window.go("contract", doubtful.key)
    yield "contract-doubtful"


def _system(window: Any, settle: Settle) -> Iterator[str]:
    for name in ("backup", "hall", "clerks", "texts", "calendar", "catalog", "desk"):
        window.go("system", name)
        yield f"system-{name}"


def _frame(window: Any, settle: Settle) -> Iterator[str]:
    window.go("reminders")
    window.services.messages.say("wrong", "打印机“大厅一号”没有接受这份文书。请检查它是否开机、联机、有纸。"
                                          "文书已存好，可随时补打；也可以另存为 PDF 后从别处打印。")
    yield "message"
    window.services.messages.hush()
    window.search.setFocus()
    window.search.setText("合作社")
    window.search.look()
    yield "search"
    window.search.close_hits()
    window.search.clear()
    window.show_keys()
    yield "keys"
    window.choose_clerk()
    yield "clerks"


def open_practice(folder: Path, customers: int) -> Any:
    """A desk in a new practice hall, its first clerk at it."""
    from db.engine import Database
    from db.schema import ensure
    from desktop.catalog.release import load_catalog
    from desktop.usecases.desk import Desk
    from desktop.usecases.practising import make_practice_hall
    from printing.fonts import default_cache, prepare

    prepare(default_cache(), lambda _done, _total: None)
    database = Database(folder / "hall.db")
    ensure(database)
    desk = Desk(database, load_catalog(), lambda: MOMENT, folder, default_cache())
    make_practice_hall(desk, customers=customers)
    return at_work(desk)


def at_work(desk: Any) -> Any:
    """The desk as the window has it, the hall's last clerk at it."""
    from desktop.usecases.ruling import with_rules_of_today
    from desktop.usecases.staffing import clerks

    return with_rules_of_today(desk.served_by(clerks(desk)[-1]))


def shown() -> set[str]:
    """The screens that README and guide show."""
    told = "".join(page.read_text("utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    return set(re.findall(r"pictures/([\w-]+)\.png", told))


def save(picture: Any, path: Path) -> None:
    """Write with the 256 colours that it has most of: a third of the size, and no eye sees it."""
    image = picture.toImage()
    counted = Counter(memoryview(image.constBits()).cast("B").cast("I").tolist())
    palette = [0xFF000000 | colour for colour, _ in counted.most_common(256)]
    image.convertToFormat(image.Format.Format_Indexed8, palette).save(str(path), "PNG", 0)


def grab(window: Any) -> Any:
    """The window as it is seen, with a list that is open over it."""
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QApplication

    picture, over = window.grab(), QApplication.activePopupWidget()
    if over is not None:
        painter = QPainter(picture)
        painter.drawPixmap(window.mapFromGlobal(over.pos()), over.grab())
        painter.end()
    return picture


@contextmanager
def _practice_folder() -> Iterator[Path]:
    """An empty folder whose name, which a picture shows, is the same each time."""
    hall = Path(tempfile.gettempdir(), "演练厅")
    shutil.rmtree(hall, ignore_errors=True)
    hall.mkdir()
    yield hall
    shutil.rmtree(hall)


def main(folder: Path, wanted: set[str] | None, ending: str = "") -> None:
    """Write the wanted screens of the walk as pictures, or all; each under its name and `ending`."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop
    from PySide6.QtGui import QCursor

    from desktop.usecases.safekeeping import back_up
    from ui.application import make_application
    from ui.main_window import MainWindow
    from ui.printing import choose_printer
    from ui.services import Services

    app = make_application()
    QCursor.setPos(5000, 5000)  # no button shows as under the mouse
    folder.mkdir(parents=True, exist_ok=True)
    with _practice_folder() as hall:
        services = Services(hall)
        window = MainWindow(services)
        window.show()

        def settle() -> None:
            deadline = QDeadlineTimer(600)
            while services.jobs.busy or not deadline.hasExpired():
                app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

        desk = open_practice(hall, 300)
        back_up(hall, "start", MOMENT)
        choose_printer(services.settings, "大厅一号")
        services.open(desk)
        left = None if wanted is None else set(wanted)
        for name in walk(window, settle):
            if left is None or name in left:
                save(grab(window), folder / f"{name}{ending}.png")
                print(folder / f"{name}{ending}.png")
            if left is not None:
                left.discard(name)
                if not left:
                    break
        services.desk.db.close()


def draw_shown(ending: str) -> None:
    """The pictures of README and guide whose name has this ending: the dark ones, or without it the others."""
    names = {name for name in shown() if name.endswith(DARK) is bool(ending)}
    main(PICTURES, {name.removesuffix(DARK) for name in names}, ending)


if __name__ == "__main__":
    if "dark" in sys.argv[1:]:
        from ui import scheme

        scheme.dark = True
    if sys.argv[1:] in ([], ["dark"]):
        draw_shown(DARK if sys.argv[1:] else "")
    else:
        main(Path(sys.argv[1]), None)
    if not sys.argv[1:]:  # the colours are constants of a running program
        subprocess.run([sys.executable, "-m", "tests.screens", "dark"], check=True)
