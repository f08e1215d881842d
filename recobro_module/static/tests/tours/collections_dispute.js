import { registry } from "@web/core/registry";

// From an invoice: open a dispute on part of it, and resolve it with a credit note without leaving the invoice.
registry.category("web_tour.tours").add("recobro_collections_dispute", {
    steps: () => [
        {
            content: "The bar says where the invoice stands; the customer disputes something",
            trigger: ".o_form_view .o_recobro_bar button[name='action_recobro_dispute']",
            run: "click",
        },
        {
            content: "What is open is prefilled; only part of it is disputed",
            trigger: ".modal .o_field_widget[name='amount'] input:value(/^1,250.00$/)",
            run: "edit 250",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name='reason_id'] .o_selection_badge:contains('Quantity')",
            run: "click",
        },
        {
            content: "The dialog says who deals with it",
            trigger: ".modal .o_field_widget[name='reason_help']:contains('Logistics deals with it')",
        },
        {
            content: "In their words",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Five boxes were missing",
        },
        {
            content: "Open it",
            trigger: ".modal footer button[name='action_open']",
            run: "click",
        },
        {
            content: "The invoice shows that it is disputed",
            trigger: "body:not(:has(.modal)) .o_form_view .ribbon:contains('Disputed')",
        },
        {
            content: "The ticket is over the invoice; look at it",
            trigger: ".o_recobro_tickets .o_kanban_record:contains('Quantity'):contains('$ 250.00')",
            run: "click",
        },
        {
            content: "It opens in a dialog, with its clock",
            trigger: ".modal .o_form_view .o_recobro_sla:contains('left')",
        },
        {
            content: "Back to the invoice",
            trigger: ".modal .modal-header .btn-close",
            run: "click",
        },
        {
            content: "They are right: a credit note",
            trigger: "body:not(:has(.modal)) .o_recobro_tickets [name='action_credit_note']",
            run: "click",
        },
        {
            content: "Confirm it",
            trigger: ".modal footer button:contains('Make the credit note')",
            run: "click",
        },
        {
            content: "No ticket is open any more, and the ribbon is gone; all of them are one click away",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(.o_recobro_tickets)):not(:has(.ribbon:contains('Disputed'))) button[name='action_recobro_disputes']",
        },
    ],
});
