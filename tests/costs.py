"""What a thing costs, where the answer must not depend on what else the machine or the process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def processor_seconds(deed: Callable[[], object], *, runs: int = 3) -> float:
    """Of this thread, in the best of the runs: the collector may have had its turn in one of them."""

    def once() -> float:
        began = time.thread_time()
        deed()
        return time.thread_time() - began

    return min(once() for _run in range(runs))
