"""The same two taxes in NumPy over the same columns: rules_by_numpy.py FOLDER. Prints seconds, and how far it is from ours at most."""
import sys
import time

import numpy as np

SCOTLAND = 11
TURNS = 3


def read(name, kind="f8"):
    return np.fromfile(f"{sys.argv[1]}/{name}", dtype=kind)


def in_bands(start, to, basic, higher, additional):
    return (np.maximum(0, np.minimum(to, 37700) - start) * basic
            + np.maximum(0, np.minimum(to, 125140) - np.maximum(start, 37700)) * higher
            + np.maximum(0, to - np.maximum(start, 125140)) * additional)


def in_scottish_bands(to):
    starts, rates = [0, 2827, 14921, 31092, 62430, 125140], [0.19, 0.20, 0.21, 0.42, 0.45, 0.48]
    return sum(np.maximum(0, to - s) * (r - b) for s, r, b in zip(starts, rates, [0] + rates))


def taxes(c):
    families = c["is_married"].size
    count = lambda x: np.bincount(c["family"], weights=x, minlength=families)
    scottish = (c["region"] == SCOTLAND)[c["household"]]
    profits = np.maximum(0, c["self_employment_income"] - 1000)
    rent = np.maximum(0, c["property_income"] - 1000)
    interest, dividends, pay, age = c["savings_interest_income"], c["dividend_income"], c["employment_income"], c["age"]
    paid_in = c["employee_pension_contributions"]
    net = pay + profits + c["private_pension_income"] + c["state_pension"] + rent + interest + dividends - np.minimum(paid_in, pay)
    allowance = np.ceil(np.maximum(0, 12570 - 0.5 * np.maximum(0, net - 100000)))
    taxable = net - allowance
    band = np.select([taxable <= 0, taxable <= 37700, taxable <= 125140], [0, 1, 2], 3)
    adult = age >= 18
    ordinary = (band < 2) & ~(scottish & (taxable - interest - dividends > 31092))

    # families: who has most, who gives, who is old
    order = np.lexsort((-net, ~adult, c["family"]))
    highest = np.zeros(net.size, bool)
    highest[order[np.r_[True, c["family"][order][1:] != c["family"][order][:-1]]]] = True
    highest &= adult
    married = c["is_married"] != 0
    old = married & (count(adult & (2025 - age <= 1935)) > 0)
    unused = adult & (net < allowance)
    gives = married & ~old & (count(adult) == 2) & (count(unused) == 1) & (count(adult & ~ordinary) == 0)
    given = np.where(gives[c["family"]] & unused, 1260, 0)
    received = gives[c["family"]] & adult & ~unused
    children = count(age < 16)
    child_benefit = np.where((children > 0) & (c["child_benefit_opts_out"] == 0), 52 * (26.05 + 17.25 * (children - 1)), 0)[c["family"]]

    # each kind of income on top of those before
    left = allowance - given
    other = net - interest - dividends - rent
    used = np.maximum(0, np.minimum(other, left))
    earned, left = np.maximum(0, other - used), left - used
    used = np.maximum(0, np.minimum(rent, left))
    earned_and_rent, left = earned + rent - used, left - used
    used = np.maximum(0, np.minimum(interest, left))
    interest, left = interest - used, left - used
    dividends = dividends - np.maximum(0, np.minimum(dividends, left))
    starter = np.maximum(0, np.minimum(np.minimum(interest, 37700 - earned_and_rent), 5000 - earned_and_rent))
    free = np.select([band == 3, band == 2], [0, 500], 1000)
    first = earned_and_rent + starter + np.minimum(free, interest - starter)
    top = earned_and_rent + interest
    tax = np.where(scottish, in_scottish_bands(earned_and_rent), in_bands(0, earned_and_rent, 0.20, 0.40, 0.45))
    tax = tax + in_bands(first, top, 0.20, 0.40, 0.45)
    tax = tax + in_bands(top + dividends - np.maximum(0, dividends - 500), top + dividends, 0.0875, 0.3375, 0.3935)

    tax = np.where(received, np.maximum(0, tax - 252), tax)
    couple = np.maximum(4360, 11270 - 0.5 * np.maximum(0, net - 37700)) * 0.1
    tax = np.where(old[c["family"]] & highest, np.maximum(0, tax - couple), tax)
    tax = tax + np.where(highest, child_benefit * np.clip((net - 60000) / 20000, 0, 1), 0)
    allowed = np.maximum(60000 - 0.5 * np.maximum(0, net - 260000), 10000)
    start = np.maximum(0, net - allowance)
    tax = tax + in_bands(start, start + np.maximum(0, paid_in - allowed), 0.20, 0.40, 0.45)
    insurance = 0.08 * np.maximum(0, np.minimum(pay, 50270) - 12570) + 0.02 * np.maximum(0, pay - 50270)
    return tax, np.where((age >= 16) & (age < 66), insurance, 0)


def main():
    names = ["age", "employment_income", "self_employment_income", "private_pension_income", "state_pension", "property_income", "savings_interest_income", "dividend_income",
             "employee_pension_contributions", "is_married", "child_benefit_opts_out", "region"]
    columns = {n: read(n) for n in names}
    columns["family"], columns["household"] = read("family", "i4"), read("household", "i4")
    least = float("inf")
    for _ in range(TURNS):
        begun = time.process_time()
        tax, insurance = taxes(columns)
        least = min(least, time.process_time() - begun)
    apart = max(np.abs(tax - read("income_tax")).max(), np.abs(insurance - read("ni_class_1_employee")).max())
    print(f"{least:.6f} {apart:.9f}")


main()
