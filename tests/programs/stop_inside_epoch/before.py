from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from stoppers import BatchLimit

def build():
    model = Sequential([Dense(6, input_dim=3, activation='relu'), Dense(1)])
    model.compile(loss='mse', optimizer='sgd')
    return model

rs = np.random.RandomState(9)
X, y = rs.randn(22, 3), rs.randn(22)
for limit in (2, 7):
    cb = BatchLimit(limit)
    model = build()
    h = model.fit(X, y, nb_epoch=4, batch_size=3, verbose=0, shuffle=False, callbacks=[cb], validation_split=.2)
    print(type(cb).__name__, len(h.epoch), np.round(h.history['loss'], 5).tolist(), cb.batches)
    print('%.6f' % model.evaluate(X, y, verbose=0))
