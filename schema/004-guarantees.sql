-- The guarantees of the book on every path: keys that may be used once, units and roles as rows, legal holds.

-- ---- keys that may be used once, and have no entry of their own ----

-- A key (SHA-256) of a form, a proposal, a card's event, a call of a program: written in the transaction that does what it stands for, so that
-- it is done once. what: the kind of key. result: what was answered, for whoever sends the same again.
create table once (
  digest bytea not null primary key,
  what text not null,
  at text not null,
  result text not null
) {sqlite: strict, without rowid};
create index once_at on once (at);

-- ---- imports: files that come in again ----

-- The import that this one replaces: the same file, posted before and wholly undone. Null: none. The digests of its references name it too.
alter table import add column again bigint;

-- ---- entries: where the lines of a small one are ----

-- Of an entry of a few lines (not of a file): the account of each line, in the order of n, 8 bytes each, big-endian. So its lines are found by their key. Null: a
-- file's, one that an older program posted, or one of which a line was erased. No hash covers it; the audit holds it against the lines.
alter table entry add column accounts bytea;

-- ---- units and roles of accounts ----

-- What amounts are counted in, as the policy pack's units.csv has them. scale: decimal places that the ledger's integers hold. A figure is shown with
-- what stands before it and after it: `one` of one, else `many`. position: the order in which they are shown.
create table unit (
  code text not null primary key,
  position integer not null,
  kind text not null,
  scale integer not null,
  name text not null,
  name_cy text not null,
  before text not null,
  one text not null,
  many text not null,
  one_cy text not null,
  many_cy text not null
) {sqlite: strict, without rowid};

-- What accounts are for, as the policy pack's roles.csv has them. owner: person, body (or the book itself), book. use: what the program posts there by
-- itself; empty: nothing. kind: of the units, where the use is entries. opened: the unit in which everyone has one from registration on; empty: none.
create table account_role (
  code text not null primary key,
  position integer not null,
  owner text not null,
  use text not null,
  kind text not null,
  opened text not null,
  statement integer not null,
  purpose text not null
) {sqlite: strict, without rowid};

-- What every book had before they were rows; a pack adds to them.
insert into unit (code, position, kind, scale, name, name_cy, before, one, many, one_cy, many_cy) values
  ('pence', 1, 'money', 2, 'Pounds', 'Punnoedd', '£', '', '', '', ''),
  ('minutes', 2, 'time', 0, 'Time', 'Amser', '', 'minute', 'minutes', 'munud', 'munud');
insert into account_role (code, position, owner, use, kind, opened, statement, purpose) values
  ('social', 1, 'person', 'entries', 'money', 'pence', 1, 'what a person pays and receives, and what the services they use cost'),
  ('time', 2, 'person', 'entries', 'time', 'minutes', 1, 'the time that a person gives'),
  ('holding', 3, 'person', 'entries', 'count', '', 1, 'what a person holds that is counted: shares, units of an outcome'),
  ('welfare', 4, 'person', '', '', '', 0, 'a person''s welfare account: it may be drawn on before it is filled'),
  ('purse', 5, 'person', '', '', '', 0, 'money set aside for a person to spend on what they choose'),
  ('provider', 6, 'body', 'payments', '', '', 0, 'what a supplier was paid'),
  ('stream', 7, 'body', 'budget', '', '', 0, 'what a body was allotted'),
  ('fund', 8, 'body', '', '', '', 0, 'what an investor put in and got back'),
  ('control', 9, 'body', 'contra', '', '', 0, 'the other side of every row that a body tells; of the book itself, of rows that name no body'),
  ('erased', 10, 'book', 'erased', '', '', 0, 'sums of what was erased, a place each');

-- ---- holds of a card, and what has settled ----

-- A hold that was settled or released goes; its id stays used for some days, as a key in `once`. So every row is one that is held.
delete from hold where state <> 'held';
alter table hold drop column state;
create index hold_expires on hold (expires);

-- ---- erasure: legal holds on a person's record ----

-- While one stands nothing of the record is erased, nor of those it is merged with. Rows are added, and ended once; none is deleted. ended_at null: it stands. Of a
-- record that was erased after its holds ended the reasons are empty.
create table legal_hold (
  party bigint not null,
  id bigint not null,
  reason text not null,
  placed_by text not null,
  placed_at text not null,
  ended_by text,
  ended_at text,
  end_reason text,
  primary key (party, id)
) {sqlite: strict, without rowid};
insert into counter values ('legal_hold', 0);

-- How many erasures there were: by it the portal knows that somebody was erased by another program.
insert into counter values ('erasure', 0);

-- By it the id of somebody who was erased is known again, and refused: SHA-256 over the book's key, a colon and the id (register/erased_ids.h). Null: erased by an
-- older program. Of somebody whom a list named and a restored book did not have, `party` is the number in the list, negated.
alter table erasure add column id_digest bytea;
insert into setting (key, value) values ('erased', {sqlite: lower(hex(randomblob(16)))}{postgresql: replace(cast(gen_random_uuid() as text), '-', '')});

-- ---- identifiers ----

-- A National Insurance number is unique without its last letter (HMRC's manual NIM39110): `value` is its first eight characters, `suffix` the letter as
-- it was told. Where an older book has one number twice, under two letters, both rows stay as they were, nine characters in `value`: the audit
-- names them, and both people are still found by the whole number.
alter table identifier add column suffix text not null default '';
insert into identifier (value, scheme, party, suffix)
  select substr(value, 1, 8), scheme, party, substr(value, 9) from identifier
  where scheme = 'nino' and length(value) = 9
    and substr(value, 1, 8) in (select substr(value, 1, 8) from identifier where scheme = 'nino' group by substr(value, 1, 8) having count(*) = 1);
delete from identifier
  where scheme = 'nino' and value in (select value || suffix from identifier where scheme = 'nino' and length(value) = 8 and suffix <> '');

-- Schemes of a place's own, as the policy pack's schemes.csv has them: a library card, a council tax account. form and check_digit: what its values
-- look like (base/number_form.h). position: the order of their columns in files.
create table scheme (
  code text not null primary key,
  position integer not null,
  name text not null,
  name_cy text not null,
  form text not null,
  check_digit text not null
) {sqlite: strict, without rowid};

-- ---- notices: whom they were passed to lies with the person, as the notice itself ----

create table notice_body_of_party (
  notice bigint not null,
  body bigint not null,
  party bigint not null,
  read_at text,
  primary key (party, notice, body)
) {sqlite: strict, without rowid};
insert into notice_body_of_party select notice, body, party, read_at from notice_body;
drop table notice_body;
alter table notice_body_of_party rename to notice_body;
create index notice_body_body on notice_body (body, read_at);
create index notice_body_notice on notice_body (notice);

-- ---- references: found by an index of keys alone ----

-- Of a large import a row of digests is longer than a page, and SQLite compares whole rows on its way to one by a key that lies in them: it read several to find one.
-- So its rows lie in the order of their coming, and the key is an index beside them, as PostgreSQL has it.
{sqlite:alter table reference rename to reference_by_key;
create table reference (
  bucket integer not null,
  entry bigint not null,
  digests bytea not null,
  primary key (bucket, entry)
) strict;
insert into reference select bucket, entry, digests from reference_by_key order by entry, bucket;
drop table reference_by_key;}

-- ---- time given: what waits for a body ----

-- Only that is asked for by body: an answer then changes no row of it for what a person confirms, and takes one out for what a body does.
drop index given_body;
create index given_body on given (body) where state = 'proposed' and body is not null;
