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

-- ---- units and roles of accounts ----

-- ---- holds of a card, and what has settled ----

-- ---- erasure: legal holds on a person's record ----

-- ---- identifiers ----
