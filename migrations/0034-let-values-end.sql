-- A value may be kept for so many months after it was given or last confirmed, and no longer than it is agreed to.
alter table field_version drop constraint field_version_retention_check,
  add check (retention ~ '^(agreement|([1-9]|[1-9][0-9]|1[01][0-9]|120)_months)$');

-- When the first value in a box is over. Which value that is, and when it was given, lies sealed in the box: it was looked at
-- once for each version of the box and each decision about its fields.
create table retention_look (
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  version      integer not null,
  rule         text not null,          -- what was decided about the fields of the compartment then
  ends_at      timestamptz,            -- null: nothing in it ends
  told_at      timestamptz,            -- when its customer was told that it ends
  primary key (subject, compartment),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index retention_look_of_slot on retention_look (slot);
create index retention_look_by_end on retention_look (ends_at) where ends_at is not null;

-- The customers' own boxes that were written, or are decided about, since they were looked at: numbers alone, so no grant is needed.
create function boxes_to_look_at(what text, decided text, most integer)
returns table (subject uuid, slot bigint, version integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select b.subject, b.slot, b.version
    from public.box b
    join public.customer c on c.id = b.subject
    left join public.retention_look l on l.subject = b.subject and l.compartment = b.compartment
   where b.compartment = what and b.row = b.subject
     and (l.subject is null or l.version <> b.version or l.rule <> decided)
     and not exists (select 1 from public.withdrawal w where w.subject = b.subject)
   limit most
$$;
revoke all on function boxes_to_look_at(text, text, integer) from public;

-- How many customers may hold a value of this field, and how many of them may have given it before a day: at most, since
-- what lies in a box is not opened to count it.
create function held_at_most(which text, before timestamptz) returns table (held integer, older integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*)::integer,
         count(*) filter (where least(c.joined_at, (select min(k.given_at) from public.consent k where k.subject = c.id)) <= before)::integer
    from public.customer c
    join public.field f on f.code = which
   where exists (select 1 from public.box b where b.subject = c.id and b.compartment = f.compartment and b.row = c.id)
     and exists (select 1 from public.consent k join public.consent_field n on n.consent = k.id and n.field = which
                  where k.subject = c.id
                    and not exists (select 1 from public.consent_withdrawal w where w.consent = k.id))
$$;
revoke all on function held_at_most(text, timestamptz) from public;

grant select, insert, delete on retention_look to custode_server;
grant update (version, rule, ends_at, told_at) on retention_look to custode_server;
grant execute on function boxes_to_look_at(text, text, integer), held_at_most(text, timestamptz) to custode_server;
