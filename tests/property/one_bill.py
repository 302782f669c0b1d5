#!/usr/bin/env python3
"""Council tax reductions of people who share homes and move, made, changed, ended and imported in random order, each computed a second time day by day: none is refused that fits, and
after no step do those who live in a home have more of its bill on a day than it is. A couple has it once; a child of 18 who counts as theirs has a part of the same bill; nobody below 18 has any.
`PROPERTY_SEED=N` repeats a run, on each engine there is."""
import csv, datetime, io, os, random, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
STEPS = int(os.environ.get("STEPS", "60"))
DAY = datetime.timedelta(days=1)
TODAY = datetime.date.today()
START = datetime.date(TODAY.year - (TODAY < datetime.date(TODAY.year, 4, 6)), 4, 6)
LAST = START + 300 * DAY  # nothing changes after it
BILLS = {"F0": 130000, "F1": 104000, "F2": 78000}
FAMILY = {"A1": ("A2",), "A2": ("A1",)}  # whose award is in the way of theirs
AMOUNTS = (26000, 39000, 52000, 65000, 78000, 104000, 130000, 130100)  # pence a year


def weal(store, *arguments, may_fail=False):
    done = subprocess.run([WEAL, "--store", store, *arguments, "--quiet"], capture_output=True, text=True)
    assert may_fail or done.returncode == 0, (arguments, done.stderr)
    return done


def write(path, text):
    with open(path, "w") as f:
        f.write(text)
    return path


class Book:
    """What was awarded: of each person their awards, each a list of [from, to, pence a year], and its period."""

    def __init__(self, rng):
        grown = f"{START.year - 40}-02-01"
        self.born = dict(A1=grown, A2=grown, K=f"{START.year - 18}-02-01", U=str((START + 60 * DAY).replace(year=START.year - 18)), M0=grown, M1=grown, M2=grown)
        self.stays = {p: [(START - 900 * DAY, "F0")] for p in self.born}
        for p in ("U", "M0", "M1", "M2"):
            days = sorted(START + rng.randrange(200) * DAY for _ in range(rng.randrange(3)))
            self.stays[p] = [(day, rng.choice(["F0", *BILLS])) for day in [START - 900 * DAY, *days]]
        self.awards = {p: {} for p in self.born}

    def home(self, p, day):
        return [home for begin, home in self.stays[p] if begin <= day][-1]

    def has(self, p, day, but=None):
        return sum(pence for n, (_, rows) in self.awards[p].items() if n != but for begin, end, pence in rows if begin <= day and (end is None or end >= day))

    def fits(self, p, pence, begin, end, own=None, is_longer=True):
        if begin < datetime.date.fromisoformat(self.born[p]).replace(year=int(self.born[p][:4]) + 18) or pence > BILLS[self.home(p, begin)]:
            return False
        days = [begin + n * DAY for n in range(((end or LAST) - begin).days + 1)] or [begin]
        for day in days:
            if is_longer and (self.has(p, day, own) or any(self.has(q, day) for q in FAMILY.get(p, ()))):
                return False
            others = sum(self.has(q, day) for q in self.born if q != p and self.home(q, day) == self.home(p, day))
            if others and others + pence > BILLS[self.home(p, day)]:
                return False
        return True

    def set(self, p, number, pence, begin, end):
        """Of an award from a day on; pence 0: it ends."""
        per, rows = self.awards[p][number]
        rows = [[f, begin - DAY if t is None or t >= begin else t, a] for f, t, a in rows if f < begin]
        self.awards[p][number] = (per, rows + ([[begin, end, pence]] if pence else []))


def end_of(rows):
    return None if any(t is None for _, t, _ in rows) else max(t for _, t, _ in rows)


def written(pence, per):
    return f"{pence / 100 / (52 if per == 'week' else 1):.2f}"


def step(store, folder, book, rng):
    """One award made, changed, ended or imported: whether it was as reckoned here."""
    p, pence, per = rng.choice(list(book.born)), rng.choice(AMOUNTS), rng.choice(("year", "week"))
    begin = START + rng.randrange(220) * DAY
    end = begin + rng.randrange(5, 150) * DAY if rng.random() < .7 else None
    standing = [n for n, (_, rows) in book.awards[p].items() if rows]
    way = rng.choice(("make", "make", "import", "change", "end") if standing else ("make", "import"))
    reason = ("--reason", "a trial", "--body", "council")
    number = rng.choice(standing) if standing else None
    if way in ("change", "end"):
        per, rows = book.awards[p][number]
        last = end_of(rows)
        begin = max(begin, rows[0][0])
        if last and begin > last:
            return True
    if way == "end":
        weal(store, "award", "end", p, number, "--to", str(begin - DAY), *reason)
        book.set(p, number, 0, begin, None)
        return True
    if way == "change":
        same = all(a == pence for _, t, a in rows if t is None or t >= begin)
        wanted = not same and book.fits(p, pence, begin, last, is_longer=False)
        command = ["award", "change", p, number, "--amount", written(pence, per), "--from", str(begin), *reason]
    elif way == "make":
        wanted = book.fits(p, pence, begin, end)
        command = ["award", "make", p, "council_tax_reduction", "--amount", written(pence, per), "--per", per, "--from", str(begin), *(["--to", str(end)] if end else []), "--body", "council", "--evidence", "x"]
    else:
        number, kept = next(((n, row) for n, (_, rows) in book.awards[p].items() for row in rows if row[0] <= begin and (row[1] is None or row[1] >= begin)), (None, None))
        if number:
            per = book.awards[p][number][0]
        is_shorter = kept and kept[2] == pence and end and (kept[1] is None or end < kept[1])
        wanted = bool(is_shorter or (kept and kept[1:] == [end, pence]) or book.fits(p, pence, begin, end, number))
        row = f"{p},council_tax_reduction,{written(pence, per)},{per},{begin},{end or ''},council,month\n"
        command = ["import", "awards", write(f"{folder}/award.csv", "person,variable,amount,per,from,to,body,pay\n" + row)]
    done = weal(store, *command, may_fail=True)
    if (done.returncode == 0) != wanted:
        print(f"{command}: {'made' if not done.returncode else done.stderr}; {book.stays}; {book.awards}")
        return False
    if wanted and way == "change":
        book.set(p, number, pence, begin, last)
    elif wanted and way == "import" and number:
        if is_shorter:
            book.set(p, number, 0, end + DAY, None)
        elif kept[1:] != [end, pence]:
            book.set(p, number, pence, begin, end)
    elif wanted:
        rows = csv.DictReader(io.StringIO(weal(store, "export", "award-rows").stdout))
        book.awards[p][max((r["award"] for r in rows if r["person"] == p), key=int)] = (per, [[begin, end, pence]])
    return True


def most(rows, book):
    """Of the rows as they stand after each of them: the most that one home had above its bill on a day, in pence."""
    above, stand = -10 ** 9, {}
    for r in sorted(rows, key=lambda r: int(r["row"])):
        stand.pop(r["supersedes"], None)
        stand[r["row"]] = r
        days = {datetime.date.fromisoformat(s["from"]) for s in stand.values()} | {d for stays in book.stays.values() for d, _ in stays if d >= START}
        for day in days:
            sums = dict.fromkeys(BILLS, 0)
            for s in stand.values():
                if s["from"] <= str(day) and (not s["to"] or s["to"] >= str(day)):
                    sums[book.home(s["person"], day)] += round(float(s["amount"]) * 100) * (52 if s["per"] == "week" else 1)
            # somebody alone in a home may have come with more than its bill
            many = {h: len({s["person"] for s in stand.values() if s["from"] <= str(day) and (not s["to"] or s["to"] >= str(day)) and book.home(s["person"], day) == h}) for h in BILLS}
            above = max([above] + [sums[h] - BILLS[h] for h in BILLS if many[h] > 1])
    return above


def one(store, engine, seed):
    rng = random.Random(seed)
    book = Book(rng)
    with tempfile.TemporaryDirectory() as folder:
        weal(store, "init", "--place", "T,T")
        weal(store, "import", "bodies", write(f"{folder}/b.csv", "id,name,kind,place\ncouncil,Council,council,T\n"))
        weal(store, "import", "households", write(f"{folder}/h.csv", "id,place,tenure,council_tax_band\n" + "".join(f"{h},T,rented,C\n" for h in BILLS)))
        for n in range(3):
            rows = "".join(f"{p},Name {p},{book.born[p]},F,{stays[n][1]},{stays[n][0] if n else ''}\n" for p, stays in book.stays.items() if n < len(stays))
            weal(store, "import", "people", write(f"{folder}/p.csv", "id,name,born,sex,household,from\n" + rows))
        told = [f"A1,,partner,A2,,{START},,told,A1,,", f"A2,,partner,A1,,{START},,told,A2,,", f"A1,,responsible_for,K,,{START},,told,A1,,", f"K,,is_in_full_time_education,yes,,{START},,told,K,,"]
        told += [f",{h},council_tax,{bill / 100:.2f},year,{START},,evidenced,,council,the bill" for h, bill in BILLS.items()]
        weal(store, "import", "facts", write(f"{folder}/f.csv", "person,household,variable,value,per,from,to,source,said_by,body,evidence\n" + "\n".join(told) + "\n"))
        held = all(step(store, folder, book, rng) for _ in range(STEPS))
        rows = list(csv.DictReader(io.StringIO(weal(store, "export", "award-rows").stdout)))
    above = most([r for r in rows if r["amount"]], book)
    print(f"{engine}, seed {seed}: {len(rows)} rows, at most {above / 100:+.2f} pounds above a bill that several have a part of")
    return held and rows and above <= 0


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10 ** 6)))
    return engines.on_each("one_bill", lambda store, engine: one(store, engine, seed))


sys.exit(main())
