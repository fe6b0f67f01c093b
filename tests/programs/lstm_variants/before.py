'''which recurrent layer, and how it is read: last output, all outputs, backwards, both ways'''
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, GRU, SimpleRNN, Bidirectional, TimeDistributed, Dense, Flatten, Masking
rs = np.random.RandomState(23)
X = rs.randn(8, 5, 3); X[2, 3:] = 0; X[5, 1:] = 0
y = rs.randn(8, 1)
variants = [
    ('plain', lambda: [LSTM(4, input_shape=(5, 3))]),
    ('back', lambda: [GRU(4, input_shape=(5, 3), go_backwards=True)]),
    ('masked', lambda: [Masking(mask_value=0., input_shape=(5, 3)), LSTM(4, activation='relu', inner_activation='sigmoid')]),
    ('both', lambda: [Bidirectional(LSTM(3, return_sequences=True), merge_mode='concat', input_shape=(5, 3)), Bidirectional(GRU(2), merge_mode='sum')]),
    ('steps', lambda: [SimpleRNN(4, return_sequences=True, input_shape=(5, 3), consume_less='gpu'), TimeDistributed(Dense(2)), Flatten()]),
    ('forget', lambda: [LSTM(4, input_shape=(5, 3), forget_bias_init='zero', init='uniform', inner_init='identity')]),
]
for name, layers in variants:
    model = Sequential(layers() + [Dense(1)])
    model.compile(optimizer='rmsprop', loss='mse')
    h = model.fit(X, y, batch_size=4, nb_epoch=2, shuffle=False, verbose=0)
    print('%-8s %.5f %.5f %d' % (name, h.history['loss'][0], h.history['loss'][1], model.count_params()))
