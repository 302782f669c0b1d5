-- Awards: what a body pays somebody from a day on, how much and on which days; and each payment of one.

-- A row is never changed: a change is a row that ends what stood, and one that begins what follows; each names the row that it supersedes or follows.
-- party: who is paid. id: in the order in which they were written. award: the id of its first row, its number. variable: of the pack's entitlements.csv.
-- amount: pence, in each `per` (week, month, year). from_day, to_day: first and last day; to_day null: until further notice. pay_days: `4-weeks`, `month`
-- and so on (pay-days.csv); null: the body posts its payments itself. first_due: the first day of pay, before weekends and holidays are looked at.
-- arrears: pence that a change of days already paid for adds, paid at the next run. source: assessment, amounts, claim, import. reference: the body's own.
-- facts: what it was decided from. versions: of the program's schema, the pack and the rules. made_by: as in access. why: the reason of a change or an end.
create table award (
  party bigint not null,
  id bigint not null,
  award bigint not null,
  body bigint not null,
  variable text not null,
  amount bigint not null,
  per text not null,
  from_day integer not null,
  to_day integer,
  pay_days text,
  first_due integer,
  arrears bigint not null,
  source text not null,
  reference text,
  facts text,
  versions text,
  made_by text not null,
  made_at text not null,
  why text,
  supersedes bigint,
  primary key (party, id)
) {sqlite: strict, without rowid};
create index award_number on award (award);
create unique index award_supersedes on award (party, supersedes) where supersedes is not null;

-- A payment that is in the book. due: the day of pay as the rule gives it. row: 0, or the row of `award` whose arrears it pays. first_day, last_day: the days
-- that it is for. amount: pence. paid: the day of its line, the working day on or before `due`. entry: the entry of the journal.
create table award_payment (
  party bigint not null,
  award bigint not null,
  due integer not null,
  row_id bigint not null,
  first_day integer not null,
  last_day integer not null,
  amount bigint not null,
  paid integer not null,
  entry bigint not null,
  primary key (party, award, due, row_id)
) {sqlite: strict, without rowid};
insert into counter values ('award', 0);
