#!/usr/bin/env python3
"""Random files of streams, budgets and spending, whole and partial, CSV and JSON Lines, some undone again, computed a second time: which stream a
budget names, what is added, what is refused. After each file the exports and the budgets of the place's account must equal the result here; and a
book made of the exports gives them again, byte for byte. `PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes more books (1 when unset), on
each engine there is; what earlier runs found is always tried."""
import csv, io, json, os, random, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
FILES, ROWS = 12, 25
FOUND = [583701288, 622390518]  # a name that is the code of a stream of the same file; two streams of one name
STREAMS = "stream,name,owner,payer,kind,year,amount,source,condition,category,people,place,from,to".split(",")
BUDGET = "year,body,stream,category,amount,conditions".split(",")
SPEND = "date,body,supplier,amount,category,department,description,reference,place".split(",")
BODIES = ["alpha", "beta", "gamma"]
CATEGORIES = ["home-care", "highways-and-transport", "childcare-hours"]
TEXTS = ["ring-fenced", "a, b", 'in "quotes"', "a\ttab", "two\nlines", "café; naïve", "x" * 300, "ring", "ring-fenced; one year"]
NAMES = ["General fund", "Early years", "early years", "Roads & bridges", "general-fund", "Café", "€", "Adult\tcare", "s1", "s2"]


def weal(store, *arguments):
    return subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)


def sound(run):
    if run.returncode:
        raise AssertionError(run.stderr.strip())
    return run.stdout


def clean(text):
    return re.sub("[\t\n\r]", " ", text)


def code_of(name, number):
    parts = re.findall(r"[a-z0-9]+", "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in name))
    return ("-".join(parts) or "stream") + (f"-{number}" if number > 1 else "")


class Book:
    """What the files should make of it, in the simplest way."""

    def __init__(self):
        self.streams = {}  # by code, in order
        self.budgets, self.payments = {}, {}  # lists of rows, by import

    def take_stream(self, row, told):
        """False: refused, and nothing of it is kept."""
        held = self.streams.get(row["stream"])
        new = held is None
        s = held or {"name": "", "owner": "", "payer": "", "kind": "", "years": {}, "conditions": []}
        if not row["stream"] or row["owner"] == "nobody" or row["kind"] == "both" or (row["year"] and row["condition"]):
            return False
        if new and not (row["name"] and row["owner"]):
            return False
        given = {k: clean(row[k]) for k in ("name", "owner", "payer", "kind") if row[k]}
        if not new and row["owner"] not in ("", s["owner"]):
            return False
        if not new and row["stream"] in told and any(s[k] and s[k] != v for k, v in given.items()):
            return False
        if not row["year"] and (row["amount"] or row["source"]):
            return False
        if row["year"] and not (row["amount"] and row["source"]):
            return False
        condition = tuple(clean(row[k]) for k in STREAMS[8:])
        if not row["condition"] and any(condition):
            return False
        if row["from"] and row["to"] and row["to"] < row["from"]:
            return False
        s.update(given)
        if row["year"]:
            s["years"][row["year"]] = (row["amount"], row["source"])
        if row["condition"] and condition not in s["conditions"]:
            s["conditions"].append(condition)
        self.streams[row["stream"]] = s
        told.add(row["stream"])
        return True

    def named(self, body, text):
        if text in self.streams and self.streams[text]["owner"] == body:
            return text
        for code, s in self.streams.items():
            if s["owner"] == body and s["name"] == text:
                return code
        return None

    def stream_of(self, body, text):
        """The code of the stream that a budget names; adds it."""
        text = clean(text)
        if self.named(body, text):
            return self.named(body, text)
        number = 1
        while code_of(text, number) in self.streams:
            number += 1
        self.streams[code_of(text, number)] = {"name": text, "owner": body, "payer": "", "kind": "", "years": {}, "conditions": []}
        return code_of(text, number)

    def exports(self):
        streams = []
        for code, s in self.streams.items():
            head = [code, s["name"], s["owner"], s["payer"], s["kind"]]
            years = [head + [y, *s["years"][y]] + [""] * 6 for y in sorted(s["years"])]
            streams += years + [head + [""] * 3 + list(c) for c in s["conditions"]] or [head + [""] * 9]
        def shown(r):
            name = self.streams[r["code"]]["name"]
            return name if self.named(r["body"], name) == r["code"] else r["code"]
        budget = [[r["year"], r["body"], shown(r), r["category"], r["amount"], clean(r["conditions"])] for rows in self.budgets.values() for r in rows]
        spend = [[r["date"], r["body"], r["supplier"], r["amount"], r["category"], clean(r["department"]), clean(r["description"]), r["reference"], r["place"]] for rows in self.payments.values() for r in rows]
        return {"streams": streams, "budget": sorted(budget), "spend": sorted(spend)}

    def account(self, year):
        out = {}
        for rows in self.budgets.values():
            for r in rows:
                if r["year"] == year:
                    key = (r["body"], r["code"], self.streams[r["code"]]["name"], r["category"])
                    out[key] = out.get(key, 0) + round(float(r["amount"]) * 100)
        return out


def money(r):
    return f"{r.randrange(1, 10**7) / 100:.2f}"


def stream_row(r):
    row = dict.fromkeys(STREAMS, "")
    row.update(stream=r.choice(["", *(f"s{i}" for i in range(6)), "general-fund", "early-years"]) if r.random() < 0.1 else f"s{r.randrange(5)}")
    if r.random() < 0.6:
        row.update(name=r.choice(NAMES), owner=r.choice(BODIES) if r.random() < 0.95 else "nobody")
    if r.random() < 0.3:
        row.update(payer=r.choice(BODIES), kind=r.choice(["revenue", "capital", "revenue", "both"]) if r.random() < 0.5 else "")
    if r.random() < 0.5:
        row.update(year=r.choice(["2024-25", "2025-26"]), amount=money(r), source=r.choice(TEXTS[:3]) if r.random() < 0.95 else "")
    elif r.random() < 0.7:
        row.update(condition=r.choice(TEXTS) if r.random() < 0.9 else "", category=r.choice(["", *CATEGORIES]), people=r.choice(["", "children, aged 3"]),
                   place=r.choice(["", "L1"]), **{"from": r.choice(["", "2025-04-01"]), "to": r.choice(["", "2025-03-31", "2026-03-31"])})
    return row


def budget_row(r):
    return {"year": r.choice(["2024-25", "2025-26"]), "body": r.choice(BODIES), "stream": r.choice(NAMES), "category": r.choice(CATEGORIES), "amount": money(r),
            "conditions": r.choice(["", "", *TEXTS])}


def spend_row(r):
    return {"date": f"2025-0{r.randrange(4, 8)}-01", "body": r.choice(BODIES), "supplier": r.choice(["Acme", "A, B & Co", "Rhys"]), "amount": money(r), "category": r.choice(CATEGORIES),
            "department": r.choice(["", *TEXTS]), "description": r.choice(["", *TEXTS]), "reference": r.choice(["", "r1"]), "place": r.choice(["", "L1"])}


def write(path, columns, rows, as_json):
    with open(path, "w", newline="") as f:
        if as_json:
            f.writelines(json.dumps({k: v for k, v in row.items() if v}) + "\n" for row in rows)
        else:
            table = csv.DictWriter(f, columns, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)


def new_book(store, folder):
    sound(weal(store, "init", "--place", "L0,Held"))
    path = os.path.join(folder, "setup.csv")
    for kind, head, rows in (("places", "code,name,kind,parent", ["L1,L1,neighbourhood,L0"]), ("bodies", "id,name,kind", [f"{b},{b.title()},council" for b in BODIES])):
        with open(path, "w") as f:
            f.write("\n".join([head, *rows]) + "\n")
        sound(weal(store, "import", kind, path))


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))[1:]


def compare(store, book):
    for kind, wanted in book.exports().items():
        got = rows_of(sound(weal(store, "export", kind)))
        got = got if kind == "streams" else sorted(got)
        if got != wanted:
            raise AssertionError(f"{kind}: {len(got)} rows of {len(wanted)}; the first that differ: {[p for p in zip(got, wanted) if p[0] != p[1]][:1]}")
    for year in ("2024-25", "2025-26"):
        asked = weal(store, "place", "--year", year, "--format", "json")
        # there is no account of a year in which nothing is recorded
        rows = [] if asked.returncode == 1 and "nothing is recorded" in asked.stderr else json.loads(sound(asked))["budget"]
        got = {(r["body"], r["stream_code"], r["stream"], r["category"]): r["amount"] for r in rows}
        if got != book.account(year) or len(got) != len(rows):
            raise AssertionError(f"the account of {year}: {got} and not {book.account(year)}")


def a_book(store, second, folder, seed):
    r, book = random.Random(seed), Book()
    path = os.path.join(folder, "file.csv")
    new_book(store, folder)
    for _ in range(FILES):
        kind, columns, make = r.choice([("streams", STREAMS, stream_row), ("budget", BUDGET, budget_row), ("spend", SPEND, spend_row)])
        rows = [make(r) for _ in range(r.randrange(1, ROWS))]
        write(path, columns, rows, r.random() < 0.3)
        told = set()
        refused = sum(not book.take_stream(row, told) for row in rows) if kind == "streams" else 0
        summary = json.loads(sound(weal(store, "import", kind, "--partial", "--rejects", os.path.join(folder, "rejects.csv"), "--format", "json", path)).splitlines()[0])
        if summary["rejected"] != refused:
            raise AssertionError(f"{kind}: {summary['rejected']} rows refused, {refused} expected")
        if kind == "budget":
            book.budgets[summary["import"]] = [dict(row, code=book.stream_of(row["body"], row["stream"])) for row in rows]
        if kind == "spend":
            book.payments[summary["import"]] = rows
        posted = [*book.budgets, *book.payments]
        if posted and r.random() < 0.2:
            undone = r.choice(posted)
            sound(weal(store, "reverse", f"import:{undone}", "--reason", "drawn", *(["--on", "2026-05-01"] if undone in book.payments and r.random() < 0.3 else [])))
            book.budgets.pop(undone, None), book.payments.pop(undone, None)
        compare(store, book)
    sound(weal(store, "audit"))
    kinds = ("bodies", "streams", "budget", "spend")
    form = r.choice(["csv", "json"])
    given = {kind: sound(weal(store, "export", kind, "--format", form)) for kind in kinds}
    for n in range(2):  # files of one day in several imports are in the order of categories afterwards
        at = f"{second}{n}" if second.startswith("sqlite:") else second
        if n and at == second:
            break
        new_book(at, folder)
        for kind in kinds:
            with open(path, "w", newline="") as f:
                f.write(given[kind])
            if given[kind] and (form == "json" or rows_of(given[kind])):
                sound(weal(at, "import", kind, path))
        again = {kind: sound(weal(at, "export", kind, "--format", form)) for kind in kinds}
        for kind in kinds:
            if sorted(again[kind].splitlines()) != sorted(given[kind].splitlines()) or (n and again[kind] != given[kind]):
                raise AssertionError(f"{kind}: another book made of the export gives another one")
        given = again


def stores(folder, n):
    yield f"sqlite:{folder}/{n}.db", f"sqlite:{folder}/{n}-second.db"
    if SERVER:
        names = [f"streams_{os.getpid()}_{n}", f"streams_{os.getpid()}_{n}_second"]
        for name in names:
            subprocess.run(["psql", "-qX", SERVER, "-c", f"create schema {name}"], check=True)
        mark = "&" if "?" in SERVER else "?"
        yield tuple(f"{SERVER}{mark}options=-csearch_path%3D{name}" for name in names)


def main():
    seed, rounds = int(os.environ.get("PROPERTY_SEED", random.randrange(1 << 30))), int(os.environ.get("PROPERTY_ROUNDS", 1))
    seeds = [] if "PROPERTY_SEED" in os.environ else list(FOUND)
    seeds += range(seed, seed + rounds)
    passed = failed = 0
    for n, drawn in enumerate(seeds):
        with tempfile.TemporaryDirectory() as folder:
            for store, second in stores(folder, n):
                try:
                    a_book(store, second, folder, drawn)
                    passed += 1
                except AssertionError as wrong:
                    failed += 1
                    print(f"FAIL {store.split(':')[0]}, PROPERTY_SEED={drawn} PROPERTY_ROUNDS=1: {wrong}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
