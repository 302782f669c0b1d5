#!/usr/bin/env python3
"""What every administrator is told: there at once, on their first page and on a page of its own, for administrators only, in both languages; it stays when
who did it ends their role, and says so when a person was erased since."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, words

t = Tally()
book = Book()


def rows(sql, *values):
    with sqlite3.connect(book.url[7:], timeout=20) as db:
        return db.execute(sql, values).fetchall()


def officer(role):
    return rows("select p.code from office o join party p on p.id = o.person where o.role = ? and o.to_day is null order by p.id", role)[0][0]


server = Server(book, [])
boss, auditor = Browser(server).sign_in(officer("administrator")), Browser(server).sign_in(officer("auditor"))
whom = [c for c in book.living(30) if not rows("select 1 from office o join party p on p.id = o.person where p.code = ?", c)][0]
citizen = Browser(server).sign_in(whom)
name = rows("select name from party where code = ?", whom)[0][0]
said = f"made a code on the operator's own machine with which {name} ({whom}) can sign in."

before = rows("select count(*) from alert")[0][0]
book.weal("invite", whom)
t.hold("one alert", rows("select count(*) from alert")[0][0] == before + 1)
for path in ("/admin", "/admin/alerts"):
    t.hold(f"an administrator reads it on {path}", said in words(boss.get(path).text), words(boss.get(path).text)[:600])
t.hold("in Welsh", f"y gall {name} ({whom}) fewngofnodi" in words(boss.get("/cy/admin/alerts").text), words(boss.get("/cy/admin/alerts").text)[:600])
t.hold("nobody else", [b.get("/admin/alerts").status for b in (auditor, citizen)] == [404, 404])
for _ in range(55):
    book.weal("invite", whom)
t.hold("an older page", said in words(boss.get("/admin/alerts?page=2").text) and 'page=1"' in boss.get("/admin/alerts?page=2").text)
t.hold("a page past the last is empty", boss.get("/admin/alerts?page=999999").status == 200 and said not in words(boss.get("/admin/alerts?page=999999").text))
with sqlite3.connect(book.url[7:], timeout=20) as db:
    db.execute("insert into alert (id, at, kind, who, party, detail) values (999, '2026-01-02T03:04:05Z', 'of a later program', 'id:P999999', 0, '')")
    db.execute("insert into alert (id, at, kind, who, party, detail) values (1000, '2026-01-02T03:04:05Z', 'invited', 'erased:administrator', 0, '')")
text = words(boss.get("/admin/alerts").text)
t.hold("a kind of a later program is not hidden", "of a later program" in text, text[:400])
t.hold("who was erased", "Somebody whose record was erased since made a code on the operator's own machine with which somebody whose record was erased since can sign in." in text, text[:400])
server.stop()
t.end()
