-- Facts told once: what rules need to know of a person or a household, and no line of the book says.

-- A row is never changed: a correction is a new row, and so is a withdrawal, which has neither value nor other; each names the row that it supersedes.
-- party: whom it is about, a person or a household. id: in the order in which they were told. variable: of the pack's tellable.csv. value: as told, in one
-- form (`1200.50`, `yes`, `2026-03-31`, an item of its list). per: `week`, `month` or `year`, of an amount that comes again and again; else null.
-- other: of a relation whom it is to; then value is `person`, or `none` and other is null. from_day, to_day: the first and the last day; to_day null: until
-- further notice. said_by: as in access. said_as: self, helper, officer, body, operator. teller: in whose name it was told; null: nobody's of the register.
-- body: whose officer or decision it is. source: decision, evidenced, told, estimated. evidence: what shows it, in words or as `case:12`.
-- review_by: the last day on which it is known without being asked again. said_at: the moment at which it was recorded, RFC 3339.
create table fact (
  party bigint not null,
  id bigint not null,
  variable text not null,
  value text,
  per text,
  other bigint,
  from_day integer not null,
  to_day integer,
  said_by text not null,
  said_as text not null,
  teller bigint,
  body bigint,
  source text not null,
  evidence text,
  review_by integer,
  said_at text not null,
  supersedes bigint,
  primary key (party, id)
) {sqlite: strict, without rowid};
create index fact_variable on fact (party, variable);
create index fact_other on fact (other) where other is not null;
create index fact_said_by on fact (said_by);
create index fact_teller on fact (teller) where teller is not null;
create unique index fact_supersedes on fact (party, supersedes) where supersedes is not null;
insert into counter values ('fact', 0);
