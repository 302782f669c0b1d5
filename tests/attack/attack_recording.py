#!/usr/bin/env python3
"""What staff record and look at: only what their body's duty is, one reason for one person, looks counted. On SQLite, and on PostgreSQL where there is a server."""
import json
import os
import re
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "portal")]
from attack import POSTGRESQL, Folder, Tried
from portal import Browser, Server, ago

BODIES = "id,name,kind\ntest-council,Testham Council,council\nsecond-council,Second Council,council\nsurgery,The Surgery,provider\nshop,A Shop,supplier\nmill,The Mill,employer\nclub,A Club,charity\n"
STAFF = (("S1", "test-council"), ("S2", "surgery"), ("S3", "dwp"), ("S4", "hmpps"), ("S5", "shop"), ("S6", "mill"), ("S7", "hmrc"), ("S8", "club"), ("S10", "hmpps"))
PEOPLE = "id,name,born,sex\nA1,Ann Test,1980-03-01,F\nB2,Bob Test,1975-12-31,M\nC3,Cai Test,2004-02-29,X\n" + "".join(f"S{i},Staff {i},1970-01-{i:02},F\n" for i in range(1, 11))


def book(engine):
    f = Folder(store=POSTGRESQL if engine == "postgresql" else None, people=PEOPLE)
    f.sound("import", "bodies", f.write("b.csv", BODIES), "--quiet")
    for person, body in STAFF:
        f.sound("role", "grant", person, "staff", "--body", body)
    f.sound("role", "grant", "S9", "administrator", "--first")
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


def all_at_once(many, act):
    threads = [threading.Thread(target=act, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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
        for turn in range(5):
            answers = []
            all_at_once(8, lambda n: answers.append(do("duty-give", "S9", body="mill", duty="category:libraries", reason="it runs a library")))
            t.that(f"{engine}: of eight who give it at once one does", sorted(map(str, answers)) == sorted(["{}"] + ["duty-given-already"] * 7), answers)
            ended = do("duty-end", "S9", body="mill", duty="category:libraries", reason="it closed")
            t.that(f"{engine}: and it is taken back", ended == {} and do("duty-end", "S9", body="mill", duty="category:libraries", reason="it closed") == "duty-not-given" and not isinstance(do.record("S6", "libraries"), dict), ended)
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
        for who, what, number in (("S1", "home-care", {"quantity": "9000"}), ("S1", "meals-at-home", {"quantity": "5000000000"}), ("S1", "meals-at-home", {"quantity": "3660.001"}), ("S1", "reablement", {"quantity": "100000000"}), ("S3", "state-pension", {"amount": "125958.61"}), ("S3", "carers-allowance", {"amount": "1000000.00"})):
            done = do.record(who, what, **number)
            t.that(f"{engine}: {what} of {number} is not recorded alone", not (isinstance(done, dict) and done.get("line")), done)
        t.that(f"{engine}: and nothing is in the book", lines() == before)
        done = do.record(None, "home-care", body="test-council", quantity="9000")
        # two at once that are large together
        answers = []
        all_at_once(4, lambda n: answers.append(do("record", "S7", "B2", what="income-tax", date="2026-05-01", reference=f"once{n}", amount="3000.00")))
        t.that(f"{engine}: of four at once that are large together one is recorded alone", sum(isinstance(a, dict) and "line" in a for a in answers) == 1, answers)
        t.that(f"{engine}: by hand not by the operator either, who has --unusual for files", done == "quantity-unusual", done)


class At:
    """A book as portal.Server takes it."""

    def __init__(self, folder):
        self.folder, self.url = folder.path, folder.store


def sign_in(f, server, person):
    code = re.search(r"\b(?:[A-Z0-9]{4,5}-){3,4}[A-Z0-9]{4,5}\b", f.sound("invite", person)).group(0)
    browser = Browser(server)
    reply = browser.post("/sign-in", {"token": "", "reference": person, "code": code})
    assert reply.status == 303, (person, reply.status, reply.text[:500])
    return browser


WHY = "They stand at the counter"


def reasons(t, engine):
    """One reason opens one person: not all by reference, not all who were found, not in another session, not for ever."""
    with book(engine) as f:
        server = Server(At(f), ["forms_each_minute = 100000"])
        officer, boss = sign_in(f, server, "S1"), sign_in(f, server, "S9")
        opens = lambda who, b=officer, more="": b.get(f"/people/{who}{more}").status == 200
        t.that(f"{engine}: nobody is opened without a reason", not any(opens(who, more=more) for who in ("A1", "B2") for more in ("", "/record")))
        t.that(f"{engine}: nor recorded for", officer.send("/people/A1/record", {"what": "home-care", "quantity": "1", "date": "2026-05-01", "confirmed": "yes"})["Location"] == "/people/A1/reason")
        officer.because(WHY, "A1")
        t.that(f"{engine}: a reason opens whom it is for", opens("A1") and opens("A1", more="/record"))
        t.that(f"{engine}: and nobody else by reference", not any(opens(who) for who in ("B2", "C3", "S2", "id:B2")))
        found = officer.send("/people", {"reason": WHY, "name": "Test", "born": "1975-12-31"})
        t.that(f"{engine}: a search that found one opens that one", "/people/B2" in found.text and opens("B2") and not opens("C3"))
        # all staff of one day of birth: the search shows two, and opens one of them
        f.sound("import", "people", f.write("twins.csv", "id,name,born,sex\nT1,Tia Twin,1990-05-05,F\nT2,Tom Twin,1990-05-05,M\nT3,Tim Twin,1990-05-05,M\n"), "--quiet")
        found = officer.send("/people", {"reason": WHY, "name": "Twin", "born": "1990-05-05"})
        t.that(f"{engine}: of three who were found one is opened", all(f"/people/T{i}" in found.text for i in (1, 2, 3)) and opens("T2") and not opens("T1") and not opens("T3"))
        officer.send("/people", {"reason": WHY, "name": "Twin", "born": "1990-05-05"})
        officer.send("/people", {"reason": WHY, "reference": "C3"})
        t.that(f"{engine}: a second search takes back what the first would open", not opens("T1") and opens("C3"))
        t.that(f"{engine}: not in another session", not opens("A1", sign_in(f, server, "S1")))
        unknown, known = officer.get("/people/NOBODY/reason"), officer.get("/people/T3/reason")
        plain = lambda r, who: re.sub(r'value="[0-9a-f]{64}(-[0-9a-f]{16})?"', "", r.text).replace(who, "*")
        t.that(f"{engine}: who is registered is not learnt without a look", plain(unknown, "NOBODY") == plain(known, "T3") and officer.get("/people/NOBODY").status == 303)
        officer.send("/people/NOBODY/reason", {"reason": WHY})
        # the role ends while the session is open
        f.sound("role", "end", "S1", "staff", "--body", "test-council")
        t.that(f"{engine}: whose role ended opens nobody with what they said before", not opens("A1") and officer.get("/people").status == 404)
        f.sound("role", "grant", "S1", "staff", "--body", "dwp")
        t.that(f"{engine}: nor records for the body they left", officer.send("/people/A1/record", {"what": "home-care", "quantity": "1", "date": "2026-05-01", "confirmed": "yes"}).status == 422)
        # merged: a reason for one record is one for the person, and stays so
        f.sound("merge", "T1", "T2", "--reason", "the same")
        officer.because(WHY, "T2")
        t.that(f"{engine}: of a merged record it is the person's", opens("T1") and opens("T2"))
        t.that(f"{engine}: administrators open nobody", boss.get("/people/A1").status == 404 and boss.get("/people/A1/reason").status == 404)
        # from a case that they are to answer
        citizen = sign_in(f, server, "C3")
        sent = citizen.send("/time", {"category": "volunteering", "date": ago(60), "minutes": "30", "confirmer": "dwp"})
        number = re.search(r'"/inbox/(\d+)"', officer.get("/inbox").text)
        t.that(f"{engine}: a case comes", sent.status == 303 and number, sent.status)
        number = number.group(1) if number else "0"
        again = sign_in(f, server, "S3")
        t.that(f"{engine}: staff who answer a case open the record that it is about", not opens("C3", again) and again.get(f"/inbox/{number}").status == 200 and opens("C3", again) and not opens("B2", again))
        server.stop()


def looks(t, engine):
    """Looks are counted in the store, over sessions and restarts; whoever comes to the bound makes no more, and all administrators are told once."""
    with book(engine) as f:
        f.sound("import", "people", f.write("many.csv", "id,name,born,sex\n" + "".join(f"M{i},Mo Many,1991-01-01,F\n" for i in range(30))), "--quiet")
        settings = ["forms_each_minute = 100000", "looks_each_hour = 30"]
        server = Server(At(f), settings)
        officer, boss = sign_in(f, server, "S1"), sign_in(f, server, "S9")
        told = lambda: boss.get("/admin/alerts").text.count("looked at people 30 times")
        boss.send("/admin/bodies", {"code": "shop", "name": "A Shop", "kind": "council"})
        t.that(f"{engine}: whoever makes a shop a council, which brings duties, is named to all", "shop (council)" in boss.get("/admin/alerts").text)
        boss.send("/admin/bodies/surgery/duties", {"duty": "general-practice", "reason": "a practice of ours"})
        t.that(f"{engine}: and whoever gives a duty", "surgery: general-practice" in boss.get("/admin/alerts").text and "a practice of ours" in boss.get("/admin/bodies/surgery/duties").text)
        officer.because(WHY, "B2")
        found = officer.send("/people", {"reason": WHY, "name": "Many", "born": "1991-01-01"})
        shown = len(set(re.findall(r"/people/(M\d+)", found.text)))
        t.that(f"{engine}: names of a search are looks", shown == 20)
        t.that(f"{engine}: and nobody is told yet", told() == 0)
        found = officer.send("/people", {"reason": WHY, "name": "Many", "born": "1991-01-01"})
        shown = len(set(re.findall(r"/people/(M\d+)", found.text)))
        t.that(f"{engine}: the next shows what is left", shown == 9, shown)
        t.that(f"{engine}: all administrators are told", told() == 1)
        page = officer.get("/people/B2")
        t.that(f"{engine}: then nobody more is shown", page.status == 429 and "Bob Test" not in page.text and "wait until the hour is over" in page.text, page.status)
        page = officer.send("/people/A1/reason", {"reason": WHY})
        t.that(f"{engine}: nor is it told who is registered", page.status == 429 and "wait until the hour is over" in page.text and officer.send("/people/NOBODY/reason", {"reason": WHY}).status == 429, page.status)
        found = officer.send("/people", {"reason": WHY, "reference": "A1"})
        t.that(f"{engine}: nor found", found.status == 429 and "Ann Test" not in found.text, found.status)
        t.that(f"{engine}: not in another session", sign_in(f, server, "S1").send("/people/A1/reason", {"reason": WHY}).status == 429)
        server.stop()
        server = Server(At(f), settings)
        officer, boss = sign_in(f, server, "S1"), sign_in(f, server, "S9")
        t.that(f"{engine}: nor after a restart", officer.send("/people/A1/reason", {"reason": WHY}).status == 429)
        t.that(f"{engine}: they are told once", told() == 1)
        own = sign_in(f, server, "A1")
        t.that(f"{engine}: a citizen's own pages are not bounded", all(own.get("/account").status == 200 for _ in range(35)))
        # references that are tried, one after another
        guesser = sign_in(f, server, "S3")
        tried = [guesser.send(f"/people/X{i}/reason", {"reason": WHY}).status for i in range(32)]
        t.that(f"{engine}: references are not tried without end", tried.count(404) == 30 and tried[-1] == 429, tried)
        guesser = sign_in(f, server, "S2")
        tried = [guesser.send(f"/people/M{i % 30}/reason", {"reason": WHY}).status for i in range(32)]
        t.that(f"{engine}: nor those of somebody, each of whom reads it", tried == [303] * 30 + [429] * 2, tried)
        page = sign_in(f, server, "M7").get("/looked")
        t.that(f"{engine}: and each of them reads it", "your reference was searched for" in page.text, page.text[:300])
        # at once: a bound of thirty with forty who knock together
        crowd = sign_in(f, server, "S7").because(WHY, "A1")
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(crowd.get("/people/A1").status)) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        t.that(f"{engine}: nor passed by asking at once", answers.count(200) == 29, sorted(answers))
        server.stop()


def main():
    t = Tried()
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not POSTGRESQL:
            t.skip("PostgreSQL: $WEAL_TEST_POSTGRESQL is not set")
            continue
        duties(t, engine)
        second_person(t, engine)
        reasons(t, engine)
        looks(t, engine)
    t.end()


main()
