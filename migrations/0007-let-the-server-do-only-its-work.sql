-- The server's role owns nothing, bypasses nothing and erases only through `erase_slots`.

alter table grants drop constraint grants_session_fkey,
  add foreign key (session) references session (id) on delete cascade;
alter table grant_subject drop constraint grant_subject_subject_fkey,
  add foreign key (subject) references subject (id) on delete cascade;
alter table outbox drop constraint outbox_subject_fkey,
  add foreign key (subject) references subject (id) on delete cascade;

revoke all on all functions in schema public from public;
grant usage on schema public to custode_server;
grant usage on sequence pseudonym_number to custode_server;

grant select on organisation, subject, customer, employee, invitation, outbox, field, purpose, purpose_field, notice,
  consent, consent_field, consent_withdrawal, slot, box, session, address, address_generation, code, letter, task,
  task_closure, grants, grant_subject, purchase, customer_reference, import, import_position, withdrawal, erasure, roll,
  setup_token to custode_server;
grant insert on organisation, subject, customer, employee, invitation, outbox, notice, consent, consent_field,
  consent_withdrawal, slot, box, session, address, address_generation, code, letter, task, task_closure, grants,
  grant_subject, purchase, customer_reference, import, import_position, withdrawal, erasure, roll,
  setup_token to custode_server;

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
grant update (t1, epoch, custodians) on erasure to custode_server;
grant delete on outbox, box, setup_token, invitation, code, letter, address, address_generation to custode_server;

grant execute on function is_covered(uuid, text), enter(uuid, text), entered(uuid, text),
  grant_covers(uuid, text, uuid, text), boxes(uuid, text, uuid, text[], uuid[]), erase_slots(bigint[]), box_counts(uuid)
  to custode_server;

-- Jobs hold ids only. The server may add one; the worker's role works them off.
create function add_job(kind text, payload jsonb, run_at timestamptz, key text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select graphile_worker.add_job(kind, payload::json, run_at => run_at, max_attempts => 8, job_key => key)
$$;
revoke all on function add_job(text, jsonb, timestamptz, text) from public;
grant execute on function add_job(text, jsonb, timestamptz, text) to custode_server;
