"""Processes that deliver from one database at once; prints how many messages each of them posted."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from slack_sdk import WebClient

from domain.policies.policy import Policy
from handlers.ask import Desk
from handlers.delivery.delivery import run
from handlers.delivery.office import Office
from handlers.slack.doors import Doors
from storage.database import Database
from tests.faults.rig import NINE, RENDER


def main(url: str, api: str, token: str, processes: str) -> None:
    start, go = os.pipe()
    children = []
    for _ in range(int(processes)):
        child = os.fork()
        if child == 0:
            client = WebClient(token=token, base_url=api, timeout=30, retry_handlers=[])
            office = Office(
                Desk(Database(url), Policy(), lambda: NINE, ThreadPoolExecutor(1), {}), Doors(), client, RENDER
            )
            os.close(go)
            os.read(start, 1)
            os._exit(run(office)["posted"])
        children.append(child)
    os.close(go)
    for child in children:
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
