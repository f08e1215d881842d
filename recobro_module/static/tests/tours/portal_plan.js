import { registry } from "@web/core/registry";

/**
 * Draw a signature on the canvas, as a hand does.
 */
function draw(canvas) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = (x, y) => ({
        clientX: left + x * width,
        clientY: top + y * height,
        pointerId: 1,
        pointerType: "mouse",
        isPrimary: true,
        button: 0,
        buttons: 1,
        pressure: 0.5,
        bubbles: true,
        cancelable: true,
    });
    canvas.dispatchEvent(new PointerEvent("pointerdown", at(0.2, 0.7)));
    for (const [x, y] of [
        [0.3, 0.3],
        [0.4, 0.7],
        [0.5, 0.3],
        [0.7, 0.6],
    ]) {
        canvas.dispatchEvent(new PointerEvent("pointermove", at(x, y)));
    }
    canvas.dispatchEvent(new PointerEvent("pointerup", { ...at(0.7, 0.6), buttons: 0 }));
}

const read = [
    {
        content: "The text is there to be read",
        trigger: ".o_recobro_agreement:contains('How it is paid'):contains('If a payment is missed, the plan ends.')",
    },
    {
        content: "The contact's name is filled in",
        trigger: ".o_web_sign_name_and_signature input:value(Teresa Till)",
    },
];
const sign = [
    {
        content: "Accept",
        trigger: ".o_portal_sign_submit:enabled",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "It is agreed",
        trigger: ".alert-success:contains('the plan is agreed')",
    },
    {
        content: "The page says what comes next",
        trigger: ".o_recobro_plan_state:contains('The plan is in force. Next:'):contains('500.00')",
    },
    {
        content: "What was signed can be kept",
        trigger: ".o_recobro_signed_file",
    },
];

// The link of the message: read, sign with a name that is written by itself.
registry.category("web_tour.tours").add("recobro_portal_plan_typed", {
    steps: () => [
        ...read,
        {
            content: "The signature is there",
            trigger: "canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        ...sign,
    ],
});

// The same by hand.
registry.category("web_tour.tours").add("recobro_portal_plan_drawn", {
    steps: () => [
        ...read,
        {
            content: "By hand",
            trigger: ".o_web_sign_draw_button",
            run: "click",
        },
        {
            content: "Nothing is signed yet",
            trigger: ".o_portal_sign_submit:disabled",
        },
        {
            content: "Draw",
            trigger: "canvas.o_web_sign_signature",
            run() {
                draw(this.anchor);
            },
        },
        ...sign,
    ],
});

// It does not suit them: they say why.
registry.category("web_tour.tours").add("recobro_portal_plan_declined", {
    steps: () => [
        {
            content: "It does not suit",
            trigger: ".o_recobro_plan summary",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".o_recobro_plan textarea[name='reason']",
            run: "edit We can pay 200 a month",
        },
        {
            content: "Decline",
            trigger: ".o_recobro_plan form button[type='submit']:contains('Decline the plan')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thank you",
            trigger: ".alert-success:contains('Thank you for telling us')",
        },
    ],
});

// The next instalment, with Odoo's demo provider; and the page shows that it is paid.
registry.category("web_tour.tours").add("recobro_portal_pay_instalment", {
    steps: () => [
        {
            content: "Pay the next one",
            trigger: ".o_recobro_pay_next:contains('500.00')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says what is paid",
            trigger: ".o_recobro_pay h1:contains('500.00')",
        },
        {
            content: "By card",
            trigger: "#customer_input",
            run: "edit 4242",
        },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:enabled:contains('500.00')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The payment is seen on the page of the plan",
            trigger: ".alert-success:contains('has reached us is taken off')",
        },
        {
            content: "The instalment is paid",
            trigger: ".o_recobro_paid:contains('Instalment 1'):contains('paid on')",
        },
        {
            content: "The next one is the second",
            trigger: ".o_recobro_next:contains('Instalment 2')",
        },
    ],
});
