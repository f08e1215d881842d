/** What the server tells of a small ledger, for the tests of the dashboard. */
export function dashboardData(values = {}) {
    const action = (model) => ({
        type: "ir.actions.act_window",
        res_model: model,
        domain: [],
        views: [[false, "list"]],
    });
    const period = { count: 0.5, amount: 0.6923, number: 4, superseded: 0, states: states() };
    return {
        as_of: "2026-03-31",
        today: "2026-03-31",
        since: "2026-02-28",
        is_today: true,
        is_kept: true,
        is_filtered: false,
        is_empty: false,
        has_run: true,
        months: 1,
        currency_id: 1,
        companies: ["Ash Ltd"],
        segments: [[1, "A"]],
        owners: [[7, "Lucy"]],
        targets: { promises: 0.8, over_60: 0.1, dispute_hours: 72, dso: null, effectiveness: null },
        may: { configure: true, invoice: true },
        links: { open: action("recobro.open.item"), bucket_d1_30: action("recobro.open.item") },
        trend: [row("2026-02-28", 40), row("2026-03-31", 49.75)],
        key: {
            dso: { now: 49.75, before: 40, is_truncated: false },
            best_possible: { now: 34.75, before: null },
            days_delinquent: { now: 15, before: 15 },
            days_late: { now: null, before: null },
            effectiveness: { now: 69.23, before: 60 },
            receivables: { now: 1000, before: 900 },
            turnover: { now: 7.448, days: 49.0, before: 7.1 },
        },
        ageing: {
            buckets: [100, 200, 300, 150, 250],
            credit: 0,
            before: null,
            over_60: { now: 0.4, before: 0.3 },
            overdue: { now: 900, before: null },
        },
        roll_rates: {
            since: "2026-02-28",
            rates: [0.36, 0.35, null, 0.675],
            before: [100, 40, 0, 8, 12],
            now: [105, 36, 14, 0, 13.5],
        },
        exposure: { total: 400, open: 1000, risks: { d90_plus: 250, legal: 100, dispute: 50, promise: 0, plan: 0 } },
        promises: { now: period, before: { ...period, count: null }, open: { number: 1, amount: 700 } },
        disputes: {
            open: {
                number: 1,
                amount: 50,
                late: 1,
                reasons: [{ id: 3, name: "Price", number: 1, amount: 50, late: 1 }],
            },
            now: { number: 0, attainment: null, hours: null, raw_hours: null },
            before: { number: 0, attainment: null, hours: null, raw_hours: null },
            causes: {},
        },
        agencies: [],
        debtors: {
            total: 1000,
            number: 1,
            top_share: 1,
            customers: [{ id: 5, name: "Oak", case_id: 9, amount: 1000, overdue: 900, share: 1 }],
        },
        ...values,
    };
}

function row(day, dso) {
    const buckets = [100, 200, 300, 150, 250];
    return { day, buckets, dso, best_possible: 30, days_delinquent: 10, source: "run" };
}

function states() {
    return { kept: [2, 4000], partly_kept: [1, 2000], broken: [1, 500] };
}
