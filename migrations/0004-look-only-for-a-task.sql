-- A task names one customer. Taking it makes a grant; PostgreSQL looks the grant up again in every statement.

create table task (
  id            uuid primary key,
  type          text not null,
  subject       uuid not null,
  compartment   text not null default 'messages' check (compartment = 'messages'),
  slot          bigint not null,
  made_at       timestamptz not null,
  due_at        timestamptz not null,
  assignee      uuid references employee (id),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index task_of_slot on task (slot);
create index task_of_assignee on task (assignee);
create index task_open on task (due_at, id) where assignee is null;

create table task_closure (
  task     uuid primary key references task (id) on delete cascade,
  by       uuid not null references employee (id),
  outcome  text not null check (outcome in ('answered', 'no_answer_needed')),
  at       timestamptz not null
);
create index closure_of_employee on task_closure (by, at desc);

create table grants (
  id            uuid primary key,
  kind          text not null check (kind in ('task', 'portal', 'job', 'signin', 'import')),
  actor         text not null,
  secret_hash   bytea not null,
  session       uuid references session (id),
  task          uuid references task (id) on delete cascade,
  purpose       text not null,
  fields        text[] not null,
  compartments  text[] not null,
  policies      text[] not null default '{}',
  made_at       timestamptz not null,
  until         timestamptz not null,
  ended_at      timestamptz,
  -- As in the keeper. By the real clock, which may stand in a check here: what holds once holds ever after.
  constraint grants_are_short check (until <= clock_timestamp() + interval '31 days')
);
create index grants_of_session on grants (session) where ended_at is null;
create index grants_of_task on grants (task) where ended_at is null;

create table grant_subject (
  grant_id  uuid not null references grants (id) on delete cascade,
  subject   uuid not null references subject (id),
  primary key (grant_id, subject)
);
create index grant_of_subject on grant_subject (subject);

-- The functions of this page are PL/pgSQL because it keeps their plans: SQL functions are planned at every call.
create function grant_covers(which uuid, secret text, whose uuid, what text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (
    select 1
      from grants g
      join grant_subject gs on gs.grant_id = g.id
     where g.id = which
       and g.secret_hash = sha256(convert_to(secret, 'UTF8'))
       and g.ended_at is null
       and g.until > clock_timestamp()
       and gs.subject = whose
       and what = any (g.compartments));
end
$$;

-- `enter` carries the credential for this transaction, never the claim: each statement looks the grant up again.
create function enter(which uuid, secret text) returns void
language sql as $$
  select set_config('custode.grant', which::text, true), set_config('custode.secret', secret, true)
$$;

create function entered(whose uuid, what text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return public.grant_covers(
    nullif(current_setting('custode.grant', true), '')::uuid,
    coalesce(current_setting('custode.secret', true), ''), whose, what);
end
$$;

-- The hot path in one statement: the boxes of one customer under one live grant, or none. Only some rows, where they
-- are named: what a task does not need does not leave PostgreSQL, not even sealed.
create function boxes(which uuid, secret text, whose uuid, what text[], these uuid[] default null)
returns table (compartment text, "row" uuid, version integer, slot bigint, bytes bytea)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select b.compartment, b.row, b.version, b.slot, b.bytes
    from box b
   where b.subject = whose
     and b.compartment = any (what)
     and (these is null or b.row = any (these))
     and exists (
       select 1
         from grants g
         join grant_subject gs on gs.grant_id = g.id
        where g.id = which
          and g.secret_hash = sha256(convert_to(secret, 'UTF8'))
          and g.ended_at is null
          and g.until > clock_timestamp()
          and gs.subject = whose
          and b.compartment = any (g.compartments));
end
$$;

alter table box enable row level security;
alter table box force row level security;
create policy box_of_owner on box to custode_owner using (true) with check (true);
create policy box_new on box for insert to custode_server with check (true);
create policy box_seen on box for select to custode_server using (entered(subject, compartment));
create policy box_changed on box for update to custode_server
  using (entered(subject, compartment)) with check (entered(subject, compartment));
create policy box_removed on box for delete to custode_server using (entered(subject, compartment));
