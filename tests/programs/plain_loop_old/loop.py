import numpy as np


def epoch(model, X, Y, size):
    losses, accs = [], []
    for at in range(0, len(X), size):
        loss, acc = model.train_on_batch(X[at:at + size], Y[at:at + size], accuracy=True)
        losses.append(float(loss))
        accs.append(float(acc))
    return '%.5f %.4f' % (np.mean(losses), np.mean(accs))
