-- A company asks for what it needs, and for nothing without a purpose. The code, the type and the compartment of a
-- field stay for ever, because values lie under them; the rest is kept in versions, of which the newest counts.

alter table field
  add column type text,                        -- how a value is judged; null for what no form asks, such as a purchase
  add column own boolean not null default false;

create table field_version (
  field           text not null references field (code),
  version         integer not null check (version > 0),
  label           jsonb not null,              -- by language, as the two below
  help            jsonb,
  option_labels   jsonb not null default '{}', -- by option, then by language
  options         jsonb not null default '{}', -- what the type leaves open, such as a length
  sensitive       boolean not null default false,
  editor          text not null check (editor in ('customer', 'approval', 'company')),
  level           smallint not null default 0 check (level between 0 and 1),
  reconfirm_days  integer check (reconfirm_days between 1 and 3650),
  retention       text not null check (retention in ('agreement')),
  asked           text not null check (asked in ('joining', 'portal', 'no')),
  required        boolean not null default false,
  purposes        text[] not null check (cardinality(purposes) > 0),
  made_at         timestamptz not null default now(),
  made_by         text not null default 'custode',
  primary key (field, version),
  check (not required or asked = 'joining')
);

-- A field of the company's own is told apart by its code for ever, and goes into a compartment that is opened for
-- ordinary work.
alter table field add constraint own_field_has_its_mark check (
  own = (code like 'own\_%') and (not own or (type is not null and compartment in ('identity', 'preferences', 'payment', 'health'))));

update field set type = code where code in ('name', 'email', 'phone');
insert into purpose (code, needed) values ('payment', false), ('care', false);
insert into field (code, compartment, type) values
  ('iban', 'payment', 'iban'), ('card', 'payment', 'card_reference'), ('allergies', 'health', 'text'),
  ('postal_address', 'contact', 'postal_address'), ('birth_date', 'identity', 'birth_date'),
  ('codice_fiscale', 'identity', 'codice_fiscale'), ('partita_iva', 'identity', 'partita_iva'),
  ('language', 'preferences', 'language'), ('channel', 'preferences', 'choice'), ('interests', 'preferences', 'choices');

insert into field_version (field, version, label, editor, retention, asked, required, purposes) values
  ('name', 1, '{"en": "Name", "it": "Nome"}', 'customer', 'agreement', 'joining', true, '{service,offers}'),
  ('email', 1, '{"en": "E-mail address", "it": "Indirizzo e-mail"}', 'approval', 'agreement', 'joining', true, '{service,offers}'),
  ('phone', 1, '{"en": "Telephone number", "it": "Numero di telefono"}', 'customer', 'agreement', 'joining', false, '{service}'),
  ('purchase', 1, '{"en": "Purchases", "it": "Acquisti"}', 'company', 'agreement', 'no', false, '{service,offers}'),
  ('letter', 1, '{"en": "Letters", "it": "Lettere"}', 'company', 'agreement', 'no', false, '{service}'),
  ('question', 1, '{"en": "Questions", "it": "Domande"}', 'company', 'agreement', 'no', false, '{service}');

-- Ready to be asked for, and not asked until an officer decides it: by default nothing but what is necessary (GDPR 25(2)).
insert into field_version (field, version, label, help, options, option_labels, editor, retention, asked, purposes) values
  ('postal_address', 1, '{"en": "Postal address", "it": "Indirizzo postale"}', null, '{}', '{}', 'customer', 'agreement', 'no', '{service}'),
  ('birth_date', 1, '{"en": "Date of birth", "it": "Data di nascita"}', null, '{}', '{}', 'approval', 'agreement', 'no', '{service}'),
  ('codice_fiscale', 1, '{"en": "Italian tax code (codice fiscale)", "it": "Codice fiscale"}',
   '{"en": "For an invoice that you want to deduct.", "it": "Per una fattura che vuoi detrarre."}', '{}', '{}', 'customer', 'agreement', 'no', '{service}'),
  ('partita_iva', 1, '{"en": "Italian VAT number (partita IVA)", "it": "Partita IVA"}',
   '{"en": "If you buy for your business.", "it": "Se compri per la tua attività."}', '{}', '{}', 'customer', 'agreement', 'no', '{service}'),
  ('language', 1, '{"en": "Language we write to you in", "it": "Lingua in cui ti scriviamo"}', null, '{}', '{}', 'customer', 'agreement', 'no', '{service}'),
  ('channel', 1, '{"en": "How we may reach you", "it": "Come possiamo raggiungerti"}', null,
   '{"options": ["email", "phone", "post"]}',
   '{"email": {"en": "By e-mail", "it": "Per e-mail"}, "phone": {"en": "By telephone", "it": "Per telefono"}, "post": {"en": "By post", "it": "Per posta"}}',
   'customer', 'agreement', 'no', '{service}'),
  ('interests', 1, '{"en": "What interests you", "it": "Che cosa ti interessa"}', null,
   '{"options": ["new", "sales", "events"]}',
   '{"new": {"en": "What is new", "it": "Novità"}, "sales": {"en": "Sales", "it": "Saldi"}, "events": {"en": "Events", "it": "Eventi"}}',
   'customer', 'agreement', 'no', '{offers}');

-- Sealed in the browser, each for a purpose of its own.
insert into field_version (field, version, label, help, options, sensitive, editor, retention, asked, purposes) values
  ('iban', 1, '{"en": "Bank account (IBAN)", "it": "Conto bancario (IBAN)"}', null, '{}', true, 'customer', 'agreement', 'no', '{payment}'),
  ('card', 1, '{"en": "Card", "it": "Carta"}',
   '{"en": "Brand, last four digits and expiry. Never the whole number, and never the code on the back.", "it": "Circuito, ultime quattro cifre e scadenza. Mai il numero intero, e mai il codice sul retro."}',
   '{}', true, 'customer', 'agreement', 'no', '{payment}'),
  ('allergies', 1, '{"en": "Allergies and intolerances", "it": "Allergie e intolleranze"}', null, '{"most": 500}', true, 'customer', 'agreement', 'no', '{care}');

-- What is sealed in the browser is for its own purpose alone, whoever writes the version.
create function refuse_other_purposes() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  own text;
begin
  select case f.compartment when 'payment' then 'payment' when 'health' then 'care' end into own
    from public.field f where f.code = new.field;
  if (own is not null and new.purposes <> array[own])
     or (own is null and new.purposes && array['payment', 'care']) then
    raise exception using errcode = '23514', constraint = 'sealed_for_its_own_purpose',
      message = 'what is sealed in the browser is for its own purpose alone';
  end if;
  return null;
end
$$;
revoke all on function refuse_other_purposes() from public;
create trigger sealed_for_its_own_purpose after insert on field_version
  for each row execute function refuse_other_purposes();

-- Every purpose that a version of a field was for: a consent may name nothing else, and nobody else may say so.
create function name_purposes(which text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into public.purpose_field (purpose, field)
    select unnest(v.purposes), v.field from public.field_version v where v.field = which on conflict do nothing
$$;
revoke all on function name_purposes(text) from public;
grant execute on function name_purposes(text) to custode_server;
insert into purpose_field (purpose, field)
  select unnest(purposes), field from field_version on conflict do nothing;

-- The catalogue as it is now.
create view field_now as
  select distinct on (f.code) f.code, f.compartment, f.type, f.own, v.version, v.label, v.help, v.option_labels, v.options,
         v.sensitive, v.editor, v.level, v.reconfirm_days, v.retention, v.asked, v.required, v.purposes, v.made_at, v.made_by
    from field f join field_version v on v.field = f.code
   order by f.code, v.version desc;

-- A consent that takes the place of an older one, because the company asks for more.
alter table consent add column renews uuid references consent (id) on delete cascade;
create index consent_renewed on consent (renews);

grant select on field_version, field_now to custode_server;
grant insert on field, field_version to custode_server;
-- What a restore has lost is given again.
grant delete on lost_value to custode_server;

-- A compartment that keeps some of its fields and loses others gets a new slot, and whatever hangs on the old one follows.
alter table box drop constraint box_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table address drop constraint address_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table code drop constraint code_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table letter drop constraint letter_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table task drop constraint task_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table purchase drop constraint purchase_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table customer_reference drop constraint customer_reference_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;
alter table lost_value drop constraint lost_value_subject_compartment_slot_fkey,
  add foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade;

-- Only under a live grant that covers the compartment, like the boxes themselves.
create function move_slot(whose uuid, what text, old bigint, new bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if what = 'trail' or not public.entered(whose, what) then return false; end if;
  update public.slot set number = new where subject = whose and compartment = what and number = old;
  return found;
end
$$;
revoke all on function move_slot(uuid, text, bigint, bigint) from public;
grant execute on function move_slot(uuid, text, bigint, bigint) to custode_server;

-- Which rows a customer has and how often each was written: numbers alone, so no grant is needed, as for `box_counts`.
create function box_versions(whose uuid) returns table (compartment text, "row" uuid, version integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select b.compartment, b.row, b.version from public.box b where b.subject = whose
$$;
revoke all on function box_versions(uuid) from public;
grant execute on function box_versions(uuid) to custode_server;
