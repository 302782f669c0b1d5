#!/usr/bin/env python3
"""Random files in the forms that councils use, with known contents: random_files.py WEAL COUNT [SEED].

Each is posted, and `weal export spend` is compared with it row by row. Every third has one damaged row and a total: it must be refused, and with
--partial exactly the sound rows must be posted. The book is $WEAL_STORE's, made by the caller with the bodies oxford, hyndburn and lambeth."""
import csv, datetime, io, json, os, random, subprocess, sys, tempfile
from collections import Counter
from decimal import Decimal

weal, count = sys.argv[1], int(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(os.environ.get("CHECK_SEED", random.randrange(1 << 30)))
rng = random.Random(seed)
MONTHS = "January February March April May June July August September October November December".split()
NAMES = ["Green Ltd", "Acme, Sons & Co", "O'Neil \"Works\" Ltd", "Café Côte", "Number 9", "TOTAL", "Redactive Publishing", "Bell  Foundry", "Über Bau"]


def day_text(d, serial_ok):
    forms = [f"{d.day:02d}/{d.month:02d}/{d.year}", f"{d.day}/{d.month}/{d.year % 100:02d}", f"{d.day:02d}-{MONTHS[d.month - 1][:3]}-{d.year % 100:02d}",
             f"{d.day:02d}/{d.month:02d}/{d.year} 00:00"]
    if serial_ok:
        forms += [f"{d.day} {MONTHS[d.month - 1][:3]} {d.year}", str((d - datetime.date(1899, 12, 30)).days)]
    return rng.choice(forms)


def money_text(pence):
    a, sign = abs(pence), pence < 0
    plain = f"{a // 100}.{a % 100:02d}"
    marked = f"{a // 100:,}.{a % 100:02d}"
    if sign:
        return rng.choice(["-" + plain, "-" + marked, marked + "-", plain + "-", f"({marked})"])
    return rng.choice([plain, marked, "£" + marked, f" {marked} ", plain.rstrip("0").rstrip(".") or "0"])


def make(kind):
    """(bytes, options, rows as (day, supplier, pence), lines of the damaged row or None)"""
    rows = []
    for _ in range(rng.randrange(1, 40)):
        day = datetime.date(2012, 1, 1) + datetime.timedelta(rng.randrange(4500))
        rows.append((day, rng.choice(NAMES), rng.randrange(-500000, 9000000)))
    if kind == "lambeth":
        stood = datetime.date(2012, 1, 31)
        rows = [(stood, n, p) for _, n, p in rows]
        header, options = ["Supplier Name", rng.choice(["Total", " Total", "Sum of Invoice Nett Amount"])], ["--date", stood.isoformat()]
        cells = [[f" {n} " if rng.random() < 0.2 else n, money_text(p)] for _, n, p in rows]
        total_at = 0
    elif kind == "oxford":
        header = rng.choice([["body_name", "organisational_unit", "expenditure_category", "expenditure_code", "paid_date", "trans_no", "amount", "caporrev", "supplier_id", "supplier_name"],
                             ["Body Name", "Organisational Unit", "Expenditure Category", "Expenditure Code", "Paid Date", "Trans No", "Amount", "Type", "Supplier ID", "Supplier Name"]])
        options = []
        cells = [["Oxford City Council", "Parks, etc", "Plants", "D1", day_text(d, False), f"{i}_1", money_text(p), "Revenue", "7", n + "   " * rng.randrange(2)] for i, (d, n, p) in enumerate(rows)]
        total_at = 0
    else:
        header = rng.choice([["Service Cost Centre", "Account Detail", "Description", "HBC ref no", "Name", "Payment date", "Net Amount(£)"],
                             ["Department Area", "Service Area", "Description", "HBC Ref No.", "Name:  ", "Payment Date", "Amount Paid"]])
        options = []
        cells = [["PARKS", "PLANTS", "ROSES", f"B{i}", n, day_text(d, True), money_text(p)] for i, (d, n, p) in enumerate(rows)]
        total_at = 2
    total = None
    if rng.random() < 0.5:
        total = [""] * len(header)
        total[total_at], amount_at = ("Grand Total" if kind == "lambeth" else "Total"), next(i for i, h in enumerate(header) if h.strip().lower().startswith(("amount", "net", "total", "sum")))
        total[amount_at] = money_text(sum(p for *_, p in rows))
    if kind == "hyndburn" and rng.random() < 0.4:  # padding columns
        at = rng.randrange(1, len(header))
        header = header[:at] + [""] + header[at:]
        cells = [c[:at] + [""] + c[at:] for c in cells]
        total = total and total[:at] + [""] + total[at:]
    lines = list(cells)
    for _ in range(rng.choice([0, 0, 3])):
        lines.insert(rng.randrange(len(lines) + 1), [""] * len(header))
    last = kind == "hyndburn" and rng.random() < 0.3
    if total:
        lines.append(total)
    lines = lines + [header] if last else [header] + lines
    if not last and rng.random() < 0.3:
        lines.insert(0, ["What we paid"] + [""] * (len(header) - 1))
    text = io.StringIO()
    csv.writer(text, lineterminator=rng.choice(["\n", "\r\n", "\r"])).writerows(lines)
    encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
    return text.getvalue().encode(encoding), options, rows, total is not None


def run(*args):
    p = subprocess.run([weal, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return p.returncode, p.stdout, p.stderr


def posted():
    status, out, said = run("export", "spend")
    if status:
        sys.exit("export spend: " + said)
    return Counter((r["date"], r["body"], r["supplier"], int(Decimal(r["amount"]) * 100)) for r in csv.DictReader(io.StringIO(out)))


def damage(data, amounts):
    """Removes one comma of a row, so that the fields around it are joined."""
    lines = data.splitlines(keepends=True)
    rows = [i for i, l in enumerate(lines) if l.count(b",") and b'"' not in l and any(a in l for a in amounts) and b"ame" not in l and b"Total" not in l]
    if not rows:
        return None
    i = rng.choice(rows)
    lines[i] = lines[i].replace(b",", b"", 1)
    return b"".join(lines)


wrong = 0


def expect(what, wanted, got, data):
    global wrong
    if wanted != got:
        wrong += 1
        print(f"seed {seed}: {what}: wanted {wanted}, got {got}\n{data[:600]!r}")


with tempfile.TemporaryDirectory() as folder:
    before = posted()
    for n in range(count):
        kind = rng.choice(["oxford", "hyndburn", "lambeth"])
        data, options, rows, has_total = make(kind)
        path = os.path.join(folder, f"{n}.csv")
        open(path, "wb").write(data)
        wanted = Counter((d.isoformat(), kind, s, p) for d, s, p in rows)
        broken = damage(data, [b"B", b"_1,", b"."]) if n % 3 == 0 else None
        if broken:
            open(path, "wb").write(broken)
            status, out, said = run("import", "spend", "--body", kind, "--format", "json", *options, path)
            if status == 0 and has_total and json.loads(out)["decisions"].get("commas_put_back") == 1:  # between two digits: the total told where
                now = posted()
                expect("a comma put back", Counter((d, p) for d, _, _, p in wanted.elements()), Counter((d, p) for d, _, _, p in (now - before).elements()), broken)
                before = now
                continue
            expect("exit of a damaged file", 1, status, broken)
            if status == 1:
                expect("a refusal writes nothing", before, posted(), broken)
                status, out, said = run("import", "spend", "--body", kind, "--format", "json", "--partial", "--rejects", path + ".r", *options, path)
                now = posted()
                expect("partial posts all but one", (0, len(rows) - 1), (status, sum((now - before).values())), broken)
                expect("and only what was meant", Counter(), now - before - wanted, broken)
                if has_total and out:
                    expect("the total tells", 1, json.loads(out)["decisions"]["control_totals"]["differ"], broken)
                before = now
            else:
                before = posted()
            continue
        status, out, said = run("import", "spend", "--body", kind, "--format", "json", *options, path)
        expect("exit", (0, ""), (status, said), data)
        now = posted()
        expect("rows", wanted, now - before, data)
        if out:
            s = json.loads(out)
            expect("summary", (len(rows), len(rows), 0, sum(p for *_, p in rows)), (s["rows"], s["posted"], s["rejected"], s["amount"]), data)
        before = now
print(f"{count} files, {wrong} wrong")
sys.exit(wrong > 0)
