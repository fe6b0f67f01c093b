import itertools
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.optimizers import SGD, RMSprop
from sklearn.model_selection import KFold
GRID = {'units': [3, 5], 'opt': ['sgd', 'adadelta'], 'act': ['relu', 'tanh']}
np.random.seed(5)
X = np.random.randn(16, 3); y = (X[:, 0] * X[:, 1]).reshape(-1, 1)
def score(units, opt, act):
    out = []
    for a, b in KFold(n_splits=2).split(X):
        model = Sequential()
        model.add(Dense(units, input_dim=3, activation=act))
        model.add(Dense(1))
        model.compile(loss='mse', optimizer=opt)
        model.fit(X[a], y[a], nb_epoch=2, batch_size=4, verbose=0, shuffle=False)
        out.append(model.evaluate(X[b], y[b], verbose=0))
    return np.mean(out)
keys = sorted(GRID)
results = []
for values in itertools.product(*(GRID[k] for k in keys)):
    params = dict(zip(keys, values))
    results.append((score(**params), sorted(params.items())))
for s, p in sorted(results, key=lambda r: r[0])[:3]:
    print('%.5f %r' % (s, p))
