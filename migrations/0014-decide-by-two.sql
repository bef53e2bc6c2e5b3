-- Policies are the company's own: one officer proposes a text, another one puts it into force. The text that comes with the
-- program is in force until then.
create table policy_version (
  version      integer primary key check (version > 0),
  text         text not null check (octet_length(text) <= 65536),
  hash         text not null check (hash = 'sha256:' || encode(sha256(convert_to(text, 'UTF8')), 'hex')),
  base         integer not null,             -- the version in force that the proposal was made from; 0 for the program's own
  proposed_by  uuid not null references employee (id),
  proposed_at  timestamptz not null,
  decided_by   uuid references employee (id),
  decided_at   timestamptz,
  approved     boolean,
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (approved is null)),
  check (not approved or decided_by <> proposed_by)
);
create index policy_version_proposed on policy_version (proposed_by);
create index policy_version_decided on policy_version (decided_by);
-- One at a time, so that nobody approves what another approval has overtaken.
create unique index policy_version_open on policy_version ((true)) where decided_at is null;

-- Whoever takes a task holds this row until the grant is there, so policies change before or after, and never in between.
create table policy_in_force (
  one      boolean primary key default true check (one),
  version  integer not null default 0,
  -- After a restore that has lost a version nothing may be taken until two officers have decided again.
  closed   boolean not null default false
);
insert into policy_in_force default values;

-- What comes into force comes from a proposal that two have decided, and from nothing else: the server cannot write it.
create function put_policy_in_force() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update policy_in_force set version = new.version, closed = false;
  return null;
end
$$;
revoke execute on function put_policy_in_force() from public;
create trigger put_policy_in_force after update of approved on policy_version
  for each row when (old.approved is null and new.approved) execute function put_policy_in_force();

-- A decision stands.
create function decide_policy_once() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'a policy is decided once' using errcode = 'check_violation', constraint = 'policy_decided_once';
end
$$;
create trigger decide_policy_once before update on policy_version
  for each row when (old.decided_at is not null) execute function decide_policy_once();

grant select on policy_version, policy_in_force to custode_server;
-- For the lock of whoever takes a task; `one` can hold one value alone.
grant update (one) on policy_in_force to custode_server;
grant insert (version, text, hash, base, proposed_by, proposed_at) on policy_version to custode_server;
grant update (decided_by, decided_at, approved) on policy_version to custode_server;
