import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.models import Model
m = Sequential([Dense(6, input_dim=4, activation='relu', name='feat'), Dense(1)])
m.compile('sgd', 'mse')
m.fit(X, Y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
f = Model(input=m.input, output=m.get_layer('feat').output)
print(f.predict(X).shape, np.round(f.predict(X[:2]), 5).tolist())
