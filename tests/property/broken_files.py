#!/usr/bin/env python3
"""Random files of every kind with stray quotes, lost commas and bytes that are no text, taken or posted with --partial: each line of the file is of a row that was
taken or of one that was refused, and the text of each broken row is in the rejects file. `PROPERTY_SEED=N` repeats a run, `PROPERTY_ROUNDS=N` makes
more files of each kind (4 when unset)."""
import csv, io, os, random, re, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
SEED = int(os.environ.get("PROPERTY_SEED", random.randrange(2**31)))
ROUNDS = int(os.environ.get("PROPERTY_ROUNDS", 4))
TEXTS = ["plain", "a, note", 'in "quotes"', "two\nlines", "", "café", "x" * 40]
KINDS = {
    "places": ("code,name,kind,parent", lambda n: [f"X{n}", f"Place {n}", "neighbourhood", "T1"], 1),
    "households": ("id,place,tenure,council_tax_band", lambda n: [f"H{n}", "T1", "rent", "B"], 2),
    "people": ("id,name,born,sex", lambda n: [f"Q{n}", f"Person {n}", "1980-01-01", "F"], 1),
    "bodies": ("id,name,kind", lambda n: [f"body{n}", f"Body {n}", "charity"], 1),
    "services": ("code,name,category,unit", lambda n: [f"service-{n}", f"Service {n}", "gp-consultation", "visit"], 1),
    "unit-costs": ("service,year,cost,source", lambda n: ["gp-consultation", f"{1900 + n}-{(1901 + n) % 100:02d}", "12.50", "a source"], 3),
    "rates": ("what,year,rate,source", lambda n: ["volunteering", f"{1900 + n}-{(1901 + n) % 100:02d}", "12.50", "a source"], 3),
    "streams": ("stream,name,owner,payer", lambda n: [f"s{n}", f"Stream {n}", "alpha", "alpha"], 1),
    "entries": ("date,person,category,amount,note", lambda n: ["2025-05-01", "A1", "income-tax", f"{n}.00", "n"], 4),
    "spend": ("date,body,supplier,amount,description", lambda n: ["2025-05-01", "alpha", "Supplier", f"{n}.00", "d"], 4),
    "budget": ("year,body,stream,category,amount,conditions", lambda n: ["2025-26", "alpha", f"b{n}", "home-care", f"{n}.00", "c"], 5),
}


def file_of(r, kind):
    """The bytes of a file, each line of it numbered by what it holds; no line is blank."""
    head, row, text_at = KINDS[kind]
    lines = []
    for n in range(1, r.randint(2, 30)):
        values = row(n)
        if r.random() < 0.3:
            values[text_at] += r.choice(TEXTS)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(values)
        text = out.getvalue()[:-1]
        if r.random() < 0.12:
            at = r.randrange(len(text) + 1)
            text = text[:at] + r.choice(['"', '""', ',', '","', ',"', '",']) + text[at:]
        encoded = text.encode()
        if r.random() < 0.04:
            at = r.randrange(len(encoded) + 1)
            encoded = encoded[:at] + b"\0" + encoded[at:]
        if r.random() < 0.04:
            encoded = encoded.replace(b"0", b"\xff", 1)
        lines.append(encoded)
    end = r.choice([b"\n", b"\r\n", b"\r"])
    return b"".join(line.replace(b"\n", end) + end for line in [head.encode(), *lines])


def line_count(data):
    return len(re.sub(b"\r\n?", b"\n", data).rstrip(b"\n").split(b"\n")) - 1


def counts(out):
    """Lines taken and lines refused, by the first line of the summary."""
    m = re.match(r".*?: ([\d,]+) rows?(?: \(([\d,]+) lines\))?(?:, [^;(]*)?(?:; refused: ([\d,]+)(?: \(([\d,]+) lines\))?)?$", out.split("\n")[0])
    taken, taken_lines, refused, refused_lines = (int((g or "0").replace(",", "")) for g in m.groups())
    return taken_lines or taken, refused_lines or refused, refused


def fold(text):
    return "".join("?" if ord(c) < 0x20 and c not in "\r\n\t" or ord(c) == 0x7f else c for c in text)


def one(weal, path, kind, data, posts):
    """Takes the file, for each other one in earnest: what is kept of refused rows goes to the store then."""
    with open(os.path.join(path, "f.csv"), "wb") as out:
        out.write(data)
    rejects = os.path.join(path, "r.csv")
    if os.path.exists(rejects):
        os.unlink(rejects)
    done = weal("import", kind, "--partial", *([] if posts else ["--dry-run"]), "--rejects", "r.csv", "f.csv")
    if done.returncode:  # the header itself, or nothing sound: said as a whole
        assert done.returncode == 1 and "weal: " in done.stderr and "zero byte" not in done.stderr, done.stderr
        return
    taken, refused, rows = counts(done.stdout)
    assert taken + refused == line_count(data), f"{taken} + {refused} lines, of {line_count(data)}: {done.stdout}"
    kept = list(csv.DictReader(open(rejects, newline="", encoding="utf-8"))) if os.path.exists(rejects) else []
    assert len(kept) == rows, f"{len(kept)} rows in the rejects file, {rows} refused"
    text = fold(data.decode("utf-8", "replace"))
    for reject in kept:
        joined = re.search(r"joins lines (\d+) to (\d+)", reject["reason"])
        if joined:
            first, last = int(joined[1]), int(joined[2])
            wanted = re.split(r"\r\n|\r|\n", text)[first - 1:last]
            assert re.split(r"\r\n|\r|\n", reject["value"].replace("?", "\ufffd")) == [w.replace("?", "\ufffd") for w in wanted], (reject, wanted)
        elif "fields" in reject["reason"] or "quote" in reject["reason"]:
            assert reject["value"], reject


def run(store, path, seed):
    done = 0
    environment = dict(os.environ, HOME=path, WEAL_STORE=store)
    weal = lambda *a: subprocess.run([WEAL, *a], cwd=path, env=environment, capture_output=True, text=True)
    for command in (["init", "--place", "T1,Testham", "--quiet"],):
        assert weal(*command).returncode == 0
    for kind, text in (("people", "id,name,born\nA1,Ann,1980-01-01\n"), ("bodies", "id,name,kind\nalpha,Alpha,council\n")):
        open(os.path.join(path, "first.csv"), "w").write(text)
        assert weal("import", kind, "first.csv", "--quiet").returncode == 0
    for kind in KINDS:
        for n in range(ROUNDS):
            data = file_of(random.Random(f"{seed} {kind} {n}"), kind)
            try:
                one(weal, path, kind, data, n % 2 == 1)
                done += 1
            except AssertionError as why:
                print(f"FAIL {kind}, round {n}, PROPERTY_SEED={seed}: {why}\n{data!r}")
                return done, 1
    return done, 0


passed = failed = skipped = 0
with tempfile.TemporaryDirectory() as path:
    passed, failed = run(f"sqlite:{path}/weal.db", path, SEED)
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed > 0)
