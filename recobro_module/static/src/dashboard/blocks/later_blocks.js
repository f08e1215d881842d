import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DashboardCard } from "../card/dashboard_card";
import { DashboardChart } from "../chart/dashboard_chart";
import { BUCKETS, changeOf, dayOf, hours, isKnown, percent, points, shortAmount } from "../format";
import { METHODS } from "../words";

const LARGEST_ERROR = 9.99;

/** How much of what became so late was paid within 90 days, in the period and in the one before. */
export class RecoveryBlock extends Component {
    static template = "recobro_module.RecoveryBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.recovery;
    percent = percent;

    get recovery() {
        return this.props.board.later.recovery;
    }

    get note() {
        return _t("What became so late from %(since)s to %(until)s, and in as long before.", {
            since: dayOf(luxon.DateTime.fromISO(this.recovery.since).plus({ days: 1 }).toISODate()),
            until: dayOf(this.recovery.until),
        });
    }

    get rows() {
        return BUCKETS.slice(1).map(({ key, label }) => {
            const { now, before } = this.recovery.buckets[key];
            const isBoth = isKnown(now[2]) && isKnown(before[2]);
            const way = !isBoth || now[2] === before[2] ? null : now[2] > before[2] ? "up" : "down";
            return { key, label, entered: now[0], now: now[2], before: before[2], way };
        });
    }
}

/** The cash that is expected in each of the weeks to come, by where it comes from, with what such a forecast is worth. */
export class ForecastBlock extends Component {
    static template = "recobro_module.ForecastBlock";
    static components = { DashboardCard, DashboardChart };
    static props = { board: Object };
    method = METHODS.forecast;
    shortAmount = shortAmount;

    get forecast() {
        return this.props.board.later.forecast;
    }

    get total() {
        const sources = ["promises", "instalments", "in_hand", "habits"];
        return this.forecast.weeks.reduce((sum, week) => sources.reduce((part, one) => part + week[one], sum), 0);
    }

    get labels() {
        return this.forecast.weeks.map((week) =>
            luxon.DateTime.fromISO(week.start).toLocaleString({ day: "numeric", month: "short" })
        );
    }

    get series() {
        const sources = [
            { source: "promises", label: _t("Promises"), color: 2 },
            { source: "instalments", label: _t("Instalments"), color: 4 },
            { source: "in_hand", label: _t("Payments in hand"), color: 3 },
            { source: "habits", label: _t("Habits"), color: 0 },
        ];
        return sources.map(({ source, label, color }) => ({
            label,
            color,
            values: this.forecast.weeks.map((week) => week[source]),
        }));
    }

    /** An error as a percentage; beyond ten times what came, how much more says nothing. */
    errorOf(error) {
        return error > LARGEST_ERROR ? `> ${percent(LARGEST_ERROR, 0)}` : percent(error, 0);
    }

    /** What forecasts of so many weeks ago were off by; habits alone, for nobody kept what was promised then. */
    get errorWords() {
        const told = Object.entries(this.forecast.errors).filter(([, error]) => isKnown(error));
        if (!told.length) {
            return _t("How far such a forecast is off is not known yet: it takes a year of payments.");
        }
        const parts = told.map(([weeks, error]) =>
            _t("made %(weeks)s weeks ago: %(error)s", { weeks, error: this.errorOf(error) })
        );
        return _t("Off by, week by week, by habits alone: %(parts)s.", { parts: parts.join(" · ") });
    }
}

/** What became in a month of what was open in each bucket: each row adds up to 100 %. */
export class MigrationBlock extends Component {
    static template = "recobro_module.MigrationBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.migration;
    percent = percent;

    columns = [
        { key: "paid", label: _t("Paid"), isGood: true },
        { key: "in_plan", label: _t("In a plan"), isGood: true },
        { key: "same", label: _t("Same"), isGood: null },
        { key: "forward_1", label: _t("One on"), isGood: false },
        { key: "forward_2", label: _t("More"), isGood: false },
        { key: "written_off", label: _t("Lost"), isGood: false },
    ];

    get rows() {
        return this.props.board.later.migration.map((row, index) => ({ ...row, label: BUCKETS[index].label }));
    }

    /** The greater the share, the stronger the colour: beside the figure, never in its place. */
    lookOf({ isGood }) {
        return isGood === null ? "" : isGood ? "o_recobro_good" : "o_recobro_rate";
    }
}

/** What collecting cost in the period, and of how much cash that was the price. */
export class CostBlock extends Component {
    static template = "recobro_module.CostBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.cost;

    get cost() {
        return this.props.board.later.cost;
    }

    get note() {
        return this.cost.is_set
            ? undefined
            : _t("What an hour and a message cost is not set yet: only fees and costs of agencies and lawyers count.");
    }

    get share() {
        return percent(this.cost.cost_to_collect);
    }

    get change() {
        const { cost_to_collect: now, before } = this.cost;
        const change = changeOf({ now, before }, "low", points, null);
        return change && change.words;
    }

    get rows() {
        const labels = {
            time: _t("Time: %(hours)s", { hours: hours(this.cost.minutes / 60) }),
            channels: _t("Messages and letters"),
            fees: _t("Fees by success"),
            costs: _t("Costs of agencies and lawyers"),
        };
        return Object.keys(labels).map((part) => ({ part, label: labels[part], amount: this.cost[part] }));
    }
}
