"""The register of structures: which one an answer is about.

Pure functions; what the register holds over time is derived in the database
(`sql/national/registre`).
"""

from senacs.register.identification import identified
from senacs.register.matching import Structure

__all__ = ["Structure", "identified"]
