"""Deciding a day: open items, answers, verdicts, planning, all written; beside the floor and the peer."""

import statistics

import day
import ledger
import peer
from floor import measure_floor
from harness import Row

FIRST_GOAL, AGAIN_GOAL, PEER_GOAL = 10, 3, 50
#: A smaller ledger is not judged: what a day takes whatever its size is most of it there.
JUDGED_FROM = 100_000


def run(bench):
    """Rows of deciding the first day, the same day again, and the next; then the peer, which takes minutes."""
    with bench.copy(bench.addon, "decide") as name, bench.open(name) as env:
        company = day.begin(env, bench.customers, bench.items_each)
        floors = measure_floor(env, company, ledger.DAY, bench.repeats)
        first = measured("decide a day", bench, env, company, ledger.DAY)
        day.decide(env, company, ledger.DAY)
        day.commit(env)
        again = measured("decide the same day again", bench, env, company, ledger.DAY)
        day.deliver_all(env, ledger.DAY)
        day.commit(env)
        delivered = measured("decide the same day again, all sent", bench, env, company, ledger.DAY)
        later = measured("decide the next day", bench, env, company, day.NEXT_DAY)
        floors += measure_floor(env, company, ledger.DAY, bench.repeats)
    yield Row.of("the floor: one SQL pass", bench.items, floors, 1, peak_mb=None)
    floor = statistics.median(floors)
    for row, factor in ((first, FIRST_GOAL), (again, AGAIN_GOAL), (delivered, None), (later, None)):
        judge(row, floor, factor)
    yield from beside_the_peer(bench, first)
    yield from (again, delivered, later)


def measured(case, bench, env, company, as_of):
    """The row of deciding a day, with the share of each step as a note."""
    seconds, statements, steps = day.measure_deciding(env, company, as_of, bench.repeats)
    return Row.of(case, bench.items, seconds, statements, note=steps)


def judge(row, floor, factor):
    """Give a row its ratio to the floor, and say whether that is its goal."""
    row.ratio_floor = round(row.median_s / floor, 2)
    if factor:
        row.goal = f"≤ {factor} × floor"
        row.met = row.ratio_floor <= factor if row.items >= JUDGED_FROM else None


def beside_the_peer(bench, first):
    """The row of the first day, and that of the peer where it is given; ours is kept when the peer fails."""
    first.goal += f", ≥ {PEER_GOAL} × faster than the peer"
    if not bench.peer:
        first.met = first.met and None  # half of the goal is not known
        first.note += "; the peer was not given"
        return [first]
    case = "the peer: generate lines"
    try:
        figures = peer.measure_peer(bench)
    except Exception as error:
        return [first, Row(case, bench.items, None, None, met=False, note=f"failed: {error}")]
    first.ratio_peer = round(figures["seconds"] / first.median_s, 1)
    first.met = first.met and first.ratio_peer >= PEER_GOAL
    note = f"{figures['lines']:,} lines; measured once"
    taken, queries, peak = [figures["seconds"]], figures["queries"], figures["peak_mb"]
    return [first, Row.of(case, bench.items, taken, queries, peak_mb=peak, note=note)]
