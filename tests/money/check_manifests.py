#!/usr/bin/env python3
"""Published spending against its manifests: check_manifests.py WEAL SHARED [PACK]. Of PACK, a copy of the policy pack, the profiles are not used. Another program counted the rows and sums of the manifests. Each file is
imported in a dry run; prints a line for each publisher, and every difference."""
import csv, json, os, subprocess, sys, tarfile, tempfile
from decimal import Decimal

weal, shared, *pack = sys.argv[1:]
place = os.path.join(shared, "data", "place")
differ = 0


def run(*options):
    p = subprocess.run([weal, *(["--policy", pack[0]] if pack else []), "import", "spend", "--dry-run", "--format", "json", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return p.returncode, json.loads(p.stdout) if p.stdout else None, p.stderr


def check(what, wanted, got):
    global differ
    if wanted != got:
        differ += 1
        print(f"{what}: wanted {wanted}, got {got}")


with tempfile.TemporaryDirectory() as folder:
    tarfile.open(os.path.join(place, "spend.tar.xz")).extractall(folder)
    for publisher, key in (("oxford", "file"), ("hyndburn", "packed_as"), ("lambeth", "file")):
        files, mended = 0, 0
        for row in csv.DictReader(open(os.path.join(place, publisher + "_manifest.csv"), encoding="utf-8")):
            path = os.path.join(folder, publisher, row[key])
            if not os.path.exists(path):
                continue
            options = ["--body", publisher]
            if publisher == "lambeth" and not row["header"].startswith("Body"):
                options += ["--date", row[key][:7] + "-28"]
            if "apr-jun-2014" in path:
                options += ["--date", "2014-06-30"]
            # lost commas: put back, since the file's own total then ties
            damaged = row.get("sum_equals_declared", "").startswith("no")
            status, summary, said = run(*options, path)
            check(row[key] + " exit", 0, status)
            if damaged and summary:
                mended += 1
                check(row[key] + " rows beyond those whole before", True, 0 < summary["decisions"]["commas_put_back"] == summary["posted"] - int(row["rows"]))
                check(row[key] + " amount", int(Decimal(row["declared_grand_total"]) * 100), summary["amount"])
                files += 1
                continue
            if not summary:
                print(said)
                differ += 1
                continue
            files += 1
            check(row[key] + " rows", int(row["rows"]), summary["posted"])
            check(row[key] + " accounts for all rows", summary["rows"], summary["posted"] + summary["rejected"])
            check(row[key] + " accounts for all it read", summary["read"], summary["rows"] + summary["left_out"])
            check(row[key] + " amount", int(Decimal(row["sum_amount"]) * 100), summary["amount"])
            if "negative_rows" in row:
                check(row[key] + " negative rows", int(row["negative_rows"]), summary["decisions"]["negative_rows"])
        print(f"{publisher}: {files} files, {mended} mended")
print(f"{differ} differ")
sys.exit(differ > 0)
