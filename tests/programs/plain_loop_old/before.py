from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.optimizers import SGD, Adagrad
from keras.utils import np_utils, generic_utils
import loop

np.random.seed(1)
X = np.random.rand(24, 5)
labels = (X.sum(1) > 2.5).astype(int)
Y = np_utils.to_categorical(labels, 2)
model = Sequential()
model.add(Dense(6, input_dim=5, init='uniform'))
model.add(Activation('relu'))
model.add(Dense(2, init='uniform'))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=.1, decay=1e-6, momentum=.9, nesterov=True), class_mode='categorical')
for epoch in range(3):
    print(epoch, loop.epoch(model, X, Y, 7))
score = model.evaluate(X, Y, batch_size=7, show_accuracy=True, verbose=0)
print('%.5f %.4f' % (score[0], score[1]))
print(np_utils.probas_to_classes(model.predict_proba(X, batch_size=7, verbose=0)).tolist())
print(np.round(model.test_on_batch(X[:5], Y[:5], accuracy=True), 5).tolist())
