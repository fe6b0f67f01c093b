from keras.layers import Dense


def add_heads(h):
    return [Dense(1, name='reg')(h), Dense(1, activation='sigmoid', name='cls')(h)]
