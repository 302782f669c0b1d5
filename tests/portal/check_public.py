#!/usr/bin/env python3
"""Public pages: no name and no identifier of anybody in any of them; what is shown is the account, rounded, and what must be hidden is. (tests/attack/attack_figures.py tries to compute what is hidden.)"""
import csv
import io
import json
import os
import re
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, weal

t = Tally()
book = Book(300)
with open(os.path.join(book.folder, "paid.csv"), "w") as f:
    f.write("date,body,supplier,amount,category\n2025-05-01,harrowmere-council,Acme Ltd,10.00,home-care\n2025-05-02,harrowmere-council,Mr John Smith,20.00,residential-care\n")
book.weal("import", "spend", f.name, "--quiet")
keys = os.path.join(book.folder, "keys")
made = weal("key", "new", "town", "--keys", keys)
book.weal("head", "--keys", keys)
server = Server(book)


class Visitor(Browser):
    """Asks again for a page that is being made, as the page says: a place's account, on a busy machine."""

    def get(self, path, **more):
        page, end = super().get(path, **more), time.monotonic() + 60
        while page.status == 202 and time.monotonic() < end:
            t.hold("a page that is being made comes again", page["Refresh"])
            time.sleep(0.2)
            page = super().get(path, **more)
        return page


public = Visitor(server)
t.hold("the account of the place", public.get("/place").status == 200)

# ---- every public page there is a link to ----
seen, todo, pages = set(), ["/", "/place", "/cy/place", "/heads", "/cy/heads"], {}
while todo:
    path = todo.pop()
    if path in seen:
        continue
    seen.add(path)
    page = public.get(path)
    pages[path] = page
    if page.status != 200 or "text/html" not in (page["Content-Type"] or ""):
        continue
    for link in re.findall(r'href="(/[^"#]*)"', page.text):
        link = link.replace("&amp;", "&")
        if re.match(r"/(cy/)?(place|heads|standards(?!/mine)|help(?:/|$)|keeper|check|privacy|cookies|accessibility|$)", link):
            todo.append(link)
bad = [path for path, page in pages.items() if page.status != 200]
t.hold("what everybody is promised is there in both languages, with its law and who answers for it", "Education Act 1996 sections 7, 8, 14 and 436A" in pages["/standards"].text and "Lle mewn ysgol" in pages["/cy/standards"].text
       and "Education by the local authority" in pages["/standards"].text)
t.hold("every link of a public page leads somewhere", not bad, bad[:5])
t.hold("many pages were looked at", len(pages) > 300, len(pages))
t.hold("none sets a cookie", not any(page["Set-Cookie"] for page in pages.values()))
t.hold("accounts may be kept", all("public" in (page["Cache-Control"] or "") for path, page in pages.items() if "place" in path), pages["/place"]["Cache-Control"])

# ---- under which licence ----
LICENCE, AT = "Open Government Licence v3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
town = re.search(r'href="(/place/[^/"?]+/table/ages)', pages["/place"].text).group(1)
for path in ("/place", town, "/keeper"):
    t.hold(f"{path} names the licence of the data and links to it", f'href="{AT}">{LICENCE}</a>' in public.get(path).text)
t.hold("in Welsh too", f'href="{AT}">Trwydded Llywodraeth Agored v3.0</a>' in public.get("/cy/place").text)
files = os.path.join(book.folder, "published")
book.weal("publish", files, "--quiet")
with open(os.path.join(files, "README.txt"), encoding="utf-8") as f:
    t.hold("so does the README of the files", f"{LICENCE}, {AT}" in " ".join(f.read().split()))
with open(os.path.join(files, "index.json"), encoding="utf-8") as f:
    index = json.load(f)
t.hold("and their index", (index["licence"], index["licence_address"]) == (LICENCE, AT), index["licence"])

with sqlite3.connect(book.url[7:]) as db:
    people = db.execute("select id, code, name, email from party where kind = 'person'").fetchall()
    identifiers = [row[0] for row in db.execute("select value from identifier")]
everything = b"\n".join(page.body for page in pages.values()).decode("utf-8", "replace")
names = [name for _, code, name, email in people for name in (name,) if name]
t.hold("people were found", len(names) >= 300, len(names))
t.hold("no name", not [name for name in names if name in everything])
t.hold("no reference", not [code for _, code, _, _ in people if code in everything and re.search(rf"\b{re.escape(code)}\b", everything)])
t.hold("no identifier", not [value for value in identifiers if value in everything])
t.hold("no address of mail", not [email for _, _, _, email in people if email and email in everything])

# ---- what is hidden ----
code = json.loads(public.get("/place?format=json").text)["place"]
below = [row["key"] for row in json.loads(public.get("/place?format=json").text)["places"] if row["key"]]
t.hold("there are places under it", len(below) > 2, below)


def table(place, name):
    reply = public.get(f"/place/{place}/table/{name}.csv")
    assert reply.status == 200, (place, name, reply.status)
    t.hold(f"{name} of {place} is CSV", (reply["Content-Type"] or "").startswith("text/csv"))
    t.hold(f"{name} of {place} begins with a byte-order mark", reply.text.startswith("\ufeff"))
    return list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"))))


MEASURES = ("paid", "received", "services", "given_minutes", "employer")
accounts = {place: {row["key"]: row for row in table(place, "category")} for place in [code] + below}
hidden = [(p, k) for p, rows in accounts.items() for k, row in rows.items() if row["hidden"] == "yes"]
t.hold("something is hidden", hidden)
t.hold("and people see it", ">hidden</td>" in pages["/place"].text and ">cuddiwyd</td>" in pages["/cy/place"].text)
few = [(p, k) for p, rows in accounts.items() for k, row in rows.items() if row["people"] != "hidden" and int(row["people"]) < 10]
t.hold("nobody is shown among fewer than ten", not few, few[:5])
for name in ("ages", "reach", "localities"):
    shown = [v for row in table(code, name) for v in row.values() if re.fullmatch(r"[0-9]+", v or "") and 0 < int(v) < 10]
    t.hold(f"nor in {name}", not shown, shown)

# ---- against the staff's account: rounded, each by itself ----
def rounded(n, unit):
    return (abs(n) + unit // 2) // unit * unit * (1 if n >= 0 else -1)


UNITS = {measure: 6000 if measure == "given_minutes" else 100000 for measure in MEASURES}
staff = json.loads(book.weal("place", "--year", "2025-26", "--format", "json"))
totals = json.loads(public.get("/place?format=json").text)["total"]
t.hold("totals are those of the account, rounded", all(totals[m] is None or totals[m] == rounded(staff["total"][m], UNITS[m]) for m in MEASURES), (totals, staff["total"]))
t.hold("and some are shown", any(totals[m] for m in MEASURES))
by = {row["key"]: row for row in json.loads(public.get("/place?format=json").text)["by"]}
differs = [row["key"] for row in staff["by"] if row["key"] in by and not by[row["key"]]["hidden"]
           and (by[row["key"]]["people"] != rounded(row["people"], 5) or any(by[row["key"]][m] != (rounded(row[m], UNITS[m]) if row["key"] != "social-housing" or m != "services" else None) for m in MEASURES))]
t.hold("so are people and amounts of each category", not differs, differs)
page = public.get("/place").text
t.hold("services without a unit cost are not valued, and never £0", re.search(r"not valued", page) and by["social-housing"]["people"] and by["social-housing"]["services"] is None, by.get("social-housing"))
lived = json.loads(public.get("/place?format=json").text)["people"]
a_head = [f"£{(2 * totals[m] + lived * 100) // (2 * lived * 100):,}" for m in ("paid", "received", "services")]
t.hold("what it is for one person, from the rounded figures", f"Per person: paid about {a_head[0]}, received about {a_head[1]} in benefits, pensions and grants, and used services that cost about {a_head[2]}." in page and page.count("per person: about ") >= 3, a_head, re.findall(r"Per person.*", page))
t.hold("as in the tables", all(page.count(f">{n}<") >= 1 for n in a_head), a_head)
order = [page.find(words) for words in (f"<p>About {lived:,} people lived here in the year.</p>", "In this account is", '<dl class="headline">', 'class="weal-choose ', '<nav class="contents"')]
t.hold("sentences and figures come before the choice of years and areas", -1 not in order and order == sorted(order) and page.count("In this account is") == 1, order)
t.hold("what lies within the place is named after it, here and in the contents", page.count("Areas within Harrowmere") >= 3 and "places under" not in page)
t.hold("who moved is in several areas, which it says under their table and not in the notes", page.count("is counted in each area they lived in") == 1 and page.index("is counted in each area they lived in") < page.rindex("Where these figures come from"), page.count("is counted in each area they lived in"))
t.hold("the prices of its services are said before its figures", re.search(r"Services are counted at the prices of 20\d\d-\d\d to 20\d\d-\d\d, the latest that we hold\. They are not raised for inflation\.", page))
hidden = [row for row in json.loads(public.get("/place?format=json").text)["by"] if row["hidden"]]
t.hold("a chart says that what is hidden is not in it", not hidden or ("Hidden, and so not in the chart: " in page and "The largest of those that are shown" in page), hidden[:2])
t.hold("rows of groupings are said to be sums of rounded figures", "each row is the sum of figures that are rounded already" in page)
t.hold("people read that figures are rounded", "rounded" in pages["/place"].text and "talgrynnu" in pages["/cy/place"].text)
exact = [(p, k, m) for p, rows in accounts.items() for k, row in rows.items() for m in MEASURES
         if row[m] not in ("hidden", "too large", "") and round(float(row[m]) * (1 if m == "given_minutes" else 100)) % UNITS[m]]
t.hold("no exact amount is in any table", not exact, exact[:5])
few = {row["key"] for row in staff["by"] if row["people"] < 10}
t.hold("fewer than ten people are hidden", all(by[key]["hidden"] for key in few if key in by), few)

prices, exact = json.loads(public.get("/place?format=json").text)["in_prices"], staff["in_prices"]
t.hold("taxes in prices are of the households, rounded to five", prices["households"] == rounded(exact["households"], 5) and exact["households"] >= 10, (prices["households"], exact["households"]))
t.hold("each to 1,000 pounds, and their total is theirs", prices["total"] == sum(l["amount"] for l in prices["lines"]) and not any(l["amount"] % 100000 for l in prices["lines"]) and prices["table"]["estimated"], prices)
t.hold("they are a table too", [(row["category"], round(float(row["amount"]) * 100)) for row in table(code, "in-prices")] == [(l["category"], l["amount"]) for l in prices["lines"]])
t.hold("and people read what they are", "not what people here paid" in pages["/place"].text and "Trethi mewn prisiau" in pages["/cy/place"].text)

# ---- a year that the edition does not have ----
due = re.search(r"The next edition comes on ([^.<]+)\.", public.get("/payments").text).group(1)
for path in ("/payments?year=2031-32", "/payments/nowhere?year=2031-32"):
    page = public.get(path)
    t.hold(f"{path}: when it comes, and the years that are there", page.status == 404 and "No payments are shown for 2031-32" in page.text and f"The next edition comes on {due}." in page.text and "/payments?year=2025-26" in page.text, page.status, page.text[-1500:])
t.hold("in Welsh", "Ni ddangosir taliadau ar gyfer 2031-32" in public.get("/cy/payments?year=2031-32").text)

# ---- what the payments of an organisation can be searched for ----
year, payer = next(((y, m.group(1)) for y in ("2025-26", "2024-25", "2023-24") if (m := re.search(rf'href="(/payments/[^"?]+)\?year={y}"', public.get(f"/payments?year={y}").text))), ("", ""))
found = list(csv.DictReader(io.StringIO(public.get(f"{payer}/file?year={year}").text)))
offered = set(re.findall(r'<option value="([^"]+)"', public.get(f"{payer}?year={year}").text.split('name="category"')[-1].split("</select>")[0]))
t.hold("only what it paid for is offered", found and offered == {row["category"] for row in found if row["supplier"] != "a private person"} | {"supplier-payment"}, len(found), sorted(offered)[:12], sorted({row["category"] for row in found})[:12])

# ---- pages that do not exist ----
for path in ("/place/NOWHERE", f"/place/{people[0][1]}", "/place?year=1990-91", f"/place/{code}/table/names", f"/place/{code}/table/category.pdf", "/heads/999999", "/heads/x"):
    t.hold(f"there is no {path}", public.get(path).status == 404, public.get(path).status)
t.hold("what is not asked so is refused", public.get("/place?by=name").status in (400, 422) and public.get("/place?x=1").status == 400)

# ---- the heads ----
size = re.search(r'href="/heads/(\d+)"', pages["/heads"].text).group(1)
note = public.get(f"/heads/{size}?format=note")
t.hold("a head is given as it was signed", note.status == 200 and note.text.split("\n")[1] == size and "attachment" in (note["Content-Disposition"] or ""), note.text[:80])
path = os.path.join(book.folder, "head.txt")
with open(path, "w") as f:
    f.write(note.text)
t.hold("and an audit holds against it", weal("--store", book.url, "audit", "--against", path).returncode == 0)

# ---- one posting is not revealed by asking before and after it ----
person = book.living(1)[0]
before = public.get("/place?format=json").text
rows = os.path.join(book.folder, "one.csv")
with open(rows, "w") as f:
    f.write(f"date,person,category,amount\n2025-12-01,{person},state-pension,12345.67\n")
book.weal("import", "entries", rows, "--quiet")
time.sleep(1)
t.hold("one line alone makes no new account", public.get("/place?format=json").text == before)

t.hold("its end", server.stop() == 0)
t.end()
