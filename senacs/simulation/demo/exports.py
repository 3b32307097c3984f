"""The demo's simulated exports, byte for byte, and where they lie under the supplier's folder."""

from pathlib import Path

from senacs.settings import PROJECT_ROOT
from senacs.simulation.demo.centres import DATA_YEARS
from senacs.simulation.demo.pacts_export import pacts_export
from senacs.simulation.demo.register_export import register_export
from senacs.simulation.demo.survey_export import survey_export
from senacs.simulation.demo.writing import TERRITORY

SUPPLIER = PROJECT_ROOT / "demo" / "supplier"


def demo_files() -> dict[str, bytes]:
    """Every simulated export by its path under the supplier's folder."""
    made: dict[str, bytes] = {}
    for data_year in DATA_YEARS:
        made[register_path(data_year)] = register_export(data_year)
        made[survey_path(data_year)] = survey_export(data_year)
        made[pacts_path(data_year)] = pacts_export(data_year)
    return made


def write_demo(supplier: Path = SUPPLIER) -> list[Path]:
    """Write every simulated export; returns what was written."""
    written: list[Path] = []
    for name, content in demo_files().items():
        path = supplier / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def register_path(data_year: int) -> str:
    """Where the register's export is, under the supplier's folder."""
    return f"registre/registre_{TERRITORY}_{data_year}.csv"


def survey_path(data_year: int) -> str:
    """Where the survey's export is, under the supplier's folder."""
    return f"senacs/senacs_{TERRITORY}_{data_year}.csv"


def pacts_path(data_year: int) -> str:
    """Where the workbook of agreements is, under the supplier's folder."""
    return f"pactes/pactes_{TERRITORY}_{data_year}.xlsx"
