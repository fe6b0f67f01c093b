"""Callbacks that write down the course of training, with a second parameter called as their author liked."""
import numpy as np
from keras.callbacks import Callback
from keras.layers.core import Dense, Activation
from keras.models import Sequential

rng = np.random.RandomState(7)
X = rng.rand(24, 5)
y = (X.sum(axis=1, keepdims=True) > 2.5) * 1.


class Course(Callback):
    def on_train_begin(self, log={}):
        self.batches, self.epochs = [], []

    def on_batch_begin(self, b, l):
        self.current = b

    def on_batch_end(self, batch, log={}):
        self.batches.append((self.current, sorted(key for key in log if key == 'loss')))

    def on_epoch_end(self, epoch, info={}):
        self.epochs.append(info.get('loss'))


class Quiet(Callback):
    def __init__(self, every):
        super(Quiet, self).__init__()
        self.every = every

    def on_batch_end(self, number, values):
        values = values or {}
        if number % self.every == 0 and 'loss' in values:
            print('batch', number)


model = Sequential()
model.add(Dense(4, input_dim=5))
model.add(Activation('tanh'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='mse', optimizer='sgd')
course = Course()
model.fit(X, y, nb_epoch=3, batch_size=8, shuffle=False, verbose=0, callbacks=[course, Quiet(2)])
print(course.batches)
print(['%.6f' % loss for loss in course.epochs])
