#!/usr/bin/env python3
"""What public take-up gives away: random trees of places, two benefits and two years, attacked by integer programming with all that a reader knows.

    tests/attack/attack_takeup.py                 under a minute
    tests/attack/attack_takeup.py FIRST COUNT     these random trees only

A reader knows each shown figure to within two households (one that was shown as well the year before, to within four), that places add up to the place above, that who receives it and who misses it are those entitled, and that whoever seems entitled to the
second benefit receives the first. Of a hidden figure of fewer than ten they must not learn that it is not one, nor that it is not nine; of one of ten and more it stays open by eight; of a hidden nought nothing. That nobody receives it, and so all miss it, is
never told, nor an amount of what is hidden. Where one household differs between two years, no figure moves, and nothing tells that anything changed, but for a nought that begins or ends."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import ROOT, Tried
from attack_figures import FEWEST, PEOPLE_UNIT, Programme, window

GRIDS = os.path.join(ROOT, "build", "tests", "takeup_grids")
RECEIVING, MISSING, ENTITLED, UNSAID, PENCE = range(5)
BENEFITS = 2


class Tree:
    """Cells are (benefit, column, state). `true` and `known` of each year; known None: hidden, "rest": in no table."""

    def __init__(self, text):
        told = json.loads(text)
        self.number, self.one_differs = told["number"], told["one_differs"]
        self.parent = [p for _, p in told["columns"]]
        self.places = sum(code is not None for code, _ in told["columns"])
        self.children = {c: [k for k in range(len(self.parent)) if self.parent[k] == c] for c in range(len(self.parent))}
        self.years = [self.read(year) for year in told["years"]]
        self.pence = [{(b, c): s[PENCE] for b, one in enumerate(year) for c, s in enumerate(one["shown"])} for year in told["years"]]

    def read(self, year):
        true, known = {}, {}
        for b, one in enumerate(year):
            for c in range(len(self.parent)):
                for i in range(4):
                    true[b, c, i] = 0
            for c, here in enumerate(one["here"]):
                rest = [k for k in self.children[c] if k >= self.places]
                at = rest[0] if rest else c
                while at >= 0:
                    for i in range(4):
                        true[b, at, i] += here[i]
                    at = self.parent[at]
            for c in range(len(self.parent)):
                for i in range(4):
                    known[b, c, i] = one["shown"][c][i] if c < self.places else "rest"
        return true, known

    def world(self, p, year, prefix):
        """The variables and constraints of one state of things that looks as this year does, after the one before."""
        true, known = self.years[year]
        name = {cell: f"{prefix}{n}" for n, cell in enumerate(true)}
        for cell, shown in known.items():
            low, high = 0, 10**6
            if shown not in (None, "rest"):
                low, high = window(shown, PEOPLE_UNIT) if shown else (0, 0)
                if year and shown and self.years[0][1][cell] == shown:
                    low, high = shown - PEOPLE_UNIT + 1, shown + PEOPLE_UNIT - 1
                low = max(low, FEWEST) if shown else 0
            if shown is None and cell[2] in (ENTITLED, UNSAID):
                low = 1
            p.bound(low, name[cell], high)
            p.whole.append(name[cell])
        for b in range(BENEFITS):
            for c in self.children:
                p.row([(name[b, c, RECEIVING], 1), (name[b, c, MISSING], 1), (name[b, c, ENTITLED], -1)], "=", 0)
                for i in range(4):
                    if self.children[c]:
                        p.row([(name[b, c, i], -1)] + [(name[b, k, i], 1) for k in self.children[c]], "=", 0)
        for c in self.children:
            p.row([(name[1, c, ENTITLED], 1), (name[0, c, RECEIVING], -1)], "<=", 0)
        return name

    def may_be(self, year, cell, sense, n):
        p = Programme()
        name = self.world(p, year, "x")
        p.row([(name[cell], 1)], sense, n)
        return p.feasible()

    def least(self, year, cell):
        """Of several places together as many as have somebody; who receives the first benefit are at least those of whom something is told of the second."""
        b, c, i = cell
        true = self.years[year][0]
        lowest = [k for k in range(len(self.parent)) if not self.children[k] and self.within(k, c)]
        of_second = 0 if b or i not in (RECEIVING, ENTITLED) else sum(true[1, k, s] > 0 for k in lowest for s in (RECEIVING, MISSING))
        return max(1, sum(true[b, k, i] > 0 for k in lowest), of_second)

    def within(self, c, upper):
        while c >= 0:
            if c == upper:
                return True
            c = self.parent[c]
        return False

    def spread(self, year, cell):
        p = Programme()
        a, b = self.world(p, year, "x"), self.world(p, year, "y")
        p.row([(a[cell], 1), (b[cell], -1)], ">=", FEWEST - 2)
        return p.feasible()

    def narrow(self, year):
        """The cells of which a reader learns too much."""
        true, known = self.years[year]
        for cell, n in true.items():
            b, c, i = cell
            if known[cell] is None and n == 0:
                if not self.may_be(year, cell, ">=", 1) and any(known[b, 0, k] != 0 and k == i for k in (RECEIVING, MISSING)):
                    yield cell, "a hidden nought is known"
            elif known[cell] is None and n < FEWEST:
                if not self.may_be(year, cell, "<=", self.least(year, cell)) or not self.may_be(year, cell, ">=", FEWEST - 1):
                    yield cell, n
            elif known[cell] is None:
                if not self.spread(year, cell):
                    yield cell, n
            elif known[cell] != "rest" and 0 < n < FEWEST:
                yield cell, "a small figure is shown"
        for (b, c), pence in self.pence[year].items():
            if true[b, c, RECEIVING] == 0 and true[b, c, MISSING] and (known[b, c, RECEIVING] == 0 or known[b, c, MISSING] is not None):
                yield (b, c), "that nobody receives it is told"
            if known[b, c, MISSING] is None and pence is not None:
                yield (b, c), "an amount of a hidden figure is told"

    def moved(self):
        """Figures that differ between two years between which one household differs."""
        (_, first), (_, second) = self.years
        return [cell for cell in first if None not in (first[cell], second[cell]) and first[cell] != second[cell]]

    def same(self):
        """Whether nothing at all may have changed. A nought that is shown in one year and not in the other tells that there is somebody, not how many."""
        p = Programme()
        first, second = self.world(p, 0, "x"), self.world(p, 1, "y")
        noughts = [(b, c, i) for b, c, i in first if 0 in (pair := [known[b, c, i] for _, known in self.years]) and pair != [0, 0]]
        for cell in first:
            if any((b, i) == (cell[0], cell[2]) and self.within(c, cell[1]) for b, c, i in noughts):
                continue
            p.row([(first[cell], 1), (second[cell], -1)], "=", 0)
        return p.feasible()


def main():
    first, count = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (1, 12)
    tried = Tried()
    done = subprocess.run([GRIDS, str(first), str(count)], capture_output=True, text=True)
    tried.that("random trees are made", done.returncode == 0, done.stderr)
    cells = hidden = 0
    for line in done.stdout.splitlines():
        tree = Tree(line)
        for year, (true, known) in enumerate(tree.years):
            narrow = list(tree.narrow(year))
            tried.that(f"tree {tree.number}, year {year + 1}: nothing hidden is known", not narrow, narrow)
            cells += sum(1 for cell, n in true.items() if n and known[cell] != "rest")
            hidden += sum(1 for cell, n in true.items() if n and known[cell] is None)
        for where in range(len(tree.years)):
            amounts = {}
            for at, pence in tree.pence[where].items():
                amounts.setdefault((at[0], tree.years[where][1][(*at, MISSING)]), set()).add(pence)
            tried.that(f"tree {tree.number}, year {where + 1}: an amount follows from the households that are shown", all(len(a) == 1 for a in amounts.values()), amounts)
        if tree.one_differs:
            tried.that(f"tree {tree.number}: one household moves no figure", not tree.moved(), tree.moved())
            tried.that(f"tree {tree.number}: nothing tells that one household changed", tree.same() is not False)
    print(f"take-up: {cells} figures, {100 * hidden / max(cells, 1):.1f} % are hidden")
    tried.end()


if __name__ == "__main__":
    main()
