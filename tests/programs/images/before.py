'''A small convnet on small pictures, which a generator makes while it trains.'''
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.preprocessing.image import ImageDataGenerator
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.layers.normalization import BatchNormalization
from keras.optimizers import SGD
from keras.utils import np_utils

np.random.seed(1671)
K.set_image_dim_ordering('th')

batch_size = 8
nb_classes = 3
nb_epoch = 2
img_channels, img_rows, img_cols = 3, 9, 8

# stripes that stand, stripes that lie, and noise
labels = np.random.randint(0, nb_classes, 32)
X = np.random.rand(32, img_channels, img_rows, img_cols)
X[labels == 0, :, ::2] += 1
X[labels == 1, :, :, ::2] += 1
X_train, X_test = X[:24], X[24:]
Y = np_utils.to_categorical(labels, nb_classes)
Y_train, Y_test = Y[:24], Y[24:]

model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='same', input_shape=(img_channels, img_rows, img_cols)))
model.add(BatchNormalization(mode=0, axis=1))
model.add(Activation('relu'))
model.add(Convolution2D(5, 2, 3, subsample=(1, 1)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.))
model.add(Flatten())
model.add(Dense(8, activation='relu'))
model.add(Dense(nb_classes))
model.add(Activation('softmax'))

sgd = SGD(lr=0.01, decay=1e-3, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, metrics=['accuracy'])

datagen = ImageDataGenerator(
    featurewise_center=True,
    samplewise_center=False,
    featurewise_std_normalization=True,
    samplewise_std_normalization=False,
    zca_whitening=False,
    rotation_range=0,
    horizontal_flip=False)
datagen.fit(X_train)

history = model.fit_generator(datagen.flow(X_train, Y_train, batch_size=batch_size, shuffle=False),
                              samples_per_epoch=X_train.shape[0], nb_epoch=nb_epoch, verbose=0,
                              validation_data=(X_test, Y_test), nb_val_samples=X_test.shape[0])
for epoch, loss in enumerate(history.history['loss']):
    print('epoch %d: loss %.6f' % (epoch, loss))
for X_batch, Y_batch in datagen.flow(X_test, Y_test, batch_size=batch_size, shuffle=False):
    print('accuracy %.4f' % model.evaluate(X_batch, Y_batch, verbose=0)[1])
    break
print(model.predict_classes(X_test, verbose=0))
