"""Logs of batches, gone over in many ways by callbacks of several kinds"""
import numpy as np
import keras.callbacks
from keras.callbacks import Callback, LambdaCallback, EarlyStopping
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

class Every(Callback):
    def on_train_begin(self, logs={}):
        self.begun, self.seen, self.keys, self.all = [], [], [], []
    def on_batch_begin(self, batch, logs={}):
        self.begun.append(logs['batch'])
    def on_batch_end(self, batch, logs={}):
        for k, v in logs.items():
            self.seen.append((k, round(float(v), 5)))
        self.keys.append(list(logs.keys()))
        self.all.append({k: round(float(v), 5) for k, v in dict(logs).items()})

class Sizes(keras.callbacks.History):
    def on_batch_end(self, batch, l):
        print(batch, l['size'], round(float(l['loss']), 5), len(l))

class Child(Every):
    def on_batch_end(self, batch, logs={}):
        super(Child, self).on_batch_end(batch, logs)

class Stop(EarlyStopping):
    def on_batch_end(self, *args):
        print(sorted(args[1]))

rows = []
rs = np.random.RandomState(3)
X, y = rs.randn(22, 3), (rs.rand(22, 1) > 0.5) * 1
m = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(1, activation='sigmoid')])
m.compile(SGD(lr=.5), 'binary_crossentropy', metrics=['accuracy'])
a, b = Every(), Child()
h = m.fit(X, y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False, callbacks=[a, Sizes(), b, Stop('loss'), LambdaCallback(on_batch_end=lambda n, l: rows.append((n, l['batch'], round(float(l['loss']), 5))))], validation_data=(X, y))
print(a.begun, a.seen, a.keys, a.all, b.all == a.all)
print(rows)
print({k: np.round(v, 6).tolist() for k, v in sorted(h.history.items())})
