-- As before, but not of somebody who has asked to leave: both records go then, each with the link of its own receipt, and with it
-- what the law makes the company keep of them.
create or replace function complete_merge(which uuid, moment timestamptz) returns table (slot bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  two public.merge%rowtype;
begin
  select * into two from public.merge where id = which;
  perform 1 from public.customer where id in (two.stays, two.rests) order by id for update;
  if exists (select 1 from public.withdrawal where subject in (two.stays, two.rests)) then return; end if;
  update public.merge set completed_at = moment where id = which and until <= moment and completed_at is null returning * into two;
  if not found then return; end if;
  update public.customer_reference r set subject = two.stays, slot = s.number
    from public.slot s where r.subject = two.rests and s.subject = two.stays and s.compartment = r.compartment;
  update public.statutory_document set customer = two.stays where customer = two.rests;
  return query delete from public.box b where b.subject = two.stays and b.row = which returning b.slot;
end
$$;
