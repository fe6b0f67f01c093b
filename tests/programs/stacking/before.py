'''Stacked generalisation: level-one nets, sums of whose probabilities feed a level-two net'''
import numpy as np
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.model_selection import StratifiedKFold
from sklearn.metrics import log_loss
from keras.models import Sequential
from keras.layers import Dense, Dropout, MaxoutDense
from keras.layers.advanced_activations import PReLU, ELU, SReLU
from keras.layers.normalization import BatchNormalization
from keras.utils import np_utils

def build(kind, nin, nout):
    m = Sequential()
    if kind == 'maxout':
        m.add(MaxoutDense(5, nb_feature=2, input_dim=nin))
    else:
        m.add(Dense(6, input_shape=(nin,), init='glorot_normal'))
        m.add({'prelu': PReLU, 'elu': ELU}[kind]())
    m.add(BatchNormalization())
    m.add(Dropout(0.0))
    m.add(Dense(nout, activation='softmax'))
    m.compile(loss='categorical_crossentropy', optimizer='adam')
    return m

rs = np.random.RandomState(1)
X = rs.randn(36, 4)
labels = np.array(['Class_%d' % (1 + int(v > .3) + int(v > 1)) for v in X[:, 0] + X[:, 1]])
y = LabelEncoder().fit_transform(labels)
X = StandardScaler().fit_transform(X)
Y = np_utils.to_categorical(y)
level2 = np.zeros((36, 9))
for tr, te in StratifiedKFold(n_splits=2).split(X, y):
    for j, kind in enumerate(['maxout', 'prelu', 'elu']):
        m = build(kind, 4, 3)
        m.fit(X[tr], Y[tr], nb_epoch=2, batch_size=6, verbose=0, shuffle=False)
        level2[te, 3 * j:3 * j + 3] = m.predict_proba(X[te], verbose=0)
for j in range(3):
    print('level 1 net %d logloss %.5f' % (j, log_loss(y, level2[:, 3 * j:3 * j + 3])))
top = Sequential([Dense(3, input_dim=9, activation='softmax')])
top.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])
h = top.fit(level2, Y, nb_epoch=2, batch_size=9, verbose=0, shuffle=False, validation_split=0.25)
print('%.5f %.5f' % (h.history['loss'][-1], h.history['val_acc'][-1]))
