#!/usr/bin/env python3
"""Public take-up: what anybody may see by benefit and place, as page, CSV and JSON, counted once a year and not changed by what comes after; no small figure, no name, no look; before anything is counted, and for a place that is
not known, the page says so."""
import csv
import io
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, until, words

t = Tally()
book = Book(1500)
server = Server(book, ["costly_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
FIGURES = "select * from take_up_figure order by 1, 2, 3"


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


until(lambda: rows("select 1 from edition limit 1"))
figures = rows(FIGURES)
looks = rows("select count(*) from access")
own, ward = (rows("select code from place where kind = ?", kind)[0][0] for kind in ("locality", "neighbourhood"))
page = Browser(server).get("/take-up")
shown = words(page.text)
t.hold("anybody reads how many seem entitled, receive it and are not known, and how it was reckoned", page.status == 200 and all(w in shown for w in ("Who receives what they are due", "seem entitled to it", "Of every 100 households that seem entitled, how many receive it",
       "Cannot be said", "Not claimed: an estimate.", "They were counted once, on", "By which law", "Local Government Finance Act 1992 section 13A", "Nobody is counted as entitled to a benefit for a disability")), shown[:2000])
t.hold("there are figures of each benefit that may be told, of the place and each under it", len(figures) == len({r[1] for r in figures}) * len({r[2] for r in figures}) and {"universal_credit", "council_tax_reduction"} <= {r[1] for r in figures}, len(figures))
t.hold("of a council tax reduction not everybody has it", [r[5] is None or r[6] is None or r[5] > r[6] for r in figures if r[1] == "council_tax_reduction" and r[2] == own] == [True], [r for r in figures if r[1] == "council_tax_reduction"])
t.hold("nothing about a disability is among them", not rows("select 1 from take_up_figure where variable like '%pip%' or variable like '%dla%' or variable like '%attendance%' or variable like '%disab%'"))
t.hold("no figure of fewer than ten is kept, nor one that is not rounded", all(n is None or n == 0 or (n >= 10 and n % 5 == 0) for row in figures for n in row[5:9]), figures)
t.hold("amounts are of thousands of pounds, and hidden with their households", all((r[9] is None or r[9] % 100000 == 0) and (r[7] is not None or r[9] is None) for r in figures), figures)
under = Browser(server).get(f"/place/{ward}/take-up")
t.hold("a place under it has its own, and leads up", under.status == 200 and 'href="/place/' + own in under.text, words(under.text)[:800])
account = Browser(server).get(f"/place/{ward}")
t.hold("the account of the place leads there", f'href="/place/{ward}/take-up"' in account.text)
told = json.loads(Browser(server).get(f"/place/{own}/take-up?format=json").text)
table = list(csv.DictReader(io.StringIO(Browser(server).get("/take-up?format=csv").text.lstrip("\ufeff"))))
t.hold("as JSON and CSV, hidden figures are null and hidden", told["place"] == own and {r["benefit"] for r in told["benefits"]} == {r["benefit"] for r in table if r["section"] == "benefits"} and all((a["missing"] is None) == (b["missing"] == "hidden") for a, b in zip(told["areas"], [r for r in table if r["section"] == "areas"])), (told, table[:3]))
t.hold("what is kept is what is shown", all((r["entitled"], r["receiving"], r["missing"], r["unsaid"]) in {x[5:9] for x in figures if x[1] == r["benefit"] and x[2] == own} for r in told["benefits"]), told["benefits"])
t.hold("in Welsh", "Pwy sy'n cael yr hyn sy'n ddyledus iddynt" in words(Browser(server).get("/cy/take-up").text))
t.hold("it says that the place is a sample", "These figures are of a sample place" in words(page.text) and "Ffigurau o le enghreifftiol" in words(Browser(server).get("/cy/take-up").text))
for path in ("/place/NOWHERE/take-up", "/place/E92000001/take-up", "/take-up?year=2001-02"):
    missing = Browser(server).get(path)
    t.hold(f"{path}: not found", missing.status == 404, missing.status)
t.hold("a year that is not counted says so", "Nothing has been counted for" in words(Browser(server).get("/take-up?year=2001-02").text))
t.hold("nobody's record was looked at", rows("select count(*) from access") == looks)

# ---- once ----
db.execute("delete from fact where variable = 'universal_credit_reported'")
for gone in ("edition_year", "edition_figures", "edition"):
    db.execute(f"delete from {gone}")
book.weal("publish", os.path.join(book.folder, "pages"), "--quiet")
t.hold("a later edition does not count again", rows("select 1 from edition") and rows(FIGURES) == figures, rows(FIGURES)[:9])
db.execute("delete from take_up_figure where variable <> 'child_benefit'")
for gone in ("edition_year", "edition_figures", "edition"):
    db.execute(f"delete from {gone}")
book.weal("publish", os.path.join(book.folder, "pages"), "--quiet")
t.hold("a benefit that was not told yet is counted with the next one", {r[1] for r in rows(FIGURES)} == {r[1] for r in figures} and [r for r in rows(FIGURES) if r[1] == "child_benefit"] == [r for r in figures if r[1] == "child_benefit"])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
