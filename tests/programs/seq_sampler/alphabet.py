import numpy as np


class Alphabet(object):
    def __init__(self, text):
        self.chars = sorted(set(text))
        self.index = dict((c, i) for i, c in enumerate(self.chars))

    def __len__(self):
        return len(self.chars)

    def encode(self, text):
        out = np.zeros((len(text), len(self)))
        for i, c in enumerate(text):
            out[i, self.index[c]] = 1
        return out

    def batches(self, text, B, T):
        n = (len(text) - 1) // (B * T)
        x, y = [], []
        for j in range(n):
            for b in range(B):
                at = b * n * T + j * T
                x.append(self.encode(text[at:at + T]))
                y.append(self.encode(text[at + 1:at + T + 1]))
        return np.array(x), np.array(y)
