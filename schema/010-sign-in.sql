-- Signing in: what failed, and codes on their way.

-- A wrong code is counted against where it came from, never against the code: a stranger could use up somebody else's.
alter table invite drop column tries;

-- Wrong tries to sign in of one hour. source: an address (of IPv6 its first half: `2001:db8:1:2::/64`), or with is_network the network around it
-- (`203.0.113.0/24`). hour: hours since 1970. last_at: seconds since 1970. Neither the reference nor the code that was typed is kept.
create table sign_in_failed (
  source text not null,
  is_network integer not null,
  hour bigint not null,
  tries bigint not null,
  last_at bigint not null,
  primary key (source, hour)
) {sqlite: strict, without rowid};
create index sign_in_failed_hour on sign_in_failed (hour);
