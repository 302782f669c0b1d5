-- People of bodies' own files: rows whose name, birth date and postcode may be those of somebody registered, and what people decided of them.

-- Of a body, name, birth date, postcode and person the row with the highest id holds. body: 0: none. name, born, postcode: as the file says them; born null, postcode empty: it
-- does not. how: what agrees (src/register/person_match.h). decision: open (it waits), same, different. made_by: as in access.
create table person_decision (
  party bigint not null,
  id bigint not null,
  body bigint not null,
  name text not null,
  born integer,
  postcode text not null,
  how text not null,
  decision text not null,
  reason text not null,
  made_at text not null,
  made_by text not null,
  primary key (party, id)
) {sqlite: strict, without rowid};
insert into counter values ('person_decision', 0);
