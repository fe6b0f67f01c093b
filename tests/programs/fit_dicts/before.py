'''Everything by name: inputs, targets, losses, weights of losses and of samples.'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense, LSTM, merge
rs = np.random.RandomState(5)
data = {'words': rs.randn(14, 4, 3), 'meta': rs.randn(14, 2)}
targets = {'main': rs.randint(0, 2, (14, 1)), 'aux': rs.randint(0, 2, (14, 1))}
words = Input(shape=(4, 3), name='words')
lstm = LSTM(5, name='enc')(words)
aux = Dense(1, activation='sigmoid', name='aux')(lstm)
meta = Input(shape=(2,), name='meta')
x = merge([lstm, meta], mode='concat')
for i in range(2):
    x = Dense(6, activation='relu', name='fc%d' % i)(x)
main = Dense(1, activation='sigmoid', name='main')(x)
model = Model(input=[words, meta], output=[main, aux])
model.compile(optimizer='rmsprop', loss={'main': 'binary_crossentropy', 'aux': 'binary_crossentropy'},
              loss_weights={'main': 1., 'aux': 0.2}, metrics={'main': 'accuracy'})
w = {'main': rs.rand(14) + .5, 'aux': np.ones(14)}
history = model.fit(data, targets, nb_epoch=3, batch_size=7, shuffle=False, verbose=0, sample_weight=w)
print({k: [round(float(x), 5) for x in v] for k, v in sorted(history.history.items())})
res = model.evaluate(data, targets, verbose=0)
for n, r in zip(model.metrics_names, res):
    print('%s: %.5f' % (n, r))
p = model.predict(data)
print(p[0].shape, round(float(p[0].sum()), 5), round(float(p[1].sum()), 5))
print(np.round(model.test_on_batch({'words': data['words'][:3], 'meta': data['meta'][:3]}, {'main': targets['main'][:3], 'aux': targets['aux'][:3]}), 5).tolist())
