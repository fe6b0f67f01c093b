'''Triplets through one shared encoder; loss on the stacked distances; mining with predict'''
import numpy as np
from keras.models import Model, Sequential
from keras.layers import Input, Dense, Lambda, merge
from keras import backend as K
from triplets import make_triplets, ranks

def bpr(y_true, y_pred):
    return K.mean(y_pred - 0. * y_true)

def distance(v):
    a, b = v
    return K.sum(K.square(a - b), axis=-1, keepdims=True)

enc = Sequential([Dense(6, input_dim=4, activation='tanh'), Dense(3)])
a, p, n = Input((4,)), Input((4,)), Input((4,))
ea, ep, en = enc(a), enc(p), enc(n)
dp = merge([ea, ep], mode=distance, output_shape=lambda s: (s[0][0], 1))
dn = merge([ea, en], mode=distance, output_shape=lambda s: (s[0][0], 1))
hinge = merge([dp, dn], mode=lambda v: K.maximum(0., .5 + v[0] - v[1]), output_shape=lambda s: s[0])
m = Model([a, p, n], hinge)
m.compile('adam', bpr)
rs = np.random.RandomState(3)
X, lab = rs.randn(18, 4), np.arange(18) % 3
for rnd in range(3):
    A, P, N = make_triplets(X, lab, rnd)
    h = m.fit([A, P, N], np.ones(len(A)), nb_epoch=1, batch_size=5, verbose=0, shuffle=False)
    print(rnd, '%.6f' % h.history['loss'][0], ranks(enc.predict(X), lab))
