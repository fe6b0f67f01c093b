import numpy as np
from keras.models import Model, Sequential
from keras.layers import Input, Dense
from keras.optimizers import SGD
from dann import DANN

rs = np.random.RandomState(50)
src, tgt = rs.randn(20, 3), rs.randn(20, 3) + 1.
lab = (src[:, :1] > 0).astype('float64')
net = DANN(3, lr=.1)
for epoch in range(3):
    print(epoch, ' '.join('%s=%.5f' % kv for kv in net.step(src, lab, tgt)))
print(np.round(net.label.predict(tgt[:4]).ravel(), 5).tolist())
print(net.label.get_weights()[0].shape, len(net.domain.trainable_weights), len(net.fool.trainable_weights))
