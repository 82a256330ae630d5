"""Ways to prove who one is: identities at providers, one-time codes, passkeys, known browsers, steps of a sign-in.

Why: organisations bring their own sign-in, local accounts need a second factor, and a stranger who guesses passwords
must not lock the owner out. Roles that a provider gives are told apart from those given by hand.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STEPS = ("factor", "enrol", "provider", "passkey", "register")
MOMENT = sa.DateTime(timezone=True)


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=f"fk_{table}_account_id", ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("account_role", sa.Column("given_by", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("sign_in_session", sa.Column("browser", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("sign_in_session", sa.Column("provider", sa.String(length=40), nullable=False, server_default=""))
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        _account("identity"),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
    )
    op.create_index("ix_identity_account_id", "identity", ["account_id"])
    op.create_table(
        "one_time_secret",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        _account("one_time_secret"),
        sa.PrimaryKeyConstraint("account_id", name="pk_one_time_secret"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _account("recovery_code"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_code_code_hash"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.String(length=2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        _account("passkey"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "known_browser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        _account("known_browser"),
        sa.PrimaryKeyConstraint("id", name="pk_known_browser"),
        sa.UniqueConstraint("account_id", "token_hash", name="uq_known_browser_account_token"),
    )
    op.create_index("ix_known_browser_account_id", "known_browser", ["account_id"])
    op.create_index("ix_known_browser_token_hash", "known_browser", ["token_hash"])
    op.create_table(
        "sign_in_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*STEPS, name="step_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        _account("sign_in_step"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_step"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_step_token_hash"),
    )
    op.create_index("ix_sign_in_step_account_id", "sign_in_step", ["account_id"])
    op.create_index("ix_sign_in_step_expires_at", "sign_in_step", ["expires_at"])


def downgrade() -> None:
    for table in ("sign_in_step", "known_browser", "passkey", "recovery_code", "one_time_secret", "identity"):
        op.drop_table(table)
    for table, column in (("sign_in_session", "provider"), ("sign_in_session", "browser"), ("account_role", "given_by")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
