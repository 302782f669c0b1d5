#!/usr/bin/env python3
"""Claims in the portal: a citizen sees what goes along, declares it and sends it; an officer of the council decides it; the citizen sees how much, the days of pay, what they can do and by
when, and disputes it; another officer changes it. Nobody claims twice, for another, or without declaring; in both languages."""
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
db.execute("delete from fact")
people = book.living(40)
council = [c for c, in db.execute("select code from body where kind = 'council' order by id")][0]
held = {c for c, in db.execute("select p.code from office o join party p on p.id = o.person")}
free = [c for c in people if c not in held]
code, first, second, stranger = free[0], free[1], free[2], free[3]
for officer in (first, second):
    book.weal("role", "grant", officer, "staff", "--body", council)
ann, olga, omar, sam = (Browser(server).sign_in(c) for c in (code, first, second, stranger))

page = ann.get("/claim")
t.hold("what can be claimed is listed", all(w in words(page.text) for w in ("Council Tax Reduction", "Discretionary Housing Payment", "Free school meals", "Universal Credit")), words(page.text)[:500])
page = ann.get("/claim?of=discretionary_housing_payment")
t.hold("a claim says who decides it, how far back, and its law", all(w in words(page.text) for w in ("decides it. The answer comes here.", "up to 12 months before", "SI 2001/1167")), words(page.text)[:800])
t.hold("what is not claimed is not there", ann.get("/claim?of=income_tax").status == 404 and ann.get("/claim?of=gold").status == 404)
fields = {"variable": "discretionary_housing_payment", "reason": "my rent is more than my housing benefit"}
reply = ann.send("/claim", fields)
t.hold("it is sent only when it is declared", reply.status == 422 and "Say that what was told is right" in words(reply.text), reply.status)
reply = ann.send("/claim", {**fields, "agree": "yes"})
number = re.search(r"/requests/(\d+)\?done=opened", reply["Location"] or "")
t.hold("sent", reply.status == 303 and number, (reply.status, reply["Location"]))
number = number.group(1)
reply = ann.send("/claim", {**fields, "agree": "yes"})
t.hold("not twice", reply.status == 422 and "waits for its answer already" in words(reply.text), reply.status)
page = ann.get(f"/requests/{number}")
t.hold("its page says what and by whom", all(w in words(page.text) for w in ("A claim", "Discretionary Housing Payment", "Who answers", "Answer due")), words(page.text)[:600])
t.hold("nobody else sees it", sam.get(f"/requests/{number}").status == 404)

page = olga.get(f"/inbox/{number}")
t.hold("an officer has the form", all(w in words(page.text) for w in ("Award it", "Refuse it", "Amount", "How often is it paid?")), words(page.text)[:900])
reply = olga.send(f"/inbox/{number}", {"move": "award", "amount": "15.00"})
t.hold("an amount needs a reason", reply.status == 422 and "write why it is this much" in words(reply.text), reply.status)
reply = olga.send(f"/inbox/{number}", {"move": "award", "amount": "15.00", "words": "the shortfall of the rent"})
t.hold("awarded", reply.status == 303, reply.status)
page = ann.get(f"/requests/{number}")
shown = words(page.text)
t.hold("the citizen sees how much, when it is paid and what they can do", all(w in shown for w in ("£15.00 a week", "the first day of pay is", "the shortfall of the rent", "Ask for the decision to be looked at again")), shown[:1500])
page = ann.get("/awards")
t.hold("the award stands with its next days of pay", all(w in words(page.text) for w in ("Discretionary Housing Payment", "£15.00 a week", "To be paid on", "£60.00")), words(page.text)[:900])
t.hold("in Welsh", "Yr hyn a ddyfernir i chi" in ann.get("/cy/awards").text)
t.hold("nobody else's", "£15.00" not in sam.get("/awards").text)

reply = ann.send("/requests/new/claim-dispute", {"about": f"case:{number}", "reason": "it is 20 pounds short"})
dispute = re.search(r"/requests/(\d+)\?done=opened", reply["Location"] or "")
t.hold("disputed", reply.status == 303 and dispute, (reply.status, words(reply.text)[:400]))
dispute = dispute.group(1)
t.hold("whoever decided does not decide it again", "Change the decision" not in words(olga.get(f"/inbox/{dispute}").text))
reply = omar.send(f"/inbox/{dispute}", {"move": "change", "amount": "20.00", "words": "it is"})
t.hold("another changes it", reply.status == 303, reply.status)
page = ann.get("/awards")
t.hold("the award is changed", "£20.00 a week" in words(page.text) and "it is" in words(page.text), words(page.text)[:900])
page = ann.get(f"/requests/{dispute}")
t.hold("the next step stands there with its last day", "Ombudsman" in words(page.text) and "The last day is" in words(page.text), words(page.text)[:1200])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
