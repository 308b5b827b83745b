"""Front matter is read as PyYAML's own loader of plain texts reads it, and every key knows its line."""

from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pfocr_db.source.front_matter import parse
from pfocr_db.source.problems import UnreadableError

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.text("ab \n\t'\"\\:#-?&*!|>%@`{}[],\r\x07\x1b\x85\u00a0\u2028\ufeff", max_size=20),
    st.sampled_from(["On", "6.3", "1E-3", "NA", "na", "null", "~", "2001-01-01", "<<", "=", "---", "...", "- a", ""]),
)
KEYS = st.from_regex(r"k[a-z]{0,6}", fullmatch=True)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
STYLES = st.fixed_dictionaries(
    {
        "default_style": st.sampled_from([None, None, "'", '"', "|", ">"]),
        "default_flow_style": st.sampled_from([False, False, None, True]),
        "allow_unicode": st.booleans(),
        "width": st.sampled_from([20, 80, 10_000]),
        "indent": st.sampled_from([2, 4]),
    }
)


def fenced(text: str) -> str:
    return f"---\n{text}---\n"


def _as_pyyaml_reads(text: str) -> Any:
    """None where it cannot."""
    try:
        return yaml.load(text, yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def _as_we_read(text: str, **options: bool) -> Any:
    try:
        return parse(text, **options).values
    except UnreadableError:
        return None


@settings(max_examples=250, derandomize=True, deadline=None)
@given(document=st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5), style=STYLES)
def test_documents_are_read_as_pyyaml_reads_them(document: dict[str, Any], style: dict[str, Any]) -> None:
    text = yaml.safe_dump(document, sort_keys=False, **style) + "\n"
    assert _as_we_read(fenced(text)) == _as_pyyaml_reads(text)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(document=st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5))
def test_escaped_documents_come_back(document: dict[str, Any]) -> None:
    text = yaml.safe_dump(document, default_style='"', sort_keys=False)
    assert _as_we_read(fenced(text)) == document
    assert _as_we_read(text, fenced=False) == document


SCRAPS = st.sampled_from(
    [
        *(
            "a",
            "b: ",
            "c:\n",
            "\n",
            "\n",
            "  ",
            "    ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "|\n",
            ">-\n",
            "? ",
        ),
        *(
            "&x ",
            "*x",
            "!t ",
            "!!int ",
            "# note\n",
            "%",
            "\t",
            "\\",
            "---\n",
            "...\n",
            "x: *x\n",
            "\u2028",
            "é",
            "\r\n",
        ),
    ]
)


@settings(max_examples=1_000, derandomize=True, deadline=None)
@given(st.lists(SCRAPS, max_size=14).map("".join))
def test_scraps_are_read_as_pyyaml_reads_them_or_refused(text: str) -> None:
    assume(text.count("&x ") < 2)  # PyYAML takes no second anchor of one name, YAML does
    ours = _as_we_read(text, fenced=False)
    yaml_text = text.partition("---\n")[2].partition("---\n")[0] if text.startswith("---\n") else text
    assert ours is None or ours == _as_pyyaml_reads(yaml_text)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(document=st.dictionaries(KEYS, VALUES, min_size=1, max_size=6), style=STYLES)
def test_every_key_knows_its_line(document: dict[str, Any], style: dict[str, Any]) -> None:
    style |= {"default_flow_style": False, "default_style": None}
    text = fenced(yaml.safe_dump(document, sort_keys=False, **style))
    lines, parsed = text.split("\n"), parse(text)
    assert parsed.lines.keys() == document.keys()
    assert all(lines[line - 1].startswith(f"{key}:") for key, line in parsed.lines.items())


@settings(max_examples=200, derandomize=True, deadline=None)
@given(rows=st.lists(st.dictionaries(KEYS, TEXTS, min_size=1, max_size=3), min_size=1, max_size=4), before=TEXTS)
def test_every_row_of_a_list_knows_its_line(rows: list[dict[str, str]], before: str) -> None:
    text = fenced(yaml.safe_dump({"before": before, "genes": rows}, sort_keys=False, allow_unicode=True))
    lines, parsed = text.split("\n"), parse(text)
    begins = [line[:3] for line in lines if line.startswith("- ")]
    assert [lines[line - 1][:3] for line in parsed.item_lines["genes"]] == begins[-len(rows) :]


def test_lines_count_from_the_top_of_the_file() -> None:
    parsed = parse(
        "---\nfigid: a\ncaption: |\n  one\n\n  two\n\n# note\ngenes:\n- word: x\n  b: c\n-\n  word: y\n---\n"
    )
    assert parsed.lines == {"figid": 2, "caption": 3, "genes": 9}
    assert parsed.item_lines == {"genes": [10, 13]}
    assert parse("figid: a\nnumber: b\n", fenced=False).lines == {"figid": 1, "number": 2}
    assert parse("---\nfigid: a\n", fenced=False).lines == {"figid": 2}


@pytest.mark.parametrize("strange", ["\u2028", "\u2029", "\x85", "\u2028\u2028é", "\r", "\r\r é"])
def test_lines_are_those_of_an_editor(strange: str) -> None:
    parsed = parse(f'---\nfigid: "a{strange}b"\nnumber: F1\ngenes:\n- word: x\n---\n')
    assert parsed.lines == {"figid": 2, "number": 3, "genes": 4}
    assert parsed.item_lines == {"genes": [5]}


@pytest.mark.parametrize("after", ["", "\n", " \n\t\n"])
def test_nothing_follows(after: str) -> None:
    assert parse(f"---\na: b\n---\n{after}").body_line is None


def test_lines_of_windows_files() -> None:
    text = fenced('figid: a\ncaption: "b\n  c"\ngenes:\n- word: x\n').replace("\n", "\r\n")
    assert parse(text).lines == {"figid": 2, "caption": 3, "genes": 5}
    assert parse(text).item_lines == {"genes": [6]}


def test_what_follows_is_noticed_with_its_line() -> None:
    assert parse("---\na: b\n---\n\nmore\n").body_line == 5
    assert parse("---\na: b\n---\nmore").body_line == 4


BROKEN = {
    "a: [b": (3, "flow sequence that begins in line 2"),
    'a: "b': (3, "quoted scalar that begins in line 2"),
    "a: b\nc: d: e": (3, "mapping values are not allowed in this context"),
    "a: κκκκκκκκ\nb: c\x07": (3, "control characters are not allowed"),
    'a: κ\nb: "\\x00"': (3, "a NUL character"),
    "a: b\na: c": (3, "the key a stands twice; keep one"),
    "a: *b": (2, "*b stands for a value it is part of, or none"),
    "a: &b [*b]": (2, "*b stands for a value it is part of, or none"),
    "- a": (2, "must consist of `key: value` lines"),
    "a": (2, "must consist of `key: value` lines"),
    "": (2, "the front matter is empty"),
    "? [a]\n: b": (2, "a key must be text"),
    "a: b\n...\n--- {c: d}": (4, "a second YAML document"),
    "a: " + "[" * 32: (2, "nested more than 32 deep"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_what_cannot_be_read_has_a_line_and_a_reason(text: str) -> None:
    line, reason = BROKEN[text]
    with pytest.raises(UnreadableError) as caught:
        parse(fenced(f"{text}\n" if text else ""))
    assert caught.value.line == line
    assert reason in caught.value.message


def test_just_deep_enough() -> None:
    deep = "[" * 31 + "]" * 31
    assert parse(f"---\na: {deep}\n---\n").values == yaml.load(f"a: {deep}", yaml.CBaseLoader)
    assert parse(f"---\na: &a {deep[1:-1]}\nb: [*a]\n---\n").values["b"] == [yaml.load(deep[1:-1], yaml.CBaseLoader)]
    with pytest.raises(UnreadableError, match="nested more than 32 deep"):
        parse(f"---\na: &a {deep}\nb: [*a]\n---\n")


def test_aliases_are_written_out_while_they_are_few() -> None:
    text = "a: &a [x, y]\nb: &b {c: *a, d: &t text}\ne: [*a, *b, *t]\n"
    assert parse(fenced(text)).values == yaml.load(text, yaml.CBaseLoader)
    many = f"a: &a [{'x, ' * 999}]\nb: [{'*a, ' * 490}]\n"
    assert len(parse(fenced(many)).values["b"]) == 490
    with pytest.raises(UnreadableError, match="aliases written out"):
        parse(fenced(f"{many}c: [{'*a, ' * 20}]\n"))
