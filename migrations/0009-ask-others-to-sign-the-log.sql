-- What witnesses elsewhere have signed of the log, and how each of them stands with us: keys, sizes, signatures and times,
-- and nothing of anybody. A witness is known by its verifier key.

create table cosigned_checkpoint (
  witness      text not null,
  size         bigint not null check (size >= 0),
  -- As the log has signed it, and the line with which the witness did.
  note         text not null,
  cosignature  text not null,
  cosigned_at  timestamptz not null,
  primary key (witness, size)
);

-- The newest is what counts; a hundred of each witness bridge a log that grows fast.
create function forget_older_cosignatures() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from cosigned_checkpoint c
   where c.witness = new.witness
     and c.size <= (select o.size from cosigned_checkpoint o where o.witness = new.witness
                     order by o.size desc offset 100 limit 1);
  return null;
end
$$;
revoke all on function forget_older_cosignatures() from public;
create trigger older_cosignatures after insert on cosigned_checkpoint for each row
  execute function forget_older_cosignatures();

create table witness_standing (
  witness        text primary key,
  asked_since    timestamptz not null,
  heard_at       timestamptz,
  refusal        text,
  refused_since  timestamptz,
  -- The checkpoint that does not fit ours, when the witness has shown it.
  held           text,
  check ((refusal is null) = (refused_since is null)),
  check (held is null or refusal is not null)
);

grant select, insert on cosigned_checkpoint, witness_standing to custode_server;
grant update (heard_at, refusal, refused_since, held) on witness_standing to custode_server;
