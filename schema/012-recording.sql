-- Recording: what a body may record, and why staff look at somebody.

-- A duty of the policy pack (duties.csv), or one category (`category:CODE`), that an administrator gave to a body beyond what the pack gives it.
-- id: in the order in which they were given. ended_at null: the body has it. given_by, ended_by: as in access.
create table body_duty (
  body bigint not null,
  id bigint not null,
  duty text not null,
  reason text not null,
  given_at text not null,
  given_by text not null,
  ended_at text,
  ended_by text,
  end_reason text,
  primary key (body, id)
) {sqlite: strict, without rowid};
insert into counter values ('body_duty', 0);
