import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

const MEGABYTE = 1024 * 1024;

/** A form of an account: files are looked at before they are sent, so that nothing typed is lost, and it is sent once. */
export class AccountForm extends Interaction {
    static selector = ".o_recobro_form";
    dynamicContent = {
        _root: { "t-on-submit": (event) => this.submit(event) },
        "input[type=file]": { "t-on-change": () => this.checkFiles() },
        _window: { "t-on-pageshow": () => this.setSending(false) },
    };

    start() {
        document.querySelector(".o_recobro_errors")?.focus();
    }

    submit(event) {
        if (this.sending || !this.checkFiles()) {
            event.preventDefault();
            return;
        }
        // A button that is disabled at once would not be sent with the form
        this.waitForTimeout(() => this.setSending(true), 0);
    }

    setSending(sending) {
        this.sending = sending;
        for (const button of this.el.querySelectorAll("button[type=submit]")) {
            button.disabled = sending;
        }
    }

    checkFiles() {
        const input = this.el.querySelector("input[type=file]");
        if (!input) {
            return true;
        }
        const problem = this.problemOf([...input.files], input.dataset);
        input.classList.toggle("is-invalid", !!problem);
        this.el.querySelector("#error_files").textContent = problem;
        if (problem) {
            input.focus();
        }
        return !problem;
    }

    problemOf(files, { mostFiles, mostMegabytes }) {
        if (files.length > mostFiles) {
            return _t("At most %s files can be sent at once: choose fewer.", mostFiles);
        }
        const large = files.find((file) => file.size > mostMegabytes * MEGABYTE);
        return large
            ? _t("“%(name)s” is too large: a file can have %(most)s MB at most.", {
                  name: large.name,
                  most: mostMegabytes,
              })
            : "";
    }
}

registry.category("public.interactions").add("recobro_module.account_form", AccountForm);
