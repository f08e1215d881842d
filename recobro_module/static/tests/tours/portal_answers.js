import { registry } from "@web/core/registry";

const openAccount = [
    {
        content: "The home of the portal leads to the account",
        trigger: ".o_portal_my_home a[href='/my/collections']",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "The account is there",
        trigger: ".o_recobro_portal h1:contains('Your account with')",
    },
];

function choose(button) {
    return [
        {
            content: "Tick the oldest invoice",
            trigger: ".o_recobro_row:contains('900.00') input[name='items']",
            run: "check",
        },
        {
            content: "Choose what to do",
            trigger: `.o_recobro_buttons button:contains('${button}')`,
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

// An invoice is not right: they say what, and follow it.
registry.category("web_tour.tours").add("recobro_portal_dispute", {
    url: "/my",
    steps: () => [
        ...openAccount,
        ...choose("Dispute an invoice"),
        {
            content: "What it is about",
            trigger: ".o_recobro_form select[name='reason']",
            run: "selectByIndex 1",
        },
        {
            content: "Only part of it",
            trigger: ".o_recobro_disputed input[type='text']:value(900)",
            run: "edit 250",
        },
        {
            content: "What happened",
            trigger: ".o_recobro_form textarea[name='note']",
            run: "edit Five boxes were missing",
        },
        {
            content: "Send it",
            trigger: ".o_recobro_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Somebody looks into it",
            trigger: ".alert-success:contains('A person looks into it')",
        },
    ],
});

// They will pay on a day.
registry.category("web_tour.tours").add("recobro_portal_promise", {
    url: "/my",
    steps: () => [
        ...openAccount,
        ...choose("Say when you will pay"),
        {
            content: "The amount is what is open",
            trigger: ".o_recobro_form input[name='amount']:value(900)",
        },
        {
            content: "A word to us",
            trigger: ".o_recobro_form textarea[name='note']",
            run: "edit By transfer",
        },
        {
            content: "Promise it",
            trigger: ".o_recobro_form button[type='submit']:contains('Promise this payment')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The day is noted",
            trigger: ".alert-success:contains('we have noted the day')",
        },
    ],
});
