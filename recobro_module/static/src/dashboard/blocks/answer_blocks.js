import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DashboardCard } from "../card/dashboard_card";
import { colorOf, hours, percent } from "../format";
import { METHODS } from "../words";

/** What is at risk, by why: each open item once, under the first reason that is true of it. */
export class ExposureBlock extends Component {
    static template = "recobro_module.ExposureBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.exposure;
    percent = percent;

    labels = {
        d90_plus: _t("Over 90 days late"),
        legal: _t("Before or with a lawyer"),
        dispute: _t("Disputes past their SLA"),
        promise: _t("Broken promises"),
        plan: _t("Payment plans in default"),
    };

    get rows() {
        const { risks, total } = this.props.board.data.exposure;
        return Object.keys(this.labels).map((risk) => ({
            risk,
            label: this.labels[risk],
            amount: risks[risk],
            share: total ? risks[risk] / total : 0,
            link: this.props.board.link(`risk_${risk}`),
        }));
    }
}

/** What became of the promises that were judged in the period, and what is promised now. */
export class PromisesBlock extends Component {
    static template = "recobro_module.PromisesBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.promises;
    percent = percent;

    get promises() {
        return this.props.board.data.promises;
    }

    get rows() {
        const { states, number } = this.promises.now;
        const looks = [
            { state: "kept", label: _t("Kept"), color: colorOf(2) },
            { state: "partly_kept", label: _t("Partly kept"), color: colorOf(5) },
            { state: "broken", label: _t("Broken"), color: colorOf(1) },
        ];
        return looks.map((look) => ({
            ...look,
            number: states[look.state][0],
            amount: states[look.state][1],
            share: number ? states[look.state][0] / number : 0,
        }));
    }
}

/** The open disputes by reason, and how the closed ones went. */
export class DisputesBlock extends Component {
    static template = "recobro_module.DisputesBlock";
    static components = { DashboardCard };
    static props = { board: Object };
    method = METHODS.sla;
    percent = percent;
    hours = hours;

    causes = {
        dispute: _t("Dispute"),
        friction: _t("Process friction"),
        illiquidity: _t("Illiquidity"),
    };

    get disputes() {
        return this.props.board.data.disputes;
    }

    get causeWords() {
        return Object.entries(this.disputes.causes)
            .map(([cause, number]) => _t("%(cause)s: %(number)s", { cause: this.causes[cause], number }))
            .join(" · ");
    }

    nameOf(reason) {
        return reason.name || _t("No reason yet");
    }

    openReason(reason) {
        this.props.board.link("disputes", [["reason_id", "=", reason.id || false]])?.();
    }
}
