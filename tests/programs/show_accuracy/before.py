from __future__ import absolute_import
from __future__ import print_function
import numpy as np
np.random.seed(1337)
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.optimizers import RMSprop
from keras.utils import np_utils

batch_size = 8
nb_classes = 4
nb_epoch = 3

labels = np.random.randint(0, nb_classes, 40)
X = np.random.rand(40, 6) + labels[:, np.newaxis] / 4.
Y = np_utils.to_categorical(labels, nb_classes)
X_train, X_test, Y_train, Y_test = X[:30], X[30:], Y[:30], Y[30:]

model = Sequential()
model.add(Dense(7, input_shape=(6,)))
model.add(Activation('relu'))
model.add(Dropout(0.0))
model.add(Dense(nb_classes))
model.add(Activation('softmax'))

rms = RMSprop()
model.compile(loss='categorical_crossentropy', optimizer=rms)

model.fit(X_train, Y_train, batch_size=batch_size, nb_epoch=nb_epoch, show_accuracy=True, verbose=0, shuffle=False,
          validation_data=(X_test, Y_test))
score = model.evaluate(X_test, Y_test, show_accuracy=True, verbose=0)
print('Test score: %.5f' % score[0])
print('Test accuracy: %.5f' % score[1])
print(model.predict_classes(X_test, verbose=0))
print(np.round(model.predict_proba(X_test, verbose=0)[0], 5))
