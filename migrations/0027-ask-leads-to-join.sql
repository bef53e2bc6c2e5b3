-- Lines of a file without evidence of an agreement are people to be asked: leads. They get one letter, live as applicants for a day, and
-- are gone unless they join.
alter table letter drop constraint letter_kind_check, add check (kind in ('code', 'duplicate', 'link', 'reminder', 'lead'));

-- Whose address was on a list of leads, so that nobody is written to twice: keyed fingerprints, for 90 days, whether a letter went out
-- or not. Like the address index it is in no write-ahead log and in no backup.
create unlogged table lead_address (
  token     bytea primary key check (octet_length(token) = 16),
  asked_at  timestamptz not null
);
create index lead_address_asked on lead_address (asked_at);

-- How many addresses of files an officer had asked about: a day has a limit.
create table lead_batch (
  id        uuid primary key,
  asked_by  uuid not null references employee (id),
  asked_at  timestamptz not null,
  lines     integer not null check (lines >= 0)
);
create index lead_batch_asked on lead_batch (asked_at);
create index lead_batch_asked_by on lead_batch (asked_by);

grant select, insert, delete on lead_address to custode_server;
grant update (asked_at) on lead_address to custode_server;
grant select, insert on lead_batch to custode_server;
grant update (lines) on lead_batch to custode_server;
