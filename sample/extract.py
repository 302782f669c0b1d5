#!/usr/bin/env python3
"""Takes from the published tables what the sample place needs and writes it small into this folder.

    sample/extract.py ../shared/data/uk

Run again when a table is replaced by a later edition; sample/SOURCES.csv says which table each file comes from.
Nothing is smoothed or guessed here: rows are picked, added up, and renamed.
"""
import csv
import os
import re
import sys

UK = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
YEARS = ("2023", "2024", "2025")


def rows(name):
    with open(os.path.join(UK, name), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def write(name, header, table):
    with open(os.path.join(HERE, name), "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(table)


def number(x):
    return ("%.6f" % x).rstrip("0").rstrip(".")


# People of England by sex and single year of age, mid-2023; 100 stands for 100 and over.
ages = {}
england = {}
for r in rows("england_population_projection_age_sex.csv"):
    age = min(int(re.match(r"\d+", r["age"]).group()), 100)
    if r["year"] == "2023":
        ages[r["sex"][0], age] = ages.get((r["sex"][0], age), 0) + int(r["persons"])
    if r["year"] in YEARS:
        england[r["year"]] = england.get(r["year"], 0) + int(r["persons"])
write("ages.csv", ["sex", "age", "persons"], [[s, a, ages[s, a]] for s in "FM" for a in range(101)])

demography = {r["name"]: r for r in rows("pe_demographics.csv")}
types = ["couple_no_children", "couple_under_3_children", "couple_3_plus_children", "couple_non_dependent_children_only",
         "lone_parent_dependent_children", "lone_parent_non_dependent_children", "lone_over_65", "lone_under_65",
         "unrelated_adult", "multi_family"]
source_name = {"lone_over_65": "lone_households_over_65", "lone_under_65": "lone_households_under_65"}
write("household-types.csv", ["type", "thousands"],
      [[t.replace("_", "-"), demography[source_name.get(t, t + "_households")]["2023"]] for t in types])
write("tenure.csv", ["tenure", "thousands"],
      [[n, demography["tenure_uk_" + k]["2023"]] for n, k in
       (("owned", "owner_occupied"), ("council", "rent_from_la"), ("housing-association", "rent_from_ha"), ("private-rent", "rented_privately"))])
households = sum(float(demography[source_name.get(t, t + "_households")]["2023"]) for t in types)
uk = {y: float(demography["uk_population"][y]) * 1000 for y in YEARS}
write("population.csv", ["what"] + list(YEARS),
      [["uk-thousands"] + [number(uk[y]) for y in YEARS],
       ["england-thousands"] + [number(england[y] / 1000) for y in YEARS],
       ["uk-households-thousands", number(households), "", ""]])

bands = {}
for r in rows("pe_council_tax_bands_2024.csv"):
    if r["Region"] not in ("WALES", "SCOTLAND"):
        for b in "ABCDEFGH":
            bands[b] = bands.get(b, 0) + int(r[b])
write("council-tax-bands.csv", ["band", "dwellings"], [[b, bands[b]] for b in "ABCDEFGH"])

write("employment.csv", ["sex", "from", "to", "rate"],
      [[r["sex"][0].upper(), *r["age"].split("-"), r["share"]] if "share" in r else [r["sex"][0].upper(), *list(r.values())[2].split("-"), list(r.values())[3]]
       for r in rows("employment_rate_by_age_sex_simpaths.csv") if list(r.values())[0] == "2021"])

# Yearly pay: ASHE percentiles to the ninetieth, above it the survey of personal incomes.
pay = [(int(r["percentile"][1:]) / 100, float(r["england_gbp_year"])) for r in rows("burnley_earnings_percentiles.csv")]
bands_spi = [r for r in rows("pe_incomes.csv") if not (r["total_income_lower_bound"] == "12570" and r["total_income_upper_bound"] == "inf")]
below_threshold = 0.10 + 0.15 * (12570 - pay[0][1]) / (pay[1][1] - pay[0][1])
employees = sum(float(r["employment_income_count"]) for r in bands_spi) / (1 - below_threshold)
points = [(0.0, 0.0)] + pay
for lower in (100000, 150000, 200000, 300000, 500000, 1000000):
    above = sum(float(r["employment_income_count"]) for r in bands_spi if float(r["total_income_lower_bound"]) >= lower)
    points.append((1 - above / employees, float(lower)))
top = bands_spi[-1]
points.append((1.0, float(top["employment_income_amount"]) / float(top["employment_income_count"])))
write("earnings.csv", ["below", "pounds"], [[number(a), number(round(b))] for a, b in points])

pensions = [(float(r["private_pension_income_count"]), float(r["private_pension_income_amount"])) for r in bands_spi]
total = sum(c for c, _ in pensions)
run, out = 0.0, []
for count, amount in pensions:
    out.append([number((run + count / 2) / total), number(round(amount / count))])
    run += count
write("private-pensions.csv", ["below", "pounds"], out)
# Profits of the self-employed likewise; who has dividends and rents, by the lower bound of their whole income.
profits = [(float(r["self_employment_income_count"]), float(r["self_employment_income_amount"])) for r in bands_spi]
total_profits, run, out = sum(c for c, _ in profits), 0.0, []
for count, amount in profits:
    out.append([number((run + count / 2) / total_profits), number(round(amount / count))])
    run += count
write("self-employment.csv", ["below", "pounds"], out)
for what, column in (("dividends", "dividend_income"), ("property", "property_income")):
    write(what + ".csv", ["above", "thousands", "pounds"],
          [[number(float(r["total_income_lower_bound"])), number(float(r[column + "_count"]) / 1000),
            number(round(float(r[column + "_amount"]) / float(r[column + "_count"])))] for r in bands_spi])
write("shares.csv", ["what", "share"], [
    ["self-employed", number(sum(float(r["self_employment_income_count"]) for r in bands_spi) /
                             sum(float(r["self_employment_income_count"]) + float(r["employment_income_count"]) for r in bands_spi))],
    ["income-taxpayers-with-earnings", number(1 - below_threshold)],
    ["private-pension-thousands", number(total / 1000)]])

# Effects of taxes and benefits: mean per household by decile, financial year ending 2019.
order = ["bottom", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "top", "all"]
etb = {}
for r in rows("etb_deciles_2002_2019_all.csv"):
    if r["fye"] == "2019" and r["gbp_per_year"] not in ("NA", ""):
        key = (r["component"], r["subcomponent"], r["decile"])
        etb[key] = float(r["gbp_per_year"])


def decile_row(parts):
    result = []
    for d in order:
        result.append(sum(sign * etb.get((component, item, d), 0.0) for sign, component, item in parts))
    return result


DIRECT, CASH, INDIRECT, KIND = "Direct taxes and Employees' NIC", "direct benefits in cash", "Indirect taxes", "Benefits in kind"
ITEMS = {
    "income-tax": [(1, DIRECT, "Income Tax")],
    "national-insurance": [(1, DIRECT, "Employees' NI contributions")],
    "employer-national-insurance": [(1, "original income", "Wages and salaries")],
    "council-tax": [(1, DIRECT, "Council tax and Northern Ireland rates"), (-1, DIRECT, "less: Council tax benefit/Rates rebates")],
    "vehicle-excise-duty": [(1, INDIRECT, "Vehicle Excise Duty")],
    "television-licence": [(1, INDIRECT, "Television licences")],
    "state-pension": [(1, CASH, "State pension")],
    "pension-credit": [(1, CASH, "Pension Credit")],
    "winter-fuel-payment": [(1, CASH, "State pension")],
    "child-benefit": [(1, CASH, "Child benefit")],
    "universal-credit": [(1, CASH, "Job seeker's allowance (Income based)"), (1, CASH, "Employment and support allowance"), (1, CASH, "Income Support"),
                         (1, CASH, "Tax credits"), (1, CASH, "Housing benefit")],
    "tax-credits": [(1, CASH, "Tax credits")],
    "housing-benefit": [(1, CASH, "Housing benefit")],
    "employment-and-support-allowance": [(1, CASH, "Employment and support allowance")],
    "jobseekers-allowance-contributory": [(1, CASH, "Job seeker's allowance (Contribution based)")],
    "personal-independence-payment": [(1, CASH, "Personal independence payment")],
    "disability-living-allowance": [(1, CASH, "Disability living allowance")],
    "attendance-allowance": [(1, CASH, "Attendance allowance")],
    "carers-allowance": [(1, CASH, "Carer's allowance")],
    "statutory-maternity-pay": [(1, CASH, "Statutory Maternity Pay/Allowance")],
    "education": [(1, KIND, "Education")],
    "nhs": [(1, KIND, "National Health Service")],
}
# Taxes in prices, of all households, for every year of the table: not for the sample place, which posts none, but for the policy pack. Employers'
# National Insurance in prices is left out, since statements show the employer's apart; the vehicle tax that firms pay is in the other taxes.
INTERMEDIATE = "Intermediate taxes"
IN_PRICES = {
    "vat": [(INDIRECT, "VAT")],
    "fuel-duty": [(INDIRECT, "Duty on hydrocarbon oils"), (INTERMEDIATE, "Duty on hydrocarbon oils")],
    "tobacco-duty": [(INDIRECT, "Duty on tobacco")],
    "beer-and-cider-duty": [(INDIRECT, "Duty on beer and cider")],
    "wine-and-spirits-duty": [(INDIRECT, "Duty on wines & spirits")],
    "customs-duty": [(INDIRECT, "Customs duties")],
    "betting-and-gaming-duty": [(INDIRECT, "Betting taxes")],
    "insurance-premium-tax": [(INDIRECT, "Insurance Premium Tax")],
    "air-passenger-duty": [(INDIRECT, "Air Passenger Duty")],
    "national-lottery-fund": [(INDIRECT, "Camelot National Lottery Fund")],
    "business-rates": [(INTERMEDIATE, "Commercial and industrial rates")],
    "other-indirect-tax": [(INDIRECT, "Other indirect taxes")],
    "other-intermediate-tax": [(INTERMEDIATE, "Other intermediate taxes"), (INTERMEDIATE, "Vehicle Excise Duty")],
}
means = {(r["fye"], r["component"], r["subcomponent"]): int(r["gbp_per_year"]) for r in rows("etb_deciles_2002_2019_all.csv")
         if r["decile"] == "all" and r["component"] in (INDIRECT, INTERMEDIATE) and r["gbp_per_year"] != "NA"}
write("../policy/uk/in-prices.csv", ["category", "group", "year", "amount", "source"],
      [[c, "all", "%d-%02d" % (fye - 1, fye % 100), sum(means[str(fye), component, item] for component, item in parts),
        "ONS, Effects of taxes and benefits on UK household income: mean of all households, financial year ending %d" % fye]
       for fye in range(2002, 2020) for c, parts in IN_PRICES.items()])

# The index of prices, for the policy pack: what was spent, as paid and in the prices of 2024-25, gives the deflator that HM Treasury used.
write("../policy/uk/deflators.csv", ["year", "index", "source"],
      [[("%s-%02d" % (r["year"][:4], (int(r["year"][:4]) + 1) % 100)), "%.2f" % (100 * float(r["tme_bn"]) / float(r["tme_real_bn"])),
        "derived from HM Treasury, Public Expenditure Statistical Analyses 2025, table 4.1: total managed expenditure of %s billion pounds%s, %s in the prices of 2024-25"
        % (r["tme_bn"], " as planned" if r["year"] == "2025-26" else "", r["tme_real_bn"])]
       for r in rows("pesa2025_aggregates_1982_2025.csv")])

write("deciles.csv", ["category", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "all"],
      [[c] + [number(x) for x in decile_row(parts)] for c, parts in ITEMS.items()])

# UK totals, millions of pounds.
pe = {r["name"]: r for r in rows("pe_tax_benefit.csv")}
obr = {}
for r in rows("obr_mar2026_welfare_spending_gbp_bn.csv"):
    obr.setdefault((r["item"], r["year"]), []).append(float(r["gbp_bn"]))
receipts = {}
for r in rows("ons_region_public_receipts_1999_2022_gbp_m.csv"):
    if r["area"] == "United Kingdom":
        receipts[r["item"].strip(), r["year"]] = float(r["gbp_m"])


def pe_year(name, year):
    return float(pe[name][year]) * 1000


def welfare(name, item, add=()):
    """2023-24 from the compiled table, 2024-25 and 2025-26 from OBR's March 2026 outlook."""
    result = [pe_year(name, "2023")]
    for y in ("2024-25", "2025-26"):
        result.append(1000 * (sum(obr[item, y]) + sum(sum(obr[a, y]) for a in add)))
    return result


totals = []


def total_row(category, values, source):
    totals.append([category, "total", ""] + [number(v) for v in values] + [source])


def grown_row(category, item, source):
    """The household part only is published by decile: its mean grows as the tax's UK total has grown since 2018-19."""
    base, last = receipts[item, "2018 to 2019"], receipts[item, "2022 to 2023"]
    totals.append([category, "grown", number(base)] + [number(last)] * 3 + [source])


PE, OBR, ONS = "policy tables (OBR)", "OBR March 2026", "ONS receipts 2022-23"
for c, n in (("income-tax", "income_tax"), ("national-insurance", "ni_employee"), ("employer-national-insurance", "ni_employer"),
             ("council-tax", "council_tax"), ("television-licence", "tv_licence_fee")):
    total_row(c, [pe_year(n, y) for y in YEARS], PE)
grown_row("vehicle-excise-duty", "Vehicle excise duties paid by households", ONS)
BOTH = PE + " then " + OBR
total_row("state-pension", welfare("state_pension", "State pension"), BOTH)
total_row("pension-credit", welfare("pension_credit", "Pension credit"), BOTH)
total_row("winter-fuel-payment", welfare("winter_fuel_allowance", "Winter fuel payment"), BOTH)
total_row("child-benefit", welfare("child_benefit", "Child benefit"), BOTH)
total_row("universal-credit", welfare("universal_credit", "Universal credit"), BOTH)
credits = welfare("tax_credits", "Personal tax credits")
total_row("tax-credits", [max(0.0, v) for v in credits], BOTH)
total_row("housing-benefit", welfare("housing_benefit", "Housing benefit (not on JSA)1", ("Housing benefit (on JSA)",)), BOTH)
total_row("employment-and-support-allowance", welfare("esa", "Incapacity benefits2"), BOTH)
total_row("jobseekers-allowance-contributory", welfare("jobseekers_allowance", "Jobseeker's allowance"), BOTH)
total_row("attendance-allowance", welfare("attendance_allowance", "Attendance allowance"), BOTH)
total_row("carers-allowance", welfare("carers_allowance", "Carer's allowance"), BOTH)
total_row("statutory-maternity-pay", welfare("statutory_maternity_pay", "Statutory maternity pay"), BOTH)
together = [None] + [1000 * sum(obr["Disability living allowance and personal independence payments", y]) for y in ("2024-25", "2025-26")]
for c, n in (("personal-independence-payment", "pip"), ("disability-living-allowance", "dla")):
    total_row(c, [pe_year(n, "2023")] + [together[i] * pe_year(n, y) / (pe_year("pip", y) + pe_year("dla", y)) for i, y in ((1, "2024"), (2, "2025"))], BOTH)
write("totals.csv", ["category", "basis", "base_m"] + ["m" + y for y in YEARS] + ["source"], totals)

caseloads = []
for c, names in (("attendance-allowance", ["attendance_allowance_count"]), ("carers-allowance", ["carers_allowance_count"]),
                 ("disability-living-allowance", ["dla_count"]), ("employment-and-support-allowance", ["esa_count"]),
                 ("housing-benefit", ["housing_benefit_count"]), ("pension-credit", ["pension_credit_count"]),
                 ("personal-independence-payment", ["pip_count"]),
                 ("universal-credit", ["universal_credit_jobseekers_count", "universal_credit_non_jobseekers_count"]),
                 ("winter-fuel-payment", ["winter_fuel_allowance_count"])):
    caseloads.append([c] + [number(sum(pe_year(n, y) for n in names)) for y in YEARS])
# The table's winter fuel caseload for 2025-26 is older than the payment's return to most pensioners (OBR's total has it): by the total.
winter = [t for t in totals if t[0] == "winter-fuel-payment"][0]
caseloads[-1][3] = number(float(caseloads[-1][1]) * float(winter[5]) / float(winter[3]))
write("caseloads.csv", ["category"] + ["thousands" + y for y in YEARS], caseloads)

# People of Great Britain on universal credit who have limited capability for work and work-related activity: September 2023, December 2024, September 2025.
write("limited-capability.csv", ["year", "thousands"], [["2023", "1300"], ["2024", "1800"], ["2025", "2500"]])

# Hospital activity by age and sex, England.
nhs = []
for r in rows("pe_nhs_consumption_by_age_gender.csv"):
    if r["Metric"] == "Activity Count":
        found = [int(x) for x in re.findall(r"\d+", r["Age group"])]
        low, high = (found[0], found[-1]) if "older" not in r["Age group"] else (95, 120)
        nhs.append([{"AE": "accident-and-emergency", "OP": "outpatient-attendance", "APC": "inpatient-stay"}[r["Service"]],
                    r["Gender"][0], low, high, r["Total"]])
write("hospital.csv", ["service", "sex", "from", "to", "count"], nhs)
activity = {r["department"]: float(r["activity"]) for r in rows("nhs_ncc_2024_25_by_department.csv") if r["activity"] != "nan"}
hospital = {}
for s, _, _, _, n in nhs:
    hospital[s] = hospital.get(s, 0) + float(n)
facts = {(r["topic"], r["item"], r["year"]): r["value"] for r in rows("published_facts.csv")}
prisoners = (float(facts["unit_cost", "prison: overall resource expenditure, all prisons E&W", "2016-17"]) /
             float(facts["unit_cost", "prison: overall cost per prisoner", "2016-17"]))
services = [
    # service, count in England a year, whose spread by age and sex, ages, source
    ["accident-and-emergency", activity["Emergency Care"], "accident-and-emergency", 0, 120, "NCC 2024/25 activity"],
    ["outpatient-attendance", hospital["outpatient-attendance"], "outpatient-attendance", 0, 120, "hospital activity by age and sex (year not stated)"],
    ["inpatient-stay", hospital["inpatient-stay"], "inpatient-stay", 0, 120, "hospital activity by age and sex (year not stated)"],
    ["ambulance", activity["Ambulance"], "accident-and-emergency", 0, 120, "NCC 2024/25 activity"],
    ["mental-health-contact", activity["Mental Health Care Contact"], "", 11, 120, "NCC 2024/25 activity"],
    ["talking-therapy", activity["NHS Talking Therapy Care Contact"], "", 18, 120, "NCC 2024/25 activity"],
    ["gp-consultation", 370100000 / 2, "outpatient-attendance", 0, 120, "NHS England: appointments in the year to April 2024; about half with a GP (Health Foundation)"],
]
write("services.csv", ["service", "england_count", "spread", "from", "to", "source"],
      [[s, number(n), spread, a, b, source] for s, n, spread, a, b, source in services])
write("prisons.csv", ["what", "value"], [["prisoners-england-and-wales-2016-17", number(round(prisoners))], ["population-england-and-wales-thousands", "58381"]])

# Deaths and births.
life = {}
for r in rows("ons_life_tables_uk.csv"):
    if r["period"] == "2022-2024":
        life[r["sex"][0].upper(), int(r["age"])] = r["qx"]
write("deaths.csv", ["sex", "age", "qx"], [[s, a, number(float(life[s, a]))] for s in "FM" for a in range(101)])
births = {}
for r in rows("ons_fertility_by_age.csv"):
    if r["year"] == "2024" and r["area"] == "England" and r["parent"] == "Mother":
        found = [int(x) for x in re.findall(r"\d+", r["age_group"])]
        low, high = (15, 19) if "Under" in r["age_group"] else (40, 44) if "over" in r["age_group"] else found
        births[low, high] = r["rate_per_1000"]
write("births.csv", ["from", "to", "per_1000_women"], [[a, b, v] for (a, b), v in sorted(births.items())])

# Time given. Minutes a day are of those who volunteer; the census counts carers by hours a week.
write("volunteering.csv", ["sex", "from", "to", "share_percent", "minutes_a_day"],
      [["F", 16, 24, "51", "17.0"], ["M", 16, 24, "51", "17.0"], ["F", 25, 120, "42", "15.7"], ["M", 25, 120, "41", "11.3"]])
write("unpaid-care.csv", ["from_hours", "to_hours", "people"],
      [[1, 9, 1668989], [10, 19, 634736], [20, 34, 452264], [35, 49, 517505], [50, 70, 1404771]])
write("unpaid-care-sex.csv", ["sex", "percent"], [["F", "10.3"], ["M", "7.6"]])
# Weekly rates that serve as weights between recipients: pension by cohort, child benefit for the first child and others.
write("weights.csv", ["what", "pounds_a_week", "year"],
      [["state-pension-new", "203.85", "2023"], ["state-pension-basic", "156.20", "2023"], ["child-benefit-eldest", "24.00", "2023"],
       ["child-benefit-other", "15.90", "2023"], ["disability-standard", "68.10", "2023"], ["disability-enhanced", "101.75", "2023"],
       ["mobility-standard", "26.90", "2023"], ["mobility-enhanced", "71.00", "2023"], ["jobseekers-allowance", "77.00", "2022"]])
