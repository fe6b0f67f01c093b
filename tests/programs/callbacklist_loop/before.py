from __future__ import print_function
import numpy as np
from keras.callbacks import CallbackList, History, EarlyStopping, Callback
from keras.models import Sequential
from keras.layers import Dense
import trainer

rs = np.random.RandomState(16)
X, y = rs.randn(20, 3), rs.randn(20, 1)
m = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(1)])
m.compile('sgd', 'mse')
history = trainer.train(m, X, y, epochs=4, size=6)
print(len(history.epoch), np.round(history.history['loss'], 6).tolist())
