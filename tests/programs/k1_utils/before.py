# helpers of keras.utils that people leant on
import numpy as np
from keras.utils import np_utils, generic_utils
from keras.utils.np_utils import categorical_probas_to_classes, probas_to_classes, normalize, accuracy
y = [2, 0, 1, 2]
Y = np_utils.to_categorical(y)
print(Y.shape, Y.sum(axis=0).tolist())
p = np.random.RandomState(0).rand(4, 3)
print(np.round(normalize(p, axis=-1), 4).tolist())
print(probas_to_classes(p).tolist(), probas_to_classes(p[:, :1]).ravel().tolist(), categorical_probas_to_classes(p).tolist())
