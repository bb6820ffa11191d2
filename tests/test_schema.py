"""The file's schema: what the migrations make, older and newer files, and steps that fail half-way."""

from __future__ import annotations

import pytest
from hall_file import NOW, saved, told
from sqlalchemy import text

from db import backup as copies
from db import schema
from db.clerks import Clerk
from db.engine import Database
from db.tables import Base
from desktop.errors import Trouble
from desktop.usecases import safekeeping

THIS_PROGRAM = schema.NEWEST  # the tests below give it a successor


def test_the_migrations_make_exactly_the_tables_that_the_program_describes(folder):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = Database(folder / "hall.db")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    database.close()
    assert differences == []


def test_the_newest_revision_is_the_last_migration():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == schema.NEWEST
    assert [step.revision for step in script.walk_revisions()] == list(reversed(schema.REVISIONS))


def test_a_file_made_by_a_newer_program_is_refused_and_the_needed_version_named(folder):
    database = Database(folder / "hall.db")
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'v9.3.0'"))
    database.close()
    before = (folder / "hall.db").read_bytes()
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "需要 9.3.0 版或更新的程序" in told(refused)
    assert (folder / "hall.db").read_bytes() == before


def test_another_program_s_database_is_not_taken_for_ours(tmp_path):
    other = copies.driver.connect(str(tmp_path / "hall.db"))
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(tmp_path, NOW)
    assert "不是本程序的数据文件" in told(refused)


STEP = '''
import sqlalchemy as sa
from alembic import op
revision = "v9.9.9"
down_revision = "{before}"
def upgrade():
    with op.batch_alter_table("clerks") as batch:
        batch.add_column(sa.Column("desk", sa.String(), nullable=True))
        batch.drop_column("post")
    {then}
'''


@pytest.fixture
def next_program(tmp_path_factory, monkeypatch):
    """The next version of the program: a function that gives it one more migration."""
    folder = tmp_path_factory.mktemp("migrations")
    (folder / "versions").mkdir()
    for path in (schema.MIGRATIONS / "versions").glob("0*.py"):
        (folder / "versions" / path.name).write_text(path.read_text())

    def install(then="pass"):
        (folder / "versions" / "9999_next.py").write_text(STEP.format(before=schema.NEWEST, then=then))
        monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "v9.9.9"))
        monkeypatch.setattr(schema, "NEWEST", "v9.9.9")
        monkeypatch.setattr(schema, "MIGRATIONS", folder)

    return install


def test_an_older_file_is_backed_up_and_then_lifted_with_its_rows(folder, next_program):
    database = Database(folder / "hall.db")
    with database.write() as session:
        session.add(Clerk(number="1001", name="示范员", post="班长"))
    database.close()
    next_program()
    database = safekeeping.open_hall(folder, NOW)
    with database.read() as session:
        assert session.execute(text("SELECT number, name, desk FROM clerks")).all() == [("1001", "示范员", None)]
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()
    (kept,) = safekeeping.backups(folder)
    assert kept.why == "升级前"
    assert copies.revision_of(kept.path, settled=True) == THIS_PROGRAM


def test_a_migration_that_fails_leaves_the_old_schema_and_the_old_data(folder, next_program):
    next_program(then="raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        safekeeping.open_hall(folder, NOW)
    assert copies.revision_of(folder / "hall.db") == THIS_PROGRAM
    assert saved(folder / "hall.db") == {"first", "second", "third"}
    assert [kept.why for kept in safekeeping.backups(folder)] == ["升级前"]


def test_a_migration_that_would_orphan_rows_is_undone(folder, next_program):
    next_program(then="op.execute(\"INSERT INTO drafts VALUES ('d', 'intake', 77, '{}', '2026-11-23')\")")
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "对不上的引用" in told(refused)
    assert copies.revision_of(folder / "hall.db") == THIS_PROGRAM
