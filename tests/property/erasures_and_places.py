#!/usr/bin/env python3
"""Erasing people changes no account of a place: every amount, in every grouping, of every place and year, and what is unattributed, is the same to
the penny before and after; the same for retention. The audit finds nothing, and a file can be reversed afterwards with the same result.

Books are those of histories.py. `PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes more books (1 when unset), on each engine there is."""
import json, os, random, shutil, subprocess, sys, tempfile, urllib.parse

import histories as books

FIGURES = ("paid", "employer", "received", "services", "given_minutes")
# Counts of people, and values of their time, change with an erasure.
OTHERS = ("people", "given_value", "estimated", "per_head", "sources", "notes", "places")


def account(run, place, year, by):
    """Rows by key, without those that are zero in every figure; and the figures beside them."""
    a = json.loads(run.weal("place", place, "--year", books.year_text(year), "--by", by, "--format", "json"))
    rows = {r["key"]: tuple(r[f] for f in FIGURES if f in r) for r in a["by"]}
    for row in a["by"]:
        if not row["people"] and not any(row[f] for f in FIGURES if f in row):
            raise AssertionError(f"{place} {year} by {by}: the row {row['key']} has no figure and is nobody's")
    return {k: r for k, r in rows.items() if any(r)}, a["unattributed"], a["spend"], a["budget"]


def accounts(run):
    """Of the top place in every grouping, of the others by category: what a place's sum leaves out is left out in each grouping."""
    wanted = [(place, by) for place in books.PLACES for by in (books.BYS if place == next(iter(books.PLACES)) else ["category"])]
    return {(place, year, by): account(run, place, year, by) for place, by in wanted for year in books.YEARS}


def differences(before, after):
    return [f"{k}: {before[k]} became {after[k]}" for k in before if before[k] != after[k]]


def audit(run):
    """Finds nothing but lines outside a life, which a merge of two records may leave."""
    for sentence in json.loads(run.run("audit", "--format", "json").stdout)["differs"]:
        if "dated before their birth or after their death" not in sentence:
            raise AssertionError(f"the audit finds: {sentence}")


def retain(run, r):
    """A pack of which half the categories are kept for one year."""
    pack = os.path.join(run.folder, "pack-of-one-year")
    shutil.copytree(os.path.join(run.folder, "pack"), pack)
    kept = r.sample([c for c in books.CATEGORIES if c in books.MONEY + books.GIVEN or c in {c for c, _ in books.SERVICES.values()}], 6)
    with open(os.path.join(pack, "retention.csv"), "w") as f:
        f.write("category,years,source\n" + "".join(f"{c},1,made up\n" for c in kept))
    run.weal("erase", "--retention", "--on", "2026-01-15", "--policy", pack)


def check(run, history):
    book, r = history.book, history.r
    before = accounts(run)
    wrong = []
    people = book.citizens()
    merged = [p for p in people if len(book.records(p)) > 1]
    for code in r.sample(people, 6) + merged[:1]:
        try:
            run.weal("erase", code, "--reason", "asked for it")
        except AssertionError as e:
            if "nobody in the register" not in str(e):
                raise
    wrong += differences(before, accounts(run))
    audit(run)
    retain(run, r)
    wrong += differences(before, accounts(run))
    audit(run)
    for code in [p for p in people if p not in merged]:  # all that are left
        try:
            run.weal("erase", code, "--reason", "asked for it")
        except AssertionError as e:
            if "nobody in the register" not in str(e):
                raise
    wrong += differences(before, accounts(run))
    left = [file for file, lines in history.imports.items() if any(not l.undone for l in lines)]
    for file in left[:1]:  # none: the history undid all of them
        run.weal("reverse", f"import:{file}", "--reason", "the wrong file")
    audit(run)
    return wrong


def one(url, seed):
    folder = tempfile.mkdtemp()
    run = books.Run(url or f"sqlite:{folder}/weal.db", folder)
    history = books.History(run, seed)
    try:
        history.happen()
        wrong = check(run, history)
    except AssertionError as e:
        wrong = [str(e)]
    finally:
        shutil.rmtree(folder)
    for w in wrong[:10]:
        print(w)
    return not wrong


def on_postgresql(seed):
    name = f"erasures_{os.getpid()}"
    psql = lambda sql: subprocess.run(["psql", "-qXd", books.SERVER, "-c", sql], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    psql(f"create database {name}")
    try:
        return one(urllib.parse.urlunsplit(urllib.parse.urlsplit(books.SERVER)._replace(path="/" + name)), seed)
    finally:
        psql(f"drop database {name}")


def main():
    first = int(os.environ.get("PROPERTY_SEED", random.SystemRandom().randrange(1 << 30)))
    passed = failed = 0
    for seed in range(first, first + int(os.environ.get("PROPERTY_ROUNDS", "1"))):
        for engine, how in [("sqlite", lambda: one(None, seed))] + ([("postgresql", lambda: on_postgresql(seed))] if books.SERVER else []):
            ok = how()
            passed, failed = passed + ok, failed + (not ok)
            print(f"{'pass' if ok else 'FAIL'} erasures and places [{engine}], seed {seed}")
    print(f"{passed} passed, {failed} failed, {0 if books.SERVER else 1} skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
