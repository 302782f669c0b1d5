#!/usr/bin/env python3
"""Looks for private people in the payments that are published one by one: random bodies, years, categories and people, each text about a person marked, some payments undone.

Every amount is of one row, so the published row of a private person is led back to whose it was. A category must be of ten of them or not be shown, those whose category is not shown must be ten together,
and where ten were not paid nothing is there. What is posted later moves no file before the next edition, and a link in place of a folder is not followed."""
import collections
import csv
import glob
import io
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import Folder, POSTGRESQL, Tried  # noqa: E402

FEWEST = 10
CATCH_ALL = "supplier-payment"
CATEGORIES = ("home-care", "residential-care", "housing", "")
MARK = "Zeugma"  # stands in every name and text of a private person
tried = Tried()


def rows_of(draw, number):
    """date, body, supplier, amount, category, department, description, reference, place, whose (None: a company)"""
    rows, pence = [], 100
    for body in ("b1", "b2", "b3", "b4"):
        people = [f"Mr {chr(65 + i % 26)}{chr(97 + i // 26)}x {MARK}" for i in range(draw.choice((0, 3, 9, 10, 11, 14, 30)))]
        usual = {p: draw.choice(CATEGORIES) for p in people}
        for _ in range(draw.randrange(60)):
            pence += draw.randrange(1, 9)
            rows.append([f"2025-{draw.randrange(5, 12):02}-{draw.randrange(1, 28):02}", body, f"Acme {draw.randrange(5)} Ltd", f"{pence / 100:.2f}", draw.choice(CATEGORIES), "Roads", "Gravel", "R", "T1", None])
        for p in people:
            for _ in range(draw.randrange(1, 4)):
                pence += draw.randrange(1, 9)
                rows.append([f"2025-{draw.randrange(5, 12):02}-{draw.randrange(1, 28):02}", body, p, f"{pence / 100:.2f}", draw.choice((usual[p], usual[p], draw.choice(CATEGORIES))), f"{MARK} team",
                             f"Help for {p}", f"{MARK}-{p[3]}", "N1", p])
    draw.shuffle(rows)
    return rows


def to_csv(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["date", "body", "supplier", "amount", "category", "department", "description", "reference", "place"]] + [r[:9] for r in rows])
    return out.getvalue()


def published(folder):
    out = {}
    for path in glob.glob(f"{folder}/payments/2025-26/*.csv"):
        with open(path) as f:
            out[os.path.basename(path)[:-4]] = list(csv.DictReader(f))
    return out


def bytes_of(folder):
    out = {}
    for path in sorted(glob.glob(folder + "/**/*", recursive=True)):
        if os.path.isfile(path):
            with open(path, "rb") as f:
                out[path[len(folder):]] = f.read()
    return out


def hold(number, rows, files):
    by_amount = {r[3]: r for r in rows}
    for body in ("b1", "b2", "b3", "b4"):
        true, seen = [r for r in rows if r[1] == body], files.get(body, [])
        private = [r for r in seen if r["supplier"] == "a private person"]
        people = {r[9] for r in true if r[9]}
        whose = collections.defaultdict(set)
        for r in private:
            whose[r["category"]].add(by_amount[r["amount"]][9])
        what = f"random book {number}, {body}, {len(people)} people"
        tried.that(f"{what}: payments to companies are all there", sorted(r["amount"] for r in seen if r not in private) == sorted(r[3] for r in true if not r[9]), len(seen))
        tried.that(f"{what}: those to people are all there, or none of fewer than ten", len(private) == (len([r for r in true if r[9]]) if len(people) >= FEWEST else 0), len(private))
        tried.that(f"{what}: each category is of ten", all(len(p) >= FEWEST for p in whose.values()), {c: len(p) for c, p in whose.items()})
        tried.that(f"{what}: a category that is shown is the true one", all(r["category"] in (CATCH_ALL, by_amount[r["amount"]][4]) for r in private))
        tried.that(f"{what}: nothing else is told of them", not any(r[c] for r in private for c in ("department", "description", "reference", "place")))
        order = [(r["date"], float(r["amount"])) for r in private]
        tried.that(f"{what}: they stand by day and amount", order == sorted(order))


def attack(store, number):
    draw = random.Random(number)
    with Folder(store=store) as f:
        f.sound("import", "places", f.write("pl.csv", "code,name,kind,parent\nT1,Testham,locality,\nN1,North,neighbourhood,T1\n"), "--quiet")
        f.sound("import", "bodies", f.write("b.csv", "id,name,kind\n" + "".join(f"b{i},Body {i},council\n" for i in range(1, 5))), "--quiet")
        f.sound("import", "entries", f.write("e.csv", "date,person,category,amount\n2025-05-01,A1,income-tax,100.00\n"), "--quiet")
        rows, undone = rows_of(draw, number), rows_of(random.Random(number + 1000), number)[:40]
        f.sound("import", "spend", f.write("u.csv", to_csv(undone)), "--quiet")
        f.sound("reverse", f"import:{f.rows('select max(id) from import')[0][0]}", "--reason", "twice", "--quiet")
        f.sound("import", "spend", f.write("s.csv", to_csv(rows)), "--quiet")
        f.sound("publish", "out", "--quiet")
        out = os.path.join(f.path, "out")
        before = bytes_of(out)
        hold(number, rows, published(out))
        tried.that(f"random book {number}: no byte that is published is about one of them", not any(MARK.encode() in b for b in before.values()), [p for p, b in before.items() if MARK.encode() in b])
        f.sound("import", "spend", f.write("l.csv", to_csv([["2025-06-01", "b1", f"Mr Late {MARK}", "9999.99", "home-care", "", "", "", ""]])), "--quiet")
        f.sound("publish", "out", "--quiet")
        tried.that(f"random book {number}: what is posted later moves nothing before the next edition", bytes_of(out) == before)
        os.makedirs(os.path.join(f.path, "linked"))
        os.makedirs(os.path.join(f.path, "elsewhere"))
        os.symlink(os.path.join(f.path, "elsewhere"), os.path.join(f.path, "linked", "payments"))
        done = f.weal("publish", "linked", "--quiet")
        tried.that("a link in place of the folder of payments is not followed", done.returncode != 0 and not os.listdir(os.path.join(f.path, "elsewhere")), done.stderr)


for engine in (None, POSTGRESQL) if POSTGRESQL else (None,):
    for book in range(1, 3 if engine else 6):
        attack(engine, book)
tried.end()
