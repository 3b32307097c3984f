"""The sheet of the annotated spreadsheet that tells a correspondent, in French, how to answer."""

from collections.abc import Sequence
from typing import Any

from senacs.findings import Severity
from senacs.french import counted, typography
from senacs.pages.annotated_look import ANSWERED, COLOURS, Look, row_height
from senacs.replies.constats import Constat
from senacs.replies.sheet import EXPORT, FINDINGS

_MANUAL_WIDTH = 92
_MANUAL = (
    (
        "Répondre",
        (
            f"1. Ouvrez la feuille « {FINDINGS} ». Chaque ligne est un constat ; filtrez comme "
            "vous voulez.",
            "2. Vérifiez avec la structure, puis répondez dans les colonnes vertes :",
            "   – corrigé : donnez la bonne valeur dans « Nouvelle valeur », écrite comme dans "
            "l'export (NC si la structure ne sait pas) ;",
            "   – confirmé : la valeur reçue est juste ; dites pourquoi dans « Motif ».",
            "3. Mettez votre nom dans « Auteur ». Laissez vide ce que vous n'avez pas encore "
            "vérifié.",
            "4. Enregistrez (XLSX ou ODS) et renvoyez ce classeur. Une ligne qui n'a pas pu être "
            "reprise vous est signalée, avec la raison.",
        ),
    ),
    (
        "À savoir",
        (
            f"La feuille « {EXPORT} » montre votre fichier, dans son ordre : les cellules "
            "concernées sont en couleur, avec le constat en commentaire. Elle ne se corrige pas : "
            f"on répond dans « {FINDINGS} ».",
            "« nouvel export » : seul un nouvel export règle ce constat (identifiant, colonne ou "
            "ligne à reprendre).",
            "Une réponse écartée (« erreur ») se corrige ; elle ne se confirme pas.",
            "Une valeur confirmée n'est plus demandée tant qu'elle ne change pas. Une correction "
            "vaut tant que l'export livre la valeur qu'elle remplace.",
            "Les colonnes de contacts sont vides, et adresses et téléphones sont masqués, exprès.",
            "Une apostrophe en tête d'un texte qui commence par = + - ou @ est de nous : elle "
            "empêche un tableur d'en faire une formule.",
            "Les feuilles sont protégées sans mot de passe, contre les fausses manœuvres. La "
            "colonne masquée « Référence » dit à quel constat vous répondez : ne l'effacez pas.",
        ),
    ),
)


def fill_manual(
    sheet: Any,  # noqa: ANN401 - the library is untyped
    look: Look,
    constats: Sequence[Constat],
    *,
    simulated: bool,
) -> None:
    """Write how to answer, what the colours mean and how many findings wait."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, _MANUAL_WIDTH)
    sheet.write_string(0, 0, "Mode d'emploi", look.title)
    row = 1
    if simulated:
        sheet.write_string(row, 0, "DONNÉES SIMULÉES : structures et réponses inventées.",
                           look.warning)  # fmt: skip
        row += 1
    for title, lines in _MANUAL:
        row += 2
        sheet.write_string(row, 0, typography(title), look.heading)
        for line in lines:
            row += 1
            sheet.write_string(row, 1, typography(line), look.text)
            sheet.set_row(row, row_height([(line, _MANUAL_WIDTH)]) + 3)
    row += 2
    sheet.write_string(row, 0, "Couleurs", look.heading)
    legend = [(s.french, s.consequence, COLOURS[s]) for s in Severity]
    legend.append(("répondu", "vous avez répondu, ou l'erreur est connue", ANSWERED))
    for word, meaning, colour in legend:
        row += 1
        sheet.write_string(row, 0, word, look.coloured(colour))
        sheet.write_string(row, 1, meaning, look.text)
    asked = sum(one.asked for one in constats)
    row += 2
    waiting = counted(asked, "constat attend", "constats attendent")
    sheet.write_string(row, 0, "À ce jour", look.heading)
    sheet.write_string(row, 1, f"{waiting} une réponse.", look.text)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"select_locked_cells": True})
