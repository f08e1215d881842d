import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** What the figures are about: the period, the day it ends on, the segment, who answers for the case. */
export class DashboardFilters extends Component {
    static template = "recobro_module.DashboardFilters";
    static props = { filters: Object, data: Object, onChange: Function };

    periods = [
        { months: 1, label: _t("This month") },
        { months: 3, label: _t("Three months") },
        { months: 12, label: _t("Twelve months") },
    ];

    get day() {
        return this.props.filters.as_of || this.props.data.as_of;
    }

    onDay(event) {
        const { value, validity } = event.target;
        if (validity.valid) {
            this.props.onChange({ as_of: value && value < this.props.data.today ? value : null });
        }
    }

    onPeriod(event) {
        this.props.onChange({ months: Number(event.target.value) });
    }

    onChoice(name, event) {
        const { value } = event.target;
        this.props.onChange({ [name]: value === "" ? null : Number(value) });
    }
}
