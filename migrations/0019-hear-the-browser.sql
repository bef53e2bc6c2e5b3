-- A browser may say that its person wants no advertising, and no sale or sharing for it (Global Privacy Control). A customer's
-- browser is heard once; what it said stands against every such purpose, and yields only to an agreement given in spite of it.

-- Whether it is one of the uses that the signal is about: advertising, or handing data on for it.
alter table purpose add column advertising boolean not null default false;
update purpose set advertising = true where code = 'offers';

create table privacy_signal (
  subject   uuid primary key references customer (id) on delete cascade,
  heard_at  timestamptz not null
);

alter table consent add column despite_signal boolean not null default false;

-- Whoever writes the consent: the caller holds the row of the subject, as whoever writes the signal does.
create function heed_privacy_signal() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from purpose p join privacy_signal s on s.subject = new.subject
              where p.code = new.purpose and p.advertising) then
    raise exception using errcode = '23514', constraint = 'privacy_signal_heeded',
      message = 'the browser of this customer says that they do not want this';
  end if;
  return null;
end
$$;
create trigger privacy_signal_heeded after insert on consent
  for each row when (not new.despite_signal) execute function heed_privacy_signal();

-- Taken up once, and never taken away but with the customer.
grant select, insert on privacy_signal to custode_server;
