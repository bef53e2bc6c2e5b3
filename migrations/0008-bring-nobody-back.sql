-- What was done to a database that is older than the log, so that it brings nobody back. Counts and slot numbers:
-- nobody's name, nobody's id. `unknown` are trails that the log has and this database does not: people who joined
-- after the backup; every slot number below `issued` had been given away by then.

create table restoration (
  id           uuid primary key,
  restored_at  timestamptz not null,
  backup_at    timestamptz,
  counts       jsonb not null,
  unknown      bigint[] not null,
  issued       bigint not null
);

-- A value that was newer than the backup: the older one opens no more, and the log holds no values.
create table lost_value (
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  row          uuid not null,
  lost_at      timestamptz not null,
  primary key (subject, compartment, row),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index lost_value_of_slot on lost_value (slot);

-- Closed by somebody of whom the log knows and a restored database does not.
alter table task_closure alter column by drop not null;

grant select on restoration, lost_value to custode_server;

-- Slots that the log has given away and nobody here has are shredded once two officers have said so.
create table lost_shredding (
  restoration   uuid primary key references restoration (id),
  asked_by      uuid not null references employee (id),
  asked_at      timestamptz not null,
  confirmed_by  uuid references employee (id) check (confirmed_by <> asked_by),
  confirmed_at  timestamptz,
  done_at       timestamptz,
  slots         integer,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (done_at is null or confirmed_at is not null)
);
create index lost_shredding_asked on lost_shredding (asked_by);
create index lost_shredding_confirmed on lost_shredding (confirmed_by);

grant select on lost_shredding to custode_server;
grant insert (restoration, asked_by, asked_at) on lost_shredding to custode_server;
grant update (confirmed_by, confirmed_at, done_at, slots) on lost_shredding to custode_server;
