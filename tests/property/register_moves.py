#!/usr/bin/env python3
"""Random files of people, whole and partial, CSV and JSON Lines, computed a second time: moves, corrections, absent and empty columns, numbers that
somebody else has, rows that say otherwise than an earlier one. After each file the export must equal the result here; and importing an export again, into the same book or an empty one, changes
nothing. `PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes more books (1 when unset), on each engine there is."""
import csv, io, json, os, random, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
FILES, ROWS, PEOPLE = 8, 40, 30
COLUMNS = ["id", "name", "born", "died", "sex", "household", "place", "from", "nino", "nhs", "utr", "email"]
TOLD = ["died", "sex", "household", "place", "from", "nino", "email"]  # which of these a file has is drawn


def weal(store, *arguments):
    return subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)


def sound(run):
    if run.returncode:
        raise AssertionError(run.stderr.strip())
    return run.stdout


def new_book(store, folder):
    sound(weal(store, "init", "--place", "L0,Held"))
    path = os.path.join(folder, "setup.csv")
    for kind, head, rows in (("places", "code,name,kind", [f"L{i},L{i},locality" for i in range(5)]),
                             ("households", "id,place", [f"H{i},L{i % 5}" for i in range(8)])):
        with open(path, "w") as f:
            f.write("\n".join([head, *rows]) + "\n")
        sound(weal(store, "import", kind, path))


class Register:
    """The reference's people, in the simplest way."""

    def __init__(self):
        self.people = {}

    def take(self, row):
        """Takes a row, in which a missing key was not given; False when it must be refused."""
        if row.get("nino") and any(p["nino"][:8] == row["nino"][:8] for i, p in self.people.items() if i != row["id"]):
            return False  # HMRC NIM39110: unique without the last letter
        if row.get("died", self.people.get(row["id"], {}).get("died", "")) > "" and row.get("died", self.people.get(row["id"], {}).get("died", "")) < row["born"]:
            return False
        person = self.people.setdefault(row["id"], dict.fromkeys(["name", "born", "died", "sex", "nino", "email"], ""))
        person.update({c: row[c] for c in row if c in person})
        stays = person.setdefault("stays", [])
        day = row.get("from", "")
        at = sum(1 for s in stays if s[0] <= day) if day else len(stays)
        before = stays[at - 1] if at else ("", "", "")
        stay = (before[0], row.get("household", before[1]), row.get("place", before[2]))
        if at and day in ("", before[0]):
            stays[at - 1] = stay
        else:
            stays.insert(at, (day, *stay[1:]))
        if stays[0] == ("", "", ""):  # nowhere from birth on means the same as no residence
            del stays[0]
        return True

    def export(self):
        rows = []
        for code in sorted(self.people, key=lambda c: c.encode()):
            p = self.people[code]
            for day, household, place in p["stays"] or [("", "", "")]:
                rows.append([code, p["name"], p["born"], p["died"], p["sex"], household, place, day, p["nino"], "", "", p["email"]])
        return rows


def says_otherwise(before, row):
    """Whether two rows of one file say different things of one person; where they live may differ where the day does."""
    moved = before.get("from", "") != row.get("from", "")
    return any(c in before and c in row and before[c] != row[c] for c in COLUMNS[1:] if not (moved and c in ("from", "place", "household")))


def contradictions(rows):
    """The numbers of the rows that say otherwise than the row before, or than the first, of the same person; rows in order of id."""
    out, first = set(), 0
    for i, row in enumerate(rows):
        if row["id"] != rows[first]["id"]:
            first = i
        elif i and (says_otherwise(rows[i - 1], row) or says_otherwise(rows[first], row)):
            out.add(i)
    return out


def random_rows(r, told):
    rows = []
    for _ in range(r.randrange(1, ROWS)):
        row = {"id": f"P{r.randrange(PEOPLE)}", "name": f"N, \"{r.randrange(3)}\"", "born": r.choice(["1980-01-01", "2001-02-03"]),
               "died": r.choice(["", "", "1990-01-01", "2024-12-31"]), "sex": r.choice(["", "F", "M", "X"]),
               "household": r.choice(["", *(f"H{i}" for i in range(8))]), "place": r.choice(["", "", f"L{r.randrange(5)}"]),
               "from": r.choice(["", f"20{r.randrange(10, 26)}-01-01"]), "nino": r.choice(["", "", f"AB{r.randrange(40):06d}{r.choice(['', *'ABCD'])}"]), "email": r.choice(["", "a@b.example"])}
        rows.append({c: row[c] for c in ["id", "name", "born", *told]})
    return rows


def write(path, rows, told, as_json):
    with open(path, "w", newline="") as f:
        if as_json:
            f.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            table = csv.DictWriter(f, ["id", "name", "born", *told], lineterminator="\n")
            table.writeheader()
            table.writerows(rows)


def exported(store):
    return sound(weal(store, "export", "people", "--format", "csv"))


def a_book(store, second, folder, seed):
    r, register = random.Random(seed), Register()
    path = os.path.join(folder, "people.csv")
    new_book(store, folder)
    for _ in range(FILES):
        told, as_json = [c for c in TOLD if r.random() < 0.7], r.random() < 0.3
        rows = random_rows(r, told)
        if as_json:
            rows = [{c: v for c, v in row.items() if c in ("id", "name", "born") or r.random() < 0.7} for row in rows]
        write(path, rows, told, as_json)
        rows.sort(key=lambda row: row["id"].encode())
        wrong = contradictions(rows)
        refused = sum(i in wrong or not register.take(row) for i, row in enumerate(rows))
        run = weal(store, "import", "people", "--partial", "--rejects", os.path.join(folder, "rejects.csv"), "--format", "json", path)
        summary = json.loads(sound(run).splitlines()[0])
        if summary["rejected"] != refused:
            raise AssertionError(f"{summary['rejected']} rows refused, {refused} expected")
        out = exported(store)
        head, *got = csv.reader(io.StringIO(out))
        if head != COLUMNS or got != register.export():
            differ = [pair for pair in zip(got, register.export()) if pair[0] != pair[1]]
            raise AssertionError(f"{len(got)} rows of {len(register.export())}; the first that differ: {differ[:1]}")
    write_text(path, out)
    sound(weal(store, "import", "people", path))
    if exported(store) != out:
        raise AssertionError("the export taken in again changed the book")
    new_book(second, folder)
    sound(weal(second, "import", "people", path))
    if exported(second) != out:
        raise AssertionError("another book made of the export gives another one")


def write_text(path, text):
    with open(path, "w", newline="") as f:
        f.write(text)


def stores(folder, n):
    yield f"sqlite:{folder}/{n}.db", f"sqlite:{folder}/{n}-second.db"
    if SERVER:
        names = [f"moves_{os.getpid()}_{n}", f"moves_{os.getpid()}_{n}_second"]
        for name in names:
            subprocess.run(["psql", "-qX", SERVER, "-c", f"create schema {name}"], check=True)
        mark = "&" if "?" in SERVER else "?"
        yield tuple(f"{SERVER}{mark}options=-csearch_path%3D{name}" for name in names)


def main():
    seed, rounds = int(os.environ.get("PROPERTY_SEED", random.randrange(1 << 30))), int(os.environ.get("PROPERTY_ROUNDS", 1))
    passed = failed = 0
    for n in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for store, second in stores(folder, n):
                try:
                    a_book(store, second, folder, seed + n)
                    passed += 1
                except AssertionError as wrong:
                    failed += 1
                    print(f"register moves, PROPERTY_SEED={seed + n}, {store.split(':')[0]}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
