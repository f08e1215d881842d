import { expect, test, describe } from "@odoo/hoot";
import { queryAllTexts, queryText } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { DashboardChart } from "@recobro_module/dashboard/chart/dashboard_chart";
import { DashboardFigure } from "@recobro_module/dashboard/figure/dashboard_figure";
import "@recobro_module/dashboard/dashboard";
import { changeOf, days, isMet, percent, points } from "@recobro_module/dashboard/format";
import { dashboardData } from "./dashboard_data";

describe.current.tags("desktop");
defineMailModels();

const action = { tag: "recobro_dashboard", type: "ir.actions.client" };

async function openDashboard(data, later = {}) {
    onRpc("recobro.dashboard", "get_data", ({ args }) => {
        expect.step(JSON.stringify(args[0]));
        return dashboardData(data);
    });
    onRpc("recobro.dashboard", "get_later", () => later);
    await mountWithCleanup(WebClient);
    await getService("action").doAction(action);
    await animationFrame();
}

test("what is not known is n/a, and never zero", async () => {
    await makeMockEnv();
    expect(percent(null)).toBe("n/a");
    expect(days(undefined)).toBe("n/a");
    expect(percent(0)).toBe("0.0%");
    expect(days(0)).toBe("0.0 days");
});

test("a change is told in words, with whether it is good", async () => {
    await makeMockEnv();
    const worse = changeOf({ now: 49.75, before: 40 }, "low", days, "2/28/2026");
    expect(worse.words).toBe("9.8 days more than on 2/28/2026: worse");
    expect([worse.way, worse.isGood]).toEqual(["up", false]);
    expect(changeOf({ now: 0.5, before: 0.4 }, "high", points, "2/28/2026").isGood).toBe(true);
    expect(changeOf({ now: 5, before: 4 }, "low", days, null).words).toBe(
        "1.0 days more than in the period before: worse"
    );
    expect(changeOf({ now: 5, before: 4 }, undefined, days, "2/28/2026").isGood).toBe(null);
    expect(changeOf({ now: 5.01, before: 5 }, "low", days, "2/28/2026").way).toBe("same");
    expect(changeOf({ now: 5, before: null }, "low", days, "2/28/2026")).toBe(null);
});

test("a target is met or not, and neither where there is none", () => {
    expect(isMet(0.5, 0.8, "high")).toBe(false);
    expect(isMet(60, 72, "low")).toBe(true);
    expect(isMet(null, 72, "low")).toBe(null);
    expect(isMet(60, null, "low")).toBe(null);
});

test("a figure opens its records, and shows its change, its target and its method", async () => {
    await mountWithCleanup(DashboardFigure, {
        props: {
            name: "dso",
            label: "Days",
            value: "49.8 days",
            method: "Counted back.",
            change: { way: "up", isGood: false, words: "9.8 days more: worse" },
            target: { isMet: false, words: "Target: 45 days at most" },
            onOpen: () => expect.step("open"),
        },
    });
    expect(".o_recobro_change i.fa-arrow-up").toHaveCount(1);
    expect(".o_recobro_change").toHaveText("9.8 days more: worse");
    expect(".o_recobro_target i.fa-exclamation-triangle").toHaveCount(1);
    expect(".o_recobro_method").toHaveAttribute("data-tooltip", "Counted back.");
    await contains(".o_recobro_value").click();
    expect.verifySteps(["open"]);
});

test("a chart can be read as a table", async () => {
    await mountWithCleanup(DashboardChart, {
        props: {
            type: "bar",
            label: "By age",
            labels: ["Not due", "Late"],
            series: [{ label: "Open", values: [1, 2], color: 0 }],
            format: (value) => `${value} €`,
        },
    });
    expect("canvas[role=img]").toHaveAttribute("aria-label", "By age");
    await contains(".o_recobro_as_table").click();
    expect("canvas").toHaveCount(0);
    expect(queryAllTexts("tbody th")).toEqual(["Not due", "Late"]);
    expect(queryAllTexts("tbody td")).toEqual(["1 €", "2 €"]);
});

test("the page shows each figure, and n/a where there is no value", async () => {
    await openDashboard();
    expect.verifySteps(['{"as_of":null,"months":1,"segment":null,"owner":null}']);
    expect(".o_recobro_figure").toHaveCount(12);
    expect(".o_recobro_figure[data-name=dso] .o_recobro_value").toHaveText("49.8 days");
    expect(".o_recobro_figure[data-name=days_late] .o_recobro_value").toHaveText("n/a");
    expect(".o_recobro_figure[data-name=cycle] .o_recobro_value").toHaveText("n/a");
    expect(queryAllTexts(".o_recobro_rate")).toEqual(["36%", "35%", "n/a", "68%"]);
    expect(queryText(".o_recobro_source")).toInclude("as the daily job kept them");
});

test("what is likely to be lost comes a moment later, with what is not known of it", async () => {
    await openDashboard({}, { loss: { amount: 120, judged: 900, unknown: 100 } });
    expect.verifySteps(['{"as_of":null,"months":1,"segment":null,"owner":null}']);
    expect(".o_recobro_figure[data-name=loss] .o_recobro_value").toHaveText(/120/);
    expect(queryText(".o_recobro_figure[data-name=loss]")).toInclude("more have no known chance");
    expect(".o_recobro_figure[data-name=turnover] .o_recobro_value").toHaveText("7.4 times");
    expect(queryText(".o_recobro_figure[data-name=turnover]")).toInclude("Once in 49.0 days");
});

test("a daily job that stands still is told above the figures", async () => {
    await openDashboard({}, { trouble: "Collections have not run since Monday." });
    expect.verifySteps(['{"as_of":null,"months":1,"segment":null,"owner":null}']);
    expect(".o_recobro_trouble").toHaveText("Collections have not run since Monday.");
});

test("a filter asks for the figures again, and a past day may be left", async () => {
    await openDashboard();
    await contains(".o_recobro_filters select[name=months]").select("3");
    await contains(".o_recobro_filters select[name=owner]").select("7");
    expect.verifySteps([
        '{"as_of":null,"months":1,"segment":null,"owner":null}',
        '{"as_of":null,"months":3,"segment":null,"owner":null}',
        '{"as_of":null,"months":3,"segment":null,"owner":7}',
    ]);
});

test("a figure opens the records that the server named, and a customer its case", async () => {
    await openDashboard();
    patchWithCleanup(getService("action"), {
        doAction: (opened) => expect.step(`${opened.res_model} ${opened.res_id || ""}`),
    });
    await contains(".o_recobro_figure[data-name=receivables] button.o_recobro_value").click();
    await contains(".o_recobro_debtors button").click();
    expect(".o_recobro_figure[data-name=effectiveness] button.o_recobro_value").toHaveCount(0, {
        message: "nothing to open where the server gave no link",
    });
    expect.verifySteps([
        '{"as_of":null,"months":1,"segment":null,"owner":null}',
        "recobro.open.item ",
        "recobro.case 9",
    ]);
});

test("nothing in the ledger: three steps to start", async () => {
    await openDashboard({ is_empty: true, trend: [], may: { configure: false, invoice: true } });
    expect(".o_recobro_start li").toHaveCount(3);
    expect(".o_recobro_start li button").toHaveCount(2);
    expect(".o_recobro_figure").toHaveCount(0);
    expect.verifySteps(['{"as_of":null,"months":1,"segment":null,"owner":null}']);
});

test("what was asked for before other filters were chosen is not missed when it fails", async () => {
    const first = new Deferred();
    onRpc("recobro.dashboard", "get_data", () => dashboardData());
    onRpc("recobro.dashboard", "get_later", ({ args }) => (args[0].months === 1 ? first : {}));
    await mountWithCleanup(WebClient);
    await getService("action").doAction(action);
    await contains(".o_recobro_filters select[name=months]").select("3");
    first.reject(new Error("It took too long"));
    await animationFrame();
    expect(".o_recobro_later").toHaveCount(0);
});
