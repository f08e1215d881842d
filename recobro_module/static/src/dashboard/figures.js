import { _t } from "@web/core/l10n/translation";
import { changeOf, days, dayOf, hours, isKnown, isMet, percent, points, times } from "./format";
import { METHODS } from "./words";

/**
 * The figures in the head of the dashboard, as props of `DashboardFigure`.
 *
 * @param {Object} board what `Dashboard` hands to its blocks
 */
export function headFigures(board) {
    return [...ledger(board), ...speed(board), turnover(board), ...answers(board), loss(board)];
}

function one(board, name, { link, ...values }) {
    return { name, method: METHODS[name], ...values, onOpen: board.link(link) };
}

function target(value, aim, good, words) {
    return aim ? { isMet: isMet(value, aim, good), words } : null;
}

function ledger(board) {
    const { ageing, key, targets, since } = board.data;
    const from = dayOf(since);
    const owed = board.data.is_filtered
        ? { now: total(ageing.buckets) - ageing.credit, before: null }
        : key.receivables;
    return [
        one(board, "receivables", {
            label: _t("Receivables"),
            value: board.money(owed.now),
            hint: _t("%(amount)s of it overdue", { amount: board.money(ageing.overdue.now) }),
            change: changeOf(owed, undefined, board.money, from),
            link: "open",
        }),
        one(board, "over_60", {
            label: _t("Over 60 days"),
            value: percent(ageing.over_60.now),
            change: changeOf(ageing.over_60, "low", points, from),
            target: target(
                ageing.over_60.now,
                targets.over_60,
                "low",
                _t("Target: %(share)s at most", { share: percent(targets.over_60) })
            ),
            link: "over_60",
        }),
    ];
}

function speed(board) {
    const { key, targets, since, is_filtered: isFiltered } = board.data;
    const from = dayOf(since);
    const ofAll = isFiltered ? _t("Of all customers") : undefined;
    const lowerBound = key.dso.is_truncated ? _t("At least: the sales that are known did not suffice") : ofAll;
    return [
        one(board, "dso", {
            label: _t("Days' sales outstanding"),
            value: days(key.dso.now),
            hint: lowerBound,
            change: changeOf(key.dso, "low", days, from),
            target: target(
                key.dso.now,
                targets.dso,
                "low",
                _t("Target: %(days)s at most", { days: days(targets.dso) })
            ),
            link: "open",
        }),
        one(board, "best_possible", {
            label: _t("Best possible"),
            value: days(key.best_possible.now),
            hint: ofAll,
            change: changeOf(key.best_possible, "low", days, from),
            link: "bucket_not_due",
        }),
        one(board, "days_delinquent", {
            label: _t("Average days delinquent"),
            value: days(key.days_delinquent.now),
            hint: ofAll,
            change: changeOf(key.days_delinquent, "low", days, from),
            link: "open",
        }),
        one(board, "effectiveness", {
            label: _t("Collection effectiveness"),
            value: percent(isKnown(key.effectiveness.now) ? key.effectiveness.now / 100 : null),
            hint: ofAll,
            change: changeOf(key.effectiveness, "high", (value) => points(value / 100), null),
            target: target(
                key.effectiveness.now,
                targets.effectiveness,
                "high",
                _t("Target: %(share)s at least", { share: percent((targets.effectiveness || 0) / 100) })
            ),
            link: "period",
        }),
        one(board, "days_late", {
            label: _t("Days late, weighted"),
            value: days(key.days_late.now),
            hint: ofAll,
            change: changeOf(key.days_late, "low", days, from),
            link: "customers",
        }),
    ];
}

function turnover(board) {
    const { key, is_filtered: isFiltered } = board.data;
    const { now, days: inDays } = key.turnover;
    const missing = _t("Known once the ends of thirteen months are kept");
    const every = isFiltered
        ? _t("Once in %(days)s, of all customers", { days: days(inDays) })
        : _t("Once in %(days)s", { days: days(inDays) });
    return one(board, "turnover", {
        label: _t("Turnover in a year"),
        value: times(now),
        hint: isKnown(now) ? every : missing,
        change: changeOf(key.turnover, "high", times, null),
        link: "kept",
    });
}

function answers(board) {
    const { promises, disputes, targets, exposure } = board.data;
    const cycle = { now: disputes.now.hours, before: disputes.before.hours };
    return [
        one(board, "promises", {
            label: _t("Promises kept"),
            value: percent(promises.now.count),
            hint: _t("%(share)s by amount", { share: percent(promises.now.amount) }),
            change: changeOf({ now: promises.now.count, before: promises.before.count }, "high", points, null),
            target: target(
                promises.now.count,
                targets.promises,
                "high",
                _t("Target: %(share)s at least", { share: percent(targets.promises) })
            ),
            link: "promises",
        }),
        one(board, "cycle", {
            label: _t("Disputes resolved in"),
            value: hours(cycle.now),
            hint: _t("%(share)s within their SLA", { share: percent(disputes.now.attainment) }),
            change: changeOf(cycle, "low", hours, null),
            target: target(
                cycle.now,
                targets.dispute_hours,
                "low",
                _t("Target: %(hours)s at most", { hours: hours(targets.dispute_hours) })
            ),
            link: "disputes_closed",
        }),
        one(board, "exposure", {
            label: _t("Exposure at risk"),
            value: board.money(exposure ? exposure.total : null),
            hint: exposure
                ? _t("%(share)s of what is open", {
                      share: percent(exposure.open ? exposure.total / exposure.open : null),
                  })
                : _t("Not known of a past day"),
            link: "risk_d90_plus",
        }),
    ];
}

/** What is likely to be lost: read item by item, so it comes a moment after the others. */
function loss(board) {
    const { later, isLaterFailed, data } = board;
    const found = later?.loss;
    let hint = _t("No chance of recovery is known yet");
    if (!data.is_today) {
        hint = _t("Not known of a past day");
    } else if (!later) {
        hint = isLaterFailed ? _t("Could not be read just now") : _t("Reading the books…");
    } else if (found?.unknown) {
        hint = _t("%(amount)s more have no known chance", { amount: board.money(found.unknown) });
    } else if (found) {
        hint = _t("%(share)s of what is open", { share: percent(found.amount / found.judged) });
    }
    return one(board, "loss", {
        label: _t("Expected loss"),
        value: board.money(found ? found.amount : null),
        hint,
        link: "rates",
    });
}

export function total(amounts) {
    return amounts.reduce((sum, amount) => sum + amount, 0);
}
