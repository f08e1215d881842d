"""An SMTP server on the loopback that takes every mail and keeps none, as fast as it can.

    python benchmarks/smtp_sink.py

prints the port it listens at, and serves until its input is closed: it ends with the program that started it.
"""

import asyncio
import contextlib
import subprocess
import sys

END_OF_MAIL = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Sink(asyncio.Protocol):
    """One connection: answers each command, and reads over the mails."""

    def connection_made(self, transport):
        """Greet."""
        self.transport, self.waiting, self.in_mail = transport, b"", False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data):
        """Take what is whole of it, a line or a mail at a time."""
        self.waiting += data
        while (end := self.waiting.find(END_OF_MAIL if self.in_mail else b"\r\n")) >= 0:
            if self.in_mail:
                self.waiting, self.in_mail = self.waiting[end + len(END_OF_MAIL) :], False
                self.transport.write(b"250 taken\r\n")
            else:
                line, self.waiting = self.waiting[:end], self.waiting[end + 2 :]
                self._answer(line[:4].upper())

    def _answer(self, command):
        self.transport.write(ANSWERS.get(command, b"250 ok\r\n"))
        self.in_mail = command == b"DATA"
        if command == b"QUIT":
            self.transport.close()


async def serve():
    """Serve until the input is closed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextlib.contextmanager
def listening():
    """The port of a server in a process of its own; it ends with the block."""
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline())
        process.stdin.close()


if __name__ == "__main__":
    asyncio.run(serve())
