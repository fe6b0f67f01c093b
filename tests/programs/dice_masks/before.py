'''Segmentation of little pictures: dice coefficient as metric and as loss.'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Convolution2D
from keras.optimizers import Adam
from keras import backend as K

K.set_image_dim_ordering('tf')
smooth = 1.


def dice_coef(y_true, y_pred):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)


def get_unet():
    inputs = Input((6, 6, 1))
    conv1 = Convolution2D(3, 3, 3, activation='relu', border_mode='same')(inputs)
    conv2 = Convolution2D(1, 1, 1, activation='sigmoid')(conv1)
    model = Model(input=inputs, output=conv2)
    model.compile(optimizer=Adam(lr=1e-2), loss=dice_coef_loss, metrics=[dice_coef])
    return model


np.random.seed(3)
imgs = np.random.rand(8, 6, 6, 1)
masks = (imgs > .6).astype('float32')
model = get_unet()
h = model.fit(imgs, masks, batch_size=4, nb_epoch=2, verbose=0, shuffle=False)
print(['%.5f' % v for v in h.history['dice_coef']])
print('%.5f %.5f' % tuple(model.evaluate(imgs, masks, batch_size=8, verbose=0)))
print(np.round(model.predict(imgs[:1])[0, :, 0, 0], 5))
