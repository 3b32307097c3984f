"""The simulated world: reproducible, stable over the years, calibrated, coherent and invented."""

import csv
import io
import re
import unicodedata
from pathlib import Path

import polars as pl
import pytest

from senacs.codebook import in_order, load_collection
from senacs.errors import ConfigurationError
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.structures import departements, structures_of
from senacs.simulation.campaign.world import World, simulate, true_answers
from tests.support.simulated import CODEBOOK, draft_of, written

REAL_PLACES = PROJECT_ROOT / "reference" / "structures_avs_reelles.csv"
COMMUNES = PROJECT_ROOT / "reference" / "communes_historique.csv"
TERRITORIES = {"54": ("54",), "2A": ("2A",), "RA": ("07", "26")}


def made(folder: Path, **changes: object) -> dict[str, bytes]:
    world = World(
        **{"seed": 3, "data_years": (2019,), "territories": TERRITORIES, "defects": 0.002} | changes  # type: ignore[arg-type]
    )
    for _ in simulate(world, folder, CODEBOOK):
        pass
    return written(folder)


def test_the_same_world_gives_the_same_bytes(tmp_path):
    assert made(tmp_path / "one") == made(tmp_path / "two")


def test_a_territory_does_not_depend_on_the_others_nor_on_other_years(tmp_path):
    alone = made(tmp_path / "alone", territories={"54": ("54",)})
    together = made(tmp_path / "together", data_years=(2018, 2019))
    exports = [name for name in alone if name.startswith(("exports", "truth/2019/cells"))]
    assert len(exports) == 3
    assert {name: alone[name] for name in exports} == {name: together[name] for name in exports}


def test_another_seed_gives_other_bytes(tmp_path):
    one, other = made(tmp_path / "one"), made(tmp_path / "other", seed=4)
    name = "exports/registre/registre_54_2019.csv"
    assert one[name] != other[name]


def test_the_codebook_beside_the_exports_holds_together(tmp_path):
    made(tmp_path, data_years=(2014, 2019))
    assert in_order(tmp_path / "codebook") == ["registre", "senacs"]
    survey = load_collection(tmp_path / "codebook", "senacs")
    assert {t.code for t in survey.campaign(2014).territories} == set(TERRITORIES)
    assert survey.simulated


def test_every_export_is_where_its_campaign_says(tmp_path):
    files = made(tmp_path)
    for name in ("senacs", "registre"):
        for territory in load_collection(tmp_path / "codebook", name).campaign(2019).territories:
            path = f"exports/{territory.source.path}/{territory.source.file}"
            assert path in files


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="not empty"):
        made(tmp_path)
    assert written(tmp_path) == {"mine.txt": b"mine"}


def test_a_year_without_a_form_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="no questionnaire for data year 2009"):
        made(tmp_path / "out", data_years=(2009,))


def test_a_refused_file_is_in_the_truth(tmp_path):
    files = made(tmp_path, refused=1.0)
    rows = list(
        csv.DictReader(io.StringIO(files["truth/2019/defects.csv"].decode()), delimiter=";")
    )
    assert [row["file"].split("_")[1] for row in rows] == list(TERRITORIES)


def answers(departement: str, data_year: int, seed: int = 1) -> pl.DataFrame:
    return true_answers(draft_of(seed, departement, data_year)[0])


def numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """The reported numbers of each structure, one column a question."""
    return (
        frame.with_columns(pl.col("value").cast(pl.Float64, strict=False))
        .filter(pl.col("value").is_not_null())
        .pivot(on="question", index="structure_id", values="value")
    )


PARTS = {
    "nb_salaries": ["salaries_moins_26", "salaries_26_44", "salaries_45_54", "salaries_55_plus"],
    "budget_total": [
        f"budget_{f}"
        for f in ("commune", "interco", "caf", "etat", "departement", "region", "usagers", "autres")
    ],
    "charges_total": [
        f"charges_{c}"
        for c in (
            "achats", "services_exterieurs", "autres_services", "impots", "personnel",
            "gestion_courante", "financieres", "exceptionnelles", "dotations",
        )
    ],
    "publics_total": [f"publics_{a}" for a in ("enfants", "jeunes", "adultes", "seniors")],
    "reguliers_total": [f"reguliers_{a}" for a in ("enfants", "jeunes", "adultes", "seniors")],
    "benevoles_activite": [f"benevoles_{a}" for a in ("jeunes", "adultes", "seniors")],
    "nb_administrateurs": [
        f"administrateurs_{a}" for a in ("moins_26", "26_40", "41_60", "plus_60")
    ],
}  # fmt: skip


@pytest.mark.parametrize("whole", PARTS)
def test_parts_sum_to_their_whole(whole):
    frame = numbers(answers("59", 2014))
    gap = frame.select(pl.sum_horizontal(PARTS[whole]) - pl.col(whole)).to_series()
    assert gap.abs().max() == 0


def test_contracts_sum_and_no_etp_exceeds_heads():
    frame = numbers(answers("59", 2016))
    contracts = {
        "nb_cdi": "etp_cdi", "nb_cdd": "etp_cdd", "nb_vacataires": "etp_vacataire",
        "nb_aide": "etp_aide", "nb_adulte_relais": "etp_adulte_relais",
        "nb_apprenti": "etp_apprenti", "nb_mise_a_disposition": "etp_mise_a_disposition",
        "nb_titulaire": "etp_titulaire",
    }  # fmt: skip
    heads = frame.select(pl.sum_horizontal(list(contracts)) - pl.col("nb_salaries")).to_series()
    assert heads.abs().max() == 0
    for count, etp in contracts.items():
        assert (frame[etp] <= frame[count]).all()
    total = frame.select(pl.sum_horizontal(list(contracts.values())) - pl.col("etp_total"))
    assert total.to_series().abs().max() < 0.005


def test_means_are_near_the_published_ones():
    frames = [numbers(answers(d, 2015)) for d in ("59", "62", "69", "13", "93", "33", "76", "31")]
    wanted = {
        "nb_salaries": 14.3, "etp_total": 10.7, "budget_total": 450_000, "publics_total": 780,
        "benevoles_activite": 36, "droits_informes": 260,
    }  # fmt: skip
    for name, mean in wanted.items():
        said = pl.concat([f.select(pl.col(name).cast(pl.Float64)) for f in frames]).to_series()
        assert said.mean() == pytest.approx(mean, rel=0.12), name


def test_the_number_of_structures_is_the_published_one():
    for data_year, centres, espaces in ((2010, 2090, 0), (2016, 2237, 0), (2020, 2310, 1400)):
        blocks = [b for d in departements() for b in structures_of(1, d, data_year)]
        by_type = {p: sum(len(b) for b in blocks if b.population == p) for p in ("CS", "EVS")}
        assert by_type["CS"] == pytest.approx(centres, abs=8)
        assert by_type["EVS"] == pytest.approx(espaces, abs=12)
    assert {d: len(structures_of(1, d, 2012)[0]) for d in ("57", "54", "95", "59")} == {
        "57": 41, "54": 10, "95": 56, "59": 144,
    }  # fmt: skip


def test_a_structure_stays_itself_from_year_to_year():
    before, after = structures_of(5, "59", 2017)[0], structures_of(5, "59", 2018)[0]
    count = len(before)
    assert after.nom[:count] == before.nom
    assert after.siret[:count] == before.siret
    assert after.commune[:count] == before.commune
    then, now = numbers(answers("59", 2017)), numbers(answers("59", 2018))
    both = then.join(now, on="structure_id", suffix="_now")
    for name in ("nb_salaries", "budget_total", "publics_total"):
        moved = both.select((pl.col(f"{name}_now") / pl.col(name)).log().abs()).to_series()
        own = both[name].log().std()
        assert moved.median() < own / 3, name
    told = answers("59", 2017).join(answers("59", 2018), on=["structure_id", "question"])
    yes_no = told.filter(pl.col("question").str.starts_with("action_"))
    assert (yes_no["value"] == yes_no["value_right"]).mean() > 0.95


def test_members_answer_more_often_than_others():
    said = {True: [0, 0], False: [0, 0]}
    for departement in ("59", "62", "69", "13", "93", "33"):
        draft, blocks = draft_of(2, departement, 2016)
        for block in blocks:
            for identifier, member in zip(
                block.structure_id, block.federated.tolist(), strict=True
            ):
                said[member][0] += identifier in draft.respondents
                said[member][1] += 1
    member, other = (said[m][0] / said[m][1] for m in (True, False))
    assert member == pytest.approx(0.95, abs=0.03)
    assert other == pytest.approx(0.76, abs=0.06)


def bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    kinds = r"\b(centre|social|socioculturel|espace|de|vie|sociale|sociale|evs|et|culturel)\b"
    return re.sub(r"[^a-z0-9]+", " ", re.sub(kinds, " ", plain)).strip()


def test_no_name_and_no_siret_is_real():
    with REAL_PLACES.open(encoding="utf-8", newline="") as file:
        real = list(csv.DictReader(file, delimiter=";"))
    names, sirets = {bare(row["nom"]) for row in real}, {row["siret"] for row in real}
    for departement in departements():
        for block in structures_of(1, departement, 2024):
            assert not names & {bare(name) for name in block.nom}
            assert not {s for s in block.siret if s} & sirets
            assert all(s.startswith("000") for s in block.siret if s)
            assert len(set(block.nom)) == len(block)


def test_communes_exist():
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        known = {row["code_insee"]: row["nom"] for row in csv.DictReader(file, delimiter=";")}
    for departement in departements():
        for block in structures_of(1, departement, 2024):
            for code, name in zip(block.commune, block.nom_commune, strict=True):
                assert known[code] == name


def test_no_contact_leads_to_anyone(tmp_path):
    files = made(tmp_path, formats=("csv-utf8",))
    exports = b"".join(data for name, data in files.items() if name.startswith("exports"))
    addresses = re.findall(rb"[\w.]+@[\w.-]+", exports)
    assert addresses
    assert all(address.endswith(b".invalid") for address in addresses)
