import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { getColor } from "@web/core/colors/colors";
import { humanNumber } from "@web/core/utils/numbers";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

const { DateTime } = luxon;

/** The ageing buckets in their order, with the colour that each has everywhere: calm at first, red in the end. */
export const BUCKETS = [
    { key: "not_due", label: _t("Not due"), color: 2 },
    { key: "d1_30", label: _t("1-30 days"), color: 0 },
    { key: "d31_60", label: _t("31-60 days"), color: 5 },
    { key: "d61_90", label: _t("61-90 days"), color: 3 },
    { key: "d90_plus", label: _t("Over 90 days"), color: 1 },
];

/** A colour of Odoo's own palette for graphs, by its place in it; it reads well on light and on dark. */
export function colorOf(index) {
    return getColor(index, "bright", "sm");
}

/** Whether there is a value: null is "not known", which is not zero. */
export function isKnown(value) {
    return value !== null && value !== undefined && value !== false;
}

function known(value, format) {
    return isKnown(value) ? format(value) : String(_t("n/a"));
}

/** A share from 0 to 1 as a percentage. */
export function percent(value, digits = 1) {
    return known(value, (share) => formatPercentage(share, { digits: [16, digits], trailingZeros: true }));
}

/** How far two shares are apart: in points, for it is no percentage of either. */
export function points(value) {
    return _t("%s points", formatFloat(100 * value, { digits: [16, 1] }));
}

export function days(value) {
    return known(value, (number) => _t("%s days", formatFloat(number, { digits: [16, 1] })));
}

export function hours(value) {
    return known(value, (number) => _t("%s h", formatFloat(number, { digits: [16, 1], trailingZeros: false })));
}

/** How often something happened, on average. */
export function times(value) {
    return known(value, (number) => _t("%s times", formatFloat(number, { digits: [16, 1] })));
}

/** An amount without its cents. */
export function amount(value, currencyId) {
    return known(value, (number) => formatMonetary(Math.round(number), { currencyId, digits: [16, 0] }));
}

/** An amount as short as an axis needs it: 12k, 3M. */
export function shortAmount(value) {
    const isWhole = Math.abs(value) < 1000 || Number.isInteger(value / 1000);
    return humanNumber(value, { decimals: isWhole ? 0 : 1, minDigits: 1 });
}

/** A day as the user writes it. */
export function dayOf(value) {
    return value ? formatDate(DateTime.fromISO(value)) : "";
}

/** A day as a label under a chart: its month, unless it is one in the midst of it. */
export function monthOf(value) {
    const day = DateTime.fromISO(value);
    return day.plus({ days: 1 }).day === 1
        ? day.toLocaleString({ month: "short", year: "2-digit" })
        : day.toLocaleString({ day: "numeric", month: "short" });
}

/**
 * How a figure changed: which way, in words, and whether that is good.
 *
 * @param {{now: number|null, before: number|null}} figure
 * @param {"low"|"high"|undefined} good which is better; without it a change is neither
 * @param {(value: number) => string} format of the difference
 * @param {string|null} since the day of the value before, as it is written; null when both are of a whole period
 */
export function changeOf(figure, good, format, since) {
    if (!isKnown(figure.now) || !isKnown(figure.before)) {
        return null;
    }
    const difference = figure.now - figure.before;
    const size = format(Math.abs(difference));
    if (size === format(0)) {
        return { way: "same", isGood: null, words: since ? _t("As on %(day)s", { day: since }) : _t("As before") };
    }
    const way = difference > 0 ? "up" : "down";
    const isGood = good ? (good === "high") === difference > 0 : null;
    const words = since ? sinceDay({ change: size, day: since }) : sincePeriod({ change: size });
    return { way, isGood, words: words[way][isGood] };
}

function sinceDay(values) {
    return {
        up: {
            true: _t("%(change)s more than on %(day)s: better", values),
            false: _t("%(change)s more than on %(day)s: worse", values),
            null: _t("%(change)s more than on %(day)s", values),
        },
        down: {
            true: _t("%(change)s less than on %(day)s: better", values),
            false: _t("%(change)s less than on %(day)s: worse", values),
            null: _t("%(change)s less than on %(day)s", values),
        },
    };
}

function sincePeriod(values) {
    return {
        up: {
            true: _t("%(change)s more than in the period before: better", values),
            false: _t("%(change)s more than in the period before: worse", values),
            null: _t("%(change)s more than in the period before", values),
        },
        down: {
            true: _t("%(change)s less than in the period before: better", values),
            false: _t("%(change)s less than in the period before: worse", values),
            null: _t("%(change)s less than in the period before", values),
        },
    };
}

/** Whether a target is met; null where there is none, or nothing to measure. */
export function isMet(value, target, good) {
    if (!isKnown(value) || !target) {
        return null;
    }
    return good === "high" ? value >= target : value <= target;
}
