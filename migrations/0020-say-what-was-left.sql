-- Slots whose keys are about to be destroyed though their rows are gone already, or lie under another number: what was
-- sealed under them, until the record of their destruction says it. Nobody can be told from it.
create table left_slot (
  number       bigint primary key,
  compartment  text not null
);
grant select, insert, delete on left_slot to custode_server;
