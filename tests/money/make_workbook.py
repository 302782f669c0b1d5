#!/usr/bin/env python3
"""Workbooks of invented payments, sound and bad: make_workbook.py FOLDER writes one of each kind below. No spreadsheet is needed."""
import os, struct, sys, zipfile

folder = sys.argv[1]
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = ["Body Name", "Payment Date", "Supplier Name", "Net Amount", "Purpose of Spend"]
STYLES = f'<styleSheet xmlns="{NS}"><numFmts count="1"><numFmt numFmtId="170" formatCode="[$-809]dd\\ mmmm\\ yyyy;@"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'


def name(column):
    return chr(ord("A") + column)


class Book:
    def __init__(self, ns=NS, date1904=False):
        self.sheets, self.strings, self.ns, self.date1904 = [], [], ns, date1904

    def cell(self, ref, v):
        if v is None:
            return f'<c r="{ref}" s="0"/>'
        if isinstance(v, tuple):  # (serial, style) or raw XML
            return v[0].format(ref=ref) if isinstance(v[0], str) else f'<c r="{ref}" s="{v[1]}"><v>{v[0]}</v></c>'
        if isinstance(v, (int, float)):
            return f'<c r="{ref}"><v>{v!r}</v></c>'
        if v not in self.strings:
            self.strings.append(v)
        return f'<c r="{ref}" t="s"><v>{self.strings.index(v)}</v></c>'

    def add(self, title, rows, first=1, state="", merges=()):
        data = "".join(f'<row r="{first + i}">' + "".join(self.cell(f"{name(c)}{first + i}", v) for c, v in enumerate(r)) + "</row>" for i, r in enumerate(rows))
        merged = f'<mergeCells count="{len(merges)}">' + "".join(f'<mergeCell ref="{m}"/>' for m in merges) + "</mergeCells>" if merges else ""
        self.sheets.append((title, f'<worksheet xmlns="{self.ns}"><sheetData>{data}</sheetData>{merged}</worksheet>', state))

    def save(self, file, extra=()):
        rel = REL if self.ns == NS else "http://purl.oclc.org/ooxml/officeDocument/relationships"
        with zipfile.ZipFile(os.path.join(folder, file), "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("[Content_Types].xml", "<Types/>")
            listed = "".join(f'<sheet name="{t}" sheetId="{i + 1}"{s} r:id="rId{i + 1}"/>' for i, (t, _, s) in enumerate(self.sheets))
            z.writestr("xl/workbook.xml", f'<workbook xmlns="{self.ns}" xmlns:r="{rel}"><workbookPr{" date1904=" + chr(34) + "1" + chr(34) if self.date1904 else ""}/><sheets>{listed}</sheets></workbook>')
            z.writestr("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(f'<Relationship Id="rId{i + 1}" Type="{rel}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>' for i in range(len(self.sheets))) + "</Relationships>")
            z.writestr("xl/styles.xml", STYLES)
            z.writestr("xl/sharedStrings.xml", f'<sst xmlns="{self.ns}">' + "".join(f"<si><t xml:space=\"preserve\">{s}</t></si>" for s in self.strings) + "</sst>")
            for i, (_, xml, _) in enumerate(self.sheets):
                z.writestr(f"xl/worksheets/sheet{i + 1}.xml", xml)
            for path, content in extra:
                z.writestr(path, content)


def rows(days=45017, style=1):
    return [HEADER, ["Oxford City Council", (days, style), "Acme &amp; Co", 1763.05, "Pens"], ["Oxford City Council", (days + 1, style), "Bolt Ltd", 765.83999999999992, "Ink"], ["Oxford City Council", (days + 2, style), "Bolt Ltd", -950, "Ink"]]


book = Book()
book.add("Notes", [["This file lists what we paid.", "Contact: finance"], ["It is published monthly", None]])
book.add("April 2023", [["Payments over £500", None, None, None, None], [None] * 5, *rows(), [None, None, "Total", 1578.89, None]])
book.add("May 2023", rows(45047, 2)[1:])
book.add("By supplier", [["Supplier Name", "Sum of Net Amount"], ["Acme &amp; Co", 3526.1], ["Bolt Ltd", -368.32]])
book.add("Working", rows(), state=' state="hidden"')
book.save("many-sheets.xlsx")

book = Book(STRICT, date1904=True)
book.add("Sheet1", rows(45017 - 1462))
book.save("of-1904.xlsx")

book = Book()
merged = rows()
merged[1][2], merged[2][2] = "Acme &amp; Co", None
book.add("Sheet1", merged, merges=["C2:C3", "D3:D4"])
book.save("merged.xlsx")

book = Book()
formula = rows()
formula[2][3] = ('<c r="{ref}"><f>SUM(A1:A3)</f></c>',)
formula[3][3] = ('<c r="{ref}"><f>1+1</f><v>2</v></c>',)
book.add("Sheet1", formula)
book.save("formula.xlsx")

book = Book()
large = rows()
large[1][4] = "x" * (10 << 20)
book.add("Sheet1", large)
book.save("cell-of-ten-megabytes.xlsx")
book = Book()
large[1][4] = "x" * 70000
book.add("Sheet1", large)
book.save("cell-of-seventy-thousand.xlsx")

book = Book()
book.add("Sheet1", rows())
book.sheets[0] = (book.sheets[0][0], '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>' + book.sheets[0][1].replace("</sheetData>", '<row r="9"><c r="A9" t="inlineStr"><is><t>&b;&f;</t></is></c></row></sheetData>'), "")
book.save("entities.xlsx")

book = Book()
book.add("Sheet1", rows())
book.sheets[0] = (book.sheets[0][0], f'<worksheet xmlns="{NS}"><sheetData>' + '<row><c t="inlineStr"><is><t>aaaaaaaa</t></is></c></row>' * 3000000 + "</sheetData></worksheet>", "")
book.save("bomb.xlsx")

book = Book()
book.add("Sheet1", rows())
book.save("sound.xlsx")
data = bytearray(open(os.path.join(folder, "sound.xlsx"), "rb").read())
at = data.find(b"PK\x01\x02", data.find(b"xl/worksheets/sheet1.xml") + 200)
while at >= 0 and b"xl/worksheets/sheet1.xml" not in data[at : at + 100]:
    at = data.find(b"PK\x01\x02", at + 4)
struct.pack_into("<I", data, at + 24, 10)  # the directory says ten bytes
open(os.path.join(folder, "lies.xlsx"), "wb").write(data)
open(os.path.join(folder, "cut.xlsx"), "wb").write(open(os.path.join(folder, "sound.xlsx"), "rb").read()[:900])
book = Book()
book.add("Sheet1", rows(), state=' state="veryHidden"')
book.save("all-hidden.xlsx")
with zipfile.ZipFile(os.path.join(folder, "files.zip"), "w") as z:
    z.writestr("april.csv", "a,b\n1,2\n")
open(os.path.join(folder, "old.xls"), "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
open(os.path.join(folder, "page.xls"), "w").write("<html><table><tr><td>Supplier</td></tr></table></html>")
open(os.path.join(folder, "paper.csv"), "wb").write(b"%PDF-1.7\n")


def bare(file, rows, shared="", merges=()):
    """A workbook whose rows are given as XML."""
    book = Book()
    book.add("Sheet1", [], merges=merges)
    book.strings = [shared] if shared else []
    book.sheets[0] = (book.sheets[0][0], book.sheets[0][1].replace("<sheetData>", "<sheetData>" + rows), "")
    book.save(file)


# a few bytes in the workbook, gigabytes as rows
long = "A" * 65000
bare("shared-in-one-row.xlsx", '<row r="1">' + "".join(f'<c r="{name(c % 26) if c < 26 else "A" + name(c % 26)}1" t="s"><v>0</v></c>' for c in range(52)) + "</row>", long)
bare("shared-in-all-rows.xlsx", ("<row>" + '<c t="s"><v>0</v></c>' * 60 + "</row>") * 10000, long)
bare("merged-everywhere.xlsx", '<row r="1"/>' * 100000, "", [f"IV1:IV{i + 1000000}" for i in range(4096)])
# cells and rows that no spreadsheet writes
bare("cell-twice.xlsx", '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>7</v></c></row>')
bare("cell-back.xlsx", '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>7</v></c></row>')
bare("row-back.xlsx", '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>7</v></c></row>')
book = Book()
hexadecimal = rows()
hexadecimal[2][3] = ('<c r="{ref}"><v>0x1F4</v></c>',)
book.add("Sheet1", hexadecimal)
book.save("hexadecimal.xlsx")

OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'


def ods_cell(v):
    if v is None:
        return "<table:table-cell/>"
    if isinstance(v, tuple):
        return f'<table:table-cell office:value-type="date" office:date-value="{v[0]}"><text:p>shown</text:p></table:table-cell>'
    if isinstance(v, (int, float)):
        return f'<table:table-cell office:value-type="currency" office:currency="GBP" office:value="{v!r}"><text:p>shown</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'


def ods_rows(list_of_rows):
    return "".join("<table:table-row>" + "".join(map(ods_cell, r)) + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>' for r in list_of_rows)


sheet = ods_rows([["Paid in April 2023"], [None], HEADER, ["Oxford City Council", ("2023-04-01",), "Acme &amp; Co", 1763.05, "Pens"], ["Oxford City Council", ("2023-04-02T00:00:00",), "Bolt Ltd", 765.84, "Ink"], ["Oxford City Council", ("2023-04-03",), "Bolt Ltd", -950, "Ink"]])
with zipfile.ZipFile(os.path.join(folder, "libre.ods"), "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    z.writestr("content.xml", f'<office:document-content {OFFICE}><office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Hidden" table:style-name="ta2">{sheet}</table:table><table:table table:name="April" table:style-name="ta1">{sheet}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>')
many = f'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="250" office:value-type="string"><text:p>{"A" * 600}</text:p></table:table-cell></table:table-row>'
with zipfile.ZipFile(os.path.join(folder, "repeated.ods"), "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("content.xml", f'<office:document-content {OFFICE}><office:body><office:spreadsheet><table:table table:name="April">{many}</table:table></office:spreadsheet></office:body></office:document-content>')
