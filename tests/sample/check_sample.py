#!/usr/bin/env python3
"""Compares a sample place with the published figures from which it is drawn.

    check_sample.py DIR [--pack policy/uk] [--table docs/reference/sample-place.md]

DIR holds the files of a sample place. For each tax year it prints every category's total a head and its shares by decile beside the
published ones, says which are outside (10 % a head where there are 200 recipients, 3 points a decile; of what the rules make, the bounds of
RULED below), and exits 1 if any is. It also looks for a reference twice, a line outside a life, a body that is not there and, with --pack, a category or service that the pack lacks. With --table it writes the tables into that page, between its marks.

The published figures are read from sample/*.csv; nothing is taken from the generator's own code."""
import argparse
import csv
import datetime
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
YEARS = ("2023-24", "2024-25", "2025-26")
HEAD_TOLERANCE, DECILE_TOLERANCE, FEWEST = 0.10, 3.0, 200

SELF_EMPLOYED = "national-insurance of the self-employed"  # the published total is of employees

# What the rules make of the people: how far it may lie from what is published, a head and in points of a decile, and why it does.
RULED = {
    "income-tax": (0.10, 8.0, "pay ends at a million pounds, and the highest incomes, which pay much of the tax, are few in 10,000 people"),
    "national-insurance": (0.16, 3.0, "the published total is of employees, and so is what is compared here; everybody here has one job with even pay through the year, and nobody gives up pay for a pension, which alone takes 1.2 billion pounds or 3 % off the total of 2024-25 (salary sacrifice, HMRC as in the policy tables)"),
    "employer-national-insurance": (0.13, 3.0, "no employer here has the employment allowance, which was doubled in April 2025"),
    "council-tax": (0.10, 4.0, "only one adult's discount and the reduction are taken off; no home here is empty, exempt or of students"),
    "state-pension": (0.10, 4.5, "shares of the full rate are drawn without regard to other income, but for private pensions"),
    "winter-fuel-payment": (0.10, 7.0, "by the rules it goes by age and, since 2024, by income; the published deciles are of 2018-19"),
    "universal-credit": (0.12, 32.0, "as many families as published have it; by the rules it goes to who has least, while the published deciles are those of the benefits it replaced, of which some went by illness, and rank by income after benefits"),
    "pension-credit": (0.15, 35.0, "63 in 100 to whom it is due claim it; the rest as for universal credit"),
    "housing-benefit": (0.45, 17.0, "the rules give it to who has reached pension age; those below it who have kept it, and supported and temporary homes, are left out"),
    "child-benefit": (0.10, 3.0, "89 in 100 families claim it; whoever is 16 or 17 and has no work is at school here, and a few of them are not in life"),
    "personal-independence-payment": (0.10, 3.0, "as many people as published have it, at grades we draw"),
    "disability-living-allowance": (0.10, 3.0, "as for personal independence payment"),
    "attendance-allowance": (0.10, 3.0, "as for personal independence payment"),
    "carers-allowance": (0.45, 20.0, "it goes to carers of 35 hours below pension age with little pay, who are fewer here, and not beside employment and support allowance"),
    "student-loan-repayment": (0.10, 3.0, "no total of the year was at hand; who has a loan is our choice"),
}


def bounds(category):
    return RULED[category][:2] if category in RULED else (HEAD_TOLERANCE, DECILE_TOLERANCE)


def rows(*path):
    with open(os.path.join(*path), newline="", encoding="utf-8") as f:
        yield from csv.DictReader(f)


def day(text):
    return datetime.date.fromisoformat(text)


def year_days(label):
    start = int(label[:4])
    return datetime.date(start, 4, 6), datetime.date(start + 1, 4, 5)


class Place:
    """People, households and deciles of a generated place, year by year."""

    def __init__(self, folder):
        self.folder = folder
        self.born, self.died, self.sex, self.homes = {}, {}, {}, {}
        self.decile, self.self_employed = {}, set()
        files = sorted(n for n in os.listdir(folder) if n.startswith(("people", "households")) and n.endswith(".csv"))
        for name in sorted(files, key=lambda n: (n.count("-"), n)):
            for r in rows(folder, name):
                if name.startswith("households"):
                    self.decile[r["id"]] = int(r["x_decile"]) - 1
                    continue
                self.born[r["id"]], self.sex[r["id"]] = day(r["born"]), r["sex"]
                if r["died"]:
                    self.died[r["id"]] = day(r["died"])
                self.homes.setdefault(r["id"], []).append((r["from"] or "0000", r["household"]))

    def take_facts(self, label):
        """Who has a business of their own in the year: a file has what is new or changed."""
        for r in rows(self.folder, "facts-%s.csv" % label):
            if r["variable"] == "self_employment_income":
                (self.self_employed.add if float(r["value"] or 0) > 0 else self.self_employed.discard)(r["person"])

    def days(self, person, label):
        first, last = year_days(label)
        return max(first, self.born[person]), min(last, self.died.get(person, last))

    def heads(self, label):
        first, last = year_days(label)
        length = (last - first).days + 1
        total = 0
        for p in self.born:
            a, b = self.days(p, label)
            total += max(0, (b - a).days + 1) / length
        return total

    def home(self, person, label):
        """The household at the year's start (a death repeats a person's row and changes nothing)."""
        first = year_days(label)[0].isoformat()
        return max((h for h in self.homes[person] if h[0] <= first), key=lambda h: h[0])[1]

    def households(self, label):
        lived = {self.home(p, label) for p in self.born if self.days(p, label)[0] <= self.days(p, label)[1]}
        count = [0] * 10
        for h in lived:
            count[self.decile[h]] += 1
        return count


class Sums:
    def __init__(self):
        self.total, self.lines, self.people, self.deciles, self.money = 0, 0, set(), [0] * 10, False


def entries(place, label):
    """The rows of a year as tuples: date, person, category, amount, quantity, unit, service, body, reference."""
    with open(os.path.join(place.folder, "entries-%s.csv" % label), newline="", encoding="utf-8") as f:
        reader = csv.reader(f)
        header = next(reader)
        at = [header.index(c) for c in ("date", "person", "category", "amount", "quantity", "unit", "service", "body", "reference")]
        if at == list(range(9)):
            yield from reader
        else:
            for r in reader:
                yield [r[i] for i in at]


def sum_year(place, label, pack, outside):
    """Sums a year by category; with a pack, also looks up what a row names and when it fell."""
    found, home, seen, references = {}, {}, set(), set()
    first, last = (d.isoformat() for d in year_days(label))
    categories = {r["code"]: r for r in rows(pack, "categories.csv")} if pack else {}
    services = {r["code"]: r for r in rows(pack, "services.csv")} if pack else {}
    bodies = {r["id"] for r in rows(place.folder, "bodies.csv")}
    place.take_facts(label)
    born = {p: d.isoformat() for p, d in place.born.items()}
    died = {p: d.isoformat() for p, d in place.died.items()}
    for date, p, category, amount, quantity, unit, service, body, reference, *_ in entries(place, label):
        if category == "national-insurance" and p in place.self_employed:
            category = SELF_EMPLOYED
        s = found.get(category)
        if s is None:
            s = found[category] = Sums()
        if p not in home:
            home[p] = place.decile[place.home(p, label)]
        value = round(float(amount) * 100) if amount else float(quantity)
        s.total += value
        s.money = bool(amount)
        s.lines += 1
        s.people.add(p)
        s.deciles[home[p]] += value
        if (body, reference) in references or not reference:
            outside.append("%s: the reference %s %s is missing or there twice" % (label, body, reference))
        references.add((body, reference))
        if not first <= date <= last or date < born[p] or date > died.get(p, date):
            outside.append("%s: a line of %s on %s, outside the year or their life" % (label, p, date))
        what = (category.replace(SELF_EMPLOYED, "national-insurance"), service, unit, body)
        if what not in seen:
            seen.add(what)
            if body not in bodies:
                outside.append("no body %s in bodies.csv" % body)
            if pack and what[0] not in categories:
                outside.append("no category %s in the pack" % category)
            if pack and service and (services.get(service, {}).get("unit"), services.get(service, {}).get("category")) != (unit, category):
                outside.append("service %s of %s, unit %s, is not so in the pack" % (service, category, unit))
    return found


def published():
    data = {"totals": {}, "deciles": {}, "services": {}, "caseloads": {}}
    population = {r["what"]: r for r in rows(ROOT, "sample", "population.csv")}
    uk = {y: float(population["uk-thousands"][y[:4]]) for y in YEARS}
    size = uk["2023-24"] / float(population["uk-households-thousands"]["2023"])
    for r in rows(ROOT, "sample", "deciles.csv"):
        data["deciles"][r["category"]] = ([float(r["d%d" % i]) for i in range(1, 11)], float(r["all"]))
    for r in rows(ROOT, "sample", "totals.csv"):
        for y in YEARS:
            total = float(r["m" + y[:4]])
            head = total * 1000 / uk[y] if r["basis"] == "total" else data["deciles"][r["category"]][1] * total / float(r["base_m"]) / size
            data["totals"][r["category"], y] = (head, r["source"] if r["basis"] == "total" else "ONS deciles, grown by " + r["source"])
    for r in rows(ROOT, "sample", "caseloads.csv"):
        for y in YEARS:
            data["caseloads"][r["category"], y] = float(r["thousands" + y[:4]]) / uk[y]
    england = float(population["england-thousands"]["2024"]) * 1000
    for r in rows(ROOT, "sample", "services.csv"):
        data["services"][r["service"]] = (float(r["england_count"]) / england, r["source"])
    ages = {}
    for r in rows(ROOT, "sample", "ages.csv"):
        ages[r["sex"], int(r["age"])] = float(r["persons"])
    everyone = sum(ages.values())
    data["services"]["school-place"] = (sum(n for (s, a), n in ages.items() if 5 <= a <= 15) / everyone, "England's children of 5 to 15, a place each")
    prisons = {r["what"]: float(r["value"]) for r in rows(ROOT, "sample", "prisons.csv")}
    data["services"]["prison-place"] = (prisons["prisoners-england-and-wales-2016-17"] / prisons["population-england-and-wales-thousands"] / 1000,
                                        "Ministry of Justice 2016-17, cost of all prisons over cost a prisoner")
    minutes = 0
    for r in rows(ROOT, "sample", "volunteering.csv"):
        people = sum(n for (s, a), n in ages.items() if s == r["sex"] and int(r["from"]) <= a <= int(r["to"]))
        minutes += people * float(r["share_percent"]) / 100 * float(r["minutes_a_day"]) * 365
    data["services"]["volunteering"] = (minutes / everyone, "ONS, unpaid volunteering 2000 to 2015: minutes a head")
    share = {r["sex"]: float(r["percent"]) / 100 for r in rows(ROOT, "sample", "unpaid-care-sex.csv")}
    carers = sum(n * share[s] for (s, a), n in ages.items() if a >= 5) / everyone
    bands = [(float(r["from_hours"]) / 2 + float(r["to_hours"]) / 2, float(r["people"])) for r in rows(ROOT, "sample", "unpaid-care.csv")]
    hours = sum(h * n for h, n in bands) / sum(n for _, n in bands)
    data["services"]["unpaid-care"] = (carers * hours * 60 * 365 / 7, "census 2021, the middle of each band of hours: minutes a head")
    return data


# The row of the deciles with which a category of the entries is compared, where the names differ.
DECILES_OF = {"child-tax-credit": "tax-credits", "school-place": "education", "gp-consultation": "nhs", "accident-and-emergency": "nhs",
              "inpatient-stay": "nhs", "outpatient-attendance": "nhs"}


def compare(place, data, pack):
    """A list of (year, category, sums, mine per head, published per head, source, decile difference) and those outside the bounds."""
    table, outside, faults = [], [], []
    for label in YEARS:
        heads, houses, found = place.heads(label), place.households(label), sum_year(place, label, pack, faults)
        for category in sorted(found):
            s = found[category]
            total = (DECILES_OF.get(category, category), label)
            money = s.money
            mine = s.total / heads / (100 if money else 1)
            theirs, source = data["totals"][total] if total in data["totals"] else data["services"].get(category, (None, ""))
            widest = None
            shape = data["deciles"].get(DECILES_OF.get(category, category))
            if shape and category != "employer-national-insurance" and not (category == "winter-fuel-payment" and label == "2024-25"):
                means = [s.deciles[i] / houses[i] if houses[i] else 0 for i in range(10)]
                means_all, all_of = sum(means), sum(shape[0])
                if means_all > 0:
                    widest = max(((100 * (means[i] / means_all - shape[0][i] / all_of)) for i in range(10)), key=abs)
            many = len(s.people) >= FEWEST
            head, points = bounds(category)
            if theirs and many and abs(mine / theirs - 1) > head:
                outside.append("%s %s: %.2f a head, published %.2f" % (label, category, mine, theirs))
            if widest is not None and many and abs(widest) > points:
                outside.append("%s %s: a decile's share is %.1f points off" % (label, category, widest))
            caseload = data["caseloads"].get((category, label))
            table.append((label, category, s, mine, theirs, source, widest, money, many, caseload * heads if caseload else None))
    return table, outside, faults


def signed(x):
    text = "%+.1f" % x
    return "0.0" if text in ("-0.0", "+0.0") else text


def people_table(place):
    """Rows of (what, here, published, source): who lives there, a thousand people or households at a time."""
    ages, dying, out = {}, {}, []
    for r in rows(ROOT, "sample", "ages.csv"):
        ages[r["sex"], int(r["age"])] = float(r["persons"])
    for r in rows(ROOT, "sample", "deaths.csv"):
        dying[r["sex"], int(r["age"])] = float(r["qx"])
    everyone = sum(ages.values())
    first = year_days(YEARS[0])[0]
    started = [r["id"] for r in rows(place.folder, "people.csv")]
    n = len(started)

    def age(p):
        b = place.born[p]
        return first.year - b.year - ((first.month, first.day) < (b.month, b.day))

    for name, low, high in (("children under 16", 0, 15), ("aged 16 to 65", 16, 65), ("66 and over", 66, 100), ("85 and over", 85, 100)):
        here = sum(low <= min(age(p), 100) <= high for p in started)
        out.append((name + ", a thousand people", 1000 * here / n, 1000 * sum(v for (s, a), v in ages.items() if low <= a <= high) / everyone, "ONS, England mid-2023"))
    out.append(("women and girls, a thousand people", 1000 * sum(place.sex[p] == "F" for p in started) / n,
                1000 * sum(v for (s, a), v in ages.items() if s == "F") / everyone, "ONS, England mid-2023"))
    population = {r["what"]: r for r in rows(ROOT, "sample", "population.csv")}
    houses = list(rows(place.folder, "households.csv"))
    out.append(("households, a thousand people", 1000 * len(houses) / n,
                1000 * float(population["uk-households-thousands"]["2023"]) / float(population["uk-thousands"]["2023"]), "ONS, UK 2023"))
    tenures = {r["tenure"].replace("-", " "): float(r["thousands"]) for r in rows(ROOT, "sample", "tenure.csv")}
    for t, v in tenures.items():
        out.append((t + ", a thousand households", 1000 * sum(h["tenure"] == t for h in houses) / len(houses), 1000 * v / sum(tenures.values()), "ONS, UK 2023"))
    years = sum(place.heads(y) for y in YEARS)
    births = sum(b > first for b in place.born.values())
    mothers = 0
    for r in rows(ROOT, "sample", "births.csv"):
        mothers += float(r["per_1000_women"]) / 1000 * sum(v for (s, a), v in ages.items() if s == "F" and int(r["from"]) <= a <= int(r["to"]))
    out.append(("births a year, a thousand people", 1000 * births / years, 1000 * mothers / everyone, "ONS rates of 2024 on England's women"))
    deaths = sum(v * dying[k] for k, v in ages.items())
    out.append(("deaths a year, a thousand people", 1000 * len(place.died) / years, 1000 * deaths / everyone, "ONS life table 2022 to 2024 on England's people"))
    return out


def figure(x, money):
    return "" if x is None else ("%s%s" % ("£" if money else "", "{:,.5f}".format(x) if x < 0.01 else "{:,.2f}".format(x) if x < 1000 else "{:,.0f}".format(x)))


def as_markdown(table, people_rows, people, seed):
    out = ["%s people, seed %s. Per head of everyone who lived there, each counted for the days they did; a published figure is the UK's total over the UK's people unless its source says otherwise."
           % ("{:,}".format(people), seed), ""]
    out += ["### The people", "", "| what | here | published | difference | published source |", "|---|--:|--:|--:|---|"]
    for what, here, theirs, source in people_rows:
        out.append("| %s | %.1f | %.1f | %s %% | %s |" % (what, here, theirs, signed(100 * (here / theirs - 1)), source))
    out.append("")
    for label in YEARS:
        out += ["### %s" % label, "", "| category | people | published people | lines | a head here | published | difference | widest decile | published source |",
                "|---|--:|--:|--:|--:|--:|--:|--:|---|"]
        for y, category, s, mine, theirs, source, widest, money, many, caseload in table:
            if y != label:
                continue
            wrong = theirs and many and abs(mine / theirs - 1) > HEAD_TOLERANCE
            off = widest is not None and many and abs(widest) > DECILE_TOLERANCE
            out.append("| %s | %s | %s | %s | %s | %s | %s | %s | %s |" % (
                category + (" (rules)" if category in RULED else ""), "{:,}".format(len(s.people)), "" if caseload is None else "{:,.0f}".format(caseload), "{:,}".format(s.lines), figure(mine, money), figure(theirs, money),
                "" if not theirs else "%s%s %%%s" % ("**" if wrong else "", signed(100 * (mine / theirs - 1)), "**" if wrong else ""),
                "" if widest is None else "%s%s%s" % ("**" if off else "", signed(widest), "**" if off else ""), source or "none"))
        out.append("")
    out += ["### What the rules make, and why it differs", "",
            "| category | at most a head | at most in a decile | here, a head | here, in a decile | why |", "|---|--:|--:|--:|--:|---|"]
    for category, (head, points, why) in RULED.items():
        mine = [row for row in table if row[1] == category]
        heads = [100 * (row[3] / row[4] - 1) for row in mine if row[4]]
        deciles = [row[6] for row in mine if row[6] is not None]
        out.append("| %s | %d %% | %g points | %s | %s | %s |" % (
            category, round(100 * head), points, "%s to %s %%" % (signed(min(heads)), signed(max(heads))) if heads else "",
            signed(max(deciles, key=abs)) if deciles else "", why))
    out.append("")
    return "\n".join(out)


def put_between(path, text):
    begin, end = "<!-- table: begin -->", "<!-- table: end -->"
    with open(path, encoding="utf-8") as f:
        page = f.read()
    head, rest = page.split(begin, 1)
    tail = rest.split(end, 1)[1]
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + begin + "\n" + text + "\n" + end + tail)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dir")
    parser.add_argument("--pack")
    parser.add_argument("--table")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--any-size", action="store_true", help="look up only: do not judge the figures of a small place")
    options = parser.parse_args()
    place, data = Place(options.dir), published()
    table, outside, faults = compare(place, data, options.pack)
    for label, category, s, mine, theirs, _, widest, money, many, _ in table:
        print("%s %-36s %6d people %7d lines %10.2f a head %10s %8s %6s%s" % (
            label, category, len(s.people), s.lines, mine, "-" if theirs is None else "%.2f" % theirs,
            "-" if not theirs else "%+.1f%%" % (100 * (mine / theirs - 1)), "-" if widest is None else "%+.1f" % widest, "" if many else "  (few)"))
    people_rows = people_table(place)
    for what, here, theirs, _ in people_rows:
        print("%-44s %8.1f here %8.1f published %+.1f%%" % (what, here, theirs, 100 * (here / theirs - 1)))
        if abs(here / theirs - 1) > HEAD_TOLERANCE:
            outside.append("%s: %.1f, published %.1f" % (what, here, theirs))
    if options.any_size:
        outside = []
    outside += faults
    if options.table:
        started = sum(1 for _ in rows(options.dir, "people.csv"))
        put_between(options.table, as_markdown(table, people_rows, started, options.seed))
    for line in outside[:40]:
        print("outside:", line)
    print("%d figures, %d outside" % (len(table) + len(people_rows), len(outside)))
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
