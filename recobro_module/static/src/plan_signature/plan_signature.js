import { onMounted } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import { redirect } from "@web/core/utils/urls";
import { _t } from "@web/core/l10n/translation";
import { SignatureForm } from "@portal/signature_form/signature_form";

/**
 * Odoo's own signature form, which says besides how the signature was made and which text it stands under.
 */
export class PlanSignature extends SignatureForm {
    setup() {
        super.setup();
        this.mode = "auto";
        this.isSending = false;
        this.nameAndSignatureProps.onSignatureChange = (mode) => {
            this.mode = mode;
        };
        // Odoo goes to the field of the name at once, past the text that is to be read first
        onMounted(() => {
            document.activeElement?.blur();
            window.scrollTo(0, 0);
        });
    }

    /**
     * @override
     */
    async onClickSubmit() {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        this.state.error = false;
        try {
            const answer = await rpc(this.props.callUrl, {
                name: this.signature.name,
                signature: this.signature.getSignatureImage().split(",")[1],
                kind: this.mode,
                text_hash: this.props.textHash,
            });
            if (answer.redirect_url) {
                redirect(answer.redirect_url);
                return;
            }
            this.state.error = answer.error;
        } catch {
            // What was written and drawn is still there
            this.state.error = _t("That did not work. Please look at your connection and try again.");
        }
        this.isSending = false;
    }
}

registry.category("public_components").add("recobro_module.plan_signature", PlanSignature);
