"""Callbacks, subclasses of Callback, rates of optimizers, and names of files."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding, Severity
from tdmigrate.rules.context import CheckSettings

from .migrating import findings
from .migrating import migrate as migrate_whole

HEAD = """\
import keras
from keras import callbacks
from keras.callbacks import *
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
model = Sequential([Dense(output_dim=3, input_dim=2)])
"""


def migrate(text: str, version: str = "1.2.2", style: str = "faithful") -> tuple[str, list[Finding]]:
    new, found = migrate_whole(HEAD + text, version, style)
    return new.partition("Dense(units=3)])\n")[2], found


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found if one.code.startswith("K32")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("EarlyStopping(patience=3)", "EarlyStopping(patience=1 + 3)"),
        ("EarlyStopping()", "EarlyStopping()"),
        ("EarlyStopping('val_loss', 0, n)", "EarlyStopping('val_loss', 0, 1 + n)"),
        ("callbacks.EarlyStopping(patience=a or b)", "callbacks.EarlyStopping(patience=1 + (a or b))"),
        ("EarlyStopping(monitor='val_acc')", "EarlyStopping(monitor='val_acc', mode='max')"),
        ("EarlyStopping(monitor='val_f1', mode='auto')", "EarlyStopping(monitor='val_f1', mode='min')"),
        ("EarlyStopping(monitor=m)", "EarlyStopping(monitor=m, mode='max' if 'acc' in m else 'min')"),
        ("EarlyStopping(m, mode=way)", "EarlyStopping(m, mode=way)"),
        ("ReduceLROnPlateau(epsilon=0.1)", "ReduceLROnPlateau(min_delta=0.1)"),
        ("callbacks.ModelCheckpoint('a.h5', 'acc')", "callbacks.ModelCheckpoint('a.keras', 'acc', mode='max')"),
        ("ModelCheckpoint('a.{epoch}.h5', period=1)", "ModelCheckpoint('a.{epoch}.keras')"),
        ("ModelCheckpoint('a', save_weights_only=True)", "ModelCheckpoint('a.weights.h5', save_weights_only=True)"),
        ("TensorBoard()", "TensorBoard(log_dir='./logs')"),
        ("LambdaCallback(on_batch_end=f)", "LambdaCallback(on_batch_end=f)"),
        ("LambdaCallback(on_batch_end=None)", "LambdaCallback(on_train_batch_end=None)"),
        ("LambdaCallback(on_batch_end=lambda n, l: g(n))", "LambdaCallback(on_train_batch_end=lambda n, l: g(n))"),
        ("LearningRateScheduler(f)", "LearningRateScheduler(f)"),
        ("CSVLogger('a.csv', append=True)", "CSVLogger('a.csv', append=True)"),
        ("callbacks.CallbackList([f, g], 10)", "callbacks.CallbackList([f, g])"),
        ("callbacks.CallbackList(queue_length=10, callbacks=f)", "callbacks.CallbackList(callbacks=f)"),
    ],
)  # fmt: skip
def test_a_callback_is_told_what_it_was_told(before: str, after: str) -> None:
    new, found = migrate(f"made = {before}\n")
    assert new == f"made = {after}\n"
    assert all(one.fix is not None or one.severity is Severity.NOTE for one in found)


def test_older_releases_had_fewer_arguments_in_another_order() -> None:
    assert migrate("EarlyStopping('val_acc', 3, 1)\n", "1.0.8")[0] == (
        "EarlyStopping('val_acc', patience=1 + 3, verbose=1, mode='max')\n"
    )
    assert migrate("EarlyStopping('val_acc', 3, 1)\n", "0.2")[0].endswith("verbose=1, mode='min')\n")
    new, _ = migrate("ModelCheckpoint('w.hdf5', 'val_loss', 0, True)\n", "0.3")
    assert new == "ModelCheckpoint('w.weights.h5', 'val_loss', 0, True, save_weights_only=True)\n"


def test_exact_style_takes_callbacks_of_compat() -> None:
    text = "a = ReduceLROnPlateau(epsilon=0.1)\nb = callbacks.ModelCheckpoint('a.{epoch}.h5', period=2)\n"
    new, found = migrate_whole(HEAD + text, style="exact")
    assert "from tdmigrate.compat import ReduceLROnPlateau, ModelCheckpoint" in new
    assert "a = ReduceLROnPlateau(min_delta=0.1)\nb = ModelCheckpoint('a.{epoch}.keras', period=2)\n" in new
    assert "K324" not in codes(found)


@pytest.mark.parametrize(
    ("schedule", "one"),
    [
        ("lambda epoch: 0.1", True),
        ("known", True),
        ("held", True),
        ("lambda epoch, drop=0.5: drop", False),
        ("lambda *epochs: 0.1", False),
        ("stepped", False),
        ("cached", False),
        ("self.schedule", False),
        ("partial(stepped, drop=0.1)", False),
        ("f", False),
    ],
)
def test_a_schedule_of_rates_is_called_with_the_epoch_alone(schedule: str, one: bool) -> None:
    text = (
        "def known(epoch):\n    return 0.1\n\n\ndef stepped(epoch, drop=0.5):\n    return drop\n\n\n"
        "@cache\ndef cached(epoch):\n    return 0.1\n\n\nheld = lambda epoch: 0.1\n"
        f"made = callbacks.LearningRateScheduler({schedule})\n"
    )
    new, found = migrate(text)
    assert ("made = callbacks.LearningRateScheduler" in new) == one
    assert ("the history has the rate" in str(found)) == one
    new, found = migrate(text, style="exact")
    assert "made = LearningRateScheduler(" in new
    assert "trap F10" not in str(found)
    new, found = migrate(text, style="modern")
    assert "made = callbacks.LearningRateScheduler(" in new
    assert ("a schedule that takes two arguments" in str(found)) != one


def test_what_went_without_an_equal_is_asked() -> None:
    new, found = migrate("a = ModelCheckpoint(f(), period=2)\nb = BaseLogger()\nc = EarlyStopping(f())\n")
    assert sorted(codes(found)) == ["K323"] * 3 + ["K324", "K325"]
    assert "period=2" in new


OWN = "class Own(callbacks.Callback):\n    def on_epoch_end(self, epoch, logs={}):\n"
SUBCLASS = """\
class Record(callbacks.Callback):
    def on_train_begin(this, logs={}):
        this.total = this.params['nb_epoch'] or this.params.get("nb_epoch")
        this.size = this.params['nb_sample']
        this.held = this.validation_data, this.model.validation_data
    def on_batch_end(this, batch, logs={}):
        this.losses.append(logs.get('loss'))


class Later(Record):
    def __init__(self):
        self.validation_data = 3
    def on_batch_end(self, batch, logs={}):
        self.seen += logs['size'] + self.validation_data
"""


def test_a_subclass_reads_other_parameters() -> None:
    new, found = migrate(SUBCLASS)
    assert "this.params['epochs'] or this.params.get('epochs')" in new
    asked = [one.message.partition(":")[0] for one in found if one.code == "K323"]
    assert asked == [
        "`params['nb_sample']`", "`this.validation_data`", "`this.model.validation_data`",
    ]  # fmt: skip
    assert "class Record(BatchLogs, callbacks.Callback):" in new
    assert "class Later(Record):" in new


# what is done with `logs` at the end of a batch, and whether Keras 3's have it alike
READ = [
    ("print(logs['loss'])", False),
    ("seen.append(logs.get('acc'))", False),
    ("seen.append(logs['size'])", False),
    ("seen.append(logs)", False),
    ("seen.append(sorted(key for key in logs))", False),
    ("[seen.append(value) for key, value in logs.items()]", False),
    ("seen.append((logs.keys(), logs.values()))", False),
    ("seen.append((len(logs), str(logs), dict(logs)))", False),
    ("seen.append('{loss:.3f}'.format(**logs))", False),
    ("record(logs)", False),
    ("stop(np.isnan(logs['loss']))", True),
    ("stop(np.isnan(float(logs.get('loss'))))", True),
    ("seen.append(batch)", True),
]


@pytest.mark.parametrize(("read", "alike"), READ)
def test_logs_of_a_batch_are_those_of_keras_1(read: str, alike: bool) -> None:
    noted = {"K324"} if "isnan" in read else set()
    own = f"class Own(Callback):\n    def on_batch_end(self, batch, logs={{}}):\n        {read}\n"
    for text, now in (
        (own, "Own(BatchLogs, Callback)"),
        (f"LambdaCallback(on_batch_end=lambda batch, logs: {read})\n", "LambdaCallback(on_batch_end"),
        (f"def hook(batch, logs):\n    {read}\nLambdaCallback(on_batch_end=hook)\n", "LambdaCallback(on_batch_end"),
    ):  # fmt: skip
        new, found = migrate(text)
        assert (now in new) is not alike
        assert set(codes(found)) - {"K321"} == noted
        new, found = migrate(text, style="modern")
        assert now not in new
        assert ("K323" in codes(found)) is not alike


@pytest.mark.parametrize(
    "body",
    [
        "logs = logs or {}",
        "logs = logs if logs is not None else {}",
        "if logs is None: logs = {}",
        "if not logs: return",
        "super(Own, self).on_batch_end(batch, logs)",
        "Callback.on_batch_end(self, batch, logs=logs)",
    ],
)
def test_a_hook_that_passes_logs_over_is_left_alone(body: str) -> None:
    text = f"class Own(Callback):\n    def on_batch_end(self, batch, logs=None):\n        {body}\n"
    new, found = migrate(text)
    assert new == text
    assert codes(found) == []


def test_the_class_that_derives_from_keras_gets_the_logs() -> None:
    text = (
        "class Base(Callback):\n    pass\n\n\nclass Own(Base):\n"
        "    def on_batch_end(self, *args):\n        print(args)\n\n\n"
        "class Stop(callbacks.EarlyStopping):\n    on_batch_end = Own.on_batch_end\n"
    )
    new, found = migrate(text)
    assert "class Base(BatchLogs, Callback):" in new
    assert "class Own(Base):" in new
    assert "class Stop(BatchLogs, callbacks.EarlyStopping):" in new
    assert all(one.fix is not None for one in found if one.code == "K321")
    assert codes(list(findings(f"from tdmigrate.compat import BatchLogs\n{HEAD}{new}"))) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("class Own(Callback):\n    def on_batch_begin(self, n, logs={}):\n        print(logs['size'])\n", "how many"),
        ("class Own(Callback):\n    def on_batch_begin(self, n, logs={}):\n        print(logs)\n", "how many"),
        ("LambdaCallback(on_batch_begin=lambda n, logs: print(logs['size']))\n", "how many"),
        ("class Own(TensorBoard):\n    def on_batch_end(self, n, logs={}):\n        print(logs)\n", "are the means"),
        ("class Own(Elsewhere):\n    def on_batch_end(self, n, logs={}):\n        print(logs)\n", "if this is"),
        ("made = Callback()\nmade.on_batch_end = print\n", "is set on an object"),
    ],
)  # fmt: skip
def test_logs_that_no_class_gives_are_asked_about(text: str, words: str) -> None:
    new, found = migrate(text)
    assert new in (text, text.replace("on_batch", "on_train_batch"))
    assert [words in one.message for one in found if one.code == "K323"] == [True]
    again = [one for one in findings(HEAD + new) if one.code == "K323"]
    assert len(again) == 1 or "LambdaCallback" in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self.model.reset_states()", "reset_states(self.model)"),
        ("self.model.save_weights('a.h5')", "self.model.save_weights('a.weights.h5')"),
        ("self.model.save(filepath='a.hdf5')", "self.model.save(filepath='a.keras')"),
        ("self.model.stop_training = True", "self.model.stop_training = True"),
    ],
)
def test_a_callback_uses_its_model(before: str, after: str) -> None:
    new, found = migrate(f"{OWN}        {before}\n")
    assert new.splitlines()[-1].strip() == after
    assert "K323" not in codes(found)


@pytest.mark.parametrize("line", ["self.model.layers[0].W.get_value()", "self.model.get_layer('a').output_dim"])
def test_layers_of_a_callbacks_model_are_asked_about(line: str) -> None:
    _, found = migrate(f"{OWN}        {line}\n")
    assert codes(found).count("K323") == 1


def batch_hook(method: str) -> tuple[str, list[Finding]]:
    return migrate(f"from keras.callbacks import Callback\n\n\nclass Own(Callback):\n    {method}\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def on_batch_begin(self, b, l): self.seen = b", "def on_batch_begin(self, b, logs): self.seen = b"),
        ("def on_batch_end(self, b, log={}): log = log or {}", "def on_batch_end(self, b, logs={}): logs = logs or {}"),
        ("def on_batch_end(self, b, log={}): print({**log})", None),  # compat calls it by place
        ("def on_batch_end(self, b, logs=None): pass", None),
        ("def on_batch_end(self, *args, **others): pass", None),
        ("def on_epoch_end(self, epoch, log={}): print(log)", None),  # called by place
    ],
)
def test_hooks_of_batches_are_called_with_logs_by_name(before: str, after: str | None) -> None:
    new, found = batch_hook(before)
    assert new.splitlines()[-1].strip() == (after or before)
    assert "K323" not in codes(found)


@pytest.mark.parametrize(
    "method",
    [
        "def on_batch_end(self, *args): pass",
        "def on_batch_begin(self, batch, l): self.each = lambda l: None",
        "def on_batch_begin(self, batch, l): logs = l['loss']",
        "def on_batch_end(self, batch, l: dict): pass",
    ],
)
def test_a_hook_that_cannot_be_renamed_surely_is_asked_about(method: str) -> None:
    new, found = batch_hook(method)
    assert new.splitlines()[-1].strip() == method
    assert codes(found).count("K323") == 1


def test_setters_of_callbacks_lost_their_underscore() -> None:
    text = "every = callbacks.CallbackList([])\nevery._set_model(model)\nevery._set_params({})\n"
    assert migrate(text, "1.0.8")[0] == text.replace("_set_", "set_")


def test_a_setter_of_a_subclass_is_asked_about() -> None:
    text = "class Own(Callback):\n    def _set_model(self, model):\n        super()._set_model(model)\n"
    new, found = migrate(text, "1.0.8")
    assert new == text
    assert codes(found) == ["K323"]
    text = "class Other:\n    def _set_model(self, model): pass\nCallbackList([])._set_model(model)\n"
    assert codes(migrate(text, "1.0.8")[1]) == ["K324"]


STOP = """\
class Stop(Callback):
    def on_batch_end(self, batch, logs={}):
        if %s:
            self.%s

    def halt(self):
        self.model.stop_training = True
"""


@pytest.mark.parametrize(
    ("test", "then", "code"),
    [
        ("batch > 3", "model.stop_training = True", "K323"),
        ("batch > 3", "halt()", "K323"),
        ("np.isnan(x)", "model.stop_training = True", "K324"),
        ("batch > 3", "model.stop_training = False", None),
        ("batch > 3", "stopped = True", None),
    ],
)
def test_training_that_stops_between_two_batches_is_asked_about(test: str, then: str, code: str | None) -> None:
    found = [one for one in migrate(STOP % (test, then))[1] if "ends the epoch at this batch" in one.message]
    assert [one.code for one in found] == ([code] if code is not None else [])


def test_training_may_stop_at_the_end_of_an_epoch() -> None:
    text = (STOP % ("epoch > 3", "halt()")).replace("on_batch_end(self, batch", "on_epoch_end(self, epoch")
    assert not {"K323", "K324"} & {one.code for one in migrate(text)[1]}


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("print(logs.get('loss'))", True),
        ("print(sorted(logs))", True),
        ("print(self.seen)", False),
        ("super(End, self).on_train_end(logs)", False),
        ("super(End, self).on_train_end(logs=logs)", False),
    ],
)
def test_the_end_of_a_training_had_no_logs(body: str, left: bool) -> None:
    text = f"class End(Callback):\n    def on_train_end(self, logs={{}}):\n        {body}\n"
    told = [one for one in migrate(text)[1] if "was an empty dict in Keras 1" in one.message]
    assert [one.code for one in told] == ["K323"] * left


@pytest.mark.parametrize(("base", "left"), [("", True), ("(object)", True), ("(Callback)", False), ("(Base)", False)])
def test_a_callback_has_to_be_a_subclass(base: str, left: bool) -> None:
    text = f"class Own{base}:\n    def set_model(self, model): pass\n    def on_epoch_end(self, epoch, logs): pass\n"
    assert any(one.code == "K323" and "no subclass" in one.message for one in migrate(text)[1]) is left


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rate = model.optimizer.lr.get_value()", "rate = model.optimizer.learning_rate.numpy()"),
        ("self.model.optimizer.lr.set_value(0.1 * n)", "self.model.optimizer.learning_rate.assign(0.1 * n)"),
        ("sgd = SGD(lr=0.1)\nprint(sgd.lr)", "sgd = SGD(learning_rate=0.1)\nprint(sgd.learning_rate)"),
        ("print(args.lr, other.lr)", "print(args.lr, other.lr)"),
    ],
)
def test_the_rate_of_an_optimizer_is_its_learning_rate(before: str, after: str) -> None:
    assert migrate(f"{before}\n")[0] == f"{after}\n"


RATE = [
    "print(model.optimizer.lr.get_value())",
    "keras.backend.set_value(model.optimizer.lr, 0.3)",
    "sgd.lr.set_value(0.3)",
    "model.fit(x, y, 2, 1, callbacks=[LearningRateScheduler(f)])",
    "watch = ReduceLROnPlateau()",
]


@pytest.mark.parametrize("touch", RATE)
def test_a_rate_with_a_decay_that_is_read_or_set_stays_a_variable(touch: str) -> None:
    new, found = migrate(f"sgd = SGD(lr=0.1, decay=0.5)\nmodel.compile(sgd, 'mse')\n{touch}\n")
    assert new.startswith("sgd = SGD(learning_rate=0.1, decay=0.5)\n")
    assert not {"K403", "K502"} & {one.code for one in found}
    text = "sgd = SGD(lr=0.1, decay=0.5)\nmodel.compile(sgd, 'mse')\n"
    assert "InverseTimeDecay" in migrate(text)[0]  # what nobody sets may be a schedule


@pytest.mark.parametrize("touch", RATE[:3])
def test_a_rate_that_became_a_schedule_is_asked_about(touch: str) -> None:
    text = f"sgd = SGD(lr=0.1, decay=0.5)\nmodel.compile(sgd, 'mse')\n{touch}\n"
    new, found = migrate_whole(HEAD + text, "1.2.2", "modern")
    assert new.endswith(f"{touch}\n")
    assert {"K403", "K502"} & {one.code for one in found}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("n = model.optimizer.iterations.get_value()", "n = model.optimizer.iterations.numpy()"),
        ("model.optimizer.iterations.set_value(0)", "model.optimizer.iterations.assign(0)"),
        ("sgd = SGD(momentum=.9)\nprint(sgd.momentum.get_value())", "sgd = SGD(momentum=.9)\nprint(sgd.momentum)"),
        ("def f(optimizer):\n    return optimizer.lr", "def f(optimizer):\n    return optimizer.learning_rate"),
        (
            "class A:\n    def __init__(self):\n        self.opt = SGD()\n        print(self.opt.lr)",
            "class A:\n    def __init__(self):\n        self.opt = SGD()\n        print(self.opt.learning_rate)",
        ),
        ("self.opt = SGD()\nself.opt = parse()\nprint(self.opt.lr)",) * 2,
        ("o = model.optimizer\nprint(o.lr)", "o = model.optimizer\nprint(o.learning_rate)"),
        ("print(args.momentum.eval(), self.decay, row.iterations.get_value())",) * 2,
        ("def f(row):\n    return row.lr",) * 2,
    ],
)
def test_what_is_read_of_an_optimizer(before: str, after: str) -> None:
    new, found = migrate(f"{before}\n")
    assert new == f"{after}\n"
    assert all(one.fix is not None for one in found)


@pytest.mark.parametrize(
    "touch",
    [
        "keras.backend.set_value(model.optimizer.momentum, 0.9)",
        "model.optimizer.beta_1.set_value(0.5)",
        "print(keras.backend.get_value(model.optimizer.decay))",
        "sgd = SGD()\nkeras.backend.set_value(sgd.momentum, 0.9)",
    ],
)
def test_settings_that_keras_3_does_not_keep_as_variables_are_asked_about(touch: str) -> None:
    assert [one.fix for one in migrate(f"{touch}\n")[1] if one.code == "K403"] == [None]


def test_a_decay_that_the_optimizer_of_compat_keeps_may_be_read() -> None:
    text = "sgd = SGD(lr=0.1, decay=0.5)\nprint(keras.backend.get_value(sgd.decay))\n"
    assert "K403" not in codes(migrate_whole(HEAD + text, "1.2.2", "exact")[1])


def test_a_rate_that_is_set_by_assignment_is_asked_about() -> None:
    _, found = migrate("model.optimizer.lr = 0.1\n")
    assert [(one.code, one.fix) for one in found if one.code == "K403"] == [("K403", None)]


# --- files


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("p = 'a.h5'\nif os.path.exists(p): model.load_weights(p)\nmodel.save_weights(p)", "a.h5>a.weights.h5"),
        ("model.save_weights('b_%d.hdf5' % 3, True)\nmodel.load_weights('b_%d.hdf5' % 7)", "b_%d.hdf5>b_%d.weights.h5"),
        ("model.save(os.path.join(d, u'm.h5'))\nload_model('x/m.h5')\nwith open('m.h5') as f: pass", "'m.h5>'m.keras"),
        ("model.save_weights(d + '/w.{}.h5'.format(3))", "/w.{}.h5>/w.{}.weights.h5"),
        ("model.save_weights('best')\nrow = {'best': 3}\nmodel.load_weights('best')", "s('best>s('best.weights.h5"),
        ("model.save_weights('w.weights.h5')\nmodel.save('m.keras')\nmodel.load_weights('old.h5')", "z>z"),
    ],
)
def test_a_file_has_one_name_all_over_a_source(before: str, after: str) -> None:
    old, _, new = after.partition(">")
    assert migrate(f"{before}\n")[0] == f"{before}\n".replace(old, new)


def test_a_file_that_this_program_did_not_write_is_of_keras_1() -> None:
    _, found = migrate("model.save_weights('a.h5')\nmodel.load_weights('a.h5')\nmodel.load_weights('b.h5')\n")
    (note,) = [one for one in found if one.code == "K306"]
    assert note.span.row == HEAD.count("\n") + 3
    source = "from keras.models import Sequential, load_model\n\nold = load_model('b.h5')\nold.fit(x, y, nb_epoch=2)\n"
    assert [one.span.row for one in migrate_whole(source)[1] if one.message.startswith("load_model: a file")] == [3]
    source += "new = Sequential()\nnew.save('b.h5')\n"
    assert not [one for one in migrate_whole(source)[1] if one.message.startswith("load_model")]


def test_names_that_are_not_known_are_asked_about() -> None:
    _, found = migrate("def f(out):\n    model.save_weights(out)\nmodel.save('c.h5')\nmodel.save_weights('c.h5')\n")
    assert [one.fix for one in found if one.code == "K325"] == [None, None]


def test_a_parameter_that_stood_elsewhere_in_other_releases_is_told() -> None:
    text = "from keras.callbacks import EarlyStopping\nfrom keras.layers.core import TimeDistributedDense\n"
    (note,) = [
        one.message for one in findings(f"{text}e = EarlyStopping('val_loss', 3)\n") if "taken for" in one.message
    ]
    assert "`3` is taken for `min_delta`; it may be `patience` (as in Keras 0.3)" in note
    assert not any("taken for" in one.message for one in findings(f"{text}e = EarlyStopping('loss', patience=3)\n"))
    told = findings(f"{text}e = EarlyStopping('val_loss', 3)\n", CheckSettings(keras_version="1.2.2"))
    assert not any("taken for" in one.message for one in told)


FITTED = """from keras.models import Sequential
from keras.layers import Dense

model = Sequential([Dense(2, input_dim=3)])
model.compile('sgd', 'mse')
{}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("h = model.fit(x, y)\nprint(h.params['nb_epoch'])", "print(h.params['epochs'])"),
        ("print(model.fit(x, y).params.get('nb_epoch'))", ".params.get('epochs'))"),
        ("h = model.fit(x, y)\nprint(h.params['verbose'])", "print(h.params['verbose'])"),
        ("h = settings()\nprint(h.params['nb_epoch'])", "print(h.params['nb_epoch'])"),
    ],
)
def test_settings_that_a_history_keeps(before: str, after: str) -> None:
    new, _ = migrate(FITTED.format(before))
    assert new.endswith(f"{after}\n")


def test_settings_that_a_history_does_not_keep_now() -> None:
    _, found = migrate(FITTED.format("h = model.fit(x, y)\nprint(h.params['nb_sample'])"))
    assert [one.span.row for one in found if one.code == "K323" and "nb_sample" in one.message]
