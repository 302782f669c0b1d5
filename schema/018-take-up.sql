-- Take-up: when a place was looked through for people who seem entitled to something and receive nothing, and whom that found.

-- place, on_day: where, and as of which day. benefits: variables of take-up.csv with a space between. purpose, law: as the pack had them, or as it was said.
-- agreement: the one that was named; null: none was needed. who: as in access. body: for whom; null: the operator. at: RFC 3339.
-- found: rows of take_up_found that were written with it.
create table take_up_run (
  id bigint not null primary key,
  place bigint not null,
  on_day integer not null,
  benefits text not null,
  purpose text not null,
  law text not null,
  agreement text,
  who text not null,
  body bigint,
  at text not null,
  found bigint not null
) {sqlite: strict};

-- party: the adult whom one would write to. whose: whose entitlement it is; 0: the unit's or the household's. low, high: pence a year, from what to what;
-- high null: no limit. exact: 1 where the amount is known; else needs: the
-- variables that would tell, with a space between. since_day: since when what is known of them has been so. place: where they lived.
-- written: the day of the letter or message, one a run; null: none. left_out: why nobody is written to (`objects`); null: no reason.
create table take_up_found (
  party bigint not null,
  run bigint not null,
  variable text not null,
  whose bigint not null,
  low bigint not null,
  high bigint,
  exact integer not null,
  needs text not null,
  since_day integer not null,
  place bigint not null,
  written integer,
  left_out text,
  primary key (party, run, variable, whose)
) {sqlite: strict, without rowid};
create index take_up_found_run on take_up_found (run);

-- What a run came to, of the place and of each place directly under it. Units: entitled ones; of these who receive it and who do not; of the latter those whose
-- amount is known; those of whom nothing can be said. low, high: what is missing, pence a year; high null: no limit. paid_to: the last payment that is known.
create table take_up_sum (
  run bigint not null,
  variable text not null,
  place bigint not null,
  units bigint not null,
  entitled bigint not null,
  receiving bigint not null,
  missing bigint not null,
  exact bigint not null,
  maybe bigint not null,
  low bigint not null,
  high bigint,
  paid_to integer,
  primary key (run, variable, place)
) {sqlite: strict, without rowid};

-- Why nothing can be said of how many units: what they have not told. variable: of the run; empty: who belongs together, so that nothing can be said at all.
create table take_up_reason (
  run bigint not null,
  variable text not null,
  reason text not null,
  units bigint not null,
  primary key (run, variable, reason)
) {sqlite: strict, without rowid};
insert into counter values ('take_up_run', 0);
