import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras import backend as K
from keras.callbacks import ReduceLROnPlateau
m = Sequential([Dense(8, input_dim=4, activation='relu'), Dense(1)])
m.compile('sgd', 'mse')
h = m.fit(X, Y, nb_epoch=8, batch_size=4, verbose=0, shuffle=False, callbacks=[
    ReduceLROnPlateau(monitor='loss', factor=0.5, patience=1, epsilon=0.05, cooldown=1, min_lr=1e-4)])
print('%.6f' % K.get_value(m.optimizer.lr))
print(['%.5f' % l for l in h.history['loss']])
print(['%.5f' % l for l in h.history['lr']])
