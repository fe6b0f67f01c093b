"""MNIST-like blobs with a momentum ramp and a printed effective rate."""
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.optimizers import SGD
import ramp

rng = np.random.RandomState(3)
X = rng.randn(20, 4)
Y = X.dot(rng.randn(4, 1))

net = Sequential()
net.add(Dense(5, input_shape=(4,)))
net.add(Activation('tanh'))
net.add(Dense(1))
net.compile(loss='mse', optimizer=SGD(lr=.05, decay=.01, momentum=.5))
tracker = ramp.RateTracker()
h = net.fit(X, Y, nb_epoch=4, batch_size=7, verbose=0, shuffle=False,
            callbacks=[ramp.MomentumRamp(.5, .9, 3), tracker])
print(['%.6f' % v for v in h.history['loss']])
print(['%.6f' % v for v in tracker.rates])
