import numpy as np
import keras.backend as K
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD
np.random.seed(14)
X = np.random.randn(24, 3); Y = np.random.randn(24, 1)
model = Sequential()
model.add(Dense(5, input_dim=3, activation='relu'))
model.add(Dense(1))
model.compile(loss='mae', optimizer=SGD(lr=0.1))
for epoch in range(4):
    if epoch == 2:
        K.set_value(model.optimizer.lr, 0.5 * K.get_value(model.optimizer.lr))
    h = model.fit(X, Y, nb_epoch=1, batch_size=6, shuffle=False, verbose=0)
    print('%d lr=%.4f loss=%.5f' % (epoch, K.get_value(model.optimizer.lr), h.history['loss'][0]))
