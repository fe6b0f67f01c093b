import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM, TimeDistributed, Activation
from keras.optimizers import Adam

VOCAB = 5
rng = np.random.RandomState(99)


def batch(length, n=8):
    x = rng.randint(0, VOCAB, (n, length))
    return np.eye(VOCAB)[x], np.eye(VOCAB)[x[:, ::-1]]


model = Sequential()
model.add(LSTM(6, input_shape=(None, VOCAB), return_sequences=True))
model.add(TimeDistributed(Dense(VOCAB)))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=5e-2), metrics=['accuracy'])
length, step = 2, 0
while length < 5 and step < 9:
    x, y = batch(length)
    loss, acc = model.train_on_batch(x, y)
    step += 1
    if step % 3 == 0:
        length += 1
        print('step %d loss %.5f acc %.4f next length %d' % (step, loss, acc, length))
x, y = batch(6)
print(np.round(model.test_on_batch(x, y), 5))
