import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.callbacks import Callback
class StopAt(Callback):
    def __init__(self, value):
        super(Callback, self).__init__()
        self.value = value
    def on_epoch_end(self, epoch, logs={}):
        if logs.get('loss') < self.value:
            self.model.stop_training = True
m = Sequential([Dense(6, input_dim=4, activation='tanh'), Dense(1)])
m.compile('sgd', 'mse')
h = m.fit(X, Y, nb_epoch=20, batch_size=4, verbose=0, shuffle=False, callbacks=[StopAt(1.0)])
print(len(h.epoch), '%.5f' % h.history['loss'][-1])
