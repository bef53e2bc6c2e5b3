-- A field may be marked as sealed wherever it lies: from then on its value is sealed in the browser, and nothing of the
-- server reads it on its way. Payment and health data always are.

alter table field_version add column sealed boolean not null default false;
update field_version v set sealed = true from field f where f.code = v.field and f.compartment in ('payment', 'health');

-- Whoever writes the version. What the program itself needs in plain, and what is given before there is a customer, cannot be.
create function seal_what_must_be() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  place text;
  kind text;
begin
  select f.compartment, f.type into place, kind from public.field f where f.code = new.field;
  if place in ('payment', 'health') then
    new.sealed := true;
  elsif new.sealed and (kind is null or new.field in ('name', 'email', 'phone')
                        or new.asked = 'joining' or new.editor <> 'customer') then
    raise exception using errcode = '23514', constraint = 'sealed_by_its_customer',
      message = 'what is sealed in the browser is given by the customer, after joining';
  end if;
  return new;
end
$$;
revoke all on function seal_what_must_be() from public;
create trigger seal_what_must_be before insert on field_version
  for each row execute function seal_what_must_be();

create or replace view field_now as
  select distinct on (f.code) f.code, f.compartment, f.type, f.own, v.version, v.label, v.help, v.option_labels, v.options,
         v.sensitive, v.editor, v.level, v.reconfirm_days, v.retention, v.asked, v.required, v.purposes, v.made_at, v.made_by,
         v.sealed
    from field f join field_version v on v.field = f.code
   order by f.code, v.version desc;
