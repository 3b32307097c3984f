"""Campaigns while they run: a bar on a terminal, and a line for each one that is done."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from senacs.deliveries import Outcome, RunOutcome
from senacs.errors import SenacsError
from tasks import progress as record

Campaign = tuple[str, int]
"""Collection and data year."""
_LOOK_EVERY = 0.5


@contextmanager
def following(console: Console, campaigns: Mapping[Campaign, int]) -> Iterator["Followed"]:
    """Show how far these campaigns have come, as the record of runs says, until the block ends.

    Args:
        console: a terminal gets bars; anything else the lines alone.
        campaigns: how many territories each has.

    Raises:
        WarehouseError: the warehouse cannot be reached, or not be brought up to date.
    """
    from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415
    from senacs.warehouse.revisions import upgrade  # noqa: PLC0415

    upgrade(warehouse_as_owner())  # a first run has no record yet
    since = record.moment()
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[outcomes]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bars:
        followed = Followed(bars, campaigns)
        with _looking(lambda: followed.show(record.progress_of(campaigns, since))):
            yield followed


@contextmanager
def _looking(look: Callable[[], None]) -> Iterator[None]:
    """Look again and again while the block runs, and once after it."""
    ended = threading.Event()

    def look_on() -> None:
        while not ended.wait(_LOOK_EVERY):
            # What is wrong with the warehouse the flow itself tells.
            with suppress(SenacsError):
                look()

    looking = threading.Thread(target=look_on, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()
        with suppress(SenacsError):
            look()


@dataclass
class Followed:
    """What is shown of campaigns that run.

    Attributes:
        bars: one a campaign that has begun, and one of all where they are several.
        campaigns: how many territories each has.
        seconds: what each campaign took that is done.
    """

    bars: Progress
    campaigns: Mapping[Campaign, int]
    seconds: dict[Campaign, float] = field(default_factory=dict)
    _shown: dict[Campaign, TaskID] = field(default_factory=dict)
    _whole: TaskID | None = None

    def __post_init__(self) -> None:
        if len(self.campaigns) > 1:
            self._whole = self.bars.add_task("all", total=sum(self.campaigns.values()), outcomes="")

    def show(self, found: Sequence[record.Progress]) -> None:
        """Bring the bars to what is found; a campaign that is done becomes a line."""
        for one in found:
            self._show(one)
        if self._whole is not None:
            ended: dict[Outcome, int] = {
                outcome: sum(one.ended.get(outcome, 0) for one in found) for outcome in Outcome
            }
            self.bars.update(self._whole, completed=sum(ended.values()), outcomes=said(ended))

    def _show(self, one: record.Progress) -> None:
        campaign = (one.collection, one.data_year)
        name = f"{one.collection} {one.data_year}"
        of, done = self.campaigns[campaign], sum(one.ended.values())
        if campaign in self.seconds:
            return
        if done >= of:
            self.seconds[campaign] = one.seconds
            if campaign in self._shown:
                self.bars.remove_task(self._shown.pop(campaign))
            self.bars.console.print(
                f"{name}: {said(one.ended)} in {one.seconds:.0f} s", highlight=False
            )
            return
        if campaign not in self._shown:
            self._shown[campaign] = self.bars.add_task(name, total=of, outcomes="")
        self.bars.update(self._shown[campaign], completed=done, outcomes=said(one.ended))


def said(ended: Mapping[Outcome, int]) -> str:
    """The outcomes that there are, with how often: `97 loaded, 2 refused`."""
    return ", ".join(f"{ended[outcome]:,} {outcome}" for outcome in Outcome if ended.get(outcome))


def table_by_campaign(outcomes: Sequence[RunOutcome], seconds: Mapping[Campaign, float]) -> Table:
    """One line a campaign, in their order: how many territories ended how, and what came of it."""
    # It is to stand on a terminal of 80 columns.
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("campaign")
    for name in (*Outcome, "answers", "kept out", "seconds"):
        table.add_column(str(name), justify="right")
    for collection, data_year in dict.fromkeys(
        (one.key.collection, one.key.data_year) for one in outcomes
    ):
        own = [
            one
            for one in outcomes
            if (one.key.collection, one.key.data_year) == (collection, data_year)
        ]
        took = seconds.get((collection, data_year))
        table.add_row(
            f"{collection} {data_year}",
            *(_count(sum(one.outcome is outcome for one in own)) for outcome in Outcome),
            *(
                f"{sum(counts):,}"
                for counts in zip(*((o.answers, o.rejected) for o in own), strict=True)
            ),
            "" if took is None else f"{took:.0f}",
        )
    return table


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"
