-- No consent, no slot; no slot, no row. The foreign keys say it, and a trigger the server cannot touch.

create table field (
  code         text primary key,
  compartment  text not null
);

create table purpose (
  code    text primary key,
  needed  boolean not null
);

create table purpose_field (
  purpose  text not null references purpose (code),
  field    text not null references field (code),
  primary key (purpose, field)
);

insert into field (code, compartment) values
  ('name', 'identity'), ('email', 'contact'), ('phone', 'contact'),
  ('purchase', 'purchases'), ('letter', 'messages'), ('question', 'messages'),
  ('work_email', 'employment'), ('totp', 'employment');

insert into purpose (code, needed) values ('service', true), ('offers', false);

-- What `offers` uses is part of what `service` keeps, so that taking back `offers` alone moves no value.
insert into purpose_field (purpose, field) values
  ('service', 'name'), ('service', 'email'), ('service', 'phone'), ('service', 'purchase'), ('service', 'letter'),
  ('service', 'question'),
  ('offers', 'name'), ('offers', 'email'), ('offers', 'purchase');

create table notice (
  version       integer not null,
  language      text not null check (language in ('en', 'it')),
  text          jsonb not null,
  published_at  timestamptz not null,
  primary key (version, language)
);

create table consent (
  id              uuid primary key,
  subject         uuid not null references customer (id) on delete cascade,
  purpose         text not null references purpose (code),
  notice_version  integer,
  language        text,
  evidence        text not null check (evidence in ('portal', 'import')),
  source          text check (source ~ '^[a-z0-9][a-z0-9_.-]{0,39}$'),
  given_at        timestamptz not null,
  recorded_at     timestamptz not null,
  foreign key (notice_version, language) references notice (version, language),
  check ((evidence = 'portal') = (notice_version is not null)),
  check ((evidence = 'import') = (source is not null)),
  unique (id, purpose)
);
create index consent_of_subject on consent (subject, purpose);

-- A consent names only fields that its purpose uses.
create table consent_field (
  consent  uuid not null,
  purpose  text not null,
  field    text not null,
  primary key (consent, field),
  foreign key (consent, purpose) references consent (id, purpose) on delete cascade,
  foreign key (purpose, field) references purpose_field (purpose, field)
);

create table consent_withdrawal (
  consent  uuid primary key references consent (id) on delete cascade,
  at       timestamptz not null
);

create table slot (
  subject      uuid not null references subject (id),
  compartment  text not null,
  number       bigint not null unique,
  primary key (subject, compartment),
  unique (subject, compartment, number)
);

-- In PL/pgSQL because it keeps its plan: a function in SQL is planned anew at every call, for every slot of a joining.
create function is_covered(whose uuid, what text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return coalesce((
    select case s.kind
      when 'applicant' then what in ('contact', 'messages', 'trail')   -- at their own request (GDPR 6(1)(b))
      when 'employee'  then what in ('employment', 'trail')            -- the contract of employment
      when 'former'    then what = 'trail'                             -- accountability (GDPR 5(2))
      else what = 'trail' or exists (
        select 1
          from consent c
          join consent_field cf on cf.consent = c.id
          join field f on f.code = cf.field
         where c.subject = whose
           and f.compartment = what
           and not exists (select 1 from consent_withdrawal w where w.consent = c.id))
    end
    from subject s where s.id = whose), false);
end
$$;

create function refuse_uncovered_slots() returns trigger
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
    covered := is_covered(new.subject, new.compartment);
  else
    covered := not exists (
      select 1 from slot s where s.subject = whose and not is_covered(whose, s.compartment));
  end if;
  if not covered then
    raise exception using errcode = '23514', constraint = 'slot_needs_consent',
      message = 'a slot is covered by no live consent and no declared basis';
  end if;
  return null;
end
$$;

create constraint trigger slot_needs_consent after insert or update on slot
  deferrable initially deferred for each row execute function refuse_uncovered_slots();
create constraint trigger slot_needs_consent after insert on consent_withdrawal
  deferrable initially deferred for each row execute function refuse_uncovered_slots();
create constraint trigger slot_needs_consent after delete on consent
  deferrable initially deferred for each row execute function refuse_uncovered_slots();
create constraint trigger slot_needs_consent after delete on consent_field
  deferrable initially deferred for each row execute function refuse_uncovered_slots();
create constraint trigger slot_needs_consent after update of kind on subject
  deferrable initially deferred for each row execute function refuse_uncovered_slots();

create table box (
  subject      uuid not null,
  compartment  text not null,
  row          uuid not null,
  version      integer not null check (version > 0),
  slot         bigint not null,
  bytes        bytea not null check (octet_length(bytes) <= 1048576 + 64),
  primary key (subject, compartment, row),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index box_of_slot on box (slot);
