#!/usr/bin/env python3
"""A person's own copy (`weal subject-export`) is whole: every mark that planted.py puts into a column that the copy shows is in the file that schema/personal.csv
names; nobody else's name or reference is anywhere, and each withholding is counted; the lines sum to what `weal account` shows. And what must fail: no
such person, somebody who was erased, a folder with something in it, a full disk and a kill at every write."""
import csv
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from planted import MOMENT, OTHERS, ROOT, SERVER, WEAL, Book, Tie, engines  # noqa: E402

WITHHELD = "[withheld]"


def read(folder):
    """{file: rows as dictionaries}, of the CSV files; the JSON files say the same."""
    out = {}
    for path in glob.glob(os.path.join(folder, "*.csv")):
        name = os.path.basename(path)[:-4]
        with open(path, encoding="utf-8", newline="") as f:
            out[name] = list(csv.DictReader(f))
        with open(os.path.join(folder, name + ".json"), encoding="utf-8") as f:
            same = [{k: "" if v is None else v for k, v in row.items()} for row in json.load(f)]
        if same != out[name]:
            raise AssertionError(f"{name}.json says something else than {name}.csv")
    return out


def everything(folder):
    text = ""
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), "rb") as f:
                text += f.read().decode("utf-8", "replace")
    return text


def shown_columns(book):
    """(table, tie): {column: file} of what the copy shows by reading rows."""
    out = {}
    for kind, table, file, sql, rows in book.declared.reads():
        for text in dict.fromkeys(t for r in rows for t in r.ties):
            tie = Tie(text)
            if tie.kind == kind and f"where {tie.where()}" in sql:
                out[(table, text)] = (file, [r for r in rows if r.shown != "file"], [r for r in rows if r.shown == "file"])
    return out


def check_whole(book, files, folder):
    wrong = []
    shown = shown_columns(book)
    for (table, text), values in book.planted.items():
        if (table, text) not in shown:
            continue
        file, columns, contents = shown[(table, text)]
        whole = " ".join(v for row in files.get(file, []) for v in row.values())
        for row in columns:
            value = values[row.column].split(" and Otherwen")[0]
            if row.shown in ("text", "words", "json", "number", "name") and value not in whole and WITHHELD not in whole:
                wrong.append(f"{table}.{row.column} of {text}: '{value}' is not in {file}.csv")
            elif row.shown in ("text", "words", "json", "number") and value not in whole:
                wrong.append(f"{table}.{row.column} of {text}: '{value}' is withheld in {file}.csv, and it is the person's own")
        for row in contents:
            if not any(values[row.column] in open(p, encoding="utf-8").read() for p in glob.glob(os.path.join(folder, "attachments", "*"))):
                wrong.append(f"{table}.{row.column} of {text}: the content is not in attachments")
    return wrong


def check_others(files, folder, index):
    wrong = []
    text = everything(folder)
    for code, name in OTHERS.items():
        if name in text or f"id:{code}" in text:
            wrong.append(f"the copy names {name} ({code})")
    for name, rows in files.items():
        stands = sum(v.count(WITHHELD) for row in rows for v in row.values())
        if stands != index["withheld"].get(name, 0):
            wrong.append(f"{name}: {stands} withheld, index.json counts {index['withheld'].get(name, 0)}")
        if len(rows) != index["rows"].get(name):
            wrong.append(f"{name}: {len(rows)} rows, index.json counts {index['rows'].get(name)}")
    if not sum(index["withheld"].values()):
        wrong.append("nobody is withheld, and others were named in the rows")
    return wrong


def account_lines(account):
    """{entry:line: amount in the smallest part of the unit}, of every part of the account that has lines."""
    out = {}
    for part in account.values():
        for unit in part if isinstance(part, list) else [part]:
            if isinstance(unit, dict):
                out.update({line["line"]: line["amount"] for line in unit.get("lines", []) if isinstance(line, dict)})
    return out


def check_lines(book, files, person):
    """The lines of the account, each with its amount, and what was reversed is marked."""
    account = account_lines(json.loads(book.weal("account", person, "--format", "json").stdout))
    rows = {row["x_line"]: row for row in files["lines"]}
    wrong = []
    if rows.keys() != account.keys() or len(rows) != len(files["lines"]) or not rows:
        wrong.append(f"lines.csv has {len(files['lines'])} lines, the account {len(account)}")
    said = sum(abs(amount) for line, amount in account.items() if rows.get(line, {}).get("amount"))
    written = sum(abs(round(float(row["amount"]) * 100)) for row in rows.values() if row["amount"])
    if said != written:
        wrong.append(f"the amounts of lines.csv sum to {written}, those of the account to {said}")
    held = {line: int(row["x_amount"]) for line, row in rows.items()}
    if held != account:
        wrong.append(f"what a line is in its account differs: {[(line, held.get(line), account[line]) for line in account if held.get(line) != account[line]][:5]}")
    valued = [row for row in rows.values() if row["quantity"]]
    if not valued or not all(row["x_cost_year"] and int(row["x_amount"]) for row in valued):
        wrong.append("the use of a service has no value, or no year of its cost")
    undone = {row["x_reverses"] for row in rows.values() if row["x_reverses"]}
    if not undone <= {line for line, row in rows.items() if row["x_reversed"] == "yes"}:
        wrong.append("a line that was reversed has no mark")
    return wrong


def check_refusals(book):
    wrong = []
    full = os.path.join(book.folder, "full")
    os.mkdir(full)
    with open(os.path.join(full, "mine"), "w", encoding="utf-8") as f:
        f.write("mine")
    for arguments, words in ((["NOBODY", "n"], "nobody in the register"), (["ZQSUBJ1", "full"], "no empty folder"), (["ZQSUBJ1", "full/mine"], "no folder"),
                             (["ZQSUBJ1", "not/there/copy"], "No such file")):
        ran = book.weal("subject-export", *arguments, may_fail=True)
        if ran.returncode == 0 or words not in ran.stderr:
            wrong.append(f"subject-export {' '.join(arguments)}: exit {ran.returncode}: {ran.stderr}")
    if os.listdir(full) != ["mine"] or os.path.exists(os.path.join(book.folder, "n")):
        wrong.append("a refused call left something")
    os.mkdir(os.path.join(book.folder, "empty"))
    book.weal("subject-export", "ZQSUBJ1", "empty/", "--language", "cy")
    with open(os.path.join(book.folder, "empty", "README.txt"), encoding="utf-8") as f:
        if "Copi o bopeth" not in f.read():
            wrong.append("the readme is not in Welsh")
    book.weal("subject-export", "ZQSUBJ2", "of-merged")
    if read(os.path.join(book.folder, "of-merged"))["person"] != read(os.path.join(book.folder, "empty"))["person"]:
        wrong.append("the copy by a merged record is another")
    book.weal("subject-export", "P3", "of-other")
    if "zqm" in everything(os.path.join(book.folder, "of-other")) or "Zqname" in everything(os.path.join(book.folder, "of-other")):
        wrong.append("the copy of somebody else has the subject's words")
    book.weal("import", "people", "died.csv", "--quiet")
    book.weal("subject-export", "P4", "of-dead")
    if read(os.path.join(book.folder, "of-dead"))["person"][0]["died"] != "2025-01-02":
        wrong.append("the copy of somebody who died is not theirs")
    looks = book.sql(f"select what from access where party = {book.subject} and what = 'subject-export'")
    if len(looks) < 3:
        wrong.append("the looks were not noted")
    return wrong


def check_names(book):
    """Whatever others are called: the program's own words, days and moments stay; what people wrote is searched, whole words only, also in curly quotes."""
    wrong = []
    book.weal("subject-export", "ZQSUBJ1", "before")
    before = read(os.path.join(book.folder, "before"))
    names = ["2025", "05", "kind", "council", "10:00", "zqstate", "Maryann Lee"]
    with open(os.path.join(book.folder, "called.csv"), "w", encoding="utf-8") as f:
        f.write("id,name,born,sex,household\n" + "".join(f"C{i},{name},1981-01-0{i + 1},F,H1\n" for i, name in enumerate(names)))
    book.weal("import", "people", "called.csv", "--quiet")
    words = "on 2025-05-05 at 10:00 \u201cMaryann Lee\u201d, Maryann Leeson and (Maryann Lee) kind of C6 C66 id:C6"
    look = book.sql(f"select max(id) from access where party = {book.subject} and what = 'subject-export'")[0][0].split()[0]
    book.sql(f"update access set why = '{words}' where party = {book.subject} and id = {look}")
    book.sql("insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, subject, facts, reason) values "
             f"({book.subject}, 920001, 'told-move', 'zqstate', 0, '{MOMENT}', {book.subject}, 'id:ZQSUBJ1', '', '{{\"kind\": \"a kind one\", \"when\": \"2025-05-05\"}}', '')")
    book.weal("subject-export", "ZQSUBJ1", "after")
    after = read(os.path.join(book.folder, "after"))
    for name, rows in before.items():
        kept = [row for row in after.get(name, []) if row.get("id") != "920001"]
        if name == "looks":
            said = [row["why"] for row in kept if "Leeson" in row["why"]]
            hidden = "on 2025-05-05 at [withheld] \u201c[withheld]\u201d, Maryann Leeson and ([withheld]) [withheld] of [withheld] C66 [withheld]"
            if said != [hidden]:
                wrong.append(f"of the words of a look is left {said}")
            if [row["at"] for row in kept if WITHHELD in row["at"]]:
                wrong.append("a moment of a look is withheld")
        elif kept != rows:
            wrong.append(f"{name}.csv is another when members of the household are called {', '.join(names)}")
    case = [row for row in after["cases"] if row["id"] == "920001"]
    if not case or case[0]["state"] != "zqstate" or json.loads(case[0]["facts"]) != {"kind": "a [withheld] one", "when": "2025-05-05"}:
        wrong.append(f"the case reads {case}")
    return wrong


def check_many(book):
    """The copy of somebody who looked at many people takes time in proportion to them."""
    people = 4000
    with open(os.path.join(book.folder, "many.csv"), "w", encoding="utf-8") as f:
        f.write("id,name,born,sex\nLOOKER,Lookwen Many,1980-01-01,F\n" + "".join(f"M{i},Annwen Sur{i},1980-01-01,F\n" for i in range(people)))
    book.weal("import", "people", "many.csv", "--quiet")
    ids = {row[0].split()[0]: int(row[1].split()[0]) for row in book.sql("select code, id from party where code like 'M%' or code = 'LOOKER'")}
    took, done = {}, 0
    for count in (people // 8, people):
        while done < count:
            rows = ", ".join(f"({ids[f'M{i}']}, {930000 + i}, '{MOMENT}', 'id:LOOKER', {ids['LOOKER']}, 'Lookwen Many', 'staff:council', '', 'account', "
                             f"'a call of Annwen Sur{i} with Annwen Sur{i + 1}', 0, 0, null)" for i in range(done, min(done + 500, count)))
            book.sql(f"insert into access (party, id, at, who, person, name, role, machine, what, why, reach, place, day) values {rows}")
            done += 500
        before = os.times()
        book.weal("subject-export", "LOOKER", f"many{count}")
        after = os.times()
        took[count] = after.children_user + after.children_system - before.children_user - before.children_system
    rows = read(os.path.join(book.folder, f"many{people}"))["looks-made"]
    wrong = []
    if len(rows) != people or [row for row in rows if "Annwen" in "".join(row.values()).replace(f"Annwen Sur{people}", "")]:
        wrong.append(f"of {people} looks the copy has {len(rows)}, or one names somebody")
    # eight times as many: twice the proportion, and a fifth of a second for what a busy machine adds
    if took[people] > 16 * took[people // 8] + 0.2:
        wrong.append(f"the copy of {people // 8} looks takes {took[people // 8]:.2f} s, that of {people} {took[people]:.2f} s")
    return wrong


def check_faults(book):
    """A full disk, or a kill, at each write below the folder of the copy."""
    wrong = []
    under = os.path.join(book.folder, "under")
    os.mkdir(under)
    shim = os.path.join(book.folder, "shim.so")
    compiler = shutil.which("cc") or shutil.which("gcc")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", shim, os.path.join(ROOT, "tests/faults/shim.c"), "-ldl"], check=True)
    env = dict(os.environ, LD_PRELOAD=shim, FAULT_UNDER=os.path.realpath(under), FAULT_COUNT=os.path.join(book.folder, "count"))
    command = [WEAL, "--store", book.url, "subject-export", "ZQSUBJ1", os.path.join(under, "copy")]
    subprocess.run(command, env=env, check=True, capture_output=True)
    with open(env.pop("FAULT_COUNT"), encoding="utf-8") as f:
        calls = int(f.read())
    shutil.rmtree(os.path.join(under, "copy"))
    if calls < 10:
        wrong.append(f"the shim saw {calls} writes")
    for how in ("enospc", "kill"):
        for at in range(1, calls + 1, max(1, calls // 12)):
            ran = subprocess.run(command, env=dict(env, FAULT_AT=str(at), FAULT_HOW=how), capture_output=True, text=True)
            left = os.listdir(under)
            if ran.returncode == 0 or "copy" in left or (how == "enospc" and left):
                wrong.append(f"{how} at write {at}: exit {ran.returncode}, left {left}: {ran.stderr}")
            for name in left:
                shutil.rmtree(os.path.join(under, name))
    return wrong


def check(book):
    book.fill()
    with open(os.path.join(book.folder, "uses.csv"), "w", encoding="utf-8") as f:
        f.write("date,person,category,quantity\n2025-05-03,ZQSUBJ1,gp-consultation,2\n")
    book.weal("import", "entries", "uses.csv", "--quiet")
    book.plant()
    folder = os.path.join(book.folder, "copy")
    book.weal("subject-export", "ZQSUBJ1", "copy")
    files = read(folder)
    with open(os.path.join(folder, "index.json"), encoding="utf-8") as f:
        index = json.load(f)
    wrong = check_whole(book, files, folder) + check_others(files, folder, index) + check_lines(book, files, "ZQSUBJ1")
    text = everything(folder)
    wrong += [f"'{word}' of the person is not in their copy" for word in ("Zqname Zqsurname", "zqmail@example.org", "QQ918273", "9434765919", "zqnote1", "zqreason", "zqmerged", "QQ 91 82 73")
              if word not in text]
    if os.stat(folder).st_mode & 0o077:
        wrong.append("others may read the folder")
    if not any(row["x_reversed"] for row in files["lines"]):
        wrong.append("no line is marked as reversed")
    wrong += check_refusals(book) + check_faults(book) + check_names(book) + check_many(book)
    book.weal("erase", "ZQSUBJ1", "--reason", "asked for it")
    ran = book.weal("subject-export", "ZQSUBJ1", "of-erased", may_fail=True)
    if ran.returncode != 1 or os.path.exists(os.path.join(book.folder, "of-erased")):
        wrong.append(f"somebody who was erased: exit {ran.returncode}")
    return wrong


def main():
    passed = failed = 0
    for engine, store in engines():
        folder = tempfile.mkdtemp()
        try:
            wrong = check(Book(store(folder), folder))
        except Exception:
            wrong = [traceback.format_exc()]
        finally:
            shutil.rmtree(folder)
        for w in wrong[:20]:
            print(f"{engine}: {w}")
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed" + ("" if SERVER else ", 1 skipped"))
    return 1 if failed else 0


sys.exit(main())
