"""Programs whose subject is callbacks, saved models, looking into a model, and models of several files."""

from __future__ import annotations

from .program import Program

PROGRAMS = (
    Program("activations_function", "1.2.2"),
    Program("callback_stop_at", "1.1.2"),
    Program("checkpoint_best", "1.2.2"),
    Program("checkpoint_names", "1.1.2"),
    Program("config_roundtrip", "1.2.2"),
    Program("counts_shapes", "1.2.2"),
    Program("csv_accuracy", "1.2.2"),
    Program("csv_log", "1.2.2"),
    Program("cv_score", "1.1.2"),
    Program("early_min_delta_auto", "1.0.8"),
    Program("feature_submodel", "1.1.2"),
    Program("get_layer_index", "1.2.2"),
    Program("json_roundtrip", "1.2.2"),
    Program("kclassifier", "1.2.2"),
    Program("load_custom", "1.2.2"),
    Program("lr_in_callback", "1.1.2"),
    Program("merged_layers", "1.1.2"),
    Program("multi_val_logs", "1.2.2"),
    Program("own_history_arg", "1.2.2"),
    Program("plateau_lr", "1.2.2"),
    Program("pop_layer", "1.2.2"),
    Program("reset_callback", "1.1.2"),
    Program("save_load_old", "0.3.3"),
    Program("save_model_resume", "1.2.2"),
    Program("scheduler_step", "1.0.8"),
    Program("stateful_inference_copy", "1.2.2"),
    Program("stateful_reset", "1.2.2"),
    Program("states_value", "1.2.2"),
    Program("transfer_by_name", "1.1.2"),
    Program("weights_in_callback", "1.2.2"),
    Program("weights_print", "1.0.8"),
)
