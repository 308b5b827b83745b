"""A synthetic PFOCR source tree of any size, true to the newest published format, for benchmarks.

    python benchmarks/corpus.py FOLDER --figures 20000 [--seed 1] [--start 0]

The files of figure i depend on the seed and on i alone: a small corpus is a prefix of a larger one, and
--start adds the figures that follow. Genes, chemicals and diseases are the same under every seed.
"""

import argparse
import os
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple


def listed(text: str) -> list[str]:
    return text.replace("\n", "").split("|")


class Organism(NamedTuple):
    taxon: int
    name: str
    group: str  # an NCBI taxonomy division
    genes: int
    first_id: int
    named: str
    unnamed: str
    weight: int


HUMAN = Organism(9606, "Homo sapiens", "Primates", 18_775, 60_000, "{upper}", "LOC{id}", 0)
OTHERS = (
    Organism(10090, "Mus musculus", "Rodents", 21_000, 11_300, "{title}", "Gm{k}", 20),
    Organism(10116, "Rattus norvegicus", "Rodents", 18_000, 290_000, "{title}", "LOC{id}", 16),
    Organism(7955, "Danio rerio", "Vertebrates", 20_500, 360_000, "{lower}a", "zgc:{id}", 14),
    Organism(7227, "Drosophila melanogaster", "Invertebrates", 13_500, 33_000, "{title}", "CG{k}", 13),
    Organism(6239, "Caenorhabditis elegans", "Invertebrates", 14_000, 171_000, "{lower}", "F{k}.2", 10),
    Organism(3702, "Arabidopsis thaliana", "Plants and Fungi", 20_000, 814_000, "{upper}", "AT3G{k}", 12),
    Organism(4932, "Saccharomyces cerevisiae", "Plants and Fungi", 6_000, 850_000, "{upper}", "YOR{k}W", 6),
    Organism(9031, "Gallus gallus", "Vertebrates", 12_500, 395_000, "{upper}", "LOC{id}", 6),
    Organism(511145, "Escherichia coli K-12", "Bacteria", 4_200, 944_000, "{lower}", "b{k}", 3),
)
# Families as FamPlex has them, with the NCBI gene ids of their members; the genes at the end are of none.
KNOWN_FAMILIES = """AKT AKT1:207 AKT2:208 AKT3:10000|JAK JAK1:3716 JAK2:3717 JAK3:3718 TYK2:7297|
STAT STAT1:6772 STAT2:6773 STAT3:6774 STAT4:6775 STAT6:6778 STAT5A:6776 STAT5B:6777|RAF ARAF:369 BRAF:673|
ERK MAPK1:5594 MAPK3:5595|PI3K PIK3CA:5290 PIK3CB:5291 PIK3CD:5293 PIK3R1:5295|RAS HRAS:3265 KRAS:3845|
NFKB NFKB1:4790 NFKB2:4791 REL:5966 RELA:5970 RELB:5971|p38 MAPK11:5600 MAPK12:6300 MAPK13:5603 MAPK14:1432|
SRC SRC:6714 FGR:2268 FYN:2534 YES1:7525|JNK MAPK8:5599 MAPK9:5601 MAPK10:5602|MEK MAP2K1:5604 MAP2K2:5605|
INTERFERON IFNK:56832 IFNA1:3439 IFNA2:3440 IFNA4:3441 IFNA5:3442 IFNA6:3443 IFNA7:3444 IFNA8:3445|
AC ADCY1:107 ADCY2:108 ADCY3:109 ADCY4:196883 ADCY5:111 ADCY6:112 ADCY7:113 ADCY8:114 ADCY9:115 ADCY10:55811|
 TP53:7157 EGFR:1956 IL6:3569 TNF:7124 MYC:4609 PTEN:5728 MTOR:2475 HIF1A:3091 BCL2:596 CASP3:836 IL10:3586"""
STEMS = listed("""ZNF|SLC|TMEM|KRT|FAM|CCDC|KIF|RPL|GPR|CYP|TRIM|USP|DDX|LRRC|ANKRD|CDK|COL|DNAH|FBXO|HOX|ITG|
KCN|MYO|NDUF|OR|PCDH|PDE|PPP|RAB|RNF|SERPIN|SNORD|TUB|UBE|WDR|ZFP|ADAM|ATP|CHRN|EIF|GABR|HSP|LINC|MIR|PTPN""")
ODD_SYMBOLS = listed("On|Off|6.3|2E1|1E-3|na|N|y|no|NULL|1:20|'t'|=|a: b|2024")  # not text to YAML 1.1
CONCEPTS = 21_000
SYMBOL, SYNONYM, FAMILY = range(3)
Row = tuple[str, str]  # of a sidecar, and its line among the front matter's keywords
Word = tuple[str, int, int]  # as printed, the kind of match, the concept
HEADERS = {
    "genes": "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource"
    "\tcount_direct\tcount_synonym\tcount_match\n",
    "chemicals": "word\tmesh\tmatch\tname\tchebi\n",
    "diseases": "word\tmesh\tmatch\tname\tdoid\n",
}
CHEMICAL_NAMES = """Glucose|glucose|ATP|NO|Ca2+|tyrosine|pyruvate|Lactate|Fatty acids|Nucleus|ABL|ROS|LPS|
Glycerol-3-P|H2O2|NAD+|cholesterol|Acetyl-CoA|acyl-CoA C|cAMP|[3H]thymidine|1,25(OH)2D3|α-ketoglutarate"""
DISEASE_NAMES = """cancer|Cancer|inflammation|diabetes|Alzheimer's disease|tumor|fibrosis|obesity|AD|HD|
hepatocellular carcinoma|atherosclerosis|Breast cancer|insulin resistance|infection"""
# Name, abbreviation, publisher, doi, image file, figure number, end of the figure's link.
JOURNALS = """Cancers|Cancers (Basel)|MDPI|10.3390/c{art}|cancers-{vol:02}-{art:05}-g{n:03}|F{n}|F{n}
PLoS ONE|PLoS One|PLOS|10.1371/journal.pone.{art:07}|pone.{art:07}.g{n:03}|F{n}|pone-{art:07}-g{n:03}/
Cell Signaling : CCS|Cell Signal|BMC|10.1186/s12964-{art}|12964_{year}_{art}_Fig{n}_HTML|Fig. {n}|Fig{n}/
Molecular neurobiology|Mol Neurobiol|.na.character|10.1007/{art}|nihms{art}f{n}|Fig. {n}|F{n}/
Frontiers in Immunology|Front Immunol|Frontiers|10.3389/{art}|fimmu-{vol}-{art}-g{n:03}|Figure {n}|F{n}/
The Journal of Biological Chemistry|J Biol Chem|Elsevier|10.1016/j.jbc.{year}.{art}|gr{n}|F{n}|F{n}/"""
YEAR_OF_MILLION = (2003, 2006, 2008, 2011, 2014, 2016, 2018, 2019, 2020, 2021, 2022, 2023, 2025)
# Figures per paper in each block of 60 figures: 50 papers, so 1.2 figures a paper.
PAPER_SIZES = ([1] * 9 + [2]) * 3 + [1] * 8 + [2, 4] + [1] * 8 + [2, 3]
LAYOUT = [(paper, sibling) for paper, size in enumerate(PAPER_SIZES) for sibling in range(size)]
VERBS = listed("""activates|inhibits|phosphorylates|induces the expression of|binds to|is required for|
recruits|represses|degrades|is regulated by|interacts with|stabilizes|acts upstream of|dissociates from""")
TAILS = listed("""in the nucleus|in cancer cells|(1)|(2)|(A)|through TGF‐β–induced signaling|
with Ca2+ and IP3|by means of an “inside-out” loop|and the NF-κB transcription factor|
under normal conditions and in HD|at 37 °C for 24 h (n = 3 ± SD)|in patients with Huntington's disease|
upon α-ketoglutarate depletion|
of the 2D-DIGE gel images of  and the list in |as shown by black arrows; red lines denote inhibition|
along the gut–brain axis|within 5′ untranslated regions|in wild-type and Tg(CRE) mice, respectively|
(**p < 0.01 #1 vs. control)|(Abbreviations: ER, endoplasmic reticulum; ROS, reactive oxygen species)|in vitro|
through a variety of mechanisms, which include autocrine or paracrine production of cytokines""")
PREFIXES = listed("|hyper|hypo|phospho|poly|trans|endo|neo|immuno|neuro|micro|pro|anti|inter|angio|lipo|meta")
ROOTS = listed("""glyc|gluc|kin|cyt|apopt|nucle|metabol|oxid|membran|vascul|hepat|fibr|carcin|lymph|
transcript|recept|autophag|prote|lip|aden|cardi|derm|gastr|gli|myel|oste|pneum|ren|thromb|troph""")
SUFFIXES = listed("ation|osis|ic signaling|ase activity|ome|al response|ic cells|in|ocytes|ogenesis|ity|ine")
AUTHORS = listed("Weiyuan Wang|Hyunjung Park|Rui Yu|José García|Björn Müller|Zoë O'Neil|Jia-hui Ma")
HOMOGLYPHS = str.maketrans("ACEKMOPTaceopx", "АСЕКМОРТасеорх")
# What YAML, or the R package that wrote the published files, would not take for text.
NOT_TEXT = (
    r"~|=|<<|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?\d[\d,]*(:[0-5]?\d)*(\.[\d,]*)?|[-+]?(\d[\d,]*)?\.[\d.]*([eE][-+]\d+)?"
)
NEEDS_QUOTES = re.compile(
    rf"[#,\[\]{{}}&*!|>'\"%@`\s]|[-?:](?:\s|$)|---|\.\.\.|(?:{NOT_TEXT})?\Z|.*(?::\s| #|[:\s]\Z)"
)


def scalar(text: str, column: int = 4, indent: int = 2) -> str:
    """As libyaml writes text after `column` characters: lines break at the first blank past column 80."""
    if NEEDS_QUOTES.match(text):
        text = "'" + text.replace("'", "''") + "'"
    lines = []
    start, blank = 0, text.find(" ", 81 - column)
    while blank > 0:
        if " " in (text[blank - 1], text[blank + 1]):
            blank = text.find(" ", blank + 1)
        else:
            lines.append(text[start:blank])
            start, blank = blank + 1, text.find(" ", blank + 82 - indent)
    return ("\n" + " " * indent).join([*lines, text[start:]])


def field(key: str, text: str) -> str:
    return f"{key}: {scalar(text, len(key) + 2)}\n"


def items(names: Iterable[str]) -> str:
    return "".join([f"- {scalar(name)}\n" for name in names])


def zipf(size: int, flattening: int) -> list[float]:
    return list(accumulate(1 / (rank + flattening) for rank in range(size)))


def invented_families() -> list[str]:
    names = [f"{stem}{number}" for number in range(1, CONCEPTS // 4 // len(STEMS) + 2) for stem in STEMS]
    ids = range(HUMAN.first_id, HUMAN.first_id + CONCEPTS, 4)
    members = "{0} {0}A:{1} {0}B:{2} {0}C:{3} {0}D:{4}"
    return [members.format(name, *range(first, first + 4)) for name, first in zip(names, ids, strict=False)]


# A concept is a gene's name: figures print it, and every organism may have a gene for it.
NAMES: list[str] = []
HUMAN_IDS: list[str] = []
FAMILY_OF: dict[int, tuple[str, list[int]]] = {}
for _family, *_members in [line.split(" ") for line in listed(KNOWN_FAMILIES) + invented_families()]:
    _numbers = list(range(len(NAMES), len(NAMES) + len(_members)))
    FAMILY_OF.update(dict.fromkeys(_numbers if _family else [], (_family, _numbers)))
    NAMES += [member.split(":")[0] for member in _members]
    HUMAN_IDS += [member.split(":")[1] for member in _members]
GENE_WEIGHTS = zipf(CONCEPTS, 12)


def gene(organism: Organism, concept: int) -> tuple[str, str]:
    """Symbol and NCBI id; the symbols of some genes are missing."""
    name, symbol = NAMES[concept], organism.named
    gene_id = HUMAN_IDS[concept] if organism is HUMAN else str(organism.first_id + concept)
    if concept % 71 == 70:
        symbol = "NA"
    elif concept % 499 == 498 and organism is not HUMAN:
        symbol = ODD_SYMBOLS[concept // 499 % len(ODD_SYMBOLS)]
    elif concept % 5 == 4 and concept > 2_000:
        symbol = organism.unnamed
    lower, title = name.lower(), name.capitalize()
    return symbol.format(upper=name, title=title, lower=lower, k=concept, id=gene_id), gene_id


@cache
def matched(kind: int, concept: int) -> tuple[str, list[int], list[int]]:
    """What a word matches: a name, the genes it is an alternative name of, and the members of its family."""
    if kind == FAMILY and concept in FAMILY_OF:
        family, members = FAMILY_OF[concept]
        return family, [], members
    if kind == SYNONYM:
        alias = f"{('p', 'CD', 'GP', 'MIP', 'HSP', 'CP', 'C1orf')[concept % 7]}{concept // 7 + 5}"
        count = (1, 2, 1, 3, 2, 1, 4)[concept // 3 % 7]
        return alias, [(concept + 811 * more) % CONCEPTS for more in range(count)], []
    return NAMES[concept], [concept], []


@cache
def readings(organism: Organism, kind: int, concept: int) -> list[Row]:
    """A row, from the match to the source, for each gene that a word means in the organism."""
    match, synonyms, members = matched(kind, concept)
    if organism is not HUMAN:  # FamPlex knows human families only
        synonyms, members = (synonyms + members)[:2], []
    rows = []
    for at, number in enumerate(synonyms + members):
        if number < organism.genes:
            symbol, gene_id = gene(organism, number)
            source = "ncbigene_synonym" if at < len(synonyms) else "famplex_relations"
            if kind == SYMBOL or symbol == match:
                source = "ncbigene_symbol"
            keyword = ".na.character" if symbol == "NA" else scalar(symbol)
            rows.append((f"\t{match.upper()}\t{symbol}\t{gene_id}\t{source}\t", f"  - {keyword}\n"))
    return rows


def named_rows(names: str, made_up: int, ontology: str) -> list[Row]:
    """Sidecar rows; MeSH and the ontology each know some of the names."""
    endings = ("ine", "ic acid", "ate")
    words = [f"{PREFIXES[k % 17]}{ROOTS[k // 17 % 29]}{endings[k % 3]}-{k // 493}" for k in range(made_up)]
    rows, unknown = [], "NA\tNA\tNA"
    for at, word in enumerate(listed(names) + words):
        mesh = "NA" if at % 6 == 5 else f"mesh:D{3_000 + 7 * at:06}"
        known = f"{word.capitalize()}\t{word.lower()}\t{ontology}:{15_000 + 3 * at}"
        rows.append((f"{word}\t{mesh}\t{unknown if at % 4 == 2 else known}\n", f"  - {scalar(word)}\n"))
    return rows


CHEMICALS, DISEASES = named_rows(CHEMICAL_NAMES, 6_000, "chebi"), named_rows(DISEASE_NAMES, 1_500, "doid")
CHEMICAL_WEIGHTS, DISEASE_WEIGHTS = zipf(len(CHEMICALS), 3), zipf(len(DISEASES), 3)
TERMS = random.Random(0).sample([p + r + s for s in SUFFIXES for p in PREFIXES for r in ROOTS], 6_000)
TERM_WEIGHTS = zipf(len(TERMS), 5)


class Paper(NamedTuple):
    pmcid: str
    organisms: str
    bibliography: str
    patterns: Sequence[str]  # of the image file, the figure number and the end of the link
    numbers: dict[str, int]  # what the patterns are filled with
    first_figure: int


@lru_cache(1)  # the figures of a paper follow one another
def make_paper(seed: int, index: int) -> Paper:
    rng = random.Random(f"{seed}/paper/{index}")
    pmc = 100_003 + (index * 7_919_321 + seed * 104_729) % 12_000_000  # coprime: each paper its own number
    year, art = YEAR_OF_MILLION[pmc // 1_000_000], rng.randint(500, 99_999)
    numbers = {"vol": year - 2000, "art": art, "year": year}
    name, abbreviation, publisher, doi, *patterns = rng.choice(JOURNALS.split("\n")).split("|")
    terms = rng.choices(TERMS, cum_weights=TERM_WEIGHTS, k=7)
    title = f"{terms[0].capitalize()}{rng.choice((':', ' in'))} {terms[1]} and {terms[2]} {rng.choice(TAILS)}"
    month = rng.choice((" Jan", " Apr", " Jul", " Sep", " Nov", ""))
    bibliography = {
        "papertitle": title.strip() + ".",
        "reftext": f"{rng.choice(AUTHORS)}, et al. {abbreviation}. {year}{month};{year - 2000}:{art}.",
        "year": "" if rng.random() < 0.005 else str(year),
        "doi": doi.format(**numbers),
        "journal_title": name,
        "journal_nlm_ta": abbreviation,
        "publisher_name": publisher,
        "keywords": " | ".join(terms[2 : 4 + rng.randrange(4)]),
    }
    if year < 2012 and rng.random() < 0.6:
        bibliography.update(dict.fromkeys(list(bibliography)[3:], ".na.character"))
    organisms = ["NA"]
    if rng.random() < 0.2:
        organisms = [organism.name for organism in rng.sample((HUMAN, *OTHERS), rng.randint(1, 3))]
        organisms += ["NA"] * (rng.random() < 0.2)
    lines = "".join([field(key, text) for key, text in bibliography.items()])
    return Paper(f"PMC{pmc}", items(organisms), lines, patterns, numbers, rng.randint(1, 6))


@cache
def printed(match: str) -> list[str]:
    """The name as figures print it and as it is read from the image, the usual first."""
    forms = [match, re.sub(r"(?<=[A-Za-z])(?=\d)", "-", match, count=1), match.lower(), match.capitalize()]
    forms += [f"{match}/{match[:3]}2", match.translate(HOMOGLYPHS), f'"""{match.lower()}', f"|{match}"]
    return [*forms, f"<{match}>", f"({match}.", f"{match}  ", f"{match}\u00a0A", f"{match}\x1f", f"\\{match}"]


def draw_words(rng: random.Random) -> list[Word]:
    if rng.random() < 0.05:
        return []
    count = 1 + int(rng.lognormvariate(2.56, 0.88))
    concepts = rng.choices(range(CONCEPTS), cum_weights=GENE_WEIGHTS, k=count)
    kinds = rng.choices((SYMBOL, SYNONYM, FAMILY), (69, 13, 18), k=count)
    words = {}
    for kind, concept in zip(kinds, concepts, strict=True):
        forms = printed(matched(kind, concept)[0])
        words[forms[int(rng.expovariate(0.7)) % len(forms)]] = (kind, concept)
    drawn = [(word, *meaning) for word, meaning in words.items()]
    return drawn + drawn[:1] * (rng.random() < 0.01)  # the published tables hold exact duplicates too


def draw_organisms(rng: random.Random) -> list[Organism]:
    others = rng.choices((0, 1, 2, 3, 4), (43, 33, 13, 7, 4))[0]
    drawn = set(rng.choices(OTHERS, [organism.weight for organism in OTHERS], k=others))
    if not drawn or rng.random() < 0.85:
        drawn.add(HUMAN)
    return sorted(drawn, key=lambda organism: organism.name)


def gene_table(rng: random.Random, words: list[Word]) -> tuple[list[str], list[str], list[str]]:
    """Rows, keyword lines, and the names of the organisms that have rows."""
    rows: list[str] = []
    keywords: list[str] = []
    names: list[str] = []
    for organism in draw_organisms(rng) if words else []:
        share = len(words) if organism is HUMAN else 1 + int(len(words) * rng.uniform(0.3, 1))
        read = [(word, readings(organism, kind, concept)) for word, kind, concept in words[:share]]
        matches = sum(bool(genes) for _, genes in read)
        if matches:
            names.append(organism.name)
            head = f"{organism.taxon}\t{organism.name}\t{organism.group}\t"
            counts = f"{rng.choice(('NA', 'NA', 1, 2, 3, 5))}\t{matches + rng.randrange(9)}\t{matches}\n"
            rows += [head + word + row + counts for word, genes in read for row, _ in genes]
            keywords += [keyword for _, genes in read for _, keyword in genes]
    return rows, keywords, names


def make_caption(rng: random.Random, words: list[Word]) -> str:
    if rng.random() < 0.003:
        return ""
    length = min(9_999, 30 + int(rng.lognormvariate(6.52, 0.8)))
    count = length // 60 + 1
    subjects = rng.choices(TERMS, cum_weights=TERM_WEIGHTS, k=2 * count)
    if words:
        subjects[:count] = rng.choices([word.strip("\x1f\u00a0 ") for word, *_ in words[:12]], k=count)
        rng.shuffle(subjects)
    verbs, tails = rng.choices(VERBS, k=count), rng.choices(TAILS, k=count)
    sentences = map(" ".join, zip(subjects[::2], verbs, subjects[1::2], tails, strict=True))
    text = f"Schematic representation of {subjects[0]}. {'. '.join(sentences)}"
    return text[: text.rfind(" ", 0, length)].rstrip(" .") + "." * (rng.random() < 0.6)


def some_rows(rng: random.Random, rows: list[Row], weights: list[float], mean: float) -> dict[str, str]:
    return dict(rng.choices(rows, cum_weights=weights, k=1 + int(rng.expovariate(1 / mean))))


def make_figure(seed: int, index: int, paper: Paper, sibling: int) -> tuple[str, str, dict[str, list[str]]]:
    """Figure id, front matter, and the rows of each sidecar."""
    rng = random.Random(f"{seed}/figure/{index}")
    words = draw_words(rng)
    genes, keywords, organisms = gene_table(rng, words)
    chemicals = some_rows(rng, CHEMICALS, CHEMICAL_WEIGHTS, 4.5) if rng.random() < 0.65 else {}
    diseases = some_rows(rng, DISEASES, DISEASE_WEIGHTS, 1.0) if rng.random() < 0.25 else {}
    unique = "".join(dict.fromkeys([*keywords, *chemicals.values(), *diseases.values()]))
    unique = f"\n{unique}" if unique else " []\n"
    caption = make_caption(rng, words)
    n, pmcid = paper.first_figure + sibling, paper.pmcid
    stem, number, link = [pattern.format(n=n, **paper.numbers) for pattern in paper.patterns]
    figid, alias = f"{pmcid}__{stem}", f"{pmcid}__F{n}"
    ndex = "''" if rng.random() < 0.9 else f"{rng.getrandbits(32):08x}-deed-11ea-99da-0ac135e8bacf"
    wpid = f"wpid: WP{rng.randint(1, 5_500)}\n" if rng.random() < 0.003 else ""
    text = (
        f"---\nfigid: {figid}\n{field('figtitle', caption[:160].split('. ')[0].rstrip('. '))}"
        f"organisms:\n{paper.organisms}organisms_ner:\n{items(organisms or ['NA'])}"
        f"pmcid: {pmcid}\nfilename: {figid if rng.random() < 0.2 else stem}.jpg\n"
        f"figlink: /pmc/articles/{pmcid}/figure/{link}\nnumber: {number}\n"
        f"{field('caption', caption)}{paper.bibliography}automl_pathway: {1 - 0.5 * rng.random() ** 2:.7}\n"
        f"figid_alias: {alias}\nfigtype: {'Figure' if rng.random() < 0.95 else 'Scheme'}\n"
        f"redirect_from: /figures/{alias}\nndex: {ndex}\nseo: CreativeWork\nschema-jsonld:\n"
        "  '@context': https://schema.org/\n"
        f"  '@id': https://pfocr.wikipathways.org/figures/{figid}.html\n  '@type': Dataset\n"
        f"  description: {scalar(caption, 15, 4)}\n  license: CC0\n  name: CreativeWork\n  creator:\n"
        f"    '@type': Organization\n    name: WikiPathways\n  keywords:{unique}{wpid}---\n"
    )
    return figid, text, {"genes": genes, "chemicals": list(chemicals), "diseases": list(diseases)}


def write_file(path: str, text: str) -> int:
    """Write in as few system calls as can be, for they take most of the time; return the size in bytes."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        return os.write(file, text.encode())
    finally:
        os.close(file)


@dataclass
class Totals:
    figures: int = 0
    files: int = 0
    bytes: int = 0
    gene_rows: int = 0
    chemical_rows: int = 0
    disease_rows: int = 0


def write_corpus(folder: Path, figures: int, seed: int = 1, start: int = 0) -> Totals:
    """Write the figures from number `start` on, over what may stand there."""
    totals = Totals(figures)
    for name in ("_figures", "_data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for index in range(start, start + figures):
        offset, sibling = LAYOUT[index % len(LAYOUT)]
        paper = make_paper(seed, index // len(LAYOUT) * len(PAPER_SIZES) + offset)
        figid, text, sidecars = make_figure(seed, index, paper, sibling)
        files = {f"{folder}/_figures/{figid}.md": text}
        for kind, rows in sidecars.items():
            if rows:
                files[f"{folder}/_data/{figid}-{kind}.tsv"] = HEADERS[kind] + "".join(rows)
        totals.files += len(files)
        totals.bytes += sum(write_file(path, content) for path, content in files.items())
        totals.gene_rows += len(sidecars["genes"])
        totals.chemical_rows += len(sidecars["chemicals"])
        totals.disease_rows += len(sidecars["diseases"])
    return totals


def changed_caption(text: str, rng: random.Random) -> str:
    """Another letter near the start of the caption and of the description, which repeats it."""
    if "\ncaption: ''\n" in text:
        return re.sub("(caption|description): ''\n", r"\1: Pathway\n", text)
    places = [text.index(f"\n{key}: ") + len(key) + 3 for key in ("caption", "  description")]
    at = rng.choice([at for at in range(2, 20) if text[places[0] + at].islower()])
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz".replace(text[places[0] + at], ""))
    for place in places:
        text = text[: place + at] + letter + text[place + at + 1 :]
    return text


def changed_genes(text: str, rng: random.Random) -> str:
    """One row fewer; or one more, of a gene that no other figure has."""
    header, *rows = text.split("\n")[:-1]
    if len(rows) > 1 and rng.random() < 0.5:
        del rows[rng.randrange(len(rows))]
    else:
        cells, number = rows[-1].split("\t"), 1_000_000_000 + rng.randrange(1_000_000_000)
        cells[3:7] = [f"New-{number}", f"NEW{number}", f"NEW{number}", str(number)]
        cells[7] = "ncbigene_symbol"
        rows.append("\t".join(cells))
    return "\n".join([header, *rows, ""])


def change_corpus(folder: Path, fraction: float, seed: int) -> list[str]:
    """Rewrite that share of the figures, half in the caption and half in the genes; return their figids."""
    rng = random.Random(f"{seed}/change")
    figids = sorted(path.name.removesuffix(".md") for path in (folder / "_figures").iterdir())
    chosen = rng.sample(figids, round(len(figids) * fraction))
    for figid in chosen:
        path, change = folder / "_figures" / f"{figid}.md", changed_caption
        genes = folder / "_data" / f"{figid}-genes.tsv"
        if rng.random() < 0.5 and genes.exists():
            path, change = genes, changed_genes
        path.write_bytes(change(path.read_bytes().decode(), rng).encode())
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic PFOCR source tree.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--figures", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the number of the first figure")
    options = parser.parse_args()
    print(write_corpus(options.folder, options.figures, options.seed, options.start))


if __name__ == "__main__":
    main()
