"""Folders of temporary files that a run left behind because it was killed: they hold a company's data."""

import shutil
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

CHECK, SYNC = "apuntador-check-", "apuntador-sync-"


def purge(before: datetime) -> None:
    """Remove those that nothing was written into since; of another user's none can be removed."""
    for prefix in (CHECK, SYNC):
        for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with suppress(OSError):
                if folder.stat().st_mtime < before.timestamp():
                    shutil.rmtree(folder, ignore_errors=True)
