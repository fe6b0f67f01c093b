"""Attention pooling, crops and residuals by Lambda, with arguments and output_shape"""
import numpy as np
from keras import backend as K
from keras.models import Model
from keras.layers import Input, Dense, Lambda, TimeDistributed, LSTM, Permute, Reshape, RepeatVector, Activation, Flatten, merge
rs = np.random.RandomState(61)
X, y = rs.randn(9, 6, 4), rs.randn(9, 2)

def crop(x, start, end):
    return x[:, start:end]

def pool(x):
    return K.concatenate([K.max(x, axis=1), K.mean(x, axis=1)], axis=-1)

def pool_shape(s):
    return (s[0], 2 * s[2])

a = Input(shape=(6, 4))
h = LSTM(5, return_sequences=True)(a)
w = Flatten()(TimeDistributed(Dense(1, activation='tanh'))(h))
w = Activation('softmax')(w)
w = Permute((2, 1))(RepeatVector(5)(w))
att = merge([h, w], mode='mul')
att = Lambda(lambda xin: K.sum(xin, axis=-2), output_shape=(5,))(att)
first = Lambda(crop, arguments={'start': 0, 'end': 3}, output_shape=(3, 5))(h)
p = Lambda(pool, output_shape=pool_shape)(first)
o = Dense(2)(merge([att, p], mode='concat'))
model = Model(input=a, output=o)
model.compile('adam', 'mse')
print('%.5f %.5f' % tuple(model.fit(X, y, nb_epoch=2, batch_size=3, shuffle=False, verbose=0).history['loss']))
print(model.predict(X).sum(axis=0).round(5).tolist())
