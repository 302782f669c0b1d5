"""The reference: every figure of statements, places, accounts, balances and exports, computed from the rows that the book was given. Written from
docs/reference/files.md and figures.md alone, in the simplest way: one list of lines, searched again for each figure. It reads the policy pack, and
from the store only the numbers that the program gave to files and lines. tests/property/histories.py draws random histories and compares the program
with it."""
import csv
import datetime as dt
import functools
import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Optional

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
DAY = dt.timedelta(1)
SHOWN = ("paid", "employer", "cash", "services", "given")
MOST = 2**53 - 1  # a larger sum is not shown: null


@functools.lru_cache(None)
def pack(name):
    with open(os.path.join(ROOT, "policy/uk", name + ".csv"), encoding="utf-8") as f:
        return list(csv.DictReader(f))


def latest_table(name, year):
    """The latest year of a table of the pack that is no later than this one, and its rows: None and none where there is none."""
    years = [int(r["year"][:4]) for r in pack(name) if int(r["year"][:4]) <= year]
    return max(years, default=None), [r for r in pack(name) if years and int(r["year"][:4]) == max(years)]


def pence(text):
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int((part + "00")[:2]))


# A third unit, and the categories that increase and reduce it: further rows in the pack of these books.
SHARES = {"units": "shares,Shares,Cyfranddaliadau,count,3,,share,shares,cyfranddaliad,cyfranddaliad,made up\n",
          "categories": "ux-shares,Shares,Cyfranddaliadau,transfer,shares,holdings,,,,,no,no,no,no,made up\nux-back,Shares back,Yn ôl,contribution,shares,holdings,,,,,no,no,no,no,made up\n"}
CATEGORIES = {r["code"]: r for r in pack("categories")}
CATEGORIES.update({r["code"]: r for r in csv.DictReader((",".join(CATEGORIES["income-tax"]) + "\n" + SHARES["categories"]).splitlines())})
ORDER = {code: i for i, code in enumerate(CATEGORIES)}
HOUSEHOLD = {c for c, r in CATEGORIES.items() if r["household"] == "yes"}
BASE = [c for c, r in CATEGORIES.items() if r["tax_summary_base"] == "yes"]
SIDES = ["contribution", "cash", "service", "given", "transfer"]
PURPOSES = ["preventive", "reactive", "universal"]


def year_of(day):
    return day.year if (day.month, day.day) >= (4, 6) else day.year - 1


def financial_year_of(day):
    return day.year if day.month >= 4 else day.year - 1


def year_first(year):
    return dt.date(year, 4, 6)


def year_last(year):
    return dt.date(year + 1, 4, 5)


def year_text(year):
    return f"{year}-{(year + 1) % 100:02d}"


def half_up(numerator, denominator):
    """Half away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def shown(n):
    return n if abs(n) <= MOST else None


def money_text(n):
    return f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02d}"


def pounds(n):
    return f"{'-' if n < 0 else ''}£{abs(n) // 100:,}.{abs(n) % 100:02d}"


@dataclass
class Stay:
    since: Optional[dt.date]
    household: Optional[str] = None
    place: Optional[str] = None


@dataclass
class Person:
    name: str
    born: dt.date
    died: Optional[dt.date] = None
    stays: list = field(default_factory=list)


@dataclass(eq=False)
class Line:
    """One posted row of entries; amount as the book keeps it: plus is received."""
    person: Optional[str]  # the record that has the account; None: a sum of erased lines
    day: dt.date
    category: str
    amount: int
    file: object  # the entry: a file's lines of one day are one entry
    body: Optional[str] = None
    place: Optional[str] = None
    quantity: Optional[int] = None  # thousandths
    service: Optional[str] = None
    cost_year: Optional[int] = None
    estimated: bool = False
    reference: Optional[str] = None
    note: Optional[str] = None
    undoes: Optional["Line"] = None
    undone: Optional["Line"] = None

    @property
    def section(self):
        return CATEGORIES[self.category]["shown"]

    @property
    def unit(self):
        return CATEGORIES[self.category]["unit"]

    @property
    def figure(self):
        """As a citizen sees it: a correction is negative."""
        return -self.amount if CATEGORIES[self.category]["side"] in ("contribution", "given") else self.amount

    def undo(self, day, file):
        self.undone = replace(self, day=day, amount=-self.amount, quantity=None if self.quantity is None else -self.quantity,
                              reference=None, note=None, file=file, undoes=self, undone=None)
        return self.undone


@dataclass(eq=False)
class Payment:
    day: dt.date
    payer: str
    supplier: str
    amount: int
    category: str
    place: Optional[str]
    file: object
    undoes: Optional["Payment"] = None
    undone: Optional["Payment"] = None

    def undo(self, day, file):
        self.undone = replace(self, day=day, amount=-self.amount, file=file, undoes=self, undone=None)
        return self.undone


@dataclass(eq=False)
class Budget:
    day: dt.date  # 1 April of its year; for its reversal any day of any year
    body: str
    stream: str
    category: str
    amount: int
    conditions: str
    file: object
    undoes: Optional["Budget"] = None
    undone: Optional["Budget"] = None

    @property
    def year(self):
        return financial_year_of(self.day)

    def undo(self, day, file):
        self.undone = replace(self, day=day, amount=-self.amount, file=file, undoes=self, undone=None)
        return self.undone


def standing(lines):
    """Without undone lines and their reversals, where both are among these."""
    ids = {id(l) for l in lines}
    return [l for l in lines if not (l.undone and id(l.undone) in ids) and not (l.undoes and id(l.undoes) in ids)]


def stay_on(stays, day):
    found = None
    for stay in stays:
        if stay.since is None or stay.since <= day:
            found = stay
    return found


def tell_stay(stays, since, **told):
    """A row of people or households: a first residence, a correction of the latest one or of the one that begins on the day, else a move."""
    at = len(stays) if since is None else sum(1 for s in stays if s.since is None or s.since <= since)
    before = stays[at - 1] if at else None
    stay = Stay(since, before.household if before else None, before.place if before else None)
    for key, value in told.items():
        setattr(stay, key, value)
    if before and (since is None or before.since == since):
        stay.since = before.since
        stays[at - 1] = stay
    else:
        stays.insert(at, stay)
    if stays[0].since is None and not stays[0].household and not stays[0].place:
        del stays[0]


class Book:
    def __init__(self, own):
        self.own = own
        self.places, self.bodies, self.households, self.people = {}, {}, {}, {}
        self.lines, self.payments, self.budgets = [], [], []
        self.keep = {}
        self.services = {r["code"]: r for r in pack("services")}
        self.costs = {(r["service"], int(r["year"][:4])): (pence(r["cost"]), r["source"], r["estimated"] == "yes") for r in pack("unit-costs")}
        self.rates = {(r["what"], int(r["year"][:4])): (pence(r["rate"]), r["source"]) for r in pack("rates")}

    # ---- the register ----

    def root(self, code):
        while code in self.keep:
            code = self.keep[code]
        return code

    def citizens(self):
        return sorted((p for p in self.people if p not in self.keep), key=str.encode)

    def records(self, code):
        return [p for p in self.people if self.root(p) == code]

    def alive(self, code, day):
        p = self.people[code]
        return p.born <= day and (p.died is None or day <= p.died)

    def household_on(self, code, day):
        stay = stay_on(self.people[code].stays, day)
        return stay.household if stay else None

    def place_on(self, code, day):
        stay = stay_on(self.people[code].stays, day)
        if not stay or stay.place or not stay.household:
            return stay.place if stay else None
        home = stay_on(self.households[stay.household], day)
        return home.place if home else None

    def within(self, place, upper):
        while place is not None:
            if place == upper:
                return True
            place = self.places[place]["parent"]
        return False

    def whole(self, place):
        """Whether the place's account has the whole book."""
        return self.within(self.own, place)

    # ---- valuing ----

    def latest(self, table, key, year):
        """(value, its year) of the year, else of the latest earlier one."""
        years = [y for (k, y) in table if k == key and y <= year]
        return (table[(key, max(years))], max(years)) if years else (None, None)

    def value_service(self, service, quantity, day):
        """(amount, cost_year, whether that makes it estimated)."""
        cost, year = self.latest(self.costs, service, year_of(day))
        return (half_up(quantity * cost[0], 1000), year, year < year_of(day) or cost[2]) if cost else (0, None, False)

    # ---- sums ----

    def lines_of(self, code, year=None):
        return [l for l in self.lines if l.person and self.root(l.person) == code and l.section in SHOWN and (year is None or year_of(l.day) == year)]

    @staticmethod
    def totals(lines):
        t = dict.fromkeys(SHOWN, 0)
        for l in lines:
            t[l.section] += l.figure
        return t

    def minutes_by_category(self, lines):
        minutes = defaultdict(int)
        for l in lines:
            if l.section == "given":
                minutes[l.category] += l.figure
        return minutes

    def given_value(self, lines, year):
        value = 0
        for category, minutes in self.minutes_by_category(lines).items():
            rate, _ = self.latest(self.rates, category, year)
            value += half_up(minutes * rate[0], 60) if rate else 0
        return value

    def unit(self, line):
        return None if line.quantity is None else self.services[line.service]["unit"]

    def groups(self, lines):
        """Rows of lines that were not undone, one for each category and unit, in the pack's order."""
        rows = {}
        for l in lines:
            row = rows.setdefault((ORDER[l.category], self.unit(l) or "", l.category, self.unit(l)), {"amount": 0, "quantity": 0, "entries": 0, "estimated": False})
            row["amount"] += l.figure
            row["quantity"] += l.quantity or 0
            row["entries"] += 1
            row["estimated"] |= l.estimated
        return [(category, unit, rows[key]) for key in sorted(rows, key=lambda k: k[:2]) for category, unit in [key[2:]]]

    # ---- the statement ----

    def statement(self, code, year, life=False):
        lines, p = self.lines_of(code, year), self.people[code]
        now, t = standing(lines), self.totals(lines)
        place = None if p.born > year_last(year) else self.place_on(code, min(p.died or year_last(year), year_last(year)))
        person = {"id": code, "name": p.name, "born": p.born.isoformat(), "place": place, "place_name": self.places[place]["name"] if place else None}
        if p.died:
            person["died"] = p.died.isoformat()
        s = {"person": person, "year": year_text(year), "from": year_first(year).isoformat(), "to": year_last(year).isoformat()}
        rows = self.groups(now)
        for key, section in (("paid", "paid"), ("employer", "employer")):
            s[key] = {"total": shown(t[section]), "lines": [self.row(g) for g in rows if CATEGORIES[g[0]]["shown"] == section]}
        s["received"] = {"total": shown(t["cash"] + t["services"]), "cash": {"total": shown(t["cash"]), "lines": [self.row(g) for g in rows if CATEGORIES[g[0]]["shown"] == "cash"]},
                         "services": {"total": shown(t["services"]), "lines": [self.service_row(g) for g in rows if CATEGORIES[g[0]]["shown"] == "services"]}}
        s["given"] = self.given(lines, now, year)
        s["where_it_went"] = self.where_it_went(sum(l.figure for l in lines if l.category in BASE), year)
        s["household"] = self.shared(code, year)
        s["holdings"] = self.holdings(code, year)
        day = min(p.died or year_last(year), year_last(year))
        s["in_prices"] = self.in_prices(year, 1, 1000) if p.born <= day and day >= year_first(year) and self.household_on(code, day) else None
        if s["in_prices"]:
            s["in_prices"]["group"] = {"code": "all", "name": "All households"}
        before = self.lines_of(code, year - 1)
        s["previous"] = self.year_row(before, year - 1) if before else None
        s["life"] = self.life(code, year, life)
        every = now + standing([l for l in self.held(code) if year_of(l.day) == year])  # sources and notes include holdings
        s["sources"] = self.sources(every, s, year)
        s["counts"] = {"corrections": sum(1 for l in every if l.figure < 0 or (l.undoes and (l.amount or l.quantity))), "estimated": sum(l.estimated for l in every),
                       "gone": len(self.records(code)) - 1, "nothing": not every}
        return s

    @staticmethod
    def row(group):
        category, _, g = group
        return {"category": category, "name": CATEGORIES[category]["name"], "amount": shown(g["amount"]), "entries": g["entries"], "estimated": g["estimated"]}

    def service_row(self, group):
        return {**self.row(group), "quantity": group[2]["quantity"], "unit": group[1]}

    def given(self, lines, now, year):
        rows, total = [], 0
        minutes = self.minutes_by_category(lines)
        for category, _, g in self.groups([l for l in now if l.section == "given"]):
            rate, rate_year = self.latest(self.rates, category, year)
            value = half_up(minutes[category] * rate[0], 60) if rate else 0
            rows.append({"category": category, "name": CATEGORIES[category]["name"], "minutes": minutes[category], "value": value, "rate": rate and rate[0], "source": rate and rate[1],
                         "entries": g["entries"], "rate_year": rate and year_text(rate_year), "estimated": g["estimated"] or bool(rate and rate_year < year)})
            total += value
        return {"minutes": sum(minutes.values()), "value": total, "lines": rows}

    @staticmethod
    def where_it_went(base, year):
        told, table = latest_table("tax-summary", year)
        rows = [{"code": r["code"], "name": r["name"], "cofog": r["cofog"].split(), "share": float(r["share"]), "amount": shown(half_up(base * round(float(r["share"]) * 100), 10000))} for r in table]
        return {"base": {"what": " + ".join(CATEGORIES[c]["name"] for c in BASE), "amount": shown(base)},
                "table": {"year": year_text(told), "source": table[0]["source"], "estimated": told < year} if table else None,
                "lines": rows, "remainder": shown(base - sum(r["amount"] for r in rows))}

    def shared(self, code, year):
        rows = {}
        seen = [l for other in self.citizens() if other != code for l in standing(self.lines_of(other, year)) if l.category in HOUSEHOLD]
        for l in sorted(seen, key=lambda l: l.day):
            other = self.root(l.person)
            home = self.household_on(other, l.day)
            if home is None or not self.alive(other, l.day) or not self.alive(code, l.day) or self.household_on(code, l.day) != home:
                continue
            row = rows.setdefault(l.category, {"category": l.category, "name": CATEGORIES[l.category]["name"], "section": l.section, "amount": 0, "share_of": 0})
            row["amount"] += l.figure
            row["share_of"] = sum(1 for p in self.citizens() if self.alive(p, l.day) and self.household_on(p, l.day) == home)
        return [{**rows[c], "amount": shown(rows[c]["amount"])} for c in sorted(rows, key=ORDER.get)]

    def held(self, code):
        return [l for l in self.lines if l.person and self.root(l.person) == code and l.section == "holdings"]

    def holdings(self, code, year):
        held = [l for l in self.held(code) if l.day <= year_last(year)]
        opening, closing = sum(l.amount for l in held if l.day < year_first(year)), sum(l.amount for l in held)
        some = opening or closing or any(l.day >= year_first(year) for l in held)
        return [{"unit": "shares", "name": "Shares", "scale": 3, "opening": opening, "closing": closing}] if some else []

    @staticmethod
    def in_prices(year, households, unit):
        """What so many households typically pay in prices, by the latest table, each line rounded to the unit (pence)."""
        told, table = latest_table("in-prices", year)
        if not table:
            return None
        rows = [{"category": r["category"], "name": CATEGORIES[r["category"]]["name"], "amount": half_up(pence(r["amount"]) * households, unit) * unit} for r in table]
        return {"per": "household", "table": {"year": year_text(told), "source": table[0]["source"], "estimated": True},
                "total": sum(r["amount"] for r in rows), "lines": [r for r in rows if r["amount"]]}

    def year_row(self, lines, year):
        t = self.totals(lines)
        return {"year": year_text(year), "paid": shown(t["paid"]), "received": shown(t["cash"] + t["services"]), "services": shown(t["services"]), "given_minutes": shown(t["given"])}

    def life(self, code, year, with_categories):
        lines = [l for l in self.lines_of(code) if year_of(l.day) <= year]
        first = min([year_of(l.day) for l in lines] + [year])
        t = self.totals(lines)
        value = sum(self.given_value(self.lines_of(code, y), y) for y in range(first, year + 1))
        out = {"paid": shown(t["paid"]), "received": shown(t["cash"] + t["services"]), "given_minutes": shown(t["given"]), "given_value": value,
               "by_year": [self.year_row(self.lines_of(code, y), y) for y in range(first, year + 1)]}
        if with_categories:
            out["categories"] = [{"section": CATEGORIES[c]["shown"], "category": c, "name": CATEGORIES[c]["name"], "amount": None if CATEGORIES[c]["shown"] == "given" else shown(g["amount"]),
                                  "quantity": None if unit is None else g["quantity"], "unit": unit, "minutes": g["amount"] if CATEGORIES[c]["shown"] == "given" else None,
                                  "entries": g["entries"], "estimated": g["estimated"]} for c, unit, g in self.groups(standing(lines))]
        return out

    # ---- sources ----

    def cost_sources(self, now, year):
        """A unit cost whose value was changed after a line was posted with it is shown without one."""
        used = defaultdict(bool)
        for l in now:
            if l.cost_year is None:
                continue
            cost = self.costs.get((l.service, l.cost_year))
            used[(l.service, l.cost_year)] |= not cost or l.amount != half_up(l.quantity * cost[0], 1000)
        out = []
        for (service, cost_year), changed in used.items():
            what = f"What one costs: {self.services[service]['name']}, {year_text(cost_year)}"
            if changed:
                out.append((what, None, True))
            else:
                cost = self.costs[(service, cost_year)]
                out.append((what, pounds(cost[0]), cost[2] or cost_year < year))
        return out

    def sources(self, now, s, year):
        bodies = defaultdict(int)
        for l in now:
            bodies[l.body] += 1
        out = [(f"Records of {self.bodies[b]['name']}" if b else "Records that name no organisation", f"{n} {'item' if n == 1 else 'items'}", False) for b, n in bodies.items()]
        out += self.cost_sources(now, year)
        out += [(f"Value of an hour of {g['name']}, {g['rate_year']}", pounds(g["rate"]), int(g["rate_year"][:4]) < year) for g in s["given"]["lines"] if g["rate"] is not None]
        w = s["where_it_went"]
        if w["table"] and w["base"]["amount"] != 0:
            share = f"{sum(r['share'] for r in w['lines']):.2f}"
            out.append((f"Shares of public spending, {w['table']['year']}", (share[:-1] if share[-1] == "0" else share) + "%", w["table"]["estimated"]))
        return sorted(out, key=str)

    # ---- the account of a place ----

    def line_place(self, l):
        return l.place or (self.place_on(self.root(l.person), l.day) if l.person else None)

    def homes(self, code, year):
        """Where somebody lived, alive, on any day of the year: a set of places, None among them; empty when not alive in it."""
        days = [year_first(year) + n * DAY for n in range((year_last(year) - year_first(year)).days + 1)]
        return {self.place_on(code, d) for d in days if self.alive(code, d)}

    def lives_within(self, homes, place):
        known = homes - {None}
        return any(self.within(h, place) for h in known) or (bool(homes) and not known and self.whole(place))

    def households_in(self, place, day):
        """Households with somebody alive in them on the day who lives in the place; where that is not known, in the book's own place and those above it."""
        found = set()
        for p in self.citizens():
            where = self.place_on(p, day)
            if self.alive(p, day) and (self.within(where, place) if where else self.whole(place)):
                found.add(self.household_on(p, day))
        return len(found - {None})

    def key(self, by, category, body):
        if by == "body":
            return body or "none"
        if by == "category":
            return category or "none"
        return (CATEGORIES[category][by] if category else "") or "none"

    def key_rank(self, by, key):
        """Rows come in the pack's order; by body in order of registration, which is not checked here; `none` last."""
        orders = {"category": list(CATEGORIES), "cofog": [r["code"] for r in pack("cofog")], "domain": [r["code"] for r in pack("domains")], "side": SIDES, "purpose": PURPOSES}
        return len(orders[by]) if key == "none" else orders[by].index(key)

    def account(self, place, year, by):
        whole = self.whole(place)
        children = sorted((c for c, p in self.places.items() if p["parent"] == place), key=str.encode)
        new = lambda: {**dict.fromkeys(SHOWN, 0), "given_value": 0, "who": set(), "people": 0, "standing": 0, "estimated": False}
        rows, parts, total = defaultdict(new), {c: new() for c in children + [None]}, new()
        carried, elsewhere, unvalued, costs = defaultdict(int), 0, 0, []
        people = 0
        groups = [(p, self.lines_of(p, year)) for p in self.citizens()]
        sums = [l for l in self.lines if l.person is None and l.section in SHOWN and year_of(l.day) == year]  # valued together
        groups += [(None, [l for l in sums if l.unit == unit]) for unit in ("pence", "minutes")]
        for who, lines in groups:
            mine = [(l, self.line_place(l)) for l in lines]
            mine = [(l, where) for l, where in mine if whole or (where and self.within(where, place))]
            now = {id(l) for l in standing([l for l, _ in mine])}
            if who:
                homes = self.homes(who, year)
                known = homes - {None}
                people += self.lives_within(homes, place)
                for c in children:
                    parts[c]["people"] += any(self.within(h, c) for h in known)
                in_none = any((whole or self.within(h, place)) and not any(self.within(h, c) for c in children) and self.within(h, place) for h in known)
                parts[None]["people"] += in_none or (whole and bool(homes) and not known)
            by_part, by_key = defaultdict(list), defaultdict(list)
            for l, where in mine:
                part = next((c for c in children if where and self.within(where, c)), None)
                key = self.key(by, l.category, l.body)
                for into in (total, rows[key], parts[part]):
                    into[l.section] += l.figure
                by_part[part].append(l)
                by_key[key].append(l)
                if l.section in ("cash", "services"):
                    carried[l.body] += l.amount
                if id(l) not in now:
                    continue
                rows[key]["standing"] += bool(who)  # a sum makes a row by its figures alone
                rows[key]["estimated"] |= l.estimated
                rate, rate_year = self.latest(self.rates, l.category, year)
                rows[key]["estimated"] |= by != "body" and l.section == "given" and bool(rate) and rate_year < year
                if who:
                    rows[key]["who"].add(who)
                elsewhere += whole and (where is None or not self.within(where, place))
                unvalued += l.quantity is not None and l.cost_year is None
                costs.append(l)
            total["given_value"] += self.given_value([l for l, _ in mine], year)
            for part, ls in by_part.items():
                parts[part]["given_value"] += self.given_value(ls, year)
            for key, ls in by_key.items():
                rows[key]["given_value"] += self.given_value(ls, year)
        page = self.account_page(place, year, by, people, total, rows, parts, children, carried, elsewhere, unvalued, costs)
        none = not people and not any(total[k] for k in SHOWN)
        page["left_out"], page["not_valued"] = (None, None) if none else self.left_out(year, costs)
        return page

    @staticmethod
    def left_out(year, lines):
        """What public spending is on, by the latest published shares, that none of the lines is of; and categories with uses that have no cost."""
        recorded, unvalued = {l.category for l in lines}, {l.category for l in lines if l.quantity is not None and l.cost_year is None}
        areas = []
        for r in latest_table("tax-summary", year)[1]:
            mine = [c for c, k in CATEGORIES.items() if k["shown"] in ("cash", "services") and k["cofog"] in r["cofog"].split()]
            empty = [c for c in mine if c not in recorded]
            if empty or not mine:
                areas.append({"code": r["code"], "name": r["name"], "share": float(r["share"]), "whole": empty == mine, "categories": empty})
        return areas, [{"category": c, "name": k["name"]} for c, k in CATEGORIES.items() if c in unvalued]

    def account_page(self, place, year, by, people, total, rows, parts, children, carried, elsewhere, unvalued, costs):
        head = lambda n, heads: half_up(n, heads) if heads else None
        figures = lambda r, heads: {
            "paid": shown(r["paid"]), "received": shown(r["cash"]), "services": shown(r["services"]), "given_minutes": r["given"], "employer": shown(r["employer"]), "given_value": r["given_value"],
            "paid_per_head": head(r["paid"], heads), "received_per_head": head(r["cash"], heads), "services_per_head": head(r["services"], heads), "given_minutes_per_head": head(r["given"], heads)}
        some = lambda r: any(r[k] for k in SHOWN)
        page = {"place": place, "name": self.places[place]["name"], "year": year_text(year), "people": people,
                "total": {"paid": shown(total["paid"]), "employer": shown(total["employer"]), "received": shown(total["cash"]), "services": shown(total["services"]),
                          "given_minutes": total["given"], "given_value": total["given_value"]},
                "per_head": {"paid": head(total["paid"], people), "employer": head(total["employer"], people), "received": head(total["cash"], people), "services": head(total["services"], people),
                             "given_minutes": head(total["given"], people)}}
        kept = {k: r for k, r in rows.items() if r["standing"] or some(r)}
        page["by"] = [{"key": k, **figures(r, people), "people": len(r["who"]), "estimated": r["estimated"], **({"given_value": None} if by == "body" else {})} for k, r in kept.items()]
        page["places"] = [{"key": c, **figures(parts[c], parts[c]["people"]), "people": parts[c]["people"]} for c in children]
        if children and (some(parts[None]) or parts[None]["people"]):
            page["places"].append({"key": None, **figures(parts[None], parts[None]["people"]), "people": parts[None]["people"]})
        self.add_payments(page, place, year, by, carried)
        households = self.households_in(place, year_last(year))
        page["in_prices"] = self.in_prices(year, households, 100000) if households >= 10 else None
        if page["in_prices"]:
            page["in_prices"]["households"] = households
        page["counts"] = {"elsewhere": elsewhere, "unvalued": unvalued}
        page["costs"] = sorted(self.cost_sources(costs, year), key=str)
        return page

    def add_payments(self, page, place, year, by, carried):
        belongs = lambda where, body: self.whole(place) or bool((where or self.bodies[body]["place"]) and self.within(where or self.bodies[body]["place"], place))
        all_of_year = [p for p in self.payments if financial_year_of(p.day) == year]
        now = {id(p) for p in standing(all_of_year)}  # a payment and its reversal are in the same supplier's account
        mine = [p for p in all_of_year if belongs(p.place, p.payer)]
        rows = defaultdict(lambda: [0, 0])
        payers = {p.payer for p in mine if id(p) in now}
        for p in mine:
            row = rows[self.key(by, p.category, p.payer)]
            row[0] += p.amount
            row[1] += id(p) in now
        page["spend"] = {"total": shown(sum(p.amount for p in mine)), "from": dt.date(year, 4, 1).isoformat(), "to": dt.date(year + 1, 3, 31).isoformat(),
                         "lines": [{"key": k, "amount": shown(r[0]), "payments": r[1]} for k, r in rows.items() if any(r)]}
        page["unattributed"] = shown(sum(p.amount for p in mine if p.payer in payers) - sum(carried[b] for b in payers))
        budgets = standing([b for b in self.budgets if b.year == year and belongs(None, b.body)])
        streams = defaultdict(list)
        for b in budgets:
            streams[(b.body, b.stream, b.category)].append(b)
        page["budget"] = sorted(({"body": body, "stream": stream, "category": category, "amount": shown(sum(b.amount for b in bs)),
                                  "conditions": "; ".join(dict.fromkeys(b.conditions for b in bs if b.conditions)) or None,
                                  "stream_code": self.stream_code(body, stream), "kind": None, "payer": None, "payer_name": None} for (body, stream, category), bs in streams.items()), key=str)
        page["budget_total"] = shown(sum(b.amount for b in budgets))

    def stream_code(self, body, stream):
        """Made from its name; streams of one name are numbered in the order in which budgets first named them."""
        bodies = list(dict.fromkeys(b.body for b in self.budgets if b.stream == stream))
        return stream.replace(" ", "-") + (f"-{bodies.index(body) + 1}" if bodies[0] != body else "")

    # ---- findings of an audit ----

    def strays(self):
        """Lines of days on which their person did not live, by person: for a merged record the survivor's birth and death count."""
        out = defaultdict(int)
        for l in self.lines:
            if not l.person or l.undoes or l.undone:
                continue
            p = self.people[self.root(l.person)]
            out[self.root(l.person)] += l.day < p.born or bool(p.died and l.day > p.died and l.section in ("services", "given"))
        return {code: n for code, n in out.items() if n}

    # ---- erasure ----

    def erase(self, code):
        """All records of the person are erased; a sum of their lines is left for each entry, category, body and place on its day, which belongs to nobody."""
        gone = self.records(self.root(code))
        sums, left = {}, []
        for l in self.lines:
            if l.person not in gone:
                left.append(l)
                continue
            where = self.line_place(l)
            total = sums.setdefault((l.file, l.day, l.category, l.body, where), Line(None, l.day, l.category, 0, l.file, l.body, where))
            total.amount += l.amount
        self.lines = left + list(sums.values())
        for record in gone:
            del self.people[record]
            self.keep.pop(record, None)

    # ---- balances, the account, exports ----

    def balances(self):
        """By (owner, role, unit); control accounts take the other side of every line."""
        out = defaultdict(lambda: [0, 0])
        for l in self.lines:
            if l.person:
                mine = out[(l.person, {"pence": "social", "minutes": "time"}.get(l.unit, "holding"), l.unit)]
                mine[0] += l.amount
                mine[1] += 1
            out[(f"body:{l.body}" if l.body else "book", "control", l.unit)][0] -= l.amount
        for p in self.payments:
            out[("supplier:" + p.supplier, "provider", "pence")][0] += p.amount
            out[(f"body:{p.payer}", "control", "pence")][0] -= p.amount
        return out

    def exported(self):
        return sorted((l.day.isoformat(), l.person, l.category, l.reference) for l in self.lines if l.person and not l.undone and not l.undoes)
