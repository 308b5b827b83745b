"""Spellings of one name meet, other names stay apart; texts are cut into the words people search for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfocr_db.text import LONGEST_WORD, fold, words

SAME = {
    "il6": ("IL6", "il6", "IL-6", "IL 6", "il‐6", "IL‑6", "IL–6", "IL—6", "IL−6", "IL - 6", "I L\t6", "ＩＬ－６"),
    "il8": ("IL8", "IL\u00a08", "IL\u20098", "IL\u3000-8"),
    "tgfb": ("TGFB", "TGFβ", "TGF-β", "TGF-beta", "TGF Beta", "tgfb", "TGFΒ", "TGFϐ", "TGF‑β"),
    "nfkb": ("NF-κB", "NF-kB", "NFKB", "NFκB", "NF-kappa B", "NF-kappaB", "NF–κΒ", "NFϰB"),
    "cmyc": ("c-Myc", "с-Мус", "C-MYC", "cMyc", "ⅽ-Myc"),
    "mapk": ("MAPK", "МАРК", "Mapk", "МAРK", "MAP-K"),
    "p53": ("p53", "р53", "P53", "p-53", "p⁵³", "ｐ５３"),
    "ikka": ("IKKα", "IKKalpha", "IKKA", "IKK-α", "ΙΚΚα"),
    "ifng": ("IFNγ", "IFN-gamma", "IFNG", "IFN-Γ"),
    "pi3kd": ("PI3Kδ", "PI3K delta", "PI3K-D"),
    "wnt": ("Wnt", "Ẃnt", "W\u0301nt", "wńt"),
    "fi1": ("ﬁ1", "FI1"),
    "alpha": ("α", "Alpha", "A-lpha", "Α"),
    "beta": ("β", "beta", "BETA"),
    "pi": ("π", "PI", "Pi"),
    "": ("", " ", "-", "– —", "\u00a0"),
}  # fmt: skip


@pytest.mark.parametrize("key", SAME)
def test_spellings_of_one_name_meet(key: str) -> None:
    assert {spelling: fold(spelling) for spelling in SAME[key]} == dict.fromkeys(SAME[key], key)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("IL6", "IL60"), ("IL-1α", "IL-1β"), ("TNF", "TNFα"), ("p53", "p63"), ("JAK", "JAK2"), ("β", "b")),
        *(
            ("α", "a"),
            ("META", "MHA"),
            ("PSIP1", "YP1"),
            ("TAUT", "TT"),
            ("CHIA", "CA"),
            ("IκB", "I/κB"),
            ("A+", "A"),
        ),
        *(("PIK3", "PK3"), ("A+", "A"), ("eta", "h"), ("Ras*", "Ras"), ("a_b", "ab"), ("Na+", "Na")),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


NAMES = st.text("abkptxzABKPTXZ0123456789αβκγΔ/+_", min_size=1, max_size=12)
GAPS = st.sampled_from(["", "-", " ", "‑", "–", "−", "\u00a0", "\t", " - "])


@settings(max_examples=200, derandomize=True, deadline=None)
@given(name=NAMES, gaps=st.lists(GAPS, min_size=13, max_size=13))
def test_case_blanks_and_dashes_do_not_count(name: str, gaps: list[str]) -> None:
    spread = "".join(gap + letter for gap, letter in zip(gaps, name, strict=False)) + gaps[-1]
    assert fold(spread) == fold(name) == fold(name.upper()) == fold(name.lower())


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=30))
def test_a_key_has_neither_capitals_nor_blanks_nor_dashes(name: str) -> None:
    key = fold(name)
    assert key == key.casefold()
    assert not any(letter.isspace() or letter in "-‐‑‒–—−" for letter in key)


CUT = {
    "IL-6/JAK": "il 6 il6 jak",
    "SOCS3/JAK2": "socs3 jak2",
    "the JAK2-STAT3 axis": "the jak2 stat3 jak2stat3 axis",
    "p-ERK1/2": "p erk1 perk1 2",
    "a-b-c": "a b c abc",
    "NF-κB": "nf kb nfkb",
    "TGFβ, TGF-beta": "tgfb tgf beta tgfb",
    "α-tubulin": "alpha tubulin atubulin",
    "snake_case_words": "snake case words",
    "_JAK2_": "jak2",
    "naïve Café": "naive cafe",
    "nai\u0308ve": "naive",
    "Ｊ ＡＫ２": "j ak2",
    "IL–6 and IL−6": "il 6 il6 and il 6 il6",
    "JAK -2, -3- --4": "jak 2 3 4",
    "CO₂, Ca²⁺": "co2 ca2",
    "с-Мус": "c myc cmyc",
    "(JAK2) 'STAT3' \"SRC\"; a|b\\c:d&e!f*g<->h": "jak2 stat3 src a b c d e f g h",
    "line\nend\ttab\u00a0nbsp\u2028ls": "line end tab nbsp ls",
    "日本 и мы": "日本 и mы",
    "🧬 DNA": "dna",
    "": "",
    "-- / …": "",
}


@pytest.mark.parametrize("text", CUT)
def test_texts_are_cut_into_words(text: str) -> None:
    assert words(text) == CUT[text].split()


def test_words_too_long_to_be_searched_are_left_out() -> None:
    longest = "x" * LONGEST_WORD
    assert words(f"a {longest} b") == ["a", longest, "b"]
    assert words(f"a {longest}x b") == ["a", "b"]
    assert words(f"{longest}-y") == [longest, "y"]
    assert words("ﬃ" * 100) == []  # three letters each


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=60))
def test_words_are_letters_and_digits_only(text: str) -> None:
    assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in words(text))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.text("abcxyz019βé", min_size=1, max_size=8), max_size=8))
def test_a_name_is_found_by_its_key(names: list[str]) -> None:
    """What is asked for, folded, is what was indexed, cut."""
    assert words(" ".join(names)) == [fold(name) for name in names]
