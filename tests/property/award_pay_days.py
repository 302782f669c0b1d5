#!/usr/bin/env python3
"""A year of days of pay of 2,000 random awards, computed a second time: every line of the book to the penny and the day, parts of periods, changes in the middle, weekends,
holidays, deaths and a leap day (2023-24 on the one engine, 2025-26 on the other). Every row of pay-days.csv is among them. They are paid in steps, by two programs at once of which one is killed in the middle, and again: nothing is paid twice and nothing is lost.
`PROPERTY_SEED=N` repeats a run, on each engine there is. The awards are written into the table, as `weal award` would write them one by one."""
import calendar, csv, datetime, io, os, random, sqlite3, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
PEOPLE, AWARDS = 700, int(os.environ.get("AWARDS", "2000"))
DAY = datetime.timedelta(days=1)
EPOCH = datetime.date(1970, 1, 1)
YEARS = (2023, 2025)  # a leap day lies in the first
ENGINES = ("sqlite", "postgresql")
LEAP = datetime.date(2024, 2, 29)
PAID = [tuple(row[:4]) for row in list(csv.reader(open(f"{ROOT}/policy/uk/pay-days.csv", encoding="utf-8")))[1:]]
ENTITLED = {row["variable"]: row for row in csv.DictReader(open(f"{ROOT}/policy/uk/entitlements.csv", encoding="utf-8"))}
ENTITLED.update({row["variable"]: row for row in csv.DictReader(open(f"{ROOT}/policy/uk/discretionary.csv", encoding="utf-8"))})
HOLIDAYS = {row["day"] for row in csv.DictReader(open(f"{ROOT}/policy/uk/cases/holidays.csv", encoding="utf-8")) if row["division"] == "england-and-wales"}


def weal(store, *arguments):
    done = subprocess.run([WEAL, "--store", store, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def months(day, n):
    at = day.year * 12 + day.month - 1 + n
    year, month = divmod(at, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def step(every, day, n):
    weeks = {"week": 1, "2-weeks": 2, "4-weeks": 4}.get(every)
    return day + n * weeks * 7 * DAY if weeks else months(day, 12 * n if every == "year" else n)


def working(day):
    while day.weekday() > 4 or day.isoformat() in HOLIDAYS:
        day -= DAY
    return day


def amount(award, first, last):
    """Day by day, as the law says it, and one rounding at the end."""
    length = (last - first).days + 1
    begins = datetime.date(last.year - (last.month < 4), 4, 1)
    year = (datetime.date(begins.year + 1, 4, 1) - begins).days
    parts = 7 if award["per"] == "week" else year if award["per"] == "year" and award["every"] != "year" else length
    total = 0
    if award["part"] == "whole":
        for begin, end, pence in award["rates"]:
            if begin <= last and (end is None or end >= last):
                total = pence * parts if parts == length and award["per"] != "week" else pence * length
    else:
        for n in range(length):
            for begin, end, pence in award["rates"]:
                if begin <= first + n * DAY and (end is None or end >= first + n * DAY):
                    total += pence
    return (2 * total + parts) // (2 * parts)


def draw(rng, number, first_day, had):
    """Of nobody a second award of the same, which would wait for a decision."""
    variable, every, after, part = rng.choice(PAID) if number > len(PAID) else PAID[number - 1]
    person = rng.choice([p for p in range(PEOPLE) if (p, variable) not in had])
    had.add((person, variable))
    start = first_day + rng.randrange(330) * DAY
    per = ENTITLED[variable]["per"]
    least = start + int(after) * DAY
    whole = least if every == "once" else step(every, start, 1) - DAY + int(after) * DAY
    per = "" if every == "once" else per
    first = whole if rng.random() < .4 else least + rng.randrange((whole - least).days + 1) * DAY
    end = start + rng.randrange(1, 400) * DAY if rng.random() < .3 else None
    award = dict(number=number, person=f"P{person:04}", variable=variable, every=every, after=int(after), part=part, per=per, first=first,
                 rates=[(start, end, rng.randrange(1, 60000))])
    if rng.random() < .4:  # a change before anything is paid
        begin, stop, pence = award["rates"][0]
        change = begin + rng.randrange(1, 200) * DAY
        if stop is None or change <= stop:
            award["rates"] = [(begin, change - DAY, pence), (change, stop, rng.randrange(1, 60000))]
    return award


def due(award, to, died):
    """{reference: (day, person, category, pence)}"""
    rates = [(b, e if died is None or (e is not None and e < died) else died - DAY, p) for b, e, p in award["rates"]]
    award = dict(award, rates=rates)
    out, n = {}, 0
    stop = None if any(e is None for _, e, _ in rates) else max(e for _, e, _ in rates)
    while True:
        once = award["every"] == "once"
        if once and n:
            return out
        day = award["first"] if once else step(award["every"], award["first"], n)
        end = day - award["after"] * DAY
        begin = end if once else step(award["every"], award["first"], n - 1) - award["after"] * DAY + DAY
        if working(day) > to or (stop is not None and begin > stop):
            return out
        pence = amount(award, begin, end)
        if pence:
            out[f"award:{award['number']}:{day}"] = (working(day).isoformat(), award["person"], ENTITLED[award["variable"]]["category"], pence)
        n += 1


def write(store, statements):
    if store.startswith("sqlite:"):
        with sqlite3.connect(store[7:]) as book:
            book.executescript("begin;" + ";\n".join(statements) + ";commit;")
        book.close()
    else:
        subprocess.run(["psql", "-qXd", store, "-v", "ON_ERROR_STOP=1"], input="begin;" + ";\n".join(statements) + ";commit;", text=True, check=True, stdout=subprocess.DEVNULL)


def days(day):
    return "null" if day is None else str((day - EPOCH).days)


def rows_of(award, numbers):
    """Its rows: what was made, and where it was changed what ended and what began."""
    rates, out = award["rates"], []
    row = lambda n, rate, supersedes: (
        "insert into award (party, id, award, body, variable, amount, per, from_day, to_day, pay_days, first_due, arrears, source, made_by, made_at, supersedes) "
        f"select p.id, {n}, {award['number']}, b.id, '{award['variable']}', {rate[2]}, '{award['per']}', {days(rate[0])}, {days(rate[1])}, '{award['every']}', "
        f"{days(award['first'])}, 0, 'amounts', 'test', '2025-01-01T00:00:00Z', {supersedes} from party p, body b where p.code = '{award['person']}' and b.code = '{award['body']}'")
    out.append(row(award["number"], (rates[0][0], rates[-1][1], rates[0][2]), "null"))
    if len(rates) > 1:
        out += [row(next(numbers), rates[0], award["number"]), row(next(numbers), rates[1], "null")]
    return out


def not_tried(awards, got, is_leap_year):
    """What none of the payments has, so that the test would say nothing about it."""
    days = {}
    for key, line in got.items():
        _, number, due_on = key.split(":", 2)
        days.setdefault(int(number), []).append((datetime.date.fromisoformat(due_on[:10]), datetime.date.fromisoformat(line[0])))
    paid = [(award, day, posted) for award in awards for day, posted in days.get(award["number"], ())]
    rows = {(award["variable"], award["every"]) for award, _, _ in paid}
    found = {
        "a holiday": any(day.weekday() < 5 and posted < day for _, day, posted in paid),
        "a weekend": any(day.weekday() > 4 and posted < day for _, day, posted in paid),
        "a change in the middle": any(len(a["rates"]) > 1 and day - 28 * DAY < a["rates"][1][0] <= day for a, day, _ in paid),
        "a leap day": not is_leap_year or any(day - 31 * DAY < LEAP <= day - a["after"] * DAY for a, day, _ in paid),
    }
    return [row[:2] for row in PAID if row[:2] not in rows] + [what for what, is_found in found.items() if not is_found]


def one(store, engine, seed):
    rng = random.Random(seed)
    year = YEARS[(seed + ENGINES.index(engine)) % len(YEARS)]
    first_day, last_day = datetime.date(year, 4, 6), datetime.date(year + 1, 4, 5)
    with tempfile.TemporaryDirectory() as folder:
        died = {f"P{i:04}": first_day + rng.randrange(400) * DAY for i in range(0, PEOPLE, 12)}
        open(f"{folder}/bodies.csv", "w").write("id,name,kind,place\ncouncil-t,Council,council,T\n")
        with open(f"{folder}/people.csv", "w") as f:
            f.write("id,name,born,died\n" + "".join(f"P{i:04},Name {i},1950-01-01,{died.get(f'P{i:04}', '')}\n" for i in range(PEOPLE)))
        weal(store, "init", "--place", "T,T")
        weal(store, "import", "bodies", f"{folder}/bodies.csv")
        weal(store, "import", "people", f"{folder}/people.csv")
        had = set()
        awards = [draw(rng, n + 1, first_day, had) for n in range(AWARDS)]
        for award in awards:
            payer = ENTITLED[award["variable"]]["payer"]
            award["body"] = "council-t" if payer == "council" else payer
        numbers = iter(range(AWARDS + 1, 10 * AWARDS))
        write(store, [s for award in awards for s in rows_of(award, numbers)] + [f"update counter set last = {10 * AWARDS} where name = 'award'"])
        killed = 0
        for to in (first_day + 60 * DAY, first_day + 200 * DAY, last_day):
            pay = [WEAL, "--store", store, "pay", "--to", to.isoformat(), "--quiet"]
            both = [subprocess.Popen(pay, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
            time.sleep(rng.random() * .6)
            killed += both[0].poll() is None
            both[0].kill()
            said = both[1].communicate()[1]
            both[0].communicate()
            assert both[1].returncode == 0, said
            weal(store, "pay", "--to", to.isoformat(), "--quiet")
        again = weal(store, "pay", "--to", last_day.isoformat(), "--format", "csv").splitlines()
        wanted = {}
        for award in awards:
            wanted.update(due(award, last_day, died.get(award["person"])))
        got = {}
        for line in csv.DictReader(io.StringIO(weal(store, "export", "entries"))):
            if line["reference"].startswith("award:"):
                assert line["reference"] not in got, line
                got[line["reference"]] = (line["date"], line["person"], line["category"], round(float(line["amount"]) * 100))
        wrong = [(k, got.get(k), wanted.get(k)) for k in sorted(set(got) | set(wanted)) if got.get(k) != wanted.get(k)]
        audit = weal(store, "audit")
        missing = not_tried(awards, got, year == 2023)
        print(f"{engine}, seed {seed}, {year}-{year % 100 + 1}: {len(awards)} awards, {len(got)} payments, {sum(v[3] for v in got.values()) / 100:,.2f} pounds, {killed} runs killed, {len(wrong)} differ {wrong[:5]}" + (f", not tried: {missing}" if missing else ""))
        return not wrong and not missing and len(again) == 1 and "nothing differs" in audit


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.randrange(10 ** 6)))
    return engines.on_each("awards", lambda store, engine: one(store, engine, seed))


sys.exit(main())
