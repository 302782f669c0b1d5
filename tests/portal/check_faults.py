#!/usr/bin/env python3
"""Without an access note nothing is shown; a full disk is reported in words, leaves nothing half done, and has no effect when there is room again."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cast import MAY, Cast, filled, names_of, of_requests, role_for, routes
from portal import Book, Server, Tally, ago, until
from town import Load, Serving, Town, everybody, faults, lost

t = Tally()
skipped = 0

# ---- no access note, no page ----
book = Book(200)
server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
cast = Cast(book, server)
name = cast.one("select name from party where code = ?", cast.subject)
looks = [row for row in routes() if row["method"] == "GET" and row["needs"] in MAY and row["runs"] == "WRITES" and "{person}" in row["path"]]
things = {**cast.public_things(), **cast.things[cast.subject]}


def look(row):
    return cast.roles[role_for(row)].get(filled(row["path"], of_requests(row["path"], things)))


def noted():
    return cast.one("select count(*) from access where party = ?", cast.party(cast.subject))


t.hold("there are looks to try", len(looks) > 8, len(looks))
for row in looks:
    before, r = noted(), look(row)
    t.hold(f"{row['path']} is a look, and noted", r.status == 303 or (r.status == 200 and noted() > before), r.status)
with sqlite3.connect(book.url[7:], timeout=30) as db:
    db.execute("alter table access rename to access_elsewhere")
db.close()
for row in looks:
    r = look(row)
    t.hold(f"{row['path']} is not shown where the look cannot be noted", r.status in (303, 500, 503) and name not in r.text and (r.status == 303 or "<h1" in r.text), r.status)
r = cast.roles["staff"].send("/people", {"reason": "They stand at the counter", "reference": cast.subject})
t.hold("nobody is found where the look cannot be noted", r.status in (500, 503) and name not in r.text, r.status)
with sqlite3.connect(book.url[7:], timeout=30) as db:
    db.execute("alter table access_elsewhere rename to access")
db.close()
for row in looks:
    before, r = noted(), look(row)
    t.hold(f"{row['path']} is shown again", r.status == 303 or (r.status == 200 and noted() > before), r.status)
t.hold("stops", server.stop() == 0)

# ---- a full disk ----
module = faults()
try:
    with module.SmallDisk(1 << 16) as disk:
        town = Town("sqlite", disk.folder)
        serving = Serving(town)
        browsers = everybody(serving)
        loads = [Load(serving, "f0", browsers)]
        ballast = os.path.join(disk.folder, "ballast")
        with open(ballast, "wb", buffering=0) as f:  # until nothing is left
            try:
                while True:
                    f.write(b"\0" * 65536)
            except OSError:
                pass
            try:
                while True:
                    f.write(b"\0" * 512)
            except OSError:
                pass
        citizen = browsers[-1][0]
        full = until(lambda: loads[0].statuses.get(503, 0) + loads[0].statuses.get(500, 0))
        t.hold("on a full disk forms are answered with a page that says so", full > 0, loads[0].statuses)
        t.hold("pages are shown all the same", citizen.get("/account").status == 200)
        r = citizen.post("/time", {"token": citizen.kept_token, "category": "volunteering", "date": ago(60), "minutes": "1", "confirmer": "dwp", "note": "no room"})
        t.hold("in words, with a time to try again", r.status == 503 and "<h1" in r.text and r["Retry-After"] == "5", r.status)
        os.unlink(ballast)
        before = len(loads[0].acknowledged)
        t.hold("with room again it writes again", until(lambda: len(loads[0].acknowledged) > before), loads[0].statuses)
        loads[0].end()
        t.hold("and nothing that was acknowledged is lost", not lost(town, loads[0].acknowledged), lost(town, loads[0].acknowledged)[:3])
        t.hold("what was refused is not there", not [n for n in town.ask("select facts from case_file") if "no room" in n])
        town.weal("audit")
        t.hold("nothing odd was answered", not [o for o in loads[0].odd if o[1] != 500], loads[0].odd[:3])
        t.hold("stops after it", serving.stop() == 0)
except module.Skip as e:
    skipped += 1
    print(f"skip: {e}")
print(f"{t.passed} passed, {t.failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(t.failed != 0)
