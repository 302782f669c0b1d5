-- Letters to people who seem to miss out, what came of them, and who wants none.

-- access.reach of a look (of a party) may be -1: one of the many looks of such a search, which do not count among those of an hour.

-- Who asked not to be looked for, and so is in no list: how many units.
alter table take_up_run add column objected bigint not null default 0;

-- A letter to an adult whom a run found. id: its number. benefits: variables with a space between. language: `en`, `cy`. place: where they lived. made_by: as in access.
create table take_up_letter (
  party bigint not null,
  id bigint not null,
  run bigint not null,
  on_day integer not null,
  benefits text not null,
  language text not null,
  place bigint not null,
  made_at text not null,
  made_by text not null,
  primary key (party, id)
) {sqlite: strict, without rowid};
create index take_up_letter_run on take_up_letter (run);
insert into counter values ('take_up_letter', 0);

-- What staff say came of a letter, by benefit; the row with the highest id holds. outcome: `claimed`, `awarded`, `refused`, `wrong`, `unanswered`.
-- pence: a year, of an award; null: not known.
create table take_up_outcome (
  party bigint not null,
  letter bigint not null,
  variable text not null,
  id bigint not null,
  outcome text not null,
  pence bigint,
  made_at text not null,
  made_by text not null,
  primary key (party, letter, variable, id)
) {sqlite: strict, without rowid};
insert into counter values ('take_up_outcome', 0);

-- Whom nobody writes to. refuses: 1 where they want neither to be looked for nor letters. unsafe: 1 where staff say that a letter could harm them.
-- made_at, made_by: of the last change.
create table take_up_choice (
  party bigint not null primary key,
  refuses integer not null,
  unsafe integer not null,
  made_at text not null,
  made_by text not null
) {sqlite: strict, without rowid};
