import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

import math
from keras.callbacks import LearningRateScheduler
from keras.optimizers import SGD
def step(epoch):
    return 0.1 * math.pow(0.5, math.floor((1 + epoch) / 2.0))
m = Sequential([Dense(8, input_dim=4, activation='relu'), Dense(1)])
m.compile(SGD(lr=0.0, momentum=0.9, decay=0.0), 'mse')
h = m.fit(X, Y, nb_epoch=5, batch_size=8, verbose=0, shuffle=False, callbacks=[LearningRateScheduler(step)])
print(['%.5f' % l for l in h.history['loss']], '%.5f' % float(m.optimizer.lr.get_value()))
