-- The access log: ids, and who it was as they were then.

-- A look lies with the person whose record it was (party 0: none of one person). id: in the order of the looks, unique in the book.
-- who: `id:P000001`, or the user of the machine; empty: somebody who was erased since. person: the party who looked; 0: nobody of the register.
-- name, role: theirs at that time, since both may change or be erased. role: words of role grants with a space between, `staff:council administrator`, or
-- `helper`; empty: none. machine: the user of the machine on the command line, beside whoever --as names; empty in the portal.
-- name, role and machine are empty in the rows of before these columns.
-- reach: of a run (party 0), the last person (party) of the register at that time, for it touched everybody up to there; 0: a look, or a run that touched no
-- person's record. place and day: the run was only for those who lived there on that day; 0 and null: for everybody.
create table access_by_id (
  party bigint not null,
  id bigint not null,
  at text not null,
  who text not null,
  person bigint not null,
  name text not null,
  role text not null,
  machine text not null,
  what text not null,
  why text not null,
  reach bigint not null,
  place bigint not null,
  day integer,
  primary key (party, id)
) {sqlite: strict, without rowid};

-- Two looks of one second keep the order in which they were written. Runs of before say what they did in `what` only.
insert into access_by_id
  select party, row_number() over (order by at, {sqlite: access.rowid}{postgresql: access.ctid}), at,
    case when who like 'id:%' and found is null then '' else who end, coalesce(found, 0), '', '', '', what, why,
    case when party = 0 and (what = 'balances' or what like 'statements %' or what in ('export people', 'export households', 'export entries'))
      then (select party from head where head.id = 1) else 0 end, 0, null
  from access left join (select value, party as found from identifier where scheme = 'id') as reader on who = 'id:' || value;
insert into counter select 'access', count(*) from access;
drop table access;
alter table access_by_id rename to access;
create index access_at on access (at);
create index access_person on access (person) where person <> 0;

-- ---- objections to looks ----

-- An objection is a case, and names its look by the look's id. It has no deadline, since none was promised when it was made. One to a look at a record that
-- was merged is found there; of two looks that say the same, in one second, it names the first.
create table objection_look (
  objection bigint not null primary key,
  look bigint not null
) {sqlite: strict, without rowid};
with recursive record (person, party) as (
  select distinct party, party from objection
  union
  select r.person, a.gone from record r join alias a on a.keep = r.party
)
insert into objection_look
  select o.id, min(l.id) from objection o join record r on r.person = o.party
    join access l on l.party = r.party and l.at = o.look_at and l.what = o.look_what and (l.who = o.look_who or l.who = '')
  group by o.id;
insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_role, subject, facts, reason, decided_at, decider, decided_by, answer, result)
  select o.party, o.id + (select last from counter where name = 'case_file'), 'look-objection',
    case when o.answer is null then 'waiting' else 'answered' end, case when o.answer is null then 1 else 0 end,
    o.at, o.party, coalesce((select 'id:' || p.code from party p where p.id = o.party and p.code <> ''), 'erased'), 'administrator',
    coalesce((select 'look:' || l.look from objection_look l where l.objection = o.id), ''), '{}', o.words, o.answered_at,
    case when o.answer is not null then coalesce((select i.party from identifier i where i.scheme = 'id' and i.value = substr(o.answered_by, 4)), 0) end,
    o.answered_by, o.answer, case when o.answer is not null then '' end
  from objection o;
insert into case_event (party, case_id, n, at, actor, who, what, state, words)
  select party, id, 1, opened_at, opener, opened_by, 'opened', 'waiting', '' from case_file where kind = 'look-objection';
insert into case_event (party, case_id, n, at, actor, who, what, state, words)
  select party, id, 2, decided_at, decider, decided_by, 'answer', state, answer from case_file where kind = 'look-objection' and decided_at is not null;
drop table objection_look;
drop table objection;
update counter set last = last + (select o.last from counter o where o.name = 'objection') where name = 'case_file';
delete from counter where name = 'objection';
