-- Editions of the public account: what was shown of each year, as it was shown, so that a page, a restart and the protection of later
-- editions read the same figures. Nothing that was hidden or rounded away is kept. An edition never changes and is never deleted.

-- day: on which it was made, at made_at (RFC 3339). log_size: how many entries the log had. why: first, schedule, early.
create table edition (
  id bigint not null primary key,
  day integer not null,
  made_at text not null,
  log_size bigint not null,
  why text not null
) {sqlite: strict};
insert into counter values ('edition', 0);

-- The figures of a year, made on a day. shown: JSON Lines packed with zstd (src/publish/kept.c). log_size: how many entries the log had when they were made.
create table edition_figures (
  id bigint not null primary key,
  year integer not null,
  day integer not null,
  log_size bigint not null,
  shown bytea not null
) {sqlite: strict};
insert into counter values ('edition_figures', 0);

-- Which figures an edition shows of a year: new ones, or those of an earlier edition where too little changed since.
create table edition_year (
  edition bigint not null,
  year integer not null,
  figures bigint not null,
  primary key (edition, year)
) {sqlite: strict, without rowid};
