"""A mail server on the loopback interface that keeps every message, and misbehaves when it is told to."""

import asyncio
import contextlib
import socket
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

#: What the server does with a message: take it, or one of the faults.
TAKE, DISK_FULL, CUT_IN_THE_MIDDLE, CUT_BEFORE_THE_ANSWER, HANG = (
    "take",
    "disk full",
    "cut in the middle",
    "cut before the answer",
    "hang",
)
#: Longer than any client waits.
FOR_EVER = 3600


@dataclass
class Message:
    """One message that the server took."""

    recipient: str
    message_id: str
    content: bytes
    begun: float
    """When the client began it (MAIL FROM): what it says was judged before."""
    taken: float
    """When the server had it whole."""
    answered: bool = True
    """Whether the client was told that it was taken."""

    @property
    def text(self):
        """Subject and body, as a person reads them."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        return f"{parsed['Subject']}\n{parsed.get_body(('plain', 'html')).get_content()}"


@dataclass
class MailServer:
    """Takes messages; the attributes say how it misbehaves, and may be changed at any moment."""

    port: int
    fault: str = TAKE
    rejected: set = field(default_factory=set)
    """Addresses that are refused for good (550)."""
    black_holes: dict = field(default_factory=dict)
    """{address: how often the server hangs when it is written to}."""
    always_cut: set = field(default_factory=set)
    """Addresses to which no message comes through: the server hangs up in the middle."""
    on_message: object = None
    """Called with the recipient of each message before it is answered."""
    received: list = field(default_factory=list)
    refusals: int = 0
    """Messages that were not taken, for any reason."""

    def __post_init__(self):
        self._controller = None

    @contextlib.contextmanager
    def running(self):
        """Listen while the block runs."""
        self.listen()
        try:
            yield self
        finally:
            self.refuse()

    def listen(self):
        """Take connections."""
        if not self._controller:
            self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def refuse(self):
        """Take no connection any more; those that are open are cut."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def _fault_of(self, recipient):
        if self.black_holes.get(recipient, 0) > 0:
            self.black_holes[recipient] -= 1
            return HANG
        return self.fault

    # What aiosmtpd calls

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        """Note when the message began; a full disk is said here, as real servers do."""
        envelope.begun = time.time()
        if self.fault == DISK_FULL:
            self.refusals += 1
            return "452 4.3.1 Insufficient system storage"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        """Refuse the addresses that are refused for good."""
        if address in self.rejected:
            self.refusals += 1
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keep the message and answer, unless told otherwise."""
        recipient = envelope.rcpt_tos[0]
        fault = self._fault_of(recipient)
        if fault == HANG:
            self.refusals += 1
            await asyncio.sleep(FOR_EVER)
        message = message_from_bytes(envelope.content, policy=policy.default)
        kept = Message(recipient, message["Message-Id"], envelope.content, envelope.begun, time.time())
        self.received.append(kept)
        if self.on_message:
            self.on_message(recipient)
        if fault == CUT_BEFORE_THE_ANSWER:
            kept.answered = False
            server.transport.abort()
        return "250 OK"


class _Session(SMTP):
    """A connection that can be cut while a message comes in."""

    async def smtp_DATA(self, arg):
        """Take the message, or read a line of it and hang up."""
        mail_server = self.event_handler
        is_cut = mail_server.fault == CUT_IN_THE_MIDDLE or mail_server.always_cut.intersection(self.envelope.rcpt_tos)
        if not is_cut:
            return await super().smtp_DATA(arg)
        mail_server.refusals += 1
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._reader.readline()
        return self.transport.abort()


class _Controller(Controller):
    """A server whose sessions know of the faults."""

    def factory(self):
        """Return the session of one connection."""
        return _Session(self.handler, **self.SMTP_kwargs)


class SilentServer:
    """Listens on a port and never says a word: a server that hangs before it greets."""

    def __init__(self, port):
        self.port = port

    @contextlib.contextmanager
    def running(self):
        """Take connections into the queue of the system, and do nothing with them."""
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", self.port))
            listener.listen(64)
            yield self
