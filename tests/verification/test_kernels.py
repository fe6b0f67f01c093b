"""What stands in for TensorFlow's kernels that a CPU lacks in float64 computes what those of channels last do."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import json, os, sys
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy as np
from keras.src.backend import nn
from tdmigrate.verification.modern import kernels

LAYERS = {layers}

def run(expression, shape, ordering):
    layer = eval(expression, {{**vars(keras.layers), "ordering": ordering}})
    random = np.random.RandomState(5)
    images = random.uniform(-1, 1, (2, *shape))
    model = keras.Sequential([keras.Input(shape if ordering == "channels_last" else [shape[-1], *shape[:-1]]), layer])
    model.set_weights([random.uniform(-0.7, 0.7, weight.shape) for weight in model.get_weights()])
    values = model.predict(images if ordering == "channels_last" else np.moveaxis(images, -1, 1), verbose=0)
    return values if ordering == "channels_last" else np.moveaxis(values, 1, -1)

def small(expression, shape):
    keras.config.set_dtype_policy("float32")
    return run(expression, shape, "channels_last")

before = {{name: small(name, shape) for name, shape in LAYERS.items()}}
kernels.install(nn)
keras.config.set_dtype_policy("float64")
gaps = {{}}
for name, shape in LAYERS.items():
    last, first = run(name, shape, "channels_last"), run(name, shape, "channels_first")
    assert first.dtype == np.float64 and first.shape == last.shape == before[name].shape, name
    gaps[name] = [float(np.abs(first - last).max()), float(np.abs(last - before[name]).max()), float(np.ptp(last))]
print(json.dumps(gaps))
"""
# as many filters as columns of the output would be a trap of its own: Keras 3.15 adds the bias along the columns then
IMAGE, VOLUME = [7, 6, 3], [5, 7, 6, 3]
LAYERS = {
    "Conv2D(4, (3, 2), data_format=ordering)": IMAGE,
    "Conv2D(5, 3, strides=2, padding='same', data_format=ordering)": IMAGE,
    "Conv2D(5, 2, dilation_rate=2, data_format=ordering)": IMAGE,
    "Conv2DTranspose(5, 3, strides=2, data_format=ordering)": IMAGE,
    "SeparableConv2D(5, 3, depth_multiplier=2, data_format=ordering)": IMAGE,
    "DepthwiseConv2D(3, data_format=ordering)": IMAGE,
    "MaxPooling2D((2, 3), strides=(1, 2), padding='same', data_format=ordering)": IMAGE,
    "AveragePooling2D((2, 3), padding='same', data_format=ordering)": IMAGE,
    "Conv3D(7, (2, 3, 1), data_format=ordering)": VOLUME,
    "MaxPooling3D((2, 3, 2), data_format=ordering)": VOLUME,
    "MaxPooling3D(2, strides=(1, 2, 3), padding='same', data_format=ordering)": VOLUME,
    "AveragePooling3D((2, 3, 2), strides=1, data_format=ordering)": VOLUME,
    "AveragePooling3D((3, 2, 2), padding='same', data_format=ordering)": VOLUME,
}


@pytest.fixture(scope="module")
def gaps() -> dict[str, Any]:
    program = PROGRAM.format(layers=json.dumps(LAYERS))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("layer", LAYERS)
def test_it_is_the_same_computation(layer: str, gaps: dict[str, Any]) -> None:
    between_orderings, to_float32, spread = gaps[layer]
    assert between_orderings < 1e-14
    assert to_float32 < 1e-5
    assert spread > 0.1
