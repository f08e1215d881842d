import { Component } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How each state looks: the badge, the bar and the icon. Calm as long as there is time. */
const LOOKS = {
    running: { badge: "bg-200 text-body", bar: "bg-success", text: "", icon: "fa-clock-o" },
    near: { badge: "text-bg-warning", bar: "bg-warning", text: "text-warning", icon: "fa-clock-o" },
    late: { badge: "text-bg-danger", bar: "bg-danger", text: "text-danger", icon: "fa-exclamation-circle" },
    stopped: { badge: "text-info border border-info", bar: "bg-info", text: "text-info", icon: "fa-pause" },
    met: { badge: "text-bg-success", bar: "bg-success", text: "text-success", icon: "fa-check" },
    missed: { badge: "text-danger border border-danger", bar: "bg-danger", text: "text-danger", icon: "fa-times" },
};

/** The SLA of a dispute in words, coloured by its state; with the option `bar`, large and with the share used. */
export class SlaField extends Component {
    static template = "recobro_module.Sla";
    static props = { ...standardFieldProps, bar: { type: Boolean, optional: true } };

    get state() {
        return this.props.record.data[this.props.name];
    }

    get look() {
        return LOOKS[this.state];
    }

    get words() {
        const labels = Object.fromEntries(this.props.record.fields[this.props.name].selection);
        return this.props.record.data.time_left || labels[this.state] || "";
    }

    get share() {
        return Math.max(0, Math.min(100, Math.round(100 * this.props.record.data.sla_used)));
    }

    get tooltip() {
        const deadline = this.props.record.data.deadline;
        return deadline ? _t("To be resolved by %s", deadline.toFormat(localization.dateTimeFormat)) : "";
    }
}

export const slaField = {
    component: SlaField,
    displayName: _t("SLA of a dispute"),
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "time_left", type: "char" },
        { name: "sla_used", type: "float" },
        { name: "deadline", type: "datetime" },
    ],
    extractProps: ({ options }) => ({ bar: Boolean(options.bar) }),
};

registry.category("fields").add("recobro_sla", slaField);
