-- Some acts need somebody who has shown just now that they are who the session says: by a code sent to them, with a
-- passkey, or by having signed in a moment ago.

alter table session
  add column proved_at timestamptz,
  add column proved_by text check (proved_by in ('code', 'passkey', 'password')),
  add constraint proof_has_its_way check ((proved_at is null) = (proved_by is null));
grant update (proved_at, proved_by) on session to custode_server;

-- A passkey belongs to somebody and goes with what they are reached by. What it is kept on is a word of ours: a name of
-- their own would be a personal value.
create table passkey (
  id           uuid primary key,
  subject      uuid not null,
  compartment  text not null check (compartment in ('contact', 'employment')),
  slot         bigint not null,
  credential   bytea not null unique,
  public_key   bytea not null,                 -- COSE
  counter      bigint not null check (counter >= 0),
  transports   text[] not null,
  kept_on      text not null check (kept_on in ('phone', 'computer', 'security_key', 'password_manager')),
  synced       boolean not null,               -- whether the authenticator copies it to other devices
  made_at      timestamptz not null,
  used_at      timestamptz,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index passkey_of_slot on passkey (slot);

-- What an authenticator is asked to sign. Each is taken once, by the room, the session and the act it was made for.
create table challenge (
  id       uuid primary key,
  bytes    bytea not null,
  act      text not null check (act in ('add', 'enter', 'prove')),
  room     text not null check (room in ('portal', 'work', 'office')),
  session  uuid references session (id) on delete cascade,
  until    timestamptz not null,
  check ((act = 'enter') = (session is null))
);
create index challenge_of_session on challenge (session);
create index challenge_until on challenge (until);

grant select, insert, delete on passkey, challenge to custode_server;
grant update (counter, used_at) on passkey to custode_server;

-- A field may ask for more than an address: a document that two employees have seen, or an outside provider.
alter table field_version drop constraint field_version_level_check, add check (level between 0 and 3);
