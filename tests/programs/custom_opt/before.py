# accumulating gradients in an optimizer of one's own
import numpy as np
from keras.optimizers import Optimizer, SGD
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense

class SignSGD(Optimizer):
    def __init__(self, lr=0.01, **kwargs):
        super(SignSGD, self).__init__(**kwargs)
        self.lr = K.variable(lr)
    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        self.updates = []
        for p, g in zip(params, grads):
            new_p = p - self.lr * K.sign(g)
            if p in constraints:
                new_p = constraints[p](new_p)
            self.updates.append(K.update(p, new_p))
        return self.updates
r = np.random.RandomState(1)
X, y = r.randn(12, 3), r.randn(12, 1)
m = Sequential([Dense(1, input_dim=3)])
m.compile(SignSGD(.05), 'mse')
print(['%.5f' % m.train_on_batch(X, y) for _ in range(4)])
