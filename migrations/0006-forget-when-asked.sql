-- A withdrawal is asked for once. Its row goes with the customer; what stays is the destruction record.

create table withdrawal (
  subject    uuid primary key references customer (id) on delete cascade,
  act        uuid not null unique,
  link_hash  bytea not null,
  asked_at   timestamptz not null
);

-- A destruction record names slot numbers, epochs, custodians and times; nobody's name, nobody's id. `entry` is the
-- place of its intent in the log. `trail` is the slot that a withdrawal leaves until `kept_until`.

create table erasure (
  act           uuid primary key,
  link_hash     bytea unique,
  slots         bigint[] not null check (cardinality(slots) > 0),
  compartments  text[] not null,
  entry         bigint not null check (entry >= 0),
  t0            timestamptz not null,
  t1            timestamptz,
  epoch         integer,
  custodians    jsonb,
  trail         bigint unique,
  kept_until    timestamptz,
  check ((trail is null) = (kept_until is null)),
  check (not trail = any (slots))
);
create index erasure_by_time on erasure (t0 desc, act desc);
create index erasure_waiting on erasure (t0) where t1 is null;

-- What a roll of the keybook replaced, so that an erasure whose rows went a moment later finds its t1.
create table roll (
  epoch       integer primary key check (epoch > 0),
  slots       bigint[] not null,
  t1          timestamptz not null,
  custodians  jsonb not null
);
create index roll_of_slot on roll using gin (slots);

-- A record is written in the transaction in which its slots go.
create function refuse_living_slots() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from slot where number = any (new.slots)) then
    raise exception using errcode = '23514', constraint = 'erasure_of_gone_slots',
      message = 'a destruction record names a slot that is still there';
  end if;
  return null;
end
$$;

create constraint trigger erasure_of_gone_slots after insert on erasure
  deferrable initially deferred for each row execute function refuse_living_slots();

-- An erasure whose slots lie in one roll has its t1 from it, whichever of the two was written first, and keeps it.
create function settle_erasures() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update erasure e set t1 = r.t1, epoch = r.epoch, custodians = r.custodians
    from roll r where e.t1 is null and r.slots @> e.slots
$$;

-- The rows go with their slots, by slot number alone, so that it can be carried out again after a crash. Answers with
-- the live grants that ended because everybody they were about has left.
create function erase_slots(which bigint[]) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  whose    uuid[];
  leaving  uuid[];
  theirs   uuid[];
  ended    uuid[];
begin
  select coalesce(array_agg(distinct s.subject), '{}') into whose from slot s where s.number = any (which);
  perform 1 from subject where id = any (whose) order by id for update;
  -- A subject without any slot but the trail has left; one without any slot is forgotten wholly.
  select coalesce(array_agg(one), '{}') into leaving from unnest(whose) as one
   where not exists (select 1 from slot s
                      where s.subject = one and s.compartment <> 'trail' and not s.number = any (which));
  select coalesce(array_agg(distinct gs.grant_id), '{}') into theirs
    from grant_subject gs
   where gs.subject = any (leaving)
     and not exists (select 1 from grant_subject other
                      where other.grant_id = gs.grant_id and not other.subject = any (leaving));
  select coalesce(array_agg(id), '{}') into ended from grants where id = any (theirs) and ended_at is null;
  delete from slot where number = any (which);
  delete from grants where id = any (theirs);
  delete from grant_subject where subject = any (leaving);
  delete from session where subject = any (leaving);
  delete from import_position where subject = any (leaving);
  delete from customer where id = any (leaving);
  update subject set kind = 'former' where id = any (leaving) and kind in ('customer', 'applicant');
  delete from subject where id = any (leaving) and kind = 'former'
     and not exists (select 1 from slot s where s.subject = subject.id);
  return ended;
end
$$;

-- How much lies in each compartment, for the preview of a withdrawal: numbers alone, so no grant is needed.
create function box_counts(whose uuid) returns table (compartment text, boxes integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.compartment, count(b.row)::integer
    from slot s left join box b on b.subject = s.subject and b.compartment = s.compartment
   where s.subject = whose
   group by s.compartment
   order by s.compartment
$$;
