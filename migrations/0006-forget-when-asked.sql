-- A destruction record names slot numbers, epochs, custodians and times; nobody's name, nobody's id.

create table erasure (
  act         uuid primary key,
  link_hash   bytea unique,
  slots       bigint[] not null,
  t0          timestamptz not null,
  t1          timestamptz,
  epoch       integer,
  custodians  jsonb
);

-- The rows go with their slots, by slot number alone, so that it can be carried out again after a crash.
create function erase_slots(which bigint[]) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  whose uuid[];
  gone  integer;
begin
  select coalesce(array_agg(distinct s.subject), '{}') into whose from slot s where s.number = any (which);
  perform 1 from subject where id = any (whose) order by id for update;
  delete from slot where number = any (which);
  get diagnostics gone = row_count;
  -- A subject without any slot but the trail has left; one without any slot is forgotten wholly.
  update grants set ended_at = clock_timestamp()
   where ended_at is null and id in (select grant_id from grant_subject where subject = any (whose))
     and not exists (select 1 from grant_subject gs join slot s on s.subject = gs.subject and s.compartment <> 'trail'
                      where gs.grant_id = grants.id);
  delete from session where subject = any (whose)
     and not exists (select 1 from slot s where s.subject = session.subject and s.compartment <> 'trail');
  delete from customer c where c.id = any (whose)
     and not exists (select 1 from slot s where s.subject = c.id and s.compartment <> 'trail');
  update subject set kind = 'former' where id = any (whose) and kind in ('customer', 'applicant')
     and not exists (select 1 from slot s where s.subject = subject.id and s.compartment <> 'trail');
  delete from subject where id = any (whose) and kind = 'former'
     and not exists (select 1 from slot s where s.subject = subject.id);
  return gone;
end
$$;
