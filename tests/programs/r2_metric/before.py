import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense


def r2_keras(y_true, y_pred):
    SS_res = K.sum(K.square(y_true - y_pred))
    SS_tot = K.sum(K.square(y_true - K.mean(y_true)))
    return (1 - SS_res / (SS_tot + K.epsilon()))


def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true)))


def base_model():
    model = Sequential()
    model.add(Dense(8, input_dim=6, init='he_normal', activation='relu'))
    model.add(Dense(1, init='normal'))
    model.compile(loss='mean_squared_error', optimizer='adam', metrics=[r2_keras, rmse])
    return model


if __name__ == '__main__':
    np.random.seed(2016)
    train = np.random.rand(32, 6)
    target = train.dot(np.arange(6)).reshape(-1, 1)
    m = base_model()
    m.fit(train, target, nb_epoch=3, batch_size=12, verbose=0, shuffle=False, validation_split=0.25)
    print(['%.5f' % v for v in m.evaluate(train, target, batch_size=32, verbose=0)])
