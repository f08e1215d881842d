import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openCase = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='recobro_module.menu_recobro_root']",
        run: "click",
    },
    {
        content: "From the dashboard to the day's work",
        trigger: "[data-menu-xmlid='recobro_module.menu_recobro_worklist']",
        run: "click",
    },
    {
        content: "Open the case",
        trigger: ".o_data_row:contains('Ferreteria Roca') td[name='partner_id']",
        run: "click",
    },
];
const lookAtPromises = {
    content: "Look at the promises",
    trigger: "body:not(:has(.modal)) .o_form_view a[name='promises']",
    run: "click",
};

// In a call they promise to pay: amount and day are filled in, so one click more is a promise.
registry.category("web_tour.tours").add("recobro_collections_promise", {
    url: "/odoo",
    steps: () => [
        ...openCase,
        {
            content: "Log a call",
            trigger: ".o_form_view button[name='action_log_call']",
            run: "click",
        },
        {
            content: "They promised to pay",
            trigger: ".modal .o_field_widget[name='result'] .o_selection_badge:contains('Promised to pay')",
            run: "click",
        },
        {
            content: "The amount is what is overdue",
            trigger: ".modal .o_field_widget[name='promise_amount'] input:value(1,250.00)",
        },
        {
            content: "Add it to the log",
            trigger: ".modal footer button[name='action_log']",
            run: "click",
        },
        lookAtPromises,
        {
            content: "It is open",
            trigger: ".o_field_widget[name='promise_ids'] .o_data_row:contains('1,250.00'):contains('Open')",
        },
        {
            content: "The log has it",
            trigger: ".o_form_view a[name='log']",
            run: "click",
        },
        {
            content: "One line, of the promise",
            trigger: ".o_field_widget[name='interaction_ids'] .o_data_row:contains('Promised to pay')",
        },
    ],
});

// After the payment the promise is kept.
registry.category("web_tour.tours").add("recobro_collections_promise_kept", {
    url: "/odoo",
    steps: () => [
        ...openCase,
        lookAtPromises,
        {
            content: "It is kept",
            trigger: ".o_field_widget[name='promise_ids'] .o_data_row:contains('1,250.00'):contains('Kept')",
        },
    ],
});
