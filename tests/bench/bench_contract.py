"""One low-voltage contract on paper: ours, stock ReportLab the usual way, and typst, on the same words.

Every document has another number and another customer, so that no peer and no cache of ours meets the same
document twice; a whole process is measured too. What the peers leave out (QR code, margin marks) favours them.
"""

from __future__ import annotations

import importlib.util
import itertools
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from desktop.domain.clause import FilledContract, FilledParagraph, FilledTable, fill, ordinal
from desktop.domain.field import FIELDS
from printing.contract_paper import contract_pdf
from printing.fonts import default_cache, faces, qt_font_files, standard_characters
from printing.template import CONTRACTS, load
from printing.writing import atomic_write
from tests.bench.line import Line, interleaved, timed

ROOT = Path(__file__).parents[2]
MADE = datetime(2026, 11, 22, 9, 0)
CLICK = 100.0  # ms from the click to the file, with the program running
COLD_ROUNDS, WARM_ROUNDS, BATCHES, BATCH = 5, 9, 5, 40

_count = itertools.count(1)


def a_contract() -> FilledContract:
    """The next contract, of some nine pages: the kind's own text with the dictionary's samples."""
    template, turn = _template(), next(_count)
    answers = {name: [{column.name: column.sample for column in FIELDS[name].columns}]
               if FIELDS[name].kind == "rows" else FIELDS[name].sample for name in template.blanks}
    answers["customer_name"] = f"扎西·次仁㛃𬭼餐饮服务部第{turn}分店"
    return fill(template, answers, number=f"DY-2026-{turn:04}", practice=False)


@cache
def _template() -> object:
    return load(CONTRACTS / "low_voltage")


def ours(contract: FilledContract) -> bytes:
    return contract_pdf(contract, faces(default_cache()), MADE)


# ---- ReportLab the usual way -------------------------------------------------------------------------------

def stock(contract: FilledContract) -> bytes:
    """Platypus: paragraphs of markup, wordWrap CJK, a table style, page numbers by a second pass."""
    import io
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    _stock_fonts()
    body = ParagraphStyle("body", fontName="BenchSong", fontSize=10.5, leading=16.5, wordWrap="CJK", firstLineIndent=21)
    head = ParagraphStyle("head", fontName="BenchHei", fontSize=11, leading=18, spaceBefore=7, wordWrap="CJK")
    cell = ParagraphStyle("cell", fontName="BenchSong", fontSize=9.5, leading=13.5, wordWrap="CJK")
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "BenchSong", 9.5)])
    story: list[object] = [Paragraph(escape(contract.title), head), _stock_qr(contract.qr)]
    parties = itertools.zip_longest(contract.supplier, contract.customer, fillvalue=("", ""))
    story.append(Table([[Paragraph(escape(text), cell) for text in (*left, *right)] for left, right in parties],
                       colWidths=[66, 154, 66, 154], style=grid))
    for name, clause in _sections(contract):
        story.append(Paragraph(escape(f"{name}　{clause.head}"), head))
        for block in clause.blocks:
            if isinstance(block, FilledParagraph):
                story.append(Paragraph("".join(f"<u>{escape(run.text)}</u>" if run.filled else escape(run.text)
                                               for run in block.runs), body))
            elif isinstance(block, FilledTable):
                rows = (block.heads, *block.rows)
                story.append(Table([[Paragraph(escape(text), cell) for text in row] for row in rows], style=grid,
                                   repeatRows=1))
    out = io.BytesIO()
    document = SimpleDocTemplate(out, leftMargin=79, rightMargin=74, topMargin=82, bottomMargin=71)
    document.build(story, canvasmaker=_numbered(contract))
    return out.getvalue()


def _sections(contract: FilledContract) -> Iterator[tuple[str, object]]:
    yield from ((f"第{ordinal(clause.number)}条", clause) for clause in contract.clauses)
    yield from ((f"附件{ordinal(annex.number)}", annex) for annex in contract.annexes)


def _stock_qr(text: str) -> object:
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing

    return Drawing(54, 54, QrCodeWidget(text, barWidth=54, barHeight=54))


def _numbered(contract: FilledContract) -> type:
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        """The known recipe: keep every page's state, draw head and foot when the count is known."""

        def __init__(self, *args: object, **named: object) -> None:
            super().__init__(*args, **named)
            self.kept: list[dict[str, object]] = []

        def showPage(self) -> None:
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self.kept, start=1):
                self.__dict__.update(state)
                self.setFont("BenchSong", 8.5)
                self.drawString(79, 780, contract.title)
                self.drawRightString(520, 780, f"合同编号：{contract.number}")
                self.drawCentredString(300, 40, f"第 {number} 页 共 {len(self.kept)} 页")
                super().showPage()
            super().save()

    return Numbered


@cache
def _stock_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, path in zip(("BenchSong", "BenchHei"), _truetype_files(), strict=True):
        pdfmetrics.registerFont(TTFont(name, path))


@cache
def _truetype_files() -> tuple[Path, Path]:
    """The standard set as TrueType files, as ReportLab needs them; made once, beside the prepared faces."""
    song, hei = qt_font_files(default_cache())
    files = default_cache() / "bench-song.ttf", default_cache() / "bench-hei.ttf"
    for source, file in zip((song, hei), files, strict=True):
        if not file.exists():
            _make_truetype(source, file)
    return files


def _make_truetype(source: Path, file: Path) -> None:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    with TTFont(source, lazy=True) as font:
        wanted, glyphs = standard_characters() | set("㛃𬭼"), font.getGlyphSet()
        names = {code: name for code, name in font.getBestCmap().items() if chr(code) in wanted}
        drawn, widths = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": (1000, 0)}
        for name in names.values():
            pen = TTGlyphPen(None)
            glyphs[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
            drawn[name], widths[name] = pen.glyph(), (font["hmtx"][name][0], 0)
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(drawn))
    builder.setupCharacterMap(names)
    builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": file.stem, "styleName": "Regular", "psName": file.stem})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)


# ---- typst -------------------------------------------------------------------------------------------------

TYPST_HEAD = """#set page(paper: "a4", margin: (left: 28mm, right: 26mm, top: 29mm, bottom: 25mm),
  header: [{title} #h(1fr) 合同编号：{number}], footer: context align(center)[第 #counter(page).display() 页
  共 #counter(page).final().first() 页])
#set text(font: "Noto Serif SC", size: 10.5pt, lang: "zh", region: "cn")
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.9em, spacing: 0.9em)
#show heading: set text(font: "Noto Sans SC", size: 11pt, weight: "regular")
#align(center, text(size: 18pt)[{title}])
"""


def typst(contract: FilledContract) -> bytes:
    """The same words as typst source, compiled by a compiler that is kept; tags off, as ours has none."""
    source = [TYPST_HEAD.format(title=contract.title, number=contract.number)]
    parties = itertools.zip_longest(contract.supplier, contract.customer, fillvalue=("", ""))
    cells = [_typst_cell(text) for left, right in parties for text in (*left, *right)]
    source.append(f"#table(columns: (66pt, 1fr, 66pt, 1fr), {', '.join(cells)})\n")
    for name, clause in _sections(contract):
        source.append(f"= {_typst_escape(name + '　' + clause.head)}\n")
        source += [_typst_block(block) for block in clause.blocks]
    return _typst_compiler().compile(input="\n".join(source).encode(), pdf_tags=False)


def _typst_block(block: object) -> str:
    if isinstance(block, FilledParagraph):
        runs = (f"#underline[{_typst_escape(run.text)}]" if run.filled else _typst_escape(run.text)
                for run in block.runs)
        return "".join(runs) + "\n"
    if isinstance(block, FilledTable):
        cells = ", ".join(_typst_cell(text) for row in (block.heads, *block.rows) for text in row)
        return f"#table(columns: {len(block.heads)}, {cells})\n"
    return ""


def _typst_cell(text: str) -> str:
    return f"[{_typst_escape(text)}]"


def _typst_escape(text: str) -> str:
    return "".join("\\" + char if char in "\\#$*_`<>@=-+/~[]'\"" else char for char in text)


@cache
def _typst_compiler() -> object:
    import typst as compiler

    folder = qt_font_files(default_cache())[0].parent
    return compiler.Compiler(font_paths=[folder], ignore_system_fonts=True)


# ---- measuring ---------------------------------------------------------------------------------------------

Maker = Callable[[FilledContract], bytes]
PEERS: dict[str, Maker] = {"typst": typst, "ReportLab 常法": stock}


def bench() -> Iterator[Line]:
    """Cold, warm and many in a row, each against each peer, in turn."""
    faces(default_cache())
    for name, peer in PEERS.items():
        if name == "typst" and importlib.util.find_spec("typst") is None:
            yield Line("合同：一份", 0, name, 0, (), 1, missing="未安装（pip install typst）")
            continue
        _truetype_files()
        yield interleaved("合同：整个进程，一份", lambda: _process("ours"), lambda n=name: _process(n),
                          peer_name=name, limit=1.5 if name == "typst" else 1.0, rounds=COLD_ROUNDS)
        yield interleaved("合同：程序已开，一份", lambda: ours(a_contract()), lambda p=peer: p(a_contract()),
                          peer_name=name, limit=1.0, rounds=WARM_ROUNDS, warm=2)
        yield _many(name, peer)
    yield _click()


def _many(name: str, peer: Maker) -> Line:
    """Two hundred in a row, in batches that take turns."""
    batches = [[a_contract() for _ in range(BATCH)] for _ in range(BATCHES)]
    pairs = [(timed(lambda b=batch: [ours(one) for one in b]), timed(lambda b=batch: [peer(one) for one in b]))
             for batch in batches]
    return Line(f"合同：连续 {BATCH * BATCHES} 份，每份", statistics.median(a for a, _ in pairs) / BATCH, name,
                statistics.median(b for _, b in pairs) / BATCH, tuple(a / b for a, b in pairs), 1.0)


def _click() -> Line:
    """From the answers to a synced file on disk."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "合同.pdf"
        taken = [timed(lambda: atomic_write(target, ours(a_contract()), private=True)) for _ in range(20)]
    return Line("合同：点击到文件", statistics.median(taken), "上限", CLICK,
                tuple(each / CLICK for each in taken), 1.0)


def _process(which: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "tests.bench.bench_contract", which, f"{folder}/out.pdf"],
                       cwd=ROOT, check=True)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes({"ours": ours, **PEERS}[sys.argv[1]](a_contract()))
