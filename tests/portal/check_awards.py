#!/usr/bin/env python3
"""What an officer does for somebody who is with them: takes a claim, which is then theirs and which somebody else decides; sees what their organisation awards to them, changes it from a day on and ends it,
each shown first with what was paid too much; so much that nobody decides alone waits for another. Nobody else's organisation, nobody without a reason, nobody for themself; in both languages. A helper claims from their own page."""
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, nameless, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
council, = [c for c, in db.execute("select code from body where kind = 'council' order by id limit 1")]
dwp, = [c for c, in db.execute("select code from body where name like '%Work and Pensions%' limit 1")]
paid, first, second, elsewhere, asks = book.living(60)[::8][:5]  # of five homes: nobody decides for their family
for officer, body in ((first, council), (second, council), (elsewhere, dwp)):
    book.weal("role", "grant", officer, "staff", "--body", body)
olga, omar, dora, ann, pat = (Browser(server).sign_in(c) for c in (first, second, elsewhere, asks, paid))

shown = lambda page: re.search(r'name="shown" value="([0-9a-f]+)"', page.text).group(1)  # noqa: E731

# ---- a claim, taken ----
book.weal("fact", "tell", asks, "council_tax", "1400", "--as", asks)
base = f"/people/{asks}"
t.hold("a reason first", olga.get(f"{base}/claim")["Location"] == f"{base}/reason" and olga.get(f"{base}/awards")["Location"] == f"{base}/reason")
olga.because("she is at my desk", asks, paid)
page = olga.get(base)
t.hold("the person's page leads to both", f'{base}/claim"' in page.text and f'{base}/awards"' in page.text, words(page.text)[:600])
page = olga.get(f"{base}/claim")
t.hold("what can be claimed is listed", all(w in words(page.text) for w in ("Take a claim", "Discretionary Housing Payment", "Universal Credit", "she is at my desk")), words(page.text)[:500])
page = olga.get(f"{base}/claim?of=discretionary_housing_payment")
t.hold("what no rule has is said", all(w in words(page.text) for w in ("No rule says how much", "up to 12 months before", "SI 2001/1167")), words(page.text)[:900])
page = olga.get(f"{base}/claim?of=council_tax_reduction")
t.hold("what goes along is read to them", all(w in words(page.text) for w in ("Read these answers to them", "£1,400.00 a year", "Check the claim")), words(page.text)[:900])
page = olga.get(f"{base}/claim?of=universal_credit")
t.hold("what another organisation decides is not read here", "Your organisation does not decide this" in words(page.text) and "Read these answers" not in words(page.text), words(page.text)[:900])
t.hold("in Welsh", "Cymryd hawliad" in words(olga.get(f"/cy{base}/claim?of=discretionary_housing_payment").text))
t.hold("nothing that is not claimed", olga.get(f"{base}/claim?of=gold").status == 404)
reply = olga.send(f"{base}/claim", {"variable": "discretionary_housing_payment", "reason": "said at the desk", "agree": "yes", "confirmed": "yes"})
number = re.search(r"/inbox/(\d+)\?done=opened", reply["Location"] or "")
t.hold("taken", reply.status == 303 and number, reply.status, words(reply.text)[:400])
number = number.group(1)
reply = olga.send(f"{base}/claim", {"variable": "discretionary_housing_payment", "agree": "yes"})
t.hold("not twice", reply.status == 422 and "waits for its answer already" in words(reply.text), reply.status)
page = olga.get(f"/inbox/{number}")
t.hold("whoever took it does not decide it", page.status == 200 and "Award it" not in words(page.text) and "What the decision rests on" not in words(page.text), page.status, words(page.text)[:600])
t.hold("a colleague does", "Award it" in words(omar.get(f"/inbox/{number}").text))
theirs = words(ann.get(f"/requests/{number}").text)
t.hold("it is theirs, with who wrote it", "said at the desk" in theirs and "Written by" in theirs and "Discretionary Housing Payment" in theirs, theirs[:900])
t.hold("they see who looked and took it", any("a claim taken" in w for w, in db.execute("select a.what from access a join party p on p.id = a.party where p.code = ?", (asks,))))
t.hold("for oneself as everybody does", olga.because("why not", first).get(f"/people/{first}/claim")["Location"] == "/claim")

# ---- awards: seen, changed, ended ----
base = f"/people/{paid}"
book.weal("award", "make", paid, "discretionary_housing_payment", "--amount", "40", "--from", "2026-03-02", "--body", council, "--quiet")
book.weal("pay", "--quiet")
award = db.execute("select max(award) from award").fetchone()[0]
page = olga.get(f"{base}/awards")
t.hold("it is seen", all(w in words(page.text) for w in ("Discretionary Housing Payment", "£40.00 a week", "Paid until now", "Change it", "End it")), words(page.text)[:800])
dora.because("she rang", paid)
page = dora.get(f"{base}/awards")
t.hold("not by another organisation", "Your organisation awards nothing to them" in words(page.text) and "£40.00" not in page.text, words(page.text)[:400])
form = f"{base}/awards/{award}/change"
t.hold("nor changed by it", dora.get(form).status == 404 and dora.send(form, {"amount": "30", "from": "2026-03-02", "why": "x"}).status == 404)
page = olga.get(form)
t.hold("the form says what it is now", "For the same period as now: it is £40.00 a week." in words(page.text), words(page.text)[:600])
t.hold("no step of the page is chosen in the form", all("confirmed" not in olga.get(f"{cy}{base}/awards/{award}/{what}").text for cy in ("", "/cy") for what in ("change", "end")))
t.hold("such a choice would be found on every page", nameless('<input id="a" name="confirmed" type="radio">') and nameless('<input id="b" name="x" type="radio"><label class="l" for="b"> </label>') and not nameless('<input id="b" name="x" type="radio"><label class="l" for="b">Yes</label>'))
change = {"amount": "30", "from-day": "2", "from-month": "3", "from-year": "2026", "why": "the rent was <less>"}
reply = olga.send(form, {**change, "why": ""})
t.hold("a reason is asked, and what was typed stays", reply.status == 422 and 'value="30"' in reply.text, reply.status)
reply = olga.send(form, {**change, "from-year": "2025"})
t.hold("not before it began", reply.status == 422 and "begins" in words(reply.text), reply.status, words(reply.text)[:400])
reply = olga.send(form, change)
over = re.search(r"Paid too much already (£[0-9,.]+)", words(reply.text))
t.hold("what was paid too much is shown first, with the law", reply.status == 200 and over and over.group(1) != "£0.00" and "A request is opened" in words(reply.text) and "£30.00 a week" in words(reply.text) and "rent was &lt;less&gt;" in reply.text, words(reply.text)[:900])
whose = db.execute("select name from party where code = ?", (paid,)).fetchone()[0]
t.hold("with whose it is, what the rules come to and what they will read", all(w in words(reply.text) for w in (f"Whose {whose}", "What the rules come to No rule says how much", "What they read the rent was")), words(reply.text)[:900])
t.hold("nothing is done yet", db.execute("select count(*) from award").fetchone()[0] == 1 and db.execute("select count(*) from case_file where kind = 'overpayment'").fetchone()[0] == 0)
reply = olga.send(form, {"amount": "30", "from": "2026-03-02", "why": change["why"], "confirmed": "change"})
t.hold("it can be corrected", reply.status == 200 and 'value="30' in reply.text and "rent was &lt;less&gt;" in reply.text, reply.status)
sent = {"amount": "30", "from": "2026-03-02", "why": "the rent was less", "confirmed": "yes"}
rows = lambda: db.execute("select count(*) from award").fetchone()[0]
reply = olga.send(form, sent)
t.hold("nobody confirms what they have not seen", reply.status == 200 and "Nothing is done yet" in words(reply.text) and rows() == 1, reply.status, rows())
before = shown(reply)
reply = olga.send(form, {**sent, "amount": "29", "shown": before})
t.hold("nor another amount than they saw", reply.status == 200 and rows() == 1, reply.status, rows())
reply = olga.send(form, {**sent, "shown": before})
t.hold("changed", reply.status == 303 and reply["Location"].endswith("/awards?done=changed"), reply.status, words(reply.text)[:400])
t.hold("once, however often it is sent", olga.send(form, {**sent, "shown": before}).status == 422 and olga.send(form, {**sent, "amount": "31", "shown": before}).status == 200 and rows() == 3, rows())
reply = olga.send(form, {"amount": "30", "from": "2026-10-05", "why": "x"})
t.hold("the same amount is no change", reply.status == 422 and "this is the amount already" in words(reply.text), reply.status, words(reply.text)[:400])
opened = db.execute("select id from case_file where kind = 'overpayment'").fetchone()
t.hold("and the case is there with just that", opened and over and over.group(1) in words(pat.get(f"/requests/{opened[0]}").text), opened, over)
t.hold("they read it", "£30.00 a week" in words(pat.get("/awards").text) and "the rent was less" in words(pat.get("/awards").text))
home, page = pat.get("/home"), pat.get("/awards")
t.hold("it is news on their home page, with the reason", "Discretionary Housing Payment changes from £40.00 a week to £30.00 a week, from 2 March 2026 on." in words(home.text) and "The reason: the rent was" in words(home.text) and f'/awards#award-{award}"' in home.text, words(home.text)[:1200])
t.hold("which leads to what they can do", f'id="award-{award}"' in page.text and all(w in words(page.text) for w in ("If you do not agree with the change", "Write to", "Ask for the decision to be looked at again")), words(page.text)[:1500])
t.hold("in Welsh too", "yn newid o" in words(pat.get("/cy/home").text) and "Os nad ydych yn cytuno" in words(pat.get("/cy/awards").text))
t.hold("no news to anybody else", "changes from" not in words(ann.get("/home").text))
reply = olga.send(form, {"amount": "6000", "from": "2026-11-30", "why": "much"})
t.hold("so much needs another", reply.status == 200 and "Ask for approval" in reply.text, reply.status, words(reply.text)[:500])
reply = olga.send(form, {"amount": "6000", "from": "2026-11-30", "why": "much", "confirmed": "yes", "shown": shown(reply)})
asked = re.search(r"/inbox/(\d+)\?done=asked", reply["Location"] or "")
t.hold("and waits for them", asked and "£6,000" not in words(pat.get("/awards").text), reply.status, reply["Location"])
t.hold("who refuses it", asked and omar.send(f"/inbox/{asked.group(1)}", {"move": "refuse", "words": "a slip"}).status == 303)
form = f"{base}/awards/{award}/end"
reply = olga.send(form, {"last": "2026-11-29", "why": "they have moved"})
t.hold("an end is shown first", reply.status == 200 and "Check what you end" in reply.text and "29 November 2026" in reply.text, reply.status, words(reply.text)[:500])
reply = olga.send(form, {"last": "2026-11-29", "why": "they have moved", "confirmed": "yes", "shown": shown(reply)})
t.hold("ended", reply.status == 303 and reply["Location"].endswith("/awards?done=ended"), reply.status, words(reply.text)[:400])
t.hold("and that is news", "Discretionary Housing Payment ends: the last day is 29 November 2026." in words(pat.get("/home").text), words(pat.get("/home").text)[:1200])
page = olga.get(f"{base}/awards")
t.hold("and is changed no more", "to 29 November 2026" in words(page.text) and "Change it" not in words(page.text), words(page.text)[:700])
t.hold("in Welsh too", olga.get(f"/cy{base}/awards").status == 200)
own = db.execute("select p.code from party p where p.code = ?", (first,)).fetchone()[0]
book.weal("award", "make", own, "discretionary_housing_payment", "--amount", "5", "--from", "2026-11-02", "--body", council, "--quiet")
mine = db.execute("select max(award) from award").fetchone()[0]
t.hold("one's own is not one's own to change", "Change it" not in words(olga.get(f"/people/{own}/awards").text) and olga.send(f"/people/{own}/awards/{mine}/end", {"last": "2026-11-29", "why": "x", "confirmed": "yes"}).status == 422)

# ---- a helper claims from the hub, with the pack ----
helped, helper = db.execute("select q.code, p.code from act_for a join party p on p.id = a.agent join party q on q.id = a.principal where a.scope like '%see%' and (a.to_day is null or a.to_day > unixepoch() / 86400) order by a.id").fetchone()
hal = Browser(server).sign_in(helper)
t.hold("the helper's page leads to claims", f'/helping/{helped}/claim"' in hal.get(f"/helping/{helped}").text)
page = hal.get(f"/helping/{helped}/claim?of=pension_credit")
t.hold("with the pack before it is sent", f"/helping/{helped}/claim/pack?of=pension_credit" in page.text, page.status, words(page.text)[:600])
pack = hal.get(f"/helping/{helped}/claim/pack?of=universal_credit&format=json")
t.hold("which is the person's", pack.status == 200 and f'"{helped}"' in pack.text, pack.status, pack.text[:200])
t.hold("and nobody else's", sorted({ann.get(f"/helping/{helped}/claim/pack?of=universal_credit&format=json").status}) == [404])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
