-- What anyone may see of the minimum standards of the book's own place, as it is shown: counted once a year (src/publish/standards.h).

-- dimension, part: `place` and a place's code; `age`, `sex` or `home` and a group's word. on_day: who lived there on it is counted. made: the day it was counted.
-- people, kept, broken, unsaid: rounded to five; null: hidden.
create table standard_figure (
  year integer not null,
  standard text not null,
  dimension text not null,
  part text not null,
  on_day integer not null,
  made integer not null,
  people bigint,
  kept bigint,
  broken bigint,
  unsaid bigint,
  primary key (year, standard, dimension, part)
) {sqlite: strict, without rowid};
