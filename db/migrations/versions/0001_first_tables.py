"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0.1.0"
down_revision = None


def upgrade() -> None:
    _clerks()
    _sequences()
    _settings()
    _customers()
    _customers_indexes()
    _drafts()
    _drafts_indexes()
    _entries()
    _entries_indexes()
    _import_batches()
    _import_batches_indexes()
    _papers()
    _papers_indexes()
    _requests()
    _template_approvals()
    _template_approvals_indexes()
    _accounts()
    _accounts_indexes()
    _cases()
    _cases_indexes()
    _case_materials()
    _case_materials_indexes()
    _contracts()
    _contracts_indexes()
    _schemes()
    _schemes_indexes()
    _import_rows()
    _import_rows_indexes()


def _clerks() -> None:
    op.create_table('clerks',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('number', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False), sa.Column('post', sa.String(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False), sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_clerks')),
        sa.UniqueConstraint('number', name=op.f('uq_clerks_number'))
    )


def _sequences() -> None:
    op.create_table('sequences',
        sa.Column('name', sa.String(), nullable=False), sa.Column('value', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_sequences'))
    )


def _settings() -> None:
    op.create_table('settings',
        sa.Column('name', sa.String(), nullable=False), sa.Column('value', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_settings'))
    )


def _customers() -> None:
    op.create_table('customers',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('name', sa.String(), nullable=False),
        sa.Column('name_form', sa.String(), nullable=False), sa.Column('initials', sa.String(), nullable=False),
        sa.Column('id_kind', sa.String(), nullable=False), sa.Column('id_number', sa.String(), nullable=False),
        sa.Column('phone', sa.String(), nullable=False), sa.Column('phone_tail', sa.String(), nullable=False),
        sa.Column('address', sa.String(), nullable=False), sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_customers_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_customers_created_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_customers'))
    )


def _customers_indexes() -> None:
    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.create_index('ix_customers_id_number', ['id_number'], unique=False)
        batch_op.create_index('ix_customers_initials', ['initials'], unique=False)
        batch_op.create_index('ix_customers_name_form', ['name_form'], unique=False)
        batch_op.create_index('ix_customers_phone_tail', ['phone_tail'], unique=False)


def _drafts() -> None:
    op.create_table('drafts',
        sa.Column('id', sa.String(), nullable=False), sa.Column('kind', sa.String(), nullable=False),
        sa.Column('clerk_id', sa.Integer(), nullable=True), sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('saved_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_drafts_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts'))
    )


def _drafts_indexes() -> None:
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_kind'), ['kind'], unique=False)


def _entries() -> None:
    op.create_table('entries',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('subject', sa.String(), nullable=False),
        sa.Column('subject_id', sa.Integer(), nullable=False), sa.Column('what', sa.String(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False), sa.Column('claimed_on', sa.Date(), nullable=False),
        sa.Column('entered_at', sa.DateTime(), nullable=False), sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.Column('facts', sa.JSON(), nullable=False), sa.Column('request_id', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_entries_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_entries'))
    )


def _entries_indexes() -> None:
    with op.batch_alter_table('entries', schema=None) as batch_op:
        batch_op.create_index('ix_entries_subject', ['subject', 'subject_id', 'id'], unique=False)
        batch_op.create_index('ix_entries_what', ['subject', 'what', 'claimed_on'], unique=False)


def _import_batches() -> None:
    op.create_table('import_batches',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('file_name', sa.String(), nullable=False),
        sa.Column('sha256', sa.String(), nullable=False), sa.Column('counts', sa.JSON(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False), sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_import_batches_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batches'))
    )


def _import_batches_indexes() -> None:
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batches_sha256'), ['sha256'], unique=False)


def _papers() -> None:
    op.create_table('papers',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('kind', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False), sa.Column('subject_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(), nullable=False), sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('template_digest', sa.String(), nullable=False), sa.Column('sha256', sa.String(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=True), sa.Column('made_at', sa.DateTime(), nullable=False),
        sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_papers_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_papers'))
    )


def _papers_indexes() -> None:
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.create_index('ix_papers_subject', ['subject', 'subject_id', 'id'], unique=False)


def _requests() -> None:
    op.create_table('requests',
        sa.Column('id', sa.String(), nullable=False), sa.Column('verb', sa.String(), nullable=False),
        sa.Column('result', sa.String(), nullable=False), sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_requests_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_requests'))
    )


def _template_approvals() -> None:
    op.create_table('template_approvals',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('kind', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False), sa.Column('approved_by', sa.String(), nullable=False),
        sa.Column('approved_on', sa.Date(), nullable=False), sa.Column('entered_at', sa.DateTime(), nullable=False),
        sa.Column('clerk_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_template_approvals_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_template_approvals'))
    )


def _template_approvals_indexes() -> None:
    with op.batch_alter_table('template_approvals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_template_approvals_kind'), ['kind'], unique=False)


def _accounts() -> None:
    op.create_table('accounts',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('number', sa.String(), nullable=True),
        sa.Column('customer_id', sa.Integer(), nullable=False), sa.Column('address', sa.String(), nullable=False),
        sa.Column('capacity', sa.String(24), nullable=True),
        sa.Column('capacity_unit', sa.String(), nullable=False), sa.Column('voltage', sa.String(), nullable=False),
        sa.Column('usage_nature', sa.String(), nullable=False), sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('status', sa.String(), nullable=False), sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_accounts_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_accounts_created_by')),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_accounts_customer_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
        sa.UniqueConstraint('number', name=op.f('uq_accounts_number'))
    )


def _accounts_indexes() -> None:
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_customer_id'), ['customer_id'], unique=False)


def _cases() -> None:
    op.create_table('cases',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('number', sa.String(), nullable=False),
        sa.Column('process', sa.String(), nullable=False), sa.Column('release', sa.String(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False), sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('promises', sa.JSON(), nullable=False), sa.Column('way', sa.String(), nullable=False),
        sa.Column('applied_on', sa.Date(), nullable=False), sa.Column('accepted_at', sa.DateTime(), nullable=False),
        sa.Column('acceptor_id', sa.Integer(), nullable=False), sa.Column('owner_id', sa.Integer(), nullable=False),
        sa.Column('status', sa.String(), nullable=False), sa.Column('stage', sa.String(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True), sa.Column('paused', sa.Boolean(), nullable=False),
        sa.Column('paused_until', sa.Date(), nullable=True), sa.Column('closed_on', sa.Date(), nullable=True),
        sa.Column('yx_application', sa.String(), nullable=False),
        sa.Column('yx_account', sa.String(), nullable=False), sa.Column('yx_contract', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['acceptor_id'], ['clerks.id'], name=op.f('fk_cases_acceptor_id')),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_cases_account_id')),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_cases_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_cases_created_by')),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_cases_customer_id')),
        sa.ForeignKeyConstraint(['owner_id'], ['clerks.id'], name=op.f('fk_cases_owner_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
        sa.UniqueConstraint('number', name=op.f('uq_cases_number'))
    )


def _cases_indexes() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_accepted', ['accepted_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_cases_closed', ['closed_on'], unique=False, sqlite_where=sa.text('closed_on IS NOT NULL'), postgresql_where=sa.text('closed_on IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_cases_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_cases_due', ['due_on', 'id'], unique=False, sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.create_index('ix_cases_owner', ['owner_id', 'status', 'accepted_at', 'id'], unique=False)
        batch_op.create_index('ix_cases_status', ['status', 'accepted_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_yx_account'), ['yx_account'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_yx_application'), ['yx_application'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_yx_contract'), ['yx_contract'], unique=False)


def _case_materials() -> None:
    op.create_table('case_materials',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(), nullable=False), sa.Column('name', sa.String(), nullable=False),
        sa.Column('demand', sa.String(), nullable=False), sa.Column('state', sa.String(), nullable=False),
        sa.Column('supplier', sa.String(), nullable=False), sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('supplied_on', sa.Date(), nullable=True), sa.Column('open', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_materials_case_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_materials'))
    )


def _case_materials_indexes() -> None:
    with op.batch_alter_table('case_materials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_materials_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_case_materials_due', ['due_on'], unique=False, sqlite_where=sa.text('open'), postgresql_where=sa.text('open'))


def _contracts() -> None:
    op.create_table('contracts',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('key', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False), sa.Column('kind', sa.String(), nullable=False),
        sa.Column('kind_word', sa.String(), nullable=False), sa.Column('source', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False), sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('practice', sa.Boolean(), nullable=False), sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=True),
        sa.Column('predecessor_id', sa.Integer(), nullable=True),
        sa.Column('capacity', sa.String(24), nullable=True),
        sa.Column('capacity_unit', sa.String(), nullable=False), sa.Column('voltage', sa.String(), nullable=False),
        sa.Column('signed_on', sa.Date(), nullable=True), sa.Column('starts_on', sa.Date(), nullable=True),
        sa.Column('ends_on', sa.Date(), nullable=True), sa.Column('term_months', sa.Integer(), nullable=True),
        sa.Column('renewal', sa.String(), nullable=False), sa.Column('objection_days', sa.Integer(), nullable=True),
        sa.Column('renewal_confirmed', sa.String(), nullable=False), sa.Column('doubts', sa.JSON(), nullable=False),
        sa.Column('gone', sa.Boolean(), nullable=False), sa.Column('note', sa.String(), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False), sa.Column('template_digest', sa.String(), nullable=False),
        sa.Column('release', sa.String(), nullable=False), sa.Column('printed_on', sa.Date(), nullable=True),
        sa.Column('customer_signed_on', sa.Date(), nullable=True),
        sa.Column('our_signed_on', sa.Date(), nullable=True), sa.Column('signing', sa.JSON(), nullable=False),
        sa.Column('box', sa.String(), nullable=False), sa.Column('void_reason', sa.String(), nullable=False),
        sa.Column('snooze_until', sa.Date(), nullable=True), sa.Column('handler_id', sa.Integer(), nullable=True),
        sa.Column('settled_note', sa.String(), nullable=False), sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('changed_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_contracts_account_id')),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_contracts_case_id')),
        sa.ForeignKeyConstraint(['changed_by'], ['clerks.id'], name=op.f('fk_contracts_changed_by')),
        sa.ForeignKeyConstraint(['created_by'], ['clerks.id'], name=op.f('fk_contracts_created_by')),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_contracts_customer_id')),
        sa.ForeignKeyConstraint(['handler_id'], ['clerks.id'], name=op.f('fk_contracts_handler_id')),
        sa.ForeignKeyConstraint(['predecessor_id'], ['contracts.id'], name=op.f('fk_contracts_predecessor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_contracts')),
        sa.UniqueConstraint('key', name=op.f('uq_contracts_key'))
    )


def _contracts_indexes() -> None:
    with op.batch_alter_table('contracts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contracts_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_contracts_active', ['active', 'ends_on', 'id'], unique=False)
        batch_op.create_index('ix_contracts_all', ['ends_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contracts_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contracts_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_contracts_doubtful', ['ends_on', 'id'], unique=False, sqlite_where=sa.text("CAST(doubts AS TEXT) <> '[]'"), postgresql_where=sa.text("CAST(doubts AS TEXT) <> '[]'"))
        batch_op.create_index('ix_contracts_due', ['ends_on', 'id'], unique=False, sqlite_where=sa.text("active AND renewal <> '自动续展' AND renewal <> '不定期'"), postgresql_where=sa.text("active AND renewal <> '自动续展' AND renewal <> '不定期'"))
        batch_op.create_index('ix_contracts_endless', ['id'], unique=False, sqlite_where=sa.text('CAST(ends_on AS VARCHAR(10)) IS NULL'), postgresql_where=sa.text('CAST(ends_on AS VARCHAR(10)) IS NULL'))
        batch_op.create_index('ix_contracts_unknown', ['id'], unique=False, sqlite_where=sa.text("active AND renewal <> '自动续展' AND renewal <> '不定期' AND CAST(ends_on AS VARCHAR(10)) IS NULL"), postgresql_where=sa.text("active AND renewal <> '自动续展' AND renewal <> '不定期' AND CAST(ends_on AS VARCHAR(10)) IS NULL"))
        batch_op.create_index('ix_contracts_gone', ['gone', 'ends_on', 'id'], unique=False, sqlite_where=sa.text('active AND gone'), postgresql_where=sa.text('active AND gone'))
        batch_op.create_index('ix_contracts_kind', ['kind', 'ends_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contracts_number'), ['number'], unique=False)
        batch_op.create_index(batch_op.f('ix_contracts_predecessor_id'), ['predecessor_id'], unique=False)
        batch_op.create_index('ix_contracts_printed', ['printed_on', 'id'], unique=False, sqlite_where=sa.text('active AND customer_signed_on IS NULL'), postgresql_where=sa.text('active AND customer_signed_on IS NULL'))
        batch_op.create_index('ix_contracts_renewal', ['renewal', 'ends_on', 'id'], unique=False)
        batch_op.create_index('ix_contracts_rolling', ['term_months', 'objection_days', 'ends_on', 'id'], unique=False, sqlite_where=sa.text("active AND coalesce(renewal, '') = '自动续展'"), postgresql_where=sa.text("active AND coalesce(renewal, '') = '自动续展'"))
        batch_op.create_index('ix_contracts_state', ['state', 'ends_on', 'id'], unique=False)


def _schemes() -> None:
    op.create_table('schemes',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False), sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('answered_on', sa.Date(), nullable=False), sa.Column('entered_at', sa.DateTime(), nullable=False),
        sa.Column('clerk_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_schemes_case_id')),
        sa.ForeignKeyConstraint(['clerk_id'], ['clerks.id'], name=op.f('fk_schemes_clerk_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_schemes'))
    )


def _schemes_indexes() -> None:
    with op.batch_alter_table('schemes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schemes_case_id'), ['case_id'], unique=False)


def _import_rows() -> None:
    op.create_table('import_rows',
        sa.Column('id', sa.Integer(), nullable=False), sa.Column('batch_id', sa.Integer(), nullable=False),
        sa.Column('sheet', sa.String(), nullable=False), sa.Column('row', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False), sa.Column('result', sa.String(), nullable=False),
        sa.Column('reasons', sa.JSON(), nullable=False), sa.Column('cells', sa.JSON(), nullable=False),
        sa.Column('contract_id', sa.Integer(), nullable=True), sa.Column('settled', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_rows_batch_id')),
        sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_import_rows_contract_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows'))
    )


def _import_rows_indexes() -> None:
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.create_index('ix_import_rows_batch', ['batch_id', 'row'], unique=False)
        batch_op.create_index('ix_import_rows_key', ['key'], unique=False)
