-- Two customers who may be one person, and the task of whoever decides it. What was decided is the outcome of the task, so that
-- a restore, which closes tasks as the log says, knows it as well. Each side hangs on its own slot: with either, all of it goes.
create table duplicate (
  task               uuid primary key references task (id) on delete cascade,
  subject            uuid not null,
  compartment        text not null default 'identity' check (compartment = 'identity'),
  slot               bigint not null,
  other              uuid not null,
  other_compartment  text not null default 'identity' check (other_compartment = 'identity'),
  other_slot         bigint not null,
  found_at           timestamptz not null,
  check (subject < other),
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade,
  foreign key (other, other_compartment, other_slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index duplicate_of_slot on duplicate (slot);
create index duplicate_of_other_slot on duplicate (other_slot);
create index duplicate_of_pair on duplicate (subject, other);

-- The task is about both: it goes with whoever leaves first, and so does every grant for it.
create function end_review() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from public.task where id = old.task;
  return null;
end
$$;
revoke all on function end_review() from public;
create trigger review_ends_with_either after delete on duplicate for each row execute function end_review();

alter table task_closure drop constraint task_closure_outcome_check,
  add check (outcome in ('answered', 'no_answer_needed', 'same', 'not_same', 'cannot_say'));

grant select on duplicate to custode_server;
grant insert (task, subject, slot, other, other_slot, found_at) on duplicate to custode_server;

-- The last word about who they are is theirs: whoever says "that is not me" has decided it, whatever somebody else decided.
create table duplicate_objection (
  task         uuid primary key references duplicate (task) on delete cascade,
  subject      uuid not null,
  compartment  text not null default 'identity' check (compartment = 'identity'),
  slot         bigint not null,
  at           timestamptz not null,
  foreign key (subject, compartment, slot) references slot (subject, compartment, number) on delete cascade on update cascade
);
create index objection_of_slot on duplicate_objection (slot);

grant select on duplicate_objection to custode_server;
grant insert (task, subject, slot, at) on duplicate_objection to custode_server;

-- Both are written to.
alter table letter drop constraint letter_kind_check, add check (kind in ('code', 'duplicate'));
