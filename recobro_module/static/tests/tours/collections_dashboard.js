import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// From the dashboard to what is open of an age, back, and to the case of who owes the most.
registry.category("web_tour.tours").add("recobro_collections_dashboard", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='recobro_module.menu_recobro_root']",
            run: "click",
        },
        {
            content: "The first page is the dashboard: what is owed",
            trigger: ".o_recobro_figure[data-name='receivables'] .o_recobro_value:contains('1,650')",
        },
        {
            content: "What rolled is a row each, and opens what is in the bucket",
            trigger: ".o_recobro_figure[data-name='over_60'] .o_recobro_value",
            run: "click",
        },
        {
            content: "The items of that age",
            trigger: ".o_list_view .o_data_row:contains('Ferreteria Roca')",
        },
        {
            content: "Back to the figures",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains('Dashboard')",
            run: "click",
        },
        {
            content: "The bars as a table",
            trigger: ".o_recobro_card:contains('Ageing now') .o_recobro_as_table",
            run: "click",
        },
        {
            content: "Its rows are the ages",
            trigger: ".o_recobro_card:contains('Ageing now') table tr:contains('Over 90 days'):contains('1,250')",
        },
        {
            content: "Of three months",
            trigger: ".o_recobro_filters select[name='months']",
            run: "selectByLabel Three months",
        },
        {
            content: "Who owes the most",
            trigger: ".o_recobro_debtors tr:contains('Ferreteria Roca') button",
            run: "click",
        },
        {
            content: "Its case",
            trigger: ".o_form_view .o_recobro_ageing_bar, .o_form_view button[name='action_log_call']",
        },
    ],
});
