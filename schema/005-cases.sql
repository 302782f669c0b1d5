-- Cases: what waits for somebody's decision, of every kind (policy pack, cases/). One table for all of them: a kind is rows of the pack, never a table.

-- A case lies with the person whom it is about (party; 0: nobody), so that it is shown, exported and erased with them. id: unique in the book.
-- state: a word of the pack's cases/states.csv; waits: 1 while the state asks for a decision. opener: party who opened it, 0: the operator.
-- One of to_body, to_role and to_person is set: whose decision it is; none of them where whoever has a code takes it.
-- due: the last day for the decision; null: none. escalated: since when it lies with the kind's next role too, because it was late.
-- subject: what else it is about, as a code: `line:12:3`, `look:7`, `case:4`; empty: nothing. facts: a JSON object of texts.
-- reason: the opener's words. answer: the decider's words. result: what the decision made, as a code: `line:14:1`.
create table case_file (
  party bigint not null,
  id bigint not null,
  kind text not null,
  state text not null,
  waits integer not null,
  opened_at text not null,
  opener bigint not null,
  opened_by text not null,
  to_body bigint,
  to_role text,
  to_person bigint,
  assigned bigint,
  due integer,
  escalated text,
  subject text not null,
  facts text not null,
  reason text not null,
  decided_at text,
  decider bigint,
  decided_by text,
  answer text,
  result text,
  primary key (party, id)
) {sqlite: strict, without rowid};
create index case_file_id on case_file (id);
create index case_file_body on case_file (to_body, waits, due, id) where to_body is not null;
create index case_file_role on case_file (to_role, waits, due, id) where to_role is not null;
create index case_file_person on case_file (to_person, waits, due, id) where to_person is not null;
create index case_file_opener on case_file (opener, id);
create index case_file_subject on case_file (subject) where subject <> '';
create index case_file_due on case_file (due) where waits = 1 and due is not null;

-- What happened to a case, in order; rows are only added. what: opened, read, assigned, escalated, attached, or the word of a move.
-- actor: party, 0: the operator or the program. who: as in the access log. given_to: of `assigned`, the party to whom the case was given; null: to nobody.
create table case_event (
  party bigint not null,
  case_id bigint not null,
  n integer not null,
  at text not null,
  actor bigint not null,
  who text not null,
  what text not null,
  state text not null,
  words text not null,
  given_to bigint,
  primary key (party, case_id, n)
) {sqlite: strict, without rowid};

-- The bodies that were told of a case, and when one of their staff has read it.
create table case_told (
  party bigint not null,
  case_id bigint not null,
  body bigint not null,
  read_at text,
  primary key (party, case_id, body)
) {sqlite: strict, without rowid};
create index case_told_body on case_told (body, read_at);
create index case_told_case on case_told (case_id);

-- What was attached to a case. digest: SHA-256 of the content. media: its media type, found by its first bytes.
create table case_attachment (
  party bigint not null,
  case_id bigint not null,
  n integer not null,
  digest bytea not null,
  name text not null,
  media text not null,
  size bigint not null,
  at text not null,
  who text not null,
  content bytea not null,
  primary key (party, case_id, n)
) {sqlite: strict, without rowid};

-- ---- what waited, or was answered, in an older book ----

-- The ids of cases that were something else, each of them once:
--   time given keeps its id, since the lines that it was posted as have the reference `given-ID`;
--   a notice has the last id of time given added to its own;
--   offers of help, which had no id, are counted on from the last notice; the objections to looks (006-access.sql) from the last offer.
insert into counter select 'case_file', sum(last) from counter where name in ('given', 'notice');
update counter set last = last + (select count(*) from help_offer) where name = 'case_file';

-- ---- notices (what was told once) ----

-- What waits is for the council of the person's place among the bodies that were told, the nearest one; without one, for the first of them. A deadline was
-- promised to nobody, so there is none. A name or an address was changed at once, by whoever told it.
create table notice_case (
  party bigint not null,
  notice bigint not null,
  to_body bigint not null,
  primary key (party, notice)
) {sqlite: strict, without rowid};
with recursive above (place, upper, steps) as (
  select id, id, 0 from place
  union all
  select a.place, p.parent, a.steps + 1 from above a join place p on p.id = a.upper where p.parent is not null and a.steps < 100
),
lived (party, notice, place, household) as (
  select n.party, n.id, r.place, r.household from notice n join residence r on r.party = n.party
  where r.from_day = (select max(t.from_day) from residence t where t.party = n.party and t.from_day <= n.day)
),
home (party, notice, place) as (
  select n.party, n.id, coalesce(l.place, h.place) from notice n
  left join lived l on l.party = n.party and l.notice = n.id
  left join residence h on h.party = l.household and h.from_day = (select max(t.from_day) from residence t where t.party = l.household and t.from_day <= n.day)
),
told (party, notice, body, nth) as (
  select b.party, b.notice, b.body, row_number() over (partition by b.party, b.notice order by case when a.steps is null then 1 else 0 end, a.steps, b.body)
  from notice_body b
  join home h on h.party = b.party and h.notice = b.notice
  join body o on o.id = b.body
  left join above a on o.kind = 'council' and a.place = h.place and a.upper = o.place
)
insert into notice_case select party, notice, body from told where nth = 1;

insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_body, subject, facts, reason, decided_at, decider, decided_by, answer, result)
select n.party, n.id + (select last from counter where name = 'given'), 'told-' || n.kind,
  case n.state when 'taken' then 'done' else n.state end, case n.state when 'waiting' then 1 else 0 end,
  n.at, coalesce(o.party, 0), n.who, case when n.kind in ('household', 'birth', 'death') then c.to_body end,
  '', n.facts, '', n.answered_at, case when n.answered_at is not null then coalesce(d.party, 0) end,
  case when n.answered_at is not null then coalesce(n.answered_by, n.who) end, case when n.answered_by is not null then coalesce(n.answer, '') end,
  case when n.answered_by is not null then '' end
from notice n
left join notice_case c on c.party = n.party and c.notice = n.id
left join identifier o on o.scheme = 'id' and n.who like 'id:%' and o.value = substr(n.who, 4)
left join identifier d on d.scheme = 'id' and coalesce(n.answered_by, n.who) like 'id:%' and d.value = substr(coalesce(n.answered_by, n.who), 4);
insert into case_event (party, case_id, n, at, actor, who, what, state, words)
select party, id, 1, opened_at, opener, opened_by, 'opened', case when to_body is null then state else 'waiting' end, '' from case_file where kind like 'told-%';
insert into case_event (party, case_id, n, at, actor, who, what, state, words)
select party, id, 2, decided_at, decider, decided_by, case state when 'done' then 'accept' else 'refuse' end, state, coalesce(answer, '') from case_file
where kind like 'told-%' and to_body is not null and decided_at is not null;
insert into case_told (party, case_id, body, read_at) select party, notice + (select last from counter where name = 'given'), body, read_at from notice_body;

drop table notice_case;
drop table notice_body;
drop table notice;
delete from counter where name = 'notice';

-- ---- time given ----

-- A person who was erased since is nobody: party 0, without a name.
insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_body, to_person, subject, facts, reason, decided_at, decider, decided_by, answer, result)
  select g.person, g.id, 'time-given',
    case g.state when 'proposed' then 'waiting' when 'confirmed' then 'done' else g.state end,
    case g.state when 'proposed' then 1 else 0 end,
    g.at, g.proposer, coalesce((select 'id:' || p.code from party p where p.id = g.proposer and p.code <> ''), 'erased'), g.body, g.other, '',
    {sqlite: json_patch(json_object(), json_object('category', c.code, 'date', date(g.day * 86400, 'unixepoch'), 'minutes', cast(g.minutes as text), 'note', nullif(g.note, '')))}{postgresql: cast(json_strip_nulls(json_build_object('category', c.code, 'date', to_char(date '1970-01-01' + g.day, 'YYYY-MM-DD'), 'minutes', cast(g.minutes as text), 'note', nullif(g.note, ''))) as text)},
    '', g.answered_at,
    case when g.state = 'withdrawn' then g.person when g.answered_at is not null then
      coalesce((select i.party from identifier i where i.scheme = 'id' and i.value = substr(g.answered_by, 4)), 0) end,
    case when g.state = 'withdrawn' then coalesce((select 'id:' || p.code from party p where p.id = g.person and p.code <> ''), 'erased') else g.answered_by end,
    case when g.answered_at is not null then coalesce(g.answer, '') end,
    case when g.entry is not null then 'line:' || g.entry || ':' || g.n when g.answered_at is not null then '' end
  from given g join category c on c.id = g.category;
drop table given;

-- ---- offers of help ----

-- An offer's row keeps the secret alone: the digest of its code. What is offered is a case. When it was made was not kept: its code is good until the end of the 14th day
-- after, so it is known to the day.
create table help_offer_of_case (
  code bytea not null primary key,
  principal bigint not null,
  case_id bigint not null,
  expires bigint not null
) {sqlite: strict, without rowid};
insert into help_offer_of_case
  select code, principal,
    (select last from counter where name = 'case_file') - count(*) over () + row_number() over (order by principal, expires, code), expires
  from help_offer;
insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, subject, facts, reason)
  select o.principal, n.case_id, 'help-offer', 'waiting', 1,
    {sqlite: strftime('%Y-%m-%dT00:00:00Z', (o.expires / 86400 - 15) * 86400, 'unixepoch')}{postgresql: to_char(date '1970-01-01' + cast(o.expires / 86400 - 15 as integer), 'YYYY-MM-DD') || 'T00:00:00Z'},
    o.principal, coalesce((select 'id:' || p.code from party p where p.id = o.principal and p.code <> ''), 'erased'), '',
    {sqlite: json_patch(json_object(), json_object('scope', o.scope, 'what', o.what, 'to', date(o.to_day * 86400, 'unixepoch')))}{postgresql: cast(json_strip_nulls(json_build_object('scope', o.scope, 'what', o.what, 'to', to_char(date '1970-01-01' + o.to_day, 'YYYY-MM-DD'))) as text)}, ''
  from help_offer o join help_offer_of_case n on n.code = o.code;
drop table help_offer;
alter table help_offer_of_case rename to help_offer;
create index help_offer_principal on help_offer (principal);

-- ---- what happened to them, and ids ----

insert into case_event (party, case_id, n, at, actor, who, what, state, words)
  select party, id, 1, opened_at, opener, opened_by, 'opened', 'waiting', '' from case_file where kind in ('time-given', 'help-offer');
insert into case_event (party, case_id, n, at, actor, who, what, state, words)
  select party, id, 2, decided_at, decider, decided_by,
    case state when 'done' then 'confirm' when 'refused' then 'decline' else 'withdraw' end, state, answer
  from case_file where kind = 'time-given' and decided_at is not null;
delete from counter where name = 'given';
