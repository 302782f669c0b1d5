#!/usr/bin/env python3
"""Random families with awards of Child Benefit from what they told: every payment agrees with its award and with the rules, until a child is no longer theirs; then those that pay for days after
it differ, by what a second reckoning says, and no other does. `PROPERTY_SEED=N` repeats a run, on each engine there is."""
import datetime, json, os, random, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "portal")]
import engines  # noqa: E402
from portal import on_day  # noqa: E402

on_day("2026-12-01")  # what nobody decides alone is due from awards that begin in 2025

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
FAMILIES = int(os.environ.get("FAMILIES", "3"))
DAY = datetime.timedelta(days=1)
ELDEST, OTHER = 2605, 1725  # pence a week in 2025-26: SI 2006/965 regulation 2 as uprated


def weal(store, *arguments):
    done = subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def rate(children):
    return ELDEST + OTHER * (children - 1) if children else 0


def amount(children, gone, first, last):
    sevenths = sum(rate(children - (gone is not None and first + n * DAY > gone)) for n in range((last - first).days + 1))
    return (2 * sevenths + 7) // 14


def checked(store, person, lines):
    for line in lines:
        rules = json.loads(weal(store, "account", person, "--line", line, "--rules", "--format", "json"))["rules"]
        yield rules, datetime.date.fromisoformat(rules["first"]), datetime.date.fromisoformat(rules["last"])


def one(store, engine, seed):
    rng = random.Random(seed)
    wrong, payments = [], 0
    with tempfile.TemporaryDirectory() as folder:
        weal(store, "init", "--place", "T,Testham", "--quiet")
        families = [rng.randrange(1, 4) for _ in range(FAMILIES)]
        with open(f"{folder}/people.csv", "w") as f, open(f"{folder}/homes.csv", "w") as h:
            f.write("id,name,born,sex,household\n")
            h.write("id,place\n")
            for n, children in enumerate(families):
                h.write(f"H{n},T\n")
                f.write(f"A{n},Adult {n},1985-01-01,F,H{n}\n")
                f.writelines(f"A{n}K{k},Child {n} {k},20{rng.randrange(12, 24)}-0{rng.randrange(1, 10)}-15,M,H{n}\n" for k in range(children))
        weal(store, "import", "households", f"{folder}/homes.csv", "--quiet")
        weal(store, "import", "people", f"{folder}/people.csv", "--quiet")
        for n, children in enumerate(families):
            for told in ["partner none", "non_dependant none", "is_looked_after_by_local_authority no"] + [f"responsible_for A{n}K{k}" for k in range(children)]:
                weal(store, "fact", "tell", f"A{n}", *told.split(), "--from", "2025-04-07", "--quiet")
            for k in range(children):
                weal(store, "fact", "tell", f"A{n}K{k}", "is_looked_after_by_local_authority", "no", "--from", "2025-04-07", "--quiet")
            start = datetime.date(2025, 4, 14) + rng.randrange(150) * DAY
            first = start + rng.randrange(6, 28) * DAY
            weal(store, "award", "make", f"A{n}", "child_benefit", "--from", start.isoformat(), "--first-due", first.isoformat(), "--body", "hmrc", "--quiet")
        weal(store, "pay", "--to", "2026-03-31", "--quiet")
        for n, children in enumerate(families):
            lines = [":".join(row.split(",")[2:3]) for row in weal(store, "account", f"A{n}", "--format", "csv").splitlines()[1:]]
            lines = rng.sample(lines, min(3, len(lines)))
            for rules, begin, end in checked(store, f"A{n}", lines):
                payments += 1
                same = {rules[k] for k in ("recorded", "by_award", "stood", "expected")}
                if rules["verdict"] != "agrees" or len(same) != 1:
                    wrong.append(rules)
            gone = datetime.date(2025, 4, 20) + rng.randrange(330) * DAY
            number = json.loads(weal(store, "fact", "list", f"A{n}", "--format", "json"))
            number = next(f["fact"] for f in number["facts"] if f["variable"] == "responsible_for")
            weal(store, "fact", "correct", f"A{n}", str(number), f"A{n}K0", "--from", "2025-04-07", "--to", gone.isoformat(), "--quiet")
            if children == 1:
                weal(store, "fact", "tell", f"A{n}", "responsible_for", "none", "--from", (gone + DAY).isoformat(), "--quiet")
            for rules, begin, end in checked(store, f"A{n}", lines):
                begin = max(begin, datetime.date(2025, 4, 14))
                want = amount(children, gone, begin, end)
                if rules["expected"] != want or (rules["verdict"] == "agrees") != (want == rules["recorded"]) or rules["stood"] != rules["recorded"]:
                    wrong.append((rules, children, gone, want))
    print(f"{engine}, seed {seed}: {len(families)} families, {payments} payments, {len(wrong)} wrong {wrong[:2]}")
    return not wrong


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10 ** 6)))
    return engines.on_each("checks", lambda store, engine: one(store, engine, seed))


sys.exit(main())
