"""What is said once for all kinds: stages, papers, rules and groups of fields, put under each kind's own rows.

A kind's row names a stage, a paper or a rule by its code and says only what is its own; every key of its own goes
before the dictionary's. Whoever says 依据 says all of it (effective, verified, until, region), so that no kind's own
statement stands under another paper's name. `stages.toml`, `materials.toml`, `rules.toml` and `fields.toml` are the
dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desktop.catalog.files import KINDS, Files, Table

STAGES, MATERIALS, FIELDS, RULES = "stages.toml", "materials.toml", "fields.toml", "rules.toml"
DICTIONARIES = (STAGES, MATERIALS, FIELDS, RULES)
# by what a row of a kind is the same as one of the kind that it is `like`
SAME = {"stage": ("id",), "material": ("code",), "limit": ("label", "source", "measure"),
        "rule": ("id", "check", "sentence"), "contract": ("act",), "contract_kind_when": ("kind",),
        "effect": ("deed", "stage"), "gate": ("stage", "act", "needs"), "required_when": ("field",)}
OF_BASIS = ("basis", "effective", "until", "region", "verified")
OWN_OF_STAGE = ("gate", "rule")


def whole(files: Files, name: str) -> Table:
    """The kind of that file with all that the dictionaries say of its stages, papers and fields.

    ValueError names the row that is wrong.
    """
    kind, here = _own(files, name), files.region(name)
    stages, papers, fields, book = (_of_region(_table(files, file), files.region(file), here) for file in DICTIONARIES)
    told, where = kind.pop("defaults", {}), name.rpartition("/")[2]
    kind["fields"] = _fields(kind.get("fields", []), fields.get("group", {}), where)
    kind["stage"] = [_stage(row, _named(stages, "stage", "id"), fields, where) for row in kind.get("stage", [])]
    kind["material"] = [_material(row, _named(papers, "material", "code"), told.get("material", {}), where)
                        for row in kind.get("material", [])]
    rules = _named(book, "rule", "id")
    kind["rule"] = [_rule(row, rules, where) for row in kind.get("rule", [])]
    for rows in ("limit", "rule", "contract", "gate", "required_when"):
        kind[rows] = [layered(told.get(rows, {}), row) for row in kind.get(rows, [])]
    kind["gate"] = [*_gates(kind["stage"], stages), *kind["gate"]]
    kind["required_when"] = [*_required_when(fields, kind["fields"]), *kind["required_when"]]
    for words in ("pause_reasons", "end_reasons"):
        kind.setdefault(words, stages.get(words, []))
    _promise(kind, papers)
    return kind


def called(files: Files, name: str) -> tuple[str, ...]:
    """The words that mean the kind of that file: its name, its short name, its number on the pad. Nothing else of it
    is read: to find one kind by its name the others need not be put together."""
    kind = _own(files, name)
    return tuple(str(kind[word]) for word in ("name", "short", "pad") if word in kind)


def _own(files: Files, name: str, seen: tuple[str, ...] = ()) -> Table:
    """The kind's own table, over that of the kind which it is `like`."""
    kind = dict(files.table(name))
    like = kind.pop("like", "")
    if not like:
        return kind
    parent, where = f"{KINDS}{like}.toml", name.rpartition("/")[2]
    if parent not in files or parent in seen:
        raise ValueError(f"{where}: like 应写另一种业务的编号，现为“{like}”")
    return _over(_of_region(_own(files, parent, (*seen, name)), files.region(parent), files.region(name)), kind)


def _over(base: Table, own: Table) -> Table:
    """The kind's rows over the other's: one that is the same row adds its keys to it; `drop` leaves some out."""
    drop = own.pop("drop", {})
    found = {**base, **own}
    for rows, keys in SAME.items():
        given, kept = _keyed(own, rows, keys), _keyed(base, rows, keys)
        left = {key: told for key, told in kept.items() if key[0] not in drop.get(rows, [])}
        found[rows] = [row for key in left | given for row in _laid(left.get(key, []), given.get(key, []))]
    for words in ("fields", "required_fields"):
        usual, added = own.get(words, base.get(words, [])), found.pop(f"also_{words}", [])
        found[words] = usual + added
    found["presets"] = {**base.get("presets", {}), **own.get("presets", {})}
    return found


def _keyed(kind: Table, rows: str, keys: tuple[str, ...]) -> dict[tuple[Any, ...], list[Table]]:
    """The rows by what they are the same by; several of one key follow one another in time, or are refused later."""
    found: dict[tuple[Any, ...], list[Table]] = {}
    for row in kind.get(rows, []):
        found.setdefault(tuple(row.get(key, "") for key in keys), []).append(row)
    return found


def _laid(kept: list[Table], given: list[Table]) -> list[Table]:
    """The kind's own rows of one key over the other's: each over that of its day, else over the first, in the place of
    all of them; a single one without a basis of its own over each."""
    if not given:
        return kept
    if len(given) == 1 and kept and not any(key in given[0] for key in OF_BASIS):
        return [layered(row, given[0]) for row in kept]
    of_day = {row.get("effective"): row for row in reversed(kept)}
    first = kept[0] if kept else {}
    return [layered(of_day.get(row.get("effective"), first), row) for row in given]


def _table(files: Files, name: str) -> Table:
    return files.table(name) if name in files else {}


def _of_region(table: Table, there: str, here: str) -> Table:
    """The table for a file that holds elsewhere: each of its rows with a basis says where it holds."""
    return table if there == here else _said(table, there)


def _said(value: Any, region: str) -> Any:
    if isinstance(value, list):
        return [_said(each, region) for each in value]
    if not isinstance(value, dict):
        return value
    told = {key: _said(each, region) for key, each in value.items()}
    return {"region": region, **told} if "basis" in told else told


def _named(book: Mapping[str, Any], rows: str, key: str) -> dict[str, Table]:
    return {row.get(key, ""): row for row in book.get(rows, [])}  # `whole.py` refuses what is there twice


def layered(*layers: Mapping[str, Any]) -> Table:
    """The later layer's keys over the earlier's; one that gives its basis leaves nothing of an earlier basis."""
    found: Table = {}
    for layer in layers:
        if any(key in layer for key in OF_BASIS):
            found = {key: value for key, value in found.items() if key not in OF_BASIS}
        found |= layer
    return found


def _stage(row: Mapping[str, Any], known: Mapping[str, Table], fields: Mapping[str, Any], where: str) -> Table:
    """A stage of the kind; `also_fields` and `also_required` add to the dictionary's own."""
    base = {key: value for key, value in known.get(row.get("id", ""), {}).items() if key not in OWN_OF_STAGE}
    found = layered(base, row)
    for key in ("fields", "required"):
        added = found.pop(f"also_{key}", [])
        found[key] = _fields([*found.get(key, []), *added], fields.get("group", {}), f"{where} stage {row.get('id')}")
    return found


def _material(row: Mapping[str, Any], known: Mapping[str, Table], told: Mapping[str, Any], where: str) -> Table:
    code = row.get("code", "")
    if known and code not in known and "name" not in row:
        raise ValueError(f"{where} material {code}: {MATERIALS} 里没有这份资料")
    return layered(known.get(code, {}), told, row)


def _rule(row: Mapping[str, Any], known: Mapping[str, Table], where: str) -> Table:
    """A rule of the kind; one that names an `id` is the dictionary's, with what the kind says otherwise."""
    code = row.get("id", "")
    if code and code not in known and "check" not in row:
        raise ValueError(f"{where} rule {code}: {RULES} 里没有这条规则")
    return layered(known.get(code, {}), row)


def _fields(names: Iterable[Any], groups: Mapping[str, list[str]], where: str) -> list[Any]:
    """The names, each '@group' replaced by its fields; '-name' takes one away again."""
    found: dict[Any, None] = {}
    for name in names:
        if not isinstance(name, str):
            found[str(name)] = None
        elif name.startswith("@"):
            if name[1:] not in groups:
                raise ValueError(f"{where}: {FIELDS} 里没有字段组“{name[1:]}”")
            found |= dict.fromkeys(groups[name[1:]])
        elif name.startswith("-"):
            found.pop(name[1:], None)
        else:
            found[name] = None
    return list(found)


def _gates(stages: list[Table], book: Mapping[str, Any]) -> list[Table]:
    """The dictionary's gates of the stages that this kind has, where it has the stage that they wait for too."""
    here = {stage.get("id") for stage in stages}
    known = _named(book, "stage", "id")
    return [{"stage": stage.get("id"), **gate} for stage in stages
            for gate in known.get(stage.get("id", ""), {}).get("gate", []) if gate.get("needs") in here]


def _required_when(book: Mapping[str, Any], asked: list[str]) -> list[Table]:
    """The dictionary's rules of what is filled together, as far as this kind asks it."""
    rules = [rule for rule in book.get("required_when", []) if rule.get("field") in asked]
    return [{**rule, "fields": [name for name in rule.get("fields", []) if name in asked]} for rule in rules]


def _promise(kind: Table, papers: Mapping[str, Any]) -> None:
    """The gate of promised papers, in a kind that has its stage."""
    gate = papers.get("promise_gate")
    if gate and gate.get("stage") in {stage.get("id") for stage in kind["stage"]}:
        kind.setdefault("promise_gate", gate)
