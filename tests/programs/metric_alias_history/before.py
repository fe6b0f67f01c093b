import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(9)
X, Y = rs.randn(18, 3), rs.randn(18, 2)
model = Sequential([Dense(2, input_dim=3)])
model.compile(optimizer='sgd', loss='mse', metrics=['mae', 'mape', 'mean_squared_error'])
h = model.fit(X, Y, validation_data=(X[:6], Y[:6]), nb_epoch=2, batch_size=6, shuffle=False, verbose=0)
mae = h.history['mean_absolute_error']
val_mae = h.history['val_mean_absolute_error']
print(np.round(mae, 5), np.round(val_mae, 5), np.round(h.history['mean_absolute_percentage_error'], 3), np.round(h.history['mean_squared_error'], 5))
