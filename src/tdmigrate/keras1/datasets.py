"""Data sets of Keras 0.1–1.2 (keras/datasets)."""

from __future__ import annotations

from tdmigrate.keras1.entry import Dropped, Function, Parameter, Renamed, Spelling, Values
from tdmigrate.keras1.utilities import get_file

_PATH = Dropped("Keras 3 keeps the data in a file of its own kind", note=True, trap="G13")
_SPLIT = Dropped("Keras 3 has the data set's own test part, half of it", ask=True, trap="G13")
_LAST = "seed=113, start_char=1, oov_char=2, index_from=3"
_MAX = "skip_top=0, maxlen=None"
_OTHER = "Keras 3 shuffles otherwise, so the rows come in another order (trap G13)"
_IMDB = f"path='imdb.npz', num_words=None, {_MAX}, {_LAST}"
_REUTERS = f"path='reuters.npz', num_words=None, {_MAX}, test_split=0.2, {_LAST}"
_RARE = "Keras 1 kept nothing but the rare words and those of `skip_top`, Keras 3 leaves these out (trap G13)"
_WORDS: dict[str, Parameter] = {
    "path": _PATH,
    "nb_words": Renamed("num_words"),
    "oov_char": Renamed("oov_char", Values(notes={None: _RARE})),
}


def _load(
    module: str, signatures: dict[str, str], new: str, parameters: dict[str, Parameter], note: str | None = None
) -> Function:
    path = f"keras.datasets.{module}.load_data"
    return Function(
        f"{module}.load_data",
        {path: "0.1-1.2"},
        signatures,
        Spelling(path, parameters, signature=new),
        "data",
        note=note,
    )


def _index(module: str, versions: str) -> Function:
    path = f"keras.datasets.{module}.get_word_index"
    first = versions.partition("-")[0]
    return Function(
        f"{module}.get_word_index",
        {path: versions},
        {first: f"path='{module}_word_index.pkl'"},
        Spelling(path, {"path": _PATH}, signature=f"path='{module}_word_index.json'"),
        "data",
    )


def _gone(module: str, name: str, person: str) -> Function:
    path = f"keras.datasets.{module}.{name}"
    return Function(name, {path: "0.1-1.2"}, {"0.1": "*args, **kwargs"}, None, "data", person)


ENTRIES: tuple[Function, ...] = (
    _load("mnist", {"0.1": "path='mnist.pkl.gz'"}, "path='mnist.npz'", {"path": _PATH}),
    _load("cifar10", {"0.1": ""}, "", {}),
    _load("cifar100", {"0.1": "label_mode='fine'"}, "label_mode='fine'", {}),
    _load(
        "imdb",
        {
            "0.1": f"path='imdb.pkl', nb_words=None, {_MAX}, test_split=0.2, {_LAST}",
            "1.0.5": f"path='imdb_full.pkl', nb_words=None, {_MAX}, {_LAST}",
        },
        _IMDB,
        {**_WORDS, "test_split": _SPLIT},
        _OTHER,
    ),
    _load(
        "reuters",
        {"0.1": f"path='reuters.pkl', nb_words=None, {_MAX}, test_split=0.2, {_LAST}"},
        _REUTERS,
        _WORDS,
        _OTHER,
    ),
    _index("imdb", "1.0.5-1.2"),
    _index("reuters", "0.1-1.2"),
    _gone("reuters", "make_reuters_dataset", "read the texts yourself"),
    get_file("keras.datasets.data_utils.get_file", "0.1-1.2.0"),
    _gone("cifar", "load_batch", "read the batch by `pickle.load(file, encoding='bytes')`"),
)
