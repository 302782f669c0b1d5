#!/usr/bin/env python3
"""Random lawful lines, many of the largest size, of either sign, some undone: every reader works and agrees with Python's whole numbers. Only a
figure past 2^53-1 is not shown: null, or `too large`, with a note that names lines of the person concerned.
`PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes more books (1 when unset), on each engine there is."""
import csv, datetime as dt, io, json, os, random, shutil, subprocess, sys, tempfile, urllib.parse
from collections import defaultdict

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
MOST, SHOWN = 10**13, 2**53 - 1
YEARS = (2023, 2024, 2025)
PEOPLE = {f"P{i}": f"H{i // 2}" for i in range(6)}
HOMES = {"H0": "N", "H1": "N", "H2": "S"}
SECTIONS = {"income-tax": "paid", "council-tax": "paid", "employer-national-insurance": "employer", "child-benefit": "cash", "housing-benefit": "cash", "ambulance": "services", "volunteering": "given"}
COST, RATE = 27198, 1260  # made for this: pence an ambulance, pence an hour


def shown(n):
    return n if n is not None and abs(n) <= SHOWN else None


def half_up(numerator, denominator):
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def decimal(n, places):
    return f"{'-' if n < 0 else ''}{abs(n) // 10**places}.{abs(n) % 10**places:0{places}d}"


def same(what, got, want):
    if got != want:
        raise AssertionError(f"{what}:\n  shown    {got}\n  reckoned {want}")


class Run:
    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def weal(self, *arguments):
        done = subprocess.run([WEAL, "--store", self.url, "--quiet", *arguments], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"weal {' '.join(arguments)}: exit {done.returncode}: {done.stderr[-600:]}")
        return done.stdout

    def take(self, kind, name, columns, rows, *options):
        with open(os.path.join(self.folder, name), "w", newline="", encoding="utf-8") as f:
            out = csv.writer(f)
            out.writerow(columns)
            out.writerows(rows)
        self.weal("import", kind, name, *options)


class Book:
    """Lines as dictionaries: amounts as a citizen sees them."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.lines = []
        self.make()

    def add(self, file, person, category, amount, year):
        day = dt.date(year, 4, 6) + dt.timedelta(self.r.randrange(365))
        quantity = None
        if SECTIONS[category] == "services":
            quantity = min(abs(amount), MOST) * 1000 // COST
            amount = half_up(quantity * COST, 1000)
        elif SECTIONS[category] == "given":
            amount = abs(amount)
        self.lines.append({"file": file, "person": person, "category": category, "amount": amount, "quantity": quantity, "day": day, "year": year, "reference": f"r{len(self.lines)}", "undone": False})

    def make(self):
        r = self.r
        for file in range(3):
            for _ in range(120):
                amount = r.choice([MOST, -MOST, MOST - 1, r.randrange(1, MOST), r.randrange(1, 10**6), -r.randrange(1, 10**6)])
                self.add(file, r.choice(list(PEOPLE)), r.choice(list(SECTIONS)), amount, r.choice(YEARS))
        # to the largest figure that is shown, and a penny past it; and far past it, so that undoing brings it back
        for person, category, last in (("P1", "income-tax", SHOWN - 900 * MOST), ("P2", "child-benefit", SHOWN - 900 * MOST + 1)):
            self.lines = [l for l in self.lines if l["person"] != person or l["category"] != category]
            for _ in range(900):
                self.add(3, person, category, MOST, 2024)
            self.add(3, person, category, last, 2024)
        for _ in range(r.randrange(950, 1100)):
            self.add(4, "P3", r.choice(["council-tax", "ambulance", "volunteering"]), MOST, 2025)
        for i, l in enumerate(self.lines):
            l["reference"] = f"r{i}"

    def undo(self, line, on=None):
        line["undone"] = True
        day = on or line["day"]
        year = day.year if (day.month, day.day) >= (4, 6) else day.year - 1
        self.lines.append({**line, "amount": -line["amount"], "quantity": None if line["quantity"] is None else -line["quantity"], "day": day, "year": year, "reference": None, "undoes": True})

    def sums(self, key, keep):
        out = defaultdict(int)
        for l in self.lines:
            if keep(l):
                out[key(l)] += l["amount"]
        return out


def fill(run, book):
    run.weal("init", "--place", "L,The place")
    run.take("places", "places.csv", ["code", "name", "kind", "parent"], [["N", "North", "neighbourhood", "L"], ["S", "South", "neighbourhood", "L"]])
    run.take("households", "households.csv", ["id", "place"], list(HOMES.items()))
    run.take("people", "people.csv", ["id", "name", "born", "household"], [[p, f"Person {p}", "1970-01-01", h] for p, h in PEOPLE.items()])
    run.take("unit-costs", "costs.csv", ["service", "year", "cost", "source"], [["ambulance", "2023-24", decimal(COST, 2), "made for a test"], ["ambulance", "2024-25", decimal(COST, 2), "made for a test"]])
    run.take("rates", "rates.csv", ["what", "year", "rate", "source"], [["volunteering", y, decimal(RATE, 2), "made for a test"] for y in ("2023-24", "2024-25", "2025-26")])
    for file in range(5):
        rows = []
        for l in book.lines:
            if l["file"] != file:
                continue
            given, used = SECTIONS[l["category"]] == "given", l["quantity"] is not None
            rows.append([l["day"].isoformat(), l["person"], l["category"], "" if given or used else decimal(l["amount"], 2), l["amount"] if given else decimal(l["quantity"], 3) if used else "", "minutes" if given else "", l["reference"]])
        book.r.shuffle(rows)
        run.take("entries", f"e{file}.csv", ["date", "person", "category", "amount", "quantity", "unit", "reference"], rows, "--unusual")


def numbers_of(run):
    out = {}
    for person in PEOPLE:
        account = json.loads(run.weal("account", person, "--format", "json"))
        for unit in ("money", "time"):
            out.update({row["reference"]: row["line"] for row in account[unit]["lines"] if row["reference"]})
    return out


def undo_some(run, book):
    numbers = numbers_of(run)
    lines = [l for l in book.lines if l["file"] < 3]
    for l in book.r.sample(lines, 15):
        on = dt.date(book.r.choice(YEARS), 4, 6) + dt.timedelta(book.r.randrange(360)) if book.r.random() < .4 else None
        run.weal("reverse", numbers[l["reference"]], "--reason", "wrong", *(["--on", on.isoformat()] if on else []))
        book.undo(l, on)
    entry = numbers[book.r.choice([l for l in lines if not l["undone"]])["reference"]].split(":")[0]
    run.weal("reverse", entry, "--reason", "all wrong")
    for l in [l for l in book.lines if not l["undone"] and l["reference"] in numbers and numbers[l["reference"]].split(":")[0] == entry]:
        book.undo(l)


def check_statements(run, book):
    life = defaultdict(int)
    sums = book.sums(lambda l: (l["person"], l["year"], SECTIONS[l["category"]]), lambda l: True)
    for year in YEARS:
        text = f"{year}-{(year + 1) % 100:02d}"
        for (person, y, section), n in sums.items():
            if y == year:
                life[person, section] += n
        run.weal("statements", "--year", text, "--format", "json", "--out", f"out{year}")
        for s in map(json.loads, open(os.path.join(run.folder, f"out{year}", "statements.jsonl"), encoding="utf-8")):
            p = s["person"]["id"]
            of = lambda section: sums[p, year, section]
            what = f"{p} {text}"
            same(what, [s["paid"]["total"], s["employer"]["total"], s["received"]["cash"]["total"], s["received"]["services"]["total"], s["received"]["total"], s["given"]["minutes"]],
                 list(map(shown, [of("paid"), of("employer"), of("cash"), of("services"), of("cash") + of("services"), of("given")])))
            rows = book.sums(lambda l: l["category"], lambda l: l["person"] == p and l["year"] == year)
            for part in (s["paid"], s["employer"], s["received"]["cash"], s["received"]["services"]):
                same(f"{what} rows", [l["amount"] for l in part["lines"]], [shown(rows[l["category"]]) for l in part["lines"]])
            value = half_up(of("given") * RATE, 60) if shown(of("given")) is not None else None
            same(f"{what} value", s["given"]["value"], shown(value))
            same(f"{what} life", [s["life"]["paid"], s["life"]["received"], s["life"]["given_minutes"]],
                 [shown(life[p, "paid"]), shown(life[p, "cash"] + life[p, "services"]), shown(life[p, "given"])])
            base = book.sums(lambda l: 0, lambda l: l["person"] == p and l["year"] == year and l["category"] == "income-tax")[0]
            same(f"{what} base", s["where_it_went"]["base"]["amount"], shown(base))
            same(f"{what} shares", [l["amount"] for l in s["where_it_went"]["lines"]], [shown(half_up(base * round(float(l["share"]) * 100), 10000)) if shown(base) is not None else None for l in s["where_it_went"]["lines"]])
            large = [n for n in s["notes"] if n.startswith("Some sums")]
            own = json.dumps({k: s[k] for k in ("paid", "employer", "received", "given", "life")} | {"went": s["where_it_went"]["base"]})
            same(f"{what} note", bool(large), '"total": null' in own or '"amount": null' in own or '"minutes": null' in own or '"value": null' in own or any(s["life"][k] is None for k in ("paid", "received", "given_minutes", "given_value")) or any(v is None for y in s["life"]["by_year"] for v in y.values()))
            shared = defaultdict(int)
            for l in book.lines:
                if l["year"] == year and PEOPLE[l["person"]] == PEOPLE[p] and l["person"] != p and l["category"] in ("council-tax", "housing-benefit"):
                    shared[l["category"]] += l["amount"]
            for h in s["household"]:
                same(f"{what} household", h["amount"], shown(shared[h["category"]]))


def check_places(run, book):
    for year in YEARS:
        for place in ("L", "N", "S"):
            a = json.loads(run.weal("place", place, "--year", f"{year}-{(year + 1) % 100:02d}", "--format", "json"))
            inside = lambda l: l["year"] == year and place in ("L", HOMES[PEOPLE[l["person"]]])
            sums = book.sums(lambda l: SECTIONS[l["category"]], inside)
            same(f"{place} {year}", [a["total"][k] for k in ("paid", "employer", "received", "services", "given_minutes")], [shown(sums[k]) for k in ("paid", "employer", "cash", "services", "given")])
            rows = book.sums(lambda l: l["category"], inside)
            for b in a["by"]:
                key = {"paid": "paid", "employer": "employer", "cash": "received", "services": "services", "given": "given_minutes"}[SECTIONS[b["key"]]]
                same(f"{place} {year} {b['key']}", b[key], shown(rows[b["key"]]))
            none = any(shown(n) is None for n in list(sums.values()) + list(rows.values()))
            named = any("too large" in n for n in a["notes"])
            assert named or not none, f"{place} {year}: a figure is not shown and no note says so"


def sign(l):
    return -l["amount"] if SECTIONS[l["category"]] in ("paid", "employer", "given") else l["amount"]


def check_accounts(run, book):
    for person in PEOPLE:
        since = dt.date(2024, 10, 1)
        a = json.loads(run.weal("account", person, "--format", "json", "--from", since.isoformat()))
        for unit, given in (("money", False), ("time", True)):
            mine = [l for l in book.lines if l["person"] == person and (SECTIONS[l["category"]] == "given") == given]
            opening = sum(sign(l) for l in mine if l["day"] < since)
            same(f"{person} opening", a[unit]["opening"], shown(opening))
            same(f"{person} closing", a[unit]["closing"], shown(sum(map(sign, mine))))
            for row in a[unit]["lines"]:
                opening += row["minutes" if given else "amount"]
                same(f"{person} balance at {row['line']}", row["balance"], shown(opening))
    rows = {(r["owner"], r["role"]): r["balance"] for r in csv.DictReader(io.StringIO(run.weal("balances", "--format", "csv")))}
    for person in PEOPLE:
        for role, given in (("social", False), ("time", True)):
            n = sum(sign(l) for l in book.lines if l["person"] == person and (SECTIONS[l["category"]] == "given") == given)
            if (person, role) in rows:
                got = rows[person, role]
                same(f"balance of {person} {role}", "too large" if got.startswith("too large (") else got, "too large" if shown(n) is None else str(n) if given else decimal(n, 2))


def check(run, book):
    fill(run, book)
    for step in range(2):
        check_statements(run, book)
        check_places(run, book)
        check_accounts(run, book)
        run.weal("audit")
        if step == 0:
            undo_some(run, book)


def one(engine, seed):
    folder = tempfile.mkdtemp(prefix="weal-property-")
    name = f"weal_bounds_{os.getpid()}_{seed}"
    psql = lambda sql: subprocess.run(["psql", "-qXd", SERVER, "-c", sql], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        url = "sqlite:weal.db"
        if engine == "postgresql":
            psql(f"create database {name}")
            url = urllib.parse.urlunsplit(urllib.parse.urlsplit(SERVER)._replace(path="/" + name))
        check(Run(url, folder), Book(seed))
        return True
    except AssertionError as wrong:
        print(f"FAILED: {engine}, PROPERTY_SEED={seed}: {wrong}")
        return False
    finally:
        shutil.rmtree(folder)
        if engine == "postgresql":
            psql(f"drop database if exists {name} with (force)")


def main():
    rounds = int(os.environ.get("PROPERTY_ROUNDS", "1"))
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10**6)))
    engines = ["sqlite"] + (["postgresql"] if SERVER else [])
    results = [one(engine, seed + n) for n in range(rounds) for engine in engines]
    print(f"sums at the bounds, from seed {seed}: {rounds} random books on {' and '.join(engines)}")
    skipped = 0 if SERVER else rounds
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
