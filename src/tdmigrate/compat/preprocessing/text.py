"""Words of texts (keras/preprocessing/text.py)."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np


def base_filter() -> str:
    """The characters that part words: punctuation but for the apostrophe, tab and line end.

    ``base_filter`` of 0.1 to 1.2.0; from 1.2.1 on it is the default of ``filters``.
    """
    return string.punctuation.replace("'", "") + "\t\n"


def text_to_word_sequence(text: str, filters: str = base_filter(), lower: bool = True, split: str = " ") -> list[str]:
    """The words of a text in their order (1.2.2).

    Every character of ``filters`` counts as ``split``; empty words are left out. As there, ``filters`` only works with
    a ``split`` of one character.
    """
    if lower:
        text = text.lower()
    table = str.maketrans(filters, split * len(filters))
    return [word for word in text.translate(table).split(split) if word]


def one_hot(text: str, n: int, filters: str = base_filter(), lower: bool = True, split: str = " ") -> list[int]:
    """A number from 1 to ``n - 1`` for each word: ``abs(hash(word)) % (n - 1) + 1`` (1.2.2).

    Python 3 salts the hashes of strings: another process gives other numbers, unless PYTHONHASHSEED is set.
    """
    return [abs(hash(word)) % (n - 1) + 1 for word in text_to_word_sequence(text, filters, lower, split)]


class Tokenizer:
    """Texts as lists of word numbers or as a matrix, numbered by how often the words come (Tokenizer of 1.2.2).

    ``num_words`` (``nb_words`` of old): words numbered so or higher are left out of sequences and matrices.
    Attributes, once fitted: ``word_counts``, ``word_docs``, ``word_index`` (from 1 on; of words that come as often, the
    one seen first goes first), ``index_docs``, ``document_count``. With ``char_level`` every character is a word;
    ``filters`` and ``lower`` do nothing then.
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = base_filter(),
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
    ) -> None:
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.document_count = 0
        self.word_counts: dict[str, int] = {}
        self.word_docs: dict[str, int] = {}
        self.word_index: dict[str, int] = {}
        self.index_docs: dict[int, int] = {}

    @property
    def nb_words(self) -> int | None:
        """``num_words`` by the name it had."""
        return self.num_words

    @nb_words.setter
    def nb_words(self, value: int | None) -> None:
        self.num_words = value

    def _words(self, text: str) -> Sequence[str]:
        return text if self.char_level else text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable[str]) -> None:
        """Count the words of ``texts`` and number them anew; counts of earlier calls stay, their documents do not."""
        self.document_count = 0
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] = self.word_docs.get(word, 0) + 1
        ranked = sorted(self.word_counts, key=lambda word: -self.word_counts[word])
        self.word_index = {word: rank for rank, word in enumerate(ranked, 1)}
        self.index_docs = {self.word_index[word]: count for word, count in self.word_docs.items()}

    def fit_on_sequences(self, sequences: Sequence[Iterable[int]]) -> None:
        """Count in how many sequences each number is."""
        self.document_count = len(sequences)
        self.index_docs = {}
        for sequence in sequences:
            for index in set(sequence):
                self.index_docs[index] = self.index_docs.get(index, 0) + 1

    def texts_to_sequences(self, texts: Iterable[str]) -> list[list[int]]:
        """The word numbers of each text, without words that are not known."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[str]) -> Iterator[list[int]]:
        """The same, one text at a time."""
        for text in texts:
            found = (self.word_index.get(word) for word in self._words(text))
            yield [rank for rank in found if rank is not None and not (self.num_words and rank >= self.num_words)]

    def texts_to_matrix(self, texts: Iterable[str], mode: str = "binary") -> Any:
        """As ``sequences_to_matrix``, of texts."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: Sequence[Sequence[int]], mode: str = "binary") -> Any:
        """A float64 array (sequences, words): whether ("binary"), how often ("count"), how often of all ("freq") a word
        comes, or "tfidf": (1 + log count) * log(1 + documents / (1 + documents with the word)), as from 1.0.8 on.
        """
        if not self.num_words and not self.word_index:
            raise ValueError("Tokenizer: give num_words, or fit it on texts first")
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Tokenizer: fit it on texts before mode='tfidf'")
        words = self.num_words or len(self.word_index) + 1
        matrix = np.zeros((len(sequences), words))
        for row, sequence in enumerate(sequences):
            counts: dict[int, int] = {}
            for index in sequence:
                if index < words:
                    counts[index] = counts.get(index, 0) + 1
            for index, count in counts.items():
                matrix[row, index] = self._weight(mode, index, count, len(sequence))
        return matrix

    def _weight(self, mode: str, index: int, count: int, length: int) -> float:
        if mode == "binary":
            return 1.0
        if mode == "count":
            return float(count)
        if mode == "freq":
            return count / length
        if mode == "tfidf":
            rarity = np.log(1 + self.document_count / (1 + self.index_docs.get(index, 0)))
            return float((1 + np.log(count)) * rarity)
        raise ValueError(f"Tokenizer: no such mode: {mode!r}")
