"""What genuine Theano 1.0.5 and Keras 0.2–1.2 miss in today's Python and NumPy, put back for one process.

Their sources stay as they were published: only names that Python, NumPy and SciPy have dropped since are set again,
and the few functions of Theano that lean on behaviour NumPy no longer has are recompiled after a textual repair. No
shim computes anything of a layer, except the two-dimensional convolution, which Theano without a C compiler takes
from a private function of old SciPy.

Call ``before_theano()``, import Theano, call ``after_theano()``, import Keras.
"""

from __future__ import annotations

import collections
import collections.abc
import importlib
import importlib.util
import inspect
import re
import shutil
import sys
import sysconfig
import textwrap
import types
import unittest
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np


def before_theano() -> None:
    """Everything that must be there before ``import theano``."""
    _standard_library()
    _numpy()
    _scipy()


def before_tensorflow() -> None:
    """Everything that must be there before ``import keras`` on TensorFlow, which is here already."""
    _standard_library()
    _numpy()
    _scipy()
    _h5py()


def after_theano() -> None:
    """Repairs of Theano itself, and modules that Keras before 0.3.1 asks of an older Theano."""
    importlib.import_module("theano.ifelse")  # Keras takes for granted that something has imported it
    _whole_numbers()
    _exact_numbers()
    _casts()
    _perform("theano.tensor.signal.pool", _tuples_as_indexes)
    _perform("theano.sandbox.rng_mrg", _wide_mask)
    _old_theano_names()
    _h5py()


def after_keras() -> None:
    """What hangs on the precision is as in float32, in which models of the time ran, though all is in float64.

    Inputs that the program says are float32 are of the precision that everything else is in; 1.x refused them. Losses
    of 0.1 and 0.2 clip at 1e-7 and not at 1e-9 (keras/objectives.py of 0.2.0), as all later ones.
    """
    if _missing("keras.engine"):  # before 1.0
        objectives: Any = importlib.import_module("keras.objectives")
        if hasattr(objectives, "epsilon"):
            objectives.epsilon = 1e-7
        return
    topology: Any = importlib.import_module("keras.engine.topology")
    genuine = topology.InputLayer.__init__

    def init(self: Any, *positional: Any, **keywords: Any) -> None:
        if keywords.get("input_dtype") == "float32":
            keywords["input_dtype"] = "float64"
        genuine(self, *positional, **keywords)

    topology.InputLayer.__init__ = init


def _module(name: str, **members: object) -> types.ModuleType:
    """Register an empty module of this name, as an attribute of its parent too."""
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, module)
    return module


def _missing(name: str) -> bool:
    """Whether a module can't be imported."""
    try:
        importlib.import_module(name)
    except ImportError:
        return True
    return False


class _ArgSpec(tuple):  # type: ignore[type-arg]
    """``inspect.ArgSpec`` as it was until Python 3.10: a tuple of four with names."""

    args = property(lambda self: self[0])
    varargs = property(lambda self: self[1])
    keywords = property(lambda self: self[2])
    defaults = property(lambda self: self[3])


def _getargspec(function: Any) -> _ArgSpec:
    full = inspect.getfullargspec(function)
    return _ArgSpec((full.args, full.varargs, full.varkw, full.defaults))


def _standard_library() -> None:
    for name in collections.abc.__all__:  # moved out of collections in Python 3.10
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    if not hasattr(inspect, "getargspec"):  # gone in Python 3.11
        setattr(inspect, "getargspec", _getargspec)  # noqa: B010
    if _missing("imp"):  # gone in Python 3.12
        _module("imp", reload=importlib.reload, find_module=importlib.util.find_spec)
    if _missing("pkg_resources"):  # a part of setuptools until 2025
        _module("pkg_resources", parse_version=_version, DistributionNotFound=ImportError)
    if _missing("distutils"):  # gone in Python 3.12; Theano asks it for paths of a compiler that is never run
        _module("distutils")
        _module("distutils.spawn", find_executable=shutil.which)
        _module(
            "distutils.sysconfig",
            get_config_var=sysconfig.get_config_var,
            get_config_h_filename=sysconfig.get_config_h_filename,
            get_python_inc=lambda plat_specific=False: sysconfig.get_path(
                "platinclude" if plat_specific else "include"
            ),
            get_python_lib=lambda plat_specific=False, standard_lib=False: sysconfig.get_path("stdlib"),
            get_python_version=sysconfig.get_python_version,
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))


class _Cast(dict):  # type: ignore[type-arg]
    """``numpy.cast``: a function per dtype, made when asked for."""

    def __missing__(self, dtype: Any) -> Any:
        return lambda value: np.asarray(value, dtype=dtype)


def _find_common_type(array_types: Any, scalar_types: Any) -> Any:
    return np.result_type(*array_types, *scalar_types)


def _numpy() -> None:
    exceptions = importlib.import_module("numpy.exceptions")
    gone: dict[str, Any] = {
        # the built-in types under NumPy's name, until 1.24
        "bool": bool, "int": int, "float": float, "complex": complex, "object": object, "str": str,
        # until 2.0
        "Inf": np.inf, "NaN": np.nan, "MAXDIMS": 32, "product": np.prod, "cast": _Cast(), "in1d": np.isin,
        "find_common_type": _find_common_type, "sctype2char": lambda sctype: np.dtype(sctype).char,
        "ComplexWarning": exceptions.ComplexWarning, "AxisError": exceptions.AxisError,
        "getbuffer": lambda data, offset=0, size=None: memoryview(data)[offset:][:size],
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # merely asking for some of these names warns
        for name, value in gone.items():
            if not hasattr(np, name):
                setattr(np, name, value)
        # gone since Python 3.12; where it is there, importing it looks for compilers
        _module("numpy.distutils")
        _module("numpy.distutils.__config__", blas_opt_info={})
        _module("numpy.distutils.system_info", get_info=lambda *_args, **_keywords: {})
        if _missing("numpy.linalg.linalg"):
            _module("numpy.linalg.linalg", **vars(np.linalg))


_FULL = 2


def convolve2d(image: Any, kernel: Any, flip: int, mode: int, boundary: int, fill: float) -> Any:
    """SciPy's private ``_convolve2d`` for a zero boundary.

    ``image`` and ``kernel`` have shape (rows, columns); ``flip`` 1: true convolution, 0: correlation; ``mode`` 0:
    "valid", 2: "full". Raises ValueError for a valid convolution with a kernel larger than the image.
    """
    del boundary, fill  # Theano asks for zeros around the image only
    kernel = np.asarray(kernel)[::-1, ::-1] if flip else np.asarray(kernel)
    rows, columns = kernel.shape
    if mode == _FULL:
        image = np.pad(np.asarray(image), [(size - 1, size - 1) for size in (rows, columns)])
    elif rows > image.shape[0] or columns > image.shape[1]:
        raise ValueError("the kernel is larger than the image")
    windows = np.lib.stride_tricks.sliding_window_view(image, (rows, columns))
    return np.einsum("ijkl,kl->ij", windows, kernel)


def _convolve_nd(image: Any, kernel: Any, mode: str) -> Any:
    """True convolution in any number of dimensions, "valid" or "full", with a zero boundary."""
    kernel = np.flip(np.asarray(kernel))
    if mode == "full":
        image = np.pad(np.asarray(image), [(size - 1, size - 1) for size in kernel.shape])
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.tensordot(windows, kernel, axes=kernel.ndim)


def _scipy() -> None:
    """SciPy's private modules of that time; what else Keras imports of SciPy only where SciPy is not installed."""
    if _missing("scipy"):
        # Keras imports these at the top of preprocessing.image and np_utils; no layer uses them
        _module("scipy", __version__="0.0")  # too old for Theano to try its sparse matrices
        for name in ("scipy.linalg", "scipy.ndimage", "scipy.signal"):
            _module(name)
    else:
        importlib.import_module("scipy.signal")
    _module("scipy.signal.sigtools", _convolve2d=convolve2d)
    _module(
        "scipy.signal.signaltools",
        _valfrommode={"valid": 0, "full": _FULL}.__getitem__,
        _bvalfromboundary={"fill": 0}.__getitem__,
        convolve=_convolve_nd,
    )


def _whole_numbers() -> None:
    """Theano tries which dtype holds a constant; one too small wrapped round, until NumPy 2 refused.

    Without this every size from 128 up becomes uint64, and a shape made of it float64.
    """
    theano: Any = importlib.import_module("theano")
    genuine = theano._asarray

    def as_array(a: Any, dtype: Any, order: Any = None) -> Any:
        try:
            return genuine(a, dtype, order)
        except OverflowError:
            return genuine(np.asarray(a).astype(dtype), dtype, order)

    theano._asarray = as_array


def _exact_numbers() -> None:
    """Since NumPy 2 a Python float takes the dtype of the scalar it meets, where it made a float64 of it.

    Theano tries so whether float32 holds a constant, such as the factor of a regularizer: it always seems to. And it
    divides a float32 one by Python floats for ``inv``, which BatchNormalization of Keras 1.2 is made of.
    """
    scalar = importlib.import_module("theano.scalar.basic")
    scalar.autocast_float.dtypes = ("float64",)
    scalar.Inv.impl = lambda self, x: 1.0 / x


def _casts() -> None:
    """A cast to float32, which everything was in, goes to the precision that everything is in here; ``astype`` and
    Keras's ``cast`` come by it too. Theano would round what it casts.
    """
    tensor: Any = importlib.import_module("theano.tensor")
    genuine = tensor.cast
    tensor.cast = lambda x, dtype: genuine(x, "float64" if dtype == "float32" else dtype)


def _perform(module: str, repair: Callable[[str], str]) -> None:
    """Recompile the ``perform`` of a Theano module's operations, where ``repair`` changes its text."""
    home = importlib.import_module(module)
    for operation in list(vars(home).values()):
        if getattr(operation, "__module__", None) != module or "perform" not in getattr(operation, "__dict__", ()):
            continue
        source = textwrap.dedent(inspect.getsource(operation.perform))
        repaired = repair(source)
        if repaired != source:
            made: dict[str, Any] = {}
            exec(compile(repaired, str(home.__file__), "exec"), vars(home), made)
            operation.perform = made["perform"]


def _tuples_as_indexes(source: str) -> str:
    """Pooling indexes arrays by lists of slices, an error since NumPy 1.23."""
    source = re.sub(r"\[\[(\w+\[i\]\[r\[i\]\] for i in xrange\(nd\))\]\]", r"[tuple(\1)]", source)
    return source.replace("[region_slice]", "[tuple(region_slice)]")


def _wide_mask(source: str) -> str:
    """Random numbers are cut to 32 bits by a number that, since NumPy 2, does not become an int64 by itself."""
    return source.replace("0xffffffff", "np.int64(0xffffffff)")


def _old_theano_names() -> None:
    """Modules of Theano before 0.8 that Keras before 0.3.1 imports, and nose, which Theano's test helpers import."""
    pool = importlib.import_module("theano.tensor.signal.pool")

    def max_pool_2d(
        x: Any, ds: Any, ignore_border: Any = None, st: Any = None, padding: Any = (0, 0), mode: str = "max"
    ) -> Any:
        return pool.pool_2d(x, ws=ds, ignore_border=ignore_border, stride=st, pad=padding, mode=mode)

    if _missing("theano.tensor.signal.downsample"):
        _module("theano.tensor.signal.downsample", max_pool_2d=max_pool_2d)
    if _missing("nose"):
        _module("nose")
        _module("nose.plugins")
        _module("nose.plugins.skip", SkipTest=unittest.SkipTest)
    importlib.import_module("theano.sandbox")
    _module("theano.sandbox.cuda")
    _module("theano.sandbox.cuda.dnn", dnn_available=lambda *_args: False)


def _h5py() -> None:
    """Attributes of HDF5 files read as bytes, as h5py before 3 did and Keras 1 expects."""
    if _missing("h5py"):
        return
    attributes = importlib.import_module("h5py").AttributeManager
    original = attributes.__getitem__

    def read(self: Any, name: str) -> Any:
        value = original(self, name)
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, np.ndarray) and value.dtype.kind in "OU":
            flat = [item.encode() if isinstance(item, str) else item for item in value.ravel()]
            return np.array(flat, dtype=object).reshape(value.shape)
        return value

    attributes.__getitem__ = read
