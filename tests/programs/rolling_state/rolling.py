import numpy as np


def windows(series, size):
    X = np.array([series[i:i + size] for i in range(len(series) - size)])
    return X.reshape(-1, size, 1), series[size:]


def roll(model, start, n):
    window, out = list(start), []
    for _ in range(n):
        value = model.predict(np.array(window).reshape(1, -1, 1), batch_size=1, verbose=0)[0][0]
        out.append(float(value))
        window = window[1:] + [value]
    return out
