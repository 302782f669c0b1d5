#!/usr/bin/env python3
"""After an erasure nothing of the person is left in any column of any table: a mark is planted in every column that is declared personal (schema/personal.csv),
the person is erased, and every table is searched for the marks, their name, code, numbers, e-mail and words. What belongs to others stays as it was."""
import os
import shutil
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from planted import NAMES, SERVER, Book, engines  # noqa: E402


def found(dump, words):
    # as text, as hexadecimal digits, and as people write a number
    return [f"{word} in {table}" for word in words for table, text in dump.items()
            if word in text or word.encode().hex() in text or word.replace(" ", "").lower() in text.replace(" ", "").lower()]


def check(book):
    book.fill()
    book.plant()
    book.told_by_others()
    before = book.dump()
    lost = [m for m in list(book.marks) + NAMES + ["zqfriend", "zqformer"] if not found(before, [m])]
    if lost:
        return [f"planted and not found before the erasure: {', '.join(lost)}"]
    secrets = [row[0].split()[-1] for row in book.sql(f"select secret from account where owner = {book.subject} and owner_kind = 'person'")]
    book.weal("erase", "ZQSUBJ1", "--reason", "asked for it")
    after = book.dump()
    wrong = [f"left after the erasure: {w}" + (f" ({book.marks[w.split()[0]]})" if w.split()[0] in book.marks else "") for w in found(after, list(book.marks) + NAMES + secrets + ["zqfriend", "zqformer"])]
    wrong += [f"gone with the erasure, and it belongs to others: {book.kept[w]}" for w in book.kept if belongs_to_others(book, book.kept[w]) and not found(after, [w])]
    for table, rows in book.declared.of_table.items():
        for row in rows:
            for text, erasure in zip(row.ties, row.erasures):
                if erasure == "role" and (table, text) in book.said and "erased:staff:council" not in after[table]:
                    wrong.append(f"{table}.{row.column}: the role of the day is not there")
    kept = book.sql("select code, name from party where code in ('P2', 'P3') order by code")
    if len(kept) != 2 or "Otherwen" not in kept[0][1]:
        wrong.append("others are not as they were")
    again = book.weal("erase", "ZQSUBJ1", "--reason", "again", may_fail=True)
    if again.returncode != 1:
        wrong.append(f"a second erasure: exit {again.returncode}")
    return wrong


def belongs_to_others(book, where):
    """The row is not deleted with the person."""
    place, text = where.split(" of ", 1)
    rows = book.declared.of_table[place.split(".")[0]]
    return not any(text in r.ties and r.erasures[r.ties.index(text)] == "delete" for r in rows)


def main():
    passed = failed = 0
    for engine, store in engines():
        folder = tempfile.mkdtemp()
        try:
            book = Book(store(folder), folder)
            wrong = check(book)
            print(f"{engine}: {len(book.marks)} marks in {len(book.said)} rows")
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
