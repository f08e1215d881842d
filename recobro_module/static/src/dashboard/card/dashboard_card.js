import { Component } from "@odoo/owl";

/** A block of the dashboard: its title, its method in a hover, a way to the records behind it. */
export class DashboardCard extends Component {
    static template = "recobro_module.DashboardCard";
    static props = {
        title: String,
        method: { type: String, optional: true },
        note: { type: String, optional: true },
        onOpen: { type: [Function, { value: null }], optional: true },
        class: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = { class: "" };
}
