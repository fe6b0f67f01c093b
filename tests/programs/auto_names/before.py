# two heads without names: what history calls them, and layers by their automatic names
import numpy as np
from keras.layers import Input, Dense, Embedding, Flatten, merge
from keras.models import Model
r = np.random.RandomState(3)
u = r.randint(0, 6, (20, 1)); t = r.randn(20, 4)
user = Input(shape=(1,), dtype='int32'); feats = Input(shape=(4,))
e = Flatten()(Embedding(6, 3, input_length=1)(user))
m = merge([e, feats], mode='concat')
h = Dense(5, activation='relu')(m)
click = Dense(1, activation='sigmoid')(h)
dwell = Dense(1)(h)
model = Model(input=[user, feats], output=[click, dwell])
model.compile('rmsprop', ['binary_crossentropy', 'mse'], metrics=['accuracy'], loss_weights=[1., .2])
hist = model.fit([u, t], [(t[:, 0] > 0).astype(int), t[:, 1]], nb_epoch=2, batch_size=5, verbose=0, shuffle=False, validation_split=.2)
for k in sorted(hist.history.keys()):
    print(k, ['%.5f' % v for v in hist.history[k]])

print([l.name for l in model.layers if 'input' not in l.name])
print(model.get_layer('dense_1').get_weights()[0].shape, model.output_names)
