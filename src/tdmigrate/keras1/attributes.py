"""Attributes and methods of layers and models that Keras 3 lacks or calls otherwise.

From the classes of keras/layers, keras/models.py and keras/engine of 0.3.3, 1.0.8 and 1.2.2, looked up on built layers
and models of Keras 3.6 and 3.15.
"""

from collections.abc import Iterable, Mapping

from tdmigrate.records import NamedTuple

ANY_LAYER = "Layer"
MODELS = ("Sequential", "Model")
ALL = (ANY_LAYER, *MODELS)


class Attribute(NamedTuple):
    """One attribute of some layers or models.

    ``owners``: names of layers' entries, "Layer" for every layer, "Sequential", "Model". ``now``: what follows the
    receiver today (``.output.shape``), or with ``{}`` a whole expression of it; None: a person decides, told ``why``.
    ``at``: it is a method and takes the index of a node; ``now`` holds for the first. ``runs``: it runs on Keras 3 too,
    and means something else. ``versions``: the releases in which it was that; "": all.
    """

    name: str
    owners: tuple[str, ...]
    now: str | None = None
    why: str = ""
    at: bool = False
    call: bool = False  # ``now`` stands for the call without arguments
    runs: bool = False
    versions: str = ""
    compat: str = ""  # the name of tdmigrate.compat that ``now`` needs
    stored: bool = False  # what is meant is that it is assigned
    note: bool = False  # it is a list of weights: goes wrong where it is taken apart, else worth knowing


_NODES = "Keras 3 keeps its nodes in `_inbound_nodes`, for itself: keep the tensors that the layer was called on"
_GRAPH = "Keras 3 keeps this for itself: go by `layers`, `inputs` and `outputs`"
_LISTS = "each layer has its own now, as `kernel_regularizer`, `kernel_constraint` and so on"
_0_X = "of Keras 0.x: use the layer's `output` in a `keras.Model(model.inputs, layer.output)`"
_POP = (
    "Keras 3 hands out a copy of the list, nothing is taken away: `model.pop()` for a Sequential; for a Model build "
    "`keras.Model(model.inputs, model.layers[-2].output)`"
)
_ENDS = "Keras 3 refuses it: build `keras.Model(inputs, outputs)` with the tensors that are meant"
_METRICS = (
    "with metrics it is `['loss', 'compile_metrics']` now: `evaluate(..., return_dict=True)` gives each number with "
    "its name"
)
_FUSED = (
    "the gates are parts of one matrix now: i, f, c, o side by side in `cell.kernel`, `cell.recurrent_kernel` and "
    "`cell.bias` of an LSTM, z, r, h of a GRU"
)
_KERNEL = "it is `kernel` now, with the axes (length, inputs, filters)"
_GATES = (
    "it lists kernel, recurrent kernel and bias, with the gates side by side; Keras 1 listed the three of each gate"
)
_AXES = "the kernel has the axes (…, inputs, filters) now, and is not turned round as it was on Theano (trap C14)"
_DENSE = ("Dense", "TimeDistributedDense")
_GATED = ("LSTM", "GRU")
_CONVOLUTIONS = ("Convolution1D", "AtrousConvolution1D", "Convolution2D", "Convolution3D")
_KERNELS = (*_CONVOLUTIONS, "AtrousConvolution2D", "Deconvolution2D", "SeparableConvolution2D")
OTHERWISE = f"of an LSTM or GRU {_GATES}; of a convolution {_AXES}"
# rules/loading.py
SETTER = "set_weights"

ATTRIBUTES = (
    # --- shapes and tensors
    Attribute("output_shape", (ANY_LAYER,), ".output.shape"),
    Attribute("input_shape", (ANY_LAYER,), ".input.shape"),
    Attribute("get_output_shape_at", (ANY_LAYER,), ".output.shape", _NODES, at=True),
    Attribute("get_input_shape_at", (ANY_LAYER,), ".input.shape", _NODES, at=True),
    Attribute("get_output_at", (ANY_LAYER, "Model"), ".output", _NODES, at=True),
    Attribute("get_input_at", (ANY_LAYER, "Model"), ".input", _NODES, at=True),
    Attribute("get_output_shape_at", MODELS, ".output_shape", _NODES, at=True),
    Attribute("get_input_shape_at", MODELS, ".input_shape", _NODES, at=True),
    Attribute("get_output_at", ("Sequential",), ".outputs[0]", _NODES, at=True),
    Attribute("get_input_at", ("Sequential",), ".inputs[0]", _NODES, at=True),
    # Keras 3's Sequential has these only once it is called as a layer
    Attribute("output", ("Sequential",), ".outputs[0]", versions="1.0-1.2"),
    Attribute("input", ("Sequential",), ".inputs[0]", versions="1.0-1.2"),
    Attribute("get_output_mask_at", ALL, None, _NODES),
    Attribute("get_input_mask_at", ALL, None, _NODES),
    Attribute("get_output", (ANY_LAYER,), None, _0_X),
    Attribute("get_input", (ANY_LAYER,), None, _0_X),
    Attribute("get_output_mask", (ANY_LAYER,), None, _0_X),
    Attribute("get_output_shape_for", ALL, ".compute_output_shape"),
    Attribute("batch_input_shape", (ANY_LAYER,), ".input.shape"),
    # --- how layers hang together
    Attribute("inbound_nodes", ALL, None, _NODES),
    Attribute("outbound_nodes", ALL, None, _NODES),
    Attribute("add_inbound_node", (ANY_LAYER,), None, _NODES),
    Attribute("create_input_layer", (ANY_LAYER,), None, "call the layer on a `keras.Input(...)`"),
    Attribute("set_previous", ALL, None, "call the layer on the other's output"),
    Attribute("previous", (ANY_LAYER,), None, "keep the tensors that the layers were called on"),
    Attribute("flattened_layers", ("Sequential",), None, "go by `layers`, and by those of the models among them"),
    Attribute("model", ("Sequential",), None, "a Sequential is a Model itself now"),
    *(
        Attribute(name, MODELS, None, _GRAPH)
        for name in (
            "container_nodes", "nodes_by_depth", "layers_by_depth", "input_layers", "output_layers",
            "input_layers_node_indices", "input_layers_tensor_indices", "output_layers_node_indices",
            "output_layers_tensor_indices", "run_internal_graph", "input_names",
        )
    ),
    Attribute("layers.pop", MODELS, None, _POP, runs=True),
    Attribute("layers.append", MODELS, None, "Keras 3 hands out a copy of the list: `model.add(layer)`", runs=True),
    Attribute("layers.insert", MODELS, None, "Keras 3 hands out a copy of the list: build the model anew", runs=True),
    Attribute("layers.remove", MODELS, None, "Keras 3 hands out a copy of the list: build the model anew", runs=True),
    Attribute("layers.extend", MODELS, None, "Keras 3 hands out a copy of the list: add each layer", runs=True),
    Attribute("metrics_names", MODELS, None, _METRICS, runs=True, versions="1.0-1.2"),
    *(Attribute(name, MODELS, None, _ENDS, stored=True) for name in ("inputs", "outputs", "layers")),
    # --- weights and what belongs to them
    Attribute("W", _DENSE, ".kernel"),
    Attribute("b", _DENSE, ".bias"),
    Attribute("W", ("Embedding",), ".embeddings"),
    Attribute("W", ("SimpleRNN",), ".cell.kernel"),
    Attribute("U", ("SimpleRNN",), ".cell.recurrent_kernel"),
    Attribute("b", ("SimpleRNN",), ".cell.bias"),
    Attribute("W", _CONVOLUTIONS, None, _KERNEL),
    Attribute("b", _CONVOLUTIONS, ".bias"),
    *(
        Attribute(f"{part}{gate}", _GATED, None, _FUSED)
        for part in "WUb"
        for gate in ("", "_i", "_f", "_c", "_o", "_z", "_r", "_h")
    ),
    Attribute("alphas", ("PReLU",), ".alpha"),
    Attribute("running_mean", ("BatchNormalization",), ".moving_mean"),
    Attribute("running_std", ("BatchNormalization",), ".moving_variance", versions="1.0-1.2"),
    Attribute("W", (ANY_LAYER,), None, "it is `kernel`, of an Embedding `embeddings`, of a recurrent layer in `cell`"),
    Attribute("U", (ANY_LAYER,), None, "it is `cell.recurrent_kernel` now"),
    Attribute("b", (ANY_LAYER,), None, "it is `bias`, of a recurrent layer `cell.bias`"),
    *(
        Attribute(name, ALL, f".{name}")  # the same, but no variables of Theano
        for name in ("trainable_weights", "non_trainable_weights", "weights")
    ),
    Attribute("params", ALL, ".trainable_weights", versions="0.1-0.3"),
    Attribute("get_params", ALL, None, "it is `trainable_weights` now, without the penalties and constraints"),
    Attribute("get_weights", (*_GATED, "ConvLSTM2D", "Bidirectional"), None, _GATES, note=True),
    Attribute("get_weights", _KERNELS, None, _AXES, note=True),
    Attribute("get_weights", (ANY_LAYER,), None, OTHERWISE, note=True),
    Attribute("regularizers", ALL, None, _LISTS),
    Attribute("constraints", ALL, None, _LISTS),
    Attribute("updates", ALL, None, "Keras 3 updates its variables as it computes"),
    Attribute("state_updates", ALL, None, "Keras 3 updates its variables as it computes"),
    Attribute("uses_learning_phase", ALL, None, "Keras 3 has no learning phase: a call takes `training=`"),
    # --- states
    Attribute("reset_states", MODELS, "reset_states({})", call=True, compat="reset_states"),
    Attribute("stateful", MODELS, "any(getattr(layer, 'stateful', False) for layer in {}.layers)"),
)

# legacy arguments whose layers have them as attributes of the same value, under the new name of the argument
SAME_VALUE = frozenset(
    (
        "output_dim", "nb_filter", "p", "sigma", "inner_activation", "bias", "W_regularizer", "U_regularizer",
        "b_regularizer", "W_constraint", "b_constraint", "border_mode", "n",
    )
)  # fmt: skip
# ... of another value
OTHER_VALUE = frozenset(
    (
        "init", "inner_init", "input_dim", "input_length", "filter_length", "subsample", "subsample_length", "nb_row",
        "nb_col", "pool_length", "stride", "atrous_rate", "dim_ordering", "dropout_W", "dropout_U",
    )
)  # fmt: skip

# keys of a layer's config whose values are the same under the new name of the argument
CONFIG_SAME = frozenset(("output_dim", "nb_filter", "p", "sigma", "inner_activation", "bias", "border_mode", "n"))
# ... that Keras 3 does not have
CONFIG_GONE: Mapping[str, str] = {
    "batch_input_shape": "only the InputLayer of Keras 3 has it, as 'batch_shape': `layer.input.shape`",
    "input_dtype": "only the InputLayer of Keras 3 has it, as 'dtype': `layer.input.dtype`",
    "consume_less": "Keras 3 has nothing of the kind",
}
# keys of an optimizer's config that are others now
CONFIG_OF_OPTIMIZERS: Mapping[str, str] = {
    "lr": "an optimizer of Keras 3 has 'learning_rate' in its config",
    "decay": "an optimizer of Keras 3 has a schedule as 'learning_rate' in its config",
}

_BY_NAME: Mapping[str, tuple[Attribute, ...]] = {
    name: tuple(one for one in ATTRIBUTES if one.name == name) for name in {one.name for one in ATTRIBUTES}
}
_ENDPOINTS = ("input", "output")
# names of ``layers.…`` are looked out for where such a list is changed
_READ = frozenset((SETTER, "trainable", "get_config"))
WATCHED = frozenset(name for name in _BY_NAME if "." not in name) | SAME_VALUE | OTHER_VALUE | _READ


def attribute(name: str, owners: Iterable[str]) -> Attribute | None:
    """What is known of an attribute that all of these have; the row of a layer goes before that of every layer."""
    rows = []
    owners = tuple(owners)
    if name in _ENDPOINTS and set(owners) == set(MODELS):
        return Attribute(name, MODELS, None, f"of a Sequential Keras 3 raises: write `{name}s[0]`", versions="1.0-1.2")
    for owner in owners:
        found = [one for one in _BY_NAME.get(name, ()) if owner in one.owners]
        if not found and owner not in (*MODELS, "Graph"):
            found = [one for one in _BY_NAME.get(name, ()) if ANY_LAYER in one.owners]
        if not found:
            return None
        rows.append(found[0])
    return rows[0] if rows and all(row is rows[0] for row in rows) else None
