import keras.backend as K


def scalar(t, p):
    return K.mean(K.square(t - p))


def column(t, p):
    return K.mean(K.abs(t - p), axis=-1, keepdims=True)


def per_sample(t, p):
    return K.sum(K.square(t - p), axis=-1)


def cell(t, p):
    return K.square(t - p) * t
