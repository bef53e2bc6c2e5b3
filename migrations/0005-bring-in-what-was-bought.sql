-- A purchase is an invoice of the company; what was bought lies in its box. Imports remember how far they came.

create table purchase (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null default 'purchases' check (compartment = 'purchases'),
  slot         bigint not null,
  source       text not null check (source ~ '^[a-z0-9][a-z0-9_.-]{0,39}$'),
  invoice      text not null check (length(invoice) <= 60),
  lines        integer not null check (lines > 0),
  made_at      timestamptz not null,
  unique (source, invoice),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index purchase_of_slot on purchase (slot);

-- The customer's number in the source's own books, so that a purchase finds its customer.
create table customer_reference (
  source       text not null check (source ~ '^[a-z0-9][a-z0-9_.-]{0,39}$'),
  reference    text not null check (length(reference) <= 60),
  subject      uuid not null,
  compartment  text not null default 'identity' check (compartment = 'identity'),
  slot         bigint not null,
  primary key (source, reference),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index reference_of_slot on customer_reference (slot);

create table import (
  id          uuid primary key,
  kind        text not null check (kind in ('customers', 'purchases')),
  source      text not null,
  file_hash   bytea not null,
  started_at  timestamptz not null,
  ended_at    timestamptz,
  lines       integer not null default 0,
  kept        integer not null default 0,
  known       integer not null default 0,
  refused     integer not null default 0
);
create index import_of_file on import (file_hash) where ended_at is null;

-- How many lines of one customer a run has kept: written with the boxes, so that a run goes on after a crash.
create table import_position (
  import   uuid not null references import (id) on delete cascade,
  subject  uuid not null references subject (id) on delete cascade,
  kept     integer not null,
  primary key (import, subject)
);
