"""Deciding a day: open items, answers, verdicts, planning, all written; beside the floor and the peer."""

import statistics

import day
import ledger
import peer
from floor import measure_floor
from harness import Row

FIRST_GOAL, AGAIN_GOAL, PEER_GOAL = 10, 3, 50


def run(bench):
    """Rows of deciding the first day, the same day again, and the next; the peer at the end, for it takes minutes."""
    with bench.copy(bench.addon, "decide") as name, bench.open(name) as env:
        company = day.begin(env, bench.customers, bench.items_each)
        floors = measure_floor(env, company, ledger.DAY, bench.repeats)
        yield Row.of("the floor: one SQL pass", bench.items, floors, 1)
        first = measured("decide a day", bench, env, company, ledger.DAY)
        day.decide(env, company, ledger.DAY)
        day.commit(env)
        again = measured("decide the same day again", bench, env, company, ledger.DAY)
        day.deliver_all(env, ledger.DAY)
        day.commit(env)
        delivered = measured("decide the same day again, all sent", bench, env, company, ledger.DAY)
        later = measured("decide the next day", bench, env, company, day.NEXT_DAY)
        floors += measure_floor(env, company, ledger.DAY, bench.repeats)
    floor = statistics.median(floors)
    for row, factor in ((first, FIRST_GOAL), (again, AGAIN_GOAL), (delivered, AGAIN_GOAL), (later, None)):
        judge(row, floor, factor)
    yield from (again, delivered, later)
    yield from beside_the_peer(bench, first)


def measured(case, bench, env, company, as_of):
    """The row of deciding a day, with the share of each step as a note."""
    seconds, statements, steps = day.measure_deciding(env, company, as_of, bench.repeats)
    return Row.of(case, bench.items, seconds, statements, note=steps)


def judge(row, floor, factor):
    """Give a row its ratio to the floor, and say whether that is its goal."""
    row.ratio_floor = round(row.median_s / floor, 2)
    if factor:
        row.goal, row.met = f"≤ {factor} × floor", row.ratio_floor <= factor


def beside_the_peer(bench, first):
    """The row of the first day, and that of the peer where it is given."""
    first.goal += f", ≥ {PEER_GOAL} × faster than the peer"
    if not bench.peer:
        first.note += "; the peer was not given"
        yield first
        return
    figures = peer.measure_peer(bench)
    first.ratio_peer = round(figures["seconds"] / first.median_s, 1)
    first.met = first.met and first.ratio_peer >= PEER_GOAL
    yield first
    note = f"{figures['lines']:,} lines; once only"
    taken = [figures["seconds"]]
    yield Row.of(
        "the peer: generate lines", bench.items, taken, figures["queries"], peak_mb=figures["peak_mb"], note=note
    )
