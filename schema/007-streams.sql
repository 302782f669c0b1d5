-- Streams of money: what a place is allotted, by whom, for what, under which conditions.

-- owner: the body that has it; payer: the body that gives it, null: the owner raises it itself. kind: revenue or capital.
create table stream (
  id bigint not null primary key,
  code text not null unique,
  name text not null,
  owner bigint not null,
  payer bigint,
  kind text not null
) {sqlite: strict};
insert into counter values ('stream', 0);

-- What a stream holds in a year (by its first calendar year), in pence, and who published it.
create table stream_year (
  stream bigint not null,
  year integer not null,
  amount bigint not null,
  source text not null,
  primary key (stream, year)
) {sqlite: strict, without rowid};

-- What a stream may be spent on: all columns that are not null must hold. category and place: codes. words: as it was published.
create table condition (
  stream bigint not null,
  n integer not null,
  words text not null,
  category text,
  people text,
  place text,
  from_day integer,
  to_day integer,
  primary key (stream, n)
) {sqlite: strict, without rowid};
