-- Payees: what a person decided of two bodies whose names look like one payee's.

-- Lines stay in the account of the body that they were posted to; views read bodies that are the same as one. Never changed: of a pair the row with the
-- highest id holds. body is the lower id of the two. decision: same, different, open (as if nobody had decided). made_by: as in access.
create table body_decision (
  id bigint not null primary key,
  body bigint not null,
  other bigint not null,
  decision text not null,
  reason text not null,
  made_at text not null,
  made_by text not null
) {sqlite: strict};
insert into counter values ('body_decision', 0);
