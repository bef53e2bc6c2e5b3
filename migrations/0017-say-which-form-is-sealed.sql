-- Which page for sealed forms was served since when, and its entry in the company's trail as the log holds it: what
-- anybody may see, to compare with what is served to them.

create table intake_page (
  number      bigint generated always as identity primary key,
  -- Names the act in its entry.
  act         uuid not null unique,
  -- Of the manifest, in hex.
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  entered_at  timestamptz not null,
  -- Index, body, salt and commitment: null until the log was asked for them.
  entry       jsonb
);

grant select, insert on intake_page to custode_server;
grant update (entry) on intake_page to custode_server;
