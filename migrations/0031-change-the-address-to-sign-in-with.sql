-- A code sent to an address that opens no session: to show that a customer reads another address than the one they sign in
-- with. What is stored is a fingerprint by the keeper's key over the code, its id and the address; the address is nowhere here.
create table channel_code (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  field        text not null references field (code),
  hash         bytea not null,
  made_at      timestamptz not null,
  until        timestamptz not null check (until <= made_at + interval '10 minutes'),
  tries        smallint not null default 0,
  used_at      timestamptz,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index channel_code_of_subject on channel_code (subject, made_at);
create index channel_code_of_slot on channel_code (slot);

-- The address that a customer signs in with was changed, and can be taken back for some days by the link that was sent to
-- the one before. That one lies sealed beside the value; of the link only its hash is here.
create table address_change (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null default 'contact' check (compartment = 'contact'),
  slot         bigint not null,
  hash         bytea not null unique check (octet_length(hash) = 32),
  made_at      timestamptz not null,
  until        timestamptz not null check (until <= made_at + interval '7 days'),
  undone_at    timestamptz,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index address_change_of_slot on address_change (slot);

grant select, insert, delete on channel_code, address_change to custode_server;
grant update (tries, used_at) on channel_code to custode_server;
grant update (undone_at) on address_change to custode_server;

alter table letter drop constraint letter_kind_check,
  add check (kind in ('address', 'code', 'duplicate', 'lead', 'link', 'merge', 'reminder'));
