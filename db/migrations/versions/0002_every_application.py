"""Every application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.customers import fill_forms
from db.search_keys import fill

revision = "v0.2.0"
down_revision = 'v0.1.0'


def upgrade() -> None:
    _search_keys()
    _files()
    _releases()
    _shifts()
    _shifts_indexes()
    _tariffs()
    _tariffs_indexes()
    _attachments()
    _attachments_indexes()
    _approvals()
    _approvals_indexes()
    _fees()
    _fees_indexes()
    _handovers()
    _handovers_indexes()
    _holdings()
    _holdings_indexes()
    _inspections()
    _inspections_indexes()
    _meters()
    _meters_indexes()
    _scheme_terms()
    _scheme_terms_indexes()
    _defects()
    _defects_indexes()
    _accounts_indexes()
    _case_materials_indexes()
    _cases_indexes()
    fill_forms(op.get_bind())
    fill(op.get_bind())


def _search_keys() -> None:
    op.create_table('search_keys',
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('owner', sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('key', 'owner', name=op.f('pk_search_keys')), sqlite_with_rowid=False
    )


def _files() -> None:
    op.create_table('files',
        sa.Column('sha256', sa.String(), nullable=False), sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False), sa.Column('added_at', sa.DateTime(), nullable=False),
        sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_files_clerk_id')),
        sa.PrimaryKeyConstraint('sha256', name=op.f('pk_files'))
    )


def _releases() -> None:
    op.create_table('releases',
        sa.Column('id', sa.String(), nullable=False), sa.Column('name', sa.String(), nullable=False),
        sa.Column('region', sa.String(), nullable=False), sa.Column('effective', sa.Date(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False), sa.Column('shipped', sa.Boolean(), nullable=False),
        sa.Column('kept_at', sa.DateTime(), nullable=False), sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.Column('texts', sa.JSON(), nullable=False), sa.Column('tables', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_releases_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_releases'))
    )


def _shifts() -> None:
    op.create_table('shifts',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('giver_id', sa.Integer(), nullable=False),
        sa.Column('receiver_id', sa.Integer(), nullable=False), sa.Column('note', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False), sa.Column('given_at', sa.DateTime(), nullable=False),
        sa.Column('confirmed_at', sa.DateTime(), nullable=True), sa.Column('remark', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['giver_id'], ['clerks.id'], name=op.f('fk_shifts_giver_id')),
        sa.ForeignKeyConstraint(['receiver_id'], ['clerks.id'], name=op.f('fk_shifts_receiver_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shifts'))
    )


def _shifts_indexes() -> None:
    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.create_index('ix_shifts_given', ['given_at', 'id'], unique=False)
        batch_op.create_index('ix_shifts_unconfirmed', ['receiver_id', 'id'], unique=False, sqlite_where=sa.text('confirmed_at IS NULL'), postgresql_where=sa.text('confirmed_at IS NULL'))


def _tariffs() -> None:
    op.create_table('tariffs',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('item', sa.String(), nullable=False),
        sa.Column('price', sa.String(24), nullable=False), sa.Column('basis', sa.String(), nullable=False),
        sa.Column('effective', sa.Date(), nullable=False), sa.Column('until', sa.Date(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_tariffs_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_tariffs_created_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tariffs'))
    )


def _tariffs_indexes() -> None:
    with op.batch_alter_table('tariffs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tariffs_item'), ['item'], unique=False)


def _attachments() -> None:
    op.create_table('attachments',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('subject', sa.String(), nullable=False),
        sa.Column('subject_id', sa.Integer(), nullable=False), sa.Column('slot', sa.String(), nullable=False),
        sa.Column('sha256', sa.String(), nullable=False), sa.Column('name', sa.String(), nullable=False),
        sa.Column('added_at', sa.DateTime(), nullable=False), sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_attachments_clerk_id')),
        sa.ForeignKeyConstraint(['sha256'], ['files.sha256'], name=op.f('fk_attachments_sha256')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )


def _attachments_indexes() -> None:
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index('ix_attachments_content', ['sha256'], unique=False)
        batch_op.create_index('ix_attachments_subject', ['subject', 'subject_id', 'slot', 'id'], unique=False)


def _approvals() -> None:
    op.create_table('approvals',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('round', sa.Integer(), nullable=False), sa.Column('post', sa.String(), nullable=False),
        sa.Column('rule', sa.String(), nullable=False), sa.Column('asked_at', sa.DateTime(), nullable=False),
        sa.Column('asked_by', sa.Integer(), nullable=True), sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('open', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['asked_by'], ['clerks.id'], name=op.f('fk_approvals_asked_by')),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_approvals_case_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals'))
    )


def _approvals_indexes() -> None:
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.create_index('ix_approvals_case', ['case_id', 'round'], unique=False)
        batch_op.create_index('ix_approvals_open', ['due_on', 'id'], unique=False, sqlite_where=sa.text('open'), postgresql_where=sa.text('open'))


def _fees() -> None:
    op.create_table('fees',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('item', sa.String(), nullable=False), sa.Column('name', sa.String(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False), sa.Column('quantity', sa.String(24), nullable=False),
        sa.Column('price', sa.String(24), nullable=False), sa.Column('amount', sa.String(24), nullable=False),
        sa.Column('basis', sa.String(), nullable=False), sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('paid_on', sa.Date(), nullable=True), sa.Column('way', sa.String(), nullable=False),
        sa.Column('receipt', sa.String(), nullable=False), sa.Column('cancelled', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_fees_case_id')),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_fees_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_fees_created_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_fees'))
    )


def _fees_indexes() -> None:
    with op.batch_alter_table('fees', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fees_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_fees_receipt', ['receipt'], unique=False)
        batch_op.create_index('ix_fees_unpaid', ['due_on', 'id'], unique=False, sqlite_where=sa.text("paid_on IS NULL AND coalesce(cancelled, '') = ''"), postgresql_where=sa.text("paid_on IS NULL AND coalesce(cancelled, '') = ''"))


def _handovers() -> None:
    op.create_table('handovers',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('giver_id', sa.Integer(), nullable=False), sa.Column('receiver_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False), sa.Column('offered_at', sa.DateTime(), nullable=False),
        sa.Column('answered_at', sa.DateTime(), nullable=True), sa.Column('answer', sa.String(), nullable=False),
        sa.Column('remark', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_handovers_case_id')),
        sa.ForeignKeyConstraint(['giver_id'], ['clerks.id'], name=op.f('fk_handovers_giver_id')),
        sa.ForeignKeyConstraint(['receiver_id'], ['clerks.id'], name=op.f('fk_handovers_receiver_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )


def _handovers_indexes() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_handovers_offered', ['receiver_id', 'id'], unique=False, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))


def _holdings() -> None:
    op.create_table('holdings',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False), sa.Column('kind', sa.String(), nullable=False),
        sa.Column('kva', sa.String(24), nullable=False), sa.Column('since', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=True), sa.Column('restored_on', sa.Date(), nullable=True),
        sa.Column('restored_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_holdings_account_id')),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_holdings_case_id')),
        sa.ForeignKeyConstraint(['restored_by'], ['cases.id'], name=op.f('fk_holdings_restored_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_holdings'))
    )


def _holdings_indexes() -> None:
    with op.batch_alter_table('holdings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_holdings_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_holdings_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_holdings_resting', ['until', 'id'], unique=False, sqlite_where=sa.text('restored_on IS NULL'), postgresql_where=sa.text('restored_on IS NULL'))


def _inspections() -> None:
    op.create_table('inspections',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False), sa.Column('round', sa.Integer(), nullable=False),
        sa.Column('submitted_on', sa.Date(), nullable=False), sa.Column('submission', sa.JSON(), nullable=False),
        sa.Column('result', sa.String(), nullable=False), sa.Column('concluded_on', sa.Date(), nullable=True),
        sa.Column('conclusion', sa.JSON(), nullable=False), sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_inspections_case_id')),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_inspections_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_inspections_created_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_inspections')),
        sa.UniqueConstraint('case_id', 'kind', 'round', name=op.f('uq_inspections_case_id_kind_round'))
    )


def _inspections_indexes() -> None:
    with op.batch_alter_table('inspections', schema=None) as batch_op:
        batch_op.create_index('ix_inspections_concluded', ['kind', 'concluded_on'], unique=False)


def _meters() -> None:
    op.create_table('meters',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('serial', sa.String(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=True),
        sa.Column('point', sa.String(), nullable=False), sa.Column('spec', sa.String(), nullable=False),
        sa.Column('accuracy', sa.String(), nullable=False), sa.Column('ct_ratio', sa.String(), nullable=False),
        sa.Column('pt_ratio', sa.String(), nullable=False), sa.Column('multiplier', sa.String(24), nullable=False),
        sa.Column('seal', sa.String(), nullable=False), sa.Column('start_reading', sa.String(24), nullable=False),
        sa.Column('installed_on', sa.Date(), nullable=False),
        sa.Column('installed_by', sa.String(), nullable=False), sa.Column('removed_on', sa.Date(), nullable=True),
        sa.Column('end_reading', sa.String(24), nullable=True),
        sa.Column('removal_case_id', sa.Integer(), nullable=True),
        sa.Column('removal_reason', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_meters_account_id')),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_meters_case_id')),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_meters_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_meters_created_by')),
        sa.ForeignKeyConstraint(['removal_case_id'], ['cases.id'], name=op.f('fk_meters_removal_case_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meters'))
    )


def _meters_indexes() -> None:
    with op.batch_alter_table('meters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meters_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meters_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_meters_hanging', ['serial'], unique=True, sqlite_where=sa.text('removed_on IS NULL'), postgresql_where=sa.text('removed_on IS NULL'))
        batch_op.create_index(batch_op.f('ix_meters_removal_case_id'), ['removal_case_id'], unique=False)
        batch_op.create_index('ix_meters_serial', ['serial'], unique=False)


def _scheme_terms() -> None:
    op.create_table('scheme_terms',
        sa.Column('case_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('until', sa.Date(), nullable=False), sa.Column('voltage', sa.String(), nullable=False),
        sa.Column('open', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_scheme_terms_case_id')),
        sa.PrimaryKeyConstraint('case_id', name=op.f('pk_scheme_terms'))
    )


def _scheme_terms_indexes() -> None:
    with op.batch_alter_table('scheme_terms', schema=None) as batch_op:
        batch_op.create_index('ix_scheme_terms_until', ['until', 'case_id'], unique=False, sqlite_where=sa.text('open'), postgresql_where=sa.text('open'))


def _defects() -> None:
    op.create_table('defects',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('inspection_id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False), sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('item', sa.String(), nullable=False), sa.Column('remedy', sa.String(), nullable=False),
        sa.Column('responsible', sa.String(), nullable=False), sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('mended_on', sa.Date(), nullable=True), sa.Column('seen_by', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_defects_case_id')),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_defects_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_defects_created_by')),
        sa.ForeignKeyConstraint(['inspection_id'], ['inspections.id'], name=op.f('fk_defects_inspection_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_defects'))
    )


def _defects_indexes() -> None:
    with op.batch_alter_table('defects', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_defects_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_defects_inspection_id'), ['inspection_id'], unique=False)
        batch_op.create_index('ix_defects_unmended', ['due_on', 'id'], unique=False, sqlite_where=sa.text('mended_on IS NULL'), postgresql_where=sa.text('mended_on IS NULL'))


def _accounts_indexes() -> None:
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address_form', sa.String(), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_accounts_address_form'), ['address_form'], unique=False)


def _case_materials_indexes() -> None:
    with op.batch_alter_table('case_materials', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stage', sa.String(), server_default='', nullable=False))


def _cases_indexes() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('near_on', sa.Date(), nullable=True))
        batch_op.drop_index(batch_op.f('ix_cases_owner'))
        batch_op.drop_index(batch_op.f('ix_cases_due'), sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.create_index('ix_cases_due', ['due_on', 'id', 'paused', 'paused_until'], unique=False, sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.create_index('ix_cases_mine', ['owner_id', 'accepted_at', 'id'], unique=False, sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.create_index('ix_cases_near', ['near_on', 'id'], unique=False, sqlite_where=sa.text('closed_on IS NULL AND near_on IS NOT NULL'), postgresql_where=sa.text('closed_on IS NULL AND near_on IS NOT NULL'))
        batch_op.create_index('ix_cases_open', ['accepted_at', 'id'], unique=False, sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.create_index('ix_cases_owned', ['owner_id', 'accepted_at', 'id'], unique=False)
        batch_op.create_index('ix_cases_process', ['process', 'accepted_at', 'id'], unique=False)
        batch_op.create_index('ix_cases_stage', ['process', 'stage', 'due_on', 'id', 'paused', 'paused_until'], unique=False, sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.create_index('ix_cases_waiting', ['accepted_at', 'id', 'paused_until'], unique=False, sqlite_where=sa.text('closed_on IS NULL AND paused'), postgresql_where=sa.text('closed_on IS NULL AND paused'))
