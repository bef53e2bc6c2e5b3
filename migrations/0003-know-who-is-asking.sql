-- Sessions hold the hash of an opaque token. Addresses are keyed fingerprints in unlogged tables: absent from
-- the write-ahead log, from standbys and from our backups. The generation row tells an empty table from a lost one.

create table session (
  id       uuid primary key,
  hash     bytea not null unique,
  room     text not null check (room in ('portal', 'work', 'office')),
  subject  uuid not null references subject (id),
  made_at  timestamptz not null,
  until    timestamptz not null,
  ended_at timestamptz,
  constraint session_is_short check (
    until <= made_at + case room when 'portal' then interval '1 hour' when 'office' then interval '4 hours'
                                 else interval '10 hours' end)
);
create index session_of_subject on session (subject) where ended_at is null;

create unlogged table address (
  kind         text not null check (kind in ('email', 'applicant-email', 'employee-email')),
  token        bytea not null,
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  primary key (kind, token),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index address_of_slot on address (slot);

create unlogged table address_generation (
  single   boolean primary key default true check (single),
  made_at  timestamptz not null
);

create table code (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null default 'messages' check (compartment = 'messages'),
  slot         bigint not null,
  hash         bytea not null,
  made_at      timestamptz not null,
  until        timestamptz not null,
  tries        smallint not null default 0,
  used_at      timestamptz,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index code_of_slot on code (slot);

create table letter (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null default 'messages' check (compartment = 'messages'),
  slot         bigint not null,
  kind         text not null check (kind in ('code')),
  made_at      timestamptz not null,
  until        timestamptz not null,
  sent_at      timestamptz,
  failure      text check (failure ~ '^[A-Z0-9_]{1,40}$'),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index letter_of_slot on letter (slot);
