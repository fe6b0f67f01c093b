'''A small CIFAR-like net: augmentation in a hand-written loop over flow, Progbar and all.'''
from __future__ import print_function
import numpy as np
from keras.preprocessing.image import ImageDataGenerator
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.optimizers import SGD
from keras.utils import np_utils

nb_classes, nb_epoch, batch_size = 3, 2, 4
rs = np.random.RandomState(21)
X_train = rs.randint(0, 255, (12, 3, 8, 8)).astype('float64')
y_train = rs.randint(0, nb_classes, (12, 1))
X_train /= 255
Y_train = np_utils.to_categorical(y_train, nb_classes)

model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='same', input_shape=(3, 8, 8)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(nb_classes))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.01, decay=1e-6, momentum=0.9, nesterov=True), metrics=['accuracy'])

datagen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, horizontal_flip=False)
datagen.fit(X_train)
for e in range(nb_epoch):
    batches, losses = 0, []
    for X_batch, Y_batch in datagen.flow(X_train, Y_train, batch_size=batch_size, shuffle=False):
        loss = model.train_on_batch(X_batch, Y_batch)
        losses.append(loss[0])
        batches += 1
        if batches >= len(X_train) / batch_size:
            break
    print('epoch', e, ['%.5f' % l for l in losses])
print(['%.5f' % v for v in model.evaluate(X_train, Y_train, batch_size=5, verbose=0)])
