"""Which file of a drop folder is meant, and whether it has arrived whole."""

import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from senacs.codebook.sources import FolderSource, SftpSource
from tasks.sources import Known, NotSettledError, sentence, undelivered

_ON_ITS_WAY = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp")
_MOST_NAMED = 10


@dataclass(frozen=True)
class Candidate:
    """A file of a drop folder.

    Attributes:
        modified: when it was last changed, in seconds or nanoseconds: only compared.
        modified_at: the same in seconds since 1970.
    """

    name: str
    size: int
    modified: int
    modified_at: float

    @property
    def mark(self) -> str:
        """What tells this version of the file from another."""
        return f"{self.name}:{self.size}:{self.modified}"


def chosen(
    source: FolderSource | SftpSource, candidates: Iterable[Candidate], known: Known
) -> Candidate:
    """The one file that the source means, if it has arrived whole.

    Raises:
        SourceError: there is none, or there are several.
        NotSettledError: it has just changed, and the last visit did not see it as it is.
    """
    fitting = sorted(
        (one for one in candidates if _fits(one.name, source.file)),
        key=lambda one: _natural(one.name),
    )
    if not fitting:
        raise undelivered(
            source.address, "aucun fichier n'y correspond", "déposez l'export puis relancez"
        )
    if len(fitting) > 1 and source.several == "refuse":
        names = ", ".join(f"« {one.name} »" for one in fitting[:_MOST_NAMED])
        more = ", …" if len(fitting) > _MOST_NAMED else ""
        raise undelivered(
            source.address,
            f"plusieurs fichiers y correspondent ({names}{more})",
            "n'en laissez qu'un, puis relancez",
        )
    found = fitting[-1]
    settled = time.time() - found.modified_at >= source.settle
    if not settled and found.mark not in {known.seen, known.etag}:
        raise NotSettledError(
            sentence(
                source.address,
                f"« {found.name} » vient d'être modifié, son dépôt n'est peut-être pas terminé",
                "il sera pris au prochain passage s'il n'a plus changé",
            ),
            found.mark,
        )
    return found


def changed_meanwhile(source: FolderSource | SftpSource, found: Candidate) -> NotSettledError:
    """The error of a file that changed while it was being copied."""
    return NotSettledError(
        sentence(
            source.address,
            f"« {found.name} » a changé pendant sa copie",
            "relancez quand le dépôt est terminé",
        ),
        found.mark,
    )


def _fits(name: str, pattern: str) -> bool:
    """Whether a name is meant, whatever its case and the way its accents are written."""
    folded = _folded(name)
    hidden = name.startswith((".", "~$")) or folded.endswith(_ON_ITS_WAY)
    return not hidden and fnmatchcase(folded, _folded(pattern))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that puts `v2` before `v10`."""
    parts = re.findall(r"\d+|\D+", _folded(name))
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]
