import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { AgeingNow, AgeingOverTime, DaysOverTime, RollRates } from "./blocks/ageing_blocks";
import { DisputesBlock, ExposureBlock, PromisesBlock } from "./blocks/answer_blocks";
import { CostBlock, ForecastBlock, MigrationBlock, RecoveryBlock } from "./blocks/later_blocks";
import { AgenciesBlock, DebtorsBlock } from "./blocks/money_blocks";
import { DashboardFigure } from "./figure/dashboard_figure";
import { headFigures } from "./figures";
import { DashboardFilters } from "./filters/dashboard_filters";
import { amount, dayOf } from "./format";
import { DashboardStart } from "./start/dashboard_start";

const MODEL = "recobro.dashboard";

/** The first page of the app: what the ledger looks like, how it changes, and the records behind each figure. */
export class Dashboard extends Component {
    static template = "recobro_module.Dashboard";
    static components = { ControlPanel, DashboardFigure, DashboardFilters, DashboardStart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            filters: this.props.state?.filters || { as_of: null, months: 1, segment: null, owner: null },
            data: null,
            later: null,
            isLoading: false,
            isLaterFailed: false,
        });
        this.controlPanelDisplay = { layoutActions: false };
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.filters } }) });
        onWillStart(() => this.load());
    }

    /** Read the page in one go; what is read item by item comes a moment later. */
    async load() {
        const filters = { ...this.state.filters };
        this.state.isLoading = true;
        try {
            this.state.data = await this.keepLast.add(this.orm.call(MODEL, "get_data", [filters]));
        } finally {
            this.state.isLoading = false;
        }
        this.state.later = null;
        if (!this.state.data.is_empty) {
            this.loadLater(filters, this.state.data);
        }
    }

    async loadLater(filters, data) {
        this.state.isLaterFailed = false;
        // What was asked for before other filters were chosen is neither shown nor missed
        const isWanted = () =>
            this.state.data === data || JSON.stringify(this.state.filters) === JSON.stringify(filters);
        try {
            const later = await this.orm.silent.call(MODEL, "get_later", [filters]);
            if (isWanted()) {
                this.state.later = later;
            }
        } catch {
            if (isWanted()) {
                this.state.isLaterFailed = true;
            }
        }
    }

    change(values) {
        Object.assign(this.state.filters, values);
        this.load();
    }

    print() {
        window.print();
    }

    // What the blocks are given

    get board() {
        const { data, later, isLaterFailed } = this.state;
        return {
            data,
            later,
            isLaterFailed,
            money: (value) => amount(value, data.currency_id),
            link: (name, domain = []) => this.link(name, domain),
            openRecord: (model, id) => this.openRecord(model, id),
        };
    }

    /** Return what opens the records behind a figure, null where the user may not, or there are none to open. */
    link(name, domain) {
        const action = this.state.data.links[name];
        return action ? () => this.action.doAction({ ...action, domain: [...action.domain, ...domain] }) : null;
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    get figures() {
        return headFigures(this.board);
    }

    /** The blocks that have something to show, in their order. */
    get blocks() {
        const { data, later } = this.state;
        const all = [
            [AgeingNow, true],
            [AgeingOverTime, !data.is_filtered],
            [DaysOverTime, !data.is_filtered],
            [RollRates, !data.is_filtered && data.roll_rates],
            [ExposureBlock, data.exposure],
            [PromisesBlock, true],
            [DebtorsBlock, true],
            [DisputesBlock, true],
            [AgenciesBlock, data.agencies.length],
            [RecoveryBlock, later?.recovery],
            [ForecastBlock, later?.forecast],
            [MigrationBlock, later?.migration],
            [CostBlock, later?.cost],
        ];
        return all.filter(([, isShown]) => isShown).map(([component]) => component);
    }

    get source() {
        const { data } = this.state;
        const day = dayOf(data.as_of);
        if (data.is_kept) {
            return _t("Figures of %(day)s, as the daily job kept them.", { day });
        }
        return _t("Figures of %(day)s, worked out from the books just now.", { day });
    }

    get companies() {
        return this.state.data.companies.join(", ");
    }
}

registry.category("actions").add("recobro_dashboard", Dashboard);
