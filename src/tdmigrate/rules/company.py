"""K691: what stands beside Keras in sources of its time, and is gone from the packages of today."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

RULES = (
    Rule(
        code="K691",
        name="other-packages",
        title="Something of scikit-learn, SciPy or NumPy that is gone",
        what=(
            "Finds sklearn.cross_validation, sklearn.grid_search, sklearn.externals.joblib, scipy.misc.imread and its "
            "like, np.float and its like, in sources for Keras 0.x/1.x."
        ),
        why="These lines fail with the packages that run Keras 3.",
        safety="Notes never change the exit code; nothing is changed, the message says what to write.",
        examples=(
            Example(
                "from sklearn.cross_validation import train_test_split\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "model.fit(x, y, nb_epoch=2)\n",
                None,
            ),
        ),
    ),
)

# dotted names, and all below them → what to write
_GONE: Mapping[str, str] = {
    "sklearn.cross_validation": "it is sklearn.model_selection; KFold and its like take `n_splits=` and `split(x)` now",
    "sklearn.grid_search": "it is sklearn.model_selection now",
    "sklearn.learning_curve": "it is sklearn.model_selection now",
    "sklearn.externals.joblib": "import joblib itself",
    "sklearn.externals.six": "import six itself",
    "sklearn.datasets.fetch_mldata": "use sklearn.datasets.fetch_openml",
    "sklearn.preprocessing.Imputer": "use sklearn.impute.SimpleImputer",
    "scipy.misc.imread": "use imageio.imread, or np.asarray of a PIL image",
    "scipy.misc.imsave": "use imageio.imwrite, or save a PIL image",
    "scipy.misc.imresize": "resize a PIL image: it took any array for 0 to 255 first",
    "scipy.misc.toimage": "use PIL.Image.fromarray",
    "scipy.misc.logsumexp": "it is scipy.special.logsumexp now",
    "scipy.misc.comb": "it is scipy.special.comb now",
    "scipy.misc.factorial": "it is scipy.special.factorial now",
    **{f"numpy.{name}": f"write `{name}`" for name in ("float", "int", "bool", "object", "str", "complex")},
    "numpy.long": "write `int`",
    "numpy.unicode": "write `str`",
    "numpy.cast": "write `np.asarray(x, dtype=…)`",
    "numpy.asscalar": "write `x.item()`",
    "numpy.float_": "write `np.float64`",
}  # fmt: skip
_PACKAGES = frozenset(name.partition(".")[0] for name in _GONE)


def check_company(ctx: Context) -> None:
    """Each name once for each place that imports or reads it."""
    known: dict[str, str] = {}  # local name → what it stands for
    for node in ctx.module.nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias, path, local, stands in _bindings(node):
                if path.partition(".")[0] in _PACKAGES:
                    known[local] = stands
                    _tell(ctx, alias, path)
    for node in ctx.module.nodes if known else ():
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            path = _dotted(node, known)
            if path in _GONE:
                _tell(ctx, node, path)


def _bindings(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[ast.alias, str, str, str]]:
    """Alias, what it imports, the name it binds and what that stands for."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            top = alias.name.partition(".")[0]
            yield alias, alias.name, alias.asname or top, alias.name if alias.asname else top
        elif node.level == 0 and node.module:
            path = f"{node.module}.{alias.name}" if alias.name != "*" else node.module
            yield alias, path, alias.asname or alias.name, path


def _tell(ctx: Context, node: ast.alias | ast.expr, path: str) -> None:
    gone = next((name for name in _GONE if path == name or path.startswith(f"{name}.")), None)
    if gone is not None:
        ctx.add("K691", Severity.NOTE, ctx.span(node), f"{gone} is gone: {_GONE[gone]}")


def _dotted(node: ast.expr, known: Mapping[str, str]) -> str:
    """The full name of a chain that begins at an import."""
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value, known)
        return f"{inner}.{node.attr}" if inner else ""
    return known.get(node.id, "") if isinstance(node, ast.Name) else ""
