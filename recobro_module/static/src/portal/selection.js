import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The boxes of an account: all at once, and what those that are ticked add up to. Without it the page works too. */
export class AccountSelection extends Interaction {
    static selector = ".o_recobro_sheet";
    dynamicContent = {
        "input[name=items]": { "t-on-change": () => this.show() },
        ".o_recobro_all": { "t-on-change": (event) => this.tickAll(event.target.checked) },
    };

    start() {
        this.boxes = [...this.el.querySelectorAll("input[name=items]")];
        this.all = this.el.querySelector(".o_recobro_all");
        if (this.all && this.boxes.length > 1) {
            this.all.classList.remove("d-none");
        }
        this.show();
    }

    tickAll(ticked) {
        for (const box of this.boxes) {
            box.checked = ticked;
        }
        this.show();
    }

    show() {
        const ticked = this.boxes.filter((box) => box.checked);
        if (this.all) {
            this.all.checked = ticked.length > 0 && ticked.length === this.boxes.length;
            this.all.indeterminate = ticked.length > 0 && ticked.length < this.boxes.length;
        }
        const chosen = this.el.querySelector(".o_recobro_chosen");
        if (!chosen) {
            return;
        }
        this.el.querySelector(".o_recobro_bar").classList.toggle("o_recobro_has_chosen", !!ticked.length);
        chosen.classList.toggle("d-none", !ticked.length);
        this.el.querySelector(".o_recobro_nothing").classList.toggle("d-none", !!ticked.length);
        this.el.querySelector(".o_recobro_number").textContent = ticked.length;
        const sum = this.el.querySelector(".o_recobro_sum");
        const amount = ticked.reduce((total, box) => total + parseFloat(box.dataset.amount), 0);
        sum.textContent = new Intl.NumberFormat(document.documentElement.lang || undefined, {
            style: "currency",
            currency: sum.dataset.currency,
        }).format(amount);
    }
}

registry.category("public.interactions").add("recobro_module.account_selection", AccountSelection);
