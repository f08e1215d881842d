"""Deciding a day as the ledger grows: the ledger asked for beside one and two powers of ten smaller.

With the 100,000 items of no other wish, 10,000 and 100,000; a million is measured with ITEMS=1000000.
"""

import statistics
from dataclasses import replace

import day
import ledger
from floor import measure_floor
from harness import Row

CASE = "scale: decide a day"
SMALLEST = 10_000
MEMORY_MB = 400
#: Memory counts as flat when ten times the items take no more than this many times of it.
FLAT = 1.1


def run(bench):
    """A row for each size; from the second on with what it is to the one before."""
    before = None
    for items in sizes(bench.items):
        row, floor = decide_once_met(replace(bench, items=items, customers=max(1, items // 5)))
        if before:
            compare(row, floor, *before)
        before = row, floor
        yield row


def sizes(items):
    """The sizes to measure, growing, since a process's peak of memory never shrinks."""
    smaller = [items // 100] if items // 100 >= SMALLEST else []
    return [*smaller, items // 50 * 5 or 5, items]


def decide_once_met(bench):
    """The row of deciding the first day of a ledger of this size, and the seconds of its floor."""
    with bench.copy(bench.addon, f"scale_{bench.items}") as name, bench.open(name) as env:
        company = day.begin(env, bench.customers, bench.items_each)
        floor = statistics.median(measure_floor(env, company, ledger.DAY, bench.repeats))
        seconds, statements, steps = day.measure_deciding(env, company, ledger.DAY, bench.repeats)
        ratio = round(statistics.median(seconds) / floor, 2)
        return Row.of(CASE, bench.items, seconds, statements, ratio_floor=ratio, note=steps), floor


def compare(row, floor, smaller, smaller_floor):
    """Say whether time, statements and memory grew as they may."""
    items, time = row.items / smaller.items, row.median_s / smaller.median_s
    row.goal = f"time ≤ {items:.0f} × that of {smaller.items:,}, queries equal, < {MEMORY_MB} MB and flat"
    flat = row.peak_mb <= FLAT * smaller.peak_mb and row.peak_mb < MEMORY_MB
    row.met = time <= items and row.queries == smaller.queries and flat
    row.note = f"time × {time:.1f} for items × {items:.0f} (floor × {floor / smaller_floor:.1f}); {row.note}"
