import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** What the dashboard will show, and the three steps until then: for who has just installed. */
export class DashboardStart extends Component {
    static template = "recobro_module.DashboardStart";
    static props = { may: Object };

    setup() {
        this.action = useService("action");
    }

    open(action) {
        return this.action.doAction(action);
    }
}
