-- What an import of spending holds of each payer and month, so that the same payments are found when they come again in a file of other bytes.

-- payer: a body. first_day: of the month. amount: pence. content: the sum, modulo 2^128, of the first 16 bytes of the SHA-256 of each row's day, amount and payee
-- (src/book/import_months.h).
create table import_month (
  import bigint not null,
  payer bigint not null,
  first_day integer not null,
  rows bigint not null,
  amount bigint not null,
  content bytea not null,
  primary key (import, payer, first_day)
) {sqlite: strict, without rowid};
create index import_month_payer on import_month (payer, first_day);
