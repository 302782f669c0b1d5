#!/usr/bin/env python3
"""A random book, with moves, merges, deaths, corrections and reversals, reckoned a second time from the files that went in.

Every statement, every place's account and their sums must be what is reckoned here; nothing is read from the store but the numbers of
the lines that are to be undone. `PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes more books (2 when unset), on each engine there is."""
import csv, datetime as dt, json, os, random, shutil, subprocess, sys, tempfile, urllib.parse
from collections import defaultdict

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
YEARS = (2023, 2024, 2025)
PLACES = {"E": None, "L": "E", "N": "L", "S": "L", "S1": "S", "S2": "S", "X": "E"}  # the book is L's; X lies outside
PAID, CASH, GIVEN, SERVICES = (
    ["income-tax", "national-insurance", "council-tax", "vat"],
    ["child-benefit", "state-pension", "housing-benefit"],
    ["volunteering", "unpaid-care", "peer-support"],
    {"gp-consultation": ("gp", "consultation"), "inpatient-stay": ("bed", "day"), "social-housing": ("home", "week")})
EMPLOYER = ["employer-national-insurance"]
HOUSEHOLD = {"council-tax", "housing-benefit", "social-housing"}
COSTS = {("gp", 2022): 4001, ("gp", 2025): 4213, ("bed", 2024): 51307}  # homes have none: counted, not valued
RATES = {("volunteering", 2023): 1207, ("volunteering", 2025): 1260, ("unpaid-care", 2024): 1999}
ORDER = [r["code"] for r in csv.DictReader(open(os.path.join(ROOT, "policy/uk/categories.csv"), encoding="utf-8"))]
PACK_RATES = {(r["what"], int(r["year"][:4])): round(float(r["rate"]) * 100) for r in csv.DictReader(open(os.path.join(ROOT, "policy/uk/rates.csv"), encoding="utf-8"))}


def day_of(year, n):
    return dt.date(year, 4, 6) + dt.timedelta(n)


def tax_year(day):
    return day.year if (day.month, day.day) >= (4, 6) else day.year - 1


def half_up(numerator, denominator):  # half away from zero
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def money(pence):
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def latest(table, key, year):
    years = [y for (k, y) in table if k == key and y <= year]
    return (table[(key, max(years))], max(years)) if years else (None, None)


def rate_of(category, year):
    return latest({**PACK_RATES, **RATES}, category, year)[0]


def within(place, upper):
    while place is not None:
        if place == upper:
            return True
        place = PLACES[place]
    return False


class Book:
    """The second reckoning: people, where they live, and lines as dictionaries."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.homes, self.people, self.lines, self.keep = {}, {}, [], {}
        self.make_people()
        self.make_lines()

    def make_people(self):
        r = self.r
        leaves = ["N", "S", "S1", "S2", "L", "X"]
        for i in range(14):
            stays = [(dt.date.min, r.choice(leaves))]
            if r.random() < .4:
                stays.append((day_of(r.choice(YEARS), r.randrange(365)), r.choice(leaves)))
            self.homes[f"H{i:03d}"] = stays
        for i in range(40):
            code = f"P{i:04d}"
            born = dt.date(1930 + r.randrange(94), 1 + r.randrange(12), 1 + r.randrange(28))
            home = r.choice([None] + list(self.homes) * 2)
            own = r.choice(leaves) if r.random() < .15 else None
            stays = [(dt.date.min, home, own)]
            when = day_of(2023, 5)
            while r.random() < .4 and when < dt.date(2026, 1, 1):
                when += dt.timedelta(1 + r.randrange(300))
                stays.append((when, r.choice(list(self.homes)), r.choice([None, None, r.choice(leaves)]) or stays[-1][2]))
            died = max(born, day_of(r.choice(YEARS), r.randrange(365))) if r.random() < .15 else None
            self.people[code] = {"born": born, "died": died, "stays": stays}
        gone = r.sample(sorted(self.people), 5)
        for code in gone[:4]:
            self.keep[code] = r.choice([p for p in self.people if p not in gone])
        self.keep[gone[4]] = gone[3]  # a merged record's merged record

    def root(self, code):
        while code in self.keep:
            code = self.keep[code]
        return code

    def stay(self, code, day):
        found = None
        for stay in self.people[code]["stays"]:
            if stay[0] <= day:
                found = stay
        return found

    def household(self, code, day):
        return self.stay(code, day)[1]

    def place(self, code, day):
        _, home, own = self.stay(code, day)
        if own:
            return own
        return None if home is None else [p for d, p in self.homes[home] if d <= day][-1]

    def make_lines(self):
        r = self.r
        for i in range(900):
            person = r.choice(sorted(self.people))
            day = day_of(r.choice(YEARS), r.choice([0, 364, r.randrange(365), r.randrange(365)]))
            died, born = self.people[person]["died"], self.people[person]["born"]
            line = {"person": person, "day": day, "reference": f"R{i}", "file": i % 2, "undone": None, "body": r.choice(["hmrc", "nhs", "club", ""]),
                    "place": r.choice([None] * 6 + ["S1", "N", "X"]), "quantity": None, "cost_year": None, "estimated": r.random() < .1}
            kind = r.choice(["paid", "paid", "cash", "service", "given", "employer"])
            if day < born or (died and day > died and kind not in ("paid", "cash")):
                continue
            if kind == "service":
                line["category"] = r.choice(sorted(SERVICES))
                service, line["unit"] = SERVICES[line["category"]]
                line["quantity"] = r.randrange(1, 9000)
                cost, year = latest({**self.pack_costs(), **COSTS}, service, tax_year(day))
                line["cost_year"] = year
                line["estimated"] |= year is not None and year < tax_year(day)
                line["amount"] = half_up(line["quantity"] * cost, 1000) if cost else 0
            elif kind == "given":
                line["category"], line["amount"] = r.choice(GIVEN), r.randrange(1, 700)
            else:
                line["category"] = r.choice({"paid": PAID, "cash": CASH, "employer": EMPLOYER}[kind])
                line["amount"] = r.randrange(1, 200000) * (-1 if r.random() < .08 else 1)
            line["section"] = {"service": "services"}.get(kind, kind)
            self.lines.append(line)

    @staticmethod
    def pack_costs():
        return {}  # the services of this book are its own

    def undo(self, line, on=None):
        """The second line: on the first one's day, or another."""
        assert line["undone"] is None
        second = dict(line, day=on or line["day"], amount=-line["amount"], quantity=-line["quantity"] if line["quantity"] else line["quantity"],
                      undone=None, undoes=line, reference=line["reference"] + "u")
        line["undone"] = second
        self.lines.append(second)

    # ---- what is shown ----

    def visible(self, lines):
        """Lines that count: a line and what undid it, both among these, are left out."""
        ids = {id(l) for l in lines}
        return [l for l in lines if not (l["undone"] is not None and id(l["undone"]) in ids) and not ("undoes" in l and id(l["undoes"]) in ids)]

    def lines_of(self, code, year):
        return [l for l in self.lines if self.root(l["person"]) == code and tax_year(l["day"]) == year]

    def totals(self, lines):
        t = dict.fromkeys(("paid", "employer", "cash", "services", "given"), 0)
        for l in lines:
            t[l["section"]] += l["amount"]
        return t

    def given_value(self, lines, year):
        minutes = defaultdict(int)
        for l in lines:
            if l["section"] == "given":
                minutes[l["category"]] += l["amount"]
        return sum(half_up(m * rate_of(c, year), 60) for c, m in minutes.items() if rate_of(c, year))

    def statement(self, code, year):
        lines = self.lines_of(code, year)
        t = self.totals(lines)
        groups = defaultdict(lambda: [0, 0, 0, False])
        for l in self.visible(lines):
            g = groups[(l["section"], l["category"])]
            g[0] += l["amount"]
            g[1] += 1
            g[2] += l["quantity"] or 0
            g[3] |= l["estimated"]
        order = sorted(groups, key=lambda k: ORDER.index(k[1]))
        section = lambda s: [(c, *groups[(s, c)]) for (x, c) in order if x == s]
        all_years = [y for y in range(1900, year + 1) if any(self.root(l["person"]) == code and tax_year(l["day"]) == y for l in self.lines)]
        by_year = []
        for y in range(min(all_years + [year]), year + 1):
            ty = self.totals(self.lines_of(code, y))
            by_year.append([f"{y}-{(y + 1) % 100:02d}", ty["paid"], ty["cash"] + ty["services"], ty["services"], ty["given"]])
        return {"totals": t, "value": self.given_value(lines, year), "sections": {s: section(s) for s in ("paid", "employer", "cash", "services", "given")},
                "by_year": by_year, "previous": self.lines_of(code, year - 1) != [], "household": self.shared(code, year),
                "life_value": sum(self.given_value(self.lines_of(code, y), y) for y in range(1990, year + 1))}

    def alive(self, code, day):
        p = self.people[code]
        return p["born"] <= day and (p["died"] is None or day <= p["died"])

    def shared(self, code, year):
        rows = {}
        others = [p for p in self.people if p not in self.keep and p != code]
        seen = []
        for other in others:
            seen += [l for l in self.visible(self.lines_of(other, year)) if l["category"] in HOUSEHOLD]
        for l in sorted(seen, key=lambda l: l["day"]):
            day, home = l["day"], self.household(self.root(l["person"]), l["day"])
            if home is None or not self.alive(code, day) or self.household(code, day) != home:
                continue
            people = sum(1 for p in self.people if p not in self.keep and self.alive(p, day) and self.household(p, day) == home)
            row = rows.setdefault(l["category"], [0, 0])
            row[0] += l["amount"]
            row[1] = people
        return [(c, *rows[c]) for c in sorted(rows, key=ORDER.index)]

    # ---- a place ----

    def line_place(self, l):
        return l["place"] or self.place(self.root(l["person"]), l["day"])

    def in_place(self, l, code):
        return code == "L" or within(self.line_place(l), code)

    def residents(self, code, year):
        count = 0
        for p in self.people:
            if p in self.keep:
                continue
            days = [day_of(year, n) for n in range(366) if tax_year(day_of(year, n)) == year]
            days = [d for d in days if self.alive(p, d)]
            places = {self.place(p, d) for d in days}
            known = places - {None}
            if any(within(x, code) for x in known) or (code == "L" and days and not known):
                count += 1
        return count

    def account(self, code, year):
        rows = {}
        value = 0
        for p in [p for p in self.people if p not in self.keep]:
            lines = [l for l in self.lines_of(p, year) if self.in_place(l, code)]
            value += self.given_value(lines, year)
            mine = self.visible(lines)
            for l in lines:
                row = rows.setdefault(l["category"], dict.fromkeys(("paid", "employer", "cash", "services", "given"), 0) | {"who": set()})
                row[l["section"]] += l["amount"]
                if any(l is m for m in mine):
                    row["who"].add(p)
        out = [(c, x["paid"], x["cash"], x["services"], x["given"], x["employer"], len(x["who"])) for c, x in sorted(rows.items(), key=lambda i: ORDER.index(i[0]))]
        return [x for x in out if any(x[1:])], value


class Run:
    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def weal(self, *arguments):
        ran = subprocess.run([WEAL, "--store", self.url, "--quiet", *arguments], capture_output=True, text=True, cwd=self.folder)
        if ran.returncode:
            raise AssertionError(f"weal {' '.join(arguments)}: exit {ran.returncode}: {ran.stderr}")
        return ran.stdout

    def write(self, name, header, rows):
        with open(os.path.join(self.folder, name), "w", newline="", encoding="utf-8") as f:
            csv.writer(f).writerows([header] + rows)
        return name

    def take(self, kind, name, header, rows):
        if rows:
            self.weal("import", kind, self.write(name, header, rows))


def fill(run, book):
    """Everything but the undoing goes in by files; the lines' order is not the days'."""
    first = lambda d: "" if d == dt.date.min else d.isoformat()
    run.weal("init", "--place", "L,The Locality")
    run.take("places", "places.csv", ["code", "name", "kind", "parent"],
             [[c, f"Place {c}", {"E": "nation", "L": "locality", "X": "locality"}.get(c, "neighbourhood"), p or ""] for c, p in PLACES.items()])
    run.take("bodies", "bodies.csv", ["id", "name", "kind"], [["nhs", "Health", "provider"], ["club", "Club", "charity"], ["hmrc", "Revenue", "department"]])
    run.take("services", "services.csv", ["code", "name", "category", "unit"], [[s, c, c, u] for c, (s, u) in SERVICES.items()])
    run.take("unit-costs", "costs.csv", ["service", "year", "cost", "source"], [[s, f"{y}-{(y + 1) % 100:02d}", money(c), "made up"] for (s, y), c in COSTS.items()])
    run.take("rates", "rates.csv", ["what", "year", "rate", "source"], [[w, f"{y}-{(y + 1) % 100:02d}", money(c), "made up"] for (w, y), c in RATES.items()])
    for n in range(2):
        rows = [[h, s[n][1], first(s[n][0])] for h, s in book.homes.items() if len(s) > n]
        run.take("households", f"households{n}.csv", ["id", "place", "from"], rows)
    for n in range(max(len(p["stays"]) for p in book.people.values())):
        rows = []
        for code, p in book.people.items():
            if len(p["stays"]) > n:
                when, home, own = p["stays"][n]
                rows.append([code, f"Person {code}", p["born"].isoformat(), p["died"].isoformat() if p["died"] else "", home or "", own or "", first(when)])
        run.take("people", f"people{n}.csv", ["id", "name", "born", "died", "household", "place", "from"], rows)
    for file in range(2):
        rows = []
        for l in book.lines:
            if l["file"] != file:
                continue
            amount = "" if l["section"] in ("services", "given") else money(l["amount"])
            quantity = l["amount"] if l["section"] == "given" else "" if l["quantity"] is None else f"{l['quantity'] / 1000:.3f}"
            unit = "minutes" if l["section"] == "given" else l.get("unit", "")
            service = SERVICES[l["category"]][0] if l["section"] == "services" else ""
            # `estimated` is of what was typed; that a cost is of an earlier year is the book's own to say
            rows.append([l["day"].isoformat(), l["person"], l["category"], amount, quantity, unit, service, l["body"], l["place"] or "", l["reference"], "yes" if l["estimated"] else ""])
        book.r.shuffle(rows)
        run.take("entries", f"entries{file}.csv", ["date", "person", "category", "amount", "quantity", "unit", "service", "body", "place", "reference", "estimated"], rows)
    for gone, keep in book.keep.items():
        run.weal("merge", keep, gone, "--reason", "one person")


def undo_some(run, book):
    """Lines one by one, some on another day; then one whole entry."""
    numbers = {}
    for code in book.people:
        if code in book.keep:
            continue
        account = json.loads(run.weal("account", code, "--format", "json"))
        for unit in ("money", "time"):
            for row in account[unit]["lines"]:
                numbers[row["reference"]] = row["line"]
    lines = [l for l in book.lines if "undoes" not in l]
    assert len(numbers) == len(lines), (len(numbers), len(lines))
    for l in book.r.sample(lines, 25):
        on = day_of(book.r.choice(YEARS), book.r.randrange(365)) if book.r.random() < .5 else None
        run.weal("reverse", numbers[l["reference"]], "--reason", "wrong", *(["--on", on.isoformat()] if on else []))
        book.undo(l, on)
    entry = numbers[book.r.choice(lines)["reference"]].split(":")[0]
    left = [l for l in lines if numbers[l["reference"]].split(":")[0] == entry and l["undone"] is None]
    if left:
        run.weal("reverse", entry, "--reason", "all wrong")
        for l in left:
            book.undo(l)


def same(what, got, want):
    if got != want:
        raise AssertionError(f"{what}:\n  shown    {got}\n  reckoned {want}")


def check_statement(book, code, year, s):
    want = book.statement(code, year)
    same("totals", {"paid": s["paid"]["total"], "employer": s["employer"]["total"], "cash": s["received"]["cash"]["total"], "services": s["received"]["services"]["total"], "given": s["given"]["minutes"]}, want["totals"])
    same("received", s["received"]["total"], want["totals"]["cash"] + want["totals"]["services"])
    same("value", s["given"]["value"], want["value"])
    for name, lines in (("paid", s["paid"]["lines"]), ("employer", s["employer"]["lines"]), ("cash", s["received"]["cash"]["lines"])):
        same(name, [(l["category"], l["amount"], l["entries"], 0, l["estimated"]) for l in lines], want["sections"][name])
    same("services", [(l["category"], l["amount"], l["entries"], round(float(l["quantity"]) * 1000), l["estimated"]) for l in s["received"]["services"]["lines"]], want["sections"]["services"])
    same("given", [(l["category"], l["minutes"], l["entries"]) for l in s["given"]["lines"]], [g[:3] for g in want["sections"]["given"]])
    same("by year", [[y["year"], y["paid"], y["received"], y["services"], y["given_minutes"]] for y in s["life"]["by_year"]], want["by_year"])
    same("life's value", s["life"]["given_value"], want["life_value"])
    same("previous", s["previous"] is not None, want["previous"])
    same("household", [(h["category"], h["amount"], h["share_of"]) for h in s["household"]], want["household"])
    base = sum(l["amount"] for l in book.lines_of(code, year) if l["category"] in ("income-tax", "national-insurance"))
    w = s["where_it_went"]
    same("base", w["base"]["amount"], base)
    same("shares", [l["amount"] for l in w["lines"]], [half_up(base * round(float(l["share"]) * 100), 10000) for l in w["lines"]])
    same("remainder", w["remainder"], base - sum(l["amount"] for l in w["lines"]))


def check_place(run, book, code, year):
    p = json.loads(run.weal("place", code, "--year", f"{year}-{(year + 1) % 100:02d}", "--format", "json"))
    rows, value = book.account(code, year)
    same(f"{code} by category", [(b["key"], b["paid"], b["received"], b["services"], b["given_minutes"], b["employer"], b["people"]) for b in p["by"]], rows)
    same(f"{code} people", p["people"], book.residents(code, year))
    same(f"{code} given value", p["total"]["given_value"], value)
    for key in ("paid", "received", "services", "given_minutes"):
        same(f"{code} {key}", sum(b[key] for b in p["by"]), p["total"][key])
        if p["places"]:
            same(f"{code} parts' {key}", sum(b[key] for b in p["places"]), p["total"][key])
    for by in ("cofog", "purpose", "domain", "side", "body"):
        q = json.loads(run.weal("place", code, "--year", f"{year}-{(year + 1) % 100:02d}", "--by", by, "--format", "json"))
        for key in ("paid", "received", "services", "given_minutes"):
            same(f"{code} by {by}, {key}", sum(b[key] for b in q["by"]), p["total"][key])
    return p


def check(run, book):
    fill(run, book)
    undo_some(run, book)
    for year in YEARS:
        text = f"{year}-{(year + 1) % 100:02d}"
        run.weal("statements", "--year", text, "--format", "json", "--out", f"out{year}", "--jobs", str(book.r.choice((1, 2, 3))))
        statements = [json.loads(l) for l in open(os.path.join(run.folder, f"out{year}", "statements.jsonl"), encoding="utf-8")]
        same("who has a statement", [s["person"]["id"] for s in statements], sorted(p for p in book.people if p not in book.keep))
        for s in statements:
            try:
                check_statement(book, s["person"]["id"], year, s)
            except AssertionError as wrong:
                raise AssertionError(f"{s['person']['id']} {text}: {wrong}") from None
        for s in book.r.sample(statements, 4):
            same("one and all", json.loads(run.weal("statement", s["person"]["id"], "--year", text, "--format", "json")), s)
        own = [check_place(run, book, code, year) for code in PLACES][list(PLACES).index("L")]
        for key, of in (("paid", lambda s: s["paid"]["total"]), ("received", lambda s: s["received"]["cash"]["total"]), ("services", lambda s: s["received"]["services"]["total"]),
                        ("given_minutes", lambda s: s["given"]["minutes"]), ("given_value", lambda s: s["given"]["value"]), ("employer", lambda s: s["employer"]["total"])):
            same(f"statements summed, {key}", sum(of(s) for s in statements), own["total"][key])
    run.weal("audit")


def one(engine, seed):
    folder = tempfile.mkdtemp(prefix="weal-property-")
    name = f"weal_property_{os.getpid()}_{seed}"
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
    rounds = int(os.environ.get("PROPERTY_ROUNDS", "2"))
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10**6)))
    engines = ["sqlite"] + (["postgresql"] if SERVER else [])
    results = [one(engine, seed + n) for n in range(rounds) for engine in engines]
    print(f"statements and places, from seed {seed}: {rounds} random books on {' and '.join(engines)}")
    skipped = 0 if SERVER else rounds
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
