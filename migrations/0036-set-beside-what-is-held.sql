-- What an import says otherwise than what was held stands beside it, sealed. Here is of whom and of which field, so that it goes when
-- the import is taken back.
create table import_claim (
  import       uuid not null references import (id) on delete cascade,
  subject      uuid not null,
  compartment  text not null,
  slot         bigint not null,
  field        text not null references field (code),
  primary key (import, subject, field),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index import_claim_of_slot on import_claim (slot);
grant select, insert, delete on import_claim to custode_server;
