-- Somebody calls or writes, and an employee finds them. What was searched for is nowhere here; who was found, is until a task is
-- opened neither.
alter table grants drop constraint grants_kind_check,
  add check (kind in ('task', 'portal', 'job', 'signin', 'import', 'search'));

-- What the keeper has found may be of a box that was never stored, or of somebody who is no customer. Which of these count, and what of
-- each its customer agrees to under this purpose, without what is restricted: codes and numbers alone, so no grant is needed.
create function found_boxes(whose uuid[], what text[], versions integer[], slots bigint[], why text)
returns table (at integer, fields text[])
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select asked.at::integer,
         array(
           select distinct f.field
             from public.consent c join public.consent_field f on f.consent = c.id
            where c.subject = asked.subject and c.purpose = why
              and not exists (select 1 from public.consent_withdrawal w where w.consent = c.id)
              and not exists (select 1 from public.restriction r where r.subject = asked.subject and r.field = f.field)
            order by f.field)
    from unnest(whose, what, versions, slots) with ordinality as asked (subject, compartment, version, slot, at)
    join public.subject s on s.id = asked.subject and s.kind = 'customer'
    join public.box b on b.subject = asked.subject and b.compartment = asked.compartment and b.row = asked.subject
                     and b.version = asked.version and b.slot = asked.slot
   where not exists (select 1 from public.withdrawal l where l.subject = asked.subject)
$$;
revoke all on function found_boxes(uuid[], text[], integer[], bigint[], text) from public;
grant execute on function found_boxes(uuid[], text[], integer[], bigint[], text) to custode_server;

-- A task that an employee opened about whom they had found. It opens nothing until the customer has told the code that was sent to
-- them: so whoever calls in somebody else's name learns nothing.
create table caller (
  task         uuid primary key references task (id) on delete cascade,
  subject      uuid not null,
  compartment  text not null default 'messages' check (compartment = 'messages'),
  slot         bigint not null,
  code         uuid references code (id) on delete set null,
  asked        smallint not null default 0 check (asked >= 0),
  asked_at     timestamptz,
  proven_at    timestamptz,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index caller_of_slot on caller (slot);
create index caller_of_subject on caller (subject);
create index caller_of_code on caller (code);
grant select on caller to custode_server;
grant insert (task, subject, slot) on caller to custode_server;
grant update (code, asked, asked_at, proven_at) on caller to custode_server;

create index reference_of_number on customer_reference (reference);
