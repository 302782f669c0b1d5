#!/usr/bin/env python3
"""Births and deaths that are told: two at once, one child under many spellings, and who can be declared dead."""
import json, os, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))
from attack import POSTGRESQL, WEAL, Folder, Tried
from codes import rows

tried = Tried()
PEOPLE = ("id,name,born,household,from\nA1,Ann Test,1980-03-01,H1,2000-01-01\nB2,Bob Test,1975-12-31,H1,2000-01-01\nC3,Cai Test,1964-02-29,H1,2000-01-01\nD4,Dai Test,1970-01-01,H1,2000-01-01\n"
          "E5,Eve Test,1970-01-01,H1,2000-01-01\nQ1,Quin Other,1981-01-01,H2,2010-01-01\n")


def told(f, who, kind, **facts):
    """The number of the case; or the refusal."""
    done = f.weal("do", "request-open", f"kind={kind}", "facts=" + "\n".join(f"{k}={v}" for k, v in facts.items()), "--as", who, "--format", "json")
    return json.loads(done.stdout)["done"]["case"] if done.returncode == 0 else done.stdout + done.stderr


def accepted(f, *cases):
    """All at once, by one officer after the other."""
    environment = dict(os.environ, HOME=f.path, WEAL_STORE=f.store)
    running = [subprocess.Popen([WEAL, "do", "case-move", f"case={c}", "move=accept", *more, "--as", who], cwd=f.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for (c, *more), who in zip(cases, ("D4", "E5"))]
    return [(p.communicate()[1], p.returncode) for p in running]


def town(f):
    f.sound("import", "households", f.write("h.csv", "id,place,from\nH1,T1,2000-01-01\nH2,T1,2000-01-01\n"), "--quiet")
    f.sound("import", "people", f.write("pp.csv", PEOPLE), "--quiet")
    f.sound("import", "bodies", f.write("b.csv", "id,name,kind,place\ncouncil,Test Council,council,T1\n"), "--quiet")
    f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
    for who in ("D4", "E5"):
        f.sound("role", "grant", who, "staff", "--body", "council")


def births(f, engine):
    lost = []
    for n in range(8):
        cases = [told(f, "A1", "told-birth", name=f"Alpha {n}", born="2026-11-02", sex="F"), told(f, "Q1", "told-birth", name=f"Quince {n}", born="2026-11-07", sex="M")]
        done = accepted(f, *([c] for c in cases))
        found = rows(f, f"select name, code from party where name in ('Alpha {n}', 'Quince {n}') order by name")
        if len(found) != 2 or len({code for _, code in found}) != 2 or any(code for _, code in done):
            lost.append((n, done, found))
    tried.that(f"{engine}: two births that are accepted at once are two children", not lost, lost)


for engine, store in (("sqlite", None), ("postgresql", POSTGRESQL)):
    if engine == "postgresql" and not store:
        tried.skip("no PostgreSQL: $WEAL_TEST_POSTGRESQL is not set")
        continue
    with Folder(store=store, people="id,name,born\nZ9,Zed Test,1950-01-01\n") as f:
        town(f)
        births(f, engine)
tried.end()
