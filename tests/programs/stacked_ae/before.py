'''Layerwise pretraining by hand, then fine-tuning with the labels (Keras 0.3)'''
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.utils import np_utils
import pretrain

rs = np.random.RandomState(2)
X = rs.rand(20, 6); labels = rs.randint(0, 3, 20)
Y = np_utils.to_categorical(labels, 3)
sizes = [6, 4, 3]
encoders = pretrain.greedy(X, sizes)
model = Sequential()
model.add(Dense(4, input_dim=6, activation='sigmoid'))
model.add(Dense(3, activation='sigmoid'))
model.add(Dense(3, activation='softmax'))
for layer, enc in zip(model.layers, encoders):
    layer.set_weights(enc)
model.compile(loss='categorical_crossentropy', optimizer='adagrad')
score = model.evaluate(X, Y, show_accuracy=True, verbose=0)
print('before %.5f %.4f' % tuple(score))
model.fit(X, Y, batch_size=8, nb_epoch=3, show_accuracy=True, verbose=0, shuffle=False)
score = model.evaluate(X, Y, show_accuracy=True, verbose=0)
print('after  %.5f %.4f' % tuple(score))
print(model.predict_classes(X, verbose=0).tolist())
