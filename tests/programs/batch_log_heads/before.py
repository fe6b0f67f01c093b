"""Logs of batches of a model with two outputs, as two callbacks see them, and the history"""
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

class Every(Callback):
    def __init__(self):
        super(Every, self).__init__()
        self.rows = []
    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self.rows.append({k: round(float(v), 5) for k, v in logs.items()})

rs = np.random.RandomState(3)
X, y, z = rs.randn(24, 3), (rs.rand(24, 1) > 0.5) * 1, rs.randn(24, 2)
i = Input(shape=(3,))
h = Dense(4, activation='tanh', W_regularizer='l2')(i)
m = Model(input=i, output=[Dense(2, name='second')(h), Dense(1, activation='sigmoid', name='first')(h)])
m.compile(SGD(lr=.5), ['mse', 'binary_crossentropy'], metrics={'first': ['accuracy', 'mae'], 'second': 'mae'})
a, b = Every(), Every()
h = m.fit(X, [z, y], batch_size=8, nb_epoch=2, verbose=0, shuffle=False, callbacks=[a, b], validation_data=(X, [z, y]), sample_weight=[rs.rand(24), rs.rand(24)])
print(a.rows == b.rows)
for row in a.rows:
    print(row)
