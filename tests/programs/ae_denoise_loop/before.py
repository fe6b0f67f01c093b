import numpy as np
from keras.models import Sequential, Model
from keras.layers import Input, Dense
from keras import objectives
rs = np.random.RandomState(0)
data = rs.rand(20, 6)
x = Input(shape=(6,)); code = Dense(3, activation='sigmoid')(x); y = Dense(6, activation='sigmoid')(code)
ae = Model(input=x, output=y)
ae.compile(optimizer='sgd', loss='binary_crossentropy')
for epoch in range(3):
    noisy = data + .1 * rs.randn(*data.shape)
    loss = ae.train_on_batch(noisy, data)
    print('%.5f %.5f' % (loss, ae.test_on_batch(data, data)))
