'''Two networks against each other: one draws points of a ring, the other tells them from real ones.'''
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.layers.advanced_activations import LeakyReLU
from keras.optimizers import Adam, SGD

np.random.seed(12)

BATCH = 16
NOISE = 4


def real_points(n):
    angle = np.random.uniform(0, 2 * np.pi, n)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def generator_model():
    model = Sequential()
    model.add(Dense(output_dim=8, input_dim=NOISE))
    model.add(LeakyReLU(0.2))
    model.add(Dense(6, activation='tanh'))
    model.add(Dense(2))
    return model


def discriminator_model():
    model = Sequential()
    model.add(Dense(10, input_dim=2))
    model.add(LeakyReLU(alpha=0.1))
    model.add(Dense(1))
    model.add(LeakyReLU())
    model.add(Dense(1, activation='sigmoid'))
    return model


def generator_containing_discriminator(generator, discriminator):
    model = Sequential()
    model.add(generator)
    discriminator.trainable = False
    model.add(discriminator)
    return model


discriminator = discriminator_model()
generator = generator_model()
discriminator_on_generator = generator_containing_discriminator(generator, discriminator)
generator.compile(loss='binary_crossentropy', optimizer='SGD')
discriminator_on_generator.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.01, beta_1=0.5))
discriminator.trainable = True
discriminator.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.05, momentum=0.9, nesterov=True))

np.random.seed(13)
for index in range(4):
    noise = np.random.uniform(-1, 1, (BATCH, NOISE))
    generated = generator.predict(noise, verbose=0)
    X = np.concatenate((real_points(BATCH), generated))
    y = [1] * BATCH + [0] * BATCH
    d_loss = discriminator.train_on_batch(X, np.array(y))
    noise = np.random.uniform(-1, 1, (BATCH, NOISE))
    discriminator.trainable = False
    g_loss = discriminator_on_generator.train_on_batch(noise, np.array([1] * BATCH))
    discriminator.trainable = True
    print('batch %d d_loss : %f g_loss : %f' % (index, d_loss, g_loss))
print(np.round(generator.predict(noise), 5)[:2].tolist())
