#!/usr/bin/env python3
"""clock_oracle.py DUMP_CLOCK PACK: the day, the time of day and its name, of every quarter of an hour around each change of the clocks and of every
hour of 1996 to 2037 (as far as the tables of time zones go by years), as the pack's rules have them and as Python's zoneinfo has Europe/London."""
import datetime, subprocess, sys, zoneinfo

UTC = datetime.timezone.utc
try:
    london = zoneinfo.ZoneInfo("Europe/London")
except zoneinfo.ZoneInfoNotFoundError:
    print("skipped: no time zones here; install tzdata")
    sys.exit(77)

first, last = (int(datetime.datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1996, 2038))
moments = set(range(first, last, 3600))
for hour in range(first, last, 3600):
    if london.utcoffset(datetime.datetime.fromtimestamp(hour, UTC).astimezone(london)) != london.utcoffset(datetime.datetime.fromtimestamp(hour - 3600, UTC).astimezone(london)):
        moments.update(range(hour - 90000, hour + 90000, 900))
        moments.update((hour - 1, hour, hour + 1))
moments = sorted(moments)
told = subprocess.run(sys.argv[1:3], input="".join(f"{m}\n" for m in moments), capture_output=True, text=True, check=True).stdout.splitlines()
assert len(told) == len(moments), told[:3]
wrong = 0
for moment, line in zip(moments, told):
    here = datetime.datetime.fromtimestamp(moment, london)
    begins = int(here.replace(hour=0, minute=0, second=0, fold=0).timestamp())
    want = f"{here:%Y-%m-%d %H:%M} {here.tzname()} {begins} {here.hour}"
    if want != line:
        wrong += 1
        print(f"{moment}: wanted {want}, got {line}")
print(f"{len(moments)} moments, {wrong} of them wrong")
sys.exit(wrong > 0)
