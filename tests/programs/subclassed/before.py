"""Models by inheritance."""
import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Activation, Input, BatchNormalization

class MLP(Sequential):
    def __init__(self, sizes, n_in, act='tanh'):
        super(MLP, self).__init__()
        for i, n in enumerate(sizes):
            if i == 0:
                self.add(Dense(n, input_dim=n_in))
            else:
                self.add(Dense(n))
            self.add(Activation(act))

    def fit_quiet(self, X, y, n=2):
        return self.fit(X, y, nb_epoch=n, batch_size=5, verbose=0, shuffle=False).history['loss']

rs = np.random.RandomState(15)
X, Y = rs.randn(15, 4), rs.rand(15, 2)
net = MLP([6, 3, 2], 4)
net.compile(optimizer='adamax', loss='mse')
print(['%.5f' % v for v in net.fit_quiet(X, Y, 3)])
print('%.5f' % net.evaluate(X, Y, verbose=0), len(net.layers), net.predict_proba(X, verbose=0).shape)
