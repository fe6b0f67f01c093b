"""add_shared_layer of Keras 0.3: what is written, that it computes the same, and what is left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import prove
from test_company import OLD, migrate

HEAD = """\
from keras.models import Sequential
from keras.layers.core import Activation, Dense, Masking, Merge, TimeDistributedDense, add_shared_layer

left = Sequential()
left.add(Dense(4, input_dim=3))
right = Sequential()
right.add(Dense(4, activation='tanh', input_dim=5))
"""
END = """\
model = Sequential()
model.add(Merge([left, right], mode='{}'))
model.add(Dense(2, activation='tanh'))
"""
SHARED = {
    "a_call": "add_shared_layer(Dense(6, init='normal'), [left, right])  # both\n",
    "a_name": "shared = Dense(6, activation='relu')\nadd_shared_layer(shared, inputs=(left, right))\n",
    "more": "add_shared_layer(Dense(6), [left, right])\nleft.add(Activation('tanh'))\nright.add(Dense(6))\n",
    "twice": "add_shared_layer(Dense(6), [left, right])\nadd_shared_layer(layer=Dense(6), inputs=[right, left])\n",
}


def test_it_is_added_to_each_model() -> None:
    done = migrate(HEAD + SHARED["a_call"], OLD)
    assert "left.add(Dense(6, kernel_initializer='random_normal'))  # both\nright.add(left.layers[-1])\n" in done.text
    assert "add_shared_layer" not in done.text


@pytest.mark.legacy
@pytest.mark.slow
def test_it_computes_the_same(legacy_path: Path) -> None:
    texts = {name: HEAD + body + END.format("sum") for name, body in SHARED.items()}
    texts["put_together"] = HEAD + SHARED["a_call"] + END.format("concat")
    done = {name: migrate(text, OLD) for name, text in texts.items()}
    assert [one.left + one.again for one in done.values()] == [()] * len(texts)
    jobs = [Job(name, 1, text, "model", done[name].text, "model", OLD) for name, text in texts.items()]
    assert [proof for proof in prove(jobs, legacy_path) if proof.status != "equal" or proof.step is None] == []


@pytest.mark.parametrize(
    "body",
    [
        "add_shared_layer(Dense(6), models)",
        "add_shared_layer(Dense(6), [left, make()])",
        "add_shared_layer(Dense(6), [left, left])",
        "add_shared_layer(Dense(6), [])",
        "shared = add_shared_layer(Dense(6), [left, right])",
        "add_shared_layer(*arguments)",
        "masked = Masking()\nadd_shared_layer(Dense(6), [left, right])",
    ],
)
def test_others_are_for_a_person(body: str) -> None:
    done = migrate(f"{HEAD}{body}\n", OLD)
    assert [line for line in done.left if line.startswith("K403: add_shared_layer")], done
    assert body.rpartition("\n")[2] in done.text
    assert done.again == ()
