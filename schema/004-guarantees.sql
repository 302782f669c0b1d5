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

-- ---- entries: where the lines of a small one are ----

-- Of an entry of a few lines (not of a file): the account of each line, in the order of n, 8 bytes each, big-endian. So its lines are found by their key. Null: a
-- file's, one that an older program posted, or one of which a line was erased. No hash covers it; the audit holds it against the lines.
alter table entry add column accounts bytea;

-- ---- units and roles of accounts ----

-- ---- holds of a card, and what has settled ----

-- ---- erasure: legal holds on a person's record ----

-- ---- identifiers ----
