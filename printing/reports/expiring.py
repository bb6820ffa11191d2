"""到期合同清单: the contracts that the reminder ladder holds, the nearest end first, those of unknown end last.

A month, where one is asked, leaves those whose last day to act lies in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from desktop.domain.contract import State, current_end
from desktop.domain.reminder import PASSED, ContractFacts, Reminder, contract_ends
from printing.reports.report import Asked, ContractFact, Made, Report
from printing.sheet import Column, Row

COLUMNS = (
    Column("n", "序号", "integer", 6),
    Column("band", "到期档", "text", 11),
    Column("number", "合同编号", "identifier", 23),
    Column("account", "户号", "identifier", 18),
    Column("customer", "户名", "text", 28),
    Column("kind", "合同类别", "text", 12),
    Column("capacity", "合同容量", "number", 9),
    Column("running", "运行容量", "number", 9),
    Column("unit", "单位", "text", 6),
    Column("signed", "签订日期", "date"),
    Column("starts", "生效日期", "date"),
    Column("ends", "终止日期", "date"),
    Column("term_end", "现行期满日", "date"),
    Column("due", "最迟办理日", "date"),
    Column("left", "剩余天数", "integer", 9),
    Column("renewal", "续展方式", "text", 10),
    Column("state", "合同状态", "text", 11),
    Column("phone", "联系电话", "identifier", 15, masked=True),
    Column("handler", "处理人", "text", 9),
    Column("doubts", "待核事项", "text", 26),
    Column("note", "备注", "text", 22, masked=True),
)
IN_FORCE = (State.SIGNED, State.FILED)
Due = tuple[ContractFact, Reminder]


def make(contracts: Iterable[ContractFact], asked: Asked) -> Made:
    """The list, and under it how many there are of each kind on each step of the ladder."""
    due = sorted(_due(contracts, asked), key=_nearest_first)
    return Made(_rows(due, asked.today), lambda: _closing(due, asked))


def _due(contracts: Iterable[ContractFact], asked: Asked) -> Iterator[Due]:
    for contract in contracts:
        if contract.state not in IN_FORCE:
            continue
        found = contract_ends(contract.ends, asked.ladder, asked.today)
        if found and (asked.month is None or asked.month.holds(found.due)):
            yield contract, found


def _nearest_first(due: Due) -> tuple[date, str, str]:
    contract, found = due
    return found.due or date.max, contract.account, contract.number


def _rows(due: list[Due], today: date) -> Iterator[Row]:
    for n, (contract, found) in enumerate(due, 1):
        yield (
            n, found.band, contract.number, contract.account, contract.customer, contract.kind_name,
            contract.capacity, contract.running, contract.unit, contract.signed_on, contract.starts_on,
            contract.ends.ends, _term_end(contract.ends, today), found.due, found.days_left, contract.ends.mode,
            contract.state, contract.phone, contract.handler, "；".join(contract.doubts), contract.note,
        )


def _term_end(ends: ContractFacts, today: date) -> date | None:
    return current_end(ends.ends, ends.mode, ends.months, today)


def _closing(due: list[Due], asked: Asked) -> Iterator[str]:
    bands = [PASSED, *(band.word for band in reversed(asked.ladder.bands))]
    bands += sorted({found.band for _, found in due} - set(bands))
    counts = Counter((contract.kind_name, found.band) for contract, found in due)
    for kind in sorted({contract.kind_name for contract, _ in due}):
        told = "，".join(f"{band} {counts[kind, band]} 份" for band in bands if counts[kind, band])
        yield f"{kind}：{told}"
    yield f"合计 {len(due)} 份。自动续展的合同，最迟办理日是可提异议的最后一天；期限不明的只作询问。"


REPORT = Report("expiring", "到期合同清单", "份", "contracts", COLUMNS, make, keys=5)
