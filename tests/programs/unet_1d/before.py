# denoise a signal: convolutions down and up with a skip, 1D
import numpy as np
from keras.models import Model
from keras.layers import Input, Convolution1D, MaxPooling1D, UpSampling1D, merge, ZeroPadding1D
rs = np.random.RandomState(31)
t = np.linspace(0, 6, 16)
clean = np.array([np.sin(t * w + p) for w, p in zip(rs.rand(10) + .5, rs.rand(10))])[:, :, None]
noisy = clean + .2 * rs.randn(*clean.shape)
inp = Input(shape=(16, 1))
c1 = Convolution1D(4, 3, activation='relu', border_mode='same')(inp)
p1 = MaxPooling1D(pool_length=2)(c1)
c2 = Convolution1D(8, 3, activation='relu', border_mode='same')(p1)
u1 = UpSampling1D(length=2)(c2)
m1 = merge([u1, c1], mode='concat', concat_axis=2)
out = Convolution1D(1, 1, activation='linear')(m1)
model = Model(input=inp, output=out)
model.compile(optimizer='nadam', loss='mse', metrics=['mae', 'mape'])
h = model.fit(noisy, clean, nb_epoch=3, batch_size=5, verbose=0, shuffle=False, validation_split=.2)
for k in ('loss', 'mean_absolute_error', 'val_loss', 'val_mean_absolute_percentage_error'):
    print(k, np.round(h.history[k], 4).tolist())
