import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense
def jaccard(y_true, y_pred):
    inter = K.sum(K.abs(y_true * y_pred), axis=-1)
    total = K.sum(K.abs(y_true) + K.abs(y_pred), axis=-1)
    return (1 - (inter + 100) / (total - inter + 100)) * 100
def mean_jaccard(y_true, y_pred):
    return K.mean(jaccard(y_true, y_pred))
def focal(gamma=2., alpha=.25):
    def f(y_true, y_pred):
        p = K.clip(y_pred, 1e-7, 1 - 1e-7)
        return -K.sum(alpha * K.pow(1. - p, gamma) * y_true * K.log(p) + (1 - alpha) * K.pow(p, gamma) * (1. - y_true) * K.log(1. - p), axis=-1)
    return f
rs = np.random.RandomState(2)
X, Y = rs.randn(14, 4), (rs.rand(14, 3) > .6).astype('float32')
for loss in [jaccard, focal(), focal(1., .5)]:
    m = Sequential([Dense(3, activation='sigmoid', input_shape=(4,))])
    m.compile('rmsprop', loss, metrics=[mean_jaccard])
    m.fit(X, Y, batch_size=7, nb_epoch=2, verbose=0, shuffle=False)
    print(np.round(m.evaluate(X, Y, batch_size=7, verbose=0), 5))
