-- An officer uploads a file and has it taken in. The file itself lies in the memory of a server process and never here: what is here
-- is how far it came, and of each refused line its number and a code.
create table import_run (
  id            uuid primary key,
  import        uuid references import (id) on delete cascade,   -- known once the file was read
  begun_by      uuid not null references employee (id),
  begun_at      timestamptz not null,
  moved_at      timestamptz not null,            -- a run that no longer moves has lost its process, and the file with it
  done          integer not null default 0,
  total         integer not null default 0,
  ended_at      timestamptz,
  failure       text check (failure in ('stopped', 'unavailable', 'invalid', 'too_large', 'internal')),
  report_until  timestamptz,
  check (failure is null or ended_at is not null)
);
create index import_run_of_import on import_run (import);
create index import_run_begun on import_run (begun_by);
-- One at a time: each takes much of the memory and the keeper.
create unique index import_run_live on import_run ((true)) where ended_at is null;

create table import_fault (
  import  uuid not null references import (id) on delete cascade,
  code    text not null check (code ~ '^[a-z0-9_.]{1,120}$'),
  lines   integer[] not null,
  primary key (import, code)
);

grant select, insert on import_run to custode_server;
grant update (import, moved_at, done, total, ended_at, failure, report_until) on import_run to custode_server;
grant select, insert, delete on import_fault to custode_server;
