import numpy as np
from keras import backend as K
from keras.engine.topology import Layer
from keras.models import Sequential, Model
from keras.layers import Dense, Input, Lambda, Activation, merge
from parts import Scale, gated

rs = np.random.RandomState(44)
X, y = rs.randn(16, 4), rs.randn(16)
i = Input((4,))
a = gated(Dense(3)(i))
s = Scale()(a)
out = Dense(1)(merge([s, a], mode='sum'))
m = Model(i, out)
m.compile('sgd', 'mse')
h = m.fit(X, y, nb_epoch=3, batch_size=8, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 6).tolist())
f = K.function([i], [a, s])
print([np.round(v, 5)[0].tolist() for v in f([X[:2]])])
