#!/usr/bin/env python3
"""Staff of a body: the reason is asked first; finding a person; only lines of that body are shown; recording and reversing; every access is noted; exchanged ids; nobody else is let in."""
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cast import for_staff, routes
from portal import Book, Browser, Server, Tally, ago, words

t = Tally()
book = Book(300)
server = Server(book, ["forms_each_minute = 1000", "looks_each_hour = 10000"])
REASON = "They ask for home care, at the counter"


def ask(sql, *values):
    with sqlite3.connect(book.url[7:]) as db:
        return db.execute(sql, values).fetchall()


def looks(code):
    return ask("select a.who, a.what, a.why from access a join party p on p.id = a.party where p.code = ? order by a.at", code)


def plain(page, code):
    """A page without what differs at each request, and without whom it is asked about."""
    return re.sub(r'value="[0-9a-f]{64}(-[0-9a-f]{16})?"', "", page.text).replace(code, "*")


def hidden(form):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))


def main(page):
    return re.search(r"<main.*?</main>", page, re.S).group(0)


staff_code, body, body_code, body_name = ask("select p.code, o.body, b.code, b.name from office o join party p on p.id = o.person join body b on b.id = o.body order by o.id")[0]
other_code, other_body = ask("select p.code, o.body from office o join party p on p.id = o.person where o.role = 'staff' and o.body <> ?", body)[0]
# somebody with lines of the body and of others, who has no role
LINES = """select p.code, l.entry, l.n, l.body from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner"""
mine = ask(LINES + " where l.body = ? and p.died is null and p.id not in (select person from office) and p.id not in (select gone from alias) order by l.entry desc limit 1", body)[0]
person, entry, n = mine[0], mine[1], mine[2]
foreign = ask(LINES + " where p.code = ? and l.body is not null and l.body <> ? order by l.entry limit 1", person, body)[0]
stranger = ask("select code from party where kind = 'person' and died is null and born < 12000 and id not in (select gone from alias) and id not in (select person from office) and id not in"
               " (select h.owner from line l join holding h on h.account = l.account where h.owner_kind = 'person' and l.body = ?) limit 1", body)
name, born = ask("select name, born from party where code = ?", person)[0]
staff = Browser(server).sign_in(staff_code)
line = f"{entry}:{n}"

# ---- no reason, no page ----
before = ask("select count(*) from access")[0][0]
page = staff.get("/people")
t.hold("why is asked with whom", page.status == 200 and 'name="reason"' in page.text and 'name="born-day"' in page.text)
for path in (f"/people/{person}", f"/people/{person}/record", f"/people/{person}/lines/{line}", "/people/P999999"):
    r = staff.get(path)
    t.hold(f"without a reason {path} asks for one", r.status == 303 and r["Location"] == f"/people/{path.split('/')[2]}/reason", r.status, r["Location"])
for path, fields in ((f"/people/{person}/record", {"what": "home-care", "quantity": "1", "date": "2026-01-05"}), (f"/people/{person}/lines/{line}", {"reason": "a mistake"})):
    r = staff.send(path, fields)
    t.hold(f"nor by a form {path}", r.status == 303 and r["Location"] == f"/people/{person}/reason" and name not in r.text, r.status)
page, none = staff.get(f"/people/{person}/reason"), staff.get("/people/P999999/reason")
t.hold("the page that asks does not say whether there is such a person", page.status == 200 and name not in page.text and plain(page, person) == plain(none, "P999999"))
t.hold("a search without a reason finds nobody", staff.send("/people", {"reference": person}).status == 422)
t.hold("and no look was noted", ask("select count(*) from access")[0][0] == before)
t.hold("an empty reason is none", staff.send(f"/people/{person}/reason", {"reason": "  "}).status == 422)
t.hold("two letters are none", staff.send(f"/people/{person}/reason", {"reason": "ok"}).status == 422)
r = staff.send("/people/P999999/reason", {"reason": REASON})
t.hold("a reference of nobody is told after the reason, and noted", r.status == 404 and ask("select what, why from access order by id desc limit 1")[0] == ("a reference of nobody", REASON), r.status)

# ---- finding ----
born_day = __import__("datetime").date.fromordinal(719163 + born).isoformat()
for what, fields in (("reference", {"reference": person}), ("name and day of birth", {"name": name.split()[0], "born": born_day})):
    count = len(looks(person))
    r = staff.send("/people", {"reason": REASON, **fields})
    t.hold(f"found by {what}", r.status == 200 and f"/people/{person}" in r.text and name in words(r.text), r.status)
    t.hold(f"a look is there, {what}", len(looks(person)) == count + 1 and looks(person)[-1][0] == f"id:{staff_code}" and REASON in [l[2] for l in looks(person)])
t.hold("another session of theirs opens nobody", Browser(server).sign_in(staff_code).get(f"/people/{person}").status == 303)
for what, fields in (("nothing", {}), ("a name alone", {"name": name}), ("a day alone", {"born": "1950-05-05"}), ("a place alone", {"place": ask("select code from place order by id desc limit 1")[0][0]}),
                     ("a place that is none", {"born": "1950-05-05", "place": "nowhere"}), ("half a day", {"born-day": "5"})):
    r = staff.send("/people", {"reason": REASON, **fields})
    t.hold(f"{what} finds nobody", r.status == 422 and "govuk-error-summary" in r.text and "/people/P" not in r.text, r.status)
count = ask("select count(*) from access where what = 'a search that found nobody'")[0][0]
r = staff.send("/people", {"reason": REASON, "reference": "P999999"})
t.hold("nobody of that number", r.status == 200 and "0 people" in words(r.text))
t.hold("and that is noted", ask("select count(*) from access where what = 'a search that found nobody'")[0][0] == count + 1)
t.hold("terms stand in no address", staff.get(f"/people?reference={person}").status == 400)

# ---- one reason opens one person ----
several = ask("select name, born from party where kind = 'person' and died is null and born is not null and id not in (select gone from alias) group by born having count(*) > 1 order by count(*) desc limit 1")
place = ask("select code from place where kind = 'locality'")[0][0]
r = staff.send("/people", {"reason": REASON, "born": __import__("datetime").date.fromordinal(719163 + several[0][1]).isoformat(), "place": place}) if several else None
found = re.findall(r'href="/people/(P\d+)"', r.text) if r else []
if len(found) > 1:
    t.hold("of those whom a search found one is opened", staff.get(f"/people/{found[1]}").status == 200)
    t.hold("and again", staff.get(f"/people/{found[1]}/record").status == 200)
    r = staff.get(f"/people/{found[0]}")
    t.hold("the others need a reason of their own", r.status == 303 and r["Location"] == f"/people/{found[0]}/reason", r.status)
t.hold("a reason for one opens no other by reference", staff.get(f"/people/{stranger[0][0]}").status == 303)
staff.because(REASON, person, stranger[0][0])
ask("update look_reason set used = used - 3601 where party = (select id from party where code = ?)", stranger[0][0])
t.hold("an hour after the last look it holds no more", staff.get(f"/people/{stranger[0][0]}").status == 303 and staff.get(f"/people/{person}").status == 200)
staff.because(REASON, stranger[0][0])

# ---- a person ----
count = len(looks(person))
page = staff.get(f"/people/{person}")
t.hold("their page", page.status == 200 and name in page.text and REASON in page.text)
t.hold("is a look", len(looks(person)) == count + 1 and body_name in looks(person)[-1][1] or body_name in str(looks(person)))
own = {f"{e}:{m}" for _, e, m, b in ask(LINES + " where p.code = ? and l.body = ?", person, body)}
seen = []
number = 1
whole = ""
while True:
    page = staff.get(f"/people/{person}?page={number}")
    got = re.findall(rf'/people/{person}/lines/(\d+:\d+)"', page.text)
    whole += main(page.text)
    seen += got
    number += 1
    if not got or number > 40:
        break
t.hold("all lines of the body, each once", sorted(seen) == sorted(own), len(seen), len(own))
others = ask("select distinct b.name from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner join body b on b.id = l.body where p.code = ? and l.body <> ?", person, body)
t.hold("no other body is named", others and not any(o[0] in whole for o in others), others)
references = ask("select distinct l.reference from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner where p.code = ? and l.body <> ?"
                 " and length(l.reference) > 5", person, body)
t.hold("no other's reference", not any(x[0] in whole for x in references), len(references))
page = staff.get(f"/people/{stranger[0][0]}")
t.hold("whom no line names may be opened", page.status == 200 and "/lines/" not in main(page.text) and "Where they live" not in words(page.text))
t.hold("and that is a look too", any(l[0] == f"id:{staff_code}" for l in looks(stranger[0][0])))

# ---- a line ----
page = staff.get(f"/people/{person}/lines/{line}")
t.hold("a line of theirs", page.status == 200 and 'name="reason"' in page.text)
nothing = staff.get(f"/people/{person}/lines/99999998:1")
for what, path in (("a line of another body", f"/people/{person}/lines/{foreign[1]}:{foreign[2]}"), ("a line of nobody's", f"/people/{person}/lines/99999999:1"), ("no line", f"/people/{person}/lines/abc"),
                   ("somebody else's line", f"/people/{stranger[0][0]}/lines/{line}"), ("the control line", f"/people/{person}/lines/{entry}:{3 - n if n < 3 else 1}")):
    r = staff.get(path)
    same = re.sub(r'href="[^"]*"', "", r.text) == re.sub(r'href="[^"]*"', "", nothing.text)
    t.hold(f"{what} is not there", r.status == 404 and same, r.status)
    r = staff.send(path, {"reason": "this is a mistake"})
    t.hold(f"{what} is not reversed", r.status == 404, r.status)

# ---- record ----
page = staff.get(f"/people/{person}/record")
t.hold("what to record", page.status == 200 and 'value="home-care"' in page.text and 'value="council-tax"' in page.text)
t.hold("nothing is chosen at first", re.search(r'<option value="">\s*Choose one\s*</option>', page.text))
page = staff.get(f"/people/{person}/record?what=")
t.hold("to choose nothing is refused", "Choose what you want to record" in page.text and "govuk-error-summary" in page.text and 'name="what"' in page.text, page.status)
page = staff.get(f"/people/{person}/record?what=home-care")
t.hold("a service is counted", page.status == 200 and 'name="quantity"' in page.text and 'name="amount"' not in page.text)
page = staff.get(f"/people/{person}/record?what=council-tax")
t.hold("a payment is money", page.status == 200 and 'name="amount"' in page.text and 'name="quantity"' not in page.text)
entries = ask("select count(*) from entry")[0][0]
for what, fields, fault in (("no quantity", {"what": "home-care", "date": "2026-01-05"}, "how much"), ("no day", {"what": "home-care", "quantity": "1"}, "day"),
                            ("a day to come", {"what": "home-care", "quantity": "1", "date": "2090-01-05"}, "past"), ("before birth", {"what": "home-care", "quantity": "1", "date": "1850-01-05"}, "born"),
                            ("less than nothing", {"what": "home-care", "quantity": "-1", "date": "2026-01-05"}, "Enter"), ("no money", {"what": "council-tax", "date": "2026-01-05"}, "amount"),
                            ("more than a line holds", {"what": "council-tax", "amount": "100000000000.01", "date": "2026-01-05"}, "too large"),
                            ("what is not there", {"what": "no-such", "quantity": "1", "date": "2026-01-05"}, "Choose"), ("time given", {"what": "volunteering", "quantity": "1", "date": "2026-01-05"}, "Choose")):
    r = staff.send(f"/people/{person}/record", fields)
    t.hold(f"{what} is refused", r.status == 422 and "govuk-error-summary" in r.text and fault in words(r.text), r.status, words(r.text)[:300])
page = staff.send(f"/people/{person}/record", {"what": "home-care", "quantity": "8785", "date": "2026-01-05"})
t.hold("more hours than a year has need a colleague", page.status == 200 and "far more than is usual" in words(page.text) and "Ask for approval" in words(page.text), page.status)
page = staff.send(f"/people/{person}/record", {"what": "learning-disability-support:learning-disability-residential", "quantity": "1", "date": "2026-01-05"})
t.hold("what is sensitive needs a colleague", page.status == 200 and "a sensitive matter" in words(page.text) and "Ask for approval" in words(page.text), page.status, words(main(page.text))[:300])
t.hold("another body is refused", staff.send(f"/people/{person}/record", {"what": "home-care", "quantity": "1", "date": "2026-01-05", "body": "hmrc"}).status == 422)
sent = {"what": "home-care", "quantity": "2.5", "date-day": "5", "date-month": "1", "date-year": "2026", "reference": "CASE-77", "note": "mornings <b>only</b>"}
page = staff.send(f"/people/{person}/record", sent)
kept = hidden(main(page.text))
t.hold("the value is shown before", page.status == 200 and "2.5 (hour)" in words(page.text) and "£" in words(page.text) and 'value="yes"' in page.text and "CASE-77" in page.text)
t.hold("what was typed is text", "<b>only" not in page.text)
t.hold("nothing is posted yet", ask("select count(*) from entry")[0][0] == entries)
kept = {k: v.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for k, v in kept.items()}
page = staff.post(f"/people/{person}/record", {**kept, "confirmed": "change"})
t.hold("changed again", page.status == 200 and 'value="2.5"' in page.text and 'value="CASE-77"' in page.text)
count = len(looks(person))
r = staff.post(f"/people/{person}/record", {**kept, "confirmed": "yes"})
t.hold("recorded", r.status == 303 and re.fullmatch(rf"/people/{person}/lines/\d+:\d+\?done=recorded", r["Location"] or ""), r.status, words(r.text)[:400])
recorded = re.search(r"lines/(\d+:\d+)", r["Location"] or "").group(1)
t.hold("with a look", len(looks(person)) == count + 1)
page = staff.get(r["Location"])
t.hold("the line is there", page.status == 200 and "CASE-77" in page.text and "govuk-notification-banner--success" in page.text)
t.hold("and in the book", ask("select body, quantity, reference from line where entry = ? and n = ?", *recorded.split(":")) == [(body, 2500, "CASE-77")])
again = staff.post(f"/people/{person}/record", {**kept, "confirmed": "yes"})
t.hold("the same form sent again gets the same answer", (again.status, again["Location"]) == (303, r["Location"]), again.status)
r = staff.post(f"/people/{person}/record", {**kept, "confirmed": "yes", "token": staff.token() + "-0123456789abcdef"})
t.hold("the same reference once only", r.status == 422 and "govuk-error-summary" in r.text and 'value="2.5"' in r.text, r.status)
nameless = hidden(main(staff.send(f"/people/{person}/record", {"what": "home-care", "quantity": "1", "date": "2026-01-06"}).text))
entries = ask("select count(*) from entry")[0][0]
twice = [staff.post(f"/people/{person}/record", {**nameless, "confirmed": "yes"}) for _ in range(2)]
t.hold("without a reference a form that is sent twice posts once", [r.status for r in twice] == [303, 303] and twice[0]["Location"] == twice[1]["Location"] and
       ask("select count(*) from entry")[0][0] == entries + 1, [r.status for r in twice])
r = staff.send(f"/people/{person}/record", {"what": "council-tax", "amount": "12.50", "date": "2026-02-01", "confirmed": "yes"})
paid = re.search(r"lines/(\d+):(\d+)", r["Location"] or "0").groups()
t.hold("a payment", r.status == 303 and ask("select amount from line where entry = ? and n = ?", *paid) == [(-1250,)])
r = staff.send(f"/people/{stranger[0][0]}/record", {"what": "home-care", "quantity": "1", "date": "2026-02-01", "confirmed": "yes"})
t.hold("a first service", r.status == 303, r.status)
page = staff.get(f"/people/{person}/record")
t.hold("only what is the body's duty is offered", 'value="home-care"' in page.text and not any(f'value="{what}"' in page.text for what in ("prison-place", "universal-credit", "income-tax", "gp-consultation")))
for what, number in (("prison-place", "quantity"), ("universal-credit", "amount"), ("inpatient-stay", "quantity")):
    page = staff.get(f"/people/{person}/record?what={what}")
    t.hold(f"nor shown when it is asked for: {what}", page.status == 200 and f'name="{number}"' not in page.text)
    for sent in ({}, {"confirmed": "yes"}):
        r = staff.send(f"/people/{person}/record", {"what": what, number: "1", "date": "2026-02-01", **sent})
        t.hold(f"nor recorded: {what}", r.status == 422 and r["Weal-Refusal"] == "duty-of-others", r.status, r["Weal-Refusal"])
staff.because(REASON, staff_code)
t.hold("nobody records for themselves", staff.send(f"/people/{staff_code}/record", {"what": "home-care", "quantity": "1", "date": "2026-02-01", "confirmed": "yes"}).status == 422)

# ---- what was paid reads as its payer reads it ----
with open(os.path.join(book.folder, "paid.csv"), "w") as f:
    f.write(f"date,person,category,amount,body,reference\n2026-01-07,{person},council-tax,155.63,{body_code},paid-once\n")
book.weal("import", "entries", os.path.join(book.folder, "paid.csv"))
t.hold("a payment is no negative value", "£155.63" in main(staff.get(f"/people/{person}").text) and "−£155.63" not in main(staff.get(f"/people/{person}").text))

# ---- reverse ----
path = f"/people/{person}/lines/{recorded}"
t.hold("a reversal needs a reason", staff.send(path, {"reason": ""}).status == 422)
t.hold("another body's staff see no such line", Browser(server).sign_in(other_code).get(path).status == 303)
r = staff.send(path, {"reason": "It was another person"})
t.hold("reversed", r.status == 303 and r["Location"] == path + "?done=reversed", r.status, words(r.text)[:300])
t.hold("the book has both", ask("select sum(quantity) from line where (entry = ? and n = ?) or reverses_entry = ?", *recorded.split(":"), recorded.split(":")[0]) == [(0,)])
page = staff.get(path)
t.hold("it says so, and offers it no more", page.status == 200 and 'name="reason"' not in main(page.text)
       and re.search(r"Taken back on \d+ \w+ \d{4}: It was another person\. The correction", words(page.text)) and f'href="/people/{person}/lines/' in main(page.text), words(page.text)[:600])
t.hold("not twice", staff.send(path, {"reason": "once again, please"}).status == 422)
t.hold("the person's page says so", re.search(r"Taken back on \d+ \w+ \d{4}: It was another person\. The correction", words(staff.get(f"/people/{person}").text))
       and "<s>" in main(staff.get(f"/people/{person}").text) and "Takes back: Home care of" in words(staff.get(f"/people/{person}").text), words(staff.get(f"/people/{person}").text)[:900])

# ---- the other body ----
rival = Browser(server).sign_in(other_code)
rival.because("a question about a bed", person)
t.hold("another body's staff see no such line", rival.get(path).status == 404 and rival.get(f"/people/{person}/lines/{line}").status == 404)
t.hold("nor reverse it", rival.send(f"/people/{person}/lines/{line}", {"reason": "not ours at all"}).status == 404)
t.hold("nor read it", body_name not in main(rival.get(f"/people/{person}").text) and "CASE-77" not in rival.get(f"/people/{person}").text)

# ---- the person sees each access ----
citizen = Browser(server).sign_in(person)
page = citizen.get("/looked")
said = words(page.text)
t.hold("the citizen sees the looks and why", page.status == 200 and REASON in said and f"staff of {body_name}" in said, said[:500])
t.hold("as one visit of many pages, not as many", said.count(f"{REASON} What was seen") <= 3 and max(map(int, re.findall(r"(\d+) pages", said))) >= 10, re.findall(r"(\d+) pages", said))

# ---- notices to the body ----
def tell(kind, answers, who=None):
    b = Browser(server).sign_in(who or person)
    for question, fields in answers:
        r = b.send(f"/tell-us-once/{kind}/{question}", fields)
        assert r.status == 303, (kind, question, r.status, words(r.text)[:500])
    r = b.send(f"/tell-us-once/{kind}/check", {})
    assert r.status == 303, (kind, r.status, words(r.text)[:500])
    return ask("select max(id) from case_file")[0][0]


tell("name", [("name", {"name": "Changed By Themselves"})])
named = ask("select max(id) from case_file")[0][0]
birth = tell("birth", [("name", {"name": "Newly Born Child"}), ("born", {"born-day": "1", "born-month": "10", "born-year": "2026"}), ("sex", {"sex": "F"})])
birth_refused = tell("birth", [("name", {"name": "Another Child"}), ("born", {"born-day": "2", "born-month": "10", "born-year": "2026"}), ("sex", {})])
dead_code, dead_name, dead_born = ask("select code, name, born from party where kind = 'person' and died is null and born < 0 and id not in (select gone from alias) order by id desc limit 1")[0]
day = __import__("datetime").date.fromordinal(719163 + dead_born)
death = tell("death", [("whom", {"whom": "other"}), ("who", {"name": dead_name, "born-day": day.day, "born-month": day.month, "born-year": day.year}),
                       ("died", {"died-day": "3", "died-month": "11", "died-year": "2026"})])
told_to = [row[0] for row in ask("select body from case_told where case_id = ?", birth)]
t.hold("told to the council", body in told_to, told_to, body)
page = staff.get("/inbox")
t.hold("the inbox lists them", page.status == 200 and all(f'/inbox/{i}"' in page.text for i in (birth, birth_refused, death)), page.status)
page = staff.get("/work")
unread = re.search(r'href="/inbox\?which=unread">(\d+) changes? you were told of and have not read', page.text)
t.hold("their work says how many they have not read", unread and int(unread[1]) >= 1, words(page.text)[:400])
page = staff.get("/inbox?which=unread")
t.hold("and the change of name, which needs no answer, among what is to be read", f'/inbox/{named}"' in page.text and "Done" in words(page.text))
t.hold("and names nobody", name not in main(page.text) and "Changed By Themselves" not in main(page.text) and "Newly Born" not in main(page.text))
t.hold("not read yet", ask("select read_at from case_told where case_id = ? and body = ?", birth, body) == [(None,)])
count = len(looks(person))
page = staff.get(f"/inbox/{birth}")
t.hold("a birth opened", page.status == 200 and "Newly Born Child" in page.text and 'value="accept"' in page.text and 'name="who"' not in page.text)
t.hold("is read from then on", ask("select read_at from case_told where case_id = ? and body = ?", birth, body)[0][0])
t.hold("and is a look", len(looks(person)) == count + 1)
t.hold("no answer is no decision", staff.send(f"/inbox/{birth}", {}).status == 422)
t.hold("refused without a reason", staff.send(f"/inbox/{birth_refused}", {"move": "refuse"}).status == 422)
r = staff.send(f"/inbox/{birth_refused}", {"move": "refuse", "words": "No certificate was shown"})
t.hold("refused with one", r.status == 303 and r["Location"] == "/inbox?done=told-birth:refuse", r.status)
r = staff.send(f"/inbox/{birth}", {"move": "accept"})
t.hold("taken", r.status == 303 and r["Location"] == "/inbox?done=told-birth:accept", r.status, words(r.text)[:300])
child = ask("select id, code from party where name = 'Newly Born Child'")
t.hold("the child is there, with accounts", len(child) == 1 and sorted(x[0] for x in ask("select role from holding where owner = ? and owner_kind = 'person'", child[0][0])) == ["social", "time"], child)
t.hold("its reference is on the page of the case", f"/people/{child[0][1]}" in main(staff.get(f"/inbox/{birth}").text))
t.hold("not taken twice", staff.send(f"/inbox/{birth}", {"move": "accept"}).status == 422)
page = staff.get(f"/inbox/{death}")
t.hold("a death by name asks who it is", page.status == 200 and 'name="who"' in page.text)
t.hold("without a reference not taken", staff.send(f"/inbox/{death}", {"move": "accept"}).status == 422)
t.hold("nor with nobody's", staff.send(f"/inbox/{death}", {"move": "accept", "who": "P999999"}).status == 422)
r = staff.send(f"/inbox/{death}", {"move": "accept", "who": dead_code})
t.hold("with it, taken", r.status == 303 and ask("select died from party where code = ?", dead_code)[0][0], r.status, words(r.text)[:300])
t.hold("a look at the dead too", any("death" in l[1] for l in looks(dead_code)))
nowhere = tell("household", [("what", {"what": "join"}), ("household", {"household": "H99999"}), ("from", {"from": "2026-11-01"})])
r = staff.send(f"/inbox/{nowhere}", {"move": "accept"})
t.hold("a household that is not there cannot be joined, and staff are told so", r.status == 422 and "There is a problem" in r.text and "No household here has this reference" in main(r.text) and "#field-household" not in r.text, r.status, words(main(r.text))[:600])
t.hold("so nobody is said to have answered", "Answered by" not in staff.get(f"/inbox/{named}").text and "The answer" not in staff.get(f"/inbox/{named}").text)
t.hold("a name needs no decision", 'name="move"' not in main(staff.get(f"/inbox/{named}").text))
unlisted = [i for i in (birth, named) if not ask("select 1 from case_told where case_id = ? and body = ?", i, other_body)]
for i in unlisted + [9999]:
    t.hold("what was told to others is not there", rival.get(f"/inbox/{i}").status == 404 and rival.send(f"/inbox/{i}", {"move": "accept"}).status == 404)
t.hold("a number that is none", staff.get("/inbox/abc").status == 404 and staff.get("/inbox/0").status == 404)
t.hold("read and decided, the teller sees", "No certificate was shown" in Browser(server).sign_in(person).get(f"/requests/{birth_refused}").text)

# ---- time to confirm ----
giver = Browser(server).sign_in(stranger[0][0])
for minutes in (90, 45):
    r = giver.send("/time", {"category": "volunteering", "date": ago(30), "minutes-hours": minutes // 60, "minutes-minutes": minutes % 60, "confirmer": body_code, "note": "library desk"})
    t.hold("time proposed", r.status == 303, r.status, words(r.text)[:400])
first, second = [row[0] for row in ask("select id from case_file where kind = 'time-given' and to_body = ? order by id desc limit 2", body)]
page = staff.get("/inbox")
t.hold("time to confirm is listed", f'/inbox/{first}"' in page.text and "library desk" not in page.text)
page = staff.get(f"/inbox/{first}")
t.hold("opened", page.status == 200 and "library desk" in page.text)
t.hold("another body's staff see it not", rival.get(f"/inbox/{first}").status == 404 and rival.send(f"/inbox/{first}", {"move": "confirm"}).status == 404)
r = staff.send(f"/inbox/{first}", {"move": "confirm"})
t.hold("confirmed", r.status == 303 and ask("select state from case_file where id = ?", first) == [("done",)], r.status, words(r.text)[:300])
t.hold("not twice", staff.send(f"/inbox/{first}", {"move": "confirm"}).status == 422)
t.hold("refused only with a reason", staff.send(f"/inbox/{second}", {"move": "decline"}).status == 422)
t.hold("refused", staff.send(f"/inbox/{second}", {"move": "decline", "words": "Nobody saw you there"}).status == 303)
t.hold("time given stands among the body's lines", "case time-given" in str(looks(stranger[0][0])) and "/lines/" in main(staff.get(f"/people/{stranger[0][0]}").text))

# ---- why a line was taken back, as the person reads it ----
undoing = ask("select entry, n from line where reverses_entry = ? and reverses_n = ?", *recorded.split(":"))[0]
t.hold("the person reads why it was reversed", "It was another person" in Browser(server).sign_in(person).get(f"/account/lines/{undoing[0]}:{undoing[1]}").text)
t.hold("staff may open the reversal, and not reverse it", staff.get(f"/people/{person}/lines/{undoing[0]}:{undoing[1]}").status == 200
       and staff.send(f"/people/{person}/lines/{undoing[0]}:{undoing[1]}", {"reason": "the other way round"}).status == 422)

# ---- any typed values ----
HOSTILE = ("<script>alert(1)</script>", "' or 1=1 --", "%s%n%p", "\u202eabc", "x" * 5000, "{{reason}}", "\x00abc", "\"><img src=x>")
for text in HOSTILE:
    for where, fields in (("/people", {"reason": text, "reference": person}), ("/people", {"reason": REASON, "reference": text}), ("/people", {"reason": REASON, "name": text, "born": "1950-05-05"}), ("/people", {"reason": REASON, "born": "1950-05-05", "place": text}), (f"/people/{person}/reason", {"reason": text}),
                          (f"/people/{person}/record", {"what": text, "quantity": "1", "date": "2026-01-05"}), (f"/people/{person}/record", {"what": "home-care", "quantity": text, "date": text}),
                          (f"/people/{person}/record", {"what": "home-care", "quantity": "1", "date": "2026-01-05", "note": text, "reference": text}),
                          (f"/people/{person}/lines/{paid[0]}:{paid[1]}", {"reason": "ab" if text.startswith("'") else text[:3]}), (f"/inbox/{death}", {"move": text, "words": text})):
        r = staff.send(where, fields)
        t.hold(f"{where} with {text[:12]!r}", r.status in (200, 303, 400, 422) and "<script>alert" not in r.text and "<img src=x" not in r.text, r.status)
staff.because(REASON, person)

# ---- staff of two bodies, and after both ended ----
book.weal("role", "grant", staff_code, "staff", "--body", ask("select code from body where id = ?", other_body)[0][0])
page = staff.get(f"/people/{person}/record?what=home-care")
t.hold("what only one of two bodies may record asks for none", page.status == 200 and 'name="body"' not in main(page.text) and 'name="quantity"' in page.text)
page = staff.get(f"/people/{person}/record?what=health-visiting")
t.hold("of two bodies that may, one is chosen", page.status == 200 and main(page.text).count('name="body"') == 2)
t.hold("and must be", staff.send(f"/people/{person}/record", {"what": "health-visiting", "quantity": "1", "date": "2026-01-06"}).status == 422)
r = staff.send(f"/people/{person}/record", {"what": "home-care", "quantity": "1", "date": "2026-01-06", "body": ask("select code from body where id = ?", other_body)[0][0], "confirmed": "yes"})
t.hold("not for the one that may not", r.status == 422 and "This is no duty of" in words(r.text), r.status, words(main(r.text))[:300])
r = staff.send(f"/people/{person}/record", {"what": "home-care", "quantity": "1", "date": "2026-01-06", "body": body_code, "confirmed": "yes"})
t.hold("then it is recorded", r.status == 303, r.status)
page = staff.get(f"/people/{person}")
t.hold("the page says which body", "Organisation" in words(page.text) and body_name in words(page.text))
t.hold("the inbox of both", staff.get("/inbox").status == 200)
book.weal("role", "end", staff_code, "staff", "--body", body_code)
book.weal("role", "end", staff_code, "staff", "--body", ask("select code from body where id = ?", other_body)[0][0])
t.hold("a role that ended opens nothing", staff.get(f"/people/{person}").status == 404 and staff.get("/people").status == 404 and staff.send("/people", {"reason": REASON, "reference": person}).status == 404)
book.weal("role", "grant", staff_code, "staff", "--body", body_code)

# ---- visitors who are not staff ----
for row in routes():
    method, pattern = row["method"], row["path"]
    if not pattern.startswith(("/people", "/inbox")):
        continue
    asked = pattern.replace("{person}", person).replace("{line}", line).replace("{case}", "1").replace("{given}", "1")
    t.hold(f"the row is for staff: {pattern}", for_staff(row))
    for one, code in (("the citizen", person), ("the administrator", ask("select p.code from office o join party p on p.id = o.person where role = 'administrator'")[0][0]),
                      ("the auditor", ask("select p.code from office o join party p on p.id = o.person where role = 'auditor'")[0][0])):
        b = Browser(server).sign_in(code)
        r = b.get(asked) if method == "GET" else b.send(asked, {"reason": "let me in, please"})
        if one == "the administrator" and pattern.startswith("/inbox"):  # they answer what waits for an administrator, and see nothing else
            t.hold(f"{one} sees nothing of it: {method} {pattern}", r.status in (200, 400, 404) and name not in main(r.text) and f"/inbox/{birth}" not in r.text, r.status)
        else:
            t.hold(f"{one} gets 404: {method} {pattern}", r.status == 404 and name not in main(r.text), r.status)
book.weal("audit")  # ends with 0 only when the book is sound
t.hold("a citizen's pages have no link there", "/people" not in citizen.get("/looked").text and "/people" in staff.get("/people").text)
server.stop()
t.end()
