-- From which age people agree for themselves here (GDPR 8(1): 13 to 16, by the law of the country), or 18: the company takes
-- no minors. Decisions are added and none is changed. Until an officer decides it is 16, which holds everywhere.
create table age_rule (
  version     integer primary key check (version > 0),
  least       smallint not null check (least in (13, 14, 15, 16, 18)),
  decided_by  uuid references employee (id),  -- null: the program's own, or taken from the log after a restore
  decided_at  timestamptz
);
create index age_rule_decided on age_rule (decided_by);
insert into age_rule (version, least) values (1, 16);
grant select, insert on age_rule to custode_server;

-- “I am at least so old”, as it was said on joining: the answer, and no date of birth.
alter table consent add column said_age smallint check (said_age in (13, 14, 15, 16, 18));
