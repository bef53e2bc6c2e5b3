-- What the law obliges the company to keep is written when the obligation arises. Each document is a subject of its own, with a
-- slot and a trail of its own: so it outlives its customer's withdrawal without anything else of theirs, is read apart, and is
-- destroyed alone on its own day.
alter table subject drop constraint subject_kind_check,
  add check (kind in ('customer', 'applicant', 'employee', 'former', 'document'));
insert into field (code, compartment) values ('document', 'statutory');

-- Why something is kept without consent. It counts once a second officer has confirmed it, and a version is never changed.
create table statutory_basis (
  code    text primary key check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  -- After a restore that has lost a version nothing is issued under it until two officers have decided again.
  closed  boolean not null default false,
  -- Numbers up to this one were given to versions that it has lost.
  after   integer not null default 0
);
create table statutory_basis_version (
  basis        text not null references statutory_basis (code),
  version      integer not null check (version > 0),
  name         jsonb not null,              -- by language, as the two below
  law          jsonb not null,
  why          jsonb not null,
  -- What a document may hold; nothing else can be written into one.
  fields       text[] not null check (cardinality(fields) > 0 and fields <@ '{number,issued_on,buyer_name,buyer_address,buyer_tax_code,buyer_vat_number,goods,vat_rate}'),
  years        integer not null check (years between 1 and 30),
  counts_from  text not null check (counts_from in ('issue', 'year_end')),
  -- The types of task that may read it.
  readers      text[] not null check (cardinality(readers) > 0 and readers <@ '{invoice_question}'),
  proposed_by  uuid references employee (id),  -- null: the program's own
  proposed_at  timestamptz,
  decided_by   uuid references employee (id),
  decided_at   timestamptz,
  approved     boolean,
  primary key (basis, version),
  check ((proposed_by is null) = (proposed_at is null)),
  check (proposed_by is not null or (approved and version = 1 and basis = 'invoice')),
  check ((decided_by is null) = (decided_at is null)),
  constraint basis_needs_two check (not approved or proposed_by is null or decided_by <> proposed_by)
);
create index basis_proposed on statutory_basis_version (proposed_by);
create index basis_decided on statutory_basis_version (decided_by);
create unique index basis_open on statutory_basis_version (basis) where approved is null;

insert into statutory_basis (code) values ('invoice');
insert into statutory_basis_version (basis, version, name, law, why, fields, years, counts_from, readers, approved) values
  ('invoice', 1, '{"en": "Invoices", "it": "Fatture"}',
   '{"en": "Italian Civil Code, article 2220; contents: Decree 633/1972, article 21", "it": "Codice civile, articolo 2220; contenuto: D.P.R. 633/1972, articolo 21"}',
   '{"en": "The law obliges the company to keep its accounting documents for ten years.", "it": "La legge obbliga l’azienda a conservare le scritture contabili per dieci anni."}',
   '{number,issued_on,buyer_name,buyer_address,buyer_tax_code,buyer_vat_number,goods,vat_rate}', 10, 'year_end', '{invoice_question}', true);

-- A decision stands, and a version that is confirmed opens its basis again.
create function decide_basis_once() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.approved is not null then
    raise exception using errcode = '23514', constraint = 'basis_decided_once', message = 'a basis is decided once';
  end if;
  if new.approved then update public.statutory_basis set closed = false where code = new.basis; end if;
  return new;
end
$$;
revoke all on function decide_basis_once() from public;
create trigger basis_decided_once before update on statutory_basis_version
  for each row execute function decide_basis_once();

create table statutory_document (
  subject        uuid primary key,
  compartment    text not null default 'statutory' check (compartment = 'statutory'),
  slot           bigint not null,
  -- Null once its customer has left: then nothing says whose it is but what is sealed in it.
  customer       uuid references customer (id) on delete set null,
  basis          text not null,
  basis_version  integer not null,
  purchase       uuid not null,
  source         text not null check (source ~ '^[a-z0-9][a-z0-9_.-]{0,39}$'),
  number         text not null check (length(number) <= 60),
  -- 0 is the document itself, each higher one corrects those before it.
  part           smallint not null check (part between 0 and 99),
  reason         text check (reason in ('buyer', 'goods', 'cancelled')),
  issued_at      timestamptz not null,
  until          timestamptz not null check (until > issued_at),
  -- With this link somebody who has left reads it.
  link_hash      bytea,
  unique (basis, source, number, part),
  check ((part = 0) = (reason is null)),
  foreign key (basis, basis_version) references statutory_basis_version (basis, version),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade
);
create index document_of_customer on statutory_document (customer);
create index document_by_end on statutory_document (until);
create index document_by_link on statutory_document (link_hash) where link_hash is not null;
create index document_of_slot on statutory_document (slot);

create function statutory_end(issued timestamptz, years integer, counts_from text) returns timestamptz
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select (case counts_from when 'issue' then issued at time zone 'UTC'
                           else date_trunc('year', issued at time zone 'UTC') + interval '1 year' end
          + make_interval(years => years)) at time zone 'UTC'
$$;
revoke all on function statutory_end(timestamptz, integer, text) from public;

-- A document is issued for a purchase that is there, to a customer who has not asked to leave, under the basis in force, from
-- which its end follows. Whoever asks to leave at the same moment waits, or is seen here.
create function issue_document() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  b statutory_basis_version;
begin
  perform 1 from customer where id = new.customer for update;
  if not found or exists (select 1 from withdrawal where subject = new.customer) then
    raise exception using errcode = '23514', constraint = 'document_of_a_customer',
      message = 'nothing is issued to somebody who leaves or has left';
  end if;
  if not exists (select 1 from purchase p where p.id = new.purchase and p.subject = new.customer
                    and p.source = new.source and p.invoice = new.number) then
    raise exception using errcode = '23514', constraint = 'document_of_a_purchase',
      message = 'a document is issued for a purchase of its customer';
  end if;
  select v.* into b
    from statutory_basis s join statutory_basis_version v on v.basis = s.code and v.approved
   where s.code = new.basis and not s.closed order by v.version desc limit 1;
  if b.version is distinct from new.basis_version then
    raise exception using errcode = '23514', constraint = 'document_under_the_basis_in_force',
      message = 'a document is issued under the basis in force';
  end if;
  if new.part > 0 and not exists (
      select 1 from statutory_document d where d.basis = new.basis and d.source = new.source and d.number = new.number
         and d.part = new.part - 1 and d.customer = new.customer) then
    raise exception using errcode = '23514', constraint = 'document_corrects_another',
      message = 'a correction follows what it corrects';
  end if;
  -- By the real clock, which may stand in a check here: a later day would lengthen what is kept.
  if new.issued_at > clock_timestamp() + interval '1 day' then
    raise exception using errcode = '23514', constraint = 'document_of_today',
      message = 'a document is of today';
  end if;
  new.until := statutory_end(new.issued_at, b.years, b.counts_from);
  new.link_hash := null;
  return new;
end
$$;
revoke all on function issue_document() from public;
-- Not where the owner loads a backup: what it holds was judged then.
create trigger document_is_owed before insert on statutory_document for each row
  when (current_user in ('custode_server', 'custode_worker')) execute function issue_document();

-- Gone with its slot: then nothing is left of its subject but the trail's row, which goes next.
create function end_document() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update subject set kind = 'former' where id = old.subject and kind = 'document';
  return null;
end
$$;
revoke all on function end_document() from public;
create trigger document_ends after delete on statutory_document for each row execute function end_document();

-- Whoever leaves takes along the link by which their documents are read.
create function link_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update statutory_document set link_hash = new.link_hash where customer = new.subject;
  return null;
end
$$;
revoke all on function link_documents() from public;
create trigger documents_stay_readable after insert on withdrawal for each row execute function link_documents();

-- Written once: one box for each document, and none other in its compartment.
alter table box add constraint document_is_written_once
  check (compartment <> 'statutory' or (row = subject and version = 1));
create function refuse_rewriting() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception using errcode = '23514', constraint = 'document_is_written_once',
    message = 'a document is neither changed nor removed';
end
$$;
revoke all on function refuse_rewriting() from public;
create trigger document_is_written_once before update or delete on box for each row
  when (old.compartment = 'statutory' and current_user in ('custode_server', 'custode_worker'))
  execute function refuse_rewriting();

-- The slot of a document stands on its document, as every other one on a consent or a basis of `is_covered`.
create function slot_is_covered(whose uuid, what text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return is_covered(whose, what)
    or (what = 'statutory' and exists (select 1 from statutory_document d where d.subject = whose));
end
$$;
revoke all on function slot_is_covered(uuid, text) from public;

create or replace function refuse_uncovered_slots() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  whose   uuid;
  covered boolean;
begin
  if tg_table_name = 'consent_withdrawal' then
    select c.subject into whose from consent c where c.id = new.consent;
  elsif tg_table_name = 'consent' then
    whose := old.subject;
  elsif tg_table_name = 'consent_field' then
    -- Gone with its consent: then the consent's own row is judged.
    select c.subject into whose from consent c where c.id = old.consent;
  elsif tg_table_name = 'subject' then
    whose := new.id;
  end if;
  -- A new slot is judged alone; whatever takes cover away is judged by every slot that is left.
  if tg_table_name = 'slot' then
    covered := is_covered(new.subject, new.compartment)
      or (new.compartment = 'statutory' and slot_is_covered(new.subject, new.compartment));
  else
    covered := not exists (
      select 1 from slot s where s.subject = whose and not slot_is_covered(whose, s.compartment));
  end if;
  if not covered then
    raise exception using errcode = '23514', constraint = 'slot_needs_consent',
      message = 'a slot is covered by no live consent and no declared basis';
  end if;
  return null;
end
$$;

-- A document is opened to a task of a type that the basis named when it was issued, and to its customer: in their own session,
-- or by their link once they have left. A basis that names more readers later opens no older document to them.
create function refuse_foreign_reader() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  d statutory_document;
begin
  select * into d from statutory_document where subject = new.subject;
  if not found then return null; end if;
  if not exists (
      select 1
        from grants g
        join statutory_basis_version v on v.basis = d.basis and v.version = d.basis_version
        left join task t on t.id = g.task
        left join session e on e.id = g.session
       where g.id = new.grant_id
         and ((g.kind = 'task' and t.type = any (v.readers) and t.subject in (d.subject, d.customer))
           or (g.kind = 'portal' and case when g.session is null then d.customer is null else e.subject = d.customer end)))
  then
    raise exception using errcode = '23514', constraint = 'document_has_its_readers',
      message = 'a document is opened to a task of its basis and to its customer alone';
  end if;
  return null;
end
$$;
revoke all on function refuse_foreign_reader() from public;
create trigger document_has_its_readers after insert on grant_subject for each row
  when (current_user in ('custode_server', 'custode_worker')) execute function refuse_foreign_reader();

-- A task about a document hangs on the document, since its customer may have left.
alter table task drop constraint task_compartment_check,
  add check (compartment in ('messages', 'statutory'));

grant select on statutory_basis, statutory_basis_version, statutory_document to custode_server;
grant insert (code) on statutory_basis to custode_server;
grant insert (basis, version, name, law, why, fields, years, counts_from, readers, proposed_by, proposed_at)
  on statutory_basis_version to custode_server;
grant update (decided_by, decided_at, approved) on statutory_basis_version to custode_server;
grant insert (subject, slot, customer, basis, basis_version, purchase, source, number, part, reason, issued_at)
  on statutory_document to custode_server;
