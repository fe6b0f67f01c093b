import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from hooks import Watch

rs = np.random.RandomState(1)
X, y = rs.randn(12, 2), rs.randn(12)
m = Sequential([Dense(3, input_dim=2, activation='tanh'), Dense(1)])
m.compile('adam', 'mse', metrics=['mae'])
w = Watch(['loss', 'mean_absolute_error'])
m.fit(X, y, nb_epoch=3, batch_size=5, verbose=0, shuffle=False, callbacks=[w])
print(w.seen, w.rates, w.epochs)
