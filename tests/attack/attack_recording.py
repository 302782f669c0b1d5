#!/usr/bin/env python3
"""What staff record and look at: only what their body's duty is, one reason for one person, looks counted. On SQLite, and on PostgreSQL where there is a server."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import POSTGRESQL, Folder, Tried

BODIES = "id,name,kind\ntest-council,Testham Council,council\nsecond-council,Second Council,council\nsurgery,The Surgery,provider\nshop,A Shop,supplier\nmill,The Mill,employer\nclub,A Club,charity\n"
STAFF = (("S1", "test-council"), ("S2", "surgery"), ("S3", "dwp"), ("S4", "hmpps"), ("S5", "shop"), ("S6", "mill"), ("S7", "hmrc"), ("S8", "club"), ("S10", "hmpps"))
PEOPLE = "id,name,born,sex\nA1,Ann Test,1980-03-01,F\nB2,Bob Test,1975-12-31,M\nC3,Cai Test,2004-02-29,X\n" + "".join(f"S{i},Staff {i},1970-01-{i:02},F\n" for i in range(1, 11))


def book(engine):
    f = Folder(store=POSTGRESQL if engine == "postgresql" else None, people=PEOPLE)
    f.sound("import", "bodies", f.write("b.csv", BODIES), "--quiet")
    for person, body in STAFF:
        f.sound("role", "grant", person, "staff", "--body", body)
    f.sound("role", "grant", "S9", "administrator")
    return f


class Doing:
    """`weal do` as somebody: what was done, or the refusal's code."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    def __call__(self, action, who=None, person=None, **fields):
        words = ["do", action, "--format", "json"] + (["--person", person] if person else []) + (["--as", who, "--reason", "at the counter"] if who else [])
        done = self.folder.weal(*words, *(f"{name}={value}" for name, value in fields.items()))
        answer = json.loads(done.stdout) if done.stdout.startswith("{") else {"refused": {"code": done.stderr}}
        return answer.get("done", answer.get("refused", {}).get("code"))

    def record(self, who, what, person="A1", **more):
        self.count += 1
        given = {"quantity": "1"} if what in COUNTED else {"amount": "10.00"}
        return self("record", who, person, what=what, date="2026-05-01", reference=f"r{self.count}", **{**given, **more})


COUNTED = ("prison-place", "home-care", "gp-consultation", "school-place", "accident-and-emergency", "libraries", "leisure-centre")


def duties(t, engine):
    """A council posts no prison place, the department no council tax: by the form's action, and nobody's kind lets it record what law gives to others."""
    with book(engine) as f:
        do = Doing(f)
        lines = lambda: f.weal("account", "A1").stdout
        before = lines()
        for who, what in (("S1", "prison-place"), ("S1", "universal-credit"), ("S1", "income-tax"), ("S1", "gp-consultation"), ("S3", "council-tax"), ("S3", "home-care"), ("S4", "universal-credit"),
                          ("S6", "income-tax"), ("S7", "universal-credit"), ("S8", "home-care"), ("S2", "home-care")):
            done = do.record(who, what)
            t.that(f"{engine}: {who} may not record {what}", done in ("duty-of-others", "duty-none"), done)
        t.that(f"{engine}: a body of a kind without duties records nothing", do.record("S5", "home-care") == "duty-none")
        t.that(f"{engine}: nothing of it is in the book", lines() == before)
        for who, what in (("S1", "home-care"), ("S1", "council-tax"), ("S3", "universal-credit"), ("S6", "statutory-maternity-pay"), ("S7", "income-tax")):
            done = do.record(who, what)
            t.that(f"{engine}: {who} records {what}", isinstance(done, dict), done)
        t.that(f"{engine}: the operator is bound by none", isinstance(do.record(None, "prison-place", body="test-council"), dict))

        # an administrator gives more, with a reason, and all are told
        t.that(f"{engine}: staff give themselves no duty", do("duty-give", "S2", body="surgery", duty="general-practice", reason="we need it") == "action-not-permitted")
        t.that(f"{engine}: nor without a reason", do("duty-give", "S9", body="surgery", duty="general-practice") == "field-missing")
        t.that(f"{engine}: nor what there is not", do("duty-give", "S9", body="surgery", duty="everything", reason="we need it") == "duty-unknown")
        t.that(f"{engine}: a duty is given", do("duty-give", "S9", body="surgery", duty="general-practice", reason="a practice of ours") == {})
        t.that(f"{engine}: then it is recorded", isinstance(do.record("S2", "gp-consultation"), dict))
        t.that(f"{engine}: and no more than that", do.record("S2", "prison-place") == "duty-of-others")
        t.that(f"{engine}: one category is given", do("duty-give", "S9", body="club", duty="category:libraries", reason="it runs our library") == {})
        t.that(f"{engine}: and no other of that duty", isinstance(do.record("S8", "libraries"), dict) and do.record("S8", "leisure-centre") in ("duty-of-others", "record-not-chosen"))
        t.that(f"{engine}: and taken back", do("duty-end", "S9", body="surgery", duty="general-practice", reason="it closed") == {} and do.record("S2", "gp-consultation") == "duty-of-others")


def second_person(t, engine):
    """What is sensitive, and what is far more than usual, nobody records alone."""
    with book(engine) as f:
        do = Doing(f)
        lines = lambda: f.weal("account", "A1", "--format", "json").stdout
        before = lines()
        # a prison place of the prison service itself waits for a colleague
        done = do.record("S4", "prison-place", quantity="0.5")
        t.that(f"{engine}: a sensitive record waits", isinstance(done, dict) and done.get("case") and not done.get("line"), done)
        t.that(f"{engine}: and nothing is in the book", lines() == before)
        case = done["case"] if isinstance(done, dict) else "0"
        t.that(f"{engine}: nobody approves what they asked for", do("case-move", "S4", case=case, move="approve") not in (None, {}) and lines() == before)
        t.that(f"{engine}: nor staff of another body", isinstance(do("case-move", "S1", case=case, move="approve"), str) and lines() == before)
        approved = do("case-move", "S10", case=case, move="approve")
        t.that(f"{engine}: a colleague approves it", isinstance(approved, dict) and "Prison" in f.sound("account", "A1"), approved)
        t.that(f"{engine}: once", isinstance(do("case-move", "S10", case=case, move="approve"), str))
        # of a benefit for disability, by the department's only member of staff: nobody else could approve it but an administrator
        done = do.record("S3", "personal-independence-payment")
        t.that(f"{engine}: a disability benefit is not recorded alone", not (isinstance(done, dict) and done.get("line")), done)
        # far more than a person can have
        before = lines()
        for who, what, number in (("S1", "home-care", {"quantity": "9000"}), ("S3", "state-pension", {"amount": "125958.61"}), ("S3", "carers-allowance", {"amount": "1000000.00"})):
            done = do.record(who, what, **number)
            t.that(f"{engine}: {what} of {number} is not recorded alone", not (isinstance(done, dict) and done.get("line")), done)
        t.that(f"{engine}: and nothing is in the book", lines() == before)
        done = do.record(None, "home-care", body="test-council", quantity="9000")
        t.that(f"{engine}: by hand not by the operator either, who has --unusual for files", done == "quantity-unusual", done)


def main():
    t = Tried()
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not POSTGRESQL:
            t.skip("PostgreSQL: $WEAL_TEST_POSTGRESQL is not set")
            continue
        duties(t, engine)
        second_person(t, engine)
    t.end()


main()
