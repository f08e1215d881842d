import { registry } from "@web/core/registry";

// A collector's day: the worklist, the first case, one set aside, and the next one.
registry.category("web_tour.tours").add("recobro_collections_my_day", {
    steps: () => [
        {
            content: "The day has two cases, and one is left out of it",
            trigger: ".o_recobro_my_day:contains('2'):contains('to do today'):contains('left out today')",
        },
        {
            content: "The one that counts most is the first; open it",
            trigger: ".o_data_row:first:contains('Large buyer') td[name='partner_id']",
            run: "click",
        },
        {
            content: "It says why it is there and what to do",
            trigger:
                ".o_form_view [role='status']:contains('A promise to pay was not kept'):contains('Call and agree')",
        },
        {
            content: "Go on to the next case",
            trigger: "button[name='action_next_case']",
            run: "click",
        },
        {
            content: "It is the second one; set it aside",
            trigger:
                ".o_form_view:has(.oe_title:contains('Middle buyer')) [role='status'] button[name='action_snooze']",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Back on Monday",
        },
        {
            content: "Set it aside",
            trigger: ".modal footer button[name='action_snooze']",
            run: "click",
        },
        {
            content: "It says so",
            trigger: "body:not(:has(.modal)) .o_form_view [role='status']:contains('Back on Monday')",
        },
        {
            content: "Back to the worklist",
            trigger: ".o_breadcrumb .breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "What was left out has taken its place",
            trigger: ".o_recobro_my_day:contains('set aside')",
        },
        {
            content: "And is in the list",
            trigger: ".o_data_row:contains('Small buyer')",
        },
    ],
});
