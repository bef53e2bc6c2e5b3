-- Whether a slot is covered is asked for every slot that is made, five times for each customer. A plan is kept for as long as a
-- connection lasts, and was made anew from whatever statistics were there in the middle of a long import: from those of one
-- table without those of the other it read the agreements of all customers to find those of one. Said step by step (`offset 0`
-- keeps the steps apart), nothing can be read but by the key of the step before.
create or replace function is_covered(whose uuid, what text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
begin
  return coalesce((
    select case s.kind
      when 'applicant' then what in ('contact', 'messages', 'trail')   -- at their own request (GDPR 6(1)(b))
      when 'employee'  then what in ('employment', 'trail')            -- the contract of employment
      when 'former'    then what = 'trail'                             -- accountability (GDPR 5(2))
      else what = 'trail' or exists (
        select 1
          from consent c
         cross join lateral (select cf.field from consent_field cf where cf.consent = c.id offset 0) named
         cross join lateral (select 1 from field f where f.code = named.field and f.compartment = what offset 0) held
         where c.subject = whose
           and not exists (select 1 from consent_withdrawal w where w.consent = c.id offset 0))
    end
    from subject s where s.id = whose), false);
end
$$;
