import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// From the worklist to a case, log a call, see it in the log.
registry.category("web_tour.tours").add("recobro_collections_log_call", {
    url: "/odoo",
    steps: () => [
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
            content: "The worklist says why the customer is there; open the case",
            trigger: ".o_data_row:contains('Ferreteria Roca'):contains('Ask for the remittance') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Log a call",
            trigger: ".o_form_view button[name='action_log_call']",
            run: "click",
        },
        {
            content: "They answered",
            trigger: ".modal .o_field_widget[name='result'] .o_selection_badge:contains('Answered')",
            run: "click",
        },
        {
            content: "What came of it",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit They pay on the 20th",
        },
        {
            content: "Add it to the log",
            trigger: ".modal footer button[name='action_log']",
            run: "click",
        },
        {
            content: "The dialog is closed; look at the log",
            trigger: "body:not(:has(.modal)) .o_form_view a[name='log']",
            run: "click",
        },
        {
            content: "The call is in it",
            trigger:
                ".o_field_widget[name='interaction_ids'] .o_data_row:contains('They pay on the 20th'):contains('Answered')",
        },
    ],
});
