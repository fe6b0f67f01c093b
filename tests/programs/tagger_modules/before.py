'''Train a tagger of another module, and show what its evaluation says.'''
import numpy as np
from keras.optimizers import SGD
import nets

rs = np.random.RandomState(3)
words = rs.randint(1, 9, (8, 5))
words[:3, 3:] = 0
words[5, 1:] = 0
tags = np.eye(3)[rs.randint(0, 3, (8, 5))]

net = nets.tagger(9, 3)
net.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.1), metrics=['accuracy', 'mse'])
seen = net.fit(words, tags, nb_epoch=2, batch_size=4, shuffle=False, verbose=0, validation_data=(words[:4], tags[:4]))
for key in sorted(seen.history):
    print(key, ['%.6f' % one for one in seen.history[key]])
print(['%.6f' % one for one in net.evaluate(words, tags, batch_size=4, verbose=0)])
