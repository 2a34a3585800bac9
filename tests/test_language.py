"""What `check --verbose` says of the words: length, reading ease, spelling, each at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import build as program
from compendium import reading
from compendium.checking import language
from compendium.model import Volume

from .conftest import PROJECT, SAMPLE, Desk

DICTIONARIES = PROJECT / "layouts" / "dictionaries"


def volume_of(root: Path, name: str) -> Volume:
    volume, problems = reading.read_volume(root, name, reading.read_design(root))
    assert volume is not None
    assert problems == []
    return volume


def words_of(volume: Volume, file: str) -> language.Text:
    return next(text for text in language.texts(volume) if text.file.endswith(file))


@pytest.fixture(scope="module")
def sample() -> Volume:
    return volume_of(PROJECT, SAMPLE)


def test_the_sample_has_no_misspelt_word(sample: Volume) -> None:
    _, problems = language.review(sample, DICTIONARIES, reading.read_own_words(PROJECT, SAMPLE))
    assert [str(problem) for problem in problems] == []


def test_every_word_of_the_samples_own_list_is_used_and_needed(sample: Volume) -> None:
    own = reading.read_own_words(PROJECT, SAMPLE)
    bare = language.Dictionary(DICTIONARIES, "en-GB")
    parts = {part for text in language.texts(sample) for word in text.words for part in word.text.split("-")}
    used = parts | {part[:1].lower() + part[1:] for part in parts}
    assert {word for word in own if bare.has(word)} == set()
    assert own - used == set()


def test_the_cases_of_the_sample_keep_to_their_length(sample: Volume) -> None:
    lengths = {text.file: sum(map(len, text.sentences)) for text in language.texts(sample) if "/case.md" in text.file}
    assert len(lengths) == 18
    assert {file: words for file, words in lengths.items() if not 500 <= words <= 1000} == {}


def test_the_summaries_of_the_sample_have_forty_to_sixty_words(sample: Volume) -> None:
    lengths = {slug: len(case.matter.summary.split()) for slug, case in sample.cases.items()}
    assert {slug: words for slug, words in lengths.items() if not 40 <= words <= 60} == {}


def test_a_misspelt_word_is_named_where_it_stands(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk(SAMPLE)
    work.change("armenia/case.md", "Help did not follow need.", 'Help did not folow [need]{index="neeed"}.')
    assert program.main(["check", "--verbose"], work.root) == 0
    heard = capfd.readouterr()
    lines = (work.folder / "armenia" / "case.md").read_text("utf-8").split("\n")
    row = next(n for n, line in enumerate(lines, 1) if "folow" in line)
    column = lines[row - 1].index("folow") + 1
    assert f'armenia/case.md:{row}:{column}: "folow" is in no dictionary.' in heard.err
    assert '"neeed" is in no dictionary.' in heard.err
    assert heard.err.count("is in no dictionary") == 2
    assert "armenia/case.md: " in heard.out


def test_who_does_not_ask_hears_nothing_of_spelling(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = desk(SAMPLE)
    work.change("armenia/case.md", "Help did not follow need.", "Help did not folow need.")
    monkeypatch.setattr(language, "Dictionary", None)
    assert program.main(["check"], work.root) == 0
    assert "folow" not in capfd.readouterr().err


def test_the_volumes_own_words_are_right(desk: Callable[[str], Desk]) -> None:
    work = desk("minimal")
    file = work.folder / "words.txt"
    file.write_text("# remark\nfolow   # another\n\n", "utf-8")
    own = reading.read_own_words(work.root, work.volume)
    assert own == {"folow"}
    dictionary = language.Dictionary(DICTIONARIES, "en-GB", own)
    assert dictionary.has("Folow")
    assert not dictionary.has("foloww")


@pytest.mark.parametrize(
    "word", ["child’s", "child's", "well-kept", "decentralisation", "colour", "Armenia", "Mexico’s"]
)
def test_words_of_british_english_are_known(word: str) -> None:
    assert language.Dictionary(DICTIONARIES, "en-GB").has(word)


@pytest.mark.parametrize("word", ["color", "decentralization", "well-kpt", "chlid", "teh"])
def test_other_spellings_are_not(word: str) -> None:
    assert not language.Dictionary(DICTIONARIES, "en-GB").has(word)


def test_a_language_without_a_dictionary_is_said_in_a_sentence(desk: Callable[[str], Desk]) -> None:
    work = desk("en-francais")
    said, problems = language.review(volume_of(work.root, work.volume), DICTIONARIES, ())
    assert problems == []
    assert said[-1] == 'There is no dictionary for "fr" in layouts/dictionaries/: spelling was not looked at.'
    assert all("reading ease" in line for line in said[:-1])


def test_words_of_another_language_and_explained_acronyms_are_not_looked_up(sample: Volume) -> None:
    words = {word.text for word in words_of(sample, "mozambique/case.md").words}
    assert {"Programa", "Alimentos", "PSA", "ILO"} & words == set()
    assert {"meticais", "Niassa"} <= words


def test_sentences_end_at_stops_and_not_at_points_in_numbers(sample: Volume) -> None:
    first, second, *_ = words_of(sample, "armenia/case.md").sentences
    assert [word.text for word in first][-3:] == ["was", "gaining", "ground"]
    assert [word.text for word in second][:3] == ["Child", "poverty", "went"]
    money = next(s for s in words_of(sample, "armenia/case.md").sentences if any(w.text == "2.7" for w in s))
    assert money[-1].text == "1.8"


@pytest.mark.parametrize(
    ("word", "count"),
    [("the", 1), ("made", 1), ("table", 2), ("needed", 2), ("named", 1), ("poverty", 3), ("services", 3), ("rule", 1)],
)
def test_syllables_of_english(word: str, count: int) -> None:
    assert language.syllables(word, "en-GB") == count


@pytest.mark.parametrize(("mot", "count"), [("école", 2), ("enfants", 2), ("pauvreté", 3), ("parlent", 1), ("les", 1)])
def test_syllables_of_french(mot: str, count: int) -> None:
    assert language.syllables(mot, "fr") == count


def test_reading_ease_is_fleschs(sample: Volume) -> None:
    sentence = tuple(language.Word(word, 1, 1) for word in ("The", "cat", "sat", "on", "the", "mat"))
    assert language.reading_ease([sentence], "en-GB") == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    assert language.reading_ease([sentence], "de") is None
    assert language.reading_ease([], "en") is None
