#!/usr/bin/env python3
"""Requests over HTTP, in both languages: a citizen opens each kind that has a form, an officer decides it, the citizen reads the answer; who may not see one gets a 404; two who decide
at once; a role that ended; attachments that are too large, empty, of no kind that is taken, or named as a path."""
import os
import re
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, ago, until, words

t = Tally()
book = Book(200)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30)


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


def one(sql, *values):
    return rows(sql, *values)[0][0]


def upload(browser, path, fields, name=None, content=b""):
    """A form with a file, as a browser sends it."""
    return browser.upload(path, {"token": browser.token(), **fields}, name or "", content)


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
ann_code, ben_code = book.living(2)
ann, ben = Browser(server).sign_in(ann_code), Browser(server).sign_in(ben_code)
boss_code = one("select p.code from office o join party p on p.id = o.person where o.role = 'administrator'")
boss = Browser(server).sign_in(boss_code)
name = one("select name from party where code = ?", ann_code)
staff_code = one("select p.code from office o join party p on p.id = o.person where o.role = 'staff' order by o.id")
staff = Browser(server).sign_in(staff_code)


def opened(r):
    """The number of the request that a form has opened."""
    found = re.fullmatch(r"(?:/cy)?/requests/(\d+)\?done=opened", r["Location"] or "")
    t.hold("the form leads to the request", r.status == 303 and found, r.status, r["Location"], re.findall(r"govuk-error-message.*|<li>.*", r.text)[:3])
    return found.group(1) if found else "0"


# ---- each kind that has a form here: opened, read, decided, read ----
KINDS = {"access-request": ("ready", False), "rectification-request": ("uphold", True), "erasure-request": ("agree", False), "complaint": ("uphold", True)}
page = ann.get("/requests")
t.hold("the list says how to ask for something", page.status == 200 and all(f'"/requests/new/{kind}"' in page.text for kind in KINDS if kind != "access-request") and '"/copy"' in page.text and '"/tell-us-once"' in page.text and '"/time"' in page.text, page.status)
t.hold("the page of the copy leads to the request for it on paper", '"/requests/new/access-request"' in ann.get("/copy").text)
t.hold("in Welsh", "/cy/requests/new/complaint" in ann.get("/cy/requests").text and "Cwyn" in ann.get("/cy/requests").text)
for kind, (move, needs_words) in KINDS.items():
    form = ann.get(f"/requests/new/{kind}")
    t.hold(f"{kind}: a form with one heading", form.status == 200 and form.text.count("<h1") == 1 and 'name="reason"' in form.text)
    welsh = ann.get(f"/cy/requests/new/{kind}")
    t.hold(f"{kind}: a form in Welsh", welsh.status == 200 and ">Anfon<" in welsh.text and ">Send<" not in welsh.text)
    if "(optional)" not in re.search(r'<label[^>]*for="field-reason".*?</label>', form.text, re.S).group(0):
        t.hold(f"{kind}: a reason is asked for", ann.send(f"/requests/new/{kind}", {"reason": "  "}).status == 422)
    number = opened(ann.send(f"/requests/new/{kind}", {"reason": "My <b>name</b> is\nspelt wrong"}))
    page = ann.get(f"/requests/{number}")
    t.hold(f"{kind}: it waits, with its words", page.status == 200 and "Waits for" in words(page.text) and "My &lt;b&gt;name&lt;/b&gt; is" in page.text and "working day" in page.text, page.status)
    t.hold(f"{kind}: nobody else's", ben.get(f"/requests/{number}").status == 404 and staff.get(f"/inbox/{number}").status == 404)
    t.hold(f"{kind}: in the inbox, nameless", f'"/inbox/{number}"' in boss.get("/inbox").text and ann_code in boss.get("/inbox").text and name not in boss.get("/inbox").text)
    before = one("select count(*) from access a join party p on p.id = a.party where p.code = ?", ann_code)
    page = boss.get(f"/inbox/{number}")
    t.hold(f"{kind}: the officer's page names whom it is about", page.status == 200 and name in page.text and 'name="move"' in page.text, page.status)
    t.hold(f"{kind}: and is a look", one("select count(*) from access a join party p on p.id = a.party where p.code = ?", ann_code) == before + 1)
    kept = one("select why from access a join party p on p.id = a.party where p.code = ? and a.what = ?", ann_code, f"case {kind} {number}")
    t.hold(f"{kind}: of this request, to answer it", kept == f"to answer request {number}" and f"your request {number}: " in words(ann.get("/looked").text) and f"eich cais {number}: " in words(ann.get("/cy/looked").text), kept)
    t.hold(f"{kind}: a move that is not there", boss.send(f"/inbox/{number}", {"move": "confirm", "words": ""}).status == 422)
    if needs_words:
        t.hold(f"{kind}: without words it is not decided", boss.send(f"/inbox/{number}", {"move": move}).status == 422)
    r = boss.send(f"/inbox/{number}", {"move": move, "words": "It is \"done\" & dusted" if needs_words else ""})
    t.hold(f"{kind}: decided", r.status == 303 and r["Location"] == f"/inbox?done={kind}:{move}", r.status, r["Location"], re.findall(r"<li>.*", r.text)[:2])
    t.hold(f"{kind}: the list says so", "govuk-notification-banner--success" in boss.get(r["Location"] or "/inbox").text)
    t.hold(f"{kind}: not twice", boss.send(f"/inbox/{number}", {"move": move, "words": "again"}).status == 422)
    page = ann.get(f"/requests/{number}").text
    t.hold(f"{kind}: they read the answer", not needs_words or "It is &quot;done&quot; &amp; dusted" in page, words(page)[:600])
    t.hold(f"{kind}: who answered is named to them", "administrator" in words(page.split("<main", 1)[1].split("<details", 1)[0]), words(page)[:600])
    boss.get(f"/inbox/{number}")
    whys = [why for (why,) in rows("select why from access a join party p on p.id = a.party where p.code = ? and a.what = ?", ann_code, f"case {kind} {number}")]
    if kind == "erasure-request":
        t.hold("what is agreed is carried out by the operator, and can be taken back until then", "The operator of the machine carries it out" in words(page) and "Take it back" in words(page) and "answer you here" not in words(page), words(page)[:600])
    else:
        t.hold(f"{kind}: to open it again is to read it, not to answer it", "to read it again" in whys, whys)
    if kind != "erasure-request":  # agreed is not carried out yet
        t.hold(f"{kind}: among the answered", f'/requests/{number}"' in ann.get("/requests?which=answered").text and f'/requests/{number}"' not in ann.get("/requests?which=waiting").text)
        t.hold(f"{kind}: and no longer in the inbox", f'"/inbox/{number}"' not in boss.get("/inbox").text and f'"/inbox/{number}"' in boss.get(f"/inbox?which=answered&kind={kind}").text)

# ---- taken back; refused, and what then ----
number = opened(ann.send("/requests/new/rectification-request", {"reason": "Never mind"}))
r = ann.send(f"/requests/{number}", {"move": "withdraw"})
t.hold("taken back", r.status == 303 and "You have taken it back" in words(ann.get(r["Location"]).text), r.status)
page = words(ann.get(f"/requests/{number}").text)
t.hold("which nobody answered", "Taken back" in page and "Answered" not in page and "The answer" not in page, page[:600])
t.hold("nor does the list say so", "ended on" in words(ann.get("/requests?which=answered").text))
r = boss.send(f"/inbox/{number}", {"move": "uphold", "words": "You are right"})
t.hold("an officer who answers it now reads why not", r.status == 422 and "they took it back before you answered" in words(r.text).lower(), r.status, words(r.text)[:600])
r = boss.send(f"/inbox/{number}/assign", {"to": "me"})
t.hold("and who takes it on reads where it stands", r.status == 303 and r["Location"] == f"/inbox/{number}?done=changed" and "answered or taken back before" in words(boss.get(r["Location"]).text), r.status, r["Location"])
t.hold("not by another", ben.send(f"/requests/{number}", {"move": "withdraw"}).status == 404)
number = opened(ann.send("/requests/new/rectification-request", {"reason": "My name is spelt wrong"}))
boss.send(f"/inbox/{number}", {"move": "refuse", "words": "It is as on your passport"})
page = ann.get(f"/requests/{number}").text
link = re.search(r'href="(/requests/new/complaint\?about=case:\d+)"', page)
t.hold("refused: a complaint is the next step", link and link.group(1).endswith(f":{number}"), words(page)[:500])
form = ann.get(f"/requests/new/complaint?about=case:{number}")
t.hold("which says what it is about", f"Request {number}" in words(form.text))
about = opened(ann.send("/requests/new/complaint", {"about": f"case:{number}", "reason": "It is not so"}))
page = ann.get(f"/requests/{number}").text
t.hold("what it is about leads to it, and not to another", f'"/requests/{about}"' in page and "/requests/new/complaint" not in page)
t.hold("one complaint about it at a time", ann.send("/requests/new/complaint", {"about": f"case:{number}", "reason": "again"}).status == 422)
r = boss.send(f"/inbox/{about}", {"move": "uphold", "words": "I change my mind"})
t.hold("whoever decided the first does not decide it", r.status == 422 and "name=\"move\"" not in boss.get(f"/inbox/{about}").text, r.status)
t.hold("and reads why at once", "you decided" in words(boss.get(f"/inbox/{about}").text).lower() or "took part" in words(boss.get(f"/inbox/{about}").text).lower(), words(boss.get(f"/inbox/{about}").text)[:900])
t.hold("nor is there a form for one", ben.get(f"/requests/new/complaint?about=case:{number}").status == 404 and ann.get("/requests/new/complaint?about=case:99999").status == 404)
t.hold("no complaint about a request of somebody else's", ben.send("/requests/new/complaint", {"about": f"case:{number}", "reason": "x"}).status == 422)

# ---- an item of the account, from its page ----
line_body, line_staff = one("select o.body from office o where o.role = 'staff' order by o.id"), staff
dis_code, entry, n = rows("""select p.code, l.entry, l.n from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner
    where l.body = ? and p.died is null and p.id not in (select person from office) and p.id not in (select gone from alias) order by l.entry desc limit 1""", line_body)[0]
dis = Browser(server).sign_in(dis_code)
link = re.search(r'href="(/requests/new/line-wrong\?about=line:\d+:\d+)"', dis.get(f"/account/lines/{entry}:{n}").text)
t.hold("the item's page leads to it", link and link.group(1).endswith(f"line:{entry}:{n}"))
form = dis.get(f"/requests/new/line-wrong?about=line:{entry}:{n}").text
t.hold("which keeps what it is about", f'name="about" value="line:{entry}:{n}"' in form and f"/account/lines/{entry}:{n}" in form)
r = dis.send("/requests/new/line-wrong", {"about": f"line:{entry}:{n}", "reason": ""})
t.hold("also after a fault", r.status == 422 and f'name="about" value="line:{entry}:{n}"' in r.text, r.status)
number = opened(dis.send("/requests/new/line-wrong", {"about": f"line:{entry}:{n}", "reason": "I was in hospital that day"}))
t.hold("the item's page shows it, and offers it no more", f'"/requests/{number}"' in (page := dis.get(f"/account/lines/{entry}:{n}").text) and "/requests/new/line-wrong" not in page)
t.hold("not of somebody else's item", ann.send("/requests/new/line-wrong", {"about": f"line:{entry}:{n}", "reason": "x"}).status in (404, 422))
t.hold("its organisation answers it", f'"/inbox/{number}"' in line_staff.get("/inbox").text and f'"/inbox/{number}"' not in boss.get("/inbox").text)
page = line_staff.get(f"/inbox/{number}").text
t.hold("and is asked what would be right", 'name="amount"' in page and 'name="day-day"' in page and "If you choose" in words(page))
r = line_staff.send(f"/inbox/{number}", {"move": "refuse", "words": "You were here", "amount": "x"})
t.hold("a value that is none is a fault of its own", r.status == 422 and 'id="field-amount-error"' in r.text and 'value="refuse" checked' in r.text, r.status)
r = line_staff.send(f"/inbox/{number}", {"move": "uphold", "words": ""})
t.hold("an answer needs words, also where they are right", r.status == 422 and 'id="field-words-error"' in r.text and one("select waits from case_file where id = ?", number) == 1, r.status)
t.hold("only what the item is measured in is asked", 'name="quantity"' not in page and "minutes" not in re.sub(r"<[^>]*>", "", page) and 'name="minutes' not in page, re.findall(r'name="[a-z-]*"', page))
r = line_staff.send(f"/inbox/{number}", {"move": "uphold", "words": "You were not here"})
t.hold("taken back", r.status == 303, r.status, re.findall(r"<li>.*", r.text)[:2])
page = dis.get(f"/requests/{number}").text
t.hold("and its page leads to what stands now", "Done" in words(page) and re.search(r"/account/lines/\d+:\d+", page), words(page)[:400])
t.hold("a fault in Welsh", dis.send("/cy/requests/new/complaint", {"reason": ""}).status == 422 and "Ysgrifennwch" in dis.send("/cy/requests/new/complaint", {"reason": ""}).text)

# ---- taking it on ----
number = opened(ben.send("/requests/new/rectification-request", {"reason": "My street"}))
r = boss.send(f"/inbox/{number}/assign", {"to": "me"})
page = words(ben.get(f"/requests/{number}").text)
t.hold("they read who has it, and no reference of theirs", "Taken on" in page and boss_code not in page, page[-600:])
t.hold("taken on", r.status == 303 and "You have taken this on" in words(boss.get(f"/inbox/{number}").text), r.status)
t.hold("found by it", f'"/inbox/{number}"' in boss.get("/inbox?taken=me").text and f'"/inbox/{number}"' not in boss.get("/inbox?taken=nobody").text)
boss.send(f"/inbox/{number}/assign", {"to": "nobody"})
t.hold("given back", "Nobody has taken this on" in words(boss.get(f"/inbox/{number}").text))
t.hold("staff of a body do not take it on", staff.send(f"/inbox/{number}/assign", {"to": "me"}).status == 404)

# ---- two at once ----
said = []
browsers = [Browser(server).sign_in(boss_code) for _ in range(4)]
tokens = [b.token() for b in browsers]
threads = [threading.Thread(target=lambda b=b, k=k, i=i: said.append(b.post(f"/inbox/{number}", {"token": k, "move": "uphold", "words": f"answer {i}"}).status)) for i, (b, k) in enumerate(zip(browsers, tokens))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
t.hold("of four at once one decides", sorted(said) == [303, 422, 422, 422], said)
t.hold("and it is decided once", one("select count(*) from case_event e join case_file c on c.id = e.case_id where c.id = ? and e.what = 'uphold'", number) == 1)

# ---- one's own, also with a role ----
own = opened(boss.send("/requests/new/rectification-request", {"reason": "My own name"}))
t.hold("nobody decides their own", boss.send(f"/inbox/{own}", {"move": "uphold", "words": "yes"}).status in (404, 422) and one("select waits from case_file where id = ?", own) == 1)

# ---- attachments ----
number = opened(upload(ben, "/requests/new/rectification-request", {"reason": "See the letter"}, "letter.pdf", PDF))
page = ben.get(f"/requests/{number}").text
t.hold("what was attached is there", "letter.pdf" in page and f'/requests/{number}/files/1"' in page, words(page)[:500])
r = ben.get(f"/requests/{number}/files/1")
t.hold("and downloads as it was", r.status == 200 and r.body == PDF and r["Content-Type"] == "application/pdf" and r["Content-Disposition"] == 'attachment; filename="letter.pdf"' and r["X-Content-Type-Options"] == "nosniff", r.status, r.headers)
t.hold("for the officer too", boss.get(f"/inbox/{number}/files/1").body == PDF)
t.hold("for nobody else", ann.get(f"/requests/{number}/files/1").status == 404 and staff.get(f"/inbox/{number}/files/1").status == 404 and ben.get(f"/requests/{number}/files/9").status == 404)
r = upload(ben, f"/requests/{number}/files", {}, "../../etc/passwd.txt", b"root:x:0:0\n")
t.hold("a name that is a path is only its last part", r.status == 303 and one("select name from case_attachment where case_id = ? and n = 2", number) == "passwd.txt", r.status, rows("select n, name from case_attachment where case_id = ?", number))
t.hold("of no bytes", (r := upload(ben, f"/requests/{number}/files", {}, "empty.pdf", b"")).status == 422 and "empty" in r.text, r.status)
t.hold("of no bytes, at the opening", (r := upload(ben, "/requests/new/rectification-request", {"reason": "See the letter"}, "empty.pdf", b"")).status == 422 and "empty" in r.text, r.status)
t.hold("without a file", upload(ben, f"/requests/{number}/files", {}).status == 422)
t.hold("without a file, at the opening", opened(upload(ben, "/requests/new/rectification-request", {"reason": "No letter"})) != "0")
t.hold("of a kind that is not taken", upload(ben, f"/requests/{number}/files", {}, "a.pdf", b"MZ\x90\x00\x03\0\0\0").status == 422)
t.hold("a page", upload(ben, f"/requests/{number}/files", {}, "a.html", b"<html><script>alert(1)</script>").status in (303, 422))
for row in rows("select media from case_attachment where case_id = ?", number):
    t.hold("no page is served", row[0] in ("application/pdf", "text/plain; charset=utf-8", "image/png", "image/jpeg"), row)
try:
    large = upload(ben, f"/requests/{number}/files", {}, "large.pdf", PDF + b"\0" * (100 << 20)).status
except (BrokenPipeError, ConnectionResetError):
    large = 413  # answered, and closed, before it was all sent
t.hold("100 MB", large == 413, large)
t.hold("just too large", upload(ben, f"/requests/{number}/files", {}, "large.pdf", PDF + b"\0" * (10 << 20)).status == 422)
for i in range(3, 12):
    r = upload(ben, f"/requests/{number}/files", {}, f"{i}.pdf", PDF + b"%d" % i)
t.hold("an eleventh", r.status == 422 and one("select count(*) from case_attachment where case_id = ?", number) == 10, r.status)
t.hold("nobody adds to another's", upload(ann, f"/requests/{number}/files", {}, "a.pdf", PDF).status == 404)

# ---- what is not there ----
for path in ("/requests/0", "/requests/99999", "/requests/x", "/requests/new/nothing", "/requests/new/%3Cscript%3E", "/requests/1%27", "/requests/1/files/x", "/requests/18446744073709551617"):
    t.hold(f"{path} is not there", ann.get(path).status == 404, ann.get(path).status)
for kind, leads in (("told-name", "/tell-us-once"), ("time-given", "/time"), ("help-offer", "/helpers"), ("line-wrong", "/account"), ("look-objection", "/looked")):
    r = ann.get(f"/requests/new/{kind}")
    t.hold(f"{kind} is opened elsewhere", r.status == 303 and r["Location"] == leads, r.status, r["Location"])
for fields in ({"colour": "red"}, {"reason": "x", "about": "<script>"}):
    t.hold(f"{fields} is refused", ann.send("/requests/new/complaint", fields).status == 400)
t.hold("no citizen has an inbox", ann.get("/inbox").status == 404)
public = Browser(server)
t.hold("signed out: to sign in", public.get("/requests").status == 303 and public.get("/inbox").status == 303 and public.post("/requests/new/complaint", {"token": "", "reason": "x"}).status == 403)

# ---- asked of oneself: time that somebody says to have given ----
t.hold("time is entered", ben.send("/time", {"category": "volunteering", "date": ago(30), "minutes": "90", "confirmer": ann_code, "note": "shopping in the snow"}).status == 303)
given = one("select max(id) from case_file where kind = 'time-given'")
page = ann.get("/requests").text
t.hold("it waits for her answer", "Waiting for your answer" in words(page) and f'"/requests/{given}"' in page and "1 request waits for your answer" in words(ann.get("/account").text))
page = ann.get(f"/requests/{given}").text
t.hold("she sees what it is", "shopping in the snow" in page and 'value="confirm"' in page and "on your account once" not in page)
t.hold("its sender sees no form to confirm it", 'value="confirm"' not in ben.get(f"/requests/{given}").text and ben.send(f"/requests/{given}", {"move": "confirm"}).status == 422)
t.hold("of her, he sees the reference only, until she answers", ann_code in ben.get(f"/requests/{given}").text and name not in ben.get(f"/requests/{given}").text)
r = ann.send(f"/requests/{given}", {"move": "confirm"})
t.hold("confirmed", r.status == 303 and "Thank you" in words(ann.get(r["Location"]).text), r.status)
t.hold("and posted", "Done" in words(ben.get(f"/requests/{given}").text) and re.search(r"/account/lines/\d+:\d+", ben.get(f"/requests/{given}").text))

# ---- late: passed on to the next role ----
body = one("select o.body from office o join party p on p.id = o.person where p.code = ?", staff_code)
db.execute("insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_body, due, subject, facts, reason) select id, 7000, 'told-birth', 'waiting', 1, '2026-01-02T00:00:00Z', id, 'id:' || code, ?, 20500, '', '{\"name\":\"Ann\",\"born\":\"2026-01-01\"}', '' from party where code = ?", (body, ann_code))
db.commit()
page = staff.get("/inbox").text
t.hold("late ones are first and say so", re.search(r'"/inbox/(\d+)"', page).group(1) == "7000" and ">Late<" in page and ">Late<" in staff.get("/inbox?which=late").text)
t.hold("the first page of staff says how many wait", "of them is late" in words(staff.get("/account").text), words(staff.get("/account").text)[:300])
book.weal("cases", "escalate")
t.hold("passed on to administrators", '"/inbox/7000"' in boss.get("/inbox?which=late").text)
t.hold("who are told since when", "passed on" in words(boss.get("/inbox/7000").text) and "working days ago" in words(boss.get("/inbox/7000").text))
t.hold("the opener sees it too", ">Late<" in ann.get("/requests?which=late").text and "passed on" in words(ann.get("/requests/7000").text))

# ---- a role that ended ----
number = opened(ann.send("/requests/new/rectification-request", {"reason": "Once more"}))
token = boss.token()
db.execute("update office set to_day = 20000 where role = 'administrator'")
db.commit()
t.hold("an ended role gives nothing", boss.get("/inbox").status == 404 and boss.post(f"/inbox/{number}", {"token": token, "move": "uphold", "words": "x"}).status == 404 and one("select waits from case_file where id = ?", number) == 1)

t.hold("the log has no fault", '"level":"error"' not in server.lines() and "fault" not in server.lines(), server.lines()[-2000:])
t.hold("stops", server.stop() == 0)
t.end()
