"""People at the portal meanwhile: how long they wait for a page.

Each reads a page, rests for one to three seconds and goes to the next. Runs as a process of its
own, so that whom it measures does not pay for it.
"""

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import httpx

from senacs.errors import ServiceError

_PATIENCE = 60.0


@dataclass
class Visits:
    """What people met.

    Attributes:
        waits: seconds of each answer, by page.
        refused: answers that were no page.
    """

    waits: dict[str, list[float]] = field(default_factory=dict)
    refused: int = 0

    @property
    def pages(self) -> int:
        """How many were read."""
        return sum(map(len, self.waits.values()))

    def within(self, share: float, page: str | None = None) -> float:
        """Seconds within which that share of the answers came, of all or of one page."""
        chosen = self.waits.values() if page is None else [self.waits[page]]
        ordered = sorted(wait for waits in chosen for wait in waits)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


@contextlib.contextmanager
def visited(
    site: str, cookies: Sequence[str], pages: Sequence[str], rest: tuple[float, float]
) -> Iterator[Visits]:
    """Let somebody with each cookie visit the pages for as long as the block; what they met.

    Args:
        site: such as http://127.0.0.1:8300.
        cookies: values of sessions; one person each.
        pages: paths; each person goes through them in an order of its own.
        rest: seconds between two pages, at least and at most.

    Raises:
        ServiceError: nothing was visited.
    """
    asked = json.dumps([site, list(cookies), list(pages), list(rest)])
    line = [sys.executable, "-m", "benchmarks.visiting"]
    visits = Visits()
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise ServiceError("the visitors cannot be told where to go")
        process.stdin.write(f"{asked}\n")
        process.stdin.flush()
        try:
            yield visits
        finally:
            process.stdin.close()
            said = process.stdout.read()
    if not said:
        raise ServiceError("nobody visited anything")
    visits.waits, visits.refused = json.loads(said)


async def _people() -> None:
    site, cookies, pages, rest = json.loads(sys.stdin.readline())
    visits = Visits()
    async with asyncio.TaskGroup() as people:
        tasks = [
            people.create_task(
                _person(site, cookie, seed=number, pages=pages, rest=rest, visits=visits)
            )
            for number, cookie in enumerate(cookies)
        ]
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
    print(json.dumps([visits.waits, visits.refused]))  # noqa: T201 - for the process that asked


async def _person(
    site: str,
    cookie: str,
    *,
    seed: int,
    pages: Sequence[str],
    rest: tuple[float, float],
    visits: Visits,
) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    async with httpx.AsyncClient(
        base_url=site, cookies={"senacs_session": cookie}, timeout=_PATIENCE
    ) as browser:
        while True:
            await asyncio.sleep(chance.uniform(*rest))
            asked = chance.choice(pages)
            start = time.perf_counter()
            answer = await browser.get(asked)
            visits.waits.setdefault(asked, []).append(time.perf_counter() - start)
            visits.refused += answer.status_code != httpx.codes.OK


if __name__ == "__main__":
    asyncio.run(_people())
