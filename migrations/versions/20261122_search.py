"""The search index: one table of folded texts, and an index of their pieces of three letters kept by triggers.

Why: German compounds are found by their parts, which word indexes of both databases miss. SQLite has FTS5 with its
trigram tokenizer; PostgreSQL keeps an array of the same pieces under GIN, without any extension. Both are derived from
``folded`` by triggers, so whoever writes a row need not know of them; no model names them.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = ("project", "status", "project_paper", "meeting", "item", "item_draft", "item_public", "paper", "paper_draft", "paper_public", "note", "minutes_full", "minutes_inside", "minutes_public", "decision", "action", "circular", "topic", "registration")
ROOTS = ("project", "meeting", "decision", "action", "circular", "topic", "registration")
LEVELS = ("public", "internal", "confidential")


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", _enum(KINDS, "entry_kind"), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("root", _enum(ROOTS, "root"), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("project_ids", sa.String(), nullable=False),
        sa.Column("level", _enum(LEVELS, "level"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index("ix_search_entry_thing", "search_entry", ["kind", "object_id"])
    op.create_index("ix_search_entry_root", "search_entry", ["root", "root_id"])
    if op.get_bind().dialect.name == "sqlite":
        _index_sqlite()
    else:
        _index_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_gram")
    op.drop_table("search_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION search_entry_keep_grams()")


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _index_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_gram USING fts5("
        "folded, content='search_entry', content_rowid='id', tokenize='trigram case_sensitive 1')"
    )
    added = "INSERT INTO search_gram(rowid, folded) VALUES (new.id, new.folded);"
    gone = "INSERT INTO search_gram(search_gram, rowid, folded) VALUES ('delete', old.id, old.folded);"
    for act, work in (("INSERT", added), ("DELETE", gone), ("UPDATE", gone + " " + added)):
        op.execute(f"CREATE TRIGGER search_entry_gram_{act.lower()} AFTER {act} ON search_entry BEGIN {work} END")


def _index_postgresql() -> None:
    op.execute("ALTER TABLE search_entry ADD COLUMN grams text[] NOT NULL DEFAULT '{}'")
    op.execute(
        """
        CREATE FUNCTION search_entry_keep_grams() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.grams := ARRAY(
            SELECT DISTINCT gram FROM (
              SELECT letter || lead(letter, 1) OVER (ORDER BY place) || lead(letter, 2) OVER (ORDER BY place) AS gram
              FROM unnest(string_to_array(NEW.folded, NULL)) WITH ORDINALITY AS letters(letter, place)
            ) AS pieces WHERE gram IS NOT NULL);
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER search_entry_grams BEFORE INSERT OR UPDATE ON search_entry "
        "FOR EACH ROW EXECUTE FUNCTION search_entry_keep_grams()"
    )
    op.execute("CREATE INDEX ix_search_entry_grams ON search_entry USING gin (grams)")
