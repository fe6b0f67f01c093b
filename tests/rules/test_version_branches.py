"""Tests of Keras's own release."""

from __future__ import annotations

import pytest

from .migrating import findings


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nassert keras.__version__ == '1.2.2'\n",
        "import keras as k\nif k.__version__ < '1.0':\n    pass\n",
        "from keras import __version__ as release\nold = release.startswith('1.')\n",
        "import keras\nnumber = keras.__version__\nif number[0] == '1':\n    pass\n",
        "import keras\na, b = map(int, keras.__version__.split('.')[:2])\nif a == 1 and b > 1:\n    pass\n",
        "import keras\nfrom distutils.version import LooseVersion\n"
        "if LooseVersion(keras.__version__) <= LooseVersion('1.1.0'):\n    pass\n",
        "import keras\nimport re\nif re.match('1.', keras.__version__):\n    pass\n",
        "import keras\nif 1 < int(keras.__version__[0]):\n    pass\n",
    ],
)
def test_a_test_of_an_early_release_is_told(text: str) -> None:
    assert "K112" in [one.code for one in findings(text)]


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nprint(keras.__version__)\n",
        "import keras\nif keras.__version__ >= '2.2.0':\n    pass\n",
        "import keras\nif int(keras.__version__[0]) >= 3:\n    pass\n",
        "import numpy\nimport keras\nif numpy.__version__ < '1.9':\n    keras.x = 3\n",
        "import keras\nlog('keras %s' % keras.__version__, 1)\n",
    ],
)
def test_others_are_not(text: str) -> None:
    assert "K112" not in [one.code for one in findings(text)]
