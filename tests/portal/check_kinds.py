#!/usr/bin/env python3
"""A kind of request that only rows of the policy pack define, with a fact of every type, as docs/adding.md shows one: opened, answered and read on the portal in both languages."""
import os
import re
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import ROOT, Book, Browser, Server, Tally, words

t = Tally()
book = Book(120)
pack = os.path.join(book.folder, "pack")
shutil.copytree(os.path.join(ROOT, "policy", "uk"), pack)
# the rows of docs/adding.md are these files' rows
page = open(os.path.join(ROOT, "docs", "adding.md"), encoding="utf-8").read().split("## A kind of case", 1)[1].split("\n## ", 1)[0]
found = re.findall(r"(?:^    [a-z-]+,.*\n)+", page, re.M)
if len(found) != 3:
    sys.exit(f"'A kind of case' of docs/adding.md has {len(found)} blocks of rows, not those of kinds, moves and facts")
blocks = dict(zip(("kinds", "moves", "facts"), found))
for name, rows in blocks.items():
    with open(os.path.join(pack, "cases", name + ".csv"), "a", encoding="utf-8") as f:
        f.write("".join(line[4:] + "\n" for line in rows.splitlines()))
TYPES = {"note": "text", "story": "long", "since": "day", "spent": "minutes", "cost": "money", "many": "quantity", "where": "place", "home": "household", "whom": "person", "firm": "body",
         "what": "category", "sex": "sex", "may": "scope"}
with open(os.path.join(pack, "cases", "facts.csv"), "a", encoding="utf-8") as f:
    f.write("".join(f"skip-permit,{name},{kind},open,no,The {kind},Y {kind},,\n" for name, kind in TYPES.items()))
db = sqlite3.connect(book.url[7:], timeout=30)
db.execute("insert into setting (key, value) values ('policy', ?) on conflict (key) do update set value = excluded.value", (pack,))
db.commit()


def one(sql, *values):
    return db.execute(sql, values).fetchone()[0]


server = Server(book, ["forms_each_minute = 100000"])
ann = Browser(server).sign_in(book.living(1)[0])
boss = Browser(server).sign_in(one("select p.code from office o join party p on p.id = o.person where o.role = 'administrator'"))
place, body = one("select code from place where kind = 'locality' order by code"), one("select code from body order by code")
t.hold("it stands among the ways", '"/requests/new/skip-permit"' in ann.get("/requests").text and "A skip on the street" in words(ann.get("/requests").text))
form = ann.get("/requests/new/skip-permit")
t.hold("its form has a field for every fact", form.status == 200 and all(f'name="{name}' in form.text for name in ["day", *TYPES]), [name for name in TYPES if f'name="{name}' not in form.text])
t.hold("in Welsh", "Sgip ar y stryd" in ann.get("/cy/requests/new/skip-permit").text and "Y text" in ann.get("/cy/requests/new/skip-permit").text)
GIVEN = {"day-day": "3", "day-month": "12", "day-year": "2026", "note": "A <b>note</b>", "story": "Two\nlines", "since": "2026-10-01", "spent-hours": "1", "spent-minutes": "30", "cost": "£1,234.50", "many": "2.5",
         "where": place, "home": "H00001", "whom": book.living(1)[0], "firm": body, "what": "volunteering", "sex": "F", "may": "see"}
SHOWN = ("3 December 2026", "A &lt;b&gt;note&lt;/b&gt;", "1 October 2026", "1 hour 30 minutes", "£1,234.50", "2.5", one("select name from place where code = ?", place), "H00001", "Volunteering", "Female", "see your record",
         one("select name from body where code = ?", body).replace("&", "&amp;").replace("'", "&#39;"))
for wrong in ({"day-day": ""}, {"since": "2026-02-31"}, {"spent-minutes": "99"}, {"cost": "much"}, {"many": "x"}):
    r = ann.send("/requests/new/skip-permit", {**GIVEN, **wrong})
    t.hold(f"{wrong} is a fault, and what was sent stays", r.status == 422 and "A &lt;b&gt;note&lt;/b&gt;" in r.text and 'value="2.5"' in r.text or "many" in wrong and r.status == 422, r.status)
for wrong in ({"sex": "Q"}, {"may": "all"}, {"colour": "red"}, {"where": "no-such-place"}, {"what": "no-such-category"}, {"firm": "no-such-body"}):
    t.hold(f"{wrong} is refused", ann.send("/requests/new/skip-permit", {**GIVEN, **wrong}).status == 400)
r = ann.send("/requests/new/skip-permit", GIVEN)
t.hold("it is opened", r.status == 303, r.status, re.findall(r"error-message.*", r.text))
number = one("select max(id) from case_file")
page = ann.get(f"/requests/{number}").text
t.hold("it shows what was sent as people read it", all(text in page for text in SHOWN), [text for text in SHOWN if text not in page])
page = boss.get(f"/inbox/{number}").text
t.hold("so does the officer's page, with the kind's own moves", all(text in page for text in SHOWN) and "Allow it" in page and 'name="until' in page, [text for text in SHOWN if text not in page])
t.hold("a move asks its own facts", boss.send(f"/inbox/{number}", {"move": "allow"}).status == 422)
r = boss.send(f"/inbox/{number}", {"move": "allow", "until": "2026-12-10"})
t.hold("decided", r.status == 303 and "They may put it there." in words(boss.get(r["Location"]).text), r.status)
page = ann.get(f"/requests/{number}").text
t.hold("and read", "10 December 2026" in page and "Done" in words(page))
t.hold("the access log says what it was", "A skip on the street" in words(ann.get("/looked").text))
t.hold("the log has no fault", '"level":"error"' not in server.lines(), server.lines()[-1000:])
t.hold("stops", server.stop() == 0)
t.end()
