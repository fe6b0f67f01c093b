from keras import backend as K
from keras.utils.generic_utils import get_custom_objects


def gelu(x):
    return .5 * x * (1. + K.tanh(.79788456 * (x + .044715 * x * x * x)))


def swish(x):
    return x * K.sigmoid(1.702 * x)


def huber(y_true, y_pred):
    error = y_true - y_pred
    return K.mean(K.sqrt(1. + K.square(error)) - 1., axis=-1)


def r2_score(y_true, y_pred):
    return 1. - K.sum(K.square(y_pred - y_true)) / K.sum(K.square(y_true - K.mean(y_true)))


def install():
    get_custom_objects().update({'gelu': gelu, 'swish': swish, 'huber': huber, 'r2_score': r2_score})
