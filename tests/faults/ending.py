"""A process whose children each end for good before another step of the delivery; prints how they ended."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from slack_sdk import WebClient

from domain.policies.policy import Policy
from handlers.ask import Desk
from handlers.delivery.delivery import STEPS, claim, deliver
from handlers.delivery.office import Office
from handlers.slack.doors import Doors
from storage.database import Database
from tests.faults.rig import NINE, RENDER


def ends(url: str, api: str, token: str, place: int) -> None:
    client = WebClient(token=token, base_url=api, timeout=30, retry_handlers=[])
    desk = Desk(Database(url), Policy(), lambda: NINE, ThreadPoolExecutor(1), {})
    office = Office(desk, Doors(), client, RENDER)
    held = claim(office)
    if held is not None:
        deliver(office, held, (*STEPS[:place], lambda *_: os._exit(9)))


def main() -> None:
    for place in range(len(STEPS) + 1):
        child = os.fork()
        if child == 0:
            ends(*sys.argv[1:], place)
            os._exit(1)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
