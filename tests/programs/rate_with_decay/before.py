"""An optimizer with a decay whose rate is read, set and scheduled all the same."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.callbacks import Callback, LearningRateScheduler
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

np.random.seed(4)
X = np.random.rand(20, 3)
Y = np.dot(X, [[1.], [-2.], [0.5]])


class Rates(Callback):
    def on_epoch_end(self, epoch, logs={}):
        print(epoch, '%.5f' % K.get_value(self.model.optimizer.lr))


def halved(epoch):
    return 0.2 * 0.5 ** epoch


sgd = SGD(lr=0.1, decay=0.05, momentum=0.5)
model = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(1)])
model.compile(loss='mse', optimizer=sgd)
model.fit(X, Y, nb_epoch=3, batch_size=5, shuffle=False, verbose=0, callbacks=[LearningRateScheduler(halved), Rates()])
K.set_value(model.optimizer.lr, 0.3)
print(round(float(model.train_on_batch(X, Y)), 6))
print(round(float(model.train_on_batch(X, Y)), 6), round(float(model.optimizer.lr.get_value()), 6))
