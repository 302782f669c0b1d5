#!/usr/bin/env python3
"""The pages of administrators and auditors: an import with refused rows, two runs at once, a closing that proves a statement, role grants that take effect at once, and no name on an auditor's page."""
import fcntl
import json
import os
import re
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, until, weal, words

t = Tally()
book = Book()


def rows(sql, *values):
    with sqlite3.connect(book.url[7:], timeout=20) as db:
        return db.execute(sql, values).fetchall()


def officer(role):
    return rows("select p.code from office o join party p on p.id = o.person where o.role = ? and o.to_day is null order by p.id", role)[0][0]


def upload(browser, fields, name, data):
    return browser.upload("/admin/imports/new", fields, name, data)


def watch(browser, path, seconds=60):
    """The page of a run, when it is over."""
    end = time.monotonic() + seconds
    while (r := browser.get(path)).status == 200 and r["Refresh"] is not None and time.monotonic() < end:
        time.sleep(0.1)
    return r


spool = os.environ["TMPDIR"] = os.path.join(book.folder, "spool")
os.mkdir(spool)
server = Server(book, ["forms_each_minute = 1000", f"letters = {book.folder}/letters"])
boss, auditor = Browser(server).sign_in(officer("administrator")), Browser(server).sign_in(officer("auditor"))
boss_code = officer("administrator")
citizen_code = [c for c in book.living(30) if not rows("select 1 from office o join party p on p.id = o.person where p.code = ?", c)][0]
citizen = Browser(server).sign_in(citizen_code)

# ---- who sees what ----
for path in ("/admin", "/admin/imports", "/admin/imports/new", "/admin/bodies", "/admin/roles", "/admin/invites", "/admin/close"):
    r = boss.get(path)
    t.hold(f"an administrator, {path}", r.status == 200 and "<h1" in r.text, r.status)
    t.hold(f"in Welsh, {path}", boss.get("/cy" + path).status == 200)
    t.hold(f"a citizen, {path}", citizen.get(path).status == 404)
for path in ("/audit", "/audit/entries", "/audit/looks", "/audit/run"):
    r = auditor.get(path)
    t.hold(f"an auditor, {path}", r.status == 200 and "<h1" in r.text, r.status)
    t.hold(f"in Welsh, {path}", auditor.get("/cy" + path).status == 200)
    t.hold(f"a citizen, {path}", citizen.get(path).status == 404)
t.hold("their navigation", 'href="/admin"' in boss.get("/account").text and 'href="/audit"' in auditor.get("/account").text and 'href="/admin"' not in citizen.get("/account").text)

# ---- an import ----
token = boss.token()
columns = "id,name,kind\n"
bad = columns + "p-one,One,charity\np-two,Two,no such kind\n,Nameless,charity\np-four,Four,supplier\n"
r = upload(boss, [("token", token), ("kind", "bodies")], "new bodies.csv", bad.encode())
t.hold("an import begins", r.status == 303 and re.search(r"/admin/imports/jobs/\d+$", r["Location"] or ""), r.status, r["Location"], words(r.text)[:300])
page = watch(boss, r["Location"])
text = words(page.text)
t.hold("a refused row refuses the file", "Refused" in text and "Nothing was written" in text and "no such kind" in text, text)
t.hold("the first rows are shown", text.count("no such kind") >= 1 and "p-two" not in rows("select group_concat(code) from body")[0][0])
welsh = words(boss.get("/cy" + r["Location"]).text)
t.hold("in Welsh, with what was given", "nid yw 'no such kind' yn fath o sefydliad" in welsh and "yn wag; mae angen un ar bob rhes" in welsh and "is no type of organisation" not in welsh, welsh)
rejects = boss.get(r["Location"] + "/rejects")
t.hold("with a link", f'href="{r["Location"]}/rejects"' in page.text)
t.hold("all refused rows as CSV", rejects.status == 200 and rejects.text.startswith("line,column,value,reason\n") and rejects.text.count("\n") == 3 and "attachment" in rejects["Content-Disposition"], rejects.text)
t.hold("nobody else has them", citizen.get(r["Location"] + "/rejects").status == 404 and auditor.get(r["Location"] + "/rejects").status == 404 and auditor.get(r["Location"]).status == 404)
r = upload(boss, [("token", token), ("kind", "bodies"), ("ways", "partial"), ("ways", "dry-run")], "new bodies.csv", bad.encode())
page = watch(boss, r["Location"])
t.hold("tried only", "Dry run, nothing was written" in page.text and not rows("select 1 from body where code = 'p-one'"), words(page.text))
r = upload(boss, [("token", token), ("kind", "bodies"), ("ways", "partial")], "../../etc/new bodies.csv", bad.encode())
page = watch(boss, r["Location"])
t.hold("in part", "2 added" in page.text and "new_bodies.csv" in page.text and "no such kind" in page.text, words(page.text))
t.hold("its rows are there", len(rows("select 1 from body where code in ('p-one', 'p-four')")) == 2)
name, who = rows("select file, who from import order by id desc limit 1")[0]
t.hold("the book says who, and which file", name == "new_bodies.csv" and who == "id:" + boss_code, name, who)
t.hold("the list has it", "new_bodies.csv" in boss.get("/admin/imports").text)
kept = boss.get(re.search(r'href="(/admin/imports/\d+/rejects)"', boss.get("/admin/imports").text).group(1))
t.hold("what was left out is kept", kept.status == 200 and 'no such kind' in kept.text and kept.text.count("\n") == 3, kept.text)
t.hold("of an import that there is not", boss.get("/admin/imports/999999/rejects").status == 404)
unusual = f"date,person,category,amount,reference\n2025-05-01,{boss_code},state-pension,999999.00,unusual-1\n"
r = upload(boss, [("token", token), ("kind", "entries")], "unusual.csv", unusual.encode())
page = watch(boss, r["Location"])
text = words(page.text)
t.hold("an unusual row names the page's own way out", "accept unusual rows too" in text and "--unusual" not in text, text)
t.hold("the form has it", "Take unusual rows too" in boss.get("/admin/imports/new").text)
r = upload(boss, [("token", token), ("kind", "entries"), ("ways", "unusual")], "unusual.csv", unusual.encode())
page = watch(boss, r["Location"])
t.hold("an unusual row is taken when that is ticked", "Posted 1 row" in words(page.text), words(page.text))
r = upload(boss, [("token", token), ("kind", "entries"), ("ways", "unusual")], "unusual.csv", unusual.encode())
page = watch(boss, r["Location"])
text = words(page.text)
t.hold("of a file that is posted there is nothing to mend", "There is nothing to correct" in text and "Mend the file" not in text, text)
undone, = rows("select max(id) from import")[0]
r = upload(boss, [("token", token), ("kind", "entries"), ("ways", "unusual"), ("again", undone)], "unusual.csv", unusual.encode())
t.hold("not again what was not taken back", f"not all of import:{undone} is undone" in words(watch(boss, r["Location"]).text))
weal("--store", book.url, "reverse", f"import:{undone}", "--reason", "a try")
r = upload(boss, [("token", token), ("kind", "entries"), ("ways", "unusual"), ("again", undone)], "unusual.csv", unusual.encode())
t.hold("again what was taken back", "Posted 1 row" in words(watch(boss, r["Location"]).text))
two = upload(boss, [("token", token), ("kind", "bodies"), ('file"; filename="a.csv', "id,name,kind\nx,X,charity\n")], "b.csv", b"id,name,kind\ny,Y,charity\n")
t.hold("two files in one form", two.status == 422 and two["Weal-Refusal"].startswith("form-name-twice"), two.status, two["Weal-Refusal"])
t.hold("without a file", upload(boss, [("token", token), ("kind", "bodies")], "", b"").status == 422)
t.hold("without a kind", upload(boss, [("token", token)], "x.csv", b"code\n").status == 422)
t.hold("a kind that there is not", upload(boss, [("token", token), ("kind", "secrets")], "x.csv", b"code\n").status == 400)
# in this test's own folder, where only this portal works; what SQLite has for a moment goes by itself
left = lambda: [name for at, folders, files in os.walk(spool) for name in files + folders if not name.startswith(("weal-portal-", "weal-rejects-"))]
t.hold("no uploads are left", until(lambda: not left()), left())
t.hold("refused rows are nobody else's to read", all(os.stat(os.path.join(spool, f)).st_mode & 0o77 == 0 for f in os.listdir(spool)))

# ---- two at once ----
with open(book.url[7:] + "-import", "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)  # the first one waits for this, as for an import on the command line
    r = upload(boss, [("token", token), ("kind", "entries"), ("ways", "dry-run")], "held.csv", unusual.replace("999999", "99").replace("unusual-1", "held-1").encode())
    first = r["Location"]
    again = upload(boss, [("token", token), ("kind", "bodies"), ("ways", "dry-run")], "again.csv", bad.encode())
    text = words(again.text)
    t.hold("a second import at once is refused in words", again.status == 422 and "Another import, closing or audit is running" in text, again.status, text[:400])
    t.hold("the page refreshes itself while it runs", boss.get(first)["Refresh"])
page = watch(boss, first)
t.hold("and no longer when it is over", "Refresh" not in page.headers)
t.hold("then it is over", "Dry run" in page.text, words(page.text))

# ---- closing ----
form = boss.get("/admin/close")
t.hold("what closing does is said first", "fixes all items of each person" in form.text and "cannot be taken back" in form.text)
t.hold("not without saying so", boss.send("/admin/close", {"year": "2024-25"}).status == 422)
before = rows("select count(*) from closing")[0][0]
r = boss.send("/admin/close", {"year": "2024-25", "sure": "yes"})
link = r["Location"].split("?")[0]
t.hold("it waits for another administrator", r.status == 303 and "Nothing is done yet" in words(boss.get(r["Location"]).text) and rows("select count(*) from closing")[0][0] == before, r.status, r["Location"])
t.hold("who asked does not carry it out", "carry-out" not in boss.get(link).text and "case-own" in (boss.send(link + "/carry-out", {})["Weal-Refusal"] or ""))
other_code = book.administrators()[1]
other = Browser(server).sign_in(other_code)
page = other.get(link).text
t.hold("the other reads which year", f"{rows('select name from party where code = ?', boss_code)[0][0]} asks to close a year" in words(page) and "2024-25" in words(page) and "carry-out" in page, words(page)[:600])
r = other.send(link + "/carry-out", {})
page = watch(other, r["Location"])
t.hold("a year is closed", "2024-25 is closed, under number" in page.text and rows("select count(*) from closing")[0][0] == before + 1, words(page.text))
t.hold("who closed it is kept, and who approved it", rows("select who, why from access where party = 0 and what = 'closing' order by id desc limit 2") == [("id:" + other_code, "2024-25"), ("id:" + boss_code, "2024-25")], rows("select who, why from access where party = 0 and what = 'closing' order by id desc limit 2"))
t.hold("the request says that it is done", "Done" in words(boss.get(link).text) and rows("select state from case_file where kind = 'second-run'") == [("done",)])
again = other.send(link + "/carry-out", {})
t.hold("it is carried out once", again.status == 422 and "case-changed" in (again["Weal-Refusal"] or ""), again.status, again["Weal-Refusal"])
t.hold("and closed once", rows("select count(*) from closing")[0][0] == before + 1)
keys = os.path.join(book.folder, "keys")
with_proof = citizen.get("/statement?year=2024-25&format=json")
t.hold("the portal signs a head over it, and a statement proves it", "A seal was published over it" in page.text and with_proof.status == 200, words(page.text))
with open(os.path.join(book.folder, "from-page.json"), "w") as f:
    f.write(with_proof.text)
checked = weal("verify", os.path.join(book.folder, "from-page.json"), "--unchecked", "--person", citizen_code)
t.hold("what was downloaded verifies", checked.returncode == 0, checked.stdout, checked.stderr)
head = weal("--store", book.url, "head", *(["--keys", keys] if os.path.isdir(keys) else []))
t.hold("a head is signed after it", head.returncode == 0, head.stderr)
proof = os.path.join(book.folder, "proof.json")
made = weal("--store", book.url, "statement", citizen_code, "--year", "2024-25", "--proof", "--format", "json", *(["--keys", keys] if os.path.isdir(keys) else []))
with open(proof, "w") as f:
    f.write(made.stdout)
with open(os.path.join(book.folder, "head"), "w") as f:
    f.write(head.stdout)
verified = weal("verify", proof, "--head", os.path.join(book.folder, "head"), "--person", citizen_code)
t.hold("a statement is proved by it", made.returncode == 0 and verified.returncode == 0, made.stderr, verified.stdout, verified.stderr)

# ---- roles ----
t.hold("nobody yet", citizen.get("/audit").status == 404)
r = boss.send("/admin/roles", {"person": citizen_code, "role": "auditor"})
t.hold("a role waits for another administrator", r.status == 303 and citizen.get("/audit").status == 404, r.status, words(r.text)[:400])
book.do(book.administrators()[1], "case-move", case=r["Location"].split("=")[1], move="approve")
t.hold("it takes effect at once", citizen.get("/audit").status == 200)
t.hold("twice is refused in words", boss.send("/admin/roles", {"person": citizen_code, "role": "auditor"}).status == 422)
t.hold("it is shown", citizen_code in boss.get("/admin/roles").text)
t.hold("it is noted in their record", rows("select count(*) from access a join party p on p.id = a.party where p.code = ? and a.what = 'office auditor granted'", citizen_code)[0][0] == 2)
token = boss.token()
r = boss.post("/admin/roles/end", {"token": token, "person": citizen_code, "role": "auditor", "body": ""})
t.hold("and ended", r.status == 303, r.status, words(r.text)[:400])
t.hold("at once too", citizen.get("/audit").status == 404)
for fields in ({"person": "P999999", "role": "auditor"}, {"person": citizen_code, "role": "staff"}, {"person": citizen_code, "role": "staff", "body": "nowhere"}, {"person": citizen_code, "role": "auditor", "body": "p-one"},
               {"person": citizen_code}, {}):
    t.hold(f"not granted: {fields}", boss.send("/admin/roles", fields).status == 422)
t.hold("a citizen grants nothing", citizen.send("/admin/roles", {"person": citizen_code, "role": "administrator"}).status == 404)
t.hold("nor an auditor", auditor.send("/admin/roles", {"person": citizen_code, "role": "administrator"}).status == 404)

# ---- bodies ----
r = boss.send("/admin/bodies", {"code": "p-five", "name": "Five <b>", "kind": "charity"})
t.hold("a body is added", r.status == 303 and rows("select name from body where code = 'p-five'") == [("Five <b>",)], r.status, words(r.text)[:300])
t.hold("its form", 'value="Five &lt;b&gt;"' in boss.get("/admin/bodies?code=p-five").text)
r = boss.send("/admin/bodies", {"code": "p-five", "name": "Five", "kind": "mutual"})
t.hold("and changed", rows("select name, kind from body where code = 'p-five'") == [("Five", "mutual")])
t.hold("with who did it", rows("select count(*) from access where what = 'body p-five' and who = ?", "id:" + boss_code)[0][0] == 2)
t.hold("found by words", "p-five" in boss.get("/admin/bodies?words=FIVE").text and "p-one" not in boss.get("/admin/bodies?words=FIVE").text)
t.hold("a place that there is not", boss.send("/admin/bodies", {"code": "p-six", "name": "Six", "kind": "mutual", "place": "nowhere"}).status == 422)

# ---- payees ----
for code, name in (("pay-one", "Wendlebury Glazing Ltd"), ("pay-two", "WENDLEBURY GLAZINGG"), ("pay-three", "Wendlebury <b> t/a Wendlebury Glazing")):
    boss.send("/admin/bodies", {"code": code, "name": name, "kind": "supplier"})
page = boss.get("/admin/payees")
t.hold("pairs wait", page.text.count("/admin/bodies/pay-") == 2 and "Their names are alike" in page.text and "One trades under the name of the other" in page.text and "&lt;b&gt;" in page.text, words(page.text)[:600])
t.hold("a pair has its form", "Wendlebury Glazing Ltd" in boss.get("/admin/bodies/pay-one/payee/pay-two").text and "Are they one payee?" in boss.get("/admin/bodies/pay-one/payee/pay-two").text)
t.hold("not of one", boss.get("/admin/bodies/pay-one/payee/pay-one").status == 404 and boss.get("/admin/bodies/pay-one/payee/nobody").status == 404)
t.hold("nothing chosen", boss.send("/admin/bodies/pay-one/payee/pay-two", {"reason": "the same address"}).status == 422)
r = boss.send("/admin/bodies/pay-one/payee/pay-two", {"decision": "same", "reason": "the same address"})
t.hold("one decides", r.status == 303 and rows("select decision, reason, made_by from body_decision") == [("same", "the same address", "id:" + boss_code)], r.status, words(r.text)[:300])
page = words(boss.get("/admin/payees?done=decided").text)
t.hold("it waits no more, and stands there", "Their names are alike" not in page and "the same address" in page and "What you decided is saved" in page, page[:600])
t.hold("in Welsh", "Derbynwyr a all fod yn un" in boss.get("/cy/admin/payees").text)
r = boss.send("/admin/bodies/pay-one/payee/pay-two", {"decision": "open", "reason": "not so sure"})
t.hold("and takes it back", r.status == 303 and "Their names are alike" in boss.get("/admin/payees").text)
for code, name in (("pay-four", "Zhao Wei"), ("pay-five", "Mr A Private"), ("pay-six", "Bright <i> Glazing")):
    boss.send("/admin/bodies", {"code": code, "name": name, "kind": "supplier"})
page = boss.get("/admin/payees/hidden")
t.hold("who is hidden is listed, with why, whoever is not known first", "pay-four" in page.text and "pay-six" not in page.text and "It does not say who it is" in page.text and page.text.index("pay-four") < page.text.index("pay-five")
       and "It is the name of a person" in words(page.text.split("pay-five", 1)[-1]), words(page.text)[:600])
t.hold("a payee has its form, what is none has not", "Is it an organisation?" in boss.get("/admin/bodies/pay-four/payee").text and boss.get("/admin/bodies/nobody/payee").status == 404)
t.hold("nothing chosen of it", boss.send("/admin/bodies/pay-four/payee", {"reason": "its letter"}).status == 422)
r = boss.send("/admin/bodies/pay-four/payee", {"decision": "organisation", "reason": "a company number on its letter"})
t.hold("one says that it is an organisation", r.status == 303 and "pay-four" not in boss.get("/admin/payees/hidden?done=decided").text and "a company number on its letter" in boss.get("/admin/payees").text, r.status)
t.hold("that is noted", rows("select count(*) from access where what = 'payee decided: pay-four: organisation' and who = ?", "id:" + boss_code)[0][0] == 1)
r = boss.send("/admin/bodies/pay-four/payee", {"decision": "open", "reason": "it was not so"})
t.hold("and takes that back", r.status == 303 and "pay-four" in boss.get("/cy/admin/payees/hidden").text and "Nid yw'n dweud pwy ydyw" in words(boss.get("/cy/admin/payees/hidden").text))
t.hold("nobody else sees who is hidden", citizen.get("/admin/payees/hidden").status == 404 and citizen.get("/admin/bodies/pay-four/payee").status == 404 and citizen.send("/admin/bodies/pay-four/payee", {"decision": "organisation", "reason": "its letter"}).status == 404)
with open(os.path.join(book.folder, "alike.csv"), "w", encoding="utf-8") as f:
    f.write("id,name,kind\n" + "".join(f"alike-{n},Foster Carer Allowances {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}{chr(97 + n * 7 % 26)} Payment,supplier\n" for n in range(300)))
book.weal("import", "bodies", os.path.join(book.folder, "alike.csv"))
page = boss.get("/admin/payees")
t.hold("of very many alike some are looked for at once", "There are more pairs than can be looked for at once" in page.text and 40 < page.text.count("/payee/alike-") <= 50, words(page.text)[:400])
t.hold("nobody else does", citizen.get("/admin/payees").status == 404 and citizen.send("/admin/bodies/pay-one/payee/pay-two", {"decision": "same", "reason": "the same address"}).status == 404)

# ---- invitations ----
r = boss.send("/admin/invites", {"person": citizen_code})
t.hold("a code goes out in a letter, and is not shown", r.status == 200 and "in a letter" in words(r.text) and not re.search(r"[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3}", r.text), words(r.text)[:300])
t.hold("the page says what is on its way", re.search(re.escape(citizen_code) + " Letter", words(boss.get("/admin/invites").text)))
t.hold("and the letter comes", until(lambda: os.path.isdir(book.folder + "/letters") and any(n.endswith(".txt") for n in os.listdir(book.folder + "/letters"))))
t.hold("nobody unknown is invited", boss.send("/admin/invites", {"person": "P999999"}).status == 422)

# ---- objections ----
look = re.search(r'href="(/looked/[^"]+)"', citizen.get("/looked").text)
t.hold("the citizen sees the looks", look)
citizen.send(look.group(1), {"words": "I did not ask for it <i>"})
page = boss.get("/inbox")
number = rows("select max(id) from case_file where kind = 'look-objection'")[0][0]
link = f"/inbox/{number}"
t.hold("it waits", f'href="{link}"' in page.text and "Waits for an answer" in page.text)
one = boss.get(link)
t.hold("it is read", one.status == 200 and "I did not ask for it &lt;i&gt;" in one.text)
t.hold("reading it is a look", rows("select count(*) from access a join party p on p.id = a.party where p.code = ? and a.what = 'case look-objection ' || ?", citizen_code, str(number))[0][0] == 1)
t.hold("no answer, no sending", boss.send(link, {"move": "answer", "words": ""}).status == 422)
r = boss.send(link, {"move": "answer", "words": "I may"})
t.hold("nobody answers an objection to a look of their own", r.status == 422 and "another administrator" in r.text, r.status)
t.hold("nobody grants themselves a role", boss.send("/admin/roles", {"person": officer("administrator"), "role": "auditor"}).status == 422)
second_code = rows("select code from party p where kind = 'person' and died is null and code not in (?) and id not in (select person from office) and born < -2000 order by code desc limit 1", citizen_code)[0][0]
r = boss.send("/admin/roles", {"person": second_code, "role": "administrator"})
t.hold("one more administrator waits for another", r.status == 303 and "waits=" in r["Location"], r.status, r["Location"])
book.do(book.administrators()[1], "case-move", case=r["Location"].split("=")[1], move="approve")
second = Browser(server).sign_in(second_code)
t.hold("answered", second.send(link, {"move": "answer", "words": "You are right"}).status == 303)
t.hold("the citizen reads it", "You are right" in citizen.get(f"/requests/{number}").text and f"/requests/{number}" in citizen.get("/looked").text)
t.hold("not twice", second.send(link, {"move": "answer", "words": "Again"}).status == 422)
t.hold("another's number", boss.get("/inbox/999999").status == 404)

# ---- the audit ----
r = auditor.send("/audit/run", {})
t.hold("an audit begins", r.status == 303, r.status)
run = r["Location"]
page = watch(auditor, run)
t.hold("nothing differs", "Nothing differs" in page.text, words(page.text))
t.hold("it is noted as a run over everybody", rows("select count(*) from access where party = 0 and what = 'audit'")[0][0] == 1)
t.hold("the administrator has no audit", boss.get(run).status == 404)

# ---- no person's name on an auditor's pages ----
own = rows("select p.name, p.code from party p where p.code = ?", officer("auditor"))[0]
people = [name for (name,) in rows("select distinct name from party where kind = 'person' and name is not null")]
codes = [code for (code,) in rows("select code from party")]
numbers = [value for (value,) in rows("select distinct value from identifier")]
emails = [e for (e,) in rows("select distinct email from party where email is not null")]
single = set(codes + numbers + emails)
texts = [n for (n,) in rows("select distinct note from line where note is not null")] + [n for (n,) in rows("select distinct reference from line where reference is not null")]
texts = [n for n in texts if len(n) > 6]
pages = ["/audit", "/audit/looks", "/audit/looks?days=all", "/audit/looks?days=366", "/audit/run", run]
path = "/audit/entries"
while path:
    pages.append(path)
    r = auditor.get(path)
    pages += re.findall(r'href="(/audit/entries/\d+)"', r.text)[::10]
    older = re.search(r'href="(/audit/entries\?before=\d+)">Older', r.text)
    path = older.group(1) if older and len(pages) < 120 else None
kinds = {k: e for e, k in rows("select max(id), kind from entry group by kind")}
pages += [f"/audit/entries/{e}" for e in kinds.values()]
found = set()
for path in list(pages):
    for asked in (path, "/cy" + path):
        body = auditor.get(asked)
        t.hold(f"the page {asked}", body.status == 200, body.status)
        main = re.search(r'<main.*?</main>', body.text, re.S).group(0)
        whole = body.text.replace(own[0], "")
        found |= {(asked, what) for what in single & set(re.findall(r"[\w.@-]+", whole))}
        found |= {(asked, what) for what in people if what in whole}
        found |= {(asked, what) for what in texts if what in main}
        if own[0] in main:
            found.add((asked, own[0]))
t.hold(f"no name or identifier on {2 * len(pages)} pages", not found, list(found)[:10])
t.hold("imports say who uploaded them by name, and what is in them in words", re.search(r"Organisations new_bodies.csv.*\w+ \(P\d+\)", said := words(boss.get("/admin/imports").text)) and "id:P" not in said and "unit-costs " not in said.replace("unit-costs.csv", ""), said[:900])
paid, code, day = rows("select l.entry, l.n, -l.amount from line l join account a on a.id = l.account where a.owner_kind = 'person' and a.unit = 'pence' and l.amount < 0 and l.reverses_entry is null and l.n <= 100 order by l.entry limit 1")[0]
said = words(auditor.get(f"/audit/entries/{paid}").text)
t.hold("an amount stands under what it is, as the person sees it", re.search(rf"{paid}:{code} \d+ [^£]* A person Paid £{day // 100:,}\.{day % 100:02} ", said) and "-£" not in said.split(f"{paid}:{code} ")[1][:80], said[:600])
t.hold("an entry that is not there", auditor.get("/audit/entries/99999999").status == 404 and auditor.get("/audit/entries/x").status == 404)
entry, count = rows("select id, lines from entry where lines > 1 order by id limit 1")[0]
shown = re.findall(rf">{entry}:(\d+)<", auditor.get(f"/audit/entries/{entry}").text)
t.hold("an entry's lines are all there", len(shown) == min(count, 100), count, len(shown))
t.hold("SIGTERM ends it well", server.stop() == 0)
t.hold("no files are left", not os.listdir(spool), os.listdir(spool))
t.end()
