"""Programs of several files whose subject is what surrounds a model: settings that change, names, freezing, files."""

from __future__ import annotations

from .program import Program

PROGRAMS = (
    Program("adversarial_domain", "1.1.2"),
    Program("adversarial_domain", "1.2.2"),
    Program("attr_metrics", "1.1.2", left=("K305",)),
    Program("beta_direct", "1.2.2", left=("K403",)),
    Program("both_weights", "1.2.2"),
    Program("callbacklist_loop", "1.2.2"),
    Program("clone_bag", "1.2.2"),
    Program("custom_names", "1.2.2", left=("K205", "K305")),
    Program("cv_weights_reset", "1.2.2"),
    Program("duck_callback", "1.2.2", left=("K323",)),
    Program("feature_cut", "1.2.2", left=("K325",)),
    Program("freeze_forms", "1.2.2"),
    Program("gan_bn", "1.2.2"),
    Program("init_instances", "1.1.2"),
    Program("loaded_classes", "1.2.2"),
    Program("mc_function", "1.1.2"),
    Program("momentum_ramp", "1.2.2", left=("K403",)),
    Program("mtl_ragged", "1.2.2", known="losses of outputs are means of batches (trap D16): a note alone"),
    Program("nested_freeze", "1.2.2", left=("K326",)),
    Program("noise_layers", "1.1.2"),
    Program("own_init", "1.1.2", left=("K205", "K502")),
    Program("plain_loop_old", "0.3.3", left=("K305",)),
    Program("poly_search", "1.2.2"),
    Program("recompile_own_optimizer", "1.2.2"),
    Program("rolling_state", "1.2.2"),
    Program("scalar_loss_weights", "1.1.2"),
    Program("seq_sampler", "1.1.2"),
    Program("stacked_ae", "0.3.3"),
    Program("stop_inside_epoch", "1.2.2", left=("K323",)),
    Program("teacher_student", "1.2.2"),
    Program("trainer_class", "1.1.2"),
    Program("triplet_ranks", "1.2.2"),
    Program("vgg_style_h5", "0.3.3", left=("K305",)),
)
