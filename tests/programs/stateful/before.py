'''Follow an exponentially decaying wave with an LSTM that keeps its state from batch to batch.'''
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM

np.random.seed(7)

# since we are using stateful rnn tsteps can be set to 1
tsteps = 1
batch_size = 5
epochs = 3
# number of elements ahead that are used to make the prediction
lahead = 1


def gen_cosine_amp(amp=2, period=9, x0=0, xn=40, step=1, k=0.05):
    cos = np.zeros(((xn - x0) * step, 1, 1))
    for i in range(len(cos)):
        idx = x0 + i * step
        cos[i, 0, 0] = amp * np.cos(2 * np.pi * idx / period)
        cos[i, 0, 0] = cos[i, 0, 0] * np.exp(-k * idx)
    return cos


cos = gen_cosine_amp()
expected_output = np.zeros((len(cos), 1))
for i in range(len(cos) - lahead):
    expected_output[i, 0] = np.mean(cos[i + 1:i + lahead + 1])

model = Sequential()
model.add(LSTM(6,
               batch_input_shape=(batch_size, tsteps, 1),
               return_sequences=True,
               stateful=True))
model.add(LSTM(5,
               batch_input_shape=(batch_size, tsteps, 1),
               return_sequences=False,
               stateful=True))
model.add(Dense(1))
model.compile(loss='mse', optimizer='rmsprop')

for i in range(epochs):
    hist = model.fit(cos,
                     expected_output,
                     batch_size=batch_size,
                     verbose=0,
                     nb_epoch=1,
                     shuffle=False)
    print('Epoch', i, '/', epochs, '%.6f' % hist.history['loss'][0])
    model.reset_states()

predicted_output = model.predict(cos, batch_size=batch_size)
print('%.6f' % predicted_output.std())

# the same weights in a model of one sample at a time, which goes on from its own output
one = Sequential()
one.add(LSTM(6, batch_input_shape=(1, tsteps, 1), return_sequences=True, stateful=True))
one.add(LSTM(5, stateful=True))
one.add(Dense(1))
one.set_weights(model.get_weights())
one.compile('rmsprop', 'mse')
value = cos[0]
for i in range(6):
    value = one.predict(value.reshape(1, 1, 1), batch_size=1)
    print('%.6f' % value[0, 0], end=' ')
one.reset_states()
print('%.6f' % one.predict(cos[:1], batch_size=1)[0, 0])
