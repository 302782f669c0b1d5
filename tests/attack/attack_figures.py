#!/usr/bin/env python3
"""What public figures give away: hidden figures of random places, attacked by integer programming with everything that anybody can know.

    tests/attack/attack_figures.py                  about a minute
    tests/attack/attack_figures.py FIRST COUNT      these random places only

An attacker knows how figures are rounded, which are hidden, that places and categories add up, that each row has somebody in it, that each person has a penny or a use, what a use costs and that uses are whole.
"""
import csv
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import POSTGRESQL, ROOT, Folder, Tried

FEWEST, PEOPLE_UNIT = 10, 5
GRIDS = os.path.join(ROOT, "build", "tests", "publish_grids")


def window(value, unit):
    """The least and the most that is shown as this value is: half away from zero."""
    size, half = abs(value), unit // 2
    shown = (size + half) // unit * unit
    low, high = (shown - half, shown + unit - half - 1) if shown else (-(unit - half - 1), unit - half - 1)
    return (low, high) if value >= 0 else (-high, -low)


class Programme:
    """A mixed integer programme, solved by cbc."""

    def __init__(self):
        self.rows, self.bounds, self.whole, self.goal = [], [], [], []

    def row(self, terms, sense, right):
        self.rows.append(" ".join(f"{'+' if f >= 0 else '-'} {abs(f)} {v}" for v, f in terms) + f" {sense} {right}")

    def bound(self, low, name, high):
        self.bounds.append(f"{low} <= {name} <= {high}")

    def feasible(self, seconds=20):
        """True, False, or None where the time was not enough."""
        with tempfile.TemporaryDirectory() as folder:
            path, answer = os.path.join(folder, "p.lp"), os.path.join(folder, "answer")
            with open(path, "w") as f:
                f.write("Minimize\n obj: " + (" ".join(self.goal) or "0 none") + "\nSubject To\n none: none = 0\n" + "\n".join(f" c{i}: {r}" for i, r in enumerate(self.rows)) + "\n")
                f.write("Bounds\n 0 <= none <= 0\n" + "\n".join(" " + b for b in self.bounds) + "\n")
                f.write(("Generals\n " + " ".join(self.whole) + "\n" if self.whole else "") + "End\n")
            done = subprocess.run(["cbc", path, "-sec", str(seconds), "-primalT", "1e-9", "-integerT", "1e-9", "-solve", "-solu", answer], capture_output=True, text=True)
            with open(answer) as f:
                first = f.readline()
        return True if first.startswith("Optimal") else False if "nfeasible" in first else None


class Grid:
    def __init__(self, text):
        self.__dict__.update(json.loads(text))
        self.width = self.rows + 1
        self.leaves = [c for c in range(self.columns) if c not in self.parent]
        self.children = {c: [k for k in range(1, self.columns) if self.parent[k] == c] for c in range(self.columns)}

    def world(self, p, name, what):
        """The variables and the constraints of one grid that looks like this one. `what`: amount or people."""
        for c in range(self.columns):
            for r in range(self.width):
                i = c * self.width + r
                v = f"{name}_{i}"
                if what == "people" and r == self.rows and not self.ages:
                    continue
                if not self.present[i]:
                    p.bound(0, v, 0)
                    continue
                value = getattr(self, what)[i]
                step = self.step[r] if r < self.rows else 0
                if self.hidden[i]:
                    low, high = (1 if what == "people" else max(step, 1)), 10**12
                else:
                    low, high = window(value, PEOPLE_UNIT if what == "people" else self.unit)
                    low = max(low, FEWEST) if what == "people" else max(low, FEWEST * max(step, 1))
                p.bound(low, v, high)
                if what == "people" and c in self.leaves:
                    p.whole.append(v)
                if what == "amount" and step and c in self.leaves:
                    p.row([(v, 1), (f"{name}_q{i}", -step)], "=", 0)
                    p.bound(1, f"{name}_q{i}", 10**9)
                    p.whole.append(f"{name}_q{i}")
                if self.children[c]:
                    p.row([(v, 1)] + [(f"{name}_{k * self.width + r}", -1) for k in self.children[c]], "=", 0)
            if (what == "amount" or self.ages) and c in self.leaves:
                p.row([(f"{name}_{c * self.width + r}", 1) for r in range(self.rows)] + [(f"{name}_{c * self.width + self.rows}", -1)], "=", 0)

    def least(self, i):
        """What the lowest places with somebody in them have at least, a use or a penny each."""
        c, r = divmod(i, self.width)
        if c not in self.leaves:
            return sum(self.least(k * self.width + r) for k in self.children[c])
        if r == self.rows:
            return sum(self.least(c * self.width + k) for k in range(self.rows))
        return max(self.step[r], 1) if self.present[i] else 0

    def can_be(self, i, sense, amount):
        p = Programme()
        self.world(p, "y", "amount")
        p.row([(f"y_{i}", 1)], sense, amount)
        return p.feasible()

    def amounts_hold(self, i):
        """Whether cell i may have both ends of the part of its grid in which it lies. They follow from the cell alone, so they are then possible in every edition while the cell is unchanged, and all editions together leave them. (Uses of a total's rows need not fit an end: what is beyond it does as well.)"""
        r = i % self.width
        step, total = max(self.step[r], 1) if r < self.rows else 1, r == self.rows
        half = -(-self.unit // 2 // step) * step
        while half < self.need[i]:
            half *= 2
        over = self.amount[i] - self.least(i)
        down = over % (2 * half) // step * step
        up = 2 * half - step - down
        low = self.can_be(i, "<=" if total else "=", self.amount[i] - down)
        if low is False and down > up:
            up += down  # the end below cannot be: then one that is as far above
        high = self.can_be(i, ">=" if total else "=", self.amount[i] + up)
        return None if low is None or high is None else high and (low or up >= half)

    def nine_hold(self, i):
        """Whether there may be nine people, each with a use of the service at least: people and amounts together."""
        p = Programme()
        self.world(p, "y", "amount")
        self.world(p, "n", "people")
        for c in self.leaves:
            for r in range(self.rows):
                k = c * self.width + r
                if self.step[r] and self.present[k]:
                    p.row([(f"y_q{k}", 1), (f"n_{k}", -1)], ">=", 0)
        p.row([(f"n_{i}", 1)], ">=", FEWEST - 1)
        return p.feasible()

    def known(self, i):
        """How many lowest places have somebody in it, which everybody knows."""
        c = i // self.width
        if c in self.leaves and i % self.width == self.rows:
            return sum(self.known(i - self.width + 1 + r) for r in range(self.rows))
        return self.present[i] if c in self.leaves else sum(self.known(k * self.width + i % self.width) for k in self.children[c])

    def people_hold(self, i):
        p = Programme()
        self.world(p, "y", "people")
        self.world(p, "z", "people")
        if self.people[i] < FEWEST:
            p.row([(f"y_{i}", 1)], ">=", FEWEST - 1)
            p.row([(f"z_{i}", 1)], "<=", self.known(i))
        else:
            p.row([(f"y_{i}", 1), (f"z_{i}", -1)], ">=", FEWEST - 2)
        return p.feasible()


class Loss:
    """What is lost: the share of cells and of the amount that are hidden, and the mean error of rounding."""

    def __init__(self):
        self.cells = self.hidden = self.few = self.shown = 0
        self.amount = self.hidden_amount = self.error = 0

    def add(self, grid):
        for i in range(grid.columns * grid.width):
            if not grid.present[i]:
                continue
            self.cells += 1
            self.hidden += grid.hidden[i]
            self.few += grid.people[i] < FEWEST or grid.forced[i]
            self.amount += grid.amount[i]
            if grid.hidden[i]:
                self.hidden_amount += grid.amount[i]
            else:
                self.shown += 1
                low, high = window(grid.amount[i], grid.unit)
                self.error += abs(grid.amount[i] - (low + high + 1) // 2)

    def say(self, what):
        cells = f"{what}: {self.cells} cells; {100 * self.few / self.cells:.1f} % must be hidden, {100 * self.hidden / self.cells:.1f} % are"
        print(cells if what == "people by age" else f"{cells}, with {100 * self.hidden_amount / self.amount:.1f} % of the amount; rounding changes an amount by £{self.error / max(self.shown, 1) / 100:.0f} on average")


def attack_grids(tried, first, count):
    losses = {name: Loss() for name in ("money", "services, in small places", "services", "people by age")}
    done = subprocess.run([GRIDS, str(first), str(count)], capture_output=True, text=True)
    tried.that("random places are made", done.returncode == 0, done.stderr)
    narrow, unsure = [], 0
    for line in done.stdout.splitlines():
        grid = Grid(line)
        losses["people by age" if grid.ages else "money" if grid.number % 2 == 0 else "services" if grid.number % 3 == 0 else "services, in small places"].add(grid)
        for i in range(grid.columns * grid.width):
            if not grid.present[i] or not grid.hidden[i]:
                if grid.present[i] and grid.people[i] < FEWEST:
                    narrow.append((grid.number, i, "shown"))
                continue
            for what, holds in (("amount", grid.amounts_hold), ("people", grid.people_hold), ("uses", grid.nine_hold)):
                r = i % grid.width
                if what == "uses" and (grid.ages or r == grid.rows or not grid.step[r] or grid.people[i] >= FEWEST):
                    continue
                if (grid.ages and what == "amount") or (not grid.ages and what == "people" and i % grid.width == grid.rows):
                    continue
                held = holds(i)
                unsure += held is None
                if held is False:
                    narrow.append((grid.number, i, what))
    tried.that("no hidden figure is known more narrowly than it may be", not narrow, narrow)
    tried.that("every programme was solved", not unsure, unsure)
    for name, loss in losses.items():
        if loss.cells:
            loss.say(name)


# ---- the program itself: small books on each engine, and two editions of each ----

PLACES = {"N1": 90, "N2": 60, "N3": 60, "N4": 12}
MEASURES = ("paid", "received", "services", "given_minutes", "employer")
MONEY = {"state-pension": "received", "universal-credit": "received", "child-benefit": "received", "pension-credit": "received", "council-tax": "paid", "income-tax": "paid"}
SERVICES = ("gp-consultation", "inpatient-stay", "prison-place", "accident-and-emergency", "ambulance", "school-place")


def unit_of(measure):
    return 6000 if measure == "given_minutes" else 100000


class Town:
    """A book, what is published of it, and what only the staff see."""

    def __init__(self, folder, chance):
        self.folder, self.chance, self.entries = folder, chance, 0
        folder.sound("import", "places", folder.write("places.csv", "code,name,kind,parent\n" + "".join(f"{c},Ward {c},neighbourhood,T1\n" for c in PLACES)), "--quiet")
        homes, people, self.people = ["id,place,from\n"], ["id,name,born,sex,household\n"], {}
        for place, count in PLACES.items():
            for _ in range(count):
                n = len(self.people) + 1
                self.people[f"X{n}"] = place
                homes.append(f"H{n},{place},\n")
                people.append(f"X{n},Somebody {n},{chance.randrange(1940, 2015)}-05-06,F,H{n}\n")
        folder.sound("import", "households", folder.write("homes.csv", "".join(homes)), "--quiet")
        folder.sound("import", "people", folder.write("people.csv", "".join(people)), "--quiet")
        with open(os.path.join(ROOT, "policy", "uk", "services.csv")) as f:
            self.service = {row["category"]: row["code"] for row in csv.DictReader(f)}

    def post(self, rows):
        """rows: (person, category, amount or quantity)"""
        lines = ["date,person,category,amount,quantity,unit,service,body,reference\n"]
        for person, category, size in rows:
            self.entries += 1
            what = f",{size},,{self.service[category]}" if category in SERVICES else f"{size},,,"
            lines.append(f"2025-{self.chance.randrange(5, 13):02}-09,{person},{category},{what},,R{self.entries}\n")
        self.folder.sound("import", "entries", self.folder.write("entries.csv", "".join(lines)), "--quiet")

    def begin(self):
        names, rows = list(self.people), []
        for category in MONEY:
            rows += [(p, category, f"{self.chance.randrange(100, 900000) / 100:.2f}") for p in names if self.chance.random() < self.chance.choice((0.05, 0.4, 0.9))]
        for category in SERVICES:
            share = 0.03 if category == "prison-place" else self.chance.choice((0.05, 0.3, 0.6))
            rows += [(p, category, self.chance.randrange(1, 5) if category == "gp-consultation" else 1) for p in names if self.chance.random() < share]
        self.post(rows)

    def publish(self, *options):
        if options:
            self.folder.sound("publish", *options)
        self.folder.sound("publish", "out", "--quiet")
        out = os.path.join(self.folder.path, "out", "2025-26")
        return {os.path.basename(p): json.load(open(os.path.join(p, "account.json"))) for p in glob.glob(out + "/*") if os.path.isdir(p)}

    def staff(self):
        return {c: json.loads(self.folder.sound("place", c, "--year", "2025-26", "--format", "json")) for c in ["T1", *PLACES]}


def category_rows(account):
    return {row["key"]: row for row in account["by"]}


class Public:
    """The figures of one measure, of all places together, as a programme: what anybody can set up from the published files."""

    def __init__(self, shown, measure, costs):
        self.shown, self.measure, self.unit = shown, measure, unit_of(measure)
        self.rows = {c: category_rows(shown[c]) for c in shown}
        self.keys = [k for k in self.rows["T1"] if self.of(k) == measure]
        self.costs = costs
        self.unknown = set()  # cells that may be those of an earlier edition

    def of(self, key):
        return MONEY.get(key, "services")

    def doubt(self, before):
        """Cells that show what they showed before: nobody can tell whether that is still so."""
        def figure(edition, place, key):
            return edition[place]["total"][self.measure] if key == "total" else category_rows(edition[place]).get(key, {}).get(self.measure)
        self.unknown = {(place, key) for place in self.shown for key in [*self.keys, "total"] if figure(before, place, key) == figure(self.shown, place, key)}
        return self

    def cells(self):
        return [(place, key) for place in self.shown for key in self.keys if self.rows[place].get(key, {}).get("hidden")]

    def world(self, p, name):
        for place in self.shown:
            total = self.shown[place]["total"][self.measure]
            self.limit(p, f"{name}_{place}_total", None if (place, "total") in self.unknown else total)
            for n, key in enumerate(self.keys):
                v, row, cost = f"{name}_{place}_{n}", self.rows[place].get(key), self.costs.get(key, 0)
                if not row:
                    p.bound(0, v, 0)
                    continue
                self.limit(p, v, None if row["hidden"] or (place, key) in self.unknown else row[self.measure] or 0, max(cost, 1))
                if cost and place != "T1":
                    p.row([(v, 1), (f"{v}_uses", -cost)], "=", 0)
                    p.bound(1, f"{v}_uses", 10**7)
                    p.whole.append(f"{v}_uses")
            p.row([(f"{name}_{place}_{n}", 1) for n in range(len(self.keys))] + [(f"{name}_{place}_total", -1)], "=", 0)
        for n in range(len(self.keys)):
            p.row([(f"{name}_T1_{n}", 1)] + [(f"{name}_{place}_{n}", -1) for place in PLACES], "=", 0)

    def limit(self, p, variable, value, least=0):
        low, high = (least, 10**11) if value is None else window(value, self.unit)
        p.bound(max(low, least), variable, high)

    def differs_by(self, cell, need):
        p, n = Programme(), self.keys.index(cell[1])
        self.world(p, "y")
        self.world(p, "z")
        p.row([(f"y_{cell[0]}_{n}", 1), (f"z_{cell[0]}_{n}", -1)], ">=", need)
        return p.feasible()

    def can_be(self, cell, low, high):
        p, n = Programme(), self.keys.index(cell[1])
        self.world(p, "y")
        p.row([(f"y_{cell[0]}_{n}", 1)], ">=", low)
        p.row([(f"y_{cell[0]}_{n}", 1)], "<=", high)
        return p.feasible()


def rounded(value, unit):
    low, high = window(value, unit)
    return 0 if low < 0 < high else low + unit // 2 if value > 0 else high - unit // 2


def attack_edition(tried, engine, shown, staff, costs, before=None):
    """One edition; `before`: the edition that was shown before."""
    wrong, narrow, hidden = [], [], 0
    for place in shown:
        exact = category_rows(staff[place])
        for key, row in category_rows(shown[place]).items():
            hidden += row["hidden"]
            if not row["hidden"] and (exact[key]["people"] < FEWEST or row["people"] % PEOPLE_UNIT or any((row[m] or 0) % unit_of(m) for m in MEASURES)):
                wrong.append((place, key))
    for row in shown["T1"]["places"]:
        for measure in ("paid", "received", "services"):
            if row[measure] is not None and row["people"] and abs(row[f"{measure}_per_head"] - row[measure] / row["people"]) > 50.001:
                wrong.append((row["key"], measure, "a head"))
    tried.that(f"nothing exact and nothing of few people is shown ({engine})", not wrong, wrong)
    for measure in ("paid", "received", "services"):
        public = Public(shown, measure, costs)
        if before:
            public.doubt(before)
        for cell in public.cells():
            if public.differs_by(cell, 50000) is not True:
                narrow.append(cell)
    tried.that(f"no hidden figure of the files is known to within £500, or by its uses ({engine})", not narrow, narrow)
    tried.that(f"some figures are hidden ({engine})", hidden > 3, hidden)


def attack_difference(tried, engine, before, after, staff, person_place):
    """One posting of £20,000 came among 1,200 of others, and nobody can see that it did."""
    moved = [place for place in after for which in ("universal-credit",) if category_rows(before[place]).get(which) != category_rows(after[place]).get(which)]
    tried.that(f"one large line moves no figure of its category ({engine})", not moved, moved)
    old, new = category_rows(before["T1"]), category_rows(after["T1"])
    tried.that(f"the lines of many do move theirs ({engine})", any(old[key] != new[key] for key, of in MONEY.items() if of == "received" and key in old))
    public = Public(after, "received", {}).doubt(before)
    seen = []
    for place in ("T1", person_place):
        row = category_rows(before[place]).get("universal-credit")
        if row and not row["hidden"] and public.can_be((place, "universal-credit"), *window(row["received"], 100000)) is not True:
            seen.append(place)
    tried.that(f"it cannot be computed from the figures beside it ({engine})", not seen, seen)


def attack_program(tried, engine, store, seed):
    with Folder(store=store) as folder:
        town = Town(folder, random.Random(seed))
        town.begin()
        first, staff = town.publish(), town.staff()
        with open(os.path.join(ROOT, "policy", "uk", "unit-costs.csv")) as f:
            latest = {row["service"]: row["cost"] for row in csv.DictReader(f) if row["year"] <= "2025-26"}
        costs = {category: round(float(latest[town.service[category]]) * 100) for category in SERVICES if town.service[category] in latest}
        attack_edition(tried, engine, first, staff, costs)
        person = town.chance.choice(list(town.people))
        names = list(town.people)
        others = [c for c, measure in MONEY.items() if measure == "received" and c != "universal-credit"]
        town.post([(names[i % len(names)], others[i // len(names) % len(others)], f"{town.chance.randrange(100, 90000) / 100:.2f}") for i in range(1200)] + [(person, "universal-credit", "20000.00")])
        second = town.publish("--new")
        attack_edition(tried, f"{engine}, second edition", second, town.staff(), costs, first)
        attack_difference(tried, engine, first, second, town.staff(), town.people[person])


# ---- what is said beside the figures ----

UNVALUED = "community-nursing"  # a service without a unit cost


def attack_marks(tried, engine, store):
    """Notes and marks beside the figures of nine wards; in W0 one person alone has a service that has no unit cost."""
    wards, each = 9, 12
    with Folder(store=store, people="id,name,born,sex\n") as f:
        f.sound("import", "places", f.write("places.csv", "code,name,kind,parent\nT1,Testham,locality,\n" + "".join(f"W{k},Ward {k},neighbourhood,T1\n" for k in range(wards))), "--quiet")
        f.sound("import", "people", f.write("people.csv", "id,name,born,sex,place\n" + "".join(f"X{i},Somebody {i},1950-03-01,F,W{i % wards}\n" for i in range(wards * each))), "--quiet")
        lines = ["date,person,category,amount,quantity,reference,estimated\n"]
        for i in range(wards * each):
            lines.append(f"2025-06-01,X{i},state-pension,900.00,,S{i},{'yes' if i == 1 else 'no'}\n")
            lines += [f"2025-06-{1 + d:02},X{i},{UNVALUED},,1,U{i}-{d},no\n" for d in range(1 + i % 3 if i % wards else 0)]
        lines += [f"2025-07-{1 + d // 24:02},X{wards},{UNVALUED},,1,V{d},no\n" for d in range(187)]
        f.sound("import", "entries", f.write("entries.csv", "".join(lines)), "--quiet")
        f.sound("publish", "out", "--quiet")
        out = os.path.join(f.path, "out", "2025-26")
        shown = {place: json.load(open(os.path.join(out, place, "account.json"))) for place in ["T1"] + [f"W{k}" for k in range(wards)]}
        hidden = category_rows(shown["W0"])[UNVALUED]["hidden"]
        notes = {place: [n for n in account["notes"] if "not valued" in n] for place, account in shown.items()}
        tried.that(f"the uses of a hidden row are not told by notes of the other places ({engine})", hidden and notes["T1"] and not notes["W0"] and not any(c.isdigit() for ns in notes.values() for n in ns for c in n), notes)
        marks = {place: category_rows(account)["state-pension"]["estimated"] for place, account in shown.items()}
        tried.that(f"one estimated line marks no figure ({engine})", not any(marks.values()), marks)


# ---- households, by which the taxes in prices are multiplied ----

HOMES = {"A": 41, "B": 27, "C": 24, "D": 12, "E": 4}  # households of two people


def households_of(edition):
    return {place: account["in_prices"] and account["in_prices"]["households"] for place, account in edition.items()}


def possible(shown, before=None):
    """How many households E can have, by all that is shown: each count is within its rounding, or one step of what stayed; the places add up to the whole."""
    def ends(place):
        n = shown[place]
        if n is None:
            return 1, 10**6
        low, high = window(n, PEOPLE_UNIT)
        if before and before[place] == n:
            low, high = n - PEOPLE_UNIT + 1, n + PEOPLE_UNIT - 1
        return max(low, FEWEST), high
    others = [ends(place) for place in HOMES if place != "E"]
    low, high = ends("T1")
    return {e for e in range(1, 60) if low <= e + sum(b for _, b in others) and e + sum(a for a, _ in others) <= high}


def attack_households(tried, engine, store):
    """A place of four households beside others, then a household moves, and then many."""
    with Folder(store=store, people="id,name,born,sex\n") as f:
        f.sound("import", "places", f.write("places.csv", "code,name,kind,parent\nT1,Testham,locality,\n" + "".join(f"{c},Ward {c},neighbourhood,T1\n" for c in HOMES)), "--quiet")
        homes = [c for c, count in HOMES.items() for _ in range(count)]
        f.sound("import", "households", f.write("homes.csv", "id,place\n" + "".join(f"H{i},{c}\n" for i, c in enumerate(homes))), "--quiet")
        f.sound("import", "people", f.write("people.csv", "id,name,born,sex,household\n" + "".join(f"X{i}-{k},Somebody,1950-03-01,F,H{i}\n" for i in range(len(homes)) for k in "ab")), "--quiet")

        def edition(n, *options):
            rows = "".join(f"2025-06-01,X{i % len(homes)}-a,state-pension,900.00,S{n}-{i}\n" for i in range(1100))
            f.sound("import", "entries", f.write("entries.csv", "date,person,category,amount,reference\n" + rows), "--quiet")
            if options:
                f.sound("publish", *options)
            f.sound("publish", "out", "--quiet")
            return {place: json.load(open(os.path.join(f.path, "out", "2025-26", place, "account.json"))) for place in ["T1", *HOMES]}

        def move(numbers):
            f.sound("import", "households", f.write("moved.csv", "id,place,from\n" + "".join(f"H{i},B,2025-10-01\n" for i in numbers)), "--quiet")
        one = edition(1)
        first = households_of(one)
        exact = {c: json.loads(f.sound("place", c, "--year", "2025-26", "--format", "json"))["in_prices"] for c in ["T1", *HOMES]}
        counts = {c: p and p["households"] for c, p in exact.items()}
        tried.that(f"the staff's account counts households, ten and more ({engine})", counts == {"T1": 108, **HOMES, "E": None}, counts)
        tried.that(f"four households are shown nowhere ({engine})", first["E"] is None and not os.path.exists(os.path.join(f.path, "out", "2025-26", "E", "in-prices.csv")), first)
        tried.that(f"what is shown is rounded to five, and most is shown ({engine})", all(n is None or n == rounded(counts[c], PEOPLE_UNIT) and n % PEOPLE_UNIT == 0 for c, n in first.items()) and sum(n is not None for n in first.values()) >= 3, first)
        tried.that(f"the four could be any number from one to nine ({engine})", set(range(1, FEWEST)) <= possible(first), (first, possible(first)))
        pence = {line["category"]: line for line in exact["T1"]["lines"]}
        with open(os.path.join(ROOT, "policy", "uk", "in-prices.csv")) as table:
            mean = {r["category"]: int(r["amount"]) for r in csv.DictReader(table) if r["year"] == "2018-19"}
        tells = [(place, line) for place, account in one.items() if account["in_prices"] for line in account["in_prices"]["lines"]
                 if line["amount"] != (mean[line["category"]] * 100 * first[place] + 50000) // 100000 * 100000]
        tried.that(f"amounts follow from the rounded households alone ({engine})", not tells and set(pence) == set(mean), tells)
        move([0])
        second = households_of(edition(2, "--new"))
        tried.that(f"one household that moves moves no figure ({engine})", second == first, (first, second))
        move(range(1, 13))
        third = households_of(edition(3, "--new"))
        tried.that(f"many that move are seen, and the four still are not ({engine})", third["A"] != first["A"] and third["E"] is None and set(range(1, FEWEST)) <= possible(third, second), (first, third))


# ---- many editions, while a hidden figure stays the same ----

SECRETS = {"mental-health-inpatient": "services", "pension-credit": "received"}
AMONG = {"services": ("gp-consultation", "accident-and-emergency", "ambulance", "talking-therapy", "day-case", "outpatient-attendance"), "received": ("state-pension", "universal-credit", "child-benefit", "carers-allowance", "attendance-allowance", "personal-independence-payment")}
EDITIONS, LARGE_AT, LARGE = 12, 7, 2000000


class Weeks:
    """One place whose account is made each week, with postings to many between."""

    def __init__(self, folder, moved, chance):
        self.folder, self.moved, self.chance, self.entries = folder, moved, chance, 0
        self.environment = {"LD_PRELOAD": f"{moved}/clock.so", "WEAL_CLOCK_MOVED": f"{moved}/moved"}
        with open(os.path.join(ROOT, "policy", "uk", "services.csv")) as f:
            self.service = {row["category"]: row["code"] for row in csv.DictReader(f)}

    def post(self, rows):
        lines = ["date,person,category,amount,quantity,service,reference\n"]
        for n, (person, category, size) in enumerate(rows):
            what = f",{size},{self.service[category]}" if category in self.service else f"{size / 100:.2f},,"
            lines.append(f"2025-07-{1 + n % 28:02},X{person},{category},{what},R{self.entries}-{n}\n")
        self.entries += 1
        self.folder.sound("import", "entries", self.folder.write("entries.csv", "".join(lines)), "--quiet", env=self.environment)

    def others(self, people):
        for measure, categories in AMONG.items():
            self.post([(p, c, self.chance.randrange(1, 5) if measure == "services" else self.chance.randrange(3000, 90000)) for c in categories for p in self.chance.sample(range(20, 250), people)])

    def week(self, n):
        with open(f"{self.moved}/moved", "w") as f:
            f.write(str((1 + 8 * n) * 86400))
        self.folder.sound("publish", "out", "--quiet", env=self.environment)
        with open(os.path.join(self.folder.path, "out", "2025-26", "T1", "account.json")) as f:
            return json.load(f)


def between(edition, before, secret):
    """What the edition leaves of a hidden figure by itself: the total less the others; all, where that may not be computed."""
    measure, rows, old = SECRETS[secret], category_rows(edition), category_rows(before) if before else {}
    total, parts = edition["total"][measure], [rows[c] for c in AMONG[measure]]
    if total is None or any(row["hidden"] for row in parts):
        return -10**12, 10**12
    if before and (total == before["total"][measure] or any(old[c][measure] == rows[c][measure] for c in AMONG[measure])):
        return -10**12, 10**12  # that may be of an earlier edition
    rest, room = total - sum(row[measure] for row in parts), 50000 * (len(parts) + 1)
    return rest - room, rest + room


def attack_weeks(tried, engine, store, seed):
    """Each edition rounds anew, so their intersection would at last leave one number; and one line of £20,000 comes to one of nine people."""
    moved = tempfile.mkdtemp(prefix="weal-weeks.")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", f"{moved}/clock.so", os.path.join(ROOT, "tests", "attack", "clock.c")], check=True)
    with open(f"{moved}/moved", "w") as f:
        f.write("0")
    with Folder(store=store, people="id,name,born,sex\n" + "".join(f"X{i},Somebody {i},1950-03-01,F\n" for i in range(1, 250))) as folder:
        weeks = Weeks(folder, moved, random.Random(seed))
        folder.sound("publish", "--schedule", "weekly")
        weeks.others(120)
        uses = [2, 1, 1, 1, 2, 1, 1, 2, 1]
        weeks.post([(1 + n, "mental-health-inpatient", q) for n, q in enumerate(uses)])
        money = [weeks.chance.randrange(30000, 90000) for _ in range(9)]
        weeks.post([(1 + n, "pension-credit", size) for n, size in enumerate(money)])
        all_of, known, told, before, some = {s: (-10**12, 10**12) for s in SECRETS}, 0, [], None, 0
        for n in range(EDITIONS):
            if n:
                weeks.others(weeks.chance.randrange(14, 30))
            if n == LARGE_AT:
                weeks.post([(3, "pension-credit", LARGE)])
            edition = weeks.week(n)
            known += all(category_rows(edition)[s]["hidden"] for s in SECRETS)
            for secret in SECRETS:
                low, high = between(edition, before, secret)
                some += high < 10**12
                if secret == "pension-credit" and n >= LARGE_AT:
                    if not low <= sum(money) <= high:
                        told.append((n, low, high))
                    continue
                all_of[secret] = (max(all_of[secret][0], low), min(all_of[secret][1], high))
            before = edition
        shutil.rmtree(moved)
        with open(os.path.join(ROOT, "policy", "uk", "unit-costs.csv")) as f:
            cost = [round(float(row["cost"]) * 100) for row in csv.DictReader(f) if row["service"] == weeks.service["mental-health-inpatient"] and row["year"] <= "2025-26"][-1]
        low, high = all_of["mental-health-inpatient"]
        left = [q for q in range(9, 1000) if low <= q * cost <= high] if high < 10**12 else [1, 2]
        low, high = all_of["pension-credit"]
        tried.that(f"both figures are hidden in every edition, and some can be looked at ({engine})", known == EDITIONS and some > 4, (known, some))
        tried.that(f"all editions together leave more than one number of uses ({engine})", len(left) > 1, left)
        tried.that(f"all editions together leave £1,000 of a hidden figure ({engine})", high - low >= 99999 and low <= sum(money) <= high, (low, high))
        tried.that(f"a line of £20,000 to one of nine cannot be told in any later edition ({engine})", not told, (sum(money), told))


if __name__ == "__main__":
    tried = Tried()
    if not shutil.which("cbc"):
        tried.skip("hidden figures attacked by integer programming: cbc is not installed (coinor-cbc)")
        tried.end()
    attack_grids(tried, *(int(n) for n in sys.argv[1:3] or (1, 24)))
    if not sys.argv[1:]:
        attack_marks(tried, "SQLite", None)
        attack_households(tried, "SQLite", None)
        for seed in (1, 2, 3):
            attack_weeks(tried, f"SQLite, weeks {seed}", None, seed)
        attack_program(tried, "SQLite", None, 1)
        if POSTGRESQL:
            attack_marks(tried, "PostgreSQL", POSTGRESQL)
            attack_households(tried, "PostgreSQL", POSTGRESQL)
            attack_weeks(tried, "PostgreSQL, weeks 4", POSTGRESQL, 4)
            attack_program(tried, "PostgreSQL", POSTGRESQL, 2)
        else:
            tried.skip("public figures on PostgreSQL: no server")
    tried.end()
