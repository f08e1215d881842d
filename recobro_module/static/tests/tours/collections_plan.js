import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// Agreed on the telephone, sent to the customer, signed on paper: three dialogs, and the plan is in force.
registry.category("web_tour.tours").add("recobro_collections_plan", {
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
            content: "Open the case",
            trigger: ".o_data_row:contains('Ferreteria Roca') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Propose a payment plan",
            trigger: ".o_form_view button[name='action_payment_plan']",
            run: "click",
        },
        {
            content: "The schedule is there: three instalments",
            trigger: ".modal .o_field_widget[name='preview'] tbody tr:nth-child(3):contains('416.6')",
        },
        {
            content: "They can pay in five",
            trigger: ".modal .o_field_widget[name='instalment_count'] input",
            run: "edit 5 && press Tab",
        },
        {
            content: "The schedule follows",
            trigger: ".modal .o_field_widget[name='preview'] tbody tr:nth-child(5):contains('250.00')",
        },
        {
            content: "Propose it",
            trigger: ".modal footer button[name='action_propose']:contains('Propose the plan')",
            run: "click",
        },
        {
            content: "It waits for the customer; meanwhile they signed it on paper",
            trigger: "body:not(:has(.modal)) .o_form_view .o_statusbar_buttons button:contains('Accepted on paper')",
            run: "click",
        },
        {
            content: "Who signed",
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit Rosa Peris",
        },
        {
            content: "The signed sheet",
            trigger: ".modal .o_field_widget[name='file']:has(input[type='file'])",
            run() {
                const files = new DataTransfer();
                files.items.add(new File(["%PDF-1.4\n%%EOF\n"], "Signed.pdf", { type: "application/pdf" }));
                const input = this.anchor.querySelector("input[type='file']");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "It is attached",
            trigger: ".modal .o_field_widget[name='file'] input:value(Signed.pdf)",
        },
        {
            content: "Record it",
            trigger: ".modal footer button[name='action_record']",
            run: "click",
        },
        {
            content: "The plan is in force",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name='state'] [data-value='active'].o_arrow_button_current",
        },
        {
            content: "Its instalments are open",
            trigger: ".o_field_widget[name='installment_ids'] .o_data_row:contains('250.00'):contains('Open')",
        },
        {
            content: "Back to the case",
            trigger: ".o_control_panel .breadcrumb-item a, .o_control_panel .o_back_button a",
            run: "click",
        },
    ],
});
