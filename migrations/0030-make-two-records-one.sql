-- Two records of one person become one. The record that goes is not copied: it rests, whole, under its own slots and consents, for
-- thirty days, and then it is erased; so undoing copies nothing back. Who rests is no customer for anybody but the one it belongs to.
alter table subject drop constraint subject_kind_check,
  add check (kind in ('customer', 'resting', 'applicant', 'employee', 'former', 'document'));
alter table customer drop constraint customer_kind_check, add check (kind in ('customer', 'resting')),
  drop constraint customer_id_kind_fkey,
  add foreign key (id, kind) references subject (id, kind) on delete cascade on update cascade;

-- `link_hash`: of the link that reads how the resting record was destroyed. A record is part of one merge at a time.
create table merge (
  id                 uuid primary key,
  stays              uuid not null unique,
  stays_compartment  text not null default 'identity' check (stays_compartment = 'identity'),
  stays_slot         bigint not null,
  rests              uuid not null unique,
  rests_compartment  text not null default 'identity' check (rests_compartment = 'identity'),
  rests_slot         bigint not null,
  at                 timestamptz not null,
  until              timestamptz not null check (until > at),
  link_hash          bytea not null,
  completed_at       timestamptz,
  check (stays <> rests),
  foreign key (stays, stays_compartment, stays_slot) references slot (subject, compartment, number) on delete cascade on update cascade,
  foreign key (rests, rests_compartment, rests_slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index merge_of_stays_slot on merge (stays_slot);
create index merge_of_rests_slot on merge (rests_slot);
create index merge_by_time on merge (until);

-- Of which fields the value of the resting record counts. What counted before lies beside, in a box whose row is the merge's id.
create table merge_value (
  merge  uuid not null references merge (id) on delete cascade,
  field  text not null references field (code),
  primary key (merge, field)
);

-- The word that one record says and the other is told by its own person: who has both has both rooms.
create table merge_word (
  subject      uuid primary key,
  compartment  text not null default 'identity' check (compartment = 'identity'),
  slot         bigint not null,
  task         uuid not null references duplicate (task) on delete cascade,
  hash         bytea not null unique,
  until        timestamptz not null,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index merge_word_of_slot on merge_word (slot);
create index merge_word_of_task on merge_word (task);

grant select on merge, merge_value, merge_word to custode_server;
grant insert (merge, field) on merge_value to custode_server;
grant insert (subject, slot, task, hash, until) on merge_word to custode_server;
grant delete on merge_word to custode_server;

-- Only of a pair that somebody decided to be one person and neither of the two denied; of none who is leaving or merged already.
create function make_merge(which uuid, staying uuid, going uuid, since timestamptz, ends timestamptz, link bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from public.customer where id in (staying, going) order by id for update;
  if (select count(*) from public.subject where id in (staying, going) and kind = 'customer') <> 2
     or exists (select 1 from public.withdrawal where subject in (staying, going))
     or exists (select 1 from public.merge m where m.stays in (staying, going) or m.rests in (staying, going))
     or not exists (select 1 from public.duplicate d join public.task_closure c on c.task = d.task and c.outcome = 'same'
                     where d.subject = least(staying, going) and d.other = greatest(staying, going)
                       and not exists (select 1 from public.duplicate_objection o where o.task = d.task)) then
    return false;
  end if;
  insert into public.merge (id, stays, stays_slot, rests, rests_slot, at, until, link_hash)
  select which, a.subject, a.number, b.subject, b.number, since, ends, link
    from public.slot a, public.slot b
   where a.subject = staying and a.compartment = 'identity' and b.subject = going and b.compartment = 'identity';
  if not found then return false; end if;
  update public.subject set kind = 'resting' where id = going;
  return true;
end
$$;

-- Until its time is over, and of nobody who is leaving: then both go.
create function undo_merge(which uuid, moment timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  two public.merge%rowtype;
begin
  select * into two from public.merge where id = which;
  perform 1 from public.customer where id in (two.stays, two.rests) order by id for update;
  if exists (select 1 from public.withdrawal where subject in (two.stays, two.rests)) then return false; end if;
  delete from public.merge where id = which and until > moment;
  if not found then return false; end if;
  update public.subject set kind = 'customer' where id = two.rests and kind = 'resting';
  return true;
end
$$;

-- The company's own numbers and what the law makes it keep lead to the record that stays from now on, and what was kept beside for an undoing goes. Answers with
-- the slots under which that lay, for the floors.
create function complete_merge(which uuid, moment timestamptz) returns table (slot bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  two public.merge%rowtype;
begin
  update public.merge set completed_at = moment where id = which and until <= moment and completed_at is null returning * into two;
  if not found then return; end if;
  update public.customer_reference r set subject = two.stays, slot = s.number
    from public.slot s where r.subject = two.rests and s.subject = two.stays and s.compartment = r.compartment;
  update public.statutory_document set customer = two.stays where customer = two.rests;
  return query delete from public.box b where b.subject = two.stays and b.row = which returning b.slot;
end
$$;

-- A resting record is opened by nobody's task and no import. Its own person opens it from the record that stays; jobs write to it
-- what its person must know, and destroy.
create function refuse_resting() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (
    select 1 from public.subject s join public.grants g on g.id = new.grant_id
     where s.id = new.subject and s.kind = 'resting'
       and (g.kind in ('task', 'import')
            or g.session is not null and not exists (
              select 1 from public.session n join public.merge m on m.stays = n.subject
               where n.id = g.session and m.rests = new.subject))) then
    raise exception using errcode = '23514', constraint = 'grant_about_resting',
      message = 'a record that rests is opened by its own person alone';
  end if;
  return null;
end
$$;
create trigger grant_about_resting after insert on grant_subject for each row
  when (current_user in ('custode_server', 'custode_worker')) execute function refuse_resting();

-- As before, and a document of a record that rests is opened to its customer too.
create or replace function refuse_foreign_reader() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  d statutory_document;
begin
  select * into d from statutory_document where subject = new.subject;
  if not found then return null; end if;
  if not exists (
      select 1
        from grants g
        join statutory_basis_version v on v.basis = d.basis and v.version = d.basis_version
        left join task t on t.id = g.task
        left join session e on e.id = g.session
       where g.id = new.grant_id
         and ((g.kind = 'task' and t.type = any (v.readers) and t.subject in (d.subject, d.customer))
           or (g.kind = 'portal' and case when g.session is null then d.customer is null
                                          else e.subject = d.customer or exists (
                                            select 1 from merge m where m.stays = e.subject and m.rests = d.customer) end)))
  then
    raise exception using errcode = '23514', constraint = 'document_has_its_readers',
      message = 'a document is opened to a task of its basis and to its customer alone';
  end if;
  return null;
end
$$;

-- As before, and whoever rests leaves as whoever is a customer does.
create or replace function erase_slots(which bigint[]) returns uuid[]
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
  update subject set kind = 'former' where id = any (leaving) and kind in ('customer', 'resting', 'applicant');
  delete from subject where id = any (leaving) and kind = 'former'
     and not exists (select 1 from slot s where s.subject = subject.id);
  return ended;
end
$$;

revoke all on function make_merge(uuid, uuid, uuid, timestamptz, timestamptz, bytea), undo_merge(uuid, timestamptz),
  complete_merge(uuid, timestamptz), refuse_resting() from public;
grant execute on function make_merge(uuid, uuid, uuid, timestamptz, timestamptz, bytea), undo_merge(uuid, timestamptz),
  complete_merge(uuid, timestamptz) to custode_server;

-- Both are written to.
alter table letter drop constraint letter_kind_check,
  add check (kind in ('code', 'duplicate', 'link', 'reminder', 'lead', 'merge'));
