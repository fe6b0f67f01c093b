"""Convolutional autoencoder on Theano-ordered images, the code read through a second model"""
import numpy as np
from keras import backend as K
K.set_image_dim_ordering('th')
from keras.layers import Input, Convolution2D, MaxPooling2D, UpSampling2D, Flatten
from keras.models import Model
rs = np.random.RandomState(51)
x_train = rs.rand(10, 1, 8, 8)
input_img = Input(shape=(1, 8, 8))
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same')(input_img)
x = MaxPooling2D((2, 2), border_mode='same')(x)
encoded = Convolution2D(2, 3, 3, activation='relu', border_mode='same')(x)
x = UpSampling2D((2, 2))(encoded)
decoded = Convolution2D(1, 3, 3, activation='sigmoid', border_mode='same')(x)
autoencoder = Model(input_img, decoded)
autoencoder.compile(optimizer='adadelta', loss='binary_crossentropy')
h = autoencoder.fit(x_train, x_train, nb_epoch=2, batch_size=5, shuffle=False, verbose=0, validation_data=(x_train[:4], x_train[:4]))
print(np.round(h.history['loss'], 5).tolist(), np.round(h.history['val_loss'], 5).tolist())
encoder = Model(input=input_img, output=encoded)
codes = encoder.predict(x_train)
print(codes.shape, '%.5f' % codes.mean(), codes.reshape(10, -1).shape)
print(K.image_dim_ordering(), np.round(autoencoder.predict(x_train)[0, 0, :2, :3], 4).tolist())
