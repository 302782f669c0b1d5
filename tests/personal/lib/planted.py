"""A book with a person in every column that is declared personal: erasures.py and copies.py use it. What it plants follows from schema/personal.csv, so that
a new column is tried without a line of code."""
import os
import re
import sqlite3
import subprocess
import sys
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "script"))
from personal_data import Declared, Tie  # noqa: E402

WEAL = os.path.abspath(os.environ.get("WEAL", os.path.join(ROOT, "build", "weal")))
SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")
MOMENT = "2025-05-05T10:00:00Z"  # while the subject was staff
SESSION = "7a71" * 16
# Tables whose rows the program itself makes in `fill`, since other rows lead to them.
MADE = {"party", "account", "holding", "balance", "line", "entry", "reject", "once", "identifier", "alias", "erasure"}
SUBJECT, SURVIVOR_OF = "ZQSUBJ1", "ZQSUBJ2"
# The subject's own, as the program was told them.
NAMES = ["ZQSUBJ1", "ZQSUBJ2", "Zqname Zqsurname", "Zqearlier Zqsurname", "zqmail@example.org", "QQ918273", "9434765919", "zqreference", "zqnote", "zqreason", "zqmerged"]
OTHERS = {"P2": "Otherwen Neighbour", "P3": "Thirdwyn Clerk"}

PEOPLE = """id,name,born,sex,household,nino,nhs,email
ZQSUBJ1,Zqname Zqsurname,1980-03-01,F,H1,QQ918273C,9434765919,zqmail@example.org
ZQSUBJ2,Zqearlier Zqsurname,1980-03-01,F,H1,,,
P2,Otherwen Neighbour,1978-11-20,M,H1,,,
P3,Thirdwyn Clerk,1950-07-07,M,H2,,,
P4,Latewyn Moor,1930-07-07,F,H2,,,
"""
FILES = {
    "places.csv": "code,name,kind,parent\nE07T,Testham,locality,\nN1,North End,neighbourhood,E07T\nN2,South End,neighbourhood,E07T\n",
    "households.csv": "id,place,tenure,council_tax_band\nH1,N1,owned,C\nH2,N2,rented,A\n",
    "people.csv": PEOPLE,
    "died.csv": "id,name,born,died\nP4,Latewyn Moor,1930-07-07,2025-01-02\n",
    "bodies.csv": "id,name,kind,place\ncouncil,The Council,council,E07T\nclub,The Club,charity,N1\n",
    "entries.csv": "date,person,category,amount,body,reference,note\n2025-05-01,ZQSUBJ1,income-tax,5.00,hmrc,zqreference1,zqnote1\n"
                   "2025-05-02,ZQSUBJ2,child-benefit,7.50,hmrc,zqreference2,zqnote2\n2025-05-02,P2,income-tax,9.00,hmrc,other1,othernote\n2025-05-02,P3,income-tax,11.00,hmrc,other2,\n",
    "refused.csv": "date,person,category,amount,body\n2025-05-01,nino:QQ 91 82 73 D,income-tax,x,hmrc\n2025-05-01,P2,income-tax,6.00,hmrc\n"
                   "2025-05-01,P2,nino:QQ 91 82 73 C,6.00,hmrc\n2025-05-01,nobody-of-them,income-tax,6.00,hmrc\n",
}


class Book:
    def __init__(self, url, folder):
        self.url, self.folder, self.postgresql = url, folder, "://" in url
        self.declared = Declared()
        self.count = 0
        self.marks = {}  # mark: table.column (tie)
        self.kept = {}   # what stays, since it belongs to somebody else: text: table.column
        self.said = set()  # (table, tie): a row was planted
        self.planted = {}  # (table, tie): {column: what was written there, without quotes}

    def weal(self, *arguments, may_fail=False):
        ran = subprocess.run([WEAL, "--store", self.url, *arguments], capture_output=True, text=True, cwd=self.folder, stdin=subprocess.DEVNULL)
        if ran.returncode and not may_fail:
            raise AssertionError(f"weal {' '.join(arguments)}: exit {ran.returncode}: {ran.stderr}{ran.stdout[:500]}")
        return ran

    def sql(self, statement):
        """Rows as texts."""
        if self.postgresql:
            ran = subprocess.run(["psql", "-qXAt", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", statement], capture_output=True, text=True)
            if ran.returncode:
                raise AssertionError(f"{statement}: {ran.stderr}")
            out = ran.stdout.rstrip("\n")
            return [row.split("\x1f") for row in out.split("\x1e")] if out else []
        connection = sqlite3.connect(self.url[len("sqlite:"):])
        connection.text_factory = bytes
        try:
            rows = connection.execute(statement).fetchall()
            connection.commit()
        finally:
            connection.close()
        return [["" if v is None else self.shown(v) for v in row] for row in rows]

    @staticmethod
    def shown(value):
        if not isinstance(value, bytes):
            return str(value)
        return value.decode("latin-1") + " " + value.hex()

    def dump(self):
        """{table: text of all its rows}."""
        return {name: "\n".join("\t".join(row) for row in self.sql(f"select * from {name}")) for name in self.declared.tables}

    # ---- what the program is told ----

    def fill(self):
        for name, text in FILES.items():
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        self.weal("init", "--place", "E07T,Testham", "--quiet")
        for kind in ("places", "households", "people", "bodies"):
            self.weal("import", kind, f"{kind}.csv", "--quiet")
        self.weal("import", "entries", "entries.csv", "--quiet")
        self.weal("import", "entries", "--partial", "refused.csv", "--quiet", may_fail=True)
        self.weal("merge", "ZQSUBJ1", "ZQSUBJ2", "--reason", "zqmerged on paper")
        self.subject, self.merged, self.other = (int(self.sql(f"select id from party where code = '{c}'")[0][0].split()[0]) for c in ("ZQSUBJ1", "ZQSUBJ2", "P2"))
        self.council = int(self.sql("select id from body where code = 'council'")[0][0].split()[0])
        entries = [int(row[0].split()[0]) for row in self.sql("select id from entry order by id")]
        self.weal("reverse", f"{entries[0]}", "--reason", "a letter of Zqname Zqsurname, zqreason", may_fail=True)
        self.account = int(self.sql(f"select account from holding where owner = {self.subject} and unit = 'pence'")[0][0].split()[0])
        self.sql("insert into office (person, id, role, body, from_day, to_day, who, at) values "
                 f"({self.subject}, 900001, 'staff', {self.council}, 19000, null, 'root', '{MOMENT}')")
        self.sql(f"insert into once (digest, what, at, result) values ({self.bytes_of('zqonce')}, 'form', '{MOMENT}', '/people/ZQSUBJ1?done=recorded')")
        self.sql(f"insert into erasure (party, at, who, reason) values (-77, '{MOMENT}', 'id:ZQSUBJ1', 'asked')")
        self.sql(f"insert into balance (account, amount, held) values ({self.account}, 0, 0)")

    @staticmethod
    def plain(value):
        found = re.match(r"(?:x'|'\\x)([0-9a-f]+)'", value)
        return bytes.fromhex(found.group(1)).decode("latin-1") if found else value.strip("'")

    def told_by_others(self):
        """A death and births that somebody else told, each with another way to say whom it is about: words of others that an erasure takes too."""
        told = [("told-death", '{"died": "2025-05-05", "person": "id:ZQSUBJ1"}', ""), ("told-death", '{"died": "2025-05-05", "person": "nino:QQ 91 82 73 C"}', ""),
                ("told-death", '{"died": "2025-05-05", "name": "zqfriend", "who": "id:ZQSUBJ1"}', ""), ("told-birth", '{"name": "Zqname Zqsurname", "born": "1980-03-01"}', ""),
                ("told-birth", '{"name": "zqformer name", "born": "1980-03-01"}', f"person:{self.subject}")]
        for i, (kind, facts, result) in enumerate(told):
            self.sql("insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, subject, facts, reason, result) values "
                     f"({self.other}, {910000 + i}, '{kind}', 'done', 0, '{MOMENT}', {self.other}, 'id:P2', '', '{facts}', '', '{result}')")

    def bytes_of(self, text):
        digits = text if re.fullmatch(r"[0-9a-f]{64}", text) else text.encode().hex()
        return f"'\\x{digits}'::bytea" if self.postgresql else f"x'{digits}'"

    # ---- what is planted ----

    def plant(self):
        """A row for each tie of each table; its columns hold marks where an erasure takes them away, and other texts where it keeps them."""
        for table, rows in self.declared.of_table.items():
            if table in MADE:
                continue
            for text in dict.fromkeys(t for r in rows for t in r.ties):
                if Tie(text).kind in ("party", "who", "account", "session"):
                    self.plant_row(table, rows, text)

    def plant_row(self, table, rows, text):
        tie, values = Tie(text), {}
        ties = {Tie(t).column: Tie(t).kind for r in rows for t in r.ties if Tie(t).kind in ("party", "who", "account", "session")}
        for row in rows:
            declared = self.declared.tables[table].types[row.column]
            gone = text in row.ties and row.erasures[row.ties.index(text)] in ("delete", "blank", "erased", "role")
            self.count += 1
            if row.column == tie.column:
                values[row.column] = {"party": str(self.subject), "who": "'id:ZQSUBJ1'", "account": str(self.account), "session": self.bytes_of(SESSION)}[tie.kind]
            elif row.column == tie.when:
                values[row.column] = f"'{tie.word}'"
            elif row.column in ties:
                values[row.column] = str(self.other) if ties[row.column] == "party" else "'id:P2'" if ties[row.column] == "who" else self.bytes_of("another session") if ties[row.column] == "session" else "1"
            elif row.column == "at" or row.column.endswith("_at"):
                values[row.column] = f"'{MOMENT}'"
            elif table == "session" and row.column == "id":
                values[row.column] = self.bytes_of(SESSION)
            elif declared.startswith("text"):
                word = f"zqm{self.count}q" if gone else f"kept{self.count}k"
                (self.marks if gone else self.kept)[word] = f"{table}.{row.column} of {text}"
                # words in which somebody else is named
                more = " and Otherwen Neighbour, id:P2" if row.shown in ("words", "json") else ""
                values[row.column] = f"'{{\"a\":\"{word}{more}\"}}'" if row.shown == "json" else f"'{word}{more}'"
            elif declared.startswith("bytea"):
                word = f"zqm{self.count}q"
                if gone:
                    self.marks[word] = f"{table}.{row.column} of {text}"
                values[row.column] = self.bytes_of(word if gone else f"kept{self.count}k")
            else:
                values[row.column] = str(700100000 + self.count)
                if gone:
                    self.marks[values[row.column]] = f"{table}.{row.column} of {text}"
        self.said.add((table, text))
        self.planted[(table, text)] = {c: self.plain(v) for c, v in values.items()}
        self.sql(f"insert into {table} ({', '.join(values)}) values ({', '.join(values.values())})")


def engines():
    """(name, function that gives a store's URL in a folder)."""
    out = [("sqlite", lambda folder: f"sqlite:{folder}/weal.db")]
    if SERVER:
        def made(folder):
            name = f"personal_{os.getpid()}"
            subprocess.run(["psql", "-qXd", SERVER, "-c", f"drop database if exists {name} with (force)", "-c", f"create database {name}"], check=True, stderr=subprocess.DEVNULL)
            return urllib.parse.urlunsplit(urllib.parse.urlsplit(SERVER)._replace(path="/" + name))
        out.append(("postgresql", made))
    return out
