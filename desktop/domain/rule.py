"""The checks that the rows `[[rule]]` of a kind's file name: few, general, each asked with the row's own settings.

A check answers the figures that its sentence names where the rule is broken, and None where it is kept or has not been
given its facts yet. What the rule says, its thresholds and its 依据 are the row's: nothing here knows a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.domain import equipment
from desktop.domain.accord import plain, receiving_sum
from desktop.domain.calendar import WorkCalendar
from desktop.domain.hold import REDUCED, SUSPENDED, Hold, length, year_total
from desktop.domain.kind import Answers, number_of
from desktop.domain.material import When
from desktop.domain.standing import IN_USE, Standing
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.domain.process import Rule

Settings = Mapping[str, Any]
Figures = Mapping[str, object]


@dataclass(frozen=True)
class Beside:
    """Another case: its number, when it was accepted, and the capacity it applies for (kW; None: not told)."""

    number: str
    accepted: date
    capacity: Decimal | None


@dataclass(frozen=True)
class Situation:
    """What a rule may ask about: what was said and done on `day`, and the account it speaks of, if there is one.

    `accepted`: the day of the application, where the rule is asked at a later stage. `beside`: the other open cases
    at its address or of its customer.
    """

    answers: Answers
    day: date
    calendar: WorkCalendar
    account: Standing | None = None
    accepted: date | None = None
    beside: tuple[Beside, ...] = ()

    def on(self, name: object) -> date | None:
        try:
            return date.fromisoformat(str(self.answers.get(str(name)) or ""))
        except ValueError:
            return None

    def number(self, names: object) -> Decimal | None:
        """The number of the first of these fields that has one; names in the account's unit go first."""
        wanted = [str(name) for name in listed(names)]
        unit = f"_{self.account.unit.lower()}" if self.account else ""
        for name in sorted(wanted, key=lambda name: not name.endswith(unit)):
            if (number := number_of(self.answers.get(name))) is not None:
                return number
        return None


@dataclass(frozen=True)
class Broken:
    """A rule that is not kept: its sentence with its figures, the field it is told beside, whether it refuses."""

    rule: Rule
    sentence: str
    field: str
    blocks: bool


@dataclass(frozen=True)
class Check:
    """One check: what it is asked with (`needs` must be set, `may` can be) and which figures it tells."""

    ask: Callable[[Settings, Situation], Figures | None]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


def broken(rules: Sequence[Rule], at: Situation) -> Iterator[Broken]:
    """The rules that the application does not keep, in their order. KeyError names a check that there is not."""
    for rule in rules:
        when = condition(rule)
        figures = CHECKS[rule.check].ask(rule.settings, at) if when is None or when.holds(at.answers) else None
        if figures is not None:
            told = rule.sentence.format_map({**_shown(rule.settings), **figures})
            yield Broken(rule, f"{told}（依据：{rule.basis.told}）", place(rule, at.answers), rule.blocks)


def condition(rule: Rule) -> When | None:
    """The condition under which the rule is asked; None: always. What is no condition, `rule_row.py` tells."""
    said = rule.settings.get("when")
    if said is None:
        return None
    row = dict(said) if isinstance(said, Mapping) else {}
    one = (row.pop("value"),) if "value" in row else ()
    return When(str(row.pop("field")), tuple(row.pop("values", one)), tuple(row.pop("unless", ())), **row)


def place(rule: Rule, known: Iterable[str] = ()) -> str:
    """The field beside which the rule is told; of several that which is asked."""
    said = [str(name) for name in listed(rule.settings.get("field") or rule.settings.get("to") or "")]
    return next((name for name in said if name in known), said[0])


def _shown(settings: Settings) -> dict[str, str]:
    return {name: "、".join(map(str, listed(value))) for name, value in settings.items()}


def listed(value: object) -> list[object]:
    """A setting that may be one value or several."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


# --- spans of days


def _span(said: Settings, at: Situation) -> tuple[date, date] | None:
    first, last = at.on(said["from"]), at.on(said["to"])
    return (first, last) if first and last and first <= last else None


def _order(said: Settings, at: Situation) -> Figures | None:
    """A span ends on or after the day it begins."""
    first, last = at.on(said["from"]), at.on(said["to"])
    return {"first": first, "last": last} if first and last and last < first else None


def _span_length(said: Settings, at: Situation) -> Figures | None:
    """A span, both days inclusive, lasts `least_days` or longer, and `most_months` at the most."""
    span = _span(said, at)
    if span is None:
        return None
    days, long = (span[1] - span[0]).days + 1, length(*span)
    short = days < int(said.get("least_days", 0))
    over = "most_months" in said and long.over(int(said["most_months"]))
    told = {"first": span[0], "last": span[1], "days": days, "length": long}
    return told if short or over else None


def _year_sum(said: Settings, at: Situation) -> Figures | None:
    """All spans of a kind within a calendar year last `most_months` together; each half of one over New Year counts
    in its own year, and of odd days `month_days` make a month."""
    span = _span(said, at)
    if span is None or at.account is None:
        return None
    kind, new = str(said["kind"]), Hold(str(said["kind"]), Decimal(0), *span)
    for year in range(span[0].year, span[1].year + 1):
        total = year_total((*at.account.holds, new), kind, year, int(said["month_days"]))
        if total.over(int(said["most_months"])):
            before = year_total(at.account.holds, kind, year, int(said["month_days"]))
            part = new.within(year)
            assert part is not None
            return {"year": year, "before": before, "this": length(*part), "total": total}
    return None


def _notice(said: Settings, at: Situation) -> Figures | None:
    """The day asked for lies `least` working days or more after the application."""
    wanted, least = at.on(said["field"]), int(said["least"])
    if wanted is None:
        return None
    try:
        earliest = at.calendar.add_workdays(at.day, least)
    except Refusal:
        return None  # a year without calendar is told with the promised dates
    days = at.calendar.workdays_between(at.day, wanted) if wanted < earliest else least
    return {"wanted": wanted, "earliest": earliest, "days": days} if wanted < earliest else None


def _date_age(said: Settings, at: Situation) -> Figures | None:
    """A day is not after the application, and not older than `most_days`."""
    on = at.on(said["field"])
    if on is None:
        return None
    age = (at.day - on).days
    old = "most_days" in said and age > int(said["most_days"])
    return {"on": on, "day": at.day, "age": age} if age < 0 or old else None


def _fresh(said: Settings, at: Situation) -> Figures | None:
    """What was looked up is not older than `most_days`."""
    on = at.on(said["field"])
    age = (at.day - on).days if on else 0
    return {"on": on, "day": at.day, "age": age} if age > int(said["most_days"]) else None


def _not_past(said: Settings, at: Situation) -> Figures | None:
    """What is asked for, or done at a later stage, lies on the day of the application or after it."""
    on, day = at.on(said["field"]), at.accepted or at.day
    return {"on": on, "day": day} if on is not None and on < day else None


def _as_agreed(said: Settings, at: Situation) -> Figures | None:
    """What was done on another day than the one applied for says in `field` why."""
    on, agreed = at.on(said["on"]), at.on(said["of"])
    if on is None or agreed is None or on == agreed or at.answers.get(str(said["field"])):
        return None
    return {"on": on, "agreed": agreed, "days": abs((on - agreed).days), "word": "早" if on < agreed else "晚"}


# --- capacity and voltage


def _high_voltage(_said: Settings, at: Situation) -> Figures | None:
    """The account is supplied at high voltage; one of which nobody knows is not."""
    if at.account is None or (at.account.voltage and not at.account.is_low):
        return None
    return {"voltage": at.account.voltage or "档案未填"}


FIGURES: Mapping[str, Callable[[Standing, date], Decimal | None]] = {
    "合同容量": lambda account, _day: account.capacity,
    "运行容量": lambda account, day: account.running(day),
    "停用容量": lambda account, day: account.resting(day),
    "暂停容量": lambda account, day: sum((h.kva for h in account.unrestored(SUSPENDED, day)), Decimal(0)),
    "减容容量": lambda account, day: sum((h.kva for h in account.unrestored(REDUCED, day)), Decimal(0)),
}
RELATIONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "大于": lambda asked, figure: asked > figure,
    "小于": lambda asked, figure: asked < figure,
    "不大于": lambda asked, figure: asked <= figure,
    "等于": lambda asked, figure: asked == figure,
}


def _capacity(said: Settings, at: Situation) -> Figures | None:
    """The capacity asked for is in that relation to one of the account's figures; with `to`, on each day until then
    (for good where that is left open): the smallest of them counts."""
    asked = at.number(said["field"])
    if asked is None or at.account is None:
        return None
    first = at.on(said.get("on")) or at.day
    days = (first, *at.account.changes(first, at.on(said["to"]))) if "to" in said else (first,)
    figures = [FIGURES[str(said["against"])](at.account, day) for day in days]
    figure = min((each for each in figures if each is not None), default=None)
    if figure is None or RELATIONS[str(said["relation"])](asked, figure):
        return None
    return {"asked": plain(asked), "figure": plain(figure), "unit": at.account.unit}


def _left_is(said: Settings, at: Situation) -> Figures | None:
    """What stays connected, row by row, makes up the contract's capacity without what is `taken` away."""
    rows, taken = receiving_sum({"transformers": at.answers.get(str(said["field"]), ""),
                                 "hv_motor_kw": at.answers.get("hv_motor_kw", "")}), at.number(said["taken"])
    whole = at.account.capacity if at.account else None
    if rows is None or taken is None or whole is None or rows == whole - taken:
        return None
    return {"total": plain(rows), "whole": plain(whole), "taken": plain(taken), "left": plain(whole - taken)}


def _rests_once(said: Settings, at: Situation) -> Figures | None:
    """What is to rest does not rest already on one of these days; without a last one: for good."""
    first, last, text = at.on(said["from"]), at.on(said["to"]), str(at.answers.get(str(said["field"])) or "")
    hold = at.account.hold_of(text, first, last) if first and at.account else None
    if hold is None:
        return None
    return {"equipment": hold.equipment, "kind": hold.kind, "since": hold.since, "case": hold.case,
            "until": hold.last or "办理恢复", "kva": plain(hold.kva)}


def _whole_units(said: Settings, at: Situation) -> Figures | None:
    """The capacity is that of a whole transformer or of some together, as far as account and words tell."""
    kva, text = at.number(said["field"]), str(at.answers.get(str(said["of"])) or "")
    why = equipment.fault(text, kva, at.account.units if at.account else ()) if kva is not None else ""
    return {"asked": plain(kva), "why": why} if kva is not None and why else None


def _units_told(said: Settings, at: Situation) -> Figures | None:
    """Somebody has told the ratings of the transformers: the account, the words, or it is all that there is."""
    kva, text = at.number(said["field"]), str(at.answers.get(str(said["of"])) or "")
    if kva is None or at.account is None or at.account.units or equipment.ratings(text) or kva == at.account.capacity:
        return None
    return {"asked": plain(kva)}


def _resting(said: Settings, at: Situation) -> Figures | None:
    """Capacity of that kind rests, so that there is something to restore."""
    if at.account is None or at.account.unrestored(str(said["kind"]), at.day):
        return None
    return {}


def _rested_least(said: Settings, at: Situation) -> Figures | None:
    """What is restored rested `least_days` or longer by then."""
    back = at.on(said["field"]) or at.day
    held = at.account.unrestored(str(said["kind"]), at.day) if at.account else ()
    short = [hold for hold in held if 0 <= (back - hold.since).days < int(said["least_days"])]
    return {"since": short[-1].since, "days": (back - short[-1].since).days} if short else None


def _restored_within(said: Settings, at: Situation) -> Figures | None:
    """What rests is restored within `most_months` of the day it began to rest."""
    back = at.on(said["field"]) or at.day
    found = at.account.unrestored(str(said["kind"]), at.day) if at.account else ()
    if not found or back < found[0].since:
        return None
    long = length(found[0].since, back)
    return {"since": found[0].since, "length": long} if long.over(int(said["most_months"])) else None


# --- the account and what is said of it


def _no_open_case(_said: Settings, at: Situation) -> Figures | None:
    """No other case of the account is open."""
    if at.account is None or not at.account.open_cases:
        return None
    return {"cases": "、".join(f"{case.number}（{case.kind}）" for case in at.account.open_cases)}


def _permanent(_said: Settings, at: Situation) -> Figures | None:
    """The account is no temporary one."""
    return {} if at.account is not None and at.account.temporary else None


def _in_use(_said: Settings, at: Situation) -> Figures | None:
    if at.account is None or at.account.status in (IN_USE, ""):
        return None
    return {"status": at.account.status}


def _differs(said: Settings, at: Situation) -> Figures | None:
    """What is asked for is another than what the account has."""
    new, present = at.answers.get(str(said["field"])), _present(said, at)
    return {"present": present} if new and new == present else None


def _agrees(said: Settings, at: Situation) -> Figures | None:
    """What is said is what the account has: this change leaves it as it is."""
    told, present = at.answers.get(str(said["field"])), _present(said, at)
    return {"said": told, "present": present} if told and present and told != present else None


def _present(said: Settings, at: Situation) -> str:
    return at.account.known.get(str(said.get("of") or said["field"]), "") if at.account else ""


def _filled(said: Settings, at: Situation) -> Figures | None:
    """It is said, or, with `of`, on the account's file."""
    return None if at.answers.get(str(said["field"])) or ("of" in said and _present(said, at)) else {}


def _one_of(said: Settings, at: Situation) -> Figures | None:
    """What is said, or with `of` what the account has, is one of `values`."""
    told = _present(said, at) if "of" in said else at.answers.get(str(said["field"]))
    return {"said": told} if told and told not in listed(said["values"]) else None


def _number(said: Settings, at: Situation) -> Figures | None:
    """A number is neither under `least` nor over `most`."""
    number = at.number(said["field"])
    low, high = (Decimal(str(said[name])) if name in said else None for name in ("least", "most"))
    if number is None or not ((low is not None and number < low) or (high is not None and number > high)):
        return None
    return {"number": plain(number)}


def _together(said: Settings, at: Situation) -> Figures | None:
    """With the other open cases of the last `most_days` days at its address or of its customer, the application asks
    for no more than `most`."""
    own = at.number(said["field"])
    since = at.day.toordinal() - int(said["most_days"])
    recent = [each for each in at.beside if each.capacity is not None and each.accepted.toordinal() >= since]
    if own is None or not recent:
        return None
    total = own + sum((each.capacity or Decimal(0) for each in recent), Decimal(0))
    if total <= Decimal(str(said["most"])):
        return None
    return {"cases": "、".join(each.number for each in recent), "total": plain(total)}


CHECKS: Mapping[str, Check] = {
    "together": Check(_together, ("field", "most", "most_days"), (), ("cases", "total")),
    "number": Check(_number, ("field",), ("least", "most"), ("number",)),
    "order": Check(_order, ("from", "to"), (), ("first", "last")),
    "span_length": Check(_span_length, ("from", "to"), ("least_days", "most_months"),
                         ("first", "last", "days", "length")),
    "year_sum": Check(_year_sum, ("kind", "from", "to", "most_months", "month_days"), (),
                      ("year", "before", "this", "total")),
    "notice": Check(_notice, ("field", "least"), (), ("wanted", "earliest", "days")),
    "date_age": Check(_date_age, ("field",), ("most_days",), ("on", "day", "age")),
    "fresh": Check(_fresh, ("field", "most_days"), (), ("on", "day", "age")),
    "not_past": Check(_not_past, ("field",), (), ("on", "day")),
    "high_voltage": Check(_high_voltage, (), (), ("voltage",)),
    "capacity": Check(_capacity, ("field", "against", "relation"), ("on", "to"), ("asked", "figure", "unit")),
    "rests_once": Check(_rests_once, ("field", "from", "to"), (),
                        ("equipment", "kind", "since", "until", "case", "kva")),
    "whole_units": Check(_whole_units, ("field", "of"), (), ("asked", "why")),
    "units_told": Check(_units_told, ("field", "of"), (), ("asked",)),
    "resting": Check(_resting, ("kind",)),
    "as_agreed": Check(_as_agreed, ("field", "on", "of"), (), ("on", "agreed", "days", "word")),
    "rested_least": Check(_rested_least, ("kind", "field", "least_days"), (), ("since", "days")),
    "restored_within": Check(_restored_within, ("kind", "field", "most_months"), (), ("since", "length")),
    "no_open_case": Check(_no_open_case, (), (), ("cases",)),
    "permanent": Check(_permanent),
    "in_use": Check(_in_use, (), (), ("status",)),
    "differs": Check(_differs, ("field",), ("of",), ("present",)),
    "agrees": Check(_agrees, ("field",), ("of",), ("said", "present")),
    "filled": Check(_filled, ("field",), ("of",)),
    "left_is": Check(_left_is, ("field", "taken"), (), ("total", "whole", "taken", "left")),
    "one_of": Check(_one_of, ("field", "values"), ("of",), ("said",)),
}
