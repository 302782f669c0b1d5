#!/usr/bin/env python3
"""The page of an item says whether the amount is right: what must be told first, with the way to tell it; that it agrees; a difference as a question with a button, which opens one request with
both amounts; in both languages; for the person alone and not for a helper."""
import os
import re
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


def lines_of(code, category):
    """Of 2025-26."""
    return [f"{entry}:{n}" for entry, n in rows("""select l.entry, l.n from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner join category c on c.id = l.category
                                                   where p.code = ? and c.code = ? and l.day between 20184 and 20548 and l.reverses_entry is null order by l.day""", code, category)]


BASIC = 750000  # pence of income tax a year; somewhat below what the basic rate alone comes to at most


def tax_of(code):
    """Paid in 2025-26, in pence."""
    return sum(-amount for amount, in rows("""select l.amount from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner join category c on c.id = l.category
                                              where p.code = ? and c.code = 'income-tax' and l.day between 20184 and 20548""", code))


def tell(code, variable, value, *more):
    book.weal("fact", "tell", code, variable, value, "--from", "2025-04-06", "--quiet", *more)


db.execute("delete from fact")  # what the sample's people told
living = book.living(150)
code, mate = [c for c in living if lines_of(c, "income-tax") and tax_of(c) < BASIC][:2]
line = lines_of(code, "income-tax")[0]
path = f"/account/lines/{line}"
ann, bea = (Browser(server).sign_in(c) for c in (code, mate))
page = ann.get(path)
t.hold("it says what must be known first, each with the way to tell it", all(w in words(page.text) for w in ("Is the amount right?", "We cannot say whether it is right.", "What we need to know"))
       and 'href="/facts/tell/partner"' in page.text, words(page.text)[:1500])
welsh = words(ann.get("/cy" + path).text)
t.hold("and in Welsh", all(w in welsh for w in ("A yw'r swm yn gywir?", "Yr hyn y mae angen i ni ei wybod")), welsh[:1500])
t.hold("nothing can be asked yet", "Ask why" not in words(page.text) and ann.send(path, {"words": "why?"}).status in (404, 422) and not rows("select 1 from case_file where kind = 'amount-question'"))
for told in ("partner none", "responsible_for none", "non_dependant none", "gets_pay_when_not_working no", "gets_other_income no", "cares_for_somebody no", "anybody_studies no", "anybody_pays_deductions no",
             "has_disability no", "works yes", "employee_pension_contributions_reported 0", "state_pension_reported 0"):
    try:
        tell(code, *told.split())
    except Exception:
        assert told.startswith("state_pension"), told
pay = 12570 + (tax_of(code) + 250) / 20  # of which a fifth is that much, and fifty pence more
tell(code, "employment_income", f"{pay:.2f}", "--per", "year")
page = ann.get(path)
t.hold("all is known", "We cannot say" not in words(page.text), words(page.text)[:1500])
t.hold("it agrees", "They agree, within one payment." in words(page.text), words(page.text)[:1500])
tell(code, "employment_income", "15000", "--per", "year")
began = time.time()
page = ann.get(path)
spent = time.time() - began
shown = words(page.text)
t.hold("a difference is a question with a button, and accuses nobody", all(w in shown for w in ("By what you told us it would be £486.00 in 2025-26; £", " was paid.", "Ask why the amounts differ", "It may be right all the same")), shown[:1500])
t.hold("how the rules work it out is folded", "<details" in page.text and "How the rules work it out" in shown and "Income tax" in shown)
t.hold("the page takes below a tenth of a second on a busy machine", spent < .1, spent)
replies = []
doors = [threading.Thread(target=lambda b=b: replies.append(b.send(path, {"words": "It looks too much"}))) for b in (ann, Browser(server).sign_in(code))]
[d.start() for d in doors]
[d.join() for d in doors]
asked = rows("select id, facts, reason from case_file where kind = 'amount-question'")
t.hold("through two doors at once it is asked once", len(asked) == 1 and sorted(r.status for r in replies) == [303, 422], [r.status for r in replies])
page = words(ann.get(f"/requests/{asked[0][0]}").text)
t.hold("the request shows both amounts", all(w in page for w in ("Why an amount is what it is", "£486.00", "It looks too much", "2025-26")), page[:1200])
t.hold("the item says that it was asked", "What was asked about this item" in words(ann.get(path).text))
t.hold("it is nobody else's", bea.get(path).status == 404 and bea.send(path, {"words": "why?"}).status == 404)
server.stop()
t.end()
