# What there is to do here: `make help`. Everything is done by scripts/recobro.py, which installs what it needs.

PYTHON ?= python3
PORT ?= 8069
RECOBRO = $(PYTHON) scripts/recobro.py

.DEFAULT_GOAL := help
.PHONY: help demo test core-tests lint format shell replay bench faults translations clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Odoo 19 with the module and a demo ledger at http://127.0.0.1:8069 (PORT=8069)
	@$(RECOBRO) demo --port "$(PORT)"

test: ## all checks and tests; TESTS=tests/test_x.py ARGS='-k word -x' for some of the tests
	@$(RECOBRO) test -- $(TESTS) $(ARGS)

core-tests: ## Odoo's own tests of accounting, sales, portal and mail, without and with the module; SUITE=fast for a part
	@$(RECOBRO) core-tests --suite "$(or $(SUITE),full)"

lint: ## the checks of the code that need no database
	@$(RECOBRO) lint

format: ## mend what is only a matter of form
	@$(RECOBRO) format

shell: ## Odoo's shell on the demo's database; a script may come on standard input
	@$(RECOBRO) shell

replay: ## play a ledger day by day: LEDGER=file.csv FROM=day TO=day MAILBOX=folder [POLICY=A|B|name]
	@$(RECOBRO) replay --ledger "$(LEDGER)" --from "$(FROM)" --to "$(TO)" --mailbox "$(MAILBOX)" --policy "$(POLICY)"

bench: ## measure speed and scale: ITEMS=100000 CASES="decide deliver" REPEATS=5 PEER=wheel-or-folder; all may be left out
	@$(RECOBRO) bench --items "$(ITEMS)" --repeats "$(REPEATS)" --peer "$(PEER)" --cases "$(CASES)"

faults: ## break workers, mail server and database, and count what arrives; SCENARIOS="kill workers, midnight" CUSTOMERS=5000
	@$(RECOBRO) faults --scenarios "$(SCENARIOS)" --customers "$(CUSTOMERS)" --seed "$(SEED)"

translations: ## write the catalogue of terms anew and merge it into the translations
	@$(RECOBRO) translations

clean: ## stop what this clone started and remove its databases, logs and mail
	@$(RECOBRO) clean
