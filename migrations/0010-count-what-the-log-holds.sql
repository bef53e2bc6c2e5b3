-- A table of the log, for queries alone: what the keeper's records hold in plain, and never a body or a name. It is
-- unlogged, because whatever a crash empties or a backup leaves out is brought again from the log, and no copy of the
-- database tells when something happened to whom. `custode log project` runs this file again, elsewhere (src/use/log-rebuilding.ts).

create unlogged table log_entry (
  index       bigint primary key check (index between 0 and 281474976710655),
  trail       bigint not null,
  seq         bigint not null,
  kind        text not null,
  at          timestamptz not null,
  commitment  bytea not null check (octet_length(commitment) = 32)
);
-- Times only grow along the log: a few pages find the days that are asked for.
create index log_entry_at on log_entry using brin (at);

grant select, insert on log_entry to custode_server;
