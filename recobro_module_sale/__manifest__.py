{
    "name": "Recobro: Collections in Sales",
    "version": "19.0.1.0.0",
    "summary": "Who sells sees what a customer owes, and nothing more goes to who is on hold without a release",
    "category": "Accounting/Accounting",
    "author": "Recobro contributors",
    "website": "https://recobro.example",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["recobro_module", "sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/recobro_sale_rules.xml",
        "wizard/recobro_sale_release_views.xml",
        "views/sale_order_views.xml",
        "views/recobro_case_views.xml",
    ],
    "assets": {"web.assets_tests": ["recobro_module_sale/static/tests/tours/**/*"]},
}
