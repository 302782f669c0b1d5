#!/usr/bin/env python3
"""Random corrections of what awards rest on: days of death told, moved and taken back, amounts lowered and raised back in time, ends; between them what was paid too much is asked back, let go, repaid by
hand or written off, and runs pay of which one is killed. At the end all that was paid, with the arrears, less what cases say was paid too much is what the last facts give, to the penny; and
nobody has paid back more than is left of it. `PROPERTY_SEED=N` repeats a run."""
import csv, datetime, io, json, os, random, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
PEOPLE, ROUNDS = 9, 7
DAY = datetime.timedelta(days=1)
START, LAST = datetime.date(2026, 4, 6), datetime.date(2026, 10, 31)
# variable, how often it is paid, in weeks; 0: months, of whole periods only, a week after they end
KINDS = [("housing_benefit", "4-weeks", 4), ("housing_benefit", "week", 1), ("universal_credit", "month", 0)]


def weal(store, *arguments, ok=True):
    done = subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)
    assert done.returncode == 0 or not ok, (arguments, done.stderr)
    return done.stdout if done.returncode == 0 else None


def pence(text):
    return round(float(text) * 100)


def table(store, *arguments):
    return list(csv.DictReader(io.StringIO(weal(store, *arguments, "--format", "csv"))))


def rate(award, day, died):
    """Pence in each period on the day, by what was decided, as long as they lived."""
    if died and day >= died:
        return 0
    return next((amount for first, amount in reversed(award["rates"]) if day >= first), 0)


def due(award, day, died):
    """What the whole period of a day of pay comes to: it may have been paid while less of it was known to be due."""
    last = day - (7 if award["whole"] else 0) * DAY
    first = max(START, last - (award["weeks"] * 7 - 1) * DAY)
    if award["whole"]:
        return rate(award, last, died)
    total = sum(rate(award, first + n * DAY, died) for n in range((last - first).days + 1))
    return (2 * total + 7) // 14


def change(store, award, rng, died):
    """A new amount, or an end, from a day on: later ones that were decided before are no more."""
    day = START + rng.randrange(200) * DAY
    lower = [r for r in award["rates"] if r[0] < day]
    words = [f"P{award['n']}", str(award["number"]), "--reason", "corrected"]
    if rng.random() < .2:
        if weal(store, "award", "end", *words, "--to", str(day - DAY), ok=False) is not None:
            award["rates"] = lower + [(day, 0)]
        return
    amount = rng.randrange(1000, 20000)
    ends = [r for r in award["rates"] if r[1] == 0]
    if weal(store, "award", "change", *words, "--amount", f"{amount / 100:.2f}", "--from", str(day), ok=False) is not None:
        award["rates"] = lower + [(day, amount)] + ends


def officer(store, rng):
    """Moves of whatever case there is; those that may not be made now are refused."""
    for case in table(store, "cases", "--kind", "overpayment", "--which", "all"):
        move = rng.choice([["ask-back", "words=x"], ["let-go", "words=x"], ["repaid", f"facts=repaid={rng.randrange(1, 40000) / 100:.2f}"], ["write-off", "words=x"], ["agree", "words=x", "facts=new-rate=2"], None])
        if move:
            weal(store, "do", "case-move", "--as", "OFFICER", f"case={case['request']}", "move=" + move[0], *move[1:], ok=False)


def pay(store, to, rng):
    run = [WEAL, "--store", store, "pay", "--to", str(to), "--quiet"]
    both = [subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    time.sleep(rng.random() * .1)
    both[0].kill()
    for one in both:
        one.communicate()
    weal(store, "pay", "--to", str(to), "--quiet")


def die(store, folder, deaths):
    with open(f"{folder}/people.csv", "w") as f:
        f.write("id,name,born,died\n" + "".join(f"P{p},Name {p},1950-01-01,{deaths[p] or ''}\n" for p in deaths))
    weal(store, "import", "people", f"{folder}/people.csv", "--quiet")


def wrong_of(store, folder, award, died, paid):
    """What of an award does not hold."""
    person = f"P{award['n']}"
    weal(store, "subject-export", person, f"{folder}/{person}", "--quiet")
    read = lambda name: json.load(open(f"{folder}/{person}/{name}.json")) if os.path.exists(f"{folder}/{person}/{name}.json") else []
    wanted = sum(due(award, datetime.date.fromisoformat(p["due"]), died) for p in paid)
    over, wrong = 0, []
    debts = {d["case"]: d for d in table(store, "award", "debts", person)}
    for case in read("cases"):
        facts = json.loads(case["facts"]) if isinstance(case["facts"], str) else case["facts"]
        amount = 0 if case["state"] == "withdrawn" else pence(facts.get("corrected") or facts["amount"])
        over += amount
        debt = debts.get(str(case["id"]))
        back = sum(pence(debt[k]) * sign for k, sign in (("taken", 1), ("repaid", 1), ("returned", -1))) if debt else 0
        if back > amount or (debt and pence(debt["left"]) + back > amount):
            wrong.append((person, case["id"], amount, debt))
    return wrong, over, wanted


def one(store, engine, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/bodies.csv", "w").write("id,name,kind,place\ncouncil-t,Council,council,T\ndwp,Department,department,T\n")
        deaths = {p: None for p in range(PEOPLE)}
        weal(store, "init", "--place", "T,T")
        weal(store, "import", "bodies", f"{folder}/bodies.csv")
        die(store, folder, deaths)
        open(f"{folder}/officer.csv", "w").write("id,name,born\nOFFICER,Officer,1980-01-01\n")
        weal(store, "import", "people", f"{folder}/officer.csv")
        for body in ("council-t", "dwp"):
            weal(store, "role", "grant", "OFFICER", "staff", "--body", body)
        awards = []
        for n in range(PEOPLE):
            variable, every, weeks = KINDS[n % len(KINDS)]
            amount = rng.randrange(1000, 20000)
            made = weal(store, "award", "make", f"P{n}", variable, "--amount", f"{amount / 100:.2f}", "--from", str(START), "--pay", every, "--body", "council-t" if weeks else "dwp", "--evidence", "a trial")
            awards.append(dict(n=n, number=int(made.split()[1]), weeks=weeks, whole=not weeks, rates=[(START, amount)]))
        for _ in range(ROUNDS):
            pay(store, START + rng.randrange(30, 200) * DAY, rng)
            for p in deaths:
                if rng.random() < .5:
                    deaths[p] = rng.choice([None, START + rng.randrange(1, 200) * DAY])
            die(store, folder, deaths)
            for award in awards:
                if rng.random() < .5:
                    change(store, award, rng, deaths[award["n"]])
            officer(store, rng)
        weal(store, "pay", "--quiet")
        return check(store, engine, seed, folder, awards, deaths)


def check(store, engine, seed, folder, awards, deaths):
    lines = list(csv.DictReader(io.StringIO(weal(store, "export", "entries"))))
    payments = list(csv.DictReader(io.StringIO(weal(store, "export", "award-rows"))))
    wrong, sums = [], [0, 0]
    for award in awards:
        begins = f"award:{award['number']}:"
        had = sum(pence(l["amount"]) for l in lines if l["reference"].startswith(begins) and not any(w in l["reference"] for w in (":less:", ":repaid:", ":returned:")))
        paid = [p for p in payments if p["award"] == str(award["number"]) and p["due"] and not p["row"]]
        some, over, wanted = wrong_of(store, folder, award, deaths[award["n"]], paid)
        wrong += some
        sums = [sums[0] + had, sums[1] + over]
        if had - over != wanted:
            wrong.append((f"P{award['n']}", award, str(deaths[award["n"]]), had, over, wanted))
    audit = weal(store, "audit")
    print(f"{engine}, seed {seed}: {sums[0] / 100:,.2f} pounds paid, {sums[1] / 100:,.2f} too much, wrong {wrong[:2]}")
    return not wrong and sums[1] and "nothing differs" in audit


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10 ** 6)))
    return engines.on_each("corrections", lambda store, engine: one(store, engine, seed))


sys.exit(main())
