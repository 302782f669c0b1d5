#!/usr/bin/env python3
"""Two who write at the same moment: an amount that two awards make together, whom one row of a file means, and what is said of letters to one home."""
import os, subprocess, sys
from datetime import date

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))
from attack import WEAL, engines, Folder, Tried

tried = Tried()
TRIES = 8
HELD = range(1, TRIES + 1)
PEOPLE = ("id,name,born,household,from\nC3,Cai Test,1964-02-29,H0,2000-01-01\nE5,Eve Test,1960-02-29,H0,2000-01-01\nD4,Dai Test,1970-01-01,H9,2000-01-01\nF6,Fay Test,1971-01-01,H9,2000-01-01\n"
          + "".join(f"P{n},Person Number {n},1980-01-01,H{n}x,2000-01-01\n" for n in HELD))


def at_once(f, *commands):
    """Each of the commands of `weal do` in a process of its own, all started before any is waited for: their ends."""
    environment = dict(os.environ, HOME=f.path, WEAL_STORE=f.store)
    running = [subprocess.Popen([WEAL, "do", *c], cwd=f.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for c in commands]
    return [(p.communicate(), p.returncode) for p in running]


def town(f):
    homes = "".join(f"{h},T1,2000-01-01\n" for h in ["H0", "H9", *(f"H{n}x" for n in HELD)])
    f.sound("import", "households", f.write("h.csv", "id,place,from\n" + homes), "--quiet")
    f.sound("import", "people", f.write("pp.csv", PEOPLE), "--quiet")
    f.sound("import", "bodies", f.write("b.csv", "id,name,kind,place\ncouncil,Test Council,council,T1\n"), "--quiet")
    for who in ("C3", "E5"):
        f.sound("do", "administrator-first", f"person={who}")
    for who in ("D4", "F6"):
        f.sound("role", "grant", who, "staff", "--body", "council")


def awards(f, engine):
    """Each is below what needs a second person, both together are above it."""
    today, alone = date.today().isoformat(), []
    for n in HELD:
        one = ["award-make", "--as", "D4", "--person", f"P{n}", "--reason", "told at the desk", "amount=4999", "pay=once", f"from={today}", f"first={today}"]
        done = at_once(f, [*one, "variable=local_welfare"], [*one, "variable=discretionary_housing_payment"])
        stand = f.rows(f"select count(*) from award a join party p on p.id = a.party where p.code = 'P{n}'")[0][0]
        if stand != "1" or any(code for _, code in done):
            alone.append((n, stand, done))
    tried.that(f"{engine}: of two awards that are too much together the second waits for a second person, also at the same moment", not alone, alone)


def letters(f, engine):
    lost = []
    for n in HELD:
        done = at_once(f, ["take-up-mark", "--as", "D4", "--person", f"P{n}", "--reason", "told at the desk", "letters=unsafe"],
                       ["take-up-choose", "--as", f"P{n}", "letters=no"])
        stands = f.rows(f"select unsafe, refuses from take_up_choice c join party p on p.id = c.party where p.code = 'P{n}'")
        if stands != [("1", "1")] or any(code for _, code in done):
            lost.append((n, stands, done))
    tried.that(f"{engine}: that a letter could harm somebody stays, also where they choose at the same moment", not lost, lost)


def matches(f, engine):
    """A row that may mean one of two is decided twice at the same moment, each time for another."""
    twins = "".join(f"T{n}{x},Twin Number{chr(96 + n)},1980-0{n}-01,H{n}x,2000-01-01\n" for n in HELD for x in "ab")
    f.sound("import", "people", f.write("t.csv", "id,name,born,household,from\n" + twins), "--quiet")
    f.write("p.csv", "rule,published,means,note\nkind,,entries,\ncolumn,Day,date,\ncolumn,Name,name,\ncolumn,Born,born,\ndate,,yyyy-mm-dd,\ncolumn,Pounds,amount,\ncategory,,council-tax,\nbody,,council,\n")
    rows = "".join(f"2026-04-01,Twin Number{chr(96 + n)},1980-0{n}-01,10.00\n" for n in HELD)
    took = f.weal("import", "entries", f.write("own.csv", "Day,Name,Born,Pounds\n" + rows), "--profile", "p.csv", "--partial", "--quiet")
    numbers = [r[0] for r in f.rows("select min(id) from person_decision group by name order by 1")]
    both = []
    for number in numbers:
        who = [r[0] for r in f.rows(f"select p.code from person_decision d join party p on p.id = d.party where d.name = (select name from person_decision where id = {number}) order by d.id")]
        done = at_once(f, *(["match-decide", "--as", by, f"row={number}", f"who=id:{code}", "reason=seen at the desk"] for by, code in zip(("C3", "E5"), who)))
        last = f.rows(f"select count(*) from person_decision d where d.decision = 'same' and d.name = (select name from person_decision where id = {number}) and not exists "
                      "(select 1 from person_decision e where e.name = d.name and e.party = d.party and e.id > d.id)")
        if last != [("1",)]:
            both.append((number, who, last, done))
    tried.that(f"{engine}: one row of a file means one person, also where two decide at the same moment", len(numbers) == TRIES and not both, (numbers, both, took.stdout, took.stderr))


for engine, store in engines(tried):
    with Folder(store=store, people="id,name,born\nZ9,Zed Test,1950-01-01\n") as f:
        town(f)
        awards(f, engine)
        letters(f, engine)
        matches(f, engine)
tried.end()
