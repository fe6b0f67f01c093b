'''Plateaus by hand: back to the best weights, and on with a smaller rate; then two folds from the same start.'''
from __future__ import print_function
import numpy as np
import keras.backend as K
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adagrad

rng = np.random.RandomState(3)
x, y = rng.randn(32, 6), rng.randn(32, 1)
held = (rng.randn(12, 6), rng.randn(12, 1))


class Trainer(object):
    def __init__(self, optimizer):
        self.net = Sequential()
        self.net.add(Dense(8, activation='tanh', input_dim=6))
        self.net.add(Dense(1))
        self.net.compile(optimizer, 'mse')

    def epochs(self, number):
        keep = ModelCheckpoint('best.hdf5', monitor='val_loss', save_best_only=True, save_weights_only=True)
        seen = self.net.fit(x, y, nb_epoch=number, batch_size=8, shuffle=False, verbose=0,
                            validation_data=held, callbacks=[keep])
        return [round(float(one), 6) for one in seen.history['val_loss']]

    def back(self):
        self.net.load_weights('best.hdf5')


trainer = Trainer(SGD(lr=0.3))
for stage in range(3):
    print(stage, trainer.epochs(4))
    trainer.back()
    rate = float(K.get_value(trainer.net.optimizer.lr)) * 0.2
    K.set_value(trainer.net.optimizer.lr, rate)
print(round(float(trainer.net.evaluate(x, y, verbose=0)), 6))

other = Trainer(Adagrad(lr=0.05))
other.net.train_on_batch(x, y)
other.net.save_weights('start.h5', overwrite=True)
for fold in range(2):
    other.net.load_weights('start.h5')
    rows = np.arange(32) % 2 == fold
    other.net.fit(x[rows], y[rows], nb_epoch=3, batch_size=8, shuffle=False, verbose=0)
    print('fold', fold, round(float(other.net.evaluate(x[~rows], y[~rows], verbose=0)), 6))
