# Sequence to sequence: read a number digit by digit, write it backwards.
# An encoder squeezes the number into one vector, RepeatVector hands that vector
# to the decoder once per digit to be written.
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation, RepeatVector, TimeDistributedDense
from keras.layers.recurrent import GRU

DIGITS = 10
LENGTH = 5
HIDDEN = 48
DECODER_LAYERS = 2


def one_hot(numbers):
    return np.eye(DIGITS)[numbers]


model = Sequential()
model.add(GRU(HIDDEN, input_shape=(LENGTH, DIGITS)))
model.add(Dense(HIDDEN, activation='tanh'))
model.add(RepeatVector(LENGTH))
for _ in range(DECODER_LAYERS):
    model.add(GRU(HIDDEN, return_sequences=True))
# for every step of the output, which digit is it?
model.add(TimeDistributedDense(DIGITS))
model.add(Activation('softmax'))


if __name__ == '__main__':
    model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
    numbers = np.random.randint(0, DIGITS, size=(500, LENGTH))
    X, y = one_hot(numbers), one_hot(numbers[:, ::-1])
    for iteration in range(1, 4):
        print('iteration %d' % iteration)
        model.fit(X, y, batch_size=50, nb_epoch=2, validation_split=0.1)
