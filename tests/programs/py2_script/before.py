# -*- coding: utf-8 -*-
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation, Dropout
from keras.optimizers import SGD
from keras.utils import np_utils
np.random.seed(1337)
X = np.random.rand(24, 4)
y = (X[:, 0] * 3).astype(int)
Y = np_utils.to_categorical(y, 3)
model = Sequential()
model.add(Dense(6, input_dim=4, init='glorot_uniform'))
model.add(Activation('relu'))
model.add(Dropout(0.))
model.add(Dense(3, init='glorot_uniform'))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.1, momentum=0.9, decay=1e-6, nesterov=True))
model.fit(X, Y, nb_epoch=3, batch_size=8, verbose=0, shuffle=False, show_accuracy=True)
loss, acc = model.evaluate(X, Y, batch_size=8, verbose=0, show_accuracy=True)
print('loss %.5f acc %.5f' % (loss, acc))
print(model.predict_classes(X, verbose=0)[:8])
