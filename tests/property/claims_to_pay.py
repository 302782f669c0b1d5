#!/usr/bin/env python3
"""Claims, decided into awards and paid: each made through two doors at once of which one is killed, decided by two officers at once of whom one is killed, changed between two runs of
pay, and paid by runs of which one is killed. There is one claim and one award of each, and every day of pay is in the book once, to the penny as reckoned here.
`PROPERTY_SEED=N` repeats a run, on each engine there is."""
import csv, datetime, io, os, random, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
PEOPLE = 8
DAY = datetime.timedelta(days=1)
TODAY = datetime.date.today()
HOLIDAYS = {row["day"] for row in csv.DictReader(open(f"{ROOT}/policy/uk/cases/holidays.csv", encoding="utf-8")) if row["division"] == "england-and-wales"}


def weal(store, *arguments, may_fail=False):
    done = subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)
    assert may_fail or done.returncode == 0, (arguments, done.stderr)
    return done


def at_once(store, rng, one, other):
    """Both begin; the first is killed in the middle. Whether it was still running."""
    both = [subprocess.Popen([WEAL, "--store", store, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for arguments in (one, other)]
    time.sleep(rng.random() * .15)
    running = both[0].poll() is None
    both[0].kill()
    for each in both:
        each.wait()
    return running


def working(day):
    while day.weekday() > 4 or day.isoformat() in HOLIDAYS:
        day -= DAY
    return day


def one(store, engine, seed):
    rng, killed = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/people.csv", "w") as f:
            f.write("id,name,born\nO1,Officer One,1980-01-01\nO2,Officer Two,1980-01-01\n" + "".join(f"P{i},Name {i},1950-01-01\n" for i in range(PEOPLE)))
        open(f"{folder}/bodies.csv", "w").write("id,name,kind,place\ncouncil-t,Council,council,T\n")
        weal(store, "init", "--place", "T,T")
        weal(store, "import", "bodies", f"{folder}/bodies.csv")
        weal(store, "import", "people", f"{folder}/people.csv")
        for officer in ("O1", "O2"):
            weal(store, "role", "grant", officer, "staff", "--body", "council-t")
        people = [f"P{i}" for i in range(PEOPLE)]
        first = {p: TODAY - rng.randrange(30, 80) * DAY for p in people}
        for p in people:
            day = f"from={first[p]}"
            make = ["do", "claim-make", "--person", p, "agree=yes", "variable=housing_benefit", day]
            killed += at_once(store, rng, make, ["do", "claim-take", "--person", p, "agree=yes", "variable=housing_benefit", day, "body=council-t"])
            again = weal(store, *make, may_fail=True)
            assert again.returncode == 0 or "waits for its answer already" in again.stderr, again.stderr
        claims = {r["person"]: r["request"] for r in csv.DictReader(io.StringIO(weal(store, "cases", "--kind", "claim", "--format", "csv").stdout))}
        count = len(list(csv.DictReader(io.StringIO(weal(store, "cases", "--kind", "claim", "--which", "all", "--format", "csv").stdout))))
        pence = {p: rng.randrange(1000, 20000) for p in people}
        for p in people:
            decide = ["do", "case-move", f"case={claims[p]}", "move=award", f"facts=amount={pence[p] / 100:.2f}", "words=as seen", "--as"]
            killed += at_once(store, rng, decide + ["O1"], decide + ["O2"])
            weal(store, *decide, "O2", may_fail=True)
        awards = {}
        for row in csv.DictReader(io.StringIO(weal(store, "export", "awards", "--format", "csv", may_fail=True).stdout or weal(store, "export", "awards").stdout)):
            assert row["person"] not in awards, row
            awards[row["person"]] = (datetime.date.fromisoformat(row["from"]), datetime.date.fromisoformat(row["first_due"]), round(float(row["amount"]) * 100))
        rates = {p: [(awards[p][0], pence[p])] for p in people}
        weal(store, "pay", "--to", (TODAY - 20 * DAY).isoformat(), "--quiet")
        for number, p in enumerate(people):  # from a day that is not paid yet
            numbers = list(csv.DictReader(io.StringIO(weal(store, "award", "list", p, "--format", "csv").stdout)))
            change = TODAY - 1 * DAY if number % 2 else TODAY
            new = rng.randrange(1000, 20000)
            weal(store, "award", "change", p, numbers[0]["award"], "--amount", f"{new / 100:.2f}", "--from", change.isoformat(), "--reason", "rent")
            rates[p].append((change, new))
        pay = ["pay", "--to", TODAY.isoformat(), "--quiet"]
        killed += at_once(store, rng, pay, pay)
        weal(store, *pay)
        wanted, got = {}, {}
        for p in people:
            begins, due, _ = awards[p]
            while working(due) <= TODAY:
                total = 0
                for n in range(28):
                    day = due - (27 - n) * DAY
                    if day >= begins:
                        total += [rate for start, rate in rates[p] if start <= day][-1]
                wanted[p, due] = (2 * total + 7) // 14
                due += 28 * DAY
        for line in csv.DictReader(io.StringIO(weal(store, "export", "entries").stdout)):
            if line["reference"].startswith("award:"):
                key = line["person"], datetime.date.fromisoformat(line["reference"].split(":")[2])
                assert key not in got, line
                got[key] = round(float(line["amount"]) * 100)
        good = count == PEOPLE and sorted(awards) == people and all(awards[p][2] == pence[p] and awards[p][0] == first[p] for p in people) and got == wanted
        print(f"{engine}, seed {seed}: {count} claims, {len(awards)} awards, {len(got)} payments, {killed} killed", "" if good else (awards, pence, got, wanted))
        return good and "nothing differs" in weal(store, "audit").stdout


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10 ** 6)))
    return engines.on_each("claims", lambda store, engine: one(store, engine, seed))


sys.exit(main())
