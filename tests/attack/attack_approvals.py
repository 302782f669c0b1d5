#!/usr/bin/env python3
"""Attacks on roles and approvals: somebody who wants to be an administrator alone, to stay one, or to act on themselves under another record. On both engines; one way at once and killed."""
import json, os, signal, subprocess, sys, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "portal")]
from attack import POSTGRESQL, WEAL, Folder, Tried
from portal import ago

t = Tried()
PEOPLE = "id,name,born,sex\n" + "".join(f"P{n},Person {n},19{50 + n}-03-01,X\n" for n in range(1, 16))


def holders(f, role="administrator"):
    import csv, io
    rows = csv.DictReader(io.StringIO(f.sound("role", "list", "--format", "csv")))
    return sorted(row["person"] for row in rows if row["role"] == role and (not row["to"] or row["to"] >= row["from"]))


def do(f, who, action, *more, **fields):
    done = f.weal("do", action, "--format", "json", *(["--as", who] if who else []), *more, *(f"{k}={v}" for k, v in fields.items()))
    answer = json.loads(done.stdout) if done.stdout.startswith("{") else {"refused": {"code": done.stderr}}
    return answer.get("done"), (answer.get("refused") or {}).get("code")


def first_two(f):
    for person in ("P1", "P2"):
        f.sound("role", "grant", person, "administrator", "--first", "--quiet")


# ---- the operator ----

def operator_attacks(store):
    with Folder(store, PEOPLE) as f:
        t.that("an administrator by the plain verb", f.weal("role", "grant", "P1", "administrator").returncode == 1 and not holders(f))
        t.that("nor by weal do", do(f, None, "role-grant", person="P1", role="administrator")[1] == "administrator-by-two" and not holders(f))
        first_two(f)
        t.that("the first two are named and told", holders(f) == ["P1", "P2"] and [kind for kind, _ in f.alerts()] == ["first-administrator"] * 2, (holders(f), f.alerts()))
        t.that("no third is first", f.weal("role", "grant", "P3", "administrator", "--first").returncode == 1 and holders(f) == ["P1", "P2"])
        f.sound("role", "end", "P2", "administrator")
        t.that("nor after one was ended", f.weal("role", "grant", "P3", "administrator", "--first").returncode == 1 and holders(f) == ["P1"])
        t.that("the end is told", f.alerts()[-1] == ("role-ended", "administrator"), f.alerts())
        t.that("break-glass without a reason", f.weal("role", "grant", "P3", "administrator", "--break-glass").returncode == 2)
        t.that("break-glass of another role", f.weal("role", "grant", "P3", "auditor", "--break-glass", "--reason", "we must").returncode == 2)
        f.sound("role", "grant", "P3", "administrator", "--break-glass", "--reason", "both are ill")
        t.that("break-glass is told, with its reason", f.alerts()[-1] == ("break-glass", "both are ill"), f.alerts())
        t.that("it is not renewed while it runs", do(f, None, "break-glass", person="P3", reason="still ill")[1] == "role-held-already")
        case = do(f, "P1", "role-grant", person="P4", role="administrator")[0]["case"]
        t.that("while it runs it approves", do(f, "P3", "case-move", case=case, move="approve")[0] is not None and "P4" in holders(f))
        case = do(f, "P1", "role-grant", person="P5", role="administrator")[0]["case"]
        f.run_sql("update office set until = 1000 where until is not null")
        t.that("after its hours it gives nothing, on the same day", do(f, "P3", "case-move", case=case, move="approve")[1] == "action-not-permitted" and do(f, "P3", "role-grant", person="P6", role="auditor")[1] == "action-not-permitted")
        t.that("nor is it counted as the second", do(f, "P4", "case-move", case=case, move="refuse", words="no")[0] is not None)
        f.run_sql("update office set to_day = 1 where person = (select id from party where code = 'P4')")
        t.that("whoever is left alone grants nothing", [do(f, "P1", "role-grant", person="P6", role=role)[1] for role in ("administrator", "auditor")] == ["second-nobody"] * 2)
        f.sound("role", "grant", "P7", "auditor")
        t.that("a role below is the operator's, and told", f.alerts()[-1] == ("role-granted", "auditor") and holders(f, "auditor") == ["P7"], f.alerts())
        named_by_one_user(f)


def named_by_one_user(f):
    """The operator writes the names of both administrators: everybody is told who it was, and each row of the log has it."""
    f.run_sql("update office set to_day = null where person = (select id from party where code = 'P4')")
    told = len(f.alerts())
    case = do(f, "P1", "role-grant", person="P8", role="administrator")[0]["case"]
    t.that("what is asked by --as is told", ("acted-as", "role-grant: asked") in f.alerts()[told:], f.alerts()[told:])
    done = do(f, "P4", "case-move", case=case, move="approve")
    t.that("and its approval, and what came of it", done[0] is not None and {("acted-as", "role-grant: approve"), ("role-granted", "administrator")} <= set(f.alerts()[told:]), f.alerts()[told:])
    told = len(f.alerts())
    case = do(f, "P1", "close-year", year="2022-23")[0]["case"]
    done = do(f, "P4", "case-carry-out", case=case)
    t.that("a year that is closed so is told", done[1] is None and f.alerts()[told:] == [("acted-as", "close-year: asked"), ("acted-as", "close-year: approve"), ("year-closed", "2022-23")], (done, f.alerts()[told:]))
    t.that("each row keeps the user of the machine", int(f.rows("select count(*) from access where who like 'id:%' and machine = ''")[0][0]) == 0)
    f.run_sql("update office set to_day = 1 where person in (select id from party where code in ('P4', 'P8'))")


def first_at_once(store):
    """Seven name somebody at the same moment; two are named."""
    with Folder(store, PEOPLE) as f:
        all_of_them = [threading.Thread(target=lambda n=n: f.weal("role", "grant", f"P{n}", "administrator", "--first")) for n in range(1, 8)]
        for each in all_of_them:
            each.start()
        for each in all_of_them:
            each.join()
        t.that("of seven first administrators at once two stand", len(holders(f)) == 2, holders(f))
        t.that("and two were told", len(f.alerts()) == 2, f.alerts())


# ---- administrators ----

def administrator_attacks(store):
    with Folder(store, PEOPLE) as f:
        f.sound("import", "bodies", f.write("b.csv", "id,name,kind\nclub,The Club,charity\n"), "--quiet")
        first_two(f)
        for role, more in (("administrator", {}), ("auditor", {}), ("staff", {"body": "club"})):
            done, _ = do(f, "P1", "role-grant", person="P3", role=role, **more)
            t.that(f"{role} given alone", done and done["waits-for"] == "administrator" and "P3" not in holders(f, role), done)
            t.that(f"{role} approved by whoever asked", do(f, "P1", "case-move", case=done["case"], move="approve")[1] == "case-own")
            t.that(f"{role} approved by the operator", do(f, None, "case-move", case=done["case"], move="approve")[1] == "case-not-yours")
            t.that(f"{role} approved by another", do(f, "P2", "case-move", case=done["case"], move="approve")[0] is not None and "P3" in holders(f, role))
        t.that("the other is ended alone, to stand alone", (do(f, "P1", "role-end", person="P2", role="administrator")[0] or {}).get("case") and "P2" in holders(f))
        t.that("and does not approve their own end away from it", do(f, "P2", "case-move", case=4, move="approve")[1] in ("case-own", "case-unknown"), do(f, "P2", "case-move", case=4, move="approve"))
        t.that("one's own role is laid down at once", do(f, "P3", "role-end", person="P3", role="administrator")[0] == {} and holders(f) == ["P1", "P2"])
        t.that("and nobody else could approve the end then", do(f, "P2", "role-end", person="P1", role="administrator")[1] == "second-nobody")
        # asked, then something happens to one of them
        case = do(f, "P1", "role-grant", person="P4", role="auditor")[0]["case"]
        f.sound("role", "end", "P1", "administrator")
        t.that("whoever asked lost the role meanwhile", do(f, "P2", "case-move", case=case, move="approve")[1] == "second-asker-may-not" and "P4" not in holders(f, "auditor"))
        f.run_sql("update office set to_day = null where person = (select id from party where code = 'P1') and role = 'administrator'")
        f.sound("erase", "P4", "--reason", "they asked for it")
        t.that("the person was erased meanwhile", do(f, "P2", "case-move", case=case, move="approve")[1] == "case-unknown" and not [h for h in holders(f, "auditor") if h != "P3"], holders(f, "auditor"))
        case = do(f, "P1", "role-grant", person="P5", role="auditor")[0]["case"]
        f.sound("merge", "P2", "P5", "--reason", "one person")
        t.that("the person is the second one meanwhile", do(f, "P2", "case-move", case=case, move="approve")[1] == "case-own" and "P2" not in holders(f, "auditor"))
        case = do(f, "P1", "role-grant", person="P6", role="auditor")[0]["case"]
        f.run_sql("update party set died = 20000 where code = 'P6'")
        t.that("the person has died meanwhile", do(f, "P2", "case-move", case=case, move="approve")[1] == "role-of-the-dead")
        case = do(f, "P1", "role-grant", person="P7", role="auditor")[0]["case"]
        f.run_sql(f"update case_file set due = 20000 where id = {case}")
        t.that("late", do(f, "P2", "case-move", case=case, move="approve")[1] == "second-too-late" and "P7" not in holders(f, "auditor"))
        t.that("and it runs out", do(f, "P1", "role-grant", person="P7", role="auditor")[0] is not None and do(f, "P2", "case-move", case=case, move="approve")[1] == "case-changed")
        t.that("the same twice", do(f, "P2", "role-grant", person="P7", role="auditor")[1] == "case-waits-already")


# ---- oneself ----

def oneself_attacks(store):
    """P1 is one person with P8 (merged into P1) and, in the second round, P9 (into which P1 was merged)."""
    for keep, gone in (("P1", "P8"), ("P9", "P1")):
        with Folder(store, PEOPLE) as f:
            f.sound("import", "bodies", f.write("b.csv", "id,name,kind\nclub,The Club,charity\nburnley,Burnley,council\n"), "--quiet")
            first_two(f)
            other = "P8" if keep == "P1" else "P9"
            f.sound("role", "grant", "P1", "staff", "--body", "burnley")
            f.sound("merge", keep, gone, "--reason", "one person")
            how = f"{gone} read as {keep}"
            for me, them in (("P1", other), (other, "P1"), ("P1", "P1"), (other, other)):
                what = f"{how}: {me} to {them}"
                t.that(f"{what}: grants a role", do(f, me, "role-grant", person=them, role="auditor")[1] == "role-to-oneself", do(f, me, "role-grant", person=them, role="auditor"))
                record = dict(what="housing-benefit", body="burnley", amount="12.50", date="2025-06-01")
                t.that(f"{what}: records a payment", do(f, me, "record", "--person", them, "--reason", "a claim", **record)[1] == "record-own-account", do(f, me, "record", "--person", them, "--reason", "a claim", **record))
                time_of_theirs = do(f, me, "time-propose", category="volunteering", date=ago(30), minutes="10", confirmer=them)
                t.that(f"{what}: has time confirmed", time_of_theirs[1] == "time-confirmer-is-giver", time_of_theirs)
                code = do(f, me, "helper-offer", what="a friend", scope="see")[0]["code"]
                t.that(f"{what}: becomes the helper", do(f, them, "helper-accept", code=code)[1] == "helper-code-own")
                do(f, me, "helper-withdraw")
                case = do(f, me, "request-open", kind="access-request")[0]["case"]
                t.that(f"{what}: answers the request", do(f, them, "case-move", case=case, move="ready")[1] == "case-own", do(f, them, "case-move", case=case, move="ready"))
                t.that(f"{what}: takes it on", do(f, them, "case-assign", case=case, to="me")[1] == "case-own", do(f, them, "case-assign", case=case, to="me"))
                t.that(f"{what}: takes it back as themself", do(f, them, "request-move", case=case, move="withdraw")[0] is not None)
                t.that(f"{what}: asks as themself under the other name", (do(f, me, "request-open", "--person", them, kind="rectification-request", reason="my name is wrong")[0] or {}).get("case"))


# ---- two at once, and killed ----

def at_once(store):
    with Folder(store, PEOPLE) as f:
        first_two(f)
        for person in ("P3", "P4"):
            case = do(f, "P1", "role-grant", person=person, role="administrator")[0]["case"]
            do(f, "P2", "case-move", case=case, move="approve")
        for turn in range(3):
            case = do(f, "P1", "role-grant", person=f"P{5 + turn}", role="auditor")[0]["case"]
            answers = []
            both = [threading.Thread(target=lambda who=who: answers.append(do(f, who, "case-move", case=case, move="approve")[1])) for who in ("P2", "P3", "P4")]
            for each in both:
                each.start()
            for each in both:
                each.join()
            t.that("of three approvals at once one is made", sorted(map(str, answers)) == ["None", "case-changed", "case-changed"] and len(holders(f, "auditor")) == turn + 1, answers)
        # killed at any moment: the role and what was noted are there together or not at all
        for turn in range(6):
            person = f"P{8 + turn}"
            case = do(f, "P1", "role-grant", person=person, role="auditor")[0]["case"]
            process = subprocess.Popen([WEAL, "do", "case-move", "--as", "P2", f"case={case}", "move=approve"], cwd=f.path, env=dict(os.environ, HOME=f.path, WEAL_STORE=f.store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.004 * turn)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(0.3)
            has = person in holders(f, "auditor")
            _, again = do(f, "P2", "case-move", case=case, move="approve")
            t.that("killed, it is done or not, and done once", (again == "case-changed") == has and person in holders(f, "auditor"), (has, again))


def closing_attacks(store):
    """Nobody closes a year alone; an approval is for one closing, however it ends."""
    with Folder(store, PEOPLE) as f:
        f.sound("import", "entries", f.write("e.csv", "date,person,category,amount,reference\n2024-05-01,P7,income-tax,500.00,a\n2024-06-01,P8,income-tax,600.00,b\n"), "--quiet")
        first_two(f)
        done, _ = do(f, "P1", "close-year", year="2024-25")
        case = (done or {}).get("case")
        t.that("an administrator closes a year alone", case and done.get("waits-for") == "administrator", done)
        t.that("carries it out themself", do(f, "P1", "case-carry-out", case=case)[1] == "case-own")
        t.that("has it approved as something short", do(f, "P2", "case-move", case=case, move="approve")[1] == "second-is-run")
        t.that("the operator carries it out", do(f, None, "case-carry-out", case=case)[1] == "case-not-yours")
        t.that("the same is asked twice", do(f, "P2", "close-year", year="2024-25")[1] == "case-waits-already")
        answers = []
        both = [threading.Thread(target=lambda: answers.append(do(f, "P2", "case-carry-out", case=case))) for _ in range(3)]
        for each in both:
            each.start()
        for each in both:
            each.join()
        t.that("of three at once one closes", sorted(str(code) for _, code in answers) == ["None", "case-changed", "case-changed"], answers)
        t.that("with its answers", [done for done, code in answers if done][0].get("lines") == "2", answers)
        t.that("a role is carried out", do(f, "P2", "case-carry-out", case=do(f, "P1", "role-grant", person="P3", role="auditor")[0]["case"])[1] == "second-is-not-run")
        for turn in range(5):
            case = do(f, "P1", "close-year", year="2024-25", to=f"2024-1{turn % 3}-0{turn + 1}")[0]["case"]
            process = subprocess.Popen([WEAL, "do", "case-carry-out", "--as", "P2", f"case={case}"], cwd=f.path, env=dict(os.environ, HOME=f.path, WEAL_STORE=f.store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.006 * turn)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(0.3)
            _, again = do(f, "P2", "case-carry-out", case=case)
            t.that("killed, it is run once or never approved", again in (None, "case-changed"), again)
            t.that("and is not run again", do(f, "P2", "case-carry-out", case=case)[1] == "case-changed")
            do(f, "P2", "case-move", case=case, move="give-up", words="it was broken off")
        f.sound("audit")
        case = do(f, "P1", "close-year", year="2024-25")[0]["case"]
        f.sound("role", "end", "P1", "administrator")
        t.that("whoever asked lost the role", do(f, "P2", "case-carry-out", case=case)[1] == "second-asker-may-not")
        t.that("whoever is alone closes nothing", do(f, "P2", "close-year", year="2023-24")[1] == "second-nobody")
        f.sound("close", "2024-25", "--quiet")
        t.that("the operator closes, and all are told", f.alerts()[-1] == ("year-closed", "2024-25"), f.alerts())


for store in [None] + ([POSTGRESQL] if POSTGRESQL else []):
    for attack in (operator_attacks, first_at_once, administrator_attacks, oneself_attacks, at_once, closing_attacks):
        attack(store)
if not POSTGRESQL:
    t.skip("the same on PostgreSQL")
t.end()
