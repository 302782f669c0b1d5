"""Spending as councils publish it, drawn at random: 8 forms of file, a file a council and month.

    forms, rows = make(folder, rows, seed)     writes folder/files/*.csv, *.xlsx and folder/bodies.csv; the same rows as one plain file, folder/plain.csv

Suppliers, categories and departments are drawn as in the published files: a few are paid often, most seldom (Zipf). A row in a hundred is a correction."""
import datetime
import os
import random
import zipfile

COUNCILS, FIRST_YEAR = 10, 2021
HEADS = {
    "plain": ["date", "body", "supplier", "amount", "category", "reference"],
    "net": ["Payment Date", "Body Name", "Supplier Name", "Net Amount", "VAT Amount", "Gross Amount", "Expenditure Category", "Transaction Number"],
    "long": ["Organisation Name", "Service Area", "Expense Type", "Date Paid", "Transaction Number", "Amount", "Beneficiary Name"],
    "words": ["Body Name", "Date of Payment", "Vendor Name", "Amount (£)", "Department", "Description"],
}
CATEGORIES = ["Highways maintenance", "Residential care", "Agency staff", "Electricity", "Books", "Grounds maintenance", "Waste collection", "Software licences", "Legal fees", "Foster care",
              "Repairs", "School meals", "Transport", "Printing", "Postage", "Insurance", "Rents", "Consultants", "Water", "Training"]
DEPARTMENTS = ["Children's Services", "Adult Social Care", "Environment", "Corporate", "Housing", "Highways"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BEGIN = ["Ash", "Brook", "Cal", "Dun", "Elm", "Fen", "Gar", "Hol", "Ive", "Kes", "Lar", "Mar", "Nor", "Oak", "Pen", "Quar", "Rid", "Sto", "Tar", "Whar"]
MIDDLE = ["", "ber", "cor", "der", "el", "field", "ing", "kin", "lin", "mor", "nel", "row", "sing", "ter", "ver"]
FINISH = ["by", "dale", "don", "ford", "gate", "ham", "ley", "mere", "ton", "wick"]
TRADES = ["Care", "Builders", "Electrical", "Transport", "Training", "Catering", "Software", "Nurseries", "Surveyors", "Plant Hire"]
ENDS = ["Ltd", "Limited", "PLC", "LLP", "Services Ltd", "Group", "Trust", "Partnership"]


def supplier(n):
    stem = BEGIN[n % 20] + MIDDLE[n // 20 % 15] + FINISH[n // 300 % 10]
    return f"{stem} {TRADES[n // 3000 % 10]} {ENDS[n % 8]}" + (f" {n // 30000}" if n >= 30000 else "")


def pounds(pence, form):
    sign, pence = pence < 0, abs(pence)
    text = f"{pence // 100:,}.{pence % 100:02}" if form in ("comma", "pound", "bracket", "behind") else f"{pence // 100}.{pence % 100:02}"
    if form == "pound":
        text = "£" + text
    return ("(" + text + ")" if form == "bracket" else text + "-" if form == "behind" else "-" + text) if sign else text


def field(text):
    return '"' + text + '"' if "," in text else text


# name, head, how a day is written, how an amount is, encoding, line end, rows above the head
FORMS = [
    ("own", "plain", "iso", "plain", "utf-8", "\n", []),
    ("net", "net", "slash", "comma", "utf-8-sig", "\r\n", []),
    ("long", "long", "word", "bracket", "cp1252", "\r\n", ["Payments over £500"]),
    ("words", "words", "slash", "pound", "cp1252", "\n", ["", "Published under the transparency code", ""]),
    ("cr", "net", "dots", "behind", "cp1252", "\r", []),
    ("wide", "long", "iso", "comma", "utf-16", "\r\n", []),
    ("semicolons", "words", "short", "plain", "utf-8", "\n", []),
    ("workbook", "net", "serial", "plain", None, None, []),
]


def day_text(day, form):
    if form == "iso":
        return day.isoformat()
    if form == "slash":
        return f"{day.day:02}/{day.month:02}/{day.year}"
    if form == "dots":
        return f"{day.day:02}.{day.month:02}.{day.year}"
    if form == "short":
        return f"{day.day:02}/{day.month:02}/{day.year % 100:02}"
    return f"{day.day:02}-{MONTHS[day.month - 1]}-{day.year}"


def row_of(head, council, day, pence, name, category, department, number, form):
    money = form[3]
    if head == "plain":
        return [day_text(day, form[2]), council[0], name, pounds(pence, money), "", str(number)]
    if head == "net":
        vat = pence // 5
        return [day_text(day, form[2]), council[1], name, pounds(pence, money), pounds(vat, money), pounds(pence + vat, money), category, str(number)]
    if head == "long":
        return [council[1], department, category, day_text(day, form[2]), str(number), pounds(pence, money), name]
    return [council[1], day_text(day, form[2]), name, pounds(pence, money), department, category]


def column(n):
    return chr(ord("A") + n)


def write_workbook(path, rows):
    """The least of an XLSX: cells with their texts in them, days as serial numbers in a style of days."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
                   'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
                   'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
                   'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" '
                   'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                   'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                   'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Payments" sheetId="1" r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                   'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
                   'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>')
        z.writestr("xl/styles.xml", '<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/>'
                   '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')
        out = ['<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>']
        for n, row in enumerate(rows, 1):
            cells = []
            for c, value in enumerate(row):
                at = f'r="{column(c)}{n}"'
                if isinstance(value, datetime.date):
                    cells.append(f'<c {at} s="1"><v>{value.toordinal() - 693594}</v></c>')
                elif n > 1 and value and value.lstrip("-").replace(".", "", 1).isdigit():
                    cells.append(f"<c {at}><v>{value}</v></c>")
                else:
                    value = value.replace("&", "&amp;")
                    cells.append(f'<c {at} t="inlineStr"><is><t>{value}</t></is></c>')
            out.append(f'<row r="{n}">{"".join(cells)}</row>')
        out.append("</sheetData></worksheet>")
        z.writestr("xl/worksheets/sheet1.xml", "".join(out))


def write_file(folder, form, council, month, rows):
    name, head = form[0], form[1]
    path = os.path.join(folder, f"{council[0]}-{month}-{name}." + ("xlsx" if name == "workbook" else "csv"))
    if name == "workbook":
        made = [row_of(head, council, day, pence, payee, category, department, number, ("", "", "iso", "plain")) for day, pence, payee, category, department, number in rows]
        for row, (day, *_) in zip(made, rows):
            row[0] = day
        write_workbook(path, [HEADS[head]] + made)
        return path
    between = ";" if name == "semicolons" else ","
    lines = form[6] + [between.join(HEADS[head])]
    lines += [between.join(field(x) if between == "," else x for x in row_of(head, council, *r[:2], *r[2:], form)) for r in rows]
    with open(path, "w", encoding=form[4], newline="") as f:
        f.write(form[5].join(lines) + form[5])
    return path


def make(folder, rows, seed=1):
    draw = random.Random(seed)
    files = os.path.join(folder, "files")
    os.makedirs(files, exist_ok=True)
    councils = [(f"council-{c}", f"Testshire District {c} Council") for c in range(COUNCILS)]
    with open(os.path.join(folder, "bodies.csv"), "w") as f:
        f.write("id,name,kind,place\n" + "".join(f"{code},{name},council,E07T\n" for code, name in councils))
    months = [(year, month) for year in range(FIRST_YEAR, FIRST_YEAR + 5) for month in range(1, 13)][:max(1, min(60, rows // COUNCILS // 100))]
    suppliers = max(200, min(100000, rows // 100))
    names = [supplier(n) for n in range(suppliers)]
    weights = [1 / (n + 20) for n in range(suppliers)]
    drawn = draw.choices(names, weights, k=1 << 20)
    each = max(1, rows // len(months) // COUNCILS)
    paths, number = [], 0
    with open(os.path.join(folder, "plain.csv"), "w", encoding="utf-8") as plain:
        plain.write("day,body,supplier,pence,category\n")
        for m, (year, month) in enumerate(months):
            for c, council in enumerate(councils):
                form = FORMS[(m + c) % len(FORMS)]
                made = []
                for _ in range(each):
                    number += 1
                    pence = int(draw.lognormvariate(11, 1.5)) + 100
                    if draw.random() < 0.01:
                        pence = -pence
                    day = datetime.date(year, month, draw.randrange(1, 29))
                    made.append((day, pence, drawn[draw.randrange(1 << 20)], CATEGORIES[draw.randrange(20)], DEPARTMENTS[draw.randrange(6)], number))
                paths.append(write_file(files, form, council, f"{year}-{month:02}", made))
                plain.write("".join(f"{day},{council[0]},{name},{pence},{category}\n" for day, pence, name, category, _, _ in made))
    return paths, number
