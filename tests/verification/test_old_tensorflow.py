"""TensorFlow as programs of the time of Keras 1 call it: what is asked in the words of then is what they meant."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

PROGRAM = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
from tdmigrate.verification.legacy import old_tensorflow
old_tensorflow.install({release!r})
import numpy as np
import tensorflow as tf
from tensorflow.python.ops import control_flow_ops, tensor_array_ops
from tensorflow.python.training import moving_averages

a = tf.constant(np.arange(6.0).reshape(2, 3))
b = -a
volume = np.random.RandomState(3).uniform(-1, 1, (2, 5, 7, 6, 3))
average = tf.Variable(np.float64(2.0))

def refused(call):
    try:
        call()
    except ValueError:
        return True

asked = {{name: eval(text) for name, text in {asked}.items()}}
with tf.Session() as session:
    session.run(tf.initialize_all_variables())
    told = {{}}
    for name, one in asked.items():
        one = session.run(one) if hasattr(one, "graph") or isinstance(one, list) else one
        told[name] = [np.asarray(part).tolist() for part in one] if isinstance(one, list) else np.asarray(one).tolist()
print(json.dumps(told))
"""
A = np.arange(6.0).reshape(2, 3)
# what is asked, and what it is
BOTH: dict[str, tuple[str, Any]] = {
    "joined as in 0.x": ("tf.concat(1, [a, b])", np.concatenate([A, -A], 1)),
    "joined as in 1.0": ("tf.concat([a, b], 1)", np.concatenate([A, -A], 1)),
    "joined by name": ("tf.concat(concat_dim=0, values=[a, b])", np.concatenate([A, -A], 0)),
    "joined by the name of 1.0": ("tf.concat(axis=0, values=[a, b])", np.concatenate([A, -A], 0)),
    "split as in 0.x": ("tf.split(1, 3, a)", np.split(A, 3, 1)),
    "split as in 1.0": ("tf.split(a, 3, 1)", np.split(A, 3, 1)),
    "split along the first axis": ("tf.split(a, 2)", np.split(A, 2)),
    "split by name": ("tf.split(split_dim=1, num_split=3, value=a)", np.split(A, 3, 1)),
    "reversed as in 0.x": ("tf.reverse(a, [False, True])", A[:, ::-1]),
    "reversed as in 1.0": ("tf.reverse(a, [0])", A[::-1]),
    "products": ("tf.mul(a, b)", -A * A),
    "differences": ("tf.sub(a, b)", 2 * A),
    "batches": ("tf.batch_matmul(tf.expand_dims(a, 0), tf.expand_dims(b, 0), adj_y=True)", [-A @ A.T]),
    "precision of numbers": ("tf.cast(0.1, 'float64')", 0.1),
    "precision": ("tf.cast(tf.convert_to_tensor(0.1), 'float64')", 0.1),
    "branches": ("control_flow_ops.cond(tf.constant(True), lambda: a, lambda: b)", A),
    "branches of 0.x": ("tf.python.control_flow_ops.cond(tf.constant(False), lambda: a, lambda: b)", -A),
    "a matrix is no batch": ("refused(lambda: tf.batch_matmul(a, b))", True),
    "a flag too many": ("refused(lambda: tf.reverse(a, [True, False, False]))", True),
    "averages": ("moving_averages.assign_moving_average(average, tf.constant(3.0, 'float64'), 0.9)", 2.1),
    "logits before labels": (
        "tf.nn.sigmoid_cross_entropy_with_logits(tf.constant([100.0]), tf.constant([1.0]))", [0.0],
    ),
}  # fmt: skip
OF_0: dict[str, tuple[str, Any]] = {
    "packed": ("tf.pack([a, b])", np.stack([A, -A])),
    "unpacked": ("tf.unpack(a)", list(A)),
    "selected": ("tf.select(a > 2, a, b)", np.where(A > 2, A, -A)),
    "release": ("int(tf.__version__.split('.')[0])", 0),
}
OF_1: dict[str, tuple[str, Any]] = {
    "stacked": ("tf.stack([a, b])", np.stack([A, -A])),
    "none of 0.x": ("sum(hasattr(tf, name) for name in ('select', 'pack', 'concat_v2'))", 0),
    "release": ("int(tf.__version__.split('.')[0])", 1),
}
POOLS = {
    f"{kind} {size} {steps} {padding}": f"(value, {[1, *size, 1]}, {[1, *steps, 1]}, {padding!r})"
    for kind in ("max", "avg")
    for size, steps, padding in (
        ((2, 3, 2), (1, 2, 3), "SAME"), ((2, 2, 2), (2, 2, 2), "VALID"), ((3, 1, 2), (1, 1, 1), "SAME"),
    )
}  # fmt: skip


def ask(release: str, asked: dict[str, str]) -> dict[str, Any]:
    program = PROGRAM.format(release=release, asked=asked)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("release", ["1.1.2", "1.2.2"])
def test_the_words_of_then(release: str) -> None:
    cases: dict[str, tuple[str, Any]] = BOTH | (OF_1 if release == "1.2.2" else OF_0)
    told = ask(release, {name: text for name, (text, _) in cases.items()})
    for name, (_, expected) in cases.items():
        np.testing.assert_allclose(told[name], expected, rtol=1e-15, atol=1e-15, err_msg=name)


def test_pooling_of_volumes_is_that_of_tensorflow() -> None:
    asked = {}
    for name, arguments in POOLS.items():
        function = f"tf.nn.{name.partition(' ')[0]}_pool3d"
        genuine = function.replace("tf.nn.", "__import__('tensorflow.compat.v1').nn.")
        asked[f"{name} here"] = f"{function}{arguments}".replace("value", "tf.constant(volume)")
        asked[name] = f"{genuine}{arguments}".replace("value", "tf.constant(volume, 'float32')")
    told = ask("1.2.2", asked)
    for name in POOLS:
        here = np.asarray(told[f"{name} here"])
        np.testing.assert_allclose(here, told[name], atol=1e-6)  # float32 there
        assert np.ptp(here) > 0.1
