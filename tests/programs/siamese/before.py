'''Two drawings of the same thing lie near each other in the plane that a shared network maps them to.'''
from __future__ import absolute_import
from __future__ import print_function
import numpy as np
import random

from keras.models import Sequential, Model
from keras.layers import Dense, Dropout, Input, Lambda
from keras.optimizers import RMSprop
from keras import backend as K

np.random.seed(1337)
random.seed(1337)


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.sum(K.square(x - y), axis=1, keepdims=True))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0)))


def create_pairs(x, digit_indices):
    # a pair of the same class, then one of two classes
    pairs = []
    labels = []
    n = min([len(d) for d in digit_indices]) - 1
    for d in range(len(digit_indices)):
        for i in range(n):
            z1, z2 = digit_indices[d][i], digit_indices[d][i + 1]
            pairs += [[x[z1], x[z2]]]
            inc = random.randrange(1, len(digit_indices))
            dn = (d + inc) % len(digit_indices)
            z1, z2 = digit_indices[d][i], digit_indices[dn][i]
            pairs += [[x[z1], x[z2]]]
            labels += [1, 0]
    return np.array(pairs), np.array(labels)


def create_base_network(input_dim):
    seq = Sequential()
    seq.add(Dense(10, input_shape=(input_dim,), activation='relu'))
    seq.add(Dropout(0.))
    seq.add(Dense(8, activation='tanh'))
    seq.add(Dense(4))
    return seq


def compute_accuracy(predictions, labels):
    return labels[predictions.ravel() < 0.5].mean()


input_dim = 6
centres = np.random.normal(size=(4, input_dim))
y_train = np.repeat(np.arange(4), 6)
X_train = centres[y_train] + 0.2 * np.random.normal(size=(24, input_dim))
tr_pairs, tr_y = create_pairs(X_train, [np.where(y_train == i)[0] for i in range(4)])

base_network = create_base_network(input_dim)

input_a = Input(shape=(input_dim,))
input_b = Input(shape=(input_dim,))

# the two branches share their weights
processed_a = base_network(input_a)
processed_b = base_network(input_b)

distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)([processed_a, processed_b])
model = Model(input=[input_a, input_b], output=distance)

rms = RMSprop()
model.compile(loss=contrastive_loss, optimizer=rms)
model.fit([tr_pairs[:, 0], tr_pairs[:, 1]], tr_y, validation_split=0.2,
          batch_size=8, nb_epoch=3, shuffle=False, verbose=0)

pred = model.predict([tr_pairs[:, 0], tr_pairs[:, 1]])
print('accuracy on training set: %0.2f%%' % (100 * compute_accuracy(pred, tr_y)))
print('nearest: %.6f' % pred.min())
