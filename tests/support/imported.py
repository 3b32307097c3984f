"""What a run imports: seconds that the processes of `crashing` then do not pay one by one."""

import great_expectations  # noqa: F401
import pandas  # noqa: F401

import tests.support.installation  # noqa: F401
from flows.backfill import backfill
from flows.campaign import campaign
from flows.rerun import rerun
from flows.territory import territory

FLOWS = {"backfill": backfill, "campaign": campaign, "rerun": rerun, "territory": territory}
