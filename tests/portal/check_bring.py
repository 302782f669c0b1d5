#!/usr/bin/env python3
"""A file of payments that nobody has seen is brought in on a page: what was understood is shown, changed, and posted once, from two doors, with a kill between; a workbook; bad files; nobody else's."""
import fcntl
import io
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, until, weal, words

t = Tally()
book = Book()
SETTINGS = ["forms_each_minute = 10000"]
server = Server(book, SETTINGS)
BODY = "harrowmere-council"
MAY = b"""Payments of May 2024
Supplier,Date,Value,Value,Item
Acme Ltd,01/05/2024,10.00,12.00,Pens
Bolt & Co,02/05/2024,20.00,24.00,Ink
Bad Day,someday,1.00,1.20,Ink
,,31.00,,
"""
ANSWER = {f"column-{i}": m for i, m in enumerate(["supplier", "date", "amount", "-", "description"], 1)}
ANSWER.update({"order": "as-found", "sign": "as-is", "vat": "without"})


def rows(sql, *values):
    with sqlite3.connect(book.url[7:], timeout=20) as db:
        return db.execute(sql, values).fetchall()


def main(reply):
    return words(reply.text.split("<main", 1)[-1])


def bring(browser, name, data, path="/admin/files", **fields):
    return browser.upload(path, {"token": browser.token(), "body": BODY, **fields}, name, data)


def preview(browser, at):
    """The number of the preview that the page shows, which its button posts."""
    found = re.search(r'name="preview" value="(\d+)"', browser.get(at).text)
    return found.group(1) if found else ""


def post(browser, at, **fields):
    return browser.send(at, {"preview": preview(browser, at), **fields})


def importing():
    """The lock of an import under way, until it is closed."""
    held = open(book.url[7:] + "-import", "a")
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def ended(browser, reply):
    """The page of the run that a posting began, when it is over."""
    assert reply.status == 303, (reply.status, words(reply.text)[:500])
    until(lambda: browser.get(reply["Location"])["Refresh"] is None)
    return browser.get(reply["Location"])


def workbook(*cells):
    """The least workbook that a spreadsheet would open."""
    table = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' if isinstance(c, str) else f"<c><v>{c}</v></c>" for c in row) + "</row>" for row in cells)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="May" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{table}</sheetData></worksheet>')
    return out.getvalue()


codes = book.administrators()
boss, again, other = Browser(server).sign_in(codes[0]), Browser(server).sign_in(codes[0]), Browser(server).sign_in(codes[1])
citizen = Browser(server).sign_in(book.living(1)[0])

# ---- what is not sure is asked, changed, looked at and posted ----
t.hold("the form", "Bring in a file of payments" in main(boss.get("/admin/files")) and citizen.get("/admin/files").status == 404)
before = rows("select (select count(*) from import), (select count(*) from line), (select count(*) from body_profile)")
r = bring(boss, "may.csv", MAY)
at = r["Location"]
t.hold("a file that nobody has seen is brought", r.status == 303 and at.startswith("/admin/files/"), r.status, words(r.text)[:300])
page = main(boss.get(at))
t.hold("what is not sure is asked, and not posted", "We cannot tell what every column means" in page and "Record these payments" not in page, page[:900])
t.hold("its columns are shown with how sure each is", "Supplier Who was paid 90 of 100" in page and "Bolt & Co" in page, page[:900])
shown = boss.get(at + "/columns").text
t.hold("the form of its columns begins with what was understood", re.search(r'<option value="amount" selected', shown) and "Value#2" in shown)
for what, answer, sentence in (("two amounts", {**ANSWER, "column-4": "amount"}, "Choose one column as the amount, not several."), ("no payee", {**ANSWER, "column-1": "-"}, "Choose which column is the amount"),
                               ("two days", {**ANSWER, "column-5": "date"}, "Choose one column each")):
    r = boss.send(at + "/columns", answer)
    t.hold(f"{what} are refused with a sentence", r.status == 422 and sentence in words(r.text), r.status, words(r.text)[:400])
r = boss.send(at + "/columns", ANSWER)
t.hold("what a person says is taken", r.status == 303 and r["Location"] == at, r.status, words(r.text)[:400])
page = main(boss.get(at))
for what in ("Nothing is recorded yet", "Lines read 6", "Payments 2, £30.00", "Refused 1, £1.00", "Lines that are not payments 3", "The file's own total £31.00, which agrees", "Days are written as dd/mm/yyyy", "The amounts are without VAT",
             "2 new payees", "2 not known", "3 1 May 2024 Acme Ltd £10.00", "5 Date someday 'someday' is not a day"):
    t.hold(f"the preview says: {what}", what in page, page[:2500])
t.hold("nothing is in the book yet", rows("select (select count(*) from import), (select count(*) from line), (select count(*) from body_profile)") == before)
t.hold("in Welsh", "Gwiriwch yr hyn a ddeallwyd gennym" in boss.get("/cy" + at).text and "Ystyr y colofnau" in boss.get("/cy" + at + "/columns").text)
for path in (at, at + "/columns"):
    t.hold(f"nobody else sees it: {path[-8:]}", other.get(path).status == 404 and citizen.get(path).status == 404)
t.hold("or posts it, or says what it means", other.send(at, {}).status == 404 and other.send(at + "/columns", ANSWER).status == 404)
# ---- what is posted is what was shown ----
OTHER = {**ANSWER, "column-3": "-", "column-4": "amount", "sign": "turned"}
stale = preview(boss, at)
t.hold("it is answered once more", boss.send(at + "/columns", OTHER).status == 303 and "£36.00" in main(boss.get(at)), main(boss.get(at))[:900])
r = boss.send(at, {"preview": stale, "ways": "partial"})
t.hold("another preview than the one that stands is not posted", r.status == 422 and "Look at it again, and then record it" in main(r) and "£36.00" in main(r), r.status, main(r)[:600])
t.hold("and the button of the page that says so posts what it shows", f'name="preview" value="{preview(boss, at)}"' in r.text and preview(boss, at) != stale)
t.hold("nor one without a number", boss.send(at, {"ways": "partial"}).status == 422)
t.hold("it is answered as before", boss.send(at + "/columns", ANSWER).status == 303 and "Payments 2, £30.00" in main(boss.get(at)))
held, now = importing(), preview(boss, at)
r = boss.send(at + "/columns", OTHER)
t.hold("an answer while another import runs is refused", r.status == 422 and "Another import, closing or audit is running" in main(r), r.status, main(r)[:400])
t.hold("and the preview that stands stays", "Payments 2, £30.00" in main(boss.get(at)) and preview(boss, at) == now, main(boss.get(at))[:900])
posted = post(boss, at)
r = boss.send(at + "/columns", OTHER)
t.hold("nothing is changed while it is posted", posted.status == 303 and r.status == 422 and "These payments are being recorded now" in main(r), posted.status, r.status, main(r)[:400])
held.close()
r = ended(boss, posted)
t.hold("a refused line refuses the file, and it can be posted again", "Refused" in main(r) and boss.get(at).status == 200 and rows("select count(*) from import")[0][0] == before[0][0], main(r)[:600])
r = ended(boss, post(boss, at, ways="partial"))
page = main(r)
t.hold("every line is accounted for", "Lines read: 6 Recorded: 2, £30.00 Refused: 1, £1.00 Lines that are not payments: 3" in page and f"Read by the profile {BODY} version 1" in page, page[:900])
WHEN = "Anybody can see these payments at the earliest with the next edition of the public account, on "
t.hold("it is said when anybody can see them", WHEN in page and WHEN in main(boss.get(re.search(r'/admin/imports/\d+(?=")', r.text).group(0))), page[:1500])
t.hold("its refused lines can be saved", "5,Date,someday" in boss.get(r.text.split('/rejects"')[0].rsplit('"', 1)[1] + "/rejects").text)
t.hold("the book has it, and the answer", rows("select file, rows, rejected, amount, profile from import order by id desc limit 1") == [("may.csv", 3, 1, 3000, f"{BODY} version 1")]
       and rows("select version, made_by, reason from body_profile") == [(1, f"id:{codes[0]}", "made for may.csv")])
t.hold("the file is gone", boss.get(at).status == 404 and boss.send(at, {"ways": "partial"}).status == 404)
number = re.search(r'/admin/imports/(\d+)"', r.text).group(1)

# ---- VAT that is taken off, in the total too, and payees that come again ----
at = bring(boss, "vat.csv", b"Supplier Name,Payment Date,Gross,VAT,What For\nAlder Ltd,01/06/2024,12.00,2.00,Pens\nAlder Ltd,02/06/2024,24.00,4.00,Ink\nBirch Ltd,03/06/2024,36.00,6.00,Gas\nTOTAL,,72.00,12.00,\n")["Location"]
page = main(boss.get(at))
for what in ("The file's own total £72.00 with VAT, less VAT of £12.00: £60.00, which agrees", "VAT The file's VAT is taken off its amounts", "The first payments, without VAT", "Who was paid 2 new payees; 1 further payment to them What", "What For Description 90 of 100"):
    t.hold(f"the preview says: {what}", what in page, page[:2500])
t.hold("and its columns begin with VAT", re.search(r'value="with" checked', boss.get(at + "/columns").text), boss.get(at + "/columns").text[-3000:])

# ---- the next file of the body ----
JUNE = MAY.replace(b"May", b"June").replace(b"/05/", b"/06/").replace(b"Bad Day,someday,1.00,1.20,Ink\n,,31.00,,", b"Acme Ltd,30/06/2024,1.00,1.20,Ink\n,,31.00,,")
at = bring(boss, "june.csv", JUNE)["Location"]
page = main(boss.get(at))
t.hold("is read by what was said", "The profile of Harrowmere Borough Council, version 1" in page and "Payments 3, £31.00" in page and "Who was paid 3 payments to organisations that we know What" in page, page[:900])
at_july = bring(again, "may-again.csv", MAY.replace(b"of May", b"in May").replace(b"Bad Day,someday,1.00,1.20,Ink\n,,31.00,,", b""))["Location"]
page = main(again.get(at_july))
t.hold("payments that are here already are told of", "These payments may be here already" in page and f"import:{number}" in page, page[:900])
t.hold("also in Welsh", "mae 2 o daliadau Mai 2024, £30.00, eisoes yn import:" in main(again.get("/cy" + at_july)), main(again.get("/cy" + at_july))[:1500])
r = bring(boss, "may.csv", MAY)
t.hold("the same file is refused", "This file was brought in before" in main(boss.get(r["Location"])), main(boss.get(r["Location"]))[:500])

# ---- once: two doors at once, and the command line ----
doors, path = [], os.path.join(book.folder, "june.csv")
with open(path, "wb") as f:
    f.write(JUNE)
threads = [threading.Thread(target=lambda b=b: doors.append(post(b, at))) for b in (boss, again)]
threads.append(threading.Thread(target=lambda: doors.append(weal("--store", book.url, "import", "spend", "--body", BODY, path))))
[each.start() for each in threads]
[each.join() for each in threads]
until(lambda: "Running" not in boss.get("/admin/imports").text)
t.hold("two doors and the command line post it once", rows("select count(*), sum(amount) from import where file = 'june.csv' and amount > 0") == [(1, 3100)], [getattr(d, "status", None) or d.stderr for d in doors])

# ---- a profile that is kept between the look and the posting ----
at = bring(boss, "april.csv", MAY.replace(b"of May", b"of April").replace(b"/05/", b"/04/").replace(b"Bad Day,someday,1.00,1.20,Ink\n,,31.00,,", b""))["Location"]
first = preview(boss, at)
kept = os.path.join(book.folder, "kept.csv")
with open(kept, "w") as f:
    f.write("rule,published,means,note\nkind,,spend,\ncolumn,Supplier,supplier,\ncolumn,Date,date,\ncolumn,Value,-,\ncolumn,Value#2,amount,\ncolumn,Item,description,\ndate,31/03/2024,dd/mm/yyyy,\n")
done = weal("--store", book.url, "profile", "import", kept, "--body", BODY)
t.hold("another profile is kept since", "version 2" in done.stdout, done.stdout, done.stderr)
r = boss.send(at, {"preview": first})
t.hold("what was shown is not posted by it: the page shows it anew", r.status == 422 and "another profile of the organisation was kept" in main(r).lower() and "£36.00" in main(r) and preview(boss, at) != first, r.status, main(r)[:900])
r = ended(boss, post(boss, at))
t.hold("and then it is", "Recorded: 2, £36.00" in main(r) and f"{BODY} version 2" in main(r), main(r)[:600])

# ---- taken back ----
page = main(boss.get(f"/admin/imports/{number}"))
t.hold("an import has a page", "may.csv" in page and f"{BODY} version 1" in page and "Take it back" in page, page[:600])
t.hold("not without a reason", boss.send(f"/admin/imports/{number}", {"reason": ""}).status == 422 and citizen.send(f"/admin/imports/{number}", {"reason": "the wrong month"}).status == 404)
r = boss.send(f"/admin/imports/{number}", {"reason": "the wrong month"})
page = main(boss.get(r["Location"] or "/"))
t.hold("it is taken back", r.status == 303 and "All of it has been taken back." in page and "The payments of this file are taken back." in words(boss.get(r["Location"]).text), page[:600])
t.hold("once", boss.send(f"/admin/imports/{number}", {"reason": "the wrong month"}).status in (409, 422, 400))
people = rows("select id from import where kind = 'people'")[0][0]
t.hold("payments only", boss.send(f"/admin/imports/{people}", {"reason": "the wrong people"}).status in (400, 404, 422) and "Take it back" not in main(boss.get(f"/admin/imports/{people}")))

# ---- a workbook ----
at = bring(boss, "july.xlsx", workbook(["Supplier Name", "Payment Date", "Net Amount", "Description"], ["Acme Ltd", "01/07/2024", 12.5, "Pens"], ["Carter Ltd", "02/07/2024", 7.25, "Ink"]))["Location"]
page = main(boss.get(at))
t.hold("a workbook is understood", "Payments 2, £19.75" in page and "Its headings," in page, page[:900])
r = ended(boss, post(boss, at))
t.hold("and posted", "Recorded: 2, £19.75" in main(r), main(r)[:500])

# ---- more columns than the form has ----
at = bring(boss, "wide.csv", b"Supplier Name,Payment Date,Net Amount," + b",".join(b"Extra %d" % i for i in range(59)) + b"\nAcme Ltd,01/09/2024,1.00" + b",x" * 59 + b"\nCarter Ltd,02/09/2024,2.00" + b",y" * 59 + b"\n")["Location"]
t.hold("more than 60 columns: it is said which can be changed", "The file has 62 columns. Here you can say what the first 60 mean" in main(boss.get(at + "/columns")) and "column-60" in boss.get(at + "/columns").text, main(boss.get(at + "/columns"))[:500])

# ---- bad files ----
bomb = io.BytesIO()
with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("xl/workbook.xml", b"<a>" + b" " * (64 << 20) + b"</a>")
for name, data in (("empty.csv", b""), ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), ("page.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>"), ("noise.bin", bytes(range(256)) * 40), ("bomb.xlsx", bomb.getvalue()),
                   ("torn.xlsx", workbook(["Supplier", "Date", "Amount"], ["A", "01/07/2024", 1])[:300]), ("one.csv", b"x\n"), ("long.csv", b"Supplier,Date,Amount\n" + b"A" * 200000 + b",01/07/2024,1.00\n")):
    r = bring(boss, name, data)
    page = main(boss.get(r["Location"])) if r.status == 303 else words(r.text)
    t.hold(f"{name} is refused in words", r.status in (303, 422) and "Record these payments" not in page and ("Warning" in page or "There is a problem" in page), r.status, page[:400])
t.hold("no such organisation", (r := bring(boss, "may.csv", MAY, body="nowhere")).status == 422 and "No organisation has this code." in words(r.text), words(r.text)[:300])
t.hold("no file", boss.upload("/admin/files", {"token": boss.token(), "body": BODY}, "", b"").status == 422)
t.hold("not without a token", boss.upload("/admin/files", {"body": BODY}, "may.csv", MAY).status == 403)
t.hold("a person keeps three at most", boss.get(at).status == 404 and len({bring(boss, f"{i}.csv", MAY + b"%d" % i)["Location"] for i in range(5)}) == 5
       and sum(len(os.listdir(os.path.join(folder, d))) for folder, _, _ in os.walk(os.environ.get("TMPDIR", "/tmp")) for d in os.listdir(folder) if d.startswith("weal-brought-") and os.path.isdir(os.path.join(folder, d)) and str(server.process.pid) in folder) <= 6)

# ---- whom a row of an organisation's own file means ----
OWN = os.path.join(book.folder, "own.csv")
with open(OWN, "w") as f:
    f.write("rule,published,means,note\nkind,,entries,\ncolumn,Ref,reference,\ncolumn,Who,person,\ncolumn,Name,name,\ncolumn,Born,born,\ncolumn,Postcode,postcode,\ncolumn,Paid,date,\ncolumn,Amount,amount,\ndate,05/04/2025,dd/mm/yyyy,\ncategory,,council-tax,\n")
book.weal("profile", "import", OWN, "--body", BODY)
meant, second = [rows("select id, code, name, strftime('%d/%m/%Y', born * 86400, 'unixepoch') from party where code = ?", code)[0] for code in book.living(3)[1:]]
PAID = f"""Ref,Who,Name,Born,Postcode,Paid,Amount
o1,id:{meant[1]},,,,05/04/2025,10.00
o2,,{meant[2]},{meant[3]},ZZ9 9ZZ,06/04/2025,20.00
o3,,{second[2]},{second[3]},ZZ9 9ZZ,06/04/2025,40.00
""".encode()


def own(**fields):
    return boss.upload("/admin/imports/new", {"token": boss.token(), "kind": "entries", "body": BODY, "ways": "partial", **fields}, "paid.csv", PAID)


r = ended(boss, own())
t.hold("the run leads to who is meant", 'href="/admin/matches"' in r.text and "say who is meant on the portal's page" in main(r), main(r)[:900])
first = rows("select max(id) from import")[0][0]
t.hold("of a body's own file the sure rows are recorded", "refused: 2" in main(r) and rows("select rows, rejected from import where id = ?", first) == [(3, 2)], main(r)[:600])
page = main(boss.get("/admin/matches"))
t.hold("what is not sure waits, without a name", "Question 1 Harrowmere Borough Council 1 Question 2" in page and meant[2] not in page, page[:600])
looks = "select what, why from access where party = ? and who = ? order by id"
seen = len(rows(looks, meant[0], f"id:{codes[0]}"))
page = main(boss.get("/admin/matches/1"))
t.hold("the file stands beside who may be meant", meant[2] in page and "ZZ9 9ZZ" in page and meant[1] in page and page.count(meant[2]) >= 3, page[:900])
t.hold("and they see who looked, and why", rows(looks, meant[0], f"id:{codes[0]}")[seen:] == [("a row of a file that may be about them", "to decide who is meant in a file of Harrowmere Borough Council")]
       and "a row of a file that may be about you" in main(Browser(server).sign_in(meant[1]).get("/looked")).lower(), rows(looks, meant[0], f"id:{codes[0]}"))
t.hold("in Welsh", "Pwy a olygir?" in main(boss.get("/cy/admin/matches/1")) and "Cwestiwn 1" in main(boss.get("/cy/admin/matches")))
t.hold("and both ways to bring the file in again lead somewhere", all(f'href="{to}"' in boss.get("/admin/matches").text and boss.get(to).status == 200 for to in ("/admin/imports?kind=entries", "/admin/imports/new")))
t.hold("nobody else", all(citizen.get(path).status == 404 for path in ("/admin/matches", "/admin/matches/1")) and citizen.send("/admin/matches/1", {"who": "none", "reason": "nobody"}).status == 404)
for what, sent, said in (("no answer", {}, "Choose who is meant"), ("no reason", {"who": f"id:{meant[1]}"}, "say how it is known"), ("nobody's number", {"who": "other", "reason": "asked"}, "give the number of the other person"),
                         ("somebody who was not offered", {"who": f"id:{second[1]}", "reason": "asked"}, "none of the people")):
    r = boss.send("/admin/matches/1", sent)
    t.hold(f"{what}: a sentence", r.status == 422 and said.lower() in main(r).lower(), r.status, main(r)[:400])
t.hold("no such question", boss.get("/admin/matches/99").status == 404 and boss.send("/admin/matches/99", {"who": "open"}).status == 404)
t.hold("it is decided", boss.send("/admin/matches/1", {"who": f"id:{meant[1]}", "reason": "asked on the phone"}).status == 303 and boss.send("/admin/matches/2", {"who": "none", "reason": "moved away"}).status == 303)
page = main(boss.get("/admin/matches"))
t.hold("and remembered as the verb does", "Somebody is meant asked on the phone" in page and "None of these people is meant moved away" in page and [line.split(",")[5] for line in book.weal("matches", "decided", "--format", "csv").splitlines()[1:]] == ["same", "different"], page[:900])
t.hold("the import leads to the rest", f"/admin/imports/new?rest={first}" in boss.get(f"/admin/imports/{first}").text and re.search(rf'name="rest"[^>]*value="{first}"', boss.get(f"/admin/imports/new?rest={first}").text))
r = ended(boss, own(rest=first))
t.hold("of the other it is said what was decided", "somebody decided that nobody of those whom it may mean is meant" in main(r), main(r)[:900])
t.hold("the row that waited is recorded", rows("select id, rows, rejected from import where id > ?", first) == [(first + 1, 2, 1)] and rows("select sum(amount) from import where id >= ?", first) == [(3000,)], main(r)[:600])
ended(boss, own(rest=first))
t.hold("once", rows("select max(id) from import")[0][0] == first + 1)
t.hold("what was decided is taken back", boss.send("/admin/matches/2", {"who": "open"}).status == 303 and "Waiting Question Organisation People who may be meant Question 2" in main(boss.get("/admin/matches")), main(boss.get("/admin/matches"))[:500])
t.hold("and another is meant", boss.send("/admin/matches/2", {"who": "other", "person": meant[1], "reason": "the wrong name"}).status == 303)
ended(boss, own(rest=first))
t.hold("whose row it is then", rows("select count(*) from import where id > ? and rows = 1 and rejected = 0", first) == [(1,)] and rows("select count(*) from import where file = 'paid.csv'") == [(3,)])

# ---- an organisation's own file of people, by a browser alone ----
TAX = f"""Account No,Payer,Paid On,Sum,Receipt
{meant[1]},A PAYER,05/04/2025,10.00,t1
{second[1]},B PAYER,06/04/2025,"1,020.00",t2
NOBODY77,SECRET NAME,07/04/2025,4.00,t3
""".encode()
PEOPLE = {f"column-{i}": m for i, m in enumerate(["person", "-", "date", "amount", "reference"], 1)}
PEOPLE.update({"category": "council-tax", "scheme": "id", "unit": "-", "sign": "as-is"})
t.hold("a file of people is some organisation's", (r := bring(boss, "tax.csv", TAX, what="people", body="")).status == 422 and "whose file of people it is" in words(r.text), r.status, words(r.text)[:300])
before = rows("select (select count(*) from import), (select count(*) from body_profile)")
at = bring(boss, "tax.csv", TAX, what="people")["Location"]
page = boss.get(at)
t.hold("of people: it is asked, and no name or number is shown", "We cannot tell what every column means" in main(page) and f"{at}/people" in page.text and "PAYER" not in main(page) and meant[1] not in main(page), main(page)[:900])
t.hold("of people: the other form is not there", boss.get(at + "/columns").status == 404 and citizen.get(at + "/people").status == 404)
for what, answer, sentence in (("nobody", {**PEOPLE, "column-1": "-"}, "the person's number"), ("no day", {**PEOPLE, "column-3": "-"}, "which column is the day"), ("no amount", {**PEOPLE, "column-4": "-"}, "which column is the amount"),
                               ("two days", {**PEOPLE, "column-2": "date"}, "one column only"), ("no such category", {**PEOPLE, "category": "nothing"}, "what every line is")):
    r = boss.send(at + "/people", answer)
    t.hold(f"of people, {what}: refused with a sentence", r.status == 422 and sentence in words(r.text).replace("\u2019", "'"), r.status, main(r)[:600])
r = boss.send(at + "/people", PEOPLE)
page = main(boss.get(at))
for what in ("Lines that would be recorded 2", "Lines that would be refused 1", "found by number 2", "£1,030.00", "5 April 2025 £10.00 Council Tax", "Nobody here has the number."):
    t.hold(f"of people, the preview says: {what}", r.status == 303 and what in page, r.status, page[:1800] or main(r)[:600])
t.hold("of people, it names nobody", not any(word in boss.get(at).text for word in (meant[1], second[1], "NOBODY77", "SECRET", "A PAYER")))
t.hold("of people, it can be changed", '<option value="council-tax" selected' in boss.get(at + "/people").text and "Ystyr y colofnau" in boss.get("/cy" + at + "/people").text)
t.hold("of people, nothing is recorded by a look", rows("select (select count(*) from import), (select count(*) from body_profile)") == before)
r = ended(boss, post(boss, at, ways="partial"))
t.hold("of people, it is posted", rows("select rows, rejected from import where file = 'tax.csv'") == [(3, 1)] and rows("select count(*) from body_profile") == [(before[0][1] + 1,)], main(r)[:900])
t.hold("of people, nobody reads that anybody will see it", "Anybody can see" not in main(r) and "Recorded: 2, £1,030.00" in main(r), main(r)[:600])
again_tax = TAX.replace(b"t1", b"t4").replace(b"t2", b"t5").replace(b"/04/", b"/05/")
page = main(boss.get(bring(boss, "tax-may.csv", again_tax, what="people")["Location"]))
t.hold("of people, the next file is read by what was kept", "found by number 2" in page and "The profile of Harrowmere Borough Council" in page and "The person's number" in page.replace("\u2019", "'"), page[:900])
page = main(boss.get(bring(boss, "tax-again.csv", TAX.replace(b"10.00", b"11.00").replace(b"t2", b"t6"), what="people")["Location"]))
t.hold("of people, a line whose reference is there already stands with the refused ones only", "Lines that would be recorded 1" in page and "£11.00" not in page and "£1,020.00 Council Tax" in page, page[:1800])
HOURS = f"""Client No,Date,Hrs
{meant[1]},05/04/2025,2.5
{second[1]},06/04/2025,3
""".encode()
at = bring(boss, "hours.csv", HOURS, what="people")["Location"]
WORK = {"column-1": "person", "column-2": "date", "column-3": "quantity", "category": "volunteering", "scheme": "id"}
for what, answer, sentence in (("nothing counts the time", {**WORK, "column-3": "-", "unit": "hours"}, "Choose which column is the hours"), ("no column, no unit", {**WORK, "column-3": "-"}, "Choose which column is the hours"),
                               ("what it counts is not said", WORK, "Choose what the column of hours, minutes or visits counts")):
    r = boss.send(at + "/people", answer)
    t.hold(f"of people, {what}: refused with a sentence", r.status == 422 and sentence in words(r.text), r.status, main(r)[:600])
r = boss.send(at + "/people", {**WORK, "unit": "hours"})
page = main(boss.get(at))
t.hold("of people, hours are minutes of time given", r.status == 303 and "150 minute" in page and "180 minute" in page, page[:1500])
VISITS = f"""Client,DOB,Home Postcode,Visited,Time
{meant[2]},{meant[3]},ZZ9 9ZZ,08/04/2025,90
""".encode()
at = bring(boss, "visits.csv", VISITS, what="people")["Location"]
r = boss.send(at + "/people", {**{f"column-{i}": m for i, m in enumerate(["name", "born", "postcode", "date", "quantity"], 1)}, "category": "home-care", "unit": "minutes"})
page = main(boss.get(at))
t.hold("of people, by name: decided earlier, and minutes are hours", r.status == 303 and "found by name 1" in page and "8 April 2025 Home care 1.5 hour" in page and meant[2] not in page and "Amounts that would be" not in page, page[:1500])

# ---- killed between the look and the posting, and while it posts ----
MANY = b"Supplier,Payment Date,Net Amount\n" + b"".join(b"Payee %d Ltd,%02d/08/2024,%d.50\n" % (i % 900, i % 28 + 1, i) for i in range(1, 20001))
at = bring(boss, "august.csv", MANY)["Location"]
held = rows("select count(*) from import")[0][0]
server.process.kill()
server.process.wait()
server = Server(book, SETTINGS)
boss = Browser(server).sign_in(codes[0])
t.hold("a kill before it is posted leaves nothing", boss.get(at).status == 404 and rows("select count(*) from import")[0][0] == held)
at = bring(boss, "august.csv", MANY)["Location"]
post(boss, at)
time.sleep(0.05)
server.process.kill()
server.process.wait()
server = Server(book, SETTINGS)
boss = Browser(server).sign_in(codes[0])
posted = rows("select count(*) from import where file = 'august.csv'")[0][0]
at = bring(boss, "august.csv", MANY)["Location"]
page = main(boss.get(at))
if posted:
    t.hold("killed after it counted, it is refused the second time", "Record these payments" not in page, page[:400])
else:
    r = ended(boss, post(boss, at))
    t.hold("killed before it counted, it is posted the second time", "Recorded: 20,000" in main(r), main(r)[:400])
t.hold("once in the book", rows("select count(*), sum(rows) from import where file = 'august.csv'") == [(1, 20000)])
t.hold("its accounts hold", weal("--store", book.url, "audit").returncode == 0)

# ---- on PostgreSQL ----
if os.environ.get("WEAL_TEST_POSTGRESQL"):
    outer, name = os.environ["WEAL_TEST_POSTGRESQL"], f"weal_bring_{os.getpid()}"
    subprocess.run(["psql", "-qX", outer, "-c", f"create database {name}"], check=True)
    url = outer.rsplit("/", 1)[0] + "/" + name
    made = subprocess.run([WEAL, "--store", url, "demo", os.path.join(book.folder, "again"), "--people", "60", "--quiet"], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    there = Server(book, SETTINGS, url=url)
    boss = Browser(there).sign_in(codes[0])
    at = bring(boss, "may.csv", MAY)["Location"]
    t.hold("PostgreSQL: it is asked", "We cannot tell what every column means" in main(boss.get(at)))
    t.hold("PostgreSQL: it is answered", boss.send(at + "/columns", ANSWER).status == 303 and "Payments 2, £30.00" in main(boss.get(at)))
    r = ended(boss, post(boss, at, ways="partial"))
    t.hold("PostgreSQL: it is posted", "Recorded: 2, £30.00" in main(r) and f"{BODY} version 1" in main(r), main(r)[:500])
    number = re.search(r'/admin/imports/(\d+)"', r.text).group(1)
    t.hold("PostgreSQL: and taken back", boss.send(f"/admin/imports/{number}", {"reason": "the wrong month"}).status == 303)
    t.hold("PostgreSQL: it stops without a fault", '"level":"error"' not in there.lines() and there.stop() == 0)

t.hold("no fault in the log", '"level":"error"' not in server.lines(), server.lines()[-1500:])
t.hold("stops", server.stop() == 0)
t.end()
