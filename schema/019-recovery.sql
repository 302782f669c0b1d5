-- What is asked back of what was paid too much, and what becomes of it.

-- Rows are only added. case_id: the case of the kind `overpayment`; party: whom it is about. n: in order, from 1. award: the award that was paid too much; of
-- `taken` the one from whose payment. variable: of the pack's entitlements.csv. what: `asked` (amount: pence in all), `rate` (amount: pence a week; -1: as much as
-- the law allows), `taken` of a payment, `repaid` by hand, `returned` (each amount: so much more of it), `over` (let go or written off; amount 0). due: of `taken`,
-- the day of pay. entry: the entry of the journal; null: none. made_by: as in access.
create table award_recovery (
  party bigint not null,
  case_id bigint not null,
  n bigint not null,
  award bigint not null,
  variable text not null,
  what text not null,
  amount bigint not null,
  due integer,
  entry bigint,
  made_by text not null,
  made_at text not null,
  primary key (party, case_id, n)
) {sqlite: strict, without rowid};

-- Cases of one kind that wait are found without looking through all: which awards wait for a decision, at each run that pays.
create index case_file_kind on case_file (kind) where waits = 1;
