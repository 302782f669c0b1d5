#!/usr/bin/env python3
"""Random histories of a book, compared with the reference in lib/reckon.py. A history has people and households in any order, births and deaths
reported late, moves on the first and last day of a year; imports files of entries of every form (plain, packed, JSON Lines, several in a call, with rows that are refused), spending and budgets; undoes lines, entries and files, some on another day, and imports some again; merges and separates records; changes unit costs and rates. Then every key of every statement, place's account,
person's account, balance and export is compared, and the sums that must agree. `PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes more books
(1 when unset), on each engine there is; `PROPERTY_ENGINE=sqlite` only on one; `PROPERTY_WHOLE=1` asks each place by each column, not by a drawn one."""
import collections, csv, datetime as dt, gzip, json, os, random, re, shutil, subprocess, sys, tempfile, traceback, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from reckon import (CATEGORIES, SHARES, SHOWN, DAY, ROOT, Book, Budget, Line, Payment, Person, financial_year_of, money_text, pence, shown, standing, tell_stay, year_first, year_last, year_of, year_text)  # noqa: E402

WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
FOUND = [331135]  # books that once differed: time of erased people whose sums are in several accounts
WHOLE = os.environ.get("PROPERTY_WHOLE") == "1"
YEARS = (2023, 2024, 2025)
STEPS = 22
HUGE = 10**13  # pence: the most that a line may hold
PLACES = {"E": ("nation", ""), "C": ("county", "E"), "L": ("locality", "C"), "N": ("neighbourhood", "L"), "S": ("neighbourhood", "L"), "S1": ("neighbourhood", "S"),
          "S2": ("neighbourhood", "S"), "X": ("locality", "C"), "F": ("nation", ""), "Z": ("locality", "F")}
LEAVES = ["L", "N", "N", "S", "S1", "S2", "X", "Z"]
BODIES = {"nhs": ("provider", "N"), "club": ("charity", ""), "council": ("council", "L"), "far": ("council", "X"), "hmrc": ("department", "")}
SERVICES = {"ux-visit": ("home-care", "hour"), "ux-bare": ("home-care", ""), "ux-home": ("social-housing", "week"), "ux-gp": ("gp-consultation", "consultation")}
MONEY = ["income-tax", "national-insurance", "council-tax", "vat", "employer-national-insurance", "child-benefit", "state-pension", "housing-benefit"]
GIVEN = ["volunteering", "unpaid-care", "peer-support"]
BYS = ("category", "cofog", "purpose", "domain", "side", "body")


class Run:
    """One store, and the program run on it."""

    def __init__(self, url, folder):
        self.url, self.folder, self.files = url, folder, 0

    def run(self, *arguments):
        return subprocess.run([WEAL, "--store", self.url, *arguments], capture_output=True, text=True, cwd=self.folder)

    def weal(self, *arguments):
        ran = self.run(*arguments)
        if ran.returncode:
            raise AssertionError(f"weal {' '.join(arguments)}: exit {ran.returncode}: {ran.stderr}{ran.stdout[:500]}")
        return ran.stdout

    def json(self, *arguments):
        return json.loads(self.weal(*arguments, "--format", "json"))

    def write(self, kind, rows, form="csv"):
        """A file of the rows (dictionaries), in one of the forms that are taken."""
        self.files += 1
        name = f"{kind}-{self.files}.{form}"
        if "json" in form:
            text = "".join(json.dumps({k: v for k, v in row.items() if v is not None}) + "\n" for row in rows)
        else:
            keys = list(dict.fromkeys(k for row in rows for k in row))
            lines = [keys] + [["" if row.get(k) is None else row[k] for k in keys] for row in rows]
            text = "\n".join(",".join('"' + c.replace('"', '""') + '"' if any(x in c for x in ',"\n') else c for c in line) for line in lines) + "\n"
        path = os.path.join(self.folder, name)
        with (gzip.open if form.endswith("gz") else open)(path, "wb") as f:
            f.write(text.encode())
        return name

    def take(self, kind, rows, form="csv", *more):
        return json.loads(self.weal("import", kind, self.write(kind, rows, form), "--quiet", "--format", "json", *more))


class History:
    """Draws the events, and gives them to the program and to the reference."""

    def __init__(self, run, seed):
        self.run, self.r, self.book = run, random.Random(seed), Book("L")
        self.count = 0
        self.imports = {}   # import id: its lines
        self.texts = {}     # import id: the name of its file
        self.partial = set()  # import ids of files of which a row was refused

    # ---- drawing ----

    def day(self, first=YEARS[0], last=YEARS[-1]):
        r, year = self.r, self.r.randint(first, last)
        return r.choice([year_first(year), year_last(year), dt.date(year + 1, 3, 31), dt.date(year + 1, 4, 1), year_first(year) + r.randrange(365) * DAY, year_first(year) + r.randrange(365) * DAY])

    def amount(self):
        r = self.r
        kind = r.random()
        if kind < .05:
            return 0
        if kind < .08:
            return r.choice([-1, 1]) * r.randrange(HUGE // 2, HUGE + 1)
        return r.randrange(1, 200000) * (-1 if r.random() < .1 else 1)

    # ---- the beginning ----

    def begin(self):
        run, book = self.run, self.book
        pack = os.path.join(run.folder, "pack")
        shutil.copytree(os.path.join(ROOT, "policy/uk"), pack)
        for name, rows in SHARES.items():
            with open(os.path.join(pack, name + ".csv"), "a", encoding="utf-8") as f:
                f.write(rows)
        run.weal("init", "--place", "L,Place L", "--policy", pack, "--quiet")
        run.take("places", [{"code": c, "name": f"Place {c}", "kind": k, "parent": p} for c, (k, p) in PLACES.items()])
        book.places = {c: {"name": f"Place {c}", "parent": p or None} for c, (_, p) in PLACES.items()}
        run.take("bodies", [{"id": b, "name": f"Body {b}", "kind": k, "place": p} for b, (k, p) in BODIES.items()])
        book.bodies = {b: {"name": f"Body {b}", "place": p or None} for b, (_, p) in BODIES.items()}
        run.take("services", [{"code": s, "name": f"Service {s}", "category": c, "unit": u} for s, (c, u) in SERVICES.items()])
        book.services.update({s: {"name": f"Service {s}", "category": c, "unit": u} for s, (c, u) in SERVICES.items()})
        self.tell_households(range(self.r.choice([8, 20])))
        self.tell_people(range(24), late=False)

    def tell_households(self, numbers):
        rows = []
        for n in numbers:
            code, place, since = f"H{n:02d}", self.r.choice(LEAVES + [None]), None
            if code in self.book.households and self.r.random() < .7:
                since = self.day()
            rows.append({"id": code, "place": place or "", "from": since.isoformat() if since else ""})
            tell_stay(self.book.households.setdefault(code, []), since, place=place)
        self.run.take("households", rows, self.r.choice(["csv", "jsonl", "csv.gz"]))

    def tell_people(self, numbers, late=True):
        r, rows = self.r, []
        for n in numbers:
            code = f"P{n:03d}"
            known = self.book.people.get(code)
            born = self.told_birth(code, known) if known else r.choice([dt.date(1930, 1, 1) + r.randrange(30000) * DAY, self.day(), dt.date(1970, 1, 1)])
            person = known or Person(f"Person {n}", born)
            since = self.day() if known and r.random() < .7 else None
            household, place = r.choice([None] + sorted(self.book.households) * 3), r.choice(LEAVES) if r.random() < .2 else None
            died = person.died
            if r.random() < (.2 if known else .1):
                died = self.told_death(code, person, born)
            rows.append({"id": code, "name": person.name, "born": born.isoformat(), "died": died.isoformat() if died else "", "household": household or "", "place": place or "",
                         "from": since.isoformat() if since else ""})
            person.born, person.died = born, died
            tell_stay(person.stays, since, household=household, place=place)
            self.book.people[code] = person
        self.run.take("people", sorted(rows, key=lambda row: row["id"]), r.choice(["csv", "jsonl", "csv.gz"]))

    def told_birth(self, code, person):
        """A day of birth is corrected, now and then; no line falls out of the life by it."""
        if self.r.random() < .85:
            return person.born
        return min([l.day for l in self.book.lines if l.person == code] + [person.died or self.day(), self.day()])

    def told_death(self, code, person, born):
        """A death is reported late, or taken back; services and time of the person remain within their life."""
        last = max([l.day for l in self.book.lines if l.person == code and l.section in ("services", "given")] + [person.born, born])
        died = max(last, self.day())
        return self.r.choice([None, died, died])

    # ---- entries ----

    def draw_row(self, people):
        r, code, day = self.r, self.r.choice(people), self.day()
        person = self.book.people[self.book.root(code)]  # the kept record's life
        kind = r.choice(["money"] * 8 + ["service"] * 4 + ["given"] * 4 + ["shares"])
        if day < person.born or (person.died and day > person.died and kind not in ("money", "shares")):
            return None
        self.count += 1
        line = Line(code, day, "", 0, None, body=r.choice(["hmrc", "nhs", "council", "club", "far", None]), place=r.choice([None] * 6 + ["S1", "N", "X", "E", "Z"]),
                    estimated=r.random() < .1, reference=f"R{self.count}", note=r.choice([None, None, "a, \"note\"", "x"]))
        row = {"date": day.isoformat(), "person": code, "category": "", "amount": None, "quantity": None, "unit": None, "service": None, "body": line.body, "place": line.place,
               "reference": line.reference, "note": line.note, "estimated": "yes" if line.estimated else None}
        if kind == "money":
            line.category, amount = r.choice([m for m in MONEY if m != "vat" or not line.estimated]), self.amount()
            row["amount"] = money_text(amount)
            line.amount = -amount if CATEGORIES[line.category]["side"] == "contribution" else amount
        elif kind == "shares":
            line.category, held = r.choice(["ux-shares", "ux-shares", "ux-back"]), r.choice([0, 1, 1000, r.randrange(1, 10**6)])
            line.amount = -held if line.category == "ux-back" else held
            row["quantity"], row["unit"] = f"{held // 1000}.{held % 1000:03d}", "shares"
        elif kind == "given":
            line.category, line.amount = r.choice(GIVEN), -r.choice([0, 1, 59, r.randrange(1, 700)])
            row["quantity"], row["unit"] = str(-line.amount), "minutes"
        else:
            line.service = r.choice(sorted(SERVICES))
            line.category, unit = SERVICES[line.service]
            line.quantity = r.choice([0, 1, 500, 1000, r.randrange(1, 9000)])
            line.amount, line.cost_year, stale = self.book.value_service(line.service, line.quantity, day)
            line.estimated |= stale
            row["quantity"], row["unit"], row["service"] = f"{line.quantity // 1000}.{line.quantity % 1000:03d}", unit or None, line.service
        row["category"] = line.category
        return row, line

    def before_birth(self):
        """The day before the birth of the survivor of a record."""
        code = self.r.choice(sorted(self.book.keep) or sorted(self.book.people))
        return {"person": code, "date": (self.book.people[self.book.root(code)].born - DAY).isoformat()}

    def take_entries(self):
        r = self.r
        people = sorted(self.book.people)
        files, bad = [], r.random() < .3
        for _ in range(r.choice([1, 1, 2, 3])):
            drawn = [d for d in (self.draw_row(people) for _ in range(r.randrange(5, 45))) if d]
            if not drawn:
                continue
            rows = [row for row, _ in drawn]
            if bad:  # refused, in any position
                rows = rows + [dict(rows[0], reference=f"B{self.count}", **r.choice([{"person": "nobody"}, self.before_birth()]))]
                r.shuffle(rows)
            files.append((self.run.write("entries", rows, r.choice(["csv", "csv", "jsonl", "csv.gz", "jsonl.gz"])), [line for _, line in drawn]))
        if not files:
            return
        out = self.run.weal("import", "entries", *[name for name, _ in files], "--quiet", "--format", "json", "--unusual", *(["--partial"] if bad else []))
        for (name, lines), told in zip(files, map(json.loads, out.splitlines())):
            same("posted and rejected", (told["posted"], told["rejected"]), (len(lines), int(bad)))
            for line in lines:
                line.file = told["import"]
            self.partial |= {told["import"]} if bad else set()
            self.book.lines += lines
            self.imports[told["import"]], self.texts[told["import"]] = lines, name

    def erase_some(self):
        for code in self.r.sample(self.book.citizens(), 3):
            self.run.weal("erase", self.r.choice(self.book.records(code)), "--reason", "asked", "--quiet")
            self.book.erase(code)

    # ---- undoing ----

    def numbers(self, code):
        """reference: entry:line, of a person's lines."""
        account = self.run.json("account", code)
        return {l["reference"]: l["line"] for unit in [account["money"], account["time"], *account.get("holdings", {}).values()] for l in unit["lines"] if l["reference"]}

    def undo(self, target, lines, on):
        """`lines` are those that are left to undo. Nothing is undone before a birth, but on the line's own day."""
        on = self.day() if on else None
        before_birth = on and any(on < self.book.people[self.book.root(l.person)].born and on != l.day for l in lines if isinstance(l, Line))
        ran = self.run.run("reverse", target, "--reason", "wrong", "--format", "json", *(["--on", on.isoformat()] if on else []))
        if before_birth:
            if ran.returncode != 1 or "was born" not in ran.stderr:
                raise AssertionError(f"reverse {target} --on {on} lies before a birth and gave {ran.returncode}: {ran.stderr}")
            return None
        same(f"reverse {target} {ran.stderr}", ran.returncode, 0)
        same(f"reverse {target}", json.loads(ran.stdout)["lines"], len(lines))
        self.count += 1
        return [l.undo(on or l.day, ("undo", self.count)) for l in lines]

    def undo_some(self):
        r = self.r
        able = [l for l in self.book.lines if not l.undone and not l.undoes and l.person]
        if not able:
            return
        line = r.choice(able)
        kind, on = r.choice(["line"] * 4 + ["entry", "file"]), r.random() < .5
        if kind == "file":
            lines, target = self.imports[line.file], f"import:{line.file}"
        else:
            number = self.numbers(line.person)[line.reference]
            lines, target = ([line], number) if kind == "line" else ([l for l in self.imports[line.file] if l.day == line.day], number.split(":")[0])
        left = [l for l in lines if not l.undone]
        if on and any(l.undone for l in lines):
            on = False  # the day of lines undone before is checked too, so such lines are not drawn
        done = self.undo(target, left, on)
        self.book.lines += done or []
        if done and kind == "file" and line.file not in self.partial and r.random() < .5:
            self.take_again(line.file)

    def take_again(self, file):
        """The same bytes once more: valued anew, otherwise the same rows."""
        again = []
        for l in self.imports[file]:
            new = Line(l.person, l.day, l.category, l.amount, None, l.body, l.place, l.quantity, l.service, l.cost_year, l.estimated, l.reference + "", l.note)
            person = self.book.people[self.book.root(l.person)]
            if l.day < person.born or (person.died and l.day > person.died and l.section in ("services", "given")):
                return
            again.append(new)
        if any(l.service for l in again):
            return  # a cost may have changed since; the reference does not know which rows were marked as estimated
        ran = self.run.run("import", "entries", "--again", f"import:{file}", self.texts[file], "--quiet", "--format", "json", "--unusual")
        same(f"--again import:{file} {ran.stderr}", ran.returncode, 0)
        number = json.loads(ran.stdout.splitlines()[-1])["import"]
        for l in again:
            l.file = number
        self.book.lines += again
        self.imports[number], self.texts[number] = again, self.texts[file]

    # ---- payments and budgets ----

    def spend(self):
        r, rows, payments = self.r, [], []
        for _ in range(r.randrange(1, 12)):
            p = Payment(self.day(), r.choice(sorted(BODIES)), r.choice(["Acme Ltd", "Beta CIC", "Cee & Co"]), self.amount() or 1, r.choice(["", "supplier-payment", "home-care", "gp-consultation"]) or "supplier-payment",
                        r.choice([None, None, "S1", "X", "E"]), None)
            rows.append({"date": p.day.isoformat(), "body": p.payer, "supplier": p.supplier, "amount": money_text(p.amount), "category": p.category, "place": p.place})
            payments.append(p)
        told = self.run.take("spend", rows, r.choice(["csv", "csv.gz"]), "--unusual")
        same("spend", (told["posted"], told["amount"]), (len(rows), sum(p.amount for p in payments)))
        for p in payments:
            p.file = told["import"]
        self.book.payments += payments
        if r.random() < .3:
            self.book.payments += self.undo(f"import:{told['import']}", payments, r.random() < .5) or []

    def budget(self):
        r = self.r
        self.count += 1
        budgets = [Budget(dt.date(r.choice(YEARS), 4, 1), r.choice(sorted(BODIES)), f"stream {r.randrange(4)}", r.choice(["home-care", "gp-consultation"]), r.randrange(1, 10**9),
                          r.choice(["", "a, condition", "another", "a"]), None) for i in range(r.randrange(1, 6))]
        rows = [{"year": year_text(b.year), "body": b.body, "stream": b.stream, "category": b.category, "amount": money_text(b.amount), "conditions": b.conditions} for b in budgets]
        told = self.run.take("budget", rows, "csv", "--unusual")
        self.book.budgets += budgets
        if r.random() < .4:
            self.book.budgets += self.undo(f"import:{told['import']}", budgets, r.random() < .5) or []

    # ---- merges, costs ----

    def merge(self):
        book, r = self.book, self.r
        if book.keep and r.random() < .4:
            gone = r.choice(sorted(book.keep))
            self.run.weal("merge", "--undo", book.keep[gone], gone, "--quiet")
            del book.keep[gone]
            return
        gone, keep = r.sample(sorted(book.people), 2)
        if gone in book.keep or book.root(keep) == gone:
            return
        self.run.weal("merge", keep, gone, "--reason", "one person", "--quiet")
        book.keep[gone] = keep

    def change_costs(self):
        r, book = self.r, self.book
        service, year, cost = r.choice(["ux-visit", "ux-gp", "ux-bare"]), r.randint(2022, 2025), r.randrange(1, 90000)
        estimated = r.random() < .3
        self.run.take("unit-costs", [{"service": service, "year": year_text(year), "cost": money_text(cost), "source": "made up", "estimated": "yes" if estimated else ""}])
        book.costs[(service, year)] = (cost, "made up", estimated)
        what, year, rate = r.choice(GIVEN), r.randint(2022, 2025), r.randrange(1, 3000)
        self.run.take("rates", [{"what": what, "year": year_text(year), "rate": money_text(rate), "source": "made up"}])
        book.rates[(what, year)] = (rate, "made up")

    # ---- the whole ----

    def happen(self):
        self.begin()
        self.change_costs()
        self.take_entries()
        steps = [self.take_entries] * 4 + [self.undo_some] * 6 + [self.merge] * 3 + [self.spend] * 2 + [self.budget, self.change_costs]
        for _ in range(STEPS):
            step = self.r.choice(steps + [lambda: self.tell_people(self.r.sample(range(30), 4))] * 3 + [lambda: self.tell_households(self.r.sample(range(10), 2))] * 2)
            step()


# ---- comparing ----

def same(what, got, want):
    if got == want:
        return
    if isinstance(got, dict) and isinstance(want, dict):
        for key in dict.fromkeys([*want, *got]):
            same(f"{what} {key}", got.get(key, "(absent)"), want.get(key, "(absent)"))
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        for i, (a, b) in enumerate(zip(got, want)):
            same(f"{what} [{i}]", a, b)
    raise AssertionError(f"{what}:\n  shown    {got}\n  reckoned {want}")


def thousandths(text):
    if text is None:
        return None
    whole, _, part = text.lstrip("-").partition(".")
    return (-1 if text.startswith("-") else 1) * (int(whole) * 1000 + int((part + "000")[:3]))


def count_in(notes, pattern):
    found = [n for n in notes if pattern in n]
    return int(found[0].split()[0].replace(",", "")) if found else 0


def check_statement(s, want, life):
    s, want = dict(s), dict(want)
    notes, counts = s.pop("notes"), want.pop("counts")
    for lines in [s["received"]["services"]["lines"]] + ([s["life"]["categories"]] if life else []):
        for l in lines:
            l["quantity"] = thousandths(l["quantity"])
    for l in s["where_it_went"]["lines"]:
        l["share"] = float(l["share"])
    for h in s["household"]:
        h.pop("note")
    s["sources"] = sorted(((x["what"], x["value"], x["estimated"]) for x in s["sources"]), key=str)
    s.pop("keeper", None)  # not reckoned here
    if s["in_prices"]:
        s["in_prices"]["table"].pop("method")
    same("statement", s, want)
    same("notes", {"corrections": count_in(notes, " in these figures"), "estimated": count_in(notes, "of this year "), "gone": count_in(notes, "found to be of the same person"),
                   "nothing": "Nothing was recorded for this year." in notes}, counts)


def without_what_erasure_loses(page):
    """Erasing lines also removes which were estimated or undone."""
    page["by"] = [{k: v for k, v in row.items() if k != "estimated"} for row in page["by"]]
    page.pop("left_out"), page.pop("not_valued")


def check_place(run, book, place, year, by, erased):
    p = run.json("place", place, "--year", year_text(year), "--by", by)
    want = book.account(place, year, by)
    notes, counts, costs = p.pop("notes"), want.pop("counts"), want.pop("costs")
    sources = sorted(((x["what"], x["value"], x["estimated"]) for x in p.pop("sources") if x["what"].startswith("What one costs")), key=str)
    for area in p["left_out"] or []:
        area["share"] = float(area["share"])
    if erased:
        without_what_erasure_loses(p), without_what_erasure_loses(want)
    else:
        same("sources of unit costs", sources, costs)
    p.pop("keeper", None)  # not reckoned here
    if p["in_prices"]:
        p["in_prices"]["table"].pop("method")
    for row in p["by"] + p["places"] + p["spend"]["lines"]:
        row.pop("name")
    for b in p["budget"]:
        b.pop("name"), b.pop("body_name")
    p["budget"] = sorted(p["budget"], key=str)
    if by == "body":  # in order of registration: not the reference's
        for rows in (p["by"], want["by"], p["spend"]["lines"], want["spend"]["lines"]):
            rows.sort(key=lambda row: row["key"])
    else:
        want["by"].sort(key=lambda row: book.key_rank(by, row["key"]))
        want["spend"]["lines"].sort(key=lambda row: book.key_rank(by, row["key"]))
    same(f"place {place} {year_text(year)} by {by}", p, want)
    if not erased:
        same(f"place {place} notes", {"elsewhere": count_in(notes, "although"), "unvalued": count_in(notes, "counted but not valued")}, counts)
    return p


def check_sums(statements, page, erased):
    if erased or None in [s["received"]["total"] for s in statements] or None in page["total"].values():
        return
    for key, of in (("paid", lambda s: s["paid"]["total"]), ("employer", lambda s: s["employer"]["total"]), ("received", lambda s: s["received"]["cash"]["total"]),
                    ("services", lambda s: s["received"]["services"]["total"]), ("given_minutes", lambda s: s["given"]["minutes"]), ("given_value", lambda s: s["given"]["value"])):
        same(f"statements summed, {key}", sum(of(s) for s in statements), page["total"][key])
    for rows in (page["by"], page["places"]):
        for key in ("paid", "received", "services", "given_minutes", "employer"):
            same(f"rows summed, {key}", sum(row[key] for row in rows), page["total"][key])


def check_part(run, book, code, lines, first, last):
    """The account of some days: the balances before and after them, and the lines between."""
    account = run.json("account", code, "--from", first.isoformat(), "--to", last.isoformat())
    for key, unit in (("money", "pence"), ("time", "minutes")):
        mine = [l for l in lines if l.unit == unit]
        part = [l for l in mine if first <= l.day <= last]
        got = account[key]
        same(f"account {code} {key} from {first} to {last}", (got["opening"], got["closing"], sorted(l["date"] for l in got["lines"])),
             (sum(l.amount for l in mine if l.day < first), sum(l.amount for l in mine if l.day <= last), sorted(l.day.isoformat() for l in part)))


def check_life(run, book, code, lines):
    counted = [l for l in lines if l.section in SHOWN]
    if not counted:
        return
    last = max(year_of(l.day) for l in counted)
    life, want = run.json("account", code, "--life"), book.life(book.root(code), last, False)
    same(f"life of {code}", {k: life[k] for k in ("paid", "received", "given_minutes", "given_value")}, {k: want[k] for k in ("paid", "received", "given_minutes", "given_value")})
    lines_of = {y: book.lines_of(book.root(code), y) for y in range(min(year_of(l.day) for l in counted), last + 1)}
    totals = {y: book.totals(ls) for y, ls in lines_of.items()}
    same(f"life of {code}, by year", [(y["year"], y["paid"], y["employer"], y["cash"], y["services"], y["given_minutes"], y["entries"]) for y in life["by_year"]],
         [(year_text(y), t["paid"], t["employer"], t["cash"], t["services"], t["given"], len(standing(lines_of[y]))) for y, t in sorted(totals.items(), reverse=True)])


def check_account(run, book, code, r):
    account = run.json("account", code)
    lines = [l for l in book.lines if l.person and book.root(l.person) == book.root(code)]
    day = r.choice([year_first(r.choice(YEARS)), *(l.day for l in lines)])
    check_part(run, book, code, lines, day, r.choice([day, day + 200 * DAY, year_last(year_of(day))]))
    account["held"] = account.get("holdings", {}).get("shares", {"opening": 0, "closing": 0, "lines": []})
    check_life(run, book, code, lines)
    for unit, mine in (("money", [l for l in lines if l.unit == "pence"]), ("time", [l for l in lines if l.unit == "minutes"]), ("held", [l for l in lines if l.unit == "shares"])):
        got, balance = account[unit], 0
        same(f"account {code} {unit}: opening and closing", (got["opening"], got["closing"]), (0, sum(l.amount for l in mine)))
        for l in got["lines"]:
            balance += l["minutes" if unit == "time" else "amount"]
            same(f"account {code} balance at {l['line']}", l["balance"], balance)
        same(f"account {code} days", [l["date"] for l in got["lines"]], sorted(l["date"] for l in got["lines"]))
        same(f"account {code} {unit}", sorted(([l["date"], l["category"], l["minutes" if unit == "time" else "amount"], thousandths(l["quantity"]), l["service"], l["body"], l["place"], l["reference"], l["note"],
                                               l["estimated"], l["reverses"] is not None] for l in got["lines"]), key=str),
             sorted(([l.day.isoformat(), l.category, l.amount, l.quantity, l.service, l.body, l.place, l.reference, l.note, l.estimated, l.undoes is not None] for l in mine), key=str))


# ---- one story: the account, the statement, the life and the place say the same, in the same words ----

SECTIONS = (("Paid", "paid"), ("Benefits, pensions and grants", "cash"), ("Services used", "services"), ("Time for others", "given_minutes"), ("Paid by employers", "employer"))
# where the page names the person: it is for somebody else, or they have died
THEIRS = tuple(("Time they gave" if key == "given_minutes" else words, key) for words, key in SECTIONS)


def written(key, n):
    """As people read it."""
    if n is None:
        return "cannot be shown"
    sign, n = "\u2212" if n < 0 else "", abs(n)
    if key != "given_minutes":
        return f"{sign}£{n // 100:,}.{n % 100:02d}"
    hours, rest = divmod(n, 60)
    of = lambda count, what: f"{count:,} {what}" + ("" if count == 1 else "s")
    return sign + " ".join(([of(hours, "hour")] if hours else []) + ([of(rest, "minute")] if rest or not hours else []))


def sums_read(text):
    """The rows under `Sums of YEAR` of an account, as (words, figure)."""
    rows = text.split("\n\n")
    at = next(i for i, block in enumerate(rows) if block.startswith("Sums of "))
    return [tuple(x.strip() for x in line.rsplit("  ", 1)) for line in rows[at + 1].splitlines()[2:]]


def check_story(run, book, s, life):
    code, year = s["person"]["id"], int(s["year"][:4])
    told = {"paid": s["paid"]["total"], "cash": s["received"]["cash"]["total"], "services": s["received"]["services"]["total"], "given_minutes": s["given"]["minutes"], "employer": s["employer"]["total"]}
    days = ["--from", s["from"], "--to", s["to"]]
    account = run.json("account", code, *days)
    some = bool(book.lines_of(code, year))
    same(f"sums of the account of {code} in {s['year']}", account["by_year"], [{"year": s["year"], **told}] if some else [])
    in_life = [y for y in life["by_year"] if y["year"] == s["year"]]
    if in_life:
        same(f"life of {code} in {s['year']}", {k: in_life[0][k] for k in told}, told)
    lines = account["money"]["lines"] + account["time"]["lines"]
    whole = run.json("account", code)
    everywhere = {l["line"]: l for unit in (whole["money"], whole["time"]) for l in unit["lines"]}
    for l in lines:
        for one, other in (("reverses", "reversed_by"), ("reversed_by", "reverses")):
            if l[one]:
                same(f"{code} {l['line']}: the other says so too", (everywhere[l[one]][other], everywhere[l[one]]["corrected"], everywhere[l[one]]["reason"]), (l["line"], l["corrected"], "wrong"))
    text = run.weal("account", code, *days)
    if some:
        # uses without a cost, less those taken back: where nothing else is in the sum it is not valued
        unvalued = sum(1 if l.quantity > 0 else -1 for l in book.lines_of(code, year) if l.section == "services" and l.quantity is not None and l.cost_year is None and not l.amount)
        want = [(words + (", less corrections" if (told[key] or 0) < 0 else ""), "not valued" if key == "services" and told[key] == 0 and unvalued > 0 else written(key, told[key]))
                for words, key in THEIRS if key != "employer" or told[key] != 0]
        same(f"words of the account of {code} in {s['year']}", sums_read(text), want)
    held = [l for unit in account["holdings"].values() for l in unit["lines"]]
    marks = run.weal("account", code, *days, "--format", "html").count("</s><br>Taken back on ")
    # struck through is what the year's sum does not include: the correction counts in the same year
    day_of = {l["line"]: l["date"] for unit in (whole["money"], whole["time"], *whole["holdings"].values()) for l in unit["lines"]}
    same(f"{code}: marks of what was taken back", marks, sum(1 for l in lines + held if l["reversed_by"] and s["from"] <= day_of[l["reversed_by"]] <= s["to"]))
    page = run.weal("statement", code, "--year", s["year"])
    for words, key in (THEIRS if s["person"].get("died") else SECTIONS)[:4]:
        if " was recorded for " in page and f"{words}, less corrections  " not in page and f"{words}  " not in page:
            continue  # a year without lines has no figures
        shown_as = words + (", less corrections" if (told[key] or 0) < 0 else "")
        if some and any(l for l in standing(book.lines_of(code, year))) and f"{shown_as}  " not in page:
            raise AssertionError(f"statement of {code} for {s['year']}: no '{shown_as}':\n{page[:2000]}")
    wrong = [l for l in page.splitlines() if l.startswith(("Paid  ", "Services used  ", "Benefits, pensions and grants  ", "Time for others  ", "Time they gave  ")) and "\u2212" in l.split("(")[0]]
    same(f"statement of {code} for {s['year']}: a negative amount under a plain name", wrong, [])


def check_balances(run, book):
    names = {row["id"]: row["name"] for row in map(json.loads, run.weal("export", "bodies", "--format", "json").splitlines())}
    got = {}
    for row in map(json.loads, run.weal("balances", "--format", "json").splitlines()):
        owner = row["owner"]
        if row["role"] == "provider":
            owner = "supplier:" + names[owner.removeprefix("body:")]
        got[(owner, row["role"], row["unit"])] = [row["balance"], row["lines"]]
    want = book.balances()
    for b in book.budgets:
        want[(f"body:{b.body}", "stream", "pence")][0] += b.amount
        want[("book", "control", "pence")][0] -= b.amount
    for key in {*want, *got}:
        a, b = got.get(key, [0, 0]), want.get(key, [0, 0])
        if key[1] == "erased":
            continue
        if key[1] in ("social", "time"):
            same(f"balance and lines of {key}", a, b)
        else:
            same(f"balance of {key}", a[0], b[0])


def check_export(run, book):
    rows = [json.loads(l) for l in run.weal("export", "entries", "--format", "json").splitlines()]
    keys = [(row["person"].encode(), {"minutes": 1, "shares": 2}.get(row["unit"], 0), row["date"]) for row in rows]
    same("export in order of person, account, day", keys, sorted(keys))
    mine = [l for l in book.lines if l.person and not l.undone and not l.undoes]
    quantity = lambda l: {"services": l.quantity, "given": -l.amount * 1000, "holdings": abs(l.amount)}.get(l.section)
    text = lambda l: [l.day.isoformat(), l.person, l.category, None if quantity(l) is not None else l.figure, quantity(l), l.service, l.body, l.place, l.reference, l.note, l.estimated]
    same("export entries", sorted(([row["date"], row["person"], row["category"], pence(row["amount"]) if row["amount"] else None, thousandths(row["quantity"]), row["service"], row["body"], row["place"],
                                    row["reference"], row["note"], row["estimated"] == "yes"] for row in rows), key=str), sorted(map(text, mine), key=str))
    spent = sorted([row["date"], row["body"], row["supplier"], pence(row["amount"]), row["category"], row["place"]] for row in csv.DictReader(run.weal("export", "spend").splitlines()))
    same("export spend", spent, sorted([p.day.isoformat(), p.payer, p.supplier, p.amount, p.category, p.place or ""] for p in book.payments if not p.undone and not p.undoes))
    budgets = sorted([row["year"], row["body"], row["stream"], row["category"], pence(row["amount"]), row["conditions"]] for row in csv.DictReader(run.weal("export", "budget").splitlines()))
    same("export budget", budgets, sorted([year_text(b.year), b.body, b.stream, b.category, b.amount, b.conditions] for b in book.budgets if not b.undone and not b.undoes))


def check_csv(run, s):
    """The same figures in CSV as in JSON."""
    rows = list(csv.DictReader(run.weal("statement", s["person"]["id"], "--year", s["year"], "--format", "csv").splitlines()))
    for section, lines in (("paid", s["paid"]["lines"]), ("employer", s["employer"]["lines"]), ("cash", s["received"]["cash"]["lines"]), ("services", s["received"]["services"]["lines"])):
        same(f"csv {section}", [(x["category"], x["name"], pence(x["amount"]), x["quantity"], x["unit"], x["entries"], x["estimated"]) for x in rows if x["section"] == section],
             [(l["category"], l["name"], l["amount"], l.get("quantity") or "", l.get("unit") or "", str(l["entries"]), "yes" if l["estimated"] else "no") for l in lines])
    same("csv given", [(x["category"], x["minutes"], pence(x["value"]), x["entries"], x["estimated"]) for x in rows if x["section"] == "given"],
         [(l["category"], str(l["minutes"]), l["value"], str(l["entries"]), "yes" if l["estimated"] else "no") for l in s["given"]["lines"]])
    same("csv where it went", [(x["category"], pence(x["amount"])) for x in rows if x["section"] == "where-it-went"], [(l["code"], l["amount"]) for l in s["where_it_went"]["lines"]])


def check(run, book, r, erased=False):
    for year in YEARS if WHOLE or not erased else [r.choice(YEARS)]:
        text = year_text(year)
        run.weal("statements", "--year", text, "--format", "json", "--out", f"out{year}", "--jobs", str(r.choice((1, 2, 3))), "--quiet")
        with open(os.path.join(run.folder, f"out{year}", "statements.jsonl"), encoding="utf-8") as f:
            statements = [json.loads(l) for l in f]
        same("who has a statement", [s["person"]["id"] for s in statements], book.citizens())
        for s in r.sample(statements, 3):
            same("one and all", run.json("statement", r.choice(book.records(s["person"]["id"])), "--year", text), s)
        check_csv(run, r.choice(statements))
        place = r.choice(sorted(PLACES))
        run.weal("statements", "--year", text, "--format", "json", "--out", f"place{year}", "--place", place, "--quiet")
        with open(os.path.join(run.folder, f"place{year}", "statements.jsonl"), encoding="utf-8") as f:
            same(f"statements --place {place} {text}", [json.loads(l)["person"]["id"] for l in f], [s["person"]["id"] for s in statements if book.within(s["person"]["place"], place)])
        for place in PLACES:
            for by in BYS if WHOLE else ["category", r.choice(BYS[1:])] if place == "L" else [r.choice(BYS)]:
                page = check_place(run, book, place, year, by, erased)
                if place in ("L", "C", "E"):
                    check_sums(statements, page, erased)
        for s in statements:
            code = s["person"]["id"]
            try:
                check_statement(s, book.statement(code, year), False)
            except AssertionError as wrong:
                raise AssertionError(f"{code} {text}: {wrong}") from None
        for s in r.sample(statements, 4):
            check_story(run, book, s, run.json("account", s["person"]["id"], "--life"))
        code = r.choice(book.citizens())
        check_statement(run.json("statement", code, "--year", text, "--life"), book.statement(code, year, True), True)
    for code in r.sample(sorted(book.people), 6):
        check_account(run, book, code, r)
    check_balances(run, book)
    check_export(run, book)
    audit, found = run.run("audit", "--format", "json"), {}
    for sentence in json.loads(audit.stdout)["differs"]:
        code, _, what = sentence.partition(": ")
        if "dated before their birth or after their death" not in what:
            raise AssertionError(f"the audit finds: {sentence}")
        found[code] = int(what.split()[0].replace(",", ""))
    same("lines outside lives", (found, audit.returncode), (book.strays(), 1 if found else 0))


def check_prices_move_no_total(run, book, r):
    """What households typically pay is nobody's own figure: with other amounts in the pack everything else is the same, to the penny."""
    year = year_text(r.choice(YEARS))
    asked = [("statement", r.choice(book.citizens()), "--year", year, "--life"), ("account", r.choice(book.citizens()), "--life"), ("account", r.choice(book.citizens())), ("place", "L", "--year", year), ("place", r.choice(sorted(PLACES)), "--year", year)]
    path = os.path.join(run.folder, "pack", "in-prices.csv")
    with open(path, encoding="utf-8") as f:
        published = f.read()
    before = [run.json(*a) for a in asked]
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r",(\d+),\"", r',\g<1>7,"', published))
    after = [run.json(*a) for a in asked]
    with open(path, "w", encoding="utf-8") as f:
        f.write(published)
    for a, b in zip(before, after):
        was, now = a.pop("in_prices", None), b.pop("in_prices", None)
        same("which show it, with other amounts", bool(was and was["total"] != now["total"]), bool(was))
    same("everything but what households pay in prices", before, after)


def one(engine, seed):
    folder = tempfile.mkdtemp(prefix="weal-property-")
    name = f"weal_property_{os.getpid()}_{seed}"
    psql = lambda sql: subprocess.run(["psql", "-qXd", SERVER, "-c", sql], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        url = "sqlite:weal.db"
        if engine == "postgresql":
            psql(f"create database {name}")
            url = urllib.parse.urlunsplit(urllib.parse.urlsplit(SERVER)._replace(path="/" + name))
        run = Run(url, folder)
        history = History(run, seed)
        history.happen()
        check(run, history.book, history.r)
        check_prices_move_no_total(run, history.book, history.r)
        history.erase_some()
        check(run, history.book, history.r, True)
        return True
    except AssertionError as wrong:
        print(f"FAILED: {engine}, PROPERTY_SEED={seed}: {wrong}", flush=True)
        return False
    except Exception:
        print(f"FAILED: {engine}, PROPERTY_SEED={seed}: {traceback.format_exc()}", flush=True)
        return False
    finally:
        if os.environ.get("PROPERTY_KEEP"):
            print(folder)
        else:
            shutil.rmtree(folder)
        if engine == "postgresql":
            psql(f"drop database if exists {name} with (force)")


def main():
    rounds, seed = int(os.environ.get("PROPERTY_ROUNDS", "1")), int(os.environ.get("PROPERTY_SEED", random.randrange(10**6)))
    engines = ["sqlite"] + (["postgresql"] if SERVER else [])
    engines = [e for e in engines if os.environ.get("PROPERTY_ENGINE", e) == e]
    results = [one(engine, s) for s in [*(seed + n for n in range(rounds)), *FOUND] for engine in engines]
    print(f"histories, from seed {seed}: {rounds} random books on {' and '.join(engines)}")
    skipped = 0 if SERVER or len(engines) > 1 else rounds + len(FOUND)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
