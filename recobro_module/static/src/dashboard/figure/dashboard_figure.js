import { Component } from "@odoo/owl";

const ARROWS = { up: "fa-arrow-up", down: "fa-arrow-down", same: "fa-arrows-h" };

/** One figure: its value, how it changed in words and by an arrow, its target, its method in a hover. */
export class DashboardFigure extends Component {
    static template = "recobro_module.DashboardFigure";
    static props = {
        name: String,
        label: String,
        value: String,
        hint: { type: String, optional: true },
        method: { type: String, optional: true },
        change: { type: [Object, { value: null }], optional: true },
        target: { type: [Object, { value: null }], optional: true },
        onOpen: { type: [Function, { value: null }], optional: true },
    };

    get arrow() {
        return ARROWS[this.props.change.way];
    }

    get changeClass() {
        const { isGood } = this.props.change;
        return isGood === null ? "text-muted" : isGood ? "text-success" : "text-danger";
    }
}
