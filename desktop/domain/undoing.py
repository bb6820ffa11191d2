"""Taking back: what sending a case back would undo, and which finished stage its clerk may still recall (召回)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.domain.caselog import LogEntry, Track, What, fold, standing
from desktop.domain.deed import closed_told
from desktop.domain.process import Process
from desktop.domain.scheme import scheme_stage
from desktop.errors import Missing

_NOTHING_YET = (What.RECALLED, What.CONTRACT_DRAWN, What.CONTRACT_VOID)  # what was printed is told by its own entry


@dataclass(frozen=True)
class Undone:
    """A stage that would have to be done again; `done_on` None where it was only begun."""

    stage: str
    name: str
    done_on: date | None


def undone(process: Process, log: Sequence[LogEntry], to: str) -> tuple[Undone, ...]:
    """What sending the case back to stage `to` undoes, in the order of the process; first the stage itself."""
    track = fold(process, log)
    reset = [stage for stage in (to, *process.dependents(to)) if track.runs[stage].began is not None]
    return tuple(Undone(stage, process.stage(stage).name, track.runs[stage].done_on) for stage in reset)


def told(found: Sequence[Undone]) -> str:
    """One sentence for the clerk of what is undone."""
    done = [f"{each.name}（{each.done_on.isoformat()} 完成）" for each in found if each.done_on]
    begun = [each.name for each in found[1:] if not each.done_on]
    words = [f"要重做：{'、'.join(done)}" if done else "没有已完成的环节要重做，本环节重新计时",
             f"进行中的{'、'.join(begun)}停下，轮到时重新计时" if begun else ""]
    return "；".join(word for word in words if word) + "。"


def recallable(process: Process, log: Sequence[LogEntry], stage: str) -> LogEntry | Missing:
    """The entry that finished `stage`, if it can be taken back as if it had never been; else why it cannot."""
    track, name = fold(process, log), process.stage(stage).name
    if wrong := _unfinished(track, process, stage):
        return Missing(wrong)
    entry = next(each for each in reversed(standing(log)) if each.stage == stage and each.what == What.DONE)
    later = [each for each in standing(log) if each.seq > entry.seq and _built_on(process, stage, each)]
    if later:
        who = process.stage(later[0].stage).name
        return Missing(f"{name}之后已登记“{who}”，不能召回；请改用退回")
    return entry


def _unfinished(track: Track, process: Process, stage: str) -> str | None:
    place = process.stage(stage)
    name, beside = place.name, place.afterwards and not track.ended  # a call-back is not undone with what it follows
    if track.closed_on is not None and not beside:
        return closed_told(track.closed_on, track.ended, "召回")
    if place.done_by != What.DONE or place is process.first:
        return f"{name}不是经办人提交的环节，不能召回"
    if not beside and scheme_stage(process) is not None and track.runs[process.energised_by].done_on is not None:
        return "已经送电，不能召回"  # a change of use without works is written, and unwritten, on paper
    return None if track.runs[stage].done_on is not None else f"{name}还没有完成，无须召回"


def _built_on(process: Process, stage: str, entry: LogEntry) -> bool:
    """Whether a later entry stands on the finished stage: then it is the next one's and no more its clerk's. A contract
    that was only drafted is no paper yet: it is drafted again from what is said then."""
    return entry.stage in process.dependents(stage) and entry.what not in _NOTHING_YET
