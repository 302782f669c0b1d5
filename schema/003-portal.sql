-- What the portal keeps: who acts for whom, who holds an office, how they sign in, what was told and given, who objects.

-- The last id allotted in each of the tables below that has ids.
create table counter (
  name text not null primary key,
  last bigint not null
) {sqlite: strict, without rowid};
insert into counter values ('act_for', 0), ('office', 0), ('notice', 0), ('given', 0), ('objection', 0);

create index party_born on party (born);
create index access_at on access (at);
create index alias_keep on alias (keep);

-- ---- the register ----

-- Who may act for whom, from a day to a day (both included; to null: until ended). scope: words with a space between: see (account, statement, life),
-- tell (tell us once), time (enter time given). what: how the principal calls the agent: `my daughter`.
create table act_for (
  principal bigint not null,
  id bigint not null,
  agent bigint not null,
  scope text not null,
  what text not null,
  from_day integer not null,
  to_day integer,
  at text not null,
  primary key (principal, id)
) {sqlite: strict, without rowid};
create index act_for_agent on act_for (agent);

-- An offer to help, before somebody took it: whoever signs in and enters the code becomes the agent. code: SHA-256. expires: seconds since 1970.
create table help_offer (
  code bytea not null primary key,
  principal bigint not null,
  scope text not null,
  what text not null,
  to_day integer,
  expires bigint not null
) {sqlite: strict, without rowid};

-- Who holds which office: staff (of a body), administrator, auditor (body 0). to_day null: until ended. Kept when it ends.
create table office (
  person bigint not null,
  id bigint not null,
  role text not null,
  body bigint not null,
  from_day integer not null,
  to_day integer,
  who text not null,
  at text not null,
  primary key (person, id)
) {sqlite: strict, without rowid};

-- What a person told once. facts: a JSON object of the journey's answers. state: waiting, taken, refused.
create table notice (
  party bigint not null,
  id bigint not null,
  kind text not null,
  day integer not null,
  facts text not null,
  at text not null,
  who text not null,
  state text not null,
  answer text,
  answered_at text,
  answered_by text,
  primary key (party, id)
) {sqlite: strict, without rowid};
create index notice_state on notice (state);

-- Which bodies a notice was passed to, and when one of their staff has read it.
create table notice_body (
  notice bigint not null,
  body bigint not null,
  party bigint not null,
  read_at text,
  primary key (notice, body)
) {sqlite: strict, without rowid};
create index notice_body_body on notice_body (body, read_at);

-- A person objects to a look at their record (access has no id: the look is named by what it says). answer null: not answered yet.
create table objection (
  party bigint not null,
  id bigint not null,
  look_at text not null,
  look_who text not null,
  look_what text not null,
  words text not null,
  at text not null,
  answer text,
  answered_at text,
  answered_by text,
  primary key (party, id)
) {sqlite: strict, without rowid};

-- ---- time given, proposed by the giver and confirmed by the other side: a body (its staff) or a person. ----
-- proposer: who said so, the giver or who acts for them. state: proposed, confirmed (then entry and n say where it is posted), refused (answer: why), withdrawn.
create table given (
  person bigint not null,
  id bigint not null,
  category bigint not null,
  day integer not null,
  minutes bigint not null,
  body bigint,
  other bigint,
  proposer bigint not null,
  note text not null,
  at text not null,
  state text not null,
  answered_at text,
  answered_by text,
  answer text,
  entry bigint,
  n integer,
  primary key (person, id)
) {sqlite: strict, without rowid};
create index given_id on given (id);
create index given_body on given (body, state);
create index given_other on given (other, state);

-- ---- signing in ----

-- A one-time code that ties a person to a sign-in. code: SHA-256 of its letters. expires: seconds since 1970. tries: wrong ones; five end it.
create table invite (
  person bigint not null primary key,
  code bytea not null,
  expires bigint not null,
  tries integer not null
) {sqlite: strict};

-- id: SHA-256 of what the cookie holds. started, used, ended: seconds since 1970. reason: why a member of staff looks, asked once.
create table session (
  id bytea not null primary key,
  person bigint not null,
  started bigint not null,
  used bigint not null,
  ended bigint,
  reason text
) {sqlite: strict, without rowid};
create index session_person on session (person);
create index session_used on session (used);

-- Answers to a journey's questions that is not finished. answers: a JSON object.
create table draft (
  session bytea not null,
  journey text not null,
  answers text not null,
  primary key (session, journey)
) {sqlite: strict, without rowid};
