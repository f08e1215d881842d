import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DashboardCard } from "../card/dashboard_card";
import { isKnown, percent } from "../format";
import { METHODS } from "../words";

/** Who owes the most, and how much of the ledger is theirs. */
export class DebtorsBlock extends Component {
    static template = "recobro_module.DebtorsBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.debtors;
    percent = percent;

    get debtors() {
        return this.props.board.data.debtors;
    }

    get note() {
        const { number, top_share: share, customers } = this.debtors;
        return _t("The first %(count)s of %(number)s customers owe %(share)s of it all.", {
            count: customers.length,
            number,
            share: percent(share),
        });
    }

    /** What of it is overdue is not known of a past day. */
    get isOverdueKnown() {
        return this.debtors.customers.some((customer) => isKnown(customer.overdue));
    }

    nameOf(customer) {
        return customer.name || _t("Customer removed");
    }

    open(customer) {
        this.props.board.openRecord(
            ...(customer.case_id ? ["recobro.case", customer.case_id] : ["res.partner", customer.id])
        );
    }
}

/** What agencies and lawyers brought back in the period, net of what they cost, side by side. */
export class AgenciesBlock extends Component {
    static template = "recobro_module.AgenciesBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.agencies;
    percent = percent;

    /** Whether any of them had something in the period before. */
    get isBeforeKnown() {
        return this.props.board.data.agencies.some((agency) => isKnown(agency.before));
    }

    open(agency) {
        this.props.board.link("placements", [["agency_id", "=", agency.id]])?.();
    }
}
