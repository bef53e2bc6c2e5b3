-- What was done to a database that is older than the log, so that it brings nobody back. Counts and slot numbers:
-- nobody's name, nobody's id. `unknown` are trails that the log has and this database does not: people who joined
-- after the backup.

create table restoration (
  id           uuid primary key,
  restored_at  timestamptz not null,
  backup_at    timestamptz,
  counts       jsonb not null,
  unknown      bigint[] not null
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
grant delete on lost_value to custode_server;
