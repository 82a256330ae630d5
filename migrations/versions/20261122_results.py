"""Attendance, minutes, decisions, actions and circular procedures.

Why: what a body decides is written down once, approved, and followed until it is done. Follow-ups, steps of actions,
answers in circular procedures, versions of minutes and addenda are append only: the database refuses every change.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

APPEND_ONLY = ("follow_up", "action_step", "ballot", "minutes_release", "addendum")


def upgrade() -> None:
    op.create_table('number_series',
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('decision', 'action', name='series_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.CheckConstraint('last >= 0', name=op.f('ck_number_series_last')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_number_series_body_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('body_id', 'kind', 'year', name=op.f('pk_number_series'))
    )
    op.create_table('text_block',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_text_block_body_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_block')),
    sa.UniqueConstraint('body_id', 'title', name=op.f('uq_text_block_body_id_title'))
    )
    with op.batch_alter_table('text_block', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_text_block_body_id'), ['body_id'], unique=False)

    op.create_table('announcement',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('open', 'accepted', 'declined', 'represented', name='answer', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('deputy_name', sa.String(length=200), nullable=False),
    sa.Column('excused', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['deputy_id'], ['person.id'], name=op.f('fk_announcement_deputy_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_announcement_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_announcement_seat_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('meeting_id', 'seat_id', name=op.f('pk_announcement'))
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_deputy_id'), ['deputy_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_announcement_seat_id'), ['seat_id'], unique=False)

    op.create_table('chairing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=330), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('until_at IS NULL OR until_at >= from_at', name=op.f('ck_chairing_span')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_chairing_meeting_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_chairing_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chairing'))
    )
    with op.batch_alter_table('chairing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chairing_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_chairing_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_chairing_open', ['meeting_id'], unique=True, sqlite_where=sa.text('until_at IS NULL'), postgresql_where=sa.text('until_at IS NULL'))

    op.create_table('minutes',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'review', 'approved', name='minutes_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('keeper', sa.String(length=200), nullable=False),
    sa.Column('opening', sa.String(), nullable=False),
    sa.Column('closing', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('objections_until', sa.Date(), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('approved_way', sa.Enum('meeting', 'silence', name='approval_way', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('approved_in_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state <> 'approved' OR approved_on IS NOT NULL", name=op.f('ck_minutes_approved')),
    sa.CheckConstraint("state <> 'review' OR objections_until IS NOT NULL", name=op.f('ck_minutes_review')),
    sa.ForeignKeyConstraint(['approved_in_id'], ['meeting.id'], name=op.f('fk_minutes_approved_in_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_meeting_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_minutes_meeting_id'))
    )
    with op.batch_alter_table('minutes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_minutes_approved_in_id'), ['approved_in_id'], unique=False)

    op.create_table('minutes_publication',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.String(length=200), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=200), nullable=False),
    sa.Column('revoked_reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_publication_meeting_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_publication'))
    )
    with op.batch_alter_table('minutes_publication', schema=None) as batch_op:
        batch_op.create_index('uq_minutes_publication_holds', ['meeting_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('minutes_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('review', 'approval', name='release_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('objections_until', sa.Date(), nullable=True),
    sa.Column('released_by', sa.String(length=200), nullable=False),
    sa.Column('released_on', sa.Date(), nullable=True),
    sa.Column('released_how', sa.String(length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_release_meeting_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_release')),
    sa.UniqueConstraint('meeting_id', 'version', name=op.f('uq_minutes_release_meeting_id_version'))
    )
    op.create_table('second_invitation',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('first_meeting_id', sa.Integer(), nullable=False),
    sa.Column('says_so', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('meeting_id <> first_meeting_id', name=op.f('ck_second_invitation_other')),
    sa.ForeignKeyConstraint(['first_meeting_id'], ['meeting.id'], name=op.f('fk_second_invitation_first_meeting_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_second_invitation_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('meeting_id', name=op.f('pk_second_invitation'))
    )
    with op.batch_alter_table('second_invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_invitation_first_meeting_id'), ['first_meeting_id'], unique=False)

    op.create_table('addendum',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.Enum('public', 'internal', 'confidential', name='level', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_addendum_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_addendum_minutes_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_addendum')),
    sa.UniqueConstraint('minutes_id', 'serial', name=op.f('uq_addendum_minutes_id_serial'))
    )
    with op.batch_alter_table('addendum', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_addendum_item_id'), ['item_id'], unique=False)

    op.create_table('decision',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('serial', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Enum('adopted', 'adopted_changed', 'confirmed', 'noted', 'rejected', 'adjourned', 'deferred', 'referred', 'not_reached', 'removed', 'retracted', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('wording', sa.String(), nullable=False),
    sa.Column('proposed_wording', sa.String(), nullable=False),
    sa.Column('level', sa.Enum('public', 'internal', 'confidential', name='level', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('taking', sa.Enum('consensus', 'votes', 'circular', name='taking', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('yes', sa.Integer(), nullable=True),
    sa.Column('no', sa.Integer(), nullable=True),
    sa.Column('abstentions', sa.Integer(), nullable=True),
    sa.Column('chair_vote', sa.Boolean(), nullable=False),
    sa.Column('present', sa.Integer(), nullable=True),
    sa.Column('entitled', sa.Integer(), nullable=True),
    sa.Column('quorum', sa.String(length=300), nullable=False),
    sa.Column('statuses', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('open', 'in_progress', 'ongoing', 'delayed', 'done', 'not_done', 'repealed', 'replaced', name='follow_up_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('reported_in_id', sa.Integer(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('void_reason', sa.String(length=500), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("number = '' OR decided_on IS NOT NULL", name=op.f('ck_decision_dated')),
    sa.CheckConstraint("serial IS NULL OR (serial > 0 AND number <> '')", name=op.f('ck_decision_serial')),
    sa.CheckConstraint('(year IS NULL) = (serial IS NULL)', name=op.f('ck_decision_series')),
    sa.CheckConstraint('replaces_id <> id', name=op.f('ck_decision_replaces')),
    sa.CheckConstraint('yes >= 0 AND no >= 0 AND abstentions >= 0', name=op.f('ck_decision_votes')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_decision_body_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_decision_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['replaces_id'], ['decision.id'], name=op.f('fk_decision_replaces_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reported_in_id'], ['meeting.id'], name=op.f('fk_decision_reported_in_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('body_id', 'year', 'serial', name=op.f('uq_decision_body_id_year_serial')),
    sa.UniqueConstraint('item_id', name=op.f('uq_decision_item_id'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index('ix_decision_body_state', ['body_id', 'state', 'due_on'], unique=False)
        batch_op.create_index('ix_decision_decided', ['decided_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_replaces_id'), ['replaces_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_reported_in_id'), ['reported_in_id'], unique=False)
        batch_op.create_index('uq_decision_number', ['body_id', 'number'], unique=True, sqlite_where=sa.text("number <> ''"), postgresql_where=sa.text("number <> ''"))

    op.create_table('exclusion',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_exclusion_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exclusion_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('item_id', 'person_id', name=op.f('pk_exclusion'))
    )
    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusion_person_id'), ['person_id'], unique=False)

    op.create_table('minute_note',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('ended_at IS NULL OR (started_at IS NOT NULL AND ended_at >= started_at)', name=op.f('ck_minute_note_span')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_minute_note_item_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minute_note')),
    sa.UniqueConstraint('item_id', name=op.f('uq_minute_note_item_id'))
    )
    op.create_table('objection',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('seat_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=400), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'partly', 'declined', name='objection_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_objection_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_objection_minutes_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_objection_person_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_objection_seat_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection'))
    )
    with op.batch_alter_table('objection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_objection_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_objection_minutes_id'), ['minutes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_objection_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_objection_seat_id'), ['seat_id'], unique=False)

    op.create_table('presence',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=330), nullable=False),
    sa.Column('role', sa.Enum('member', 'deputy', 'ad_hoc', 'guest', 'staff', name='presence_role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('remote', sa.Boolean(), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(seat_id IS NOT NULL) = (role IN ('member', 'deputy', 'ad_hoc'))", name=op.f('ck_presence_seat')),
    sa.CheckConstraint('until_at IS NULL OR until_at >= from_at', name=op.f('ck_presence_span')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_presence_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_presence_meeting_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_presence_person_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_presence_seat_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presence'))
    )
    with op.batch_alter_table('presence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_presence_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_presence_meeting', ['meeting_id', 'from_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_presence_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_presence_seat_id'), ['seat_id'], unique=False)
        batch_op.create_index('uq_presence_open', ['meeting_id', 'person_id'], unique=True, sqlite_where=sa.text('until_at IS NULL AND item_id IS NULL AND person_id IS NOT NULL'), postgresql_where=sa.text('until_at IS NULL AND item_id IS NULL AND person_id IS NOT NULL'))

    op.create_table('circular',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('grounds', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'running', 'adopted', 'failed', 'withdrawn', name='circular_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_by', sa.String(length=200), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('established_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('established_by', sa.String(length=200), nullable=False),
    sa.Column('outcome_note', sa.String(length=1000), nullable=False),
    sa.Column('reported_in_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state = 'draft' OR (started_at IS NOT NULL AND ends_at IS NOT NULL)", name=op.f('ck_circular_started')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_circular_body_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_circular_decision_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_circular_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reported_in_id'], ['meeting.id'], name=op.f('fk_circular_reported_in_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circular')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_circular_decision_id'))
    )
    with op.batch_alter_table('circular', schema=None) as batch_op:
        batch_op.create_index('ix_circular_body_state', ['body_id', 'state', 'ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_circular_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_circular_reported_in_id'), ['reported_in_id'], unique=False)

    op.create_table('clause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('verb', sa.Enum('notes', 'agrees', 'lays_down', 'charges', 'asks', 'recommends', name='verb', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.CheckConstraint('position > 0', name=op.f('ck_clause_position')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_clause_decision_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_clause_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_clause_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clause')),
    sa.UniqueConstraint('decision_id', 'position', name=op.f('uq_clause_decision_id_position'))
    )
    with op.batch_alter_table('clause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clause_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clause_person_id'), ['person_id'], unique=False)

    op.create_table('decision_project',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('answers_need', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_decision_project_decision_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_decision_project_project_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('decision_id', 'project_id', name=op.f('pk_decision_project'))
    )
    with op.batch_alter_table('decision_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_project_project_id'), ['project_id'], unique=False)

    op.create_table('follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'in_progress', 'ongoing', 'delayed', 'done', 'not_done', 'repealed', 'replaced', name='follow_up_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('due_before', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_follow_up_decision_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_decision_id'), ['decision_id'], unique=False)

    op.create_table('action',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('serial', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('details', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.Enum('public', 'internal', 'confidential', name='level', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('open', 'in_progress', 'done', 'dropped', name='action_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('first_due_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('clause_id', sa.Integer(), nullable=True),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('reported_in_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("serial IS NULL OR (serial > 0 AND number <> '')", name=op.f('ck_action_serial')),
    sa.CheckConstraint('(year IS NULL) = (serial IS NULL)', name=op.f('ck_action_series')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_action_body_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['clause_id'], ['clause.id'], name=op.f('fk_action_clause_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_action_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_action_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_action_person_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reported_in_id'], ['meeting.id'], name=op.f('fk_action_reported_in_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action')),
    sa.UniqueConstraint('body_id', 'year', 'serial', name=op.f('uq_action_body_id_year_serial')),
    sa.UniqueConstraint('clause_id', name=op.f('uq_action_clause_id'))
    )
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.create_index('ix_action_body_state', ['body_id', 'state', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_reported_in_id'), ['reported_in_id'], unique=False)
        batch_op.create_index('uq_action_number', ['body_id', 'number'], unique=True, sqlite_where=sa.text("number <> ''"), postgresql_where=sa.text("number <> ''"))

    op.create_table('ballot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('circular_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('member', 'deputy', 'on_behalf', name='ballot_role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('procedure_agreed', sa.Boolean(), nullable=False),
    sa.Column('vote', sa.Enum('yes', 'no', 'abstention', name='vote', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('remark', sa.String(length=1000), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cast_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['circular_id'], ['circular.id'], name=op.f('fk_ballot_circular_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_ballot_person_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_ballot_seat_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot'))
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_circular_id'), ['circular_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_seat_id'), ['seat_id'], unique=False)

    op.create_table('circular_seat',
    sa.Column('circular_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('chair', sa.Boolean(), nullable=False),
    sa.Column('protocol_order', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['circular_id'], ['circular.id'], name=op.f('fk_circular_seat_circular_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_circular_seat_seat_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('circular_id', 'seat_id', name=op.f('pk_circular_seat'))
    )
    with op.batch_alter_table('circular_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circular_seat_seat_id'), ['seat_id'], unique=False)

    op.create_table('action_project',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_project_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_action_project_project_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('action_id', 'project_id', name=op.f('pk_action_project'))
    )
    with op.batch_alter_table('action_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_project_project_id'), ['project_id'], unique=False)

    op.create_table('action_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'in_progress', 'done', 'dropped', name='action_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('due_before', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_step_action_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_step'))
    )
    with op.batch_alter_table('action_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_step_action_id'), ['action_id'], unique=False)
    for table in APPEND_ONLY:
        _guard(table)


def downgrade() -> None:
    for table in (
        "action_step",
        "action_project",
        "circular_seat",
        "ballot",
        "action",
        "follow_up",
        "decision_project",
        "clause",
        "circular",
        "presence",
        "objection",
        "minute_note",
        "exclusion",
        "decision",
        "addendum",
        "second_invitation",
        "minutes_release",
        "minutes_publication",
        "minutes",
        "chairing",
        "announcement",
        "text_block",
        "number_series",
    ):
        op.drop_table(table)  # indexes and triggers go with it


def _guard(table: str) -> None:
    """Let the database itself refuse every change of *table* (``refuse_change`` is of the first migration)."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
