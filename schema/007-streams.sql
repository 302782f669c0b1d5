-- Streams of money: what a body has to spend, from whom, for what and under which conditions.

-- owner: the body that has it. payer: the body that gives it, which is the owner where it raises the money itself. kind: revenue or
-- capital. payer and kind are null where nobody published them.
create table stream (
  id bigint not null primary key,
  code text not null unique,
  name text not null,
  owner bigint not null,
  payer bigint,
  kind text
) {sqlite: strict};
insert into counter values ('stream', 0);

-- What a stream holds in a financial year (by its first calendar year), in pence, and where that was published.
create table stream_year (
  stream bigint not null,
  year integer not null,
  amount bigint not null,
  source text not null,
  primary key (stream, year)
) {sqlite: strict, without rowid};

-- What a stream may be spent on: all of category (id), people (a group, in words), place (id) and days that are not null must hold.
-- words: as it was published.
create table condition (
  stream bigint not null,
  n integer not null,
  words text not null,
  category integer,
  people text,
  place bigint,
  from_day integer,
  to_day integer,
  primary key (stream, n)
) {sqlite: strict, without rowid};

-- The department that paid, the stream (its code) and its condition as published; most lines have none. A line that has one has a leaf of
-- its own version. Older lines keep what their files said in `note`, which their leaves have.
alter table line add column department text;
alter table line add column stream text;
alter table line add column condition text;
drop view posted_line;
create view posted_line as
  select l.* from line l join entry e on e.id = l.entry;
