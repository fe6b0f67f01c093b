"""Code that goes over several lines, or shares one."""

from __future__ import annotations

from .migrating import rewrite

MODEL = "from keras.models import Sequential\nfrom keras.layers import LSTM, Dense\nm = Sequential()\n"


def test_comments_within_a_shape_stay() -> None:
    text = f"{MODEL}m.add(LSTM(8, input_shape=(20,  # steps\n                           4), inner_activation='tanh'))\n"
    assert "m.add(Input(shape=(20,  # steps\n                           4)))\n" in rewrite(text)


def test_a_shape_of_several_lines_is_one_line() -> None:
    text = f"{MODEL}m.add(LSTM(8, input_shape=(20,\n    4), inner_activation='tanh'))\n"
    assert "m.add(Input(shape=(20, 4)))\n" in rewrite(text)


def test_what_a_shape_is_continued_by_stays() -> None:
    text = f"{MODEL}m.add(LSTM(8, input_shape=(7, \\\n4), inner_activation='tanh'))\n"
    assert "m.add(Input(shape=(7, \\\n4)))\n" in rewrite(text)


def test_an_import_stands_before_what_follows_in_its_line() -> None:
    text = "from keras.preprocessing.text import Tokenizer; t = Tokenizer(nb_words=3)\n"
    assert rewrite(text) == "from tdmigrate.compat import Tokenizer\nt = Tokenizer(num_words=3)\n"


def test_what_is_compared_gets_brackets() -> None:
    text = f"import keras.backend as K\n{MODEL}Dense(3, init=1)\nK.set_image_dim_ordering({{}})\n"
    for given, new in (("a or 'th'", "(a or 'th')"), ("'th' if a else b", "('th' if a else b)"), ("a.b(c)", "a.b(c)")):
        assert f"'channels_first' if {new} == 'th' else 'channels_last'" in rewrite(text.format(given))
