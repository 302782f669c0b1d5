#!/usr/bin/env python3
"""A year of what is taken of payments for what was paid too much, reckoned a second time to the penny: random awards that are lowered back in time, asked back at the
most that the law allows or at an agreed rate, with some paid back by hand, paid in steps by programs of which one is killed. And pairs of records with an award each
that are merged while a run pays: afterwards the later is paid no day more, and what it had is what is asked back; or, where the merge is undone, it has all of its days.
`PROPERTY_SEED=N` repeats a run."""
import csv, datetime, io, os, random, re, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
DEBTORS, PAIRS = 14, 8
START, LOWERED, LAST = "2025-04-07", datetime.date(2025, 8, 31), datetime.date(2026, 4, 5)
WEEKLY_MOST = {2025: 3 * 465, 2026: 3 * 480}  # 5 per cent of 92.05 and 95.55, rounded up to 5 pence; by the year from 1 April
DAYS = {"week": 7, "2-weeks": 14, "4-weeks": 28}


def weal(store, *arguments, ok=True):
    done = subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)
    assert done.returncode == 0 or not ok, (arguments, done.stderr)
    return done.stdout


def pence(text):
    return round(float(text) * 100)


def pay(store, to, rng, beside=None):
    """Two runs of which one is killed, with something beside them, and one that ends."""
    run = [WEAL, "--store", store, "pay", "--to", str(to), "--quiet"]
    both = [subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    others = [subprocess.Popen([WEAL, "--store", store, *b], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for b in beside or []]
    time.sleep(rng.random() * .2)
    both[0].kill()
    for one in both + others:
        one.communicate()
    assert all(o.returncode == 0 for o in others)
    weal(store, "pay", "--to", str(to), "--quiet")


def lines(store):
    """{reference: (day, person, pence)}"""
    out = {}
    for row in csv.DictReader(io.StringIO(weal(store, "export", "entries"))):
        if row["reference"].startswith("award:"):
            assert row["reference"] not in out, row
            out[row["reference"]] = (row["date"], row["person"], pence(row["amount"]))
    return out


def reckon(got, number, every, rates, asked, repaid):
    """What each payment after LOWERED loses, from the payments themselves: rates is the agreed pence a week (None: the most) by the last day of its step."""
    left, out = asked, {}
    for reference in sorted(r for r in got if re.fullmatch(rf"award:{number}:\d\d\d\d-\d\d-\d\d", r)):
        due, paid = datetime.date.fromisoformat(reference.split(":")[2]), datetime.date.fromisoformat(got[reference][0])
        if paid <= LOWERED:
            continue
        for day in [d for d in repaid if d[0] < paid and not d[2]]:
            left -= day[1]
            day[2] = True
        days, gross = DAYS[every], got[reference][2]
        most = WEEKLY_MOST[due.year - (due.month < 4)] * days // 7
        rate = next(r for end, r in rates if paid <= end)
        take = min(left, most, gross - (50 * days + 6) // 7, left if rate is None else rate * days // 7)
        if take > 0:
            out[reference] = take
            left -= take
    return out, left


def debts(store, folder, rng):
    wrong, steps = [], [datetime.date(2025, 11, 30), datetime.date(2026, 1, 31), LAST]
    every = {p: rng.choice(list(DAYS)) for p in range(DEBTORS)}
    for p in every:
        weal(store, "award", "make", f"D{p}", "housing_benefit", "--amount", str(rng.randrange(60, 9000) / 100), "--from", START, "--pay", every[p], "--body", "council-t", "--evidence", "a trial")
    weal(store, "pay", "--to", str(LOWERED), "--quiet")
    asked, rates, repaid = {}, {}, {}
    for p in every:
        number = p + 1
        weal(store, "award", "change", f"D{p}", str(number), "--amount", str(rng.randrange(30, 5000) / 100), "--from", START, "--reason", "lower")
    cases = list(csv.DictReader(io.StringIO(weal(store, "cases", "--kind", "overpayment", "--format", "csv"))))
    by_person = {c["person"]: c["request"] for c in cases}
    agreed = lambda: None if rng.random() < .4 else rng.randrange(0, 1396)
    for p in every:
        if f"D{p}" in by_person:
            rate = agreed()
            weal(store, "do", "case-move", "--as", "OFFICER", f"case={by_person[f'D{p}']}", "move=ask-back", "words=it fell", *([] if rate is None else [f"facts=rate={rate / 100:.2f}"]))
            rates[p], repaid[p] = [(steps[0], rate)], []
            asked[p] = pence(next(csv.DictReader(io.StringIO(weal(store, "award", "debts", f"D{p}", "--format", "csv"))))["asked"])
    for n, to in enumerate(steps):
        pay(store, to, rng)
        for p in asked if to != LAST else []:
            rate = rates[p][-1][1]
            left = pence(next(csv.DictReader(io.StringIO(weal(store, "award", "debts", f"D{p}", "--format", "csv"))))["left"])
            if left > 1 and rng.random() < .4:
                hand = rng.randrange(1, left)
                weal(store, "do", "case-move", "--as", "OFFICER", f"case={by_person[f'D{p}']}", "move=repaid", f"facts=repaid={hand / 100:.2f}")
                repaid[p].append([to, hand, False])
            if rng.random() < .4:
                rate = rng.randrange(0, 1396)
                weal(store, "do", "case-move", "--as", "OFFICER", f"case={by_person[f'D{p}']}", "move=agree", "words=hardship", f"facts=new-rate={rate / 100:.2f}")
            rates[p].append((steps[n + 1], rate))
    got, taken = lines(store), 0
    for p in asked:
        wanted, left = reckon(got, p + 1, every[p], rates[p], asked[p], repaid[p])
        had = {r.split(":less:")[0]: -v[2] for r, v in got.items() if r.startswith(f"award:{p + 1}:") and ":less:" in r}
        shown = pence(next(csv.DictReader(io.StringIO(weal(store, "award", "debts", f"D{p}", "--format", "csv"))))["left"])
        taken += sum(had.values())
        if had != wanted or shown != left:
            wrong.append((p, every[p], rates[p], asked[p], repaid[p], {r: (had.get(r), wanted.get(r)) for r in set(had) | set(wanted) if had.get(r) != wanted.get(r)}, shown, left))
    return wrong, len(asked), taken


def merges(store, rng):
    """Pairs A and B with an award each, merged while a run pays."""
    wrong, numbers = [], {}
    at = lambda p, n: f"{'AB'[n]}{p}"
    for p in range(PAIRS):
        for n in range(2):
            made = weal(store, "award", "make", at(p, n), "housing_benefit", "--amount", "70", "--from", "2025-05-05", "--pay", "4-weeks", "--body", "council-t", "--evidence", "a trial")
            numbers[at(p, n)] = int(re.match(r"Award (\d+) ", made).group(1))
    pay(store, datetime.date(2026, 5, 31), rng, [["merge", at(p, 0), at(p, 1), "--reason", "same", "--quiet"] for p in range(PAIRS)])
    of = lambda got, number: sum(v[2] for r, v in got.items() if re.match(rf"award:{number}:", r))
    before = lines(store)
    weal(store, "pay", "--to", "2026-09-30", "--quiet")
    after = lines(store)
    cases = {c["person"]: c["request"] for c in csv.DictReader(io.StringIO(weal(store, "cases", "--kind", "award-twice", "--format", "csv")))}
    for p in range(PAIRS):
        one, two = numbers[at(p, 0)], numbers[at(p, 1)]
        if of(before, two) != of(after, two) or of(after, one) != 18 * 28000:
            wrong.append(("after the merge", p, of(before, two), of(after, two), of(after, one)))
        if p % 2:
            weal(store, "merge", "--undo", at(p, 0), at(p, 1), "--quiet")
            continue
        weal(store, "do", "case-move", "--as", "OFFICER", f"case={cases[at(p, 0)]}", "move=first", "words=the first stands")
    weal(store, "pay", "--to", "2026-09-30", "--quiet")
    got = lines(store)
    twice = sum(of(after, numbers[at(p, 1)]) for p in range(0, PAIRS, 2))
    over = [c for c in csv.DictReader(io.StringIO(weal(store, "cases", "--kind", "overpayment", "--format", "csv"))) if c["person"][0] in "AB"]
    for c in over:
        weal(store, "do", "case-move", "--as", "OFFICER", f"case={c['request']}", "move=ask-back", "words=paid twice")
    asked = sum(pence(next(csv.DictReader(io.StringIO(weal(store, "award", "debts", c["person"], "--format", "csv"))))["asked"]) for c in over)
    if asked != twice:
        wrong.append(("asked back", asked, twice))
    for p in range(1, PAIRS, 2):
        if of(got, numbers[at(p, 1)]) != 18 * 28000:
            wrong.append(("not restored", p, of(got, numbers[at(p, 1)])))
    return wrong, twice


def one(store, engine, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/bodies.csv", "w").write("id,name,kind,place\ncouncil-t,Council,council,T\n")
        people = [f"D{p}" for p in range(DEBTORS)] + [f"{x}{p}" for p in range(PAIRS) for x in "AB"] + ["OFFICER"]
        open(f"{folder}/people.csv", "w").write("id,name,born\n" + "".join(f"{p},Name {p},1950-01-01\n" for p in people))
        weal(store, "init", "--place", "T,T")
        weal(store, "import", "bodies", f"{folder}/bodies.csv")
        weal(store, "import", "people", f"{folder}/people.csv")
        weal(store, "role", "grant", "OFFICER", "staff", "--body", "council-t")
        wrong, count, taken = debts(store, folder, rng)
        twice, asked = merges(store, rng)
        audit = weal(store, "audit")
        print(f"{engine}, seed {seed}: {count} debts, {taken / 100:,.2f} pounds taken, {PAIRS} merges, {asked / 100:,.2f} paid twice, wrong {wrong[:2] + twice[:3]}")
        return count and not wrong and not twice and "nothing differs" in audit


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10 ** 6)))
    return engines.on_each("recoveries", lambda store, engine: one(store, engine, seed))


sys.exit(main())
