"""`python -m benchmarks.validation`: what the rules cost for a territory and for a national year.

60 structures × 276 questions of the survey's own codebook in one export, then 4,100 in 101 exports
judged in one pass. The answers are drawn: plausible, one in two hundred of them not.
"""

import csv
import io
import random
import resource
import time
from collections.abc import Callable, Iterator
from functools import cache

import polars as pl
from rich.console import Console
from rich.table import Table

from expectations.catalogue import rules_for
from expectations.derived import members_count
from expectations.exports import REGISTER_SCHEMA, Exports, FormerExport, Setting
from expectations.failures import applies, failures
from expectations.frames import frames
from expectations.rule import Layer
from expectations.verdict import judge, judge_all
from expectations.wording import findings_of
from senacs.codebook import Collection, Kind, Question, load_collection
from senacs.codebook.questionnaire import NUMERIC
from senacs.reading import Evidence, read_export
from senacs.settings import settings

YEAR = 2015
STRUCTURES, EXPORTS, ONE = 4_100, 101, 60
_WRONG = 0.005
_WITHOUT_ANSWER = 0.03

Export = tuple[Evidence, Setting]
Form = dict[str, float | str]


def main() -> None:
    """Draw, judge, print."""
    console = Console()
    collection = load_collection(settings().codebook, "senacs")
    draw = random.Random(1)  # noqa: S311 - the same answers each time
    started = time.perf_counter()
    judge(*_export(draw, collection, "échauffement", 1))
    console.print(f"Imports and a first export: {time.perf_counter() - started:.1f} s")
    _measured(console, f"One territory: {ONE} structures", [_export(draw, collection, "t", ONE)])
    started = time.perf_counter()
    national = list(_national(draw, collection))
    console.print(f"\nDrawing and reading the year: {time.perf_counter() - started:.0f} s")
    _measured(console, f"A national year: {STRUCTURES:,} structures, {EXPORTS} exports", national)


def _measured(console: Console, title: str, exports: list[Export]) -> None:
    answers = sum(evidence.answers.height for evidence, _ in exports)
    table = Table(title=f"{title}, {answers:,} answers", title_justify="left")
    for name in ("layer", "rules", "findings", "seconds"):
        table.add_column(name, justify="left" if name == "layer" else "right")
    together = Exports.of(
        {number: evidence for number, (evidence, _) in enumerate(exports)},
        {number: setting for number, (_, setting) in enumerate(exports)},
    )
    rules = rules_for(together.collection.collection)
    total = 0
    for layer in Layer:
        start = time.perf_counter()
        own = [rule for rule in rules if rule.layer is layer]
        made = frames(together, *dict.fromkeys(rule.frame for rule in own))
        asked = [
            (made[rule.frame], rule) for rule in own if applies(rule, made[rule.frame], together)
        ]
        found = findings_of(failures(asked, together.collection), together)
        seconds = time.perf_counter() - start
        count = members_count(together.collection, [rule for _, rule in asked], YEAR)
        total += count
        table.add_row(str(layer), str(count), f"{found.height:,}", f"{seconds:.2f}")
    del together, made, asked, found
    start, cpu = time.perf_counter(), time.process_time()
    verdicts = judge_all(exports)
    seconds, busy = time.perf_counter() - start, time.process_time() - cpu
    found_in_all = sum(len(verdict.findings) for verdict in verdicts)
    table.add_row("all, to verdicts", str(total), f"{found_in_all:,}", f"{seconds:.2f}")
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"Processor time {busy:.1f} s; largest memory of this process {peak:.0f} MB")


def _national(draw: random.Random, collection: Collection) -> Iterator[Export]:
    for number in range(EXPORTS):
        count = STRUCTURES // EXPORTS + (number < STRUCTURES % EXPORTS)
        yield _export(draw, collection, f"{number:03}", count)


def _export(draw: random.Random, collection: Collection, territory: str, count: int) -> Export:
    questions = collection.questions_of(YEAR)
    codes = [f"{territory}-{number:03}" for number in range(count)]
    rows = [[_text(draw, q, form, code) for q in questions] for code in codes
            for form in [_form(draw)]]  # fmt: skip
    at = {q.question: number for number, q in enumerate(questions)}
    for number, question in enumerate(questions):
        if question.filter and question.filter.codes == ("oui",):
            for row in rows:
                if row[at[question.filter.question]] != "Oui":
                    row[number] = ""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([q.header for q in questions])
    writer.writerows(rows)
    evidence = read_export(out.getvalue().encode(), f"{territory}.csv", collection, territory, YEAR)
    return evidence, _setting(collection, territory, codes, evidence)


def _setting(
    collection: Collection, territory: str, codes: list[str], evidence: Evidence
) -> Setting:
    """A register that knows them all, and a former year and export much like this one."""
    structures = pl.DataFrame({"structure_id": codes, "name": codes})
    names = {q.question: q.variable for q in collection.questions_of(YEAR)}
    last_year = evidence.answers.filter(pl.col("status") == "reported").select(
        "unit_id",
        pl.col("question").replace_strict(names).alias("variable"),
        # Half as much again for one structure in fifty.
        pl.col("number") * pl.when(pl.col("row") % 50 == 0).then(1.5).otherwise(1.05),
        pl.coalesce("code", "text").alias("word"),
    )
    filled = evidence.columns.select("question", pl.col("filled") + 1).drop_nulls()
    return Setting(
        collection,
        territory,
        YEAR,
        ("92",),
        structures.with_columns(
            departement=pl.lit("92"), in_scope=pl.lit(value=True), population=pl.lit("CS")
        ),
        structures.with_columns(
            population=pl.lit("CS"),
            manager=pl.lit("Alfa"),
            siret=pl.lit("77554402601284"),
            federated=pl.lit(value=True),
            agrement_end=pl.lit(f"{YEAR}-12-31"),
        ).select(REGISTER_SCHEMA.names()),
        last_year,
        len(codes) + 1,
        FormerExport(len(codes) + 1, filled),
    )


def _text(draw: random.Random, question: Question, form: Form, code: str) -> str:
    if question.role == "key":
        return code
    if not question.required and draw.random() < _WITHOUT_ANSWER:
        return ""
    value = form.get(question.question)
    if question.kind in NUMERIC:
        return _number(draw, question, value)
    return str(value) if value is not None else _WORDS[question.kind](draw, question)


def _number(draw: random.Random, question: Question, value: float | str | None) -> str:
    number = draw.uniform(1, 10) if value is None else float(value)
    if draw.random() < _WRONG:
        number *= 10
    return f"{number:.0f}" if question.kind is Kind.INTEGER else f"{number:.2f}"


_WORDS: dict[Kind, Callable[[random.Random, Question], str]] = {
    Kind.YES_NO: lambda draw, _: draw.choice(("Oui", "Non")),
    Kind.CODE: lambda draw, question: draw.choice(_labels(question.codes)),
    Kind.DATE: lambda draw, _: f"{draw.randint(1, 28):02}/06/{draw.randint(2012, 2018)}",
    Kind.SIRET: lambda *_: "775 544 026 01284",
    Kind.TEXT: lambda draw, _: f"Texte {draw.randrange(10**6)}",
}


@cache
def _labels(name: str) -> list[str]:
    collection = load_collection(settings().codebook, "senacs")
    return [item.label for item in collection.codes_of(name)]


def _form(draw: random.Random) -> Form:
    """What hangs together in one structure's form: people, money, ages, dates."""
    etp = round(min(draw.lognormvariate(2.3, 0.5), 100), 2)
    heads = round(etp * draw.uniform(1.5, 3)) + 8
    budget = round(etp * draw.uniform(35_000, 50_000))
    touched, board = draw.randint(300, 1500), draw.randint(9, 25)
    form: Form = dict(_STEADY)
    form |= {
        "nb_salaries": heads, "etp_total": etp, "budget_total": budget, "charges_total": budget,
        "publics_total": touched, "publics_familles": touched // 4, "nb_administrateurs": board,
        "benevoles_admin": board, "heures_benevolat": touched * 2,
        "annee_creation": draw.randint(1960, 2005),
    }  # fmt: skip
    form |= _shared(draw, heads, [f"nb_{name}" for name in _CONTRACTS])
    form |= {f"etp_{name}": float(form[f"nb_{name}"]) * etp / heads for name in _CONTRACTS}
    form["nb_vacataires"] = form["nb_vacataire"]
    form |= _shared(draw, heads, [f"salaries_{age}" for age in _STAFF_AGES])
    form |= _shared(draw, budget, [f"budget_{name}" for name in _FUNDERS])
    form |= _shared(draw, budget // 3, [f"charges_{name}" for name in _CHARGES])
    form["charges_personnel"] = budget - budget // 3
    form |= _shared(draw, touched, [f"publics_{age}" for age in _AGES])
    form |= _shared(draw, board, [f"administrateurs_{age}" for age in _BOARD_AGES])
    volunteers = _shared(draw, draw.randint(20, 60), [f"benevoles_{a}" for a in _AGES[1:]])
    form |= volunteers | {"benevoles_activite": sum(map(float, volunteers.values()))}
    caf, state = float(form["budget_caf"]), float(form["budget_etat"])
    form |= _shared(draw, caf / 2, ["detail_caf_agc", "detail_caf_acf"])
    form |= _shared(draw, caf / 2, ["detail_caf_alsh", "detail_caf_petite_enfance",
                                    "detail_caf_parentalite", "detail_caf_autres"])  # fmt: skip
    form |= _shared(draw, state, ["detail_etat_politique_ville", "detail_etat_emplois_aides",
                                  "detail_etat_fonjep", "detail_etat_autres"])  # fmt: skip
    functions = {f"etp_fonction_{name}": etp / 10 for name in _FUNCTIONS}
    return form | functions | {f"nb_fonction_{name}": heads / 8 for name in _FUNCTIONS}


_STEADY: Form = {
    "agrement_acf": "Oui", "mode_gestion": "Associatif", "convention_collective": "Alisfa",
    "federation_fcsf": "Oui", "type_territoire": "Urbain", "zrr": "Non",
    "nb_titulaire": 0, "etp_titulaire": 0,
    "multi_sites": "Non", "contrat_ville": "Oui", "au_moins_un_partenaire": "Oui",
    "partenaire_commune": "Oui", "partenaire_caf": "Oui", "date_premier_agrement": "12/06/2006",
    "fin_agrement": f"31/12/{YEAR}", "duree_agrement": 4, "population_zone": 12_000,
    "heures_ouverture": 40, "resultat": 0, "valorisation_benevolat": 20_000, "cotisation": 10,
    "adherents_individuels": 150, "adherents_familles": 60, "detail_adhesions": 1500,
    "charges_pilotage": 9000, "alsh_enfants": 20, "droits_informes": 90, "surface": 400,
    "participants_francais": 60, "participants_vacances": 60, "participants_scolarite": 60,
}  # fmt: skip
_CONTRACTS = ("cdi", "cdd", "vacataire", "aide", "adulte_relais", "apprenti",
              "mise_a_disposition")  # fmt: skip
_STAFF_AGES = ("moins_26", "26_44", "45_54", "55_plus")
_BOARD_AGES = ("moins_26", "26_40", "41_60", "plus_60")
_FUNCTIONS = ("direction", "referent_famille", "accueil", "animation", "petite_enfance",
              "administration", "entretien", "mediation")  # fmt: skip
_FUNDERS = ("commune", "interco", "caf", "etat", "departement", "region", "usagers", "autres")
_CHARGES = ("achats", "services_exterieurs", "autres_services", "impots", "gestion_courante",
            "financieres", "exceptionnelles", "dotations")  # fmt: skip
_AGES = ("enfants", "jeunes", "adultes", "seniors")


def _shared(draw: random.Random, whole: float, names: list[str]) -> Form:
    """A whole number shared out among these."""
    weights = [draw.uniform(1, 3) for _ in names]
    parts = [int(whole * weight / sum(weights)) for weight in weights]
    parts[0] += round(whole - sum(parts))
    return dict(zip(names, parts, strict=True))


if __name__ == "__main__":
    main()
