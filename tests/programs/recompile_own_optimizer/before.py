import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adam
from keras import backend as K
import data

x, y = data.make(24)
for opt in (SGD(lr=.1, momentum=.9, decay=.05), Adam(lr=.05)):
    m = Sequential()
    m.add(Dense(4, input_dim=3, activation='tanh', name='low'))
    m.add(Dense(1, name='top'))
    m.layers[0].trainable = False
    m.compile(loss='mse', optimizer=opt)
    m.fit(x, y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
    m.get_layer('low').trainable = True
    m.compile(loss=m.loss, optimizer=m.optimizer, metrics=['mae'])
    h = m.fit(x, y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
    print('%.6f %.6f %d' % (h.history['loss'][-1], h.history['mean_absolute_error'][-1], int(K.get_value(m.optimizer.iterations))))
