import numpy as np
from keras.models import Sequential
from keras.layers import Dense
import losses

rs = np.random.RandomState(4)
X, Y = rs.randn(14, 3), rs.rand(14, 2)
w = rs.rand(14) + .2
for name in ('scalar', 'column', 'per_sample', 'cell'):
    m = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(2, activation='sigmoid')])
    m.compile('sgd', getattr(losses, name), metrics=[losses.scalar])
    h = m.fit(X, Y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False, sample_weight=w)
    print(name, [['%.6f' % v for v in h.history[k]] for k in sorted(h.history)])
    print(np.round(m.evaluate(X, Y, batch_size=5, verbose=0, sample_weight=w), 6).tolist())
    print(np.round(m.train_on_batch(X[:5], Y[:5], sample_weight=w[:5]), 6).tolist())
