-- Proofs: the log's tiles and signed heads, closings, what erasure leaves.

-- Hashes of perfect subtrees of the log, as C2SP tlog-tiles has them: level 0 are the records' leaf hashes, each level 256 times as wide; up to 256
-- hashes of 32 bytes a tile. Written up to the last head by whoever makes a head.
create table log_tile (
  level integer not null,
  tile bigint not null,
  hashes bytea not null,
  primary key (level, tile)
) {sqlite: strict, without rowid};

-- Heads that were signed and given out: a C2SP checkpoint each, with what witnesses added to it.
create table log_head (
  size bigint not null primary key,
  note text not null,
  at text not null
) {sqlite: strict};

-- What a closing covers: the lines of the year (by its first calendar year) up to to_day that stand in the log up to log_size.
create table closing (
  entry bigint not null primary key,
  year integer not null,
  to_day integer not null,
  log_size bigint not null,
  people bigint not null
) {sqlite: strict};

-- The tree over a closing's people, in tiles like the log's. first_party: whose leaf begins the tile (level 0).
create table closing_tile (
  entry bigint not null,
  level integer not null,
  tile bigint not null,
  first_party bigint not null,
  hashes bytea not null,
  primary key (entry, level, tile)
) {sqlite: strict, without rowid};

-- The hash that an erased line leaves, so that its entry's root can still be made.
create table erased_leaf (
  entry bigint not null,
  n integer not null,
  hash bytea not null,
  primary key (entry, n)
) {sqlite: strict, without rowid};

-- Who was erased, so that a backup that is restored can be erased again. Numbers and a reason, no name.
create table erasure (
  party bigint not null primary key,
  at text not null,
  who text not null,
  reason text not null
) {sqlite: strict};
