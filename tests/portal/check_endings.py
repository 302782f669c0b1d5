#!/usr/bin/env python3
"""Ended rights have ended, also for requests under way and after a merger of two records. And what nobody may do alone, or find out about others."""
import http.client
import os
import re
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, ago, free_port, until, words

WRITES_GROUP = 64  # LIMIT_WRITES_GROUP of src/base/limits.h
t = Tally()
book = Book(120)
metrics_port = free_port()
server = Server(book, ["forms_each_minute = 10000", f"metrics_listen = 127.0.0.1:{metrics_port}"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
free = [c for c in book.living(60) if not db.execute("select 1 from office o join party p on p.id = o.person where p.code = ?", (c,)).fetchone()
        and not db.execute("select 1 from act_for a join party p on p.id in (a.principal, a.agent) where p.code = ?", (c,)).fetchone()]


def party(code):
    return db.execute("select id from party where code = ?", (code,)).fetchone()[0]


def help(principal, agent, number, scope="see tell time"):
    db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, ?, ?, ?, 'a friend', 0, null, '2026-01-01T00:00:00Z')", (party(principal), number, party(agent), scope))


def waiting():
    """Jobs that wait for the writer, but for those that it has taken up."""
    c = http.client.HTTPConnection("127.0.0.1", metrics_port, timeout=30)
    c.request("GET", "/metrics")
    return int(re.search(r"^weal_writes_waiting (\d+)", c.getresponse().read().decode(), re.M).group(1))


def ask(what):
    thread = threading.Thread(target=what)
    thread.start()
    return thread


def ask_behind(what):
    """Sends a request, and continues when it waits for the writer."""
    before = waiting()
    thread = ask(what)
    t.hold("it waits for the writer", until(lambda: waiting() == before + 1), waiting())
    return thread


def sign_in():
    Browser(server).sign_in(free[11])


def hold_up():
    """Nobody else can write, and the writer has begun a job: later requests wait."""
    db.execute("begin immediate")
    asked, behind = [], 0
    while behind == 0:
        asked.append(ask(sign_in))
        until(waiting, 1)
        time.sleep(0.3)
        behind = waiting()
    return asked


# ---- a helper's page that waits for the writer while the helper's scope is ended ----
principal, agent = free[:2]
help(principal, agent, 9000)
one, helper = Browser(server).sign_in(principal), Browser(server).sign_in(agent)
t.hold("who helps sees the account", helper.get(f"/helping/{principal}/account").status == 200)
token = one.token()
looks = db.execute("select count(*) from access where party = ?", (party(principal),)).fetchone()[0]
said = {}
threads = hold_up()
threads.append(ask_behind(lambda: said.update(end=one.post("/helpers/9000/end", {"token": token}).status)))
while waiting() < WRITES_GROUP:  # the writer takes so many together; the page comes after those
    threads.append(ask_behind(sign_in))
threads.append(ask_behind(lambda: said.update(see=helper.get(f"/helping/{principal}/account").status)))
t.hold("both wait", not said, said)
db.execute("rollback")
for thread in threads:
    thread.join()
t.hold("the help is ended", said.get("end") == 303, said)
t.hold("what was asked before and comes after its end shows nothing", said.get("see") == 404, said)
t.hold("and is no look", db.execute("select count(*) from access where party = ?", (party(principal),)).fetchone()[0] == looks)

# ---- records merged ----
keep, gone, friend = free[2:5]
help(gone, friend, 9001)
before, after, helper = Browser(server).sign_in(gone), Browser(server).sign_in(keep), Browser(server).sign_in(friend)
book.weal("merge", keep, gone, "--reason", "one person", "--quiet")
t.hold("a session of the record that is gone is the person's", keep in before.get("/account").text)
t.hold("who helped the record that is gone helps the person", helper.get(f"/helping/{keep}").status == 200)
r = helper.send(f"/helping/{keep}/end", {})
t.hold("and ends it", r.status == 303 and helper.get(f"/helping/{keep}/account").status == 404, r.status)
old = before.cookie
t.hold("signs out everywhere", after.send("/sign-out", {"everywhere": "yes"}).status == 303)
before.cookie = old
t.hold("also where the session began before the merger", before.get("/account").status == 303)

# ---- a form that waits for the writer while another program erases its sender ----
erased, number = free[10], party(free[10])
gone = Browser(server).sign_in(erased)
token = gone.token("/time")
said = {}
threads = hold_up()  # the erasure: what of it a request could meet
fields = {"token": token, "category": "volunteering", "date": ago(30), "minutes": "30", "note": "a most private note", "confirmer": free[9]}
threads.append(ask_behind(lambda: said.update(give=gone.post("/time", fields).status)))
t.hold("it waits", not said, said)
for sql in ("delete from session where person = ?", "delete from identifier where party = ?", "update party set kind = 'erased', code = '', name = null where id = ?"):
    db.execute(sql, (number,))
db.execute("update counter set last = last + 1 where name = 'erasure'")
db.execute("commit")
for thread in threads:
    thread.join()
t.hold("and is refused", said.get("give") == 403, said)
t.hold("nothing of it is written", db.execute("select count(*) from case_file where party = ? or facts like '%a most private note%'", (number,)).fetchone()[0] == 0)

# ---- a reference is not turned into a name ----
asker, asked = free[5:7]
name, nino = db.execute("select p.name, i.value from party p join identifier i on i.party = p.id and i.scheme = 'nino' where p.code = ?", (asked,)).fetchone()
asker = Browser(server).sign_in(asker)
given = {"category": "volunteering", "date": ago(30), "minutes": "30", "note": "the hall"}
t.hold("time that a person is to confirm", asker.send("/time", {**given, "confirmer": asked}).status == 303)
page = words(asker.get("/time").text)
t.hold("names them by the reference that was typed", asked in page and name not in page)
r, unknown = asker.send("/time", {**given, "confirmer": "nino:" + nino}), asker.send("/time", {**given, "confirmer": "nino:QQ999999C"})
t.hold("a number that others know them by finds nobody", r.status == 422 and unknown.status == 422, r.status)
other = Browser(server).sign_in(asked)
number = db.execute("select max(id) from case_file where to_person = ?", (party(asked),)).fetchone()[0]
t.hold("they confirm it", other.send(f"/requests/{number}", {"move": "confirm"}).status == 303)
t.hold("and are named from then on", name in words(asker.get("/time").text))

# ---- nobody decides a notice that they sent, even in somebody else's name ----
staff, body = db.execute("select p.code, o.body from office o join party p on p.id = o.person where o.role = 'staff' and o.to_day is null order by o.id").fetchone()
parent = free[7]
db.execute("insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_body, subject, facts, reason) values (?, 9000, 'told-birth', 'waiting', 1, '2026-09-02T00:00:00Z', ?, ?, ?, '', '{\"name\":\"Ann Example\",\"born\":\"2026-09-01\"}', '')",
           (party(parent), party(staff), "id:" + staff, body))
clerk = Browser(server).sign_in(staff)
t.hold("what staff told for another is shown to them without a form", 'name="move"' not in clerk.get("/inbox/9000").text)
r = clerk.send("/inbox/9000", {"move": "accept"})
t.hold("and not theirs to decide", r.status == 422 and db.execute("select state from case_file where id = 9000").fetchone()[0] == "waiting", r.status)

# ---- a person who never comes back leaves nothing ----
gone_quiet = Browser(server).sign_in(free[8])
t.hold("an answer is kept", gone_quiet.send("/tell-us-once/name/name", {"name": "Nobody Knows"}).status == 303 and db.execute("select count(*) from draft where answers like '%Nobody Knows%'").fetchone()[0] == 1)
db.execute("update session set used = used - 7200 where person = ?", (party(free[8]),))
Browser(server).sign_in(free[9])
t.hold("until the next sign-in after it has run out, of whomever", db.execute("select count(*) from draft where answers like '%Nobody Knows%'").fetchone()[0] == 0)
t.hold("and with it the session", db.execute("select count(*) from session where person = ?", (party(free[8]),)).fetchone()[0] == 0)

t.hold("stops", server.stop() == 0)
t.end()
