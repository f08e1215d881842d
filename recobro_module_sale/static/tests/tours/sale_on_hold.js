import { registry } from "@web/core/registry";

// A salesperson meets the hold: the order says so, is not confirmed, and what the customer says goes into the log.
registry.category("web_tour.tours").add("recobro_sale_on_hold", {
    steps: () => [
        {
            content: "The quotation says that the customer is on hold, since when and for how much",
            trigger: ".o_form_view .o_recobro_banner.alert-danger:contains('On hold since'):contains('$ 1,250.00')",
        },
        {
            content: "Confirm it all the same",
            trigger: ".o_form_view button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "It says who can",
            trigger: ".modal:contains('by a collections manager, who says why')",
        },
        {
            content: "Understood",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "Look at the customer's case",
            trigger: "body:not(:has(.modal)) button[name='action_recobro_case']",
            run: "click",
        },
        {
            content: "It can be read; nothing but the log can be added to",
            trigger: ".o_form_view .o_form_statusbar:not(:has(button[name='action_pause'])) button[name='action_note']",
            run: "click",
        },
        {
            content: "What the customer said",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit They pay on Friday",
        },
        {
            content: "Add it",
            trigger: ".modal footer button[name='action_log']",
            run: "click",
        },
        {
            content: "Look at the log",
            trigger: "body:not(:has(.modal)) .o_notebook_headers a[name='log']",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o_field_widget[name='interaction_ids'] .o_data_row:contains('They pay on Friday')",
        },
    ],
});

// A collections manager lets one order through, and says why.
registry.category("web_tour.tours").add("recobro_sale_release", {
    steps: () => [
        {
            content: "Confirm the order of a customer on hold",
            trigger: ".o_form_view:has(.o_recobro_banner) button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Paid in advance",
        },
        {
            content: "Confirm it",
            trigger: ".modal footer button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is a sales order now",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Sales Order')",
        },
    ],
});
