"""keras.layers.recurrent of Keras 0.1–1.2."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.activations import ACTIVATIONS
from tdmigrate.keras1.entry import (
    BehindMask,
    Caution,
    Dropped,
    Function,
    Layer,
    Layout,
    Parameter,
    Renamed,
    Spelling,
    Text,
    Values,
    Weights,
    Written,
)
from tdmigrate.keras1.initializers import INITIALIZERS, INITIALIZERS_EXACT, gates_exact
from tdmigrate.keras1.layers.words import DROPPED, SEQUENCE, paths
from tdmigrate.keras1.regularizers import REGULARIZERS

# what a recurrent layer did from 0.3 on with the arguments of its base class, by keyword only
_BASE_0_3 = "weights=None, return_sequences=False, go_backwards=False, stateful=False"
_BASE_1_0 = f"{_BASE_0_3}, unroll=False, consume_less='cpu'"
_LAST = "input_dim=None, input_length=None, **kwargs"
_DROPOUT = "W_regularizer=None, U_regularizer=None, b_regularizer=None, dropout_W=0.0, dropout_U=0.0"
_OLD = "weights=None, truncate_gradient=-1, return_sequences=False"


def _signatures(
    gates: str, activation: tuple[str, str], oldest: str = "output_dim=128", init: str = "init='glorot_uniform'"
) -> dict[str, str]:
    """``gates``: what stands around ``activation``, with {} in its place; ``activation``: up to 0.3.2, and then."""
    old, new = (gates.format(f"activation='{name}'") for name in activation)
    start = f"{init}, inner_init='orthogonal'"
    return {
        "0.1": f"input_dim, {oldest}, {start}, {old}, {_OLD}",
        "0.2": f"output_dim, {start}, {old}, {_OLD}, {_LAST}",
        "0.3": f"output_dim, {start}, {old}, *, {_BASE_0_3}, {_LAST}",
        "0.3.3": f"output_dim, {start}, {new}, {_DROPOUT}, *, {_BASE_0_3}, {_LAST}",
        "1.0": f"output_dim, {start}, {new}, {_DROPOUT}, *, {_BASE_1_0}, {_LAST}",
    }


FORGET = Values(
    {"one": Text("True"), "zero": Text("False")},
    closed=True,
    doubt="Keras 3's unit_forget_bias is True ('one') or False ('zero'); any other start needs a bias_initializer",
)


def _parameters(gates: int) -> dict[str, Parameter]:
    exact = INITIALIZERS_EXACT if gates == 1 else gates_exact(gates)
    return {
        **SEQUENCE,
        "output_dim": Renamed("units", pin=True),  # 128 in 0.1, for all but SimpleRNN
        "init": Renamed("kernel_initializer", INITIALIZERS, trap="B3", exact=exact, pin_exact=True),
        "inner_init": Renamed("recurrent_initializer", INITIALIZERS, trap="B1", exact=exact, pin_exact=True),
        # 'sigmoid' for SimpleRNN and GRU up to 0.3.2 (trap C40)
        "activation": Renamed("activation", ACTIVATIONS, pin=True, trap="C40"),
        "weights": Weights(),
        "W_regularizer": Renamed("kernel_regularizer", REGULARIZERS),
        "U_regularizer": Renamed("recurrent_regularizer", REGULARIZERS),
        "b_regularizer": Renamed("bias_regularizer", REGULARIZERS),
        "dropout_W": DROPPED._replace(to="dropout", trap="C4"),
        "dropout_U": DROPPED._replace(to="recurrent_dropout", trap="C4"),
        "consume_less": Dropped("it chose an implementation, not numbers", trap="C5"),
        "truncate_gradient": Dropped(
            "Keras 3 cannot cut off gradients after a number of steps", note=True, harmless=(-1,)
        ),
    }


# traps C2, B4: with consume_less 'cpu' (the default) and 'mem', 1.2 made the recurrent kernels of LSTM and GRU with the
# input kernels' regularizer; with 'gpu' (_FUSED) it did as before
_SINCE_1_2: Mapping[str, Mapping[str, Parameter]] = {
    "1.2": {
        "inner_init": Renamed("recurrent_initializer", INITIALIZERS, trap="B4", pin_exact=True, exact_from="init"),
        "W_regularizer": Renamed("kernel_regularizer", REGULARIZERS, trap="C2", also=("recurrent_regularizer",)),
        "U_regularizer": Dropped("Keras 1.2 never applied it", note=True, trap="C2", harmless=(None,)),
        "consume_less": Dropped(
            "with 'gpu', Keras 1.2 applied each regularizer to the kernel it is named for; another value is assumed",
            note=True,
            trap="C2",
            harmless=("cpu", "mem"),
        ),
    }
}

_FUSED = ("consume_less", "gpu")

# keras/layers/recurrent.py of 1.2.2
_MASKS = (
    Caution(
        "dropout_W",
        (),
        "it drew a mask of the inputs for each gate; without `dropout_U`, Keras 3 draws one for all",
        "C4",
        harmless=(0,),
        beside={"dropout_U": (0,), "consume_less": ("cpu", "mem")},
    ),
    Caution(
        "dropout_U",
        (),
        "with consume_less='gpu' it drew one mask for all gates, Keras 3 draws one for each",
        "C4",
        harmless=(0,),
        beside={"consume_less": ("gpu",)},
    ),
)
_NOT_APPLIED = Caution(
    "dropout_W",
    (),
    "Keras 1 dropped no inputs but with consume_less='cpu', Keras 3 does: see whether it is meant",
    "C4",
    harmless=(0,),
    beside={"consume_less": ("mem", "gpu")},
)

GATE: Mapping[str, Parameter] = {"inner_activation": Renamed("recurrent_activation", ACTIVATIONS, pin=True, trap="A2")}

_KERAS3_START = "use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal', "
_KERAS3_MIDDLE = (
    "bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, "
    "bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, "
)
_KERAS3_SEQUENCES = "return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False"

# keras/layers/recurrent.py of 0.2.0
_RESTARTS = (
    BehindMask(
        "0.1-0.2",
        "up to 0.2 a step that the mask leaves out was computed like any other, and the state behind it was zeros "
        "again; Keras 3 holds output and state over such steps: see that this is wanted (trap C25)",
    ),
)

SIMPLE_RNN = Layer(
    name="SimpleRNN",
    paths=paths("recurrent", "SimpleRNN", "0.1-1.2"),
    signatures=_signatures("{}", ("sigmoid", "tanh"), oldest="output_dim"),
    shape=shapes.recurrent,
    keras3=Spelling(
        "keras.layers.SimpleRNN",
        _parameters(1),
        signature=(
            f"units, activation='tanh', {_KERAS3_START}bias_initializer='zeros', kernel_regularizer=None, "
            f"recurrent_regularizer=None, {_KERAS3_MIDDLE}{_KERAS3_SEQUENCES}, seed=None"
        ),
    ),
    layout=Layout(),
    cautions=(_NOT_APPLIED,),
    ranks=(3,),
    masks="consumes",
    first="sequence",
    behind_mask=_RESTARTS,
)

LSTM = Layer(
    name="LSTM",
    paths=paths("recurrent", "LSTM", "0.1-1.2"),
    signatures=_signatures("forget_bias_init='one', {}, inner_activation='hard_sigmoid'", ("tanh", "tanh")),
    shape=shapes.recurrent,
    keras3=Spelling(
        "keras.layers.LSTM",
        {**_parameters(4), **GATE, "forget_bias_init": Renamed("unit_forget_bias", FORGET, trap="B9")},
        signature=(
            f"units, activation='tanh', recurrent_activation='sigmoid', {_KERAS3_START}bias_initializer='zeros', "
            "unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, "
            f"{_KERAS3_MIDDLE}seed=None, {_KERAS3_SEQUENCES}, use_cudnn='auto'"
        ),
        since=_SINCE_1_2,
        unless=_FUSED,
    ),
    layout=Layout("gates", "icfo>ifco"),
    cautions=_MASKS,
    ranks=(3,),
    masks="consumes",
    first="sequence",
    behind_mask=_RESTARTS,
)

GRU = Layer(
    name="GRU",
    paths=paths("recurrent", "GRU", "0.1-1.2"),
    signatures=_signatures("{}, inner_activation='hard_sigmoid'", ("sigmoid", "tanh")),
    shape=shapes.recurrent,
    keras3=Spelling(
        "keras.layers.GRU",
        {**_parameters(3), **GATE},
        (Written("reset_after", Text("False"), "C1"),),
        (
            f"units, activation='tanh', recurrent_activation='sigmoid', {_KERAS3_START}bias_initializer='zeros', "
            f"kernel_regularizer=None, recurrent_regularizer=None, {_KERAS3_MIDDLE}seed=None, {_KERAS3_SEQUENCES}, "
            "reset_after=True, use_cudnn='auto'"
        ),
        _SINCE_1_2,
        _FUSED,
    ),
    layout=Layout("gates", "zrh>zrh"),
    cautions=_MASKS,
    ranks=(3,),
    masks="consumes",
    first="sequence",
    behind_mask=_RESTARTS,
)


def _gone(name: str, versions: str, signatures: Mapping[str, str], person: str, module: str = "recurrent") -> Layer:
    return Layer(
        name=name,
        paths=paths(module, name, versions),
        signatures=signatures,
        shape=shapes.recurrent,
        keras3=None,
        ranks=(3,),
        masks="consumes",
        person=person,
        first="sequence",
    )


_OLDEST: Mapping[str, Parameter] = {
    **{name: _parameters(1)[name] for name in ("output_dim", "init", "inner_init", "weights", "truncate_gradient")},
    **SEQUENCE,
    "activation": Renamed("activation", ACTIVATIONS),
}


def _oldest(name: str, signatures: Mapping[str, str], parameters: Mapping[str, Parameter], signature: str) -> Layer:
    """Layers of 0.1 and 0.2 only."""
    return Layer(
        name=name,
        paths=paths("recurrent", name, "0.1-0.2"),
        signatures=signatures,
        shape=shapes.recurrent,
        keras3=Spelling(f"tdmigrate.compat.{name}", {**_OLDEST, **parameters}, signature=signature),
        layout=Layout(),
        ranks=(3,),
        masks="consumes",
        first="sequence",
    )


def _jzs(name: str) -> Layer:
    signatures = _signatures("{}, inner_activation='sigmoid'", ("tanh", "tanh"))
    return _oldest(
        name,
        {key: signatures[key] for key in ("0.1", "0.2")},
        {"inner_activation": Renamed("recurrent_activation", ACTIVATIONS)},
        "units, activation='tanh', recurrent_activation='sigmoid', kernel_initializer='glorot_uniform', "
        "recurrent_initializer='orthogonal', return_sequences=False",
    )


_DEEP = "depth=3, init='glorot_uniform', inner_init='orthogonal', activation='sigmoid', inner_activation='hard_sigmoid'"

TIME_DISTRIBUTED_DENSE_FUNCTION = Function(
    name="time_distributed_dense",
    paths={
        "keras.layers.recurrent.time_distributed_dense": "0.3.3-1.2",
        "keras.layers.time_distributed_dense": "0.3.3-1.2",
    },
    signatures={"0.3.3": "x, w, b=None, dropout=None, input_dim=None, output_dim=None, timesteps=None"},
    keras3=Spelling(
        "tdmigrate.compat.time_distributed_dense",
        signature="x, w, b=None, dropout=None, input_dim=None, output_dim=None, timesteps=None",
    ),
    kind="function",
)

ENTRIES: tuple[Layer | Function, ...] = (
    SIMPLE_RNN,
    LSTM,
    GRU,
    _gone(
        "Recurrent",
        "0.1-1.2",
        {"0.1": "**kwargs", "0.3": f"{_BASE_0_3}, {_LAST}", "1.0": f"{_BASE_1_0}, {_LAST}"},
        "a recurrent layer of your own: write a cell and use keras.layers.RNN",
    ),
    _oldest(
        "SimpleDeepRNN",
        {"0.1": f"input_dim, output_dim, {_DEEP}, {_OLD}", "0.2": f"output_dim, {_DEEP}, {_OLD}, {_LAST}"},
        GATE,
        "units, depth=3, activation='sigmoid'",
    ),
    _jzs("JZS1"),
    _jzs("JZS2"),
    _jzs("JZS3"),
    _gone(
        "NeuralTuringMachine",
        "0.3.0",
        {
            "0.3.0": "output_dim, n_slots, m_length, shift_range=3, inner_rnn='gru', truncate_gradient=-1, "
            f"return_sequences=False, init='glorot_uniform', inner_init='orthogonal', {_LAST}"
        },
        "Keras 3 has no Neural Turing Machine: write a cell and use keras.layers.RNN",
        "ntm",
    ),
    TIME_DISTRIBUTED_DENSE_FUNCTION,
)
