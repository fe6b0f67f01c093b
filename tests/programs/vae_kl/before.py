'''Variational autoencoder on made "digits"; the noise comes in as an input so that runs can be repeated.'''
import numpy as np
from keras.layers import Input, Dense, Lambda, merge
from keras.models import Model
from keras import backend as K
from keras import objectives

batch_size = 10
original_dim = 12
latent_dim = 2
intermediate_dim = 8

x = Input(batch_shape=(batch_size, original_dim))
eps = Input(batch_shape=(batch_size, latent_dim))
h = Dense(intermediate_dim, activation='relu')(x)
z_mean = Dense(latent_dim)(h)
z_log_var = Dense(latent_dim)(h)


def sampling(args):
    z_mean, z_log_var, epsilon = args
    return z_mean + K.exp(z_log_var / 2) * epsilon

z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var, eps])
decoder_h = Dense(intermediate_dim, activation='relu')
decoder_mean = Dense(original_dim, activation='sigmoid')
x_decoded_mean = decoder_mean(decoder_h(z))


def vae_loss(x, x_decoded_mean):
    xent_loss = original_dim * objectives.binary_crossentropy(x, x_decoded_mean)
    kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
    return xent_loss + kl_loss

vae = Model([x, eps], x_decoded_mean)
vae.compile(optimizer='rmsprop', loss=vae_loss)

rng = np.random.RandomState(0)
train = (rng.rand(40, original_dim) > .6).astype('float64')
noise = rng.normal(0., 1., (40, latent_dim))
hist = vae.fit([train, noise], train, shuffle=False, nb_epoch=3, batch_size=batch_size, verbose=0)
print(['%.5f' % l for l in hist.history['loss']])
encoder = Model(x, z_mean)
print(np.round(encoder.predict(train, batch_size=batch_size)[:3], 5).tolist())
decoder_input = Input(shape=(latent_dim,))
generator = Model(decoder_input, decoder_mean(decoder_h(decoder_input)))
for xi in np.linspace(-1, 1, 3):
    print('%.5f' % generator.predict(np.array([[xi, -xi]])).mean())
