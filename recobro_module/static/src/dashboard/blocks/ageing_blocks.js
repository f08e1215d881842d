import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DashboardCard } from "../card/dashboard_card";
import { DashboardChart } from "../chart/dashboard_chart";
import { BUCKETS, days, isKnown, monthOf, percent, shortAmount } from "../format";
import { METHODS } from "../words";

/** What is open by age on the day: a bar for each bucket, which opens what is in it. */
export class AgeingNow extends Component {
    static template = "recobro_module.AgeingNow";
    static components = { DashboardCard, DashboardChart };
    static props = { board: Object };
    method = METHODS.ageing;
    shortAmount = shortAmount;

    get title() {
        return this.props.board.data.is_today ? _t("Ageing now") : _t("Ageing on that day");
    }

    get labels() {
        return BUCKETS.map((bucket) => bucket.label);
    }

    get series() {
        const colors = BUCKETS.map((bucket) => bucket.color);
        return [{ label: _t("Open"), values: this.props.board.data.ageing.buckets, color: colors[0], colors }];
    }

    get credit() {
        const { credit } = this.props.board.data.ageing;
        return credit
            ? _t("%(amount)s of credits not matched yet", { amount: this.props.board.money(credit) })
            : undefined;
    }

    open(index) {
        this.props.board.link(`bucket_${BUCKETS[index].key}`)?.();
    }
}

/** What was open by age at the end of each month, one on the other. */
export class AgeingOverTime extends Component {
    static template = "recobro_module.AgeingOverTime";
    static components = { DashboardCard, DashboardChart };
    static props = { board: Object };
    method = METHODS.trend;
    shortAmount = shortAmount;

    get labels() {
        return this.props.board.data.trend.map((row) => monthOf(row.day));
    }

    get series() {
        return BUCKETS.map(({ label, color }, index) => ({
            label,
            color,
            values: this.props.board.data.trend.map((row) => row.buckets[index]),
        }));
    }
}

/** The days of sales that are owed, those that could not be fewer, and their difference, month by month. */
export class DaysOverTime extends Component {
    static template = "recobro_module.DaysOverTime";
    static components = { DashboardCard, DashboardChart };
    static props = { board: Object };
    method = METHODS.dso;
    days = days;

    get rows() {
        return this.props.board.data.trend.filter((row) => isKnown(row.dso));
    }

    get labels() {
        return this.rows.map((row) => monthOf(row.day));
    }

    get series() {
        return [
            { label: _t("Days' sales outstanding"), color: 0, values: this.rows.map((row) => row.dso) },
            { label: _t("Best possible"), color: 2, values: this.rows.map((row) => row.best_possible) },
            { label: _t("Average days delinquent"), color: 1, values: this.rows.map((row) => row.days_delinquent) },
        ];
    }

    axis(value) {
        return `${value}`;
    }
}

/** What rolled of each bucket into the next since a month ago: a row each, in words and by colour. */
export class RollRates extends Component {
    static template = "recobro_module.RollRates";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.rolls;
    percent = percent;

    get rows() {
        const { rates, before, now } = this.props.board.data.roll_rates;
        return rates.map((rate, index) => ({
            from: BUCKETS[index].label,
            to: BUCKETS[index + 1].label,
            isLast: index === rates.length - 1,
            rate,
            base: before && (index === rates.length - 1 ? before[index] + before[index + 1] : before[index]),
            now: now[index + 1],
            strength: Math.min(Math.max(rate || 0, 0), 1),
            link: this.props.board.link(`bucket_${BUCKETS[index + 1].key}`),
        }));
    }
}
