"""Draft the step from the newest migration to the tables as they stand; a person reads it before it is kept.

    python -m tests.tools.draft_migration v0.2.0 "What it brings"      writes db/migrations/versions/0002_*.py

A revision that exists already is drafted anew from the one before it: it must not have left the house yet.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from db import schema
from db.engine import Database
from db.tables import Base

HEAD = '''"""{title}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
{more}
revision = "{revision}"
down_revision = {before!r}


{body}'''
# Steps that no comparison of tables tells: tables that a lift fills from what the file holds already.
FILLS = {"v0.2.0": (("db.customers", "fill_forms"), ("db.search_keys", "fill"))}


def draft(revision: str, title: str, before: str | None) -> str:
    """The text of a migration file that turns `before` (None: an empty file) into the present tables."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "draft.db")
        if before:
            schema.ensure(database)
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            script = produce_migrations(context, Base.metadata)
        database.close()
    assert script.upgrade_ops is not None
    body = render_python_code(script.upgrade_ops, render_as_batch=True, render_item=_plain)
    fills = FILLS.get(revision, ())
    more = "".join(f"\nfrom {module} import {name}" for module, name in fills) + "\n" * bool(fills)
    return HEAD.format(title=title, revision=revision, before=before, more=more,
                       body=_functions(body, [f"{name}(op.get_bind())" for _, name in fills]))


def _plain(kind: str, item: object, _context: object) -> str | bool:
    """Our own column type is written as what it is on SQLite: a migration must not follow later code."""
    return "sa.String(24)" if kind == "type" and type(item).__name__ == "Exact" else False


def _functions(body: str, fills: Sequence[str] = ()) -> str:
    """One function a table, its columns packed into few lines, and `upgrade` that calls them in order, then fills."""
    steps: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=    (?:op|with op)\.)", "\n" + body):
        if found := re.search(r"(create_table|batch_alter_table)\('(\w+)'", block):
            name = found[2] if found[1] == "create_table" else f"{found[2]}_indexes"
            steps.setdefault(name, []).append(_packed(block.strip("\n")))
    texts = [f"def _{table}() -> None:\n" + "\n".join(blocks) for table, blocks in steps.items()]
    calls = "\n".join([*(f"    _{table}()" for table in steps), *(f"    {fill}" for fill in fills)])
    return f"def upgrade() -> None:\n{calls}\n\n\n" + "\n\n\n".join(texts) + "\n"


def _packed(block: str) -> str:
    condition = r"sqlite_where=(sa\.text\((?:'[^\n]*?'|\"[^\n]*?\")\))"
    block = re.sub(condition, r"sqlite_where=\1, postgresql_where=\1", block)
    lines = [line for line in map(str.strip, block.splitlines()) if line and not line.startswith("#")]
    if not lines[0].startswith("op.create_table"):
        return "\n".join("    " * (1 + (n > 0)) + line for n, line in enumerate(lines))
    packed = [lines[1]]
    for line in lines[2:-1]:
        if len(packed[-1]) + len(line) < 108:
            packed[-1] += " " + line
        else:
            packed.append(line)
    return "\n".join(["    " + lines[0], *("        " + line for line in packed), "    )"])


def place_of(revision: str, title: str) -> Path:
    """The file of that revision: the one there is, else the next number and the title's words."""
    versions = schema.MIGRATIONS / "versions"
    for path in sorted(versions.glob("0*.py")):
        if f'revision = "{revision}"' in path.read_text("utf-8"):
            return path
    words = "_".join(re.findall(r"[a-z0-9]+", title.lower())[:5])
    return versions / f"{len(list(versions.glob('0*.py'))) + 1:04d}_{words}.py"


@contextmanager
def without(place: Path) -> Iterator[None]:
    """The migrations as they were before the one in `place`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(schema.MIGRATIONS, Path(folder) / "migrations"))
        (copy / "versions" / place.name).unlink(missing_ok=True)
        kept, schema.MIGRATIONS = schema.MIGRATIONS, copy
        yield
        schema.MIGRATIONS = kept


def main(revision: str, title: str) -> None:
    known = [each for each in schema.REVISIONS if each != revision]
    place = place_of(revision, title)
    with without(place):
        text = draft(revision, title, known[-1] if known else None)
    place.write_text(text, "utf-8")
    print(f"{place}: read it; schema.REVISIONS must name {revision}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
