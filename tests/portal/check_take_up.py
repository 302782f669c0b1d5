#!/usr/bin/env python3
"""Who misses out, in the portal: staff look through the place for a purpose, see whom that found with a look at each, write once however often the button is pressed, and record what
came of it; who does not want letters gets none and is named no longer; nobody else is let in, and another body's staff see nothing of it."""
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, on_day

on_day("2026-12-01")
t = Tally()
book = Book(600)
server = Server(book, ["forms_each_minute = 1000", "looks_each_hour = 20"])


def ask(sql, *values):
    with sqlite3.connect(book.url[7:]) as db:
        return db.execute(sql, values).fetchall()


(staff_code, body), = ask("select p.code, b.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and b.kind = 'council' order by o.id limit 1")
(other_code,), = ask("select p.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and b.code <> ? order by o.id limit 1", body)
staff, other = Browser(server).sign_in(staff_code), Browser(server).sign_in(other_code)


jobs = []


def looked_through(fields):
    reply = staff.send("/missing-out", fields)
    if reply.status != 303:
        return reply
    jobs.append(reply["Location"])
    for _ in range(600):
        page = staff.get(reply["Location"])
        if page.status == 303:
            return staff.get(page["Location"])
        if "Running" not in page.text and "Finished" not in page.text:
            return page
        time.sleep(0.1)
    return page


page = staff.get("/missing-out")
t.hold("the form says purpose and law of each benefit", page.status == 200 and "Local Government Finance Act 1992" in page.text and "Needed: an information sharing agreement" in page.text)
t.hold("no disability benefit can be chosen", "personal_independence_payment" not in page.text and "attendance_allowance" not in page.text)
t.hold("the work page leads there", "/missing-out" in staff.get("/work").text)
reply = looked_through({"benefits": "pension_credit"})
t.hold("without an agreement it is refused at the field", reply.status == 422 and "agreement" in reply.text, reply.status)
reply = looked_through({})
t.hold("nothing chosen is refused", reply.status == 422, reply.status)
citizens = ask("select count(*) from access")[0][0]
reply = looked_through({"benefits": "child_benefit", "agreement": "DEA/7"})
(run, found), = ask("select id, found from take_up_run order by id desc limit 1")
path = f"/missing-out/{run}"
t.hold("the run is shown", reply.status == 200 and "DEA/7" in reply.text and "Child Benefit" in reply.text, reply.status)
t.hold("somebody was found", found > 0, found)
rows = ask("select p.code, p.name, f.party from take_up_found f join party p on p.id = f.party where f.run = ? order by f.party", run)
t.hold("each who is shown has a look with the purpose, past the bound of an hour",
       all(ask("select count(*) from access where party = ? and what like 'list of who misses out: Child Benefit' and why like 'Helping households%'", row[2])[0][0] for row in rows[:25]))
t.hold("another body's staff see none of it", other.get(path).status == 404 and other.get(path + "/letters").status == 404, other.get(path).status)
t.hold("and not how far it is", other.get(jobs[-1]).status == 404 and f'href="{jobs[-1]}"' not in other.get("/missing-out").text, jobs)
t.hold("another body's staff write none", other.send(path, {}).status in (400, 404, 422) and not ask("select count(*) from take_up_letter")[0][0])
first, last = rows[0], rows[-1]
citizen = Browser(server).sign_in(first[0])
t.hold("nobody has written yet", "Nobody has written to you" in citizen.get("/letters").text)
t.hold("a citizen is not let in", citizen.get(path).status in (403, 404) and citizen.send(path, {}).status in (403, 404))
objector = Browser(server).sign_in(last[0])
t.hold("one says no", objector.send("/letters", {"letters": "no"}).status == 303)
t.hold("and it stands", re.search(r'value="no"[^>]*checked|checked[^>]*value="no"', objector.get("/letters").text))

# ---- once, however many press at once ----
browsers = [Browser(server).sign_in(staff_code) for _ in range(4)]
for browser in browsers:
    browser.token()
replies = []
threads = [threading.Thread(target=lambda b=b: replies.append(b.send(path, {}))) for b in browsers]
[one.start() for one in threads]
[one.join() for one in threads]
letters = ask("select party, count(*) from take_up_letter where run = ? group by party", run)
t.hold("each pressed", [r.status for r in replies] == [303] * 4, [r.status for r in replies])
t.hold("each household has one letter", len(letters) == found - 1 and all(n == 1 for _, n in letters), (found, letters))
page = staff.get(path)
t.hold("why nobody wrote is said", "They do not want such letters" in page.text)
said = re.search(r"\?done=written[^\"]*", next(r["Location"] for r in replies) or "")
t.hold("what was written is said, and of nobody left out nothing", "letters were written. 1 household gets none" in staff.get(path + said.group(0)).text and "gets none" not in staff.get(path + "?done=written&count=3&left=0").text if said else False, replies[0]["Location"])
t.hold("who was written to shows in the filter", f"{len(letters)}" and staff.get(path + "?letters=left-out").text.count('href="/people/') == 1)
pdf = staff.get(path + "/letters")
t.hold("the letters are a PDF", pdf.status == 200 and pdf["Content-Type"] == "application/pdf" and pdf.body.startswith(b"%PDF") if hasattr(pdf, "body") else pdf.status == 200, pdf.status)

# ---- the person's own ----
(letter,), = ask("select id from take_up_letter where party = ?", first[2])
home = citizen.get("/home").text
t.hold("the home page says that there is a letter", f"/letters/{letter}" in home and "You may be able to get Child Benefit" in home)
text = citizen.get(f"/letters/{letter}").text
t.hold("the letter has the next step and no amount", "https://www.gov.uk/child-benefit/how-to-claim" in text and "£" not in re.sub(r"<nav.*?</nav>", "", text, flags=re.S))
t.hold("in Welsh", "Efallai y gallwch gael" in citizen.get(f"/cy/letters/{letter}").text)
t.hold("as PDF", citizen.get(f"/letters/{letter}?format=pdf")["Content-Type"] == "application/pdf")
t.hold("nobody else's", objector.get(f"/letters/{letter}").status == 404 and objector.get("/letters/999").status == 404)
t.hold("the citizen sees why they were found", "Helping households with multiple disadvantages" in citizen.get("/looked").text)

# ---- what came of it ----
one = f"{path}/letters/{letter}"
t.hold("what came of it can be said", staff.send(one, {"benefit": "child_benefit", "outcome": "wrong"}).status == 303)
t.hold("and is shown", "What we knew was wrong" in staff.get(one).text)
t.hold("an English letter on a Welsh page is marked as English", '<blockquote class="weal-quoted" lang="en">' in staff.get("/cy" + one).text and '<blockquote class="weal-quoted">' in staff.get(one).text)
t.hold("a search's title names its place", "<title>Who misses out in Harrowmere" in staff.get(path).text and "<title>Who misses out -" in staff.get("/missing-out").text, re.findall("<title>.*?</title>", staff.get(path).text))
ids = re.findall(r'\bid="([^"]+)"', staff.get("/missing-out").text)
t.hold("no two parts of the form have one id", len(ids) == len(set(ids)), ids)
t.hold("not of another benefit", staff.send(one, {"benefit": "pension_credit", "outcome": "wrong"}).status == 422)
t.hold("not without an answer", staff.send(one, {"benefit": "child_benefit"}).status == 422)
t.hold("not by another body", other.send(one, {"benefit": "child_benefit", "outcome": "wrong"}).status in (400, 404, 422) and other.get(one).status == 404)
subprocess.run([WEAL, "--store", book.url, "award", "make", first[0], "child_benefit", "--amount", "26.05", "--from", "2026-01-05", "--body", "hmrc", "--quiet"], check=True)
t.hold("the home page says it no more once it is awarded, and the letter can still be read", "You may be able to get" not in citizen.get("/home").text and f"/letters/{letter}" in citizen.get("/letters").text)
t.hold("an award counts before what was said", "Awarded" in staff.get(one).text and "£1,354.60 a year" in staff.get(one).text)

# ---- by telephone ----
staff = Browser(server).sign_in(staff_code)
phone = f"/people/{first[0]}/letters"
t.hold("a reason is asked first", staff.get(phone)["Location"] == f"/people/{first[0]}/reason")
staff.send(f"/people/{first[0]}/reason", {"reason": "They rang and want no letters"})
t.hold("staff note that a letter could harm", staff.send(phone, {"letters": "unsafe"}).status == 303 and ask("select unsafe from take_up_choice where party = ?", first[2]) == [(1,)])
citizen.send("/letters", {"letters": "yes"})
t.hold("which stays when the person chooses", ask("select refuses, unsafe from take_up_choice where party = ?", first[2]) == [(0, 1)])
reply = looked_through({"benefits": "child_benefit", "agreement": "DEA/7"})
t.hold("a later search counts who objects and names them not", ask("select objected from take_up_run order by id desc limit 1") == [(1,)] and last[1] not in staff.get(path.replace(str(run), str(run + 1))).text)
# ---- what the council decides itself is claimed on the portal ----
book.weal("do", "keeper-set", "name=Harrowmere", "portal=https://accounts.example.org")
looked_through({"benefits": "council_tax_reduction"})
(run,), = ask("select id from take_up_run order by id desc limit 1")
t.hold("letters of the council's own are written", staff.send(f"/missing-out/{run}", {}).status == 303)
(code, letter), = ask("select p.code, l.id from take_up_letter l join party p on p.id = l.party where l.run = ? order by l.id limit 1", run) or [(first[0], 0)]
text = Browser(server).sign_in(code).get(f"/letters/{letter}").text
reader = Browser(server).sign_in(code)
t.hold("the home page says that there is one", "You may be able to get Council Tax Reduction" in reader.get("/home").text)
sent = reader.send("/claim", {"variable": "council_tax_reduction", "agree": "yes"})
t.hold("and no more once it is claimed", sent.status == 303 and "You may be able to get Council Tax Reduction" not in reader.get("/home").text, sent.status, re.sub("<[^>]+>", " ", sent.text)[:900])
t.hold("and lead to its page, not elsewhere", "https://accounts.example.org/claim" in text and "gov.uk/apply-council-tax-reduction" not in text, re.sub("<[^>]+>", " ", text)[-2500:])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
