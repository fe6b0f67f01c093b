# -*- coding: utf-8 -*-
import sys
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.optimizers import SGD, Adadelta, Adagrad
from keras.utils import np_utils, generic_utils

def load_data():
    rs = np.random.RandomState(1024)
    data = np.empty((20, 1, 10, 10), dtype="float32")
    label = np.empty((20,), dtype="uint8")
    for i in range(20):
        data[i] = rs.randint(0, 255, (1, 10, 10))
        label[i] = i % 4
    data /= np.max(data)
    data -= np.mean(data)
    return data, label

data, label = load_data()
print('%d samples' % data.shape[0])
label = np_utils.to_categorical(label, 4)
model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='valid', input_shape=(1, 10, 10)))
model.add(Activation('tanh'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(8, init='normal'))
model.add(Activation('tanh'))
model.add(Dense(4, init='normal'))
model.add(Activation('softmax'))
sgd = SGD(lr=0.05, decay=1e-6, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, class_mode="categorical")
hist = model.fit(data, label, batch_size=5, nb_epoch=2, shuffle=False, verbose=0, show_accuracy=True, validation_split=0.2)
print("losses %s" % [round(float(v), 5) for v in hist.history['loss']])
print(sorted(k for k in hist.history.keys() if k not in ('batch', 'size')))
print('%.5f %.5f' % tuple(model.evaluate(data, label, batch_size=7, show_accuracy=True, verbose=0)))
