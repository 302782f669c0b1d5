#!/usr/bin/env python3
"""The check of schema/personal.csv works: each change below of a copy of schema/ is refused with the given words, and the files as they are pass."""
import os
import shutil
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "script"))
from personal_data import Declared  # noqa: E402

PERSONAL, PURPOSES, SQL = "personal.csv", "purposes.csv", "009-more.sql"
EMAIL = "party,email,personal,party:id,blank,,self,person,text\n"
# What is changed: the file, words in it, what stands there instead (None: the file is added); and words of the fault.
CHANGES = [
    (SQL, None, "alter table party add column telephone text;\n", "party.telephone has no row"),
    (SQL, None, "create table pet (\n  id bigint not null primary key,\n  name text not null\n) {sqlite: strict};\n", "pet.name has no row"),
    (SQL, None, "alter table party drop column email;\n", "party.email: the schema has no such column"),
    (PERSONAL, EMAIL, "", "party.email has no row"),
    (PERSONAL, EMAIL, EMAIL + EMAIL, "a second row of the same column"),
    (PERSONAL, EMAIL, EMAIL.replace(",personal,", ",private,"), "holds is one of"),
    (PERSONAL, EMAIL, EMAIL.replace(",blank,", ",forget,"), "'forget' is none of"),
    (PERSONAL, EMAIL, EMAIL.replace(",blank,", ",keep,"), "needs its reason"),
    (PERSONAL, EMAIL, EMAIL.replace(",blank,", ",blank; keep,"), "erasure and export have 1 parts"),
    (PERSONAL, EMAIL, EMAIL.replace(",person,", ",none,"), "what no export shows needs its reason"),
    (PERSONAL, EMAIL, EMAIL.replace(",person,", ",letters,"), "are shown in one file"),
    (PERSONAL, EMAIL, EMAIL.replace(",self,", ",everyone,"), "'everyone' is no permission"),
    (PERSONAL, EMAIL, EMAIL.replace(",self,", ",,"), "who reads it?"),
    (PERSONAL, EMAIL, EMAIL.replace("party:id", "party:person"), "there is no column person"),
    (PERSONAL, EMAIL, EMAIL.replace("party:id", "somebody:id"), "'somebody' is none of"),
    (PERSONAL, EMAIL, EMAIL.replace("party:id", "id"), "is not KIND:COLUMN"),
    (PERSONAL, EMAIL, EMAIL.replace(",blank,", ",delete,"), "with `delete`"),
    (PERSONAL, EMAIL, EMAIL.replace(",blank,,", ",role,so,"), "`role` is for the column itself"),
    (PERSONAL, EMAIL, EMAIL.replace(",text\n", ",colour\n"), "shown is one of"),
    (PERSONAL, EMAIL, EMAIL.replace(",text\n", "\n"), "8 fields; a row has 9"),
    (PURPOSES, "identifier,", "identity,", "identifier holds personal data and has no row"),
    (PURPOSES, "identifier,", "head,x,y\nidentifier,", "head has a row and holds no personal data"),
]


def faults_of(change):
    file, before, after, _ = change
    with tempfile.TemporaryDirectory() as folder:
        schema = os.path.join(folder, "schema")
        shutil.copytree(os.path.join(ROOT, "schema"), schema)
        path, text = os.path.join(schema, file), ""
        if before is not None:
            with open(path, encoding="utf-8") as f:
                text = f.read()
            assert before in text, f"{file} has no '{before}'"
        with open(path, "w", encoding="utf-8") as f:
            f.write(after if before is None else text.replace(before, after, 1))
        return Declared(schema).faults


def main():
    passed = failed = 0
    as_it_is = Declared().faults
    passed, failed = passed + (not as_it_is), failed + bool(as_it_is)
    for change in CHANGES:
        faults = faults_of(change)
        if any(change[3] in fault for fault in faults):
            passed += 1
        else:
            failed += 1
            print(f"{change[0]}: {change[2]!r}: '{change[3]}' is not said: {faults}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
