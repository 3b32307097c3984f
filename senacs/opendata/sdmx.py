"""SDMX 3: the structure (SDMX-JSON 2.0) and the figures (SDMX-CSV 2.0).

Structure and code lists are versioned as the vintage is: `2023.1.0`.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from io import BytesIO

import polars as pl
from pysdmx.io.json.sdmxjson2.writer.v2_0.structure import write
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Organisation,
    Role,
)
from pysdmx.model.message import Header

from senacs.opendata.labels import Labels
from senacs.opendata.tables import Table
from senacs.opendata.words import EVERYTHING, LEVELS, PROVISIONAL, STATUSES
from senacs.vintages.model import Edition, Kind, Status

AGENCY = "SENACS"
_CONCEPTS = "CS_SENACS"
_PREFIXES = {
    "france": "",
    "territoires_enquetes": "",
    "region_actuelle": "REGACT-",
    "region": "REG-",
    "departement": "DEP-",
}
_WHOLE = {"FR": "FR", "*": "ENQ"}

_DIMENSIONS = {
    "INDICATOR": "Indicateur",
    "POPULATION": "Population",
    "REF_AREA": "Territoire",
    "BREAKDOWN": "Ventilation",
    "CATEGORY": "Modalité",
    "TIME_PERIOD": "Année de l'activité décrite",
}
_MEASURES = {
    "OBS_VALUE": "Valeur, sur les structures répondantes",
    "ESTIMATE": "Estimation pour toutes les structures du périmètre",
    "ESTIMATE_LOW": "Borne basse de l'intervalle à 95 % de l'estimation",
    "ESTIMATE_HIGH": "Borne haute de l'intervalle à 95 % de l'estimation",
}
_FLAGS = {
    "OBS_STATUS": "Statut de l'observation",
    "CONF_STATUS": "Statut de confidentialité",
}
_UNIT = {"UNIT_MEASURE": "Unité de mesure"}
_BASES = {
    "N_SCOPE": "Structures du périmètre",
    "N_RESPONDED": "Structures répondantes",
    "N_BASE": "Structures concernées par le chiffre",
    "N_ITEM": "Structures ayant répondu à la question",
}


def structure_json(edition: Edition) -> str:
    """Concepts, code lists, data structure and dataflow."""
    version, vintage = _version(edition), edition.vintage
    title = f"{edition.collection.label}, données {vintage.data_year}"
    lists = list(_lists(edition))
    named = {one.id.removeprefix("CL_"): one for one in lists}
    concepts = {**_DIMENSIONS, **_MEASURES, **_FLAGS, **_UNIT, **_BASES}
    scheme = ConceptScheme(
        id=_CONCEPTS, name="Concepts", agency=AGENCY, version=version,
        items=[Concept(id=code, name=name) for code, name in concepts.items()],
    )  # fmt: skip
    definition = DataStructureDefinition(
        id=_name(edition), name=title, agency=AGENCY, version=version,
        components=Components([_component(code, version, named) for code in concepts]),
    )  # fmt: skip
    flow = Dataflow(
        id=_name(edition), name=title, agency=AGENCY, version=version,
        description=edition.collection.provenance.strip(), structure=definition,
    )  # fmt: skip
    header = Header(
        id=vintage.name, test=edition.collection.simulated, sender=Organisation(id=AGENCY),
        prepared=datetime.combine(vintage.released_on, time(), UTC),
    )  # fmt: skip
    message = json.loads(write([*lists, scheme, definition, flow], header=header) or "")
    for one in message["data"]["dataStructures"]:
        # The library names no groups by an empty list, which the schema of SDMX-JSON refuses.
        if not one["dataStructureComponents"]["groups"]:
            del one["dataStructureComponents"]["groups"]
    return json.dumps(message, ensure_ascii=False, indent=1) + "\n"


def data_csv(edition: Edition, figures: Table) -> bytes:
    """The table of figures by the structure's concepts and codes."""
    words = {word.code: word for word in STATUSES.values()}
    flags = {code: word.obs_status for code, word in words.items()}
    if edition.vintage.kind is Kind.PROVISIONAL:
        flags[STATUSES[Status.VALUE].code] = PROVISIONAL
    units = {one.unit: _unit(one.unit) for one in edition.collection.indicators}
    everyone = pl.col("ventilation") == EVERYTHING
    frame = figures.frame.select(
        pl.lit("dataflow").alias("STRUCTURE"),
        pl.lit(f"{AGENCY}:{_name(edition)}({_version(edition)})").alias("STRUCTURE_ID"),
        pl.lit("I").alias("ACTION"),
        pl.col("indicateur").alias("INDICATOR"),
        pl.col("population").alias("POPULATION"),
        (
            pl.col("niveau").replace_strict(_PREFIXES, return_dtype=pl.String)
            + pl.col("territoire").replace(_WHOLE)
        ).alias("REF_AREA"),
        pl.col("ventilation").alias("BREAKDOWN"),
        pl.when(everyone)
        .then(pl.lit(EVERYTHING))
        .otherwise(pl.concat_str("ventilation", "modalite", separator="-"))
        .alias("CATEGORY"),
        pl.col("annee_donnees").alias("TIME_PERIOD"),
        pl.col("valeur").alias("OBS_VALUE"),
        pl.col("estimation").alias("ESTIMATE"),
        pl.col("estimation_basse").alias("ESTIMATE_LOW"),
        pl.col("estimation_haute").alias("ESTIMATE_HIGH"),
        pl.col("statut").replace_strict(flags, return_dtype=pl.String).alias("OBS_STATUS"),
        pl.col("statut")
        .replace_strict({code: w.conf_status for code, w in words.items()}, return_dtype=pl.String)
        .alias("CONF_STATUS"),
        pl.col("unite").replace_strict(units, return_dtype=pl.String).alias("UNIT_MEASURE"),
        pl.col("n_interrogees").alias("N_SCOPE"),
        pl.col("n_repondantes").alias("N_RESPONDED"),
        pl.col("n_concernees").alias("N_BASE"),
        pl.col("n_reponses").alias("N_ITEM"),
    )
    text = BytesIO()
    frame.write_csv(text, float_scientific=False)
    return text.getvalue()


def _name(edition: Edition) -> str:
    return edition.vintage.collection.upper()


def _version(edition: Edition) -> str:
    return f"{edition.vintage.data_year}.{edition.vintage.number}.0"


def _lists(edition: Edition) -> Iterator[Codelist]:
    declared = edition.collection
    categories = Labels(edition).categories
    levels = list(LEVELS)
    areas = sorted(edition.areas.values(), key=lambda one: (levels.index(one.level), one.code))
    lists: dict[str, tuple[str, Iterable[tuple[str, str]]]] = {
        "INDICATOR": ("Indicateurs", ((one.indicator, one.label) for one in declared.indicators)),
        "POPULATION": ("Populations", {**declared.populations, **declared.pooled}.items()),
        "REF_AREA": (
            "Territoires",
            (
                (_PREFIXES[LEVELS[one.level][0]] + _WHOLE.get(one.code, one.code), one.label)
                for one in areas
            ),
        ),
        "BREAKDOWN": (
            "Ventilations",
            [(EVERYTHING, "Ensemble"), *((b.breakdown, b.label) for b in declared.breakdowns)],
        ),
        "CATEGORY": (
            "Modalités",
            (
                (EVERYTHING if breakdown == EVERYTHING else f"{breakdown}-{code}", label)
                for breakdown, code, label in categories
            ),
        ),
        "OBS_STATUS": (
            "Statuts d'observation (extrait de CL_OBS_STATUS)",
            [
                *((word.obs_status, word.label) for word in STATUSES.values()),
                (PROVISIONAL, "Valeur provisoire"),
            ],
        ),
        "CONF_STATUS": (
            "Confidentialité (extrait de CL_CONF_STATUS)",
            [("F", "Libre de diffusion"), ("C", "Couvert par le secret")],
        ),
        "UNIT_MEASURE": (
            "Unités",
            {
                _unit(one.unit): "Part, de 0 à 1" if one.unit == "share" else one.unit
                for one in declared.indicators
            }.items(),
        ),
    }
    for name, (label, codes) in lists.items():
        yield Codelist(
            id=f"CL_{name}", name=label, agency=AGENCY, version=_version(edition),
            items=[Code(id=code, name=text) for code, text in codes],
        )  # fmt: skip


def _component(code: str, version: str, lists: dict[str, Codelist]) -> Component:
    measured = code in _MEASURES
    attribute = code in {**_FLAGS, **_UNIT, **_BASES}
    role = Role.MEASURE if measured else Role.ATTRIBUTE if attribute else Role.DIMENSION
    listed = lists.get(code)
    reference = (
        f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{listed.id}({version})"
        if listed
        else None
    )
    return Component(
        id=code,
        required=role is Role.DIMENSION or code in _FLAGS,
        role=role,
        concept=ItemReference(
            sdmx_type="Concept", agency=AGENCY, id=_CONCEPTS, version=version, item_id=code
        ),
        local_dtype=None if listed else _type(code),
        attachment_level=("INDICATOR" if code in _UNIT else "O") if attribute else None,
        local_enum_ref=reference,
    )


def _type(code: str) -> DataType:
    if code == "TIME_PERIOD":
        return DataType.YEAR
    return DataType.DOUBLE if code in _MEASURES else DataType.INTEGER


def _unit(unit: str) -> str:
    """The code of a unit: capitals without accents."""
    if unit in {"share", "€"}:
        return {"share": "SHARE", "€": "EUR"}[unit]
    plain = unicodedata.normalize("NFKD", unit).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "_", plain.upper()).strip("_")
