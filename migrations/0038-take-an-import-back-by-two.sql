-- Taking an import back erases people, so in the office two officers decide it: one proposes, another one puts it into force.
create table import_undo (
  id           uuid primary key,
  import       uuid not null references import (id) on delete cascade,
  proposed_by  uuid not null references employee (id),
  proposed_at  timestamptz not null,
  -- What the proposer was shown: how many it would erase, and how many would stay.
  erases       integer not null check (erases >= 0),
  stays        integer not null check (stays >= 0),
  decided_by   uuid references employee (id),
  decided_at   timestamptz,
  approved     boolean,
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (approved is null)),
  check (not approved or decided_by <> proposed_by)
);
create index import_undo_of_import on import_undo (import);
create index import_undo_proposed on import_undo (proposed_by);
create index import_undo_decided on import_undo (decided_by);
-- One that waits or is approved for each import.
create unique index import_undo_open on import_undo (import) where approved is not false;

create function decide_undo_once() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'an undo is decided once' using errcode = 'check_violation', constraint = 'undo_decided_once';
end
$$;
revoke all on function decide_undo_once() from public;
create trigger decide_undo_once before update on import_undo
  for each row when (old.decided_at is not null) execute function decide_undo_once();

grant select on import_undo to custode_server;
grant insert (id, import, proposed_by, proposed_at, erases, stays) on import_undo to custode_server;
grant update (decided_by, decided_at, approved) on import_undo to custode_server;
