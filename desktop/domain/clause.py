"""A contract's text: clauses with blanks, and the same clauses filled. Rendering them is printing's business.

The text decides what must be asked: `Template.blanks` holds one entry for every blank that stands in it. A
document with a hole is never made: `fill` refuses and names each hole; `faults` tells the same while the clerk
is still typing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from desktop.domain import accord
from desktop.domain.contract import Pairing
from desktop.domain.field import Answers, Rows, Value, check, field, samples, show, show_cell
from desktop.domain.money import in_words
from desktop.errors import Missing, Refusal

UNVERIFIED = "待核验"
# a blank stands inside a sentence that ends by itself
_CLOSERS = "。；，、"


@dataclass(frozen=True)
class Blank:
    """How one blank of a text is to be met. `verified=False`: the default still needs a lawyer's eye.

    empty: what is printed when an optional blank stays empty; sample: this kind's own sample, else the field's.
    """

    name: str
    need: Literal["required", "default", "optional"]
    default: str = ""
    basis: str = ""
    verified: bool = True
    empty: str = "无"
    sample: str = ""


@dataclass(frozen=True)
class Words:
    text: str


@dataclass(frozen=True)
class Slot:
    name: str


@dataclass(frozen=True)
class Paragraph:
    """level 0 body (first line indented two characters), 1 an item （一）, 2 a sub-item 1.; marks are in the text."""

    runs: tuple[Words | Slot, ...]
    level: int = 0


@dataclass(frozen=True)
class TableBlock:
    """A rows-field printed as a table with that field's columns; `summed` names those that are added up under it."""

    field: str
    title: str = ""
    summed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """An empty frame to attach a drawing in; the same in the template and in the filled text."""

    caption: str
    height_mm: int = 120


@dataclass(frozen=True)
class Signing:
    """Lines to be signed by hand inside an annex, (left label, right label) each; printed only where the field
    `where` is answered: nobody is asked to sign what does not apply."""

    where: str
    lines: tuple[tuple[str, str], ...]


Block = Paragraph | TableBlock | Frame | Signing


@dataclass(frozen=True)
class Clause:
    id: str
    head: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Template:
    """The text of one contract kind. `party_fields`: supplier's and customer's field on each line, '' for none;
    `signature_fields`: supplier's and customer's label on each line to be signed by hand, '' for none."""

    kind: str
    title: str
    notice: str
    digest: str
    clauses: tuple[Clause, ...]
    annexes: tuple[Clause, ...]
    blanks: Mapping[str, Blank]
    party_fields: tuple[tuple[str, str], ...]
    signature_fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FilledRun:
    """filled: a value, underlined on paper. mark: what the margin of that line says."""

    text: str
    filled: bool = False
    mark: str = ""


@dataclass(frozen=True)
class FilledParagraph:
    runs: tuple[FilledRun, ...]
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class FilledTable:
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    total: tuple[str, ...] = ()
    """The cells of the 合计 line; none where nothing is added up."""


FilledBlock = FilledParagraph | FilledTable | Frame | Signing


@dataclass(frozen=True)
class FilledClause:
    id: str
    number: int
    head: str
    blocks: tuple[FilledBlock, ...]


@dataclass(frozen=True)
class FilledContract:
    """All that the paper shows. supplier, customer: (label, value) lines; signature: (supplier's label,
    customer's label) lines, '' where a side has none; practice: 演练 on every page."""

    title: str
    number: str
    notice: str
    practice: bool
    supplier: tuple[tuple[str, str], ...]
    customer: tuple[tuple[str, str], ...]
    clauses: tuple[FilledClause, ...]
    annexes: tuple[FilledClause, ...]
    signature: tuple[tuple[str, str], ...]
    place: str
    qr: str


@dataclass(frozen=True)
class Fault:
    """What keeps a text from being printed; clause_id and head are '' for the parties' block."""

    clause_id: str
    head: str
    field: str
    sentence: str
    kind: Literal["空白", "含糊", "矛盾", "格式"]


def ordinal(number: int) -> str:
    """1 → 一, 41 → 四十一, for 第…条 and 附件…; 1 to 99."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    if not 1 <= number <= 99:
        raise ValueError(f"no clause has number {number}")
    head = "" if tens == 0 else ("十" if tens == 1 else f"{digits[tens]}十")
    return head + (digits[ones] if ones else "")


def slots(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """Names of the fields that the blocks ask for, in the order of the text, each once."""
    return tuple(dict.fromkeys(_slots(blocks)))


def _slots(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, TableBlock):
            yield block.field
        elif isinstance(block, Paragraph):
            yield from (run.name for run in block.runs if isinstance(run, Slot))


def asked(template: Template) -> tuple[tuple[Clause, tuple[str, ...]], ...]:
    """Every clause and annex that has blanks, with their field names: the order of the form beside the paper."""
    pairs = ((clause, slots(clause.blocks)) for clause in (*template.clauses, *template.annexes))
    return tuple((clause, names) for clause, names in pairs if names)


def value(template: Template, answers: Answers, name: str) -> str | Rows:
    """What stands in a blank: the answer, else the blank's default, else ''."""
    given = answers.get(name, "")
    if isinstance(given, str) and not given.strip():
        blank = template.blanks.get(name)
        return blank.default if blank else ""
    return given


def sample_answers(template: Template) -> dict[str, Value]:
    """Synthetic answers with which this text can be printed, every blank met."""
    own = {name: blank.sample for name, blank in template.blanks.items() if blank.sample}
    return {**samples(tuple(template.blanks)), **own}


def effective(template: Template, answers: Answers) -> dict[str, str | Rows]:
    """The answers with every default in its place: what is kept beside the printed bytes."""
    met = {name: value(template, answers, name) for name in template.blanks}
    return {name: content for name, content in {**answers, **met}.items() if content}


def faults(template: Template, answers: Answers, *, cap_years: int | None = None,
           pairings: Iterable[Pairing] = ()) -> tuple[Fault, ...]:
    """Everything that keeps the contract from being printed, in the order of the text.

    cap_years: the kind's longest term in years (catalogue), None for no cap; pairings: the catalogue's rows of blanks
    that must fit each other.
    """
    places = _places(template)
    known = effective(template, answers)
    found = [fault for name in template.blanks for fault in _blank_faults(template, known, name)]
    # what the text has no blank for would be dropped without a word, so it is told as well
    found += [Fault("", "", name, sentence, "矛盾")
              for name, sentence in accord.contradictions(known, cap_years=cap_years, pairings=pairings)]
    placed = [_at(fault, places) for fault in found]
    order = {name: index for index, name in enumerate(places)}
    return tuple(sorted(placed, key=lambda fault: order.get(fault.field, -1)))


def _places(template: Template) -> dict[str, Clause]:
    """Where each blank first stands."""
    places: dict[str, Clause] = {}
    for clause, names in asked(template):
        for name in names:
            places.setdefault(name, clause)
    return places


def _at(fault: Fault, places: Mapping[str, Clause]) -> Fault:
    clause = places.get(fault.field)
    return replace(fault, clause_id=clause.id, head=clause.head) if clause else fault


def _blank_faults(template: Template, known: Answers, name: str) -> Iterator[Fault]:
    content, label = known.get(name, ""), field(name).label
    if not content:
        if template.blanks[name].need == "required":
            yield Fault("", "", name, f"“{label}”尚未填写，请补填", "空白")
        return
    wrong = check(name, content)
    if wrong:
        yield Fault("", "", name, wrong, "格式")
    for word in accord.vague_words(name, content):
        yield Fault("", "", name, f"“{label}”中“{word}”含糊，请改写为确定的内容", "含糊")


def fill(template: Template, answers: Answers, *, number: str, practice: bool,
         cap_years: int | None = None, pairings: Iterable[Pairing] = ()) -> FilledContract:
    """The contract as it will stand on paper.

    number: the contract number, also in the QR; practice: 演练 data; cap_years, pairings as in `faults`.
    Raises Refusal with one `missing` per fault: a document with a hole is never printed.
    """
    answers = {**answers, "contract_number": number}
    wrong = faults(template, answers, cap_years=cap_years, pairings=pairings)
    if wrong:
        raise _refusal(wrong)
    known = effective(template, answers)
    return FilledContract(
        title=template.title, number=number, notice=template.notice, practice=practice,
        supplier=_party(template, known, 0), customer=_party(template, known, 1),
        clauses=_filled(template.clauses, template, known), annexes=_filled(template.annexes, template, known),
        signature=template.signature_fields, place=str(known.get("sign_place", "")), qr=number,
    )


def _refusal(wrong: tuple[Fault, ...]) -> Refusal:
    missing = tuple(Missing(f"{fault.head}：{fault.sentence}" if fault.head else fault.sentence, fault.field)
                    for fault in wrong)
    return Refusal(f"合同还有 {len(wrong)} 处不能成文，请逐项处理后再生成", wrong[0].field, missing)


def _party(template: Template, known: Answers, side: int) -> tuple[tuple[str, str], ...]:
    names = (pair[side] for pair in template.party_fields if pair[side])
    return tuple((field(name).label, _printed(template, known, name)) for name in names)


def _filled(clauses: tuple[Clause, ...], template: Template, known: Answers) -> tuple[FilledClause, ...]:
    return tuple(FilledClause(clause.id, number, clause.head,
                              tuple(_filled_block(block, template, known) for block in clause.blocks
                                    if not isinstance(block, Signing) or known.get(block.where)))
                 for number, clause in enumerate(clauses, start=1))


def _filled_block(block: Block, template: Template, known: Answers) -> FilledBlock:
    if isinstance(block, Paragraph):
        return FilledParagraph(tuple(_filled_run(run, template, known) for run in block.runs), block.level)
    if isinstance(block, TableBlock):
        return _filled_table(block, template, known)
    return block


def _filled_run(run: Words | Slot, template: Template, known: Answers) -> FilledRun:
    if isinstance(run, Words):
        return FilledRun(run.text)
    blank = template.blanks[run.name]
    doubted = not blank.verified and known.get(run.name, "") == blank.default
    return FilledRun(_printed(template, known, run.name), True, UNVERIFIED if doubted else "")


def _printed(template: Template, known: Answers, name: str) -> str:
    content = known.get(name, "")
    if not content:
        return template.blanks[name].empty
    if field(name).kind == "money" and isinstance(content, str):
        return f"{show(name, content)}元（{in_words(Decimal(content))}）"
    return show(name, content).rstrip(_CLOSERS)


def _filled_table(block: TableBlock, template: Template, known: Answers) -> FilledTable:
    columns = field(block.field).columns
    rows = known.get(block.field, "")
    given = rows if isinstance(rows, list) else []
    empty = template.blanks[block.field].empty
    cells = tuple(tuple(show_cell(column, row.get(column.name, "")) for column in columns) for row in given)
    return FilledTable(
        block.title or field(block.field).label, tuple(column.head for column in columns),
        cells or ((empty, *([""] * (len(columns) - 1))),),
        tuple(column.kind in ("number", "integer", "money") for column in columns),
        _total(block, given) if given and block.summed else (),
    )


def _total(block: TableBlock, rows: Rows) -> tuple[str, ...]:
    """The 合计 line; a column with a cell that is empty has no sum."""
    columns = field(block.field).columns
    sums = (_sum([row.get(column.name, "") for row in rows]) if column.name in block.summed else ""
            for column in columns)
    return ("合计", *tuple(sums)[1:])


def _sum(cells: list[str]) -> str:
    return f"{sum(map(Decimal, cells), Decimal(0)).normalize():f}" if all(cells) else ""
