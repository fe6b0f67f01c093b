## Kaggle: bagged nets, out of fold predictions
import numpy as np
np.random.seed(123)
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import KFold
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation
from keras.layers.normalization import BatchNormalization
from keras.layers.advanced_activations import PReLU

## Batch generators ##########################################
def batch_generator(X, y, batch_size, shuffle):
    number_of_batches = np.ceil(X.shape[0] / float(batch_size))
    counter = 0
    sample_index = np.arange(X.shape[0])
    if shuffle:
        np.random.shuffle(sample_index)
    while True:
        batch_index = sample_index[batch_size * counter:batch_size * (counter + 1)]
        X_batch = X[batch_index, :]
        y_batch = y[batch_index]
        counter += 1
        yield X_batch, y_batch
        if (counter == number_of_batches):
            if shuffle:
                np.random.shuffle(sample_index)
            counter = 0

def nn_model(dim):
    model = Sequential()
    model.add(Dense(8, input_dim=dim, init='he_normal'))
    model.add(PReLU())
    model.add(BatchNormalization())
    model.add(Dropout(0.0))
    model.add(Dense(4, init='he_normal'))
    model.add(PReLU())
    model.add(Dense(1, init='he_normal'))
    model.compile(loss='mae', optimizer='adadelta')
    return (model)

xtrain = np.random.rand(24, 5); y = xtrain.sum(axis=1) + 3
folds = KFold(n_splits=2, shuffle=True, random_state=111)
pred_oob = np.zeros(24)
for (inTr, inTe) in folds.split(xtrain):
    pred = np.zeros(len(inTe))
    for j in range(2):
        model = nn_model(5)
        fit = model.fit_generator(generator=batch_generator(xtrain[inTr], y[inTr], 6, False), nb_epoch=2,
                                  samples_per_epoch=12, verbose=0)
        pred += model.predict(xtrain[inTe])[:, 0]
    pred /= 2
    print('%.5f' % mean_absolute_error(y[inTe], pred))
    pred_oob[inTe] = pred
print('Total - MAE: %.5f' % mean_absolute_error(y, pred_oob))
