from keras.models import Sequential
from keras.layers import Dense, BatchNormalization, Activation
from keras.layers.advanced_activations import LeakyReLU


def generator(noise):
    g = Sequential(name='generator')
    g.add(Dense(5, input_dim=noise))
    g.add(BatchNormalization(mode=0))
    g.add(Activation('relu'))
    g.add(Dense(2))
    return g


def discriminator(size):
    d = Sequential(name='discriminator')
    d.add(Dense(5, input_dim=size))
    d.add(BatchNormalization())
    d.add(LeakyReLU(.2))
    d.add(Dense(1, activation='sigmoid'))
    return d


def make_trainable(net, val):
    net.trainable = val
    for l in net.layers:
        l.trainable = val
