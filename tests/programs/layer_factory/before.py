import numpy as np
import keras
from keras.models import Sequential
from functools import partial
from keras.layers import Dense as _Dense, LSTM, GRU, SimpleRNN, Dropout
# one experiment per cell, from a table of settings
dense = partial(_Dense, init='he_normal', activation='relu')
CELLS = {'lstm': LSTM, 'gru': GRU, 'rnn': SimpleRNN}
EXPERIMENTS = [
    {'cell': 'lstm', 'units': 4, 'opt': 'rmsprop', 'opt_args': {'lr': .01}},
    {'cell': 'gru', 'units': 3, 'opt': 'adam', 'opt_args': {'lr': .02, 'beta_1': .8}},
    {'cell': 'rnn', 'units': 5, 'opt': 'sgd', 'opt_args': {'lr': .05, 'momentum': .5}},
]
rs = np.random.RandomState(6)
X, y = rs.randn(10, 5, 2), rs.rand(10, 1)
for ex in EXPERIMENTS:
    model = Sequential()
    model.add(CELLS[ex['cell']](ex['units'], input_shape=X.shape[1:]))
    model.add(dense(3))
    model.add(_Dense(1))
    optimizer = {'rmsprop': keras.optimizers.RMSprop, 'adam': keras.optimizers.Adam, 'sgd': keras.optimizers.SGD}[ex['opt']](**ex['opt_args'])
    model.compile(optimizer=optimizer, loss='mse')
    hist = model.fit(X, y, verbose=0, nb_epoch=2, batch_size=5, shuffle=False)
    print(ex['cell'], '%.5f %.5f' % tuple(hist.history['loss']))
