from __future__ import print_function
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense
# precision & recall of a detector, two columns of targets
np.random.seed(5)
X = np.random.randn(24, 3)
Y = (np.random.rand(24, 2) > .4).astype('float32')
i = Input((3,))
o = Dense(2, activation='sigmoid')(Dense(5, activation='relu')(i))
m = Model(i, o)
m.compile(optimizer='rmsprop', loss='binary_crossentropy',
          metrics=['precision', 'recall', 'fmeasure', 'fbeta_score', 'matthews_correlation', 'binary_accuracy'])
m.fit(X, Y, batch_size=24, nb_epoch=3, verbose=0)
res = m.evaluate(X, Y, batch_size=24, verbose=0)
print(' '.join('%.5f' % r for r in res))
