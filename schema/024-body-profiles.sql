-- Profiles that people made of a body's published files: what its columns mean.

-- Never changed, and none is taken away: of versions that fit a file the highest is used. rules: CSV, rule,published,means,note (src/exchange/profile.h). kind: spend, budget, entries.
-- pack: the digest of the policy pack it was made with. made_by: as in access.
create table body_profile (
  id bigint not null primary key,
  body bigint not null,
  version integer not null,
  kind text not null,
  rules text not null,
  reason text not null,
  made_at text not null,
  made_by text not null,
  pack text not null,
  unique (body, version)
) {sqlite: strict};
insert into counter values ('body_profile', 0);
