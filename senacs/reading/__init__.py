"""From an export's bytes to evidence: typed answers, their raw text, and what is odd about them.

Pure functions. Nothing is refused or repaired here: whatever looks odd is noted in the evidence,
and the rules of `expectations/` decide what it means.
"""

from senacs.reading.evidence import Evidence
from senacs.reading.export import read_export

__all__ = ["Evidence", "read_export"]
