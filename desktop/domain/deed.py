"""What a deed at a stage still lacks: gates, order, dates, reasons and blanks, each as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from desktop.domain.caselog import OTHER, Halt, LogEntry, Track, What, day_of, fold
from desktop.domain.process import Gate, Process, Stage
from desktop.domain.scheme import void_scheme
from desktop.domain.slip import far_told, is_far
from desktop.errors import Missing

GOES_ON = (What.DONE, What.CONTRACT_DRAWN, What.CONTRACT_PRINTED, What.CONTRACT_CUSTOMER_SIGNED, What.CONTRACT_SIGNED)
"""Deeds that build on the scheme."""


def may(
    process: Process,
    log: Sequence[LogEntry],
    stage: str,
    act: str,
    *,
    on: date,
    today: date,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Missing, ...]:
    """What stands in the way of recording `act` at `stage` as done on day `on`; empty if nothing does.

    `facts` are those that would be written with it: required fields, reason, where to. KeyError for a
    stage that the process does not have.
    """
    track, given = fold(process, log), dict(facts or {})
    place = process.stage(stage)
    closed = _closed(track, place, act)
    if closed:
        return closed
    lacks = _MAY.get(act, _may_by_deed)(track, place, act, on, given)
    if act in GOES_ON:
        lacks = (*void_scheme(process, log, stage, on), *lacks)
    return (*_dates(track, on, today), *lacks)


def _closed(track: Track, stage: Stage, act: str) -> tuple[Missing, ...]:
    """A closed case takes nothing more; but a false pause is put right in it, and who was supplied is called back."""
    afterwards = stage.afterwards and act == What.DONE and not track.ended
    if track.closed_on is None or afterwards or act == What.PAUSE_CORRECTED:
        return ()
    return (Missing(closed_told(track.closed_on, track.ended)),)


def closed_told(on: date, ended: bool, deed: str = "再登记") -> str:
    """Why a case that was filed, or `ended`, on that day takes no further `deed`: the one sentence of it, without its
    stop."""
    return f"工单已于 {on.isoformat()} {'终止' if ended else '归档'}，不能{deed}"


def _dates(track: Track, on: date, today: date) -> tuple[Missing, ...]:
    if on > today:
        return (Missing(f"办理日期 {on.isoformat()} 晚于今天，请改为实际办理日期", "claimed_on"),)
    if on < track.accepted_on:
        accepted = track.accepted_on.isoformat()
        return (Missing(f"办理日期 {on.isoformat()} 早于受理日期 {accepted}，请核对", "claimed_on"),)
    return ()


def _gates(track: Track, stage: Stage, act: str, facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    gates = [g for g in track.process.gates if g.stage == stage.id and g.act == act]
    return tuple(Missing(g.sentence, g.unless or None) for g in gates if not _open(track, g, facts))


def _open(track: Track, gate: Gate, facts: Mapping[str, Any]) -> bool:
    """Whether the gate lets the deed through."""
    if gate.unless and str(facts.get(gate.unless) or "").strip():
        return True
    followed = track.contract_deeds.get(gate.needs)  # none where the contract was not signed here
    return track.met(gate.needs) and (not gate.deed or followed in (None, gate.deed))


def _begun(track: Track, stage: Stage, act: str, on: date, facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    """The stage is open on that day, or the sentence says what it waits for."""
    run, told = track.runs[stage.id], _gates(track, stage, act, facts)
    if told:
        return told
    if run.done_on is not None:
        return (Missing(f"{stage.name}已于 {run.done_on.isoformat()} 完成，无须再次登记"),)
    if run.began is None and (waits := _waits(track, stage)):
        return waits
    began = run.began or track.met_on(stage)  # one that is optional begins by being recorded
    if began is not None and on < began:
        return (Missing(f"{stage.name}自 {began.isoformat()} 开始，办理日期不能更早", "claimed_on"),)
    return ()


def _waits(track: Track, stage: Stage) -> tuple[Missing, ...]:
    if not track.applies(stage):
        return (Missing(f"本工单按已登记的情况不需要{stage.name}"),)
    return tuple(Missing(f"{need.name}尚未完成，不能登记{stage.name}") for need in track.unmet(stage))


def _halted(track: Track, on: date) -> tuple[Missing, ...]:
    halt = track.resting(on)
    if halt is None:
        return ()
    since, reason = halt.pause.since.isoformat(), halt.pause.reason
    if halt.end is None:
        return (Missing(f"工单自 {since} 起暂停（{reason}），请先登记恢复"),)
    way = "恢复日期登错的，请更正暂停" if halt.resumed else "提前恢复的，请先登记恢复"
    return (Missing(f"{on.isoformat()} 工单停着（{since} 起暂停，{halt.end.isoformat()} 恢复，{reason}）："
                    f"办理日期应在恢复之日及以后；{way}", "claimed_on"),)


def _may_done(track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]) -> tuple[Missing, ...]:
    if stage.done_by != What.DONE:
        return (Missing(f"{stage.name}随合同双方签署自动完成，请在合同页登记签署"),)
    closed = (*_halted(track, on), *_begun(track, stage, act, on, facts))
    if closed and not (_is_open(track, stage, on) or _gates(track, stage, act, facts)):
        return closed  # what the form lacks matters once the stage's turn has come, or the law alone keeps it shut
    blanks = tuple(Missing(f"{stage.name}缺少必填内容", name) for name in stage.required if not facts.get(name))
    return (*closed, *blanks, *_failed(stage, facts))


def _is_open(track: Track, stage: Stage, on: date) -> bool:
    run = track.runs[stage.id]
    return run.began is not None and run.done_on is None and track.halted(on) is None


def _failed(stage: Stage, facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    """A bad result does not finish a stage that must be passed."""
    passes = stage.passes
    if passes is None or facts.get(passes.field) in (None, "", passes.value):
        return ()
    return (Missing(passes.sentence, passes.field),)


def _may_by_deed(
    track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]
) -> tuple[Missing, ...]:
    """A deed of the contract. Its gates hold always, and what its stage waits for must be done before anything is
    drawn up; the deed that completes the stage also needs it open."""
    if act == stage.done_by:
        return (*_halted(track, on), *_begun(track, stage, act, on, facts))
    waits = _waits(track, stage) if track.runs[stage.id].began is None and act in GOES_ON else ()
    return _gates(track, stage, act, facts) or waits


def _may_send_back(
    track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]
) -> tuple[Missing, ...]:
    if track.runs[stage.id].done_on is not None:
        return (_send_back_here(track, stage),)
    target = str(facts.get("to") or stage.id)
    allowed = (*track.process.ancestors(stage.id), stage.id)
    named = "、".join(f"{each} {track.process.stage(each).name}" for each in allowed)
    wrong = () if target in allowed else (Missing(f"不能退回到“{target}”，只能退回本环节和它之前的：{named}", "to"),)
    return (*_halted(track, on), *_begun(track, stage, act, on, facts), *_reason(facts, "退回"), *wrong)


def _send_back_here(track: Track, stage: Stage) -> Missing:
    """Work that is done is sent back to from where the case stands, and not from itself."""
    going = "、".join(each.name for each in track.process.stages
                     if track.runs[each.id].began and track.runs[each.id].done_on is None
                     and stage.id in track.process.ancestors(each.id))
    done = f"{stage.name}已于 {track.runs[stage.id].done_on} 完成"
    if not going:
        return Missing(f"{done}，后面没有正在办的环节，不能退回")
    return Missing(f"{done}：要重办，请从正在办的环节（{going}）登记退回，退回到“{stage.name}”")


def _may_pause(track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]) -> tuple[Missing, ...]:
    allowed = track.process.pause_reasons
    wrong = _until(facts, on) or _overlaps(track, on, day_of(facts.get("until")))
    return (*_halted(track, on), *_begun(track, stage, act, on, facts), *_listed(facts, "暂停", allowed), *wrong)


def _until(facts: Mapping[str, Any], on: date) -> tuple[Missing, ...]:
    try:
        until = day_of(facts.get("until"))
    except ValueError:
        return (Missing("预计恢复日期不是有效日期，请按“年-月-日”填写", "until"),)
    if until is not None and is_far(until, on):
        return (Missing(far_told("预计恢复日期", until), "until"),)
    return () if until is None or until > on else (Missing("预计恢复日期须晚于暂停日期", "until"),)


def _overlaps(track: Track, on: date, until: date | None) -> tuple[Missing, ...]:
    """A pause may be entered late, between others, where it names its end and shares no day with them."""
    shared = _shared(track, on, until)
    ends = "" if until else "；补录以前的暂停请写明恢复日期"
    return (Missing(f"与 {_days(shared)}重叠，请核对日期{ends}", "claimed_on"),) if shared else ()


def _shared(track: Track, since: date, until: date | None, own: Halt | None = None) -> Halt | None:
    """Another pause than `own` that has a day of these."""
    return next((h for h in track.halts if not h.withdrawn and h is not own and h.pause.since < (until or date.max)
                 and (h.end is None or h.end > max(since, h.pause.since))), None)


def _days(halt: Halt) -> str:
    ends = halt.end.isoformat() if halt.end else "今天"
    return f"{halt.pause.since.isoformat()} 至 {ends} 的暂停（{halt.pause.reason}）"


def _may_resume(
    track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]
) -> tuple[Missing, ...]:
    pause = track.halted(on)
    if pause is None:
        return (Missing("工单在该日未处于暂停状态，无须恢复"),)
    if on < pause.since:
        return (Missing(f"恢复日期早于暂停日期 {pause.since.isoformat()}，请核对", "claimed_on"),)
    return ()


def _may_correct(track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]) -> tuple[Missing, ...]:
    """A pause is corrected by a further entry that says why; its days must be possible."""
    halt = track.halt(facts.get("of"))
    if halt is None:
        return (Missing("没有这次暂停的登记，请从时限面板里选要更正的暂停", "of"),)
    why = () if str(facts.get("why") or "").strip() else (Missing("请填写更正原因", "why"),)
    if facts.get("withdrawn"):
        return why
    if halt.withdrawn and "withdrawn" not in facts:
        return (Missing("这次暂停已经撤销，没有日期可更正；撤销错了的，请先取消撤销", "of"),)
    try:
        since = day_of(facts.get("since")) or halt.pause.since
        until = day_of(facts["until"]) if "until" in facts else halt.end
    except ValueError:
        return (Missing("暂停的起止日期不是有效日期，请按“年-月-日”填写", "since"), *why)
    listed = _listed(facts, "暂停", track.process.pause_reasons) if facts.get("reason") else ()
    return (*_span_faults(track, halt, since, until, on), *listed, *why)


def _span_faults(track: Track, halt: Halt, since: date, until: date | None, on: date) -> Iterator[Missing]:
    if since < track.accepted_on or since > on:
        yield Missing(f"暂停起始日应在受理日期 {track.accepted_on.isoformat()} 之后、今天之前", "since")
    if until is None and (halt.end is not None or track.closed_on is not None):
        yield Missing("这次暂停已经恢复，请写明恢复日期", "until")
    if until is not None and until < since:
        yield Missing("恢复日期早于暂停起始日，请核对", "until")
    if until is not None and until > on and halt.end is not None and halt.end <= on:
        yield Missing("这次暂停已经恢复，恢复日期不能改到今天之后", "until")
    if (shared := _shared(track, since, until, halt)) is not None and (until is None or until > since):
        yield Missing(f"更正后与 {_days(shared)}重叠，请核对日期", "since" if since != halt.pause.since else "until")


def stands_longer(halt: Halt | None, said: Mapping[str, Any]) -> bool:
    """Whether the correction lets the clock stand on a day on which it ran: that is allowing a pause, and not only
    telling it better. False for days that are none, which `may` refuses."""
    if halt is None or said.get("withdrawn"):
        return False
    try:
        since = day_of(said.get("since")) or halt.pause.since
        until = day_of(said["until"]) if "until" in said else halt.end
    except ValueError:
        return False
    return (halt.withdrawn and "withdrawn" in said) or since < halt.pause.since or (
        (until or date.max) > (halt.end or date.max))


def _may_promise(track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]) -> tuple[Missing, ...]:
    try:
        to = day_of(facts.get("to"))
    except ValueError:
        to = None
    if track.runs[stage.id].done_on is not None:
        return (Missing(f"{stage.name}已经完成，无须再承诺日期"),)
    if to is None or to <= on:
        return (Missing("承诺日期应是今天以后的日期，请按“年-月-日”填写", "to"),)
    if is_far(to, on):
        return (Missing(far_told("承诺日期", to), "to"),)
    return _reason(facts, "承诺")


def _may_submit(track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]) -> tuple[Missing, ...]:
    return _begun(track, stage, act, on, facts)


def _may_end(track: Track, stage: Stage, act: str, on: date, facts: dict[str, Any]) -> tuple[Missing, ...]:
    if track.runs[track.process.energised_by].done_on is not None:
        return (Missing("已送电的工单不能终止，请办理归档"),)
    return (*_after_all(track, on), *_listed(facts, "终止", track.process.end_reasons), *_worded(facts))


def _after_all(track: Track, on: date) -> tuple[Missing, ...]:
    """What closes a case comes after all that was done in it."""
    days = [day for run in track.runs.values() for day in (run.began, run.done_on) if day]
    last = max((*days, *(halt.pause.since for halt in track.halts if not halt.withdrawn)), default=on)
    if on >= last:
        return ()
    return (Missing(f"工单在 {last.isoformat()} 还有登记，终止日期不能更早", "claimed_on"),)


def _reason(facts: Mapping[str, Any], word: str) -> tuple[Missing, ...]:
    return () if str(facts.get("reason") or "").strip() else (Missing(f"请填写{word}原因", "reason"),)


def _worded(facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    """A reason that the list has not is told in words: 其他 alone tells nobody anything."""
    if facts.get("reason") != OTHER or str(facts.get("explanation") or "").strip():
        return ()
    return (Missing("终止原因选“其他”的，请在“说明”里写明是什么原因", "explanation"),)


def _listed(facts: Mapping[str, Any], word: str, allowed: tuple[str, ...]) -> tuple[Missing, ...]:
    """A reason that stops a clock or closes a case is one of the catalogue's, so that it can be counted."""
    if facts.get("reason") in allowed:
        return ()
    return (Missing(f"请选择{word}原因：{'；'.join(allowed)}", "reason"),)


_MAY: dict[str, Callable[[Track, Stage, str, date, dict[str, Any]], tuple[Missing, ...]]] = {
    What.DONE: _may_done,
    What.SENT_BACK: _may_send_back,
    What.PAUSED: _may_pause,
    What.RESUMED: _may_resume,
    What.PAUSE_CORRECTED: _may_correct,
    What.PROMISED: _may_promise,
    What.SUBMITTED: _may_submit,
    What.ENDED: _may_end,
}
