#!/usr/bin/env python3
"""Holdings in a third unit, which only rows of the policy pack define, on the portal's pages: the person's account, the line's page, their statement, the staff's list, the auditor's entry; never as pounds."""
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import ROOT, Book, Browser, Server, Tally, words

t = Tally()
book = Book(120)
pack = os.path.join(book.folder, "pack")
shutil.copytree(os.path.join(ROOT, "policy", "uk"), pack)
with open(os.path.join(pack, "units.csv"), "a") as f:
    f.write("shares,Shares,Cyfranddaliadau,count,3,,share,shares,cyfranddaliad,cyfranddaliad,a test\n")
with open(os.path.join(pack, "categories.csv"), "a") as f:
    f.write("mutual-shares,Shares in a mutual,Cyfranddaliadau mewn cwmni cydfuddiannol,transfer,shares,holdings,,,,,no,no,no,no,a test\n")


def ask(sql, *values):
    with sqlite3.connect(book.url[7:]) as db:
        return db.execute(sql, values).fetchall()


person = book.living(1)[0]
staff, body = ask("select p.code, b.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' order by o.id")[0]
auditor = ask("select p.code from office o join party p on p.id = o.person where o.role = 'auditor' order by o.id")[0][0]
with sqlite3.connect(book.url[7:]) as db:
    db.execute("insert into setting (key, value) values ('policy', ?) on conflict (key) do update set value = excluded.value", (pack,))
rows = os.path.join(book.folder, "shares.csv")
with open(rows, "w") as f:
    f.write(f"date,person,category,quantity,unit,body,reference\n2025-05-01,{person},mutual-shares,1234.5,shares,{body},shares-1\n2025-05-02,{person},mutual-shares,1,shares,{body},shares-2\n")
book.weal("import", "entries", rows, "--quiet")
entry, n = ask("select entry, n from line where reference = 'shares-1'")[0]
server = Server(book, ["forms_each_minute = 1000"])


# What the quantities and their sum would read as pence (1,234.5 shares are kept as 1,234,500 thousandths), and as pounds
AS_POUNDS = ("12,345.00", "10.00", "12,355.00", "1,234.50", "1,235.50", "1,234,500", "1,235,500")


def shows(what, page, *texts):
    said = words(page.text)
    for text in texts:
        t.hold(f"{what}: {text}", page.status == 200 and text in said, page.status, said[-1500:])
    t.hold(f"{what}: not as pounds", all(f"£{a}" not in said for a in AS_POUNDS), [said.index("£" + a) for a in AS_POUNDS if "£" + a in said])


own = Browser(server).sign_in(person)
shows("the account", own.get("/account"), "1,234.5 shares", "1,235.5 shares", "Shares in a mutual")
shows("the account in Welsh", own.get("/cy/account"), "1,234.5 cyfranddaliad")
shows("the line", own.get(f"/account/lines/{entry}:{n}"), "1,234.5 shares")
shows("the statement", own.get("/statement?year=2025-26"), "What you hold", "1,235.5 shares")
clerk = Browser(server).sign_in(staff)
clerk.because("They ask about their shares", person)
shows("staff's list", clerk.get(f"/people/{person}"), "1,234.5 shares", "1 share")
shows("staff's line", clerk.get(f"/people/{person}/lines/{entry}:{n}"), "1,234.5 shares")
t.hold("the form to record offers no holdings", "mutual-shares" not in clerk.get(f"/people/{person}/record").text)
page = clerk.send(f"/people/{person}/lines/{entry}:{n}", {"reason": "counted twice"})
t.hold("staff undo a line of shares", page.status == 303, page.status)
shows("then the account", own.get("/account"), "−1,234.5 shares", "1 share")
looks = Browser(server).sign_in(auditor)
shows("the auditor's entry", looks.get(f"/audit/entries/{entry}"), "1,234.5 shares")
t.hold("the audit is content", "nothing differs" in book.weal("audit"))
server.stop()
t.end()
