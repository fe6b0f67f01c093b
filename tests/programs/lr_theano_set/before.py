import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam
np.random.seed(15)
X = np.random.randn(24, 3); Y = np.random.randn(24, 1)
model = Sequential([Dense(5, input_dim=3, activation='relu'), Dense(1)])
model.compile(loss='mse', optimizer=Adam(lr=0.1))
for epoch in range(3):
    model.optimizer.lr.set_value(0.1 / (epoch + 1))
    h = model.fit(X, Y, nb_epoch=1, batch_size=6, shuffle=False, verbose=0)
    print('%.5f' % h.history['loss'][0], '%.5f' % float(model.optimizer.lr.get_value()))
