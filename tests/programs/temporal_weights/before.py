import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, TimeDistributed, Dense
# unequal sequences: steps beyond the end weigh nothing
rs = np.random.RandomState(71)
lengths = [5, 3, 4, 2, 5, 1]
X = np.zeros((6, 5, 2)); Y = np.zeros((6, 5, 1)); W = np.zeros((6, 5))
for i, n in enumerate(lengths):
    X[i, :n] = rs.randn(n, 2); Y[i, :n] = X[i, :n].sum(-1, keepdims=True); W[i, :n] = 1. / n
m = Sequential()
m.add(LSTM(4, return_sequences=True, input_shape=(5, 2)))
m.add(TimeDistributed(Dense(1)))
m.compile('rmsprop', 'mse', sample_weight_mode='temporal')
h = m.fit(X, Y, nb_epoch=3, batch_size=3, sample_weight=W, shuffle=False, verbose=0)
print(np.round(h.history['loss'], 5).tolist())
print('%.5f' % m.evaluate(X, Y, sample_weight=W, batch_size=6, verbose=0))
print('%.5f' % m.train_on_batch(X[:2], Y[:2], sample_weight=W[:2]))
