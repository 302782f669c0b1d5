#!/usr/bin/env python3
"""Files with the headers of published_headers.csv and invented rows: published_headers.py WEAL PACK [SEED]. PACK is a copy of the policy pack without profiles. Prints how many
files are read whole with the amount, the day and the payee from the columns that the table says, and what is wrong with the others."""
import csv, datetime, io, json, os, random, subprocess, sys, tempfile

weal, pack = sys.argv[1:3]
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
HERE = os.path.dirname(os.path.abspath(__file__))
PAYEES = ["Green Ltd", "Acme, Sons & Co", "Bell Foundry plc", "Number 9", "18 Sea View Villas", "REDACTED PERSONAL DATA", "Kier (North) LLP", "Café Côte"]
TEXTS = ["Adult Social Care", "Parks, etc", "Supplies & Services", "Highways", "Legal fees", "Training of staff", "Housing", "Transport of children"]
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252"]


def day_text(form, d):
    return {0: f"{d.day:02d}/{d.month:02d}/{d.year}", 1: f"{d.day:02d}-{MONTHS[d.month - 1]}-{d.year % 100:02d}", 2: d.isoformat(), 3: f"{d.day:02d}/{d.month:02d}/{d.year} 00:00:00"}[form]


def money_text(form, pence):
    a, sign = abs(pence), "-" if pence < 0 else ""
    plain, marked = f"{a // 100}.{a % 100:02d}", f"{a // 100:,}.{a % 100:02d}"
    return {0: sign + plain, 1: sign + marked, 2: f"{sign}£{marked}", 3: f" {sign}{marked} "}[form]


def cell(heading, row, forms):
    h = heading.lower()
    payee, pence, day, number = row
    vat = 0 if number % 3 else pence // 5
    if not h.strip():
        return str(number)
    if "uri" in h or (h.strip() == "body" and forms["two bodies"]):
        return "http://opendatacommunities.org/id/testham"
    if "date" in h or h in ("payment (date)", "updated"):
        return day_text(forms["day"], day if heading == forms["its day"] else day - datetime.timedelta(7))
    if h in ("period", "2. month", "month", "month name"):
        return f"{MONTHS[day.month - 1]}-{day.year % 100:02d}"
    if any(w in h for w in ("postcode", "post code", " no", "number", " id", "code", "ref", "reg", "trans_id", "transno", "voucher", "columns", "year", "seq", "charity", "vcse")) and "name" not in h and "description" not in h and "(t)" not in h and "redacted" not in h and "amount" not in h and "receivable" not in h and h != "accounts payable/accounts receivable id":
        return f"{4700000 + number * 17}"
    if "vat" in h and not any(w in h for w in ("amount (", "exc", "excl", "net", "£", "total")):
        return money_text(0, 0 if "recoverable" in h else vat)
    if h.strip() == heading.lower().strip() and heading.strip() == forms["its amount"]:
        return money_text(forms["money"], pence)
    if "gross" in h or ("invoice amount" in h):
        return money_text(forms["money"], pence + vat)
    if heading.strip() == forms["its payee"]:
        return payee
    if h in ("supplier", "vendor"):  # the code of a payee whose name stands elsewhere
        return f"{100000 + number}"
    if any(w in h for w in ("body", "organis", "authority name", "entity", "client", "council", "authority")):
        return "Testham Council"
    if "supplier" in h and "name" in h:
        return f"S{178000 + number}"
    return TEXTS[number % len(TEXTS)]


def main():
    right, wrong = 0, []
    rows = list(csv.DictReader(open(os.path.join(HERE, "published_headers.csv"), encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        for n, shape in enumerate(rows):
            header = shape["header"].split("|")
            forms = {"day": rng.randrange(4), "money": rng.randrange(4), "its day": shape["day"], "its amount": shape["amount"], "its payee": shape["payee"],
                     "two bodies": sum("name" in h.lower() and ("body" in h.lower() or "organis" in h.lower()) for h in header) > 0}
            data = [(rng.choice(PAYEES), rng.choice([rng.randrange(-90000, 0), rng.randrange(50000, 9000000)]), datetime.date(2023, 4, 1) + datetime.timedelta(rng.randrange(30)), i) for i in range(40)]
            lines = [[cell(h, row, forms) for h in header] for row in data]
            text = io.StringIO()
            out = csv.writer(text, lineterminator=rng.choice(["\n", "\r\n", "\r"]))
            if rng.random() < 0.3:
                out.writerow([f"{shape['publisher']}: what we paid, April 2023"] + [""] * (len(header) - 1))
            out.writerows([header] + lines)
            name = f"{n:03d}-april-2023.csv"
            path = os.path.join(folder, name)
            open(path, "wb").write(text.getvalue().encode(rng.choice(ENCODINGS)))
            p = subprocess.run([weal, "--policy", pack, "import", "spend", "--dry-run", "--unusual", "--format", "json", "--body", "oxford", path], capture_output=True, text=True)
            who = f"{shape['publisher']} {shape['year']}"
            if p.returncode:
                wrong.append(f"{who}: {p.stderr.splitlines()[0].replace(folder, '')}")
                continue
            j = json.loads(p.stdout)
            means = {c["means"]: c["heading"] for c in j["decisions"]["columns"] if c["means"] in ("amount", "date", "supplier")}
            got = tuple(means.get(k, "").strip() for k in ("amount", "date", "supplier"))
            sums = j["rows"] == 40 and j["posted"] == 40 and j["amount"] == sum(r[1] for r in data)
            if got != (shape["amount"], shape["day"], shape["payee"]) and got != (shape["amount"], shape["day"], shape["payee"] + "#2"):
                wrong.append(f"{who}: took {got}")
            elif not sums:
                wrong.append(f"{who}: {j['rows']} rows, {j['amount']}")
            else:
                right += 1
    for w in wrong:
        print(w)
    print(f"{right} of {len(rows)} headers read as meant")
    return right * 10 < len(rows) * 9


sys.exit(main())
