import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.callbacks import CSVLogger
m = Sequential([Dense(3, input_dim=4, activation='relu'), Dense(1)])
m.compile('sgd', 'mse', metrics=['mae'])
m.fit(X, Y, nb_epoch=3, batch_size=8, verbose=0, shuffle=False, validation_data=(X[:4], Y[:4]), callbacks=[CSVLogger('log.csv', separator=';')])
lines = [l.strip().split(';') for l in open('log.csv')]
print(lines[0])
for l in lines[1:]:
    print([round(float(v), 5) for v in l])
