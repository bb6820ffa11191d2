"""环节用时与退回: of each kind the typical working days of every stage, its share of the whole, and what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from desktop.domain.flow import StageFlow, flows
from printing.reports.report import Asked, CaseFact, Made, Report
from printing.sheet import Column, Row

COLUMNS = (
    Column("process", "业务类型", "text", 22),
    Column("stage", "环节", "text", 18),
    Column("owner", "责任", "text", 12),
    Column("count", "完成次数", "integer", 10),
    Column("typical", "中位工作日", "number", 11),
    Column("longest", "最长工作日", "integer", 11),
    Column("share", "占全程", "percent", 12),
    Column("backs", "退回到此", "integer", 10),
    Column("reasons", "退回原因（次数）", "text", 46),
)


def make(cases: Iterable[CaseFact], asked: Asked) -> Made:
    """One row a stage; in a month, what was done or sent back in it."""
    told = ((case.process, case.log) for case in cases)
    lines = flows(told, asked.calendar, asked.month.holds if asked.month else lambda _day: True)
    return Made(_rows(lines), lambda: _closing(lines))


def _rows(lines: Iterable[StageFlow]) -> Iterator[Row]:
    for line in lines:
        typical = None if line.typical is None else Decimal(str(line.typical))
        yield (line.process, line.stage, line.owner, line.count, typical, line.longest, fraction(line.share),
               line.backs, reasons_text(line))


def fraction(share: float) -> Decimal:
    """A share in per cent as a sheet's percent takes it: 0.2534 for 25.34."""
    return Decimal(f"{share / 100:.4f}")


def reasons_text(line: StageFlow) -> str:
    """Why work came back to the stage, the commonest first: 资料有误 3；图纸不全 1."""
    return "；".join(f"{reason} {count}" for reason, count in line.reasons)


def _closing(lines: Iterable[StageFlow]) -> Iterator[str]:
    for kind in dict.fromkeys(line.process for line in lines):
        of_kind = [line for line in lines if line.process == kind]
        longest = max(of_kind, key=lambda line: line.share)
        yield f"{kind}：用时最多的是{longest.stage}，占 {longest.share:.1f}%；退回 {sum(x.backs for x in of_kind)} 次。"
    yield "工作日自环节开始的次日起算，不含暂停；客户环节照实计天，便于看出时间花在哪里。"


REPORT = Report("stages", "环节用时与退回", "次、工作日", "cases", COLUMNS, make)
