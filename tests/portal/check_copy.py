#!/usr/bin/env python3
"""A copy of everything that is held about the visitor, over HTTP: found from the account, from who looked and from an answered request; whole, without other people; only one's own."""
import http.client
import json
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, free_port, words

t = Tally()
book = Book(60)
metrics_port = free_port()
server = Server(book, ["forms_each_minute = 100000", f"metrics_listen = 127.0.0.1:{metrics_port}"])
db = sqlite3.connect(book.url[7:], timeout=30)
boss_code = db.execute("select p.code from office o join party p on p.id = o.person where o.role = 'administrator'").fetchone()[0]
principal, agent = db.execute("select p.code, a.code from act_for f join party p on p.id = f.principal join party a on a.id = f.agent").fetchone()
name_of = dict(db.execute("select code, name from party where kind = 'person'").fetchall())
citizen, helper, boss = (Browser(server).sign_in(code) for code in (principal, agent, boss_code))



def slow_jobs():
    c = http.client.HTTPConnection("127.0.0.1", metrics_port, timeout=30)
    c.request("GET", "/metrics")
    return int(re.search(r"^weal_desk_jobs\w* (\d+)", c.getresponse().read().decode(), re.M).group(1))


for path in ("/account", "/looked"):
    t.hold(f"{path} leads there", 'href="/copy"' in citizen.get(path).text)
page = citizen.get("/copy")
t.hold("the page says what it is", page.status == 200 and "every item on your account" in words(page.text))
t.hold("in Welsh", "Lawrlwytho eich copi" in citizen.get("/cy/copy").text and 'href="/cy/copy/file"' in citizen.get("/cy/copy").text)
t.hold("nobody who is signed out", Browser(server).get("/copy/file").status != 200)

before = slow_jobs()
reply = citizen.get("/copy/file")
t.hold("the slow queue makes it, so that no other page waits for it", slow_jobs() == before + 1, before, slow_jobs())
t.hold("the file is to be kept", reply.status == 200 and reply["Content-Type"].startswith("application/json") and f'copy-{principal}.json' in (reply["Content-Disposition"] or ""),
       reply.status, reply["Content-Type"], reply["Content-Disposition"])
copy = json.loads(reply.text)
t.hold("it is theirs", copy["person"] == principal and copy["by"] == f"id:{principal}" and copy["files"]["person"][0]["name"] == name_of[principal])
t.hold("it counts its rows", all(len(rows) == copy["rows"][name] for name, rows in copy["files"].items()) and not [n for n, rows in copy["rows"].items() if rows and n not in copy["files"]])
stands = sum(str(v).count("[withheld]") for rows in copy["files"].values() for row in rows for v in row.values())
t.hold("each withholding is counted, the helper among them", stands == sum(copy["withheld"].values()) and copy["files"]["helpers"][0]["agent"] == "[withheld]", stands, copy["withheld"])
t.hold("nobody else is named", not [n for code, n in name_of.items() if n and n != name_of[principal] and n in reply.text], [n for n in name_of.values() if n and n in reply.text])
account = json.loads(book.weal("account", principal, "--format", "json"))
lines = {line["line"] for part in account.values() for unit in (part if isinstance(part, list) else [part]) if isinstance(unit, dict) for line in unit.get("lines", []) if isinstance(line, dict)}
t.hold("it has every line of the account", lines and lines == {row["x_line"] for row in copy["files"]["lines"]}, len(lines), len(copy["files"]["lines"]))
t.hold("the readme is there, in the language of the page", copy["readme"].startswith("A copy of everything") and json.loads(citizen.get("/cy/copy/file").text)["readme"].startswith("Copi o bopeth"))

other = json.loads(helper.get("/copy/file").text)
t.hold("a helper gets their own", other["person"] == agent and other["files"]["helps"][0]["principal"] == "[withheld]", other["person"])
t.hold("and has no way to that of whom they help", "/copy" not in helper.get(f"/helping/{principal}/account").text and helper.get(f"/helping/{principal}/copy").status == 404)

sent = citizen.send("/requests/new/access-request", {"reason": "I would like to know"})
number = re.search(r"/requests/(\d+)", sent["Location"] or "/requests/0").group(1)
t.hold("a request waits, without the copy", sent.status == 303 and "Download your copy" not in citizen.get(f"/requests/{number}").text)
answered = boss.send(f"/inbox/{number}", {"move": "ready", "words": "Here it is"})
t.hold("when it is ready the request leads to it", answered.status == 303 and 'href="/copy">Download your copy' in citizen.get(f"/requests/{number}").text, answered.status)
after = json.loads(citizen.get("/copy/file").text)
t.hold("the request is in the copy, and who answered is not", any(row["kind"] == "access-request" and row["decided_by"] == "[withheld]" and row["answer"] == "Here it is" for row in after["files"]["cases"]),
       after["files"].get("cases"))
t.hold("the answer is named by role", name_of[boss_code] not in json.dumps(after))

book.weal("erase", boss_code, "--reason", "asked for it")
page = citizen.get(f"/requests/{number}").text
t.hold("when whoever answered is erased, the citizen still sees as what they did", "Somebody whose record was erased, administrator" in words(page) and name_of[boss_code] not in page, words(page)[-600:])
last = json.loads(citizen.get("/copy/file").text)
t.hold("so does the copy", any(row["who"] == "erased:administrator" for row in last["files"]["case-history"]), last["files"]["case-history"])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
sys.exit(t.end())
