import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DashboardCard } from "../card/dashboard_card";
import { BUCKETS, dayOf, isKnown, percent } from "../format";
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

    open(agency) {
        this.props.board.link("placements", [["agency_id", "=", agency.id]])?.();
    }
}

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
