#!/usr/bin/env python3
"""The second person of an action: making an administrator waits for another administrator, on the pages and by `weal do --as`; approved, refused, taken back, run out; never by whoever asked,
also under another record, nor after they lost the role; once only, also when two approve at once; what was kept is read as strictly as what is sent."""
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, until, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
db.execute("delete from fact where variable in ('partner', 'responsible_for', 'non_dependant')")  # nobody decides for their family
free = book.apart(book.living(120))


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


def one(sql, *values):
    return (rows(sql, *values) or [(None,)])[0][0]


def name_of(code):
    return one("select name from party where code = ?", code)


def holds(code, role="administrator"):
    return one("select count(*) from office o join party p on p.id = o.person where p.code = ? and o.role = ? and o.to_day is null", code, role) == 1


def state(number):
    return one("select state from case_file where id = ?", number)


def do(who, action, *more, **fields):
    """(what was done, the refusal) of `weal do --as`."""
    done = subprocess.run([WEAL, "--store", book.url, "do", action, "--format", "json", *(["--as", who] if who else []), *more, *(f"{k}={v}" for k, v in fields.items())], capture_output=True, text=True)
    assert done.stdout.startswith("{"), done.stderr
    answer = json.loads(done.stdout)
    return answer.get("done"), (answer.get("refused") or {}).get("code")


def decide(who, number, move, words_given=""):
    return do(who, "case-move", case=number, move=move, **({"words": words_given} if words_given else {}))


def ask(who=None, whom=None):
    """A case that waits: its number, and whom it would make an administrator."""
    whom = whom or free.pop()
    done, refused = do(who or ann_code, "role-grant", person=whom, role="administrator")
    assert done and done.get("waits-for") == "administrator", (done, refused)
    return done["case"], whom


# ---- one alone ----
ann_code, ben_code = book.administrators()
book.weal("role", "end", ben_code, "administrator")
done, refused = do(ann_code, "role-grant", person=ben_code, role="administrator")
t.hold("the only administrator does not act alone", refused == "second-nobody" and not holds(ben_code), done, refused)
t.hold("and nothing waits", one("select count(*) from case_file where kind = 'second-person'") == 0)
t.hold("nor grants another role", do(ann_code, "role-grant", person=ben_code, role="auditor")[1] == "second-nobody" and not holds(ben_code, "auditor"))
db.execute("update office set to_day = null where role = 'administrator'")
ann, ben = (Browser(server).sign_in(code) for code in (ann_code, ben_code))

# ---- asked and approved, on the pages ----
jane_code = free.pop()
r = ann.send("/admin/roles", {"person": jane_code, "role": "administrator"})
number = one("select max(id) from case_file where kind = 'second-person'")
t.hold("a second one waits for another", r.status == 303 and r["Location"] == f"/admin/roles?waits={number}" and not holds(jane_code), r.status, r["Location"])
page = ann.get(r["Location"]).text
t.hold("the page says so, with a link", "It waits for another administrator." in words(page) and f'href="/inbox/{number}"' in page and "notification-banner--success" not in page)
t.hold("in Welsh", "Mae&#39;n aros am weinyddwr arall" in ann.get(f"/cy/admin/roles?waits={number}").text)
sentence = f"{name_of(ann_code)} asks to give {name_of(jane_code)} a role"
page = ann.get(f"/inbox/{number}").text
t.hold("whoever asked reads what, and can only take it back", sentence in words(page) and "Take it back" in page and "Approve it" not in page and "Take it on" not in page, words(page)[:400])
r = ann.send(f"/inbox/{number}", {"move": "approve"})
t.hold("nobody approves what they asked for", r.status == 422 and "case-own" in (r["Weal-Refusal"] or ""), r.status, r["Weal-Refusal"])
t.hold("it waits among the other's", f'"/inbox/{number}"' in ben.get("/inbox").text)
page = ben.get(f"/inbox/{number}").text
t.hold("the other reads what is asked, and by whom", sentence in words(page) and "Approve it" in page and "Refuse it" in page and "Take it back" not in page, words(page)[:400])
t.hold("in Welsh too", f"Mae {name_of(ann_code)} yn gofyn am roi rôl i {name_of(jane_code)}" in words(ben.get(f"/cy/inbox/{number}").text))
jane = Browser(server).sign_in(jane_code)
t.hold("it is a matter of the officers: not among the requests of whom it concerns", jane.get(f"/requests/{number}").status == 404 and f"/requests/{number}" not in jane.get("/requests").text)
t.hold("nor do they decide it", jane.send(f"/requests/{number}", {"move": "approve"}).status in (404, 422) and not holds(jane_code))
t.hold("nor is it among the requests of whoever asked", f"/requests/{number}" not in ann.get("/requests").text)
r = ann.send("/admin/roles", {"person": jane_code, "role": "administrator"})
t.hold("the same is not asked twice", r.status == 422 and "case-waits-already" in (r["Weal-Refusal"] or ""), r.status, r["Weal-Refusal"])
r = ben.send(f"/inbox/{number}", {"move": "approve"})
t.hold("the other approves it", r.status == 303 and holds(jane_code) and state(number) == "done", r.status, re.findall(r"error.*", r.text)[:3])
t.hold("it is granted by whoever asked", one("select o.who from office o join party p on p.id = o.person where p.code = ?", jane_code) == "id:" + ann_code)
looks = rows("select who, why from access where party = (select id from party where code = ?) and what = 'office administrator granted' order by id", jane_code)
t.hold("both names stand in the access log", looks == [("id:" + ann_code, "to act in it"), ("id:" + ben_code, "to approve it")], looks)
page = words(jane.get("/looked").text)
t.hold("and the person reads both", name_of(ann_code) in page and name_of(ben_code) in page and "to approve what another asked for" in page and "a request about you: Something that a second person must approve" in page, page[:600])
t.hold("it is approved once", decide(ben_code, number, "approve")[1] == "case-changed")

# ---- nobody signs in as the other ----
t.hold("no administrator makes a code, not at the command line either", do(ann_code, "invite", person=ben_code)[1] == "invite-no-way" and ann.send("/admin/invites", {"person": ben_code}).status == 422)
t.hold("the operator does", do(None, "invite", person=ben_code)[0]["person"] == ben_code)

# ---- refused, taken back ----
number, whom = ask()
t.hold("a refusal needs words", decide(ben_code, number, "refuse")[1] == "case-words-missing")
t.hold("refused", decide(ben_code, number, "refuse", "we have enough")[0]["state"] == "refused" and not holds(whom))
t.hold("it is not approved afterwards", decide(jane_code, number, "approve")[1] == "case-changed" and not holds(whom))
number, whom = ask()
t.hold("only whoever asked takes it back", decide(ben_code, number, "withdraw")[1] == "case-not-yours")
t.hold("taken back", decide(ann_code, number, "withdraw")[0]["state"] == "withdrawn" and decide(ben_code, number, "approve")[1] == "case-changed" and not holds(whom))
t.hold("and asked again", ask(whom=whom)[0] != number)

# ---- what does not wait ----
whom = free.pop()
number = do(ann_code, "role-grant", person=whom, role="auditor")[0]["case"]
t.hold("another role waits too", not holds(whom, "auditor") and decide(ben_code, number, "approve")[0] is not None and holds(whom, "auditor"))
t.hold("and is ended at once", do(ann_code, "role-end", person=whom, role="auditor")[0] == {} and not holds(whom, "auditor"))
t.hold("the operator gives one alone", do(None, "role-grant", person=whom, role="auditor")[0] == {} and holds(whom, "auditor"))
t.hold("but makes no administrator", do(None, "role-grant", person=whom, role="administrator")[1] == "administrator-by-two" and not holds(whom))
t.hold("nor a first one, where two were", do(None, "administrator-first", person=whom)[1] == "first-named-already" and not holds(whom))
t.hold("what would be refused is refused at once", [do(ann_code, "role-grant", person=p, role="administrator")[1] for p in (ben_code, ann_code, "P999999")] == ["role-held-already", "role-to-oneself", "reference-of-nobody"])
dead = one("select code from party where kind = 'person' and died is not null")
t.hold("also of the dead", not dead or do(ann_code, "role-grant", person=dead, role="administrator")[1] == "role-of-the-dead")
t.hold("nobody opens such a case by hand", do(ann_code, "request-open", kind="second-person", about="action:role-grant", facts="person=P000001")[1] in ("case-not-to-open", "case-fact-unknown"))
t.hold("a citizen asks for nothing", do(free[-1], "role-grant", person=free[-2], role="administrator")[1] == "action-not-permitted")

# ---- who may not approve ----
old = free.pop()
book.administrator(old)
number, whom = ask()
book.weal("merge", ann_code, old, "--reason", "the same birth")
t.hold("nor under another record", decide(old, number, "approve")[1] == "case-own" and decide(ann_code, number, "approve")[1] == "case-own" and not holds(whom))
t.hold("another person does", decide(jane_code, number, "approve")[0] is not None and holds(whom))
carl = free.pop()
book.administrator(carl)
number, whom = ask(who=carl)
book.weal("role", "end", carl, "administrator")
t.hold("nothing is done for whoever lost the role", decide(ben_code, number, "approve")[1] == "second-asker-may-not" and not holds(whom) and state(number) == "waiting")
t.hold("and they no longer take it back", decide(carl, number, "withdraw")[1] == "action-not-permitted")
t.hold("it can be refused", decide(ben_code, number, "refuse", "they left")[0] is not None)
book.administrator(carl)
number, whom = ask(who=carl)
book.weal("erase", carl, "--reason", "they asked for it")
t.hold("nor for somebody who was erased", decide(ben_code, number, "approve")[1] == "second-asker-may-not" and not holds(whom))
number, whom = ask()
book.weal("role", "end", jane_code, "administrator")
t.hold("whoever is no administrator any more does not approve", decide(jane_code, number, "approve")[1] == "action-not-permitted" and not holds(whom))
t.hold("nor does the operator", decide(None, number, "approve")[1] == "case-not-yours")

# ---- changed meanwhile, late, broken ----
book.weal("role", "grant", whom, "administrator", "--break-glass", "--reason", "it cannot wait")
ben.get(f"/inbox/{number}")
r = ben.send(f"/inbox/{number}", {"move": "approve"})
t.hold("what the action refuses is shown, and the case still waits", r.status == 422 and state(number) == "waiting" and "already" in words(r.text), r.status, r["Weal-Refusal"], words(r.text)[:300])
t.hold("and nothing was noted", one("select count(*) from access where what = 'office administrator granted' and why = 'to approve it' and party = (select id from party where code = ?)", whom) == 0)
number, whom = ask()
today = one("select due from case_file where id = ?", number)
db.execute("update case_file set due = 20000 where id = ?", (number,))
t.hold("not after the last day", decide(ben_code, number, "approve")[1] == "second-too-late" and not holds(whom) and state(number) == "waiting")
again, _ = ask(whom=whom)
t.hold("who asks again ends what ran out", state(number) == "expired" and state(again) == "waiting")
db.execute("update case_file set due = 20000 where id = ?", (again,))
book.weal("cases", "escalate")
t.hold("so does the run of what time does", until(lambda: state(again) == "expired"), state(again))
for broken in ({"person": "P9 99", "role": "administrator"}, {"person": whom}, {"role": "king", "person": whom}, {"person": whom, "role": "administrator", "more": "1"}, {}):
    number, whom = ask()
    db.execute("update case_file set facts = ? where id = ?", (json.dumps(broken), number))
    t.hold(f"kept as {broken} it is not done", decide(ben_code, number, "approve")[1] == "second-kept-wrong" and state(number) == "waiting", decide(ben_code, number, "approve"))
number, whom = ask()
db.execute("update case_file set subject = 'action:merge' where id = ?", (number,))
t.hold("nor of an action that needs no second person", decide(ben_code, number, "approve")[1] == "second-kept-wrong")
t.hold("its page is shown all the same", ben.get(f"/inbox/{number}").status == 200)

# ---- at once ----
dan_code = free.pop()
book.administrator(dan_code)
for turn in range(5):
    number, whom = ask()
    answers = []
    both = [threading.Thread(target=lambda who=who: answers.append(decide(who, number, "approve")[1])) for who in (ben_code, dan_code)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    granted = one("select count(*) from access where what = 'office administrator granted' and why = 'to approve it' and party = (select id from party where code = ?)", whom)
    t.hold("of two approvals at once one is done", sorted(map(str, answers)) == ["None", "case-changed"] and holds(whom) and granted == 1, answers, granted)

# ---- a large record: staff of a body ask, others of the body approve ----
number_of = itertools.count(1)
body = one("select code from body where kind = 'council' order by id")


def record(who, whom, amount, **more):
    sent = dict(what="housing-benefit", body=body, amount=amount, date="2026-09-01", reference=f"second-{next(number_of)}", **more)
    return do(who, "record", "--person", whom, "--reason", "a claim", **sent)


def recorded(whom):
    return one("""select count(*) from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner
                  where p.code = ? and l.body = (select id from body where code = ?) and l.amount > 400000""", whom, body)


db.execute("update office set to_day = 1 where role = 'staff'")
eve, fay, gus, citizen = (free.pop() for _ in range(4))
for code in (eve, fay):
    book.weal("role", "grant", code, "staff", "--body", body)
before = one("select count(*) from case_file")
t.hold("below the amount nothing waits", record(eve, citizen, "4999.99")[0].get("line") and one("select count(*) from case_file") == before)
done, refused = record(eve, citizen, "5000.00", note="arrears")
number = (done or {}).get("case")
t.hold("from it on it waits for the body", number and done["waits-for"] == "body" and recorded(citizen) == 1, done, refused)
page = words(Browser(server).sign_in(fay).get(f"/inbox/{number}").text)
t.hold("and why it waits", "Why a second person must approve it" in page and "It is a large amount" in page and "Whoever asked reads this." in page, page[-900:])
t.hold("in Welsh", "Pam mae'n rhaid i ail berson ei gymeradwyo" in words(Browser(server).sign_in(fay).get(f"/cy/inbox/{number}").text))
asker = Browser(server).sign_in(eve)
asked_page = asker.get(f"/inbox/{number}?done=asked").text
t.hold("who asked is told where to look, and not that it is done", "you find it again in Requests to answer" in words(asked_page) and "notification-banner--success" not in asked_page)
t.hold("their look is not noted as one to answer it", ("to see where it stands",) in rows("select why from access where who = ? and what like 'case second-record%' order by id desc limit 1", "id:" + eve))
r = asker.get(f"/people/{citizen}")
t.hold("nor is the request their reason to open the record", "to answer request" not in r.text and one("select count(*) from access where who = ? and why like 'to answer request%'", "id:" + eve) == 0, r.status, r["Location"])
asker = Browser(server).sign_in(fay)
asker.get(f"/inbox/{number}")
t.hold("of whoever may approve it it is", f"to answer request {number}" in asker.get(f"/people/{citizen}").text)
t.hold("the other reads whom, what, how much and when", all(w in page for w in (name_of(eve), name_of(citizen), "Housing Benefit", "5,000.00", "1 September 2026", "arrears")), page[:900])
t.hold("and that it was the same twice is refused", record(eve, citizen, "5000.00")[0] is not None and do(eve, "record", "--person", citizen, "--reason", "a claim", what="housing-benefit", body=body, amount="5000.00", date="2026-09-01", reference="second-2", note="arrears")[1] == "case-waits-already")
t.hold("not by whoever asked, nor the person, nor an administrator while there are others", (decide(eve, number, "approve")[1], decide(ben_code, number, "approve")[1]) == ("case-own", "case-unknown"))
t.hold("the other approves it, also in words", decide(fay, number, "approve", "seen the letter")[0] is not None and recorded(citizen) == 2 and one("select answer from case_file where id = ?", number) == "seen the letter")
looks = rows("select who, why from access where party = (select id from party where code = ?) and what like 'recorded %' order by id desc limit 2", citizen)
t.hold("both stand in the access log", {who for who, _ in looks} == {"id:" + eve, "id:" + fay}, looks)
t.hold("once", decide(fay, number, "approve")[1] == "case-changed" and recorded(citizen) == 2)
line = one("select max(l.entry || ':' || l.n) from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner where p.code = ? and l.amount >= 500000 and l.body = (select id from body where code = ?)", citizen, body)
done, refused = do(eve, "line-reverse", "--person", citizen, "--reason", "a claim", line=line, reason="paid to another")
t.hold("what is large is taken back by two", done and done.get("waits-for") == "body", done, refused)
page = words(Browser(server).sign_in(fay).get(f"/inbox/{done['case']}").text)
t.hold("and the other reads what", all(w in page for w in (name_of(eve), name_of(citizen), "take something back", "5,000.00", "paid to another", "two take back")), page[:900])
t.hold("and approves it", decide(fay, done["case"], "approve")[0] is not None and rows("select count(*) from line where reverses_entry = ?", int(line.split(":")[0]))[0][0] > 0)
objector = free.pop()
small = record(eve, objector, "12.00")[0]["line"]
opened = do(objector, "request-open", kind="line-wrong", about=f"line:{small}", reason="it was more")[0]["case"]
t.hold("nor does an objection that is upheld post it", do(fay, "case-move", case=opened, move="uphold", words="It was more", facts="amount=50000.00")[1] == "redress-needs-second", do(fay, "case-move", case=opened, move="uphold", words="It was more", facts="amount=50000.00"))
t.hold("a little more it may be", do(fay, "case-move", case=opened, move="uphold", words="It was more", facts="amount=13.00")[0] is not None)
parted = free.pop()
lines = [record(eve, parted, "1700.00")[0].get("line"), record(fay, parted, "1700.00")[0].get("line")]
t.hold("one large record in parts waits with the part that makes it large", all(lines) and record(eve, parted, "1700.00")[0].get("waits-for") == "body", lines)
t.hold("another person's does not", record(eve, free.pop(), "1700.00")[0].get("line"))
t.hold("nor after one was taken back", do(fay, "line-reverse", "--person", parted, "--reason", "a claim", line=lines[0], reason="paid to another")[0] is not None and record(eve, parted, "1600.00")[0].get("line"))
number = record(eve, citizen, "6000.00")[0]["case"]
book.weal("role", "end", eve, "staff", "--body", body)
t.hold("not for whoever left the body", decide(fay, number, "approve")[1] == "second-asker-may-not" and recorded(citizen) == 2)
number = record(fay, citizen, "7000.00")[0]
alone = words(Browser(server).sign_in(fay).get(f"/inbox/{number['case']}").text)
t.hold("alone in the body, the page says that an administrator answers", re.search(r"Who answers\s+An administrator of", alone), alone[:900])
t.hold("alone in the body, an administrator approves", number["waits-for"] == "administrator" and decide(ben_code, number["case"], "approve")[0] is not None and recorded(citizen) == 3, number)
number = record(fay, citizen, "8000.00")[0]["case"]
book.weal("erase", citizen, "--reason", "they asked for it")
t.hold("nothing is recorded for somebody who was erased", decide(ben_code, number, "approve")[1] in ("case-unknown", "reference-of-nobody"), decide(ben_code, number, "approve"))
ended = rows("select to_day, person, id from office where role = 'administrator'")
db.execute("update office set to_day = 1 where role = 'administrator'")
t.hold("with nobody else at all it is refused", record(fay, gus, "5000.00")[1] == "second-nobody" and recorded(gus) == 0)
for grant in ended:
    db.execute("update office set to_day = ? where person = ? and id = ?", grant)

# ---- a service: its unit, what it counts as, and why it waits ----
hal, ivy, told = (free.pop() for _ in range(3))
for code in (hal, ivy):
    book.weal("role", "grant", code, "staff", "--body", body)
service, quantity = "home-care", "1000"
done, refused = do(hal, "record", "--person", told, "--reason", "a claim", what=service, body=body, quantity=quantity, date="2026-09-01", reference="second-service")
number = (done or {}).get("case")
page = words(Browser(server).sign_in(ivy).get(f"/inbox/{number}").text) if number else ""
t.hold("the other reads the unit, the value and why", number and re.search(r"How much\? 1,?000 \(\w+", page) and re.search(r"It counts in their account as £[\d,]+\.\d\d", page) and "Why a second person must approve it" in page, done, refused, page[:1200])
page = words(Browser(server).sign_in(ivy).get(f"/cy/inbox/{number}").text) if number else ""
t.hold("in Welsh, with the name of the service", "Gofal" in page and "Mae'n cyfrif yn eu cyfrif fel" in page, page[:1200])
t.hold("a refusal is not read by whom it concerns", number and decide(ivy, number, "refuse", "this smells of fraud")[0] is not None and "smells" not in Browser(server).sign_in(told).get("/requests?which=all").text and Browser(server).sign_in(told).get(f"/requests/{number}").status == 404)

# ---- to close a year: the form that refuses says so ----
done, refused = do(ben_code, "close-year", year="2024-25")
number = (done or {}).get("case")
page = ann.get(f"/inbox/{number}").text
t.hold("who may approve a closing reads that the second form refuses", "Send your answer" not in page and re.search(r"<h2[^>]*>Refuse it</h2>", page) and re.search(r"<button[^>]*>\s*Refuse it", page) and "Why, in your words" in page, done, refused, words(page)[-700:])
t.hold("in Welsh", re.search(r"<button[^>]*>\s*Ei wrthod", ann.get(f"/cy/inbox/{number}").text))
t.hold("refused, it still says which year", ann.send(f"/inbox/{number}", {"move": "refuse", "words": "not yet"}).status == 303 and "2024-25" in words(ann.get(f"/inbox/{number}").text) and "2024-25" in words(ben.get(f"/inbox/{number}").text))
t.hold("who asks to close one is told beforehand", "Ask another administrator to approve it" in ann.get("/admin/close").text)

t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
book.weal("audit")
t.end()
