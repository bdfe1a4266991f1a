"""An answer that is ready soon goes with the acknowledgement: Slack shows it without being spoken to again.

What takes longer, or is large, comes at the response_url, a request later.
"""

from threading import Event, Lock, Semaphore
from typing import Any

from slack_bolt import Ack, BoltContext, BoltResponse

SOON_S = 1.0
WAITING = 16
LARGEST = 12_000  # Slack closes a socket on which a frame of more than 20,480 bytes comes


class PatientAck(Ack):
    """An acknowledgement that waits a moment for what it could say.

    Bolt looks at `response` every ten milliseconds until there is one; here the first look waits.
    waiting: how many may, so that the threads that take requests are never all at it; the others acknowledge at once.
    """

    def __init__(self, waiting: Semaphore) -> None:
        self._waiting, self._is_said, self._lock = waiting, Event(), Lock()
        self._response: BoltResponse | None = None
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def response(self) -> BoltResponse | None:
        if not self._is_said.is_set() and self._waiting.acquire(blocking=False):
            self._is_said.wait(SOON_S)
            self._waiting.release()
        return self._say(_nothing())

    @response.setter
    def response(self, said: BoltResponse | None) -> None:
        if said:
            self._say(said)

    def takes(self, said: dict[str, Any]) -> bool:
        """Whether that goes with it; where it is too large, nothing does."""
        answer = BoltResponse(status=200, body=said)
        return self._say(answer if len(answer.body) <= LARGEST else _nothing()) is answer

    def _say(self, said: BoltResponse) -> BoltResponse:
        """What was said first stands."""
        with self._lock:
            self._response = self._response or said
            self._is_said.set()
            return self._response


def _nothing() -> BoltResponse:
    return BoltResponse(status=200, body="")


def goes_with_ack(context: BoltContext, said: dict[str, Any]) -> bool:
    """Whether Slack still waits for what is said to whoever asked."""
    ack = context.ack
    return isinstance(ack, PatientAck) and ack.takes({name: value for name, value in said.items() if value})
