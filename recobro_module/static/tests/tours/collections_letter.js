import { registry } from "@web/core/registry";

const closed = "body:not(:has(.modal))";

// What is proposed, why, and what would go out: the manager sees it and approves.
registry.category("web_tour.tours").add("recobro_collections_letter_approve", {
    url: "/odoo/collections-to-approve",
    steps: () => [
        {
            content: "Open the letter that waits",
            trigger: ".o_data_row:contains('Ferreteria Roca') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Decide on it",
            trigger: ".o_form_view button[name='action_decide']",
            run: "click",
        },
        {
            content: "Who it is about, and how late",
            trigger: ".modal .o_field_widget[name='cards']:contains('Ferreteria Roca'):contains('50 days late')",
        },
        {
            content: "What was tried",
            trigger: ".modal .o_field_widget[name='cards']:contains('They pay when they can')",
        },
        {
            content: "What the letter says",
            trigger: ".modal .o_field_widget[name='cards']:contains('What it says'):contains('1,250.00')",
        },
        {
            content: "Approve it",
            trigger: ".modal footer button[name='action_approve']",
            run: "click",
        },
        {
            content: "It waits to be printed",
            trigger: `${closed} .o_form_view [data-value='planned'].o_arrow_button_current`,
        },
    ],
});

// Printed, taken to the post, and the receipt of its delivery: three moments of a collector.
registry.category("web_tour.tours").add("recobro_collections_letter_post", {
    url: "/odoo/collections-letters",
    steps: () => [
        {
            content: "Choose the letter",
            trigger: ".o_data_row:contains('Ferreteria Roca') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Print it",
            trigger:
                ".o_control_panel button[name='action_print_letters'], .o_list_view button[name='action_print_letters']",
            run: "click",
        },
        {
            content: "One file, with this letter in it",
            trigger: ".modal .o_field_widget[name='file']:contains('.pdf')",
        },
        {
            content: "It is in the post",
            trigger: ".modal footer button[name='action_sent']",
            run: "click",
        },
        {
            content: "The number the post gave",
            trigger: ".modal .o_field_widget[name='line_ids'] .o_data_row td[name='tracking_number']",
            run: "click",
        },
        {
            content: "Write it down",
            trigger: ".modal .o_field_widget[name='line_ids'] .o_field_widget[name='tracking_number'] input",
            run: "edit RR123456789ES",
        },
        {
            content: "Record it",
            trigger: ".modal footer button[name='action_record']:contains('Record as posted')",
            run: "click",
        },
        {
            content: "Nothing is left to print",
            trigger: `${closed} .o_nocontent_help, ${closed} .o_list_view:not(:has(.o_data_row:contains('Ferreteria Roca')))`,
        },
        {
            content: "Show what was sent, too",
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        {
            content: "Choose it again",
            trigger:
                ".o_data_row:contains('Ferreteria Roca'):contains('Posted') .o_list_record_selector input:not(:checked)",
            run: "click",
        },
        {
            content: "The receipt came back",
            trigger:
                ".o_control_panel button[name='action_letters_delivered'], .o_list_view button[name='action_letters_delivered']",
            run: "click",
        },
        {
            content: "Its scan",
            trigger: ".modal .o_field_widget[name='proof_ids']:has(input[type='file'])",
            async run() {
                const files = new DataTransfer();
                files.items.add(new File(["%PDF-1.4\n%%EOF\n"], "Receipt.pdf", { type: "application/pdf" }));
                const input = this.anchor.querySelector("input[type='file']");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "It is attached",
            trigger: ".modal .o_field_widget[name='proof_ids']:contains('Receipt')",
        },
        {
            content: "Record the delivery",
            trigger: ".modal footer button[name='action_record']:contains('Record the delivery')",
            run: "click",
        },
        {
            content: "From today on its time counts",
            trigger: `${closed} .o_data_row:contains('Ferreteria Roca'):contains('Arrived')`,
        },
    ],
});
