#!/usr/bin/env python3
"""Hides what a published file says of a payment's service, has the program map it from the other columns by the pack's rules, and compares: prints the
table of what was hidden by what was mapped, and how many rows and pounds have a category with and without the hidden column.

    hidden_categories.py FILE...      Hyndburn's files since April 2024, whose Service Area tells the service; run in the folder of a case

No file here publishes labels of SeRCOP itself: the service areas were given the division of SeRCOP to which the revenue outturn counts them, by hand,
and those that belong to several divisions, or to none (property, finance, vehicles), were left out."""
import collections
import csv
import io
import json
import os
import subprocess
import sys

DIVISION = {"CAE": "environmental-and-regulatory", "CAB": "environmental-and-regulatory", "CAA": "environmental-and-regulatory", "BAA": "environmental-and-regulatory", "BAB": "environmental-and-regulatory",
            "BAC": "environmental-and-regulatory", "DAH": "environmental-and-regulatory", "DAK": "environmental-and-regulatory", "FAC": "culture-and-related", "FAF": "housing-services", "FAD": "housing-services",
            "FAA": "planning-and-development", "FAG": "planning-and-development", "EAD": "planning-and-development", "EAA": "planning-and-development", "EAB": "highways-and-transport",
            "DAG": "central-services", "DAA": "central-services", "DAI": "central-services"}
HEADINGS = ["Department Area", "Service Area", "Description", "Line", "HBC Ref No.", "Name", "Payment Date", "Amount Paid"]


def labelled(paths):
    """The rows whose service area has a division, in the program's own headings: (division, row)."""
    for path in paths:
        with open(path, "rb") as file:
            text = file.read()
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = text.decode("cp1252")
        for row in csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))):
            row = [cell.strip() for cell in row]
            if len(row) < 8 or row[1][:3] not in DIVISION:
                continue
            try:
                float(row[7].replace(",", ""))
            except ValueError:
                continue
            yield DIVISION[row[1][:3]], [*row[:6], "2024-05-01", row[7].replace(",", "")]


def mapped(rows, name, hidden):
    """The category of each row, by its number, which is its reference; and what the import counted."""
    with open(name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for n, row in enumerate(rows):
            writer.writerow([row[0], "" if hidden else row[1], row[2], "1", f"{name}-{n}", *row[5:]])
    said = subprocess.run(["weal", "import", "spend", "--body", "hyndburn", "--format", "json", name], check=True, capture_output=True, text=True).stdout
    exported = subprocess.run(["weal", "export", "spend"], check=True, capture_output=True, text=True).stdout
    found = {row["reference"]: row for row in csv.DictReader(io.StringIO(exported)) if row["reference"].startswith(name + "-")}
    for row in found.values():  # a mapped category says by which rule it is, and nothing else does
        assert (row["category"] != "supplier-payment") == row["description"].startswith("(category by rule "), row
    return [found[f"{name}-{n}"]["category"] for n in range(len(rows))], json.loads(said)["decisions"]["categories"]


pairs = list(labelled(sys.argv[1:]))
rows = [row for _, row in pairs]
table, right, wrong = collections.Counter(), 0, 0
seen, counts = mapped(rows, "seen.csv", False)
blind, counts_blind = mapped(rows, "hidden.csv", True)
for (division, _), category in zip(pairs, blind):
    table[division, category] += 1
    right += division == category
    wrong += category not in (division, "supplier-payment")
columns = sorted({category for _, category in table})
print(f"{'hidden, by what was mapped':30}", *[f"{c[:14]:>15}" for c in columns])
for division in sorted({d for d, _ in table}):
    print(f"{division:30}", *[f"{table[division, c]:15}" for c in columns])
for name, found, n in (("with the service", seen, counts), ("without it", blind, counts_blind)):
    both = sum(found[i] == pairs[i][0] for i in range(len(pairs)))
    said = n["by_rule"]["rows"]
    assert said + n["none"]["rows"] == len(rows) and sum(n[k]["amount"] for k in n) == round(sum(float(row[7]) for row in rows) * 100), n
    print(f"{name}: {said} of {len(rows)} rows and {n['by_rule']['amount'] / 100:,.2f} pounds of {sum(n[k]['amount'] for k in n) / 100:,.2f} by a rule; {both} as labelled, {both / max(said, 1):.3f} of those mapped")
ok = seen and sum(s == d for s, (d, _) in zip(seen, pairs)) >= 0.95 * counts["by_rule"]["rows"] and right >= 0.85 * (right + wrong)
print("ok" if ok else "too many are mapped wrongly")
sys.exit(not ok)
