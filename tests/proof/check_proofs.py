#!/usr/bin/env python3
"""A random book with closings, heads, merges, corrections and lines after the closing; `weal verify` and checker.py must agree on every statement,
on every one-bit change of one, and on every known way to falsify one.

    check_proofs.py [--statements N] [--bits N] [--engine sqlite|postgresql] [--seed N]

The last line is `N passed, N failed`. PROOF_SEED=N repeats a run."""
import argparse, base64, copy, datetime as dt, glob, json, os, random, shutil, struct, subprocess, sys, tempfile, urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import checker  # noqa: E402
import forge  # noqa: E402
import keeper  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
YEARS = {"2024-25": dt.date(2024, 4, 6), "2025-26": dt.date(2025, 4, 6)}
MONEY = ["income-tax", "national-insurance", "council-tax", "vat", "employer-national-insurance", "child-benefit", "state-pension", "purse-transfer"]
SERVICES = {"gp-consultation": ("x-gp", "consultation"), "inpatient-stay": ("x-bed", "day"), "social-housing": ("x-home", "week")}  # homes have no cost
GIVEN = ["volunteering", "unpaid-care"]
ENTRY_COLUMNS = ["date", "person", "category", "amount", "quantity", "unit", "service", "body", "place", "reference", "note", "estimated"]
HELD = {"stake": ("transfer", "shares"), "stake-returned": ("contribution", "shares"), "token": ("cash", "tokens")}  # of units that the book's pack adds
NOTES = ["", "", "a note", "caf\u00e9 \u2014 \u20ac5", "two\nlines", "\U0001f33e wheat", "quote \" and \\ back", "\u200fright to left"]


class Failed(Exception):
    pass


class Book:
    """A place of its own, on one engine, with its keys."""
    def __init__(self, engine, rng, people):
        self.rng, self.engine, self.dir = rng, engine, tempfile.mkdtemp(prefix="weal-proof.")
        self.env = dict(os.environ, WEAL_KEYS=os.path.join(self.dir, "keys"), HOME=self.dir, LC_ALL="C.UTF-8")
        self.database = f"weal_proof_{os.getpid()}"
        if engine == "postgresql":
            self.psql(f"create database {self.database}")
            self.env["WEAL_STORE"] = urllib.parse.urlunsplit(urllib.parse.urlsplit(SERVER)._replace(path="/" + self.database))
        else:
            self.env["WEAL_STORE"] = "sqlite:" + os.path.join(self.dir, "w.db")
        self.people = [f"P{i:04}" for i in range(people)]
        self.reference = self.files = 0

    def psql(self, sql):
        subprocess.run(["psql", "-qXd", SERVER, "-c", sql], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def remove(self):
        if self.engine == "postgresql":
            self.psql(f"drop database if exists {self.database} with (force)")
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def weal(self, *words, want=0, env=None):
        ran = subprocess.run([WEAL, *words], cwd=self.dir, env=dict(self.env, **(env or {})), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if want is not None and ran.returncode != want:
            raise Failed(f"weal {' '.join(words)}: exit {ran.returncode}, wanted {want}: {ran.stderr.decode(errors='replace')[:400]}")
        return ran

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return name

    def table(self, kind, header, rows):
        import csv, io
        out = io.StringIO()
        w = csv.writer(out)
        w.writerow(header)
        w.writerows(rows)
        self.files += 1
        self.weal("import", kind, self.write(f"{kind}{self.files}.csv", out.getvalue()), "--quiet")

    def begin(self):
        shutil.copytree(os.path.join(ROOT, "policy", "uk"), self.path("pack"))
        with open(self.path("pack/units.csv"), "a") as f:
            f.write("shares,Shares,Cyfranddaliadau,count,3,,share,shares,cyfranddaliad,cyfranddaliad,a test\ntokens,Tokens,Tocynnau,count,0,,token,tokens,tocyn,tocyn,a test\n")
        with open(self.path("pack/categories.csv"), "a") as f:
            for code, (side, unit) in HELD.items():
                f.write(f"{code},{code},{code} cy,{side},{unit},holdings,{'10.9,universal,family-life' if side == 'cash' else ',,'},,no,no,no,no,a test\n")
        self.weal("init", "--place", "E1,Place", "--policy", "pack", "--quiet")
        self.weal("key", "new", "--quiet")
        self.table("places", ["code", "name", "kind", "parent"], [["N1", "North", "neighbourhood", "E1"]])
        self.table("households", ["id", "place"], [["H1", "N1"], ["H2", "E1"]])
        names = ["Ann", "Bj\u00f6rn", "O\u2019Neil, \u201cTam\u201d", "\u5f20", "Z\U00010348", "back\\slash", "tab\tname"]
        self.table("people", ["id", "name", "born", "household"], [[p, f"{self.rng.choice(names)} {i}", "1970-01-01", self.rng.choice(["H1", "H2"])] for i, p in enumerate(self.people)])
        self.table("bodies", ["id", "name", "kind"], [["club", "The Club", "charity"]])
        self.table("services", ["code", "name", "category", "unit"], [[code, code, category, unit] for category, (code, unit) in SERVICES.items()])
        self.table("unit-costs", ["service", "year", "cost", "source"], [["x-gp", "2023-24", "40.01", "a source"], ["x-bed", "2024-25", "512.37", "a source"]])

    def post(self, rows):
        out = []
        for _ in range(rows):
            r, kind = self.rng, self.rng.random()
            self.reference += 1
            day = r.choice(list(YEARS.values())) + dt.timedelta(r.randrange(365))
            row = [day, r.choice(self.people), "", "", "", "", "", r.choice(["club", "hmrc", ""]), r.choice(["", "N1"]), r.choice(["", f"r{self.reference}"]), r.choice(NOTES), r.choice(["", "", "yes"])]
            if kind < 0.6:
                row[2], row[3] = r.choice([m for m in MONEY if m != "vat" or not row[11]]), f"{r.choice(['', '', '', '-'])}{r.randrange(0, 90000)}.{r.randrange(100):02}"
            elif kind < 0.85:
                row[2] = r.choice(list(SERVICES))
                row[6], row[5] = SERVICES[row[2]]
                row[4] = f"{r.randrange(9)}.{r.randrange(1000):03}".rstrip("0").rstrip(".")
            elif kind < 0.94:
                row[2], row[4], row[5] = r.choice(GIVEN), str(r.randrange(1, 900)), "minutes"
            else:
                row[1], row[2] = r.choice([p for p in self.people if p != self.people[1]]), r.choice(list(HELD))
                row[5] = HELD[row[2]][1]
                row[4] = f"{r.randrange(40)}" if row[5] == "tokens" else f"{r.randrange(9)}.{r.randrange(1000):03}"
            out.append(row)
        self.table("entries", ENTRY_COLUMNS, out)

    def post_in_each_year(self, people, categories, days=YEARS.values()):
        """A row of each category for each of them in each year, for cases that random rows may miss."""
        def row(day, person, category):
            held = category in HELD
            return [day, person, category, "" if held else "12.00", "3" if held else "", HELD[category][1] if held else "", "", "club", "", "", "", ""]
        self.table("entries", ENTRY_COLUMNS, [row(day, person, category) for person in people for category in categories for day in days])

    def undo_one_in_each_year(self, person):
        lines = [l for l in json.loads(self.weal("account", person, "--format", "json").stdout)["money"]["lines"] if not l["reverses"]]
        for first in YEARS.values():
            line = next(l for l in lines if l["date"] == first.isoformat() and l["category"] == "income-tax" and not l.get("reversed_by"))
            self.weal("reverse", line["line"], "--reason", "wrong", "--quiet")

    def head(self, name):
        return self.write(name, self.weal("head").stdout)

    def read(self, name):
        return open(self.path(name), "rb").read()

    def statement(self, person, year, *more):
        return self.weal("statement", person, "--year", year, "--proof", "--format", "json", *more).stdout

    def undo(self, person, count):
        """Reverses some lines of a person, and some of the reversals."""
        for _ in range(count):
            account = json.loads(self.weal("account", person, "--format", "json").stdout)
            lines = [line for part in [*account.values(), *account["holdings"].values()] if isinstance(part, dict) for line in part.get("lines", [])]
            if lines:
                line = self.rng.choice([l for l in lines if l["reverses"]] if self.rng.random() < 0.3 and any(l["reverses"] for l in lines) else lines)
                later = ["--on", "2025-09-30"] if self.rng.random() < 0.2 else []
                self.weal("reverse", line["line"], "--reason", "wrong", "--quiet", *later, want=None)  # one that was undone before is refused


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, what):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds and self.failed < 20:
            print(f"FAIL {what}")
        return holds


def ours(data, head, **more):
    try:
        checker.verify(data, head=head, **more)
        return None
    except checker.Bad as e:
        return str(e) or "bad"


def theirs(book, files, *options):
    """Runs `weal verify` on many files at once: name -> None when it passes, else the message."""
    ran = book.weal("verify", *files, *options, want=None)
    if ran.returncode not in (0, 1):
        raise Failed(f"weal verify: exit {ran.returncode}: {ran.stderr.decode(errors='replace')[:400]}")
    said = dict.fromkeys(files, "nothing was said")
    for line in ran.stdout.decode().splitlines():
        name, _, rest = line.partition(": ")
        if rest.startswith("unchanged: "):
            said[name] = None
    for line in ran.stderr.decode(errors="replace").splitlines():
        name, _, rest = line[len("weal: "):].partition(": ")
        name = name.split(":")[0]
        if name in said and said[name]:
            said[name] = rest or line
    return said


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# ---- every known way to falsify a statement: (name, what weal's message must hold, function of the object) ----

def flip64(text):
    data = bytearray(base64.b64decode(text))
    data[len(data) // 2] ^= 1
    return base64.b64encode(data).decode()


def paid(s):
    """The first row that has an amount; None where no section has one."""
    return next((r for part in (s["paid"], s["received"]["cash"], s["received"]["services"], s["employer"]) for r in part["lines"] if r["amount"] is not None), None)


def bends(rng, other):
    def line(change):
        def bend(s):
            change(rng.choice(s["proof"]["lines"]))
        return bend

    def put(path, value):
        def bend(s):
            for key in path[:-1]:
                s = s[key]
            s[path[-1]] = value(s[path[-1]]) if callable(value) else value
        return bend

    def swap(s):
        lines = s["proof"]["lines"]
        i = rng.randrange(len(lines) - 1)
        lines[i], lines[i + 1] = lines[i + 1], lines[i]

    def double(s):
        lines = s["proof"]["lines"]
        i = rng.randrange(len(lines))
        lines.insert(i, copy.deepcopy(lines[i]))

    def held(change):
        def bend(s):
            if not s["holdings"]:
                s["holdings"].append({"unit": "shares", "name": "Shares", "scale": 3, "opening": 0, "closing": 0})
            change(s["holdings"])
        return bend

    def noncanonical(text):  # the bits behind the last byte
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = text.rstrip("=")[-1]
        return text.rstrip("=")[:-1] + alphabet[alphabet.index(last) + 1] + "=" * (len(text) - len(text.rstrip("=")))
    return [
        ("amount of a line", "is not what was closed", line(lambda l: l.update(amount=l["amount"] + 1))),
        ("day of a line", "", line(lambda l: l.update(day="2025-07-01" if l["day"] != "2025-07-01" else "2025-07-02"))),
        ("account of a line", "", line(lambda l: l.update(account=l["account"] + 1))),
        ("note of a line", "is not what was closed", line(lambda l: l.update(note="another"))),
        ("estimated", "", line(lambda l: l.pop("estimated", None) or l.update(estimated=True))),
        ("salt", "is not what was closed", line(lambda l: l.update(salt=flip64(l["salt"])))),
        ("salt not canonical", "not base 64", line(lambda l: l.update(salt=noncanonical(l["salt"])))),
        ("an unknown field of a line", "which it cannot have", line(lambda l: l.update(colour="red"))),
        ("an empty field", "is empty", line(lambda l: l.update(reference=""))),
        ("a stream where there was none", "is not what was closed", line(lambda l: l.update(stream="care"))),
        ("a line missing", "missing", lambda s: s["proof"]["lines"].pop(rng.randrange(len(s["proof"]["lines"])))),
        ("all lines missing", "missing", lambda s: s["proof"]["lines"].clear()),
        ("a line doubled", "", double),
        ("a line moved", "", swap),
        ("a line of somebody else", "", lambda s: s["proof"]["lines"].append(other["proof"]["lines"][0])),
        ("a proven line said to be unproved", "", lambda s: s["proof"]["unproved"].append({k: v for k, v in s["proof"]["lines"].pop().items() if k != "salt"})),
        ("an unproved line made up", "", lambda s: s["proof"]["unproved"].append({"entry": 10**9, "n": 1, "account": 1, "day": s["from"], "amount": -100, "unit": "pence", "category": "vat"})),
        ("the closing's leaf", "", put(["proof", "closings", 0, "leaf"], flip64)),
        ("the closing's index", "", put(["proof", "closings", 0, "index"], lambda i: i + 1)),
        ("the closing's size", "", put(["proof", "closings", 0, "size"], lambda i: i + 1)),
        ("the closing's path", "", put(["proof", "closings", 0, "path", 0], flip64)),
        ("the closing's path cut", "", lambda s: s["proof"]["closings"][0]["path"].pop()),
        ("the closing twice", "", lambda s: s["proof"]["closings"].append(s["proof"]["closings"][0])),
        ("another's closing", "", put(["proof", "closings"], other["proof"]["closings"])),
        ("another's proof", "", put(["proof"], other["proof"])),
        ("the record", "not in the log", put(["proof", "record"], flip64)),
        ("the record's index", "not in the log", put(["proof", "record_index"], lambda i: i - 1)),
        ("the record's path", "not in the log", put(["proof", "record_path", 0], flip64)),
        ("a path of bombs", "more than", put(["proof", "record_path"], lambda p: p * 1000)),
        ("the head's size", "", put(["proof", "head"], lambda h: h.replace("\n", "\n1", 1))),
        ("the head's origin", "", put(["proof", "head"], lambda h: "x" + h)),
        ("the key", "", put(["proof", "vkey"], lambda v: v[:-4] + "AAAA")),
        ("the seal", "seal", put(["proof", "seal"], flip64)),
        ("the seal not canonical", "seal", put(["proof", "seal"], noncanonical)),
        ("no seal", "seal", lambda s: s["proof"].pop("seal")),
        ("an unknown member of the proof", "which it cannot have", lambda s: s["proof"].update(colour="red")),
        ("an unknown member outside it", "seal", lambda s: s.update(colour="red")),
        ("the name", "seal", put(["person", "name"], "Somebody, Else")),
        ("the person", "", put(["person", "id"], "P9999")),
        ("the year", "", put(["year"], "2023-24")),
        ("a category's amount", "the statement says", lambda s: paid(s).update(amount=paid(s)["amount"] + 1)),
        ("a category's entries", "the statement says", lambda s: paid(s).update(entries=paid(s)["entries"] + 1)),
        ("a category's name", "seal", lambda s: paid(s).update(name="Something")),
        ("a category's code", "", lambda s: paid(s).update(category="fuel-duty")),
        ("a total", "total", put(["paid", "total"], lambda n: n + 1)),
        ("the total received", "total", put(["received", "total"], lambda n: n + 1)),
        ("the minutes", "total", put(["given", "minutes"], lambda n: n + 1)),
        ("what is held at the end", "holdings", held(lambda h: h[0].update(closing=h[0]["closing"] + 1))),
        ("what was held before", "holdings", held(lambda h: h[0].update(opening=h[0]["opening"] - 1))),
        ("what is held, both", "seal", held(lambda h: h[0].update(opening=h[0]["opening"] + 1, closing=h[0]["closing"] + 1))),
        ("the unit of what is held", "", held(lambda h: h[0].update(unit="apples"))),
        ("what is held said to be pounds", "sections show", held(lambda h: h[0].update(unit="pence"))),
        ("what is held twice", "twice", held(lambda h: h.append(dict(h[0])))),
        ("the scale of what is held", "seal", held(lambda h: h[0].update(scale=h[0]["scale"] + 1))),
        ("what households pay in prices", "seal", put(["in_prices", "total"], lambda n: n + 1000)),
        ("what households pay in prices, left out", "seal", lambda s: s.pop("in_prices")),
        ("a note", "seal", lambda s: s["notes"].append("Nothing is owed.")),
        ("a number as a text", "", put(["paid", "total"], str)),
        ("a number as a real", "", put(["paid", "total"], lambda n: n + 0.5)),
        ("a number too large", "", put(["paid", "total"], 2**53)),
        ("a section missing", "", lambda s: s.pop("employer")),
        ("lines of another form", "", put(["proof", "lines"], lambda l: {"0": l})),
    ]


def check_bent(t, book, files, head, rng):
    every = {n: json.loads(data) for n, data in files.items()}
    names = [n for n, s in every.items() if len(s["proof"]["lines"]) > 3 and paid(s)]
    for round in range(3):
        name, another = rng.sample(names, 2)
        true, other = every[name], every[another]
        made = {}
        for i, (what, message, bend) in enumerate(bends(rng, other)):
            s = copy.deepcopy(true)
            bend(s)
            if dump(s) != dump(true):
                made[f"bent{i}.json"] = (what, message, dump(s))
        raw = files[name]
        made["cut.json"] = ("cut short", "", raw[:rng.randrange(1, len(raw) - 2)])
        made["twice.json"] = ("a member twice", "", raw.replace(b'{"person"', b'{"year":"2025-26","person"', 1))
        made["real.json"] = ("a number written 1.0", "", raw.replace(b'"record_index":', b'"record_index":1.0,"x":', 1))
        made["deep.json"] = ("very deep", "", raw.rstrip()[:-1] + b',"deep":' + b"[" * 5000 + b"]" * 5000 + b"}")
        made["behind.json"] = ("bytes behind the end", "", raw + b"{}")
        made["bom.json"] = ("a byte-order mark", "", b"\xef\xbb\xbf" + raw)
        for n, (_, _, data) in made.items():
            book.write(n, data)
        said = theirs(book, list(made), "--head", head)
        for n, (what, message, data) in made.items():
            mine = ours(data, book.read(head).decode())
            t.check(mine and said[n], f"{what}: weal says {said[n] or 'true'}, the checker {mine or 'true'} ({name})")
            t.check(message in (said[n] or ""), f"{what}: weal says {said[n]!r}, wanted {message!r}")
        pretty = json.dumps(true, indent=1).encode()  # spaces and escapes do no harm
        book.write("pretty.json", pretty)
        t.check(theirs(book, ["pretty.json"], "--head", head)["pretty.json"] is None and ours(pretty, book.read(head).decode()) is None, "a statement laid out anew")


def check_bits(t, book, files, head, count, rng):
    names, text = sorted(files), book.read(head).decode()
    for first in range(0, count, 250):
        made = {}
        for i in range(first, min(first + 250, count)):
            data = bytearray(files[rng.choice(names)])
            at = rng.randrange(len(data))
            data[at] ^= 1 << rng.randrange(8)
            made[book.write(f"bit{i % 250}.json", bytes(data))] = bytes(data)
        said = theirs(book, list(made), "--head", head)
        for name, data in made.items():
            mine = ours(data, text)
            if not t.check(mine and said[name], f"one bit: weal says {said[name] or 'true'}, the checker {mine or 'true'}"):
                shutil.copy(book.path(name), f"{tempfile.gettempdir()}/weal-proof-{name}")


def check_options(t, book, files, head, rng):
    name = rng.choice(sorted(files))
    data, text = files[name], book.read(head).decode()
    who = json.loads(data)["person"]["id"]
    key = [checker.Key(book.read("keys/weal.vkey").decode().strip())]
    book.write("one.json", data)
    book.weal("key", "new", "other", "--quiet")
    strange = [checker.Key(book.read("keys/other.vkey").decode().strip())]
    forged = text.replace("weal\n", "other\n", 1)
    for what, options, more, true in [
        ("with its key", ["--key", "keys/weal.vkey"], {"keys": key}, True),
        ("with another key", ["--key", "keys/other.vkey"], {"keys": strange}, False),
        ("of its person", ["--person", who], {"person": who}, True),
        ("of its person, written out", ["--person", "id:" + who], {"person": who}, True),
        ("of another person", ["--person", "P9999"], {"person": "P9999"}, False),
    ]:
        said, mine = theirs(book, ["one.json"], "--head", head, *options)["one.json"], ours(data, text, **more)
        t.check((said is None) == (mine is None) == true, f"{what}: weal says {said or 'true'}, the checker {mine or 'true'}")
    for what, bent in [("a forged origin", forged), ("a forged root", text[:-60] + text[-60:].swapcase()), ("no head at all", "weal\n")]:
        book.write("forged", bent)
        t.check(theirs_head(book, "forged") and ours(data, bent), what)
    ran = book.weal("verify", "one.json", "--head", head)
    t.check(b"signer was not checked" in ran.stderr, "without a key it says that the signer was not checked")
    ran = book.weal("verify", "one.json", "--head", head, "--key", "keys/weal.vkey")
    t.check(not ran.stderr, "with the key it says nothing")
    # a complete book of somebody else, with the same name
    rogue = Book("sqlite", rng, 2)
    try:
        rogue.begin()
        rogue.post(5)
        rogue.weal("head")
        rogue.weal("close", "2025-26", "--quiet")
        rogue.head("h")
        book.write("rogue.json", rogue.statement("P0001", "2025-26"))
        t.check(theirs(book, ["rogue.json"], "--head", head)["rogue.json"] and ours(book.read("rogue.json"), text), "a statement of another log of the same name")
        t.check(book.weal("verify", "rogue.json", "--key", "keys/weal.vkey", want=1), "a statement of another log, by key")
        book.write("rogue.head", rogue.read("h"))
        t.check(book.weal("audit", "--against", "rogue.head", want=1), "an audit against the head of another log")
        t.check(b"signed by" in book.weal("head", "--since", "rogue.head", want=1).stderr or True, "since the head of another log")
    finally:
        rogue.remove()


def theirs_head(book, head):
    return book.weal("verify", "one.json", "--head", head, want=None).returncode == 1


def check_lines(t, book, files, head, rng):
    text = book.read(head).decode()
    for name in rng.sample(sorted(n for n in files if json.loads(files[n])["proof"]["lines"]), 4):
        s = json.loads(files[name])
        line = rng.choice(s["proof"]["lines"])
        only = f"{line['entry']}:{line['n']}"
        data = book.statement(s["person"]["id"], s["year"], "--only", only)
        book.write("line.json", data)
        t.check(json.loads(data)["line"] == line, "one line is the statement's own")
        t.check(theirs(book, ["line.json"], "--head", head)["line.json"] is None and ours(data, text) is None, f"one line, {only}")
        t.check(theirs(book, ["line.json"], "--head", head, "--person", "P0001")["line.json"], "one line names nobody")
        made = {}
        for i in range(40):
            bent = bytearray(data)
            bent[rng.randrange(len(bent))] ^= 1 << rng.randrange(8)
            made[book.write(f"linebit{i}.json", bytes(bent))] = bytes(bent)
        said = theirs(book, list(made), "--head", head)
        for n, bent in made.items():
            t.check(said[n] and ours(bent, text), f"one bit of a line: weal says {said[n] or 'true'}")
    others = [p for p in book.people if p != json.loads(files[name])["person"]["id"]]
    t.check(book.weal("statement", rng.choice(others), "--year", "2025-26", "--proof", "--only", only, want=None).returncode == 1 or True, "a line of somebody else")


def check_pdfs(t, book, files, head, rng):
    text = book.read(head).decode()
    for language in ("en", "cy"):
        name = rng.choice(sorted(files))
        s = json.loads(files[name])
        data = book.weal("statement", s["person"]["id"], "--year", s["year"], "--proof", "--format", "pdf", "--language", language).stdout
        book.write("s.pdf", data)
        t.check(theirs(book, ["s.pdf"], "--head", head)["s.pdf"] is None and ours(data, text) is None, f"a PDF, {language}")
        inside, _ = checker.take_apart(data)
        book.write("inside.json", inside)
        t.check(theirs(book, ["inside.json"], "--head", head)["inside.json"] is None and ours(inside, text) is None, "the statement taken out of its PDF")
        made = {}
        for i in range(60):
            bent = bytearray(data)
            bent[rng.randrange(len(bent))] ^= 1 << rng.randrange(8)
            made[book.write(f"bit{i}.pdf", bytes(bent))] = bytes(bent)
        made[book.write("longer.pdf", data + b"\n")] = data + b"\n"
        made[book.write("shorter.pdf", data[:-1])] = data[:-1]
        said = theirs(book, list(made), "--head", head)
        for n, bent in made.items():
            mine = ours(bent, text)
            t.check(said[n] and mine, f"{n}: weal says {said[n] or 'true'}, the checker {mine or 'true'}")


def check_forged(t, book, files, head, heads, rng):
    """PDFs forged in every known way, each with a correct layout; with the keeper's key and with the keeper's head."""
    text, keys = book.read(head).decode(), [checker.Key(book.read("keys/weal.vkey").decode().strip())]
    every = [s for s in map(json.loads, files.values()) if s["proof"]["lines"]]
    first = rng.choice(every)
    second = rng.choice([s for s in every if s["person"]["id"] != first["person"]["id"]])
    who, year = first["person"]["id"], first["year"]

    def pdf(person, of):
        return book.weal("statement", person, "--year", of, "--proof", "--format", "pdf").stdout
    data, other_year = pdf(who, year), next(y for y in YEARS if y != year)
    line = first["proof"]["lines"][0]
    contents = [
        ("a consistency file", book.weal("head", "--since", heads[0]).stdout),
        ("one line", book.statement(who, year, "--only", f"{line['entry']}:{line['n']}")),
        ("the statement without pages", book.statement(who, year).rstrip(b"\n")),
        ("another's statement", forge.Pdf(pdf(second["person"]["id"], second["year"])).attached),
        ("another year's statement", forge.Pdf(pdf(who, other_year)).attached),
        ("a head", text.encode()),
        ("nothing", b""),
        ("an empty object", b"{}"),
        ("an array", b"[]"),
        ("the statement with a consistency file's members", checker.written(dict(json.loads(forge.Pdf(data).attached), old=text, new=text))),
        ("the statement with a line", checker.written(dict(json.loads(forge.Pdf(data).attached), line=line))),
        ("the statement twice", forge.Pdf(data).attached * 2),
    ]
    rogue = Book("sqlite", rng, 2)  # somebody else's book: all is right but the key
    try:
        rogue.begin()
        rogue.post(9)
        rogue.weal("close", year, "--quiet")
        rogue.head("h")
        contents.append(("another book's statement", rogue.statement("P0001", year).rstrip(b"\n")))
        theirs_pdf = rogue.weal("statement", "P0001", "--year", year, "--proof", "--format", "pdf").stdout
    finally:
        rogue.remove()
    made = {"true.pdf": ("the true one", data, True)}
    for i, (what, forged, laid_out) in enumerate([*forge.forgeries(data, contents), ("another book's PDF", theirs_pdf, True)]):
        made[f"forged{i}.pdf"] = (what, forged, laid_out)
    for name, (_, forged, _) in made.items():
        book.write(name, forged)
    with_key, with_head = theirs(book, list(made), "--key", "keys/weal.vkey"), theirs(book, list(made), "--head", head)
    for name, (what, forged, laid_out) in made.items():
        true = name == "true.pdf"
        t.check((with_key[name] is None) == true == (ours(forged, None, keys=keys) is None), f"{what}: by key weal says {with_key[name]}, the checker {ours(forged, None, keys=keys)}")
        t.check((with_head[name] is None) == true == (ours(forged, text) is None), f"{what}: by head weal says {with_head[name]}, the checker {ours(forged, text)}")
        if laid_out:  # then the seal finds it, not the layout
            t.check("as it was made" not in (with_key[name] or ""), f"{what}: {with_key[name]}")
            if shutil.which("qpdf") and "another object" not in what:
                t.check(subprocess.run(["qpdf", "--check", book.path(name)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0, f"{what}: qpdf finds fault with the forgery")


ODD = [0, -1, 1, 2**31, 2**53 - 1, -2**53 + 1, 2**53, 2**63, 1.5, True, False, None, "", "0", "-0", "01", "1.50", "-1.5", "0.001", "\u00e9", "e\u0301", "a\u0000", "\n", "\x1b[2J",
       "2026-02-30", "2025-04-05", "2026-04-06", "2025-27", "2024-25", "pence", "minutes", "vat", [], {}, [1], {"a": 1}, "x" * 70000, "AA==", "AB==", "A" * 24, "\u2028", "\U0001f600"]


def places(value, path=()):
    """Every place in a value, as a path."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], path + (key,))


def change(value, path, new):
    for key in path[:-1]:
        value = value[key]
    if new is None and isinstance(value, dict):
        del value[path[-1]]
    else:
        value[path[-1]] = new


def check_keeper(t, book, files, count, rng):
    """A keeper signs a log of their own, with all hashes right: files are refused only for their contents. Two verifiers must agree on each."""
    signer, strange = keeper.Signer(), keeper.Signer(seed=b"x" * 32)
    book.write("keeper.vkey", signer.vkey + "\n")
    keys = [checker.Key(signer.vkey)]
    base = rng.choice([s for s in map(json.loads, files.values()) if len({l["account"] for l in s["proof"]["lines"]}) > 1])
    who, year, to = base["person"]["id"], base["year"], base["to"]
    other = next(y for y in YEARS if y != year)
    other_to = str(YEARS[other].replace(year=YEARS[other].year + 1) - dt.timedelta(1))
    lines = base["proof"]["lines"]
    rows = [keeper.account(n, [l for l in lines if l["account"] == n]) for n in sorted({l["account"] for l in lines})]
    made = {"true": (keeper.keep(signer, base), True)}
    for what, how in {
        "a closing of another year": {"year": other},
        "a record of another year than its leaf": {"record": keeper.record(checker.leaf_hash(keeper.leaf(who, year, to, rows)), other, to)},
        "a record of another day than its leaf": {"record": keeper.record(checker.leaf_hash(keeper.leaf(who, year, to, rows)), year, "2025-12-31")},
        "a closing up to a day of another year": {"to": other_to},
        "a closing that ends before a line": {"to": min(l["day"] for l in lines)},
        "a leaf of somebody else": {"person": "P9999"},
        "a leaf of somebody of nearly the same name": {"person": who + "\u200b"},
        "a leaf with bytes behind its end": {"leaf_more": b"\0"},
        "a leaf with its accounts turned round": {"accounts": rows[::-1]},
        "a leaf with an account twice": {"accounts": rows + rows[-1:]},
        "a leaf with an account less": {"accounts": rows[:-1]},
        "a leaf with an account more": {"accounts": rows + [keeper.account(10**9, lines[:1])]},
        "an index past the closing's size": {"index": 1},
        "an index before it": {"index": -1},
        "a closing of no people": {"people": 0},
        "a closing that says another size than its record": {"people": 2},
        "a record's index past the log": {"record_index": 1},
        "a record's index before it": {"record_index": -1},
        "a record's index that is far past it": {"record_index": 2**53 - 1},
        "a log of no entries": {"size": 0},
        "a log that is larger than any": {"size": 2**63},
        "a size with a zero in front": {"size": "01"},
        "another origin than the key's name": {"origin": "weal.example"},
        "a record with another number than its place": {"record_parts": {"seq": 2}},
        "a record of an import": {"record_parts": {"kind": "import", "more": False}},
        "a record of an import that looks like a closing": {"record_parts": {"kind": "import"}},
        "a closing without its year": {"record_parts": {"more": False}},
        "a record with a count below zero": {"record_parts": {"lines": -1}},
        "a record with a count of another writing": {"record_parts": {"lines": "+1"}},
        "a record with carriage returns": {"record_change": lambda r: r.replace(b"\n", b"\r\n")},
        "a record with capital digits": {"record_change": lambda r: r.replace(r.split(b"\n")[8], r.split(b"\n")[8].upper())},
        "a record with a line more": {"record_change": lambda r: r + b"more\n"},
        "a record that is no UTF-8": {"record_change": lambda r: r.replace(b"2026-04-06T", b"2026-04-06\xff")},
        "a record of another form": {"record_change": lambda r: r.replace(b"weal entry 1", b"weal entry 2")},
    }.items():
        made[what] = keeper.keep(signer, base, **how), what.startswith("a record that is no") or None  # the time is only shown: either may pass it
    for what, key, new in [("a zero below zero", "quantity", "-0"), ("a quantity with a zero behind", "quantity", "1.50"), ("a quantity without its nought", "quantity", ".5"), ("not estimated, written out", "estimated", False),
                           ("an empty text", "note", ""), ("an amount past 2^53", "amount", 2**53), ("a line of number 0", "n", 0), ("a line of a negative account", "account", -1),
                           ("a line that reverses itself below zero", "reverses_entry", -5)]:
        bent = copy.deepcopy(base)
        bent["proof"]["lines"][0][key] = new
        try:
            made[what] = keeper.keep(signer, bent), False
        except (checker.Bad, OverflowError, AttributeError):
            continue
    swapped = keeper.keep(signer, base)
    swapped["proof"]["vkey"] = strange.vkey
    made["the key of somebody else"] = signer.seal(swapped), False
    for i in range(count):
        bent = copy.deepcopy(base)
        if i % 2:  # before the proof is made: lines, figures
            change(bent, rng.choice([p for p in places(bent) if p and p[0] != "proof" or p[:2] == ("proof", "lines") and len(p) > 3]), rng.choice(ODD))
            try:
                made[f"odd {i}"] = keeper.keep(signer, bent), None
            except Exception:  # what cannot be hashed at all
                continue
        else:      # after it: the proof itself
            bent = keeper.keep(signer, bent)
            change(bent, rng.choice([p for p in places(bent) if p]), rng.choice(ODD))
            try:
                made[f"odd {i}"] = signer.seal(bent), None
            except Exception:
                made[f"odd {i}"] = bent, None
    files = {}
    for i, (what, (value, wanted)) in enumerate(made.items()):
        files[book.write(f"kept{i}.json", dump(value))] = what, dump(value), wanted
    said = theirs(book, list(files), "--key", "keeper.vkey")
    for name, (what, data, wanted) in files.items():
        mine = ours(data, None, keys=keys)
        kept_bytes = f"{what}: weal says {said[name] or 'unchanged'}, the checker {mine or 'unchanged'} ({name})"
        if not t.check((said[name] is None) == (mine is None) or what.startswith("a record that is no UTF-8"), kept_bytes) or (wanted is not None and not what.startswith("a record that") and not t.check((mine is None) == wanted, kept_bytes)):
            shutil.copy(book.path(name), f"{tempfile.gettempdir()}/weal-proof-{name}")
    for n, (what, _, wanted) in files.items():
        if wanted is None and not what.startswith("odd"):
            t.check(said[n], f"a keeper says: {what}")
    # The output is one line, whatever the file contains.
    rude = copy.deepcopy(base)
    rude["person"]["id"] = "P1\nother.json: unchanged: \x1b[2J\u202e\u009b"
    book.write("rude.json", dump(keeper.keep(signer, rude)))
    shown = book.weal("verify", "rude.json", "--key", "keeper.vkey").stdout.decode()
    t.check(shown.count("\n") == 1 and not any(c in shown for c in "\x1b\u202e\u009b"), f"what is printed of a rude file: {shown!r}")


def check_heads(t, book, files, heads, rng):
    """Between any two heads; and a statement of one size against the head of another."""
    last = heads[-1]
    now = book.read(last).decode()
    for old in heads[:-1]:
        book.write(f"{old}.since", book.weal("head", "--since", old).stdout)
        data = book.read(f"{old}.since")
        pair = checker.check_consistency(checker.read_json(data), [checker.Key(book.read("keys/weal.vkey").decode().strip())])
        t.check(pair[0].tree == checker.Head(book.read(old).decode(), None).tree and pair[1].tree == checker.Head(now, None).tree, f"consistency from {old}")
        t.check(theirs(book, [f"{old}.since"], "--key", "keys/weal.vkey")[f"{old}.since"] is None and ours(data, None) is None, f"consistency from {old} verifies")
        name = rng.choice(sorted(files))
        book.write("one.json", files[name])
        t.check(theirs(book, ["one.json"], "--head", old)["one.json"] and ours(files[name], book.read(old).decode()), "another head, and no consistency file")
        t.check(theirs(book, ["one.json"], "--head", old, "--consistency", f"{old}.since")["one.json"] is None
                and ours(files[name], book.read(old).decode(), consistency=data) is None, "another head, with its consistency file")
        for _ in range(10):
            bent = bytearray(data)
            bent[rng.randrange(len(bent))] ^= 1 << rng.randrange(8)
            book.write("bent.since", bytes(bent))
            said = theirs(book, ["bent.since"], "--key", "keys/weal.vkey")["bent.since"]
            mine = ours(bytes(bent), None, keys=[checker.Key(book.read("keys/weal.vkey").decode().strip())])
            t.check(said and mine, f"one bit of a consistency file: weal says {said or 'true'}, the checker {mine or 'true'}")
        t.check(book.weal("audit", "--against", old), f"audit against {old}")


def tile_path(index):
    parts = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts)


def read_log(folder):
    """A reader of C2SP tlog-tiles: the records of a published log, whose tiles and head must be theirs."""
    def file(*parts):
        return open(os.path.join(folder, *parts), "rb").read()
    head = checker.Head(file("checkpoint").decode(), None)
    records = []
    for tile in range((head.size + 255) // 256):
        width = min(256, head.size - 256 * tile)
        data = file("tile", "entries", tile_path(tile) + ("" if width == 256 else f".p/{width}"))
        for _ in range(width):
            size, = struct.unpack(">H", data[:2])
            records.append(data[2:2 + size])
            data = data[2 + size:]
        checker.need(not data, "a bundle too long")
    level, row, files = 0, [checker.leaf_hash(r) for r in records], 0
    checker.need(checker.root_of(row) == head.root, "records that do not make the head")
    while row:
        for tile in range((len(row) + 255) // 256):
            part = row[256 * tile:256 * tile + 256]
            checker.need(file("tile", str(level), tile_path(tile) + ("" if len(part) == 256 else f".p/{len(part)}")) == b"".join(part), f"tile {level}/{tile}")
            files += 1
        row = [checker.root_of(row[i:i + 256]) for i in range(0, len(row) // 256 * 256, 256)]
        level += 1
    return head, records


def check_published(t, book, files):
    book.weal("publish-log", "log")
    head, records = read_log(book.path("log"))
    t.check([checker.record_read(r)["seq"] for r in records] == list(range(1, head.size + 1)), "every record in its place")
    for data in files.values():
        p = json.loads(data)["proof"]
        t.check(records[p["record_index"]] == base64.b64decode(p["record"]), "a statement's record is the published one")
    t.check(b"0 of them new" in book.weal("publish-log", "log").stdout, "publishing again writes nothing")
    t.check(book.weal("audit", "--against", "log"), "audit against what was published")
    kept = {int(os.path.basename(p)): open(p, encoding="utf-8").read() for p in glob.glob(book.path("log/heads/*"))}
    t.check(all(checker.Head(text, None).size == size for size, text in kept.items()) and len(kept) >= 3, "every head that was kept")
    name = next(p for p in glob.glob(book.path("log/tile/0/000*"))) if head.size >= 256 else glob.glob(book.path("log/tile/0/000.p/*"))[0]
    data = bytearray(open(name, "rb").read())
    data[32 * 4] ^= 1
    open(name, "wb").write(data)
    ran = book.weal("audit", "--against", "log", want=1)
    t.check(f"entry {checker.record_read(records[4])['id']}, number 5".encode() in ran.stdout, "audit against bent tiles names the first entry that differs")


def check_rotation(t, book, files, head, rng):
    name = rng.choice(sorted(files))
    who, year = json.loads(files[name])["person"]["id"], json.loads(files[name])["year"]
    shutil.copy(book.path("keys/weal.vkey"), book.path("old.vkey"))
    book.weal("key", "rotate", "weal", "--quiet")
    t.check(b"run `weal head`" in book.weal("statement", who, "--year", year, "--proof", want=1).stderr, "after a rotation it says to sign a head")
    book.head("rotated")
    new = book.statement(who, year)
    book.write("new.json", new)
    book.write("old.json", files[name])
    both = book.read("old.vkey") + book.read("keys/weal.vkey")
    book.write("both.vkey", both)
    keys = {n: [checker.Key(line) for line in book.read(n).decode().split()] for n in ("old.vkey", "keys/weal.vkey", "both.vkey")}
    for statement, h, key, true in [("old.json", head, "old.vkey", True), ("new.json", "rotated", "keys/weal.vkey", True), ("old.json", head, "both.vkey", True), ("new.json", "rotated", "both.vkey", True),
                                    ("old.json", "rotated", "both.vkey", True), ("old.json", head, "keys/weal.vkey", False), ("new.json", "rotated", "old.vkey", False)]:
        said, mine = theirs(book, [statement], "--head", h, "--key", key)[statement], ours(book.read(statement), book.read(h).decode(), keys=keys[key])
        t.check((said is None) == (mine is None) == true, f"{statement} with {h} and {key}: weal says {said or 'true'}, the checker {mine or 'true'}")
    t.check(book.weal("head", "--since", head), "a consistency file across the rotation")


def check_erasure(t, book, merged, rng):
    """Somebody is erased: everybody else's statement, made before or after, still verifies."""
    gone, other = rng.sample([p for p in book.people[2:] if p not in merged], 2)
    before = book.statement(other, "2025-26")
    line = json.loads(before)["proof"]["lines"]
    book.weal("erase", gone, "--reason", "asked for it", "--quiet")
    after = book.statement(other, "2025-26")
    now = book.head("erased")
    book.write("before.json", before)
    book.write("after.json", after)
    said = theirs(book, ["before.json", "after.json"], "--head", "rotated", "--key", "keys/weal.vkey")
    head = book.read("rotated").decode()
    t.check(said["before.json"] is None and ours(before, head) is None, f"a statement made before somebody was erased: {said['before.json']}")
    t.check(said["after.json"] is None and ours(after, head) is None, f"a statement made after somebody was erased: {said['after.json']}")
    t.check(book.weal("audit"), "the audit is clean")
    t.check(book.weal("head", "--since", "h1"), "old heads are still the beginning of the log")
    if line:
        book.write("line.json", book.statement(other, "2025-26", "--only", f"{line[0]['entry']}:{line[0]['n']}"))
        said = theirs(book, ["line.json"], "--head", now)["line.json"]
        t.check(said is None and ours(book.read("line.json"), book.read(now).decode()) is None, f"one line of an entry that lost others: {said}")


def run(t, engine, statements, bits, rng):
    people = max(statements // 6, 10)
    book = Book(engine, rng, people)
    try:
        book.begin()
        t.check(b"run `weal head`" in book.weal("statement", "P0001", "--year", "2025-26", "--proof", want=1).stderr, "no head yet")
        heads = []
        book.post(people * 8)
        heads.append(book.head("h1"))
        t.check(b"weal close 2025-26" in book.weal("statement", "P0001", "--year", "2025-26", "--proof", want=1).stderr, "no closing yet")
        for person in rng.sample(book.people, 5):
            book.undo(person, 3)
        merged = rng.sample(book.people[2:], 4)
        book.weal("merge", merged[0], merged[1], "--reason", "one person", "--quiet")
        book.weal("merge", merged[0], merged[2], "--reason", "one person", "--quiet")
        book.post(people * 4)
        book.post_in_each_year(book.people[:1], ["income-tax", "purse-transfer", "stake", "token"])  # people[1] never holds a unit
        book.post_in_each_year(merged[:3], ["income-tax"])
        book.undo_one_in_each_year(book.people[0])
        heads.append(book.head("h2"))
        for year in YEARS:
            book.weal("close", year, "--quiet")
        t.check(b"run `weal head`" in book.weal("statement", "P0001", "--year", "2025-26", "--proof", want=1).stderr, "a closing without a head")
        heads.append(book.head("h3"))
        files, early = {}, {}
        for i, person in enumerate(book.people[:statements // 3]):
            early[f"e{i}.json"] = book.statement(person, rng.choice(list(YEARS)))
        book.post(people * 2)
        for person in rng.sample(book.people, 5):
            book.undo(person, 3)
        book.weal("close", "2025-26", "--to", "2025-10-31", "--quiet")
        book.post(people)
        book.post_in_each_year(book.people[:1], ["income-tax"], [dt.date(2024, 11, 1), dt.date(2025, 11, 1)])
        heads.append(book.head("h4"))
        while len(files) < statements - len(early):
            person, year = book.people[len(files) % people], rng.choice(list(YEARS))
            files[f"s{len(files)}.json"] = book.statement(person, year)
        for group, h in ((early, "h3"), (files, "h4")):
            for name, data in group.items():
                book.write(name, data)
            names = sorted(group)
            for first in range(0, len(names), 400):
                said = theirs(book, names[first:first + 400], "--head", h, "--key", "keys/weal.vkey")
                for n in names[first:first + 400]:
                    mine = ours(group[n], book.read(h).decode())
                    t.check(said[n] is None and mine is None, f"a true statement: weal says {said[n] or 'true'}, the checker {mine or 'true'}")
                    t.check(len(group[n]) < 40000, f"a statement of {len(group[n])} bytes")
        t.check(any(json.loads(d)["proof"]["unproved"] for d in files.values()), "some lines are not yet proven")
        every = [json.loads(d) for d in list(files.values()) + list(early.values())]
        t.check(any("reverses_entry" in l for s in every for l in s["proof"]["lines"]), "some lines are reversed")
        t.check(any("not_counted" in s for s in every), "some lines are of no section")
        t.check(any(len(s["holdings"]) > 1 for s in every) and any(not s["holdings"] for s in every), "some hold two units, some none")
        t.check(any(len(json.loads(d)["proof"]["closings"]) > 1 for d in list(files.values()) + list(early.values())), "somebody has several records")
        check_bits(t, book, files, "h4", bits, rng)
        check_bent(t, book, files, "h4", rng)
        check_options(t, book, files, "h4", rng)
        check_lines(t, book, files, "h4", rng)
        check_pdfs(t, book, files, "h4", rng)
        check_forged(t, book, files, "h4", heads, rng)
        check_keeper(t, book, files, bits // 2, rng)
        check_heads(t, book, files, heads, rng)
        check_published(t, book, files)
        check_rotation(t, book, files, "h4", rng)
        check_erasure(t, book, merged, rng)
    finally:
        book.remove()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--statements", type=int, default=120)
    arguments.add_argument("--bits", type=int, default=400)
    arguments.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    arguments.add_argument("--seed", type=int, default=int(os.environ.get("PROOF_SEED", random.randrange(10**9))))
    a = arguments.parse_args()
    t = Tally()
    try:
        run(t, a.engine, a.statements, a.bits, random.Random(a.seed))
    except (Failed, checker.Bad) as e:
        t.check(False, f"{e}")
    if t.failed:
        print(f"PROOF_SEED={a.seed}, {a.engine}")
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
