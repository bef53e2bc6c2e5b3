-- A customer who has a passkey may sign what they agree to: the challenge is the hash of the statement, whose id is the
-- consent's. Kept as it was signed, so that it can be checked when the passkey is long removed.

alter table challenge drop constraint challenge_act_check,
  add check (act in ('add', 'enter', 'prove', 'agree'));

-- 'passkey': signed; 'declined': they have one, and it did not sign; null: nobody asked, for there was none.
alter table consent add column signature text check (signature in ('passkey', 'declined'));

create table consent_signature (
  consent             uuid primary key references consent (id) on delete cascade,
  statement           text not null,
  authenticator_data  bytea not null,
  client_data         bytea not null,
  signature           bytea not null,
  public_key          bytea not null   -- SubjectPublicKeyInfo
);

-- A consent that says it is signed is, when the transaction ends; and nothing is signed afterwards.
create function require_signature() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from consent where id = new.id)
     and not exists (select 1 from consent_signature where consent = new.id) then
    raise exception using errcode = '23514', constraint = 'consent_is_signed',
      message = 'the signature of this agreement is missing';
  end if;
  return null;
end
$$;
create constraint trigger consent_is_signed after insert on consent deferrable initially deferred
  for each row when (new.signature = 'passkey') execute function require_signature();

grant select, insert on consent_signature to custode_server;
