-- Signing in: what failed, and codes on their way.

-- A wrong code is counted against where it came from, never against the code: a stranger could use up somebody else's.
alter table invite drop column tries;

-- Wrong tries to sign in of one hour. source: an address (of IPv6 its first half: `2001:db8:1:2::/64`), or with is_network the network around it
-- (`203.0.113.0/24`). hour: hours since 1970. last: seconds since 1970. Neither the reference nor the code that was typed is kept.
create table sign_in_failed (
  source text not null,
  is_network integer not null,
  hour bigint not null,
  tries bigint not null,
  last bigint not null,
  primary key (source, hour)
) {sqlite: strict, without rowid};
create index sign_in_failed_hour on sign_in_failed (hour);

-- Since when an e-mail address of a person stands: the day on which an import or a merger last changed it. A code never goes to one that has stood for
-- less than 30 days. What an older book has counts from its upgrade on, since nothing says since when it stands.
alter table party add column email_day integer;
update party set email_day = {sqlite: unixepoch() / 86400}{postgresql: cast(floor(extract(epoch from now()) / 86400) as integer)} where email is not null;

-- What is sent to somebody. way: `email` or `letter`. address: of the register on the day it was asked for; empty
-- for a letter and when it has ended. No message stands here: it is written when it is sent, and a code is made then, so nobody reads one here.
-- asked_by: as in access. state: `waiting`, `sent` or `failed`. due: when it is tried next. due, ended: seconds since 1970. reason: why
-- the last try failed, in words of the program and the mail server's number.
create table message_out (
  id bigint not null primary key,
  party bigint not null,
  way text not null,
  address text not null,
  asked_at text not null,
  asked_by text not null,
  state text not null,
  tries bigint not null,
  due bigint not null,
  ended bigint,
  reason text not null
) {sqlite: strict};
create index message_out_party on message_out (party);
create index message_out_next on message_out (state, due);
insert into counter values ('message_out', 0);
