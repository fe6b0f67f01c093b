"""The rules in the order in which they run, and what a source must have for each of them to run at all.

A rule that does not run is not imported: most of a short check is imports. What is needed are facts of the code, as
``needs.KINDS`` lists them; the text of a source is never searched. A new stage is one more literal here.
"""

from __future__ import annotations

from tdmigrate.records import NamedTuple


class Stage(NamedTuple):
    """One check of a module of ``tdmigrate.rules``, which gets the ``Context``."""

    module: str
    check: str
    needs: tuple[str, ...] = ()  # one of them must be there
    also: tuple[str, ...] = ()  # and one of these
    unless: tuple[str, ...] = ()  # and none of these
    since: str = ""  # the source may be for this release or a later one
    until: str = ""  # and must be for these alone
    modern: bool = True  # whether it runs where the style is "modern"


_BACKEND = ("import:keras", "import:keras.backend")
_CALLBACKS = ("import:keras.callbacks", "import:keras.*")
_CONFIGS = ("attribute:get_config", "attribute:from_config", "attribute:to_json", "text:config")
_BATCHES = ("bound:on_batch_begin", "bound:on_batch_end", "attribute:on_batch_begin", "attribute:on_batch_end")
_FILES = ("method:save", "method:save_weights", "method:load_weights", "function:load_model")
_PENALTIES = ("argument with:_regularizer", "layer:ActivityRegularization")
_SETTINGS = (
    "attribute:momentum", "attribute:rho", "attribute:beta_1", "attribute:beta_2", "attribute:decay",
    "attribute:iterations",
)  # fmt: skip
_TENSORS = ("imported:theano", "imported:tensorflow", "attribute:get_shape", "attribute:compile")
_FROZEN = ("attribute:trainable", "called with:trainable", "called with:freeze")

STAGES = (
    Stage("merging", "check_merging", needs=("kind:merge",)),
    Stage("time_distributed_dense", "check_family"),
    Stage("layers", "check_layers"),
    Stage("handed_on", "check_handed_on"),
    Stage("image_ordering", "check_image_ordering", needs=(*_BACKEND, "trait:channels")),
    # the nodes of a Graph get names of their own
    Stage("slashes", "check_slashes", needs=("text with:/",), unless=("entry:Graph", "only:Graph")),
    Stage(
        "layer_names",
        "check_layer_names",
        needs=("attribute:__name__", "attribute:name", "trait:numbered"),
        since="1.0",  # automatic names of layers have numbers since
    ),
    Stage("graph", "check_graph", needs=("function:Graph", "owner:Graph")),
    Stage("custom_layers", "check_custom_layers", needs=("base:layer", "layer:Layer")),
    Stage("functions", "check_functions"),
    Stage("functions", "check_rates", needs=("attribute:lr",)),
    Stage("functions", "check_settings", needs=_SETTINGS),
    Stage("functions", "check_methods"),
    Stage("by_output", "check_pairs", needs=("function:Model",)),
    Stage("penalties", "check_penalties", needs=("facts:methods",), until="0.1-1.1"),
    Stage("lost_penalties", "check_lost_penalties", needs=_PENALTIES, modern=False),
    Stage("averages", "check_averages", needs=("layer:BatchNormalization",), modern=False),
    Stage("callbacks", "check_subclasses", needs=(*_CALLBACKS, "base:callback", *_BATCHES)),
    Stage("histories", "check_histories", needs=("attribute:params",)),
    Stage(
        "hooks",
        "check_hooks",
        needs=(*_CALLBACKS, "base:callback", "bound:set_model"),
        also=("attribute:stop_training", "bound:set_model", "bound:on_train_end"),
    ),
    Stage("files", "check_files", needs=(*_CALLBACKS, *_FILES)),
    Stage("loaded_weights", "check_loaded_weights", needs=("method:load_weights",), modern=False),
    Stage("weight_files", "check_weight_files", needs=("attribute:attrs",), also=("imported:h5py", "text:h5py")),
    Stage("freezing", "check_freezing", needs=_FROZEN),
    Stage("subclasses", "check_subclasses", needs=("base:any",)),
    Stage("backend", "check_backend", needs=_BACKEND),
    Stage(
        "lambdas", "check_lambdas", needs=(*_BACKEND, "layer:Lambda", "layer:MaskedLambda", "found:calls", *_TENSORS)
    ),
    Stage("whole_batches", "check_whole_batches", needs=_BACKEND, also=("attribute:compile",)),
    Stage("closures", "check_closures", needs=("function:Input", "function:merge")),
    Stage("attributes", "check_attributes", needs=("facts:attributes", "attribute:_keras_shape")),
    Stage(
        "layer_inputs",
        "check_inputs",
        needs=("attribute:input", "attribute:input_shape", "attribute:batch_input_shape"),
    ),
    Stage("configs", "check_configs", needs=_CONFIGS),
    Stage("company", "check_company", needs=("imported:sklearn", "imported:scipy", "imported:numpy")),
    Stage(
        "version_branches", "check_version_branches", needs=("attribute:__version__", "import:keras.__version__")
    ),
    # what an import gives hangs on all that the others ask for
    Stage("imports", "check_imports"),
    Stage("evidence", "check_evidence"),
)
