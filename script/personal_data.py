"""What the store holds about people, as schema/personal.csv and schema/purposes.csv declare it: script/personal, script/check-sql and
script/check-tables use it. schema/README.md ("Personal data") is the manual of both files."""
import csv
import glob
import os
import re

from c_sql import read_schema

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COLUMNS = ["table", "column", "holds", "whose", "erasure", "why", "read_by", "export", "shown"]
HOLDS = ("none", "key", "personal", "others")
TIES = ("party", "who", "account", "session", "household")
BY_FUNCTION = ("numbers", "address", "line")  # found by a function, since no column of the table says whose the row is
ERASURES = ("delete", "blank", "erased", "role", "keep", "special")
SHOWN = ("text", "words", "number", "day", "moment", "person", "who", "name", "household", "place", "body", "category", "json", "hex", "file", "special")
# Who reads besides those with a permission: the person themselves, and whoever runs the program on its machine.
READERS = ("self", "operator", "anyone")
# Files of a person's copy that functions gather (src/privacy/held.c, src/exchange/subject_export.c), and where every file has its title.
GATHERED = ["addresses", "household-facts", "lines", "postings", "refused-rows", "looks-at-everybody"]
TITLES = os.path.join(ROOT, "src", "exchange", "subject_files.c")
# The statements belong to no table's owner: they are made from the declaration, and check-tables lists them under this name.
MADE = "src/privacy/personal.c, made from schema/personal.csv"


class Row:
    def __init__(self, line, cells):
        self.line = line
        for name, value in zip(COLUMNS, cells):
            setattr(self, name, value)
        self.ties = [t.strip() for t in self.whose.split(";")] if self.whose else []
        self.erasures = [e.strip() for e in self.erasure.split(";")] if self.erasure else []
        self.exports = [e.strip() for e in self.export.split(";")] if self.export else []


class Tie:
    """`party:owner[owner_kind=person]`: the kind, the column, and what else must hold."""

    def __init__(self, text):
        found = re.match(r"(\w+):(\w+)(?:\[(\w+)=(\w+)\])?$", text)
        if not found:
            raise ValueError(f"'{text}' is not KIND:COLUMN")
        self.text = text
        self.kind, self.column, self.when, self.word = found.groups()

    def where(self):
        if self.kind == "session":
            return f"{self.column} in (select id from session where person = ?1)"
        return f"{self.column} = ?1" + (f" and {self.when} = '{self.word}'" if self.when else "")


class Declared:
    """Everything that is declared. `faults`: sentences; empty when the files and the schema agree."""

    def __init__(self, schema=os.path.join(ROOT, "schema")):
        self.faults = []
        self.tables = {name: table for name, table in read_schema(schema).items() if name == table.name}
        self.rows = self.read(os.path.join(schema, "personal.csv"))
        self.purposes = self.read_purposes(os.path.join(schema, "purposes.csv"))
        self.of_table = {}
        for row in self.rows:
            self.of_table.setdefault(row.table, []).append(row)
        self.check_columns()
        for row in self.rows:
            self.check_row(row)
        if not self.faults:
            self.check_tables()

    def fault(self, row, what):
        self.faults.append(f"schema/personal.csv:{row.line}: {row.table}.{row.column}: {what}")

    def read(self, path):
        rows = []
        with open(path, encoding="utf-8", newline="") as f:
            reader = csv.reader(f)
            if next(reader) != COLUMNS:
                self.faults.append(f"schema/personal.csv:1: the columns are {','.join(COLUMNS)}")
                return rows
            for cells in reader:
                if len(cells) != len(COLUMNS):
                    self.faults.append(f"schema/personal.csv:{reader.line_num}: {len(cells)} fields; a row has {len(COLUMNS)}")
                    continue
                rows.append(Row(reader.line_num, cells))
        return rows

    def read_purposes(self, path):
        out = {}
        with open(path, encoding="utf-8", newline="") as f:
            for number, row in enumerate(csv.DictReader(f), 2):
                if row["table"] in out or not row["purpose"] or not row["kept"]:
                    self.faults.append(f"schema/purposes.csv:{number}: {row['table']}: one row a table, with a purpose and how long it is kept")
                out[row["table"]] = row
        return out

    def check_columns(self):
        seen = set()
        for row in self.rows:
            if row.table not in self.tables or row.column not in self.tables[row.table].columns:
                self.fault(row, "the schema has no such column; take the row out")
            if (row.table, row.column) in seen:
                self.fault(row, "a second row of the same column")
            seen.add((row.table, row.column))
        for name, table in self.tables.items():
            for column in table.columns:
                if (name, column) not in seen:
                    self.faults.append(f"schema/personal.csv: {name}.{column} has no row; say whether it can hold personal data (docs/adding.md, 'A column')")

    def check_row(self, row):
        if row.holds not in HOLDS:
            return self.fault(row, f"holds is one of {', '.join(HOLDS)}")
        if row.holds == "none":
            if row.whose or row.erasure or row.read_by or row.export or row.shown:
                self.fault(row, "a column that holds nothing personal says nothing more than why, if that is needed")
            return None
        parts = max(1, len(row.ties))
        if len(row.erasures) != parts or len(row.exports) != parts:
            return self.fault(row, f"erasure and export have {parts} parts, with a semicolon between, as many as `whose`")
        for erasure in row.erasures:
            if erasure not in ERASURES:
                self.fault(row, f"'{erasure}' is none of {', '.join(ERASURES)}")
        for word in row.exports:
            if not re.match(r"(-|[a-z][a-z-]*)$", word):
                self.fault(row, f"'{word}' is no name of a file")
        if any(e in ("keep", "special", "role") for e in row.erasures) and not row.why:
            self.fault(row, "what erasure keeps, or leaves to a function, needs its reason in `why`")
        if "none" in row.exports and not row.why:
            self.fault(row, "what no export shows needs its reason in `why`")
        if row.holds != "key" and all(e == "-" for e in row.exports):
            self.fault(row, "the export shows it in some file, or says `none` and why")
        for reader in row.read_by.split():
            if reader not in READERS and reader not in permission_words():
                self.fault(row, f"'{reader}' is no permission, and none of {', '.join(READERS)}")
        if not row.read_by:
            self.fault(row, "who reads it?")
        if (row.shown or any(e not in ("-", "none") for e in row.exports)) and row.shown not in SHOWN:
            self.fault(row, f"shown is one of {', '.join(SHOWN)}")
        if row.holds == "others" and row.shown == "text":
            self.fault(row, "others may be named in it: shown is `words`, so that they are sought there")
        for text, erasure in zip(row.ties, row.erasures):
            self.check_tie(row, text, erasure)
        return None

    def check_tie(self, row, text, erasure):
        try:
            tie = Tie(text)
        except ValueError as e:
            return self.fault(row, str(e))
        columns = self.tables[row.table].columns if row.table in self.tables else []
        if tie.kind in BY_FUNCTION:
            if erasure not in ("special", "keep"):
                self.fault(row, f"{text} is found by a function: its erasure is `special` or `keep`")
        elif tie.kind not in TIES:
            self.fault(row, f"'{tie.kind}' is none of {', '.join(TIES + BY_FUNCTION)}")
        elif tie.column not in columns:
            self.fault(row, f"there is no column {tie.column}")
        if erasure == "role" and (tie.kind != "who" or tie.column != row.column or moment_of(row.column) not in columns):
            self.fault(row, "`role` is for the column itself that says `id:CODE`, beside one with the moment")
        if erasure == "erased" and "text" not in self.tables[row.table].types[row.column]:
            self.fault(row, "the word `erased` needs a text")
        return None

    def check_tables(self):
        """What a statement does to a whole row is said alike by all its columns."""
        for name, rows in self.of_table.items():
            held = [r for r in rows if r.holds != "none"]
            if bool(held) != (name in self.purposes):
                self.faults.append(f"schema/purposes.csv: {name} " + ("holds personal data and has no row" if held else "has a row and holds no personal data"))
            for text in dict.fromkeys(t for r in held for t in r.ties):
                said = {r.erasures[r.ties.index(text)] for r in held if text in r.ties}
                if "delete" in said and (said != {"delete"} or any(text not in r.ties for r in held)):
                    odd = [r for r in held if text not in r.ties or r.erasures[r.ties.index(text)] != "delete"]
                    self.fault(odd[0], f"erasure deletes the rows of {text}, so every column of them is named as theirs, with `delete`")
                files = {r.exports[r.ties.index(text)] for r in held if text in r.ties} - {"-", "none"}
                if len(files) > 1:
                    self.fault(held[0], f"the rows of {text} are shown in one file, not in {', '.join(sorted(files))}")
        files = [file for _, _, file, _, _ in self.reads()]
        for file in sorted({f for f in files if files.count(f) > 1}):
            self.faults.append(f"schema/personal.csv: the file {file} is of two tables, or of two ties; give each its own")
        self.check_titles(files)
        for name in self.purposes:
            if name not in self.of_table:
                self.faults.append(f"schema/purposes.csv: there is no table {name}")

    def check_titles(self, files):
        """Each file of the copy is written under its title."""
        with open(TITLES, encoding="utf-8") as f:
            titled = re.findall(r'^\s*\{"([\w-]+)",', f.read(), re.M)
        where = os.path.relpath(TITLES, ROOT)
        self.faults += [f"{where}: the file {name} of schema/personal.csv has no title" for name in files if name not in titled]
        self.faults += [f"{where}: there is no file {name} in schema/personal.csv" for name in titled if name not in files + GATHERED]

    # ---- the statements ----

    def erasures(self):
        """(kind of tie, table, statement): what erasure runs, in that order: first what reads other tables, then what changes rows, then what deletes them."""
        first, changes, deletes = [], [], []
        for name, rows in self.of_table.items():
            for text in dict.fromkeys(t for r in rows for t in r.ties):
                tie = Tie(text)
                done = [(r, r.erasures[r.ties.index(text)]) for r in rows if text in r.ties]
                if tie.kind not in TIES:
                    continue
                if any(e == "delete" for _, e in done):
                    (first if tie.kind == "session" else deletes).append((tie.kind, name, f"delete from {name} where {tie.where()}"))
                    continue
                blanks = [f"{r.column} = {self.blank(r, e)}" for r, e in done if e in ("blank", "erased")]
                if blanks:
                    changes.append((tie.kind, name, f"update {name} set {', '.join(blanks)} where {tie.where()}"))
                for row, erasure in done:
                    if erasure == "role":
                        at = moment_of(row.column)
                        changes.append((tie.kind, name, f"update {name} set {row.column} = ?2 where {tie.where()} and {at} >= ?3 and {at} < ?4"))
        return first + changes + deletes

    def blank(self, row, erasure):
        declared = self.tables[row.table].types[row.column]
        if erasure == "erased":
            return "'erased'"
        if "not null" not in declared and "primary key" not in declared:
            return "null"
        return "''" if declared.startswith("text") else "{sqlite: x''}{postgresql: ''::bytea}" if declared.startswith("bytea") else "0"

    def reads(self):
        """(kind of tie, table, file, statement, [row]): what a subject's export reads."""
        out = []
        for name, rows in self.of_table.items():
            for text in dict.fromkeys(t for r in rows for t in r.ties):
                tie = Tie(text)
                shown = [r for r in rows if text in r.ties and r.exports[r.ties.index(text)] not in ("-", "none") and r.shown != "special"]
                if not shown or tie.kind not in TIES:
                    continue
                file = shown[0].exports[shown[0].ties.index(text)]
                key = [c for c in (self.tables[name].keys or [[]])[0]] or [r.column for r in shown]
                # a row is shown once: with the person whom it is about
                first = Tie(next(r.ties[0] for r in rows if text in r.ties))
                about = f" and {first.column} <> ?1" if first.kind == tie.kind == "party" and first.column != tie.column and not first.when else ""
                columns = ", ".join(r.column for r in shown)
                out.append((tie.kind, name, file, f"select {columns} from {name} where {tie.where()}{about} order by {', '.join(key)}", shown))
        return out

    def erased_tables(self):
        """Tables of which an erasure takes something, so that their old bytes must go from the files too."""
        return [name for name, rows in self.of_table.items() if any(e != "keep" for r in rows for e in r.erasures)]

    def statements(self):
        return [sql for _, _, sql in self.erasures()] + [sql for _, _, _, sql, _ in self.reads()]


def moment_of(column):
    """The column beside it with the moment: who: at, answered_by: answered_at."""
    return re.sub(r"(^|_)who$", r"\1at", re.sub(r"_by$", "_at", column))


def permission_words(known=[]):
    if not known:
        text = open(os.path.join(ROOT, "src", "register", "permission.c"), encoding="utf-8").read()
        known.extend(re.findall(r'^\s*\[\w+\] = \{\.word = "([\w-]+)"', text, re.M))
    return known
