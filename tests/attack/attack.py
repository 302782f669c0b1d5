"""What the attacks share: a folder with a small book, and counting.

    with Folder() as f:                     a fresh folder with weal.db and three people, A1 B2 C3
        done = f.weal("import", "entries", f.write("e.csv", "..."))
    with Folder(store=POSTGRESQL) as f:     the same on a schema of its own. POSTGRESQL is None where there is no server
    tried = Tried(); tried.that("what must hold", condition, what_was_seen); tried.end()
    for engine, store in engines(tried):    ("sqlite", None), and ("postgresql", POSTGRESQL) where there is a server
"""
import os, shutil, sqlite3, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL", os.path.join(ROOT, "build", "weal"))
POSTGRESQL = os.environ.get("WEAL_TEST_POSTGRESQL")
PEOPLE = "id,name,born,sex\nA1,Ann Test,1980-03-01,F\nB2,Bob Test,1975-12-31,M\nC3,Cai Test,2004-02-29,X\n"


class Folder:
    made = 0

    def __init__(self, store=None, people=PEOPLE):
        self.path = tempfile.mkdtemp()
        self.store = f"sqlite:{self.path}/weal.db"
        if store:
            Folder.made += 1
            name = f"attack_{os.getpid()}_{Folder.made}"
            subprocess.run(["psql", "-qX", store, "-c", f"create schema {name}"], check=True)
            self.store = f"{store}{'&' if '?' in store else '?'}options=-csearch_path%3D{name}"
        self.sound("init", "--place", "T1,Testham", "--quiet")
        self.sound("import", "people", self.write("p.csv", people), "--quiet")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)  # a server that stops takes files of its own away meanwhile

    def write(self, name, text):
        with open(os.path.join(self.path, name), "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        return name

    def weal(self, *arguments, **also):
        environment = dict(os.environ, HOME=self.path, WEAL_STORE=self.store, **also.pop("env", {}))
        return subprocess.run([WEAL, *arguments], cwd=self.path, env=environment, capture_output=True, text=True, **also)

    def sound(self, *arguments, **also):
        done = self.weal(*arguments, **also)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def rows(self, sql):
        """What the store says, each cell as text."""
        if self.store.startswith("sqlite:"):
            with sqlite3.connect(self.store[7:], timeout=30) as db:
                return [tuple(map(str, row)) for row in db.execute(sql)]
        done = subprocess.run(["psql", "-qXAt", "-F", "\t", "-d", self.store, "-c", sql], check=True, capture_output=True, text=True)
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def run_sql(self, sql):
        """Changes the store behind the program's back."""
        if self.store.startswith("sqlite:"):
            with sqlite3.connect(self.store[7:], timeout=30) as db:
                db.execute(sql)
        else:
            subprocess.run(["psql", "-qX", "-d", self.store, "-c", sql], check=True)

    def alerts(self):
        """Kinds and details of what every administrator is told, oldest first."""
        return self.rows("select kind, detail from alert order by id")


class Tried:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def that(self, what, holds, seen=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        if not holds:
            print(f"FAIL {what}: {str(seen).strip()[:500]}")

    def skip(self, what):
        self.skipped += 1
        print(f"skipped: {what}")

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        sys.exit(self.failed > 0)


def engines(tried):
    yield "sqlite", None
    if POSTGRESQL:
        yield "postgresql", POSTGRESQL
    else:
        tried.skip("no PostgreSQL: $WEAL_TEST_POSTGRESQL is not set")
