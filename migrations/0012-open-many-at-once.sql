-- The hot path for many readings in one statement, because a statement costs more than what it finds. Each has its own
-- grant, which is looked up for it alone: one that is not live takes nothing from the others and gives them nothing.
-- Compartments and rows come as text with commas between, since PostgreSQL has no array of arrays of different lengths.

drop function boxes(uuid, text, uuid, text[], uuid[]);

create function boxes(which uuid[], secret text[], whose uuid[], what text[], these text[])
returns table (at integer, compartment text, "row" uuid, version integer, slot bigint, bytes bytea)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select asked.at::integer, b.compartment, b.row, b.version, b.slot, b.bytes
    from unnest(which, secret, whose, what, these) with ordinality as asked (grant_id, secret, subject, compartments, rows, at)
    -- `offset 0`: first the grant, then the boxes it covers, by their keys.
    cross join lateral (
      select g.compartments
        from grants g
        join grant_subject gs on gs.grant_id = g.id
       where g.id = asked.grant_id
         and g.secret_hash = sha256(convert_to(asked.secret, 'UTF8'))
         and g.ended_at is null
         and g.until > clock_timestamp()
         and gs.subject = asked.subject
      offset 0) live
    cross join lateral (
      select b.compartment, b.row, b.version, b.slot, b.bytes
        from box b
       where b.subject = asked.subject
         and b.compartment = any (string_to_array(asked.compartments, ','))
         and b.compartment = any (live.compartments)
         and (asked.rows is null or b.row = any (string_to_array(asked.rows, ',')::uuid[]))
      offset 0) b;
end
$$;

revoke all on function boxes(uuid[], text[], uuid[], text[], text[]) from public;
grant execute on function boxes(uuid[], text[], uuid[], text[], text[]) to custode_server;
