from keras import backend as K


def describe(optimizer):
    print(type(optimizer).__name__, '%.3f %.3f' % (K.get_value(optimizer.lr), K.get_value(optimizer.beta_1)))
    print('%.3f' % K.get_value(optimizer.beta_2), int(K.get_value(optimizer.iterations)))
