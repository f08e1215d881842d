import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** How long a page is in view before it counts as looked at, in milliseconds. */
const LOOKED_AT = 3000;

/**
 * Tells the server that a person has looked at the page: it was in view for some seconds, or was touched. What only
 * fetches pages, as scanners of mails do, says nothing; and the page itself writes nothing.
 */
export class AccountVisit extends Interaction {
    static selector = ".o_recobro_portal[data-seen]";
    dynamicContent = {
        _document: {
            "t-on-visibilitychange": () => this.watch(),
            "t-on-pointerdown": () => this.tell(),
            "t-on-keydown": () => this.tell(),
        },
    };

    start() {
        this.watch();
    }

    watch() {
        clearTimeout(this.timer);
        if (document.visibilityState === "visible") {
            this.timer = this.waitForTimeout(() => this.tell(), LOOKED_AT);
        }
    }

    tell() {
        if (this.told) {
            return;
        }
        this.told = true;
        const body = new URLSearchParams({ csrf_token: odoo.csrf_token });
        // The page may be left at once: the browser sends it all the same. That it failed is nobody's trouble
        fetch(this.el.dataset.seen, { method: "POST", body, keepalive: true }).catch(() => {});
    }
}

registry.category("public.interactions").add("recobro_module.account_visit", AccountVisit);
