"""The statements of SQL in the C sources, and the tables that the schema has: both script/check-sql and script/check-tables use it."""
import glob
import os
import re

BEGINS = re.compile(r"\s*(select\s|insert (or \w+ )?into\s|update \w+ set\s|update %|delete from\s|truncate\s|with (recursive )?\w+ (\([^)]*\) )?as\s*\()")
SETS = ("union", "intersect", "except")
FROM_ENDS = ("where", "group", "order", "limit", "having", "offset", "for", "returning", "window", "on", "set") + SETS
NO_ALIAS = FROM_ENDS + ("join", "left", "right", "inner", "cross", "full", "natural", "using", "values", "select", "default", "as")


class Fault(Exception):
    """A statement that a cluster would refuse."""


# ---- the schema: the columns of tables, and how they are distributed ----

class Table:
    def __init__(self, name, columns):
        self.name, self.columns, self.keys = name, columns, []
        self.types = {}  # column: its type and what it must keep, as the schema says
        self.kind = self.spread_by = self.group = None  # kind: copied, spread, coordinator


def for_postgresql(sql):
    """The statement as store_translate makes it."""
    return re.sub(r"\{postgresql: ?([^}]*)\}", r"\1", re.sub(r"\{sqlite:[^}]*\}", "", sql))


def split_list(text):
    """At its commas outside parentheses."""
    parts, depth = [""], 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [p.strip() for p in parts]


def names_in(text):
    return [n.strip() for n in text.split(",")]


def add_column(table, column, declared):
    table.columns.append(column)
    table.types[column] = declared.strip()


def read_create(tables, name, body):
    table = tables[name] = Table(name, [])
    for part in split_list(body):
        key = re.match(r"(?:primary key|unique)\s*\(([^)]*)\)", part)
        if key:
            table.keys.append(names_in(key.group(1)))
            continue
        column = part.split()[0]
        add_column(table, column, part[len(column):])
        if re.search(r"\b(primary key|unique)\b", part):
            table.keys.append([column])


def read_schema(schema):
    tables = {}
    for path in sorted(glob.glob(os.path.join(schema, "[0-9]*.sql"))):
        sql = re.sub(r"--[^\n]*", "", for_postgresql(open(path, encoding="utf-8").read()))
        for statement in sql.split(";"):
            s = " ".join(statement.split())
            if m := re.match(r"create table (\w+) \((.*)\)$", s):
                read_create(tables, m.group(1), m.group(2))
            elif m := re.match(r"alter table (\w+) add column (\w+)(.*)", s):
                add_column(tables[m.group(1)], m.group(2), m.group(3))
            elif m := re.match(r"alter table (\w+) drop column (\w+)", s):
                tables[m.group(1)].columns.remove(m.group(2))
            elif m := re.match(r"alter table (\w+) rename to (\w+)", s):
                table = tables[m.group(2)] = tables.pop(m.group(1))
                table.name = m.group(2)
            elif m := re.match(r"create view (\w+) as select (\w+)\.\* from (\w+) (\w+)\b", s):
                if m.group(2) == m.group(4):
                    tables[m.group(1)] = tables[m.group(3)]  # its rows, some of them
            elif m := re.match(r"drop table (\w+)", s):
                del tables[m.group(1)]
            elif m := re.match(r"create unique index \w+ on (\w+) \(([^)]*)\)", s):
                tables[m.group(1)].keys.append(names_in(m.group(2)))
    return tables


# ---- the sources: every text that is a statement ----

C_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|\w+|[^\s\w]', re.S)


def c_tokens(text):
    """(token, line); comments left out."""
    line, at, out = 1, 0, []
    for m in C_TOKEN.finditer(text):
        line += text.count("\n", at, m.start())
        at = m.start()
        if not m.group(0).startswith(("/*", "//")):
            out.append((m.group(0), line))
    return out


def literal(token):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), token[1:-1])


def read_macros(paths):
    """name: (parameters or None, tokens) of every macro that holds a text."""
    macros = {}
    for path in paths:
        text = open(path, encoding="utf-8").read().replace("\\\n", " ")
        for m in re.finditer(r'^#define (\w+)(\([\w, ]*\))?[ \t]+([^\n]*"[^\n]*)$', text, re.M):
            macros[m.group(1)] = (names_in(m.group(2)[1:-1]) if m.group(2) else None, [t for t, _ in c_tokens(m.group(3))])
    return macros


def arguments(tokens, at):
    """The arguments of a macro's call whose parenthesis stands at `at`, and where it ends."""
    depth, out = 0, [[]]
    for i in range(at, len(tokens)):
        t = tokens[i]
        depth += (t == "(") - (t == ")")
        if depth == 0:
            return out, i + 1
        if t == "," and depth == 1:
            out.append([])
        elif i > at:
            out[-1].append(t)
    return out, len(tokens)


def joined_text(tokens, at, macros):
    """The text that begins at `at`, of literals and macros next to each other, and where it ends; None where none begins."""
    text, i = None, at
    while i < len(tokens):
        t = tokens[i]
        if t.startswith('"'):
            text, i = (text or "") + literal(t), i + 1
        elif t in macros and (macros[t][0] is None or (i + 1 < len(tokens) and tokens[i + 1] == "(")):
            parameters, body = macros[t]
            i += 1
            if parameters is not None:
                given, i = arguments(tokens, i)
                body = [x for b in body for x in (given[parameters.index(b)] if b in parameters and parameters.index(b) < len(given) else [b])]
            inner, _ = joined_text(body, 0, macros)
            if inner is None:
                return text, i
            text = (text or "") + inner
        elif t.startswith("PRI") and text is not None:
            text, i = text + "%s", i + 1
        else:
            break
    return text, i


def statements_of(path, macros):
    """(line, text) of every text of the file that begins as a statement does."""
    text = open(path, encoding="utf-8").read()
    text = re.sub(r"^#define (?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.M)  # macros are read where they are used
    pairs = c_tokens(text)
    tokens, i = [t for t, _ in pairs], 0
    while i < len(tokens):
        text, end = joined_text(tokens, i, macros)
        if text is not None:
            for part in for_postgresql(text).split(";"):
                if BEGINS.match(part):
                    yield pairs[i][1], part.strip()
        i = max(end, i + 1)


def appends_of(path):
    """(line, table) of every append_begin: rows in bulk, without a statement."""
    pairs = c_tokens(open(path, encoding="utf-8").read())
    for i, (token, line) in enumerate(pairs):
        if token == "append_begin":
            called, _ = arguments([t for t, _ in pairs[i + 1:i + 40]], 0)
            if len(called) > 2 and called[2][0].startswith('"'):
                yield line, literal(called[2][0])


# ---- SQL ----

SQL_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\?\d+|\$\d+|::\w+(?:\[\])?|\w+|<>|<=|>=|<@|\|\||%\w+|[^\s\w]")


class Block:
    """One select, update, insert or delete, with those inside it."""

    def __init__(self, parent, negated=False):
        self.parent, self.negated = parent, negated
        self.tables = {}   # alias: (name, id)
        self.derived = {}  # alias: [block]
        self.items = []    # tokens of each column given
        self.children = []

    def find(self, tables, qualifier, column):
        """The source of a column's value: a node of the equalities."""
        block = self
        while block:
            if qualifier in block.derived or (not qualifier and block.derived):
                for alias in [qualifier] if qualifier else block.derived:
                    for inner in block.derived[alias]:
                        node = inner.given(tables, column)
                        if node:
                            return node
            for alias, (name, number) in block.tables.items():
                if qualifier == alias or (not qualifier and name in tables and column in tables[name].columns):
                    return (number, column)
            block = block.parent
        return None

    def given(self, tables, column):
        for item in self.items:
            if item and item[-1] == column:
                plain = [t for t in item if t not in ("as", "distinct")]
                if len(plain) == 1:
                    return self.find(tables, None, plain[0])
                if len(plain) >= 3 and plain[1] == ".":
                    return self.find(tables, plain[0], plain[2])
        return None


class Statement:
    def __init__(self, text, tables):
        self.all, self.text = tables, text
        self.tokens = [t.lower() if not t.startswith("'") else t for t in SQL_TOKEN.findall(text)]
        self.number = 0
        self.same = {}    # equalities, as a forest
        self.tops = []    # parts of a union at the top, each checked by itself
        self.named = []   # (table, id, block)
        self.ctes = {}

    # -- equalities --
    def root(self, node):
        while self.same.get(node, node) != node:
            node = self.same[node]
        return node

    def join(self, a, b):
        if a and b:
            self.same[self.root(a)] = self.root(b)

    # -- reading --
    def close(self, at):
        depth = 0
        for i in range(at, len(self.tokens)):
            depth += (self.tokens[i] == "(") - (self.tokens[i] == ")")
            if depth == 0:
                return i
        return len(self.tokens)

    def is_query(self, at):
        return self.tokens[at:at + 1] == ["("] and at + 1 < len(self.tokens) and self.tokens[at + 1] in ("select", "with", "values")

    def branches(self, start, end):
        """(from, to) of each part of a union at this depth."""
        depth, begin, out = 0, start, []
        for i in range(start, end):
            t = self.tokens[i]
            depth += (t == "(") - (t == ")")
            if depth == 0 and t in SETS:
                out.append((begin, i))
                begin = i + 2 if self.tokens[i + 1] == "all" else i + 1
        return out + [(begin, end)]

    def query(self, start, end, parent, negated=False):
        blocks = []
        for a, b in self.branches(start, end):
            block = Block(parent, negated)
            blocks.append(block)
            self.block(a, b, block)
        if parent:
            parent.children += blocks
        else:
            self.tops += blocks
        return blocks

    def add_table(self, block, name, alias):
        if name in self.ctes:
            block.derived[alias] = self.ctes[name]
            return
        self.number += 1
        block.tables[alias] = (name, self.number)
        self.named.append((name, self.number, block))

    def take_alias(self, at, end, name):
        if at < end and self.tokens[at] == "as":
            return self.tokens[at + 1], at + 2
        if at < end and re.match(r"[a-z_]\w*$", self.tokens[at]) and self.tokens[at] not in NO_ALIAS:
            return self.tokens[at], at + 1
        return name, at

    def take_source(self, at, end, block):
        """One table, query or function behind from, join, a comma, into or update; where it ends."""
        t = self.tokens[at] if at < end else ""
        if t == "lateral":
            return self.take_source(at + 1, end, block)
        if t == "(":
            close = self.close(at)
            if not self.is_query(at):
                self.sources(at + 1, close, block)
                return close + 1
            inner = self.query(at + 1, close, block)
            alias, at = self.take_alias(close + 1, end, None)
            if alias:
                block.derived[alias] = inner
            return at
        if not re.match(r"[a-z_]\w*$", t):
            raise Fault("a table is put in at run time, so nobody can say where it lies")
        if at + 1 < end and self.tokens[at + 1] == "(" and not self.after_into(at):
            close = self.close(at + 1)
            self.expression(at + 2, close, block)
            return self.take_alias(close + 1, end, None)[1]
        alias, after = self.take_alias(at + 1, end, t)
        self.add_table(block, t, alias)
        return after

    def after_into(self, at):
        return at > 0 and self.tokens[at - 1] in ("into", "update")

    def sources(self, at, end, block):
        """A from clause, up to its end."""
        at = self.take_source(at, end, block)
        while at < end and self.tokens[at] not in ("where", "group", "order", "limit", "having", "offset", "for", "returning", "set"):
            if self.tokens[at] in (",", "join"):
                at = self.take_source(at + 1, end, block)
            elif self.tokens[at] == "on":
                stop = self.clause_end(at + 1, end, ("join", "left", "right", "inner", "cross", "full", "where", "group", "order", "limit", "having", "for", ","))
                self.pending.append((at + 1, stop, block))
                at = stop
            elif self.tokens[at] == "using":
                raise Fault("write `on a.x = b.x` for `using (x)`, which this check does not read")
            else:
                at += 1
        return at

    def clause_end(self, at, end, words):
        depth = 0
        for i in range(at, end):
            t = self.tokens[i]
            depth += (t == "(") - (t == ")")
            if depth == 0 and t in words:
                return i
        return end

    pending = None

    def block(self, start, end, block):
        outer, self.pending = self.pending, []
        at = start
        while at < end and self.tokens[at] == "with":
            at = self.with_clause(at + 1, end, block)
        verb = self.tokens[at] if at < end else ""
        if verb == "(" and self.is_query(at):
            block.derived["()"] = self.query(at + 1, self.close(at), block)
            at = self.close(at) + 1
        elif verb == "select":
            stop = self.clause_end(at + 1, end, ("from", "where", "group", "order", "limit", "having", "for"))
            block.items = self.items(at + 1, stop)
            self.pending.append((at + 1, stop, block))
            at = self.sources(stop + 1, end, block) if stop < end and self.tokens[stop] == "from" else stop
        elif verb in ("insert", "update", "delete", "truncate"):
            at = self.change(verb, at, end, block)
        where = self.clause_end(at, end, ("where",))
        self.pending += [(at, where, block), (where + 1, end, block)]
        for a, b, of in self.pending:
            self.condition(a, b, of)
        self.pending = outer

    def items(self, at, end):
        out, depth = [[]], 0
        for t in self.tokens[at:end]:
            depth += (t == "(") - (t == ")")
            if t == "," and depth == 0:
                out.append([])
            else:
                out[-1].append(t)
        return out

    def with_clause(self, at, end, block):
        if self.tokens[at] == "recursive":
            block.recursive = True
            at += 1
        while True:
            name, at = self.tokens[at], at + 1
            if self.tokens[at] == "(":
                at = self.close(at) + 1
            while self.tokens[at] != "(":
                at += 1
            self.ctes[name] = []  # a recursive one names itself
            self.ctes[name] += self.query(at + 1, self.close(at), block)
            at = self.close(at) + 1
            if at >= end or self.tokens[at] != ",":
                return at
            at += 1

    def change(self, verb, at, end, block):
        """The table that is changed, kept in block.target."""
        words = {"insert": "into", "delete": "from", "update": "update", "truncate": "truncate"}
        at = self.clause_end(at, end, (words[verb],)) + 1
        if at < end and self.tokens[at] == "only":
            at += 1
        name = self.tokens[at]
        self.take_source(at, end, block)
        block.target = (name, self.number)
        block.verb = verb
        at += 1
        if verb == "insert":
            if self.tokens[at:at + 1] == ["("] and not self.is_query(at):
                block.columns = [t for t in self.tokens[at + 1:self.close(at)] if t != ","]
                at = self.close(at) + 1
            if at < end and self.tokens[at] in ("select", "with"):
                stop = self.clause_end(at, end, ("on", "returning")) if " on conflict " in self.text else self.clause_end(at, end, ("returning",))
                self.query(at, stop, block)
                at = stop
        if verb == "update":
            where = self.clause_end(at, end, ("from", "where", "returning"))
            block.set = self.assigned(self.clause_end(at, end, ("set",)) + 1, where)
            if where < end and self.tokens[where] == "from":
                where = self.sources(where + 1, end, block)
            self.pending.append((at, self.clause_end(at, end, ("from", "where", "returning")), block))
            at = where
        if "conflict" in self.tokens[at:end]:
            c = self.tokens.index("conflict", at)
            block.conflict = [t for t in self.tokens[c + 2:self.close(c + 1)] if t != ","] if self.tokens[c + 1:c + 2] == ["("] else None
            if "set" in self.tokens[c:end]:
                block.set = self.assigned(self.tokens.index("set", c) + 1, end)
        if verb == "delete" and self.tokens[at:at + 1] == ["using"]:
            at = self.sources(at + 1, end, block)
        return at

    def assigned(self, at, end):
        out, depth, fresh = [], 0, True
        for t in self.tokens[at:end]:
            depth += (t == "(") - (t == ")")
            if fresh and depth == 0:
                out.append(t)
            fresh = t == "," and depth == 0
        return out

    def operand(self, at, end, block):
        """The column or parameter at `at`, and where it ends."""
        t = self.tokens[at] if at < end else ""
        if re.match(r"[?$]\d", t):
            after = at + 1
            while after < end and self.tokens[after].startswith("::"):
                after += 1
            return ("?", t), after
        if re.match(r"\d+$", t) or t.startswith("'"):
            return ("value", t), at + 1
        if re.match(r"[a-z_]\w*$", t):
            if at + 2 < end and self.tokens[at + 1] == ".":
                return block.find(self.all, t, self.tokens[at + 2]), at + 3
            return block.find(self.all, None, t), at + 1
        return None, at + 1

    def condition(self, at, end, block, counts=True):
        """Queries inside, and the equalities that always hold: none beside an `or`, none within not or case."""
        counts = counts and self.clause_end(at, end, ("or", "case")) == end
        i = at
        while i < end:
            t = self.tokens[i]
            if t == "(":
                close = self.close(i)
                before = self.tokens[i - 1] if i > at else ""
                negated = self.tokens[i - 2:i - 1] == ["not"] or before == "not"
                if self.is_query(i):
                    inner = self.query(i + 1, close, block, negated)
                    if before == "in" and counts and not negated:
                        self.join(self.left_of(i - 1, at, block), self.only_item(inner))
                else:
                    self.condition(i + 1, close, block, counts and before != "not" and not re.match(r"[a-z_]\w*$", before or "(") or (counts and before in ("where", "and", "on")))
                i = close + 1
                continue
            if t == "=" and counts:
                right, after = self.operand(i + 1, end, block)
                follows = self.tokens[after] if after < end else ""
                if follows not in ("+", "-", "*", "/", "||", "("):
                    self.join(self.left_of(i, at, block), right)
            i += 1

    def left_of(self, at, start, block):
        if at - 3 >= start and self.tokens[at - 2] == ".":
            return block.find(self.all, self.tokens[at - 3], self.tokens[at - 1])
        before = self.tokens[at - 2] if at - 2 >= start else ""
        if at - 1 < start or before in ("+", "-", "*", "/", "||", "not"):
            return None
        return self.operand(at - 1, at, block)[0]

    def only_item(self, blocks):
        if len(blocks) != 1 or len(blocks[0].items) != 1:
            return None
        item = [t for t in blocks[0].items[0] if t != "distinct"]
        if len(item) == 1:
            return blocks[0].find(self.all, None, item[0])
        return blocks[0].find(self.all, item[0], item[2]) if len(item) == 3 and item[1] == "." else None

    def expression(self, at, end, block):
        self.condition(at, end, block, False)
