#!/usr/bin/env python3
"""A birth and a death from the telling to the end, seen from both sides: the citizen tells, an officer of the organisation decides, the register changes, the citizen sees what became of it.
Two officers accept one birth at once; both parents tell the same one; and what becomes of a dead person's sign-in, of who helped them and of what they asked."""
import os
import re
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally

t = Tally()
book = Book()
staff, body, body_code = sqlite3.connect(book.url[7:]).execute("select p.code, o.body, b.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and o.to_day is null and b.kind = 'council' order by o.id").fetchone()
second, helper = book.living(2)
asks, approves = book.administrators()[:2]
granted = book.do(asks, "role-grant", person=second, role="staff", body=body_code)
book.do(approves, "case-move", case=granted["case"], move="approve")
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:])


def one(sql, *values):
    found = db.execute(sql, values).fetchone()
    return found[0] if found else None


# two adults of one home, who are neither staff nor helpers
mother, father, home = db.execute("""select a.code, b.code, r.household from residence r join residence s on s.household = r.household join party a on a.id = r.party join party b on b.id = s.party
  where a.id < b.id and a.died is null and b.died is null and a.born between 3000 and 11000 and b.born between 3000 and 11000 and a.code not in (?, ?) and b.code not in (?, ?)
  and not exists (select 1 from residence l where l.party in (a.id, b.id) and l.from_day > r.from_day) and a.id not in (select person from office) and b.id not in (select person from office)
  and a.id not in (select gone from alias) and b.id not in (select gone from alias) limit 1""", (second, helper, second, helper)).fetchone()
db.execute("update residence set lines = '1 Mill Lane', postcode = 'HM1 2AB' where party = ?", (home,))
db.commit()


def tell_birth(browser, name, day="2026-11-02"):
    """The number of the case."""
    for path, fields in (("name", {"name": name}), ("born", {"born": day}), ("sex", {"sex": "F"}), ("check", {})):
        browser.send(f"/tell-us-once/birth/{path}", fields)
    return one("select max(id) from case_file where kind = 'told-birth'")


def form(browser, path):
    return re.search(rf'<form action="{path}"[^>]*>.*?name="token" value="([^"]*)"', browser.get(path).text, re.S).group(1)


parents = [Browser(server).sign_in(mother), Browser(server).sign_in(father)]
officers = [Browser(server).sign_in(staff), Browser(server).sign_in(second)]

# ---- a birth: told by both parents, accepted by two officers at once ----
case = tell_birth(parents[0], "Fflur Mair")
twice = tell_birth(parents[1], "Fflur Mair")
waiting = parents[0].get(f"/requests/{case}").text
t.hold("who told it sees that it waits, and with whom", "Waits for an answer" in waiting and one("select name from body where id = ?", body) in waiting)
t.hold("the officer has it in the inbox", f"/inbox/{case}" in officers[0].get("/inbox").text)
page = officers[0].get(f"/inbox/{case}").text
t.hold("and sees what was told", "Fflur Mair" in page and "2 November 2026" in page)
home_code, father_id, father_name = one("select code from party where id = ?", home), *db.execute("select id, name from party where code = ?", (father,)).fetchone()
t.hold("and the home into which the child comes, and who else lives there", home_code in page and "1 Mill Lane" in page and "Lives there too" in page and f"{father_name} ({father})" in page, page[-3000:])
t.hold("whose record is visited by it", one("select count(*) from access where party = ? and what = 'case told-birth ' || ?", father_id, str(case)) == 1)
path, answers = f"/inbox/{case}", []
threads = [threading.Thread(target=lambda b=b, token=form(b, path): answers.append(b.post(path, {"token": token, "move": "accept"}).status)) for b in officers]
for each in threads:
    each.start()
for each in threads:
    each.join()
child, born, code = db.execute("select id, born, code from party where name = 'Fflur Mair'").fetchone()
t.hold("two who accept it at once register one child", one("select count(*) from party where name = 'Fflur Mair'") == 1 and sorted(answers)[0] == 303, answers)
t.hold("with the day of birth, in the home of the parent", born == one("select unixepoch('2026-11-02') / 86400") and one("select household from residence where party = ?", child) == home)
t.hold("and with accounts", one("select count(*) from holding where owner = ? and owner_kind = 'person'", child) >= 2)
t.hold("one acceptance is noted", one("select count(*) from case_event where case_id = ? and what = 'accept'", case) == 1)
after = parents[0].get(f"/requests/{case}").text
t.hold("who told it sees what became of it", "What was recorded" in after and "Fflur Mair" in after and code in after)
t.hold("and that it was accepted, in words", "It was accepted, and the record is changed." in after and "derbyniwyd" in parents[0].get(f"/cy/requests/{case}").text)
t.hold("and that the birth is still to be registered", "Register the birth" in after and "42 days" in after)
t.hold("the body's step is there where the body is not connected", "gov.uk/child-benefit" in after)
path = f"/inbox/{twice}"
r = officers[0].post(path, {"token": form(officers[0], path), "move": "accept"})
t.hold("the same birth, told by the other parent, is no second child", r.status in (400, 422) and one("select count(*) from party where name = 'Fflur Mair'") == 1, r.status)
r = officers[0].post(path, {"token": form(officers[0], path), "move": "refuse", "words": "Your partner told us, and she is registered."})
t.hold("it is answered", r.status == 303 and "Your partner told us" in parents[1].get(f"/requests/{twice}").text)

# ---- a death ----
dead = father
dead_id = one("select id from party where code = ?", dead)
db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, 9001, (select id from party where code = ?), 'see tell', 'a friend', 0, null, '2026-01-01T00:00:00Z')", (dead_id, helper))
db.commit()
friend = Browser(server).sign_in(helper)
t.hold("before it, the helper sees their account", friend.get(f"/helping/{dead}/account").status == 200)
asked = tell_birth(parents[1], "Never Born", "2026-11-03")
for path, fields in (("whom", {"whom": f"id:{dead}"}), ("died", {"died": "2026-11-20"}), ("check", {})):
    parents[0].send(f"/tell-us-once/death/{path}", fields)
case = one("select max(id) from case_file where kind = 'told-death'")
done = parents[0].get("/tell-us-once/death/done").text
t.hold("who tells a death reads what is still to be done", "Register the death" in done and "Tell Us Once, a service of GOV.UK" in done)
t.hold("nothing changes before staff have looked", one("select died from party where id = ?", dead_id) is None and parents[1].get("/account").status == 200)
path = f"/inbox/{case}"
r = officers[1].post(path, {"token": form(officers[1], path), "move": "accept"})
t.hold("an officer accepts it", r.status == 303 and one("select died from party where id = ?", dead_id) == one("select unixepoch('2026-11-20') / 86400"), r.status)
said = officers[1].get(r["Location"]).text
t.hold("and reads what it ended", "They can no longer sign in, and nobody can act for them" in said)
t.hold("the sign-in of the dead ends at once", parents[1].get("/account").status == 303)
again = Browser(server).post("/sign-in", {"token": "", "reference": dead})
t.hold("and cannot begin again", again.status == 422 and again["Set-Cookie"] is None, again.status, again["Location"], again["Set-Cookie"])
t.hold("who helped them sees nothing any more", friend.get(f"/helping/{dead}/account").status == 404)
tags = re.findall(r'<strong class="govuk-tag[^>]*>([^<]*)</strong>', parents[0].get(f"/requests/{case}").text.split("<main", 1)[1])
t.hold("who told it sees that it is done", tags == ["Done"], tags)
said = parents[0].get(f"/requests/{case}").text
t.hold("by the name of who has died, and what became of it", f"id:{dead}" not in said and father_name in said and f"The death of {father_name.replace(chr(39), '&#39;')} on 20 November 2026 is on the record here." in said, said[:3000])
t.hold("in Welsh", "ar y cofnod yma." in parents[0].get(f"/cy/requests/{case}").text)
path = f"/inbox/{asked}"
t.hold("what they had asked still waits for an answer", one("select waits from case_file where id = ?", asked) == 1 and officers[0].get(path).status == 200)
r = officers[0].post(path, {"token": form(officers[0], path), "move": "refuse", "words": "There was no such birth."})
t.hold("and is answered", r.status == 303 and one("select waits from case_file where id = ?", asked) == 0, r.status)
mother_id = one("select id from party where code = ?", mother)
for path, fields in (("whom", {"whom": f"id:{dead}"}),):
    r = parents[0].send(f"/tell-us-once/death/{path}", fields)
t.hold("a death is not told twice", r.status == 422, r.status)

t.hold("nothing failed on the way", '"level":"error"' not in server.lines() and "fault" not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
