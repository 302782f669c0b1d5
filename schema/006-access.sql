-- The access log: ids, and who it was as they were then.

insert into counter values ('access', 0);
