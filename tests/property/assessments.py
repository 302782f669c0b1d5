#!/usr/bin/env python3
"""Random households answer what `weal assess` asks, some of it at a time, until nothing is asked any more. The questions end; what is told in the end lies in every range that was told
before; hardly a range is wider than the one before; and when all is told the amounts are those of `weal rules explain` of the same household, to the penny.
`PROPERTY_SEED=N` repeats a run, `HOUSEHOLDS=300` takes so many, on each engine there is."""
import csv, datetime, json, os, random, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import engines  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "20"))
ON, YEAR, FROM = "2026-11-01", "2026-27", "2026-10-01"
PERIODS = {"week": "week:" + ON, "month": "2026-11", "year": YEAR}
TIMES = {"week": 52, "month": 12, "year": 1}
PLACES = ["E07000110,Maidstone", "W06000015,Cardiff", "S12000049,Glasgow City", "E09000024,Merton"]
ROUNDS_MOST = 12


def rows(name):
    with open(f"{ROOT}/policy/uk/{name}.csv", encoding="utf-8") as f:
        return list(csv.DictReader(f))


TOLD = {r["variable"]: r for r in rows("tellable")}
ENTITLED = {r["variable"]: r for r in rows("entitlements")}
GATES = rows("gates")
ITEMS = {}
for row in rows("tellable-items"):
    ITEMS.setdefault(row["list"], []).append(row["item"])


def weal(store, *arguments, ok=True):
    done = subprocess.run([WEAL, *(["--store", store] if store else []), *arguments], capture_output=True, text=True)
    assert done.returncode == 0 or not ok, (arguments, done.stderr)
    return done.stdout


def write(path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    return path


class Household:
    def __init__(self, r, n):
        def born(low, high):
            return f"{2026 - r.randint(low, high)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}"
        old = r.random() < 0.25
        self.name, self.place, self.told, self.spans = f"H{n}", r.choice(PLACES), {}, {}
        self.adults = [f"A{n}x{i}" for i in range(1 + (r.random() < 0.5))]
        self.children = [f"C{n}x{i}" for i in range(0 if old else r.choice([0, 0, 1, 2, 3]))]
        self.born = {p: born(66, 85) if old and r.random() < 0.9 else born(20, 63) for p in self.adults}
        self.born.update({p: born(1, 15) for p in self.children})
        self.sex = {p: r.choice("FM") for p in self.born}

    def people(self):
        return [f"{p},{p},{self.born[p]},{self.sex[p]},{self.name}" for p in self.born]

    def relations(self):
        for i, p in enumerate(self.adults):
            yield p, "partner", self.adults[1 - i] if len(self.adults) > 1 else "none", ""
            for c in self.children or ["none"]:
                yield p, "responsible_for", c, ""
            yield p, "non_dependant", "none", ""


def answer(r, variable):
    """A value as a fact is told, and in what it comes."""
    t = TOLD[variable]
    per = t["per"].split(" ")[0]
    if t["kind"] == "money":
        if not per:
            return str(r.choice([0, 500, 7000, 15000, 30000])), ""
        most = {"week": 150, "month": 1800, "year": 4000}[per]
        return (f"{r.uniform(0, most):.2f}" if r.random() < 0.5 else "0"), per
    if t["kind"] == "bool":
        return ("yes" if r.random() < 0.35 else "no"), ""
    if t["kind"] == "hours":
        return str(r.choice([0, 10, 16, 24, 30, 37.5])), per
    if t["kind"] == "day":
        return (datetime.date(2026, 10, 1) - datetime.timedelta(r.randint(1, 900))).isoformat(), ""
    if t["kind"] == "number":
        low, high = float(t["low"] or 0), float(t["high"] or 40)
        return str(int(r.uniform(low, min(high, low + 40)))), ""
    return r.choice(ITEMS[t["kind"].split(":")[1]]), ""


def value_of(variable, text, per):
    t = TOLD[variable]
    if t["kind"] in ("money", "hours"):
        return round(float(text) * TIMES[per], 6) if per else float(text)
    if t["kind"] == "bool":
        return "true" if text == "yes" else "false"
    return text


def in_ages(h, person, ages):
    low, _, high = ages.partition("-")
    years = (datetime.date(2026, 11, 1) - datetime.date.fromisoformat(h.born[person])).days / 365.2425
    return not ages or (years >= float(low or 0) and years < float(high or 200) + 1)


def known(h):
    """What a fact or the answer of a gate says of each input of the rules."""
    out = dict(h.told)
    for g in GATES:
        if not g["value"] or not TOLD[g["settles"]]["rule"] == "yes":
            continue
        gate, settles, whose = g["gate"], g["settles"], TOLD[g["settles"]]["whose"]
        for p in [h.name] if whose == "household" else list(h.born):
            by = h.name if TOLD[gate]["whose"] == "household" else p
            if by == h.name and p != h.name and not in_ages(h, p, TOLD[gate]["ages"]):
                continue
            if h.told.get((by, gate), ("",))[0] == g["answer"] and (p, settles) not in out:
                out[(p, settles)] = (g["value"], TOLD[settles]["per"].split(" ")[0])
    return out


def as_yaml(h):
    """The same household as `weal rules explain` reads it."""
    of = {p: [f"date_of_birth: {h.born[p]}", f"gender: {{{YEAR}: {'FEMALE' if h.sex[p] == 'F' else 'MALE'}}}"] for p in h.born}
    code = h.place.split(",")[0]
    of[h.name] = [f"local_authority: {{{YEAR}: {h.place.split(',')[1].upper().replace(' ', '_')}}}"]
    region = {"W": "WALES", "S": "SCOTLAND"}.get(code[0]) or ("LONDON" if code.startswith("E09") else "")
    of[h.name] += [f"region: {{{YEAR}: {region}}}"] if region else []
    for (p, variable), (text, per) in known(h).items():
        if TOLD[variable]["rule"] == "yes":
            value = value_of(variable, text, per)
            whose = h.name if TOLD[variable]["whose"] == "unit" else p
            of[whose].append(f"{variable}: {value}" if TOLD[variable]["kind"] == "day" else f"{variable}: {{{YEAR}: {value}}}")
    members = "members: [" + ", ".join(h.born) + "]"
    return ["people:"] + [f"  {p}: {{{', '.join(of[p])}}}" for p in h.born] + [f"benunits: {{b: {{{members}}}}}", f"households: {{{h.name}: {{{', '.join([members] + of[h.name])}}}}}"]


def explained(at, h, variable, person):
    path = os.path.join(at, f"{h.name}.yaml")
    first = json.loads(weal(None, "rules", "explain", variable, "--household", path, "--period", PERIODS[ENTITLED[variable]["per"]], "--format", "json", "--quiet"))[0]
    values = {v["of"]: v["value"] for v in first["values"]}
    value = values[person] if person else next(iter(values.values()))
    return None if value is None else float(value)


def span(x):
    if x["amount"] is not None:
        return x["amount"], x["amount"]
    low, high = x["range"] or (None, None)
    return (float("-inf") if low is None else low), (float("inf") if high is None else high)


def keep(h, a):
    """The range of each answer, after those before; how many are wider than the one before, and how many were compared."""
    wider = 0
    for x in a["answers"]:
        spans = h.spans.setdefault((x["variable"], x.get("person")), [])
        low, high = span(x)
        wider += bool(spans) and not (spans[-1][0] - 1 <= low and high <= spans[-1][1] + 1)
        spans.append((low, high))
    return wider, len(a["answers"])


def check_truth_lies_within(h):
    for x in h.answers:
        for low, high in h.spans[(x["variable"], x.get("person"))]:
            assert x["amount"] is None or low - 1 <= x["amount"] <= high + 1, (h.name, x["variable"], x.get("person"), x["amount"], (low, high))


def tell(store, at, facts):
    """By the adult, where that may be; of children, and of what others say, by an organisation."""
    lines = ["person,household,variable,value,per,from,source,said_by,body,evidence"]
    for h, who, variable, value, per in facts:
        own = (who in h.adults or who == h.name) and "self" in TOLD[variable]["who"].split()
        by = (who if who in h.adults else h.adults[0]) if own else ""
        lines.append(",".join(["" if who == h.name else who, h.name if who == h.name else "", variable, value, per, FROM, "told" if own else "evidenced", by, *(["", ""] if own else ["dwp", "letter"])]))
    weal(store, "import", "facts", write(os.path.join(at, "facts.csv"), lines), "--quiet")


def check_april(store, all_of, pool):
    """Nothing is told anew and nobody has a birthday: from 1 to 5 April Universal Credit is the same each day. At a month that reaches into the new tax year it
    differs from that of the month that does not by what the rates of the year change, and from 6 April on by the uprating, which is little; it never is as if there were no pay."""
    some = [h for h in all_of if all(b[5:7] not in ("03", "04", "05") for b in h.born.values())]
    days, compared = ["2027-03-01", "2027-03-31", "2027-04-01", "2027-04-05", "2027-04-06"], 0
    on = lambda x: {a["variable"]: a["amount"] for a in json.loads(weal(store, "assess", x[0].adults[0], "--on", x[1], "--format", "json"))["answers"] if a["variable"] == "universal_credit"}
    found = iter(list(pool.map(on, [(h, day) for h in some for day in days])))
    for h in some:
        of = [next(found) for _ in days]
        for variable in of[0]:
            a = [x.get(variable) for x in of]
            assert a[2] == a[3], (h.name, variable, list(zip(days, a)))
            if None not in a[:3]:
                assert max(a[:3]) - min(a[:3]) <= 500, (h.name, variable, list(zip(days, a)), h.told)
                assert a[4] is None or abs(a[4] - a[3]) <= 500 + 0.06 * a[3], (h.name, variable, list(zip(days, a)), h.told)
                compared += a[0] > 0
    return compared


def run(store, at, seed):
    r = random.Random(seed)
    all_of = [Household(r, n) for n in range(HOUSEHOLDS)]
    weal(store, "init", "--place", PLACES[0], "--quiet")
    weal(store, "import", "places", write(os.path.join(at, "places.csv"), ["code,name,kind"] + [p + ",county" for p in PLACES[1:]]), "--quiet")
    weal(store, "import", "households", write(os.path.join(at, "homes.csv"), ["id,place"] + [f"{h.name},{h.place.split(',')[0]}" for h in all_of]), "--quiet")
    weal(store, "import", "people", write(os.path.join(at, "people.csv"), ["id,name,born,sex,household"] + [p for h in all_of for p in h.people()]), "--quiet")
    tell(store, at, [(h, *x) for h in all_of for x in h.relations()])
    open_ones, compared, unsaid, asked, wider, ranges = all_of, 0, 0, 0, 0, 0
    pool = ThreadPoolExecutor(int(os.environ.get("JOBS", "2")))
    assess = lambda h: json.loads(weal(store, "assess", h.adults[0], "--on", ON, "--format", "json"))
    for turn in range(ROUNDS_MOST + 1):
        facts, left = [], []
        for h, a in zip(open_ones, pool.map(assess, open_ones)):
            one, of = keep(h, a)
            wider, ranges = wider + one, ranges + of
            if not a["ask"]:
                h.answers = a["answers"]
                continue
            left.append(h)
            some = a["ask"] if turn > 3 else a["ask"][: max(1, len(a["ask"]) // 2)]
            for q in some:
                t = TOLD[q["variable"]]
                who = h.name if t["whose"] == "household" else q["person"]
                h.told[(who, q["variable"])] = answer(r, q["variable"])
                facts.append((h, who, q["variable"], *h.told[(who, q["variable"])]))
        asked += len(facts)
        open_ones = left
        if not left:
            break
        assert turn < ROUNDS_MOST, ("questions do not end", left[0].name)
        tell(store, at, facts)
    april = check_april(store, all_of, pool)
    wanted = []
    assert wider * 200 <= ranges, (wider, ranges)  # the work of narrowing is bounded, and shared among more or fewer
    for h in all_of:
        check_truth_lies_within(h)
        write(os.path.join(at, f"{h.name}.yaml"), as_yaml(h))
        wanted += [(h, x) for x in h.answers if x["person" if "person" in x else "variable"]]
    wanted = r.sample(wanted, min(len(wanted), 8 * HOUSEHOLDS))
    for (h, x), truth in zip(wanted, pool.map(lambda w: explained(at, w[0], w[1]["variable"], w[1].get("person")), wanted)):
        if truth is None:
            assert x["amount"] is None and x["cannot_say"], (h.name, x)
            unsaid += 1
            continue
        assert x["amount"] is not None and abs(x["amount"] - truth * 100) < 0.51, (h.name, x["variable"], x.get("person"), x["amount"], truth, as_yaml(h))
        compared += 1
    print(f"assessments, seed {seed}: {HOUSEHOLDS} households, {asked} answers, {compared} amounts equal, {april} in April, {unsaid} cannot be said; {wider} of {ranges} ranges wider than before")


def main():
    seed = int(os.environ.get("PROPERTY_SEED", random.SystemRandom().randint(1, 10**6)))

    def holds(store, engine):
        with tempfile.TemporaryDirectory(prefix="weal-assess.") as at:
            try:
                run(store, at, seed)
                return True
            except AssertionError as wrong:
                print(f"assessments [{engine}], PROPERTY_SEED={seed}: {str(wrong)[:3000]}")
                return False

    return engines.on_each("assess", holds)


sys.exit(main())
