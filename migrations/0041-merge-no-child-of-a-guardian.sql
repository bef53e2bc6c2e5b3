-- As before, and of nobody for whom a guardian has agreed, until that is taken over or has lapsed: a guardian could not reach a record
-- that rests, and what they agreed to would end with both.
create or replace function make_merge(which uuid, staying uuid, going uuid, since timestamptz, ends timestamptz, link bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from public.customer where id in (staying, going) order by id for update;
  if (select count(*) from public.subject where id in (staying, going) and kind = 'customer') <> 2
     or exists (select 1 from public.withdrawal where subject in (staying, going))
     or exists (select 1 from public.guardianship where subject in (staying, going))
     or exists (select 1 from public.merge m where m.stays in (staying, going) or m.rests in (staying, going))
     or exists (select 1 from public.address_change c
                 where c.subject in (staying, going) and c.undone_at is null and c.until > since)
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
