"""Merge, merge and LambdaMerge: keras.layers.core up to 0.3, keras.engine.topology in 1.x."""

from __future__ import annotations

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Function

_PERSON = (
    "use keras.layers.Concatenate, Add, Multiply, Average, Maximum or Dot on a list of tensors, in a functional Model: "
    "mode 'concat', 'sum', 'mul', 'ave', 'max', 'dot' or 'cos'"
)
# the layer of Keras 3 for each mode that is a word; a mode that is a function is a Lambda
MODES = {
    "sum": "keras.layers.Add",
    "mul": "keras.layers.Multiply",
    "ave": "keras.layers.Average",
    "max": "keras.layers.Maximum",
    "concat": "keras.layers.Concatenate",
    "dot": "keras.layers.Dot",
    "cos": "keras.layers.Dot",
}
# what merges tensors in Keras 3, as a layer or a function → the mode by whose rule its output has its shape
NEW = {
    "Add": "sum",
    "Subtract": "sum",
    "Multiply": "mul",
    "Average": "ave",
    "Maximum": "max",
    "Minimum": "max",
    "Concatenate": "concat",
    "Dot": "dot",
}
_AXES = "mode='sum', concat_axis=-1, dot_axes=-1, output_shape=None"

MERGE_LAYER = Function(
    name="Merge",
    paths={
        "keras.layers.core.Merge": "0.1-1.2",
        "keras.layers.Merge": "0.3.2-1.2",
        "keras.engine.topology.Merge": "1.0-1.2",
        "keras.engine.Merge": "1.0-1.2",
        "keras.models.Merge": "1.1.2-1.2",
    },
    signatures={
        "0.1": "layers, mode='sum'",
        "0.2": "layers, mode='sum', concat_axis=-1",
        "0.3": "layers, mode='sum', concat_axis=-1, dot_axes=-1",
        "1.0": f"layers=None, {_AXES}, node_indices=None, tensor_indices=None, name=None",
        "1.0.5": f"layers=None, {_AXES}, output_mask=None, node_indices=None, tensor_indices=None, name=None",
        "1.1.2": f"layers=None, {_AXES}, output_mask=None, arguments={{}}, node_indices=None, tensor_indices=None, "
        "name=None",
        "1.2.1": f"layers=None, {_AXES}, output_mask=None, arguments=None, node_indices=None, tensor_indices=None, "
        "name=None",
    },
    keras3=None,
    kind="merge",
    person=_PERSON,
    shape=shapes.merge,
)

MERGE_FUNCTION = Function(
    name="merge",
    paths={
        "keras.layers.merge": "1.0-1.2",
        "keras.engine.topology.merge": "1.0-1.2",
        "keras.engine.merge": "1.0-1.2",
    },
    signatures={
        "1.0": f"inputs, {_AXES}, name=None",
        "1.0.5": f"inputs, {_AXES}, output_mask=None, name=None",
        "1.1.2": f"inputs, {_AXES}, output_mask=None, arguments={{}}, name=None",
        "1.2.1": f"inputs, {_AXES}, output_mask=None, arguments=None, name=None",
    },
    keras3=None,
    kind="merge",
    person=_PERSON,
    shape=shapes.merge,
)

LAMBDA_MERGE = Function(
    name="LambdaMerge",
    paths={"keras.layers.core.LambdaMerge": "0.3", "keras.layers.LambdaMerge": "0.3.2-0.3"},
    signatures={
        "0.3": "layers, function, output_shape=None",
        "0.3.3": "layers, function, output_shape=None, arguments={}",
    },
    keras3=None,
    kind="merge",
    person="use keras.layers.Lambda on a list of tensors, in a functional Model",
    shape=shapes.lambda_,
)

ENTRIES: tuple[Function, ...] = (MERGE_LAYER, MERGE_FUNCTION, LAMBDA_MERGE)
