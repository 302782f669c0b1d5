#!/usr/bin/env python3
"""Tell us a change over HTTP: every journey to its end, its faults, hostile answers to every question, somebody else's pages, two languages."""
import csv
import os
import re
import sqlite3
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, on_day, weal

on_day("2026-12-01")
t = Tally()
book = Book()
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:])
people = book.living(8)
KINDS = ("name", "address", "household", "birth", "death")


def one(sql, *values):
    return db.execute(sql, values).fetchone()[0]


def party(code):
    return one("select id from party where code = ?", code)


def walk(b, steps, base="/tell-us-once", last="done"):
    """Posts each answer to the page where the one before led; returns the last page's text."""
    for number, (path, fields) in enumerate(steps):
        page = b.get(f"{base}/{path}").text
        token = re.search(rf'<form action="{base}/{path}".*?name="token" value="([^"]*)"', page, re.S)
        if not token:
            t.hold(f"{base}/{path} has its form", False, page[-3000:])
            return ""
        token = token.group(1)
        r = b.post(f"{base}/{path}", {"token": token, **fields})
        following = f"{base}/{steps[number + 1][0] if number + 1 < len(steps) else last}"
        if r.status != 303 or r["Location"] != following:
            t.hold(f"{base}/{path} leads to {following}", False, r.status, r["Location"], re.findall(r"govuk-error-message.*", r.text))
            return ""
        t.hold(f"{base}/{path} leads on", True)
    return b.get(following).text


def told(b):
    """The addresses of what they have told."""
    return re.findall(r'href="(/requests/\d+)"', b.get("/requests").text)


ann = Browser(server).sign_in(people[0])
for kind in KINDS:
    first = ann.get(f"/tell-us-once/{kind}")
    t.hold(f"{kind} begins with its first question", first.status == 303 and first["Location"].startswith(f"/tell-us-once/{kind}/"))
    t.hold(f"{kind}: who jumps ahead comes back", all(ann.get(f"/tell-us-once/{kind}/{end}")["Location"] == first["Location"] for end in ("check", "done")))
    page = ann.get(first["Location"])
    t.hold(f"{kind}: one heading, a way back, a token", page.text.count("<h1") == 1 and "govuk-back-link" in page.text and 'name="token"' in page.text)
    welsh = ann.get("/cy" + first["Location"])
    t.hold(f"{kind} in Welsh", welsh.status == 200 and ">Parhau<" in welsh.text and ">Continue<" not in welsh.text)

# ---- a name: at once, in both languages ----
text = walk(ann, [("name/name", {"name": "Ann O’Hŷr <i>"}), ("name/check", {})], last="name/done")
t.hold("a name is changed at once", one("select name from party where id = ?", party(people[0])) == "Ann O’Hŷr <i>" and "You have told us" in text)
t.hold("a name is shown escaped", "Ann O’Hŷr &lt;i&gt;" in ann.get(told(ann)[0]).text)
t.hold("who is told is said", "Passed on, not read yet" in text)
again = ann.send("/tell-us-once/name/check", {})
t.hold("sent twice is told once", again.status == 303 and one("select count(*) from case_file where party = ?", party(people[0])) == 1)

# ---- an address ----
ben = Browser(server).sign_in(people[1])
place = one("select p.code from place p join place up on up.id = p.parent where up.kind = 'locality' order by p.code desc limit 1")
walk(ben, [("address/place", {"place": place}), ("address/address", {"address-1": "1 Mill Lane", "address-2": "", "address-4": "Harrowmere", "postcode": "hm1 2ab", "uprn": ""}), ("address/from", {"from-day": "1", "from-month": "Nov", "from-year": "2026"}), ("address/check", {})], last="address/done")
t.hold("a move is in the register at once", one("select count(*) from residence r join residence h on h.party = r.household join place p on p.id = h.place where r.party = ? and r.place is null and p.code = ? and h.from_day = r.from_day", party(people[1]), place) == 1)

t.hold("the address is kept in its one form", db.execute("select h.lines, h.postcode from residence r join residence h on h.party = r.household where r.party = ? order by r.from_day desc limit 1", (party(people[1]),)).fetchone() == ("1 Mill Lane\nHarrowmere", "HM1 2AB"))
t.hold("and shown to them", "The address we have for you is 1 Mill Lane, Harrowmere, HM1 2AB." in ben.get("/tell-us-once").text)
home = one("select h.code from residence r join party h on h.id = r.household where r.party = ? order by r.from_day desc limit 1", party(people[1]))
t.hold("a home of one's own is a household, whose reference they can give to others", f">{home}<" in ben.get("/tell-us-once").text or home in ben.get("/tell-us-once").text, home)
t.hold("what the household pays in prices is still on the statement", "Taxes in prices" in ben.get("/statement").text)
for kind in ("people", "households"):
    with open(os.path.join(book.folder, f"{kind}.csv"), "w") as f:
        f.write(book.weal("export", kind))
row = next(row for row in csv.DictReader(open(os.path.join(book.folder, "people.csv"))) if row["id"] == people[1] and row["from"] == "2026-11-01")
t.hold("the export has it", row["household"] == home and row["place"] == "" and any(row["id"] == home and row["place"] == place and row["postcode"] == "HM1 2AB" and row["from"] == "2026-11-01" for row in csv.DictReader(open(os.path.join(book.folder, "households.csv")))), row)
again = os.path.join(book.folder, "again")
os.mkdir(again)
other = "sqlite:" + os.path.join(again, "weal.db")
for words in (["init", "--place", "HM,Harrowmere"], *(["import", kind, os.path.join(book.folder, f"{kind}.csv")] for kind in ("places", "households", "people"))):
    if words[-1].endswith("places.csv"):
        with open(words[-1], "w") as f:
            f.write(book.weal("export", "places"))
    made = weal("--store", other, *words)
    t.hold(f"{words[:2]} of what was exported", made.returncode == 0, made.stderr)
t.hold("and comes back as it was", all(weal("--store", other, "export", kind).stdout == open(os.path.join(book.folder, f"{kind}.csv")).read() for kind in ("people", "households")))
audit = weal("--store", book.url, "audit")
t.hold("the book is whole", audit.returncode == 0, audit.stdout[-500:], audit.stderr)
ben.send("/tell-us-once/address/place", {"place": place})
r = ben.send("/tell-us-once/address/address", {"address-1": "1 Mill Lane", "postcode": "HM1 2AV"})
t.hold("a postcode that is none is a fault of its field", r.status == 422 and 'href="#field-postcode"' in r.text and "Enter a postcode such as SW1A 2AA or BFPO 57, or leave it out" in r.text, r.status, r["Location"], re.findall(r"error-message.*", r.text))

# ---- a move to come is not said as done ----
fay = Browser(server).sign_in(people[7])
text = walk(fay, [("address/place", {"place": place}), ("address/address", {"address-1": "9 Quay Street"}), ("address/from", {"from": "2027-02-03"})], last="address/check")
t.hold("the check page says on which day", "Your record changes on 3 February 2027. Until then it stays as it is." in text and "as soon as you send this" not in text, text[-1500:])
text = fay.get(fay.send("/tell-us-once/address/check", {})["Location"]).text
t.hold("and the page afterwards", "Your record changes on 3 February 2027. Until then it stays as it is. The organisations below have been told." in text and "is changed" not in text, text[-1500:])
t.hold("and the request", "The record changes on" in fay.get(told(fay)[0]).text and "3 February 2027; until then it stays as it is" in fay.get(told(fay)[0]).text)
t.hold("in Welsh", "3 Chwefror 2027; tan hynny mae" in fay.get("/cy" + told(fay)[0]).text)
clerk = next(code for code, body in db.execute("select p.code, b.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' order by o.id") if body == "harrowmere-council")
desk = Browser(server).sign_in(clerk)
desk.because("a question", people[7])
page = desk.get(f"/people/{people[7]}").text
t.hold("staff read where they will live", "From 3 February 2027" in page and "9 Quay Street" in page, re.findall(r"__key\">.*", page))
number = told(fay)[0].rsplit("/", 1)[1]
page = desk.get(f"/inbox/{number}").text
t.hold("and from when", "3 February 2027; until then it stays as it is" in page, page[:300])

# ---- a move of long ago, or in a year that is closed, waits for staff ----
gil = Browser(server).sign_in(people[6])
book.weal("close", "2025-26")
before = db.execute("select * from residence where party = ?", (party(people[6]),)).fetchall()
for moved in ("2020-01-01", "2026-03-01"):
    text = walk(gil, [("address/place", {"place": place}), ("address/address", {"address-1": "3 Weir Road", "postcode": "hm12ab"}), ("address/from", {"from": moved})], last="address/check")
    t.hold(f"{moved}: the check page says that staff look first", "You moved in a year that is closed, or more than a year ago: staff look at this before your record changes." in text and "as soon as you send" not in text, text[-1500:])
    t.hold(f"{moved}: in Welsh", "mae staff yn edrych ar hyn cyn" in gil.get("/cy/tell-us-once/address/check").text)
    text = gil.get(gil.send("/tell-us-once/address/check", {})["Location"]).text
    t.hold(f"{moved}: and the page afterwards, with who answers and by when", "Staff look at a day so far back first." in text and "Answer due" in text and "is changed" not in text, text[-1500:])
    t.hold(f"{moved}: nothing has changed", db.execute("select * from residence where party = ?", (party(people[6]),)).fetchall() == before)
closing = one("select max(id) from entry where kind = 'closing'")
auditor = db.execute("select p.code from office o join party p on p.id = o.person where o.role = 'auditor' and o.to_day is null").fetchone()
if auditor:
    page = Browser(server).sign_in(auditor[0]).get(f"/audit/entries/{closing}").text
    t.hold("an auditor reads of a closing whom it covers, and that it has no items", "People it covers" in page and ">Lines<" not in page and "A closing has no items of its own" in page, page[-1500:])
waits = [path.rsplit("/", 1)[1] for path in told(gil)]
t.hold("both wait", one("select count(*) from case_file where party = ? and waits = 1", party(people[6])) == 2 and "Waits for an answer" in gil.get(f"/requests/{waits[0]}").text)
page = desk.get(f"/inbox/{waits[0]}").text
t.hold("staff read the postcode in its one form", "HM1 2AB" in page and "hm12ab" not in page and "HM1 2AB" in gil.get(f"/requests/{waits[0]}").text)
r = desk.send(f"/inbox/{max(waits, key=int)}", {"move": "accept", "words": ""})
t.hold("accepted, the record changes", r.status == 303 and one("select count(*) from residence where party = ? and from_day = unixepoch('2026-03-01') / 86400", party(people[6])) == 1, r.status)
t.hold("who accepted it is said", "Answered by" in gil.get(f"/requests/{max(waits, key=int)}").text and "Answered by" not in ben.get(told(ben)[0]).text)
r = desk.send(f"/inbox/{min(waits, key=int)}", {"move": "refuse", "words": "You lived at Mill Lane then."})
t.hold("refused, it stays", r.status == 303 and one("select count(*) from residence where party = ?", party(people[6])) == len(before) + 1 and "You lived at Mill Lane then." in gil.get(f"/requests/{min(waits, key=int)}").text)

# ---- who is told, and who is not ----
for kind, path, fields in (("birth", "birth/check", [("birth/name", {"name": "Fflur Un"}), ("birth/born", {"born": "2026-11-02"}), ("birth/sex", {"sex": "F"})]),
                           ("death", "death/check", [("death/whom", {"whom": "other"}), ("death/who", {"name": "Nobody Known", "born": "1950-01-01"}), ("death/died", {"died": "2026-11-01"})]),
                           ("address", "address/check", [("address/place", {"place": place}), ("address/address", {"address-1": "1 Mill Lane"}), ("address/from", {"from": "2026-11-05"})])):
    text = walk(ben, fields, last=path)
    lists = "These have items on your account and are not connected" in text
    t.hold(f"of {kind} only a new address is told to everybody with items on the account", lists == (kind == "address"), kind, text[-2500:])
first = ann.get("/tell-us-once").text
connected = {name for (name,) in db.execute("select distinct b.name from office o join body b on b.id = o.body where o.role = 'staff' and o.to_day is null")}
promised = re.search(r"Who we tell for you.*?</ul>", first, re.S)
promised = set(re.findall(r"<li>([^<]*)</li>", promised.group(0))) if promised else set()
t.hold("only organisations that take part are promised", promised and promised <= connected, promised, connected)
t.hold("the others are said to be told by oneself", "Who you still need to tell" in first and "are not connected to this service" in first)
for path in ("/tell-us-once", "/cy/tell-us-once"):
    t.hold(f"{path} has not the name of the bereavement service", "Tell us once" not in ann.get(path).text.replace("tell-us-once", "") and "Tell Us Once" not in ann.get(path).text)
cases = one("select count(*) from case_file")
page = ann.get("/requests/new/told-partner-in").text
t.hold("a kind that is only rows of the pack has a form", "A partner has moved in" in page and 'name="name"' in page)
r = ann.send("/requests/new/told-partner-in", {"name": "Bob Partner", "from": "2026-11-01", "about": ""})
t.hold("and is told", r.status == 303 and one("select count(*) from case_file where kind = 'told-partner-in' and waits = 0") == 1, r.status, re.findall(r"govuk-error-message.*", r.text))

# ---- what waits ----
cai = Browser(server).sign_in(people[2])
before = one("select count(*) from party where kind = 'person'")
text = walk(cai, [("birth/name", {"name": "Fflur"}), ("birth/born", {"born-day": "2", "born-month": "11", "born-year": "2026"}), ("birth/sex", {"sex": "F"}), ("birth/check", {})], last="birth/done")
t.hold("a birth waits", "Staff check it first" in text and one("select count(*) from party where kind = 'person'") == before)
text = walk(cai, [("household/what", {"what": "join"}), ("household/household", {"household": "H99999"}), ("household/from", {"from": "2026-11-01"}), ("household/check", {})], last="household/done")
t.hold("a household that is not there is told as one that is", "Staff check it first" in text)
text = walk(cai, [("death/whom", {"whom": "other"}), ("death/who", {"name": "Nobody Known", "born": "1950-01-01"}), ("death/died", {"died": "2026-11-01"}), ("death/check", {})], last="death/done")
t.hold("a death waits", "Staff check it first" in text)
t.hold("all of it is on the page of requests", len(told(cai)) == 3 and cai.get("/requests").text.count("Waits for an answer") >= 3)

def without_number(text):
    """Each form has its own number each time it is shown."""
    return re.sub(r'(name="token" value="[0-9a-f]{64})-[0-9a-f]{16}"', r'\1"', text)


stranger = without_number(cai.send("/tell-us-once/death/whom", {"whom": f"id:{people[5]}"}).text.replace(people[5], "X"))
nobody = without_number(cai.send("/tell-us-once/death/whom", {"whom": "id:P999999"}).text.replace("P999999", "X"))
t.hold("of a stranger one learns as much as of nobody", stranger == nobody and "Choose who has died" in stranger)

# ---- faults ----
r = cai.send("/tell-us-once/address/from", {"from-day": "31", "from-month": "2", "from-year": "2026"})
t.hold("an answer before its turn goes to the first question", r.status == 303 and r["Location"] == "/tell-us-once/address/place")
cai.send("/tell-us-once/address/place", {"place": place})
cai.send("/tell-us-once/address/address", {"address-1": "1 Mill Lane"})
r = cai.send("/tell-us-once/address/from", {"from-day": "31", "from-month": "2", "from-year": "2026"})
t.hold("a fault is shown with what was sent", r.status == 422 and "<title>Error:" in r.text and 'href="#field-from"' in r.text and 'value="31"' in r.text and "The date must be a real date" in r.text)
r = cai.send("/cy/tell-us-once/address/from", {"from-day": "31", "from-month": "2", "from-year": "2026"})
t.hold("a fault in Welsh", r.status == 422 and "ddyddiad go iawn" in r.text)
r = cai.send("/tell-us-once/address/from", {"from": "2900-01-01"})
t.hold("the register's own rule is a fault in words", r.status == 422 and "not be more than a year from now" in r.text)
for fields in ({"colour": "red"}, {"from": "2026-01-01", "from-day": "1"}, {}):
    r = cai.send("/tell-us-once/address/from", fields)
    t.hold(f"{fields} is refused or missed", r.status == (422 if not fields else 400), r.status)
r = cai.post("/tell-us-once/address/from", [("token", cai.token()), ("from", "2026-01-01"), ("from", "2026-01-01")])
t.hold("sent twice is refused", r.status == 400)

# ---- hostile answers ----
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' or '1'='1", "'; drop table party; --", "%s%n%p", "${7*7}", "{{name}}", "../../etc/passwd", "a\0b", "\u202eabc\u2066",
           "\x1b[31m", "\x7f", "٣", "x" * 20000, "-1", "99999999999999999999", "NaN", "\r\nSet-Cookie: a=b", "=cmd|'/c calc'!A1", " ", "\ufeff", "\U000e0041"]
RAW = [b"\xff", b"%C0%AF", b"%ED%A0%80", b"%", b"%zz", b"%00"]
QUESTIONS = {"name/name": ["name"], "address/place": ["place"], "address/address": ["address-2", "postcode", "uprn"], "address/from": ["from", "from-day", "from-month", "from-year"], "household/what": ["what"], "birth/name": ["name"],
             "death/whom": ["whom"]}
dee = Browser(server).sign_in(people[3])
dee.send("/tell-us-once/address/place", {"place": place})
dee.send("/tell-us-once/address/address", {"address-1": "1 Mill Lane"})
token = dee.token()
parties, notices = one("select count(*) from party"), one("select count(*) from case_file")
for question, names in QUESTIONS.items():
    for name in names:
        for value in HOSTILE:
            r = dee.post(f"/tell-us-once/{question}", {"token": token, name: value})
            if question.endswith("/name") and r.status == 303:
                page = dee.get(f"/tell-us-once/{question}").text
                t.hold(f"{question} {name} {value[:20]!r} is shown escaped", "<script>alert" not in page and "<img src=x" not in page and "\u202e" not in page)
            else:
                t.hold(f"{question} {name} {value[:20]!r}", r.status in (400, 422), r.status)
                t.hold(f"{question} {name} {value[:20]!r} comes back harmless", "<script>alert" not in r.text and "<img src=x" not in r.text and "\u202e" not in r.text and "Set-Cookie" not in r.headers.keys())
        for raw in RAW:
            body = b"token=" + token.encode() + b"&" + name.encode() + b"=" + raw
            r = dee.ask("POST", f"/tell-us-once/{question}", body, {"Origin": server.at, "Content-Type": "application/x-www-form-urlencoded"})
            t.hold(f"{question} {name} {raw!r}", r.status == 400, r.status)
try:
    megabyte = dee.post("/tell-us-once/name/name", {"token": token, "name": "x" * (1 << 20)}).status
except (BrokenPipeError, ConnectionResetError):
    megabyte = 413  # answered, and closed, before it was all sent
t.hold("a megabyte", megabyte == 413, megabyte)
t.hold("nothing was told by it", one("select count(*) from party") == parties and one("select count(*) from case_file") == notices)
for path in ("/tell-us-once/divorce", "/tell-us-once/name/%3Cscript%3E", "/tell-us-once/%27/x", "/tell-us-once/name/name/name", "/tell-us-once/divorce/check", "/tell-us-once/divorce/done"):
    t.hold(f"{path} is not there", dee.get(path).status == 404)

# ---- somebody else's ----
eve = Browser(server).sign_in(people[4])
paths = ["", "/name", "/name/name", "/name/check", "/name/done"]
for path in paths:
    got = [eve.get(f"/helping/{who}/tell-us-once{path}") for who in (people[0], "P999999", urllib.parse.quote("nhs:1"))]
    t.hold(f"not theirs to see: {path}", all(r.status == 404 for r in got) and len({r.text.replace(people[0], "X") for r in got}) == 1 or all(r.status == 404 for r in got))
r = eve.send(f"/helping/{people[0]}/tell-us-once/name/name", {"name": "Stolen"})
t.hold("not theirs to say", r.status == 404, r.status)
public = Browser(server)
t.hold("signed out: to sign in", all(public.get(f"/tell-us-once{path}").status == 303 for path in paths))
t.hold("signed out: no form", public.post("/tell-us-once/name/name", {"token": "", "name": "x"}).status == 403)

# ---- helping ----
db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, 9001, ?, 'tell', 'my friend', 0, null, '2026-01-01T00:00:00Z')", (party(people[0]), party(people[4])))
db.commit()
base = f"/helping/{people[0]}/tell-us-once"
looks = one("select count(*) from access where party = ?", party(people[0]))
t.hold("and reads of them, not of themselves", "Their name has changed" in eve.get(base).text and "They have moved, or will" in eve.get(base).text and "You have moved" not in eve.get(base).text and "Maent wedi symud" in eve.get("/cy" + base).text)
t.hold("who helps sees in whose name", "Ann O’Hŷr" in eve.get(base).text)
text = walk(eve, [("name/name", {"name": "Ann Again"}), ("name/check", {})], base=base, last="name/done")
t.hold("who helps tells for them", "You have told us" in text and one("select name from party where id = ?", party(people[0])) == "Ann Again")
t.hold("each page is a look", one("select count(*) from access where party = ?", party(people[0])) >= looks + 2)
db.execute("update act_for set to_day = 1 where id = 9001")
db.commit()
t.hold("when it has ended it is closed", eve.get(base).status == 404)

# ---- drafts ----
eve.send("/tell-us-once/birth/name", {"name": "Draft"})
t.hold("a draft is kept", one("select count(*) from draft where answers like '%Draft%'") == 1)
eve.send("/sign-out", {})
t.hold("and gone when one has signed out", one("select count(*) from draft where answers like '%Draft%'") == 0)

t.hold("nothing failed on the way", '"level":"error"' not in server.lines() and "fault" not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
