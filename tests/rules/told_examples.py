"""The worked examples once more as somebody would tell them: each household in a book of its own home, with people and facts brought in by `weal import`, who belongs together told by themselves,
and the amount that `weal assess` says on the day. So the way from facts to amounts (units, homes, ages, periods) is held against published figures too, and not the rules alone.

What an example leaves unsaid has the default of the rules; it is told as that, since `weal assess` takes nothing for granted. An example is left out, and counted with the reason, where its variable is
none that an assessment tells, where an input cannot be told, or where its period holds a change (an assessment is of a day)."""
import collections
import csv
import datetime
import json
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build/weal"))
PLACES = {"": "E07000110,Maidstone", "WALES": "W06000015,Cardiff", "SCOTLAND": "S12000049,Glasgow City", "LONDON": "E09000033,Westminster", "MERTON": "E09000024,Merton", "NORTH_WEST": "E07000117,Burnley"}
TODAY = datetime.date.today()
# Other words for what is told, and what is the default anyway.
RENAMED = {"state_pension": "state_pension_reported", "uc_reported_capital": "savings", "is_married": "is_married_to_partner"}
DEFAULTS = {("would_claim_marriage_allowance", True), ("would_claim_uc", True), ("country", "ENGLAND")}


class Untold(Exception):
    """Why an example cannot be told."""


def read(name):
    with open(f"{ROOT}/policy/uk/{name}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rule_defaults():
    """Of each input its default as the rules write it, and the first item of each enum."""
    default, first = {}, {}
    for name in os.listdir(f"{ROOT}/policy/uk/rules"):
        with open(f"{ROOT}/policy/uk/rules/{name}", encoding="utf-8") as file:
            text = file.read()
        first.update(re.findall(r"^enum (\w+) (\w+)", text, re.M))
        for block in re.split(r"^variable ", text, flags=re.M)[1:]:
            found = re.search(r"^  default (\S+)", block, re.M)
            if found:
                default[block.split()[0]] = found.group(1)
    return default, first


class Pack:
    def __init__(self):
        self.told = {row["variable"]: row for row in read("tellable")}
        self.entitled = {row["variable"]: row for row in read("entitlements")}
        self.assumed = {row["variable"] for row in read("assumed")}
        self.items = collections.defaultdict(set)
        for row in read("tellable-items"):
            self.items[row["list"]].add(row["item"])
        self.default, self.first = rule_defaults()

    def usual(self, variable):
        """The default of the rules as a fact is told, and in what it comes; None: it cannot be told."""
        row = self.told[variable]
        kind, per = row["kind"], row["per"].split(" ")[0]
        value = self.default.get(variable)
        if kind == "bool":
            return ("yes" if value == "true" else "no"), ""
        if kind in ("money", "number", "hours"):
            value = value or "0"
            return (value, per) if re.fullmatch(r"\d+(\.\d+)?", value) else None
        if kind.startswith("choice:"):
            item = value or self.first.get(kind[7:])
            return (item, "") if item in self.items[kind[7:]] else None
        return None


def day_of(period):
    """The day on which an assessment is of the period, and what an answer of it is of."""
    kind, _, rest = period.rpartition(":")
    if kind == "week":
        return datetime.date.fromisoformat(rest), "week"
    if re.fullmatch(r"\d{4}-\d\d", period) and int(period[5:]) == (int(period[2:4]) + 1) % 100 and not (int(period[5:]) <= 12 and int(period[:4]) < 2011):
        return datetime.date(int(period[:4]), 10, 1), "year"
    if re.fullmatch(r"\d{4}-\d\d", period):
        return datetime.date.fromisoformat(period + "-01"), "month"
    raise Untold("of another period")


def in_ages(born, on, ages):
    low, dash, high = ages.partition("-")
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return not dash or int(low or 0) <= years <= int(high or 200)


class Told:
    """One household of an example: people, facts, and what is asked of it."""

    def __init__(self, pack, number, row, facts):
        self.pack, self.name = pack, f"X{number}"
        entitled = pack.entitled.get(row["variable"])
        if not entitled:
            raise Untold("a variable that no assessment tells")
        self.on, each = day_of(row["period"])
        if each != entitled["per"]:
            raise Untold("of another period than the entitlement")
        self.variable, self.row = row["variable"], row
        self.born, self.facts, self.relations, self.place, self.sex = {}, {}, [], "", {}
        self.code = {key: f"{self.name}{key}" for key in facts["people"]}
        if len(facts.get("benunits", {})) > 1 or len(facts.get("households", {})) > 1:
            raise Untold("several families")
        self.couple = False
        self.take_people(facts["people"])
        everybody = list(facts["people"])
        groups = [("benunits", each) for each in facts.get("benunits", {}).values()] + [("households", each) for each in facts.get("households", {}).values()]
        for _, group in groups:
            if group.get("members", everybody) and set(group.get("members", everybody)) != set(everybody):
                raise Untold("several families")
            for variable, value in group.items():
                if variable != "members":
                    self.take_group(variable, value)
        self.relate()
        self.fill()

    def take_people(self, people):
        for key, inputs in people.items():
            inputs = dict(inputs)
            born = inputs.pop("date_of_birth", None)
            age = inputs.pop("age", 40 if born is None else None)
            self.born[key] = datetime.date.fromisoformat(born) if born else datetime.date(self.on.year - age, 4, 1)
            self.sex[key] = {"FEMALE": "F", "MALE": "M"}.get(inputs.pop("gender", None), "")
            if inputs.pop("current_education", None) == "POST_SECONDARY":
                self.tell(key, "is_in_full_time_education", True)
            for variable, value in inputs.items():
                self.tell(key, variable, value)
        days = {"week": 7, "month": 31, "year": 366}[self.pack.entitled[self.variable]["per"]]
        for born in self.born.values():
            if self.on < born <= self.on + datetime.timedelta(days):
                raise Untold("a birth within the period")
            # who is 18 owes council tax from the birthday on: an assessment is of its day, the rules' figure of the year
            if self.variable.startswith("council_tax") and born.year + 18 in (self.on.year, self.on.year + 1) and born.month * 100 + born.day != 406:
                raise Untold("18 within the year")

    def take_group(self, variable, value):
        if variable in ("region", "country", "local_authority"):
            if value in PLACES:
                self.place = value
            elif value != "ENGLAND":
                raise Untold(f"an input that cannot be told ({variable})")
        elif variable == "adults_are_a_couple":
            self.couple = value
        elif variable == "is_married":
            for key in self.born:
                self.tell(key, variable, value)
        elif variable == "pension_credit" and value == 0:
            self.tell(next(iter(self.born)), "private_pension_income", 30000)  # nothing of it is due
        else:
            whose = self.pack.told.get(RENAMED.get(variable, variable), {}).get("whose")
            self.tell("home" if whose == "household" else next(iter(self.born)), variable, value)

    def tell(self, whose, variable, value):
        if not isinstance(value, dict) and (variable, value) in DEFAULTS:
            return
        variable = RENAMED.get(variable, variable)
        row = self.pack.told.get(variable)
        if not row or row["rule"] != "yes":
            raise Untold(f"an input that cannot be told ({variable})")
        per = "year" if row["per"] else ""
        if isinstance(value, dict):
            (period, value), = value.items()
            per = day_of(period)[1]
        if per and per not in row["per"].split(" "):
            per, value = row["per"].split(" ")[0], value / {"month": 12, "week": 52}[row["per"].split(" ")[0]]
        if isinstance(value, bool):
            value = "yes" if value else "no"
        self.facts[(whose, variable)] = (f"{value:.2f}" if row["kind"] == "money" else str(value), per)

    def relate(self):
        """The two eldest of 16 and more are partners; whoever is below 20 beside an adult is their child."""
        here = sorted((key for key in self.born if self.born[key] <= self.on), key=lambda key: self.born[key])
        grown = [key for key in here if in_ages(self.born[key], self.on, "16-")]
        self.adults = grown[:2] if len(grown) > 1 and (self.couple or in_ages(self.born[grown[1]], self.on, "20-")) else grown[:1]
        if not self.adults:
            raise Untold("nobody of 16")
        children = [key for key in here if key not in self.adults]
        if any(in_ages(self.born[key], self.on, "20-") for key in children):
            raise Untold("several families")
        for at, key in enumerate(self.adults):
            self.relations.append((key, "partner", self.adults[1 - at] if len(self.adults) > 1 else "none"))
            self.relations += [(key, "responsible_for", child) for child in children or ["none"]]
            self.relations.append((key, "non_dependant", "none"))

    def fill(self):
        here = [key for key in self.born if self.born[key] <= self.on]
        for variable, row in self.pack.told.items():
            usual = None if row["rule"] != "yes" or variable in self.pack.assumed else self.pack.usual(variable)
            if not usual:
                continue
            who = ["home"] if row["whose"] == "household" else self.adults[:1] if row["whose"] == "unit" else here
            for key in who:
                if key == "home" or row["whose"] == "unit" or in_ages(self.born[key], self.on, row["ages"]):
                    self.facts.setdefault((key, variable), usual)

    def lines(self):
        since = min(self.on, TODAY).isoformat()
        for key, variable, value in self.relations:
            yield f"{self.code[key]},,{variable},{self.code.get(value, value)},,{since},told,{self.code[key]},,,2045-01-01"
        for (key, variable), (value, per) in self.facts.items():
            who = f",{self.name}" if key == "home" else f"{self.code[key]},"
            yield f"{who},{variable},{value},{per},{since},evidenced,,dwp,letter,2045-01-01"


def weal(store, *arguments):
    return subprocess.run([WEAL, "--store", store, *arguments, "--quiet"], capture_output=True, text=True)


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def fill_book(folder, homes):
    """Everybody in one book. Returns its store."""
    store = f"sqlite:{folder}/told.db"
    steps = [["init", "--place", PLACES[""]],
             ["import", "places", write(f"{folder}/places.csv", ["code,name,kind"] + [f"{place},county" for place in list(PLACES.values())[1:]])],
             ["import", "households", write(f"{folder}/homes.csv", ["id,place"] + [f"{h.name},{PLACES[h.place].split(',')[0]}" for h in homes])],
             ["import", "people", write(f"{folder}/people.csv", ["id,name,born,sex,household,from"] + [f"{h.code[k]},{h.code[k]},{h.born[k]},{h.sex[k]},{h.name},{h.born[k]}" for h in homes for k in h.born if h.born[k] <= TODAY])],
             ["import", "facts", write(f"{folder}/facts.csv", ["person,household,variable,value,per,from,source,said_by,body,evidence,review_by"] + [line for h in homes for line in h.lines()])]]
    for step in steps:
        done = weal(store, *step)
        if done.returncode:
            raise SystemExit(f"told examples: {step[:2]}: {done.stderr}")
    return store


def assessed(store, home):
    """Pounds; None and what is asked where it is not known."""
    done = weal(store, "assess", home.code[home.adults[0]], "--on", home.on.isoformat(), "--format", "json")
    if done.returncode:
        return None, done.stderr.strip()
    answers = [a for a in json.loads(done.stdout)["answers"] if a["variable"] == home.variable]
    open_ones = [a for a in answers if a["amount"] is None]
    if open_ones:
        return None, "not known: " + " ".join(open_ones[0]["needs"] or [str(open_ones[0]["cannot_say"])])
    return sum(a["amount"] for a in answers) / 100, ""


def hold(folder, pool, rows, whole_pounds):
    """The faults of what was told, how many were told, and a line that counts."""
    pack, examples, left_out = Pack(), [], collections.Counter()
    for number, row in enumerate(rows):
        try:
            parts = [Told(pack, f"{number}{part}", row, json.loads(row[column])) for part, column in (("w", "facts"), ("o", "facts_without")) if row[column]]
            examples.append((row, parts))
        except Untold as why:
            left_out[re.sub(r" \(.*", "", str(why))] += 1
    store = fill_book(folder, [part for _, parts in examples for part in parts])
    faults, told = [], len(examples)
    got = list(pool.map(lambda home: assessed(store, home), [part for _, parts in examples for part in parts]))
    for row, parts in examples:
        amounts = [got.pop(0) for _ in parts]
        name = f"told: {row['id']}: {row['situation']}: {row['variable']} of {row['period']}"
        refused = next((why for amount, why in amounts if amount is None), None)
        if refused is not None and "has no value on" in refused:
            left_out["of a day before the pack has all that an assessment tells"] += 1
            told -= 1
            continue
        if refused is not None:
            faults.append(f"{name}: {refused}")
            continue
        amount = amounts[0][0] if len(amounts) == 1 else amounts[1][0] - amounts[0][0]
        if abs(amount - float(row["expected"])) > (0.5 if row["id"] in whole_pounds else 0.005):
            faults.append(f"{name}: expected {row['expected']}, got {amount:.2f}")
    assessable = len(rows) - left_out["a variable that no assessment tells"]
    counts = f"told as facts: {told} of the {assessable} worked examples of what an assessment tells; left out: " + ", ".join(f"{why}: {n}" for why, n in sorted(left_out.items()))
    if told * 2 < assessable:
        faults.append(f"told: {counts}; most of them must be told")
    return faults, told, counts
