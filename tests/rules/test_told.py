"""Names of losses, metrics and optimizers that reach compile through variables, parameters, options and dicts."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = "from keras.models import Sequential\n\nmodel = Sequential()\n"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (
            "def build(loss='hinge'):\n    model.compile('sgd', loss=loss)\n",
            "loss=hinge if loss == 'hinge' else loss)",
        ),
        (
            "def build(loss='mse'):\n    model.compile('sgd', loss)\n\nbuild('hinge')\nbuild(loss='cosine')\n",
            "hinge if loss == 'hinge' else cosine_proximity if loss == 'cosine' else loss)",
        ),
        (
            "loss = wanted and 'cosine'\nmodel.compile('sgd', loss)\n",
            "'sgd', cosine_proximity if loss == 'cosine' else loss)",
        ),
        (
            "loss = 'hinge' if wanted else 'mse'\nmodel.compile('sgd', loss=loss)\n",
            "loss=hinge if loss == 'hinge' else loss)",
        ),
        (
            "for loss in ('mse', 'squared_hinge'):\n    model.compile('sgd', loss)\n",
            "'sgd', squared_hinge if loss == 'squared_hinge' else loss)",
        ),
        (
            "known = {'a': 'adagrad', 'b': 'sgd'}\n"
            "for name, which in known.items():\n    model.compile(which, 'mse')\n",
            "initial_accumulator_value=0.0) if which == 'adagrad' else which, 'mse')",
        ),
        (
            "for index, loss in enumerate(['mse', 'hinge']):\n    model.compile('sgd', loss)\n",
            "'sgd', hinge if loss == 'hinge' else loss)",
        ),
        (
            "class Net(object):\n"
            "    def __init__(self, loss='hinge'):\n"
            "        self.loss = loss\n\n"
            "    def build(self):\n"
            "        model.compile('sgd', self.loss)\n",
            "'sgd', hinge if self.loss == 'hinge' else self.loss)",
        ),
        (
            "class Net(object):\n"
            "    loss = None\n\n"
            "    def build(self):\n"
            "        model.compile('sgd', self.loss)\n\n\n"
            "class Other(Net):\n"
            "    loss = 'hinge'\n",
            "'sgd', hinge if self.loss == 'hinge' else self.loss)",
        ),
        (
            "parser.add_argument('--the-loss', choices=['mse', 'hinge'])\n"
            "args = parser.parse_args()\n"
            "model.compile('sgd', args.the_loss)\n",
            "'sgd', hinge if args.the_loss == 'hinge' else args.the_loss)",
        ),
        (
            "def build(optimizer='adam'):\n    model.compile(optimizer, 'mse')\n",
            "Adam(epsilon=1e-08) if optimizer == 'adam' else optimizer, 'mse')",
        ),
    ],
)
def test_what_a_name_may_stand_for_is_asked_for_where_it_is_used(before: str, wanted: str) -> None:
    new, found = migrate(HEAD + before, backend="tensorflow")
    assert wanted in new
    assert not [one.message for one in found if one.fix is None and "steps differ" not in one.message]


@pytest.mark.parametrize(
    ("before", "row"),
    [
        ("losses = ['hinge', 'mse']\nmodel.compile('sgd', losses)\nprint(losses)\n", 4),
        ("def build(loss=None):\n    model.compile('sgd', loss or 'mse')\n\nbuild('hinge')\n", 7),
        ("config = {'loss': 'hinge'}\nmodel.compile('sgd', config.get('loss'))\n", 5),
        ("wanted = ['hinge']\nmodel.compile('sgd', wanted)\nmodel.compile('sgd', wanted)\n", 4),
        ("wanted = ['hinge']\nmodel.compile('sgd', 'mse', metrics=wanted)\nprint(wanted)\n", 4),
    ],
)
def test_what_a_dict_or_list_hands_on_is_told_where_it_is_written(before: str, row: int) -> None:
    _, found = migrate(HEAD + before)
    (left,) = [one for one in found if one.fix is None]
    assert (left.code, left.span.row) == ("K305", row)
    assert "may come to" in left.message or "may be 'hinge'" in left.message
    assert "hinge" in left.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("losses = ['hinge', 'mse']\nmodel.compile('sgd', losses)\n", "losses = [hinge, 'mse']\n"),
        ("wanted = ['mae']\nmodel.compile('sgd', 'mse', metrics=wanted)\n", "wanted = ['mean_absolute_error']\n"),
        ("wanted = ['accuracy']\nmodel.compile('sgd', 'mse', metrics=wanted)\n", "wanted = [acc]\n"),
    ],
)
def test_a_list_for_one_place_is_mended_where_it_is_written(before: str, after: str) -> None:
    new, found = migrate(HEAD + before)
    assert after in new
    assert not [one.message for one in found if one.fix is None]


@pytest.mark.parametrize(
    "text",
    [
        "def build(loss='mse', optimizer='sgd'):\n    model.compile(optimizer, loss=loss)\n",
        "def build(loss):\n    model.compile('sgd', loss)\n\n\ndef other(loss='hinge'):\n    return loss\n",
        "from sklearn.linear_model import SGDClassifier\n\n\n"
        "def build(self):\n    model.compile('sgd', self.loss)\n\n\n"
        "other = SGDClassifier(loss='hinge')\n",
        "def loss(y_true, y_pred):\n    return 0 * y_pred\n\n\nmodel.compile('sgd', loss)\n",
        "def build(loss='hinge', run=lambda loss: model.compile('sgd', loss)):\n    return run\n",
    ],
)
def test_nothing_is_said_of_other_names(text: str) -> None:
    new, found = migrate(HEAD + text)
    assert new == HEAD + text
    assert found == []
