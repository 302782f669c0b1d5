-- What every administrator is told: an act that could give somebody power over the book, or that looks like misuse.

-- id: in the order of the alerts. kind: a word of the table in src/register/alerts.c. who: as in access (`id:P000001`, or the user of the
-- machine; empty: a stranger at the portal, or somebody who was erased since). party: whom it concerns; 0: nobody of the register.
-- detail: what the sentence of the kind names further (a role's word, a number, an address of the network); never a person's name.
create table alert (
  id bigint not null primary key,
  at text not null,
  kind text not null,
  who text not null,
  party bigint not null,
  detail text not null
) {sqlite: strict};
insert into counter values ('alert', 0);
