"""One way to fold a name, one way to cut text into words; SQL never does either."""

import re
import unicodedata
from functools import lru_cache

# HGNC's own Latin letters for the Greek ones, so that TGFβ and IKKα fold to the symbols in use.
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron",
    "π": "pi", "ρ": "rho", "ς": "sigma", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LATIN = {
    "alpha": "a", "beta": "b", "gamma": "g", "delta": "d", "epsilon": "e", "zeta": "z", "eta": "h",
    "theta": "q", "iota": "i", "kappa": "k", "lambda": "l", "mu": "m", "nu": "n", "xi": "x", "omicron": "o",
    "pi": "p", "rho": "r", "sigma": "s", "tau": "t", "upsilon": "u", "phi": "f", "chi": "c", "psi": "y",
    "omega": "w",
}  # fmt: skip
_LETTERS = str.maketrans(
    {greek: _LATIN[name] for greek, name in _GREEK.items()}
    | dict(zip("авекмнорстухіѕј", "abekmhopctyxisj", strict=True))  # Cyrillic look-alikes
)
_DASHES = "-‐‑‒–—−"
_SEPARATORS = re.compile(rf"(?:\s|[{_DASHES}])+")
# Spelled-out Greek that occurs inside names. The short ones (eta, psi, pi …) sit in too many other words.
_SPELLED = re.compile("alpha|beta|gamma|delta|epsilon|kappa|lambda|sigma|omega")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_COMPOUND = re.compile(rf"[^\W_]+(?:[{_DASHES}][^\W_]+)*")
_DASH = re.compile(f"[{_DASHES}]")

LONGEST_WORD = 250
"""Longer runs of letters are no words anyone searches for, and an index could not hold them."""


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The key under which spellings of one name meet: IL-6, il6; TGFβ, TGF-beta; с-Мус in Cyrillic, c-Myc."""
    folded = _SEPARATORS.sub("", _plain(name))
    if folded in _GREEK:
        return _GREEK[folded]
    if folded in _LATIN:
        return folded
    return _SPELLED.sub(lambda greek: _LATIN[greek[0]], folded.translate(_LETTERS))


def words(text: str) -> list[str]:
    """The words of a text as they are indexed: IL-6/JAK gives il 6 il6 jak."""
    found = []
    for compound in _COMPOUND.findall(_plain(text)):
        if compound.isalnum():
            found.append(fold(compound))
        else:
            found += [fold(part) for part in _DASH.split(compound)]
            found.append(fold(compound))
    return [word for word in found if len(word) <= LONGEST_WORD]


def _plain(text: str) -> str:
    """Lower case, compatibility forms and accents undone."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
