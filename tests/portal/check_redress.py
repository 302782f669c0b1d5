#!/usr/bin/env python3
"""Redress over HTTP: a citizen says that an item is wrong, its body takes it back or records what is right, both see it, the statement nets it; refused, the citizen complains, it is heard by
somebody who did not decide it, and what comes after the final answer is outside; a helper says it for them; two doors at once take one line back once."""
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, WEAL, words

t = Tally()
book = Book(200)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30)


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


def one(sql, *values):
    return rows(sql, *values)[0][0]


staff_code, body = rows("select p.code, o.body from office o join party p on p.id = o.person where o.role = 'staff' order by o.id")[0]
staff_name = one("select name from party where code = ?", staff_code)
boss_code = one("select p.code from office o join party p on p.id = o.person where o.role = 'administrator'")
known = {code for (code,) in rows("select p.code from office o join party p on p.id = o.person")}
# somebody with several payments to that body
ann_code, ann_party = rows("select p.code, p.id from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner where l.body = ? and l.amount < -500 and l.quantity is null "
                           "and p.died is null and p.code not in (%s) group by p.code, p.id having count(*) > 7 order by p.id" % ",".join(f"'{code}'" for code in known), body)[0]
lines = [f"{entry}:{n}" for entry, n in rows("select l.entry, l.n from line l join holding h on h.account = l.account and h.owner_kind = 'person' where h.owner = ? and l.body = ? and l.amount < -500 and l.quantity is null "
                                             "and l.day >= 20184 order by l.entry desc", ann_party, body)]
ben_code = next(code for code in book.living(9) if code not in known and code != ann_code)
book.administrator(ben_code)  # a second one, who hears what the first decided
ann, staff, boss, ben = (Browser(server).sign_in(code) for code in (ann_code, staff_code, boss_code, ben_code))
staff.because("They asked", ann_code)


def amount(line):
    return one("select amount from line where entry = ? and n = ?", *line.split(":"))


def line_words(line):
    """The item as its pages say it: its kind, its amount and its day."""
    category, amount, day = rows("select c.code, l.amount, date('1970-01-01', l.day || ' days') from line l join category c on c.id = l.category where l.entry = ? and l.n = ?", *line.split(":"))[0]
    year, month, date = day.split("-")
    months = "January February March April May June July August September October November December".split()
    return f"£{abs(amount) / 100:,.2f}, {int(date)} {months[int(month) - 1]} {year}"


def total():
    return one("select sum(l.amount) from line l join holding h on h.account = l.account and h.owner_kind = 'person' where h.owner = ?", ann_party)


def wrong(line, browser=ann, base=""):
    """From the item's page to the request; its number."""
    page = browser.get(f"{base}/account/lines/{line}")
    link = re.search(r'href="([^"]*/requests/new/line-wrong\?about=[^"]*)"', page.text)
    t.hold(f"{line}: the item's page has the way to say so", link, words(page.text)[-400:])
    form = browser.get(link.group(1))
    t.hold(f"{line}: the form says what it is about", form.status == 200 and line_words(line) in words(form.text))
    r = browser.send(f"{base}/requests/new/line-wrong", {"about": f"line:{line}", "reason": "I was in hospital that day"})
    found = re.search(r"/requests/(\d+)\?done=opened", r["Location"] or "")
    t.hold(f"{line}: it is sent", r.status == 303 and found, r.status, re.findall(r"<li>.*", r.text)[:3])
    return found.group(1) if found else "0"


# ---- upheld: taken back ----
line, before = lines[0], total()
number = wrong(line)
page = ann.get(f"/account/lines/{line}").text
t.hold("the item's page shows what was asked, and no second way to ask", f'"/requests/{number}"' in page and "line-wrong?" not in page)
t.hold("one at a time", ann.send("/requests/new/line-wrong", {"about": f"line:{line}", "reason": "again"}).status == 422)
t.hold("it is in the body's inbox, with its day", f'"/inbox/{number}"' in staff.get("/inbox").text and f'"/inbox/{number}"' not in boss.get("/inbox").text)
page = staff.get(f"/inbox/{number}").text
t.hold("the officer reads which item it is, with its amount, day and organisation", f"{line_words(line)}, " in words(page), words(page)[:900])
t.hold("the inbox says its number and its kind, and no amount", f"Request {number}: Something wrong with an item of the account" in words(staff.get("/inbox").text) and line_words(line) not in words(staff.get("/inbox").text))
t.hold("their list says which item", f"Request {number}: Something wrong with an item of the account" in words(ann.get("/requests").text) and line_words(line) in words(ann.get("/requests").text))
t.hold("a second form leads to the request that waits, before anything is written", (r := ann.get(f"/requests/new/line-wrong?about=line:{line}")).status == 303 and r["Location"] == f"/requests/{number}?done=waits" and "You have sent this already" in words(ann.get(r["Location"]).text), r.status, r["Location"])
t.hold("and so does a complaint about it while there is time", (r := ann.get(f"/requests/new/complaint?about=case:{number}")).status == 303 and r["Location"] == f"/requests/{number}?done=early", r.status, r["Location"])
t.hold("the officer reads the words and reaches the item", "I was in hospital that day" in page and f"/people/{ann_code}/lines/{line}" in page)
r = staff.send(f"/inbox/{number}", {"move": "uphold", "words": "We have checked: you are right"})
t.hold("upheld", r.status == 303, r.status, re.findall(r"<li>.*", r.text)[:3])
t.hold("the amount is back", total() == before - amount(line), total(), before)
page = ann.get(f"/requests/{number}").text
result = re.search(r'href="/account/lines/(\d+:\d+)">', page[page.index("What was recorded"):])
t.hold("they read the answer, and which item takes it back", "We have checked: you are right" in page and result, words(page)[:500])
wrong_words = line_words(line).replace(", ", " of ")
t.hold("and in a sentence what was done, and by whom", f"{wrong_words} was taken back." in words(page) and "Answered by" in words(page), words(page)[:900])
t.hold("the item that takes it back says it too", f"{wrong_words} was taken back." in words(ann.get(f"/account/lines/{result.group(1)}").text) and f'"/requests/{number}"' in ann.get(f"/account/lines/{result.group(1)}").text)
t.hold("the item says that it is undone, and links what was asked", "Taken back on" in words(ann.get(f"/account/lines/{line}").text) and f" after request {number}. The correction" in words(ann.get(f"/account/lines/{line}").text) and f'href="/account/lines/{result.group(1)}"' in ann.get(f"/account/lines/{line}").text and f'"/requests/{number}"' in ann.get(f"/account/lines/{line}").text)
t.hold("so does the account", f'"/requests/{number}"' in ann.get("/account").text)
t.hold("and the item that takes it back names the request", f"request-{number}" in ann.get(f"/account/lines/{result.group(1)}").text)
t.hold("nobody disputes it again", ann.send("/requests/new/line-wrong", {"about": f"line:{line}", "reason": "again"}).status == 422 and "line-wrong?" not in ann.get(f"/account/lines/{result.group(1)}").text)
t.hold("the body still sees it", f'"/inbox/{number}"' in staff.get("/inbox?which=answered&kind=line-wrong").text)

# ---- upheld, with what is right ----
line, before = lines[1], total()
number = wrong(line)
r = staff.send(f"/inbox/{number}", {"move": "uphold", "words": "You are right", "quantity": "3"})
t.hold("a count for what is paid is refused at its field", r.status == 422 and "not counted" in r.text, r.status)
r = staff.send(f"/inbox/{number}", {"move": "uphold", "words": "You are right", "amount": "£1.23"})
t.hold("upheld, with the right amount", r.status == 303, r.status, re.findall(r"<li>.*", r.text)[:3])
t.hold("the account has the right amount", total() == before - amount(line) - 123, total(), before)
right = one("select result from case_file where id = ?", number)
t.hold("the result is the right item", amount(right[5:]) == -123, right)
t.hold("they read what stands instead", f"{line_words(line).replace(', ', ' of ')} was taken back; £1.23 stands instead." in words(ann.get(f"/requests/{number}").text), words(ann.get(f"/requests/{number}").text)[:900])
t.hold("in Welsh", "mae £1.23 yn sefyll yn ei le" in words(ann.get(f"/cy/requests/{number}").text))
day = one("select date('1970-01-01', l.day || ' days') from line l where l.entry = ? and l.n = ?", *line.split(":"))
start = int(day[:4]) - (day[5:] < "04-06")
paper = ann.get(f"/statement?year={start}-{(start + 1) % 100:02}")
t.hold("the statement's note says what is counted in its place", " was corrected to £1.23 on " in words(paper.text) and "Only £1.23 is counted here." in words(paper.text), words(paper.text)[-3000:])
t.hold("in Welsh", "Dim ond £1.23 a gyfrifir yma." in words(ann.get(f"/cy/statement?year={start}-{(start + 1) % 100:02}").text))
t.hold("the item that stands instead says it too", "£1.23 stands instead" in words(ann.get(f"/account/lines/{right[5:]}").text))
for who, page in (("their account", ann.get("/account")), ("the item", ann.get(f"/account/lines/{line}")), ("the officer's list", staff.get(f"/people/{ann_code}"))):
    t.hold(f"{who} says what it was corrected to, and after which request", f": corrected to £1.23 after request {number}." in words(page.text), words(page.text)[:900])
t.hold("the item and the account link the request", all(f'"/requests/{number}"' in ann.get(path).text for path in ("/account", f"/account/lines/{line}")))
t.hold("in Welsh too", f": cywirwyd i £1.23 ar ôl cais {number}." in words(ann.get(f"/cy/account/lines/{line}").text))
made = json.loads(book.weal("account", ann_code, "--format", "json"))
listed = {l["line"]: l["amount"] for l in made["money"]["lines"]}
t.hold("three items net to what is right", sum(value for key, value in listed.items() if key in (line, right[5:]) or any(l["line"] == key and l["reverses"] == line for l in made["money"]["lines"])) == -123)

# ---- refused; a complaint, a hearing, and what is outside ----
line = lines[2]
number = wrong(line)
t.hold("without words it is not refused", staff.send(f"/inbox/{number}", {"move": "refuse", "words": " "}).status == 422)
t.hold("refused", staff.send(f"/inbox/{number}", {"move": "refuse", "words": "You signed for it"}).status == 303)
page = ann.get(f"/requests/{number}").text
link = re.search(r'href="(/requests/new/complaint\?about=case:\d+)"', page)
t.hold("they see why, the next step, who answers and by when", "You signed for it" in page and link and "Somebody who did not decide this" in page and "the answer is due by" in words(page), words(page)[:600])
t.hold("in Welsh", "Os anfonwch ef heddiw" in ann.get(f"/cy/requests/{number}").text)
r = ann.send("/requests/new/complaint", {"about": f"case:{number}", "reason": "The signature is not mine"})
complaint = re.search(r"/requests/(\d+)\?", r["Location"] or "/requests/0?").group(1)
t.hold("a complaint is sent", r.status == 303, r.status, re.findall(r"<li>.*", r.text)[:3])
page = words(ben.get(f"/inbox/{complaint}").text)
t.hold("whoever answers it reads the request, its answer, who gave it, and the item", f"Request {number}: Something wrong" in page and "I was in hospital that day" in page and "You signed for it" in page and line_words(line) in page, page[:1200])
t.hold("the body does not decide it", staff.get(f"/inbox/{complaint}").status == 404)
HEARING = {"move": "hear", "words": "", "where": "The town hall, room 2", "panel": "Three councillors"}
t.hold("no hearing on a day that is over", ben.send(f"/inbox/{complaint}", {**HEARING, "hearing": "2020-01-01"}).status in (400, 422))
t.hold("nor before who refused it", ben.send(f"/inbox/{complaint}", {**HEARING, "panel": "two councillors and " + staff_name.upper(), "hearing": "2099-01-04"}).status == 422)
r = ben.send(f"/inbox/{complaint}", {**HEARING, "panel": "", "hearing-day": "4", "hearing-month": "1", "hearing-year": "2099"})
t.hold("a fault is a whole sentence that names its question", "Who hears it: this question is not answered; answer it." in words(r.text), re.findall(r"govuk-error-message.*|<li>.*", r.text)[:4])
t.hold("nor without a panel", ben.send(f"/inbox/{complaint}", {**HEARING, "panel": "", "hearing": "2099-01-02"}).status == 422)
r = ben.send(f"/inbox/{complaint}", {**HEARING, "hearing-day": "4", "hearing-month": "1", "hearing-year": "2099"}) if "hearing-day" in ben.get(f"/inbox/{complaint}").text else ben.send(f"/inbox/{complaint}", {**HEARING, "hearing": "2099-01-04"})
t.hold("a hearing is set", r.status == 303, r.status, re.findall(r"<li>.*", r.text)[:3])
page = words(ann.get(f"/requests/{complaint}").text)
t.hold("they read the day, the place and who hears it", "4 January 2099" in page and "The town hall, room 2" in page and "Three councillors" in page, page[:600])
t.hold("not before those who hear it have", ben.send(f"/inbox/{complaint}", {"move": "refuse", "words": "We heard you"}).status == 422)
t.hold("the answer is due on that day", "by 4 January 2099" in page, page[:600])
db.execute("update case_file set facts = replace(facts, '2099-01-04', '2026-01-04') where id = ?", (complaint,))
db.commit()
t.hold("it is refused after it", ben.send(f"/inbox/{complaint}", {"move": "refuse", "words": "We heard you, and saw the paper"}).status == 303)
page = ann.get(f"/requests/{complaint}").text
t.hold("the next step is outside, with its time limit", "https://www.lgo.org.uk/make-a-complaint" in page and "12 months" in page and "ico.org.uk" not in page, words(page)[:800])
t.hold("the item shows the complaint too", f'"/requests/{complaint}"' in ann.get(f"/account/lines/{line}").text)

# ---- a complaint that is upheld, about the one who decided: another must answer ----
r = ann.send("/requests/new/complaint", {"about": f"case:{complaint}", "reason": "Nobody asked me anything"})
second = re.search(r"/requests/(\d+)\?", r["Location"] or "/requests/0?").group(1)
t.hold("who decided the complaint does not answer the one about it", ben.send(f"/inbox/{second}", {"move": "uphold", "words": "Sorry"}).status in (404, 422))
t.hold("another does", boss.send(f"/inbox/{second}", {"move": "uphold", "words": "You should have been asked"}).status == 303)
t.hold("the item says that the complaint is upheld", "Upheld" in words(ann.get(f"/account/lines/{line}").text) and "Cadarnhawyd" in words(ann.get(f"/cy/account/lines/{line}").text))
r = ann.send("/requests/new/access-request", {"reason": ""})
asked = re.search(r"/requests/(\d+)\?", r["Location"] or "/requests/0?").group(1)
boss.send(f"/inbox/{asked}", {"move": "refuse", "words": "We do not know who you are"})
r = ann.send("/requests/new/complaint", {"about": f"case:{asked}", "reason": "You do"})
third = re.search(r"/requests/(\d+)\?", r["Location"] or "/requests/0?").group(1)
ben.send(f"/inbox/{third}", {"move": "refuse", "words": "We do not"})
t.hold("about one answer there is one complaint, and no way to another", "requests/new/complaint" not in ann.get(f"/requests/{asked}").text and ann.send("/requests/new/complaint", {"about": f"case:{asked}", "reason": "You do"}).status == 422)
t.hold("about data, the Commissioner is outside", "ico.org.uk" in ann.get(f"/requests/{third}").text and "lgo.org.uk" not in ann.get(f"/requests/{third}").text)

# ---- a complaint that is upheld opens the refused request again ----
number = wrong(lines[4])
staff.send(f"/inbox/{number}", {"move": "refuse", "words": "It stands"})
r = ann.send("/requests/new/complaint", {"about": f"case:{number}", "reason": "It does not"})
upheld = re.search(r"/requests/(\d+)\?", r["Location"] or "/requests/0?").group(1)
t.hold("who answers it reads the request and its answer", "It stands" in ben.get(f"/inbox/{number}").text)
t.hold("and decides nothing in it", 'name="move"' not in ben.get(f"/inbox/{number}").text and ben.send(f"/inbox/{number}", {"move": "uphold", "words": "yes"}).status in (404, 422))
t.hold("it is upheld", ben.send(f"/inbox/{upheld}", {"move": "uphold", "words": "Look again"}).status == 303)
page = words(ann.get(f"/requests/{number}").text)
t.hold("the request waits again, with a new day, and says why", "Waits for an answer" in page and "Answer due by" in page and "Opened again: a complaint was upheld" in page and f"Request {upheld}" in page, page[:900])
t.hold("in the inbox of its body too", f'"/inbox/{number}"' in staff.get("/inbox").text and "Opened again" in staff.get(f"/inbox/{number}").text)
t.hold("whose staff answer anew", staff.send(f"/inbox/{number}", {"move": "uphold", "words": "They are right"}).status == 303)

# ---- an answer that is late ----
number = wrong(lines[5])
t.hold("while there is time there is nothing to complain about", "requests/new/complaint" not in ann.get(f"/requests/{number}").text)
db.execute("update case_file set due = 20000 where id = ?", (number,))
db.commit()
page = ann.get(f"/requests/{number}").text
t.hold("once it is late there is a way to complain", f"requests/new/complaint?about=case:{number}" in page and "Complain that the answer is late" in page, words(page)[:500])
t.hold("which one may go", ann.send("/requests/new/complaint", {"about": f"case:{number}", "reason": "It is a month"}).status == 303)
t.hold("the staff can still answer", staff.send(f"/inbox/{number}", {"move": "refuse", "words": "Sorry for the wait"}).status == 303)

# ---- two doors at once ----
line, before = lines[3], total()
number = wrong(line)
token, said = staff.token(), []
other = Browser(server).sign_in(staff_code)
other.because("They asked", ann_code)
other_token = other.token()
doors = [lambda: said.append(staff.post(f"/inbox/{number}", {"token": token, "move": "uphold", "words": "yes"}).status),
         lambda: said.append(other.post(f"/people/{ann_code}/lines/{line}", {"token": other_token, "reason": "at the counter"}).status),
         lambda: said.append(subprocess.run([WEAL, "--store", book.url, "reverse", line, "--reason", "by hand"], capture_output=True).returncode)]
threads = [threading.Thread(target=door) for door in doors]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
t.hold("however many try, it is taken back once", total() == before - amount(line) and one("select count(*) from line where reverses_entry = ? and reverses_n = ?", *line.split(":")) == 1, said)
if one("select waits from case_file where id = ?", number):
    t.hold("what was done at the counter answers the request too", staff.send(f"/inbox/{number}", {"move": "uphold", "words": "It is done"}).status == 303)
t.hold("the request says by which item", one("select result from case_file where id = ?", number) == "line:%d:%d" % rows("select entry, n from line where reverses_entry = ? and reverses_n = ?", *line.split(":"))[0])

# ---- not theirs ----
elsewhere = rows("select l.entry, l.n from line l join holding h on h.account = l.account and h.owner_kind = 'person' where h.owner <> ? and l.reverses_entry is null order by l.entry", ann_party)[0]
t.hold("somebody else's item is not there", ann.send("/requests/new/line-wrong", {"about": "line:%d:%d" % elsewhere, "reason": "x"}).status == 422)
for about in ("line:0:1", "line:1", "line:9223372036854775808:1", "line:%s " % lines[4], "case:1", "line:0%s" % lines[4]):
    t.hold(f"{about!r} is no item", ann.send("/requests/new/line-wrong", {"about": about, "reason": "x"}).status in (303, 400, 404, 422) and not rows("select 1 from case_file where subject = ?", about))

done = subprocess.run([WEAL, "--store", book.url, "audit", "--quiet"], capture_output=True, text=True)
t.hold("the book is sound", done.returncode == 0, done.stdout[-800:], done.stderr[-800:])
t.hold("the log has no fault", '"level":"error"' not in server.lines(), server.lines()[-2000:])
t.hold("stops", server.stop() == 0)
t.end()
