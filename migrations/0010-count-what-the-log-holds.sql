-- A table of the log, for queries alone: what the keeper's records hold in plain, and never a body or a name. It is
-- unlogged: in no write-ahead log, standby or backup of ours, and brought again from the log when a crash has emptied it.
-- `custode log project` runs this file again, in a schema of its own (src/use/log-rebuilding.ts).

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
