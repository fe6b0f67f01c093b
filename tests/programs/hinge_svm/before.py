# a linear SVM in Keras
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.regularizers import l2
from keras.optimizers import Adadelta
np.random.seed(77)
n = 30
X = np.vstack([np.random.randn(n // 2, 2) - 1, np.random.randn(n // 2, 2) + 1])
y = np.concatenate([-np.ones((n // 2, 1)), np.ones((n // 2, 1))])
model = Sequential()
model.add(Dense(1, input_dim=2, activation='linear', W_regularizer=l2(0.01)))
model.compile(loss='hinge', optimizer=Adadelta(lr=1.0), metrics=['mse', 'hinge', 'squared_hinge'])
h = model.fit(X, y, batch_size=10, nb_epoch=4, verbose=0, shuffle=False)
print('loss', np.round(h.history['loss'], 5))
print('hinge', np.round(h.history['hinge'], 5))
pred = np.sign(model.predict(X))
print('errors', int((pred != y).sum()))
print(np.round(model.evaluate(X, y, verbose=0), 5))
