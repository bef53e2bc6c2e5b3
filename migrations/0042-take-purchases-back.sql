-- Which invoices an import brought, or found here beside another import's, so that it can be taken back.
create table import_purchase (
  import       uuid not null references import (id) on delete cascade,
  purchase     uuid not null references purchase (id) on delete cascade,
  subject      uuid not null,
  compartment  text not null default 'purchases' check (compartment = 'purchases'),
  slot         bigint not null,
  primary key (import, purchase),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index import_of_purchase on import_purchase (purchase);
create index import_purchase_of_slot on import_purchase (slot);
grant select, insert, delete on import_purchase to custode_server;

-- Of an import of purchases from before nobody knows what it brought.
alter table import add column undoable boolean not null default true;
update import set undoable = false where kind = 'purchases';

-- A purchase that a document of the law was issued for stays as long as its customer does.
create index document_of_purchase on statutory_document (purchase);
create function keep_documented() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from public.statutory_document where purchase = old.id) then
    raise exception using errcode = '23514', constraint = 'purchase_of_a_document',
      message = 'a purchase that a document was issued for is not removed';
  end if;
  return old;
end
$$;
revoke all on function keep_documented() from public;
create trigger purchase_of_a_document before delete on purchase for each row
  when (current_user in ('custode_server', 'custode_worker')) execute function keep_documented();
grant delete on purchase to custode_server;
