-- For a place that outgrows one machine: the same schema on Citus, PostgreSQL's distributed extension. Run once on an empty store.
-- The tests run it on plain PostgreSQL with a stand-in that refuses what Citus would refuse.

-- Copies on every node.
select create_reference_table('place');
select create_reference_table('body');
select create_reference_table('category');
select create_reference_table('service');
select create_reference_table('unit_cost');
select create_reference_table('rate');
select create_reference_table('unit');
select create_reference_table('account_role');
select create_reference_table('scheme');
select create_reference_table('stream');
select create_reference_table('stream_year');
select create_reference_table('condition');
select create_reference_table('import');
select create_reference_table('import_month');
select create_reference_table('entry');

-- By account.
select create_distributed_table('account', 'id');
select create_distributed_table('line', 'account', colocate_with => 'account');
select create_distributed_table('balance', 'account', colocate_with => 'account');
select create_distributed_table('hold', 'account', colocate_with => 'account');

-- By party.
select create_distributed_table('party', 'id');
select create_distributed_table('residence', 'party', colocate_with => 'party');
select create_distributed_table('alias', 'gone', colocate_with => 'party');
select create_distributed_table('erasure', 'party', colocate_with => 'party');
select create_distributed_table('legal_hold', 'party', colocate_with => 'party');
select create_distributed_table('access', 'party', colocate_with => 'party');
select create_distributed_table('holding', 'owner', colocate_with => 'party');

select create_distributed_table('act_for', 'principal');
select create_distributed_table('office', 'person');
select create_distributed_table('fact', 'party', colocate_with => 'party');
select create_distributed_table('award', 'party', colocate_with => 'party');
select create_distributed_table('award_payment', 'party', colocate_with => 'party');
select create_distributed_table('award_recovery', 'party', colocate_with => 'party');
select create_distributed_table('take_up_found', 'party', colocate_with => 'party');
select create_distributed_table('take_up_letter', 'party', colocate_with => 'party');
select create_distributed_table('take_up_outcome', 'party', colocate_with => 'party');
select create_distributed_table('take_up_choice', 'party', colocate_with => 'party');
select create_distributed_table('person_decision', 'party', colocate_with => 'party');
select create_distributed_table('case_file', 'party', colocate_with => 'party');
select create_distributed_table('case_event', 'party', colocate_with => 'party');
select create_distributed_table('case_told', 'party', colocate_with => 'party');
select create_distributed_table('case_attachment', 'party', colocate_with => 'party');

-- By the import that refused them.
select create_distributed_table('reject', 'import');

-- By the value that must be unique.
select create_distributed_table('help_offer', 'code');
select create_distributed_table('session', 'id');
select create_distributed_table('draft', 'session', colocate_with => 'session');
select create_distributed_table('look_reason', 'session', colocate_with => 'session');
select create_distributed_table('identifier', 'value');
select create_distributed_table('once', 'digest');

select create_distributed_table('closing_tile', 'tile');
select create_distributed_table('erased_leaf', 'entry');

-- setting, head, counter, pending, payment_total, reference, log_tile, log_head, closing, invite, alert, sign_in_failed, message_out, message_choice, message_run, body_duty, body_decision, body_profile, take_up_run, take_up_sum, take_up_reason, edition, edition_figures, edition_year, standard_figure and take_up_figure stay on the coordinator.
-- reference does: it is read and written under `head`, in one short transaction, and a bucket of it is never so large that it would have to be spread.
