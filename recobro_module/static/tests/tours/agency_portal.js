import { registry } from "@web/core/registry";

const closed = "body:not(:has(.modal))";

/** Choose the day so many days from now in a field of the portal. */
function setDay(input, days) {
    const day = new Date(Date.now() + days * 24 * 3600 * 1000);
    input.value = day.toISOString().slice(0, 10);
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

// A manager hands a case over from its page.
registry.category("web_tour.tours").add("recobro_agency_place", {
    url: "/odoo/collections",
    steps: () => [
        {
            content: "Open the case",
            trigger: ".o_data_row:contains('Cedar') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Hand it over",
            trigger: ".o_form_view button[name='action_placement']",
            run: "click",
        },
        {
            content: "To whom",
            trigger: ".modal .o_field_widget[name='agency_id'] input",
            run: "edit Cobros del Norte",
        },
        {
            content: "To the agency",
            trigger: ".o-autocomplete--dropdown-item:contains('Cobros del Norte')",
            run: "click",
        },
        {
            content: "What it would cost is said",
            trigger: ".modal .o_field_widget[name='fee']:contains('150.00')",
        },
        {
            content: "Hand it over",
            trigger: ".modal footer button[name='action_place']",
            run: "click",
        },
        {
            content: "It is with them",
            trigger: `${closed} .o_form_view [data-value='placed'].o_arrow_button_current`,
        },
    ],
});

// A person of the agency finds the case, logs a call and proposes what was agreed.
registry.category("web_tour.tours").add("recobro_agency_answer", {
    url: "/my",
    steps: () => [
        {
            content: "The home of the portal leads to the cases",
            trigger: ".o_portal_my_home a[href='/my/placements']:contains('Cases with You')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the case",
            trigger: ".o_recobro_case_row:contains('Cedar'):contains('1,500.00')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Whom to call is there",
            trigger: ".o_recobro_people:contains('Teresa Till')",
        },
        {
            content: "They answered",
            trigger: "#log_result",
            run: "select answered",
        },
        {
            content: "What was said",
            trigger: "#log_note",
            run: "edit They can pay 700 next week",
        },
        {
            content: "What comes next",
            trigger: "#log_next_step",
            run: "edit Ask for the receipt",
        },
        {
            content: "And when",
            trigger: "#log_next_day",
            run: ({ anchor }) => setDay(anchor, 6),
        },
        {
            content: "Log it",
            trigger: "form[action$='/log'] button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is in the log",
            trigger: ".o_recobro_log:contains('They can pay 700 next week'):contains('Ask for the receipt')",
        },
        {
            content: "Propose it",
            trigger: "summary:contains('Propose a promise')",
            run: "click",
        },
        {
            content: "How much",
            trigger: "#proposal_amount",
            run: "edit 700",
        },
        {
            content: "When",
            trigger: "#proposal_day",
            run: ({ anchor }) => setDay(anchor, 5),
        },
        {
            content: "A promise has no number of payments",
            trigger: "body:not(:has(#proposal_count:visible))",
        },
        {
            content: "Propose it",
            trigger: ".o_recobro_proposal button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It waits for an answer",
            trigger: ".o_recobro_entry:contains('700.00') button:contains('Withdraw')",
        },
    ],
});

// A manager accepts what was proposed: the promise is filled in, and binds once it is recorded.
registry.category("web_tour.tours").add("recobro_agency_accept", {
    url: "/odoo/collections-agency-proposals",
    steps: () => [
        {
            content: "Accept it",
            trigger: ".o_data_row:contains('Cedar'):contains('700.00') button[name='action_accept']",
            run: "click",
        },
        {
            content: "The promise is filled in",
            trigger: ".modal .o_field_widget[name='promise_amount'] input:value(700.00)",
        },
        {
            content: "Record it",
            trigger: ".modal footer button[name='action_take']",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: `${closed} .o_list_view:not(:has(.o_data_row:contains('700.00') button[name='action_accept']))`,
        },
    ],
});

// A manager reads what they wrote, refuses the next proposal, and takes the case back.
registry.category("web_tour.tours").add("recobro_agency_recall", {
    url: "/odoo/collections-placements",
    steps: () => [
        {
            content: "Open the placement",
            trigger: ".o_data_row:contains('Cedar') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Look at what they say",
            trigger: ".o_form_view a[name='agency']",
            run: "click",
        },
        {
            content: "Every word is there",
            trigger:
                ".o_field_widget[name='agency_log_ids'] .o_data_row:contains('Ana Norte'):contains('They can pay 700')",
        },
        {
            content: "Refuse what they propose now",
            trigger:
                ".o_field_widget[name='proposal_ids'] .o_data_row:contains('Settlement') button[name='action_refuse']",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit No discounts",
        },
        {
            content: "Refuse it",
            trigger: ".modal footer button[name='action_refuse']",
            run: "click",
        },
        {
            content: "It is refused",
            trigger: `${closed} .o_field_widget[name='proposal_ids'] .o_data_row:contains('Settlement'):contains('Refused')`,
        },
        {
            content: "Take the case back",
            trigger: `${closed} .o_form_view button[name='action_end']:contains('Recall')`,
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit We go on ourselves",
        },
        {
            content: "Recall it",
            trigger: ".modal footer button[name='action_end']",
            run: "click",
        },
        {
            content: "It is with us again",
            trigger: `${closed} .o_form_view [data-value='recalled'].o_arrow_button_current`,
        },
    ],
});
