'''Warm restarts, triangular rates and momentum, in callbacks of one's own'''
import numpy as np
from keras import backend as K
from keras.callbacks import Callback, LearningRateScheduler
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

class CyclicLR(Callback):
    def __init__(self, base_lr=.01, max_lr=.1, step_size=3.):
        super(CyclicLR, self).__init__()
        self.base_lr, self.max_lr, self.step_size = base_lr, max_lr, step_size
        self.clr_iterations = 0.
        self.history = {}
    def clr(self):
        cycle = np.floor(1 + self.clr_iterations / (2 * self.step_size))
        x = np.abs(self.clr_iterations / self.step_size - 2 * cycle + 1)
        return self.base_lr + (self.max_lr - self.base_lr) * np.maximum(0, (1 - x))
    def on_train_begin(self, logs={}):
        K.set_value(self.model.optimizer.lr, self.base_lr)
    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self.clr_iterations += 1
        self.history.setdefault('lr', []).append(float(K.get_value(self.model.optimizer.lr)))
        for k, v in logs.items():
            if k in ('loss',):
                self.history.setdefault(k, []).append(float(v))
        K.set_value(self.model.optimizer.lr, self.clr())

rs = np.random.RandomState(12)
X, y = rs.randn(16, 3), rs.randn(16, 1)
m = Sequential([Dense(4, input_dim=3, activation='relu'), Dense(1)])
m.compile(SGD(lr=.5, momentum=.9, nesterov=True), 'mse')
clr = CyclicLR()
m.fit(X, y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False, callbacks=[clr])
print(np.round(clr.history['lr'], 5).tolist())
print(np.round(clr.history['loss'], 5).tolist())
print('%.6f' % K.get_value(m.optimizer.lr), '%.5f' % m.evaluate(X, y, verbose=0))
