#!/usr/bin/env python3
"""Minimum standards: what anybody may see, counted once a year and not changed by what comes after; what one sees of oneself and one's child, and asks about, once through two doors; what staff who answer
for it have to do, each row a visit with the standard as its purpose."""
import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, on_day, until, words

on_day("2026-12-01")
t = Tally()
book = Book(400)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)


def rows(sql, *values):
    return db.execute(sql, values).fetchall()



# ---- for everybody ----
until(lambda: rows("select 1 from standard_figure limit 1"))
figures = rows("select * from standard_figure order by 1, 2, 3, 4")
own = rows("select people, kept, broken, unsaid from standard_figure where standard = 'income-at-pension-age' and dimension = 'place' and part = (select code from place where id = (select place from body where kind = 'council' limit 1))")
page = Browser(server).get("/standards")
shown = words(page.text)
t.hold("anybody reads what is promised, by which law, who answers, and since when it is counted", page.status == 200 and all(w in shown for w in ("An income at State Pension age", "Who answers for it: Department for Work and Pensions.", "State Pension Credit Act 2002 section 2",
       "The figures are of 2025-26", "They were counted once, on", "A figure is hidden where it")), shown[:1500])
t.hold("what is promised is said to be a promise, beside how often it is not known to be kept", "What is promised: Nobody of State Pension age lives on less" in shown, shown[:1500])
t.hold("a table is there where it has rows, and a sentence where none may be shown", all(re.search("<tbody[^>]*>\\s*<tr", table) for table in re.findall("<table.*?</table>", page.text, re.S)) and shown.count("By group") + shown.count("By age, sex and home nothing is shown") == len(re.findall("Who answers for it:", shown)), shown)
door = Browser(server).get("/standards/mine")
t.hold("whoever wants to know of themself is one step from their page, and signs in before it", 'href="/standards/mine">See what is known for you' in page.text and (door.status, door.headers.get("Location", "")[-8:]) in ((303, "/sign-in"), (200, "")), door.status, dict(door.headers))
t.hold("by place and by group", "By place" in shown and "People it is for" in shown and figures, len(figures))
t.hold("no figure of fewer than ten is kept, nor one that is not rounded", all(n is None or n == 0 or (n >= 10 and n % 5 == 0) for row in figures for n in row[6:]), figures)
t.hold("beside what is hidden no nought is shown", all(0 not in row[6:] or None not in row[6:] for row in figures), figures)
t.hold("in Welsh", "Safonau gofynnol" in words(Browser(server).get("/cy/standards").text))
db.execute("delete from fact where variable = 'state_pension_reported'")
book.weal("publish", os.path.join(book.folder, "pages"), "--quiet")
t.hold("what is told after is not counted again", rows("select * from standard_figure order by 1, 2, 3, 4") == figures)

# ---- for oneself, and one's child ----
child, parent = rows("""select c.code, p.code from fact f join party p on p.id = f.party join party c on c.id = f.other join residence r on r.party = c.id join residence s on s.party = p.id and s.household = r.household
                        where f.variable = 'responsible_for' and f.value = 'person' and c.born > 20100 and c.died is null and p.died is null order by c.born desc limit 1""")[0]
ann = Browser(server).sign_in(parent)
page = ann.get("/standards/mine")
t.hold("a parent sees what is promised to their child, and who answers", page.status == 200 and child in page.text and "Nothing shows that it was kept." in words(page.text) and "answers for it." in words(page.text), words(page.text)[:1500])
t.hold("with a button to ask", 'name="standard" value="new-baby-review"' in page.text and f'name="whose" value="{child}"' in page.text, re.findall(r'name="(?:standard|whose|year)" value="[^"]*"', page.text))
year = re.search(r'name="standard" value="new-baby-review">\s*<input type="hidden" name="year" value="([^"]*)"', page.text).group(1)
asked = {"standard": "new-baby-review", "year": year, "whose": child}
stranger = next(c for c in book.living(60) if c not in (parent, child))
t.hold("nobody else asks about them, and learns nothing", [Browser(server).sign_in(stranger).send("/standards/mine", {**asked, "whose": c}).status for c in (child, "P999999")] == [422, 422])
t.hold("what is kept is not asked about", ann.send("/standards/mine", {"standard": "school-place", "year": year}).status == 422)
doors = [Browser(server).sign_in(parent) for _ in range(3)]
threads = [threading.Thread(target=lambda b=b: b.send("/standards/mine", asked)) for b in doors]
[x.start() for x in threads]
[x.join() for x in threads]
t.hold("asked at three doors at once it is one request", rows("select count(*) from case_file where kind = 'standard-question'") == [(1,)], rows("select * from case_file where kind = 'standard-question'"))
t.hold("and says so", "It was asked about." in words(ann.get("/standards/mine").text))
looks = rows("select a.what, a.why from access a join party p on p.id = a.party where p.code = ?", child)
t.hold("the child's record notes both", ("standards", "a parent") in looks and ("standard new-baby-review", "a parent") in looks, looks)
t.hold("in Welsh too", "Yr hyn a addewir i chi o leiaf" in words(ann.get("/cy/standards/mine").text))

# ---- for who answers ----
staff = next(c for c, in rows("select p.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and b.kind = 'council'"))
clerk = Browser(server).sign_in(staff)
other = next(c for c, in rows("select p.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and b.kind <> 'council'"))
helped, helper = rows("select q.code, p.code from act_for a join party p on p.id = a.agent join party q on q.id = a.principal where a.scope like '%see%' and (a.to_day is null or a.to_day > unixepoch() / 86400) order by a.id")[0]
hal = Browser(server).sign_in(helper)
page = hal.get(f"/helping/{helped}/standards")
t.hold("a helper reads what is promised to whom they help, from the page of their help", page.status == 200 and "What they are promised at least" in words(page.text) and "for you" not in words(page.text).split("Sign out")[-1] and f'/helping/{helped}/standards"' in hal.get(f"/helping/{helped}").text, page.status, words(page.text)[:600])
t.hold("in Welsh", "Yr hyn a addewir iddynt o leiaf" in words(hal.get(f"/cy/helping/{helped}/standards").text))
t.hold("the look is noted, and nobody else reads it", rows("select count(*) from access a join party p on p.id = a.party where p.code = ? and a.what = 'standards'", helped)[0][0] > 0 and ann.get(f"/helping/{helped}/standards").status == 404)
reply = hal.send(f"/helping/{helped}/standards", {"standard": "school-place", "year": year})
t.hold("what is not asked about is refused to them too", reply.status in (404, 422), reply.status)
page = clerk.get("/inbox/standards")
shown = words(page.text)
t.hold("staff who answer see who, by when, and what next", page.status == 200 and all(w in shown for w in (child, f"A visit to a new baby, {year}", "1 request", "Answer: what you do about it, or how it was kept")), shown[:1500])
t.hold("each row is a visit with the standard as its purpose", ("standard new-baby-review", "A visit to a new baby") in rows("select a.what, a.why from access a join party p on p.id = a.party where p.code = ? and a.who = ?", child, f"id:{staff}"))
t.hold("the filter chooses", [child in clerk.get(f"/inbox/standards?{q}").text for q in ("standard=school-place", "standard=new-baby-review", "which=late", f"year={year}")] == [False, True, False, True])
seen = len(rows("select 1 from access"))
t.hold("who does not answer for it sees nobody, and leaves no visit", child not in Browser(server).sign_in(other).get("/inbox/standards").text and len(rows("select 1 from access where who = ?", f"id:{other}")) == 0)
t.hold("no citizen opens it", ann.get("/inbox/standards").status == 404)
number = rows("select id from case_file where kind = 'standard-question'")[0][0]
for language, said in (("", f"A visit to a new baby, {year}"), ("/cy", f"Ymweliad â babi newydd, {year}")):
    t.hold("a request says what it is about in words" + language, said in words(clerk.get(f"{language}/inbox/{number}").text) and "standard:" not in words(clerk.get(f"{language}/inbox/{number}").text), words(clerk.get(f"{language}/inbox/{number}").text)[:800])
t.hold("the case is answered in the inbox", clerk.send(f"/inbox/{number}", {"move": "put-right", "words": "A visit is made on Monday"}).status == 303)
t.hold("answered it waits no more", child not in clerk.get("/inbox/standards").text and child in clerk.get("/inbox/standards?which=answered").text)
# ---- of a whole place ----
boss = Browser(server).sign_in(rows("select p.code from office o join party p on p.id = o.person where o.role = 'administrator'")[0][0])


def run(path, of):
    """The page of a run once it is over."""
    page = boss.send(path, of)
    at = page["Location"] and page["Location"].replace(server.at, "")
    ended = page.status == 303 and until(lambda: (lambda p: p if "Running" not in p.text else None)(boss.get(at)))
    return words(ended.text) if ended else f"{page.status}: {words(page.text)}"


everybody = [row for row in csv.DictReader(io.StringIO(book.weal("standards", "check", "--year", year, "--who", "--format", "csv"))) if row["section"] == "breaches"]
once = "select count(*), count(distinct party || subject), sum(subject = 'standard:new-baby-review:' || ?) from case_file where kind = 'standard-question'"
t.hold("nobody but an administrator opens the requests of a place", [b.get("/admin/standards").status for b in (clerk, ann)] == [404, 404] and clerk.send("/admin/standards", {"year": year, "confirmed": "yes"}).status == 404)
t.hold("the form names standards and places, and the way to it is on the administrators' page", "new-baby-review" in (form := boss.get("/admin/standards").text) and 'name="place"' in form and 'href="/admin/standards"' in boss.get("/admin").text)
t.hold("what is wrong with it is said at once", [boss.send("/admin/standards", {"year": year, **of}).status for of in ({"standard": "nothing"}, {"place": "E99"}, {"year": "2099-00"}, {"year": "2098-99"})] == [422] * 4)
before, seen = rows(once, year), rows("select count(*) from access")
counted = run("/admin/standards", {"year": year})
t.hold("it is counted first: how many, how many were asked about, to whom, and for what", f"Not known to be kept {len(everybody)} " in counted and "Asked about before 1 " in counted and "Requests to " in counted and "Purpose Whoever answers for the standard" in counted and "Open the requests" in counted, counted)
t.hold("counting opens nothing, names nobody and looks at nobody", rows(once, year) == before and not any(r["person"] in counted for r in everybody) and rows("select count(*) from access") == seen)
verb = subprocess.Popen([WEAL, "--store", book.url, "standards", "ask", "--year", year, "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
killer = threading.Timer(0.15, verb.kill)
killer.start()
asked = run("/admin/standards", {"year": year, "confirmed": "yes"})
verb.wait(60)
killer.cancel()
t.hold("by the button and by a verb that is killed at once: each has one request, and the result says how many", re.search(r"(\d+ requests? (was|were) opened|There is nothing)", asked) and rows(once, year)[0][:2] == (len(everybody),) * 2, asked, rows(once, year), len(everybody))
looked = rows("select count(distinct a.party || a.what) from access a where a.what like 'standard %' and (a.who like 'id:%' or a.why like '%command line%')")[0][0]
t.hold("a look at each of them is noted, with the standard", looked >= len(everybody), looked, len(everybody))
t.hold("asked again, nothing is opened", (again := run("/admin/standards", {"year": year, "confirmed": "yes"})) and f"0 requests were opened. {len(everybody)} people had been asked about before." in again and rows(once, year)[0][:2] == (len(everybody),) * 2, again)
t.hold("and the count has nobody left", "There is nobody left to ask about." in run("/admin/standards", {"year": year, "standard": "new-baby-review"}))
t.hold("in Welsh", "Gofyn am safonau gofynnol lle cyfan" in words(boss.get("/cy/admin/standards").text))
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
book.weal("audit")
t.end()
