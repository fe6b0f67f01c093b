"""Keys of the configs of layers, models and optimizers."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity

from .migrating import migrate

HEAD = """\
from keras.layers import Activation, Convolution2D, Dense, Dropout, Embedding, LSTM
from keras.models import Model, Sequential

model = Sequential([Dense(3, input_dim=4), Activation('relu')])
dense, drop, conv, words = Dense(2), Dropout(0.5), Convolution2D(2, 3, 3, border_mode='same'), Embedding(5, 2)
"""


def configs(text: str, head: str = HEAD) -> tuple[str, list[tuple[str, Severity]]]:
    """The last line, and what is left to a person of it."""
    new, found = migrate(f"{head}{text}\n")
    row = f"{head}{text}\n".count("\n")
    left = [(one.message, one.severity) for one in found if one.code == "K314" and one.span.row == row]
    return new.splitlines()[-1], left


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dense.get_config()['output_dim']", "dense.get_config()['units']"),
        ("model.layers[0].get_config().get('output_dim', 3)", "model.layers[0].get_config().get('units', 3)"),
        ("'bias' in dense.get_config()", "'use_bias' in dense.get_config()"),
        ("c = drop.get_config(); print(c['p'], c['name'])", "c = drop.get_config(); print(c['rate'], c['name'])"),
        (
            "[one.get_config().get('output_dim') for one in model.layers]",
            "[one.get_config().get('units') for one in model.layers]",
        ),
        ("conv.get_config()['nb_filter']", "conv.get_config()['filters']"),
        ("conv.get_config()['border_mode']", "conv.get_config()['padding']"),
        ("words.get_config()['output_dim']", "words.get_config()['output_dim']"),
        ("dense.get_config()['activation']", "dense.get_config()['activation']"),
        ("dense.get_config()['trainable']", "dense.get_config()['trainable']"),
        ("again = Dense.from_config(dense.get_config())", "again = Dense.from_config(dense.get_config())"),
    ],
)
def test_keys_of_the_same_value_get_their_new_names(before: str, after: str) -> None:
    assert configs(before) == (after, [])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dense.get_config()['init']", "it is 'kernel_initializer' now, in another form"),
        ("dense.get_config()['W_regularizer']", "it is 'kernel_regularizer' now, in another form"),
        ("conv.get_config()['nb_row']", "depends on the layer"),
        ("dense.get_config()['batch_input_shape']", "InputLayer"),
        ("[one.get_config().get('output_dim') for one in model.layers + more]", "`units` of Dense and recurrent"),
        ("len(dense.get_config())", "other keys"),
        ("sorted(dense.get_config())", "other keys"),
        ("for key, value in dense.get_config().items(): print(key)", "other keys"),
        ("model.get_config()[0]['class_name']", "the list under 'layers'"),
        ("len(model.get_config())", "the list under 'layers'"),
        ("[one['class_name'] for one in model.get_config()]", "the list under 'layers'"),
        ("entry['config']['output_dim']", "`units` of Dense"),
        ("json.loads(model.to_json())['config'][0]['class_name']", "go by `model.layers`"),
        ("sorted(json.loads(model.to_json()))", "go by `model.layers`"),
        ("model.optimizer.get_config()['lr']", "'learning_rate'"),
    ],
)
def test_other_keys_are_asked_about(line: str, message: str) -> None:
    new, left = configs(line)
    assert new == line
    ((told, severity),) = left
    assert message in told
    assert severity is not Severity.NOTE


def test_the_text_of_a_model_may_be_written_otherwise() -> None:
    line = "text = json.dumps(json.loads(model.to_json()), indent=2)"
    assert configs(line) == (line, [])


def test_layers_of_the_sources_own_have_their_own_keys() -> None:
    head = (
        f"{HEAD}class Mine(Dense):\n    def get_config(self):\n        return {{'nb_row': 3}}\n"
    )
    assert configs("mine.get_config()['nb_row']", head) == ("mine.get_config()['nb_row']", [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("new = Model.from_config(config)\nprint(config)", "new = Model.from_config(deepcopy(config))"),
        ("a = [Model.from_config(config) for _ in r]", "a = [Model.from_config(deepcopy(config)) for _ in r]"),
        ("new = Model.from_config(config)", "new = Model.from_config(config)"),
        ("new = Sequential.from_config(config)\nprint(config)", "new = Sequential.from_config(config)"),
    ],
)
def test_a_config_that_is_used_again_is_copied(before: str, after: str) -> None:
    new, _ = migrate(f"{HEAD}config = net.get_config()\n{before}\n")
    assert after in new.splitlines()
    assert ("from copy import deepcopy\n" in new) is ("deepcopy" in after)
