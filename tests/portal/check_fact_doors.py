#!/usr/bin/env python3
"""A value that cannot be right is refused at every door, of every variable that can be told: a file of facts, the command that tells, a what-if of the command line, the form of a fact, a question of
what one may get, and a what-if of the portal. The greatest and the least that may be told are taken by a what-if. Nothing of what was refused is kept."""
import csv
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, words

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
t = Tally()
book = Book(60)
server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
db.execute("delete from fact")

with open(f"{ROOT}/policy/uk/tellable.csv", encoding="utf-8") as f:
    variables = list(csv.DictReader(f))


def wrong(v):
    """What cannot be right of a variable, and nothing else can be said against."""
    if v["kind"] in ("money", "number", "hours"):
        digits = ".01" if v["kind"] == "money" else ".001"
        return [f"-0{digits}" if v["low"] == "0" else f"{float(v['low']) - 1:g}", *([v["high"] + digits] if v["high"] else []), "99999999999999999999", "ten", "1e3", "nan"]
    if v["kind"] == "bool":
        return ["maybe", "1", "true"]
    if v["kind"] == "day":
        return ["2999-01-01", "2026-02-30", "soon"]
    return ["NOWHERE", "tenure_type", "0"] if v["kind"].startswith("choice:") else ["P999999999"]


def run(*command):
    return subprocess.run([WEAL, "--store", book.url, *command], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})


person = db.execute("""select p.code from party p join residence r on r.party = p.id where p.kind = 'person' and p.died is null and p.born between 0 and 10000
                       and r.household is not null and p.id not in (select gone from alias) order by p.id limit 1""").fetchone()[0]
every = [(v, value) for v in variables for value in wrong(v)]

# ---- a file ----
path = os.path.join(os.path.dirname(book.url[7:]), "wrong.csv")
with open(path, "w", encoding="utf-8") as f:
    f.write("person,variable,value,from,source\n")
    f.writelines(f"{person},{v['variable']},{value},2026-04-06,told\n" for v, value in every)
done = run("import", "facts", path, "--rejects", path + ".rejects")
with open(path + ".rejects", encoding="utf-8") as f:
    refused = list(csv.DictReader(f))
t.hold("a file: each row is refused", done.returncode == 1 and len(refused) == len(every), done.returncode, len(refused), len(every), done.stderr[-500:])


# ---- the command line ----
def command_refuses(pair):
    v, value = pair
    relation = v["kind"] in ("person", "people")
    told = run("fact", "tell", person, v["variable"], "--from", "2026-04-06", "--", value) if "self" in v["who"] else run("assess", person, "--if", f"{v['variable']}={value}")
    then = run("assess", person, "--if", f"{v['variable']}={value}")
    held = told.returncode == 1 and then.returncode == 1 and (relation or v["variable"] + ":" in then.stderr)
    return held, v["variable"], value, told.stderr, then.stderr


def command_takes(pair):
    done = run("assess", person, "--if", f"{pair[0]}={pair[1]}")
    return done.returncode == 0, *pair, done.stderr


with ThreadPoolExecutor(2) as pool:
    outermost = [(v, value) for v in variables for value in wrong(v)[:2]]
    for held, *said in pool.map(command_refuses, outermost):
        if not held:
            t.hold(f"the command line refuses {said[0]}={said[1]}", False, *said)
    t.hold("the command line refuses each", True)
    bounds = [(v["variable"], v[end]) for v in variables for end in ("low", "high") if v[end]]
    for held, *said in pool.map(command_takes, bounds):
        if not held:
            t.hold(f"a what-if takes {said[0]}={said[1]}", False, *said)
    t.hold("what may just be told is taken", True)

# ---- forms ----
ann = Browser(server).sign_in(person)
with open(f"{ROOT}/policy/uk/what-ifs.csv", encoding="utf-8") as f:
    what_ifs = [(r["code"], a) for r in csv.DictReader(f) for a in r["asks"].split()]
by_name = {v["variable"]: v for v in variables}
for v, value in every:
    if "self" not in v["who"].split() or v["kind"] in ("person", "people"):
        continue
    for door in f"/facts/tell/{v['variable']}", f"/entitlements/ask/{v['variable']}":
        reply = ann.send(door, {"value": value, **({"per": v["per"].split()[0]} if v["per"] else {}), "confirmed": "yes"})
        if reply.status != 422:
            t.hold(f"{door} refuses {value}", False, reply.status, reply["Location"], words(reply.text)[:400])
t.hold("the forms refuse each", True)
for code, asked in what_ifs:
    for value in wrong(by_name[asked]):
        page = ann.get(f"/entitlements/what-if/{code}?show=yes&{asked}={value}")
        if page.status not in (200, 400) or "What would change, a year" in words(page.text):
            t.hold(f"what-if {code} refuses {asked}={value}", False, page.status, words(page.text)[:600])
t.hold("the what-ifs of the portal refuse each, and take what can be", "What would change, a year" in words(ann.get("/entitlements/what-if/child").text))
t.hold("nothing of all that was kept", db.execute("select count(*) from fact").fetchone()[0] == 0)

server.stop()
t.end()
