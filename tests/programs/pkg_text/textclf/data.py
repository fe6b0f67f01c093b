import numpy as np
from keras.preprocessing import sequence

def load(maxlen, n=24, seed=42):
    rs = np.random.RandomState(seed)
    docs = [list(rs.randint(1, 20, size=rs.randint(3, 10))) for _ in range(n)]
    labels = np.array([int(sum(d) / len(d) > 9) for d in docs])
    X = sequence.pad_sequences(docs, maxlen=maxlen, padding='post', truncating='pre')
    cut = 2 * n // 3
    return (X[:cut], labels[:cut]), (X[cut:], labels[cut:])
