-- The whole store, first version. One text for both engines: {sqlite: ...} is kept by SQLite only, {postgresql: ...} by PostgreSQL
-- only; bigint, integer and bytea become INTEGER and BLOB in SQLite. No triggers and no foreign keys: the program and
-- the audit check, and Citus (schema/distribute.sql) allows neither. Each key of a distributed table holds its distribution column.

-- What this store is: place (the book's own), policy (the pack's folder), demo (made by `weal demo`).
create table setting (
  key text not null primary key,
  value text not null
) {sqlite: strict, without rowid};

-- ---- the register ----

create table place (
  id bigint not null primary key,
  code text not null unique,
  name text not null,
  kind text not null,
  parent bigint
) {sqlite: strict};

-- A body is what acts in an office: a department, council, provider, mutual, charity, employer, investor, supplier.
create table body (
  id bigint not null primary key,
  code text not null unique,
  name text not null,
  kind text not null,
  company text,
  place bigint
) {sqlite: strict};

-- A person or a household. `code` is what files call it (identifier schemes `id` and `household`).
create table party (
  id bigint not null primary key,
  kind text not null,
  code text not null,
  name text,
  born integer,
  died integer,
  sex text,
  email text,
  tenure text,
  council_tax_band text
) {sqlite: strict};

-- Where a person (household and, if of their own, place) or a household (place) lives from a day on; a move is a row.
create table residence (
  party bigint not null,
  from_day integer not null,
  household bigint,
  place bigint,
  primary key (party, from_day)
) {sqlite: strict, without rowid};
create index residence_household on residence (household);

create table identifier (
  value text not null,
  scheme text not null,
  party bigint not null,
  primary key (value, scheme)
) {sqlite: strict, without rowid};
create index identifier_party on identifier (party);

-- Two records found to be one person. Read at view time; lines stay where they are.
create table alias (
  gone bigint not null primary key,
  keep bigint not null,
  at text not null,
  reason text not null
) {sqlite: strict, without rowid};

-- Who looked at whose record (party 0: a run over everyone), when, what, and why.
create table access (
  party bigint not null,
  at text not null,
  who text not null,
  what text not null,
  why text not null
) {sqlite: strict};
create index access_party on access (party, at);

-- ---- the policy pack's codes, and what imports add to them ----

create table category (
  id bigint not null primary key,
  code text not null unique,
  unit text not null
) {sqlite: strict};

create table service (
  id bigint not null primary key,
  code text not null unique,
  name text not null,
  category bigint not null,
  unit text not null
) {sqlite: strict};

create table unit_cost (
  service bigint not null,
  year integer not null,
  cost bigint not null,
  source text not null,
  estimated integer not null,
  primary key (service, year)
) {sqlite: strict, without rowid};

create table rate (
  category bigint not null,
  year integer not null,
  rate bigint not null,
  source text not null,
  primary key (category, year)
) {sqlite: strict, without rowid};

-- ---- the book ----

-- owner_kind: person, body, book (owner 0). role: social, time, welfare, purse, stream, provider, fund, control. floor: the lowest
-- balance allowed, null: none. secret: 32 random bytes; salts the account's leaves.
create table account (
  id bigint not null primary key,
  owner_kind text not null,
  owner bigint not null,
  role text not null,
  unit text not null,
  floor bigint,
  secret bytea not null
) {sqlite: strict};

-- Which accounts an owner has: the way from a person to their accounts that Citus can route.
create table holding (
  owner bigint not null,
  owner_kind text not null,
  account bigint not null,
  role text not null,
  unit text not null,
  primary key (owner, owner_kind, account)
) {sqlite: strict, without rowid};

-- One row (id 1). entry: the last entry number allotted; logged: how many entries the log has; the others: the last id allotted in each table.
create table head (
  id integer not null primary key,
  entry bigint not null,
  logged bigint not null,
  account bigint not null,
  party bigint not null,
  place bigint not null,
  body bigint not null,
  category bigint not null,
  service bigint not null,
  import bigint not null
) {sqlite: strict};

-- Entry numbers allotted and not finished: live, or void (its poster died; nothing of it remains).
create table pending (
  first bigint not null primary key,
  last bigint not null,
  state text not null
) {sqlite: strict};

-- One file of a call. kind: entries, spend, budget (posted), or a kind of the register.
create table import (
  id bigint not null primary key,
  kind text not null,
  file text not null,
  digest bytea not null,
  rows bigint not null,
  rejected bigint not null,
  amount bigint not null,
  first_entry bigint not null,
  last_entry bigint not null,
  profile text not null,
  at text not null,
  who text not null
) {sqlite: strict};

-- Rows that a partial import left out.
create table reject (
  import bigint not null,
  line bigint not null,
  column_name text not null,
  value text not null,
  reason text not null
) {sqlite: strict};

-- The journal. seq: the entry's place in the log, dense from 1. lines: how many lines it has. root: null until proofs come.
create table entry (
  id bigint not null primary key,
  seq bigint not null unique,
  day integer not null,
  recorded text not null,
  kind text not null,
  import bigint,
  memo text,
  lines bigint not null,
  root bytea
) {sqlite: strict};

-- The ledger, clustered by its key. amount: pence or minutes, seen by the account's owner, plus is received. quantity: thousandths.
-- n: dense from 1 within the entry, in the order (account, category, place in the file).
create table line (
  account bigint not null,
  day integer not null,
  entry bigint not null,
  n integer not null,
  amount bigint not null,
  category integer not null,
  quantity bigint,
  service integer,
  cost_year integer,
  estimated integer not null,
  body bigint,
  place bigint,
  reference text,
  note text,
  reverses_entry bigint,
  reverses_n integer,
  primary key (account, day, entry, n)
) {sqlite: strict, without rowid};

create view posted_line as
  select l.* from line l join entry e on e.id = l.entry;

-- 128-bit digests of (body, reference) and of what was reversed, sorted, in 65,536 buckets by their first 16 bits. A row counts once
-- its entry is finished.
create table reference (
  bucket integer not null,
  entry bigint not null,
  digests bytea not null,
  primary key (bucket, entry)
) {sqlite: strict, without rowid};

-- Only for accounts with a floor; guards it, is no view.
create table balance (
  account bigint not null primary key,
  amount bigint not null,
  held bigint not null
) {sqlite: strict};

-- An authorisation not yet settled. state: held, settled, released.
create table hold (
  account bigint not null,
  id text not null,
  amount bigint not null,
  expires integer not null,
  state text not null,
  primary key (account, id)
) {sqlite: strict, without rowid};

insert into head values (1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
