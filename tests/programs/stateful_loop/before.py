import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense
# sine wave, one step at a time, states kept over the epoch
tsteps, batch_size, epochs = 1, 4, 3
t = np.arange(40) * .3
series = (np.sin(t) * np.exp(-t / 20.)).reshape(40, 1, 1)
target = np.roll(series[:, 0], -1, axis=0)
model = Sequential()
model.add(LSTM(5, batch_input_shape=(batch_size, tsteps, 1), return_sequences=True, stateful=True))
model.add(LSTM(4, return_sequences=False, stateful=True))
model.add(Dense(1))
model.compile(loss='mse', optimizer='rmsprop')
for i in range(epochs):
    h = model.fit(series, target, batch_size=batch_size, verbose=0, nb_epoch=1, shuffle=False)
    print('Epoch', i, '%.5f' % h.history['loss'][0])
    model.reset_states()
print(np.round(model.predict(series, batch_size=batch_size)[-3:].ravel(), 5))
