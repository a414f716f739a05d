"""The skill vocabulary: what a text means, and never a guess."""

from __future__ import annotations

import csv
import re
import string
from collections.abc import Callable
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import InputError, UsageError
from producers.simulation.skills import ALL
from producers.vocabulary import FOLDER, LANGUAGES, VERSION, code_of, label, match, read_vocabulary, vocabulary
from producers.vocabulary.spelling import distance, plain

KNOWN = vocabulary()
LETTERS = st.text(alphabet="abc", max_size=7)
FILE = """
version: 1
groups: {making: {fr: a, de: b, en: c}}
concepts:
  one: {group: making, labels: {fr: un, de: eins, en: one}, aliases: [first]}
  two: {group: GROUP, labels: {fr: deux, de: zwei, en: two}, aliases: [ALIAS]}
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Trotec", "laser"),
        ("découpe laser", "laser"),
        ("DECOUPE-LASER", "laser"),
        ("D\u00e9coupe\u00a0Laser", "laser"),
        ("de\u0301coupe laser", "laser"),
        ("imprimante 3D", "3d-printing"),
        ("Prusa", "3d-printing"),
        ("Datenschutz", "data-protection"),
        ("Löten", "soldering"),
        ("Loeten", "soldering"),
        ("Schweißen", "welding"),
        ("SCHWEISSEN", "welding"),
        ("SolidWorks", "cad"),
        ("Odoo", "erp"),
        ("5S", "lean"),
        ("réparation d'appareils", "repair"),
        ("réparation d’appareils", "repair"),
        ("C++", "programming"),
        ("maintenance predictive", "predictive-maintenance"),
    ],
)
def test_an_alias_is_found_whatever_its_case_accents_and_punctuation(text: str, code: str) -> None:
    assert (match(text).code, match(text).how) == (code, "alias")


@pytest.mark.parametrize(
    ("text", "code", "slips"),
    [
        ("decoupe lazer", "laser", 1),
        ("impresion 3d", "3d-printing", 1),
        ("solidwroks", "cad", 1),
        ("vorrausschauende Wartung", "predictive-maintenance", 1),
        ("cybersecuritee industriele", "industrial-security", 2),
    ],
)
def test_a_slip_of_the_pen_is_forgiven(text: str, code: str, slips: int) -> None:
    assert (match(text).code, match(text).how, match(text).slips) == (code, "typo", slips)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "cours de yoga",
        "location de salle",
        "c",
        "lazer",
        "UR6",
        "sondage",
        "ISO 9002",
        "aspirateur 3D",
        "焊接",
    ],
)
def test_what_is_no_alias_waits_to_be_classified(text: str) -> None:
    assert match(text).how == "to be classified"
    assert code_of(text) is None


def test_there_are_sixty_concepts_and_more_in_twelve_groups() -> None:
    assert (len(KNOWN.concepts), len(KNOWN.groups), KNOWN.version) == (92, 12, VERSION)
    assert {each.group for each in KNOWN.concepts.values()} == set(KNOWN.groups)
    assert sum(each.industry for each in KNOWN.concepts.values()) == 29


def test_every_alias_means_its_own_concept_and_stands_once() -> None:
    told: dict[str, str] = {}
    for code, concept in KNOWN.concepts.items():
        for alias in {code, *map(concept.labels.of, LANGUAGES), *concept.aliases}:
            assert match(alias).code == code
            assert told.setdefault(plain(alias), code) == code
        forms = [plain(alias) for alias in (code, *concept.aliases)]
        assert len(forms) == len(set(forms)), f"{code}: an alias stands twice"


def test_labels_are_typeset_and_have_no_capital_but_in_german_and_in_names() -> None:
    for concept in KNOWN.concepts.values():
        for language in LANGUAGES:
            text = concept.labels.of(language)
            assert text == text.strip()
            assert "'" not in text
            capital = re.match(r"[A-ZÀ-Ý][a-zà-ÿ]", text)
            assert language == "de" or not capital or text.split()[0] in {"Arduino", "Raspberry", "Python"}


def test_a_concept_has_a_label_in_each_language_and_a_text_is_itself() -> None:
    assert [label("laser", language) for language in LANGUAGES] == ["découpe laser", "Laserschneiden", "laser cutting"]
    assert label("qubit", "de") == "qubit"
    with pytest.raises(UsageError, match="language"):
        label("laser", "it")


def test_every_skill_of_the_simulated_region_is_a_concept_of_its_own() -> None:
    codes = [code_of(skill) for skill in ALL]
    assert None not in codes
    assert len(set(codes)) == len(ALL)


def test_an_alias_of_two_concepts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v1.yaml"
    path.write_text(FILE.replace("GROUP", "making").replace("ALIAS", "FIRST!"), encoding="utf-8")
    with pytest.raises(InputError, match="'FIRST!' stands for one and for two"):
        read_vocabulary(path)


def test_a_concept_of_no_group_and_a_broken_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "v1.yaml"
    path.write_text(FILE.replace("GROUP", "makin").replace("ALIAS", "second"), encoding="utf-8")
    with pytest.raises(InputError, match="making"):
        read_vocabulary(path)
    path.write_text("version: [", encoding="utf-8")
    with pytest.raises(InputError, match="no vocabulary"):
        read_vocabulary(path)


def test_a_file_is_called_by_its_version() -> None:
    assert [read_vocabulary(path).version for path in sorted(FOLDER.glob("v*.yaml"))] == list(range(1, VERSION + 1))


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("a", "", 1), ("laser", "laser", 0), ("laser", "lazer", 1), ("laser", "lsaer", 1), ("ca", "abc", 3)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 5) == slips


@given(LETTERS, LETTERS, st.integers(0, 7))
def test_slips_are_the_same_both_ways_and_stop_at_the_limit(one: str, other: str, limit: int) -> None:
    slips = distance(one, other, 7)
    assert slips == distance(other, one, 7)
    assert (slips == 0) == (one == other)
    assert distance(one, other, limit) == slips if slips <= limit else distance(one, other, limit) > limit


@given(st.text(max_size=40))
def test_the_plain_form_is_its_own_plain_form_and_every_text_has_an_answer(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert match(text).code in {None, *KNOWN.concepts}


@pytest.mark.integration
def test_of_five_thousand_typos_fewer_than_one_in_five_hundred_is_taken_for_another_concept() -> None:
    rng = Random(1)  # noqa: S311 - chance, not secrets
    outcome = {"right": 0, "wrong": 0, "left": 0}
    for form, (code, alias) in KNOWN.meanings.items():
        for _ in range(5):
            found = KNOWN.match(_slip(alias, rng)).code
            if len(form) > 8:  # shorter ones are never forgiven
                outcome["right" if found == code else "wrong" if found else "left"] += 1
    assert outcome["right"] + outcome["wrong"] + outcome["left"] > 4_000
    assert outcome["wrong"] < (outcome["right"] + outcome["wrong"]) / 500
    assert outcome["right"] > 0.88 * sum(outcome.values())


def _slip(text: str, rng: Random) -> str:
    at, letter = rng.randrange(len(text)), rng.choice(string.ascii_lowercase)
    forms = (text[:at], text[:at] + letter + text[at:], text[:at] + letter, text[:at] + text[at + 1 : at + 2])
    rests = (text[at + 1 :], "", text[at + 1 :], text[at : at + 1] + text[at + 2 :])
    kind = rng.randrange(4)
    return forms[kind] + rests[kind]


@pytest.mark.integration
def test_of_thirteen_thousand_foreign_skills_those_taken_for_typos_are_the_ones_that_are(
    real_data: Callable[[str], Path],
) -> None:
    with real_data("esco-fr/skills_fr.csv").open(encoding="utf-8") as stream:
        labels = [row["preferredLabel"] for row in csv.DictReader(stream)]
    found = {text: match(text) for text in labels}
    assert len(found) > 13_000
    typos = {each.alias for each in found.values() if each.how == "typo"}
    assert typos <= {"système d'information géographique", "javascript", "analyse de données"}
    assert 30 < sum(each.how == "alias" for each in found.values()) < 100


def test_of_a_forum_on_quantum_computers_only_what_is_shared_is_known(real_data: Callable[[str], Path]) -> None:
    tags = ET.parse(real_data("stackexchange-quantum/Tags.xml")).getroot()  # noqa: S314 - a file of ours
    known = {row.attrib["TagName"]: code_of(row.attrib["TagName"]) for row in tags}
    assert {tag: code for tag, code in known.items() if code} == {
        "artificial-intelligence": "artificial-intelligence",
        "machine-learning": "machine-learning",
        "deep-learning": "machine-learning",
        "neural-network": "machine-learning",
        "data-science": "data-analysis",
    }


@pytest.mark.parametrize(
    "text", ["SWC", "DC", "LC", "TTT", "online", "Circuits", "mix-and-match", "dc-ecology-r", "lc"]
)
def test_the_tags_of_the_carpentries_wait(text: str) -> None:
    assert code_of(text) is None
