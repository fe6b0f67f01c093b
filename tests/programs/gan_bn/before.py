'''DCGAN-like in one dimension, with batch normalization on both sides'''
import numpy as np
from keras.models import Sequential, Model
from keras.layers import Input
from keras.optimizers import Adam
from nets import generator, discriminator, make_trainable

rng = np.random.RandomState(42)
G, D = generator(3), discriminator(2)
D.compile(loss='binary_crossentropy', optimizer=Adam(lr=2e-2, beta_1=.5), metrics=['accuracy'])
make_trainable(D, False)
z = Input(shape=(3,))
GAN = Model(z, D(G(z)))
GAN.compile(loss='binary_crossentropy', optimizer=Adam(lr=1e-2, beta_1=.5))

for step in range(4):
    real = rng.randn(6, 2) * .3 + 1
    fake = G.predict(rng.rand(6, 3))
    make_trainable(D, True)
    d = D.train_on_batch(np.vstack([real, fake]), np.array([1] * 6 + [0] * 6))
    make_trainable(D, False)
    g = GAN.train_on_batch(rng.rand(8, 3), np.ones(8))
    print('%d d %.5f acc %.4f g %.5f' % (step, d[0], d[1], g))
print(np.round(D.predict(real), 5).ravel().tolist())
print(np.round(G.predict(np.ones((1, 3))), 5).tolist())
