import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras import backend as K
from keras.callbacks import Callback
class Halve(Callback):
    def on_epoch_begin(self, epoch, logs={}):
        if epoch and epoch % 2 == 0:
            lr = K.get_value(self.model.optimizer.lr)
            K.set_value(self.model.optimizer.lr, lr * 0.5)
    def on_epoch_end(self, epoch, logs={}):
        logs['lr'] = float(K.get_value(self.model.optimizer.lr))
m = Sequential([Dense(1, input_dim=4)])
m.compile('sgd', 'mse')
h = m.fit(X, Y, nb_epoch=5, batch_size=8, verbose=0, shuffle=False, callbacks=[Halve()])
print(['%.5f' % v for v in h.history['loss']], ['%.5f' % v for v in h.history.get('lr', [])])
