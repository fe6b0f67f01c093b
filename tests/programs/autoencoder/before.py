'''Squeeze vectors into a few numbers and back, and look at those numbers.'''
from __future__ import print_function
from keras.layers import Input, Dense, merge
from keras.models import Model
from keras import regularizers
from keras.callbacks import EarlyStopping
import numpy as np

np.random.seed(42)

encoding_dim = 3
original_dim = 12

basis = np.random.rand(encoding_dim, original_dim)
x_train = np.dot(np.random.dirichlet(np.ones(encoding_dim), 50), basis)
x_test = np.dot(np.random.dirichlet(np.ones(encoding_dim), 10), basis)

input_img = Input(shape=(original_dim,))
hidden = Dense(8, activation='relu')(input_img)
encoded = Dense(encoding_dim, activation='relu', activity_regularizer=regularizers.activity_l1(1e-4))(hidden)
wide = Dense(8, activation='relu')(encoded)
decoded = Dense(original_dim, activation='sigmoid')(merge([wide, hidden], mode='concat', concat_axis=-1))

autoencoder = Model(input=input_img, output=decoded)
encoder = Model(input=input_img, output=encoded)

autoencoder.compile(optimizer='adadelta', loss='binary_crossentropy')
history = autoencoder.fit(x_train, x_train,
                          nb_epoch=5,
                          batch_size=25,
                          shuffle=False,
                          verbose=0,
                          validation_data=(x_test, x_test),
                          callbacks=[EarlyStopping(monitor='val_loss', patience=2)])
print('epochs:', len(history.history['loss']))
print('loss: %.6f' % autoencoder.evaluate(x_test, x_test, verbose=0))

encoded_imgs = encoder.predict(x_test)
decoded_imgs = autoencoder.predict(x_test)
print('%.6f' % encoded_imgs.mean(), '%.6f' % np.abs(decoded_imgs - x_test).max())
