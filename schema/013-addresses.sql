-- Addresses as people write them, and where a place keeps them.

-- lines: up to five, a line break between, none empty. postcode: in capitals with one blank (`SW1A 2AA`, `BFPO 57`). uprn: the unique property
-- reference number, 1 to 999999999999. Any of them may be null. A person's own address counts before their household's, as their own place does.
alter table residence add column lines text;
alter table residence add column postcode text;
alter table residence add column uprn bigint;
create index residence_postcode on residence (postcode) where postcode is not null;
