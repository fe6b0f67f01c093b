import json
import numpy as np
from keras.models import Sequential, model_from_json


def copies(model, n):
    out = []
    for i in range(n):
        if i % 2:
            other = model_from_json(model.to_json())
        else:
            other = Sequential.from_config(model.get_config())
        other.set_weights(model.get_weights())
        out.append(other)
    return out


def mean_model(base, members):
    weights = [np.mean(ws, axis=0) for ws in zip(*[m.get_weights() for m in members])]
    base.set_weights(weights)
    return base
