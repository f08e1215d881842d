import { Component, onWillStart, onWillUpdateProps } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

/** Over a list of cases: what is wrong with the daily job, seen whether or not it lives. */
export class RunTrouble extends Component {
    static template = "recobro_module.RunTrouble";
    static props = { list: { type: Object, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        this.trouble = await this.orm.call("recobro.case", "get_trouble");
    }

    openRuns() {
        this.action.doAction("recobro_module.action_recobro_run");
    }
}

/** Over the worklist: how much of the day is done, and how much is left out of it. */
export class MyDay extends RunTrouble {
    static template = "recobro_module.MyDay";

    async load() {
        this.day = await this.orm.call("recobro.case", "get_my_day");
        this.trouble = this.day.trouble;
    }

    get total() {
        return this.day.today + this.day.done;
    }

    get share() {
        return this.total ? Math.round((100 * this.day.done) / this.total) : 0;
    }

    /** Show one part of the day in place of what is shown now. */
    show(name) {
        const model = this.env.searchModel;
        const [item] = model.getSearchItems((found) => found.name === name);
        if (item) {
            model.query = [];
            model.toggleSearchItem(item.id);
        }
    }
}

class WorklistListRenderer extends ListRenderer {
    static template = "recobro_module.WorklistListRenderer";
    static components = { ...ListRenderer.components, MyDay };
}

class WorklistKanbanRenderer extends KanbanRenderer {
    static template = "recobro_module.WorklistKanbanRenderer";
    static components = { ...KanbanRenderer.components, MyDay };
}

class CaseListRenderer extends ListRenderer {
    static template = "recobro_module.CaseListRenderer";
    static components = { ...ListRenderer.components, RunTrouble };
}

class CaseKanbanRenderer extends KanbanRenderer {
    static template = "recobro_module.CaseKanbanRenderer";
    static components = { ...KanbanRenderer.components, RunTrouble };
}

const views = registry.category("views");
views.add("recobro_worklist_list", { ...listView, Renderer: WorklistListRenderer });
views.add("recobro_worklist_kanban", { ...kanbanView, Renderer: WorklistKanbanRenderer });
views.add("recobro_case_list", { ...listView, Renderer: CaseListRenderer });
views.add("recobro_case_kanban", { ...kanbanView, Renderer: CaseKanbanRenderer });

/** The next case; of several in a row each takes the place of the one before, so that the way back stays short. */
registry.category("actions").add("recobro_next_case", (env, action) => {
    const isNext = env.services.action.currentController?.action.context?.recobro_is_next;
    return env.services.action.doAction(action.params.action, isNext ? { stackPosition: "replaceCurrentAction" } : {});
});
