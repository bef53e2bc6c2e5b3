-- The organisation, and everyone the system knows: customers, applicants and employees are subjects.
-- A subject's row holds no personal data: an id, a random alias, and the number of its trail slot.

create table organisation (
  single      boolean primary key default true check (single),
  id          uuid not null,
  name        text not null,
  opened_at   timestamptz not null,
  demo        boolean not null default false
);

create table setup_token (
  single  boolean primary key default true check (single),
  hash    bytea not null
);

create table subject (
  id           uuid primary key,
  kind         text not null check (kind in ('customer', 'applicant', 'employee', 'former')),
  alias        text not null unique,
  trail        bigint not null unique,
  last_change  integer not null default 0,
  made_at      timestamptz not null,
  unique (id, kind)
);

create table customer (
  id         uuid primary key,
  kind       text not null default 'customer' check (kind = 'customer'),
  joined_at  timestamptz not null,
  level      smallint not null default 0 check (level between 0 and 3),
  foreign key (id, kind) references subject (id, kind) on delete cascade
);

create table employee (
  id             uuid primary key,
  kind           text not null default 'employee' check (kind = 'employee'),
  pseudonym      text not null unique,
  name           text not null,
  role           text not null check (role in ('employee', 'officer')),
  language       text not null check (language in ('en', 'it')),
  password_hash  text,
  totp_row       uuid unique,       -- the row of the box that holds the TOTP secret
  totp_step      bigint,            -- the last time step that was used: each is accepted once
  invited_at     timestamptz not null,
  active_at      timestamptz,
  ended_at       timestamptz,
  foreign key (id, kind) references subject (id, kind)
);

create sequence pseudonym_number;

create table invitation (
  hash      bytea primary key,
  employee  uuid not null references employee (id),
  until     timestamptz not null,
  used_at   timestamptz
);
create index invitation_of_employee on invitation (employee);

-- A change's entry, written in the change's own transaction and taken into the log before the reply.
create table outbox (
  id          uuid primary key,
  subject     uuid references subject (id),
  number      integer not null,
  body        jsonb not null,
  written_at  timestamptz not null,
  unique (subject, number)
);
