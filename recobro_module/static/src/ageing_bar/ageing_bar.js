import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The case's open amount by age, from its live figures: a bar, and the figures under it. */
export class AgeingBar extends Component {
    static template = "recobro_module.AgeingBar";
    static props = { ...standardWidgetProps };

    get buckets() {
        const data = this.props.record.data;
        const buckets = [
            { label: _t("Not due"), amount: data.live_not_due, color: "bg-success" },
            { label: _t("1-30"), amount: data.live_1_30, color: "bg-info" },
            { label: _t("31-60"), amount: data.live_31_60, color: "bg-warning bg-opacity-50" },
            { label: _t("61-90"), amount: data.live_61_90, color: "bg-warning" },
            { label: _t("Over 90"), amount: data.live_90_plus, color: "bg-danger" },
        ];
        const total = buckets.reduce((sum, bucket) => sum + bucket.amount, 0);
        return buckets.map((bucket) => ({ ...bucket, share: total ? (100 * bucket.amount) / total : 0 }));
    }

    format(amount) {
        return formatMonetary(amount, { currencyId: this.props.record.data.currency_id?.id });
    }
}

export const ageingBar = {
    component: AgeingBar,
    fieldDependencies: [
        { name: "currency_id", type: "many2one" },
        ...["live_not_due", "live_1_30", "live_31_60", "live_61_90", "live_90_plus"].map((name) => ({
            name,
            type: "monetary",
        })),
    ],
};

registry.category("view_widgets").add("recobro_ageing_bar", ageingBar);
