-- What anyone may see of take-up in the book's own place and every place under it, as it is shown: counted once a year (src/publish/take_up.h).

-- variable: of take-up.csv. place: its code. on_day: who lived there on it is counted. made: the day it was counted.
-- entitled: households that seem entitled; receiving, missing: of these, who receive it and who do not; unsaid: of whom nothing can be said; rounded to five.
-- pence: what is not claimed a year, at least, estimated. null: hidden.
create table take_up_figure (
  year integer not null,
  variable text not null,
  place text not null,
  on_day integer not null,
  made integer not null,
  entitled bigint,
  receiving bigint,
  missing bigint,
  unsaid bigint,
  pence bigint,
  primary key (year, variable, place)
) {sqlite: strict, without rowid};
