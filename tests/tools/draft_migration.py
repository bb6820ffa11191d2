"""Draft the step from the newest migration to the tables as they stand; a person reads it before it is kept.

    python -m tests.tools.draft_migration v0.2.0 "what it brings" > db/migrations/versions/0002_what.py
"""

from __future__ import annotations

import re
import sys
import tempfile
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

revision = "{revision}"
down_revision = {before!r}


{body}'''


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
    return HEAD.format(title=title, revision=revision, before=before, body=_functions(body))


def _plain(kind: str, item: object, _context: object) -> str | bool:
    """Our own column type is written as what it is on SQLite: a migration must not follow later code."""
    return "sa.String(24)" if kind == "type" and type(item).__name__ == "Exact" else False


def _functions(body: str) -> str:
    """One function a table, its columns packed into few lines, and `upgrade` that calls them in order."""
    steps: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=    (?:op|with op)\.)", "\n" + body):
        if found := re.search(r"(create_table|batch_alter_table)\('(\w+)'", block):
            name = found[2] if found[1] == "create_table" else f"{found[2]}_indexes"
            steps.setdefault(name, []).append(_packed(block.strip("\n")))
    texts = [f"def _{table}() -> None:\n" + "\n".join(blocks) for table, blocks in steps.items()]
    calls = "\n".join(f"    _{table}()" for table in steps)
    return f"def upgrade() -> None:\n{calls}\n\n\n" + "\n\n\n".join(texts) + "\n"


def _packed(block: str) -> str:
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


if __name__ == "__main__":
    newest = None if "--first" in sys.argv else schema.NEWEST
    print(draft(sys.argv[1], sys.argv[2], newest), end="")
