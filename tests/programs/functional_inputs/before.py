'''A tower of gated convolutions: what its hidden layers say of some series, and what each layer takes and gives.'''
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras import layers as L, models as M, regularizers as R

rng = np.random.RandomState(3)
x, y = rng.randn(16, 10, 4), rng.randn(16, 1)


def block(given, filters, length, rate):
    out = L.AtrousConvolution1D(filters, length, atrous_rate=rate, border_mode='same')(given)
    out = L.LeakyReLU(.1)(out)
    gate = L.Convolution1D(filters, length, border_mode='same', activation='sigmoid', W_regularizer=R.l2(.01))(given)
    return L.merge([out, gate], 'mul')


def watch(model, place):
    return K.function([model.layers[0].input, K.learning_phase()], [model.layers[place].output])


here = series = L.Input(batch_shape=(None, 10, 4))
skips = []
for rate in (1, 2):
    here = block(here, 4, 3, rate)
    skips.append(here)
here = L.GlobalAveragePooling1D()(L.merge(skips, mode='sum'))
net = M.Model(series, L.Dense(1)(here))
net.compile('adamax', 'mse')
net.fit(x, y, nb_epoch=2, batch_size=8, shuffle=False, verbose=0)
print(round(float(net.evaluate(x, y, verbose=0)), 6))
print(np.round(watch(net, -2)([x[:2], 0])[0], 5).tolist())
for layer in net.layers:
    print(layer.input_shape, layer.output_shape)
