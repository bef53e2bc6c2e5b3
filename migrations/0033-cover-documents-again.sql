-- As before; and the slot of a document that the law makes the company keep stands on its document (`slot_is_covered`), which was left
-- out here when trails were.
create or replace function refuse_uncovered_slots() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  whose   uuid;
  covered boolean;
begin
  if tg_table_name = 'consent_withdrawal' then
    select c.subject into whose from consent c where c.id = new.consent;
  elsif tg_table_name = 'consent' then
    whose := old.subject;
  elsif tg_table_name = 'consent_field' then
    -- Gone with its consent: then the consent's own row is judged.
    select c.subject into whose from consent c where c.id = old.consent;
  elsif tg_table_name = 'subject' then
    whose := new.id;
  end if;
  -- A new slot is judged alone; whatever takes cover away is judged by every slot that is left.
  if tg_table_name = 'slot' then
    covered := new.compartment = 'trail' or is_covered(new.subject, new.compartment)
      or (new.compartment = 'statutory' and slot_is_covered(new.subject, new.compartment));
  else
    covered := not exists (
      select 1 from slot s where s.subject = whose and not slot_is_covered(whose, s.compartment));
  end if;
  if not covered then
    raise exception using errcode = '23514', constraint = 'slot_needs_consent',
      message = 'a slot is covered by no live consent and no declared basis';
  end if;
  return null;
end
$$;
