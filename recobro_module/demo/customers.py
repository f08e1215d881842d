"""The customers of the demo: invented businesses, how they pay, and what is particular about some of them."""

from typing import NamedTuple


class Customer(NamedTuple):
    """One customer as the demo tells it."""

    name: str
    city: str
    country: str
    #: A key of `story.TERMS`.
    terms: str
    #: How it pays: a key of `story.HABITS`.
    habit: str
    #: Invoices a month and the usual amount of one, before tax.
    rhythm: float
    amount: int
    #: Roles of its contacts, in the order of `people.ROLES`: T treasury, A approver, D decision-maker,
    #: P purchasing, I influencer, C contract manager, L legal; "-" a contact without a role.
    contacts: str = "TD"
    pay_days: str = ""
    currency: str = "EUR"
    #: What is particular about it, a word for each.
    notes: tuple = ()


#: The first ones are the most varied, so that a small demo of a few customers tells the story too.
CUSTOMERS = (
    Customer(
        "Hostelería Mar de Almendros, S.L.", "Alicante", "es", "30", "chronic", 1.4, 2600, "TDPI", notes=("announced",)
    ),
    Customer(
        "Supermercados La Alquería Nueva, S.A.",
        "Valencia",
        "es",
        "30-60-90",
        "slow",
        1.6,
        9800,
        "TADPC",
        "10, 25",
        notes=("key",),
    ),
    Customer("Panadería Hermanos Tormo, C.B.", "Xàtiva", "es", "30", "punctual", 1.2, 780, "T"),
    Customer("Catering Siete Brasas, S.L.", "Murcia", "es", "30", "stopped", 1.2, 3900, "TAD", notes=("with_agency",)),
    Customer("Residencias Sol de la Marina, S.L.", "Dénia", "es", "60", "pay_days", 1.2, 4300, "TAC", "5, 20"),
    Customer("Conservas Puerto Cárabo, S.A.", "Cartagena", "es", "60", "late", 1.0, 6400, "TDP", notes=("key",)),
    Customer("Bodegas Valdelaosa, S.Coop.", "Requena", "es", "30-60", "late", 0.9, 3100, "TD"),
    Customer("Cafeterías El Trenet, S.L.", "Valencia", "es", "30", "slow", 1.2, 940, "-", notes=("only_contact",)),
    Customer("Riviera Gourmet Trading LLC", "Miami", "us", "60", "slow", 0.8, 8600, "TD", currency="USD"),
    Customer("Bar Restaurante Casa Quimeta", "Gandia", "es", "30", "stopped", 0.9, 520, "", notes=("no_email",)),
    Customer("Frutas Barranc del Llop, S.L.", "Carcaixent", "es", "30", "punctual", 1.0, 2200, "TP"),
    Customer("Colegio Mayor Torre del Vent", "Castelló de la Plana", "es", "60", "pay_days", 0.7, 1900, "TAC", "15"),
    Customer(
        "Distribuciones Cala Figuera, S.L.", "Palma", "es", "30-60", "chronic", 1.0, 4700, "TDP", notes=("on_hold",)
    ),
    Customer(
        "Hoteles Costa Serena Levantina, S.A.",
        "Benidorm",
        "es",
        "60",
        "late",
        1.5,
        11200,
        "TADPI",
        "20",
        notes=("key",),
    ),
    Customer("Obrador Dulce Alborada, S.L.", "Elche", "es", "30", "punctual", 1.0, 640, "T"),
    Customer(
        "Pescados Rada Vieja, S.L.",
        "Santa Pola",
        "es",
        "30",
        "chronic",
        1.0,
        1750,
        "TD",
        notes=("proposed", "bounced"),
    ),
    Customer("Comedores Escolares La Fanega, S.L.", "Albacete", "es", "60", "late", 0.9, 3600, "TAP"),
    Customer("Épicerie du Vieux Moulin SARL", "Perpiñán", "fr", "30", "punctual", 0.7, 2400, "TD"),
    Customer(
        "Grupo Terrazas del Segura, S.L.", "Orihuela", "es", "30", "stopped", 1.0, 2900, "TDL", notes=("with_lawyer",)
    ),
    Customer("Almacenes Font del Pi, S.A.", "Alcoi", "es", "30-60-90", "slow", 0.8, 5200, "TADP", "25", notes=("key",)),
    Customer("Club Náutico Bahía Alta", "Altea", "es", "30", "late", 0.7, 1300, "TC", notes=("paused",)),
    Customer("Clínica San Ginés del Mar, S.L.P.", "Águilas", "es", "30", "punctual", 0.7, 1100, "TA"),
    Customer("Carnicerías Selectas Micó, S.L.", "Ontinyent", "es", "30", "late", 0.9, 860, "T"),
    Customer("Levant Fine Foods Inc.", "Houston", "us", "30", "punctual", 0.6, 5400, "TP", currency="USD"),
    Customer("Camping Pinada Azul, S.L.", "Oropesa del Mar", "es", "30", "late", 0.7, 1450, "TD"),
    Customer(
        "Heladería Nieve de Jijona Antigua, C.B.", "Xixona", "es", "0", "chronic", 0.8, 430, "-", notes=("blacklisted",)
    ),
    Customer("Cooperativa Agrícola El Secanet", "Llíria", "es", "60", "pay_days", 0.8, 3300, "TAC", "10"),
    Customer("Mesón Los Tres Aljibes, S.L.", "Lorca", "es", "30", "stopped", 0.8, 980, "TD", notes=("insolvent",)),
    Customer("Harinas Molino del Arrabal, S.A.", "Utiel", "es", "60", "punctual", 0.8, 4100, "TP"),
    Customer(
        "Servicios Aéreos de Catering Garbí, S.L.", "Manises", "es", "30-60", "late", 1.1, 6900, "TADI", notes=("key",)
    ),
    Customer("Traiteur Les Trois Cigales SARL", "Montpellier", "fr", "30", "slow", 0.6, 1900, "T"),
    Customer("Ultramarinos La Estrella de Alzira", "Alzira", "es", "30", "punctual", 0.8, 390, ""),
    Customer("Eventos Jardín de Azahar, S.L.", "Torrent", "es", "30", "late", 0.7, 2750, "TD"),
    Customer("Whitfield & Marlow Provisions Ltd", "Bristol", "gb", "60", "slow", 0.5, 3800, "TD"),
    Customer(
        "Restauración Colectiva Almirall, S.L.",
        "Sagunto",
        "es",
        "60",
        "chronic",
        0.8,
        5100,
        "TAD",
        notes=("recalled", "own_policy"),
    ),
    Customer("Pastelería Trinquet, S.L.", "Pedreguer", "es", "30", "punctual", 0.7, 560, "T"),
    Customer("Balneario Fuente Tebas, S.L.", "Archena", "es", "60", "pay_days", 0.6, 2100, "TC", "30"),
    Customer("Importadora Caribe Claro, S.A. de C.V.", "Mérida", "mx", "60", "late", 0.5, 7300, "TD", currency="USD"),
    Customer("Tabernas del Carmen Viejo, S.L.", "Valencia", "es", "30", "slow", 0.9, 720, "TP"),
    Customer("Asociación Cultural La Rondalla", "Vila-real", "es", "30", "late", 0.4, 310, "-", notes=("written_off",)),
)
