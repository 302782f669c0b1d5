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

-- ---- holds of a card, and what has settled ----

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
