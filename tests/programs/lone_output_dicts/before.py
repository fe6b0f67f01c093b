'''One output, and everything by its name all the same: targets, weights of samples and classes, held-out data.'''
from __future__ import print_function
import numpy as np
from keras.layers import Dense, GRU, Input
from keras.models import Model

rng = np.random.RandomState(11)
train = {'seq': rng.randn(24, 5, 3), 'label': rng.randint(0, 2, (24, 1))}
held = ({'seq': rng.randn(8, 5, 3)}, {'label': rng.randint(0, 2, (8, 1))})
strength = rng.rand(24) + .5


def batches(batch_size=8):
    while True:
        for start in range(0, 24, batch_size):
            inputs = {'seq': train['seq'][start:start + batch_size]}
            outputs = {'label': train['label'][start:start + batch_size]}
            yield (inputs, outputs)


seq = Input(shape=(5, 3), name='seq')
label = Dense(1, activation='sigmoid', name='label')(GRU(4, name='gru')(seq))
net = Model(input=seq, output=label)
net.compile('adam', {'label': 'binary_crossentropy'}, metrics={'label': 'accuracy'})

target = {'label': train['label']}
seen = net.fit(train, target, nb_epoch=2, batch_size=8, shuffle=False, verbose=0,
               validation_data=({'seq': held[0]['seq']}, {'label': held[1]['label']}))
print(sorted((key, [round(float(one), 5) for one in told]) for key, told in seen.history.items()))
net.fit({'seq': train['seq']}, target, nb_epoch=1, batch_size=8, shuffle=False, verbose=0,
        class_weight={'label': {0: 1., 1: 5.}})
print(round(float(net.evaluate(train, target, verbose=0, sample_weight={'label': strength})[0]), 5))
net.fit_generator(batches(), samples_per_epoch=24, nb_epoch=2, verbose=0)
print(np.round(net.train_on_batch(train, {'label': train['label']}), 5).tolist())
print(np.round(net.predict(held[0])[:3, 0], 5).tolist())
