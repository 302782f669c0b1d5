#!/usr/bin/env python3
"""Where somebody who has signed in begins: the year in a sentence, with the figures of their statement; what waits and what is new; staff, administrators and auditors at their own work, and
somebody with several roles at a choice. Looks are visits: of one person, on one day, within half an hour."""
import json
import os
import re
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, on_day, weal, words

on_day("2026-12-01")
t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000", "costly_each_minute = 1000000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
pounds = lambda pence: f"£{(abs(pence) + 50) // 100:,}"


def officer(role):
    return db.execute("select p.code from office o join party p on p.id = o.person where o.role = ? order by o.id", (role,)).fetchall()[0][0]


def lands(code, prefix=""):
    reply = Browser(server).post(prefix + "/sign-in", {"reference": code}, cookie=False)
    return reply["Location"]


# ---- a year in which all was undone is not the latest ----
undone = "HU1"
with open(os.path.join(book.folder, "undone.csv"), "w") as f:
    f.write("id,name,born\nHU1,Una Doe,1980-01-01\n")
book.weal("import", "people", os.path.join(book.folder, "undone.csv"))
with open(os.path.join(book.folder, "undone-lines.csv"), "w") as f:
    f.write("date,person,category,amount,reference\n2024-05-01,HU1,income-tax,7.00,stands-1\n2025-05-01,HU1,income-tax,5.00,undone-1\n")
book.weal("import", "entries", os.path.join(book.folder, "undone-lines.csv"))
line = next(row.split(",")[2] for row in weal("--store", book.url, "account", undone, "--format", "csv").stdout.splitlines() if ",undone-1," in row)
book.weal("reverse", line, "--reason", "wrong", "--on", "2025-05-02")
page = words(Browser(server).sign_in(undone).get("/home").text)
t.hold("home opens at the latest year with something in it", "In 2024-25 you paid £7" in page, page[:300])

# ---- each at their own work ----
boss, clerk, auditor = officer("administrator"), officer("staff"), officer("auditor")
officers = {boss, clerk, auditor}
someone = next(code for code in book.living(60) if code not in officers)
for code, path in ((someone, "/home"), (clerk, "/work"), (boss, "/admin"), (auditor, "/audit")):
    t.hold(f"{path} is where they begin", lands(code) == path, lands(code))
t.hold("in Welsh too", lands(clerk, "/cy") == "/cy/work")
for code, path, heading in ((clerk, "/work", "Your work today"), (boss, "/admin", "Administration"), (auditor, "/audit", "Audit")):
    browser = Browser(server).sign_in(code)
    page = browser.get(path)
    t.hold(f"{path} leads to their own account", page.status == 200 and heading in page.text and 'href="/home"' in page.text.split("<main", 1)[1], page.status)
    t.hold(f"{path} is what the name in the header leads to", f'class="weal-header__name" href="{path}"' in page.text)
    t.hold(f"{path} in Welsh", browser.get("/cy" + path).status == 200 and 'href="/cy/home"' in browser.get("/cy" + path).text)
t.hold("staff find a person and record something", all(w in words(Browser(server).sign_in(clerk).get("/work").text) for w in ("Find a person", "We ask for your reason first", "Record something", "Requests by their deadline")))
book.weal("role", "grant", clerk, "auditor")
t.hold("with two roles one chooses", lands(clerk) == "/home", lands(clerk))
page = words(Browser(server).sign_in(clerk).get("/home").text)
t.hold("each role is a choice", "Your work as staff" in page and "Your work as auditor" in page, page[:300])
t.hold("a citizen's home has no such choice", "Your work as" not in words(Browser(server).sign_in(someone).get("/home").text))
t.hold("nobody comes there without signing in", Browser(server).get("/home")["Location"] == "/sign-in")
t.hold("a citizen has no staff's page", Browser(server).sign_in(someone).get("/work").status == 404)

# ---- the sentence agrees with the statement ----
said = 0
for code in book.living(40):
    if code in officers:
        continue
    citizen = Browser(server).sign_in(code)
    home = citizen.get("/home").text
    page = words(home)
    year = re.search(r"The year (\d{4}-\d\d) in figures", page)
    if not year:
        t.hold(f"{code}: nothing is said of nothing", "Nothing was recorded for you" in page, page[:300])
        continue
    statement = json.loads(citizen.get(f"/statement?year={year[1]}&format=json").text)
    lines = lambda *parts: [line for part in parts for line in part["lines"]]
    guessed = lambda some: any(line["estimated"] for line in some)
    paid, received = statement["paid"], statement["received"]
    called = [name + (", less corrections" if (of or 0) < 0 else "") for name, of in
              (("Paid", paid["total"]), ("Benefits, pensions and grants", received["cash"]["total"]), ("Services used", received["services"]["total"]), ("Time for others", statement["given"]["minutes"]))]
    shown = re.findall(r'weal-card__figure">[^<]*</p><p class="govuk-body">([^<]*)</p>', home)
    t.hold(f"{code}: the figures are called as in the statement", shown == called, shown, called)
    if paid["total"] < 0 or received["total"] < 0:
        continue
    said += 1
    amount = lambda pence, some: "less than £1" if 0 < pence < 50 else f"about £{(pence + 500) // 1000 * 10 if pence >= 500 else (pence + 50) // 100:,}" if guessed(some) and pence else pounds(pence)
    paid_words, got_words = amount(paid["total"], lines(paid)), amount(received["total"], lines(received["cash"], received["services"]))
    t.hold(f"{code}: paid", f"paid {paid_words}" in page or (paid_words.endswith("£0") and "paid nothing" in page), paid_words, page[:300])
    t.hold(f"{code}: received", f"received {got_words}" in page or f"services that cost {got_words}" in page or (got_words.endswith("£0") and "received nothing" in page), got_words, page[:300])
    t.hold(f"{code}: the statement says the same", re.search(rf"In {year[1]} you paid [^.]*\.", page)[0] in words(citizen.get(f"/statement?year={year[1]}").text))
t.hold("for many of them", said >= 20, said)
mine = Browser(server).sign_in(someone)
page = mine.get("/home")
t.hold("three ways from here", all(f'href="{path}' in page.text.split("<main", 1)[1] for path in ("/statement?year=", "/tell-us-once", "/requests")))
t.hold("what waits stands before them", page.text.index("What waits for you") < page.text.index('href="/statement?year=', page.text.index("<main")) < page.text.index("What is new"))
t.hold("nothing waits", "Nothing waits for you." in words(page.text))
t.hold("in Welsh", "Eich tudalen gartref" in mine.get("/cy/home").text and "Your " not in words(mine.get("/cy/home").text.split("<main", 1)[1]))

# ---- one item of the year that runs hides no whole year ----
with open(os.path.join(book.folder, "now.csv"), "w") as f:
    f.write(f"date,person,category,amount,reference\n2026-11-02,{someone},council-tax,12.00,so-far\n")
book.weal("import", "entries", os.path.join(book.folder, "now.csv"))
page = mine.get("/home")
t.hold("the home page is still of the year that is over", "In 2025-26 you" in words(page.text) and "The year 2025-26 in figures" in words(page.text), words(page.text)[:500])
t.hold("and says in one line what there is so far, and nothing of what is not recorded yet", "In 2026-27 you paid £12. Nothing that you received has been recorded for 2026-27 yet. The year 2026-27 is not over: more may be recorded." in words(page.text) and 'href="/statement?year=2026-27"' in page.text, words(page.text)[:700])
t.hold("in Welsh", "Yn 2026-27 talasoch £12. Nid oes dim a gawsoch wedi'i gofnodi ar gyfer 2026-27 eto." in words(mine.get("/cy/home").text))
t.hold("so open the statement and the account", "Your statement for 2025-26" in mine.get("/statement").text and "£12.00" not in mine.get("/account").text and "£12.00" in mine.get("/account?year=2026-27").text)
running = words(mine.get("/statement?year=2026-27").text)
t.hold("its statement shows no £0 of what has no item yet, and compares nothing", "Benefits, pensions and grants nothing yet" in running and "Services used nothing yet" in running and "2025-26: £" not in running.split("What you paid")[0], running[:900])
t.hold("somebody without such an item reads no such line", "2026-27" not in Browser(server).sign_in(next(c for c in book.living(60) if c not in officers and c != someone)).get("/home").text)

# ---- visits ----
person = db.execute("select id from party where code = ?", (someone,)).fetchone()[0]


def look(at, who="id:" + clerk, name="Ann Field", role="staff:harrowmere-council", why="a call", what="account 2025-26"):
    db.execute("insert into access (party, id, at, who, person, name, role, machine, what, why, reach, place) values (?, (select coalesce(max(id), 0) + 1 from access), ?, ?, 0, ?, ?, '', ?, ?, 0, 0)",
               (person, at, who, name, role, what, why))


for minute in (0, 4, 33, 62):  # each within half an hour of the one before
    look(f"2026-11-05T09:{minute:02}:00Z" if minute < 60 else "2026-11-05T10:02:00Z")
look("2026-11-05T10:32:01Z", what="life")  # half an hour and a second later
look("2026-11-05T09:01:00Z", who="id:" + boss, name="Bo Ash", role="administrator", why="another matter")  # somebody else, meanwhile
look("2026-11-05T23:50:00Z", why="late")
look("2026-11-06T00:05:00Z", why="early")  # the next day
for minute, who in ((0, clerk), (20, clerk), (35, boss), (40, clerk)):  # somebody else's is within the half hour of the last and not of the first
    look(f"2026-11-04T09:{minute:02}:00Z", who="id:" + who, name="Ann Field" if who == clerk else "Bo Ash", why="an interruption")
page = mine.get("/looked").text
said = words(page)
t.hold("a visit goes on while another begins", "4 November 2026, 9:00am to 9:40am" in said and "3 pages" in said and "4 November 2026, 9:35am" in said, said[:1500])
t.hold("from and to, by the clocks of the place", "5 November 2026, 9:00am to 10:02am" in said, said[:1500])
t.hold("how many pages", "4 pages" in said)
t.hold("half an hour and a second is another visit", "5 November 2026, 10:32am" in said)
t.hold("another person's is another visit", "5 November 2026, 9:01am" in said and "another matter" in said)
t.hold("so is another day's", "5 November 2026, 11:50pm" in said and "6 November 2026, 12:05am" in said)
t.hold("the reason and what was seen, once", said.count("a call") == 2 and said.count("the account of 2025-26") >= 1, said.count("a call"))
t.hold("each can be objected to", page.count("I don&#39;t recognise this") + page.count("I don't recognise this") >= 5)
t.hold("in Welsh", "9:00yb i 10:02yb" in words(mine.get("/cy/looked").text))
t.hold("the home page counts visits", re.search(r"Your record was opened \d+ times since", words(mine.get("/home").text)))
for n in range(30):
    look(f"2026-10-{n % 28 + 1:02}T{10 + n // 28:02}:00:00Z", who=f"root{n}", name="", role="")


def pages_of(browser, path="/looked"):
    """The pages of visits, the newest first."""
    while path:
        said = browser.get(path)
        yield said
        path = (re.search(r'href="(/looked\?before=\d+)"', said.text) or [None, None])[1]


pages = [page.text for page in pages_of(mine)]
t.hold("many visits are on pages", len(pages) >= 2 and all("I don" in page for page in pages), len(pages))
t.hold("older pages lead to the newest", all('href="/looked"' in page for page in pages[1:]) and "The newest visits" not in words(pages[0]))
seen = [n for page in pages for n in re.findall(r'<li>[^<]*: [^<]*<a class="govuk-link" href="/looked/(\d+)"|<p class="govuk-body"><a class="govuk-link" href="/looked/(\d+)"', page)]
t.hold("no look is on two pages", len(seen) == len(set(seen)) and len(seen) > 40, len(seen))
t.hold("each visit is on one of them", all(sum(page.count(f"root{n}</h3>") for page in pages) == 1 for n in range(30)))
t.hold("with nothing older a page says so by having no link", mine.get("/looked?before=1").status == 200 and "Older visits" not in words(mine.get("/looked?before=1").text))
before = re.search(r"was opened (\d+) times", words(mine.get("/home").text)).group(1)
db.execute("begin")
db.execute("update access set id = id + 20000")
db.execute("update counter set last = last + 20000 where name = 'access'")
for n in range(9000):  # of years ago, so that the home page need not read them; beneath all others in the log
    db.execute("insert into access (party, id, at, who, person, name, role, machine, what, why, reach, place) values (?, ?, ?, 'root', 0, '', '', '', 'life', '', 0, 0)", (person, n + 1, f"2015-01-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z"))
db.execute("commit")
t.hold("the home page counts the same with a long log", f"was opened {before} times" in words(mine.get("/home").text))
db.execute("begin")
for n in range(50000):  # a helper's one and a half seconds, today, again and again
    second = n * 3 // 2
    db.execute("insert into access (party, id, at, who, person, name, role, machine, what, why, reach, place) values (?, ?, ?, ?, (select id from party where code = ?), 'Bo Ash', '', '', 'account', 'helping', 0, 0)",
               (person, 10**9 + n, f"2026-11-28T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z", "id:" + boss, boss))
db.execute("commit")
t.hold("of 50,000 looks the home page reads some, and says that there are more", "was opened at least 1 time since" in words(mine.get("/home").text), words(mine.get("/home").text)[:900])
t.hold("in Welsh", "o leiaf 1 " in words(mine.get("/cy/home").text), words(mine.get("/cy/home").text)[:900])
first = mine.get("/looked").text
older = re.search(r'href="/looked\?before=(\d+)"', first)
t.hold("the page of visits reads the newest 500, and leads to older ones", "500 pages" in words(first) and first.count("<li>") < 600 and older and int(older.group(1)) == 10**9 + 49500, (older, words(first)[:600]))
t.hold("on which the same visit goes on", "500 pages" in words(mine.get(f"/looked?before={older.group(1)}").text))
last = mine.get(f"/looked?before={10**9 + 1}").text
t.hold("to the earliest, and what was before", "28 November 2026, 12:00am" in words(last) and "Bo Ash" in last and "root29</h3>" in last, words(last)[:600])
t.hold("a page that is no number is refused", mine.get("/looked?before=x").status == 422)
server.stop()
t.end()
