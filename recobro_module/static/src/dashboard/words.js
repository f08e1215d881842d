import { _t } from "@web/core/l10n/translation";

/** How each figure is worked out, with its switches: one sentence that is read in a hover. */
export const METHODS = {
    receivables: _t(
        "What customers owe at the end of the day, tax included, net of credits by customer and never below zero."
    ),
    dso: _t(
        "Counted back: the receivables less the sales of this month, of the one before and so on; the days of the months that they use up. Sales are invoices less credit notes, tax included."
    ),
    best_possible: _t("The same counting back, of what is not due yet: the days of sales if nobody paid late."),
    days_delinquent: _t("Days' sales outstanding less the best possible ones: the days that lateness adds."),
    effectiveness: _t(
        "(owed at first + sales / months − owed in the end) / (owed at first + sales / months − not due in the end). What was written off counts as not collected."
    ),
    days_late: _t(
        "Of the last twelve months, weighted by amount: days from the due date to the payment, early ones below zero; of what is open and overdue, the days until today."
    ),
    turnover: _t(
        "Sales of the last twelve months that are over / the average of what was owed at their ends and before them; the days are 365 divided by it."
    ),
    loss: _t(
        "Each open amount of the cases × (1 − its chance of recovery), by age, grade and cause: the share of the like that was paid within 90 days. What is paid later than that counts as lost."
    ),
    over_60: _t("What is more than 60 days late, as a share of all that is open; credits are not taken off."),
    promises: _t(
        "By number: kept / (kept + partly kept + broken), of the promises judged in the period. By amount: what was paid of them / what was promised. A credit note keeps no promise."
    ),
    sla: _t("Resolved in time / (resolved in the period + still open and past their SLA)."),
    cycle: _t(
        "From opened to resolved, in hours of the SLA calendar without the time waiting for the customer; beside it all the hours that passed."
    ),
    exposure: _t(
        "What is open of all that is over 90 days late, before or with a lawyer, in a dispute past its SLA, in a broken promise or in a plan in default. Each item counts once, under the first of these that is true."
    ),
    ageing: _t(
        "What is open by the days from its due date to the day; due today is not late. Credits that are not matched are told apart."
    ),
    trend: _t(
        "What was kept at the end of each month, which no later entry changes; rebuilt from the books before that."
    ),
    rolls: _t(
        "What is in a bucket now as a share of what was in the one before it a month ago; the last gathers: over 90 days now / 61-90 and over 90 then."
    ),
    recovery: _t(
        "Of what became so late in the period, the share paid in money within 90 days: no credit notes, no write-offs. The period ends 90 days ago, so that all of it had its time."
    ),
    agencies: _t(
        "Of what was with them in the period: collected less the fee by success and the costs. Compare the net, not the share collected. Before: the same of what was with them in the period before; what was with them in both counts in both."
    ),
    debtors: _t("What each customer owes, due or not, net of its credits; the share is that of all that is owed."),
    forecast: _t(
        "Each open amount once: by its promise, instalment or payment in hand, else by how late the customer used to pay in the last twelve months."
    ),
    migration: _t(
        "Where what was open in each bucket a month ago is now; each row adds up to 100 %. Due dates are those of today, so nothing moves back: what an earlier due date was is not kept."
    ),
    cost: _t("Hours, channels, fees and costs of the period / the cash collected on what was overdue."),
};
