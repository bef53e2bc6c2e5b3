-- How a value is known lies sealed beside it. Here stand the facts PostgreSQL itself must hold to: which fields are closed
-- to everybody but their customer, which link was used, and that two different people saw a document.

-- A field whose value is in doubt (GDPR 18): no task opens it until its customer has settled what is right.
create table restriction (
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  field        text not null references field (code),
  since        timestamptz not null,
  primary key (subject, field),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index restriction_of_slot on restriction (slot);

create function opens_restricted(whose uuid, which uuid, what text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (
    select 1
      from public.restriction r
      join public.grant_subject gs on gs.subject = r.subject
      join public.grants g on g.id = gs.grant_id
      left join public.task t on t.id = g.task
     where r.subject = whose and (which is null or g.id = which) and (what is null or r.field = what)
       and g.kind = 'task' and g.ended_at is null and g.until > clock_timestamp()
       and (r.field = any (g.fields) or '*' = any (g.fields))
       and t.type is distinct from 'data_correction');
end
$$;
revoke all on function opens_restricted(uuid, uuid, text) from public;

-- Whoever inserts either side waits for whoever inserts the other, by the person's row: a server that forgets to end a
-- grant cannot commit the restriction, and one that forgets the restriction cannot commit the grant.
create function refuse_open_restriction() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from public.subject where id = new.subject for update;
  if public.opens_restricted(new.subject, null, new.field) then
    raise exception using errcode = '23514', constraint = 'restricted_is_closed',
      message = 'a grant of a task opens a restricted field';
  end if;
  return null;
end
$$;
revoke all on function refuse_open_restriction() from public;
create trigger restricted_is_closed after insert on restriction
  for each row execute function refuse_open_restriction();

create function refuse_restricted_grant() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from public.grants g where g.id = new.grant_id and g.kind = 'task') then return null; end if;
  perform 1 from public.subject where id = new.subject for key share;
  if public.opens_restricted(new.subject, new.grant_id, null) then
    raise exception using errcode = '23514', constraint = 'restricted_is_closed',
      message = 'a grant of a task opens a restricted field';
  end if;
  return null;
end
$$;
revoke all on function refuse_restricted_grant() from public;
create trigger restricted_is_closed after insert on grant_subject
  for each row execute function refuse_restricted_grant();

alter table letter drop constraint letter_kind_check, add check (kind in ('code', 'duplicate', 'link', 'reminder'));

-- A link sent to an address, to show that somebody reads what is sent there. Of the link only its hash is here, and of the
-- address a fingerprint by the keeper's key, so that a link for an address that was changed meanwhile proves nothing.
create table confirmation_link (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  field        text not null references field (code),
  hash         bytea not null unique check (octet_length(hash) = 32),
  address      bytea not null check (octet_length(address) = 16),
  made_at      timestamptz not null,
  until        timestamptz not null check (until <= made_at + interval '24 hours'),
  used_at      timestamptz,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index confirmation_link_of_subject on confirmation_link (subject, made_at);

-- What one employee has seen counts when a second one has confirmed it. What it was lies sealed beside the values; the
-- commitment is in the log too.
create table evidence (
  task          uuid primary key references task (id) on delete cascade,
  subject       uuid not null,
  compartment   text not null default 'messages' check (compartment = 'messages'),
  slot          bigint not null,
  commitment    bytea not null check (octet_length(commitment) = 32),
  fields        text[] not null check (cardinality(fields) > 0),
  seen_by       uuid not null references employee (id),
  seen_at       timestamptz not null,
  confirmed_by  uuid references employee (id),
  confirmed_at  timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null)),
  constraint two_different_people check (confirmed_by <> seen_by),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index evidence_of_slot on evidence (slot);

-- A customer who is away at an outside provider, to come back once. Its secrets are derived from the session's own.
create table provider_check (
  id       uuid primary key,
  subject  uuid not null references customer (id) on delete cascade,
  session  uuid not null references session (id) on delete cascade,
  made_at  timestamptz not null,
  until    timestamptz not null check (until <= made_at + interval '15 minutes'),
  used_at  timestamptz
);
create index provider_check_of_subject on provider_check (subject);

-- When a customer is asked by letter, once, whether a value is still right: given or confirmed anew it gets another row.
create table reminder (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null default 'messages' check (compartment = 'messages'),
  slot         bigint not null,
  field        text not null references field (code),
  due_at       timestamptz not null,
  unique (subject, field),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index reminder_of_slot on reminder (slot);

grant select, insert, delete on reminder to custode_server;
grant select, insert, delete on restriction, confirmation_link, provider_check to custode_server;
grant select, insert on evidence to custode_server;
grant update (used_at) on confirmation_link, provider_check to custode_server;
grant update (confirmed_by, confirmed_at) on evidence to custode_server;
