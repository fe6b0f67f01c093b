# similarity of two texts: every way to merge
import numpy as np
from keras.models import Model
from keras.layers import Input, Embedding, GlobalAveragePooling1D, Dense, merge, Lambda, Flatten
from keras import backend as K
rs = np.random.RandomState(19)
A, B, y = rs.randint(1, 9, (12, 4)), rs.randint(1, 9, (12, 4)), rs.randint(0, 2, 12)
def build(mode):
    a, b = Input(shape=(4,), dtype='int32'), Input(shape=(4,), dtype='int32')
    emb = Embedding(9, 5, input_length=4)
    va, vb = GlobalAveragePooling1D()(emb(a)), GlobalAveragePooling1D()(emb(b))
    if mode == 'absdiff':
        m = merge([va, vb], mode=lambda x: K.abs(x[0] - x[1]), output_shape=lambda s: s[0])
    elif mode in ('dot', 'cos'):
        m = merge([va, vb], mode=mode, dot_axes=1)
        if mode == 'cos':
            m = Flatten()(m)
    else:
        m = merge([va, vb], mode=mode)
    out = Dense(1, activation='sigmoid')(m)
    model = Model(input=[a, b], output=out)
    model.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])
    return model
for mode in ['sum', 'mul', 'ave', 'max', 'concat', 'dot', 'cos', 'absdiff']:
    model = build(mode)
    loss = [model.train_on_batch([A, B], y)[0] for _ in range(2)]
    print('%-8s %.5f %.5f' % (mode, loss[0], loss[1]))
