-- What bodies paid, in totals that every page of a place reads instead of the lines.

-- kind: category or payee; what: the id of the category, or of the body that was paid. year: of the financial year, the calendar year in which it begins.
-- payer, place: as on the lines. payer, place, what: 0 where a line names none. pence: billions * 1,000,000,000 + amount, so that no sum passes 64 bits.
-- payments: lines that were not undone in the same year. entry: 0, or the first number of the import that wrote the row, which counts once that number is
-- no longer pending; rows of one key add up (src/book/payment_totals.h).
create table payment_total (
  kind text not null,
  year integer not null,
  payer bigint not null,
  place bigint not null,
  what bigint not null,
  entry bigint not null,
  billions bigint not null,
  amount bigint not null,
  payments bigint not null,
  primary key (kind, year, payer, place, what, entry)
) {sqlite: strict, without rowid};
create index payment_total_entry on payment_total (entry) where entry > 0;

-- Of the lines that a book has already. A financial year begins on 1 April: three months before that day it is 1 January.
insert into payment_total (kind, year, payer, place, what, entry, billions, amount, payments)
  select kind, year, payer, place, what, 0, high + low / 1000000000, low % 1000000000, payments
  from (
    select kind, year, payer, place, what, cast(sum(amount / 1000000000) as bigint) as high, cast(sum(amount % 1000000000) as bigint) as low, sum(one) as payments
    from (
      select k.kind, {sqlite: cast(strftime('%Y', l.day * 86400, 'unixepoch', '-3 months') as integer)}{postgresql: cast(extract(year from (date '1970-01-01' + l.day) - interval '3 months') as integer)} as year,
        coalesce(l.body, 0) as payer, coalesce(l.place, 0) as place, case when k.kind = 'category' then l.category else a.owner end as what, l.amount,
        case when u.day is not null and {sqlite: strftime('%Y', l.day * 86400, 'unixepoch', '-3 months') = strftime('%Y', u.day * 86400, 'unixepoch', '-3 months')}{postgresql: extract(year from (date '1970-01-01' + l.day) - interval '3 months') = extract(year from (date '1970-01-01' + u.day) - interval '3 months')} then -1 else 1 end as one
      from account a
        join account_role r on r.code = a.role and r.use = 'payments'
        join line l on l.account = a.id
        join entry e on e.id = l.entry
        left join entry u on u.id = l.reverses_entry
        cross join (select 'category' as kind union all select 'payee') k
      where a.owner_kind = 'body' and a.unit = 'pence'
    ) paid
    group by kind, year, payer, place, what
  ) sums;
