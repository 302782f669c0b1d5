#!/usr/bin/env python3
"""A form that was shown is taken once, even if it is sent again: a double click, a slow line, two at once; each gets the answer of the first. A form with changed values is another form."""
import datetime
import os
import re
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally

t = Tally()
book = Book()
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:])
ann, ben, cat = book.living(3)


def one(sql, *values):
    return db.execute(sql, values).fetchone()[0]


def form(browser, path, action):
    """The token, with its number, of the form that leads to `action`."""
    found = re.search(rf'<form action="{re.escape(action)}"[^>]*>.*?name="token" value="([^"]*)"', browser.get(path).text, re.S)
    return {"token": found.group(1)}


def at_once(browser, path, fields, times=8):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(browser.post(path, fields))) for _ in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return {(r.status, r["Location"]) for r in answers}


browser = Browser(server).sign_in(ann)
day = datetime.date.today() - datetime.timedelta(days=3)
given = {"category": "volunteering", "date-day": str(day.day), "date-month": str(day.month), "date-year": str(day.year), "minutes-hours": "1", "minutes-minutes": "30", "confirmer": ben, "note": ""}
shown = form(browser, "/time", "/time")
proposed = one("select count(*) from case_file where kind = 'time-given'")
t.hold("sent eight times at once, one answer", at_once(browser, "/time", {**shown, **given}) == {(303, "/time?done=entered")})
t.hold("and one proposal", one("select count(*) from case_file where kind = 'time-given'") == proposed + 1, one("select count(*) from case_file where kind = 'time-given'") - proposed)
t.hold("later too", browser.post("/time", {**shown, **given}).status == 303 and one("select count(*) from case_file where kind = 'time-given'") == proposed + 1)
t.hold("the same time on a form of its own is another", browser.post("/time", {**form(browser, "/time", "/time"), **given}).status == 303 and one("select count(*) from case_file where kind = 'time-given'") == proposed + 2)
t.hold("who goes back and changes it sends another", browser.post("/time", {**shown, **given, "minutes-minutes": "45"}).status == 303 and one("select count(*) from case_file where kind = 'time-given'") == proposed + 3)
t.hold("what was refused is not taken", browser.post("/time", {**shown, **given, "minutes-hours": "99"}).status == 422 and browser.post("/time", {**shown, **given, "minutes-hours": "99"}).status == 422)

# ---- an answer that changes the subject of the form: sending it again leads to the same page as the first time ----
last = one("select max(id) from case_file where kind = 'time-given'")
path = f"/requests/{last}"
shown = {**form(browser, path, path), "move": "withdraw"}
t.hold("taken back, eight times at once", at_once(browser, path, shown) == {(303, f"/requests/{last}?done=time-given:withdraw")}, at_once(browser, path, shown))
t.hold("it is withdrawn", one("select state from case_file where id = ?", last) == "withdrawn")

# ---- a journey's end ----
browser.send("/tell-us-once/name/name", {"name": "Ann Once"})
check = form(browser, "/tell-us-once/name/check", "/tell-us-once/name/check")
told = one("select count(*) from case_file")
t.hold("told eight times at once, one answer", at_once(browser, "/tell-us-once/name/check", check) == {(303, "/tell-us-once/name/done")})
t.hold("and told once", one("select count(*) from case_file") == told + 1)

# ---- somebody else's number ----
other = Browser(server).sign_in(ben)
browser = Browser(server).sign_in(ann)
same = {**given, "confirmer": cat, "minutes-minutes": "15"}
anns = form(browser, "/time", "/time")["token"]
bens = other.token() + anns[64:]
before = one("select max(id) from case_file")
t.hold("Ann's form is taken", browser.post("/time", {**same, "token": anns}).status == 303 and one("select max(id) from case_file where kind = 'time-given'") == before + 1)
t.hold("Ann's token is not taken of Ben", other.post("/time", {**same, "token": anns}).status == 403)
t.hold("her number and her very fields, sent by Ben, are a form of his", other.post("/time", {**same, "token": bens}).status == 303 and one("select max(id) from case_file where kind = 'time-given'") == before + 2)
t.hold("the two are of two people", one("select count(distinct opener) from case_file where id > ?", before) == 2)
t.hold("and his is taken once too", other.post("/time", {**same, "token": bens}).status == 303 and one("select max(id) from case_file where kind = 'time-given'") == before + 2)
for wrong in ("-", "0123456789abcdef", "-0123456789abcde", "-0123456789abcdefa", "-0123456789ABCDEF", "-0123456789abcde\n"):
    t.hold(f"no number of ours: {wrong!r}", other.post("/time", {**given, "confirmer": ann, "token": other.token() + wrong}).status == 403)
t.hold("the book is sound", "nothing differs" in book.weal("audit"))
server.stop()
t.end()
