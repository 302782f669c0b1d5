#!/usr/bin/env python3
"""Who looked, as the person whose record it is reads it: who it was as they were then, also after a change of name, the end of the role and an erasure; the user of the machine beside --as; runs
over everybody, to everybody whom they covered; each look by its number."""
import getpass
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30)


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


def one(sql, *values):
    return rows(sql, *values)[0][0]


staff_code, staff_name, body = rows("select p.code, p.name, b.name from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' order by o.id")[0]
boss_code, boss_name = rows("select p.code, p.name from office o join party p on p.id = o.person where o.role = 'administrator'")[0]
officers = {code for (code,) in rows("select p.code from office o join party p on p.id = o.person")}
# two people of two neighbourhoods
homes = rows("select p.code, l.id, l.code from party p join residence r on r.party = p.id left join residence h on h.party = r.household join place l on l.id = coalesce(r.place, h.place) "
             "where p.kind = 'person' and p.died is null and p.born < 14000 order by p.id")
ann_code, ann_place, place_code = next(row for row in homes if row[0] not in officers)
ben_code = next(code for code, place, _ in homes if place != ann_place and code not in officers)
ann, ben, staff = (Browser(server).sign_in(code) for code in (ann_code, ben_code, staff_code))


def seen(browser=ann, path="/looked"):
    return words(browser.get(path).text)


# ---- as they were then ----
staff.because("They stand at the counter", ann_code)
t.hold("staff open the record", staff.get(f"/people/{ann_code}").status == 200)
was = f"{staff_name}, staff of {body}"
t.hold("the person reads who, and for which body", was in seen(), seen()[:500])
with open(book.folder + "/renamed.csv", "w") as f:
    f.write(f"id,name,born\n{staff_code},Somebody Else,{one('select date(born * 86400, ' + repr('unixepoch') + ') from party where code = ?', staff_code)}\n")
book.weal("import", "people", book.folder + "/renamed.csv")
t.hold("after a change of name it is the old one", was in seen() and "Somebody Else" not in seen())
staff.get(f"/people/{ann_code}")
t.hold("a later look has the new one", f"Somebody Else, staff of {body}" in seen() and was in seen())
book.weal("role", "end", staff_code, "staff", "--body", one("select b.code from office o join party p on p.id = o.person join body b on b.id = o.body where p.code = ?", staff_code))
t.hold("after the role ended too", was in seen())
book.weal("erase", staff_code, "--reason", "asked for it")
page = seen()
t.hold("after their erasure the role and the body", page.count(f"Somebody whose record was erased, staff of {body}") == 2 and staff_name not in page and "Somebody Else" not in page, page[:500])
t.hold("in Welsh", "Rhywun y dilëwyd eu cofnod" in seen(path="/cy/looked"))
t.hold("nothing names them in the log", not rows("select 1 from access where who = ? or name in (?, 'Somebody Else')", "id:" + staff_code, staff_name))

# ---- objected to: whoever answers reads of the person, not of themselves ----
visit = one("select min(a.id) from access a join party p on p.id = a.party where p.code = ? and a.what like 'what they have from %'", ann_code)
r = ann.send(f"/looked/{visit}", {"words": "I was not there"})
t.hold("she objects to a visit", r.status == 303, r.status, words(r.text)[:600])
case = one("select max(id) from case_file where kind = 'look-objection'")
for prefix, theirs, yours in (("", f"what they have from {body}", f"what you have from {body}"), ("/cy", f"yr hyn sydd ganddynt gan {body}", f"yr hyn sydd gennych gan {body}")):
    page = words(Browser(server).sign_in(boss_code).get(f"{prefix}/inbox/{case}").text)
    t.hold("an administrator reads what was seen of her, as hers", theirs in page and yours not in page, page[:600])
    t.hold("and she as her own", yours in seen(path=f"{prefix}/looked"))

# ---- the command line ----
book.weal("account", ann_code, "--as", boss_code, "--quiet")
t.hold("beside --as, the user of the machine", f"{boss_name}, administrator (on the machine of {getpass.getuser()})" in seen(), seen()[:500])
book.weal("account", ann_code)
t.hold("without it, the operator", f"Operator of the machine: {getpass.getuser()}" in seen())
db.execute("insert into access (party, id, at, who, person, name, role, machine, what, why, reach, place) select party, id + 900000, at, who, person, name, role, machine, 'life', 'a second reason', reach, place from access where id = (select max(a.id) from access a join party p on p.id = a.party where p.code = ? and a.what = 'account all years')", (ann_code,))
db.commit()
t.hold("each reason stands with what was seen for it", "Reason from the operator's own machine What was seen or done the account of all years Reason a second reason What was seen or done the life so far" in seen(), seen()[:700])
db.execute("delete from access where id > 900000")
db.commit()
t.hold("which years of the account", "the account of all years" in seen() and "cyfrif pob blwyddyn" in seen(path="/cy/looked"))
book.weal("account", ann_code, "--from", "2025-04-06", "--to", "2026-04-05")
book.weal("account", ann_code, "--from", "2025-05-01")
t.hold("one year, and a part", "the account of 2025-26" in seen() and "a part of the account" in seen() and "y cyfrif ar gyfer 2025-26" in seen(path="/cy/looked"), seen()[:600])

# ---- runs ----
t.hold("everybody reads of the run over everybody", all("everybody's statements for 2025-26: a run over everybody" in seen(browser) for browser in (ann, ben)))
for _ in range(2):
    book.weal("statements", "--year", "2025-26", "--place", place_code, "--out", book.folder + "/there", "--quiet")
place = one("select name from place where code = ?", place_code)
t.hold("of a run over a place, those who lived there", f"a run over everybody in {place}, 2 times that day" in seen() and f"in {place}" not in seen(ben), seen()[:600])
book.weal("export", "people")
t.hold("of a file of everybody", all("all people, as a file: a run over everybody" in seen(browser) for browser in (ann, ben)))
run = one("select max(id) from access where party = 0 and place <> 0")
t.hold("one may object to a run that covered one", ann.get(f"/looked/{run}").status in (200, 303) and ben.get(f"/looked/{run}").status == 404)
with open(book.folder + "/new.csv", "w") as f:
    f.write("id,name,born,place\nNEW1,Nia New,1990-01-01,%s\n" % place_code)
book.weal("import", "people", book.folder + "/new.csv")
nia = Browser(server).sign_in("NEW1")
t.hold("whoever came later was in none of them", "a run over everybody" not in seen(nia), seen(nia)[:400])

# ---- by number ----
look = re.search(r'href="/looked/(\d+)"', ann.get("/looked").text).group(1)
own = one("select max(a.id) from access a join party p on p.id = a.party where p.code = ?", ann_code)
t.hold("a look has a number, the newest the highest", int(look) >= int(own))
for path in (f"/looked/{own}0", "/looked/0", "/looked/-1", "/looked/x", "/looked/18446744073709551617", "/looked/2026-01-01T00:00:00Z-0123456789abcdef"):
    t.hold(f"{path} is not there", ann.get(path).status == 404, ann.get(path).status)
t.hold("nobody else's", ben.get(f"/looked/{own}").status == 404)
t.hold("ids are unique in the book", one("select count(*) from access") == one("select count(distinct id) from access") and one("select max(id) from access") == one("select last from counter where name = 'access'"))

t.hold("the log has no fault", '"level":"error"' not in server.lines(), server.lines()[-2000:])
t.hold("stops", server.stop() == 0)
t.end()
