-- Cases of one kind that wait are found without looking through all: which awards wait for a decision, at each run that pays.
create index case_file_kind on case_file (kind) where waits = 1;
