"""What customers dispute in the demo, told in advance. Plain Python without Odoo; days count back from today."""

from typing import NamedTuple

#: Opened when most of the SLA is used up by now: a day that depends on the weekends between.
NEAR_ITS_SLA = 0


class Told(NamedTuple):
    """One ticket: what is disputed, since when, whose it is and what was done with it."""

    subject: str
    #: Code of a reason (`data/dispute_data.xml`), and the share of the invoice; a mail disputes all that is open.
    reason: str
    share: float
    note: str
    opened: int
    #: Login of who works on it; empty for the customer's collector.
    owner: str = ""
    #: (days ago, a step of `disputes.Disputes`, its text), in order.
    steps: tuple = ()
    is_mail: bool = False
    #: It comes from an address that nobody knows.
    is_unknown: bool = False


DISPUTES = (
    Told(
        "Descuento por volumen no aplicado",
        "price",
        0.12,
        "El contrato dice 12 % a partir de 40 cajas y se facturó sin descuento.",
        34,
        "nuria",
        (
            (33, "review", "Compruebo el contrato con el comercial."),
            (31, "credit", "Tienen razón: el descuento estaba firmado."),
            (29, "post", ""),
        ),
    ),
    Told(
        "Dicen que el palé llegó incompleto",
        "quantity",
        0.3,
        "Reclaman doce cajas; el albarán lleva su sello.",
        27,
        "javier",
        ((26, "review", "Pido el albarán al transportista."), (20, "reject", "El albarán está firmado sin reparos.")),
    ),
    Told(
        "Factura que creen repetida",
        "duplicate",
        1.0,
        "Ven el mismo importe en dos facturas seguidas.",
        22,
        "",
        ((21, "reject", "Son dos entregas distintas; se les mandan los dos albaranes."),),
    ),
    Told(
        "Faltan 6 cajas de conserva",
        "quantity",
        0.35,
        "En la descarga contaron 42 cajas de 48. Lo apuntaron en el albarán.",
        12,
        "javier",
        (
            (11, "review", "El conductor lo confirma."),
            (9, "credit", "Abonamos las seis cajas."),
            (8, "post", ""),
        ),
    ),
    Told(
        "Piden abono por producto golpeado",
        "quality",
        0.4,
        "Mandan fotos de latas abolladas de un lote que no servimos nosotros.",
        11,
        "nuria",
        (
            (10, "wait", "Les pido el número de lote que figura en la caja."),
            (8, "answer", "Buenos días:\nEl lote es el L-2207. Un saludo."),
            (7, "reject", "El lote no es nuestro; se les explica por teléfono."),
        ),
    ),
    Told(
        "Portes no pactados",
        "price",
        0.08,
        "No aceptan los portes de la entrega urgente que pidieron ellos.",
        10,
        "nuria",
        ((9, "review", ""), (6, "agree", "Pagan la mitad de los portes y no se repite.")),
    ),
    Told(
        "Botellas rotas en la entrega",
        "delivery",
        0.25,
        "Dos cajas de vino llegaron rotas; hay fotos y lo firmó el repartidor.",
        9,
        "javier",
        (
            (8, "review", "Las fotos son claras."),
            (6, "credit", "Se abonan las dos cajas; lo cobramos al transportista."),
        ),
    ),
    Told(
        "Sin número de pedido no la contabilizan",
        "missing_document",
        1.0,
        "Su programa rechaza la factura: falta el número de pedido.",
        8,
        "",
        ((7, "wait", "Les pido el número de pedido para volver a emitirla."),),
    ),
    Told(
        "Aceite de otra campaña",
        "quality",
        0.6,
        "Pidieron aceite de esta campaña y creen que recibieron de la anterior.",
        7,
        "nuria",
        ((6, "review", "Calidad mira el lote en el almacén."),),
    ),
    Told(
        "Importe distinto del pedido",
        "other",
        1.0,
        "Buenos días:\nLa factura {invoice} no coincide con nuestro pedido: el precio del café es otro. "
        "No podemos pagarla así. ¿La revisan, por favor?\nGracias.",
        6,
        steps=((5, "take", "price"), (5, "review", "Paso el pedido y la factura al comercial.")),
        is_mail=True,
    ),
    Told(
        "Abono pendiente por envases devueltos",
        "missing_credit_note",
        0.15,
        "Devolvieron los envases en septiembre y no ven el abono.",
        5,
        "",
        ((4, "wait", "Les pido copia del albarán de devolución."),),
    ),
    Told(
        "Entrega en el almacén equivocado",
        "delivery",
        0.5,
        "Se descargó en la otra nave y tuvieron que moverlo ellos. Piden un descuento.",
        NEAR_ITS_SLA,
        "javier",
        ((3, "review", "Hablo con el transportista."),),
    ),
    Told(
        "Ya la pagamos",
        "already_paid",
        1.0,
        "Dicen que hicieron la transferencia hace un mes. Mandarán el justificante.",
        2,
    ),
    Told(
        "Diferencia en una factura",
        "mail_of_customer",
        1.0,
        "Hola:\nEn la factura {invoice} nos cobran dos sacos de arroz que devolvimos al repartidor en la misma "
        "entrega. Necesitamos la factura corregida o el abono.\nUn saludo.",
        1,
        is_mail=True,
    ),
    Told(
        "Factura incorrecta",
        "mail_of_stranger",
        1.0,
        "Buenas tardes:\nNos ha llegado una factura suya que no reconocemos. ¿A qué pedido corresponde?\nGracias.",
        1,
        is_mail=True,
        is_unknown=True,
    ),
)
