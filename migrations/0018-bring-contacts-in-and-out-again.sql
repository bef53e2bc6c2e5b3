-- Contacts come in from any file, and a whole import can be taken back.

alter table import drop constraint import_kind_check;
alter table import add constraint import_kind_check check (kind in ('customers', 'purchases', 'contacts'));
alter table import
  add column undo_asked_at timestamptz,          -- an undo that has begun is carried to its end
  add column undone_at     timestamptz,
  add column erased        integer not null default 0,
  add column stayed        integer not null default 0;
grant update (undo_asked_at, undone_at, erased, stayed) on import to custode_server;

-- The number of the customer's change with which this run kept them: any later one is not the import's. Null for what
-- came before this was written down, which no undo touches.
alter table import_position add column last_change integer;
create index import_position_of_subject on import_position (subject);

-- It is planned once for each connection, and tables that are empty then would be read from end to end at every call while a
-- long import fills them.
alter function is_covered(uuid, text) set enable_seqscan = off;
