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

-- Why a member of staff looks at one person, for the rest of a session. (session.reason was one reason for everybody.)
-- opened 0: the person was found in a search of that reason and not opened yet; opening one takes the others away. used: seconds since 1970, the last look.
create table look_reason (
  session bytea not null,
  party bigint not null,
  reason text not null,
  opened integer not null,
  used bigint not null,
  primary key (session, party)
) {sqlite: strict, without rowid};
alter table session drop column reason;

-- Looks of one reader within an hour are counted.
drop index access_person;
create index access_person_at on access (person, at) where person <> 0;
