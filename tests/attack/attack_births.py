#!/usr/bin/env python3
"""Births and deaths that are told: two at once, one child under many spellings, and who can be declared dead."""
import json, os, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))
from attack import WEAL, engines, Folder, Tried
from codes import Portal
from portal import words

tried = Tried()
PEOPLE = ("id,name,born,household,from\nA1,Ann Test,1980-03-01,H1,2000-01-01\nB2,Bob Test,1975-12-31,H1,2000-01-01\nC3,Cai Test,1964-02-29,H1,2000-01-01\nD4,Dai Test,1970-01-01,H3,2000-01-01\n"
          "E5,Eve Test,1970-01-01,H3,2000-01-01\nQ1,Quin Other,1981-01-01,H2,2010-01-01\n")


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
    f.sound("import", "households", f.write("h.csv", "id,place,from\nH1,T1,2000-01-01\nH2,T1,2000-01-01\nH3,T1,2000-01-01\n"), "--quiet")
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
        found = f.rows(f"select name, code from party where name in ('Alpha {n}', 'Quince {n}') order by name")
        if len(found) != 2 or len({code for _, code in found}) != 2 or any(code for _, code in done):
            lost.append((n, done, found))
    tried.that(f"{engine}: two births that are accepted at once are two children", not lost, lost)


def spellings(f, engine):
    """One child, in the spellings of a form, by both parents; what the question says of others; what the officer reads."""
    first = told(f, "A1", "told-birth", name="Fflur Mair", born="2026-11-02", sex="F")
    others = [told(f, who, "told-birth", name=name, born="2026-11-02", sex="F") for who, name in (("A1", "Fflur  Mair"), ("B2", "fflur mair"), ("A1", "Fflur\u00a0Mair"), ("B2", "Fflûr Mair"))]
    done = [f.weal("do", "case-move", f"case={c}", "move=accept", "--as", "D4").returncode for c in (first, *others)]
    tried.that(f"{engine}: one child is registered once, however the name is spelt", done == [0, 1, 1, 1, 1] and f.rows("select name from party where lower(name) like 'ffl%'") == [("Fflur Mair",)], done)
    # of one place, neither has a household
    f.sound("import", "people", f.write("n.csv", "id,name,born,place,from\nN1,Nia Nohome,1990-05-05,T1,2015-05-05\nN2,Ned Nohome,1960-05-05,T1,2015-05-05\nN3,Nan Nohome,1960-05-05,,\nN4,Nell Nohome,1990-05-05,,\n"), "--quiet")
    answers = {(who, day): told(f, who, "told-birth", name=name, born=day) for who, name, day in (("N2", "Nia Nohome", "1990-05-05"), ("N2", "Nia Nohome", "1990-05-06"), ("N3", "Nell Nohome", "1990-05-05"), ("N3", "Nell Nohome", "1990-05-06"))}
    tried.that(f"{engine}: the question does not say who else lives in one's area", not any("registered" in a for a in answers.values()) and answers["N2", "1990-05-05"].isdigit(), answers)
    # who reads it in the portal: the officer, not who told it
    p = Portal(f)
    case = told(f, "Q1", "told-birth", name="FFLUR MAIR", born="2026-11-02", sex="F")
    officer, teller = words(p.signed_in("D4").get(f"/inbox/{case}").text), words(p.signed_in("Q1").get(f"/requests/{case}").text)
    tried.that(f"{engine}: the officer reads that such a child is registered, who told it does not", "Registered already with this name and day of birth birth-" in officer and "Registered already" not in teller and "birth-" not in teller, (officer[:400], teller[:300]))
    p.stop()


def deaths(f, engine):
    accept = lambda case, who: f.weal("do", "case-move", f"case={case}", "move=accept", f"facts=who={who}", "--as", "D4")
    died = lambda code: f.rows(f"select count(*) from party where code = '{code}' and died is not null") == [("1",)]
    f.sound("import", "people", f.write("v.csv", "id,name,born,nino,place,from\nV1,Véra O’Hiding,1981-01-01,AB123456C,T1,2020-01-01\nV2,Vera Before,1981-01-01,,T1,2020-01-01\n"), "--quiet")
    f.sound("merge", "V1", "V2", "--reason", "one")
    case = told(f, "A1", "told-death", name="Somebody", born="1950-01-01", died="2026-11-01")
    done = [accept(case, who) for who in ("Z9", "C3", "V1", "nino:AB123456C")]
    tried.that(f"{engine}: an officer cannot declare dead who was not told of", all(d.returncode == 1 and "not what was told" in d.stderr for d in done) and f.rows("select count(*) from party where died is not null") == [("0",)], [d.stderr for d in done])
    case = told(f, "A1", "told-death", name="Vera O'Hiding", born="1981-01-02", died="2026-11-01")
    tried.that(f"{engine}: nor with another day of birth", accept(case, "V1").returncode == 1 and not died("V1"))
    case = told(f, "A1", "told-death", name="VERA BEFORE", born="1981-01-01", died="2026-11-01")
    taken = accept(case, "nino:AB123456C")
    tried.that(f"{engine}: the name of a merged record is theirs too", taken.returncode == 0 and died("V1"), taken.stderr)
    p = Portal(f)
    ann = p.signed_in("A1")
    read = [ann.get(at).text for at in (f"/requests/{case}", "/copy/file", "/requests")]
    tried.that(f"{engine}: who told it never reads the number that staff typed, nor in their copy", not any("AB123456" in text for text in read) and "Vera" in read[0].title() and "Who is it" not in read[0], [words(t)[:300] for t in read])
    # a role: somebody of the home who told, decided by an officer who does not live there
    alerts = lambda: f.rows("select count(*) from alert where kind = 'death-of-role'")[0][0]
    before = alerts()
    f.sound("role", "grant", "B2", "staff", "--body", "council")
    case = told(f, "A1", "told-death", person="id:B2", died="2026-11-01")
    f.sound("do", "case-move", f"case={case}", "move=accept", "--as", "D4")
    page = words(p.signed_in("C3").get("/admin/alerts").text)
    tried.that(f"{engine}: of somebody with a role every administrator is told", before == "0" and alerts() == "1" and "Dai Test (D4) accepted that Bob Test (B2), who has a role here, has died" in page, (before, alerts(), page[:300]))
    p.stop()
    # former members of a household
    f.sound("import", "people", f.write("w.csv", "id,name,born,nino,household,from\nW1,Walter Gone,1980-02-02,,H2,2010-01-01\nW2,Wanda Later,1982-02-02,AA123456A,H2,2016-01-01\nW3,Will Mate,1982-02-02,,H2,2011-01-01\n"), "--quiet")
    f.sound("import", "people", f.write("w2.csv", "id,name,born,place,household,from\nW1,Walter Gone,1980-02-02,T1,,2015-01-01\n"), "--quiet")
    answers = {who: told(f, "W1", "told-death", person=who, died="2026-11-01") for who in ("nino:AA123456A", "nino:AA123456B", "id:W3")}
    tried.that(f"{engine}: who lived in a household at another time is nobody of one's own", "dead-not-of-household" in str(answers["nino:AA123456A"]) and "dead-not-of-household" in str(answers["nino:AA123456B"]) and answers["id:W3"].isdigit(), answers)


for engine, store in engines(tried):
    with Folder(store=store, people="id,name,born\nZ9,Zed Test,1950-01-01\n") as f:
        town(f)
        births(f, engine)
        spellings(f, engine)
        deaths(f, engine)
tried.end()
