from __future__ import division, print_function
import numpy as np
from keras.models import Sequential
from keras.layers import Embedding, Flatten, Dense
from keras.utils.np_utils import to_categorical
# a neural language model fed by an iterator class with a lock
import threading

class NGrams(object):
    def __init__(self, ids, n, batch_size, vocab):
        self.ids, self.n, self.batch_size, self.vocab = ids, n, batch_size, vocab
        self.lock, self.at = threading.Lock(), 0
    def __len__(self):
        return len(self.ids) - self.n
    def __iter__(self):
        return self
    def __next__(self):
        with self.lock:
            idx = [(self.at + k) % len(self) for k in range(self.batch_size)]
            self.at = (self.at + self.batch_size) % len(self)
        X = np.array([self.ids[i:i + self.n] for i in idx])
        y = to_categorical([self.ids[i + self.n] for i in idx], self.vocab)
        return X, y
    next = __next__

rs = np.random.RandomState(3)
ids = list(rs.randint(0, 6, 27))
gen = NGrams(ids, 3, 8, 6)
model = Sequential()
model.add(Embedding(6, 4, input_length=3, init='glorot_uniform'))
model.add(Flatten())
model.add(Dense(6, activation='softmax'))
model.compile('adam', loss='categorical_crossentropy', metrics=['accuracy', 'top_k_categorical_accuracy'])
hist = model.fit_generator(gen, len(gen), 2, verbose=0)
print({k: np.round(v, 5).tolist() for k, v in sorted(hist.history.items())})
ev = NGrams(ids, 3, 6, 6)
print(np.round(model.evaluate_generator(ev, 24), 5).tolist())
ppl = np.exp(model.evaluate(*next(NGrams(ids, 3, 24, 6)), verbose=0)[0])
print('perplexity %.4f' % ppl)
