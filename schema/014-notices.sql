-- Which messages a person wants.

-- What a message is: `code` (to sign in), or what a person may want: `statement`, `helper`, `answer`. about: of a statement its year, of an answer the number of the
-- case; of a code `other`, once another way of giving one took its place; else empty.
alter table message_out add column kind text not null default 'code';
alter table message_out add column about text not null default '';
-- Of each kind the next one: codes go first, however many others wait.
drop index message_out_next;
create index message_out_kind on message_out (state, kind, due);

-- What a person said about them. confirmed: the day (since 1970) on which they signed in with a code that was sent to their e-mail address; it holds as
-- long as the address stands. statement, helper, answer: 1 wanted, 0 not, null: not said, which is wanted if the address is confirmed.
-- language: of the page on which they last said so or signed in.
create table message_choice (
  party bigint not null primary key,
  confirmed integer,
  statement integer,
  helper integer,
  answer integer,
  language text not null
) {sqlite: strict};

-- Years whose messages were put in line, each once. after: the last person who was looked at, in order of id. put: how many. ended: seconds since 1970.
create table message_run (
  year integer not null primary key,
  after bigint not null,
  put bigint not null,
  ended bigint
) {sqlite: strict};
-- Nobody is written to about years that an older program closed.
insert into message_run (year, after, put, ended) select distinct year, 0, 0, 0 from closing;
