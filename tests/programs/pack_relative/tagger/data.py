import numpy as np


def sentences(n, length):
    rng = np.random.RandomState(8)
    X = rng.normal(size=(n, length, 4))
    return X, np.eye(3)[np.argmax(X[:, :, :3], axis=-1)]
