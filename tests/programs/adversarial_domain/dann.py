import numpy as np
from keras.models import Model
from keras.layers import Input, Dense, Dropout
from keras.optimizers import SGD


class DANN(object):
    def __init__(self, dim, lr):
        x = Input(shape=(dim,))
        self.trunk = Dense(5, activation='tanh', name='trunk')
        self.critic = Dense(1, activation='sigmoid', name='critic')
        h = self.trunk(x)
        self.label = Model(x, Dense(1, activation='sigmoid', name='label')(h))
        self.label.compile(optimizer=SGD(lr=lr, momentum=.5), loss='binary_crossentropy', metrics=['accuracy'])
        self.trunk.trainable = False
        self.domain = Model(x, self.critic(h))
        self.domain.compile(optimizer=SGD(lr=lr), loss='binary_crossentropy')
        self.trunk.trainable, self.critic.trainable = True, False
        self.fool = Model(x, self.critic(h))
        self.fool.compile(optimizer=SGD(lr=lr / 2), loss='binary_crossentropy')

    def step(self, src, lab, tgt):
        both = np.vstack([src, tgt])
        where = np.array([0.] * len(src) + [1.] * len(tgt))
        yield 'domain', float(self.domain.train_on_batch(both, where))
        yield 'fool', float(self.fool.train_on_batch(both, 1. - where))
        loss, acc = self.label.train_on_batch(src, lab)
        yield 'label', float(loss)
        yield 'acc', float(acc)
