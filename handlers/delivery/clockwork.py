"""What ticks: APScheduler asks the database, on a pool of its own, whether anything is due."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from handlers.delivery import delivery, jobs, redrawing
from handlers.delivery.jobs import Job
from handlers.delivery.office import Office
from handlers.residence import Occupied, Residence
from storage.delivery import outbox

log = logging.getLogger("apuntador.clockwork")

THREADS = 3
DELIVERY_S, JOBS_S, LEASES_S = 1, 15, 15


class Clockwork:
    """Ticks until it is stopped. `lost` is called where somebody else serves on this database by now."""

    def __init__(
        self, office: Office, table: Mapping[str, Job], residence: Residence, lost: Callable[[], None]
    ) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._office, self._table, self._residence, self._lost = office, table, residence, lost
        self._redraw = redrawing.watching(office)
        self._leaving = threading.Event()
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """What was parked is tried again: who starts the house may have mended it."""
        with self._office.desk.database.changing() as tx:
            outbox.resume(tx)
        for work, seconds in ((self._deliver, DELIVERY_S), (self._do_jobs, JOBS_S), (self._hold_on, LEASES_S)):
            self._scheduler.add_job(_logged(work), "interval", seconds=seconds)
        self._scheduler.add_job(_logged(self._do_jobs))
        self._scheduler.start()

    def hurry(self) -> None:
        """Ask at once what is due: a clock that was moved waits for no tick."""
        self._scheduler.add_job(_logged(self._do_jobs))

    def stop(self) -> None:
        """No message is begun any more; the one on its way is recorded."""
        self._leaving.set()
        self._scheduler.shutdown(wait=True)
        self._residence.leave()

    def _deliver(self) -> None:
        delivery.run(self._office, leaving=self._leaving.is_set)
        if not self._leaving.is_set():
            self._redraw()

    def _do_jobs(self) -> None:
        jobs.tick(self._office, self._table, self._residence.holder)

    def _hold_on(self) -> None:
        jobs.hold_on(self._office, self._residence.holder)
        try:
            self._residence.hold()
        except Occupied as other:
            log.critical("another serve took this database over: %s", other)
            self._lost()


def _logged(work: Callable[[], None]) -> Callable[[], None]:
    """What fails now is tried at the next tick; that it fails is told once, and that it works again."""
    failing = False

    def run() -> None:
        nonlocal failing
        try:
            work()
        except Exception:
            if not failing:
                log.exception("%s fails; it is tried again and again", work.__name__.strip("_"))
            failing = True
            return
        if failing:
            log.warning("%s works again", work.__name__.strip("_"))
        failing = False

    return run
