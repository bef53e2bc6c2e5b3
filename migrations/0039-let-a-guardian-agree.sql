-- Who is too young to agree names somebody who holds parental responsibility (GDPR 8(1)). That person agrees for them, and acts in
-- their room until they are old enough.

-- The guardian's address and the day on which the child is old enough, sealed among the child's messages; on the law's own basis.
insert into field (code, compartment) values ('guardian', 'messages');

alter table letter drop constraint letter_kind_check,
  add check (kind in ('code', 'duplicate', 'link', 'reminder', 'lead', 'merge', 'guardian', 'address'));

-- An applicant's letter to a guardian carries a link: good once, for as long as the applicant lives.
create table guardian_request (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null default 'messages' check (compartment = 'messages'),
  slot         bigint not null,
  hash         bytea not null unique,
  made_at      timestamptz not null,
  until        timestamptz not null,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index guardian_request_of_slot on guardian_request (slot);

-- There for as long as a guardian has agreed for a child. When the child is old enough is in the box: plain it would be nearly
-- their date of birth, so it is looked for every week instead.
create table guardianship (
  subject      uuid primary key,
  compartment  text not null default 'messages' check (compartment = 'messages'),
  slot         bigint not null,
  row          uuid not null,
  since        timestamptz not null,
  look_at      timestamptz not null,
  of_age_at    timestamptz,
  lapse_at     timestamptz,
  check ((of_age_at is null) = (lapse_at is null)),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index guardianship_of_slot on guardianship (slot);
create index guardianship_look on guardianship (look_at) where of_age_at is null;
create index guardianship_lapse on guardianship (lapse_at);

alter table consent add column given_by text check (given_by = 'guardian');
alter table session add column guardian boolean not null default false;
alter table code add column guardian boolean not null default false;

-- While a guardian answers for a child nobody else agrees for them, and a guardian for nobody else.
create function heed_guardian() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.given_by is not null)
     <> exists (select 1 from guardianship where subject = new.subject and of_age_at is null) then
    raise exception using errcode = '23514', constraint = 'guardian_heeded',
      message = 'somebody else agrees for this person';
  end if;
  return null;
end
$$;
create trigger guardian_heeded after insert on consent
  for each row when (new.evidence = 'portal') execute function heed_guardian();

grant select, insert, delete on guardian_request, guardianship to custode_server;
grant update (look_at, of_age_at, lapse_at) on guardianship to custode_server;
