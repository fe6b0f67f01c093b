import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

import csv
from keras.callbacks import CSVLogger
T = np.eye(3)[rs.randint(0, 3, 16)]
m = Sequential([Dense(3, input_dim=4, activation='softmax')])
m.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
m.fit(X, T, nb_epoch=2, batch_size=8, verbose=0, shuffle=False, validation_split=.25, callbacks=[CSVLogger('log.csv')])
for row in csv.DictReader(open('log.csv')):
    print(row['epoch'], '%.5f' % float(row['acc']), '%.5f' % float(row['val_acc']))
