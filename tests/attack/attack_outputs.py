#!/usr/bin/env python3
"""What an output may touch, and what names a store: README.md lists what is tried."""
import os, socket, ssl, subprocess, sys, threading
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import POSTGRESQL, WEAL, Folder, Tried

tried = Tried()
BAD = "date,person,category,amount\n2025-05-03,A1,income-tax,1.00\n2025-05-01,ZZ,income-tax,1.00\n"
HEAD = "line,column,value,reason\n"


def people(f):
    return f.weal("export", "people").stdout.count("\n")


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


# ---- the rejects file ----

def rejects(store):
    where = "PostgreSQL" if store else "SQLite"
    for dry in ([], ["--dry-run"]):
        with Folder(store) as f:
            def run(target, *more, name="d.csv"):
                return f.weal("import", "entries", "--partial", *dry, "--rejects", target, *more, f.write(name, BAD))

            def left_alone(what, target, path=None, says=None, name="d.csv"):
                f.write(name, BAD)
                path = os.path.join(f.path, path or target)
                before = bytes_of(path) if os.path.isfile(path) else None
                done = run(target, name=name)
                after = bytes_of(path) if os.path.isfile(path) else None
                tried.that(f"{where} {dry}: --rejects on {what} is refused", done.returncode == 2 and (says or "name another file") in done.stderr, done.stderr)
                tried.that(f"{where} {dry}: {what} is as it was", before == after)

            def at(name):
                return os.path.join(f.path, name)

            if not store:
                left_alone("the book", "weal.db", says="which is the book; name another file")
                left_alone("the book by another path", f.path + "/./weal.db", "weal.db")
                os.symlink("weal.db", at("link.csv"))
                left_alone("a link to the book", "link.csv", "weal.db")
                os.link(at("weal.db"), at("hard.csv"))
                left_alone("another name of the book", "hard.csv", "weal.db", "which is the book")
                for side in ("-wal", "-shm", "-journal", "-import", "-book"):
                    left_alone(f"a file that the book may have beside it ({side})", "weal.db" + side, says="which is a file of the book")
                    tried.that(f"{side} is not made", not os.path.exists(at("weal.db" + side)))
                os.mkdir(at("d2"))
                os.symlink(f.path, at("d2/here"))
                left_alone("the book through a folder that is a link", "d2/here/weal.db", "weal.db", "which is the book")
            left_alone("what is read", "d.csv", says="which is to be read")
            os.symlink("d.csv", at("in.csv"))
            left_alone("a link to what is read", "in.csv", "d.csv", "which is to be read")
            os.symlink("away.csv", at("dangling.csv"))
            left_alone("a link that leads nowhere", "dangling.csv", "away.csv")
            tried.that("nothing is made where the link leads", not os.path.exists(at("away.csv")))
            left_alone("a file of somebody's", f.write("letter.txt", "Dear Sir\n"), says="is not a rejects file")
            left_alone("a file of people", "p.csv", says="is not a rejects file")
            os.mkdir(at("folder"))
            left_alone("a folder", "folder", says="is not a rejects file")
            left_alone("another folder's file", "folder/../p.csv", "p.csv")
            done = run("r.csv")
            tried.that(f"{where} {dry}: a new rejects file is written, for its owner only", done.returncode in (0, 1) and bytes_of(at("r.csv")).startswith(HEAD.encode()) and
                       os.stat(at("r.csv")).st_mode & 0o777 == 0o600, done.stderr)
            done = f.weal("import", "entries", "--partial", *dry, "--rejects", "r.csv", f.write("e.csv", BAD.replace("1.00", "2.00")))
            tried.that(f"{where} {dry}: an earlier rejects file is replaced, and it says so", "earlier rejects file r.csv is replaced" in done.stderr, done.stderr)
            before = bytes_of(at("r.csv"))
            done = f.weal("import", "entries", "--partial", *dry, "--rejects", "r.csv", "r.csv")
            tried.that(f"{where} {dry}: the rejects file of an earlier run that is now read", done.returncode == 2 and "which is to be read" in done.stderr and bytes_of(at("r.csv")) == before, done.stderr)
            for name in os.listdir(f.path):
                tried.that(f"{where} {dry}: nothing else is left", not name.startswith(".weal"), name)
    with Folder(store) as f:
        f.write("d.csv", BAD)
        done = f.weal("import", "entries", "--partial", "--dry-run", "d.csv")
        tried.that(f"{where}: a dry run writes no file that nobody asked for", not os.path.exists(f.path + "/d.csv.rejects.csv"), done.stderr)
        f.write("d.csv.rejects.csv", "mine\n")
        done = f.weal("import", "entries", "--partial", "d.csv")
        tried.that(f"{where}: the file beside the first one is no rejects file", done.returncode == 2 and bytes_of(f.path + "/d.csv.rejects.csv") == b"mine\n", done.stderr)
        f.write("d.csv.rejects.csv", HEAD + "3,person,ZZ,unknown\n")
        f.write("d.csv", BAD.replace("ZZ", "B2"))
        done = f.weal("import", "entries", "--partial", "d.csv")
        tried.that(f"{where}: an earlier rejects file goes when no row is refused", done.returncode == 0 and "is removed" in done.stderr and not os.path.exists(f.path + "/d.csv.rejects.csv"), done.stderr)
        piped = f.weal("import", "entries", "--partial", "--again", "import:1", "--rejects", "/dev/stdout", f.write("x.csv", BAD.replace("A1", "C3")))
        piped = f.weal("import", "entries", "--partial", "--rejects", "/dev/stdout", "x.csv")
        tried.that(f"{where}: refused rows go to standard output when asked", piped.stdout.startswith(HEAD), piped.stdout + piped.stderr)


# ---- folders ----

def tree(folder):
    found = {}
    for where, folders, files in os.walk(folder):
        for name in files + folders:
            path = os.path.join(where, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isfile(path):
                found[path] = bytes_of(path)
    return found


def folders(store):
    where = "PostgreSQL" if store else "SQLite"
    with Folder(store) as f:
        def at(name):
            return os.path.join(f.path, name)

        keys = ["--keys", at("keys")]
        f.sound("import", "entries", "--quiet", f.write("e.csv", "date,person,category,amount\n2025-05-01,A1,income-tax,1.00\n"))
        f.sound("key", "new", "--quiet", *keys)
        f.sound("close", "2025-26", "--quiet")
        f.sound("head", "--quiet", *keys)
        verbs = {"statements --out": ["statements", "--year", "2025-26", "--format", "html", "--out"], "statements as JSON": ["statements", "--year", "2025-26", "--format", "json", "--out"],
                 "publish-log": ["publish-log"], "subject-export": ["subject-export", "A1"], "demo": ["demo", "--people", "200"]}
        os.mkdir(at("elsewhere"))
        os.symlink("elsewhere", at("away"))
        os.symlink("nowhere", at("dangling"))
        for what, verb in verbs.items():
            targets = {"a link to a folder": "away", "the same with a slash": "away/", "a link that leads nowhere": "dangling", "a file": "p.csv"}
            if not store:
                targets |= {"the book": "weal.db", **{f"a name that the book needs ({side})": "weal.db" + side for side in ("-wal", "-shm", "-journal", "-import", "-book")}}
            for name, target in targets.items():
                before = tree(f.path)
                done = f.weal(*verb, target)
                after = tree(f.path)
                tried.that(f"{where}: {what} into {name} is refused", done.returncode == 2 and "name another folder" in done.stderr, done.stderr)
                tried.that(f"{where}: {what} into {name}: everything is as it was", {p: v for p, v in before.items() if "weal.db" not in p} == {p: v for p, v in after.items() if "weal.db" not in p} and people(f) == 4)
        tried.that(f"{where}: nothing was made elsewhere", not os.listdir(at("elsewhere")) and not os.path.exists(at("nowhere")))

        def statements(out, format="html"):
            return f.weal("statements", "--year", "2025-26", "--format", format, "--out", out)

        for name in ("0001/holiday.jpg", "index.csv", "index.html", "0001", ".weal-statements", "0001/A1.html"):
            out = "s" + name.replace("/", "-")
            os.makedirs(os.path.dirname(at(out + "/" + name)), exist_ok=True)
            f.write(out + "/" + name, "mine\n")
            before = tree(at(out))
            done = statements(out)
            tried.that(f"{where}: statements over somebody's {name} are refused", done.returncode == 1 and name in done.stderr, done.stderr)
            tried.that(f"{where}: somebody's {name} is as it was", tree(at(out)) == before)
        f.write("sjson", "") if os.path.isdir(at("sjson")) else os.mkdir(at("sjson"))
        f.write("sjson/statements.jsonl", "mine\n")
        tried.that(f"{where}: statements.jsonl of somebody's", statements("sjson", "json").returncode == 1 and bytes_of(at("sjson/statements.jsonl")) == b"mine\n")
        os.mkdir(at("own"))
        f.write("own/notes.txt", "mine\n")
        tried.that(f"{where}: statements beside other files", statements("own").returncode == 0 and bytes_of(at("own/notes.txt")) == b"mine\n")
        first = tree(at("own"))
        done = statements("own")
        tried.that(f"{where}: an earlier run's are replaced, and it says so", done.returncode == 0 and "earlier run" in done.stdout and tree(at("own")).keys() == first.keys(), done.stderr + done.stdout)
        tried.that(f"{where}: in another format too", statements("own", "text").returncode == 0 and os.path.exists(at("own/0001/A1.txt")) and not os.path.exists(at("own/0001/A1.html")))
        f.write("own/0001/A1.html", "mine\n")
        done = statements("own", "text")
        tried.that(f"{where}: a name that an earlier run had and gave up is somebody's again", done.returncode == 1 and bytes_of(at("own/0001/A1.html")) == b"mine\n", done.stderr)
        os.unlink(at("own/0001/A1.html"))
        os.unlink(at("own/0001/A1.txt"))
        os.symlink("../../p.csv", at("own/0001/A1.txt"))
        tried.that(f"{where}: a link in the place of a statement is refused", statements("own", "text").returncode == 1 and bytes_of(at("p.csv")).startswith(b"id,name"))
        os.unlink(at("own/0001/A1.txt"))
        os.mkdir(at("own/0001/A1.txt"))
        tried.that(f"{where}: a folder in the place of a statement is refused", statements("own", "text").returncode == 1)
        if os.getuid() == 0:
            statements("theirs", "text")
            os.chown(at("theirs/.weal-statements"), 65534, 65534)
            tried.that(f"{where}: another user's list is not believed", statements("theirs", "text").returncode == 1)

        os.makedirs(at("log/heads"))
        for name in ("checkpoint", "heads/3", "tile/0/000.p/3", "tile/entries/000.p/3"):
            path = at("log-" + name.replace("/", "-"))
            os.makedirs(os.path.dirname(path + "/" + name))
            with open(path + "/" + name, "w") as out:
                out.write("mine\n")
            done = f.weal("publish-log", path)
            held = bytes_of(path + "/" + name) == b"mine\n"
            tried.that(f"{where}: publish-log over somebody's {name}", held and (done.returncode == 1 or not os.path.exists(path + "/nothing") and done.returncode == 0), done.stderr)
        tried.that(f"{where}: publish-log twice", f.weal("publish-log", "pub").returncode == 0 and f.weal("publish-log", "pub").returncode == 0)
        f.write("pub/checkpoint.new", "mine\n")
        f.sound("close", "2024-25", "--quiet")
        f.sound("head", "--quiet", *keys)
        done = f.weal("publish-log", "pub")
        tried.that(f"{where}: and again when the log has grown", done.returncode == 0 and bytes_of(at("pub/checkpoint.new")) == b"mine\n", done.stderr)
        tried.that(f"{where}: nothing is left of the work", not [name for name in os.listdir(at("pub")) if name.startswith(".weal")])

        os.makedirs(at("place/files"))
        f.write("place/files/people.csv", "mine\n")
        done = f.weal("demo", "place", "--people", "200")
        tried.that(f"{where}: the demonstration over somebody's files is refused", done.returncode == 1 and "files/people.csv" in done.stderr and bytes_of(at("place/files/people.csv")) == b"mine\n", done.stderr)
        os.makedirs(at("mine"))
        f.write("mine/letter.txt", "mine\n")
        done = f.weal("subject-export", "A1", "mine")
        tried.that(f"{where}: a copy goes into no folder that holds something", done.returncode == 1 and os.listdir(at("mine")) == ["letter.txt"], done.stderr)
        if not store:
            done = f.weal("--keys", "weal.db-wal", "key", "new")
            for side in ("", "-wal", "-journal", "-import"):
                done = f.weal("serve", "--listen", f"unix:weal.db{side}", timeout=60)
                tried.that(f"no socket has a name that the book needs ({side})", done.returncode == 2 and people(f) == 4, done.stderr)
            tried.that("a folder of keys has no name that the book needs", done.returncode == 2 and not os.path.exists(at("weal.db-wal")), done.stderr)


# ---- standard output ----

def standard_output():
    with Folder() as f:
        before = people(f)
        with open(os.path.join(f.path, "new.db"), "w") as out:
            done = subprocess.run([WEAL, "--store", "sqlite:new.db", "init", "--place", "N1,New"], cwd=f.path, stdout=out, stderr=subprocess.PIPE, text=True)
        tried.that("standard output into the new book is refused", done.returncode == 2, done.stderr)
        with open(os.path.join(f.path, "weal.db"), "r+") as out:
            done = subprocess.run([WEAL, "export", "people"], cwd=f.path, stdout=out, stderr=subprocess.PIPE, text=True)
        tried.that("standard output into the book is refused", done.returncode == 2 and people(f) == before, done.stderr)


# ---- what a portal writes ----

def portal_starts(f, *settings):
    f.write("c", "".join(line + "\n" for line in settings))
    process = subprocess.Popen([WEAL, "serve", "--quiet", "--listen", f"unix:{f.path}/s", "--config", "c"], cwd=f.path, env=dict(os.environ, HOME=f.path, WEAL_STORE=f.store), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    first = process.stdout.readline()
    if first.startswith("The portal"):
        process.terminate()
    return process.wait(timeout=60), first + process.stdout.read()


def portal_folder():
    with Folder() as f:
        at = lambda name: os.path.join(f.path, name)
        os.mkdir(at("wide"))
        os.chmod(at("wide"), 0o777)
        os.mkdir(at("good"), 0o700)
        os.symlink("good", at("away"))
        for name in ("weal.db", "weal.db-journal", "weal.db-wal", "weal.db-import", "c", "p.csv", "away", "away/", "wide"):
            code, said = portal_starts(f, f"letters = {at(name)}")
            tried.that(f"a portal whose letters are {name} does not start", code in (1, 2) and "letters" in said and not os.path.isdir(at("weal.db-journal")), (code, said))
        for key in ("metrics_listen",):
            code, said = portal_starts(f, f"{key} = unix:{at('weal.db-journal')}")
            tried.that(f"nor with a socket there by {key}", code == 2 and "a file of the book" in said and not os.path.lexists(at("weal.db-journal")), (code, said))
        tried.that("the book is as it was", people(f) == 4)
        code, said = portal_starts(f, f"letters = {at('new')}")
        tried.that("a folder that is not there is made, the portal's alone", code == 0 and os.stat(at("new")).st_mode & 0o777 == 0o700, (code, said))


def public_files():
    with Folder() as f:
        f.sound("import", "entries", "--quiet", f.write("e.csv", "date,person,category,amount\n2025-05-01,A1,income-tax,1.00\n"))
        keys = ["--keys", os.path.join(f.path, "keys")]
        f.sound("key", "new", "--quiet", *keys)
        f.sound("close", "2025-26", "--quiet")
        f.sound("head", "--quiet", *keys)
        for verb in (["publish"], ["publish-log"], ["demo", "--people", "200"]):
            out = verb[0] + ".d"
            done = f.weal(*verb, out, umask=0)
            modes = [(os.path.join(where, name), os.stat(os.path.join(where, name)).st_mode & 0o777) for where, folders, files in os.walk(f.path + "/" + out) for name in [".", *files]]
            tried.that(f"{verb[0]}: nobody else may write what it wrote, whatever the umask", done.returncode == 0 and len(modes) > 2 and not [m for m in modes if m[1] & 0o022], (done.stderr, modes[:5]))


# ---- what names a store ----

def urls():
    with Folder() as f:
        def store(url, verb=("init", "--place", "X1,Xham")):
            return f.weal("--store", url, *verb)

        there = sorted(os.listdir(f.path))
        for url in ("host=127.0.0.1 user=u password=SECRET dbname=w1", "sqlite3:z.db", "mysql://u:SECRET@127.0.0.1/w1", "weal.db", "./weal.db", "postgresql:w1", "postgres:SECRET",
                    "sqlite::memory:", "sqlite:file:x.db", "sqlite:FILE:x.db", "sqlite:file:y.db?mode=memory&pw=SECRET", "sqlite:", "sqlite:postgresql://u:SECRET@h/d", " sqlite:weal.db",
                    "http://u:SECRET@127.0.0.1/"):
            for verb in (("init", "--place", "X1,Xham"), ("export", "people"), ("balances",)):
                done = store(url, verb)
                tried.that(f"{url} {verb[0]}: refused", done.returncode == 2 and "sqlite:" in done.stderr, done.stderr)
                if "file:" not in url:
                    tried.that(f"{url} {verb[0]}: no password is printed", "SECRET" not in done.stderr + done.stdout, done.stderr)
        tried.that("nothing was made", sorted(os.listdir(f.path)) == there, os.listdir(f.path))
        tried.that("a scheme in any case", people(f) == f.weal("--store", "SQLite:weal.db", "export", "people").stdout.count("\n"))
        for name in (":memory:", "file:x.db"):
            done = store(f"sqlite:./{name}")
            tried.that(f"a file called {name} is a file", done.returncode == 0 and os.stat(os.path.join(f.path, name)).st_mode & 0o777 == 0o600, done.stderr)
        os.mkdir(f.path + "/other")
        os.symlink("other/far.db", f.path + "/near.db")
        tried.that("a book that is made where a link leads is its owner's only", store("sqlite:near.db").returncode == 0 and os.stat(f.path + "/other/far.db").st_mode & 0o777 == 0o600)
        os.close(os.open(f.path + "/empty.db", os.O_CREAT, 0o644))
        tried.that("so is one that is made in an empty file", store("sqlite:empty.db").returncode == 0 and os.stat(f.path + "/empty.db").st_mode & 0o777 == 0o600)
        import sqlite3
        with sqlite3.connect(f.path + "/wide.db") as wide:
            wide.execute("pragma encoding='UTF-16le'")
            wide.execute("create table t(x)")
            wide.execute("drop table t")
        done = store("sqlite:wide.db")
        tried.that("a file of UTF-16 is refused", done.returncode == 1 and "UTF-16" in done.stderr, done.stderr)


# ---- PostgreSQL: encoding, search_path, TLS ----

def psql(url, *commands):
    return subprocess.run(["psql", "-qXAt", url] + [word for c in commands for word in ("-c", c)], capture_output=True, text=True)


def other_database(url, name):
    head, _, tail = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + name + ("?" + tail if tail else "")


def encodings():
    with Folder() as f:
        for encoding, locale in (("LATIN1", "C"), ("SQL_ASCII", "C")):
            name = f"attack_{encoding.lower()}_{os.getpid()}"
            psql(POSTGRESQL, f"create database {name} encoding '{encoding}' template template0 locale '{locale}'")
            done = f.weal("--store", other_database(POSTGRESQL, name), "init", "--place", "X1,Xham")
            tried.that(f"a database of {encoding} is refused", done.returncode == 1 and "createdb --encoding UTF8 --template template0" in done.stderr, done.stderr)
            made = psql(other_database(POSTGRESQL, name), "select count(*) from pg_tables where schemaname = 'public'").stdout.strip()
            tried.that(f"nothing is made in it", made == "0", made)
            psql(POSTGRESQL, f"drop database {name} with (force)")


def search_path():
    name = f"attack_path_{os.getpid()}"
    psql(POSTGRESQL, f"create database {name} template template0")
    url = other_database(POSTGRESQL, name)
    with Folder() as f:
        def weal(*arguments, at=url):
            return f.weal("--store", at, *arguments)
        weal("init", "--place", "X1,Xham")
        weal("import", "people", "p.csv")
        sound = weal("export", "people").stdout
        tried.that("a book in public", sound.count("\n") == 4, sound)
        psql(url, "create schema weal", "create table weal.party (id bigint, name text)",
             "create function weal.substr(text, integer, integer) returns text language sql as $$ select 'planted' $$",
             "create function weal.current_schema() returns name language sql as $$ select 'weal'::name $$")
        done = weal("export", "people")
        tried.that("a schema planted before the book's is not used", done.returncode == 1 and "search_path" in done.stderr and not done.stdout, done.stdout + done.stderr)
        done = weal("init", "--place", "Y1,Yham")
        tried.that("and init makes no second book beside the first", done.returncode == 1 and "search_path" in done.stderr, done.stderr)
        named = url + ("&" if "?" in url else "?") + "options=-csearch_path%3Dpublic"
        tried.that("the schema that the URL names is", weal("export", "people", at=named).stdout == sound)
        both = url + ("&" if "?" in url else "?") + "options=-csearch_path%3Dpublic%2Cweal"
        psql(url, "create table weal.line (account bigint)", "create function weal.lower(text) returns text language sql as $$ select 'planted' $$")
        tried.that("a schema behind the book's adds nothing", weal("export", "people", at=both).stdout == sound)
        psql(url, "grant create on schema public to public")
        done = weal("export", "people", at=named)
        tried.that("a schema in which everybody may make things is said", done.returncode == 0 and "revoke create on schema public from public" in done.stderr, done.stderr)
        psql(url, "revoke create on schema public from public")
        tried.that("and not otherwise", not weal("export", "people", at=named).stderr)
        odd = 'a "book", of; ours'
        psql(url, 'create schema "a ""book"", of; ours"')
        import urllib.parse
        quoted = urllib.parse.quote('-csearch_path="a\\ ""book"",\\ of;\\ ours"', safe="")
        at = url + ("&" if "?" in url else "?") + "options=" + quoted
        done = weal("init", "--place", "Z1,Zham", at=at)
        tried.that("a schema with an odd name", done.returncode == 0 and weal("export", "places", at=at).stdout.count("Zham") == 1, done.stderr)
    psql(POSTGRESQL, f"drop database {name} with (force)")


def passwords():
    with Folder() as f:
        for url in ("postgresql://u:SECRET%zz@127.0.0.1:1/w1", "postgresql://u:SEC/RET@127.0.0.1:1/w1", "postgresql://u:12/SECRET@127.0.0.1:1/w1", "postgresql://u:12?SECRET@127.0.0.1:1/w1",
                    "postgresql://u:x@SECRET@127.0.0.1:1/w1", "POSTGRESQL://u:SECRET@127.0.0.1:1/w1", "postgresql://u:SECRET@127.0.0.1:1/w1?sslmod=SECRET", "postgresql://u:SECRET@127.0.0.1:1/SECRET",
                    "postgresql://u:SECRET@127.0.0.1:port/w1", "postgresql://127.0.0.1:1/w1?password=SECRET&x=1", "postgresql://u:SECRET@127.0.0.1:1/w1?sslmode=SECRET"):
            for verb in (("init", "--place", "X1,Xham"), ("export", "people"), ("serve", "--listen", "127.0.0.1:0")):
                done = f.weal("--store", url, *verb)
                told = done.stderr + done.stdout
                tried.that(f"{url} {verb[0]}: no password is printed", done.returncode in (2, 3) and not any(part in told for part in ("SECRET", "SEC", "RET")), told)
        done = f.weal("--store", "postgresql://u@127.0.0.1:1/w1", "export", "people", env={"PGPASSWORD": "refused"})
        tried.that("nor one of the environment that the server's words hold", "refused" not in done.stderr.lower(), done.stderr)


def process_list():
    with Folder(POSTGRESQL) as f:
        for url in (f.store.replace("://weal@", "://weal:SECRET@"), f.store + "&password=SECRET&connect_timeout=9"):
            with subprocess.Popen([WEAL, "--store", url, "serve", "--listen", f"unix:{f.path}/socket"], cwd=f.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ, HOME=f.path)) as process:
                said = process.stdout.readline()
                listed = bytes_of(f"/proc/{process.pid}/cmdline")
                process.terminate()
                told = said + process.stdout.read() + process.stderr.read()
            tried.that("the list of processes shows no password of a store", "portal listens" in said and b"--store" in listed and b"SECRET" not in listed and "SECRET" not in told, (said, listed, told))


def server(address, certificate):
    """A stranger who answers for the database: without TLS, or with a certificate that nobody signed. It keeps what it hears."""
    listening = socket.create_server((address, 0))
    heard = []

    def run():
        while True:
            try:
                at, _ = listening.accept()
            except OSError:
                return
            with at:
                at.settimeout(5)
                try:
                    heard.append(at.recv(8))
                    at.sendall(b"S" if certificate else b"N")
                    if certificate:
                        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                        context.load_cert_chain(certificate)
                        at = context.wrap_socket(at, server_side=True)
                    heard.append(at.recv(1000))
                except (OSError, ssl.SSLError):
                    pass
    threading.Thread(target=run, daemon=True).start()
    return listening, heard


def tls():
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            address = probe.getsockname()[0]
    except OSError:
        address = "127.0.0.1"
    if address.startswith("127."):
        return tried.skip("TLS: this machine has no address but loopback")
    with Folder() as f:
        certificate = os.path.join(f.path, "pair.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=db", "-addext", f"subjectAltName=IP:{address}",
                        "-keyout", certificate, "-out", certificate + ".crt"], check=True, capture_output=True)
        with open(certificate, "ab") as pair:
            pair.write(bytes_of(certificate + ".crt"))
        for what, file in (("without TLS", None), ("with a certificate that nobody signed", certificate)):
            listening, heard = server(address, file)
            url = f"postgresql://u:SECRET@{address}:{listening.getsockname()[1]}/w"
            done = f.weal("--store", url, "export", "people", timeout=60)
            tried.that(f"a stranger {what} is told nothing", done.returncode == 3 and not any(b"user" in bytes for bytes in heard), (done.stderr, heard))
            tried.that(f"and how to mend it is said", "sslrootcert=FILE" in done.stderr, done.stderr)
            f.weal("--store", url + "?sslmode=disable" if not file else url + f"?sslrootcert={certificate}.crt", "export", "people", timeout=60)
            tried.that(f"what the operator says is done ({what})", any(b"user" in bytes for bytes in heard), heard)
            listening.close()


if __name__ == "__main__":
    tls()
    passwords()
    rejects(None)
    folders(None)
    if POSTGRESQL:
        rejects(POSTGRESQL)
        folders(POSTGRESQL)
        encodings()
        search_path()
        process_list()
    else:
        tried.skip("PostgreSQL: no server")
    standard_output()
    portal_folder()
    public_files()
    urls()
    tried.end()
