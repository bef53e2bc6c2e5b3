-- The server's role owns nothing, bypasses nothing and erases only through `erase_slots`.

alter table grants drop constraint grants_session_fkey,
  add foreign key (session) references session (id) on delete cascade;
alter table grant_subject drop constraint grant_subject_subject_fkey,
  add foreign key (subject) references subject (id) on delete cascade;
alter table outbox drop constraint outbox_subject_fkey,
  add foreign key (subject) references subject (id) on delete cascade;

revoke all on all functions in schema public from public;
revoke create on schema public from public;
-- Only the database's owner may; elsewhere it is done when the roles are made (src/supervisor/external.ts).
do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;
grant usage on schema public to custode_server;
grant usage on sequence pseudonym_number to custode_server;

grant select on organisation, subject, customer, employee, invitation, outbox, field, purpose, purpose_field, notice,
  consent, consent_field, consent_withdrawal, slot, box, session, address, address_generation, code, letter, task,
  task_closure, grants, grant_subject, purchase, customer_reference, import, import_position, withdrawal, erasure, roll,
  setup_token to custode_server;
grant insert on organisation, subject, customer, employee, invitation, outbox, notice, consent, consent_field,
  consent_withdrawal, slot, box, session, address, address_generation, code, letter, task, task_closure, grants,
  grant_subject, purchase, customer_reference, import, import_position, withdrawal, roll,
  setup_token to custode_server;
-- The t1 of an erasure comes from a roll (settle_erasures).
grant insert (act, link_hash, slots, compartments, entry, t0, trail, kept_until) on erasure to custode_server;

grant update (last_change) on subject to custode_server;
grant update (level) on customer to custode_server;
grant update (password_hash, totp_row, totp_step, active_at, ended_at) on employee to custode_server;
grant update (used_at) on invitation to custode_server;
grant update (ended_at) on session, grants to custode_server;
grant update (tries, used_at) on code to custode_server;
grant update (sent_at, failure) on letter to custode_server;
grant update (assignee) on task to custode_server;
grant update (version, bytes) on box to custode_server;
grant update (ended_at, lines, kept, known, refused) on import to custode_server;
grant update (kept) on import_position to custode_server;
grant update (lines) on purchase to custode_server;
grant delete on outbox, box, setup_token, invitation, code, letter, address, address_generation to custode_server;

grant execute on function is_covered(uuid, text), enter(uuid, text), entered(uuid, text),
  grant_covers(uuid, text, uuid, text), boxes(uuid, text, uuid, text[], uuid[]), erase_slots(bigint[]), settle_erasures(),
  box_counts(uuid) to custode_server;

-- The keeper counts a subject's changes too: an entry that somebody takes out of the outbox leaves a gap it sees.
create function refuse_recount() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception using errcode = '23514', constraint = 'change_after_change',
    message = 'the changes of a subject are counted one by one';
end
$$;
revoke all on function refuse_recount() from public;
create trigger change_after_change before update of last_change on subject for each row
  when (new.last_change <> old.last_change + 1 and current_user in ('custode_server', 'custode_worker'))
  execute function refuse_recount();

-- Jobs hold ids only. The server may add one; the worker's role works them off.
create function add_job(kind text, payload jsonb, run_at timestamptz, key text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select graphile_worker.add_job(kind, payload::json, run_at => run_at, max_attempts => 8, job_key => key)
$$;
revoke all on function add_job(text, jsonb, timestamptz, text) from public;
grant execute on function add_job(text, jsonb, timestamptz, text) to custode_server;
