"""业扩受理台账: every application accepted in the month (or ever), and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from desktop.domain.case import Status, state
from desktop.domain.caselog import Track, fold
from printing.reports.report import Asked, CaseFact, Made, Report
from printing.sheet import Column, Row

STAGES = (("S04", "方案答复"), ("S11", "竣工检验"), ("S12", "合同签订"), ("S13", "装表"), ("S14", "送电"),
          ("S15", "归档"))
COLUMNS = (
    Column("n", "序号", "integer", 6),
    Column("number", "工单编号", "identifier", 18),
    Column("outside", "营销2.0 申请编号", "identifier", 18),
    Column("accepted", "受理日期", "date"),
    Column("customer", "户名", "text", 28),
    Column("account", "户号", "identifier", 18),
    Column("process", "业务类型", "text", 18),
    Column("way", "受理方式", "text", 10),
    Column("address", "用电地址", "text", 30),
    Column("nature", "用电类别", "text", 14),
    Column("voltage", "电压等级", "text", 10),
    Column("capacity", "申请容量", "number", 9),
    Column("unit", "单位", "text", 6),
    Column("contract", "合同容量", "number", 9),
    Column("running", "运行容量", "number", 9),
    Column("supplied_unit", "容量单位", "text", 9),
    Column("id", "证件号码", "identifier", 21, masked=True),
    Column("agent", "经办人", "text", 10),
    Column("phone", "联系电话", "identifier", 15, masked=True),
    Column("status", "状态", "text", 9),
    Column("stage", "当前环节", "text", 18),
    Column("promised", "承诺完成", "date"),
    *(Column(stage, label, "date", group="各环节完成日期") for stage, label in STAGES),
    Column("ended", "终止日期", "date"),
    Column("reason", "终止原因", "text", 14),
    Column("acceptor", "受理人", "text", 9),
    Column("owner", "责任人", "text", 9),
    Column("note", "备注", "text", 22, masked=True),
)


def make(cases: Iterable[CaseFact], asked: Asked) -> Made:
    """One row a case, in the order of acceptance."""
    return Made(_rows(cases, asked))


def _rows(cases: Iterable[CaseFact], asked: Asked) -> Iterator[Row]:
    n = 0
    for case in cases:
        track = fold(case.process, case.log)
        if asked.month is None or asked.month.holds(track.accepted_on):
            n += 1
            yield n, *_application(case, track), *_progress(case, track, asked), *_people(case)


def _application(case: CaseFact, track: Track) -> Row:
    said = case.answers
    return (
        case.number, case.outside_number, track.accepted_on, case.customer, case.account, case.process.name,
        case.way, said.get("usage_address"), said.get("usage_nature"), case.voltage, *_asked(case),
        case.contract, case.running, case.supplied_unit,
        said.get("customer_id"), said.get("agent_name"), said.get("agent_phone") or said.get("customer_phone"),
    )


def _asked(case: CaseFact) -> tuple[Decimal | None, str]:
    """申请容量 and its unit; nothing for an application that asks for none, as a 过户."""
    return (case.capacity, case.unit) if case.capacity else (None, "")


def _progress(case: CaseFact, track: Track, asked: Asked) -> Row:
    ended = track.closed_on if track.ended else None
    return (
        _status(case, track, asked), "" if track.closed_on else _open_stages(track), case.promised_on,
        *(track.runs[stage].told_on if stage in track.runs else None for stage, _ in STAGES),
        ended, track.ended_reason,
    )


def _status(case: CaseFact, track: Track, asked: Asked) -> str:
    """Whether an open case stands still is for its calendar to say; a closed one needs no counting."""
    if track.closed_on is not None:
        return str(Status.ENDED if track.ended else Status.ARCHIVED)
    return str(state(case.process, case.log, asked.calendar, asked.today).status)


def _open_stages(track: Track) -> str:
    names = [s.name for s in track.process.stages if (run := track.runs[s.id]).began and run.done_on is None]
    return "、".join(names)


def _people(case: CaseFact) -> Row:
    return case.acceptor, case.owner, case.answers.get("note")


REPORT = Report("register", "业扩受理台账", "户、kW（kVA）", "cases", COLUMNS, make, keys=5)
