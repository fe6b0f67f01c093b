import numpy as np
from keras.callbacks import Callback
from keras.layers import GRU, Dense
from keras.models import Sequential

random = np.random.RandomState(7)
S, T = random.randn(4, 3, 2), random.randn(4, 1)


class Reset(Callback):
    def on_epoch_end(self, epoch, logs={}):
        self.model.reset_states()
        self.model.save_weights('epoch.h5', overwrite=True)


model = Sequential()
model.add(GRU(3, batch_input_shape=(2, 3, 2), stateful=True, return_sequences=True))
model.add(GRU(2, stateful=True))
model.add(Dense(1))
model.compile('sgd', 'mse')
history = model.fit(S, T, nb_epoch=3, batch_size=2, verbose=0, shuffle=False, callbacks=[Reset()])
print(['%.5f' % value for value in history.history['loss']])
model.load_weights('epoch.h5')
print('%.5f' % model.evaluate(S, T, batch_size=2, verbose=0))
