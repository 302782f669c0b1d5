-- Break-glass: a role that the operator gave alone ends by the hour.

-- The moment, in seconds since 1970, from which the role is no longer held; null: only its days count.
alter table office add column until bigint;
create index office_until on office (until) where until is not null;
