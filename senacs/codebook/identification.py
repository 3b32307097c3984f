"""How records are brought to structures of the register, as data."""

from pydantic import Field

from senacs.codebook.declared import Declared


class Weights(Declared):
    """How much each likeness counts; what one side does not say counts for nothing."""

    name: float = Field(gt=0)
    siret: float = Field(ge=0)
    commune: float = Field(ge=0)


class Identification(Declared):
    """Which questions say who a record is about, and when their likeness is enough.

    Scores and likenesses go from 0 to 100.

    Attributes:
        name: question that gives the structure's name.
        siret: question that gives a SIRET, often the manager's.
        commune: question that gives the commune's name or Insee code.
        generic: words that say what a structure is and not which one.
        siren: likeness of two SIRET of one organism (nine digits in common).
        least_name: likeness of names below which nothing else makes a match.
        accepted: score from which a record is taken for a structure …
        margin: … if the next candidate is at least so much below.
        shown: score from which a structure is named to a person as a candidate.
        doubtful: score below which the record of an exact identifier is asked about.
    """

    name: str
    siret: str = ""
    commune: str = ""
    generic: tuple[str, ...] = ()
    weights: Weights
    siren: float = Field(ge=0, le=100)
    least_name: float = Field(gt=0, le=100)
    accepted: float = Field(gt=0, le=100)
    margin: float = Field(gt=0, le=100)
    shown: float = Field(gt=0, le=100)
    doubtful: float = Field(ge=0, le=100)
